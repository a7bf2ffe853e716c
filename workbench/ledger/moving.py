"""A ledger moved from one database to another: every record with its hash, every sealed word, every draft, its own id and key.

What lives here: pouring, and the proof that what arrived is what left. What does not: making the ledger it is poured into
(file.py, server.py). All of it arrives, or no ledger is made.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

import sqlalchemy as sa

from workbench.errors import LedgerDamaged
from workbench.ledger.database import Database, Meta, create_database
from workbench.ledger.proof import ZERO
from workbench.ledger.pseudonyms import Pseudonyms
from workbench.ledger.records import DRAFTS, EVENTS, META, VALUES, Stored, faults_of, head_of, load, not_confirmed

AT_ONCE = 500  # events read, written and looked through together


class Copied(NamedTuple):
    """What was moved. head: hash of the newest event. where: the place it is at now, without a password."""

    where: str
    events: int
    head: str
    drafts: int


def copy_ledger(source: Database, address: str) -> Copied:
    """Have the ledger stand at another address, where none is yet. Nobody can save meanwhile: nothing is left behind.

    Raises: LedgerDamaged where the source is not whole; LedgerError; then nothing was made.
    """
    with source.holding() as connection:
        target = create_database(address, partial(move, connection))
        try:
            with target.reading() as there:
                copied = Copied(target.where, *head_of(there), _count(there, DRAFTS))
            if (copied.events, copied.head) != head_of(connection):
                raise not_confirmed(copied.events)
            return copied
        finally:
            target.close()


def move(source: sa.Connection, target: sa.Connection) -> None:
    """As `pour`, of a ledger that is whole, looked through on both sides. Raises: LedgerDamaged where it is not."""
    key = Pseudonyms(bytes.fromhex(_meta(source).pseudonym_key)).actor_key
    _refuse_faults("The ledger that is to be copied is not whole", faults_of(_stored(source), key))
    pour(source, target)
    _refuse_faults("The copy is not whole", faults_of(_stored(target), key))


def pour(source: sa.Connection, target: sa.Connection) -> None:
    """Put everything of one ledger, whole or not, into another that is new, in its transaction.

    Raises: LedgerDamaged for a target that is not as the source is.
    """
    for name, value in _meta(source)._asdict().items():
        target.execute(sa.update(META).where(META.c.name == name).values(value=value))
    for first, last in _stretches(source):
        for table in (EVENTS, VALUES):
            rows = source.execute(sa.select(table).where(table.c.seq.between(first, last)).order_by(table.c.seq)).mappings()
            target.execute(sa.insert(table), [dict(row) for row in rows])
    drafts = [dict(row) for row in source.execute(sa.select(DRAFTS)).mappings()]
    if drafts:
        target.execute(sa.insert(DRAFTS), drafts)
    _refuse_unless_same(source, target)


def _stretches(source: sa.Connection) -> Iterator[tuple[int, int]]:
    last = source.scalar(sa.select(sa.func.max(EVENTS.c.seq))) or 0
    return ((first, min(first + AT_ONCE - 1, last)) for first in range(1, last + 1, AT_ONCE))


def _stored(connection: sa.Connection) -> Iterator[Stored]:
    for first, last in _stretches(connection):
        yield from load(connection, EVENTS.c.seq.between(first, last))


def _refuse_faults(what: str, faults: Iterator[tuple[str, str]]) -> None:
    found = next((sentence for _, sentence in faults), None)
    if found is not None:
        hint = "Nothing was made. Run `workbench verify`, and copy from a backup that is whole."
        raise LedgerDamaged(f"{what}: {found}", hint=hint)


class _Whole(NamedTuple):
    """What two copies of one ledger share: hash of all hashes, and of all words and drafts with their places."""

    meta: Meta
    events: str
    head: tuple[int, str]
    words: str
    drafts: str


def _whole(connection: sa.Connection) -> _Whole:
    events, words, drafts, head = hashlib.sha256(), hashlib.sha256(), hashlib.sha256(), (0, ZERO)
    for stored in _stored(connection):
        head = (stored.row.seq, stored.row.hash)
        events.update(repr(tuple(stored.row)).encode())
        words.update(repr([(one.pointer, one.salt and bytes(one.salt), one.value) for one in stored.words]).encode())
    for row in sorted(map(tuple, connection.execute(sa.select(DRAFTS)))):
        drafts.update(repr(row).encode())
    return _Whole(_meta(connection), events.hexdigest(), head, words.hexdigest(), drafts.hexdigest())


def _refuse_unless_same(source: sa.Connection, target: sa.Connection) -> None:
    left, arrived = _whole(source), _whole(target)
    other = [name for name in _Whole._fields if getattr(left, name) != getattr(arrived, name)]
    if other:
        hint = "Nothing was made. Try again; if it stays so, check the disk it was to lie on."
        raise LedgerDamaged(f"The copy is not what was copied: its {' and '.join(other)} differ.", hint=hint)


def _count(connection: sa.Connection, table: sa.Table) -> int:
    return connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def _meta(connection: sa.Connection) -> Meta:
    found = {row.name: row.value for row in connection.execute(sa.select(META))}
    return Meta(**{name: found[name] for name in Meta._fields})
