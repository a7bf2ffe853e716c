"""Who was asked about a claim, in the left column of Check: the log, a reply as it came, and somebody new who is asked."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from workbench.models import Case, Contact, Party, Reviewer
from workbench.tongue import N_, Words, _, counted
from workbench.ui import session, show
from workbench.ui.folded import folded
from workbench.ui.show import Safe, tag

if TYPE_CHECKING:
    from workbench.desk import Desk

PARTY: Words[Party] = Words(
    {
        "claimant": N_("Made the claim"),
        "quoted": N_("Is quoted in it"),
        "expert": N_("Expert"),
        "other": N_("May know"),
    }
)


def draw(desk: Desk, case: Case) -> None:
    """The contacts log of a claim; whoever said who they are can add to it."""
    who = session.reviewer()
    if who is None and not case.contacts:
        return
    with folded(_heading(case), key=f"contacts-{case.claim.id}") as is_open:
        if is_open:
            _log(desk, case, who)


def _log(desk: Desk, case: Case, who: Reviewer | None) -> None:
    for contact in case.contacts:
        show.draw(*_lines(contact))
        if who is not None:
            with st.container(key=f"contact-{case.claim.id}-{contact.number}", gap="xsmall"):
                _answer(desk, case, contact, who)
    if who is not None:
        _ask(desk, case, who)


def _heading(case: Case) -> str:
    if not case.contacts:
        return _("Asked: nobody yet")
    replies = sum(one.reply is not None for one in case.contacts)
    told = counted(replies, "{count} reply", "{count} replies") if replies else _("no reply")
    return _("Asked: {people}, {told}", people=counted(len(case.contacts), "{count} person", "{count} people"), told=told)


def _lines(contact: Contact) -> list[Safe]:
    how = {"party": PARTY[contact.party], "channel": contact.channel, "when": session.day_and_clock(contact.asked_at)}
    asked = (
        _("{party} · by {channel}, {when}, to reply by {until}.", until=session.day_and_clock(contact.deadline), **how)
        if contact.deadline
        else _("{party} · by {channel}, {when}.", **how)
    )
    if not contact.is_public:
        asked += " " + _("In confidence: reports do not print it.")
    lines = [
        tag("p", "", contact.name, dir="auto"),
        tag("p", "quiet", asked, dir="auto"),
        tag("p", "plain", contact.question, dir="auto"),
    ]
    if contact.reply is not None:
        when = session.day_and_clock(contact.reply.replied_at)
        told = _("Reply of {when}, word for word:") if contact.reply.is_verbatim else _("Reply of {when}, summed up:")
        lines.append(tag("p", "quiet", told.format(when=when)))
        css = "words plain" if contact.reply.is_verbatim else "plain"
        lines.append(tag("p", css, contact.reply.words, dir="auto"))
    elif contact.no_reply_by is not None:
        lines.append(tag("p", "quiet", _("No reply by {when}.", when=session.day_and_clock(contact.no_reply_by))))
    else:
        lines.append(tag("p", "quiet", _("No reply yet.")))
    return [tag("div", "cited", *lines)]


def _answer(desk: Desk, case: Case, contact: Contact, who: Reviewer) -> None:
    """What can be said of a contact: that they replied, that they did not, that it does not belong here."""
    name = f"{case.claim.id}-{contact.number}"
    claim_id, number = case.claim.id, contact.number
    with st.container(horizontal=True, gap="xsmall"):
        if contact.reply is None:
            with st.popover(_("They replied"), key=f"replied-{name}", type="tertiary"):
                st.text_area(_("Their reply, as it came"), key=f"reply-{name}", height=100)
                st.checkbox(_("These are not their words, but a summary"), key=f"summary-{name}")
                keep = partial(_reply, desk, claim_id, number, who, name)
                st.button(_("Keep the reply"), key=f"keep-reply-{name}", on_click=session.act, args=(keep,))
        if contact.reply is None and contact.no_reply_by is None:
            label = _("No reply by the deadline") if contact.deadline else _("No reply until now")
            none = partial(desk.contacts.no_reply, claim_id, number, by=who)
            st.button(label, key=f"no-reply-{name}", type="tertiary", on_click=session.act, args=(none,))
        with st.popover(_("Take out"), key=f"out-{name}", type="tertiary"):
            st.text_input(_("Why it does not belong here"), key=f"why-out-{name}", max_chars=500)
            gone = partial(_withdraw, desk, claim_id, number, who, name)
            st.button(_("Take it out"), key=f"take-out-{name}", on_click=session.act, args=(gone,))


def _reply(desk: Desk, claim_id: str, number: int, who: Reviewer, name: str) -> None:
    said = st.session_state.get(f"reply-{name}") or ""
    desk.contacts.reply(claim_id, number, said, is_verbatim=not st.session_state.get(f"summary-{name}"), by=who)


def _withdraw(desk: Desk, claim_id: str, number: int, who: Reviewer, name: str) -> None:
    desk.contacts.withdraw(claim_id, number, st.session_state.get(f"why-out-{name}") or "", by=who)


def _ask(desk: Desk, case: Case, who: Reviewer) -> None:
    """The fields of somebody who was asked. They are emptied once it is stored."""
    turn = st.session_state.setdefault(f"asked-turn-{case.claim.id}", 0)
    keys = {name: f"ask-{name}-{case.claim.id}-{turn}" for name in ("party", "name", "by", "question", "at", "until", "quiet")}
    if keys["name"] not in st.session_state and case.claim.claimant is not None and not case.contacts:
        st.session_state[keys["name"]] = case.claim.claimant.name
    st.selectbox(_("Somebody who was asked"), list(PARTY), format_func=PARTY.__getitem__, key=keys["party"])
    st.text_input(_("Name"), key=keys["name"], max_chars=200)
    st.text_input(_("By what channel"), key=keys["by"], max_chars=200, placeholder=_("Email, telephone, letter"))
    st.text_area(_("What they were asked"), key=keys["question"], height=80)
    st.datetime_input(_("When (now, if left empty)"), value=None, key=keys["at"])
    st.datetime_input(_("To reply by"), value=None, key=keys["until"])
    st.checkbox(_("In confidence: reports do not print it"), key=keys["quiet"])
    add = partial(_store, desk, case.claim.id, who, keys)
    st.button(_("Add to the log"), key=f"ask-{case.claim.id}", on_click=session.act, args=(add,))


def _store(desk: Desk, claim_id: str, who: Reviewer, keys: dict[str, str]) -> None:
    from workbench.desk import new_token

    held: dict[str, Any] = {name: st.session_state.get(key) for name, key in keys.items()}

    def moment(name: str) -> datetime | None:
        at: datetime | None = held[name]
        return session.moment(at.date(), at.time()) if at is not None else None

    desk.contacts.ask(
        claim_id,
        party=held["party"] or "claimant",
        name=held["name"] or "",
        channel=held["by"] or "",
        question=held["question"] or "",
        asked_at=moment("at"),
        deadline=moment("until"),
        is_public=not held["quiet"],
        by=who,
        token=new_token(),
    )
    st.session_state[f"asked-turn-{claim_id}"] += 1
