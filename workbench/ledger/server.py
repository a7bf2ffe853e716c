"""A ledger on a PostgreSQL server: made where there is none, brought to the newest schema, refused where it is not ours.

What lives here: what a ledger asks of its database. What does not: the schema (migrations/), connections and what their errors
mean (postgres.py).

Every transaction that writes counts up the one row of `pulse` first. The row's lock lets one write at a time, so the chain
never forks, and whoever waits then sees all that was saved before; its number says that something was committed. A server lost
in the middle of a commit is asked, by the number of the transaction, what became of it before anything is tried again.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import URL, Connection, Engine, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from workbench import log
from workbench.errors import LedgerDamaged, LedgerError
from workbench.ledger import migrations
from workbench.ledger.database import Beat, Fact, Fill, Meta, T, already_there, not_there
from workbench.ledger.file import LedgerFile
from workbench.ledger.postgres import OLDEST, connected, explain, is_busy, is_lost, parsed, shown, unconfirmed
from workbench.ledger.records import META, head_of

PAUSES = (0.25, 2.0)  # seconds before the second and the third attempt: a server that is started again is back by then
STOPPED = "60s"  # an app server that stands still in the middle of a save holds everybody up no longer than this
MAKING = 0x77626C67  # advisory lock: one makes or migrates a ledger at a time

# A commit is acknowledged when it is on the disk, whatever the server's default; what asks for more (a standby) stays.
_SETTLED = text("""
    SELECT set_config('synchronous_commit', CASE current_setting('synchronous_commit')
               WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END, true),
           set_config('lock_timeout', :busy, true),
           set_config('idle_in_transaction_session_timeout', :stopped, true)
""")
_PATIENT = text("SELECT set_config('idle_in_transaction_session_timeout', '0', true)")  # while another ledger is read
_TURN = text("UPDATE pulse SET beats = beats + 1 RETURNING CAST(pg_current_xact_id() AS text)")
_BECAME = text("SELECT pg_xact_status(CAST(CAST(:number AS text) AS xid8))")
_BEAT = text("SELECT beats, (SELECT hash FROM events ORDER BY seq DESC LIMIT 1) FROM pulse")
_FIT = text("SELECT CAST(current_setting('server_version_num') AS int), current_setting('server_encoding')")
_TABLES = ("alembic_version", "events", "event_values", "drafts", "meta", "pulse")
_HERE = text("SELECT name FROM unnest(CAST(:names AS text[])) AS name WHERE to_regclass(quote_ident(name)) IS NOT NULL")
_ENABLED = text("""
    SELECT tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A') AND NOT tgisinternal
    AND tgrelid IN (to_regclass('events'), to_regclass('event_values'))
""")
_OWNED = text("""
    SELECT bool_and(pg_has_role(relowner, 'USAGE')) FROM pg_class
    WHERE oid IN (to_regclass('event_values'), to_regclass('drafts'))
""")
_KEPT = text("""
    SELECT current_setting('server_version'), current_setting('fsync'), current_setting('full_page_writes'),
           coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false), inet_client_addr() IS NULL
""")
TRIGGERS = frozenset(
    {"events_no_update", "events_no_delete", "events_no_truncate", "events_in_order"}
    | {"event_values_no_delete", "event_values_no_truncate", "event_values_only_erased"}
)


class _Doubt(NamedTuple):
    """A transaction that may have been committed: its number, and what its work gave back."""

    number: str
    outcome: Any


class LedgerServer:
    """One ledger on a server (database.py says what each verb promises)."""

    journal_mode = ""

    def __init__(self, url: URL, engine: Engine, meta: Meta, *, busy_seconds: float) -> None:
        self.where, self.meta = shown(url), meta
        self.scratch = Path(tempfile.gettempdir())
        self._url, self._engine, self._busy = url, engine, busy_seconds
        # Of one moment, however many statements: another server may save between two of them.
        self._reader = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        alone = connected(url, busy_seconds=busy_seconds, asked_first=False)  # a page asks for the beat dozens of times
        self._asker = alone.execution_options(isolation_level="AUTOCOMMIT")

    @classmethod
    def open(cls, address: str, *, busy_seconds: float, begin: bool = True) -> LedgerServer:
        """The ledger at an address, made where its database or schema has none."""
        return cls._opened(parsed(address), busy_seconds, begin=begin)

    @classmethod
    def create(cls, address: str, fill: Fill, *, busy_seconds: float) -> LedgerServer:
        """A new ledger with what `fill` puts into it."""
        return cls._opened(parsed(address), busy_seconds, begin=True, fill=fill)

    @classmethod
    def _opened(cls, url: URL, busy_seconds: float, *, begin: bool, fill: Fill | None = None) -> LedgerServer:
        engine = connected(url, busy_seconds=busy_seconds)
        try:
            with engine.begin() as connection:
                _refuse_unfit(connection, url)
                if fill is not None or _revision(connection, url) != migrations.HEAD:
                    _make_or_migrate(connection, url, begin=begin, fill=fill)
                return cls(url, engine, _meta(connection, url), busy_seconds=busy_seconds)
        except DBAPIError as error:
            engine.dispose()
            raise explain(error, url) from error
        except BaseException:
            engine.dispose()
            raise

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """As `Database` has it."""
        with self._explained(), self._reader.connect() as connection:
            yield connection

    def write(self, work: Callable[[Connection], T]) -> T:
        """As `Database` has it. `not_confirmed`: the server went away in a commit and did not come back to say what became."""
        doubts: list[_Doubt] = []
        for pause in (*PAUSES, None):
            try:
                return self._attempt(work, doubts)
            except DBAPIError as error:
                if pause is None or not (is_busy(error) or is_lost(error)):
                    told = explain(error, self._url)
                    raise (unconfirmed(told) if doubts else told) from error
                if is_lost(error):
                    time.sleep(pause)
            except NoConnectionFree as error:
                raise self._none_free() from error
        raise AssertionError("the last attempt returns or raises")

    def _attempt(self, work: Callable[[Connection], T], doubts: list[_Doubt]) -> T:
        """doubts: the transaction before, where it was lost in its commit; this one where it is."""
        with self._engine.connect() as connection, connection.begin() as transaction:
            number = self._turn(connection)  # the transaction before has ended by now: it had the turn
            if doubts:
                before = doubts.pop()
                try:
                    became = connection.execute(_BECAME, {"number": before.number}).scalar()
                except DBAPIError:
                    doubts.append(before)
                    raise
                if became == "committed":
                    outcome: T = before.outcome
                    return outcome
            outcome = work(connection)
            try:
                transaction.commit()
            except DBAPIError as error:
                if is_lost(error):
                    doubts.append(_Doubt(number, outcome))
                raise
        return outcome

    def _turn(self, connection: Connection, *, stopped: str = STOPPED) -> str:
        """Wait to be the only one who writes, until the transaction ends; its number."""
        connection.execute(_SETTLED, {"busy": f"{int(self._busy * 1000)}ms", "stopped": stopped})
        number: str = connection.execute(_TURN).scalar_one()
        return number

    @contextmanager
    def holding(self) -> Iterator[Connection]:
        """As `Database` has it."""
        with self._explained(), self._engine.connect() as connection:
            self._turn(connection, stopped="0")  # it waits while what was read is written elsewhere
            yield connection

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise explain(error, self._url) from error
        except NoConnectionFree as error:
            raise self._none_free() from error

    def _none_free(self) -> LedgerError:
        hint = "Nothing was acknowledged; drafts are kept. Try again."
        return LedgerError(f"All connections to {self.where} are in use.", hint=hint, code="ledger_busy")

    def beat(self) -> Beat:
        """As `Database` has it. The newest record is part of it: a database put back from a dump counts again from before."""
        try:
            with self._asker.connect() as connection:
                return tuple(connection.execute(_BEAT).one())
        except (DBAPIError, NoConnectionFree):  # whoever reads then is told what is the matter
            return object()

    def blanking(self, connection: Connection) -> None:
        """As `Database` has it: PostgreSQL keeps the row before until `leave_nothing`."""

    def leave_nothing(self) -> None:
        """As `Database` has it, where this user owns the tables: PostgreSQL would pass over others', and call it done."""
        with self._explained(), self._asker.connect() as connection:
            if connection.execute(_OWNED).scalar_one():
                connection.execute(text("VACUUM (FULL) event_values, drafts"))

    def left_behind(self) -> Iterator[str]:
        """As `Database` has it."""
        with self.reading() as connection:
            owned = connection.execute(_OWNED).scalar_one()
        if not owned:
            yield "Old pages of the tables hold its words until their owner runs: VACUUM (FULL) event_values, drafts"
        yield "The write-ahead log, the standbys and the dumps of the PostgreSQL server hold it until they are turned over."

    def unsound(self) -> list[str]:
        """As `Database` has it: whether what keeps records from being changed is in force. Pages are the server's matter."""
        try:
            with self.reading() as connection:
                enabled = set(connection.execute(_ENABLED).scalars())
        except LedgerError as error:
            return [error.message]
        return [
            f"The database no longer refuses to change records: the trigger {one} is off." for one in sorted(TRIGGERS - enabled)
        ]

    def facts(self) -> Iterator[Fact]:
        """As `Database` has it."""
        with self.reading() as connection:
            version, fsync, full_pages, encrypted, is_local = connection.execute(_KEPT).one()
        value = f"{version} at {self.where}, fsync {fsync}"
        if "off" in (fsync, full_pages):
            hint = "A power cut may undo what was acknowledged: set fsync and full_page_writes to on in postgresql.conf."
            yield Fact("postgresql", value, ok=False, hint=hint)
        elif encrypted or is_local:
            yield Fact("postgresql", value)
        else:
            yield Fact(
                "postgresql", value, hint="Claims and names travel in the clear: add ?sslmode=verify-full to records.url."
            )

    def copy_to(self, target: Path) -> tuple[int, str]:
        """As `Database` has it."""
        from workbench.ledger.moving import pour  # here: only a backup asks for it

        with self.reading() as connection:
            LedgerFile.create(target, partial(pour, connection), busy_seconds=self._busy, replace=True).close()
            return head_of(connection)

    def close(self) -> None:
        """As `Database` has it."""
        self._asker.dispose()
        self._engine.dispose()


def _refuse_unfit(connection: Connection, url: URL) -> None:
    version, encoding = connection.execute(_FIT).one()
    if version < OLDEST * 10_000:
        hint = f"Nothing was changed. Use PostgreSQL {OLDEST} or newer."
        raise LedgerError(f"{shown(url)} is PostgreSQL {version // 10_000}, which is too old.", hint=hint, code="ledger_server")
    if encoding != "UTF8":
        hint = "Nothing was changed. Make a database for it: CREATE DATABASE workbench ENCODING 'UTF8' TEMPLATE template0;"
        raise LedgerError(f"{shown(url)} stores text as {encoding}, not as UTF-8.", hint=hint, code="ledger_server")


def _revision(connection: Connection, url: URL) -> str | None:
    """The schema of the ledger that is here; None where nothing is. Raises: LedgerDamaged where it is none of ours."""
    here = set(connection.execute(_HERE, {"names": list(_TABLES)}).scalars())
    if not here:
        return None
    if here != set(_TABLES):
        missing = ", ".join(sorted(set(_TABLES) - here))
        hint = (
            "Nothing was changed. Give the ledger a database or schema of its own; if it was one, restore it: docs/postgres.md"
        )
        raise LedgerDamaged(f"{shown(url)} has tables of that name, but no ledger of the workbench (no {missing}).", hint=hint)
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar())


def _make_or_migrate(connection: Connection, url: URL, *, begin: bool, fill: Fill | None) -> None:
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MAKING})
    connection.execute(_PATIENT)
    revision = _revision(connection, url)  # again: another app server may have been quicker
    if revision is None:
        if not begin:
            raise not_there(shown(url))
        migrations.upgrade(connection)
        if fill is not None:
            fill(connection)
    elif fill is not None:
        raise already_there(shown(url))
    elif revision not in migrations.REVISIONS:
        raise migrations.newer(shown(url), revision)
    elif revision != migrations.HEAD:
        connection.execute(_TURN)  # nobody saves meanwhile
        migrations.upgrade(connection)
        log.tell("ledger migrated", before=revision, after=migrations.HEAD)


def _meta(connection: Connection, url: URL) -> Meta:
    meta = {row.name: row.value for row in connection.execute(select(META))}
    if not set(Meta._fields) <= meta.keys():
        hint = "Nothing was changed. Put the database back from its newest dump: docs/postgres.md."
        raise LedgerDamaged(f"{shown(url)} has lost its own id or key.", hint=hint)
    return Meta(**{name: meta[name] for name in Meta._fields})
