"""Who is checked and how it comes out: claims and ratings counted by claimant, affiliation or topic. Pure.

What lives here: counting cases, and what the counts do not say. What does not: who or what is checked, which people choose.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Literal

from workbench.models import Case, Claim, Record

By = Literal["claimant", "affiliation", "topic"]
DOES_NOT_SAY = (
    "Who is checked is a choice: these are counts of what was chosen, not of what was said. A name with many false claims may "
    "only have been looked at more often. Counted are verdicts that stand today; not drafts, not those the reviewers disagree "
    "on, and not those given on words that were changed since."
)
SEVERAL_TOPICS = "A claim on several topics is counted under each of them."


class BalanceRow(Record):
    """The claims of one name. ratings: how many got each, by its label; undecided: those without a verdict that stands."""

    name: str
    claims: int
    undecided: int
    ratings: dict[str, int]


class Balance(Record):
    """Claims and ratings by name, the most claims first. unnamed: claims of which nobody said it; they are in no row.

    ratings: the labels that were given, in the order of the scale, those it no longer has last.
    """

    by: By
    claims: int
    unnamed: int
    ratings: tuple[str, ...]
    rows: tuple[BalanceRow, ...]
    does_not_say: str


def balance_of(cases: Sequence[Case], by: By, *, labels: Sequence[str] = ()) -> Balance:
    """What these cases add up to by name. labels: of the scale, in its order. A rating counts while its verdict stands."""
    names: dict[str, list[Case]] = {}
    unnamed = 0
    for case in cases:
        found = _names(case.claim, by)
        unnamed += not found
        for name in found:
            names.setdefault(name, []).append(case)
    rows = [_row(name, of_name) for name, of_name in names.items()]
    given = {label for row in rows for label in row.ratings}
    return Balance(
        by=by,
        claims=len(cases),
        unnamed=unnamed,
        ratings=(*(label for label in labels if label in given), *sorted(given.difference(labels))),
        rows=tuple(sorted(rows, key=lambda row: (-row.claims, row.name.casefold()))),
        does_not_say=f"{DOES_NOT_SAY} {SEVERAL_TOPICS}" if by == "topic" else DOES_NOT_SAY,
    )


def _names(claim: Claim, by: By) -> tuple[str, ...]:
    if by == "topic":
        return tuple(dict.fromkeys(claim.topics))
    name = claim.claimant and (claim.claimant.name if by == "claimant" else claim.claimant.affiliation)
    return (name,) if name else ()


def _row(name: str, cases: Sequence[Case]) -> BalanceRow:
    standing = [case.counting for case in cases if case.counting is not None and case.status in ("settled", "published")]
    ratings = Counter(verdict.rating.label for verdict in standing)
    return BalanceRow(name=name, claims=len(cases), undecided=len(cases) - len(standing), ratings=dict(ratings))
