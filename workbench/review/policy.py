"""What the save of a verdict must satisfy: the policy as a checklist, and the check that runs inside the transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workbench.errors import Conflict, Refused, TokenReused
from workbench.fragments import Weighed, are_same, needs, of_verdict
from workbench.models import Citation, Cite, Event, NewEvent, Rating, StoredVerdict, Verdict, VerdictRequest
from workbench.review.adjudication import refuse_ruling
from workbench.review.fold import claim_as_stated, fold_case, latest_revision, reviewer_key, stored_verdict
from workbench.review.publishing import refuse_silent_change
from workbench.review.recusal import refuse_recused
from workbench.settings import ReviewSettings


def checklist(
    settings: ReviewSettings,
    rating: Rating | None,
    *,
    citations: Sequence[Citation],
    rationale: str,
    ground: str | None,
    fragments: Sequence[Weighed] = (),
) -> list[tuple[bool, str]]:
    """The policy as (done, sentence) lines, in the order a reviewer meets them. A save needs every one done."""
    policy = settings.policy
    repeating = 0 if policy.repeats_count else sum(one.only_repeats for one in citations)
    lines = [(rating is not None, "A rating is chosen")]
    if policy.decisive_needs_citation and (rating is None or rating.decisive):
        label = rating.label if rating else "A decisive rating"
        counted = f" ({repeating} cited in support, which only repeats the claim)" if repeating else ""
        lines.append((len(citations) > repeating, f"{label} needs at least one citation{counted}"))
    if policy.off_axis_needs_ground and rating is not None and not rating.decisive:
        lines.append((ground is not None, f"{rating.label} names its ground"))
    lines += needs(fragments, policy)
    if policy.rationale_words:
        words = len(rationale.split())
        lines.append(
            (words >= policy.rationale_words, f"The rationale has at least {policy.rationale_words} words (now {words})")
        )
    return lines


def check_verdict(request: VerdictRequest, verdict: Verdict, settings: ReviewSettings, rating: Rating) -> Any:
    """The check that `Ledger.append` runs in the transaction that stores `verdict` (a ledger.Check).

    It answers a repeated save with the stored event, refuses a stale one and a silent change of what is published, applies the
    policy, numbers the revision and adds what the reviewer had marked. Raises: TokenReused, Conflict, Refused (also for a
    reviewer who recused).
    """

    def check(event: NewEvent, events: Sequence[Event]) -> NewEvent | Event:
        replayed = next((one for one in events if one.token == request.token), None)
        if replayed is not None:
            return answer_replay(request, replayed)
        refuse_recused(request.reviewer, events)
        refuse_ruling(request, events, settings)
        _refuse_changed_claim(verdict, events)
        case = fold_case(events)
        refuse_silent_change(case, request.change)
        missing = [
            sentence
            for done, sentence in checklist(
                settings,
                rating,
                citations=verdict.citations,
                rationale=verdict.rationale,
                ground=verdict.ground,
                fragments=of_verdict(verdict.fragments, settings.rating_scale),
            )
            if not done
        ]
        if missing:
            raise Refused(
                f"This verdict was not saved: {'; '.join(missing)}.", hint="Complete it and save again.", code="policy"
            )
        latest = latest_revision(events, request.reviewer)
        if request.based_on is not None and request.based_on != latest:
            raise Conflict(
                f"{request.reviewer.display_name} already has revision {latest} of {request.claim_id}; "
                f"this save was based on {request.based_on}.",
                hint="Nothing was written. Read the newer revision, then save again based on it.",
            )
        rejected = tuple(mark for owner, mark in case.marks if reviewer_key(owner) == reviewer_key(request.reviewer))
        final = verdict.model_copy(update={"revision": latest + 1, "based_on": latest, "rejected": rejected})
        return event.model_copy(update={"payload": {"verdict": final.model_dump(mode="json")}, "revision": latest + 1})

    return check


def answer_replay(request: VerdictRequest, stored: Event) -> Event:
    """The stored event if this is the same save again. Raises: TokenReused if the token came with anything else."""
    if stored.kind == "verdict-recorded" and _same_save(request, stored_verdict(stored)):
        return stored
    raise TokenReused(
        f"The token {request.token!r} was already used for another save.",
        hint="Nothing was written. Leave --token out, or use a fresh one for each new verdict.",
    )


def _same_save(request: VerdictRequest, verdict: StoredVerdict) -> bool:
    cites = tuple(
        Cite(passage_id=one.passage_id, stance=one.stance, origin=one.origin, note=one.note) for one in verdict.citations
    )
    return (
        (request.claim_id, request.rating, request.rationale, request.explanation, request.headline, request.ground)
        == (verdict.claim_id, verdict.rating.slug, verdict.rationale, verdict.explanation, verdict.headline, verdict.ground)
        and request.confidence == verdict.confidence
        and (request.cites, request.departures, request.weighing) == (cites, verdict.departures, verdict.weighing)
        and request.adjudicates == verdict.adjudicates
        and are_same(request.fragments, verdict.fragments)
        and reviewer_key(request.reviewer) == reviewer_key(verdict.reviewer)
        and (request.searched_elsewhere.strip(), request.change) == (verdict.searched_elsewhere, verdict.change)
        and request.based_on in (None, verdict.based_on)
    )


def _refuse_changed_claim(verdict: Verdict, events: Sequence[Event]) -> None:
    stated = claim_as_stated(events)
    if stated is None or stated.content_hash != verdict.claim_hash:
        raise Conflict(
            f"The claim {verdict.claim_id} was changed while this verdict was being written.",
            hint="Nothing was written. Read the claim as it stands now, then save again.",
            code="claim_changed",
        )
