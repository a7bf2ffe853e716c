"""The door that `streamlit run streamlit_app.py` opens: the pages and /healthz on one port."""

import streamlit as st

from workbench.ui.app import MAIN_PAGE, wiring

app = st.App(MAIN_PAGE, **wiring())  # Streamlit looks for these very words in this file to serve an app instead of a script
