"""How each form of a date is read: plain dates, months and years that may be none, "last June", decades, seasons.

What lives here: one reader for each form. What does not: finding the forms (dates.py). "Yesterday" is a date only where the day
of the text is known; nothing is filled in.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

import regex

from workbench.lens.calendar_words import BEFORE_DATE, CENTURIES, MONTHS, NAMED_DAYS, SEASONS, SMALL, WEEKDAYS
from workbench.lens.units import MAGNITUDES, UNITS
from workbench.lens.when import FIRST_YEAR, Point, When, is_real
from workbench.lens.words import Text
from workbench.models import PartialDate
from workbench.quotes.words import word_set

_HAN_DIGITS = {one: value for value, one in enumerate("零一二三四五六七八九")} | {"〇": 0}


class Spot(NamedTuple):
    """A place of a text where a form of a date was found. low: the text in lower case without accents."""

    text: Text
    low: str
    kind: str
    found: regex.Match[str]
    reference: PartialDate | None

    def group(self, name: str) -> str | None:
        """What a named part of the form says."""
        value = self.found.groupdict().get(name)
        return None if value is None else str(value)

    def when(
        self, first: Point, last: Point | None = None, *, weekday: int | None = None, relative: bool = False
    ) -> When | None:
        """The date; None where the calendar has no such day."""
        start, end = self.found.span()
        end -= self.low[end - 1] == "." and (
            end == len(self.low) or self.low[end:].lstrip() == "" or self.low[end : end + 1] == "\n"
        )
        if not is_real(first) or (last is not None and not is_real(last)):
            return None
        return When(start, end, first, last or first, weekday, relative=relative, spelled=self.text.raw[start:end])

    def before(self) -> str:
        """The word before."""
        found = regex.search(r"(\S+)\s*$", self.low[max(0, self.found.start() - 24) : self.found.start()])
        return found[1].strip("(,;:\"“'") if found else ""

    def after(self) -> str:
        """The word after, with a space where there is one."""
        found = regex.match(r"\s?[^\s.,;:)]+", self.low[self.found.end() : self.found.end() + 24])
        return found[0] if found else ""


def _month(place: Spot, name: str) -> int | None:
    written = place.group(name)
    if written is None:
        return None
    languages = ("en", "my", "km", *((place.text.language,) if place.text.language in ("fr", "es") else ()))
    for language in (*reversed(languages),):
        if written in MONTHS[language]:
            return MONTHS[language][written]
    beside = place.group("d") or place.group("y")  # "23 juin 2021" in a text taken for English is still a date
    return next((MONTHS[one][written] for one in ("fr", "es") if beside and written in MONTHS[one]), None)


def _number(written: str | None) -> int | None:
    if written is None:
        return None
    if written.isdecimal():
        return int(written)
    if len(written) == 4:
        return int("".join(str(_HAN_DIGITS.get(one, 0)) for one in written)) if "十" not in written else None
    tens, ten, ones = written.rpartition("十")
    if not ten:
        return _HAN_DIGITS.get(written)
    return _HAN_DIGITS.get(tens, 1 if not tens else 0) * 10 + (_HAN_DIGITS.get(ones, 0) if ones else 0)


def plain_date(place: Spot) -> When | None:
    """A date of day, month and year, as far as each is there."""
    month = _number(place.group("m")) if place.kind in ("iso", "han") else _month(place, "m")
    if month is None and place.group("m") is not None:
        return None
    year, day = _number(place.group("y")), _number(place.group("d"))
    if place.kind == "day" and year is None and not _is_a_day(place):
        return None
    return place.when(Point(year, month, day))


def _is_a_day(place: Spot) -> bool:
    """Whether "May 30" is a day: not in "in May 30 people were hurt"; nor is "30 may" in "of the 30 may"."""
    name = place.group("m") or ""
    start = place.found.start("m")
    if name in ("may", "march", "mar") and not place.text.raw[start].isupper():
        return False
    counted = regex.match(
        r"\s\p{Ll}+(?:s|people|men|women|children|percent)\b", place.low[place.found.end() : place.found.end() + 24]
    )
    return not (counted and place.before() in ("in", "since") and place.found.start("d") > start)


def _slashed(place: Spot) -> When | None:
    day, month, year = _number(place.group("d")), _number(place.group("m")), _number(place.group("y"))
    if day is None or month is None or year is None:
        return None
    if day <= 12 and month <= 12 and day != month:
        return place.when(Point(year))  # 03/04/2021: the third of April or the fourth of March, the text does not say
    return place.when(Point(year, day, month) if month > 12 else Point(year, month, day))


def _day_range(place: Spot) -> When | None:
    month, year = _month(place, "m"), _number(place.group("y"))
    if month is None:
        return None
    ends = [Point(year, month, _number(place.group(name))) for name in ("d", "d2")]
    found = place.when(ends[0], ends[1]) if (ends[0].day or 0) < (ends[1].day or 0) else None
    return replace(found, ends=True) if found else None


def _bare_month(place: Spot) -> When | None:
    month, name = _month(place, "m"), place.group("m") or ""
    if month is None or (len(name) < 4 and name != "may"):
        return None
    english = name in MONTHS["en"]
    if english and not place.text.raw[place.found.start()].isupper():
        return None
    doubtful = name in ("may", "march", "august", "april", "june") or not english
    if doubtful and place.before() not in BEFORE_DATE and "mid-" not in place.before():
        return None
    return place.when(Point(None, month))


_COUNTING = word_set("about around some than least most roughly approximately nearly almost over under")
_YEAR_FOLLOWS = word_set("in since year until before after from by")


def _bare_year(place: Spot) -> When | None:
    before, after = place.before(), place.after()
    year = Point(_number(place.group("y")))
    word = after.strip()
    if word in UNITS or word in MAGNITUDES or (before in _COUNTING and not after.startswith(" -")):
        return None
    if before in BEFORE_DATE or before.endswith(("mid-", "(")) or not after or not after.startswith(" "):
        return place.when(year) if before in _YEAR_FOLLOWS or (year.year or 0) >= 1400 else None
    counted = word in ("people", "men", "women", "children", "percent", "personnes", "personas", "years") or (
        word.endswith("s")
        and not word.endswith("ss")
        and word not in ("was", "is", "has", "elections", "olympics", "games", "this", "as")
    )
    return None if counted and before not in ("the", "a", "its", "their", "his", "her") else place.when(year)


# --- relative dates --------------------------------------------------------------------------------------------------


def _day_of(reference: PartialDate | None) -> date | None:
    if reference is None or reference.precision != "day" or reference.bound != "on":
        return None
    return reference.earliest


def _year_of(reference: PartialDate | None) -> int | None:
    if reference is None or reference.value is None or reference.bound != "on":
        return None
    return int(reference.value[:4])


def _month_of(reference: PartialDate | None) -> Point | None:
    if reference is None or reference.value is None or reference.bound != "on" or reference.precision == "year":
        return None
    return Point(int(reference.value[:4]), int(reference.value[5:7]))


def _point(day: date) -> Point:
    return Point(day.year, day.month, day.day)


def _relative(place: Spot) -> When | None:
    word, unit = place.group("w") or "", place.group("u")
    today, year = _day_of(place.reference), _year_of(place.reference)
    if unit is None:
        step = {"yesterday": -1, "hier": -1, "ayer": -1, "tomorrow": 1}.get(word, 0)
        return place.when(_point(today + timedelta(days=step)), relative=True) if today else None
    step = {"last": -1, "past": -1, "next": 1}.get(word, 0)
    if unit == "year":
        return place.when(Point(year + step), relative=True) if year and word != "past" else None
    month = _month_of(place.reference)
    if unit == "month":
        return place.when(_months_from(month, step), relative=True) if month and word != "past" else None
    if unit == "week":
        if today is None or word == "past":
            return None
        monday = today + timedelta(days=7 * step - today.weekday())
        return place.when(_point(monday), _point(monday + timedelta(days=6)), relative=True)
    if today is None or word == "next":  # the coming one to some, the one after it to others
        return place.when(Point(), weekday=WEEKDAYS[unit], relative=True)
    away = (WEEKDAYS[unit] - today.weekday()) % 7
    away = away if word == "this" else away - 7
    return place.when(_point(today + timedelta(days=away)), relative=True)


def _months_from(point: Point, step: int) -> Point:
    count = (point.year or 0) * 12 + (point.month or 1) - 1 + step
    return Point(count // 12, count % 12 + 1)


def _relative_month(place: Spot) -> When | None:
    month = _month(place, "m") or _month(place, "m2")
    word = place.group("w") or place.group("w2") or ""
    if month is None or not place.text.raw[place.found.start("m" if place.group("m") else "m2")].isupper():
        return None
    known, year = _month_of(place.reference), _year_of(place.reference)
    if word == "that" or year is None:
        return place.when(Point(None, month))
    if place.group("w2"):
        return place.when(Point(year + {"last": -1, "next": 1}.get(word, 0), month), relative=True)
    if word == "this" or known is None or known.month is None:
        return place.when(Point(year if word == "this" else None, month), relative=True)
    if word == "next":
        return place.when(Point(year if month > known.month else year + 1, month), relative=True)
    return place.when(Point(year if month < known.month else year - 1, month), relative=True)


def _ago(place: Spot) -> When | None:
    written, unit, today = place.group("n") or "", place.group("u"), _day_of(place.reference)
    count = int(written) if written.isdecimal() else SMALL[written]
    year, month = _year_of(place.reference), _month_of(place.reference)
    if unit == "year":
        return place.when(Point(year - count), relative=True) if year and year - count >= FIRST_YEAR else None
    if unit == "month":
        return place.when(_months_from(month, -count), relative=True) if month else None
    days = count * (7 if unit == "week" else 1)
    return place.when(_point(today - timedelta(days=days)), relative=True) if today else None


_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}
_ANCHOR_WORDS = 5  # words after "two months after" in which its event is named


def _after_event(place: Spot) -> When | None:
    written, unit, word = place.group("n") or "", place.group("u") or "", place.group("w") or ""
    count = int(written) if written.isdecimal() else SMALL.get(written, 0)
    at = place.text.at(place.found.end() - 1)
    following = place.text.words[at + 1 : at + 1 + _ANCHOR_WORDS]
    anchor = frozenset(one.root for one in following if one.root and one.sentence == place.text.words[at].sentence)
    found = place.when(Point(), relative=True)
    days = count * _DAYS.get(unit, 0) * (-1 if word == "before" else 1)
    return replace(found, anchor=anchor, offset=days) if found and anchor else None


# The part of a year (months), of a month (days) and of a decade (years, from 0) that a word means; neighbours overlap, because
# nobody says where early ends.
_PARTS = {
    "early": ((1, 5), (1, 12), (0, 4)), "beginning": ((1, 3), (1, 10), (0, 3)), "start": ((1, 3), (1, 10), (0, 3)),
    "mid": ((4, 9), (8, 23), (3, 7)), "middle": ((4, 9), (8, 23), (3, 7)), "late": ((8, 12), (18, 31), (5, 9)),
    "end": ((10, 12), (20, 31), (7, 9)), "first half": ((1, 6), (1, 15), (0, 4)), "second half": ((7, 12), (15, 31), (5, 9)),
}  # fmt: skip


def narrowed(when: When, part: str) -> When:
    """A year, month or decade with the part of it that a word names."""
    months, days, years = _PARTS.get(part) or _PARTS["beginning" if part.startswith("first") else "end"]  # the last week
    year, month, _ = when.first
    if when.is_range:
        of_ten = ((when.last.year or 0) - (year or 0) + 1) // 10  # a decade, or a century
        first, last = (year or 0) + years[0] * of_ten, (year or 0) + (years[1] + 1) * of_ten - 1
        return replace(when, first=Point(first), last=Point(last))
    if month is None:
        return replace(when, first=Point(year, months[0]), last=Point(year, months[1]))
    longest = calendar.monthrange(year or 2000, month)[1]
    return replace(when, first=Point(year, month, days[0]), last=Point(year, month, min(days[1], longest)))


def _weekday(place: Spot) -> When | None:
    return place.when(Point(), weekday=WEEKDAYS[place.group("wd") or ""])


def _named(place: Spot) -> When | None:
    return place.when(Point(_number(place.group("y")), *NAMED_DAYS[place.group("nd") or ""]))


def _season(place: Spot) -> When | None:
    first, last = SEASONS[place.group("sn") or ""]
    year = _number(place.group("y"))
    return place.when(Point(year, first), Point(year, last))


def _quarter(place: Spot) -> When | None:
    name, year = place.group("q"), _number(place.group("y"))
    number = ("first", "second", "third", "fourth").index(name) if name else int(place.group("q2") or 1) - 1
    return place.when(Point(year, number * 3 + 1), Point(year, number * 3 + 3))


def _decade(place: Spot) -> When | None:
    year = int(place.group("dec") or 0)
    return place.when(Point(year), Point(year + (99 if year % 100 == 0 and year < 2000 else 9)))


def _century(place: Spot) -> When | None:
    number = int(place.group("c") or 0) or CENTURIES.get(place.group("cw") or "", 0)
    return place.when(Point(number * 100 - 99), Point(number * 100)) if 11 <= number <= 21 else None


def _years(place: Spot) -> When | None:
    first, last = place.group("y") or "", place.group("y2") or ""
    last = first[: 4 - len(last)] + last
    found = place.when(Point(int(first)), Point(int(last))) if int(last) > int(first) else None
    return replace(found, ends=True) if found else None


READERS: dict[str, Callable[[Spot], When | None]] = {
    "slashed": _slashed, "day range": _day_range, "bare month": _bare_month, "bare year": _bare_year, "relative": _relative,
    "relative month": _relative_month, "ago": _ago, "weekday": _weekday, "named": _named, "season": _season,
    "quarter": _quarter,
    "after event": _after_event, "decade": _decade, "century": _century, "years": _years,
}  # fmt: skip
