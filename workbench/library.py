"""The evidence library: the sources a search can show, and what people say about a source.

What lives here: keeping the fold of source events up to date, the LibraryEntry made of each, finding, describing and
removing a source. What does not: the fold itself (source_fold.py), taking files in (intake.py), passages and vectors (catalog).
The ledger says which sources there are; the catalog only remembers their text and what sync saw last.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from workbench.catalog import Catalog, Corpus
from workbench.errors import UnknownId
from workbench.ledger import Check, Ledger, accept
from workbench.models import WORKBENCH, Access, Failure, LibraryEntry, NewEvent, Purged, Reviewer, Source, SourceMeta, ToldAs
from workbench.source_fold import KnownSource, SourceFold, protected, recorded

Layer = Literal["file", "person"]  # NAME.meta.yaml; a person's word, which comes before it
COPY_AFTER = 500  # events folded before the copy on disk is renewed: a later start folds no more than some 0.1 s of them
NOTHING_SAID = SourceMeta()
SAID = frozenset(SourceMeta.model_fields)


@dataclass(frozen=True)
class Shelf:
    """The sources a search may show, as a page of them needs them on every click; never changed."""

    searchable: Mapping[str, LibraryEntry]

    @cached_property
    def entries(self) -> Sequence[LibraryEntry]:
        """By title."""
        return sorted(self.searchable.values(), key=lambda entry: entry.title.casefold())

    @cached_property
    def passages(self) -> int:
        """Of all of them."""
        return sum(entry.passages or 0 for entry in self.entries)

    def having(self, text: str) -> Sequence[LibraryEntry]:
        """Those with every one of these words in the title, the publisher or the file name."""
        wanted = text.casefold().split()
        if not wanted:
            return self.entries
        return [entry for entry, said in zip(self.entries, self._said, strict=True) if all(word in said for word in wanted)]

    def unarchived(self, among: Sequence[LibraryEntry]) -> Sequence[LibraryEntry]:
        """Those of the web whose archived copy nobody named."""
        return self._unarchived if among is self.entries else [entry for entry in among if entry.meta.needs_archiving]

    @cached_property
    def _unarchived(self) -> Sequence[LibraryEntry]:
        return [entry for entry in self.entries if entry.meta.needs_archiving]

    @cached_property
    def _said(self) -> Sequence[str]:
        """What each entry is looked for by."""
        return [" ".join([entry.title, entry.meta.publisher or "", *entry.paths]).casefold() for entry in self.entries]


class Library:
    """The sources of one workspace. Paths are relative to the workspace, with `/`, for example `evidence/un/vote.pdf`.

    copy: where the disposable copy of the fold lies. Safe to share between threads.
    """

    def __init__(self, ledger: Ledger, catalog: Catalog, now: Callable[[], datetime], *, copy: Path) -> None:
        self._ledger = ledger
        self._catalog = catalog
        self._now = now
        self._copy = copy
        self._lock = threading.RLock()
        self._kept: SourceFold | None = None
        self._unstored: list[NewEvent] | None = None
        self._counts: tuple[Corpus, dict[str, int]] | None = None
        self._entries: dict[str, LibraryEntry] = {}
        self._searchable: dict[str, LibraryEntry] = {}
        self._secrets: tuple[object, frozenset[str]] = (None, frozenset())
        self._protected: tuple[int, Mapping[str, Access]] = (-1, {})
        self._shelf: Shelf | None = None
        self._described: tuple[Mapping[str, LibraryEntry], Mapping[str, Sequence[LibraryEntry]]] = ({}, {})

    def sources(self) -> Mapping[str, KnownSource]:
        """What the events say of every source, by id. Asks the ledger once; what this process appends shows in it later too."""
        with self._lock:
            return MappingProxyType(self._fold().sources)

    def close(self) -> None:
        """Renew the copy on disk where a later process would have to fold many events after it."""
        with self._lock:
            if self._kept is not None and self._kept.since_copied >= COPY_AFTER:
                self._kept.write(self._copy, ledger_id=self._ledger.workspace_id)

    @property
    def seq(self) -> int:
        """The last event of a source that what was given out last has counted."""
        with self._lock:
            return self._kept.seq if self._kept else 0

    def get(self, source_id: str) -> KnownSource | None:
        """What the events say of one source; None for bytes that were never taken in."""
        with self._lock:
            return self._fold().sources.get(source_id)

    def at(self, path: str) -> list[str]:
        """Ids of the sources that lie at this path and were not removed."""
        with self._lock:
            return self._fold().at(path)

    def of_text(self, text_sha256: str) -> list[str]:
        """Ids of the sources with that very text that a search may show."""
        with self._lock:
            return self._fold().of_text(text_sha256)

    def places(self) -> list[tuple[str, str]]:
        """(path, source id) of every source that was not removed."""
        with self._lock:
            return list(self._fold().places())

    def entries(self) -> Mapping[str, LibraryEntry]:
        """Every source the ledger knows, by id; also those removed or whose file is gone (their `paths` are empty).

        The mapping never changes: a later call gives another one where anything changed.
        """
        with self._lock:
            self._renew_entries()
            return self._entries

    def searchable(self) -> Mapping[str, LibraryEntry]:
        """The sources a search may show: not removed, and with a file in evidence/. Otherwise as `entries`."""
        with self._lock:
            self._renew_entries()
            return self._searchable

    def protected(self) -> Mapping[str, Access]:
        """The sources that are not public today, by id, each with who may read it; those removed are among them."""
        with self._lock:
            fold = self._fold()
            if self._protected[0] != fold.seq:
                self._protected = (fold.seq, MappingProxyType(protected(fold.sources)))
            return self._protected[1]

    def shelf(self) -> Shelf:
        """The sources a search may show, in order and added up: the same object while nothing changed."""
        with self._lock:
            searchable = self.searchable()
            if self._shelf is None or self._shelf.searchable is not searchable:
                self._shelf = Shelf(searchable)
            return self._shelf

    def purged(self) -> Mapping[str, Purged]:
        """The sources that were erased for good, by id."""
        known = self.sources()
        return {
            one: Purged(**dict(zip(Purged.model_fields, said, strict=True))) for one in known if (said := known[one].purged)
        }

    def secrets(self) -> frozenset[str]:
        """The first 16 digits of everything that names a source that is not public: its id, its text, what it describes."""
        protected, known = self.protected(), self.sources()
        if self._secrets[0] is not protected:
            named = [one for source_id in protected for one in _ids(source_id, known[source_id])]
            self._secrets = (protected, frozenset(one[:16] for one in named))
        return self._secrets[1]

    def is_public(self, source_id: str) -> bool:
        """Whether a source, and every file it was found inside, is public today, as far as anybody said."""
        return source_id not in self.protected()

    def descriptions(self) -> Mapping[str, Sequence[LibraryEntry]]:
        """The descriptions a search may show, by the sha256 of the photo, video or sound file they describe."""
        with self._lock:
            searchable = self.searchable()
            if self._described[0] is not searchable:
                found: dict[str, list[LibraryEntry]] = {}
                for entry in searchable.values():
                    if entry.describes:
                        found.setdefault(entry.describes.sha256, []).append(entry)
                self._described = (searchable, found)
            return self._described[1]

    def failures(self) -> list[Failure]:
        """Files in evidence/ that could not be read, each with its remedy; what somebody has described is none of them."""
        found, described = self._catalog.failures(), self.descriptions()
        if not found or not described:
            return found
        seen = self._catalog.seen()
        return [one for one in found if one.path not in seen or seen[one.path].sha256 not in described]

    def find(self, id_or_prefix: str) -> LibraryEntry:
        """The source with that id, or whose id alone begins so (4 characters at least). Raises: UnknownId."""
        with self._lock:
            sources = self._fold().sources
            candidates = [id_or_prefix] if id_or_prefix in sources else sources if len(id_or_prefix) >= 4 else ()
            matching = [one for one in candidates if one.startswith(id_or_prefix) and sources[one].source]
            if len(matching) == 1:
                return _entry(matching[0], sources[matching[0]], self._passages().get(matching[0]))
        what = "Several sources begin with" if matching else "There is no source"
        raise UnknownId(f"{what} {id_or_prefix!r}.", hint="List them with: workbench evidence list", code="unknown_source")

    def describe(self, source_id: str, meta: SourceMeta, *, by: Layer, actor: Reviewer) -> None:
        """Say something about a source. A person's word adds to what people said before; the file's replaces what it said."""
        said = meta.model_dump(mode="json", exclude_unset=True)
        with self._lock:
            before = self._fold().sources[source_id].layers.get(by, {})
            if by == "person":
                said = {name: value for name, value in said.items() if name not in before or before[name] != value}
            if said != (before if by == "file" else {}):
                self.append(source_id, "source-described", {"meta": said, "by": by}, actor=actor)

    def read_again(self, source: Source) -> None:
        """Record what reading an original again gave, where that is not what is known of it."""
        known = self.get(source.source_id)
        said = recorded(source)
        if known is not None and any(known.source.get(name) != said["source"][name] for name in ("text_sha256", "warnings")):
            self.append(source.source_id, "source-read-again", said)

    def remove(self, id_or_prefix: str, *, actor: Reviewer, reason: str) -> LibraryEntry:
        """Take a source out of every search. Its original is kept, verdicts that cite it stay readable, sync leaves it out."""
        entry = self.find(id_or_prefix)
        if not entry.removed:
            self.append(entry.source_id, "source-removed", {"reason": reason}, actor=actor)
            self.drop_if_gone(entry.source_id)
        return self.find(entry.source_id)

    def drop_if_gone(self, source_id: str) -> None:
        """Forget the derived passages of a source that no search may show any more."""
        known = self.get(source_id)
        if known is not None and known.is_gone and self._catalog.has(source_id):
            self._catalog.drop(source_id)

    def append(
        self,
        source_id: str,
        kind: str,
        payload: dict[str, Any],
        *,
        actor: Reviewer = WORKBENCH,
        check: Check = accept,
    ) -> None:
        """Store one event about a source; inside `together`, with the others of it, and then without the check."""
        event = self._event(source_id, kind, payload, actor)
        with self._lock:
            if self._unstored is None:
                self._ledger.append(event, check)
            else:
                self._fold().take(event)
                self._unstored.append(event)

    def refuse_unless_admitted(self, kind: str, actor: Reviewer) -> None:
        """Raises: Refused where this person may not have a file do that: before it is copied and read, not after."""
        self._ledger.door.refuse_unless_admitted(self._event("-", kind, {}, actor))

    def _event(self, source_id: str, kind: str, payload: dict[str, Any], actor: Reviewer) -> NewEvent:
        return NewEvent(
            subject_kind="source", subject_id=source_id, kind=kind, actor=actor, created_at=self._now(), payload=payload
        )

    @contextmanager
    def together(self) -> Iterator[None]:
        """Store what is appended inside in one transaction at its end: all or nothing. Inside, it counts already.

        Other threads wait meanwhile, so that nobody is shown what is not stored yet: read and parse before, not inside.
        Raises: LedgerError.
        """
        with self._lock:
            head = self._ledger.head()[0]  # before the fold is brought up to date: nothing up to here is missing in it
            fold, self._unstored = self._fold(), []
            try:
                yield
                stored = self._ledger.append_all(self._unstored)
                if stored and stored[0].seq == head + 1:
                    fold.stored_up_to(stored[-1], len(stored))
                elif stored:  # another process stored something in between: perhaps about a source
                    self._kept = None
            except BaseException:
                self._kept = None  # what was counted ahead was not stored: the ledger says what was
                raise
            finally:
                self._unstored = None

    def _fold(self) -> SourceFold:
        """The fold with every stored event in it; only events since the last call are read. Call it with the lock held."""
        if self._kept is None:
            self._kept, self._beat = self._begun(), None
        if self._unstored is None and (beat := self._ledger.beat()) != self._beat:
            for event in self._ledger.since(self._kept.seq, subject_kind="source"):
                self._kept.take(event)
            self._beat = beat
        return self._kept

    def _begun(self) -> SourceFold:
        self._entries, self._searchable = {}, {}
        fold = SourceFold.read(self._copy, ledger_id=self._ledger.workspace_id)
        return fold if self._ledger.hash_at(fold.seq) == fold.hash else SourceFold()

    def _passages(self) -> dict[str, int]:
        """Passages per source id, counted again only where the corpus changed."""
        corpus = self._catalog.corpus()
        if self._counts is None or self._counts[0] != corpus:
            self._counts = (corpus, self._catalog.counts())
        return self._counts[1]

    def _renew_entries(self) -> None:
        """Make the entries anew of the sources that an event, or another number of passages, has changed."""
        fold, before = self._fold(), self._counts[1] if self._counts else {}
        counts = self._passages()
        if counts is not before:
            fold.changed.update(dict(counts.items() ^ before.items()))
        if not fold.changed:
            return
        made = {
            source_id: _entry(source_id, fold.sources[source_id], counts.get(source_id))
            for source_id in fold.sources
            if source_id in fold.changed and fold.sources[source_id].source
        }
        fold.changed.clear()
        self._entries = {**self._entries, **made}
        self._searchable = {one: entry for one, entry in self._entries.items() if entry.paths and not entry.removed}


def _ids(source_id: str, known: KnownSource) -> list[str]:
    described = known.source.get("describes")
    return [source_id, known.source.get("text_sha256", source_id), *([described["sha256"]] if described else [])]


def _entry(source_id: str, known: KnownSource, passages: int | None) -> LibraryEntry:
    fields = {name: value for name, value in known.source.items() if name in SAID}
    for layer in ("file", "person"):
        fields.update(known.layers.get(layer, {}))
    return LibraryEntry(
        source_id=source_id,
        paths=tuple(known.paths),
        meta=SourceMeta.model_validate(fields) if fields else NOTHING_SAID,
        media_type=known.source["media_type"],
        script=known.source.get("script"),  # sources taken in before scripts were looked at have none
        language_identified=known.source.get("language_identified"),
        text_sha256=known.source["text_sha256"],
        characters=known.characters,
        passages=passages,
        reader=f"{known.source['reader']} {known.source['reader_version']}",
        warnings=tuple(known.source["warnings"]),
        added_at=known.added_at or datetime.min,
        removed=known.removed,
        replaces=known.replaces,
        part_of=known.part_of,
        describes=known.source.get("describes"),
        purged=Purged(**dict(zip(Purged.model_fields, known.purged, strict=True))) if known.purged else None,
        told_as=ToldAs(**dict(zip(ToldAs.model_fields, known.told_as, strict=True))) if known.told_as else None,
    )
