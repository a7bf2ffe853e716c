"""Who is in the index: every passage in passage order, without the texts, from arrays beside a generation and not from SQLite.

What lives here: the array a generation keeps (places), what differs between it and the catalog, and the Roster made of the two.
What does not: texts and vectors. A row number always means the same source and place, so places are never brought up to date,
only added and taken away; that a catalog and a generation belong together is checked by their owner (Manifest.catalog_id).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from workbench.catalog.tables import Corpus, corpus, kept_sums

PLACE = np.dtype([("row", "<i8"), ("source", "<i4"), ("start", "<i4")])  # a passage: its row, its source's row, where it starts
EVERY_PLACE = 'SELECT row, source, "start" FROM passages'
COUNTED = "SELECT source, COUNT(*) FROM passages WHERE row <= ? GROUP BY source"  # answered by an index: no text is read

Places = NDArray[np.void]
NO_PLACES: Places = np.empty(0, dtype=PLACE)


@dataclass(frozen=True)
class Roster:
    """Every passage in passage order: by source, then by place. corpus: what it is the roster of.

    ids: (n,) int64, row numbers, which are the ids in both indexes. source_of: (n,) int32 into sources.
    """

    corpus: Corpus
    ids: NDArray[np.int64]
    sources: tuple[str, ...]
    source_of: NDArray[np.int32]

    def positions(self, ids: Sequence[int]) -> dict[int, int]:
        """Where each of these ids stands in passage order; unknown ones are left out."""
        if not len(self.ids) or not len(ids):
            return {}
        wanted = np.asarray(ids, dtype=np.int64)
        order, ascending = self._by_id
        places = order[np.minimum(np.searchsorted(ascending, wanted), len(order) - 1)]
        return {int(one): int(at) for one, at in zip(wanted, places, strict=True) if self.ids[at] == one}

    def only(self, kept: NDArray[np.bool_]) -> Roster:
        """The same roster without the passages that are not kept."""
        return replace(self, ids=self.ids[kept], source_of=self.source_of[kept])

    @cached_property
    def _by_id(self) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
        order = np.argsort(self.ids, kind="stable")
        return order, self.ids[order]


def roster(db: sqlite3.Connection, places: Places) -> Roster:
    """The roster of these places, which are those of the catalog now."""
    names = dict(db.execute("SELECT row, source_id FROM sources"))
    here = np.flatnonzero(np.bincount(places["source"])).tolist()
    ordered = sorted(here, key=lambda row: names[row])
    rank = np.zeros(max(here, default=0) + 1, dtype=np.int64)
    rank[ordered] = np.arange(len(ordered))
    by_source = rank[places["source"]]
    order = np.argsort(by_source << 32 | places["start"], kind="stable")
    return Roster(
        corpus=corpus(db),
        ids=places["row"][order].astype(np.int64),
        sources=tuple(names[row] for row in ordered),
        source_of=by_source[order].astype(np.int32),
    )


def places_now(db: sqlite3.Connection, before: Places) -> tuple[Places, NDArray[np.int64], NDArray[np.int64]]:
    """(places of all passages, rows that are new, rows that are gone) against a generation's. Rows: (n,) int64, ascending.

    A row that came later is above every row there ever was, so what is new is found at the end, and the rest of the catalog is
    a part of `before`: as many of a source as before are the same ones. Nothing else of it is looked at.
    """
    last = int(before["row"].max(initial=0))
    new = _as_places(db.execute(f"{EVERY_PLACE} WHERE row > ? ORDER BY row", (last,)))
    gone = _gone(db, before, last) if kept_sums(db)[0] != len(before) + len(new) else before["row"][:0]
    kept = ~np.isin(before["row"], gone, kind="sort")
    return np.concatenate([before[kept], new]), new["row"].astype(np.int64), gone.astype(np.int64)


def _gone(db: sqlite3.Connection, before: Places, last: int) -> NDArray[np.int64]:
    """The rows of `before` that are no longer in the catalog, ascending."""
    counted = np.array(db.execute(COUNTED, (last,)).fetchall(), dtype=np.int64).reshape(-1, 2)
    had = np.bincount(before["source"], minlength=int(counted[:, 0].max(initial=0)) + 1)
    has = np.zeros_like(had)
    has[counted[:, 0]] = counted[:, 1]
    less = [int(source) for source in np.flatnonzero(had > has)]
    here = [row for source in less for (row,) in db.execute("SELECT row FROM passages WHERE source = ?", (source,))]
    mine = before["row"][np.isin(before["source"], less, kind="sort")].astype(np.int64)
    return np.setdiff1d(mine, np.array(here, dtype=np.int64))


def _as_places(rows: Iterable[tuple[int, int, int]]) -> Places:
    return np.array(list(rows), dtype=PLACE)
