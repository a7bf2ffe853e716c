"""All that is particular to SQLite: how it is opened, made, locked and journalled, and what its errors mean to a person.

What lives here: pragmas, BEGIN IMMEDIATE, the atomic making of a ledger file. What does not: tables and events (ledger.py).
The file is only ever looked at through SQLite: opening and closing it by other means would drop the locks that other threads
of this process hold on it (sqlite.org/howtocorrupt.html, section 2.2).
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event
from sqlalchemy.exc import DBAPIError

from workbench.errors import Conflict, LedgerDamaged, LedgerError, TokenReused
from workbench.folders import sync_path
from workbench.ledger.migrations import HEAD, REVISIONS, upgrade

APPLICATION_ID = 0x77626C67  # "wblg" in the file's header
RESTORE = (
    "Nothing was changed. Move the file out of the way, put back the newest backup of the records folder, "
    "and run `workbench verify`."
)
BEGIN = "sqlite_begin"  # execution option: the statement that opens a transaction; "" opens none


def open_engine(path: Path, *, busy_seconds: float, create: bool = False) -> Engine:
    """An engine that opens one connection per operation. Without `create` a missing file is an error, never an empty one."""
    mode = "rwc" if create else "rw"
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


def create_ledger(path: Path, *, busy_seconds: float) -> None:
    """Make a ledger at `path` unless there is one: built beside it, then renamed, so that a half-made one is never seen.

    Raises: LedgerDamaged where a journal of a vanished ledger lies there; OSError where the folder cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with _only_creator(path.parent) as folder:
        if os.path.lexists(path):
            return
        left = [beside.name for beside in (Path(f"{path}-wal"), Path(f"{path}-journal")) if beside.exists()]
        if left:
            raise LedgerDamaged(f"{path} is missing, but its journal {left[0]} is still there.", hint=RESTORE)
        unfinished = path.with_name(f".{path.name}.new")
        for suffix in ("", "-journal", "-wal", "-shm"):
            Path(f"{unfinished}{suffix}").unlink(missing_ok=True)  # of a creation that was killed
        _build(unfinished, busy_seconds=busy_seconds)
        os.replace(unfinished, path)
        os.fsync(folder)
        sync_path(path.parent.parent)  # the folder itself may be new


@contextmanager
def _only_creator(folder: Path) -> Iterator[int]:
    """One process at a time; the kernel lets go of the lock when the process dies. Gives the folder's descriptor."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


def _build(path: Path, *, busy_seconds: float) -> None:
    engine = open_engine(path, busy_seconds=busy_seconds, create=True)
    with for_writing(engine).begin() as connection:
        connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
        upgrade(connection)
    settle_journal_mode(engine)
    engine.dispose()


def open_ledger(path: Path, *, busy_seconds: float) -> tuple[Engine, dict[str, str]]:
    """An engine on the ledger at `path`, made where there is no file; and what the ledger knows of itself, journal_mode too.

    Raises: LedgerDamaged (nothing is changed) for what is not a ledger of ours; LedgerError where it cannot be made or read.
    """
    try:
        if not path.exists():
            create_ledger(path, busy_seconds=busy_seconds)
        if not path.is_file() or path.stat().st_size == 0:
            what = "is an empty file" if path.is_file() else "is not a file"
            raise LedgerDamaged(f"{path} {what}; a ledger never is.", hint=RESTORE)
        engine = open_engine(path, busy_seconds=busy_seconds)
        _bring_to_head(engine, path)
        with engine.connect() as connection:
            meta = {str(name): str(value) for name, value in connection.exec_driver_sql("SELECT name, value FROM meta")}
        if not {"workspace_id", "pseudonym_key"} <= meta.keys():
            raise LedgerDamaged(f"{path} has lost its own id or key.", hint=RESTORE)
        return engine, {**meta, "journal_mode": settle_journal_mode(engine)}
    except DBAPIError as error:
        raise explain(error, path) from error
    except OSError as error:
        hint = "Check that the folder exists, has room and that you may write to it."
        raise LedgerError(
            f"The ledger {path} cannot be made ({error.strerror}).", hint=hint, code="ledger_unwritable"
        ) from error


def _bring_to_head(engine: Engine, path: Path) -> None:
    with engine.connect() as connection:
        found = connection.exec_driver_sql("PRAGMA application_id").scalar_one()
        if found != APPLICATION_ID:
            raise LedgerDamaged(f"{path} is a database, but no ledger of the workbench (application id {found}).", hint=RESTORE)
        revision = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    if revision == HEAD:
        return
    if revision not in REVISIONS:
        raise LedgerDamaged(
            f"{path} has the schema {revision}, which this version of the workbench does not know.",
            hint="Nothing was changed. Install the version of the workbench that wrote it, or a newer one.",
            code="ledger_newer",
        )
    with for_writing(engine).begin() as connection:
        upgrade(connection)


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
        return TokenReused("This save token was already used for another save.", hint="Reload the claim and save again.")
    if "events.subject_kind" in rule:
        return Conflict(
            "Somebody saved this record since you opened it; nothing was written.",
            hint="Look at what was saved, then save again on top of it.",
        )
    return LedgerError(f"{path} refused the record ({rule}).", hint="Nothing was written. Run `workbench verify`.")
