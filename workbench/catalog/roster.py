"""Who is in the index: every passage in passage order, without the texts, from arrays beside a generation and not from SQLite.

What lives here: the array a generation keeps (places), what differs between it and the catalog, and the Roster made of the two.
What does not: texts and vectors. A row number always means the same source and place, so places are never brought up to date,
only added and taken away; that a catalog and a generation belong together is checked by their owner (Manifest.catalog_id).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from workbench.catalog.rows import marks, parts
from workbench.catalog.tables import Corpus, corpus

PLACE = np.dtype([("row", "<i8"), ("source", "<i4"), ("start", "<i4")])  # a passage: its row, its source's row, where it starts
EVERY_ROW = "SELECT row FROM passages"  # answered by an index: no text is read
EVERY_PLACE = 'SELECT row, source, "start" FROM passages'

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
    here = [int(row) for row in np.unique(places["source"])]
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
    """(places of all passages, rows that are new, rows that are gone) against the places of a generation. All ascending."""
    if not len(before):
        places = _sorted(np.array(db.execute(EVERY_PLACE).fetchall(), dtype=PLACE))
        return places, places["row"].astype(np.int64), before["row"].astype(np.int64)
    now = np.fromiter((row for (row,) in db.execute(EVERY_ROW)), dtype=np.int64)
    new = np.setdiff1d(now, before["row"])
    kept = np.isin(before["row"], now)
    added = [row for part in parts(new.tolist()) for row in _places_of(db, part)]
    places = _sorted(np.concatenate([before[kept], np.array(added, dtype=PLACE)]))
    return places, new, before["row"][~kept].astype(np.int64)


def _places_of(db: sqlite3.Connection, rows: Sequence[int]) -> list[tuple[int, int, int]]:
    return db.execute(f"{EVERY_PLACE} WHERE row IN ({marks(rows)})", tuple(rows)).fetchall()  # question marks only


def _sorted(places: Places) -> Places:
    return places[np.argsort(places["row"], kind="stable")]
