"""The form in which a person says what a source is, or takes that back. Only what was changed in it is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import streamlit as st

from workbench import metadata
from workbench.errors import WorkbenchError
from workbench.metadata import Edit, Edited, Said, in_words, typed
from workbench.models import LibraryEntry, Reviewer
from workbench.protection import MEANING
from workbench.tongue import N_, Words, _
from workbench.ui import keys, session, show, words

if TYPE_CHECKING:
    from workbench.desk import Desk

OPEN = "source_form"  # what the form showed when it was opened, by field; the id of its source is in it
ROUND = "source_form_round"  # counts openings: a new key fills the fields afresh
LABELS = Words(metadata.LABELS)
HELP = Words(
    {
        "published_on": N_("2021, 2021-06, 2021-06-23, not before 2021-06, or empty for unknown."),
        "language": N_("Its code: en, fr, my, pt-BR."),
        "retrieved_at": N_("Day, time and zone: 2021-06-25 09:53 UTC."),
        "archived_url": N_("Where an archive keeps the page as it was."),
        "reliability_note": N_("How far it may be relied on, and why. Your name and the day are added."),
    }
)
CHOICES: dict[str, Words[str]] = {
    "kind": Words({"": N_("unknown")} | {str(kind): told for kind, told in words.KIND.english.items()}),
    "access": Words({str(one): told for one, told in words.ACCESS.english.items()}),
}


def button(desk: Desk, entry: LibraryEntry) -> None:
    """The button that opens the form."""
    st.button(
        _("Edit"), key="edit-source", help=_("Say what it is: publisher, date, kind …"), on_click=_open, args=(desk, entry)
    )


def _open(desk: Desk, entry: LibraryEntry) -> None:
    st.session_state[OPEN] = (entry.source_id, {one.field: one for one in desk.metadata.said(entry.source_id)})
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1


def _close() -> None:
    st.session_state[OPEN] = None


def draw(desk: Desk) -> None:
    """The form, while it is open."""
    if st.session_state.get(OPEN):
        _ask(desk)


def _ask(desk: Desk) -> None:
    """Ask and store; the dialog stays open while something is wrong, with everything typed still there."""
    who = session.reviewer()
    if who is None:
        show.notice(
            _("Nobody is named as reviewer yet."), _("Close this, say who you are at the top of the page, and open it again.")
        )
        return
    source_id, shown = st.session_state[OPEN]
    show.small(_("An empty field means unknown. The file itself is never changed."))
    fields = _fields(shown)
    cleared = _cleared(shown)
    if st.button(_("Keep what was changed"), key="source-save", type="primary", shortcut=keys.of("save")):
        try:
            edited = _keep(desk, source_id, shown, fields, cleared, who)
        except WorkbenchError as error:
            show.problem(error)
        else:
            _close()
            session.say(_told(edited))
            st.rerun()


def _fields(shown: Mapping[str, Said]) -> dict[str, str]:
    """What stands in each field now, as text."""
    columns = st.columns(2)
    number = st.session_state[ROUND]
    values: dict[str, str] = {}
    for place, (field, label) in enumerate(LABELS.items()):
        key, text = f"said-{field}-{number}", _text(shown[field])
        if field == "reliability_note":
            values[field] = st.text_area(label, value=text, key=key, help=HELP[field], height=80)
        elif field in CHOICES:
            chosen = columns[place % 2].selectbox(
                label,
                list(CHOICES[field]),
                index=list(CHOICES[field]).index(text),
                format_func=CHOICES[field].__getitem__,
                key=key,
                help=_help(field),
            )
            values[field] = chosen
        else:
            values[field] = columns[place % 2].text_input(label, value=text, key=key, help=_help(field))
    return values


def _help(field: str) -> str | None:
    """What may be typed in a field; of the access, what each means."""
    if field == "access":
        return " ".join(f"{words.ACCESS[one].capitalize()}: {_(told)}" for one, told in MEANING.items())
    return HELP.get(field)


def _cleared(shown: Mapping[str, Said]) -> list[str]:
    """The fields whose typed value shall be taken back."""
    typed_in = {field: one for field, one in shown.items() if one.by == "person" and field in LABELS}
    if not typed_in:
        return []
    return st.multiselect(
        _("Back to what the file says"),
        list(typed_in),
        format_func=lambda field: f"{LABELS[field]}: {in_words(field, typed_in[field].beneath)}",
        key=f"said-back-{st.session_state[ROUND]}",
        placeholder=_("Choose fields that somebody typed"),
    )


def _text(said: Said) -> str:
    if said.field == "reliability_note":
        return str(said.value["text"]) if said.value else ""
    text = in_words(said.field, said.value)
    return "" if text == "unknown" else text


def _keep(
    desk: Desk, source_id: str, shown: Mapping[str, Said], fields: Mapping[str, str], cleared: list[str], who: Reviewer
) -> Edited:
    changed = {field: text for field, text in fields.items() if text != _text(shown[field]) and field not in cleared}
    seen: dict[str, Any] = {field: one.value for field, one in shown.items()}
    return desk.metadata.edit(source_id, Edit(typed(changed), cleared, seen), actor=who)


def _told(edited: Edited) -> str:
    """What became of it, in a sentence for each."""
    changed = ", ".join(LABELS[field].lower() for field in edited.written)
    told = _("Changed: {changed}.", changed=changed) if changed else _("Nothing was changed.")
    for one in edited.kept:
        left = {"label": _(one.label), "who": one.who or one.origin, "words": one.words}
        told += " " + (
            _("{label} stays as {who} left it at {when}: {words}.", when=session.clock(one.at), **left)
            if one.at
            else _("{label} stays as {who} left it: {words}.", **left)
        )
        told += " " + _("Edit it again to change that.")
    return told
