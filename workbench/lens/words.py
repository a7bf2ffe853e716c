"""A text as the lens reads it: words with their roots, sentences and clauses, and the company a word keeps.

What lives here: cutting a text into words and telling which of them carry meaning. What does not: figures, dates, names.
Every step is one pass over the text; a word's company is looked for within WINDOW words, so the time is linear.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import regex

from workbench.lens.concepts import LIGHT, PHRASES, groups, irregular_bases
from workbench.lens.glossary import TERMS, english_root
from workbench.matching import STOP_WORDS
from workbench.models import Span
from workbench.passages import sentence_spans
from workbench.quotes.words import word_set

WINDOW = 16  # words on either side that are a word's company
NEAR, FAR = 6, 0.75  # up to so many words away a neighbour counts in full, then so much of it
ACROSS = 0.7  # what a neighbour is worth behind one comma or conjunction; a second one makes it half
BEFORE_PRONOUN = 0.5  # a sentence that starts with "she" goes on about the sentence before
LIGHT_WORTH = 0.35
PHRASE_GAP = 5  # words between the two of a phrase: "cost more than 1,400 civilian lives"
HAN, MAINLAND = 2, 3  # characters, written syllables that stand for a word in scripts without spaces

_TYPED = str.maketrans(dict.fromkeys("‘’‛′ʼ", "'") | dict.fromkeys("‐‑‒–−﹣－", "-") | {"％": "%", "，": ",", "　": " "})
_SPACELESS = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_TOKEN = regex.compile(
    r"(?V1)(?P<number>\d{1,3}(?:[,.'\u00A0\u2009\u202F]\d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,·]\d+)?)"
    rf"|(?P<run>(?:[{_SPACELESS}--\d])+)"
    r"|(?P<code>\p{L}[\p{L}\p{M}]*(?:-\d+(?![\d,.]*%)|\d)[\p{L}\d]*)"
    r"|(?P<short>(?:\p{L}\.){2,}|\p{Lu}\.(?=\s\p{Lu}))"
    r"|(?P<elided>(?i:[dlnscjm]|qu)'(?=\p{L}{2}))"
    r"|(?P<word>\p{L}[\p{L}\p{M}]*(?:'(?!s\b)\p{L}[\p{L}\p{M}]*)*)"
    r"|(?P<owner>'s?\b)"
    r"|(?P<mark>[^\s\p{L}\p{M}])"
)
_BROKEN_BY = frozenset(',;:()[]—“”"«»…，、；：（）!?.。')
_POINTED = regex.compile(r"(?<![\d.,])\d{1,3}\.\d{3}(?![\d.,])")
_CLAUSE = word_set(
    "but although though while whereas because when after before since if unless which who whom whose where until "
    "that mais pero"
)
_SMALL = word_set("against")  # stop words elsewhere, but here they tell one figure from another
_STOP = (
    STOP_WORDS
    | word_set("""
        s t n't don't didn't doesn't isn't aren't wasn't weren't hasn't haven't hadn't won't wouldn't can't couldn't shouldn't
        cannot it's he's she's that's there's they're we're i'm you're they've we've i've le la les des du de un une
        et en au aux
        que qui dans pour par sur est sont ont a avec ce cette ces se sa son ses leur el los las del al y e o u una
        unos unas con
        por para su sus es son ha han fue fueron lo como ete etait eu etat
        """)
) - _SMALL
_PRONOUNS = word_set("he she it they this these that those his her its their him them another both il elle ils")
_ENDINGS = (("ies", "y", 5), ("sses", "ss", 6), ("shes", "sh", 6), ("ches", "ch", 6), ("xes", "x", 5), ("zes", "ze", 5))
_DERIVED = ("ations", "ation", "ition", "ments", "ment", "ion", "ers", "er", "or", "ally", "al", "ity", "ive", "ist", "ism")
_IRREGULAR, _GROUPS = irregular_bases(), groups()

_FRENCH = word_set(
    "il elle on avait etait le la les des une dans est sont ont du au aux qui pour selon ete par avec cette et juin mars mai"
)
_SPANISH = word_set("se habia murieron el los las una del fue fueron por con segun para que desde hasta mas y al personas de")
_ENGLISH = word_set("the of and in to was were is are that by on for with has have had from not people")


class Word(NamedTuple):
    """A word, number or mark of a text. root: what it is about, "" where it carries nothing of its own."""

    start: int
    end: int
    low: str
    stem: str
    root: str
    kind: str
    sentence: int
    clause: int


@lru_cache(maxsize=16384)
def plain(word: str) -> str:
    """The word in lower case without accents."""
    if word.isascii():
        return word.lower()
    return "".join(one for one in unicodedata.normalize("NFD", word.casefold()) if not unicodedata.combining(one))


@lru_cache(maxsize=16384)
def stem(word: str) -> str:
    """What the forms of one English word have in common: killed, kills, killing."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if not word.isascii() or len(word) < 4:
        return word
    for ending, instead, shortest in _ENDINGS:
        if word.endswith(ending) and len(word) >= shortest:
            word = word[: -len(ending)] + instead
            break
    else:
        if word.endswith("s") and word[-2] not in "sui":
            word = word[:-1]
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    for ending, shortest in (("ied", 5), ("ing", 6), ("ed", 5), ("ly", 6)):
        if word.endswith(ending) and len(word) >= shortest:
            word = word[: -len(ending)] + ("y" if ending == "ied" else "")
            if word[-1] == word[-2] and word[-1] not in "lsz":
                word = word[:-1]
            break
    return _british(word[:-1] if len(word) > 3 and word.endswith("e") else word)


def _british(word: str) -> str:
    if len(word) > 5:
        word = word.replace("iz", "is").replace("yz", "ys")
    return word.replace("our", "or") if len(word) > 4 else word


_GROUP_OF_STEM = {stem(word): name for word, name in reversed(_GROUPS.items())}
_LIGHT_ROOTS = LIGHT | {stem(word) for word in LIGHT}


@lru_cache(maxsize=16384)
def root(word: str) -> str:
    """The group of words a word belongs to, or its stem without the ending that makes a noun of a verb."""
    if word in _GROUPS:
        return _GROUPS[word]
    short = stem(word)
    if short in _GROUP_OF_STEM:
        return _GROUP_OF_STEM[short]
    for ending in _DERIVED:
        if short.endswith(ending) and len(short) - len(ending) >= 4:
            short = short[: -len(ending)]
            break
    short = short[:-1] if len(short) > 4 and short.endswith("e") else short
    return _GROUP_OF_STEM.get(short, short)


def known_word(low: str) -> bool:
    """Whether a word stands in the tables as an ordinary English one, so that its capital need not make it a name."""
    return low in _STOP or low in _GROUPS or low in _IRREGULAR or stem(low) in _GROUP_OF_STEM or stem(low) in _LIGHT_ROOTS


@dataclass(frozen=True)
class Text:
    """A text with its words, in order. typed: the same characters, with one kind of apostrophe and hyphen."""

    raw: str
    typed: str
    language: str
    words: tuple[Word, ...]
    starts: tuple[int, ...]

    def at(self, place: int) -> int:
        """The number of the word that holds a place, or of the last one before it."""
        return max(0, bisect_right(self.starts, place) - 1)

    def covering(self, start: int, end: int) -> tuple[int, int]:
        """The first and last number of the words between two places."""
        return self.at(start), max(self.at(start), self.at(end - 1))

    def company(self, first: int, last: int, *, leave_out: frozenset[int] = frozenset()) -> dict[str, float]:
        """What stands around the words first..last, by root, and how near: 1 in the same clause, less beyond."""
        found: dict[str, float] = {}
        if not self.words:
            return found
        sentence = self.words[first].sentence
        for step, stop in ((-1, first - 1 - WINDOW), (1, last + 1 + WINDOW)):
            worth = 1.0
            clause = self.words[first if step < 0 else last].clause
            for number in range(first - 1 if step < 0 else last + 1, stop, step):
                if not 0 <= number < len(self.words) or self.words[number].sentence != sentence:
                    break
                word = self.words[number]
                if word.clause != clause:
                    clause, worth = word.clause, max(worth * ACROSS, ACROSS**2)
                if word.root and number not in leave_out:
                    far = FAR if abs(number - (first if step < 0 else last)) > NEAR else 1.0
                    found[word.root] = max(found.get(word.root, 0.0), worth * far * weight(word.root))
        self._add_what_the_pronoun_means(sentence, first, found)
        return found

    def _add_what_the_pronoun_means(self, sentence: int, first: int, found: dict[str, float]) -> None:
        opening = first
        while opening > 0 and self.words[opening - 1].sentence == sentence and first - opening < WINDOW:
            opening -= 1
        if opening == 0 or not any(word.low in _PRONOUNS for word in self.words[opening : opening + 3]):
            return
        for number in range(opening - 1, max(-1, opening - 1 - 2 * WINDOW), -1):
            word = self.words[number]
            if word.sentence < sentence - 1:
                break
            if word.root:
                found.setdefault(word.root, BEFORE_PRONOUN * weight(word.root))

    def span(self, start: int, end: int) -> Span:
        """The span of the original; the typed text has the same offsets."""
        return Span(start=start, end=end)


def weight(of_root: str) -> float:
    """What sharing a word is worth: little for "people" or "said"."""
    return LIGHT_WORTH if of_root in _LIGHT_ROOTS else 1.0


def likeness(one: Mapping[str, float], other: Mapping[str, float]) -> tuple[float, float]:
    """How much two companies share, in words, and as a part of the smaller one. The same both ways round."""
    shared = sum(min(worth, other[key]) for key, worth in sorted(one.items()) if key in other)
    smaller = min(sum(one.values()), sum(other.values()))
    return shared, shared / smaller if smaller else 0.0


def guess_language(words: set[str], said: str) -> str:
    """The language whose small words outnumber the others'; the one that was said where none does."""
    counts = {"fr": len(words & _FRENCH), "es": len(words & _SPANISH), "en": len(words & _ENGLISH)}
    best = max(counts, key=lambda name: (counts[name], name == said))
    enough = 2 if counts["en"] else 1
    return best if counts[best] >= enough and counts[best] > counts.get(said, 0) else said


@lru_cache(maxsize=256)
def read(raw: str, language: str) -> Text:
    """The words of a text. language: ISO 639-1; text that is plainly English, French or Spanish is read as that."""
    typed = raw.translate(_TYPED)
    lows = {plain(word) for word in regex.findall(r"\p{L}+", typed[:2000])}
    spoken = guess_language(lows, (language or "en").split("-")[0].lower())
    if spoken == "en" and not lows & _ENGLISH and lows and _POINTED.search(typed):
        spoken = "es"  # 1.400 in a text without one small English word is one thousand four hundred
    ends = [span.end for span in sentence_spans(typed, language=spoken)]
    words: list[Word] = []
    clause = 0
    for token in _TOKEN.finditer(typed):
        kind = token.lastgroup or "mark"
        sentence = bisect_right(ends, token.start())
        low = plain(token[0])
        if (kind == "mark" and low in _BROKEN_BY) or (kind == "word" and low in _CLAUSE):
            clause += 1
        if words and words[-1].sentence != sentence:
            clause += 1
        if kind == "run":
            words.extend(_pieces(token[0], token.start(), sentence, clause))
        else:
            words.append(_word(token, kind, low, sentence, clause, spoken))
    _name_phrases(words)
    return Text(raw, typed, spoken, tuple(words), tuple(word.start for word in words))


def _name_phrases(words: list[Word]) -> None:
    """Give the two words of a phrase the root of what they mean together."""
    for number, word in enumerate(words):
        if word.stem not in _PHRASE_STARTS:
            continue
        for after in range(number + 1, min(number + 2 + PHRASE_GAP, len(words))):
            name = _PHRASES.get((word.stem, words[after].stem))
            if words[after].clause != word.clause:
                break
            if name:
                words[number], words[after] = word._replace(root=name), words[after]._replace(root=name)
                break


_PHRASES = {(stem(first), stem(second)): name for (first, second), name in PHRASES.items()}
_PHRASE_STARTS = frozenset(first for first, _ in _PHRASES)
PHRASE_NAMES = frozenset(_PHRASES.values())


def _word(token: regex.Match[str], kind: str, low: str, sentence: int, clause: int, language: str) -> Word:
    if kind == "short":
        low = low.replace(".", "")
    carries = kind in ("word", "code", "short") and low not in _STOP
    of = root(english_root(low, language) or low) if carries else ""
    return Word(token.start(), token.end(), low, stem(low), of, kind, sentence, clause)


def _pieces(run: str, offset: int, sentence: int, clause: int) -> Iterator[Word]:
    """A run without spaces as overlapping pieces, each a word of its own; one that starts at every character."""
    cuts = [piece.start() for piece in regex.finditer(r"\X", run)] + [len(run)]
    width = HAN if regex.match(r"[\p{Han}\p{Hiragana}\p{Katakana}]", run) else MAINLAND
    terms = sorted((run.find(term), term) for term in TERMS if term in run)
    inside = [(at, at + len(term)) for at, term in terms]  # a piece of a known term says nothing of its own
    for number in range(max(1, len(cuts) - width)):
        while terms and terms[0][0] <= cuts[number]:
            at, term = terms.pop(0)
            yield Word(offset + at, offset + at + len(term), term, term, root(TERMS[term]), "run", sentence, clause)
        start, end = cuts[number], cuts[min(number + width, len(cuts) - 1)]
        piece = run[start:end]
        known = any(start < last and first < end for first, last in inside)
        yield Word(offset + start, offset + end, piece, piece, "" if known else piece, "run", sentence, clause)
    for at, term in terms:
        yield Word(offset + at, offset + at + len(term), term, term, root(TERMS[term]), "run", sentence, clause)
