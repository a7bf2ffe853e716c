"""The desk matters of a claim, said in a dialog: when it is due, how urgent it is, its topics, why it is checked."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, get_args

import streamlit as st

from workbench.desk_matters import LABELS
from workbench.models import Case, Priority, Reviewer
from workbench.review import AFFILIATION
from workbench.ui import session, show, words
from workbench.ui.dialog import Dialog, Saves

if TYPE_CHECKING:
    from workbench.desk import Desk

CLAIM, SEEN = "matters_claim", "matters_seen"


def whose(case: Case) -> str:
    """`Due 1 May 2026, as Ana said on 3 April 2026 · high priority · for Bo`; empty where there is nothing to say."""
    said = {one.field: f" (as {one.by.display_name} said on {words.day(one.at.date())})" for one in case.desk_words}
    told = []
    if case.claim.due:
        told.append(f"Due {words.day(case.claim.due)}{said.get('due', '')}")
    if case.claim.priority != "normal":
        told.append(f"{case.claim.priority} priority{said.get('priority', '')}")
    if case.assignments:
        told.append(f"for {words.listed([one.reviewer.display_name for one in case.assignments])}")
    return " · ".join(told)


def button(desk: Desk, case: Case) -> None:
    """The way to the dialog, with whose word there is; and the dialog, while it is open."""
    if told := whose(case):
        show.small(told)
    if session.reviewer() is not None:
        st.button("Edit due day, topics and more", key="edit-matters", type="tertiary", on_click=_open, args=(desk, case))
        DIALOG.draw(desk)


def _open(desk: Desk, case: Case) -> None:
    values = desk.matters.values(case.claim.id)
    st.session_state[CLAIM], st.session_state[SEEN] = case.claim.id, values
    st.session_state["matters_due"] = date.fromisoformat(values["due"]) if values["due"] else None
    st.session_state["matters_priority"] = values["priority"]
    st.session_state["matters_topics"] = "; ".join(values["topics"])
    for name in ("why_checked", "context", AFFILIATION):
        st.session_state[f"matters_{name}"] = values[name] or ""
    for field in desk.settings.claims.fields:
        value = values["custom"].get(field.name)
        st.session_state[f"matters_custom_{field.name}"] = value if field.kind == "choice" else value or ""
    DIALOG.open()


def _fields_of(desk: Desk) -> Saves:
    case = desk.case(st.session_state[CLAIM])
    said: dict[str, Any] = {}
    left, right = st.columns(2)
    day = left.date_input(LABELS["due"], key="matters_due", value=None, format="YYYY-MM-DD")
    said["due"] = day.isoformat() if day else None
    said["priority"] = right.segmented_control(
        LABELS["priority"], get_args(Priority), key="matters_priority", format_func=words.PRIORITY.__getitem__, required=True
    )
    topics = st.text_input(LABELS["topics"], key="matters_topics", help="One after the other, with ; between them")
    said["topics"] = list(dict.fromkeys(one.strip() for one in (topics or "").split(";") if one.strip()))
    said["why_checked"] = (st.text_area(LABELS["why_checked"], key="matters_why_checked", height=80) or "").strip() or None
    said["context"] = (st.text_area(LABELS["context"], key="matters_context", height=80) or "").strip() or None
    if case.claim.claimant:
        label = f"{LABELS[AFFILIATION]} (party or body of {case.claim.claimant.name})"
        said[AFFILIATION] = (st.text_input(show.literal(label), key=f"matters_{AFFILIATION}") or "").strip() or None
    if desk.settings.claims.fields:
        said["custom"] = _custom(desk, case)
    _taking_back(desk, case)
    if not desk.cases.is_as_written(case):
        show.small(
            "The claim is in a file that somebody wrote: what you say here stands beside it, and the file is not changed."
        )
    return lambda who: _save(desk, said, who)


def _custom(desk: Desk, case: Case) -> dict[str, str]:
    """What is said in the fields of the workspace, beside those no field is known for any more."""
    known = {field.name for field in desk.settings.claims.fields}
    values = {name: value for name, value in case.claim.custom.items() if name not in known}
    for field in desk.settings.claims.fields:
        label, key = show.literal(field.label or field.name), f"matters_custom_{field.name}"
        if field.kind == "choice":
            value = st.selectbox(label, field.choices, index=None, format_func=show.literal, key=key)
        else:
            value = (st.text_input(label, key=key) or "").strip()
        if value:
            values[field.name] = value
    return values


def _taking_back(desk: Desk, case: Case) -> None:
    """Whose word stands beside the claim file, and taking it back."""
    who = session.reviewer()
    for word in case.desk_words:
        if not word.beside_file or who is None:
            continue
        with st.container(horizontal=True, vertical_alignment="center"):
            show.small(f"{LABELS[word.field]}: as {word.by.display_name} said on {words.day(word.at.date())}.")
            if st.button("As the claim file says", key=f"back-{word.field}", type="tertiary"):
                session.act(partial(_take_back, desk, case.claim.id, word.field, who))
                DIALOG.close()
                st.rerun()


def _take_back(desk: Desk, claim_id: str, field: str, who: Reviewer) -> None:
    desk.matters.edit(claim_id, {}, cleared=[field], actor=who)
    session.say(f"{LABELS[field]}: as the claim file says.")


def _save(desk: Desk, said: dict[str, Any], who: Reviewer) -> None:
    seen: dict[str, Any] = st.session_state[SEEN]
    changed = {name: value for name, value in said.items() if value != seen[name]}
    if not changed:
        session.say("Nothing was changed.")
        return
    edited = desk.matters.edit(st.session_state[CLAIM], changed, seen=seen, actor=who)
    told = ["Saved, in the claim file too." if edited.in_file else "Saved; the claim file is not changed."]
    told += [f"{LABELS[name]} was changed by somebody else meanwhile and kept as it is." for name in edited.kept]
    session.say(" ".join(told))


DIALOG = Dialog(key="matters", title="At the desk", save="Save", refused="Nothing was saved:", fields=_fields_of, labels=LABELS)
