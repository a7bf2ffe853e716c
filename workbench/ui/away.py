"""While the records cannot be reached: what somebody typed stays theirs, is shown, and comes back with the page.

What lives here: keeping what the fields of a draft hold through drawings in which no field can be drawn. What does not: which
fields there are, and storing them once the records are back (kept_fields.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import streamlit as st
from streamlit.errors import StreamlitAPIException

from workbench.errors import LedgerError
from workbench.tongue import _
from workbench.ui import session, show, words
from workbench.ui.kept_fields import TEXTS
from workbench.ui.show import tag


@contextmanager
def calm() -> Iterator[None]:
    """As `session.calm`; where the records fail, what was written here is held, and shown below the error."""
    with session.calm():
        try:
            yield
        except LedgerError as error:
            show.problem(error)
            _draw(_held())


def _held() -> dict[str, str]:
    """The texts that the fields of drafts hold, by field. Set by hand: Streamlit forgets those of a field it did not draw."""
    tokens = [key.removeprefix("seen-") for key in map(str, st.session_state) if key.startswith("seen-")]
    texts: dict[str, str] = {}
    for key in [str(one) for one in st.session_state]:
        name = next((key.removesuffix(f"-{token}") for token in tokens if key.endswith(f"-{token}")), "seen")
        value = st.session_state[key]
        if name == "seen" or not (value is None or isinstance(value, str)):  # a button cannot be set, and holds no words
            continue
        with suppress(StreamlitAPIException):  # drawn before the records failed: it stands on the page
            st.session_state[key] = value
        if name in TEXTS and value and value.strip():
            texts[name] = value
    return texts


def _draw(texts: dict[str, str]) -> None:
    if not texts:
        return
    show.small(_("What you wrote here is kept, and stored as your draft when the records are back:"))
    for name, text in texts.items():
        label = words.DRAFT_FIELD[name].capitalize()
        show.draw(tag("div", "cited", tag("p", "quiet", label), tag("p", "words plain", text, dir="auto")))
    st.button(_("Try again"), key="records-back")
