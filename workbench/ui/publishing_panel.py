"""From a settled verdict to its readers, on Check: sign-offs, ready, embargo, publication, corrections, retraction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from workbench.models import Case, Change, Draft, Embargo, Reviewer, SignOff
from workbench.tongue import _
from workbench.ui import session, show, words
from workbench.ui.folded import folded
from workbench.ui.show import Safe, tag

if TYPE_CHECKING:
    from workbench.desk import Desk

REVISED_BY = ("correction", "clarification", "update")


def draw(desk: Desk, case: Case) -> None:
    """Draw where the verdict stands on its way to readers, with the steps that whoever is here may take."""
    if case.counting is None and case.live is None and not case.changes and case.embargo is None:
        return
    who = session.reviewer()
    st.subheader(_("To the readers"), anchor=False)
    show.draw(*_where_it_stands(desk, case))
    if who is not None and session.may("verdict-published"):
        _sign_offs(desk, case, who)
        with st.container(horizontal=True, gap="xsmall", key="publishing-steps"):
            _ready(desk, case, who)
        if case.counting is not None and case.status != "published":
            _publish(desk, case, who)
            _embargo(desk, case, who)
        if case.live is not None:
            _retract(desk, case, who)


# --- what a revision of something published must say --------------------------------------------------------------------


def change_fields(draft: Draft, key: Callable[[str], str]) -> None:
    """The two fields that the form has once something is published. key: the key of a field's widget."""
    show.small(_("Readers have a verdict on this claim. Say what this revision does to it."))
    told, kind = _("What was wrong, unclear or is new"), draft.change_kind
    st.segmented_control(_("This is a"), REVISED_BY, default=kind, format_func=words.CHANGE.__getitem__, key=key("change_kind"))
    st.text_area(_("Note for readers"), draft.change_note, height=68, placeholder=told, key=key("change_note"))


def change_of(draft: Draft, case: Case) -> Change | None:
    """What a draft says of what is published; None where nothing is, whatever the draft holds."""
    if case.live is None or draft.change_kind is None:
        return None
    return Change(kind=draft.change_kind, note=draft.change_note)


# --- facts ---------------------------------------------------------------------------------------------------------------


def _where_it_stands(desk: Desk, case: Case) -> list[Safe]:
    parts = []
    if case.live is not None:
        link = tag("a", "", case.live.url, href=case.live.url)
        when = session.day_and_clock(case.live.at)
        told = show.woven(_("Published at {link} by {who}, {when}."), link=link, who=case.live.by.display_name, when=when)
        parts.append(tag("p", "", told, dir="auto"))
        if case.status != "published":
            parts.append(tag("p", "quiet", _("What counts now has not been published yet: readers still have what was there.")))
    lines = [_signed(desk, case, role) for role in desk.settings.review.policy.sign_offs] if case.status != "published" else []
    if case.embargo is not None and case.status != "published":
        lines.append(_embargo_line(case.embargo, holds=desk.publishing.is_embargoed(case)))
    if case.ready is not None and case.status != "published":
        lines.append(
            _line(
                True,
                _("Called ready by {who}, {when}", who=case.ready.by.display_name, when=session.day_and_clock(case.ready.at)),
            )
        )
    if lines:
        parts.append(tag("ul", "checklist", *lines))
    given_away = desk.reporting.given_away(case) if desk.protection.is_needed else []
    parts += [tag("p", "asks", f"{gap.told}. {gap.hint}", dir="auto") for gap in given_away]
    for change in case.changes:
        when = session.day_and_clock(change.at) if change.is_public else _("not published yet")
        parts.append(tag("p", "label", f"{words.CHANGE[change.kind]}, {when}"))
        parts.append(tag("p", "plain", change.note, dir="auto"))
    return parts


def _line(done: bool, sentence: str) -> Safe:
    sign = tag("span", "sign", "✓" if done else "–")
    return tag("li", "done" if done else "open", sign, tag("span", "", sentence, dir="auto"))


def _holding(case: Case, role: str) -> SignOff | None:
    return next((one for one in case.holding_sign_offs if one.signs_as == role), None)


def _signed(desk: Desk, case: Case, role: str) -> Safe:
    held = _holding(case, role)
    if held is not None:
        return _line(
            True,
            _(
                "{role}: signed by {who}, {when}",
                role=words.role(role).capitalize(),
                who=held.by.display_name,
                when=session.day_and_clock(held.at),
            ),
        )
    lapsed = next((one for one in case.sign_offs if one.signs_as == role), None)
    told = _("{role} has not signed this verdict", role=words.role(role).capitalize())
    if lapsed:
        told = _("{told}; {who} signed what an edit has replaced", told=told, who=lapsed.by.display_name)
    return _line(False, told)


def _embargo_line(embargo: Embargo, *, holds: bool) -> Safe:
    until = session.day_and_clock(embargo.until)
    if not holds:
        return _line(True, _("The embargo ended {until}: it can be published", until=until))
    return _line(
        False,
        _(
            "Embargoed until {until} by {who}{reason}",
            until=until,
            who=embargo.by.display_name,
            reason=f": {embargo.reason}" if embargo.reason else "",
        ),
    )


# --- steps ---------------------------------------------------------------------------------------------------------------


def _step(label: str, key: str, action: Callable[[], object], *, said: str, disabled: bool = False) -> None:
    """A button for one step; the confirmation is said once it is stored."""

    def take() -> None:
        action()
        session.say(said)

    st.button(label, key=key, disabled=disabled, on_click=session.act, args=(take,))


def _sign_offs(desk: Desk, case: Case, who: Reviewer) -> None:
    """A button for each signature the policy asks for; it names the verdict on the screen, so that no other is signed."""
    if case.counting is None or case.status == "published":
        return
    with st.container(horizontal=True, gap="xsmall", key="publishing-sign-offs"):
        for role in desk.settings.review.policy.sign_offs:
            if _holding(case, role):
                take_back = partial(desk.publishing.withdraw_sign_off, case.claim.id, role, actor=who)
                _step(
                    _("Take back as {role}", role=show.literal(words.role(role))),
                    f"unsign-{role}",
                    take_back,
                    said=_("The signature as {role} is taken back.", role=words.role(role)),
                )
            else:
                sign = partial(desk.publishing.sign_off, case.claim.id, role, actor=who, seen=case.counting.hash)
                _step(
                    _("Sign as {role}", role=show.literal(words.role(role))),
                    f"sign-{role}",
                    sign,
                    said=_("Signed as {role}.", role=words.role(role)),
                )


def _ready(desk: Desk, case: Case, who: Reviewer) -> None:
    if case.counting is None or case.status == "published" or case.ready is not None:
        return
    hindered = [one for one in desk.publishing.hindrances(case) if one.code != "embargoed"]
    call = partial(desk.publishing.call_ready, case.claim.id, actor=who)
    _step(_("Call it ready"), "call-ready", call, said=_("Called ready to be published."), disabled=bool(hindered))


def _publish(desk: Desk, case: Case, who: Reviewer) -> None:
    hindered = desk.publishing.hindrances(case)
    key = f"publish-url-{case.claim.id}"
    st.text_input(_("Where it can be read"), key=key, placeholder="https://", max_chars=2_000)
    for one in hindered:
        show.small(_("Not yet: {told}.", told=one.told))

    def publish() -> None:
        desk.publish(case.claim.id, (st.session_state.get(key) or "").strip(), actor=who)
        st.session_state[key] = ""

    _step(_("Record it as published"), "publish", publish, said=_("Recorded as published."), disabled=bool(hindered))


def _embargo(desk: Desk, case: Case, who: Reviewer) -> None:
    if desk.publishing.is_embargoed(case):
        lift = partial(desk.publishing.lift_embargo, case.claim.id, actor=who)
        _step(_("Lift the embargo"), "lift-embargo", lift, said=_("The embargo is lifted."))
        return
    with folded(_("Set an embargo"), key=f"embargo-{case.claim.id}") as is_open:
        if not is_open:
            return
        tomorrow = (session.here_and_now() + timedelta(days=1)).date()
        day = st.date_input(_("Until the day"), value=tomorrow, key=f"embargo-day-{case.claim.id}")
        clock = st.time_input(_("At, where you are"), value="09:00", key=f"embargo-clock-{case.claim.id}", step=60)
        reason = st.text_input(_("Why"), key=f"embargo-why-{case.claim.id}", max_chars=500)

        def embargo() -> None:
            desk.publishing.embargo(case.claim.id, session.moment(day, clock), actor=who, reason=reason)

        _step(_("Embargo it"), "set-embargo", embargo, said=_("Embargoed."))


def _retract(desk: Desk, case: Case, who: Reviewer) -> None:
    if case.status == "published":
        show.small(_("To change what readers have, revise the verdict: the form asks what changes."))
    with folded(_("Retract it"), key=f"retract-{case.claim.id}") as is_open:
        if not is_open:
            return
        key = f"retract-note-{case.claim.id}"
        st.text_area(_("Note for readers"), key=key, height=68, placeholder=_("What was wrong"), max_chars=10_000)
        show.small(_("No verdict recorded before counts any more."))

        def retract() -> None:
            desk.publishing.retract(case.claim.id, st.session_state.get(key) or "", actor=who)

        _step(_("Retract it"), "retract", retract, said=_("Retracted."))
