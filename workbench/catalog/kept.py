"""Vectors kept by what was encoded: (model, hash of the text), so that no text is encoded twice with one model.

What lives here: the tables `models` and `vectors` over an open connection, and walks over the passages of many rows. What does
not: encoding, the indexes made of them.
Rows are written in the order they come and found through an index of 40-byte keys: with the vectors in the key's own tree,
every insert rewrote a page somewhere in the middle of it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from workbench.catalog.rows import marks, parts, texts_of
from workbench.catalog.tables import SYNC
from workbench.encoders import checked
from workbench.errors import StaleIndex

if TYPE_CHECKING:
    from workbench.catalog.engine import Opening

MISSING = "FROM passages p LEFT JOIN vectors v ON v.model = ? AND v.text_hash = p.text_hash WHERE p.row > ? AND v.row IS NULL"


def model_row(db: sqlite3.Connection, fingerprint: str) -> tuple[int, int] | None:
    """(row, dimension) of a model whose vectors are kept here; None where there are none."""
    found: tuple[int, int] | None = db.execute(
        "SELECT row, dimension FROM models WHERE fingerprint = ?", (fingerprint,)
    ).fetchone()
    return found


def put_vectors(db: sqlite3.Connection, fingerprint: str, text_hashes: Sequence[bytes], vectors: NDArray[np.float32]) -> None:
    """Keep unit rows, (n, dimension) float32, under (model, text hash), in the half precision the index uses."""
    db.execute("INSERT OR IGNORE INTO models (fingerprint, dimension) VALUES (?, ?)", (fingerprint, vectors.shape[1]))
    model = (model_row(db, fingerprint) or (0, 0))[0]
    halves = vectors.astype("<f2")
    values = [(model, text_hash, half.tobytes()) for text_hash, half in zip(text_hashes, halves, strict=True)]
    db.executemany("INSERT OR REPLACE INTO vectors (model, text_hash, vector) VALUES (?, ?, ?)", values)


def known_hashes(db: sqlite3.Connection, fingerprint: str, text_hashes: Sequence[bytes]) -> set[bytes]:
    """Which of these texts have a vector of this model."""
    model = (model_row(db, fingerprint) or (0, 0))[0]
    select = "SELECT text_hash FROM vectors WHERE model = ? AND text_hash IN"
    return {
        row[0]
        for part in parts(text_hashes)
        for row in db.execute(f"{select} ({marks(part)})", (model, *part))  # question marks only
    }


def count_missing(db: sqlite3.Connection, fingerprint: str, after: int) -> int:
    """How many texts of passages with a row above `after` have no vector of this model."""
    model = (model_row(db, fingerprint) or (0, 0))[0]
    found: int = db.execute(f"SELECT COUNT(DISTINCT p.text_hash) {MISSING}", (model, after)).fetchone()[0]
    return found


def missing(db: sqlite3.Connection, fingerprint: str, after: int, count: int) -> list[tuple[int, bytes, str]]:
    """The first `count` (row, text_hash, text) of passages above `after` whose text has no vector of this model."""
    model = (model_row(db, fingerprint) or (0, 0))[0]
    select = f"SELECT p.row, p.text_hash, p.text {MISSING} ORDER BY p.row LIMIT ?"
    return db.execute(select, (model, after, count)).fetchall()


def by_hash(db: sqlite3.Connection, fingerprint: str, text_hashes: Sequence[bytes]) -> dict[bytes, NDArray[np.float32]]:
    """The kept vectors of these texts, (dimension,) float32 each; those without one are left out."""
    model = (model_row(db, fingerprint) or (0, 0))[0]
    select = "SELECT text_hash, vector FROM vectors WHERE model = ? AND text_hash IN"
    return {
        text_hash: np.frombuffer(blob, dtype="<f2").astype(np.float32)
        for part in parts(list(dict.fromkeys(text_hashes)))
        for text_hash, blob in db.execute(f"{select} ({marks(part)})", (model, *part))  # question marks only
    }


def last_row(db: sqlite3.Connection) -> int:
    """The number of the vector that was kept last; 0 before the first."""
    found: int = db.execute("SELECT COALESCE(MAX(row), 0) FROM vectors").fetchone()[0]
    return found


def kept_since(db: sqlite3.Connection, fingerprint: str, after: int, rows: Sequence[int]) -> list[int]:
    """Which of these rows of passages have a text whose vector was kept after that number: it was not here before."""
    model = (model_row(db, fingerprint) or (0, 0))[0]
    select = (
        "SELECT p.row FROM passages p JOIN vectors v ON v.model = ? AND v.text_hash = p.text_hash WHERE v.row > ? AND p.row IN"
    )
    found = (db.execute(f"{select} ({marks(part)})", (model, after, *part)) for part in parts(rows))  # question marks only
    return sorted(row for some in found for (row,) in some)


def vectors_of(db: sqlite3.Connection, fingerprint: str, rows: Sequence[int], dimension: int) -> NDArray[np.float32]:
    """The kept vectors of at most ROWS_AT_ONCE passages with these ascending row numbers: (n, dimension) float32.

    Raises: StaleIndex where one is missing or of another size.
    """
    model = (model_row(db, fingerprint) or (0, 0))[0]
    select = "SELECT v.vector FROM passages p JOIN vectors v ON v.model = ? AND v.text_hash = p.text_hash WHERE p.row IN"
    blobs = [blob for (blob,) in db.execute(f"{select} ({marks(rows)}) ORDER BY p.row", (model, *rows))]  # question marks only
    if len(blobs) != len(rows) or any(len(blob) != 2 * dimension for blob in blobs):
        raise StaleIndex("The evidence changed while the index was being built.", hint=SYNC)
    return np.frombuffer(b"".join(blobs), dtype="<f2").reshape(len(blobs), dimension).astype(np.float32)


# --- many rows: one reading for each part, since whoever reads for minutes keeps every writer waiting ------------------


def vectors_of_rows(opening: Opening, fingerprint: str, rows: Sequence[int], dimension: int) -> Iterator[NDArray[np.float32]]:
    """The unit vectors of passages with these ascending row numbers, in parts of (n, dimension) float32.

    Raises: StaleIndex, ModelError.
    """
    for part in parts(rows):
        with opening() as db:
            found = vectors_of(db, fingerprint, part, dimension)
        yield checked(found, len(part), dimension)


def texts_of_rows(opening: Opening, rows: Sequence[int]) -> Iterator[tuple[int, str]]:
    """(row, text) of passages with these ascending row numbers. Raises: StaleIndex where one is missing or altered."""
    for part in parts(rows):
        with opening() as db:
            found = texts_of(db, part)
        yield from found
