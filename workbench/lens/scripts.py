"""Figures in Chinese, Burmese and Khmer, whose units and number words touch the digits or stand without spaces.

What lives here: the grammar of those figures. Their dates are read with all others in dates.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

import regex

from workbench.lens.figures import MOST_FIGURES, Figure
from workbench.lens.numerals import LONGEST_DIGITS, Bound, digits_value, meant_digits
from workbench.lens.units import NOTHING, PERCENT, UNITS, Unit
from workbench.lens.words import Text

_HAN = "〇零一二两兩三四五六七八九十百千万萬亿億"
_DIGIT = {
    one: number
    for number, ones in enumerate(("〇零", "一", "二两兩", "三", "四", "五", "六", "七", "八", "九"))
    for one in ones
}
_SIZE = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_SOUTH = {"ဆယ်": 10, "ရာ": 100, "ထောင်": 1000, "သောင်း": 10**4, "သိန်း": 10**5, "သန်း": 10**6, "ដប់": 10, "រយ": 100, "ពាន់": 1000,
          "ម៉ឺន": 10**4, "សែន": 10**5, "លាន": 10**6, "ពាន់លាន": 10**9, "ប៊ីលាន": 10**9}  # fmt: skip
_PEOPLE = ("人", "名", "位", "ဦး", "ယောက်", "នាក់", "អ្នក")
_VOTES = ("票", "မဲ", "សំឡេង", "សន្លឹក")
_UNIT_WORDS = {word: unit for word, unit in UNITS.items() if not word.isascii() and len(word) > 0 and word[0] not in "$€£¥₹₽៛฿"}
_BEFORE: dict[str, Bound] = {
    "超过": "least", "逾": "least", "至少": "least", "多于": "least", "不到": "most", "少于": "most", "最多": "most",
    "大约": "about",
    "约": "about",
    "近": "nearly", "将近": "nearly", "အနည်းဆုံး": "least", "ခန့်မှန်း": "about", "ជាង": "least", "យ៉ាងតិច": "least",
    "យ៉ាងហោចណាស់": "least",
    "ប្រហែល": "about", "ប្រមាណ": "about", "ជិត": "nearly", "តិចជាង": "most", "លើសពី": "least",
}  # fmt: skip
_AFTER: dict[str, Bound] = {
    "多": "least",
    "余": "least",
    "以上": "least",
    "左右": "about",
    "ကျော်": "least",
    "ခန့်": "about",
    "နီးပါး": "nearly",
    "ជាង": "least",
}


def _one_of(words: Iterable[str]) -> str:
    return "|".join(regex.escape(word) for word in sorted(words, key=len, reverse=True))


_UNIT = rf"(?P<people>个人|{_one_of(_PEOPLE)})|(?P<votes>{_one_of(_VOTES)})|(?P<unit>{_one_of(_UNIT_WORDS)})|(?P<thing>[个個])"
_FIGURE = regex.compile(
    rf"(?P<percent>百分之)?"
    rf"(?:(?P<mixed>\d+[万萬亿億]\d+[百千万萬]?(?!\d))"
    rf"|(?P<digits>\d[\d,.]*\d|\d) ?(?P<size>[十百千]?[万萬亿億]|[百千]|{_one_of(_SOUTH)})?|(?P<han>[{_HAN}]+))"
    rf" ?(?P<after>{_one_of(_AFTER)})? ?(?:{_UNIT})? ?(?P<later>{_one_of(_AFTER)})?"
)
_OPENING = regex.compile(rf"(?:{_one_of(_BEFORE)}) ?$")
_HERE = regex.compile(r"[\p{Han}\p{Myanmar}\p{Khmer}]")


def script_figures(text: Text, taken: list[tuple[int, int]]) -> Iterator[Figure]:
    """The figures that stand beside one of these scripts. taken: places of dates."""
    if not _HERE.search(text.typed):
        return
    count = 0
    for found in _FIGURE.finditer(text.typed):
        if count >= MOST_FIGURES or any(found.start() < end and start < found.end() for start, end in taken):
            continue
        figure = _figure(text, found)
        if figure is not None:
            count += 1
            yield figure


def _figure(text: Text, found: regex.Match[str]) -> Figure | None:
    value = _value(found)
    counts = "person" if found["people"] else "vote" if found["votes"] else ""
    unit: Unit = PERCENT if found["percent"] else _UNIT_WORDS[found["unit"]] if found["unit"] else NOTHING
    around = text.typed[max(0, found.start() - 2) : found.end() + 2]
    if (
        value is None
        or not _HERE.search(around)
        or (found["han"] and not (counts or unit is not NOTHING or found["thing"] or len(found["han"]) > 2))
    ):
        return None
    start, end = found.start(), found.end()
    bound: Bound = "exact"
    opening = _OPENING.search(text.typed, max(0, start - 14), start)
    if opening:
        bound, start = _BEFORE[opening[0].strip()], opening.start()
    bound = _AFTER[found["after"] or found["later"]] if found["after"] or found["later"] else bound
    first, last = text.covering(found.start(), found.end())
    spelled = text.raw[start:end].strip()
    value *= unit.size
    return Figure(
        start,
        start + len(spelled),
        first,
        last,
        value,
        value,
        unit,
        bound,
        meant_digits(value),
        "",
        spelled,
        counts,
    )


def _value(found: regex.Match[str]) -> Decimal | None:
    if found["mixed"]:  # 3万5千
        parts = regex.findall(r"(\d+)(\D?)", found["mixed"])
        small = all(len(digits) <= LONGEST_DIGITS for digits, _ in parts)
        return Decimal(sum(int(digits) * _SIZE.get(size, 1) for digits, size in parts)) if small else None
    if found["han"]:
        if len(found["han"]) > LONGEST_DIGITS:
            return None
        return Decimal(han_value(found["han"]))
    read = digits_value(_european(found["digits"]), "en")
    if read is None:
        return None
    size = 1
    for one in (found["size"] and ([found["size"]] if found["size"] in _SOUTH else list(found["size"]))) or []:
        size *= _SOUTH.get(one) or _SIZE[one]
    return read[0] * size


def _european(digits: str) -> str:
    """The digits with the Khmer separators exchanged: ១.៤០០ is one thousand four hundred."""
    khmer = any("០" <= one <= "៩" for one in digits)
    return digits.translate({ord("."): ",", ord(","): "."}) if khmer else digits


def han_value(written: str) -> int:
    """What Chinese number words amount to: 一千四百 is 1400, 二〇二一 is 2021, 三万 is 30000."""
    if not any(one in _SIZE for one in written):
        return int("".join(str(_DIGIT[one]) for one in written))
    total = section = current = 0
    for one in written:
        if one in _DIGIT:
            current = _DIGIT[one]
        elif _SIZE[one] >= 10**4:
            total, section, current = (total + section + current) * _SIZE[one], 0, 0
        else:
            section, current = section + max(current, 1) * _SIZE[one], 0
    return total + section + current
