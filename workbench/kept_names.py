"""What people of a workspace keep under a name, for everybody in it: filters of the queue, searches. Events, no files.

What lives here: saving, renaming, retiring, finding by name. What does not: what is kept (queue/lists.py, saved_searches.py).
"""

from __future__ import annotations

import difflib
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar

from workbench.claims import slug_for
from workbench.errors import Conflict, UnknownId, WorkbenchError
from workbench.ledger import Ledger, accept
from workbench.models import Event, Named, NewEvent, Reviewer

Kept = TypeVar("Kept", bound=Named)


class KeptNames(Generic[Kept]):
    """The records of one kind that people keep under names. Safe to share between threads.

    word: `list`: its events are `list-saved`, `list-renamed` and `list-retired` of the subjects `list-ID`, of the kind
    `workspace`. to_save: the command that keeps one, for hints. also: told of every event of theirs, also those that somebody
    else defines (`search-seen`), in order.
    """

    def __init__(
        self,
        ledger: Ledger,
        now: Callable[[], datetime],
        *,
        word: str,
        model: type[Kept],
        to_save: str,
        also: Callable[[str, Event], None] = lambda kept_id, event: None,
    ) -> None:
        self._ledger = ledger
        self._now = now
        self._word = word
        self._model = model
        self._to_save = to_save
        self._also = also
        self._lock = threading.RLock()
        self._kept: dict[str, Kept] = {}
        self._retired: set[str] = set()
        self._seq = 0
        self._beat: object = None

    def all(self) -> list[Kept]:
        """Those that were not retired, by name."""
        kept = self._read()
        return sorted((one for one in kept.values() if one.id not in self._retired), key=lambda one: one.name.casefold())

    def get(self, name_or_id: str) -> Kept:
        """The one of that name (in any case) or id. Raises: UnknownId naming the nearest."""
        wanted = _one_line(name_or_id).casefold()
        here = self.all()
        found = next((one for one in here if wanted in (one.id, one.name.casefold())), None)
        if found is not None:
            return found
        near = difflib.get_close_matches(wanted, [one.name.casefold() for one in here], n=3)
        named = [one.name for one in here if one.name.casefold() in near] or [one.name for one in here[:5]]
        hint = f"There is: {', '.join(named)}." if named else f"Save one with: {self._to_save}"
        raise UnknownId(f"There is no saved {self._word} {name_or_id!r}.", hint=hint, code=f"unknown_{self._word}")

    def save(self, name: str, *, actor: Reviewer, says: Mapping[str, Any] | None = None, **fields: Any) -> Kept:
        """Keep a record of these fields under a name that no other one has. says: more of the event than the record.

        Raises: WorkbenchError (`name_taken`), ValidationError, Conflict where somebody kept one under its id just now.
        """
        with self._lock:
            self._refuse_taken(name)
            made = self._model.model_validate({"id": slug_for(name, self._read()), "name": _one_line(name), **fields})
            self._append(made.id, "saved", {self._word: made.model_dump(mode="json"), **(says or {})}, actor, is_first=True)
        return made

    def rename(self, name_or_id: str, name: str, *, actor: Reviewer) -> Kept:
        """Give one another name; its id stays. Raises: UnknownId, WorkbenchError (`name_taken`), ValidationError."""
        with self._lock:
            kept = self.get(name_or_id)
            renamed = self._model.model_validate({**kept.model_dump(), "name": _one_line(name)})
            self._refuse_taken(name, but=kept.id)
            self._append(kept.id, "renamed", {"name": renamed.name}, actor)
        return renamed

    def retire(self, name_or_id: str, *, actor: Reviewer) -> Kept:
        """Take one away; it stays in the history. Raises: UnknownId."""
        kept = self.get(name_or_id)
        self._append(kept.id, "retired", {}, actor)
        return kept

    def say(self, kept_id: str, verb: str, payload: Mapping[str, Any], *, actor: Reviewer) -> None:
        """Store another fact about one: `seen` is the event `search-seen`."""
        self._append(kept_id, verb, payload, actor)

    def _refuse_taken(self, name: str, *, but: str | None = None) -> None:
        wanted = _one_line(name).casefold()
        if any(wanted in (one.name.casefold(), one.id) and one.id != but for one in self.all()):
            raise WorkbenchError(
                f"There is a saved {self._word} {_one_line(name)!r} already; nothing was changed.",
                hint="Choose another name, or remove that one first.",
                code="name_taken",
            )

    def _read(self) -> dict[str, Kept]:
        """Every one that was ever saved, by id; only events since the last call are read."""
        with self._lock:
            beat = self._ledger.beat()
            if beat != self._beat:
                for event in self._ledger.since(self._seq, subject_kind="workspace"):
                    self._seq = event.seq
                    if event.subject_id.startswith(f"{self._word}-"):
                        self._take(event.subject_id.removeprefix(f"{self._word}-"), event)
                self._beat = beat
            return dict(self._kept)

    def _take(self, kept_id: str, event: Event) -> None:
        match event.kind.removeprefix(f"{self._word}-"):
            case "saved":
                self._kept[kept_id] = self._model.model_validate(event.payload[self._word])
            case "renamed":
                self._kept[kept_id] = self._kept[kept_id].model_copy(update={"name": event.payload["name"]})
            case "retired":
                self._retired.add(kept_id)
        self._also(kept_id, event)

    def _append(self, kept_id: str, verb: str, payload: Mapping[str, Any], actor: Reviewer, *, is_first: bool = False) -> None:
        event = NewEvent(
            subject_kind="workspace",
            subject_id=f"{self._word}-{kept_id}",
            kind=f"{self._word}-{verb}",
            actor=actor,
            created_at=self._now(),
            payload=dict(payload),
        )
        self._ledger.append(event, self._refuse_second if is_first else accept)

    def _refuse_second(self, event: NewEvent, events: Sequence[Event]) -> NewEvent:
        """The check of a save: nobody else kept one under this id meanwhile. Raises: Conflict."""
        if events:
            raise Conflict(f"A {self._word} of that name was saved by somebody else just now.", hint="Choose another name.")
        return event


def _one_line(name: str) -> str:
    return " ".join(name.split())
