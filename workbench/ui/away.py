"""While the records cannot be reached: what somebody typed stays theirs, is shown, and comes back with the page.

What lives here: keeping what the fields of a draft hold through drawings in which no field can be drawn. What does not: which
fields there are, and storing them once the records are back (kept_fields.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from workbench.errors import LedgerError
from workbench.tongue import _
from workbench.ui import session, show, words
from workbench.ui.kept_fields import TEXTS
from workbench.ui.show import tag

HELD = "held_while_the_records_are_away"  # in the session: values of fields by the keys of their widgets


@contextmanager
def calm() -> Iterator[None]:
    """As `session.calm`, around a whole drawing; where the records fail, what was written is held and shown below the error."""
    with session.calm():
        _put_back()
        try:
            yield
        except LedgerError as error:
            show.problem(error)
            _draw(_hold())
        else:
            st.session_state.pop(HELD, None)


def _hold() -> dict[str, str]:
    """Hold what the fields of drafts hold, since Streamlit forgets those that a drawing leaves out; the texts, by field."""
    tokens = [key.removeprefix("seen-") for key in map(str, st.session_state) if key.startswith("seen-")]
    held: dict[str, str] = st.session_state.setdefault(HELD, {})
    texts: dict[str, str] = {}
    for key in map(str, list(st.session_state)):
        name = next((key.removesuffix(f"-{token}") for token in tokens if key.endswith(f"-{token}")), "seen")
        value = st.session_state[key]
        if name in ("seen", "last-saw") or not isinstance(value, str):  # a button cannot be set, and holds no words
            continue
        held[key] = value
        if name in TEXTS and value.strip():
            texts[name] = value
    return texts


def _put_back() -> None:
    """Before a drawing: set the fields to what was held. What the browser sends of one since is newer, and stays."""
    for key, value in st.session_state.get(HELD, {}).items():
        if st.session_state.get(key, value) == value:
            st.session_state[key] = value  # set anew for every drawing: else the browser shows what the draft holds


def _draw(texts: dict[str, str]) -> None:
    if not texts:
        return
    show.small(_("What you wrote here is kept, and stored as your draft when the records are back:"))
    for name, text in texts.items():
        label = words.DRAFT_FIELD[name].capitalize()
        show.draw(tag("div", "cited", tag("p", "quiet", label), tag("p", "words plain", text, dir="auto")))
    st.button(_("Try again"), key="records-back")
