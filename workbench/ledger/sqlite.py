"""All that is particular to SQLite: how a file of it is opened, locked and journalled, and what its errors mean to a person.

What lives here: pragmas, BEGIN IMMEDIATE, the faults of single versions. What does not: tables and events (records.py), making
and migrating a ledger file (file.py), copying one (copies.py).
The file is only ever looked at through SQLite: opening and closing it by other means would drop the locks that other threads
of this process hold on it (sqlite.org/howtocorrupt.html, section 2.2).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event
from sqlalchemy.exc import DBAPIError

from workbench.errors import LedgerDamaged, LedgerError
from workbench.ledger.database import overtaken, token_taken

APPLICATION_ID = 0x77626C67  # "wblg" in the file's header
RESTORE = (
    "Nothing was changed. Move the file out of the way, put back the newest backup of the records folder, "
    "and run `workbench verify`."
)
BEGIN = "sqlite_begin"  # execution option: the statement that opens a transaction; "" opens none


def open_engine(path: Path, *, busy_seconds: float, mode: Literal["ro", "rw", "rwc"] = "rw") -> Engine:
    """An engine that opens one connection per operation. Only `rwc` makes a file; else a missing one is an error."""
    url = URL.create("sqlite", database=f"file:{quote(str(path))}", query={"mode": mode, "uri": "true"})
    # isolation_level=None: the driver opens no transactions of its own; _begin does.
    engine = create_engine(url, poolclass=NullPool, connect_args={"timeout": busy_seconds, "isolation_level": None})
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)
    return engine


def _set_pragmas(connection: Any, record: object) -> None:
    # EXTRA is FULL and also syncs the folder after a rollback journal is removed: without it a power cut just after a commit
    # could bring the journal back and undo the commit. In WAL mode the two are the same.
    for pragma in ("synchronous=EXTRA", "foreign_keys=ON", "recursive_triggers=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    statement = connection.get_execution_options().get(BEGIN, "BEGIN")
    if statement:
        connection.exec_driver_sql(statement)


def for_writing(engine: Engine) -> Engine:
    """The same engine, whose transactions take the write lock at once: a read is never upgraded (RELIABILITY.md case 85)."""
    return engine.execution_options(**{BEGIN: "BEGIN IMMEDIATE"})


def may_use_wal(version: tuple[int, ...]) -> bool:
    """Whether this SQLite is free of the WAL-reset race: 3.51.3 or newer (not the withdrawn 3.52.0), or a listed backport."""
    if version[:2] in {(3, 44), (3, 50)}:
        return version >= ((3, 44, 6) if version[1] == 44 else (3, 50, 7))
    return version >= (3, 51, 3) and version != (3, 52, 0)


def settle_journal_mode(engine: Engine) -> str:
    """The journal mode in force, `wal` or `delete`, after asking for the right one; a busy ledger keeps the one it has."""
    dbapi: Any = engine.dialect.dbapi
    wanted = "wal" if may_use_wal(dbapi.sqlite_version_info) else "delete"
    with engine.execution_options(**{BEGIN: ""}).connect() as connection:
        found = str(connection.exec_driver_sql("PRAGMA journal_mode").scalar_one())
        if found != wanted:
            try:
                found = str(connection.exec_driver_sql(f"PRAGMA journal_mode={wanted}").scalar_one())
            except DBAPIError as error:
                if not is_busy(error) and not _name(error).startswith("SQLITE_READONLY"):
                    raise
        return found


def _name(error: DBAPIError) -> str:
    return str(getattr(error.orig, "sqlite_errorname", ""))


def is_busy(error: DBAPIError) -> bool:
    """Whether another connection holds the lock: nothing was written, and trying again is safe."""
    return _name(error).startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))


# Error names by their beginning -> type, code, what happened, what to do next.
_UNSAVED = "Nothing was acknowledged."
_MEANINGS: tuple[tuple[tuple[str, ...], type[LedgerError], str, str, str], ...] = (
    (("SQLITE_BUSY", "SQLITE_LOCKED"), LedgerError, "ledger_busy", "is in use by another program", f"{_UNSAVED} Try again."),
    (
        ("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH"),
        LedgerError,
        "ledger_unwritable",
        "cannot be opened for writing",
        f"{_UNSAVED} Check that the file and its folder exist and that you may write to both, then try again.",
    ),
    (
        ("SQLITE_FULL",),
        LedgerError,
        "disk_full",
        "cannot grow: the disk is full",
        f"{_UNSAVED} Free some space, then try again.",
    ),
    (
        ("SQLITE_IOERR",),
        LedgerError,
        "ledger_io",
        "could not be read or written by the system",
        f"{_UNSAVED} Check the free space and the disk, then repeat the save: it is stored once even if this one arrived.",
    ),
    (("SQLITE_CORRUPT", "SQLITE_NOTADB"), LedgerDamaged, "ledger_damaged", "is not a sound ledger", RESTORE),
)


def explain(error: DBAPIError, path: Path) -> LedgerError:
    """The error a person is shown for one of the database's."""
    name = _name(error)
    if name.startswith("SQLITE_CONSTRAINT"):
        return _explain_constraint(str(error.orig), path)
    for beginnings, kind, code, happened, hint in _MEANINGS:
        if name.startswith(beginnings):
            return kind(f"{path} {happened} ({error.orig}).", hint=hint, code=code)
    if "no such table" in str(error.orig):
        return LedgerDamaged(f"{path} has lost part of itself ({error.orig}).", hint=RESTORE)
    return LedgerError(f"{path} could not be used ({error.orig}).", hint="Run `workbench doctor`; nothing was acknowledged.")


def _explain_constraint(rule: str, path: Path) -> LedgerError:
    if "events.token" in rule:
        return token_taken()
    if "events.subject_kind" in rule:
        return overtaken()
    return LedgerError(f"{path} refused the record ({rule}).", hint="Nothing was written. Run `workbench verify`.")
