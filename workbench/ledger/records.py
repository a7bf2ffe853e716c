"""How an event lies in the tables: the tables as they are at HEAD, a stored row, and what can be wrong with it.

What lives here: rows in, events and faults out. What does not: transactions and rules (__init__.py).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from workbench.errors import LedgerDamaged, LedgerError, TokenReused
from workbench.ledger.proof import ZERO, SealedEvent
from workbench.ledger.sealing import Words, sealed_record, seals, unseal
from workbench.models import Draft, Event, NewEvent, Reviewer, canonical_json, sha256_hex

# Used to ask and to store; made by versions/. A test holds the two equal.
TABLES = sa.MetaData()
EVENTS = sa.Table(
    "events",
    TABLES,
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("subject_kind", sa.Text, nullable=False),
    sa.Column("subject_id", sa.Text, nullable=False),
    sa.Column("subject_revision", sa.Integer, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("actor_key", sa.Text, nullable=False),
    sa.Column("created_at", sa.Text, nullable=False),
    sa.Column("payload", sa.Text, nullable=False),
    sa.Column("revision", sa.Integer),
    sa.Column("token", sa.Text),
    sa.Column("subject_prev", sa.Text, nullable=False),
    sa.Column("prev_hash", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
    sa.UniqueConstraint("subject_kind", "subject_id", "subject_revision", name="one_order_per_subject"),
    sa.UniqueConstraint("subject_kind", "subject_id", "actor_key", "revision", name="one_revision_per_actor"),
    sa.UniqueConstraint("token", name="one_save_per_token"),
    sa.Index("events_by_kind", "subject_kind", "kind", "subject_id", "seq"),
)
VALUES = sa.Table(
    "event_values",
    TABLES,
    sa.Column("seq", sa.Integer, sa.ForeignKey("events.seq"), primary_key=True, autoincrement=False),
    sa.Column("pointer", sa.Text, primary_key=True),
    sa.Column("salt", sa.LargeBinary),
    sa.Column("value", sa.Text),
)
DRAFTS = sa.Table(
    "drafts",
    TABLES,
    sa.Column("claim_id", sa.Text, primary_key=True),
    sa.Column("actor_key", sa.Text, primary_key=True),
    sa.Column("draft", sa.Text, nullable=False),
)
DRAFTED = sa.select(DRAFTS.c.claim_id, DRAFTS.c.actor_key)
META = sa.Table("meta", TABLES, sa.Column("name", sa.Text, primary_key=True), sa.Column("value", sa.Text, nullable=False))

# What the hash covers as it stands in its column; actor and payload are JSON and come on top.
_PLAIN = ("seq", "subject_kind", "subject_id", "subject_revision", "kind", "created_at", "revision", "token")
AT_ONCE = 500  # values named in one statement: SQLite takes no more than some thousands
FEW = 20  # subjects of new events of which each is asked for by itself
_LINKS = ("subject_prev", "prev_hash")
Pseudonym = Callable[[Reviewer], str]


class Stored(NamedTuple):
    """A row of `events` with its sealed words."""

    row: sa.Row[Any]
    words: tuple[Words, ...]

    def event(self) -> Event:
        """The event as it was saved. Raises: LedgerDamaged where the row does not make one."""
        try:
            values = {words.pointer: words.value for words in self.words}
            return Event(**{**self._record(), **unseal(self._sealed(), values)}, hash=self.row.hash)
        except (ValueError, KeyError, TypeError) as error:
            hint = "Nothing was changed. Run `workbench verify`; what it names is put right from the newest backup."
            raise LedgerDamaged(f"Record {self.row.seq} of the ledger cannot be read ({error}).", hint=hint) from error

    def faults(self, pseudonym: Pseudonym) -> Iterator[tuple[str, str]]:
        """(kind of fault, sentence) of what is wrong with this record taken alone."""
        seq = self.row.seq
        try:
            sealed = self.sealed()
            actor = self.event().actor
        except (ValueError, LedgerDamaged) as error:
            yield "unreadable", f"Record {seq} cannot be read any more ({error})."
            return
        yield from sealed.faults()
        if {pointer for pointer, _ in seals(sealed.sealed)} != {words.pointer for words in self.words}:
            yield "lost", f"Record {seq} has sealed words that are missing or that belong nowhere."
        named = all(words.value is not None for words in self.words if words.pointer.startswith("/actor/"))
        if named and pseudonym(actor) != self.row.actor_key:
            yield "actor", f"Record {seq} is filed under another person than the one who saved it."

    def sealed(self) -> SealedEvent:
        """The event as its hash covers it, with all of its words. Raises: ValueError for a row that is not JSON."""
        return SealedEvent({**self._record(), **self._sealed()}, self.row.hash, self.words)

    def _record(self) -> dict[str, Any]:
        return {name: self.row._mapping[name] for name in (*_PLAIN, *_LINKS)}

    def _sealed(self) -> dict[str, Any]:
        return {"actor": json.loads(self.row.actor), "payload": json.loads(self.row.payload)}


def load(connection: sa.Connection, where: sa.ColumnElement[bool], *, limit: int | None = None) -> list[Stored]:
    """The records that meet the condition, oldest first."""
    rows = connection.execute(sa.select(EVENTS).where(where).order_by(EVENTS.c.seq).limit(limit)).all()
    if not rows:
        return []
    wanted = sa.select(VALUES).join(EVENTS, VALUES.c.seq == EVENTS.c.seq).where(where, EVENTS.c.seq <= rows[-1].seq)
    wanted = wanted.order_by(VALUES.c.seq, VALUES.c.pointer)  # in a case file too: the same in every database
    words: defaultdict[int, list[Words]] = defaultdict(list)
    for seq, pointer, salt, value in connection.execute(wanted):
        words[seq].append(Words(pointer, salt, value))
    return [Stored(row, tuple(words[row.seq])) for row in rows]


def by_subject(records: Iterable[Stored]) -> dict[str, list[Event]]:
    """The events of subjects of one kind by subject id, each in the order given. Raises: LedgerDamaged."""
    found: dict[str, list[Event]] = {}
    for stored in records:
        found.setdefault(stored.row.subject_id, []).append(stored.event())
    return found


def news_after(connection: sa.Connection, subject_kind: str, seq: int) -> list[str]:
    """Ids of the subjects with records after `seq`, in the order of the first of them."""
    after = sa.and_(EVENTS.c.subject_kind == subject_kind, EVENTS.c.seq > seq)
    news = sa.select(EVENTS.c.subject_id).where(after).group_by(EVENTS.c.subject_id).order_by(sa.func.min(EVENTS.c.seq))
    return list(connection.scalars(news))


def about(subject_kind: str, subject_id: str) -> sa.ColumnElement[bool]:
    """The condition: records of this subject."""
    return sa.and_(EVENTS.c.subject_kind == subject_kind, EVENTS.c.subject_id == subject_id)


def head_of(connection: sa.Connection) -> tuple[int, str]:
    """(seq, hash) of the newest record; (0, ZERO) of an empty ledger."""
    found = connection.execute(sa.select(EVENTS.c.seq, EVENTS.c.hash).order_by(EVENTS.c.seq.desc()).limit(1)).first()
    return (0, ZERO) if found is None else (found.seq, found.hash)


# Made once: spelling a statement costs more than running this one, and an intake asks it for every file.
_SUBJECT_HEAD = (
    sa.select(EVENTS.c.subject_revision, EVENTS.c.hash)
    .where(EVENTS.c.subject_kind == sa.bindparam("kind"), EVENTS.c.subject_id == sa.bindparam("id"))
    .order_by(EVENTS.c.subject_revision.desc())
    .limit(1)
)


def subject_head(connection: sa.Connection, subject_kind: str, subject_id: str) -> tuple[int, str]:
    """(revision, hash) of the newest record of a subject; (0, ZERO) of one that has none."""
    found = connection.execute(_SUBJECT_HEAD, {"kind": subject_kind, "id": subject_id}).first()
    return (0, ZERO) if found is None else (found.subject_revision, found.hash)


def _without_records(connection: sa.Connection, events: Sequence[Sealed]) -> set[tuple[str, str]]:
    """The subjects of many new events that have no record yet: asked in one go, since asking of each is half of the work."""
    subjects = {(one.record["subject_kind"], one.record["subject_id"]) for one in events}
    if len(subjects) < FEW:
        return set()
    known: set[tuple[str, str]] = set()
    for kind in {kind for kind, _ in subjects}:
        ids = [subject_id for of_kind, subject_id in subjects if of_kind == kind]
        for start in range(0, len(ids), AT_ONCE):
            these = sa.and_(EVENTS.c.subject_kind == kind, EVENTS.c.subject_id.in_(ids[start : start + AT_ONCE]))
            known.update((kind, one) for one in connection.scalars(sa.select(EVENTS.c.subject_id).where(these)))
    return subjects - known


class Sealed(NamedTuple):
    """A new event as its hash will cover it, without its place in the chain; the words it seals; who acted, as a pseudonym."""

    record: dict[str, Any]
    words: tuple[Words, ...]
    actor_key: str


def sealed_new(event: NewEvent, pseudonym: Pseudonym, *, secret: Container[str] = frozenset()) -> Sealed:
    """A new event, sealed. Raises: LedgerError (`not_json`) for one that cannot be stored exactly.

    secret: as sealed_record has it, in events of claims: those of a source are about nothing else, and leave nowhere.
    """
    record, words = sealed_record(event, secret=secret if event.subject_kind == "claim" else frozenset())
    return Sealed(record, tuple(words), pseudonym(event.actor))


def chained(connection: sa.Connection, events: Sequence[Sealed]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """(rows of `events`, rows of `event_values`) of new events, each linked to the one before it."""
    seq, prev_hash = head_of(connection)
    heads = dict.fromkeys(_without_records(connection, events), (0, ZERO))
    rows: list[dict[str, Any]] = []
    values: list[dict[str, Any]] = []
    for sealed in events:
        subject = (sealed.record["subject_kind"], sealed.record["subject_id"])
        revision, subject_prev = heads.get(subject) or subject_head(connection, *subject)
        seq, revision = seq + 1, revision + 1
        links = {"seq": seq, "subject_revision": revision, "subject_prev": subject_prev, "prev_hash": prev_hash}
        record = {**links, **sealed.record}
        prev_hash = sha256_hex(canonical_json(record))
        heads[subject] = (revision, prev_hash)
        spelled = {name: canonical_json(record[name]) for name in ("actor", "payload")}
        rows.append({**record, **spelled, "actor_key": sealed.actor_key, "hash": prev_hash})
        values.extend({"seq": seq, **one._asdict()} for one in sealed.words)
    return rows, values


def faults_of(records: Iterable[Stored], pseudonym: Pseudonym) -> Iterator[tuple[str, str]]:
    """(kind of fault, sentence) of what is wrong with the records of a whole ledger, oldest first, and with how they follow."""
    seq, prev_hash = 0, ZERO
    heads: dict[tuple[str, str], tuple[int, str]] = {}
    for stored in records:
        row, subject = stored.row, (stored.row.subject_kind, stored.row.subject_id)
        yield from stored.faults(pseudonym)
        if row.seq != seq + 1:
            yield "gap", f"Record {seq + 1} is missing."
        if row.prev_hash != prev_hash:
            yield "chain", f"Record {row.seq} does not follow from the record before it."
        if (row.subject_revision - 1, row.subject_prev) != heads.get(subject, (0, ZERO)):
            yield "subject", f"Record {row.seq} does not follow from the one before it of {' '.join(subject)}."
        seq, prev_hash = row.seq, row.hash
        heads[subject] = (row.subject_revision, row.hash)


def refuse_foreign_token(connection: sa.Connection, event: NewEvent) -> None:
    """Raises: TokenReused where the event's token came with a save of another subject."""
    if event.token is None:
        return
    elsewhere = sa.and_(EVENTS.c.token == event.token, sa.not_(about(event.subject_kind, event.subject_id)))
    found = connection.execute(sa.select(EVENTS.c.subject_kind, EVENTS.c.subject_id).where(elsewhere)).first()
    if found is not None:
        raise TokenReused(
            f"The save token {event.token!r} was already used for {found.subject_kind} {found.subject_id!r}.",
            hint="Reload the page, or give every save a token of its own; nothing was written.",
        )


def not_confirmed(seq: int) -> LedgerError:
    """What is raised where a record does not read back as it was written."""
    return LedgerError(
        f"The save was committed, but record {seq} did not read back as written.",
        hint="It is not confirmed. Run `workbench verify`, then repeat the save: it is stored once.",
        code="not_confirmed",
    )


def verdict_of(draft: Draft, actor_key: str) -> sa.Select[tuple[int]]:
    """The seq of the verdict that a draft was written for, where it is stored."""
    return sa.select(EVENTS.c.seq).where(
        about("claim", draft.claim_id),
        EVENTS.c.kind == "verdict-recorded",
        EVENTS.c.actor_key == actor_key,
        EVENTS.c.token == draft.token,
    )
