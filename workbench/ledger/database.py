"""The one seam between a ledger and the database it lies in: what SQLite and PostgreSQL each do in their own way.

What lives here: what a ledger asks of its database, and which of the two an address names. What does not: either of them
(file.py on SQLite, server.py on PostgreSQL). Nothing of PostgreSQL is imported for a ledger that is a file.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple, Protocol, TypeVar

from sqlalchemy import Connection

from workbench.errors import Conflict, LedgerError, TokenReused

T = TypeVar("T")
Beat = Hashable
Fill = Callable[[Connection], None]  # what a new ledger is born with, in place of an id and a key of its own

BUSY_SECONDS = 10.0  # RELIABILITY.md rule 5
ATTEMPTS = 3  # each waits up to BUSY_SECONDS for its turn to write
SERVERS = ("postgresql+psycopg", "postgresql", "postgres")  # the three names one and the same server goes by


class Meta(NamedTuple):
    """What a ledger was born with. workspace_id: 32 hex digits. pseudonym_key: hides names; 64 hex digits."""

    workspace_id: str
    pseudonym_key: str


class Fact(NamedTuple):
    """One thing `doctor` says of a database. hint: what to do, where there is something."""

    name: str
    value: str
    ok: bool = True
    hint: str = ""


class Database(Protocol):
    """One open database with a ledger in it. Safe to share between threads.

    where: its place, for people: a path, or an address without its password. journal_mode: `wal` or `delete` of a file, "" of a
    server. scratch: a folder for what waits to be written.
    """

    where: str
    meta: Meta
    journal_mode: str
    scratch: Path

    def reading(self) -> AbstractContextManager[Connection]:
        """A connection that sees the ledger as it is at one moment. Raises: LedgerError for every fault of the database."""

    def write(self, work: Callable[[Connection], T]) -> T:
        """What `work` gives back, committed, on the disk, done once. Nobody else writes meanwhile; work may be repeated.

        Raises: LedgerError, and whatever work raises; then nothing was written, unless its code is `not_confirmed`.
        """

    def holding(self) -> AbstractContextManager[Connection]:
        """A connection that reads while nobody can save. Raises: LedgerError."""

    def beat(self) -> Beat:
        """A value that equals the one before while nothing was committed; one that equals nothing where that is not known."""

    def blanking(self, connection: Connection) -> None:
        """Have what this transaction overwrites be wiped where it lay."""

    def leave_nothing(self) -> None:
        """Write what is stored anew without what was deleted from it, as far as we may. Raises: LedgerError."""

    def left_behind(self) -> Iterator[str]:
        """Where words that were erased still are and we cannot reach them, a sentence each."""

    def unsound(self) -> list[str]:
        """What the database itself finds wrong, as sentences; [] where it is sound."""

    def facts(self) -> Iterator[Fact]:
        """What `doctor` says of it, beside what holds for every machine."""

    def copy_to(self, target: Path) -> tuple[int, str]:
        """Have the ledger as it is at one moment stand at `target` as one SQLite file; (seq, hash) of its newest record."""

    def close(self) -> None:
        """Let go of everything."""


def open_database(address: str, *, busy_seconds: float = BUSY_SECONDS, begin: bool = True) -> Database:
    """The ledger at an address, made where there is none and it may be begun.

    Raises: LedgerDamaged (nothing is changed) for what is not our ledger; LedgerError where it cannot be made or read.
    """
    if is_server(address):
        from workbench.ledger.server import LedgerServer  # here: a ledger in a file needs none of it

        return LedgerServer.open(address, busy_seconds=busy_seconds, begin=begin)
    from workbench.ledger.file import LedgerFile

    return LedgerFile.open(path_of(address), busy_seconds=busy_seconds, begin=begin)


def create_database(address: str, fill: Fill, *, busy_seconds: float = BUSY_SECONDS) -> Database:
    """A new ledger at an address with what `fill` puts into it: all of it, or no ledger.

    Raises: LedgerError (`ledger_there`) where there is one; whatever fill raises.
    """
    if is_server(address):
        from workbench.ledger.server import LedgerServer

        return LedgerServer.create(address, fill, busy_seconds=busy_seconds)
    from workbench.ledger.file import LedgerFile

    return LedgerFile.create(path_of(address), fill, busy_seconds=busy_seconds)


def is_server(address: str) -> bool:
    """Whether an address is that of a PostgreSQL server."""
    return address.partition("://")[0] in SERVERS and "://" in address


def path_of(address: str) -> Path:
    """The file that an address such as `sqlite:////absolute/path` names. Raises: LedgerError for any other address."""
    beginning = "sqlite:///"
    named = address.removeprefix(beginning)
    if not address.startswith(beginning) or named in {"", ":memory:"}:
        hint = "Write sqlite:////absolute/path/ledger.sqlite, or postgresql+psycopg://user@host/database."
        shown = repr(address) if "@" not in address else "This"  # what looks like an address may hold a password
        raise LedgerError(f"{shown} is not the address of a ledger.", hint=hint, code="ledger_address")
    return Path(named).absolute()


def already_there(where: str) -> LedgerError:
    """What is raised where a new ledger was to be made and there is one."""
    hint = "Nothing was changed. A ledger is only ever copied to where there is none: name another file, database or schema."
    return LedgerError(f"There is a ledger at {where}.", hint=hint, code="ledger_there")


def not_there(where: str) -> LedgerError:
    """What is raised where a ledger was to be opened, not begun, and there is none."""
    hint = "Nothing was made there. Check the address; to move a ledger there: workbench records copy --to ADDRESS"
    return LedgerError(f"There is no ledger at {where}.", hint=hint, code="ledger_absent")


def token_taken() -> TokenReused:
    """What is raised where the database holds an event with this one's token."""
    return TokenReused("This save token was already used for another save.", hint="Reload the claim and save again.")


def overtaken() -> Conflict:
    """What is raised where the database holds the revision that was to be stored."""
    return Conflict(
        "Somebody saved this record since you opened it; nothing was written.",
        hint="Look at what was saved, then save again on top of it.",
    )
