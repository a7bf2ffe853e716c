"""What people say of claims at the desk: due day, priority, topics, why they are checked, their context, fields of their own.

What lives here: saying it of one claim or of many, and taking it back. What does not: whose word counts and when one is refused
(review/). A word is an event and stands over the claim file, which is never rewritten where somebody wrote it; a file that is
as the workbench wrote it is brought up to what was said of its claim alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from workbench import review
from workbench.assignments import Assignments, Done
from workbench.cases import Cases
from workbench.claims import custom_faults
from workbench.errors import ClaimFileError, Refused, UsageError
from workbench.ledger import Ledger
from workbench.models import Case, Priority, Reviewer
from workbench.settings import CustomField
from workbench.tongue import N_

SAID = "desk-matters-said"
LABELS = {
    "priority": N_("Priority"),
    "due": N_("Due"),
    "topics": N_("Topics"),
    "why_checked": N_("Why it is checked"),
    "context": N_("Context"),
    "custom": N_("Fields of the workspace"),
    review.AFFILIATION: N_("Counted with"),
}  # as people call the matters, in the order they are asked for
MOST = 10_000  # characters of a reason or a context


@dataclass(frozen=True)
class Edited:
    """What came of an edit: the case as it is now, the fields somebody else had changed meanwhile, which were kept as they are.

    in_file: the claim file says it too.
    """

    case: Case
    kept: tuple[str, ...]
    in_file: bool


class DeskMatters:
    """The desk matters of the claims of one workspace. fields: those it gives its claims."""

    def __init__(self, cases: Cases, ledger: Ledger, assignments: Assignments, *, fields: Sequence[CustomField] = ()) -> None:
        self._cases = cases
        self._ledger = ledger
        self._assignments = assignments
        self._fields = fields

    def values(self, claim_id: str) -> dict[str, Any]:
        """Every matter of a claim as JSON, with the latest word on each. Raises: UnknownId."""
        return review.values_of(self._cases.get(claim_id).claim)

    def edit(
        self,
        claim_id: str,
        said: Mapping[str, Any],
        *,
        cleared: Sequence[str] = (),
        seen: Mapping[str, Any] | None = None,
        actor: Reviewer,
    ) -> Edited:
        """Take a person's word on matters of one claim, or take one back; edits that cross both stay.

        seen: the values on the form when it was opened. Raises: UnknownId, Refused for a value that cannot be or where nothing
        changes.
        """
        case = self._cases.get(claim_id)
        self._refuse_wrong(said)
        check, crossed = review.check_matters(said, cleared, seen=seen)
        self._ledger.append(self._cases.event(case.claim.id, SAID, {"said": {}}, actor=actor), check)
        return Edited(self._cases.get(claim_id), tuple(crossed), self._brought_up(claim_id, actor))

    def set_due(self, claim_ids: Sequence[str], due: date | None, *, actor: Reviewer) -> Done:
        """Say when claims are to be decided; None: no day. Raises: UsageError."""
        return self._say(claim_ids, {"due": due.isoformat() if due else None}, actor)

    def set_priority(self, claim_ids: Sequence[str], priority: Priority, *, actor: Reviewer) -> Done:
        """Say how urgent claims are. Raises: UsageError."""
        return self._say(claim_ids, {"priority": priority}, actor)

    def take_back(self, claim_ids: Sequence[str], fields: Sequence[str], *, actor: Reviewer) -> Done:
        """Have the claim files count again for these matters. Raises: UsageError."""
        events = [self._cases.event(one, SAID, {"said": {}}, actor=actor) for one in dict.fromkeys(claim_ids)]
        return self._assignments.each(events, lambda _: review.check_matters({}, fields)[0])

    def change_topics(
        self, claim_ids: Sequence[str], *, add: Sequence[str] = (), remove: Sequence[str] = (), actor: Reviewer
    ) -> Done:
        """Put claims on topics and take them off others, whatever other topics they have. Raises: UsageError."""
        added, removed = _topics(add), _topics(remove)
        if not added and not removed:
            raise UsageError("No topic is named.", hint="Name topics to add or to remove.")
        events = [self._cases.event(one, SAID, {"said": {}}, actor=actor) for one in dict.fromkeys(claim_ids)]
        return self._assignments.each(events, lambda _: review.check_topics(added, removed))

    def _say(self, claim_ids: Sequence[str], said: Mapping[str, Any], actor: Reviewer) -> Done:
        events = [self._cases.event(one, SAID, {"said": {}}, actor=actor) for one in dict.fromkeys(claim_ids)]
        return self._assignments.each(events, lambda _: review.check_matters(said)[0])

    def _refuse_wrong(self, said: Mapping[str, Any]) -> None:
        faults = [fault for _, fault in custom_faults(said.get("custom") or {}, self._fields)]
        long = [
            f"{LABELS[name]} has {len(said[name]):,} characters; the most is {MOST:,}"
            for name in ("why_checked", "context")
            if len(said.get(name) or "") > MOST
        ]
        if faults or long:
            raise Refused(
                f"{'; '.join([*faults, *long])}.", hint="Correct it and try again; nothing was written.", code="bad_value"
            )

    def _brought_up(self, claim_id: str, actor: Reviewer) -> bool:
        """Have a claim file that is as the workbench wrote it say what was said; whether it does now."""
        case = self._cases.get(claim_id)
        stated = review.claim_as_stated(case.events)
        if stated is None or not self._cases.is_as_written(case):
            return False
        restated = review.with_matters(stated, review.values_of(case.claim))
        if restated == stated:
            return True
        try:
            self._cases.add([], changed=[restated], actor=actor)
        except ClaimFileError:  # somebody edited the file just now: it is theirs, and the word stands beside it
            return False
        return True


def _topics(given: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(folded for one in given if (folded := " ".join(one.split()))))
