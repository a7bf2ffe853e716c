"""The desk matters of a claim, said in a dialog: when it is due, how urgent it is, its topics, why it is checked."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, get_args

import streamlit as st

from workbench import desk_matters
from workbench.models import Case, Priority, Reviewer
from workbench.review import AFFILIATION
from workbench.tongue import N_, Words, _, day
from workbench.ui import session, show, words
from workbench.ui.dialog import Dialog, Saves

if TYPE_CHECKING:
    from workbench.desk import Desk

LABELS = Words(desk_matters.LABELS)
CLAIM, SEEN = "matters_claim", "matters_seen"


def whose(case: Case) -> str:
    """`Due 1 May 2026, as Ana said on 3 April 2026 · high priority · for Bo`; empty where there is nothing to say."""
    said = {
        one.field: " " + _("(as {who} said on {day})", who=one.by.display_name, day=day(one.at.date()))
        for one in case.desk_words
    }
    told = []
    if case.claim.due:
        told.append(_("Due {day}", day=day(case.claim.due)) + said.get("due", ""))
    if case.claim.priority != "normal":
        told.append(words.HOW_URGENT[case.claim.priority] + said.get("priority", ""))
    if case.assignments:
        told.append(_("for {names}", names=words.listed([one.reviewer.display_name for one in case.assignments])))
    return " · ".join(told)


def button(desk: Desk, case: Case) -> None:
    """The way to the dialog, with whose word there is; and the dialog, while it is open."""
    if told := whose(case):
        show.small(told)
    if session.reviewer() is not None:
        st.button(_("Edit due day, topics and more"), key="edit-matters", type="tertiary", on_click=_open, args=(desk, case))
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
    until = left.date_input(LABELS["due"], key="matters_due", value=None, format="YYYY-MM-DD")
    said["due"] = until.isoformat() if until else None
    said["priority"] = right.segmented_control(
        LABELS["priority"], get_args(Priority), key="matters_priority", format_func=words.PRIORITY.__getitem__, required=True
    )
    topics = st.text_input(LABELS["topics"], key="matters_topics", help=_("One after the other, with ; between them"))
    said["topics"] = list(dict.fromkeys(one.strip() for one in (topics or "").split(";") if one.strip()))
    said["why_checked"] = (st.text_area(LABELS["why_checked"], key="matters_why_checked", height=80) or "").strip() or None
    said["context"] = (st.text_area(LABELS["context"], key="matters_context", height=80) or "").strip() or None
    if case.claim.claimant:
        label = _("{label} (party or body of {name})", label=LABELS[AFFILIATION], name=case.claim.claimant.name)
        said[AFFILIATION] = (st.text_input(show.literal(label), key=f"matters_{AFFILIATION}") or "").strip() or None
    if desk.settings.claims.fields:
        said["custom"] = _custom(desk, case)
    _taking_back(desk, case)
    if not desk.cases.is_as_written(case):
        show.small(
            _("The claim is in a file that somebody wrote: what you say here stands beside it, and the file is not changed.")
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
            show.small(
                _(
                    "{label}: as {who} said on {day}.",
                    label=LABELS[word.field],
                    who=word.by.display_name,
                    day=day(word.at.date()),
                )
            )
            if st.button(_("As the claim file says"), key=f"back-{word.field}", type="tertiary"):
                session.act(partial(_take_back, desk, case.claim.id, word.field, who))
                DIALOG.close()
                st.rerun()


def _take_back(desk: Desk, claim_id: str, field: str, who: Reviewer) -> None:
    desk.matters.edit(claim_id, {}, cleared=[field], actor=who)
    session.say(_("{label}: as the claim file says.", label=LABELS[field]))


def _save(desk: Desk, said: dict[str, Any], who: Reviewer) -> None:
    seen: dict[str, Any] = st.session_state[SEEN]
    changed = {name: value for name, value in said.items() if value != seen[name]}
    if not changed:
        session.say(_("Nothing was changed."))
        return
    edited = desk.matters.edit(st.session_state[CLAIM], changed, seen=seen, actor=who)
    told = [_("Saved, in the claim file too.") if edited.in_file else _("Saved; the claim file is not changed.")]
    told += [_("{label} was changed by somebody else meanwhile and kept as it is.", label=LABELS[name]) for name in edited.kept]
    session.say(" ".join(told))


DIALOG = Dialog(
    key="matters",
    title=N_("At the desk"),
    save=N_("Save"),
    refused=N_("Nothing was saved:"),
    fields=_fields_of,
    labels=LABELS.english,
)
