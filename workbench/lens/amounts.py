"""When two figures may be the same amount: bounds, rounding, conversion.

What lives here: arithmetic. What does not: whether the two figures count the same thing (numbers.py).
"""

from __future__ import annotations

from decimal import Decimal

from workbench.lens.figures import Figure

ABOUT = Decimal("0.1")  # "about 300" may be 270 to 330
NEARLY = Decimal("0.15")  # "nearly 300" may be 255 to 300
CONVERTED = Decimal("0.03")  # 100 miles are called 160 km
SAME_BOUND = Decimal("0.1")  # "more than 1,000" and "more than 1,050"
ROUNDED_BY = Decimal("0.1")  # nobody rounds 1,400 to 1,000
ROUND_FROM = 1000  # from here on a figure with closing zeros may be another one rounded: 5,000 for 5,224, but not 900 for 883


def same_amount(one: Figure, other: Figure) -> bool:
    """Whether two figures of one dimension may be the same amount. The same both ways round."""
    if one.is_range and other.is_range:
        return _near(one.value, other.value, CONVERTED) and _near(one.high, other.high, CONVERTED)
    if one.bound == other.bound == "vague":
        # hundreds are not thousands, though each word leaves room; tens of thousands are thousands
        again = one.spelled.split()[-1].lower() == other.spelled.split()[-1].lower()
        return _near(one.value, other.value, Decimal("0.9") if again else Decimal(0))
    if one.bound == other.bound == "about" and not (one.is_range or other.is_range):
        return _near(one.value, other.value, ABOUT)
    if one.bound == other.bound and one.bound in ("least", "most"):
        return _near(one.value, other.value, SAME_BOUND)
    slack = CONVERTED if one.unit != other.unit and one.unit.dimension != "money" else Decimal(0)
    (low, high), (other_low, other_high) = _allowed(one, slack), _allowed(other, slack)
    if low <= other_high and other_low <= high:
        return True
    return _rounds_to(one, other) or _rounds_to(other, one)


def _near(one: Decimal, other: Decimal, part: Decimal) -> bool:
    return abs(one - other) <= part * max(abs(one), abs(other))


_ENDLESS = Decimal("1e60")


def _allowed(figure: Figure, slack: Decimal) -> tuple[Decimal, Decimal]:
    value, high = figure.value, figure.high
    size = abs(value)
    if figure.bound == "least":
        return value - size * slack, _ENDLESS
    if figure.bound == "most":
        return -_ENDLESS, high + size * slack
    if figure.bound == "nearly":
        return value - size * NEARLY, value + size * slack
    part = ABOUT if figure.bound == "about" else slack
    if (
        figure.unit.dimension == "share"
        and figure.digits <= 2
        and "%" not in figure.spelled
        and not figure.spelled[:1].isdigit()
    ):
        part = max(part, Decimal("0.05"))  # "half", "two-thirds" are never meant to the point
    return value - size * part, high + abs(high) * part


def _rounds_to(exact: Figure, rounded: Figure) -> bool:
    """Whether the second figure is the first one rounded, and plainly so: 1.4 million for 1,412,000, 48 % for 48.3 %."""
    if exact.unit != rounded.unit or exact.is_range or rounded.is_range or exact.digits <= rounded.digits:
        return False
    if exact.bound not in ("exact", "about") or rounded.bound not in ("exact", "about"):
        return False
    value = rounded.value / rounded.unit.size
    whole = rounded.dimension == "share" or "." in rounded.spelled or "," in rounded.spelled
    step = Decimal(10) ** (len(str(int(abs(value)))) - rounded.digits)
    plainly = (abs(value) >= ROUND_FROM and step >= 100) or (step <= 1 and whole and rounded.digits >= 2)
    return plainly and abs(exact.value / exact.unit.size - value) <= min(step / 2, abs(value) * ROUNDED_BY)
