"""Which passages a search may find, as an expression of Milvus. Pure, but for names of passages looked up in the catalog.

What lives here: from row numbers that are allowed to the shortest expression that says the same. What does not: which rows are
allowed (search/scope.py). An expression holds whole numbers and passage ids, which are made of digits, hyphens and a to f:
no word of a claim, a file or a person is ever part of one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from workbench.catalog.engine import Opening
from workbench.catalog.roster import Places
from workbench.catalog.rows import names_of, parts

KEY = np.dtype([("row", "<i8"), ("key", "<i8")])  # a source: its row in the catalog, and its number in Milvus
EVERYTHING = ""


@dataclass(frozen=True)
class Held:
    """The passages of a generation, ascending by row, and the sources they are of. Ids are row numbers, (n,) int64."""

    places: Places
    sources: NDArray[np.void]
    opening: Opening

    @cached_property
    def rows(self) -> NDArray[np.int64]:
        """Every id, ascending: (n,) int64."""
        return self.places["row"].astype(np.int64)

    @cached_property
    def _source_of(self) -> NDArray[np.int64]:
        """For each passage the position of its source in `sources`."""
        found: NDArray[np.int64] = np.searchsorted(self.sources["row"], self.places["source"]).astype(np.int64)
        return found

    def here(self, ids: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which of these ids are of this generation."""
        if not len(self.rows):
            return np.zeros(len(ids), dtype=bool)
        found: NDArray[np.bool_] = self.rows[np.minimum(np.searchsorted(self.rows, ids), len(self.rows) - 1)] == ids
        return found

    def expression(self, ids: NDArray[np.int64]) -> str | None:
        """What is true of these passages and of no other of this generation; "" for all of them, None for none.

        Sources that are allowed whole are named by number, or those that are not, whichever is shorter; of one that is allowed
        in part, which happens while files are taken in, the passages are.
        """
        mask = np.zeros(len(self.rows), dtype=bool)
        mask[np.searchsorted(self.rows, ids[self.here(ids)])] = True
        if not mask.any():
            return None
        if mask.all():
            return EVERYTHING
        every = np.bincount(self._source_of, minlength=len(self.sources))
        allowed = np.bincount(self._source_of[mask], minlength=len(self.sources))
        is_whole, is_part = allowed == every, (allowed > 0) & (allowed < every)
        keys: NDArray[np.int64] = self.sources["key"]
        whole, others = keys[is_whole].tolist(), keys[~is_whole].tolist()
        said = [f"source in {whole}" if len(whole) <= len(others) else f"source not in {others}"] if whole else []
        if is_part.any():
            rows = self.rows[mask & is_part[self._source_of]]
            said.append(f"passage_id in {self._names(rows)}")
        return " or ".join(said)

    def _names(self, rows: NDArray[np.int64]) -> list[str]:
        found = []
        for part in parts(rows.tolist()):
            with self.opening() as db:
                found += [passage_id for passage_id, _ in names_of(db, part).values()]
        return sorted(found)


def key_of(source_id: str) -> int:
    """The number of a source in Milvus: the first 16 hex digits of its sha256, as passage ids have them, in a signed int64."""
    return int.from_bytes(bytes.fromhex(source_id[:16]), "big", signed=True)
