"""The ledger: append-only, hash-chained events, and the drafts that are not events yet. The truth of a workspace.

What lives here: storing, giving back and verifying events. What does not: what an event means or whether it is allowed (a
`Check`, handed in from above, says that inside the transaction), nor the database (database.py). With migrations/ the only
door to SQLAlchemy, Alembic and psycopg. A save that is killed at any moment is stored whole or not at all.

Names, paths and free text stand in an event as salted digests, with the words in a side table: erasing the words leaves every
hash as it was (sealing.py says what stays in the clear; the rest is sealed).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import NamedTuple, TypeVar

import sqlalchemy as sa

from workbench.errors import LedgerError, Refused, UnknownId, WorkbenchError
from workbench.ledger import erasing
from workbench.ledger.admission import Admission, Door, one_of_each
from workbench.ledger.database import BUSY_SECONDS, Beat, Database, open_database
from workbench.ledger.erasing import Names
from workbench.ledger.known import Known
from workbench.ledger.logged import tell_saved, tell_saved_many
from workbench.ledger.proof import SealedEvent, chain_faults
from workbench.ledger.pseudonyms import Pseudonyms
from workbench.ledger.records import (
    DRAFTED,
    DRAFTS,
    EVENTS,
    VALUES,
    Stored,
    about,
    by_subject,
    chained,
    faults_of,
    head_of,
    load,
    news_after,
    not_confirmed,
    refuse_foreign_token,
    sealed_new,
    verdict_of,
)
from workbench.ledger.sealing import json_text
from workbench.models import Draft, Event, NewEvent, Reviewer, SubjectKind

__all__ = ["Admission", "Check", "Ledger", "SealedEvent", "accept", "chain_faults"]

Check = Callable[[NewEvent, Sequence[Event]], NewEvent | Event]
T = TypeVar("T")

PAGE = 500  # events read per transaction: a slow reader of the whole ledger holds no lock that a save waits for


def accept(event: NewEvent, events: Sequence[Event]) -> NewEvent:
    """The check that allows everything."""
    return event


class _Promise(NamedTuple):
    """What a committed event must read back as."""

    seq: int
    hash: str


class Ledger:
    """One open ledger. Safe to share between threads: every operation has a connection of its own.

    workspace_id: 32 hex digits the ledger was born with. pseudonyms: for names that do not leave. secrets: gives the beginnings
    of ids that are sealed too, those of protected sources. database: what it lies in.
    """

    def __init__(self, database: Database, *, admission: Admission | None = None) -> None:
        self.database = database
        self.workspace_id = database.meta.workspace_id
        self.pseudonyms = Pseudonyms(bytes.fromhex(database.meta.pseudonym_key))
        self.secrets: Callable[[], frozenset[str]] = frozenset
        self._secret: frozenset[str] = frozenset()
        self._known, self._reading = Known(), database.reading
        self.door = Door(admission, self._known, self.pseudonyms, self._reading)

    @classmethod
    def open(
        cls, address: str, *, busy_seconds: float = BUSY_SECONDS, admission: Admission | None = None, begin: bool = True
    ) -> Ledger:
        """The ledger at `sqlite:////absolute/path` or `postgresql+psycopg://user@host/database`.

        begin: make it with its schema where there is none. admission: asked of every event in the transaction that stores it,
        with its actor's events as a person; it may raise.
        Raises: LedgerDamaged (nothing is changed) for what is not our ledger; LedgerError where it cannot be made or read.
        """
        return cls(open_database(address, busy_seconds=busy_seconds, begin=begin), admission=admission)

    def close(self) -> None:
        """Let go of everything; there is nothing left to write."""
        self.database.close()

    # --- saving ---

    def append(self, event: NewEvent, check: Check = accept) -> Event:
        """The event as stored: given back only after commit and a read-back on a fresh connection.

        check: sees the subject's events inside the write transaction; where it answers with an Event, nothing is written.
        The draft that carries the event's token ends in the same transaction; a draft begun elsewhere stays.
        Raises: TokenReused, Conflict, LedgerError, and whatever check raises; then nothing was written.
        """

        def save(connection: sa.Connection) -> Event | list[_Promise]:
            refuse_foreign_token(connection, event)
            answer = check(event, self._known.events(connection, event.subject_kind, event.subject_id))
            if isinstance(answer, Event):
                return answer
            self._end_draft(connection, answer)
            return self._insert(connection, [answer])

        outcome = self._write(save)
        return outcome if isinstance(outcome, Event) else self._read_back(outcome)[0]

    def _end_draft(self, connection: sa.Connection, saved: NewEvent) -> None:
        mine = self._draft_of(saved.subject_id, saved.actor)
        draft = connection.scalar(sa.select(DRAFTS.c.draft).where(mine)) if saved.token is not None else None
        if draft is not None and Draft.model_validate_json(draft).token == saved.token:
            connection.execute(sa.delete(DRAFTS).where(mine))

    def append_all(self, events: Sequence[NewEvent]) -> list[Event]:
        """The events as stored, in their order, all of them or none: bulk intake, without checks."""
        return self._read_back(self._write(lambda connection: self._insert(connection, events))) if events else []

    def append_many(self, events: Iterable[NewEvent], *, begins: Collection[str] = ()) -> range:
        """The seqs of the events: all of them stored in one transaction, or none; many take no more memory than a few.

        Others save until it is written. begins: kinds that must be the first of their subject. Raises: Conflict, LedgerError.
        """
        from workbench.ledger import bulk  # what a single save need not import

        each: list[NewEvent] = []
        spool = bulk.spooled(one_of_each(events, each), self.database.scratch, self.pseudonyms.actor_key, secret=self.secrets())
        if not spool:
            return range(0)

        def save(connection: sa.Connection) -> bulk.Stretch:
            self.door.admit(connection, each)
            return bulk.write(connection, spool, begins=begins)

        stretch = self._write(save)
        with self._reading() as connection:
            if not bulk.reads_back(connection, stretch, self.pseudonyms.actor_key):
                raise not_confirmed(stretch.first)
        tell_saved_many(len(spool), stretch.last)
        return range(stretch.first, stretch.last + 1)

    def append_each(
        self, events: Sequence[NewEvent], check: Callable[[NewEvent], Check]
    ) -> tuple[list[Event], list[tuple[NewEvent, WorkbenchError]]]:
        """(the events as stored, those that were refused each with its reason): one transaction, all that pass or none.

        check: the check of an event, which sees its subject's events as they were before any of these. One answered with an
        Event is neither: it is so already. Raises: LedgerError.
        """
        refused: list[tuple[NewEvent, WorkbenchError]] = []

        def save(connection: sa.Connection) -> list[_Promise]:
            refused.clear()
            passed = []
            for event in events:
                known = self._known.events(connection, event.subject_kind, event.subject_id)
                try:
                    answer = check(event)(event, known)
                except (Refused, UnknownId) as error:
                    refused.append((event, error))
                    continue
                if not isinstance(answer, Event):
                    passed.append(answer)
            return self._insert(connection, passed) if passed else []

        promises = self._write(save) if events else []
        return self._read_back(promises) if promises else [], refused

    def _insert(self, connection: sa.Connection, events: Sequence[NewEvent]) -> list[_Promise]:
        self.door.admit(connection, events)  # no way into the table leads around it
        rows, values = chained(connection, [sealed_new(one, self.pseudonyms.actor_key, secret=self._secret) for one in events])
        connection.execute(sa.insert(EVENTS), rows)
        connection.execute(sa.insert(VALUES), values)  # never empty: the actor's name is always sealed
        return [_Promise(row["seq"], row["hash"]) for row in rows]

    def _read_back(self, promises: list[_Promise]) -> list[Event]:
        first, last = promises[0].seq, promises[-1].seq
        with self._reading() as connection:
            found = load(connection, EVENTS.c.seq.between(first, last))
        as_promised = [(stored.row.seq, stored.row.hash) for stored in found] == promises
        if not as_promised or any(True for stored in found for _ in stored.faults(self.pseudonyms.actor_key)):
            raise not_confirmed(first)
        events = [stored.event() for stored in found]
        tell_saved(events)
        return events

    def _write(self, work: Callable[[sa.Connection], T]) -> T:
        self._secret = self.secrets()  # asked before anybody else has to wait: whoever answers may be waiting for the ledger
        return self.database.write(work)

    # --- reading ---

    def events(self, subject_kind: SubjectKind, subject_id: str) -> list[Event]:
        """The subject's events, oldest first; none for an unknown subject."""
        with self._reading() as connection:
            return [*self._known.events(connection, subject_kind, subject_id)]

    def sealed(self, subject_kind: SubjectKind, subject_id: str) -> list[SealedEvent]:
        """The subject's events as their hashes cover them, with all of their words, oldest first; none for an unknown subject.

        Raises: LedgerDamaged where a row does not make an event.
        """
        with self._reading() as connection:
            found = load(connection, about(subject_kind, subject_id))
        for stored in found:
            stored.event()
        return [stored.sealed() for stored in found]

    def events_of(self, subject_kind: SubjectKind, subject_ids: Sequence[str]) -> dict[str, list[Event]]:
        """The events of some subjects, by id, oldest first; no entry for an unknown subject. A few hundred ids at most."""
        of_these = sa.and_(EVENTS.c.subject_kind == subject_kind, EVENTS.c.subject_id.in_(subject_ids))
        with self._reading() as connection:
            return by_subject(load(connection, of_these))

    def news_of(self, subject_kind: SubjectKind, seq: int) -> tuple[int, list[str]]:
        """(seq of the newest event, ids of the subjects with events after `seq`, in their order): no event is read whole."""
        with self._reading() as connection:
            return head_of(connection)[0], news_after(connection, subject_kind, seq)

    def of_subjects_with(self, subject_kind: SubjectKind, kind: str) -> list[Event]:
        """All events of the subjects that have one of that kind, oldest first."""
        such = sa.select(EVENTS.c.subject_id).where(EVENTS.c.subject_kind == subject_kind, EVENTS.c.kind == kind)
        with self._reading() as connection:
            found = load(connection, sa.and_(EVENTS.c.subject_kind == subject_kind, EVENTS.c.subject_id.in_(such)))
            return [stored.event() for stored in found]

    def latest(self, subject_kind: SubjectKind, kinds: Collection[str]) -> dict[str, Event]:
        """The newest event of these kinds of each subject that has one, by subject id."""
        of_kinds = sa.and_(EVENTS.c.subject_kind == subject_kind, EVENTS.c.kind.in_(sorted(kinds)))
        newest = sa.select(sa.func.max(EVENTS.c.seq)).where(of_kinds).group_by(EVENTS.c.subject_id)
        with self._reading() as connection:
            return {stored.row.subject_id: stored.event() for stored in load(connection, EVENTS.c.seq.in_(newest))}

    def since(self, seq: int = 0, *, subject_kind: SubjectKind | None = None) -> Iterator[Event]:
        """The events after `seq`, in order. No lock is held between pages: the caller may take its time, and save meanwhile."""
        return (stored.event() for stored in self._pages(seq, subject_kind))

    def _pages(self, seq: int, subject_kind: SubjectKind | None = None) -> Iterator[Stored]:
        wanted = sa.true() if subject_kind is None else EVENTS.c.subject_kind == subject_kind
        while True:
            with self._reading() as connection:
                page = load(connection, sa.and_(wanted, EVENTS.c.seq > seq), limit=PAGE)
            yield from page
            if len(page) < PAGE:
                return
            seq = page[-1].row.seq

    def beat(self) -> Beat:
        """A value that equals the one before as long as no event and no draft was stored: cheap, unlike a look at them.

        Ask before reading: what is read then holds all that was stored up to the beat.
        """
        return self.database.beat()

    def head(self) -> tuple[int, str]:
        """(seq, hash) of the newest event; (0, 64 zeros) of an empty ledger."""
        with self._reading() as connection:
            return head_of(connection)

    def hash_at(self, seq: int) -> str | None:
        """The hash of the event at this place; None where there is none. What was made of the events up to it still holds."""
        with self._reading() as connection:
            found: str | None = connection.scalar(sa.select(EVENTS.c.hash).where(EVENTS.c.seq == seq))
        return found

    def by_token(self, token: str) -> Event | None:
        """The event that was saved with this token."""
        with self._reading() as connection:
            return next((stored.event() for stored in load(connection, EVENTS.c.token == token)), None)

    def verify(self) -> list[str]:
        """One sentence for the first bad record of each kind of fault; [] when every hash, link and seal holds.

        Records cut off at the end leave no trace in the chain: compare `head` with one kept elsewhere (backup, case file).
        """
        faults: dict[str, str] = {}
        try:
            for kind, sentence in faults_of(self._pages(0), self.pseudonyms.actor_key):
                faults.setdefault(kind, sentence)
        except LedgerError as error:
            faults.setdefault("database", error.message)
        return list(faults.values())

    # --- care ---

    def erase(
        self, names: Names, redraft: Callable[[Draft], Draft], tell: Callable[[Sequence[str]], Sequence[NewEvent]]
    ) -> int:
        """Blank the words that `names` names, and change drafts; how many. Hashes hold, and the database keeps no old page.

        tell: the events that say so of the claims that lose words, stored in the same transaction. Raises: LedgerError; then
        ask again: what is blanked stays so.
        """

        def save(connection: sa.Connection) -> int:
            self.database.blanking(connection)
            erased, claims = erasing.blank(connection, names, redraft)
            events = tell(claims)
            if events:
                self._insert(connection, events)
            return erased

        erased = self._write(save)
        self.database.leave_nothing()
        return erased

    # --- drafts ---

    def draft(self, claim_id: str, reviewer: Reviewer) -> Draft | None:
        """The review this person began and has not saved."""
        with self._reading() as connection:
            found = connection.scalar(sa.select(DRAFTS.c.draft).where(self._draft_of(claim_id, reviewer)))
        return None if found is None else Draft.model_validate_json(found)

    def save_draft(self, draft: Draft) -> None:
        """Keep the draft in place of the one before, unless the verdict it was written for is already stored."""
        self.change_draft(draft, lambda _: draft)

    def change_draft(self, shown: Draft, change: Callable[[Draft], Draft]) -> Draft:
        """The draft after a change of what is stored now (or was shown, where nothing is): read and written in one transaction.

        Two changes that cross (two fields left in quick succession, two windows) both stay. It is not stored where the
        verdict it was written for already is.
        """
        key = self.pseudonyms.actor_key(shown.reviewer)
        mine = self._draft_of(shown.claim_id, shown.reviewer)

        def keep(connection: sa.Connection) -> Draft:
            stored = connection.scalar(sa.select(DRAFTS.c.draft).where(mine))
            changed = change(shown if stored is None else Draft.model_validate_json(stored))
            text = json_text(changed.model_dump_json)
            if connection.scalar(verdict_of(changed, self.pseudonyms.actor_key(changed.reviewer))) is None:
                connection.execute(sa.delete(DRAFTS).where(mine))
                connection.execute(sa.insert(DRAFTS).values(claim_id=shown.claim_id, actor_key=key, draft=text))
            return changed

        return self._write(keep)

    def drafted(self) -> frozenset[tuple[str, str]]:
        """(claim id, pseudonym of the reviewer) of every draft: what tells whether any began or ended, without reading one."""
        with self._reading() as connection:
            return frozenset((row.claim_id, row.actor_key) for row in connection.execute(DRAFTED))

    def drafts(self) -> list[Draft]:
        """Every draft, by claim, then the one touched longest ago first."""
        with self._reading() as connection:
            found = [Draft.model_validate_json(text) for text in connection.scalars(sa.select(DRAFTS.c.draft))]
        return sorted(found, key=lambda draft: (draft.claim_id, draft.updated_at))

    def _draft_of(self, claim_id: str, reviewer: Reviewer) -> sa.ColumnElement[bool]:
        return sa.and_(DRAFTS.c.claim_id == claim_id, DRAFTS.c.actor_key == self.pseudonyms.actor_key(reviewer))
