"""Who is to judge which claims, and which claims are checked no more: said of one or of many at once.

What lives here: the verbs, and the report of what was left out. What does not: when one is refused (review/assignment.py, in
the transaction), what else people say of a claim (desk_matters.py), which claims come first (queue/).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from workbench import review
from workbench.cases import Cases
from workbench.errors import Refused, UnknownId, UsageError, WorkbenchError
from workbench.ledger import Check, Ledger
from workbench.models import Case, NewEvent, Record, Reviewer

AT_ONCE = 1_000  # claims of one bulk action: the ledger is held for so long as their cases are looked at


class LeftOut(Record):
    """A claim that an action on many did not change, and why."""

    claim_id: str
    why: str


class Done(Record):
    """What came of an action on many claims: stored together, in one transaction, or not at all."""

    claim_ids: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


class Assignments:
    """The assignments of one workspace."""

    def __init__(self, cases: Cases, ledger: Ledger) -> None:
        self._cases = cases
        self._ledger = ledger

    def assign(
        self, claim_ids: Sequence[str], reviewers: Sequence[Reviewer], *, actor: Reviewer, instead: bool = False
    ) -> Done:
        """Have reviewers judge claims, as well as whoever is to already; with `instead`, in place of them.

        Raises: UsageError for nobody, or too many claims at once.
        """
        if not reviewers:
            raise UsageError("Nobody is named.", hint="Name who is to judge the claims.")
        wanted = [self._event(claim_id, "claim-assigned", one, actor) for claim_id in _some(claim_ids) for one in reviewers]
        ended = self._ended(claim_ids, [], but=reviewers, actor=actor) if instead else []
        return self.each([*ended, *wanted], _check_of)

    def end(self, claim_ids: Sequence[str], reviewers: Sequence[Reviewer], *, actor: Reviewer) -> Done:
        """End the assignments of these reviewers; of everybody where none is named. Raises: UsageError."""
        ended = self._ended(_some(claim_ids), reviewers, actor=actor)
        done = self.each(ended, _check_of)
        nobody = [one for one in dict.fromkeys(claim_ids) if one not in {event.subject_id for event in ended}]
        left_out = tuple(LeftOut(claim_id=one, why=f"{one} is assigned to nobody.") for one in nobody)
        return Done(claim_ids=done.claim_ids, left_out=(*done.left_out, *left_out))

    def take(self, claim_id: str, reviewer: Reviewer) -> Case:
        """Have a reviewer take a claim that is nobody else's. Raises: UnknownId, Refused where a colleague was quicker."""
        self._cases.get(claim_id)
        self._ledger.append(self._event(claim_id, "claim-assigned", reviewer, reviewer), review.check_take(reviewer))
        return self._cases.get(claim_id)

    def retire(self, claim_ids: Sequence[str], reason: str, *, actor: Reviewer) -> Done:
        """Take claims out of the queue; their records stay, and they can be restored. Raises: UsageError, Refused."""
        if not reason.strip():
            raise Refused(
                "Retiring a claim needs its reason.", hint="Say in a few words why it is not checked.", code="no_reason"
            )
        events = [self._cases.event(one, "claim-retired", {"reason": reason.strip()}, actor=actor) for one in _some(claim_ids)]
        return self.each(events, lambda _: review.check_retire)

    def restore(self, claim_ids: Sequence[str], *, actor: Reviewer) -> Done:
        """Put retired claims back. Raises: UsageError."""
        events = [self._cases.event(one, "claim-restored", {}, actor=actor) for one in _some(claim_ids)]
        return self.each(events, lambda _: review.check_retire)

    def each(self, events: Sequence[NewEvent], check: Callable[[NewEvent], Check]) -> Done:
        """Store what each check lets through, all of it or none; say what was left out, in the order asked."""
        _some([event.subject_id for event in events])
        stored, refused = self._ledger.append_each(events, check)
        return Done(
            claim_ids=tuple(dict.fromkeys(event.subject_id for event in stored)),
            left_out=tuple(LeftOut(claim_id=event.subject_id, why=_why(event, error)) for event, error in refused),
        )

    def _ended(
        self, claim_ids: Sequence[str], reviewers: Sequence[Reviewer], *, but: Sequence[Reviewer] = (), actor: Reviewer
    ) -> list[NewEvent]:
        """The end of each assignment of those named (of all where none is), but of some."""
        named, kept = set(map(review.reviewer_key, reviewers)), set(map(review.reviewer_key, but))
        cases = self._cases.all()
        return [
            self._event(one, "assignment-ended", given.reviewer, actor)
            for one in dict.fromkeys(claim_ids)
            if one in cases
            for given in cases[one].assignments
            if (not named or review.reviewer_key(given.reviewer) in named) and review.reviewer_key(given.reviewer) not in kept
        ]

    def _event(self, claim_id: str, kind: str, reviewer: Reviewer, actor: Reviewer) -> NewEvent:
        payload: dict[str, Any] = {"reviewer": reviewer.model_dump(mode="json")}
        return self._cases.event(claim_id, kind, payload, actor=actor)


def _check_of(event: NewEvent) -> Check:
    reviewer = Reviewer.model_validate(event.payload["reviewer"])
    return review.check_assign(reviewer) if event.kind == "claim-assigned" else review.check_end(reviewer)


def _why(event: NewEvent, error: WorkbenchError) -> str:
    return f"There is no claim {event.subject_id!r}." if isinstance(error, UnknownId) else error.message


def _some(claim_ids: Sequence[str]) -> list[str]:
    """Each claim once. Raises: UsageError for more than one action takes."""
    once = list(dict.fromkeys(claim_ids))
    if len(once) > AT_ONCE:
        raise UsageError(f"{len(once):,} claims are too many at once.", hint=f"Choose at most {AT_ONCE:,}.", code="too_many")
    return once
