"""When two texts say the same in the same words: a reprint, an agency report with another headline. Pure.

What lives here: the comparison. What does not: what follows from it (search/folding.py, origins.py).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import regex

from workbench.matching import fold

SHINGLE = 3  # words: two reports of one event share names, a reprint shares runs of words
SAME = 0.8  # of all shingles: a reprint with its opening changed, or with another headline, has that many
COPIED = 0.6  # of the shorter one's shingles: two sentences of agency copy with a changed opening
LEAST_WORDS = 8  # below this a pair of shingles decides; only equal words are folded
TELLING_WORDS = frozenset(
    {"no", "not", "never", "none", "nor", "neither", "nobody", "nothing", "without", "cannot", "false", "untrue"}
    | {"all", "every", "each", "both", "only", "most", "some", "few", "any", "half"}
)
_WORD = regex.compile(r"\w+(?:'\w+)?")


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
        telling = Counter({word: count for word, count in Counter(words).items() if _is_telling(word)})
        if len(words) < LEAST_WORDS:
            return cls(frozenset({tuple(words)}), telling)
        return cls(frozenset(zip(*(words[at:] for at in range(SHINGLE)), strict=False)), telling)

    def is_copy_of(self, other: Likeness) -> bool:
        """Whether most of the shorter text is in the longer one, word for word: printed from one report, edited by somebody."""
        few = min(len(self.shingles), len(other.shingles))
        return self.telling == other.telling and len(self.shingles & other.shingles) >= COPIED * few

    def is_same(self, other: Likeness) -> bool:
        """Whether the two texts say the same in the same words."""
        if self.telling != other.telling:
            return False
        few, many = sorted((len(self.shingles), len(other.shingles)))
        if few < SAME * many:
            return False
        shared = len(self.shingles & other.shingles)
        return shared >= SAME * (few + many - shared)


def _is_telling(word: str) -> bool:
    if word.isalpha():
        return word in TELLING_WORDS
    return word.endswith("n't") or any(letter.isdigit() for letter in word)
