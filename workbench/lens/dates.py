"""The dates of a text, each as far as it is said: a year, a month without its year, a day, a range, "last June".

What lives here: finding the forms, and joining a weekday to its date and two ends to a range. What does not: reading one form
(date_readers.py), and which date of another text to set beside it (moments.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import regex

from workbench.lens.calendar_words import CENTURIES, EARLIER, LATER, MONTHS, NAMED_DAYS, SEASONS, WEEKDAYS
from workbench.lens.date_readers import READERS, Spot, narrowed, plain_date
from workbench.lens.when import Point, Side, When
from workbench.lens.words import Text, plain
from workbench.models import PartialDate

MOST_DATES = 80


def _names(*languages: str) -> frozenset[str]:
    return frozenset(name for language in languages for name in MONTHS[language])


# named lists of regex: as alternatives in each pattern, compiling them took half of the time to import the lens
_LISTS = {"en": _names("en"), "months": _names("en", "fr", "es"), "script": _names("my", "km")}
_EN, _ALL, _SCRIPT_MONTH = r"\L<en>", r"\L<months>", r"\L<script>"
_DAY = r"(?P<d>\d{1,2})(?!\d)(?:st|nd|rd|th|er)?"
_YEAR = r"(?P<y>[1-2]\d{3})(?!\d|,\d|\.\d)"
_WEEKDAY = "|".join(WEEKDAYS)
_CENTURY = "|".join(sorted(CENTURIES, key=len, reverse=True))
_HAN_MONTH = r"(?P<m>[\d一二三四五六七八九十]{1,3}) ?月份?(?: ?(?P<d>[\d一二三四五六七八九十]{1,3}) ?[日号])?"

# Patterns over the plain text (lower case, no accents, same offsets), first match at a place wins.
_PATTERNS: tuple[tuple[str, str], ...] = (
    ("iso", r"(?<!\d)(?P<y>[1-2]\d{3})-(?P<m>\d{2})-(?P<d>\d{2})(?!\d)"),
    ("slashed", r"(?<![\d/])(?P<d>\d{1,2})(?P<s>[/.])(?P<m>\d{1,2})(?P=s)(?P<y>[1-2]\d{3})(?!\d)"),
    ("han", rf"(?:(?P<y>[\d〇零一二三四五六七八九]{{4}}) ?年)(?: ?{_HAN_MONTH})?"),
    ("han", r"(?P<m>[\d一二三四五六七八九十]{1,3}) ?月份?(?: ?(?P<d>[\d一二三四五六七八九十]{1,3}) ?[日号])?(?!\d|个)"),
    ("script", rf"(?P<y>\d{{4}})(?: ?(?:ပြည့်)? ?(?:ခုနှစ်|ခု|နှစ်))[၊,]? ?(?P<m>{_SCRIPT_MONTH})(?: ?လ)?(?: ?(?P<d>\d{{1,2}}) ?ရက်)?"),
    ("script", rf"(?P<m>{_SCRIPT_MONTH})(?: ?လ) ?(?P<d>\d{{1,2}}) ?ရက်"),
    ("script", r"(?P<y>\d{4}) ?(?:ပြည့်)? ?(?:ခုနှစ်)"),
    ("script", rf"(?:ថ្ងៃទី ?)?(?P<d>\d{{1,2}}) ?ខែ ?(?P<m>{_SCRIPT_MONTH})(?: ?ឆ្នាំ ?(?P<y>\d{{4}}))?"),
    ("script", rf"ខែ ?(?P<m>{_SCRIPT_MONTH})(?: ?ឆ្នាំ ?(?P<y>\d{{4}}))?"),
    ("script", r"ឆ្នាំ ?(?P<y>\d{4})"),
    (
        "day range",
        r"(?<!\d)(?P<d>\d{1,2})(?:st|nd|rd|th|er)?(?: ?- ?| to | and | au | al | et | y )(?P<d2>\d{1,2})(?:st|nd|rd|th)?"
        rf"(?: of| de)? (?P<m>{_ALL})\b\.?(?:,? (?:de |del )?{_YEAR})?",
    ),
    (
        "day range",
        rf"\b(?P<m>{_EN})\.? (?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?: ?- ?| to | and )(?P<d2>\d{{1,2}})(?!\d)(?:st|nd|rd|th)?"
        rf"(?:,? {_YEAR})?",
    ),
    ("day", rf"(?<![\d.,]){_DAY}(?: day)?(?: of| de)?[ -](?P<m>{_ALL})\b\.?(?:,?[ -](?:de |del )?{_YEAR})?"),
    ("day", rf"\b(?P<m>{_EN})\.? (?:the )?{_DAY}(?:,? {_YEAR})?"),
    ("month", rf"\b(?P<m>{_ALL})\b\.?,? (?:of |de |del )?(?:the year )?{_YEAR}"),
    (
        "relative month",
        rf"\b(?P<w>last|this|next|past) (?P<m>{_EN})\b|\b(?P<m2>{_EN})(?: of)? (?P<w2>last|this|next|that) year\b",
    ),
    ("relative", r"\b(?P<w>yesterday|today|tomorrow|tonight|hier|ayer|hoy)\b"),
    ("relative", rf"\b(?P<w>last|this|next|past) (?P<u>week|month|year|{_WEEKDAY})\b"),
    ("ago", r"\b(?P<n>\d{1,3}|a|an|one|two|three|four|five|six|seven|eight|nine|ten) (?P<u>day|week|month|year)s? ago\b"),
    (
        "after event",
        r"\b(?:(?:almost|about|nearly|around|some|more than|over|just) )?(?P<n>\d{1,3}|a|an|one|two|three|four|five|six|seven"
        r"|eight|nine|ten) (?P<u>day|week|month|year)s? (?P<w>after|before|since|into)"
        r"(?= (?:the|an?|his|her|its|their|this|that)\b)"
        r"|\bon the day of(?= the? \p{L})",
    ),
    ("named", rf"\b(?P<nd>{'|'.join(NAMED_DAYS)})\b(?:(?: of|,)? {_YEAR})?"),
    ("weekday", rf"\b(?P<wd>{_WEEKDAY})\b"),
    ("season", rf"\b(?P<sn>{'|'.join(SEASONS)})(?: of)? {_YEAR}"),
    ("quarter", rf"\b(?:(?P<q>first|second|third|fourth) quarter|q(?P<q2>[1-4]))(?: of)?,? {_YEAR}"),
    ("decade", r"\b(?P<dec>1[0-9]\d0|20\d0)'?s\b"),
    ("century", rf"\b(?:(?P<c>\d{{1,2}})(?:st|nd|rd|th)|(?P<cw>{_CENTURY}))[ -]century\b"),
    ("years", r"(?<![\d.,/])(?P<y>[1-2]\d{3})-(?P<y2>[1-2]\d{3}|\d{2})(?![\d-])"),
    ("bare month", rf"\b(?P<m>{_ALL})\b"),
    ("bare year", rf"(?<![\d.,/$€£])\b{_YEAR}\b(?![%°]|-\d)"),
)  # fmt: skip
_FINDER = [(kind, regex.compile(pattern, ignore_unused=True, **_LISTS)) for kind, pattern in _PATTERNS]
_QUICK = regex.compile(
    rf"\d|[年月]|\b(?:{_ALL})\b|\b(?:{_WEEKDAY})\b|yesterday|today|tomorrow|tonight|\bhier\b|\bayer\b|\bhoy\b|last|this|next"
    rf"|past|ago|(?:day|week|month|year)s? (?:of|after|before|since|into)\b|christmas|new year|century|{_SCRIPT_MONTH}",
    ignore_unused=True,
    **_LISTS,
)


def find_dates(text: Text, reference: PartialDate | None = None) -> list[When]:
    """The dates of a text in order, not overlapping. reference: the date of the text, for "yesterday" and "last June"."""
    low = "".join(plain(one)[:1] or one for one in text.typed)
    if not _QUICK.search(low):
        return []
    free = bytearray(len(low))
    dates: list[When] = []
    for kind, pattern in _FINDER:
        for found in pattern.finditer(low):
            if len(dates) >= MOST_DATES or any(free[found.start() : found.end()]):
                continue
            when = READERS.get(kind, plain_date)(Spot(text, low, kind, found, reference))
            if when is not None:
                dates.append(when)
                free[when.start : when.end] = b"\1" * (when.end - when.start)
    dates.sort(key=lambda when: when.start)
    return list(_ranges(low, [_sided(low, text, when) for when in dates]))


# --- what stands around ----------------------------------------------------------------------------------------------


_PART = regex.compile(
    r"(?P<part>early|late|mid|middle|beginning|start|end|(?:first|second) half|(?:first|last) (?:days?|weeks?))"
    r"(?:[ -]| of (?:the )?(?:year |month )?| in )$"
)


def _narrowed(low: str, text: Text, when: When) -> When:
    """The date with the part of it that was said: early June, the end of 2021, the first half of 2022."""
    found = _PART.search(low, max(0, when.start - 24), when.start)
    if not found or when.first.day or when.weekday is not None or when.anchor or (when.is_range and when.first.month):
        return when
    return replace(
        narrowed(when, found["part"]), start=found.start(), spelled=" ".join(text.raw[found.start() : when.end].split())
    )


def _sided(low: str, text: Text, when: When) -> When:
    """The date with the side that the word before it names: until June, since 2012; a weekday joined to its date."""
    before = regex.findall(r"\p{L}+", low[max(0, when.start - 16) : when.start])
    word = before[-1] if before else ""
    if word in ("the", "early", "late", "mid", "end", "of", "january") and len(before) > 1:
        word = before[-2] if word != "of" else ""
    side: Side = "before" if word in EARLIER else "after" if word in LATER else "on"
    return replace(when, side=side) if side != "on" else _narrowed(low, text, when)


def _ranges(low: str, dates: list[When]) -> Iterator[When]:
    """The dates with "Friday, 7 January" made one, and "from 1 February until 29 June 2021" made a range."""
    number = 0
    while number < len(dates):
        one = dates[number]
        other = dates[number + 1] if number + 1 < len(dates) else None
        between = low[one.end : other.start] if other else ""
        if other and one.weekday is not None and other.weekday is None and regex.fullmatch(r",? (?:the )?", between):
            dates[number + 1] = replace(other, start=one.start, weekday=one.weekday, side=one.side)
        elif other and _spans(low, one, other, between):
            first = Point(one.first.year or other.last.year, *one.first[1:]) if one.first.month else one.first
            yield replace(
                one,
                end=other.end,
                first=first,
                last=other.last,
                side="on",
                ends=True,
                spelled=f"{one.spelled}{between}{other.spelled}",
            )
            number += 1
        else:
            yield one
        number += 1


def _spans(low: str, one: When, other: When, between: str) -> bool:
    if one.is_range or other.is_range or one.weekday is not None or other.weekday is not None or len(between) > 24:
        return False
    opened = regex.search(
        r"(?:between|from|entre|du|desde)\s(?:the |mid-|early |late )?$", low[max(0, one.start - 16) : one.start]
    )
    joined = regex.fullmatch(
        r"(?: and | to | until | till | through | up to | a | au | y | hasta | - ?|-)(?:the |mid-|early |late )?", between
    )
    hyphen = regex.fullmatch(r" ?- ?| to | through | until ", between)
    same_kind = bool(one.first.day) == bool(other.first.day) and bool(one.first.month) == bool(other.first.month)
    return bool(opened and joined and same_kind) or bool(hyphen and same_kind)
