"""The same said otherwise: edits that change no figure, date, name or denial of a sentence.

What lives here: small rules of their own, as in edits.py.
"""

from __future__ import annotations

import random

import regex

from workbench.benchmark.edits import GIVEN, MONTH, NUMBER_WORDS, Edit, Kind, put


def _words_for_digits(sentence: str, chance: random.Random) -> str | None:
    found = list(regex.finditer(r"(?<![\w.,/$·-])(?:[2-9]|1[0-2])(?= \p{Ll})(?! (?:percent|per cent))", sentence))
    return put(sentence, one, NUMBER_WORDS[int(one[0]) - 2]) if found and (one := chance.choice(found)) else None


def _digits_for_words(sentence: str, chance: random.Random) -> str | None:
    found = list(regex.finditer(rf"(?<!hundred |hundred and |-)\b(?:{'|'.join(NUMBER_WORDS)})\b(?= \p{{Ll}})", sentence))
    return put(sentence, one, str(NUMBER_WORDS.index(one[0]) + 2)) if found and (one := chance.choice(found)) else None


def _comma_dropped(sentence: str, chance: random.Random) -> str | None:
    changed = regex.sub(r"(?<=\b\d),(?=\d{3}\b(?!,))", "", sentence)
    return changed if changed != sentence else None


def _sign_for_word(sentence: str, chance: random.Random) -> str | None:
    changed = regex.sub(r"(?<=\d)%(?=[ .,;)])", " percent", sentence)
    changed = changed if changed != sentence else regex.sub(r"(?<=\d) (?:percent|per cent)\b", "%", sentence)
    return changed if changed != sentence else None


def _other_bound(sentence: str, chance: random.Random) -> str | None:
    for one, other in (
        ("more than", "over"),
        ("about", "around"),
        ("at least", "no fewer than"),
        ("approximately", "about"),
        ("over", "more than"),
    ):
        changed = regex.sub(rf"\b{one}(?= \d)", other, sentence, count=1)
        if changed != sentence:
            return str(changed)
    return None


def _american_date(sentence: str, chance: random.Random) -> str | None:
    changed = regex.sub(
        rf"\b(\d{{1,2}}) ({MONTH})(?: (\d{{4}}))?",
        lambda one: f"{one[2]} {one[1]}" + (f", {one[3]}" if one[3] else ""),
        sentence,
    )
    return (
        changed
        if changed != sentence
        else regex.sub(rf"\b({MONTH}) (\d{{1,2}}), (\d{{4}})", r"\2 \1 \3", sentence)
        if "," in sentence
        else None
    )


def _short_month(sentence: str, chance: random.Random) -> str | None:
    changed = regex.sub(
        r"\b(January|February|August|September|October|November|December)(?= \d)", lambda one: one[0][:3] + ".", sentence
    )
    return changed if changed != sentence else None


def _front_to_back(sentence: str, chance: random.Random) -> str | None:
    found = regex.match(r"((?:In|On|At|By|Since|During|After) [^,;:“”\"]{3,50}), ([^“”\"]+)([.!?])$", sentence)
    if not found:
        return None
    opening, rest = found[1], found[2]
    return f"{rest[0].upper()}{rest[1:]} {opening[0].lower()}{opening[1:]}{found[3]}"


_OPENERS = ("The", "A", "An", "It", "They", "He", "She", "This", "These", "That", "All", "Most", "Some", "Many", "Only", "No")


def _back_to_front(sentence: str, chance: random.Random) -> str | None:
    found = regex.match(
        r"((?:The|An?|It|They|He|She|Th(?:is|ese|at)|All|Most|Some|Many) [^“”\"(;]+?[^,])"
        r" ((?:in|on|at|during|after|before|since) [^,;:“”\"()]{3,40})([.!?])$",
        sentence,
    )
    if not found:
        return None
    opening, rest = found[2], found[1]
    return f"{opening[0].upper()}{opening[1:]}, {rest[0].lower()}{rest[1:]}{found[3]}"


def _contracted(sentence: str, chance: random.Random) -> str | None:
    changed = regex.sub(r"\b(did|does|do|was|were|is|are|has|have|had|would|could) not\b", r"\1n't", sentence)
    return (
        changed
        if changed != sentence
        else regex.sub(r"\b(did|does|do|was|were|is|are|has|have|had|would|could)n't\b", r"\1 not", sentence)
        if "n't" in sentence
        else None
    )


def _attributed(sentence: str, chance: random.Random) -> str | None:
    opening = chance.choice(("According to the report, ", "The article adds that ", "It is also said that "))
    first = sentence.split()[0]
    return opening + (sentence[0].lower() + sentence[1:] if first in (*_OPENERS, "In", "On", "By") else sentence)


def _other_quantifier(sentence: str, chance: random.Random) -> str | None:
    table = {"Many": "Numerous", "many": "numerous", "every": "each", "several": "a number of",
             "Several": "A number of", "Most of": "The majority of",
             "most of": "the majority of", "All": "All of", "all the": "all of the"}  # fmt: skip
    for one, other in table.items():
        pattern = (
            rf"\b{one}\b(?= (?:the )\p{{Ll}}+)"
            if one == "All"
            else rf"(?<!\b(?:as|so|how|too|at|for|of) )\b{one}\b(?= (?:the )?\p{{Ll}}+)"
        )
        changed = regex.sub(pattern, other, sentence, count=1)
        if changed != sentence:
            return str(changed)
    return None


def _title_added(sentence: str, chance: random.Random) -> str | None:
    given = "|".join(GIVEN.split())
    found = list(
        regex.finditer(rf"(?<!\p{{Lu}}\p{{L}}*\.? )\b(?:{given}|Min|Hun)(?: \p{{Lu}}\p{{Ll}}{{2,}}){{1,2}}\b(?!-)", sentence)
    )
    return put(sentence, one, chance.choice(("Mr ", "Dr ")) + one[0]) if found and (one := chance.choice(found)) else None


def _last_name(sentence: str, chance: random.Random) -> str | None:
    given = "|".join(GIVEN.split())
    found = list(regex.finditer(rf"(?<!\p{{Lu}}\p{{L}}*\.? )\b(?:{given}) (\p{{Lu}}\p{{Ll}}{{2,}})\b(?!-| \p{{Lu}})", sentence))
    return put(sentence, one, str(one[1])) if found and (one := chance.choice(found)) else None


def _abbreviated(sentence: str, chance: random.Random) -> str | None:
    table = {"United Nations": "U.N.", "United States": "U.S.", "United Kingdom": "UK", "European Union": "EU",
             "World Health Organization": "WHO",
             "U.S.": "United States", "UN": "United Nations"}  # fmt: skip
    for one, other in table.items():
        changed = regex.sub(rf"\b{regex.escape(one)}(?!\w)", other, sentence, count=1)
        if changed != sentence:
            return str(changed)
    return None


HARMLESS: dict[str, tuple[Kind, Edit]] = {
    "words for digits": ("number", _words_for_digits), "digits for words": ("number", _digits_for_words),
    "comma dropped": ("number", _comma_dropped),
    "sign for word": ("number", _sign_for_word), "other bound": ("number", _other_bound),
    "other date order": ("date", _american_date),
    "short month": ("date", _short_month), "front to back": ("date", _front_to_back),
    "back to front": ("date", _back_to_front), "contracted": ("negation", _contracted),
    "attributed": ("negation", _attributed), "other quantifier": ("quantifier", _other_quantifier),
    "title added": ("name", _title_added),
    "last name": ("name", _last_name), "abbreviated": ("place", _abbreviated),
}  # fmt: skip

_ORDERS = ("front to back", "back to front")  # tried first: they leave the sentence least like itself
MOST_REWORDINGS = 3


def reworded(sentence: str, chance: random.Random) -> str | None:
    """The sentence with up to MOST_REWORDINGS harmless edits, those of order first, an attribution last; None if none fits."""
    names = [name for name in HARMLESS if name not in (*_ORDERS, "attributed")]
    chance.shuffle(names)
    changed, count = sentence, 0
    for name in (*_ORDERS, *names, "attributed"):
        again = HARMLESS[name][1](changed, chance) if count < MOST_REWORDINGS else None
        if again and again != changed:
            changed, count = again, count + 1
    return changed if count else None
