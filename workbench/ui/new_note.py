"""The form that writes down an interview, a call, a message or an observation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st
from pydantic import ValidationError

from workbench.errors import WorkbenchError
from workbench.models import MAX_TEXT, Note, Reviewer
from workbench.notes import HOW, TERMS
from workbench.ui import intake, session, show

if TYPE_CHECKING:
    from workbench.desk import Desk

OPEN = "note_dialog_is_open"


def open_dialog() -> None:
    """Have `draw` show the form until it is saved or dismissed."""
    st.session_state[OPEN] = True


def close_dialog() -> None:
    """Have `draw` show nothing."""
    st.session_state[OPEN] = False


def draw(desk: Desk) -> None:
    """The form, while it is open."""
    if st.session_state.get(OPEN):
        _ask(desk)


@st.dialog("Write a note", width="medium", on_dismiss=close_dialog)
def _ask(desk: Desk) -> None:
    """Ask for a note and store it; the dialog stays open while something is wrong, with everything typed still there."""
    who = session.reviewer()
    if who is None:
        show.notice(
            "Nobody is named as reviewer yet.", "Close this, say who you are at the top of the page, and open it again."
        )
        return
    fields = _fields()
    if st.button("Keep the note", key="note_save", type="primary", shortcut="Ctrl+Enter"):
        try:
            _keep(desk, fields, who)
        except ValidationError as error:
            reasons = " ".join(f"{_label(problem['loc'])}: {problem['msg']}." for problem in error.errors())
            show.notice(f"The note was not kept. {reasons}", "Mend it and press the button again.")
        except WorkbenchError as error:
            show.problem(error)
        else:
            close_dialog()
            st.rerun()


def _fields() -> dict[str, str | None]:
    left, right = st.columns(2)
    who = left.text_input("Who said or saw it", key="note_who")
    role = right.text_input("In what role", key="note_role")
    when = left.text_input("When", key="note_when", placeholder="2021-06-23", help="As much of the date as is known.")
    how = right.selectbox("How", list(HOW), format_func=lambda one: HOW[one], key="note_how")
    terms = st.radio(
        "How it may be used", list(TERMS), format_func=lambda one: TERMS[one].capitalize(), index=None, key="note_terms"
    )
    words = st.text_area(
        "The words, exactly",
        key="note_words",
        height=180,
        max_chars=MAX_TEXT,
        help="What was said, word for word; or what was seen.",
    )
    values = {"who": who, "role": role, "when": when, "how": how, "terms": terms, "words": words}
    return {name: (value or "").strip() or None for name, value in values.items()}


def _keep(desk: Desk, fields: dict[str, str | None], who: Reviewer) -> None:
    note = Note.model_validate({name: value for name, value in fields.items() if value is not None})
    intake.show_lines(desk.add_note(note, actor=who))


def _label(place: tuple[int | str, ...]) -> str:
    labels = {"who": "Who", "when": "When", "terms": "How it may be used", "words": "The words"}
    return labels.get(str(place[0]) if place else "", "The note")
