"""A copy of a ledger that can be trusted: taken by SQLite's own backup, looked through before it has a name.

What lives here: copying and looking through a ledger file, whatever its schema. What does not: when a copy is taken (sqlite.py
before a migration, backup.py when asked). `cp` of a ledger in use may hold none of what was saved (RELIABILITY.md section 0).
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from workbench.errors import LedgerError
from workbench.folders import sync_path
from workbench.ledger.sqlite import BEGIN, explain, open_engine

JOURNALS = ("-journal", "-wal", "-shm")  # what SQLite keeps beside a file of its own
STEP_SECONDS = 10.0  # the copy is nobody else's: only a machine that stands still takes that long


def copy_whole_ledger(engine: Engine, source: Path, target: Path) -> tuple[int, str]:
    """Have the ledger as it is at one moment stand at `target`, in one file; the (seq, hash) of its newest record.

    Others may save meanwhile. The target is absent, old or whole at any moment, and whole means: it was opened, passed
    SQLite's integrity check and ends with the record the ledger ended with. Raises: LedgerError; then no target was made.
    """
    part = target.with_name(f".{target.name}.part")
    try:
        _remove(part)
        with engine.connect() as connection:
            head = newest(connection)  # the first look takes the read lock, and waits for it no longer than a save would
            _copied(connection, part)
        _refuse_unless_whole(part, head, source)
        sync_path(part)
        os.replace(part, target)
        sync_path(target.parent)
    except DBAPIError as error:
        raise explain(error, source) from error
    except OSError as error:
        hint = "Check the folder and its free space. The ledger itself is as it was."
        raise LedgerError(f"{target} cannot be written ({error.strerror}).", hint=hint, code="copy_unwritable") from error
    finally:
        _remove(part)
    return head


def newest(connection: Connection) -> tuple[int, str]:
    """(seq, hash) of the newest record, in any schema there was; (0, "") of an empty ledger."""
    found = connection.exec_driver_sql("SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1").first()
    return (0, "") if found is None else (int(found[0]), str(found[1]))


def unsound(connection: Connection) -> list[str]:
    """What SQLite itself finds wrong with the file, one sentence each; [] where it is sound."""
    told = connection.exec_driver_sql("PRAGMA integrity_check(20)").scalars().all()
    found = [f"The database file is damaged: {line}." for line in told if line != "ok"]
    return found + [
        f"Record {row[1]} of {row[0]} refers to one that is not there."
        for row in connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(20)
    ]


def _copied(connection: Connection, part: Path) -> None:
    copy = open_engine(part, busy_seconds=STEP_SECONDS, mode="rwc").execution_options(**{BEGIN: ""})
    try:
        with copy.connect() as target:
            into: Any = target.connection.driver_connection
            from_here: Any = connection.connection.driver_connection
            from_here.backup(into)
            target.exec_driver_sql("PRAGMA journal_mode=DELETE").scalar_one()  # one file, whatever the ledger's journal is
    except sqlite3.Error as error:  # of backup(), which SQLAlchemy knows nothing of
        raise DBAPIError("backup", None, error) from error
    finally:
        copy.dispose()


def _refuse_unless_whole(part: Path, head: tuple[int, str], source: Path) -> None:
    copy = open_engine(part, busy_seconds=STEP_SECONDS, mode="ro")
    try:
        with copy.connect() as connection:
            found = unsound(connection)
            if not found and newest(connection) != head:
                found = ["It does not end with the record the ledger ends with."]
    finally:
        copy.dispose()
    if found:
        hint = "Nothing was changed. Run `workbench doctor`; if the ledger itself is sound, try another disk."
        raise LedgerError(f"The copy of {source} is not whole. {found[0]}", hint=hint, code="copy_unsound")


def _remove(part: Path) -> None:
    for suffix in ("", *JOURNALS):
        Path(f"{part}{suffix}").unlink(missing_ok=True)
