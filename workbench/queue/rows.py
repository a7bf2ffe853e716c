"""Which rows of the register a filter of the queue lets pass, and which comes first. Pure: no disk, no clock.

The order that is called urgent: what waits for somebody before what does not; of what waits, first what is overdue, then what
is due within seven days, the earliest day first; then everything else by priority. Where two are alike the one that was added
first comes first. A day further off than a week says nothing of today: it orders claims only within their priority.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from workbench.models import ME, NOBODY, Case, QueueFilter, Reviewer
from workbench.register import Row
from workbench.review import reviewer_key

SOON = 7  # days in which a due day comes before any priority
RANK = {"high": 0, "normal": 1, "low": 2}
AGES = {"last-7-days": (0, 7), "over-7-days": (8, None), "over-30-days": (31, None), "over-90-days": (91, None)}


def chosen(rows: Sequence[Row], wanted: QueueFilter, *, who: Reviewer | None, today: date) -> list[Row]:
    """The rows a filter lets pass, in its order. who: whoever looks; without one nothing is theirs."""
    passing = [row for row in rows if _has_status(row, wanted) and _is_wanted(row, wanted)]
    for word in wanted.text.casefold().split():
        passing = [row for row in passing if word in row.words]
    if wanted.person is not None:
        passing = [row for row in passing if _is_of(row, wanted.person, who)]
    if wanted.age is not None:
        least, most = AGES[wanted.age]
        passing = [
            row for row in passing if least <= (today - row.added).days and (most is None or (today - row.added).days <= most)
        ]
    if wanted.due is not None:
        passing = [row for row in passing if due_in(row.due, today) == wanted.due]
    return in_order(passing, wanted.order, today)


def in_order(rows: Sequence[Row], order: str, today: date) -> list[Row]:
    """The rows in one of the orders."""
    if order == "urgent":
        return sorted(rows, key=lambda row: urgency(row, today))
    return sorted(rows, key=lambda row: row.number, reverse=order == "newest")


def urgency(row: Row, today: date) -> tuple[bool, bool, date, int, date, int]:
    """What the urgent order sorts by; less is sooner."""
    due = row.due
    soon = due if due is not None and due <= today + timedelta(days=SOON) else None
    rank = RANK[row.priority]
    return not row.waits, soon is None, soon or date.max, rank, due or date.max, row.number


def due_in(due: date | None, today: date) -> str:
    """How far off a day is, in the words of a filter."""
    if due is None:
        return "no-day"
    return "overdue" if due < today else "in-7-days" if due <= today + timedelta(days=SOON) else "later"


def _has_status(row: Row, wanted: QueueFilter) -> bool:
    if row.retired or wanted.status == "retired":
        return row.retired and wanted.status == "retired"
    return wanted.status is None or row.status == wanted.status or (wanted.status == "waiting" and row.waits)


def _is_wanted(row: Row, wanted: QueueFilter) -> bool:
    return (
        (wanted.topic is None or wanted.topic in row.topics)
        and (wanted.priority is None or row.priority == wanted.priority)
        and (wanted.claimant is None or row.claimant == wanted.claimant)
    )


def _is_of(row: Row, person: str, who: Reviewer | None) -> bool:
    if person == NOBODY:
        return not row.people
    if person == ME:
        return who is not None and reviewer_key(who) in row.people
    return person in row.names


def may_take(row: Row, who: Reviewer, open_case: Callable[[str], Case]) -> bool:
    """Whether a claim is one to give somebody who asks for the next: it waits, and is nobody else's work.

    Not where it is assigned to others only, somebody else began a draft, they recused, or they have judged it as it stands.
    """
    key = reviewer_key(who)
    if not row.waits or (row.people and key not in row.people) or key in row.recused:
        return False
    if any(name != who.display_name for name in row.drafted_by):
        return False
    if not row.has_verdict:
        return True
    case = open_case(row.claim_id)
    return not any(
        one.state == "current" and reviewer_key(one.reviewer) == key and one.claim_hash == case.claim.content_hash
        for one in case.verdicts
    )


def next_of(urgent: Sequence[Row], who: Reviewer, open_case: Callable[[str], Case]) -> list[Row]:
    """The claims somebody may take, as they would be given: their own first, then those of nobody, each in the urgent order.

    urgent: rows in that order.
    """
    key = reviewer_key(who)
    return sorted((row for row in urgent if may_take(row, who, open_case)), key=lambda row: key not in row.people)


def counted_by_name(found: Mapping[str, int]) -> dict[str, int]:
    """Names with their counts, in the order of the alphabet."""
    return dict(sorted(found.items(), key=lambda item: item[0].casefold()))
