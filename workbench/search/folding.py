"""One list out of many candidates: passages that say the same words are folded, and no file crowds out the others. Pure.

What lives here: what counts as a near-duplicate, and the order in which hits are shown. What does not: scores, reading texts.
Nothing is dropped: what is folded is named with the hit, what is put back stands further down.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import regex

from workbench.matching import fold

SHINGLE = 3  # words: two reports of one event share names, a reprint shares runs of words
SAME = 0.8  # of all shingles: a reprint with its opening changed, or with another headline, has that many
COPIES_LIE_WITHIN = 0.03  # of each other's scores: they have nearly the same words and so nearly the same vector
LEAST_WORDS = 8  # below this a pair of shingles decides; only equal words are folded
TELLING_WORDS = frozenset(
    {"no", "not", "never", "none", "nor", "neither", "nobody", "nothing", "without", "cannot", "false", "untrue"}
    | {"all", "every", "each", "both", "only", "most", "some", "few", "any", "half"}
)
_WORD = regex.compile(r"\w+(?:'\w+)?")

One = TypeVar("One")


@dataclass(frozen=True)
class Fold(Generic[One]):
    """A candidate that is shown, and those after it that say the same."""

    shown: One
    others: list[One] = field(default_factory=list)


@dataclass(frozen=True)
class Likeness:
    """What a text is compared by: its shingles, and the words that would make another statement of it.

    Figures and denials must be the same: "12 were killed" is no copy of "21 were killed", nor "was found" of "was not found".
    """

    shingles: frozenset[tuple[str, ...]]
    telling: Counter[str]

    @classmethod
    def of(cls, text: str) -> Likeness:
        """The likeness of a text, folded: case, quotation marks and hyphenation do not count."""
        words = _WORD.findall(text.lower() if text.isascii() else fold(text).text)
        telling = Counter(word for word in words if _is_telling(word))
        if len(words) < LEAST_WORDS:
            return cls(frozenset({tuple(words)}), telling)
        return cls(frozenset(zip(*(words[at:] for at in range(SHINGLE)), strict=False)), telling)

    def is_same(self, other: Likeness) -> bool:
        """Whether the two texts say the same in the same words."""
        if self.telling != other.telling:
            return False
        few, many = sorted((len(self.shingles), len(other.shingles)))
        if few < SAME * many:
            return False
        shared = len(self.shingles & other.shingles)
        return shared >= SAME * (few + many - shared)


def fold_same(
    candidates: Iterable[One],
    *,
    text: Callable[[One], str],
    score: Callable[[One], float],
    source: Callable[[One], Hashable],
    k: int,
    per_source: int,
) -> list[Fold[One]]:
    """The first k candidates that say something new, best first, each with the later ones that say the same.

    At most `per_source` of one source stand before the hits of others; what a source has beyond that follows them, in order.
    Candidates are looked at until k places are taken, and then as far down as a copy of the last could stand.
    """
    first: list[Fold[One]] = []
    later: list[Fold[One]] = []
    seen: list[tuple[Likeness, Fold[One]]] = []
    of_source: Counter[Hashable] = Counter()
    for one in candidates:
        if len(first) >= k and score(one) < score(first[-1].shown) - COPIES_LIE_WITHIN:
            break
        likeness = Likeness.of(text(one))
        same = next((fold for known, fold in seen if known.is_same(likeness)), None)
        if same is not None:
            same.others.append(one)
            continue
        if len(first) >= k:
            continue
        new = Fold(one)
        seen.append((likeness, new))
        of_source[source(one)] += 1
        (first if of_source[source(one)] <= per_source else later).append(new)
    return [*first, *later][:k]


def _is_telling(word: str) -> bool:
    return word in TELLING_WORDS or word.endswith("n't") or any(letter.isdigit() for letter in word)
