"""One list out of many candidates: passages that say the same words are folded, and no file crowds out the others. Pure.

What lives here: what is folded into what, and the order in which hits are shown. What does not: what counts as a near-duplicate
(likeness.py), scores, reading texts.
Nothing is dropped: what is folded is named with the hit, what is put back stands further down.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from workbench.likeness import Likeness

COPIES_LIE_WITHIN = 0.03  # of each other's scores: they have nearly the same words and so nearly the same vector

One = TypeVar("One")


@dataclass(frozen=True)
class Fold(Generic[One]):
    """A candidate that is shown, and those after it that say the same."""

    shown: One
    others: list[One] = field(default_factory=list)


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
