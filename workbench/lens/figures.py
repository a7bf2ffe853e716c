"""The figures of a text: what they amount to, in what unit, and how exactly they are meant.

What lives here: a number with the words around it. What does not: the number itself (numerals.py), and which figure of another
text to set beside it (numbers.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from workbench.lens.numerals import Bound, Number, low_at, read_number
from workbench.lens.units import AGE, CELSIUS, CODES, FAHRENHEIT, NOTHING, POINTS, POUND_OF_WEIGHT, SIGNS, UNITS, Unit
from workbench.lens.words import Text, Word
from workbench.quotes.words import word_set

MOST_FIGURES = 80  # of one text: a text with more is a table
YOUNGEST, OLDEST = 15, 120  # years: a bare figure that may be somebody's age

# Words before a figure that say how exactly it is meant; the longest that fits wins.
_BOUNDS: dict[Bound, str] = {
    "least": "at least|more than|over|above|no fewer than|no less than|not less than|not fewer than|upwards of|in excess of|"
    "greater than|higher than|exceeding|exceeds|exceeded|a minimum of|well over|surpassed|topped|beyond|past|better than|"
    "plus de|au moins|mas de|al menos",
    "most": "at most|up to|fewer than|less than|under|below|no more than|not more than|a maximum of|as many as|as much as|"
    "lower than|short of|at the most|moins de|jusqu a|menos de|hasta",
    "nearly": "nearly|almost|close to|just under|approaching|pres de|casi",
    "about": "about|around|some|roughly|approximately|approx|circa|ca|an estimated|estimated|in the region of|just over|"
    "slightly more than|a little over|in the order of|or so|somewhere around|near|environ|quelque|unos|unas|alrededor de",
}
_BEFORE = {tuple(phrase.split()): bound for bound, phrases in _BOUNDS.items() for phrase in phrases.split("|")}
_AFTER: dict[tuple[str, ...], Bound] = {
    ("or", "more"): "least", ("or", "so"): "about", ("or", "fewer"): "most", ("or", "less"): "most", ("at", "least"): "least",
    ("at", "most"): "most", ("and", "counting"): "least", ("or", "over"): "least",
}  # fmt: skip
_LABELS = word_set(
    "article section chapter page paragraph resolution no number room highway route flight channel phase grade level "
    "volume part "
    "act appendix table annex line clause"
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure. first, last: its words; low, high: what the words allow it to be; value: the number named, in the base unit."""

    start: int
    end: int
    first: int
    last: int
    value: Decimal
    high: Decimal
    unit: Unit = NOTHING
    bound: Bound = "exact"
    digits: int = 99  # digits that are meant: 1.4 million has two, 1,400 has two, 883 three
    label: str = ""
    spelled: str = ""
    counts: str = ""  # what is counted, where a counting word says so (Chinese, Burmese, Khmer)

    @property
    def dimension(self) -> str:
        """What it measures; a numbered article is only comparable with another article."""
        return f"label {self.label}" if self.label else self.unit.dimension

    @property
    def is_range(self) -> bool:
        """Whether two ends were named."""
        return self.high != self.value and self.bound != "vague"


def find_figures(text: Text, taken: Collection[int] = frozenset()) -> list[Figure]:
    """The figures of a text in order, not overlapping. taken: numbers of words that are something else (a date)."""
    figures: list[Figure] = []
    number = 0
    while number < len(text.words) and len(figures) < MOST_FIGURES:
        found = None if number in taken else read_number(text, number, taken)
        if found is None:
            number += 1
            continue
        figures.append(_dressed(text, number, found))
        number = max(figures[-1].last + 1, number + 1)
    return list(_ranges(text, figures))


# --- the words around it ---------------------------------------------------------------------------------------------


def _dressed(text: Text, first: int, number: Number) -> Figure:
    """The figure with its unit, its bound and its label."""
    after, start_word = number.after, first
    unit = number.unit
    label = "ordinal" if number.ordinal else ""
    if low_at(text, first - 1) in SIGNS and not number.ordinal:
        unit, start_word = UNITS[low_at(text, first - 1)], first - 1
    elif low_at(text, first - 1) in CODES and not number.ordinal:
        unit, start_word = UNITS[low_at(text, first - 1)], first - 1  # USD 5 million
    if unit is NOTHING and not number.ordinal:
        unit, after = _unit_after(text, first, after)
    elif unit.dimension == "money" and low_at(text, after) in UNITS and UNITS[low_at(text, after)].dimension == "money":
        after += 1  # $5 million dollars
    if not label and unit is NOTHING and low_at(text, first - 1).rstrip(".") in _LABELS:
        label = text.words[first - 1].stem
    if not label and unit is NOTHING and _is_code(text, first):
        label = "code"
    if unit is NOTHING and not label and (low_at(text, first - 1) in ("aged", "age") or _is_age(text, first, number)):
        unit = AGE
    if unit.dimension == "duration" and low_at(text, after) == "ago":
        label = "ago"  # a time before an unknown day: comparable with another such, never with a duration
    bound, start_word = _bound(text, start_word, after, number.bound)
    last = max(first, after - 1)
    start, end = text.words[min(start_word, first)].start, text.words[last].end
    size = unit.size
    shift = Decimal(32) if unit == FAHRENHEIT else Decimal(0)
    value = (number.value - shift) * size
    high = ((number.high if number.high is not None else number.value) - shift) * size
    spelled = " ".join(text.raw[start:end].split())
    return Figure(start, end, first, last, value, high, unit, bound, number.digits, label, spelled)


def _is_code(text: Text, first: int) -> bool:
    """Whether a slash ties the figure to another one: resolution 75/287."""
    for slash, other in ((first - 1, first - 2), (first + 1, first + 2)):
        if low_at(text, slash) == "/" and low_at(text, other)[:1].isdigit():
            return text.words[min(slash, other)].end == text.words[max(slash, other)].start
    return False


def _is_age(text: Text, first: int, number: Number) -> bool:
    """Whether the figure stands between commas behind a word: the general, 66, has led the army."""
    alone = low_at(text, first - 1) == "," and low_at(text, number.after) == ","
    behind = first >= 2 and text.words[first - 2].kind == "word" and text.words[first].kind == "number"
    return alone and behind and YOUNGEST <= number.value <= OLDEST


def _unit_after(text: Text, first: int, after: int) -> tuple[Unit, int]:
    joined = low_at(text, after) == "-" or (low_at(text, after) in ("de", "d'") and text.language in ("fr", "es"))
    at = after + 1 if joined else after
    low, follower = low_at(text, at), low_at(text, at + 1)
    if low == "per" and follower == "cent":
        low, at, follower = "percent", at + 1, low_at(text, at + 2)
    if low == "percentage" and follower.startswith("point"):
        return POINTS, at + 2
    if low in ("percent", "%") and follower in ("point", "points"):
        return POINTS, at + 2
    if low in ("°", "degree", "degrees"):
        return _temperature(text, at)
    if low in ("square", "sq", "cubic") and follower.rstrip(".") in UNITS:
        size = UNITS[follower.rstrip(".")].size
        return Unit(
            f"{low} {follower}", "area" if low != "cubic" else "volume", size**2 if low != "cubic" else size**3 * 1000
        ), at + 2
    unit = UNITS.get(low) or UNITS.get(low + "s" if low in ("time",) else "")
    if unit is None or (low in ("m", "g", "l", "t") and text.words[at].start - text.words[at - 1].end > 1):
        return NOTHING, after
    if unit.dimension == "length" and (follower, low_at(text, at + 2)) in (("per", "hour"), ("an", "hour"), ("/", "h")):
        return Unit(f"{low} per hour", "speed", unit.size), at + 3
    if (
        unit.dimension == "duration"
        and unit.name == "year"
        and (follower == "old" or (follower == "-" and low_at(text, at + 2) == "old"))
    ):
        return AGE, at + (2 if follower == "old" else 3)
    if low in ("pound", "pounds") and any(word.stem in POUND_OF_WEIGHT for word in text.words[max(0, first - 6) : at + 6]):
        return Unit("lb", "mass", UNITS["lb"].size), at + 1
    if low == "won" and text.words[at].start != text.words[at - 1].end:
        return NOTHING, after  # "the two won"
    return unit, at + 1


def _temperature(text: Text, at: int) -> tuple[Unit, int]:
    follower = low_at(text, at + 1)
    if follower in ("f", "fahrenheit"):
        return FAHRENHEIT, at + 2
    if follower in ("c", "celsius", "centigrade"):
        return CELSIUS, at + 2
    return Unit("degrees", "angle or temperature"), at + 1


def _bound(text: Text, start: int, after: int, said: Bound) -> tuple[Bound, int]:
    if low_at(text, start - 1) in ("age", "aged"):
        start -= 1
    for length in (4, 3, 2, 1):
        phrase = tuple(low_at(text, number) for number in range(start - length, start))
        if start >= length and phrase in _BEFORE:
            if phrase == ("over",) and low_at(text, start - 2) in ("take", "took", "taken", "spread", "all", "hand"):
                break
            return _BEFORE[phrase], start - length
    for skip in (0, 1, 2):
        found = _AFTER.get((low_at(text, after + skip), low_at(text, after + skip + 1)))
        if found and (skip == 0 or low_at(text, after) == "," or text.words[after].root):
            return found, start
    if low_at(text, after) == "+":
        return "least", start
    return said, start


def _ranges(text: Text, figures: list[Figure]) -> Iterator[Figure]:
    """The figures with the two ends of a range made one: between 20 and 30, 20 to 30 km, 20-30 %."""
    number = 0
    while number < len(figures):
        one = figures[number]
        other = figures[number + 1] if number + 1 < len(figures) else None
        if other and _is_range(text, one, other):
            unit = other.unit if one.unit is NOTHING else one.unit
            low = one.value * (unit.size if one.unit is NOTHING else 1)
            spelled = " ".join(text.raw[one.start : other.end].split())
            yield replace(
                one, end=other.end, last=other.last, value=low, high=other.value, unit=unit, spelled=spelled, bound="exact"
            )
            number += 2
        else:
            yield one
            number += 1


def _is_range(text: Text, one: Figure, other: Figure) -> bool:
    between: list[Word] = list(text.words[one.last + 1 : other.first])
    if len(between) != 1 or one.label or other.label or other.bound not in ("exact", "about"):
        return False
    same = one.unit is NOTHING or one.unit == other.unit
    joined = between[0].low in ("to", "-", "a") or (
        between[0].low == "and" and low_at(text, one.first - 1) in ("between", "entre")
    )
    top = other.value
    return same and joined and one.value * (other.unit.size if one.unit is NOTHING else 1) < top
