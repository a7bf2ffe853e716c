"""Evidence files in: one arrow, file -> Original -> Source -> events and passages.

What lives here: noticing what is new, changed, moved or gone in evidence/, keeping the original before anything refers to it,
and reading it. What does not: copying into evidence/ (inbox.py), storing what was read (arrivals.py), parsing (reading/), the
index and the vectors (catalog, encoding_ahead.py), what the events add up to (library.py).
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from workbench.arrivals import UNREAD, Arrival, Arrivals, Handover, Tally, failed
from workbench.catalog import Catalog, FileStamp
from workbench.claims import load_meta
from workbench.errors import FileFailure, WorkbenchError
from workbench.folders import META_SUFFIX, Listed, evidence_files, shown_path
from workbench.inbox import Inbox
from workbench.languages import identified
from workbench.library import Library
from workbench.models import Failure, IngestReport, KnownFile, Passage, Reviewer, Source, SourceMeta, display_name
from workbench.originals import Originals
from workbench.passages import split_passages
from workbench.progress import Progress, no_progress
from workbench.reading import ReadingRoom
from workbench.reading.media import also_describe
from workbench.reading.text import Part
from workbench.settings import Settings, Workspace
from workbench.source_fold import KnownSource

DEEPEST = 3  # files inside files inside files: an archive in an e-mail in an archive
LOOK_AGAIN = 20  # times what a walk of evidence/ took: searches spend at most a twentieth of their time on looking there
KEPT_AT_MOST, KEPT_FROM = 5.0, 0.01  # seconds: what a walk found is kept no longer than the one, and only if it took the other


def _nobody(_: Iterable[Passage]) -> None:
    """The Handover that leaves encoding to `Catalog.build`."""


@dataclass(frozen=True)
class _Remembered:
    """What is remembered of evidence/ before a sync. held: passages by source id, as the catalog holds them."""

    sources: Mapping[str, KnownSource]
    seen: Mapping[str, FileStamp]
    failures: Mapping[str, Failure]
    held: Mapping[str, int]


@dataclass(frozen=True)
class _Reading:
    """Files being read. sources: what is known of every source. told: what a person says of each; wanted: a person asked.

    unpacked: paths of files that were inside others and now lie in evidence/ too.
    """

    room: ReadingRoom
    arrivals: Arrivals
    tally: Tally
    sources: Mapping[str, KnownSource]
    wanted: bool = False
    told: tuple[SourceMeta, Reviewer] | None = None
    unpacked: list[str] = field(default_factory=list)


class _Opened(NamedTuple):
    """A file as it arrives, and the files inside it that are still to be taken in."""

    arrival: Arrival
    parts: tuple[Part, ...]


class Intake:
    """Takes the files of one workspace in. Paths are relative to the workspace, with `/`: `evidence/un/vote.pdf`."""

    def __init__(
        self,
        workspace: Workspace,
        settings: Settings,
        library: Library,
        originals: Originals,
        catalog: Catalog,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._workspace = workspace
        self._settings = settings
        self._library = library
        self._originals = originals
        self._catalog = catalog
        self._inbox = Inbox(workspace, settings.evidence)
        self._clock = clock
        self._walked: tuple[float, list[str]] | None = None  # until when it is kept, the files that wait

    def waiting(self) -> list[str]:
        """Files in evidence/ that sync has not seen as they are now. Stats files, reads none.

        Every search asks. In a large folder the answer is kept for 20 times as long as it took to find, 5 seconds at most; it
        is found anew after every intake of this process. A file dropped meanwhile is named that much later.
        """
        began = self._clock()
        if self._walked is not None and began < self._walked[0]:
            return self._walked[1]
        seen = self._catalog.seen()
        files, _ = evidence_files(self._workspace.evidence)
        found = [shown_path(path) for path, one in map(self._named, files) if _changed(one.path, seen.get(path))]
        took = self._clock() - began
        self._walked = (began + took * (1 + LOOK_AGAIN), found) if took >= KEPT_FROM else None
        if took * LOOK_AGAIN > KEPT_AT_MOST:
            self._walked = (began + took + KEPT_AT_MOST, found)
        return found

    def add(
        self,
        paths: Sequence[Path],
        *,
        meta: SourceMeta | None,
        replace: bool,
        actor: Reviewer,
        progress: Progress = no_progress,
        handover: Handover = _nobody,
    ) -> IngestReport:
        """Copy files or whole folders into evidence/ (a folder keeps its name and inner paths) and take them in.

        handover: is given the passages of every few files as soon as those are stored.
        """
        tally = Tally()
        wanted = list(self._inbox.files(paths, tally.failed))
        told = (meta, actor) if meta is not None else None
        with self._reading(tally, handover, wanted=True, told=told) as reading:
            for number, (given, stored) in enumerate(wanted):
                progress("Reading", number, len(wanted))
                with _listed(shown_path(given), tally):
                    self._inbox.copy_in(given, stored, replace=replace)
                    self._take_in(stored, shown_path(given), reading)
            progress("Reading", len(wanted), len(wanted))
        self._spare_described(tally, {shown_path(given): stored for given, stored in wanted})
        return tally.report()

    def sync(self, *, progress: Progress = no_progress, handover: Handover = _nobody) -> IngestReport:
        """Take in what people dropped into evidence/, changed there or took away. Unchanged files are not read again."""
        tally = Tally()
        found, unlisted = evidence_files(self._workspace.evidence)
        files = list(map(self._named, found))
        tally.failed += unlisted
        failures = {one.path: one for one in self._catalog.failures()}
        before = _Remembered(self._library.sources(), self._catalog.seen(), failures, self._catalog.counts())
        present = {path for path, _ in files} | {path + META_SUFFIX for path, one in files if one.has_metadata}
        with self._reading(tally, handover) as reading:
            new = [path for path, one in files if not _is_settled(path, one, before, tally)]
            for number, path in enumerate(new):
                progress("Reading", number, len(new))
                with _listed(shown_path(path), tally):
                    self._take_in(path, path, reading)
            if new:
                progress("Reading", len(new), len(new))
        self._forget_gone(present.union(reading.unpacked), before, tally, hidden=[Path(one.path) for one in unlisted])
        self._spare_described(tally, {})
        return tally.report()

    def reread(
        self, id_or_prefix: str | None = None, *, progress: Progress = no_progress, handover: Handover = _nobody
    ) -> IngestReport:
        """Read originals again and cut them afresh: one source, or all that are searchable."""
        chosen = [self._library.find(id_or_prefix)] if id_or_prefix else list(self._library.searchable().values())
        tally = Tally()
        with ReadingRoom(self._settings.evidence) as room:
            for number, entry in enumerate(chosen):
                progress("Reading", number, len(chosen))
                try:
                    source, passages, _ = self._parsed(entry.source_id, PurePosixPath(entry.paths[0]).name, room)
                except FileFailure as failure:
                    tally.failed.append(failed(entry.paths[0], failure))
                    continue
                self._catalog.put(source, passages)
                handover(passages)
                tally.unchanged.extend(KnownFile(path=path) for path in entry.paths)
            progress("Reading", len(chosen), len(chosen))
        return tally.report()

    @contextmanager
    def _reading(
        self, tally: Tally, handover: Handover, *, wanted: bool = False, told: tuple[SourceMeta, Reviewer] | None = None
    ) -> Iterator[_Reading]:
        """Where files are read and where they go; what was read is stored also when something else goes wrong."""
        arrivals = Arrivals(self._workspace.root, self._library, self._catalog, tally, handover)
        try:
            with ReadingRoom(self._settings.evidence) as room:
                yield _Reading(room, arrivals, tally, self._library.sources(), wanted, told)
        finally:
            self._walked = None
            arrivals.store()

    def _take_in(self, path: str, label: str, reading: _Reading, inside: tuple[str, ...] = ()) -> None:
        """One file of evidence/, and then those inside it. inside: ids of the sources it was found in, outermost first."""
        arrival, parts = self._read(path, label, reading)
        arrival.part_of = inside[-1] if inside else None
        if parts and len(inside) >= DEEPEST:  # a failure: added by itself, these bytes are to be read
            arrival.source, parts = None, ()
            arrival.failure = FileFailure(
                f"{label} lies {len(inside)} files deep; what is inside it is not read.",
                hint="Unpack it yourself and add the folder.",
                code="too_complex",
            )
        taken: set[str] = set()
        unpacked: list[tuple[str, str]] = []
        for part in parts:  # all on the disk before their container may be stored: a kill in between loses none of them
            inner = f"{label}/{display_name(part.name)}"
            with _listed(inner, reading.tally):
                unpacked.append((self._inbox.put_part(path, part, taken), inner))
        reading.unpacked.extend(stored for stored, _ in unpacked)
        reading.arrivals.add(arrival)
        for stored, inner in unpacked:
            with _listed(inner, reading.tally):
                self._take_in(stored, inner, reading, (*inside, arrival.source_id))

    def _read(self, path: str, label: str, reading: _Reading) -> _Opened:
        """One file of evidence/ as it arrives, read only if the catalog does not hold it.

        The original is kept before anything refers to it, and is what is read: the hash proves which bytes were.
        """
        path.encode("utf-8")  # raises UnicodeError: a name that is no text cannot be recorded
        file = self._workspace.root / path
        stat = file.lstat()
        arrival = Arrival(path, label, _stamp(stat, UNREAD), reading.wanted, told=reading.told)
        parts: tuple[Part, ...] = ()
        try:
            self._inbox.refuse_too_large(file, stat.st_size)
            sha256 = self._originals.keep(file)
            arrival.stamp = _stamp(stat, sha256)
            known = reading.sources.get(sha256)
            is_left_out = known is not None and known.removed and not reading.wanted
            is_here = reading.arrivals.holds(sha256) or (known is not None and self._catalog.has(sha256))
            if not is_left_out and not is_here:
                arrival.source, arrival.passages, parts = self._parsed(sha256, file.name, reading.room)
        except FileFailure as failure:
            arrival.failure = also_describe(failure, file.name)
            return _Opened(arrival, ())
        self._read_metadata(arrival, file.with_name(file.name + META_SUFFIX))
        return _Opened(arrival, parts)

    def _parsed(self, sha256: str, name: str, room: ReadingRoom) -> tuple[Source, Sequence[Passage], tuple[Part, ...]]:
        """The Source, the passages and the parts of an original. Raises: FileFailure."""
        source, parts = room.read_with_parts(self._originals.path(sha256), name=name, source_id=sha256)
        if source.language is None:  # here, not in the reading process: loading what tells it writes a file, and takes a second
            source = source.model_copy(update={"language_identified": identified(source.text, source.script)})
        limits = self._settings.evidence
        return source, split_passages(source, sentences=limits.passage_sentences, words=limits.passage_words), parts

    def _read_metadata(self, arrival: Arrival, beside: Path) -> None:
        try:
            if not beside.is_file():
                return
            arrival.said_stamp = _stamp(beside.lstat(), UNREAD)
            arrival.said = load_meta(beside)
        except FileFailure as failure:
            arrival.said = failure
        except OSError:  # the name is as long as a name can be: none can stand beside it
            return

    def _forget_gone(self, present: set[str], before: _Remembered, tally: Tally, *, hidden: Sequence[Path]) -> None:
        """Files that were in evidence/ and are not any more: their passages are no longer found; the originals stay.

        hidden: folders that could not be listed; what was in them is not called gone.
        """
        root = self._workspace.root
        if hidden:
            present = present | {path for path in before.seen if any((root / path).is_relative_to(one) for one in hidden)}
        with self._library.together():
            for path, source_id in self._library.places():
                if path not in present:
                    self._library.append(source_id, "source-path-gone", {"path": path})
                    tally.removed.append(KnownFile(path=path))
        sources = self._library.sources()
        for source_id in self._catalog.counts():
            if source_id in sources and sources[source_id].is_gone:
                self._catalog.drop(source_id)
        gone = (before.seen.keys() | before.failures.keys()) - present
        if gone:
            self._catalog.note(dict.fromkeys(gone), dict.fromkeys(gone))

    def _spare_described(self, tally: Tally, stored: Mapping[str, str]) -> None:
        """Call no failure what somebody has described. stored: where files are that the report calls otherwise."""
        failing = {one.path for one in self._library.failures()}
        known = {one.path for one in self._catalog.failures()} - failing
        for one in [one for one in tally.failed if stored.get(one.path, one.path) in known]:
            tally.failed.remove(one)
            tally.unchanged.append(KnownFile(path=one.path))

    def _named(self, file: Listed) -> tuple[str, Listed]:
        """A file of evidence/ with its path relative to the workspace."""
        return file.path[len(str(self._workspace.root)) + 1 :], file


@contextmanager
def _listed(path: str, tally: Tally) -> Iterator[None]:
    """Whatever goes wrong with one file is a line of the report, never the end of the others."""
    try:
        yield
    except WorkbenchError as error:
        tally.failed.append(failed(path, error))
    except UnicodeError:
        message = f"The name {path} is not UTF-8 and cannot be recorded."
        tally.failed.append(Failure(path=path, code="bad_name", message=message, hint="Rename the file, then try again."))
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror}."
        hint = "Check its name and its permissions, then try again."
        tally.failed.append(Failure(path=path, code="unreadable_file", message=message, hint=hint))


def _is_settled(path: str, file: Listed, before: _Remembered, tally: Tally) -> bool:
    """Whether nothing is left to do for a file; what is to be said of it is in the tally then. No file is read."""
    stamp = before.seen.get(path)
    if stamp is None or _changed(file.path, stamp):
        return False
    if path in before.failures:
        tally.failed.append(before.failures[path])
        return True
    known = before.sources.get(stamp.sha256)
    if known is None or not (known.removed or (path in known.paths and stamp.sha256 in before.held)):
        return False
    if not known.removed:
        if not _is_said(path + META_SUFFIX, file, known, before):
            return False
        if path + META_SUFFIX in before.failures:
            tally.failed.append(before.failures[path + META_SUFFIX])
    tally.unchanged.append(KnownFile(path=path))
    return True


def _is_said(meta_path: str, file: Listed, known: KnownSource, before: _Remembered) -> bool:
    """Whether NAME.meta.yaml, as it is now, was taken in, or is listed as a failure."""
    is_taken_in = bool(known.layers.get("file")) or meta_path in before.failures
    if not file.has_metadata:
        return not is_taken_in
    return is_taken_in and not _changed(file.path + META_SUFFIX, before.seen.get(meta_path))


def _stamp(stat: os.stat_result, sha256: str) -> FileStamp:
    return FileStamp(size=stat.st_size, mtime_ns=stat.st_mtime_ns, sha256=sha256)


def _changed(file: str, stamp: FileStamp | None) -> bool:
    """Whether a file is not as it was seen."""
    try:
        stat = os.lstat(file)
    except OSError:
        return True
    return stamp is None or (stamp.size, stamp.mtime_ns) != (stat.st_size, stat.st_mtime_ns)
