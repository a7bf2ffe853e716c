"""Who may read what colleagues did on a claim: the case as one person may see it. Pure.

What lives here: when a reviewer is blind on a claim, which of its events they may read, which claims were called the same. What
does not: that everything the pages read goes through it (seen_by.py). Deny by default: a kind of event that is not named as
neutral is read by its author alone, so that what is added later cannot be forgotten here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from workbench.models import Case, Event, Reviewer
from workbench.review.fold import CLAIM_STATED, current_verdicts, fold_case, reviewer_key, reviews_missing
from workbench.settings import ReviewSettings

SIMILARITY_JUDGED = "similarity-judged"

# What is said of the claim itself, what people replied who were asked about it, and which claims are one: nobody's judgement
# of whether it is true.
NEUTRAL = frozenset(
    {
        *CLAIM_STATED,
        "claim-missing",
        "claim-found-again",
        "claim-retired",
        "claim-restored",
        "claim-assigned",
        "assignment-ended",
        "desk-matters-said",
        "quote-confirmed",
        "contact-asked",
        "contact-changed",
        "contact-withdrawn",
        "words-erased",
        SIMILARITY_JUDGED,
    }
)


def is_blind(case: Case, who: Reviewer | None, settings: ReviewSettings) -> bool:
    """Whether this person has yet to judge the claim without having read what colleagues did on it.

    Nobody is blind once all the reviews are in; whoever recorded a verdict is not, even when it is void by now. who: None for
    somebody who has not said who they are, and may be anybody.
    """
    return settings.is_blind_on(case.claim.id) and not _all_in(case) and not _has_judged(case, who)


def is_hidden(case: Case, who: Reviewer | None, settings: ReviewSettings, *, group: Iterable[Case] = ()) -> bool:
    """Whether this person may read nothing of what colleagues did on the claim.

    group: the claims called the same as this one. Who has yet to judge one of them reads nothing of this one either, unless
    they judged it themselves, or it is published, so that everybody can read it.
    """
    if is_blind(case, who, settings):
        return True
    if case.publication is not None or _has_judged(case, who):
        return False
    return any(is_blind(other, who, settings) for other in group if not other.retired)


def seen_by(case: Case, who: Reviewer | None, settings: ReviewSettings, *, group: Iterable[Case] = ()) -> Case:
    """The case as this person may read it: all of it, or what their own events and the neutral ones add up to."""
    return _without_colleagues(case, who) if is_hidden(case, who, settings, group=group) else case


def may_read(event: Event, who: Reviewer | None) -> bool:
    """Whether somebody who is blind on the claim may read this event of it."""
    return event.kind in NEUTRAL or (who is not None and reviewer_key(event.actor) == reviewer_key(who))


def called_the_same(cases: Mapping[str, Case]) -> dict[str, frozenset[str]]:
    """The other claims in the group of each claim that is in one, by id. Of two words on a pair the later counts."""
    words = {
        frozenset((event.subject_id, event.payload["claim_id"])): event.payload["judgement"]
        for event in sorted(_judged(cases.values()), key=lambda event: event.seq)
    }
    group: dict[str, set[str]] = {}
    for pair in (pair for pair, word in words.items() if word == "same"):
        joined = set[str]().union(*(group.get(one, {one}) for one in pair))
        group |= dict.fromkeys(joined, joined)
    return {one: frozenset(together - {one}) for one, together in group.items()}


def _judged(cases: Iterable[Case]) -> list[Event]:
    return [event for case in cases for event in case.events if event.kind == SIMILARITY_JUDGED]


def _has_judged(case: Case, who: Reviewer | None) -> bool:
    return who is not None and any(reviewer_key(verdict.reviewer) == reviewer_key(who) for verdict in case.verdicts)


def _all_in(case: Case) -> bool:
    return bool(current_verdicts(case.verdicts)) and not reviews_missing(case.verdicts)


def _without_colleagues(case: Case, who: Reviewer | None) -> Case:
    events: Sequence[Event] = [event for event in case.events if may_read(event, who)]
    drafting = [name for name in case.drafted_by if who is not None and name == who.display_name]
    seen = fold_case(events, drafted_by=drafting)
    return seen.model_copy(update={"claim": case.claim, "is_blind": True})  # the same claim, for what is kept by it
