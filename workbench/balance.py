"""Who is checked and how it comes out: claims and ratings counted by claimant, affiliation or topic. Pure.

What lives here: counting, and what the counts do not say. What does not: who or what is checked, which people choose.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Literal

from workbench.models import Record
from workbench.register import DECIDED, Row
from workbench.tongue import N_, _

By = Literal["claimant", "affiliation", "topic"]
DOES_NOT_SAY = N_(
    "Who is checked is a choice: these are counts of what was chosen, not of what was said. A name with many false claims "
    "may only have been looked at more often. Counted are verdicts that stand today; not drafts, not those the reviewers "
    "disagree on, and not those given on words that were changed since."
)
SEVERAL_TOPICS = N_("A claim on several topics is counted under each of them.")


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


def balance_of(rows: Sequence[Row], by: By, *, labels: Sequence[str] = ()) -> Balance:
    """What these rows of the register add up to by name. labels: of the scale, in its order.

    A rating counts while its verdict stands.
    """
    names: dict[str, list[Row]] = {}
    unnamed = 0
    for row in rows:
        found = _names(row, by)
        unnamed += not found
        for name in found:
            names.setdefault(name, []).append(row)
    counted = [_row(name, of_name) for name, of_name in names.items()]
    given = {label for row in counted for label in row.ratings}
    return Balance(
        by=by,
        claims=len(rows),
        unnamed=unnamed,
        ratings=(*(label for label in labels if label in given), *sorted(given.difference(labels))),
        rows=tuple(sorted(counted, key=lambda row: (-row.claims, row.name.casefold()))),
        does_not_say=" ".join(map(_, (DOES_NOT_SAY, SEVERAL_TOPICS) if by == "topic" else (DOES_NOT_SAY,))),
    )


def _names(row: Row, by: By) -> tuple[str, ...]:
    if by == "topic":
        return tuple(dict.fromkeys(row.topics))
    name = row.claimant if by == "claimant" else row.affiliation
    return (name,) if name else ()


def _row(name: str, rows: Sequence[Row]) -> BalanceRow:
    standing = [row.rating for row in rows if row.rating is not None and row.status in DECIDED]
    return BalanceRow(name=name, claims=len(rows), undecided=len(rows) - len(standing), ratings=dict(Counter(standing)))
