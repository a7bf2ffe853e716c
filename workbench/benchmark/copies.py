"""How well near copies are found: `python -m workbench.benchmark.copies FILE...`, on copies made by code from these texts.

What lives here: edited copies, copies inside other articles, pairs of different texts, and counting. What does not: finding
(reprints.py). The texts should be about one topic, so that the pairs that are no copies are the hard ones. Edits are drawn
with a fixed seed from the words of the other texts.
"""

from __future__ import annotations

import itertools
import random
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from workbench.catalog.sketches import FEWEST_SHARED
from workbench.reprints import Wording, is_near, overlap

SEED = 7
RATES = (0.05, 0.2, 0.4)
ROUNDS = 10  # copies of each text at each rate


def edited(words: Sequence[str], others: Sequence[str], rate: float, drawn: random.Random) -> list[str]:
    """The words with this share of them changed, one edit in three a dropped, a replaced, and an added word."""
    made: list[str] = []
    for word in words:
        lot = drawn.random() / rate
        if lot < 1 / 3:
            continue
        made += [drawn.choice(others)] if lot < 2 / 3 else [word, drawn.choice(others)] if lot < 1 else [word]
    return made


def copies(texts: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """(kind, text, copy) of each text: edited at each rate, and its first half inside another text of the others."""
    drawn = random.Random(SEED)  # noqa: S311  # a benchmark, no secret
    for at, text in enumerate(texts):
        words = text.split()
        others = [word for number, other in enumerate(texts) if number != at for word in other.split()]
        for rate in RATES:
            for _ in range(ROUNDS):
                yield f"{rate:.0%} of the words edited", text, " ".join(edited(words, others, rate, drawn))
        for _ in range(ROUNDS):
            host = drawn.choice([other for number, other in enumerate(texts) if number != at]).split()
            place, part = drawn.randrange(len(host)), words[: max(40, len(words) // 2)]
            inside = [*host[:place], *edited(part, others, 0.05, drawn), *host[place:]]
            yield "first half, edited by 5%, inside another text", " ".join(part), " ".join(inside)


def found(one: str, other: str) -> tuple[bool, float]:
    """(whether the two are called near copies, the larger share of words), sketches first, as the library does it."""
    first, second = Wording.of(one), Wording.of(other)
    share = overlap(first, second)
    is_candidate = len(np.intersect1d(first.sketch(), second.sketch())) >= FEWEST_SHARED
    return is_candidate and is_near(share), max(share.here, share.there)


def table(texts: Sequence[str]) -> list[str]:
    """Lines of text: recall of each kind of copy, precision over all pairs of different texts."""
    by_kind: dict[str, list[tuple[bool, float]]] = {}
    for kind, text, copy in copies(texts):
        by_kind.setdefault(kind, []).append(found(text, copy))
    lines = [
        f"{kind}: {sum(hit for hit, _ in seen)} of {len(seen)} found, lowest share {min(share for _, share in seen):.2f}"
        for kind, seen in by_kind.items()
    ]
    pairs = [found(one, other) for one, other in itertools.combinations(texts, 2)]
    wrong = sum(hit for hit, _ in pairs)
    return [
        *lines,
        f"different texts: {wrong} of {len(pairs)} pairs called copies, highest share {max(share for _, share in pairs):.2f}",
    ]


if __name__ == "__main__":
    print("\n".join(table([Path(name).read_text(encoding="utf-8") for name in sys.argv[1:]])))  # noqa: T201
