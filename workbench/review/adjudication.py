"""What a referee's verdict must satisfy: it settles a disagreement, between all the verdicts that stand, by somebody else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from workbench.errors import Conflict, Refused
from workbench.models import Event, Reviewer, StoredVerdict, VerdictRequest
from workbench.review.fold import current_verdicts, fold_case, reviewer_key
from workbench.settings import ReviewSettings


def disputed(verdicts: Iterable[StoredVerdict], referee: Reviewer) -> list[StoredVerdict]:
    """What a referee decides between, oldest first: the verdicts that stand, but for an earlier ruling of their own."""
    return [one for one in current_verdicts(verdicts) if not (one.adjudicates and _is_by(one, referee))]


def ruling(request: VerdictRequest, verdicts: Iterable[StoredVerdict]) -> VerdictRequest:
    """The request as a referee's, between the verdicts that stand. Raises: Refused where none stands."""
    between = tuple(one.hash for one in disputed(verdicts, request.reviewer))
    if not between:
        raise Refused(
            f"Nobody's verdict stands on {request.claim_id}: there is no disagreement to settle.",
            hint=f"Nothing was written. Record a verdict: workbench verdict record {request.claim_id}",
            code="nothing_to_adjudicate",
        )
    return request.model_copy(update={"adjudicates": between})


def refuse_ruling(request: VerdictRequest, events: Sequence[Event], settings: ReviewSettings) -> None:
    """Raises: Refused where there is nothing to settle, or the referee is one of those who disagree and the policy does not
    allow that; Conflict where other verdicts stand now than the referee read.
    """
    if not request.adjudicates:
        return
    case = fold_case(events)
    if case.status != "disagreement":
        raise Refused(
            f"There is no disagreement on {request.claim_id} to settle: its status is {case.status}.",
            hint=f"Nothing was written. Read where it stands: workbench verdict show {request.claim_id}",
            code="nothing_to_adjudicate",
        )
    between = disputed(case.verdicts, request.reviewer)
    if not settings.referee_may_review and any(_is_by(one, request.reviewer) for one in between):
        raise Refused(
            f"{request.reviewer.display_name} is one of those who disagree on {request.claim_id}, and cannot settle it.",
            hint="Nothing was written. Let a colleague settle it, or set referee_may_review under [review] in workbench.toml.",
            code="own_disagreement",
        )
    if set(request.adjudicates) != {one.hash for one in between}:
        raise Conflict(
            f"The verdicts on {request.claim_id} are not those this ruling decides between: one is newer than it.",
            hint="Nothing was written. Read the verdicts that stand now, then save again.",
        )


def _is_by(verdict: StoredVerdict, reviewer: Reviewer) -> bool:
    return reviewer_key(verdict.reviewer) == reviewer_key(reviewer)
