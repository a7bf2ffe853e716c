"""A part of a page that is drawn once somebody opens it: what nobody looks at costs no click anything."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st


@contextmanager
def folded(label: str, *, key: str) -> Iterator[bool]:
    """An expander, and whether to draw what is in it: from its first opening on, so that closing it loses nothing typed."""
    box = st.expander(label, type="compact", key=key, on_change="rerun")
    if box.open:
        st.session_state[f"{key}-opened"] = True
    with box:
        yield f"{key}-opened" in st.session_state
