"""catalog.sqlite: the tables, how they are opened, and the sums that stand for the corpus.

What lives here: the schema, one connection per call, what happens to a damaged file. What does not: reading and writing rows
(rows.py), encoding, index generations. It is a cache: a file that is damaged or of another format is renamed
`*.corrupt-<time>`, and a new one begun.
"""

from __future__ import annotations

import secrets
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from workbench.errors import StaleIndex, WorkspaceError
from workbench.models import sha256_hex

APPLICATION_ID = 0x77626331  # "wbc1" in the header of the file
SCHEMA = 4
MOD = 1 << 256
DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
SYNC = "Run: workbench evidence sync"

TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE sources (
    row INTEGER PRIMARY KEY AUTOINCREMENT, source_id TEXT NOT NULL UNIQUE, record TEXT NOT NULL, text TEXT NOT NULL);
CREATE TABLE passages (
    row INTEGER PRIMARY KEY AUTOINCREMENT, passage_id TEXT NOT NULL UNIQUE, source INTEGER NOT NULL REFERENCES sources(row),
    ordinal INTEGER NOT NULL, "start" INTEGER NOT NULL, "end" INTEGER NOT NULL, text TEXT NOT NULL, text_hash BLOB NOT NULL,
    page TEXT, language TEXT, ocr_confidence INTEGER);
CREATE INDEX places_of_passages ON passages (source, "start");
CREATE TABLE models (row INTEGER PRIMARY KEY, fingerprint TEXT NOT NULL UNIQUE, dimension INTEGER NOT NULL);
CREATE TABLE vectors (row INTEGER PRIMARY KEY, model INTEGER NOT NULL REFERENCES models(row), text_hash BLOB NOT NULL,
    vector BLOB NOT NULL);
CREATE UNIQUE INDEX vector_of_text ON vectors (model, text_hash);
CREATE TABLE stamps (
    path TEXT PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, sha256 TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE failures (path TEXT PRIMARY KEY, code TEXT NOT NULL, message TEXT NOT NULL, hint TEXT NOT NULL) WITHOUT ROWID;
"""
_FORGET = "DELETE FROM sketches WHERE source = OLD.row; DELETE FROM near_copies WHERE source = OLD.row OR other = OLD.row;"
# What is to be compared follows the sources by itself: nobody who writes one has to think of it.
SKETCHES = f"""
CREATE TABLE sketches (source INTEGER PRIMARY KEY REFERENCES sources(row), sketch BLOB NOT NULL);
CREATE TABLE unsketched (source INTEGER PRIMARY KEY);
CREATE TABLE near_copies (
    source INTEGER NOT NULL, other INTEGER NOT NULL, share REAL NOT NULL, share_there REAL NOT NULL, changes TEXT NOT NULL,
    PRIMARY KEY (source, other)) WITHOUT ROWID;
CREATE INDEX near_copies_of_other ON near_copies (other);
INSERT INTO unsketched SELECT row FROM sources;
CREATE TRIGGER source_new AFTER INSERT ON sources BEGIN INSERT OR IGNORE INTO unsketched VALUES (NEW.row); END;
CREATE TRIGGER source_gone AFTER DELETE ON sources BEGIN {_FORGET} DELETE FROM unsketched WHERE source = OLD.row; END;
CREATE TRIGGER text_changed AFTER UPDATE OF text ON sources WHEN NEW.text IS NOT OLD.text
    BEGIN {_FORGET} INSERT OR IGNORE INTO unsketched VALUES (NEW.row); END;
"""  # noqa: S608  # from words of ours
# In place, from one schema to the next, so that nothing is read again. Nothing that is here before OCR was read by it.
UPGRADES = {2: SKETCHES, 3: "ALTER TABLE passages ADD COLUMN ocr_confidence INTEGER"}


class FileStamp(NamedTuple):
    """What sync saw of a file: while size and time are the same, its bytes are not read again."""

    size: int
    mtime_ns: int
    sha256: str


@dataclass(frozen=True)
class Corpus:
    """What is in the catalog now. digest: of the passages, anywhere; rows_digest: of the passages and ids of this catalog."""

    catalog_id: str
    passages: int
    digest: str
    rows_digest: str


class Database:
    """One catalog.sqlite, made when it is first needed, also after it was deleted. One connection per call, from any thread."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def open(self, *, write: bool = False) -> Iterator[sqlite3.Connection]:
        """A connection for one operation, which sees the file as it was at its first look.

        With `write`, one transaction that commits at the end or leaves everything as it was.
        Raises: StaleIndex where the file turns out damaged (it is set aside), WorkspaceError where it cannot be used.
        """
        db = self._connect()
        try:
            db.execute("BEGIN IMMEDIATE" if write else "BEGIN")
            yield db
            db.execute("COMMIT")
        except sqlite3.DatabaseError as error:
            raise self._explained(error) from error
        finally:
            db.close()  # an open transaction is rolled back

    def leave_nothing(self) -> None:
        """Write the file anew without its free pages, and delete damaged copies that were set aside. Raises: as `open`."""
        for aside in self.path.parent.glob(f"{self.path.name}.corrupt-*"):
            aside.unlink(missing_ok=True)
        db = self._connect()
        try:
            db.execute("PRAGMA secure_delete = ON")
            db.execute("VACUUM")
        except sqlite3.DatabaseError as error:
            raise self._explained(error) from error
        finally:
            db.close()

    def set_aside(self, why: str) -> StaleIndex:
        """Rename the damaged file out of the way; the error to raise."""
        aside = self.path.with_name(f"{self.path.name}.corrupt-{time.strftime('%Y%m%dT%H%M%S')}")
        with suppress(FileNotFoundError):
            self.path.rename(aside)
            self.path.with_name(f"{self.path.name}-journal").unlink(missing_ok=True)
        return StaleIndex(
            f"The catalog was damaged ({why}) and was set aside as {aside.name}.", hint=SYNC, code="catalog_damaged"
        )

    def _connect(self) -> sqlite3.Connection:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            for _ in range(2):
                db = sqlite3.connect(self.path, timeout=30, isolation_level=None)
                if self._is_ours(db):
                    return db
                db.close()
                self.set_aside("not a catalog of this version")
        except (OSError, sqlite3.DatabaseError) as error:
            raise self._explained(error) from error
        raise WorkspaceError(
            f"{self.path} cannot be made.", hint="Delete the .workbench folder and run: workbench evidence sync"
        )

    def _is_ours(self, db: sqlite3.Connection) -> bool:
        try:
            found = (db.execute("PRAGMA application_id").fetchone()[0], db.execute("PRAGMA user_version").fetchone()[0])
            if found == (0, 0) and not db.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
                _create(db)
                return True
        except sqlite3.DatabaseError as error:
            if _is_damage(error):
                return False
            raise
        if found[0] == APPLICATION_ID and found[1] in UPGRADES:
            _upgrade(db)
            return True
        db.execute("PRAGMA synchronous = NORMAL")  # a cache: what power loss takes is read again
        return found == (APPLICATION_ID, SCHEMA)

    def _explained(self, error: Exception) -> StaleIndex | WorkspaceError:
        if isinstance(error, sqlite3.DatabaseError) and _is_damage(error):
            return self.set_aside(str(error))
        hint = "Check that the folder can be written and the disk has space; if another workbench is busy, try again."
        return WorkspaceError(f"{self.path} cannot be used: {error}", hint=hint, code="catalog_unusable")


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    return (getattr(error, "sqlite_errorcode", 0) & 0xFF) in DAMAGED


def _create(db: sqlite3.Connection) -> None:
    db.execute("BEGIN IMMEDIATE")
    if db.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():  # another process was quicker
        db.execute("ROLLBACK")
        return
    _make(db, TABLES + SKETCHES)
    for key, value in (("catalog_id", secrets.token_hex(8)), ("passages", "0"), ("corpus", "0"), ("rows", "0")):
        put_meta(db, key, value)
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute(f"PRAGMA user_version = {SCHEMA}")
    db.execute("COMMIT")


def _upgrade(db: sqlite3.Connection) -> None:
    db.execute("BEGIN IMMEDIATE")
    for schema in range(db.execute("PRAGMA user_version").fetchone()[0], SCHEMA):  # none where another process was quicker
        _make(db, UPGRADES[schema])
    db.execute(f"PRAGMA user_version = {SCHEMA}")
    db.execute("COMMIT")


def _make(db: sqlite3.Connection, tables: str) -> None:
    for statement in tables.split(";\n"):
        if statement.strip():
            db.execute(statement)


def meta(db: sqlite3.Connection, key: str) -> str | None:
    """A value kept under a name; None where there is none."""
    found = db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return found[0] if found else None


def put_meta(db: sqlite3.Connection, key: str, value: str) -> None:
    """Keep a value under a name."""
    db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))


# --- the sums that stand for the corpus ----------------------------------------------------------------------------
# One sha256 per passage, added up mod 2**256: order does not matter, and a change of one file costs that file alone.


def corpus(db: sqlite3.Connection) -> Corpus:
    """What is in the catalog now, from sums that change in the transaction that changes the passages."""
    catalog_id, (passages, digest, rows) = meta(db, "catalog_id") or "", kept_sums(db)
    return Corpus(
        catalog_id, passages, sha256_hex(f"{passages}:{digest:064x}"), sha256_hex(f"{catalog_id}:{passages}:{rows:064x}")
    )


def kept_sums(db: sqlite3.Connection) -> tuple[int, int, int]:
    """(passages, sum without row numbers, sum with them) as kept beside the passages."""
    return int(meta(db, "passages") or 0), int(meta(db, "corpus") or "0", 16), int(meta(db, "rows") or "0", 16)


def sums(rows: Iterable[tuple[int, str, bytes]]) -> tuple[int, int, int]:
    """The same three numbers of (row, passage_id, text_hash) rows."""
    count = digest = with_rows = 0
    for row, passage_id, text_hash in rows:
        line = f"{passage_id} {text_hash.hex()}"
        count += 1
        digest += int(sha256_hex(line), 16)
        with_rows += int(sha256_hex(f"{row} {line}"), 16)
    return count, digest % MOD, with_rows % MOD
