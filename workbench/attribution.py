"""Whose words a passage prints, and who may know what they say. Pure.

What lives here: in whose reported speech some words stand, whether that is the claimant, and the origin that phrases of
attribution suggest. What does not: any decision: what is suggested is filled in by nobody but a person. Where the text does not
say, the answer is None.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import regex

from workbench.models import ExtractedQuote, Span
from workbench.quotes import extract_quotes
from workbench.quotes.words import word_set

MOST_INSIDE = 0.5  # of the words looked at that stand inside one speaker's speech: more of them, and they are that speaker's
ENOUGH_TO_SUGGEST = 0.3  # the same for a suggestion: "Andrews told Reuters on Friday" is a third of a short sentence
OPENING = 400  # characters in which a dateline or a credit stands
AGENCIES = (
    *("Reuters", "AP", "AFP", "UPI", "dpa", "EFE", "ANSA", "TASS", "Xinhua", "Kyodo", "Yonhap", "Bernama", "PTI", "ANI"),
    *("Associated Press", "Agence France-Presse", "Thomson Reuters", "Kyodo News", "Anadolu", "Anadolu Agency"),
)
# People a sentence may begin with, who have no name: nobody can be asked whether it was they who knew.
NAMELESS = word_set("""
    officials observers witnesses residents critics experts analysts protesters activists sources authorities spokesman
    spokeswoman spokesperson reports lawyers doctors diplomats soldiers police villagers relatives others many some most people
    """)
VIA = regex.compile(r"\s*[,;(]?\s*\bvia\b.*$", regex.IGNORECASE)  # "AAPP, via VOA": VOA only prints it
_ARTICLES = frozenset({"the", "a", "an"})
_NAME_WORD = regex.compile(r"\w+")
_NEWSROOM = r"(?P<name>(?:the\s+)?\p{Lu}[\p{L}\p{N}]*(?:[ -]\p{Lu}[\p{L}\p{N}]*){0,3})"
_TOLD = regex.compile(rf"\btold\s+{_NEWSROOM}")
_AGENCY = "|".join(map(regex.escape, sorted(AGENCIES, key=len, reverse=True)))
_WIRE = regex.compile(rf"\((?P<name>{_AGENCY})\)\s*[-–—]|(?:^|\n)\s*(?:Source|By)\s*:?\s+(?P<name>{_AGENCY})\s*(?:\n|$)")


@dataclass(frozen=True)
class Attribution:
    """Whose words some words are. speaker: in whose reported speech they stand; None where in nobody's, or it is not said.

    repeats_claim: the speaker is the claimant. by_claimant: the claimant published the file.
    """

    speaker: str | None = None
    repeats_claim: bool = False
    by_claimant: bool = False


def is_by(name: str | None, said: str | None, *, surname: bool = False) -> bool:
    """Whether a publisher or speaker is the person or body of that name: the same words, or two of them and no others.

    surname: whether the last word of a longer name is enough, as for a speaker in a text that names him whole. Only words with
    a capital count, and those of scripts without: "the report" is nobody's name, and Myanmar Now is not Myanmar.
    """
    mine, theirs = _words(name), _words(said)
    if not mine or not theirs:
        return False
    if surname and len(mine) > 1 and len(theirs) == 1:
        return theirs == _words((name or "").split()[-1])
    return mine == theirs or (min(len(mine), len(theirs)) > 1 and (mine <= theirs or theirs <= mine))


def attribution(text: str, spans: Iterable[Span], *, claimant: str | None = None, publisher: str | None = None) -> Attribution:
    """Whose words most of the spans of a text are. spans: the words a passage shares with the claim, or those cited."""
    return _attributed(text, tuple(spans), claimant, publisher)


@lru_cache(maxsize=512)
def _attributed(text: str, spans: tuple[Span, ...], claimant: str | None, publisher: str | None) -> Attribution:
    """A page asks of each of its passages several times, at every drawing."""
    quote = _spoken(text, spans, claimant, MOST_INSIDE)
    is_own = quote is not None and is_by(claimant, quote.speaker, surname=True)
    return Attribution(quote.speaker if quote else None, is_own, is_by(claimant, publisher))


def suggested_origin(
    text: str, spans: Iterable[Span], *, opening: str = "", publisher: str | None = None, body: str | None = None
) -> str | None:
    """Who seems to know what the spans say, as a person would write it: "AAPP, via Reuters"; None where nothing says so.

    From "according to the AAPP", "AAPP said", "told Reuters", "(Reuters) -". opening: the beginning of the document, where a
    dateline stands. body: whose findings a digest digests. Somebody without a name ("officials") is nobody to name.
    """
    quote = _spoken(text, list(spans), None, ENOUGH_TO_SUGGEST)
    wire = _wire(text) or _wire(opening[:OPENING])
    speaker = quote.speaker if quote and _words(quote.speaker) - NAMELESS else None
    told = _told(text, quote) if quote and speaker else None
    knows = speaker or body or wire
    prints = told or (wire if wire != knows else None) or publisher
    if knows is None or prints is None or knows == prints or is_by(knows, prints):
        return knows
    return f"{knows}, via {prints}"


def without_via(origin: str | None) -> str:
    """Who knows it, without who prints it."""
    return " ".join(VIA.sub("", origin or "").split())


@lru_cache(maxsize=256)
def _speech(text: str) -> Sequence[tuple[str, ExtractedQuote]]:
    """The speech in a passage, each with its speaker; the passages on a page are asked about at every drawing."""
    return tuple((quote.speaker, quote) for quote in extract_quotes(text) if quote.speaker)


def _spoken(text: str, spans: Sequence[Span], claimant: str | None, share: float) -> ExtractedQuote | None:
    """The first quotation of the speaker more than a share of the spans is inside of; the claimant's before another's."""
    looked_at = {at for span in spans for at in range(span.start, min(span.end, len(text)))}
    if not looked_at:
        return None
    inside: dict[str, set[int]] = {}
    first: dict[str, ExtractedQuote] = {}
    for speaker, quote in _speech(text):
        name = claimant if claimant and is_by(claimant, speaker, surname=True) else speaker
        covered = inside.setdefault(name, set())
        covered |= looked_at.intersection(range(quote.start, quote.end))
        if covered:
            first.setdefault(name, quote)
    most = max(inside, key=lambda name: (len(inside[name]), name == claimant), default=None)
    return first[most] if most is not None and len(inside[most]) > share * len(looked_at) else None


def _told(text: str, quote: ExtractedQuote) -> str | None:
    """The newsroom a speaker told it, in the words after the mention of the speaker."""
    if quote.cue is None or quote.cue.casefold() != "told" or quote.speaker_end is None:
        return None
    found = _TOLD.search(text, quote.speaker_end, min(len(text), quote.speaker_end + 80))
    return found["name"].removeprefix("the ") if found else None


def _wire(text: str) -> str | None:
    found = _WIRE.search(text)
    return found["name"] if found else None


def _words(name: str | None) -> frozenset[str]:
    found = (word for word in _NAME_WORD.findall(name or "") if not word[0].islower() and not word[0].isdigit())
    return frozenset(folded for word in found if (folded := word.casefold()) not in _ARTICLES)
