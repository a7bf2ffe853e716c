"""What a page draws once somebody opened it."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def page() -> None:
    import streamlit as st

    from workbench.ui.folded import folded

    with folded("Asked: nobody yet", key="asked") as is_open:
        if is_open:
            st.text_input("Name", key="name")


def test_it_is_drawn_from_its_first_opening_on_so_that_closing_it_loses_nothing() -> None:
    app = AppTest.from_function(page)
    app.run()
    assert not app.text_input

    app.session_state["asked"] = True
    app.run()
    app.text_input(key="name").set_value("A minister").run()
    app.session_state["asked"] = False
    app.run()

    assert app.text_input(key="name").value == "A minister"
