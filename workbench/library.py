"""The evidence library: what the source events add up to, and what people say about a source.

What lives here: the fold of source events into LibraryEntry, finding, describing and removing a source. What does not:
taking files in (intake.py), parsing (reading/), passages and vectors (catalog.py), searching.
The ledger says which sources there are; the catalog only remembers their text and what sync saw last.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from workbench.catalog import Catalog
from workbench.errors import UnknownId
from workbench.ledger import Ledger
from workbench.models import WORKBENCH, Event, LibraryEntry, NewEvent, Reviewer, SourceMeta

Layer = Literal["file", "person"]  # NAME.meta.yaml; a person's word, which comes before it


@dataclass
class KnownSource:
    """What the events of one source have said so far. Layers of metadata: a person's word, NAME.meta.yaml, the file."""

    source: dict[str, Any] = field(default_factory=dict)
    characters: int = 0
    replaces: str | None = None
    added_at: datetime | None = None
    paths: dict[str, None] = field(default_factory=dict)
    layers: dict[str, dict[str, Any]] = field(default_factory=dict)
    removed: bool = False


def _take(known: KnownSource, event: Event) -> None:
    payload = event.payload
    match event.kind:
        case "source-added":
            if not known.source or known.removed:
                known.added_at = event.created_at
                known.paths.clear()  # where it lay before it was removed says nothing of where it is now
            known.source = payload["source"]
            known.characters = payload["characters"]
            known.replaces = payload["replaces"] or known.replaces
            known.paths[payload["path"]] = None
            known.removed = False
        case "source-moved":
            known.paths.pop(payload["was"], None)
            known.paths[payload["path"]] = None
        case "source-path-gone":
            known.paths.pop(payload["path"], None)
        case "source-removed":
            known.removed = True
        case "source-described":
            known.layers[payload["by"]] = payload["meta"]


def _entry(source_id: str, known: KnownSource, passages: int | None) -> LibraryEntry:
    fields = {name: known.source[name] for name in SourceMeta.model_fields if known.source.get(name) is not None}
    for layer in ("file", "person"):
        fields.update(known.layers.get(layer, {}))
    return LibraryEntry(
        source_id=source_id,
        paths=tuple(known.paths),
        meta=SourceMeta.model_validate(fields),
        media_type=known.source["media_type"],
        script=known.source.get("script"),  # sources taken in before scripts were looked at have none
        text_sha256=known.source["text_sha256"],
        characters=known.characters,
        passages=passages,
        reader=f"{known.source['reader']} {known.source['reader_version']}",
        warnings=tuple(known.source["warnings"]),
        added_at=known.added_at or datetime.min,
        removed=known.removed,
        replaces=known.replaces,
    )


class Library:
    """The sources of one workspace. Paths are relative to the workspace, with `/`, for example `evidence/un/vote.pdf`."""

    def __init__(self, ledger: Ledger, catalog: Catalog, now: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self._catalog = catalog
        self._now = now
        self._known: dict[str, KnownSource] = {}
        self._seq = 0
        self._lock = threading.Lock()

    def known(self) -> dict[str, KnownSource]:
        """What the events say of every source, by id; only events since the last call are read."""
        with self._lock:
            for event in self._ledger.since(self._seq, subject_kind="source"):
                _take(self._known.setdefault(event.subject_id, KnownSource()), event)
                self._seq = event.seq
            return dict(self._known)

    def entries(self) -> dict[str, LibraryEntry]:
        """Every source the ledger knows, by id; also those removed or whose file is gone (their `paths` are empty)."""
        counts = self._catalog.counts()
        return {
            source_id: _entry(source_id, known, counts.get(source_id))
            for source_id, known in self.known().items()
            if known.source
        }

    def searchable(self) -> dict[str, LibraryEntry]:
        """The sources a search may show: not removed, and with a file in evidence/."""
        return {source_id: entry for source_id, entry in self.entries().items() if entry.paths and not entry.removed}

    def find(self, id_or_prefix: str) -> LibraryEntry:
        """The source with that id, or whose id alone begins so (4 characters at least). Raises: UnknownId."""
        entries = self.entries()
        matching = [
            entry for source_id, entry in entries.items() if len(id_or_prefix) >= 4 and source_id.startswith(id_or_prefix)
        ]
        if len(matching) != 1:
            what = "Several sources begin with" if matching else "There is no source"
            raise UnknownId(f"{what} {id_or_prefix!r}.", hint="List them with: workbench evidence list", code="unknown_source")
        return matching[0]

    def describe(self, source_id: str, meta: SourceMeta, *, by: Layer, actor: Reviewer) -> None:
        """Say something about a source. A person's word adds to what people said before; the file's replaces what it said."""
        said = meta.model_dump(mode="json", exclude_unset=True)
        layers = self.known()[source_id].layers
        if by == "person":
            said = {**layers.get("person", {}), **said}
        if said != layers.get(by, {}):
            self.append(source_id, "source-described", {"meta": said, "by": by}, actor=actor)

    def remove(self, id_or_prefix: str, *, actor: Reviewer, reason: str) -> LibraryEntry:
        """Take a source out of every search. Its original is kept, verdicts that cite it stay readable, sync leaves it out."""
        entry = self.find(id_or_prefix)
        if not entry.removed:
            self.append(entry.source_id, "source-removed", {"reason": reason}, actor=actor)
            self.drop_if_gone(entry.source_id)
        return self.find(entry.source_id)

    def drop_if_gone(self, source_id: str) -> None:
        """Forget the derived passages of a source that no search may show any more."""
        known = self.known()[source_id]
        if (known.removed or not known.paths) and self._catalog.has(source_id):
            self._catalog.drop(source_id)

    def append(self, source_id: str, kind: str, payload: dict[str, Any], *, actor: Reviewer = WORKBENCH) -> None:
        """Store one event about a source."""
        event = NewEvent(
            subject_kind="source", subject_id=source_id, kind=kind, actor=actor, created_at=self._now(), payload=payload
        )
        self._ledger.append(event)
