"""The bare address: on to the queue, which has an address of its own."""

import streamlit as st

st.switch_page("views/queue.py", query_params=st.query_params.to_dict())
