"""A ledger in an SQLite file: made where there is none, brought to the newest schema, refused where it is not ours.

What lives here: the atomic making of a ledger file, migrating one with a verified copy of it kept first, and what a ledger
asks of its database. What does not: the schema (migrations/), connections and their errors (sqlite.py), copies (copies.py).
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from workbench import log
from workbench.errors import LedgerDamaged, LedgerError
from workbench.folders import sync_path
from workbench.ledger import migrations
from workbench.ledger.copies import copy_whole_ledger, unsound
from workbench.ledger.database import ATTEMPTS, Beat, Fact, Fill, Meta, T, already_there, not_there
from workbench.ledger.proof import ZERO
from workbench.ledger.pulse import Pulse
from workbench.ledger.sqlite import (
    APPLICATION_ID,
    BEGIN,
    RESTORE,
    explain,
    for_writing,
    is_busy,
    open_engine,
    settle_journal_mode,
)
from workbench.ledger.turns import turn


class LedgerFile:
    """One open ledger file (database.py says what each verb promises). path: where it lies."""

    def __init__(self, path: Path, engine: Engine, meta: Meta, journal_mode: str, *, busy_seconds: float) -> None:
        self.path, self.where, self.scratch = path, str(path), path.parent
        self.meta, self.journal_mode = meta, journal_mode
        self._engine, self._writer = engine, for_writing(engine)
        self._pulse, self._busy_seconds = Pulse(path), busy_seconds

    @classmethod
    def open(cls, path: Path, *, busy_seconds: float, begin: bool = True) -> LedgerFile:
        """The ledger at `path`, made where there is no file and `begin` allows it. Raises: LedgerError, LedgerDamaged."""
        try:
            if begin and not path.exists():
                _make(path, None, busy_seconds=busy_seconds)
            if not begin and not path.exists():
                raise not_there(str(path))
            if not path.is_file() or path.stat().st_size == 0:
                what = "is an empty file" if path.is_file() else "is not a file"
                raise LedgerDamaged(f"{path} {what}; a ledger never is.", hint=RESTORE)
            engine = open_engine(path, busy_seconds=busy_seconds)
            _bring_to_head(engine, path)
            mode = settle_journal_mode(engine)
            return cls(path, engine, _meta(engine, path), mode, busy_seconds=busy_seconds)
        except DBAPIError as error:
            raise explain(error, path) from error
        except OSError as error:
            raise _not_made(path, error) from error

    @classmethod
    def create(cls, path: Path, fill: Fill, *, busy_seconds: float, replace: bool = False) -> LedgerFile:
        """A new ledger at `path` with what `fill` puts into it. replace: in the place of a copy that nobody has open."""
        try:
            made = _make(path, fill, busy_seconds=busy_seconds, replace=replace)
        except DBAPIError as error:
            raise explain(error, path) from error
        except OSError as error:
            raise _not_made(path, error) from error
        if not made:
            raise already_there(str(path))
        return cls.open(path, busy_seconds=busy_seconds)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """As `Database` has it."""
        try:
            with self._engine.connect() as connection:
                yield connection
        except DBAPIError as error:
            raise explain(error, self.path) from error

    def write(self, work: Callable[[Connection], T]) -> T:
        """As `Database` has it. Trying again is safe: a busy ledger took nothing."""
        with turn(self.path.parent, seconds=self._busy_seconds):
            for attempt in range(1, ATTEMPTS + 1):
                try:
                    with self._writer.begin() as connection:
                        return work(connection)
                except DBAPIError as error:
                    if attempt == ATTEMPTS or not is_busy(error):
                        raise explain(error, self.path) from error
        raise AssertionError("the last attempt returns or raises")

    @contextmanager
    def holding(self) -> Iterator[Connection]:
        """As `Database` has it."""
        try:
            with self._writer.begin() as connection:
                yield connection
        except DBAPIError as error:
            raise explain(error, self.path) from error

    def beat(self) -> Beat:
        """As `Database` has it."""
        return self._pulse.beat()

    def blanking(self, connection: Connection) -> None:
        """As `Database` has it."""
        connection.exec_driver_sql("PRAGMA secure_delete=ON")

    def leave_nothing(self) -> None:
        """As `Database` has it: no page of the file holds what was deleted, its free pages and write-ahead log included."""
        try:
            with self._engine.execution_options(**{BEGIN: ""}).connect() as connection:
                connection.exec_driver_sql("PRAGMA secure_delete=ON")
                connection.exec_driver_sql("VACUUM")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        except DBAPIError as error:  # while somebody else reads for longer than a save would wait, for example
            raise explain(error, self.path) from error

    def left_behind(self) -> Iterator[str]:
        """As `Database` has it: of a file nothing is."""
        return iter(())

    def unsound(self) -> list[str]:
        """As `Database` has it: SQLite's own integrity check."""
        try:
            with self.reading() as connection:
                return unsound(connection)
        except LedgerError as error:
            return [error.message]

    def facts(self) -> Iterator[Fact]:
        """As `Database` has it: SQLite itself is a line of every machine."""
        return iter(())

    def copy_to(self, target: Path) -> tuple[int, str]:
        """As `Database` has it."""
        seq, head = copy_whole_ledger(self._engine, self.path, target)
        return seq, head or ZERO

    def close(self) -> None:
        """As `Database` has it."""
        self._pulse.close()
        self._engine.dispose()


def _make(path: Path, fill: Fill | None, *, busy_seconds: float, replace: bool = False) -> bool:
    """Whether a ledger was made at `path`, where none was: built beside it, then renamed, so none is ever seen half-made.

    Raises: LedgerDamaged where a journal of a vanished ledger lies there; OSError where the folder cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with _only_creator(path.parent) as folder:
        if os.path.lexists(path) and not replace:
            return False
        left = [beside.name for beside in (Path(f"{path}-wal"), Path(f"{path}-journal")) if beside.exists()]
        if left:
            raise LedgerDamaged(f"{path} is missing, but its journal {left[0]} is still there.", hint=RESTORE)
        unfinished = path.with_name(f".{path.name}.new")
        _remove(unfinished)  # of a creation that was killed
        try:
            _build(unfinished, fill, busy_seconds=busy_seconds)
            os.replace(unfinished, path)
        except Exception:
            _remove(unfinished)
            raise
        os.fsync(folder)
        sync_path(path.parent.parent)  # the folder itself may be new
        return True


def _remove(unfinished: Path) -> None:
    for suffix in ("", "-journal", "-wal", "-shm"):
        Path(f"{unfinished}{suffix}").unlink(missing_ok=True)


@contextmanager
def _only_creator(folder: Path) -> Iterator[int]:
    """One process at a time; the kernel lets go of the lock when the process dies. Gives the folder's descriptor."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


def _build(path: Path, fill: Fill | None, *, busy_seconds: float) -> None:
    engine = open_engine(path, busy_seconds=busy_seconds, mode="rwc")
    try:
        with for_writing(engine).begin() as connection:
            connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
            migrations.upgrade(connection)
            if fill is not None:
                fill(connection)
        settle_journal_mode(engine)
    finally:
        engine.dispose()


def _meta(engine: Engine, path: Path) -> Meta:
    with engine.connect() as connection:
        meta = {str(name): str(value) for name, value in connection.exec_driver_sql("SELECT name, value FROM meta")}
    if not set(Meta._fields) <= meta.keys():
        raise LedgerDamaged(f"{path} has lost its own id or key.", hint=RESTORE)
    return Meta(**{name: meta[name] for name in Meta._fields})


def _not_made(path: Path, error: OSError) -> LedgerError:
    hint = "Check that the folder exists, has room and that you may write to it."
    return LedgerError(f"The ledger {path} cannot be made ({error.strerror}).", hint=hint, code="ledger_unwritable")


def _bring_to_head(engine: Engine, path: Path) -> None:
    revision = _revision(engine, path)
    if revision == migrations.HEAD:
        return
    if revision not in migrations.REVISIONS:
        raise migrations.newer(str(path), revision)
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
