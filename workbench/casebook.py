"""The casebook: every case by claim id, folded from its events when somebody opens it, and not before.

What lives here: opening one case or many, and holding what was opened. What does not: which claims there are (cases.py), what
lists ask of a claim (register.py). A walk over all cases folds each, some at a time, and holds few that have no verdict: who
only wants to know how many there are, or which are settled, asks the register.
"""

from __future__ import annotations

from collections.abc import Callable, ItemsView, Iterator, Mapping, Sequence, ValuesView
from itertools import islice
from typing import overload

from workbench.models import Case
from workbench.register import Row

HELD = 2_000  # cases without a verdict that stay open: a case is some 15 kB
AT_ONCE = 200  # cases opened in one go on a walk

Open = Callable[[Sequence[str]], Mapping[str, Case]]


class Casebook(Mapping[str, Case]):
    """Every case by claim id, in the order claims were added: another object once anything was stored.

    rows: of that state; a case that is opened after something was stored may know of it already. open_cases: the cases of the
    ids given. Safe to share between threads: two may open the same case.
    """

    def __init__(self, rows: Mapping[str, Row], open_cases: Open, opened: Mapping[str, Case] | None = None) -> None:
        self.rows = rows
        self._open_cases = open_cases
        self._opened = dict(opened or {})
        self._plain = sum(not rows[one].has_verdict for one in self._opened)

    def __getitem__(self, claim_id: str) -> Case:
        found = self._opened.get(claim_id)
        if found is None:
            if claim_id not in self.rows:
                raise KeyError(claim_id)
            (found,) = self._fresh([claim_id])
        return found

    def __contains__(self, claim_id: object) -> bool:
        return claim_id in self.rows

    def __iter__(self) -> Iterator[str]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def values(self) -> ValuesView[Case]:
        """The cases, some opened at a time."""
        return _Cases(self)

    def items(self) -> ItemsView[str, Case]:
        """The ids with their cases, some opened at a time."""
        return _Items(self)

    def opened(self, but: Mapping[str, object]) -> dict[str, Case]:
        """The cases held open, without those of the ids given: what the casebook of a later state begins with."""
        return {claim_id: case for claim_id, case in list(self._opened.items()) if claim_id not in but}

    def of(self, claim_ids: Sequence[str]) -> CaseList:
        """The cases of these ids, in their order, opened as they are reached."""
        return CaseList(self, claim_ids)

    def walk(self, claim_ids: Sequence[str]) -> Iterator[Case]:
        """The cases of these ids, in their order, some opened at a time."""
        waiting = iter(claim_ids)
        while part := list(islice(waiting, AT_ONCE)):
            held = {one: self._opened[one] for one in part if one in self._opened}
            missing = [one for one in part if one not in held]
            held |= zip(missing, self._fresh(missing), strict=True)
            yield from (held[one] for one in part)

    def _fresh(self, claim_ids: Sequence[str]) -> list[Case]:
        found = self._open_cases(claim_ids) if claim_ids else {}
        for claim_id, case in found.items():
            is_plain = not self.rows[claim_id].has_verdict
            if not is_plain or self._plain < HELD:
                self._plain += is_plain
                self._opened[claim_id] = case
        return [found[one] for one in claim_ids]


class _Cases(ValuesView[Case]):
    def __init__(self, book: Casebook) -> None:
        super().__init__(book)
        self._book = book

    def __iter__(self) -> Iterator[Case]:
        return self._book.walk(list(self._book.rows))


class _Items(ItemsView[str, Case]):
    def __init__(self, book: Casebook) -> None:
        super().__init__(book)
        self._book = book

    def __iter__(self) -> Iterator[tuple[str, Case]]:
        ids = list(self._book.rows)
        return zip(ids, self._book.walk(ids), strict=True)


class CaseList(Sequence[Case]):
    """Some cases of a casebook, in order: how many there are is known without opening one."""

    def __init__(self, book: Casebook, claim_ids: Sequence[str]) -> None:
        self._book = book
        self.claim_ids = claim_ids

    @overload
    def __getitem__(self, place: int) -> Case: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Case]: ...
    def __getitem__(self, place: int | slice) -> Case | Sequence[Case]:
        if isinstance(place, slice):
            return CaseList(self._book, self.claim_ids[place])
        return self._book[self.claim_ids[place]]

    def __iter__(self) -> Iterator[Case]:
        return self._book.walk(self.claim_ids)

    def __len__(self) -> int:
        return len(self.claim_ids)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(self) == len(other) and all(a == b for a, b in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]
