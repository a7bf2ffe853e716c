"""Claims that are like the one on Check: what was decided about them, and what does not go together with this verdict."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import streamlit as st

from workbench.lens.saying import said
from workbench.models import Case, Claim, Departure, Draft, Judged, Precedent, PrecedentAlarm
from workbench.tongue import N_, Words, _
from workbench.ui import session, show, words
from workbench.ui.folded import folded
from workbench.ui.kept_fields import KeptFields
from workbench.ui.show import Safe, tag

if TYPE_CHECKING:
    from workbench.desk import Desk

SHOWN = 5
ALARM = Words(
    {
        "rated-apart": N_("The same claim was rated otherwise"),
        "opposites-rated-alike": N_("The opposite claim was rated the same"),
    }
)
LIKENESS = Words({"near-certain": N_("all but the same"), "differs": N_("differs"), "similar": N_("similar")})


def draw(desk: Desk, case: Case) -> None:
    """Draw the claims that are like this one, nearest first; nothing where there are none."""
    if not desk.readiness.is_warm:  # the model is not loaded yet, and a page does not wait for it
        return
    found = desk.precedents.of(case.claim.id, k=SHOWN)
    if not found:
        return
    show.draw(tag("p", "label", _("Like this claim ({count})", count=len(found))))
    for one in found:
        with folded(_title(one), key=f"like-{case.claim.id}-{one.claim.id}") as is_open:
            if is_open:
                _about(one)
                _verdict_of(one)
                _judging(desk, case, one)
                st.page_link("views/check.py", label=_("Open it"), query_params={"claim": one.claim.id})


def _title(one: Precedent) -> str:
    rated = words.rating(one.counting.rating, one.counting.ground) if one.counting else words.STATUS[one.status]
    how = _("the same") if one.judged == "same" else LIKENESS[one.likeness]
    return show.literal(f"{rated} · {how} · {_cut(one.claim.statement, 90)}")


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 10].rstrip()} …"


def _about(one: Precedent) -> None:
    """What a person has to see before saying that two claims are one: the wording, who said it and when."""
    parts = [tag("p", "plain", one.claim.statement, dir="auto")]
    if one.claim.quote:
        parts.append(tag("p", "plain", f"“{one.claim.quote}”", dir="auto"))
    parts.append(tag("p", "quiet", who_and_when(one.claim), dir="auto"))
    parts += [
        tag("p", "quiet", _("Differs: {detail}", detail=said(seen.detail))) for seen in one.lens if seen.relation == "differs"
    ]
    show.draw(*parts)


def who_and_when(claim: Claim) -> str:
    """`Min Aung Hlaing · 23 June 2021`, with what is not known said."""
    who = claim.claimant.name if claim.claimant else _("claimant unknown")
    return f"{who} · {words.known_date(claim.claimed_on) or words.no_date()}"


def _verdict_of(one: Precedent) -> None:
    for review in one.claim.reviews[:3]:
        show.small(
            _(
                "External, unverified: {publisher} says “{rating}”{url}.",
                publisher=review.publisher or _("publisher unknown"),
                rating=review.rating or _("no rating"),
                url=f" ({review.url})" if review.url else "",
            )
        )
    if one.counting is None:
        show.small(_("No verdict counts for it yet."))
        return
    parts: list[Safe] = []
    if one.counting.explanation:
        parts.append(tag("p", "plain", one.counting.explanation, dir="auto"))
    for cited in one.counting.citations[:1]:
        stance = tag("p", "quiet", f"{words.STANCE[cited.stance]} · {cited.title or cited.path or ''}", dir="auto")
        parts.append(tag("div", "cited", stance, tag("p", "words plain", _cut(cited.quote, 300), dir="auto")))
    show.draw(*parts)


def _judging(desk: Desk, case: Case, one: Precedent) -> None:
    who = session.reviewer()
    if who is None:
        return

    def say(judged: Judged) -> None:
        desk.precedents.judge(case.claim.id, one.claim.id, judged, actor=who)

    def take_over() -> None:
        draft = session.draft(desk, case.claim.id, who)
        desk.change_draft(draft, lambda now: now.model_copy(update=_taken(one)))

    with st.container(horizontal=True, gap="xsmall"):
        if one.judged != "same" and one.likeness != "differs":
            st.button(_("The same claim"), key=f"same-{one.claim.id}", on_click=session.act, args=(lambda: say("same"),))
        st.button(_("Not the same"), key=f"different-{one.claim.id}", on_click=session.act, args=(lambda: say("different"),))
        if one.judged == "same" and one.counting is not None:
            st.button(
                _("Begin from its verdict"),
                key=f"take-{one.claim.id}",
                help=_("Fills your draft with its rating, citations and explanation. You read and save it for this claim."),
                on_click=session.act,
                args=(take_over,),
            )


def _taken(one: Precedent) -> dict[str, Any]:
    """What a draft takes over from a verdict: never its rationale, which was written about another claim."""
    if one.counting is None:
        return {}
    return {
        "rating": one.counting.rating.slug,
        "ground": one.counting.ground,
        "explanation": one.counting.explanation or "",
        "headline": one.counting.headline or "",
        "cites": tuple(cited.as_asked.model_copy(update={"policy_hash": None}) for cited in one.counting.citations),
    }


# --- alarms beside a draft ----------------------------------------------------------------------------------------------


def alarms(desk: Desk, draft: Draft, fields: KeptFields) -> Draft:
    """Say where this rating does not go together with another claim's, and keep the reason for it in the draft."""
    if draft.rating is None or not desk.readiness.is_warm:
        return draft
    found = desk.precedents.alarms(draft.claim_id, draft.rating)
    reasons = {one.claim_id: one for one in draft.departures}
    told = tuple(kept for alarm in found if (kept := _alarm(draft, alarm, reasons, fields)) is not None)
    if told != draft.departures:
        draft = desk.change_draft(draft, lambda now: now.model_copy(update={"departures": told}))
    return draft


def _alarm(draft: Draft, alarm: PrecedentAlarm, reasons: dict[str, Departure], fields: KeptFields) -> Departure | None:
    one = alarm.precedent
    if one.counting is None:
        return None
    rated = words.rating(one.counting.rating, one.counting.ground)
    show.notice(
        _("{alarm}: “{rated}” for {id}.", alarm=ALARM[alarm.kind], rated=rated, id=one.claim.id),
        _("Read it on the left. If yours stands, say why it does."),
    )
    name, kept = f"departure-{one.claim.id}", reasons[one.claim.id].reason if one.claim.id in reasons else ""
    typed = st.text_input(_("Why this verdict departs from it"), kept, key=fields.key(name, kept), max_chars=2_000)
    is_new = fields.written(name, kept)
    if is_new:
        fields.saw(name, typed)
    reason = (typed if is_new else kept).strip()
    return Departure(claim_id=one.claim.id, hash=one.counting.hash, reason=reason) if reason else None


# --- before a claim is added --------------------------------------------------------------------------------------------


def already_here(desk: Desk, statement: str) -> None:
    """Say which claims are like a sentence that is about to be added."""
    if len(statement.split()) < 3 or not desk.readiness.is_warm:
        return
    found: Sequence[Precedent] = desk.precedents.like(statement, k=3)
    if not found:
        return
    certain = any(one.likeness == "near-certain" for one in found)
    show.notice(_("This claim seems to be here already.") if certain else _("Claims that are like it are here already."))
    for one in found:
        rated = words.rating(one.counting.rating, one.counting.ground) if one.counting else words.STATUS[one.status]
        show.draw(
            tag("p", "plain", one.claim.statement, dir="auto"),
            tag("p", "quiet", f"{who_and_when(one.claim)} · {rated} · {one.claim.id}", dir="auto"),
        )
