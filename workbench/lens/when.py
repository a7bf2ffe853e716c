"""What a date in a text says, as far as it says it."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from typing import Literal, NamedTuple

FIRST_YEAR, LAST_YEAR = 1000, 2199  # four digits outside these are a figure
Side = Literal["before", "on", "after"]


class Point(NamedTuple):
    """A date as far as it is known."""

    year: int | None = None
    month: int | None = None
    day: int | None = None


@dataclass(frozen=True, slots=True)
class When:
    """A date in a text. first, last: the ends of what it covers, the same for a single date; weekday: Monday is 0."""

    start: int
    end: int
    first: Point
    last: Point
    weekday: int | None = None
    side: Side = "on"
    spelled: str = ""
    relative: bool = False
    anchor: frozenset[str] = frozenset()  # counted from an event, by its roots: "two months after the coup"
    offset: int = 0  # days from it
    ends: bool = False  # both ends were said ("from 1 to 5 May"), not a span with a name ("the 1990s")

    @property
    def is_range(self) -> bool:
        """Whether two ends were named."""
        return self.first != self.last


def is_real(point: Point) -> bool:
    """Whether the calendar has such a date."""
    if point.year is not None and not FIRST_YEAR <= point.year <= LAST_YEAR:
        return False
    if point.month is None:
        return point.day is None
    if not 1 <= point.month <= 12:
        return False
    longest = calendar.monthrange(point.year or 2000, point.month)[1]
    return point.day is None or 1 <= point.day <= longest
