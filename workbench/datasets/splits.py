"""Which claims must not be parted by a split, and which split each is in. Pure.

What lives here: groups of claims that say the same, or are by one claimant; the draw. What does not: who called claims the same
(review/), the data. The same claims and seed give the same splits on every machine.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Literal

from workbench.errors import UsageError
from workbench.likeness import Likeness
from workbench.matching import fold
from workbench.models import Case, sha256_hex
from workbench.review import called_the_same

SplitBy = Literal["claim-group", "claimant", "time"]
SHARES = (("train", 0.7), ("dev", 0.85), ("test", 1.0))  # of the claims, added up
COMMON = 200  # claims that share a run of three words: from here on it is a turn of phrase, and says nothing of two claims


class Splits:
    """The groups of all claims, and the split of each. counted: those the shares are drawn of. by: None draws none."""

    def __init__(self, every: Mapping[str, Case], counted: Iterable[str], *, by: SplitBy | None, seed: int) -> None:
        self._groups = _groups(every)
        pairs = [*self._groups.items(), *(_by_claimant(every) if by == "claimant" else ())]
        self._units = _joined(every, pairs)
        self._drawn = {} if by is None else _drawn(every, counted, self._units, by, seed)

    def group_of(self, claim_id: str) -> str:
        """The least id of the claims that say the same as this one; its own where none does."""
        return self._groups[claim_id]

    def split_of(self, claim_id: str) -> str | None:
        """`train`, `dev` or `test`; None where none was drawn, or it goes with no counted claim, or no day is known."""
        return self._drawn.get(self._units[claim_id])

    @property
    def names(self) -> tuple[str, ...]:
        """The splits that hold a claim, in their order."""
        return tuple(name for name, _ in SHARES if name in self._drawn.values())


def split_by(text: str | None) -> SplitBy | None:
    """What a split goes by. Raises: UsageError."""
    match text:
        case None | "claim-group" | "claimant" | "time":
            return text
    raise UsageError(f"{text!r} is no way to split.", hint="Use one of: claim-group, claimant, time.")


def _groups(every: Mapping[str, Case]) -> dict[str, str]:
    same = called_the_same(every)
    pairs = [(one, other) for one, others in same.items() for other in others if other in every]
    return _joined(every, [*pairs, *_near_duplicates(every)])


def _near_duplicates(every: Mapping[str, Case]) -> list[tuple[str, str]]:
    """Claims whose statements are the same in the same words, or one in the other."""
    likeness = {claim_id: Likeness.of(case.claim.statement) for claim_id, case in every.items()}
    having: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for claim_id, one in likeness.items():
        for shingle in one.shingles:
            having[shingle].append(claim_id)
    sharing = (sorted(claims) for claims in having.values() if 1 < len(claims) <= COMMON)
    pairs = {pair for claims in sharing for pair in itertools.combinations(claims, 2)}
    return sorted(pair for pair in pairs if likeness[pair[0]].is_copy_of(likeness[pair[1]]))


def _joined(ids: Iterable[str], pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The least id of the component that each id is in."""
    group = {one: {one} for one in ids}
    for one, other in pairs:
        if group[one] is not group[other]:
            both = group[one] | group[other]
            group |= dict.fromkeys(both, both)
    least = {id(members): min(members) for members in group.values()}
    return {one: least[id(members)] for one, members in group.items()}


def _drawn(
    every: Mapping[str, Case], counted: Iterable[str], units: Mapping[str, str], by: SplitBy, seed: int
) -> dict[str, str]:
    """The split of each unit that holds a counted claim: filled one after the other, whole units at a time."""
    members: dict[str, list[str]] = defaultdict(list)
    for one in counted:
        members[units[one]].append(one)
    order = {unit: sha256_hex(f"{seed}\n{unit}") for unit in members}
    if by == "time":
        days = {unit: max(_day(every[one]) for one in held) for unit, held in members.items()}
        order = {unit: day for unit, day in days.items() if day}
    whole, before = sum(len(members[unit]) for unit in order), 0
    drawn = {}
    for unit in sorted(order, key=lambda unit: (order[unit], unit)):
        share = (before + len(members[unit]) / 2) / whole  # a unit goes where its middle falls
        drawn[unit] = next(name for name, up_to in SHARES if share <= up_to)
        before += len(members[unit])
    return drawn


def _by_claimant(every: Mapping[str, Case]) -> list[tuple[str, str]]:
    first: dict[str, str] = {}
    pairs = []
    for claim_id, case in every.items():
        if case.claim.claimant is not None:
            name = fold(case.claim.claimant.name).text.strip()
            pairs.append((first.setdefault(name, claim_id), claim_id))
    return pairs


def _day(case: Case) -> str:
    """The last day a claim may be from; "" where nobody knows."""
    return case.claim.claimed_on.latest.isoformat() if case.claim.claimed_on.latest else ""
