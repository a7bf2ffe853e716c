"""Whether an event's actor may save it, asked inside the transaction that stores it.

What lives here: asking once for each event, with who its actor is. What does not: the rule, which is handed in from above.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager

import sqlalchemy as sa

from workbench.ledger.known import Known
from workbench.ledger.pseudonyms import Pseudonyms
from workbench.models import Event, NewEvent

Admission = Callable[[NewEvent, Sequence[Event]], None]
Reading = Callable[[], AbstractContextManager[sa.Connection]]


def one_of_each(events: Iterable[NewEvent], each: list[NewEvent]) -> Iterator[NewEvent]:
    """The events as they come; into `each` goes the first of every actor and kind, for many that are asked of together."""
    seen = set[tuple[str, str, str]]()
    for event in events:
        known = (event.actor.issuer, event.actor.subject, event.kind)
        if known not in seen:
            seen.add(known)
            each.append(event)
        yield event


class Door:
    """The door of one ledger, through which everything goes that is stored. rule: None lets everybody in."""

    def __init__(self, rule: Admission | None, known: Known, pseudonyms: Pseudonyms, reading: Reading) -> None:
        self._rule = rule
        self._known = known
        self._pseudonyms = pseudonyms
        self._reading = reading

    def refuse_unless_admitted(self, event: NewEvent) -> None:
        """Raises: what a save of this event would raise now for who its actor is. It asks again: this is for long work."""
        with self._reading() as connection:
            self.admit(connection, [event])

    def admit(self, connection: sa.Connection, events: Sequence[NewEvent]) -> None:
        """Raises: what the rule raises for the first event it refuses, told who the actor is in this very transaction."""
        if self._rule is None:
            return
        people: dict[str, Sequence[Event]] = {}
        for event in events:
            key = self._pseudonyms.actor_key(event.actor)
            if key not in people:
                people[key] = self._known.events(connection, "person", key)
            self._rule(event, people[key])
