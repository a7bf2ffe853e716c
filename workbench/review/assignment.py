"""Who is to judge a claim, and what of it people say at the desk: the checks of one such word, inside the transaction.

What lives here: when an assignment, its end, a retirement, a restoring or a word on desk matters is refused, and when it would
change nothing. What does not: the fold of them (fold.py, desk_matters.py), saying them of many claims (assignments.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from workbench.errors import Conflict, Refused
from workbench.models import Case, Event, NewEvent, Reviewer
from workbench.review.desk_matters import AFFILIATION, MATTERS, values_of, with_matters
from workbench.review.fold import fold_case, reviewer_key

CaseCheck = Callable[[NewEvent, Sequence[Event]], NewEvent | Event]
NOTHING = "Nothing was written."


def _of_case(rule: Callable[[Case], None]) -> CaseCheck:
    """A check that asks a rule about the case as it stands in the transaction."""

    def check(event: NewEvent, events: Sequence[Event]) -> NewEvent:
        rule(fold_case(events))
        return event

    return check


def _is_assigned(case: Case, reviewer: Reviewer) -> bool:
    return any(reviewer_key(one.reviewer) == reviewer_key(reviewer) for one in case.assignments)


def _refuse_retired(case: Case) -> None:
    if case.retired:
        raise Refused(f"{case.claim.id} is retired.", hint="Restore it first.", code="retired")


def check_assign(reviewer: Reviewer) -> CaseCheck:
    """Somebody is to judge a claim. Raises: Refused where they are already, recused from it, or the claim is retired."""

    def rule(case: Case) -> None:
        _refuse_retired(case)
        if any(reviewer_key(one.reviewer) == reviewer_key(reviewer) for one in case.recusals):
            raise Refused(f"{reviewer.display_name} recused from {case.claim.id}.", hint="Assign a colleague.", code="recused")
        if _is_assigned(case, reviewer):
            raise Refused(f"{case.claim.id} is assigned to {reviewer.display_name} already.", hint=NOTHING, code="assigned")

    return _of_case(rule)


def check_take(reviewer: Reviewer) -> CaseCheck:
    """Somebody takes a claim that is nobody else's. Raises: Refused where a colleague was quicker, and as `check_assign`."""

    def rule(case: Case) -> None:
        theirs = [one.reviewer.display_name for one in case.assignments if reviewer_key(one.reviewer) != reviewer_key(reviewer)]
        if theirs:
            hint = "Take another one; or have it assigned to you as well."
            raise Refused(f"{case.claim.id} is assigned to {', '.join(theirs)}.", hint=hint, code="taken")

    def check(event: NewEvent, events: Sequence[Event]) -> NewEvent | Event:
        case = fold_case(events)
        rule(case)
        if _is_assigned(case, reviewer):
            return events[-1]  # theirs already: nothing is to be written
        return check_assign(reviewer)(event, events)

    return check


def check_end(reviewer: Reviewer) -> CaseCheck:
    """An assignment ends. Raises: Refused where there is none."""

    def rule(case: Case) -> None:
        if not _is_assigned(case, reviewer):
            raise Refused(f"{case.claim.id} is not assigned to {reviewer.display_name}.", hint=NOTHING, code="not_assigned")

    return _of_case(rule)


def check_retire(event: NewEvent, events: Sequence[Event]) -> NewEvent:
    """A claim is retired, or restored. Raises: Refused where it is so already."""
    if fold_case(events).retired == (event.kind == "claim-retired"):
        told = "retired already" if event.kind == "claim-retired" else "not retired"
        raise Refused(f"{event.subject_id} is {told}.", hint=NOTHING, code="already_so")
    return event


def check_topics(add: Sequence[str], remove: Sequence[str]) -> CaseCheck:
    """Topics are added and taken out, whatever other topics there are by then. Raises: Refused where that changes nothing."""

    def check(event: NewEvent, events: Sequence[Event]) -> NewEvent:
        topics = fold_case(events).claim.topics
        wanted = [*(one for one in topics if one not in remove), *(one for one in add if one not in topics)]
        if wanted == list(topics):
            raise Refused(f"{event.subject_id} has these topics already.", hint=NOTHING, code="already_so")
        return event.model_copy(update={"payload": {"said": {"topics": wanted}}})

    return check


def check_matters(
    said: Mapping[str, Any], cleared: Sequence[str] = (), *, seen: Mapping[str, Any] | None = None
) -> tuple[CaseCheck, list[str]]:
    """(the check of a word on desk matters, the fields it left as somebody else had changed them: filled when it runs).

    seen: the values on the form when it was opened; a field that no longer has that value is kept. None: whatever it has is
    replaced. The check raises Refused for a value that cannot be and where nothing is left to say, Conflict where all of it was
    changed meanwhile.
    """
    crossed: list[str] = []

    def check(event: NewEvent, events: Sequence[Event]) -> NewEvent:
        case = fold_case(events)
        unknown = sorted({*said, *cleared} - set(MATTERS))
        if unknown:
            hint = f"These can: {', '.join(MATTERS)}."
            raise Refused(f"{', '.join(unknown)} cannot be said at the desk.", hint=hint, code="bad_field")
        now, beside = values_of(case.claim), {one.field for one in case.desk_words if one.beside_file}
        wanted = {name: value for name, value in said.items() if now[name] != value}
        taken_back = [name for name in cleared if name in beside and name not in wanted]
        crossed[:] = [name for name in wanted if seen is not None and name in seen and now[name] != seen[name]]
        wanted = {name: value for name, value in wanted.items() if name not in crossed}
        if crossed and not wanted:
            hint = "Nothing was written. Look at what it says now, then say it again."
            raise Conflict(f"Somebody else changed {', '.join(crossed)} of {event.subject_id} meanwhile.", hint=hint)
        if not wanted and not taken_back:
            raise Refused(f"Nothing of {event.subject_id} is changed by this.", hint=NOTHING, code="already_so")
        _refuse_impossible(case, wanted)
        payload = {"said": wanted, **({"cleared": taken_back} if taken_back else {})}
        return event.model_copy(update={"payload": payload})

    return check, crossed


def _refuse_impossible(case: Case, wanted: Mapping[str, Any]) -> None:
    if wanted.get(AFFILIATION) and case.claim.claimant is None:
        hint = "Say who made the claim in its file first."
        raise Refused(f"{case.claim.id} names no claimant to be counted with anybody.", hint=hint, code="no_claimant")
    try:
        with_matters(case.claim, wanted)
    except ValidationError as error:
        reason = "; ".join(f"{one['loc'][0] if one['loc'] else 'value'}: {one['msg']}" for one in error.errors())
        raise Refused(
            f"{case.claim.id} was not changed: {reason}.", hint="Correct the value and try again.", code="bad_value"
        ) from error
