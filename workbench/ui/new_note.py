"""The form that writes down an interview, a call, a message or an observation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from workbench.models import MAX_TEXT, Note, Reviewer
from workbench.notes import HOW, TERMS
from workbench.tongue import N_, _
from workbench.ui import intake
from workbench.ui.dialog import Dialog, Saves

if TYPE_CHECKING:
    from workbench.desk import Desk


def _fields(desk: Desk) -> Saves:
    left, right = st.columns(2)
    who = left.text_input(_("Who said or saw it"), key="note_who")
    role = right.text_input(_("In what role"), key="note_role")
    when = left.text_input(_("When"), key="note_when", placeholder="2021-06-23", help=_("As much of the date as is known."))
    how = right.selectbox(_("How"), list(HOW), format_func=lambda one: _(HOW[one]), key="note_how")
    terms = st.radio(
        _("How it may be used"), list(TERMS), format_func=lambda one: _(TERMS[one]).capitalize(), index=None, key="note_terms"
    )
    words = st.text_area(
        _("The words, exactly"),
        key="note_words",
        height=180,
        max_chars=MAX_TEXT,
        help=_("What was said, word for word; or what was seen."),
    )
    values = {"who": who, "role": role, "when": when, "how": how, "terms": terms, "words": words}
    given = {name: value.strip() for name, value in values.items() if value and value.strip()}

    def keep(taken_by: Reviewer) -> None:
        intake.show_lines(desk.add_note(Note.model_validate(given), actor=taken_by))

    return keep


DIALOG = Dialog(
    key="note",
    title=N_("Write a note"),
    save=N_("Keep the note"),
    refused=N_("The note was not kept."),
    fields=_fields,
    labels={"who": N_("Who"), "when": N_("When"), "terms": N_("How it may be used"), "words": N_("The words")},
)
