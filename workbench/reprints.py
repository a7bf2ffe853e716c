"""How much of one document stands in another, word for word, and which figures and denials were changed in it. Pure.

What lives here: a document's words, its sketch, the comparison of two documents. What does not: passages and what is folded in
a search (likeness.py), which documents are compared (catalog/sketches.py).

The sketch keeps the hashes of every fourth run of words, told by the hash itself (FracMinHash: Irber et al. 2022), so that two
sketches show not only how alike two documents are but also that one stands inside the other, which the fixed number of values
of a classic MinHash does not. A sketch only names candidates; what is said of two documents is counted in their words.
"""

from __future__ import annotations

import itertools
import unicodedata
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import regex
from numpy.typing import NDArray

from workbench.likeness import TELLING_WORDS
from workbench.models import ChangedWords

RUN = 4  # words of a run: independent reports of one event share few of that length outside quotations
RUN_OF_SIGNS = 9  # letters of a run in scripts written without spaces
ONE_IN = 4  # runs kept in a sketch
LEAST_WORDS = 40  # a shorter document stands in others by chance
NEAR = 0.25  # of a document's words: what two independent reports of one event stay below (docs/faithful.md)
AROUND = 5  # words shown before and after a changed figure
LONGEST_CHANGE = 12  # words between two stretches that agree; more is another passage
CHANGES_SHOWN = 8
NUMBERS = frozenset(
    {"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen"}
    | {"fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty", "thirty", "forty", "fifty", "sixty"}
    | {"seventy", "eighty", "ninety", "hundred", "hundreds", "thousand", "thousands", "million", "billion", "dozen", "dozens"}
)
_WORD = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]\p{M}*|\p{N}+(?:[.,]\p{N}+)*|[\p{L}\p{M}]+(?:['’]\p{L}+)?"
)
_LINE_HYPHEN = regex.compile(r"(?<=\p{Ll})[-‐]\n(?=\p{Ll})")
_SIGN = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]")

MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)  # Knuth's: 2**64 over the golden ratio

Sketch = NDArray[np.uint32]


@dataclass(frozen=True)
class Overlap:
    """here: the share of the one document's words that also stand in the other; there: of the other's; changes in between."""

    here: float
    there: float
    changes: tuple[ChangedWords, ...] = ()

    def turned(self) -> Overlap:
        """The same, seen from the other document."""
        changes = tuple(ChangedWords(here=one.there, there=one.here) for one in self.changes)
        return Overlap(self.there, self.here, changes)


@dataclass(frozen=True)
class Wording:
    """A document's words as they are compared. text: what they were found in. run: how many make a run."""

    words: tuple[str, ...]
    text: str
    run: int

    @classmethod
    def of(cls, text: str) -> Wording:
        """The words of a text without case, and without what type-setting adds: two forms of apostrophe, hyphens at line ends.

        Not folded as searches are (matching.py): that takes ten times as long, and every file taken in is read so.
        """
        plain = unicodedata.normalize("NFC", text).replace("’", "'").replace("\u00ad", "")
        plain = _LINE_HYPHEN.sub("", plain)
        words = tuple(_WORD.findall(plain.lower()))
        signs = sum(bool(_SIGN.match(word)) for word in words[:2_000])
        shown = text if len(text) == len(plain) else plain
        return cls(words, shown, RUN_OF_SIGNS if signs * 2 > len(words[:2_000]) else RUN)

    @cached_property
    def runs(self) -> NDArray[np.uint64]:
        """A number for each run of words, in order: (n,) uint64, the same on every machine."""
        known: dict[str, int] = {}
        for word in self.words:
            if word not in known:
                known[word] = zlib.crc32(word.encode("utf-8", "replace"))
        of_words = np.array([known[word] for word in self.words], dtype=np.uint64)
        count = max(0, len(self.words) - self.run + 1)
        runs = np.zeros(count, dtype=np.uint64)
        for at in range(self.run):
            runs = runs * MULTIPLIER + of_words[at : at + count]
        return runs

    def sketch(self) -> Sketch:
        """The runs that stand for the document, sorted, each once; empty where it is too short to be compared."""
        if len(self.words) < LEAST_WORDS:
            return np.empty(0, dtype=np.uint32)
        mixed = (np.unique(self.runs) * MULTIPLIER) >> np.uint64(29)  # the high bits of a product are the well mixed ones
        kept: Sketch = np.unique(mixed[mixed % ONE_IN == 0].astype(np.uint32))
        return kept

    @cached_property
    def _spans(self) -> list[tuple[int, int]]:
        return [found.span() for found in _WORD.finditer(self.text)]

    def shown(self, first: int, last: int) -> str:
        """The words [first, last) as the text has them."""
        spans = self._spans[max(0, first) : last]
        return " ".join(self.text[spans[0][0] : spans[-1][1]].split()) if spans else ""


def overlap(one: Wording, other: Wording) -> Overlap:
    """How much of each document stands in the other, and where figures, quantities or denials differ in between."""
    if one.run != other.run:
        return Overlap(0.0, 0.0)
    mine, theirs = one.runs.tolist(), other.runs.tolist()
    shared = set(mine) & set(theirs)
    changes = tuple(_changes(one, other, mine, theirs, shared))
    return Overlap(_covered(mine, shared, one), _covered(theirs, shared, other), changes[:CHANGES_SHOWN])


def is_near(found: Overlap) -> bool:
    """Whether one of the two stands in the other to a large part."""
    return max(found.here, found.there) >= NEAR


def _covered(runs: Sequence[int], shared: set[int], wording: Wording) -> float:
    """The share of words that are in a run that the other has too."""
    covered, end = 0, 0
    for at, run in enumerate(runs):
        if run in shared:
            covered += at + wording.run - max(at, end)
            end = at + wording.run
    return covered / len(wording.words) if wording.words else 0.0


def _changes(
    one: Wording, other: Wording, mine: Sequence[int], theirs: Sequence[int], shared: set[int]
) -> Iterator[ChangedWords]:
    """Short gaps between two stretches that both documents have, in which telling words differ."""
    places = _once(theirs, shared)
    mine_once = _once(mine, shared)
    matched = [(at, places[run]) for run, at in mine_once.items() if run in places]
    for (at, there), (next_at, next_there) in itertools.pairwise(matched):
        start, other_start = at + one.run, there + one.run
        gap, other_gap = next_at - start, next_there - other_start
        if not (0 <= gap <= LONGEST_CHANGE and 0 <= other_gap <= LONGEST_CHANGE):
            continue
        here, elsewhere = one.words[start:next_at], other.words[other_start:next_there]
        if _telling(here) != _telling(elsewhere):
            there_words = other.shown(other_start - AROUND, next_there + AROUND)
            yield ChangedWords(here=one.shown(start - AROUND, next_at + AROUND), there=there_words)


def _once(runs: Sequence[int], shared: set[int]) -> dict[int, int]:
    """Where each shared run stands that stands once, in order."""
    places: defaultdict[int, list[int]] = defaultdict(list)
    for at, run in enumerate(runs):
        if run in shared:
            places[run].append(at)
    return {run: at[0] for run, at in places.items() if len(at) == 1}


def _telling(words: Sequence[str]) -> Counter[str]:
    return Counter(
        word
        for word in words
        if word in TELLING_WORDS or word in NUMBERS or word.endswith("n't") or any(letter.isdigit() for letter in word)
    )
