"""Who must not judge a claim: the checks of a recusal, and of a save by somebody who recused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from workbench.errors import Refused
from workbench.models import Event, NewEvent, Reviewer
from workbench.review.fold import reviewer_key


def _has_recused(reviewer: Reviewer, events: Iterable[Event]) -> bool:
    """Whether that reviewer's latest word on judging the claim is that they must not."""
    kinds = ("reviewer-recused", "recusal-withdrawn")
    said = [one.kind for one in events if one.kind in kinds and reviewer_key(one.actor) == reviewer_key(reviewer)]
    return bool(said) and said[-1] == "reviewer-recused"


def refuse_recused(reviewer: Reviewer, events: Sequence[Event]) -> None:
    """Raises: Refused where that reviewer recused from the claim and did not take it back."""
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
