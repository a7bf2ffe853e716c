"""One number as it is written: digits with separators, number words, shares, ordinals, "dozens".

What lives here: the grammar of a single number. What does not: its unit, how exactly it is meant, what it counts. Arithmetic is
Decimal throughout. What cannot be read is no number; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal, InvalidOperation
from typing import Literal, NamedTuple

from workbench.lens.units import (
    ADJACENT,
    MAGNITUDES,
    MULTIPLES,
    NOTHING,
    ONLY_IN,
    ORDINALS,
    PERCENT,
    SHARES,
    SIGNS,
    SMALL_WORDS,
    TENS,
    TIMES,
    UNITS,
    VAGUE,
    Unit,
)
from workbench.lens.words import Text
from workbench.quotes.words import word_set

Bound = Literal["exact", "about", "nearly", "least", "most", "vague"]
LONGEST_DIGITS = 30  # a longer run of digits is no figure anybody counts
_NEVER_COUNTED = word_set("another by such way day thing who whom that which time and or")  # "one day", "one by one"
_DETERMINERS = word_set("the a an his her its their our my your this that 's s")


class Number(NamedTuple):
    """A number as written. after: the number of the first word behind it; digits: how many of its digits are meant."""

    value: Decimal
    after: int
    digits: int = 99
    ordinal: bool = False
    unit: Unit = NOTHING
    bound: Bound = "exact"
    high: Decimal | None = None


def digits_value(written: str, language: str) -> tuple[Decimal, int] | None:
    """What a run of digits with separators amounts to, and how many of its digits are meant. None where it is no number.

    A last group of exactly three digits after one dot is thousands in Spanish and French, a fraction in English.
    """
    bare = written.translate({ord(one): None for one in "\u00a0\u2009\u202f'"}).replace(
        "·", "." if language not in ("fr", "es") else ","
    )
    if len(bare) > LONGEST_DIGITS:
        return None
    point = "," if language in ("fr", "es") else "."
    other = "." if point == "," else ","
    if bare.count(point) > 1:
        point, other = other, point  # 1.400.000 in English
    elif point in bare and other in bare and bare.index(point) < bare.index(other):
        point, other = other, point
    elif bare.count(other) == 1 and point not in bare and len(bare) - bare.index(other) != 4:
        point, other = other, point  # 3,5 in English can only be a fraction
    try:
        value = Decimal(bare.replace(other, "").replace(point, "."))
    except InvalidOperation:
        return None
    return value, meant_digits(value)


def meant_digits(value: Decimal) -> int:
    """How many digits of a number are meant: closing zeros are not."""
    shown = value.as_tuple()
    if isinstance(shown.exponent, int) and shown.exponent < 0:
        return max(1, len(str(int(value))) - shown.exponent if value >= 1 else len(shown.digits))
    return max(1, len(str(int(value)).rstrip("0")))


def read_number(text: Text, at: int, taken: Collection[int]) -> Number | None:
    """The number that starts at a word; None where none does. taken: numbers of words that are something else."""
    word = text.words[at]
    if word.kind == "number":
        return _from_digits(text, at, taken)
    if word.kind != "word":
        return None
    low = word.low
    if low == "one" and (share := _one_in(text, at + 1, Decimal(1))):
        return share
    if low in ("a", "an") and (span := _one_span(text, at)):
        return span
    if (low in SHARES or low in ("two", "three", "a", "an", "one")) and (share := _share(text, at)):
        return share
    if low == "tens" and low_at(text, at + 1) == "of" and low_at(text, at + 2) in VAGUE:
        tens = _vague(text, at + 2)
        return tens._replace(value=tens.value * 10, high=VAGUE[low_at(text, at + 2)] * Decimal(200))
    if low in VAGUE and text.language == "en":
        return _vague(text, at)
    if low in MULTIPLES:
        return Number(Decimal(MULTIPLES[low]), at + 1, unit=TIMES)
    if low in ORDINALS:
        return _ordinal(text, at)
    return _from_words(text, at)


def low_at(text: Text, at: int) -> str:
    """The word at a number, in lower case; "" outside the text."""
    return text.words[at].low if 0 <= at < len(text.words) else ""


def _from_digits(text: Text, at: int, taken: Collection[int]) -> Number | None:
    word = text.words[at]
    written, after = word.low, at + 1
    if text.language in ("fr", "es"):  # 1 400
        while len(written) <= LONGEST_DIGITS and after < len(text.words) and after not in taken:
            follower = text.words[after]
            together = follower.kind == "number" and len(follower.low) == 3 and follower.start == text.words[after - 1].end + 1
            if not together or not written.isdigit() or (after == at + 1 and len(written) > 3):
                break
            written, after = written + follower.low, after + 1
    value = digits_value(written, text.language)
    if value is None or _is_clock(text, at):
        return None
    amount, digits = value
    follower_low, touching = (
        low_at(text, after),
        after < len(text.words) and text.words[after].start == text.words[after - 1].end,
    )
    if touching and follower_low in ("st", "nd", "rd", "th", "er", "eme", "e"):
        return Number(amount, after + 1, ordinal=True)
    share = _one_in(text, after, amount)
    if share:
        return share
    if touching and follower_low in ADJACENT and not (follower_low == "m" and not _money_near(text, at, after + 1)):
        return Number(amount * ADJACENT[follower_low], after + 1, digits)
    while after < len(text.words) and (size := _magnitude(text, after)):
        amount, after = amount * size, after + 1
    return Number(amount, after, digits if amount == value[0] else min(digits, meant_digits(value[0]) + 0))


def _money_near(text: Text, at: int, after: int) -> bool:
    unit = UNITS.get(low_at(text, after))
    return low_at(text, at - 1) in SIGNS or (unit is not None and unit.dimension == "money")


def _magnitude(text: Text, at: int) -> int:
    low = low_at(text, at)
    if low == "-":
        return 0
    if ONLY_IN.get(low, text.language) != text.language:
        return 0
    return MAGNITUDES.get(low, 0)


def _is_clock(text: Text, at: int) -> bool:
    near = [text.words[number] for number in (at - 2, at - 1, at + 1, at + 2) if 0 <= number < len(text.words)]
    colons = [one for one in near if one.low == ":" and (one.end == text.words[at].start or one.start == text.words[at].end)]
    numbers = [one for one in near if one.kind == "number"]
    return bool(colons and numbers) or low_at(text, at + 1) in ("am", "pm", "gmt", "utc")


def _from_words(text: Text, at: int) -> Number | None:
    small = SMALL_WORDS.get(text.language, SMALL_WORDS["en"])
    total = current = 0
    seen, after, last_small = False, at, 0
    while after < len(text.words):
        low = low_at(text, after)
        size = _magnitude(text, after)
        if low in small and last_small != 1:
            current, seen, last_small = current + small[low], True, 1
        elif text.language == "en" and low in TENS and last_small == 0:
            current, seen, last_small = current + TENS[low], True, 2
        elif size and (seen or low in ("mille", "mil", "cent", "cien")):
            if size == 100 or size == 12:
                current = max(current, 1) * size
            else:
                total, current = total + max(current, 1) * size, 0
            seen, last_small = True, 0
        elif low == "a" and not seen and _magnitude(text, after + 1):
            current, seen = 1, True
        elif not (seen and _goes_on(text, after, small)):
            break
        after += 1
    if seen and low_at(text, after - 1) in TENS and _ends_in_ordinal(text, after):
        return Number(Decimal(total + current + ORDINALS[low_at(text, after + 1)]), after + 2, ordinal=True)
    if not seen or (after - at == 1 and not _is_counting(text, at, after)):
        return None
    if share := _one_in(text, after, Decimal(total + current)):
        return share
    if tuple(low_at(text, one) for one in range(after, after + 3)) == ("and", "a", "half"):
        return Number(total + current + Decimal("0.5"), after + 3, 2)
    return Number(Decimal(total + current), after, meant_digits(Decimal(total + current)))


def _ends_in_ordinal(text: Text, at: int) -> bool:
    """Whether "-first" follows: twenty-first."""
    return low_at(text, at) == "-" and low_at(text, at + 1) in ORDINALS and text.words[at].end == text.words[at + 1].start


def _goes_on(text: Text, at: int, small: Collection[str]) -> bool:
    """Whether a hyphen or an "and" belongs to the number: twenty-three, a hundred and four, soixante et onze, treinta y dos."""
    low, follower = low_at(text, at), low_at(text, at + 1)
    if low == "-":
        return (follower in small or follower in MAGNITUDES) and text.words[at].end == text.words[at + 1].start
    joins = low in ("et", "y") or (low == "and" and bool(_magnitude(text, at - 1)))
    return joins and (follower in small or follower in TENS)


def _is_counting(text: Text, at: int, after: int) -> bool:
    """Whether a lone number word counts: not "no one", "one of them", "one day", "the one who"."""
    low, follower = low_at(text, at), low_at(text, after)
    if low not in ("one", "un", "uno"):
        return low != "zero" or follower != "-"
    if low_at(text, at - 1) in ("no", "the", "this", "that", "any", "every", "each", "some", "another", "which"):
        return False
    ends = after >= len(text.words) or text.words[after].kind == "mark"
    if (
        follower in ("against", "to", "vote")
        or low_at(text, at - 1) == "to"
        or (ends and low_at(text, at - 1) in ("by", "only", "just"))
    ):
        return True
    return after < len(text.words) and bool(text.words[after].root) and follower not in _NEVER_COUNTED and follower != "of"


def _one_in(text: Text, after: int, amount: Decimal) -> Number | None:
    """One in five, 3 out of 10, as a share."""
    words = (low_at(text, after), low_at(text, after + 1))
    skip = 1 if words[0] == "in" else 2 if words == ("out", "of") else 0
    if not skip or amount <= 0 or amount != int(amount) or amount > 99:
        return None
    whole = _whole(text, after + skip)
    if whole is None or whole.value <= amount or (skip == 1 and whole.value > 1000 and whole.value < 2100):
        return None
    follower = text.words[whole.after] if whole.after < len(text.words) else None
    if skip == 1 and follower and follower.low in UNITS:
        return None  # three in two days
    return Number(amount * 100 / whole.value, whole.after, unit=PERCENT)


def _whole(text: Text, at: int) -> Number | None:
    if at >= len(text.words):
        return None
    word = text.words[at]
    if word.kind == "number":
        value = digits_value(word.low, text.language)
        after, amount = at + 1, value[0] if value else Decimal(0)
        while size := _magnitude(text, after):
            amount, after = amount * size, after + 1
        return Number(amount, after) if value else None
    small = {**SMALL_WORDS["en"], **TENS, "hundred": 100}
    return Number(Decimal(small[word.low]), at + 1) if word.low in small else None


def _share(text: Text, at: int) -> Number | None:
    """Half (of), a third, two-thirds, half a million, half a dozen."""
    low, next_low, third_low = low_at(text, at), low_at(text, at + 1), low_at(text, at + 2)
    if low == "half":
        if next_low in ("a", "an") and third_low in UNITS and UNITS[third_low].dimension == "duration":
            return Number(Decimal("0.5"), at + 3, 1, unit=UNITS[third_low])
        if next_low in ("a", "an") and (size := _magnitude(text, at + 2)):
            return Number(Decimal(size) / 2, at + 3, 1)
        hours = next_low in ("a", "an") or third_low in ("hour", "century", "decade") or next_low == "-"
        before = (
            low_at(text, at - 1) in ("second", "first", "other", "and", "year", "better", "latter", "a", "-")
            and next_low != "of"
        )
        return None if hours or before else Number(SHARES["half"], at + 1, 1, unit=PERCENT)
    if low in ("a", "one") and next_low in SHARES and next_low != "half":
        return Number(SHARES[next_low], at + 2, 2, unit=PERCENT) if third_low == "of" or low_at(text, at - 1) == "by" else None
    if low in ("a", "one") and next_low == "-" and third_low in SHARES:
        return Number(SHARES[third_low], at + 3, 2, unit=PERCENT)
    if low in ("two", "three"):
        skip = 2 if next_low == "-" else 1
        part = low_at(text, at + skip)
        if (
            part.endswith("s")
            and part[:-1] in SHARES
            and (low_at(text, at + skip + 1), low_at(text, at + skip + 2)) == ("of", "an")
        ):
            return Number(SHARES[part[:-1]] * SMALL_WORDS["en"][low] / 100, at + skip + 4, 2, unit=UNITS["hour"])
        if part.endswith("s") and part[:-1] in SHARES:
            return Number(SHARES[part[:-1]] * SMALL_WORDS["en"][low], at + skip + 1, 2, unit=PERCENT)
    return None


_FOR_A = word_set("than for almost about nearly over around least to lasted took within under some")


def _one_span(text: Text, at: int) -> Number | None:
    """A span of time that "a" counts: an hour and a half, more than a year, for a week; not "twice a year"."""
    unit = UNITS.get(low_at(text, at + 1))
    if unit is None or unit.dimension != "duration":
        return None
    if tuple(low_at(text, one) for one in range(at + 2, at + 5)) == ("and", "a", "half"):
        return Number(Decimal("1.5"), at + 5, 2, unit=unit)
    return Number(Decimal(1), at + 2, 1, unit=unit) if low_at(text, at - 1) in _FOR_A else None


def _vague(text: Text, at: int) -> Number:
    """Dozens, hundreds of thousands, tens of thousands: from two of them up to ten."""
    size, after = VAGUE[text.words[at].low], at + 1
    while low_at(text, after) == "of" and low_at(text, after + 1) in VAGUE:
        size, after = size * VAGUE[low_at(text, after + 1)], after + 2
    return Number(Decimal(size), after, 1, bound="vague", high=Decimal(size) * (1000 if size >= 10**6 else 20))


def _ordinal(text: Text, at: int) -> Number | None:
    word = text.words[at]
    follower = text.words[at + 1] if at + 1 < len(text.words) else None
    fits = (
        low_at(text, at - 1) in _DETERMINERS
        and follower is not None
        and bool(follower.root)
        and follower.low not in ("time", "place")
    )
    return Number(Decimal(ORDINALS[word.low]), at + 1, ordinal=True) if fits else None
