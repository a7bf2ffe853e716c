"""Lists of the queue that somebody keeps under a name: a filter each, shared by all who work in the workspace, as events.

What lives here: saving, renaming and retiring. What does not: which claims a filter lets pass (rows.py).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from workbench.claims import slug_for
from workbench.errors import Conflict, UnknownId, WorkbenchError
from workbench.ledger import Ledger
from workbench.models import Event, NewEvent, QueueFilter, Reviewer, SavedList

SUBJECT = "list-"  # subject ids of their events: list-overdue-elections, of the kind `workspace`


class SavedLists:
    """The saved lists of one workspace. Safe to share between threads."""

    def __init__(self, ledger: Ledger, now: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self._now = now
        self._lock = threading.RLock()
        self._kept: dict[str, SavedList] = {}
        self._retired: set[str] = set()
        self._seq = 0
        self._beat: object = None

    def all(self) -> list[SavedList]:
        """The lists that were not retired, by name."""
        kept = self._read()
        return sorted((one for one in kept.values() if one.id not in self._retired), key=lambda one: one.name.casefold())

    def get(self, name_or_id: str) -> SavedList:
        """The list of that name (in any case) or id. Raises: UnknownId."""
        wanted = _one_line(name_or_id).casefold()
        here = self.all()
        found = next((one for one in here if wanted in (one.id, one.name.casefold())), None)
        if found is None:
            named = ", ".join(one.name for one in here[:5])
            hint = f"There is: {named}." if named else "Save one with: workbench claims lists save NAME"
            raise UnknownId(f"There is no saved list {name_or_id!r}.", hint=hint, code="unknown_list")
        return found

    def save(self, name: str, wanted: QueueFilter, *, actor: Reviewer) -> SavedList:
        """Keep a filter under a name that no other list has. Raises: WorkbenchError (`name_taken`), ValidationError."""
        with self._lock:
            self._refuse_taken(name)
            saved = SavedList(id=slug_for(name, self._read()), name=_one_line(name), filter=wanted)
            payload = {"list": saved.model_dump(mode="json")}
            self._ledger.append(self._event(saved.id, "list-saved", payload, actor), _refuse_second)
        return saved

    def rename(self, name_or_id: str, name: str, *, actor: Reviewer) -> SavedList:
        """Give a list another name; its id stays. Raises: UnknownId, WorkbenchError (`name_taken`), ValidationError."""
        with self._lock:
            saved = self.get(name_or_id)
            renamed = SavedList.model_validate({**saved.model_dump(), "name": _one_line(name)})
            self._refuse_taken(name, but=saved.id)
            self._ledger.append(self._event(saved.id, "list-renamed", {"name": renamed.name}, actor))
        return renamed

    def retire(self, name_or_id: str, *, actor: Reviewer) -> SavedList:
        """Take a list away; it stays in the history. Raises: UnknownId."""
        saved = self.get(name_or_id)
        self._ledger.append(self._event(saved.id, "list-retired", {}, actor))
        return saved

    def _refuse_taken(self, name: str, *, but: str | None = None) -> None:
        wanted = _one_line(name).casefold()
        if any(wanted in (one.name.casefold(), one.id) and one.id != but for one in self.all()):
            hint = "Choose another name, or remove that one first."
            raise WorkbenchError(
                f"There is a list {_one_line(name)!r} already; nothing was changed.", hint=hint, code="name_taken"
            )

    def _read(self) -> dict[str, SavedList]:
        """Every list that was ever saved, by id; only events since the last call are read."""
        with self._lock:
            beat = self._ledger.beat()
            if beat != self._beat:
                for event in self._ledger.since(self._seq, subject_kind="workspace"):
                    self._seq = event.seq
                    if event.subject_id.startswith(SUBJECT):
                        self._take(event.subject_id.removeprefix(SUBJECT), event)
                self._beat = beat
            return dict(self._kept)

    def _take(self, list_id: str, event: Event) -> None:
        match event.kind:
            case "list-saved":
                self._kept[list_id] = SavedList.model_validate(event.payload["list"])
            case "list-renamed":
                self._kept[list_id] = self._kept[list_id].model_copy(update={"name": event.payload["name"]})
            case "list-retired":
                self._retired.add(list_id)

    def _event(self, list_id: str, kind: str, payload: dict[str, Any], actor: Reviewer) -> NewEvent:
        return NewEvent(
            subject_kind="workspace",
            subject_id=f"{SUBJECT}{list_id}",
            kind=kind,
            actor=actor,
            created_at=self._now(),
            payload=payload,
        )


def _refuse_second(event: NewEvent, events: Sequence[Event]) -> NewEvent:
    """The check of a save: nobody else kept a list under this id meanwhile. Raises: Conflict."""
    if events:
        raise Conflict("A list of that name was saved by somebody else just now.", hint="Choose another name.")
    return event


def _one_line(name: str) -> str:
    return " ".join(name.split())
