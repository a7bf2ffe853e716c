"""Dates set side by side: the same as far as both are known, or not; and whether they date the same event."""

from __future__ import annotations

import calendar
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from workbench.lens.concepts import EVENTS, LIGHT
from workbench.lens.matter import Matter, is_aside, matter_of, one_matter, same_deeds
from workbench.lens.pairing import Judged
from workbench.lens.when import Point, When
from workbench.lens.words import Text, likeness


@dataclass(frozen=True)
class Dated:
    """A date with, by root, its company, the words nearest to it, the one before its preposition and the one after it.

    said: the company without names, so what happened, not to whom.
    """

    when: When
    company: dict[str, float]
    said: frozenset[str]
    near: tuple[str, ...]
    before: str
    after: str
    matter: Matter
    aside: bool  # in a clause that "before" or "since" opens
    alone: bool  # the only date of its sentence
    of: str  # what it dates by itself: "election" in "the elections of 1993"


def dated(text: Text, dates: Sequence[When], named: Mapping[int, int], numbers: Collection[int] = ()) -> list[Dated]:
    """The dates of a text with what it says happened then. numbers: those of words that are figures.

    named: by number of a word that belongs to a name, how many words that name has.
    """
    names = {text.words[number].root for number in named}
    inside = frozenset(
        number for when in dates for ends in [text.covering(when.start, when.end)] for number in range(ends[0], ends[1] + 1)
    ).union(numbers)
    sentences = Counter(text.words[text.at(when.start)].sentence for when in dates)
    found = []
    for when in dates:
        first, last = text.covering(when.start, when.end)
        company = text.company(first, last, leave_out=inside)
        near = _near(text, first, -1, inside) or _near(text, last, 1, inside)
        said = frozenset(company) - names
        matter = matter_of(text, first, last, leave_out=inside, named=named)
        alone = sentences[text.words[first].sentence] == 1
        found.append(
            Dated(
                when,
                company,
                said,
                near,
                _root_before(text, first),
                _root_after(text, last),
                matter,
                is_aside(text, first),
                alone,
                _of(text, first),
            )
        )
    return found


NEAREST = 3  # words of weight that say what is dated: "passed in 2012 and extended in 2016"


def _near(text: Text, place: int, step: int, inside: frozenset[int]) -> tuple[str, ...]:
    found: list[str] = []
    for number in range(place + step, place + step * 10, step):
        if not 0 <= number < len(text.words) or number in inside or text.words[number].sentence != text.words[place].sentence:
            break
        word = text.words[number]
        if found and (word.low in ("and", ",", ";", ":") or len(found) == NEAREST):
            break
        if word.root:
            found.append(word.root)
    return tuple(found)


def _root_before(text: Text, first: int) -> str:
    for number in range(first - 1, max(-1, first - 4), -1):
        word = text.words[number]
        if word.root or word.kind == "mark":
            return word.root
    return ""


def _of(text: Text, first: int) -> str:
    return text.words[first - 2].root if first > 1 and text.words[first - 1].low == "of" else ""


def _root_after(text: Text, last: int) -> str:
    for number in range(last + 1, min(last + 2, len(text.words))):
        return text.words[number].root
    return ""


def fits(one: When, other: When) -> bool | None:
    """Whether two dates may be the same: one within the other, or equal as far as both are said. None: nothing to compare."""
    if one.anchor or other.anchor:
        return _same_distance(one, other)
    if one.is_range or other.is_range:
        return _ranges_fit(one, other)
    if one.side != other.side and {one.side, other.side} == {"before", "after"} and one.first == other.first:
        return False
    same = _same_point(one.first, other.first)
    if same is False and (_holds(one, other) or _holds(other, one)):
        return True
    if one.weekday is not None or other.weekday is not None:
        same = _weekdays_fit(one, other, same)
    return same


SAME_DISTANCE = 0.2  # of the longer one: "almost a year after" and "eleven months after"


def _same_distance(one: When, other: When) -> bool | None:
    """Whether two times counted from one event are as far from it. None where they are not both counted from one."""
    if not one.anchor & other.anchor:
        return None
    return abs(one.offset - other.offset) <= SAME_DISTANCE * max(abs(one.offset), abs(other.offset))


def _same_point(one: Point, other: Point) -> bool | None:
    both = [(first, second) for first, second in zip(one, other, strict=True) if first is not None and second is not None]
    return all(first == second for first, second in both) if both else None


def _weekday_of(when: When) -> int | None:
    if when.first.year and when.first.month and when.first.day:
        return date(when.first.year, when.first.month, when.first.day).weekday()
    return when.weekday


def _weekdays_fit(one: When, other: When, same: bool | None) -> bool | None:
    mine, theirs = _weekday_of(one), _weekday_of(other)
    if same is None and mine is not None and theirs is not None:
        return mine == theirs
    return same


def _edges(when: When, year: int | None, month: int | None) -> tuple[date, date] | None:
    """The first and last day a date can mean, with year and month borrowed where it has none."""
    first_year, last_year = when.first.year or year, when.last.year or year
    if first_year is None or last_year is None:
        return None
    start = date(
        first_year, when.first.month or 1, min(when.first.day or 1, 28) if when.first.day == 29 else when.first.day or 1
    )
    end_month = when.last.month or 12
    longest = calendar.monthrange(last_year, end_month)[1]
    return start, date(last_year, end_month, min(when.last.day or longest, longest))


def _ranges_fit(one: When, other: When) -> bool | None:
    if one.weekday is not None or other.weekday is not None:
        return None
    if one.ends and other.ends:
        return _same_point(one.first, other.first) is not False and _same_point(one.last, other.last) is not False
    year = one.first.year or other.first.year or one.last.year or other.last.year or 2000
    mine, theirs = _edges(one, year, None), _edges(other, year, None)
    if mine is None or theirs is None:
        return None
    inside = (mine[0] <= theirs[0] and theirs[1] <= mine[1]) or (theirs[0] <= mine[0] and mine[1] <= theirs[1])
    apart = mine[1] < theirs[0] or theirs[1] < mine[0]
    return True if inside else False if apart else None


def _holds(bound: When, other: When) -> bool:
    """Whether the other date lies on the side of this one that its "before" or "after" names."""
    if bound.side == "on" or other.side != "on":
        return False
    year = bound.first.year or other.first.year  # "on 27 March" in a text that says of 2021
    mine, theirs = _edges(bound, year, None), _edges(other, year, None)
    if mine is None or theirs is None:
        return False
    return theirs[1] <= mine[1] if bound.side == "before" else theirs[0] >= mine[0]


SAID_OTHERWISE = 2.2  # how sure it is where two sentences say one thing in other words, each with one date
OTHER_DEED = 0.8  # less sure where only names are shared: two dates of one person's life
OFTEN = EVENTS | LIGHT  # people die, and people say, on many days


def judge_dates(one: Dated, other: Dated) -> Judged | None:
    """How two dates relate, and how surely they date the same event."""
    fitting = fits(one.when, other.when)
    if fitting is None:
        return None
    shared, part = likeness(one.company, other.company)
    sureness = min(shared, 4.0) * 0.6 + part * 2.0
    if one.before and other.before:
        known = one.before in other.company and other.before in one.company
        sureness += 0.8 if one.before == other.before else -0.2 if known else -0.35
    if one.near and other.near:
        sureness += 0.3 * len(set(one.near) & set(other.near)) or -0.4
        sureness += _nearest(one, other)
    if one.said and other.said and not (one.said & other.said) - OFTEN:
        sureness -= OTHER_DEED
    if one.after and one.after == other.after:
        sureness += 0.5
    if fitting:
        exact = one.when.first == other.when.first and one.when.first.month is not None
        return Judged("agrees", sureness + (1.5 if exact else 0.4))
    pairs = zip(one.when.first, other.when.first, strict=True)
    equal = sum(first == second and first is not None for first, second in pairs)
    sureness += 0.3 * equal
    same = one_matter(one.matter, other.matter)
    other_deeds = one.said and other.said and not one.said & other.said and not same
    elsewhere = _dates_another(one, other) or other_deeds
    vague = one.aside or other.aside or one.when.first == Point() or other.when.first == Point()
    if elsewhere or (vague and not (same and same_deeds(one.matter, other.matter))):
        return None
    if same and one.alone and other.alone:
        sureness = max(sureness, SAID_OTHERWISE)
    return Judged("differs", sureness)


def _dates_another(one: Dated, other: Dated) -> bool:
    """Whether one of two dates belongs to a thing that the other sentence does not speak of: "the coup of 1 February"."""
    return any(mine.of and mine.of not in theirs.matter.words for mine, theirs in ((one, other), (other, one)))


def _nearest(one: Dated, other: Dated) -> float:
    """More where the word nearest to one date is near the other too; less where it stands there, but by another date."""
    if one.near[0] in other.near or other.near[0] in one.near:
        return 0.4
    return -0.4 if one.near[0] in other.company or other.near[0] in one.company else 0.0


def shown(when: When) -> str:
    """The date as the text has it, on one line."""
    return " ".join(when.spelled.split())
