"""Which passages several reviewers cite, and which only one does: "the same verdict on other evidence" is a finding. Pure.

Two citations are of one passage where they overlap in one file, or hold the same words in two.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import NamedTuple

from workbench.models import Citation, Stance


class CitedPassage(NamedTuple):
    """What the reviewers cite of one passage. by: their citations of it, by their place among those handed in."""

    by: dict[int, tuple[Citation, ...]]

    @property
    def stances(self) -> dict[int, Stance]:
        """What each of them takes it for, by place; of several citations in it, the first counts."""
        return {place: cited[0].stance for place, cited in self.by.items()}

    @property
    def is_shared(self) -> bool:
        """Whether more than one cites it."""
        return len(self.by) > 1


def cited_passages(cited_by: Sequence[Sequence[Citation]]) -> list[CitedPassage]:
    """The passages that are cited, in the order they are first cited in. cited_by: what each reviewer cites."""
    cited = [(place, citation) for place, citations in enumerate(cited_by) for citation in citations]
    group = list(range(len(cited)))
    for one, other in combinations(range(len(cited)), 2):
        if group[one] != group[other] and is_same_passage(cited[one][1], cited[other][1]):
            joined, kept = group[other], group[one]
            group = [kept if number == joined else number for number in group]
    passages: dict[int, dict[int, tuple[Citation, ...]]] = {}
    for number, (place, citation) in zip(group, cited, strict=True):
        by = passages.setdefault(number, {})
        by[place] = (*by.get(place, ()), citation)
    return [CitedPassage(by) for by in passages.values()]


def is_same_passage(one: Citation, other: Citation) -> bool:
    """Whether two citations overlap in one text, or hold the same words."""
    overlap = one.text_sha256 == other.text_sha256 and one.start < other.end and other.start < one.end
    return overlap or " ".join(one.quote.split()) == " ".join(other.quote.split())


def share_in_common(passages: Iterable[CitedPassage]) -> float | None:
    """The share of the cited passages that more than one cites (Jaccard, of two); None where nothing is cited."""
    shared = [passage.is_shared for passage in passages]
    return sum(shared) / len(shared) if shared else None
