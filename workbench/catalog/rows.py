"""Rows of catalog.sqlite in and out: sources, passages, vectors, and the roster of everything in passage order.

What lives here: functions over an open connection. What does not: opening one, and transactions (tables.py).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.catalog.tables import MOD, SYNC, Corpus, corpus, kept_sums, put_meta, sums
from workbench.errors import StaleIndex
from workbench.models import Passage, Source

COLUMNS = 'passage_id, source_id, ordinal, "start", "end", p.text, text_hash, page, language'
NAMES = ("passage_id", "source_id", "ordinal", "start", "end", "text", "text_hash", "page", "language")
ROWS_AT_ONCE = 2_000  # SQLite binds at most 32,766 values in one statement


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
        order = np.argsort(self.ids)
        return order, self.ids[order]


def put_source(db: sqlite3.Connection, source: Source, passages: Sequence[Passage]) -> None:
    """Write a source and its passages in place of what was there."""
    record = source.model_dump_json(exclude={"text"})
    db.execute(
        "INSERT INTO sources (source_id, record, text) VALUES (?, ?, ?)"
        " ON CONFLICT (source_id) DO UPDATE SET record = excluded.record, text = excluded.text",
        (source.source_id, record, source.text),
    )
    row = db.execute("SELECT row FROM sources WHERE source_id = ?", (source.source_id,)).fetchone()[0]
    set_passages(db, row, passages)


def set_passages(db: sqlite3.Connection, source: int, passages: Sequence[Passage]) -> None:
    """Make these the passages of a source row. One that is there already, with the same text, keeps its row number."""
    before = db.execute("SELECT row, passage_id, text_hash FROM passages WHERE source = ?", (source,)).fetchall()
    wanted = {(passage.passage_id, passage.text_hash) for passage in passages}
    kept = {row[1] for row in before if (row[1], row[2]) in wanted}
    db.executemany("DELETE FROM passages WHERE row = ?", [(row[0],) for row in before if row[1] not in kept])
    for one in passages:
        places = (one.ordinal, one.page, one.language)
        if one.passage_id in kept:
            db.execute(
                "UPDATE passages SET ordinal = ?, page = ?, language = ? WHERE passage_id = ?", (*places, one.passage_id)
            )
        else:
            values = (one.passage_id, source, one.start, one.end, one.text, one.text_hash, *places)
            insert = 'INSERT INTO passages (passage_id, source, "start", "end", text, text_hash, ordinal, page, language)'
            db.execute(f"{insert} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values)  # a constant of ours
    after = db.execute("SELECT row, passage_id, text_hash FROM passages WHERE source = ?", (source,)).fetchall()
    _change_sums(db, sums(before), sums(after))


def _change_sums(db: sqlite3.Connection, before: tuple[int, int, int], after: tuple[int, int, int]) -> None:
    count, digest, rows = (kept - old + new for kept, old, new in zip(kept_sums(db), before, after, strict=True))
    put_meta(db, "passages", str(count))
    put_meta(db, "corpus", f"{digest % MOD:x}")
    put_meta(db, "rows", f"{rows % MOD:x}")


def source_from(record: str, text: str) -> Source:
    """A Source from its two columns."""
    return Source.model_validate({**json.loads(record), "text": text})


def passages_where(db: sqlite3.Connection, where: str, values: Sequence[Any]) -> list[tuple[int, Passage]]:
    """(row, Passage) of a condition in our own words, its values bound."""
    select = f"SELECT p.row, {COLUMNS} FROM passages p JOIN sources s ON s.row = p.source WHERE {where}"  # noqa: S608
    rows = db.execute(select, tuple(values)).fetchall()
    return [(row[0], Passage.model_validate(dict(zip(NAMES, row[1:], strict=True)))) for row in rows]


def roster(db: sqlite3.Connection) -> Roster:
    """Every passage in passage order, for filters, ties and counts."""
    db.execute("BEGIN")  # one view of the file for both reads
    now = corpus(db)
    rows = db.execute(
        "SELECT p.row, source_id FROM passages p JOIN sources s ON s.row = p.source ORDER BY source_id, ordinal"
    ).fetchall()
    db.execute("COMMIT")
    sources = {name: at for at, name in enumerate(dict.fromkeys(row[1] for row in rows))}
    return Roster(
        corpus=now,
        ids=np.array([row[0] for row in rows], dtype=np.int64),
        sources=tuple(sources),
        source_of=np.array([sources[row[1]] for row in rows], dtype=np.int32),
    )


def parts(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """The values in pieces one statement can bind."""
    for start in range(0, len(values), ROWS_AT_ONCE):
        yield values[start : start + ROWS_AT_ONCE]


def marks(values: Sequence[Any]) -> str:
    """As many question marks as there are values."""
    return ",".join("?" * len(values))


# --- vectors -------------------------------------------------------------------------------------------------------


def model_row(db: sqlite3.Connection, fingerprint: str) -> tuple[int, int] | None:
    """(row, dimension) of a model whose vectors are kept here; None where there are none."""
    found: tuple[int, int] | None = db.execute(
        "SELECT row, dimension FROM models WHERE fingerprint = ?", (fingerprint,)
    ).fetchone()
    return found


def put_vectors(db: sqlite3.Connection, fingerprint: str, text_hashes: Sequence[str], vectors: NDArray[np.float32]) -> None:
    """Keep unit rows under (model, text hash), in the half precision the index uses."""
    db.execute("INSERT OR IGNORE INTO models (fingerprint, dimension) VALUES (?, ?)", (fingerprint, vectors.shape[1]))
    model = db.execute("SELECT row FROM models WHERE fingerprint = ?", (fingerprint,)).fetchone()[0]
    halves = vectors.astype("<f2")
    values = [(model, text_hash, half.tobytes()) for text_hash, half in zip(text_hashes, halves, strict=True)]
    db.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", values)


def known_hashes(db: sqlite3.Connection, fingerprint: str, text_hashes: Sequence[str]) -> set[str]:
    """Which of these texts have a vector of this model."""
    found = model_row(db, fingerprint)
    if found is None:
        return set()
    select = "SELECT text_hash FROM vectors WHERE model = ? AND text_hash IN"
    return {
        row[0]
        for part in parts(text_hashes)
        for row in db.execute(f"{select} ({marks(part)})", (found[0], *part))  # question marks only
    }


def vectors_of(db: sqlite3.Connection, fingerprint: str, text_hashes: Sequence[str], dimension: int) -> NDArray[np.float32]:
    """The kept vectors in the order asked for: (n, dimension) float32. At most ROWS_AT_ONCE.

    Raises: StaleIndex where one is missing or of another size.
    """
    found = model_row(db, fingerprint) or (0, 0)
    select = "SELECT text_hash, vector FROM vectors WHERE model = ? AND text_hash IN"
    kept = dict(db.execute(f"{select} ({marks(text_hashes)})", (found[0], *text_hashes)))  # question marks only
    blobs = [kept.get(text_hash, b"") for text_hash in text_hashes]
    if any(len(blob) != 2 * dimension for blob in blobs):
        raise StaleIndex("The evidence changed while the index was being built.", hint=SYNC)
    return np.frombuffer(b"".join(blobs), dtype="<f2").reshape(len(blobs), dimension).astype(np.float32)
