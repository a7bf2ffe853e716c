"""What the events of a claim add up to, and what a save must satisfy. Pure: no disk, no clock, no network.

What lives here: the fold of events into a Case, the checks that run inside the ledger's transaction, the policy as a
checklist. What does not: how events are stored (ledger.py) or shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from workbench.errors import Conflict, LedgerDamaged, Refused, TokenReused, UnknownId
from workbench.fragments import Weighed, are_same, needs, of_verdict
from workbench.models import (
    Case,
    Citation,
    Cite,
    Claim,
    Event,
    Mark,
    NewEvent,
    Publication,
    Rating,
    Recusal,
    Reviewer,
    Status,
    StoredVerdict,
    Verdict,
    VerdictRequest,
)
from workbench.settings import ReviewSettings

CLAIM_STATED = ("claim-added", "claim-changed")


# --- the fold ------------------------------------------------------------------------------------------------------


@dataclass
class _Tally:
    """What has been read so far while the events of one claim are walked, oldest first."""

    claim: Claim | None = None
    verdicts: list[StoredVerdict] = field(default_factory=list)
    void: dict[tuple[str, int], str] = field(default_factory=dict)
    marks: dict[tuple[str, str], tuple[Reviewer, Mark]] = field(default_factory=dict)
    publications: dict[str, Publication] = field(default_factory=dict)
    recusals: dict[str, Recusal] = field(default_factory=dict)
    missing_from: str | None = None
    retired: bool = False
    confirmed: dict[str, str] = field(default_factory=dict)  # quotations by their words, and who confirmed each


def reviewer_key(reviewer: Reviewer) -> str:
    """What tells two reviewers apart: issuer and subject, never the display name."""
    return f"{reviewer.issuer}\x1f{reviewer.subject}"


def fold_case(events: Sequence[Event], *, drafted_by: Sequence[str] = ()) -> Case:
    """The Case of one claim. events: all of its events, oldest first. Folding is a plain walk: order is all that counts.

    Raises: UnknownId where the events never state a claim.
    """
    tally = _Tally()
    for event in events:
        try:
            _take(tally, event)
        except (KeyError, TypeError, ValidationError) as error:
            raise LedgerDamaged(
                f"Event {event.seq} ({event.kind} of {event.subject_id}) is not what was written: {type(error).__name__}.",
                hint="Run workbench verify; it names what was altered. Then restore a backup.",
            ) from error
    if tally.claim is None:
        raise UnknownId("No such claim.", hint="List them with: workbench claims list", code="unknown_claim")
    verdicts = _with_states(tally)
    counting = _counting(verdicts)
    publication = tally.publications.get(counting.hash) if counting else None
    return Case(
        claim=tally.claim,
        status=_status(tally, verdicts, counting, publication, bool(drafted_by)),
        verdicts=tuple(verdicts),
        counting=counting,
        marks=tuple(tally.marks.values()),
        recusals=tuple(tally.recusals.values()),
        drafted_by=tuple(drafted_by),
        publication=publication,
        missing_from=tally.missing_from,
        retired=tally.retired,
        events=tuple(events),
    )


def _take(tally: _Tally, event: Event) -> None:
    payload = event.payload
    match event.kind:
        case "claim-added" | "claim-changed":
            tally.claim = _with_marks(Claim.model_validate(payload["claim"]), tally.confirmed)
            tally.retired = False
        case "quote-confirmed":
            tally.confirmed[payload["quote"]] = event.actor.display_name
            tally.claim = _with_marks(tally.claim, tally.confirmed) if tally.claim else None
        case "claim-missing":
            tally.missing_from = payload["file"]
        case "claim-found-again":
            tally.missing_from = None
        case "claim-retired":
            tally.retired = True
        case "verdict-recorded":
            tally.verdicts.append(stored_verdict(event))
        case "verdict-voided":
            owner = Reviewer.model_validate(payload["reviewer"])
            tally.void[reviewer_key(owner), payload["revision"]] = payload["reason"]
        case "verdict-published":
            tally.publications[payload["hash"]] = Publication(url=payload["url"], at=event.created_at, by=event.actor)
        case "reviewer-recused":
            recusal = Recusal(reviewer=event.actor, reason=payload["reason"], at=event.created_at)
            tally.recusals[reviewer_key(event.actor)] = recusal
        case "recusal-withdrawn":
            tally.recusals.pop(reviewer_key(event.actor), None)
        case "hit-marked":
            mark = Mark.model_validate(payload["mark"])
            tally.marks[reviewer_key(event.actor), mark.passage_id] = (event.actor, mark)
        case "mark-cleared":
            tally.marks.pop((reviewer_key(event.actor), payload["passage_id"]), None)


def _with_marks(claim: Claim, confirmed: Mapping[str, str]) -> Claim:
    """The claim with the marks that a person gave its words; other words need another confirmation."""
    by = confirmed.get(claim.reported_words or "")
    return claim.model_copy(update={"quote_marks": "confirmed", "quote_marks_by": by}) if by else claim


def stored_verdict(event: Event) -> StoredVerdict:
    """The verdict an event holds, with its place in the ledger; its state is worked out by the fold."""
    return StoredVerdict.model_validate({**event.payload["verdict"], "seq": event.seq, "hash": event.hash})


def _with_states(tally: _Tally) -> list[StoredVerdict]:
    """A reviewer's newest revision that is not void is current; the void ones say why; the others are superseded."""
    newest: dict[str, int] = {}
    for verdict in tally.verdicts:
        key = reviewer_key(verdict.reviewer)
        if (key, verdict.revision) not in tally.void:
            newest[key] = max(verdict.revision, newest.get(key, 0))
    stated = []
    for verdict in tally.verdicts:
        key = reviewer_key(verdict.reviewer)
        reason = tally.void.get((key, verdict.revision))
        state = "void" if reason is not None else "current" if newest[key] == verdict.revision else "superseded"
        stated.append(verdict.model_copy(update={"state": state, "void_reason": reason}))
    return stated


def _counting(verdicts: Iterable[StoredVerdict]) -> StoredVerdict | None:
    """The newest current verdict while the reviewers agree on the rating, else None (DESIGN.md section 6)."""
    current = [verdict for verdict in verdicts if verdict.state == "current"]
    if len({(verdict.rating.scale, verdict.rating.slug) for verdict in current}) != 1:
        return None
    return max(current, key=lambda verdict: verdict.seq)


def _status(
    tally: _Tally,
    verdicts: Sequence[StoredVerdict],
    counting: StoredVerdict | None,
    publication: Publication | None,
    drafted: bool,
) -> Status:
    if not any(verdict.state == "current" for verdict in verdicts):
        return "draft" if drafted else "void" if verdicts else "todo"
    if counting is None:
        return "disagreement"
    if tally.claim is not None and counting.claim_hash != tally.claim.content_hash:
        return "recheck"
    return "published" if publication else "settled"


# --- checks inside the transaction ---------------------------------------------------------------------------------


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

    It answers a repeated save with the stored event, refuses a stale one, applies the policy and numbers the revision.
    Raises: TokenReused, Conflict, Refused (also for a reviewer who recused).
    """

    def check(event: NewEvent, events: Sequence[Event]) -> NewEvent | Event:
        replayed = next((one for one in events if one.token == request.token), None)
        if replayed is not None:
            return answer_replay(request, replayed)
        _refuse_recused(request.reviewer, events)
        _refuse_changed_claim(verdict, events)
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
        final = verdict.model_copy(update={"revision": latest + 1, "based_on": latest})
        return event.model_copy(update={"payload": {"verdict": final.model_dump(mode="json")}, "revision": latest + 1})

    return check


def latest_revision(events: Iterable[Event], reviewer: Reviewer) -> int:
    """The number of that reviewer's newest verdict on the claim; 0 before the first."""
    mine = (
        event.revision or 0
        for event in events
        if event.kind == "verdict-recorded" and reviewer_key(event.actor) == reviewer_key(reviewer)
    )
    return max(mine, default=0)


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
        and are_same(request.fragments, verdict.fragments)
        and reviewer_key(request.reviewer) == reviewer_key(verdict.reviewer)
        and request.based_on in (None, verdict.based_on)
    )


def claim_as_stated(events: Sequence[Event]) -> Claim | None:
    """The claim in the words last stated of it, without what people confirmed since; None where none was."""
    stated = [event for event in events if event.kind in CLAIM_STATED]
    return Claim.model_validate(stated[-1].payload["claim"]) if stated else None


def _has_recused(reviewer: Reviewer, events: Iterable[Event]) -> bool:
    """Whether that reviewer's latest word on judging the claim is that they must not."""
    kinds = ("reviewer-recused", "recusal-withdrawn")
    said = [one.kind for one in events if one.kind in kinds and reviewer_key(one.actor) == reviewer_key(reviewer)]
    return bool(said) and said[-1] == "reviewer-recused"


def _refuse_recused(reviewer: Reviewer, events: Sequence[Event]) -> None:
    if _has_recused(reviewer, events):
        raise Refused(
            f"{reviewer.display_name} recused from this claim, and cannot record a verdict on it.",
            hint="Nothing was written. Let a colleague judge it, or take the recusal back first.",
            code="recused",
        )


def check_recusal(event: NewEvent, events: Sequence[Event]) -> NewEvent:
    """The check that stores a recusal, or that it is taken back. Raises: Refused where that is so already."""
    has_recused = _has_recused(event.actor, events)
    if has_recused == (event.kind == "reviewer-recused"):
        told = "has recused already from" if has_recused else "has not recused from"
        raise Refused(
            f"{event.actor.display_name} {told} {event.subject_id}.", hint="Nothing was written.", code="recusal_stands"
        )
    return event


def _refuse_changed_claim(verdict: Verdict, events: Sequence[Event]) -> None:
    stated = claim_as_stated(events)
    if stated is None or stated.content_hash != verdict.claim_hash:
        raise Conflict(
            f"The claim {verdict.claim_id} was changed while this verdict was being written.",
            hint="Nothing was written. Read the claim as it stands now, then save again.",
            code="claim_changed",
        )


def check_void(reviewer: Reviewer, revision: int | None, reason: str) -> Any:
    """The check that stores a void: of the given revision, else of the reviewer's newest that is not void.

    Raises: UnknownId where there is no such revision, Refused where it is void already.
    """

    def check(event: NewEvent, events: Sequence[Event]) -> NewEvent:
        mine = [one for one in fold_case(events).verdicts if reviewer_key(one.reviewer) == reviewer_key(reviewer)]
        standing = [one.revision for one in mine if one.state != "void"]
        wanted = revision if revision is not None else max(standing, default=None)
        if wanted is None or wanted not in {one.revision for one in mine}:
            known = ", ".join(str(one.revision) for one in mine) or "none"
            raise UnknownId(
                f"{reviewer.display_name} has no such verdict on {event.subject_id} (revisions: {known}).",
                hint=f"List them with: workbench verdict show {event.subject_id}",
                code="unknown_revision",
            )
        if wanted not in standing:
            raise Refused(f"Revision {wanted} is void already.", hint="Nothing was written.", code="already_void")
        payload = {"reviewer": reviewer.model_dump(mode="json"), "revision": wanted, "reason": reason}
        return event.model_copy(update={"payload": payload})

    return check


def check_publish(url: str) -> Any:
    """The check that stores where the counting verdict was published. Raises: Refused where none counts, or for no address."""
    if not url.startswith(("https://", "http://")):
        raise Refused(f"{url!r} is not a web address.", hint="Start it with https://", code="bad_url")

    def check(event: NewEvent, events: Sequence[Event]) -> NewEvent:
        case = fold_case(events)
        if case.counting is None or case.status == "recheck":
            raise Refused(
                f"{event.subject_id} cannot be published: its status is {case.status}.",
                hint="Record a verdict the reviewers agree on first.",
                code="nothing_to_publish",
            )
        return event.model_copy(update={"payload": {"url": url, "hash": case.counting.hash}})

    return check
