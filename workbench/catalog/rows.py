"""Rows of catalog.sqlite in and out: sources and their passages.

What lives here: functions over an open connection. What does not: opening one, and transactions (tables.py), vectors (kept.py),
passage order (roster.py).
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from workbench.catalog.tables import MOD, SYNC, kept_sums, put_meta, sums
from workbench.errors import StaleIndex
from workbench.models import Passage, Source

COLUMNS = 'passage_id, source_id, ordinal, "start", "end", p.text, text_hash, page, language, ocr_confidence'
NAMES = ("passage_id", "source_id", "ordinal", "start", "end", "text", "text_hash", "page", "language", "ocr_confidence")
ROWS_AT_ONCE = 2_000  # SQLite binds at most 32,766 values in one statement


def put_source(db: sqlite3.Connection, source: Source, passages: Sequence[Passage]) -> None:
    """Write a source and its passages in place of what was there."""
    record = source.model_dump_json(exclude={"text"})
    values = (record, source.text, source.source_id)
    # no upsert: its conflict clause would hold in the triggers too, where a text changes twice before it is sketched
    if not db.execute("UPDATE sources SET record = ?, text = ? WHERE source_id = ?", values).rowcount:
        db.execute("INSERT INTO sources (record, text, source_id) VALUES (?, ?, ?)", values)
    row = db.execute("SELECT row FROM sources WHERE source_id = ?", (source.source_id,)).fetchone()[0]
    set_passages(db, row, passages)


def drop_source(db: sqlite3.Connection, source_id: str) -> None:
    """Remove a source and its passages, where it is here."""
    found = db.execute("SELECT row FROM sources WHERE source_id = ?", (source_id,)).fetchone()
    if found is not None:
        set_passages(db, found[0], [])
        db.execute("DELETE FROM sources WHERE row = ?", found)


def erase_source(db: sqlite3.Connection, source_id: str) -> None:
    """Remove a source with the vectors of its words, and what was seen of its files; deleted rows are overwritten."""
    db.execute("PRAGMA secure_delete = ON")
    drop_source(db, source_id)
    db.execute("DELETE FROM vectors WHERE text_hash NOT IN (SELECT text_hash FROM passages)")
    db.execute("DELETE FROM failures WHERE path IN (SELECT path FROM stamps WHERE sha256 = ?)", (source_id,))
    db.execute("DELETE FROM stamps WHERE sha256 = ?", (source_id,))


def set_passages(db: sqlite3.Connection, source: int, passages: Sequence[Passage]) -> None:
    """Make these the passages of a source row. One that is there already, with the same text, keeps its row number."""
    before = db.execute("SELECT row, passage_id, text_hash FROM passages WHERE source = ?", (source,)).fetchall()
    wanted = {(passage.passage_id, bytes.fromhex(passage.text_hash)) for passage in passages}
    kept = {row[1] for row in before if (row[1], row[2]) in wanted}
    db.executemany("DELETE FROM passages WHERE row = ?", [(row[0],) for row in before if row[1] not in kept])
    for one in passages:
        places = (one.ordinal, one.page, one.language, one.ocr_confidence)
        if one.passage_id in kept:
            update = "UPDATE passages SET ordinal = ?, page = ?, language = ?, ocr_confidence = ? WHERE passage_id = ?"
            db.execute(update, (*places, one.passage_id))
        else:
            values = (one.passage_id, source, one.start, one.end, one.text, bytes.fromhex(one.text_hash), *places)
            columns = 'passage_id, source, "start", "end", text, text_hash, ordinal, page, language, ocr_confidence'
            db.execute(f"INSERT INTO passages ({columns}) VALUES ({marks(values)})", values)  # noqa: S608  # constants of ours
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
    return [(row[0], _passage(row[1:])) for row in rows]


def ids_of(db: sqlite3.Connection, passage_ids: Sequence[str]) -> dict[str, int]:
    """The row numbers of passages by name; those that are not here are left out."""
    select = "SELECT passage_id, row FROM passages WHERE passage_id IN"
    found = (db.execute(f"{select} ({marks(part)})", part) for part in parts(passage_ids))  # question marks only
    return {name: row for some in found for name, row in some}


def names_of(db: sqlite3.Connection, rows: Sequence[int]) -> dict[int, tuple[str, int]]:
    """(passage id, row of its source) of at most ROWS_AT_ONCE passages by row; those that are not here are left out."""
    select = f"SELECT row, passage_id, source FROM passages WHERE row IN ({marks(rows)})"  # noqa: S608
    return {row: (passage_id, source) for row, passage_id, source in db.execute(select, tuple(rows))}


def _passage(values: Sequence[Any]) -> Passage:
    found = dict(zip(NAMES, values, strict=True))
    return Passage.model_validate({**found, "text_hash": found["text_hash"].hex()})


def parts(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """The values in pieces one statement can bind."""
    for start in range(0, len(values), ROWS_AT_ONCE):
        yield values[start : start + ROWS_AT_ONCE]


def marks(values: Sequence[Any]) -> str:
    """As many question marks as there are values."""
    return ",".join("?" * len(values))


def texts_of(db: sqlite3.Connection, rows: Sequence[int]) -> list[tuple[int, str]]:
    """(row, text) of passages by row, each text checked against its hash.

    Raises: StaleIndex where one is missing or altered.
    """
    select = f"SELECT row, text, text_hash FROM passages WHERE row IN ({marks(rows)}) ORDER BY row"  # noqa: S608
    found = db.execute(select, tuple(rows)).fetchall()
    if len(found) != len(rows) or any(hashlib.sha256(text.encode()).digest() != digest for _, text, digest in found):
        raise StaleIndex("The evidence changed while the index was being built, or a text was altered.", hint=SYNC)
    return [(row, text) for row, text, _ in found]
