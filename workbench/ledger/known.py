"""The events of a subject as this process last read them, so that a save reads only what came after.

A check sees all events of its subject inside the write transaction, while everybody else waits. Opening a record (JSON, seals,
validation) costs a hundred times what it costs SQLite to say that it is still the same one. It is: rows cannot be changed, each
links to the one before it, so the newest row that was read having the hash it had says that all of them have; and erasing
words, the one change there is, blanks values that can be counted.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import NamedTuple

import sqlalchemy as sa

from workbench.ledger.records import EVENTS, VALUES, about, load
from workbench.models import Event

MOST = 5_000  # events kept, of the subjects asked for last: some 20 MB

# (hash of the newest row that was read, number of erased words). Made once: spelling a statement costs more than running it.
_STANDING = sa.select(
    sa.select(EVENTS.c.hash).where(EVENTS.c.seq == sa.bindparam("seq")).scalar_subquery(),
    sa.select(sa.func.count())
    .select_from(EVENTS.join(VALUES, VALUES.c.seq == EVENTS.c.seq))
    .where(EVENTS.c.subject_kind == sa.bindparam("kind"), EVENTS.c.subject_id == sa.bindparam("id"), VALUES.c.value.is_(None))
    .scalar_subquery(),
)


class _Read(NamedTuple):
    """What was read of a subject. erased: how many of its words were blank."""

    events: tuple[Event, ...]
    erased: int


class Known:
    """Safe to share between threads. Holds nothing that the ledger does not: forgetting it costs time only."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._read: OrderedDict[tuple[str, str], _Read] = OrderedDict()
        self._count = 0

    def events(self, connection: sa.Connection, subject_kind: str, subject_id: str) -> tuple[Event, ...]:
        """All events of a subject as they are in this transaction, oldest first. Raises: LedgerDamaged."""
        subject = (subject_kind, subject_id)
        with self._lock:
            before = self._read.get(subject, _Read((), 0))
        last = before.events[-1].seq if before.events else 0
        asked = {"kind": subject_kind, "id": subject_id, "seq": last}
        found, erased = connection.execute(_STANDING, asked).one()
        if before.events and (found, erased) != (before.events[-1].hash, before.erased):
            before, last = _Read((), 0), 0
        news = load(connection, sa.and_(about(*subject), EVENTS.c.seq > last))
        events = (*before.events, *(stored.event() for stored in news))
        if events:
            self._keep(subject, _Read(events, erased))
        return events

    def _keep(self, subject: tuple[str, str], read: _Read) -> None:
        with self._lock:
            replaced = self._read.pop(subject, None)
            self._count += len(read.events) - (len(replaced.events) if replaced else 0)
            self._read[subject] = read
            while self._count > MOST and len(self._read) > 1:
                _, dropped = self._read.popitem(last=False)
                self._count -= len(dropped.events)
