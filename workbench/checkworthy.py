"""Which sentences of a text are worth checking, best first, each with the reasons.

What lives here: signs that a sentence can be checked at all (numbers, comparisons, causes, named bodies, what never or always
was) and signs that it cannot (questions, opinions, predictions, courtesies), each with its weight. What does not: whether a
sentence is true, or matters: these are suggestions, and a person chooses. The weights are small round numbers set by reading;
nothing is learned from data.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import regex

from workbench.models import Span
from workbench.quotes.marks import paragraphs, sentences

SHORT = 6  # words: a shorter sentence seldom says what it is about
LONG = 30  # words: up to so many, a longer sentence says more that can be checked
SHORT_COSTS, LONG_BRINGS = 1.5, 1.0
WORTH = 2.0  # the least score that is suggested: one strong sign with nothing against it


class Sign(NamedTuple):
    """Something in a sentence that counts for or against checking it. reason: as people read it."""

    reason: str
    weight: float
    pattern: regex.Pattern[str]


def _sign(reason: str, weight: float, pattern: str, *, any_case: bool = True) -> Sign:
    return Sign(reason, weight, regex.compile(pattern, regex.IGNORECASE if any_case else 0))


# Each sign counts once, however often it stands in a sentence. A pattern holds no repetition inside a repetition.
SIGNS = (
    _sign("a share", 2.5, r"\d(?:\.\d+)? ?(?:%|percent\b|per cent\b)|\b(?:half|one third|two thirds|a quarter) of\b"),
    _sign("a sum of money", 1.5, r"[$€£¥] ?\d|\b(?:dollars|euros|pounds)\b"),
    _sign("a large number", 1.5, r"\b(?:hundreds?|thousands?|millions?|billions?|trillions?)\b|\b\d{1,3},\d{3}\b"),
    _sign("a number", 1.0, r"\b\d+\b|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty)\b"),
    _sign(
        "a comparison",
        1.5,
        r"\b(?:more|less|fewer|higher|lower|bigger|larger|better|worse|older|faster) than\b"
        r"|\b(?:highest|lowest|biggest|largest|worst|fastest|first|record|twice|double)\b|\bthe most\b|\bas many as\b",
    ),
    _sign(
        "a change over time",
        1.5,
        r"\b(?:increas(?:ed?|ing)|decreas(?:ed?|ing)|r(?:ise|ose|isen|ising)|f(?:all|ell|allen|alling)|dropp?(?:ed|ing)"
        r"|doubl(?:ed|ing)|tripl(?:ed|ing)|gr(?:ew|own|owing)|declin(?:ed?|ing)|cut by|went (?:up|down)|gone (?:up|down))\b"
        r"|\bsince (?:19|20)\d\d\b|\b(?:lost|added|created) (?:\p{L}+ )?jobs\b",
    ),
    _sign(
        "a cause",
        1.0,
        r"\b(?:because of|caused?|led to|leads to|result(?:ed|s)? in|due to|thanks to|created|destroyed|cost(?:s|ing)?|drives?"
        r"|responsible for|killed|wiped out)\b",
    ),
    _sign(
        "an act on record",
        1.0,
        r"\b(?:voted|signed|passed|vetoed|approved|repealed|deported|arrested|indicted|convicted|sued|banned|endorsed|funded"
        r"|paid|gave|took|sold|bought|invaded|admitted|ruled|opposed|supported|announced|won|deleted|received)\b",
    ),
    _sign("what somebody said", 0.7, r"\b(?:said|called|claimed|promised|according to|reported|testified|told)\b"),
    _sign("all or none", 0.7, r"\b(?:never|nobody|no one|none of|not one|all of|every|always|only|anywhere)\b"),
    _sign("named people, bodies or places", 1.0, r"(?<=[\p{Ll},] )\p{Lu}\p{L}*\p{Ll}", any_case=False),
    _sign("a question", -3.0, r"\?[\"”’')]*$"),
    _sign("an opinion", -1.0, r"\b(?:I|we) (?:think|believe|feel|guess|hope|love|like)\b|\b(?:should|ought to|in my view)\b"),
    _sign(
        "praise or blame alone",
        -0.7,
        r"\b(?:great|wonderful|beautiful|amazing|incredible|terrific|tremendous|proud|sad|honou?r(?:ed)?|fantastic|terrible)\b",
    ),
    _sign(
        "a prediction or a promise",
        -1.2,
        r"\b(?:will|shall|won['’]t|going to|gonna)\b|['’]ll\b|\b(?:would|could|might) \p{L}"
        r"|\b(?:I|we) (?:want|promise|pledge)\b",
    ),
    _sign(
        "a courtesy", -2.5, r"\b(?:thank you|thanks|good (?:evening|morning|night)|welcome|please|congratulations|excuse me)\b"
    ),
    _sign("a request", -1.0, r"^(?:let|let['’]s|look|listen|go ahead|wait|remember|well|so|okay|ok|yes|no)\b"),
)


class Checkable(NamedTuple):
    """A sentence of a text with what speaks for and against checking it. score: higher is more checkable; no scale."""

    span: Span
    score: float
    reasons: tuple[str, ...]
    against: tuple[str, ...]


def score(sentence: str) -> tuple[float, tuple[str, ...], tuple[str, ...]]:
    """(score, reasons for, reasons against) of one sentence, the strongest reason first."""
    found = [sign for sign in SIGNS if sign.pattern.search(sentence)]
    words = len(sentence.split())
    total = sum(sign.weight for sign in found) + LONG_BRINGS * min(words, LONG) / LONG - SHORT_COSTS * (words < SHORT)
    ordered = sorted(found, key=lambda sign: -abs(sign.weight))
    return (
        round(total, 3),
        tuple(sign.reason for sign in ordered if sign.weight > 0),
        tuple(sign.reason for sign in ordered if sign.weight < 0),
    )


def worth_checking(text: str) -> list[Checkable]:
    """The sentences of a text that are worth checking, the most checkable first; of equals the earlier one."""
    return sorted((one for one in _judged(text) if one.score >= WORTH and one.reasons), key=lambda one: -one.score)


def _judged(text: str) -> Iterator[Checkable]:
    for area in sentences(text, text, paragraphs(text)):
        yield Checkable(Span(start=area.start, end=area.end), *score(text[area.start : area.end]))
