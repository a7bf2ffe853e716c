"""A ledger file, opened: made where there is none, brought to the newest schema, refused where it is not ours.

What lives here: the atomic making of a ledger, and migrating one with a verified copy of it kept first. What does not: the
schema itself (migrations/), connections (sqlite.py).
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from workbench import log
from workbench.errors import LedgerDamaged, LedgerError
from workbench.folders import sync_path
from workbench.ledger import migrations
from workbench.ledger.copies import copy_whole_ledger
from workbench.ledger.sqlite import APPLICATION_ID, RESTORE, explain, for_writing, open_engine, settle_journal_mode


def path_of(url: str) -> Path:
    """The file that an address such as `sqlite:////absolute/path` names. Raises: LedgerError for any other address."""
    beginning = "sqlite:///"
    named = url.removeprefix(beginning)
    if not url.startswith(beginning) or named in {"", ":memory:"}:
        hint = "Write sqlite:////absolute/path/ledger.sqlite."
        raise LedgerError(f"{url!r} is not the address of a ledger file.", hint=hint, code="ledger_address")
    return Path(named).absolute()


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
    engine = open_engine(path, busy_seconds=busy_seconds, mode="rwc")
    with for_writing(engine).begin() as connection:
        connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
        migrations.upgrade(connection)
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
    revision = _revision(engine, path)
    if revision == migrations.HEAD:
        return
    if revision not in migrations.REVISIONS:
        raise LedgerDamaged(
            f"{path} has the schema {revision}, which this version of the workbench does not know.",
            hint="Nothing was changed. Install the version of the workbench that wrote it, or a newer one.",
            code="ledger_newer",
        )
    with for_writing(engine).begin() as connection:  # nobody saves between the copy and the migration
        if _revision(engine, path) == migrations.HEAD:
            return  # another process was quicker, while this one waited for the lock
        copy_whole_ledger(engine, path, copy_before(path, revision))
        migrations.upgrade(connection)
    log.tell("ledger migrated", before=revision, after=migrations.HEAD)


def copy_before(path: Path, revision: str) -> Path:
    """Where the ledger as it was in that schema is kept when it is migrated from it."""
    return path.with_name(f"{path.name}.before-migration-from-{revision}")


def _revision(engine: Engine, path: Path) -> str:
    """The schema of a ledger file. Raises: LedgerDamaged where it is none of ours."""
    with engine.connect() as connection:
        found = connection.exec_driver_sql("PRAGMA application_id").scalar_one()
        if found != APPLICATION_ID:
            raise LedgerDamaged(f"{path} is a database, but no ledger of the workbench (application id {found}).", hint=RESTORE)
        return str(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar())
