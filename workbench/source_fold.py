"""What the source events add up to, and a disposable copy of it on disk, so that a process need not fold them all again.

What lives here: the fold of source events (pure but for that copy). What does not: reading and storing events, what a search
is shown (library.py). The copy is a projection (DESIGN.md promise 4): it names the last event it holds and that event's hash,
carries the sha256 of its own bytes, and is folded afresh where any of these does not hold.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from workbench.folders import write_whole
from workbench.models import Access, Event, NewEvent, Source, SourceMeta, sha256_hex, stricter

FORMAT = 8  # of the copy; another one is folded afresh
KEPT = (
    *(*SourceMeta.model_fields, "media_type", "script", "language_identified"),
    *("text_sha256", "reader", "reader_version", "warnings", "describes"),
)
UNSAID = SourceMeta().model_dump(mode="json")  # what a file that says nothing of itself says: not worth keeping


@dataclass(slots=True)  # ten thousand of them: a dict each would cost as much again
class KnownSource:
    """What the events of one source have said so far.

    source: what the file says of itself, and how it was read. layers: what comes before that: `person` (the newest word on each
    field), then `file` (NAME.meta.yaml). said_by: who said each field of `person`, and when. told_as: the words that reports
    say of a confidential one, who answers for them, and when that was. purged: why it was erased, by whom and when.
    """

    source: dict[str, Any] = field(default_factory=dict)
    characters: int = 0
    replaces: str | None = None
    part_of: str | None = None
    added_at: datetime | None = None
    paths: dict[str, None] = field(default_factory=dict)
    layers: dict[str, dict[str, Any]] = field(default_factory=dict)
    said_by: dict[str, list[str]] = field(default_factory=dict)
    removed: bool = False
    told_as: list[str] | None = None
    purged: list[str] | None = None

    @property
    def access(self) -> Access:
        """Who may read it, by the first of person, NAME.meta.yaml and file that says so."""
        layers = (self.layers.get("person", {}), self.layers.get("file", {}), self.source)
        said: Access = next((layer["access"] for layer in layers if "access" in layer), "public")
        return said

    @property
    def is_gone(self) -> bool:
        """Whether no search may show it any more."""
        return self.removed or not self.paths


class SourceFold:
    """Every source as its events have made it, and where each lies. seq, hash: the last stored event that was taken."""

    def __init__(self) -> None:
        self.seq = 0
        self.hash = ""
        self.since_copied = 0  # stored events taken since this was last read from or written to disk
        self.sources: dict[str, KnownSource] = {}
        self.changed: set[str] = set()  # ids whose events were taken since somebody last emptied this
        self._at: dict[str, tuple[str, ...]] = {}
        self._of_text: dict[str, tuple[str, ...]] = {}

    def take(self, event: NewEvent) -> None:
        """Count one more event: a stored one, or one on its way into the ledger."""
        known = self.sources.setdefault(event.subject_id, KnownSource())
        before = list(known.paths)
        take(known, event)
        self._place(event.subject_id, before, known)
        self._note_text(event.subject_id, known)
        self.changed.add(event.subject_id)
        if isinstance(event, Event):
            self.stored_up_to(event, 1)

    def stored_up_to(self, event: Event, count: int) -> None:
        """Say that the events taken are stored, `count` of them new, the last one as `event`."""
        self.seq, self.hash = event.seq, event.hash
        self.since_copied += count

    def at(self, path: str) -> list[str]:
        """Ids of the sources that lie at this path and were not removed."""
        return [one for one in self._at.get(path, ()) if not self.sources[one].removed]

    def of_text(self, text_sha256: str) -> list[str]:
        """Ids of the sources with that very text that a search may show."""
        return [
            one
            for one in self._of_text.get(text_sha256, ())
            if not self.sources[one].is_gone and self.sources[one].source.get("text_sha256") == text_sha256
        ]

    def places(self) -> Iterator[tuple[str, str]]:
        """(path, source id) of every source that was not removed."""
        for source_id, known in self.sources.items():
            if not known.removed:
                yield from ((path, source_id) for path in known.paths)

    def _place(self, source_id: str, before: list[str], known: KnownSource) -> None:
        for path in before:
            if path not in known.paths:
                self._at[path] = tuple(one for one in self._at[path] if one != source_id)
        for path in known.paths:
            here = self._at.get(path, ())
            if source_id not in here:
                self._at[path] = (*here, source_id)

    def _note_text(self, source_id: str, known: KnownSource) -> None:
        text = known.source.get("text_sha256")
        if text and source_id not in self._of_text.get(text, ()):
            self._of_text[text] = (*self._of_text.get(text, ()), source_id)

    # the copy on disk ----------------------------------------------------------------------------------------------

    def write(self, file: Path, *, ledger_id: str) -> None:
        """Put the copy on disk, whole; where that fails, the next process folds afresh."""
        names = [one.name for one in fields(KnownSource)]
        sources = {one: {name: getattr(known, name) for name in names} for one, known in self.sources.items()}
        copy = {"format": FORMAT, "ledger": ledger_id, "seq": self.seq, "hash": self.hash, "sources": sources}
        body = json.dumps(copy, ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=datetime.isoformat).encode()
        with suppress(OSError):
            write_whole(file, f"{sha256_hex(body)}\n".encode() + body)
            self.since_copied = 0

    @classmethod
    def read(cls, file: Path, *, ledger_id: str) -> SourceFold:
        """The fold of the copy on disk; an empty one where there is none, it is damaged, or it is another ledger's.

        Whether the ledger still holds `seq` with `hash` is for the caller to ask.
        """
        fold = cls()
        try:
            digest, _, body = file.read_bytes().partition(b"\n")
            copy = json.loads(body) if digest.decode() == sha256_hex(body) else {}
        except (OSError, ValueError):
            return fold
        if (copy.get("format"), copy.get("ledger")) != (FORMAT, ledger_id):
            return fold
        fold.seq, fold.hash = copy["seq"], copy["hash"]
        for source_id, values in copy["sources"].items():
            added_at = values["added_at"]
            known = KnownSource(**{**values, "added_at": datetime.fromisoformat(added_at) if added_at else None})
            fold.sources[source_id] = known
            fold._place(source_id, [], known)
            fold._note_text(source_id, known)
        fold.changed.update(fold.sources)
        return fold


def recorded(source: Source) -> dict[str, Any]:
    """What an event holds of a source. Not its places: the original and the reader's version give them again."""
    return {"source": source.model_dump(mode="json", exclude={"text", "places"}), "characters": len(source.text)}


def _kept(said: dict[str, Any]) -> dict[str, Any]:
    """What the fold keeps of the source in an event."""
    return {name: value for name in KEPT if (value := said.get(name)) not in (None, UNSAID.get(name))}


def known_from(events: Iterable[NewEvent]) -> KnownSource:
    """What the events of one source, oldest first, add up to."""
    known = KnownSource()
    for event in events:
        take(known, event)
    return known


def take(known: KnownSource, event: NewEvent) -> None:
    """Count one more event of the source."""
    payload = event.payload
    match event.kind:
        case "source-added":
            if not known.source or known.removed:
                known.added_at = event.created_at
                known.paths.clear()  # where it lay before it was removed says nothing of where it is now
            known.source = _kept(payload["source"])
            known.characters = payload["characters"]
            known.replaces = payload["replaces"] or known.replaces
            known.part_of = payload.get("part_of") or known.part_of
            known.paths[payload["path"]] = None
            known.removed = False
        case "source-read-again":
            known.source = _kept(payload["source"])
            known.characters = payload["characters"]
        case "source-moved":
            known.paths.pop(payload["was"], None)
            known.paths[payload["path"]] = None
        case "source-path-gone":
            known.paths.pop(payload["path"], None)
        case "source-removed":
            known.removed = True
        case "source-found-inside":
            known.part_of = payload["part_of"]
        case "source-purged":
            _forget(known, event)
        case "source-told-as":
            words = payload["told_as"]
            known.told_as = [words, event.actor.display_name, event.created_at.isoformat()] if words else None
        case "source-described" if payload["by"] == "person":
            _hear(known, event)
        case "source-described":
            known.layers[payload["by"]] = payload["meta"]


def _forget(known: KnownSource, event: NewEvent) -> None:
    """Keep nothing of a source but that it was here, who might read it, and why it was erased: its words are blank now."""
    known.purged = [event.payload["reason"], event.actor.display_name, event.created_at.isoformat()]
    known.layers = {"person": {"access": known.access}}
    known.said_by = {}
    blank = {"media_type": "application/octet-stream", "reader": "", "reader_version": "", "warnings": []}
    known.source = {"text_sha256": known.source.get("text_sha256", event.subject_id), **blank}
    known.characters, known.removed = 0, True
    known.paths.clear()


def _hear(known: KnownSource, event: NewEvent) -> None:
    """Take a person's word on the fields named. Early events repeat what was said before: that stays whose it was."""
    said = known.layers.setdefault("person", {})
    for name, value in event.payload["meta"].items():
        if name not in said or said[name] != value:
            said[name] = value
            known.said_by[name] = [event.actor.display_name, event.created_at.isoformat()]
    for name in event.payload.get("cleared", ()):
        said.pop(name, None)
        known.said_by.pop(name, None)


def protected(sources: Mapping[str, KnownSource]) -> dict[str, Access]:
    """The sources that are not public, each with who may read it: no more than may read every file it was found inside."""
    own: dict[str, Access] = {source_id: known.access for source_id, known in sources.items() if known.access != "public"}
    found = dict(own)
    for source_id, known in sources.items() if own else ():
        inside, seen = known.part_of, {source_id}
        while inside is not None and inside not in seen and inside in sources:
            if inside in own:
                found[source_id] = stricter(found.get(source_id, "public"), own[inside])
            seen.add(inside)
            inside = sources[inside].part_of
    return found
