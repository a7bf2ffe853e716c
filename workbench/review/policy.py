"""What the save of a verdict must satisfy: the policy as a checklist, and the check that runs inside the transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workbench import questions
from workbench.errors import Conflict, Refused, TokenReused
from workbench.fragments import Weighed, are_same, needs, of_verdict
from workbench.models import (
    Case,
    Citation,
    Cite,
    Claim,
    Contact,
    Event,
    Mark,
    NewEvent,
    QuestionDraft,
    Rating,
    Reviewer,
    StoredVerdict,
    Verdict,
    VerdictRequest,
)
from workbench.ratings import label_of
from workbench.review.adjudication import refuse_ruling
from workbench.review.asking import asks_named_person
from workbench.review.fold import claim_as_stated, fold_case, latest_revision, reviewer_key, stored_verdict
from workbench.review.publishing import refuse_silent_change
from workbench.review.recusal import refuse_recused
from workbench.settings import Policy, ReviewSettings
from workbench.tongue import _

Line = tuple[bool, str]


@dataclass(frozen=True)
class Judgement:
    """What somebody is about to save, as the policy sees it: a draft, or a verdict on its way into the ledger.

    contacts: who was asked about the claim. at: when it would be saved. questions: those of a draft, not yet found to be whole.
    """

    rating: Rating | None
    citations: Sequence[Citation] = ()
    fragments: Sequence[Weighed] = ()
    questions: Sequence[QuestionDraft] = ()
    wording: str | None = None
    ground: str | None = None
    rationale: str = ""
    explanation: str | None = None
    headline: str | None = None
    claim: Claim | None = None
    contacts: Sequence[Contact] = ()
    at: datetime | None = None

    @property
    def may_decide(self) -> bool:
        """Whether the rating decides, or none is chosen yet that would not."""
        return self.rating is None or self.rating.decisive

    @property
    def named(self) -> str:
        """What a sentence calls the rating."""
        return label_of(self.rating) if self.rating else _("A decisive rating")


def checklist(settings: ReviewSettings, judgement: Judgement) -> list[Line]:
    """The policy as (done, sentence) lines, in the order a reviewer meets them. A save needs every one done."""
    policy = settings.policy
    return [
        (judgement.rating is not None, _("A rating is chosen")),
        *_of_the_rating(policy, judgement),
        *_of_the_evidence(policy, judgement),
        *needs(judgement.fragments, policy),
        *questions.needs(judgement.questions, judgement.citations),
        *_of_the_asking(policy, judgement),
        *_of_the_words(policy, judgement),
    ]


def _of_the_rating(policy: Policy, judgement: Judgement) -> list[Line]:
    rating, lines = judgement.rating, list[Line]()
    if rating is None:
        return lines
    label = label_of(rating)
    if rating.own_words:
        lines.append((bool((judgement.wording or "").strip()), _("{rating} is put into words", rating=label)))
    elif judgement.wording:
        lines.append((False, _("{rating} is not worded anew; take the wording out", rating=label)))
    if judgement.ground is not None and not rating.takes_ground:
        lines.append((False, _("{rating} takes no ground: it is a decision", rating=label)))
    if policy.off_axis_needs_ground and rating.takes_ground:
        lines.append((judgement.ground is not None, _("{rating} names its ground", rating=label)))
    return lines


def _of_the_evidence(policy: Policy, judgement: Judgement) -> list[Line]:
    if not judgement.may_decide:
        return []
    lines, citations = list[Line](), judgement.citations
    repeating = 0 if policy.repeats_count else sum(one.only_repeats for one in citations)
    if policy.decisive_needs_citation:
        told = _("{rating} needs at least one citation", rating=judgement.named)
        if repeating:
            told += " " + _("({count} cited in support, which only repeats the claim)", count=repeating)
        lines.append((len(citations) > repeating, told))
    if policy.origins:
        from workbench.origins import origins_of  # it reads speech: a save without this rule needs none of that

        found = origins_of(citations).independent
        lines.append(
            (
                found >= policy.origins,
                _(
                    "{rating} needs {needed} independent origins or more (now {found})",
                    rating=judgement.named,
                    needed=policy.origins,
                    found=found,
                ),
            )
        )
    return lines


def _of_the_asking(policy: Policy, judgement: Judgement) -> list[Line]:
    if not policy.ask_named_person or not judgement.may_decide or judgement.claim is None or judgement.at is None:
        return []
    line = asks_named_person(judgement.claim, judgement.contacts, judgement.at)
    return [line] if line else []


def _of_the_words(policy: Policy, judgement: Judgement) -> list[Line]:
    lines = list[Line]()
    if policy.rationale_words:
        words = len(judgement.rationale.split())
        lines.append(
            (
                words >= policy.rationale_words,
                _("The rationale has at least {needed} words (now {words})", needed=policy.rationale_words, words=words),
            )
        )
    if policy.explanation_required:
        lines.append((bool((judgement.explanation or "").strip()), _("The explanation for readers is written")))
    if policy.headline_required:
        lines.append((bool((judgement.headline or "").strip()), _("The headline for readers is written")))
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
        _refuse_unfinished(_judgement_of(verdict, settings, rating, case), settings)
        latest = latest_revision(events, request.reviewer)
        if request.based_on is not None and request.based_on != latest:
            raise Conflict(
                f"{request.reviewer.display_name} already has revision {latest} of {request.claim_id}; "
                f"this save was based on {request.based_on}.",
                hint="Nothing was written. Read the newer revision, then save again based on it.",
            )
        final = verdict.model_copy(
            update={"revision": latest + 1, "based_on": latest, "rejected": _rejected_by(request.reviewer, case)}
        )
        return event.model_copy(update={"payload": {"verdict": final.model_dump(mode="json")}, "revision": latest + 1})

    return check


def _judgement_of(verdict: Verdict, settings: ReviewSettings, rating: Rating, case: Case) -> Judgement:
    return Judgement(
        rating=rating,
        citations=verdict.citations,
        fragments=of_verdict(verdict.fragments, settings.rating_scale),
        wording=verdict.rating.wording,
        ground=verdict.ground,
        rationale=verdict.rationale,
        explanation=verdict.explanation,
        headline=verdict.headline,
        claim=case.claim,
        contacts=case.contacts,
        at=verdict.created_at,
    )


def _refuse_unfinished(judgement: Judgement, settings: ReviewSettings) -> None:
    missing = [sentence for done, sentence in checklist(settings, judgement) if not done]
    if missing:
        told = _("This verdict was not saved: {missing}.", missing="; ".join(missing))
        raise Refused(told, hint=_("Complete it and save again."), code="policy")


def _rejected_by(reviewer: Reviewer, case: Case) -> tuple[Mark, ...]:
    """What this reviewer looked at and found not relevant."""
    mine = (mark for owner, mark in case.marks if reviewer_key(owner) == reviewer_key(reviewer))
    return tuple(mark for mark in mine if mark.judgement == "not-relevant")


def answer_replay(request: VerdictRequest, stored: Event) -> Event:
    """The stored event if this is the same save again. Raises: TokenReused if the token came with anything else."""
    if stored.kind == "verdict-recorded" and _same_save(request, stored_verdict(stored)):
        return stored
    raise TokenReused(
        f"The token {request.token!r} was already used for another save.",
        hint="Nothing was written. Leave --token out, or use a fresh one for each new verdict.",
    )


def _same_save(request: VerdictRequest, verdict: StoredVerdict) -> bool:
    asked, stored = ([_without_rules(one) for one in cites] for cites in (request.cites, _as_asked(verdict)))
    return (
        (request.claim_id, request.rating, request.rationale, request.explanation, request.headline, request.ground)
        == (verdict.claim_id, verdict.rating.slug, verdict.rationale, verdict.explanation, verdict.headline, verdict.ground)
        and (request.confidence, request.wording) == (verdict.confidence, verdict.rating.wording)
        and (asked, request.departures, request.weighing) == (stored, verdict.departures, verdict.weighing)
        and request.adjudicates == verdict.adjudicates
        and are_same(request.fragments, verdict.fragments)
        and questions.are_same(request.questions, verdict.questions)
        and reviewer_key(request.reviewer) == reviewer_key(verdict.reviewer)
        and (request.searched_elsewhere.strip(), request.change) == (verdict.searched_elsewhere, verdict.change)
        and request.based_on in (None, verdict.based_on)
    )


def _as_asked(verdict: StoredVerdict) -> list[Cite]:
    return [one.as_asked for one in verdict.citations]


def _without_rules(cite: Cite) -> Cite:
    """The wish without what was in force when its stance was given: a save repeated after they changed is the same save."""
    return cite.model_copy(update={"policy_hash": None})


def _refuse_changed_claim(verdict: Verdict, events: Sequence[Event]) -> None:
    stated = claim_as_stated(events)
    if stated is None or stated.content_hash != verdict.claim_hash:
        raise Conflict(
            f"The claim {verdict.claim_id} was changed while this verdict was being written.",
            hint="Nothing was written. Read the claim as it stands now, then save again.",
            code="claim_changed",
        )
