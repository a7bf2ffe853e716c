"""Which documents of the library stand in one another to a large part: reprints, agency copy, a report inside a later one.

What lives here: a sketch of every source and the pairs found with it, two tables of catalog.sqlite that follow the sources by
triggers. What does not: when two documents are near (reprints.py), what is said of it (near_copies.py). Sources without a
sketch are compared when `renew` is called, so that a catalog from before there were sketches, or one whose texts were read
again, needs nothing else.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from workbench.catalog.tables import Database, corpus, meta, put_meta
from workbench.models import ChangedWords, NearCopy
from workbench.reprints import Overlap, Sketch, Wording, is_near, overlap

COUNTER = "sketches"  # in the table meta: raised with every change, so that what is held in memory is known to be old
AT_ONCE = 256  # sources sketched between two writes
COMPARED = 3_000_000  # characters of a document; what stands behind is not compared
FEWEST_SHARED = 2  # runs of two sketches, or their words are not compared
CANDIDATES = 20  # the likeliest, whose words are compared
MOST_OF_ONE_RUN = 1_000  # documents that have it: boilerplate of a thousand files tells nothing
SEGMENTS = 8  # of sorted runs before they are made one
NO_PROSE = ("text/csv", "spreadsheet")  # tables share their column names, not what they say


@dataclass
class _Held:
    """The sketches in memory: sorted runs and whose each is, in segments, the newest last. counter: as in the table meta."""

    counter: str = ""
    segments: list[tuple[Sketch, NDArray[np.int64]]] = field(default_factory=list)

    def add(self, sketches: Sequence[tuple[int, Sketch]]) -> None:
        """Hold more sketches; few segments are searched faster than many."""
        if sketches:
            runs = np.concatenate([sketch for _, sketch in sketches])
            owners = np.repeat(np.array([row for row, _ in sketches]), [len(sketch) for _, sketch in sketches])
            self.segments.append(_sorted(runs, owners))
        if len(self.segments) > SEGMENTS:
            columns = zip(*self.segments, strict=True)
            runs, owners = (np.concatenate(column) for column in columns)
            self.segments = [_sorted(runs, owners)]

    def likest(self, row: int, sketch: Sketch) -> list[int]:
        """Rows of the sources whose sketches share most with this one, best first."""
        owners = np.concatenate([_owners(runs, whose, sketch) for runs, whose in self.segments] or [np.empty(0, np.int64)])
        others, shared = np.unique(owners[owners != row], return_counts=True)
        order = np.argsort(-shared, kind="stable")
        return [int(others[at]) for at in order[:CANDIDATES] if shared[at] >= FEWEST_SHARED]


def _sorted(runs: Sketch, owners: NDArray[np.int64]) -> tuple[Sketch, NDArray[np.int64]]:
    order = np.argsort(runs, kind="stable")
    return runs[order], owners[order]


def _owners(runs: Sketch, whose: NDArray[np.int64], sketch: Sketch) -> NDArray[np.int64]:
    """Whose each run of the segment is that the sketch has too."""
    low, high = np.searchsorted(runs, sketch, "left"), np.searchsorted(runs, sketch, "right")
    counts = np.minimum(high - low, MOST_OF_ONE_RUN)
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    found: NDArray[np.int64] = whose[np.repeat(low, counts) + within]
    return found


class Sketches:
    """The sketches and near copies of one catalog."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._held = _Held()
        self._sources: tuple[object, frozenset[str]] = (None, frozenset())

    def renew(self) -> None:
        """Compare every source that has no sketch yet with all others. Raises: StaleIndex, WorkspaceError."""
        while True:
            with self._database.open() as db:
                rows = [row for (row,) in db.execute("SELECT source FROM unsketched ORDER BY source LIMIT ?", (AT_ONCE,))]
                if not rows:
                    return
                self._hold(db)
                sketched = [(row, _sketch_of(db, row)) for row in rows]
                self._held.add([(row, sketch) for row, sketch in sketched if len(sketch)])
                pairs = list(self._pairs(db, sketched))
            with self._database.open(write=True) as db:
                self._write(db, sketched, pairs)

    def near(self, source_id: str) -> list[NearCopy]:
        """The sources that share much of their words with this one, most first."""
        with self._database.open() as db:
            rows = db.execute(_NEAR, (source_id,)).fetchall()
        return [
            NearCopy(
                source_id=other,
                share=here,
                share_there=there,
                changes=tuple(ChangedWords(**one) for one in json.loads(changes)),
            )
            for other, here, there, changes in rows
        ]

    def sources(self) -> frozenset[str]:
        """Ids of the sources that have near copies."""
        with self._database.open() as db:
            state = (meta(db, COUNTER), corpus(db))  # a source that goes takes its pairs along
            if self._sources[0] != state:
                found = db.execute("SELECT source_id FROM sources WHERE row IN (SELECT source FROM near_copies)")
                self._sources = (state, frozenset(row[0] for row in found))
            return self._sources[1]

    def _hold(self, db: sqlite3.Connection) -> None:
        counter = meta(db, COUNTER) or ""
        if counter == self._held.counter and counter:
            return
        self._held = _Held(counter)
        stored = db.execute("SELECT source, sketch FROM sketches WHERE length(sketch) > 0").fetchall()
        self._held.add([(row, np.frombuffer(sketch, dtype="<u4").astype(np.uint32)) for row, sketch in stored])

    def _pairs(self, db: sqlite3.Connection, sketched: Sequence[tuple[int, Sketch]]) -> Iterator[tuple[int, int, Overlap]]:
        """Each new source with each that is near it; two new ones once."""
        done: set[int] = set()
        for row, sketch in sketched:
            done.add(row)
            candidates = self._held.likest(row, sketch) if len(sketch) else []
            mine = _wording(db, row) if candidates else None
            for other in candidates:
                theirs = _wording(db, other) if other not in done else None
                if mine is None or theirs is None:
                    continue
                found = overlap(mine, theirs)
                if is_near(found):
                    yield row, other, found

    def _write(
        self, db: sqlite3.Connection, sketched: Sequence[tuple[int, Sketch]], pairs: Sequence[tuple[int, int, Overlap]]
    ) -> None:
        values = [(row, sketch.astype("<u4").tobytes()) for row, sketch in sketched]
        db.executemany("INSERT OR REPLACE INTO sketches VALUES (?, ?)", values)
        db.executemany("DELETE FROM unsketched WHERE source = ?", [(row,) for row, _ in sketched])
        for row, other, found in pairs:
            for this, that, seen in ((row, other, found), (other, row, found.turned())):
                changes = json.dumps([one.model_dump() for one in seen.changes], ensure_ascii=False)
                db.execute(
                    "INSERT OR REPLACE INTO near_copies VALUES (?, ?, ?, ?, ?)", (this, that, seen.here, seen.there, changes)
                )
        self._held.counter = str(int(meta(db, COUNTER) or 0) + 1)
        put_meta(db, COUNTER, self._held.counter)


_NEAR = (
    "SELECT o.source_id, n.share, n.share_there, n.changes FROM sources s JOIN near_copies n ON n.source = s.row"
    " JOIN sources o ON o.row = n.other WHERE s.source_id = ? ORDER BY max(n.share, n.share_there) DESC, o.source_id"
)


def _sketch_of(db: sqlite3.Connection, row: int) -> Sketch:
    found = db.execute("SELECT json_extract(record, '$.media_type') FROM sources WHERE row = ?", (row,)).fetchone()
    wording = None if any(kind in found[0] for kind in NO_PROSE) else _wording(db, row)
    return wording.sketch() if wording else np.empty(0, dtype=np.uint32)


def _wording(db: sqlite3.Connection, row: int) -> Wording | None:
    found = db.execute("SELECT substr(text, 1, ?) FROM sources WHERE row = ?", (COMPARED, row)).fetchone()
    return Wording.of(found[0]) if found else None
