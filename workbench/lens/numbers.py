"""Figures set side by side: the same, another, or counted to another day.

What lives here: when two figures count the same thing. A figure
about something else is no difference: where neither the counted nor the company it keeps is shared, nothing is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from workbench.lens.amounts import same_amount
from workbench.lens.concepts import ANYBODY, EVENTS, SOMEBODY
from workbench.lens.figures import OLDEST, Figure
from workbench.lens.gazetteer import may_be_one, place_of
from workbench.lens.moments import fits, shown
from workbench.lens.pairing import Judged
from workbench.lens.when import Point, When
from workbench.lens.words import WINDOW, Text, Word, likeness
from workbench.models import PartialDate
from workbench.quotes.words import word_set

CARRIES = 2  # sentences for which a date holds
LISTED = 2  # words from one word of a list to the next
HEAD_WORDS = 3  # words after a figure that say what is counted


@dataclass(frozen=True)
class Counted:
    """A figure with what it counts (roots), the company it keeps, what happened to the counted, and the days it is for."""

    figure: Figure
    heads: tuple[str, ...]
    company: dict[str, float]
    events: frozenset[str]
    places: frozenset[str]
    before: str
    dates: tuple[When, ...]
    rest: bool  # "three other newsrooms"
    moves: str  # "to" or "by": where something rose to, or by how much
    written: When | None  # the day of the text, which a running count without a day of its own is for


def counted(text: Text, figures: Sequence[Figure], dates: Sequence[When], day: PartialDate | None = None) -> list[Counted]:
    """The figures of a text with what the text says about them. day: the date of the text."""
    inside = frozenset(number for figure in figures for number in range(figure.first, figure.last + 1))
    inside |= frozenset(number for when in dates for number in _words_of(text, when))
    written = _written(day)
    return [_counted(text, figure, dates, inside, written) for figure in figures]


def _written(day: PartialDate | None) -> When | None:
    if day is None or day.value is None or day.bound != "on":
        return None
    point = Point(*map(int, day.value.split("-")))
    return When(0, 0, point, point, spelled=day.value)


def _words_of(text: Text, when: When) -> range:
    first, last = text.covering(when.start, when.end)
    return range(first, last + 1)


def _counted(text: Text, figure: Figure, dates: Sequence[When], inside: frozenset[int], written: When | None) -> Counted:
    sentence = text.words[figure.first].sentence
    company = text.company(figure.first, figure.last, leave_out=inside)
    heads = (figure.counts,) if figure.counts else _heads(text, figure, inside) or _total_of(text, figure, inside)
    near = _days_of(text, sentence, dates)
    places = frozenset(word.low for word in _sentence(text, figure.first) if place_of(word.low))
    places = frozenset(place_of(low) or low for low in places)
    return Counted(
        figure,
        heads,
        company,
        _event(text, figure),
        places,
        _before(text, figure),
        near,
        _is_rest(text, figure),
        _moves(text, figure),
        written,
    )


def _days_of(text: Text, sentence: int, dates: Sequence[When]) -> tuple[When, ...]:
    """The dates of a sentence; where it has none, the last one before it, which it goes on from."""
    placed = [(text.words[text.at(when.start)].sentence, when) for when in dates]
    own = tuple(when for at, when in placed if at == sentence)
    before = [when for at, when in placed if sentence - CARRIES <= at < sentence]
    return own or tuple(before[-1:])


def _sentence(text: Text, number: int) -> Sequence[Word]:
    """The words of the sentence around one, as far as its company is looked for."""
    around = text.words[max(0, number - WINDOW) : number + WINDOW]
    return [word for word in around if word.sentence == text.words[number].sentence]


def _event(text: Text, figure: Figure) -> frozenset[str]:
    """What happened to the counted: the nearest such word behind the figure, or before it where none is nearer.

    With those it is listed with: "arrested, charged or convicted".
    """
    found: list[tuple[int, int, str]] = []
    opening = _sentence(text, figure.first)[0]
    for word in _sentence(text, figure.first):
        if word.root in EVENTS and (word is opening or not text.raw[word.start].isupper()):  # not Radio Free Asia
            number = text.at(word.start)
            away = number - figure.last if number > figure.last else (figure.first - number) * 2
            found.append((away * (1 if word.clause == text.words[figure.first].clause else 3), number, word.root))
    nearest = min(found, default=(0, 0, ""))[1]
    return frozenset(root for _, number, root in found if abs(number - nearest) <= LISTED)


def _heads(text: Text, figure: Figure, inside: frozenset[int]) -> tuple[str, ...]:
    """The roots of the next words up to one that carries nothing ("883 people killed" gives people, death)."""
    heads: list[str] = []
    for number in range(figure.last + 1, min(figure.last + 9, len(text.words))):
        word = text.words[number]
        if number in inside or word.sentence != text.words[figure.last].sentence:
            break
        if word.root:
            heads.append(word.root)
        elif word.low == "in" and number + 1 < len(text.words) and text.words[number + 1].stem == "favor":
            continue
        elif (
            (word.kind == "mark" and word.low not in ("-", '"', "“", "%"))
            or (heads and word.low not in ("and", "or", "'s"))
            or (not heads and word.low not in _PASSED_OVER)
        ):
            break
        if len(heads) == HEAD_WORDS:
            break
    return tuple(heads)


_TOTALS = word_set("number total toll count figure share percentage proportion rate")
_REACHES = 12  # words from "the number of people held" to the figure


def _total_of(text: Text, figure: Figure, inside: frozenset[int]) -> tuple[str, ...]:
    """The roots of what is counted where the figure stands behind it: "the number of people held had risen to 500"."""
    for number in range(figure.first - 1, max(-1, figure.first - 1 - _REACHES), -1):
        word = text.words[number]
        if word.sentence != text.words[figure.first].sentence or word.kind == "mark":
            break
        if word.low in _TOTALS:
            named = range(number + 2, figure.first) if text.words[number + 1].low == "of" else range(0)
            named = (
                named
                if any(text.words[one].root and one not in inside for one in named)
                else range(max(0, number - 1), number + 1)
            )
            return tuple(text.words[one].root for one in named if text.words[one].root and one not in inside)[:HEAD_WORDS]
    return ()


_PASSED_OVER = frozenset(
    [
        "of",
        "the",
        "its",
        "their",
        "his",
        "her",
        "more",
        "other",
        "such",
        "these",
        "those",
        "in",
        "against",
        "other",
        "and",
        "or",
        "-",
        '"',
        "“",
        "%",
        "de",
        "des",
        "les",
        "los",
        "las",
    ]
)


def _before(text: Text, figure: Figure) -> str:
    at = text.at(figure.start) - 1
    return text.words[at].stem if at >= 0 and text.words[at].kind == "word" else ""


def _is_rest(text: Text, figure: Figure) -> bool:
    after = [word.low for word in text.words[figure.last + 1 : figure.last + 3]]
    return after[:1] == ["other"] or (after[:1] == ["more"] and after[1:] != ["than"])


def _moves(text: Text, figure: Figure) -> str:
    at = text.at(figure.start) - 1
    word = text.words[at].low if at > 0 else ""
    moved = any(one.root in ("rise", "fall") for one in text.words[max(0, at - 3) : max(0, at)])
    return word if moved and word in ("to", "by") else ""


def judge_figures(one: Counted, other: Counted) -> Judged | None:
    """How two figures relate and how surely they count the same; None where they are of different kinds."""
    sureness = alike(one, other)
    if one.figure.dimension != other.figure.dimension:
        return _other_unit(one, other, sureness)
    if one.figure.unit.dimension == other.figure.unit.dimension == "money" and one.figure.unit != other.figure.unit:
        return Judged("differs", sureness + SAME_NUMBER) if one.figure.value == other.figure.value else None
    if {one.moves, other.moves} == {"to", "by"}:
        return Judged("differs", sureness) if same_amount(one.figure, other.figure) else None
    apart = "" if one.figure.value == other.figure.value else _other_days(one, other)
    if not apart and same_amount(one.figure, other.figure):
        meant = min(one.figure.digits, other.figure.digits) if one.figure.value == other.figure.value else 0
        meant = 0 if one.events and other.events and one.events != other.events else meant
        return Judged("agrees", sureness + (2.0 if 3 <= meant < 99 else 1.0 if meant == 2 else 0.0))
    if apart:
        return Judged("apart", sureness, apart)
    if one.rest != other.rest:
        return None  # three others are no total
    same_number = one.figure.unit != other.figure.unit and _number_of(one.figure) == _number_of(other.figure)
    same_number = same_number and likeness(one.company, other.company)[0] >= 1.0
    return Judged("differs", sureness + (SAME_NUMBER if same_number else 0.0))


SAME_NUMBER = 1.4  # 46 minutes and 46 hours: that the number is the same makes it likelier that both mean one thing


def _number_of(figure: Figure) -> Decimal:
    return figure.value / figure.unit.size


def _other_unit(one: Counted, other: Counted, sureness: float) -> Judged | None:
    """The same number in another unit (5 % and 5 percentage points, 46 minutes and 46 hours) is a difference."""
    first, second = one.figure, other.figure
    if {first.dimension, second.dimension} == {"age", "count"}:
        return _ages(one, other, sureness)
    same_number = _number_of(first) == _number_of(second) and not (first.label or second.label)
    plain = "count" in (first.dimension, second.dimension)
    if (
        not same_number
        or (plain and "share" not in (first.dimension, second.dimension))
        or "age" in (first.dimension, second.dimension)
    ):
        return None
    return Judged("differs", sureness - 0.5)


def _ages(one: Counted, other: Counted, sureness: float) -> Judged | None:
    """A bare figure after "was" beside an age: she was 76."""
    bare = one if one.figure.dimension == "count" else other
    if (bare.heads and bare.heads[0] != "time") or bare.before not in ("be", "turn", "age") or bare.figure.value > OLDEST:
        return None
    return Judged("agrees" if same_amount(one.figure, other.figure) else "differs", sureness + 0.5)


def _other_days(one: Counted, other: Counted) -> str:
    """What to say where each figure has a day and no two of them fit."""
    mine, theirs = one.dates or _day_of(one, other), other.dates or _day_of(other, one)
    if not mine or not theirs or not all(_on_other_days(first, second) for first in mine for second in theirs):
        return ""
    return f"{one.figure.spelled} for {shown(mine[-1])} in the claim, {other.figure.spelled} for {shown(theirs[-1])} here"


def _day_of(one: Counted, other: Counted) -> tuple[When, ...]:
    """The day of the text, for a figure that has none, beside the same deeds counted over a span: "1,400 were killed"."""
    running = any(when.ends or when.side == "before" for when in other.dates)
    return (one.written,) if one.written and running and one.events & other.events else ()


def _on_other_days(one: When, other: When) -> bool:
    """Whether two days are apart as far as is known; a day named by an event is taken for another than one of the calendar.

    One day of a span is another count than the whole span, unless it is the day up to which was counted.
    """
    if one.ends != other.ends:
        span, day = (one, other) if one.ends else (other, one)
        if not (day.is_range or day.anchor or span.anchor):
            return not fits(replace(day, side="on"), replace(span, first=span.last, ends=False))
    same = fits(replace(one, side="on"), replace(other, side="on"))  # "by June" is the day of the count
    return same is False or (same is None and bool(one.anchor) != bool(other.anchor))


def alike(one: Counted, other: Counted) -> float:
    """How surely two figures count the same thing: by the counted, what happened to it, and the company they keep."""
    shared, part = likeness(one.company, other.company)
    score = min(shared, 4.0) * 0.6 + part * 1.5
    score += _same_heads(one, other)
    if one.figure.dimension == "ordinal":
        score -= 0.4
    if one.figure.dimension == other.figure.dimension == "age":
        score += 0.5  # a sentence seldom gives two
    if "one" in (one.figure.spelled.lower(), other.figure.spelled.lower()) and not set(one.heads) & set(other.heads):
        score -= 0.8  # "one" is a figure only now and then
    heads_counted = {one.figure.dimension, other.figure.dimension} <= {"count", "share", "ordinal"}
    if heads_counted and one.events and other.events and not one.events & other.events:
        score -= 3.2
    elif one.events & other.events:
        score += 0.4
    if one.figure.dimension == "duration" and {_LASTS.get(one.before), _LASTS.get(other.before)} == {True, False}:
        score -= 1.0
    if one.places and other.places and not any(may_be_one(mine, theirs) for mine in one.places for theirs in other.places):
        score -= 2.5  # twelve in one town and forty in another
    if one.before and one.before == other.before and one.before not in ("in", "of", "to", "and", "the", "a", "by", "with"):
        score += 0.4
    return score


# Whether a span of time after the word is how long something lasts, or how far off it is: for two days, in two days.
_LASTS = {"for": True, "last": True, "in": False, "within": False, "after": False, "since": False}


ONE_SORT_OF_THEM = 0.5  # some 300 organisations, five news organisations


def _same_heads(one: Counted, other: Counted) -> float:
    mine, theirs = set(one.heads), set(other.heads)
    common = mine & theirs
    people = {"mine": mine & ANYBODY, "theirs": theirs & ANYBODY}
    which = mine & SOMEBODY, theirs & SOMEBODY
    if which[0] and which[1] and not which[0] & which[1]:
        return -2.0
    if bool(which[0]) != bool(which[1]) and not (common - EVENTS):
        return -1.5
    if one.heads and other.heads and one.heads[0] == other.heads[0]:
        return 1.6
    if common:
        alike = one.heads[0] in theirs and other.heads[0] in mine
        return 1.2 if alike else 1.0 if common & EVENTS else ONE_SORT_OF_THEM
    if people["mine"] and people["theirs"]:
        return 0.8
    if one.events & other.events and (people["mine"] or people["theirs"]):
        return 0.4
    if one.events & other.events & (mine | theirs):
        return 0.8
    if not {one.figure.dimension, other.figure.dimension} <= {"count", "ordinal"}:
        return 0.35
    return -1.5 if mine and theirs else -0.3
