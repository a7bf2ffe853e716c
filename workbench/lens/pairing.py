"""Which thing in the claim goes with which thing in the passage: one rule for figures, dates, names and places.

What lives here: the choice. What does not: how alike two things are, which each kind judges by its own lights.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeVar

One = TypeVar("One")
Relation = Literal["agrees", "differs", "apart"]  # apart: comparable, but meant for different days


class Judged(NamedTuple):
    """How two things relate, and how sure it is that both are about the same matter (the same both ways round)."""

    relation: Relation
    sureness: float
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """A thing of the claim (by number), the thing of the passage set beside it, and what was seen."""

    claim: int
    passage: int
    judged: Judged


AGREEING_FIRST = 1.2  # an equal figure is preferred to a different one that stands a little nearer


def pair_up(
    claims: Sequence[One],
    passages: Sequence[One],
    judge: Callable[[One, One], Judged | None],
    *,
    enough_to_agree: float,
    enough_to_differ: float,
    agreeing_first: float = AGREEING_FIRST,
) -> dict[int, Pair]:
    """By number of the claim's thing, what it is paired with; those that are paired with nothing are left out.

    Each thing is paired once, the surest pairs first; then whatever agrees with something already paired may share it.
    judge: None where two things cannot be compared.
    """
    pairs: list[tuple[float, Pair]] = []
    for c, one in enumerate(claims):
        for p, other in enumerate(passages):
            judged = judge(one, other)
            if judged is None or judged.sureness < (enough_to_agree if judged.relation == "agrees" else enough_to_differ):
                continue
            first = judged.sureness + (agreeing_first if judged.relation == "agrees" else 0.0)
            pairs.append((first, Pair(c, p, judged)))
    pairs.sort(key=lambda found: (-found[0], abs(found[1].claim - found[1].passage), found[1].claim + found[1].passage))
    chosen: dict[int, Pair] = {}
    used: set[int] = set()
    for _, pair in pairs:
        if pair.claim not in chosen and pair.passage not in used:
            chosen[pair.claim] = pair
            used.add(pair.passage)
    for _, pair in pairs:
        if pair.judged.relation == "agrees":
            chosen.setdefault(pair.claim, pair)
    return chosen
