"""Many events stored together in flat memory: sealed onto the disk one by one, then linked and written in one transaction.

What lives here: the three steps of it. What does not: the tables (records.py), transactions (__init__.py). Sealing a hundred
thousand events takes a minute, and nobody may wait for it: the ledger is held for the linking alone, some seconds.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Container, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa

from workbench.errors import Conflict
from workbench.ledger.records import EVENTS, VALUES, Pseudonym, Sealed, chained, head_of, load, sealed_new
from workbench.ledger.sealing import Words
from workbench.models import NewEvent
from workbench.spool import Spool

PAGE = 200  # events linked, written and read back at once


class Stretch(NamedTuple):
    """Events that were written together: from seq `first` to `last`; digest: sha256 of their hashes, one after the other."""

    first: int
    last: int
    digest: str


def spooled(events: Iterable[NewEvent], folder: Path, pseudonym: Pseudonym, *, secret: Container[str]) -> Spool[Sealed]:
    """The events, sealed, on disk. Raises: LedgerError for one that cannot be stored exactly."""
    spool = Spool(folder, dump=_dumped, load=_loaded)
    for event in events:
        spool.append(sealed_new(event, pseudonym, secret=secret))
    return spool


def write(connection: sa.Connection, spool: Spool[Sealed], *, begins: Collection[str]) -> Stretch:
    """Link and write the events. Raises: Conflict where one of a kind that `begins` a subject is not its first."""
    first, digest = head_of(connection)[0] + 1, hashlib.sha256()
    for part in _pages(spool):
        rows, values = chained(connection, part)
        taken = sorted(row["subject_id"] for row in rows if row["kind"] in begins and row["subject_revision"] > 1)
        if taken:
            raise Conflict(
                f"These ids were taken meanwhile: {', '.join(taken[:5])}. Nothing was stored.", hint="Look at the file again."
            )
        connection.execute(sa.insert(EVENTS), rows)
        connection.execute(sa.insert(VALUES), values)
        for row in rows:
            digest.update(row["hash"].encode())
    return Stretch(first, first + len(spool) - 1, digest.hexdigest())


def reads_back(connection: sa.Connection, stretch: Stretch, pseudonym: Pseudonym) -> bool:
    """Whether the events stand in the ledger as they were written, none with a fault."""
    digest = hashlib.sha256()
    for start in range(stretch.first, stretch.last + 1, PAGE):
        for stored in load(connection, EVENTS.c.seq.between(start, min(start + PAGE - 1, stretch.last))):
            if any(True for _ in stored.faults(pseudonym)):
                return False
            digest.update(stored.row.hash.encode())
    return digest.hexdigest() == stretch.digest


def _pages(spool: Spool[Sealed]) -> Iterator[list[Sealed]]:
    waiting = iter(spool)
    while part := list(islice(waiting, PAGE)):
        yield part


def _dumped(sealed: Sealed) -> bytes:
    words = [[one.pointer, one.salt and one.salt.hex(), one.value] for one in sealed.words]
    return json.dumps([sealed.record, words, sealed.actor_key], ensure_ascii=False).encode()


def _loaded(data: bytes) -> Sealed:
    record, words, actor_key = json.loads(data)
    return Sealed(record, tuple(Words(pointer, _salt(salt), value) for pointer, salt, value in words), actor_key)


def _salt(text: str | None) -> bytes | None:
    return None if text is None else bytes.fromhex(text)
