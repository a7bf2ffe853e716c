"""The edits a contrast set is made with: one thing changed in a sentence, or the same said otherwise.

What lives here: small rules of their own, written without the lens's grammar, so that the lens is not examined on what it
knows by construction. Each gives the edited sentence, or None where the sentence has nothing to edit.
"""

from __future__ import annotations

import calendar
import random
from collections.abc import Callable
from typing import Literal

import regex

Kind = Literal["number", "date", "negation", "quantifier", "name", "place"]
Edit = Callable[[str, random.Random], str | None]

MONTHS = tuple(calendar.month_name[1:])
MONTH = "|".join(MONTHS)
_PEOPLE = [
    "Ingrid Halvorsen",
    "Tomasz Wieczorek",
    "Amara Okafor",
    "Rafael Quintero",
    "Yuki Tanabe",
    "Priya Raghunathan",
    "Oliver Bexley",
    "Leila Haddad",
    "Samuel Otieno",
    "Helena Markovic",
    "Duc Nguyen Van",
    "Fatima Zahra Idrissi",
]
GIVEN = (
    "James John Robert Michael William David Richard Joseph Thomas Charles Christopher Daniel Matthew Anthony Mark "
    "Donald Steven Paul "
    "Andrew Joshua Kenneth Kevin Brian George Edward Ronald Timothy Jason Jeffrey Ryan Jacob Gary Nicholas Eric "
    "Jonathan Stephen Larry "
    "Justin Scott Brandon Benjamin Samuel Gregory Frank Alexander Raymond Patrick Jack Dennis Jerry Tyler Aaron Henry "
    "Peter Adam Mary "
    "Patricia Jennifer Linda Elizabeth Barbara Susan Jessica Sarah Karen Nancy Lisa Margaret Betty Sandra Ashley "
    "Dorothy Kimberly Emily "
    "Donna Michelle Carol Amanda Melissa Deborah Stephanie Rebecca Laura Sharon Cynthia Kathleen Amy Shirley Angela "
    "Helen Anna Brenda "
    "Pamela Nicole Ruth Katherine Samantha Christine Emma Catherine Debra Virginia Rachel Carolyn Janet Maria Heather "
    "Diane Julie Alice "
    "Antonio Ravina Sergei Ted Kem Emerlynne Prak Phay"
)
_COUNTRIES_NAMES = (
    "Myanmar Cambodia Russia China France Germany Japan India Brazil Canada Mexico Italy Spain Kenya Egypt Norway Sweden "
    "Poland Turkey Iran Iraq Israel Australia Argentina Indonesia Thailand Vietnam Pakistan Nigeria Ukraine"
)
_COUNTRIES = tuple(_COUNTRIES_NAMES.split())
_CITIES_NAMES = (
    "London Paris Berlin Moscow Tokyo Beijing Jakarta Bangkok Madrid Rome Vienna Brussels Cairo Nairobi Ottawa Oslo "
    "Warsaw Athens Chicago Boston Houston Toronto Sydney Seoul Manila Hanoi"
)
_CITIES = tuple(_CITIES_NAMES.split())
_UNITS = {
    "minutes": "hours", "hours": "days", "days": "weeks", "weeks": "months", "months": "years", "years": "months",
    "km": "miles",
    "kilometres": "miles", "kilometers": "miles", "miles": "kilometres", "metres": "feet", "meters": "feet", "feet": "metres",
    "million": "billion", "billion": "million", "dollars": "euros", "euros": "dollars", "kg": "tonnes", "tonnes": "kilograms",
    "tons": "kilograms", "mm": "cm", "cm": "mm", "acres": "hectares", "hectares": "acres",
}  # fmt: skip
_QUANTIFIERS = {
    "all": ("some", "few", "half"), "most": ("few", "none"), "some": ("all", "none"), "many": ("few",), "every": ("no",),
    "few": ("most", "many"), "none": ("all", "some", "many"), "several": ("all",),
}  # fmt: skip
_OPPOSITE_WORDS = """
rose/fell increased/decreased rising/falling increases/decreases won/lost accepted/rejected supported/opposed higher/lower
more/fewer larger/smaller warmer/cooler older/younger faster/slower strong/weak before/after longer/shorter peaceful/violent
best/worst high/low early/late
"""
_OPPOSITES = [pair.split("/") for pair in _OPPOSITE_WORDS.split()]
_AUXILIARY_NAMES = "was were is are has have had will would can could should must may might"
_AUXILIARY = tuple(_AUXILIARY_NAMES.split())
NUMBER_WORDS = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]


# --- one thing changed -----------------------------------------------------------------------------------------------

_PLAIN_NUMBER = regex.compile(
    r"(?<![\w.,/$-])(?:\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)"
    rf"(?![\w/-]|[.,]\d| (?:{MONTH})|(?:st|nd|rd|th)\b)(?<!\b[12]\d{{3}})"
)
_MONTH_BEFORE = regex.compile(rf"(?:{MONTH}|Jan|Feb|Aug|Sept|Oct|Nov|Dec)\.? $")


def _number_swapped(sentence: str, chance: random.Random) -> str | None:
    found = [one for one in _PLAIN_NUMBER.finditer(sentence) if not _MONTH_BEFORE.search(sentence[: one.start()])]
    if not found:
        return None
    one = chance.choice(found)
    value = float(one[0].replace(",", ""))
    changed = value * chance.choice((0.2, 0.35, 0.6, 1.7, 2.3, 4)) + chance.choice((1, 2, 3))
    places = len(one[0].partition(".")[2])
    written = f"{changed:,.{places}f}" if "," in one[0] else f"{changed:.{places}f}"
    return put(sentence, one, written) if written != one[0] else None


def _unit_changed(sentence: str, chance: random.Random) -> str | None:
    words = "|".join(sorted(_UNITS, key=len, reverse=True))
    number = rf"(?:\d[\d.,]*|{'|'.join(NUMBER_WORDS)})"
    found = list(
        regex.finditer(rf"(?<=\b{number}[ -])(?:{words})\b(?! (?:old|of age|before|after|since|ago|later|earlier))", sentence)
    )
    return put(sentence, one, _UNITS[one[0]]) if found and (one := chance.choice(found)) else None


def _date_moved(sentence: str, chance: random.Random) -> str | None:
    years = list(
        regex.finditer(rf"(?<=\b(?:[Ii]n|[Ss]ince|{MONTH}|of|until|year|,) )(?:1[6-9]\d\d|20[0-2]\d)\b(?![-/–])", sentence)
    )
    months = list(regex.finditer(rf"(?<=\b\d{{1,2}} |[Ii]n |[Oo]n |of |since |until )(?:{MONTH})\b", sentence))
    days = list(
        regex.finditer(rf"\b(?:[1-9]|1\d|2[0-8])(?= (?:{MONTH}))|(?<=(?:{MONTH}) )(?:[1-9]|1\d|2[0-8])\b(?=[ ,.;])", sentence)
    )
    if not (found := [*years, *months, *days]):
        return None
    one = chance.choice(found)
    if one[0] in MONTHS:
        written = chance.choice([month for month in MONTHS if month != one[0]])
    elif len(one[0]) == 4:
        written = str(int(one[0]) + chance.choice((-7, -3, -2, -1, 1, 2, 3)))
    else:
        written = str((int(one[0]) + chance.choice((3, 5, 9, 11)) - 1) % 28 + 1)
    return put(sentence, one, written)


def _denied(sentence: str, chance: random.Random) -> str | None:
    if regex.search(r"\b(?:not|no|never|neither|nor|without|few|little|hardly)\b|n't\b", sentence):
        return None
    found = regex.search(rf"\b(?:{'|'.join(_AUXILIARY)})\b(?= \p{{Ll}})", sentence)
    return sentence[: found.end()] + " not" + sentence[found.end() :] if found else None


def _undenied(sentence: str, chance: random.Random) -> str | None:
    if len(regex.findall(r"\b(?:not|no|never)\b|n't\b", sentence)) != 1:
        return None
    found = regex.search(
        rf"(?<=\b(?:{'|'.join(_AUXILIARY)})) (?:not|never)\b(?! (?:only|just|to|yet|necessarily))"
        r"|(?<=\b(?:is|was|were|are|has|had|found|offers|cites|with)) no(?= \p{Ll}+)(?! (?:longer|more|less|doubt|fewer))",
        sentence,
    )
    return sentence[: found.start()] + sentence[found.end() :] if found else None


def _quantifier_flipped(sentence: str, chance: random.Random) -> str | None:
    words = "|".join([*_QUANTIFIERS, *map(str.capitalize, _QUANTIFIERS)])
    found = list(
        regex.finditer(
            rf"(?<!\b(?:at|of|for|in|above|the|as|so|how|not|a|after|nearly|almost|very|too) )\b(?:{words})\b"
            r"(?= of (?:the|these|those|them|his|their|its)\b| (?:the )?\p{Ll}+(?:s|people|men|women|children)\b)",
            sentence,
        )
    )
    if not found:
        return None
    one = chance.choice(found)
    other = chance.choice(_QUANTIFIERS[one[0].lower()])
    if other in ("none", "half") and not sentence[one.end() :].startswith(" of"):
        other = "no" if other == "none" else "half of the"
    return put(sentence, one, other.capitalize() if one[0][0].isupper() else other)


def _turned_round(sentence: str, chance: random.Random) -> str | None:
    """A word for its opposite; in a sentence that has both already, nothing is turned."""
    found = []
    for pair in _OPPOSITES:
        for word, other in (pair, pair[::-1]):
            if not regex.search(rf"\b{other}\b", sentence):
                found += [
                    (one, other)
                    for one in regex.finditer(
                        rf"(?<!ever |no |(?:day|week|month|year|hour|minute)s? )\b{word}\b(?! than| \d|-)", sentence
                    )
                ]
    if not found:
        return None
    one, other = chance.choice(found)
    return put(sentence, one, other)


def _person_exchanged(sentence: str, chance: random.Random) -> str | None:
    given = "|".join(GIVEN.split())
    found = list(
        regex.finditer(rf"\b(?:{given}|Min|Hun|Aung San)(?: \p{{Lu}}\.)?(?: \p{{Lu}}\p{{Ll}}{{2,}}){{1,2}}\b(?!-)", sentence)
    )
    return put(sentence, one, chance.choice(_PEOPLE)) if found and (one := chance.choice(found)) else None


def _place_exchanged(sentence: str, chance: random.Random) -> str | None:
    for pool in chance.sample([_COUNTRIES, _CITIES], 2):
        found = list(regex.finditer(rf"(?<!\p{{Lu}}\p{{L}}+ )\b(?:{'|'.join(pool)})\b(?! \p{{Lu}}|-)", sentence))
        if found:
            one = chance.choice(found)
            others = [place for place in pool if place not in sentence]
            return put(sentence, one, chance.choice(others))
    return None


def put(sentence: str, place: regex.Match[str], written: str) -> str:
    """The sentence with something else written at a place."""
    return sentence[: place.start()] + written + sentence[place.end() :]


CHANGES: dict[str, tuple[Kind, Edit]] = {
    "number swapped": ("number", _number_swapped), "unit changed": ("number", _unit_changed),
    "date moved": ("date", _date_moved),
    "negation added": ("negation", _denied), "negation removed": ("negation", _undenied),
    "turned round": ("negation", _turned_round),
    "quantifier flipped": ("quantifier", _quantifier_flipped), "person exchanged": ("name", _person_exchanged),
    "place exchanged": ("place", _place_exchanged),
}  # fmt: skip
