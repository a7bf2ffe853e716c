"""The queue: every claim with what its events add up to, found by filter, in a documented order; what waits for whom.

    rows.py      which filter lets which row of the register pass, and which comes first: pure
    address.py   a filter as an address, and back: pure
    lists.py     filters kept under a name
    progress.py  what was decided when, and what waits since when: pure

What does not live here: what a status is (review/), who is assigned to what (assignments.py). What is found is kept while no
event is stored, so that a click on a page costs what it changes and not what there is.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, TypeVar

from workbench.assignments import Assignments
from workbench.casebook import Casebook
from workbench.cases import Cases
from workbench.errors import Refused
from workbench.kept_names import KeptNames
from workbench.ledger import Ledger
from workbench.models import ME, Case, QueueFilter, Reviewer, SavedList, Status
from workbench.queue.address import NAMES, as_address, from_address
from workbench.queue.progress import AGES, Progress, progress_of
from workbench.queue.rows import chosen, counted_by_name, due_in, next_of
from workbench.register import Row
from workbench.review import reviewer_key

__all__ = [
    "AGES",
    "NAMES",
    "Facets",
    "Progress",
    "Queue",
    "Row",
    "Today",
    "as_address",
    "due_in",
    "from_address",
]

T = TypeVar("T")
HELD = 64  # filters whose rows are kept at once: of as many people
TRIES = 5  # claims that are tried where colleagues take the same ones in the same moment


@dataclass(frozen=True)
class Facets:
    """What there is to filter by, counted, retired claims left out: names in the order of the alphabet."""

    statuses: Mapping[Status, int]
    waiting: int
    retired: int
    topics: Mapping[str, int]
    claimants: Mapping[str, int]
    people: Mapping[str, int]

    @property
    def total(self) -> int:
        """How many claims are not retired."""
        return sum(self.statuses.values())


@dataclass(frozen=True)
class Today:
    """What waits for somebody. overdue, soon: of what is assigned to them. disagreements, rechecks: on what they judged.

    unclaimed: overdue claims that are nobody's.
    """

    assigned: int
    overdue: int
    soon: int
    drafts: int
    disagreements: int
    rechecks: int
    unclaimed: int


@dataclass
class _Seen:
    """The cases of one state of the ledger, and what was found among their rows."""

    cases: Casebook | None
    rows: list[Row]
    found: dict[object, Any] = field(default_factory=dict)

    @cached_property
    def facets(self) -> Facets:
        """What there is to filter by."""
        here = [row for row in self.rows if not row.retired]
        return Facets(
            statuses=Counter(row.status for row in here),
            waiting=sum(row.waits for row in here),
            retired=len(self.rows) - len(here),
            topics=counted_by_name(Counter(topic for row in here for topic in dict.fromkeys(row.topics))),
            claimants=counted_by_name(Counter(row.claimant for row in here if row.claimant)),
            people=counted_by_name(Counter(name for row in here for name in row.names)),
        )


class Queue:
    """The queue of one workspace. Safe to share between threads."""

    def __init__(
        self,
        cases: Cases,
        ledger: Ledger,
        assignments: Assignments,
        now: Callable[[], datetime],
        *,
        is_in_overlap: Callable[[str], bool],
    ) -> None:
        self.is_in_overlap = is_in_overlap
        self._cases = cases
        self._assignments = assignments
        self._now = now
        self._lock = threading.RLock()
        self._seen = _Seen(None, [])
        self.lists = KeptNames(ledger, now, word="list", model=SavedList, to_save="workbench claims lists save NAME")

    @property
    def today(self) -> date:
        """The day that due days are held against (UTC)."""
        return self._now().date()

    def facets(self) -> Facets:
        """What there is to filter by, counted."""
        return self._now_seen().facets

    def find(self, wanted: QueueFilter, *, who: Reviewer | None = None) -> list[Row]:
        """The claims a filter lets pass, in its order. who: whoever looks, for what is theirs."""
        mine = reviewer_key(who) if who and wanted.person == ME else None
        return self._held((wanted, mine, self.today), lambda rows: self._chosen(rows, wanted, who))

    def _chosen(self, rows: list[Row], wanted: QueueFilter, who: Reviewer | None) -> list[Row]:
        if wanted.sample is not None:
            rows = [row for row in rows if self.is_in_overlap(row.claim_id) == (wanted.sample == "overlap")]
        return chosen(rows, wanted, who=who, today=self.today)

    def next_for(self, who: Reviewer, wanted: QueueFilter | None = None) -> list[Row]:
        """The claims somebody may take among those of a filter, in the order they would be given (rows.py says which)."""
        urgent = (wanted or QueueFilter()).model_copy(update={"order": "urgent"})
        among = self.find(urgent, who=who)
        return self._held((urgent, reviewer_key(who), self.today, "next"), lambda _: next_of(among, who, self._cases.get))

    def take_next(self, who: Reviewer, wanted: QueueFilter | None = None) -> Case | None:
        """Have somebody take the next claim; None where there is none. One that a colleague takes first is passed over."""
        for row in self.next_for(who, wanted)[:TRIES]:
            try:
                return self._assignments.take(row.claim_id, who)
            except Refused as error:
                if error.code not in ("taken", "recused", "retired"):
                    raise
        return None

    def waits_for(self, who: Reviewer) -> Today:
        """What waits for somebody, counted."""
        return self._held(("waits", reviewer_key(who), self.today), lambda rows: self._waits_for(who, rows))

    def progress(self, who: Reviewer | None) -> Progress:
        """What was decided in the last weeks, and what waits since when. who: whoever looks, for what is theirs."""
        seen = ("progress", reviewer_key(who) if who else None, self.today)
        return self._held(seen, lambda rows: progress_of(rows, self._cases.get, who=who, today=self.today))

    def _waits_for(self, who: Reviewer, everything: list[Row]) -> Today:
        rows = [row for row in everything if row.waits]
        key, today = reviewer_key(who), self.today
        mine = [row for row in rows if key in row.people]
        again = [self._cases.get(row.claim_id) for row in rows if row.status in ("disagreement", "recheck")]
        judged = [case for case in again if any(reviewer_key(one.reviewer) == key for one in case.verdicts)]
        due = Counter(due_in(row.due, today) for row in mine)
        return Today(
            assigned=len(mine),
            overdue=due["overdue"],
            soon=due["in-7-days"],
            drafts=sum(who.display_name in row.drafted_by for row in rows),
            disagreements=sum(case.status == "disagreement" for case in judged),
            rechecks=sum(case.status == "recheck" for case in judged),
            unclaimed=sum(not row.people and due_in(row.due, today) == "overdue" for row in rows),
        )

    def _held(self, asked: object, find: Callable[[list[Row]], T]) -> T:
        """What was found, kept while the cases are as they were."""
        seen = self._now_seen()
        with self._lock:
            if asked not in seen.found:
                if len(seen.found) >= HELD:
                    seen.found.pop(next(iter(seen.found)))
                seen.found[asked] = find(seen.rows)
            found: T = seen.found[asked]
            return found

    def _now_seen(self) -> _Seen:
        """The rows as the cases are now."""
        with self._lock:
            cases = self._cases.all()
            if self._seen.cases is not cases:
                self._seen = _Seen(cases, list(cases.rows.values()))
            return self._seen
