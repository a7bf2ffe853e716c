"""How far the work is: what was decided in each week, and what waits since when. Pure: rows and cases in, counts out.

What lives here: counting. What does not: who or what is checked how often (balance.py), drawing (ui/). A week begins on Monday,
and the days are those of UTC. Counted is work as it was done: a verdict that was revised is work twice, a void one is none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta

from workbench.models import Case, Record, Reviewer, Status
from workbench.register import Row
from workbench.review import reviewer_key
from workbench.tongue import N_

WEEKS = 12
AGES = (
    (N_("up to a week"), 7),
    (N_("up to a month"), 30),
    (N_("up to three months"), 90),
    (N_("longer"), None),
)  # days since it was added


class Week(Record):
    """The verdicts recorded in one week. begins: its Monday. mine: those of whoever looks. ratings: how many of each label."""

    begins: date
    verdicts: int
    mine: int
    ratings: dict[str, int]


class Waiting(Record):
    """How many claims of one status were added how long ago."""

    status: Status
    age: str
    claims: int


class Progress(Record):
    """What rows of claims add up to.

    weeks: the last twelve, the oldest first, those without a verdict too. ratings: labels given in them, the commonest first.
    days_to_verdict: the median from a claim's adding to its first verdict, of verdicts in those weeks, None where none.
    """

    weeks: tuple[Week, ...]
    waiting: tuple[Waiting, ...]
    ratings: tuple[str, ...]
    days_to_verdict: float | None
    by_person: dict[str, int]


def progress_of(rows: Iterable[Row], open_case: Callable[[str], Case], *, who: Reviewer | None, today: date) -> Progress:
    """What rows of claims add up to. open_case: the case of a claim id. who: whoever looks, for what is theirs."""
    here = [row for row in rows if not row.retired]
    this_week = today - timedelta(days=today.weekday())
    begins = [this_week - timedelta(weeks=back) for back in reversed(range(WEEKS))]
    key = reviewer_key(who) if who else None
    counts: Counter[date] = Counter()
    mine: Counter[date] = Counter()
    labels: dict[date, Counter[str]] = {week: Counter() for week in begins}
    people: Counter[str] = Counter()
    days: list[int] = []
    for row in here:
        for place, verdict in enumerate(open_case(row.claim_id).verdicts if row.has_verdict else ()):
            day = verdict.created_at.date()
            week = day - timedelta(days=day.weekday())
            if verdict.state == "void" or week not in labels:
                continue
            counts[week] += 1
            mine[week] += key is not None and reviewer_key(verdict.reviewer) == key
            labels[week][verdict.rating.label] += 1
            people[verdict.reviewer.display_name] += 1
            if place == 0:
                days.append(max((day - row.added).days, 0))  # of an imported record the verdict may be the older one
    given: Counter[str] = sum(labels.values(), Counter())
    return Progress(
        weeks=tuple(Week(begins=week, verdicts=counts[week], mine=mine[week], ratings=dict(labels[week])) for week in begins),
        waiting=_waiting(here, today),
        ratings=tuple(label for label, _ in given.most_common()),
        days_to_verdict=_median(days),
        by_person=dict(people.most_common()),
    )


def _waiting(rows: Sequence[Row], today: date) -> tuple[Waiting, ...]:
    counted = Counter((row.status, _age((today - row.added).days)) for row in rows if row.waits)
    return tuple(Waiting(status=status, age=age, claims=number) for (status, age), number in sorted(counted.items()))


def _age(days: int) -> str:
    return next(name for name, most in AGES if most is None or days <= most)


def _median(values: Sequence[int]) -> float | None:
    ordered = sorted(values)
    if not ordered:
        return None
    middle = len(ordered) // 2
    return float(ordered[middle]) if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
