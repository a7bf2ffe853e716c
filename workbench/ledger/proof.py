"""Events as their hashes cover them: what a stranger without the ledger needs to check one subject's history.

What lives here: an event with its seals and those of its words that are given with it, and the check of a subject's chain. What
does not: the ledger's tables (records.py), which words may leave (workbench.casefile). Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workbench.ledger.sealing import Words, digest_of, seals, unseal
from workbench.models import Event, canonical_json, sha256_hex

ZERO = "0" * 64  # what the first record links to


@dataclass(frozen=True)
class SealedEvent:
    """An event as its hash covers it. words: those that are given with it; of the others only the seals are here."""

    record: Mapping[str, Any]
    hash: str
    words: tuple[Words, ...] = ()

    @property
    def sealed(self) -> dict[str, Any]:
        """The two parts in which seals stand."""
        return {name: self.record[name] for name in ("actor", "payload")}

    @property
    def withheld(self) -> int:
        """How many of its words are not given."""
        given = {one.pointer for one in self.words if one.value is not None}
        return sum(pointer not in given for pointer, _ in seals(self.sealed))

    def event(self, *, blank: str) -> Event:
        """The event with the words that are given, and `blank` for each of the others.

        Raises: ValueError where it makes none.
        """
        values: dict[str, str | None] = {pointer: None for pointer, _ in seals(self.sealed)}
        values |= {one.pointer: one.value for one in self.words}
        return Event(**{**self.record, **unseal(self.sealed, values, blank=blank)}, hash=self.hash)

    def faults(self) -> Iterator[tuple[str, str]]:
        """(kind of fault, sentence) of what is wrong with this event taken alone."""
        seq = self.record.get("seq")
        if sha256_hex(canonical_json(self.record)) != self.hash:
            yield "hash", f"Record {seq} was changed after it was saved: its content does not match its hash."
        digests = dict(seals(self.sealed))
        for pointer, salt, value in self.words:
            if value is not None and (salt is None or digest_of(salt, value) != digests.get(pointer)):
                yield "words", f"Record {seq} was changed after it was saved: the words at {pointer} do not match their seal."


def chain_faults(events: Sequence[SealedEvent]) -> Iterator[str]:
    """What is wrong with the history of one subject, a sentence each: all of its events are needed, oldest first, no others.

    Events cut off at the end leave no trace here: compare the last hash with one kept elsewhere.
    """
    prev, seq = ZERO, 0
    for place, one in enumerate(events, 1):
        record = one.record
        yield from (sentence for _, sentence in one.faults())
        if (record["subject_kind"], record["subject_id"]) != (events[0].record["subject_kind"], events[0].record["subject_id"]):
            yield f"Record {record['seq']} is not about the same subject as the first one."
        if record["subject_revision"] != place or record["subject_prev"] != prev or record["seq"] <= seq:
            yield f"Record {record['seq']} does not follow from the one before it: one was removed, added or moved."
        prev, seq = one.hash, record["seq"]
