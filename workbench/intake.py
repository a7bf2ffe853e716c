"""Evidence files in: one arrow, file -> Original -> Source -> events and passages.

What lives here: noticing what is new, changed, moved or gone in evidence/, keeping the original before anything refers to it,
and reading it. What does not: copying into evidence/ (inbox.py), storing what was read (arrivals.py), parsing (reading/), the
index and the vectors (catalog, encoding_ahead.py), what the events add up to (library.py).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from workbench.arrivals import UNREAD, Arrival, Arrivals, Handover, failed
from workbench.catalog import Catalog
from workbench.claims import load_meta
from workbench.cutting import read_and_cut
from workbench.errors import FileFailure, WorkbenchError
from workbench.folders import META_SUFFIX, Listed, evidence_files, shown_path
from workbench.inbox import Inbox, containers
from workbench.library import Library
from workbench.models import (
    Failure,
    IngestReport,
    KnownFile,
    LibraryEntry,
    Passage,
    Reviewer,
    Source,
    SourceMeta,
    display_name,
    sha256_hex,
)
from workbench.noticing import Remembered, has_changed, is_settled, refuse_other_text, stamp_of
from workbench.originals import Originals
from workbench.progress import Progress, no_progress
from workbench.reading import ReadingRoom
from workbench.reading.media import also_describe
from workbench.reading.text import Part
from workbench.settings import Settings, Workspace
from workbench.source_fold import KnownSource
from workbench.tally import Run, Tally

DEEPEST = 3  # files inside files inside files: an archive in an e-mail in an archive
LOOK_AGAIN = 20  # times what a walk of evidence/ took: searches spend at most a twentieth of their time on looking there
ReadAhead = Callable[[str], tuple[Source, Sequence[Passage]] | None]
KEPT_AT_MOST, KEPT_FROM = 5.0, 0.01  # seconds: what a walk found is kept no longer than the one, and only if it took the other


def _not_ahead(_: str) -> None:
    """The ReadAhead that leaves every file to the reading process."""


def _nobody(_: Iterable[Passage]) -> None:
    """The Handover that leaves encoding to `Catalog.build`."""


@dataclass(frozen=True)
class _Reading:
    """Files being read. sources: what is known of every source. told: what a person says of each; wanted: a person asked.

    unpacked: paths of files that were inside others and now lie in evidence/ too. opened: containers that were opened again.
    """

    room: ReadingRoom
    arrivals: Arrivals
    run: Run
    sources: Mapping[str, KnownSource]
    wanted: bool = False
    told: tuple[SourceMeta, Reviewer] | None = None
    unpacked: set[str] = field(default_factory=set)
    opened: set[str] = field(default_factory=set)

    @property
    def tally(self) -> Tally:
        """What was done so far."""
        return self.run.tally


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
        ahead: ReadAhead = _not_ahead,
    ) -> None:
        """ahead: what was read of a file elsewhere, by its sha256; such a file is taken in without being read."""
        self._workspace = workspace
        self._settings = settings
        self._library = library
        self._originals = originals
        self._catalog = catalog
        self._inbox = Inbox(workspace, settings.evidence, library.purged)
        self._clock = clock
        self._ahead = ahead
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
        found = [shown_path(path) for path, one in map(self._named, files) if has_changed(one.path, seen.get(path))]
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
        run: Run,
        progress: Progress = no_progress,
        handover: Handover = _nobody,
    ) -> IngestReport:
        """Copy files or whole folders into evidence/ (a folder keeps its name and inner paths) and take them in.

        handover: is given the passages of every few files as soon as those are stored.
        """
        wanted = list(self._inbox.files(paths, run.tally.failed))
        told = (meta, actor) if meta is not None else None
        with self._reading(run, handover, progress, wanted=True, told=told) as reading:
            for number, (given, stored) in run.each(wanted):
                progress("Reading", number, len(wanted))
                label = shown_path(given)
                with _listed(label, run.tally):
                    with run.timing(label, stored):
                        self._inbox.copy_in(given, stored, replace=replace)
                    self._take_in(stored, label, reading)
            progress("Reading", len(wanted) - run.left, len(wanted))
        self._spare_described(run.tally, {shown_path(given): stored for given, stored in wanted})
        return run.tally.report()

    def sync(self, *, run: Run, progress: Progress = no_progress, handover: Handover = _nobody) -> IngestReport:
        """Take in what people dropped into evidence/, changed there or took away. Unchanged files are not read again."""
        tally = run.tally
        found, unlisted = evidence_files(self._workspace.evidence)
        files = list(map(self._named, found))
        tally.failed += unlisted
        failures = {one.path: one for one in self._catalog.failures()}
        present = {path for path, _ in files} | {path + META_SUFFIX for path, one in files if one.has_metadata}
        with self._reading(run, handover, progress) as reading:
            before = Remembered(reading.sources, self._catalog.seen(), failures, self._catalog.counts(), reading.room.ocr)
            new = [path for path, one in files if not is_settled(path, one, before, tally)]
            for number, path in run.each(new):
                progress("Reading", number, len(new))
                with _listed(shown_path(path), tally):
                    self._link_parts(path, set(new), reading)
                    if path not in reading.unpacked:
                        self._take_in(path, path, reading)
            if new:
                progress("Reading", len(new) - run.left, len(new))
        self._forget_gone(present.union(reading.unpacked), before, tally, hidden=[Path(one.path) for one in unlisted])
        self._spare_described(tally, {})
        return tally.report()

    def reread(
        self, chosen: Sequence[LibraryEntry], *, progress: Progress = no_progress, handover: Handover = _nobody
    ) -> IngestReport:
        """Read originals again and cut them afresh, and what is found inside them.
        On a server that takes nothing in no event says so, and what reads otherwise than where it was taken in is a failure.
        """
        run = Run()
        with self._reading(run, handover, progress) as reading:
            for number, entry in enumerate(chosen):
                progress("Reading", number, len(chosen))
                path = entry.paths[0] if entry.paths else entry.title
                with _listed(path, run.tally):
                    name, language = PurePosixPath(path).name, entry.meta.language
                    source, passages, parts = self._parsed(entry.source_id, name, reading.room, language)
                    if not self._settings.records.takes_in:
                        refuse_other_text(path, source, entry)
                    self._catalog.put(source, passages)
                    handover(passages)
                    run.tally.unchanged.extend(KnownFile(path=path) for path in entry.paths)
                    if self._settings.records.takes_in:
                        self._library.read_again(source)
                        self._parts_again(entry, parts, reading)
            progress("Reading", len(chosen), len(chosen))
        return run.tally.report()

    @contextmanager
    def _reading(
        self,
        run: Run,
        handover: Handover,
        progress: Progress,
        *,
        wanted: bool = False,
        told: tuple[SourceMeta, Reviewer] | None = None,
    ) -> Iterator[_Reading]:
        """Where files are read and where they go; what was read is stored also when something else goes wrong."""
        arrivals = Arrivals(self._workspace.root, self._library, self._catalog, run.tally, handover)
        try:
            with ReadingRoom(self._settings.evidence, kept_pages=self._workspace.ocr_pages, progress=progress) as room:
                yield _Reading(room, arrivals, run, self._library.sources(), wanted, told)
        finally:
            self._walked = None
            arrivals.store()

    def _take_in(self, path: str, label: str, reading: _Reading, inside: tuple[str, ...] = ()) -> None:
        """One file of evidence/, and then those inside it. inside: ids of the sources it was found in, outermost first."""
        with reading.run.timing(label, path):
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
                stored = self._inbox.place_of(path, part, taken)
                self._inbox.put_part(stored, part)
                unpacked.append((stored, inner))
        reading.unpacked.update(stored for stored, _ in unpacked)
        reading.arrivals.add(arrival)
        for stored, inner in unpacked:
            with _listed(inner, reading.tally):
                self._take_in(stored, inner, reading, (*inside, arrival.source_id))

    def _link_parts(self, path: str, new: set[str], reading: _Reading) -> None:
        """Take in a new file that a container taken in before left beside it, with its link: a kill came before it was stored.

        Only what the container holds, byte for byte, counts as found inside it.
        """
        container = next((one for one in containers(path) if one not in new and self._library.at(one)), None)
        if container is None or path in reading.unpacked or container in reading.opened:
            return
        reading.opened.add(container)
        source_id = self._library.at(container)[0]
        try:
            _, _, parts = self._parsed(source_id, PurePosixPath(container).name, reading.room)
        except FileFailure:
            return  # then nothing says that the file was in it
        taken: set[str] = set()
        for part in parts:
            stored = self._inbox.place_of(container, part, taken)
            file = self._workspace.root / stored
            if stored in new and file.is_file() and not file.is_symlink() and file.read_bytes() == part.data:
                reading.unpacked.add(stored)
                inner = f"{container}/{display_name(part.name)}"
                with _listed(inner, reading.tally):
                    self._take_in(stored, inner, reading, _around(source_id, reading.sources))

    def _parts_again(self, entry: LibraryEntry, parts: Sequence[Part], reading: _Reading) -> None:
        """What reading a container again finds inside it: files nobody knew are taken in, a missing link is made.

        A file that was taken in before and is gone since, or whose place another one has taken, stays as people left it.
        """
        taken: set[str] = set()
        for part in parts if entry.paths else ():
            stored = self._inbox.place_of(entry.paths[0], part, taken)
            sha256 = sha256_hex(part.data)
            known = reading.sources.get(sha256)
            inner = f"{entry.paths[0]}/{display_name(part.name)}"
            if known is None and not (self._workspace.root / stored).exists():
                with _listed(inner, reading.tally):
                    self._inbox.put_part(stored, part)
                    reading.unpacked.add(stored)
                    self._take_in(stored, inner, reading, _around(entry.source_id, reading.sources))
            elif known is not None and stored in known.paths and known.part_of is None:
                self._library.append(sha256, "source-found-inside", {"part_of": entry.source_id})

    def _read(self, path: str, label: str, reading: _Reading) -> _Opened:
        """One file of evidence/ as it arrives, read only if the catalog does not hold it.

        The original is kept before anything refers to it, and is what is read: the hash proves which bytes were.
        """
        path.encode("utf-8")  # raises UnicodeError: a name that is no text cannot be recorded
        file = self._workspace.root / path
        stat = file.lstat()
        arrival = Arrival(path, label, stamp_of(stat, UNREAD), reading.wanted, told=reading.told)
        parts: tuple[Part, ...] = ()
        self._read_metadata(arrival, file.with_name(file.name + META_SUFFIX))
        try:
            self._inbox.refuse(file, stat.st_size)
            sha256 = self._originals.keep(file)
            arrival.stamp = stamp_of(stat, sha256)
            known = reading.sources.get(sha256)
            is_left_out = known is not None and known.removed and not reading.wanted
            is_here = reading.arrivals.holds(sha256) or (known is not None and self._catalog.has(sha256))
            if not is_left_out and not is_here:
                if (held := self._ahead(sha256)) is not None:
                    arrival.source, arrival.passages = held
                else:
                    read = self._parsed(sha256, file.name, reading.room, arrival.stated_language)
                    arrival.source, arrival.passages, parts = read
        except FileFailure as failure:
            arrival.failure = also_describe(failure, file.name)
            return _Opened(arrival, ())
        return _Opened(arrival, parts)

    def _parsed(
        self, sha256: str, name: str, room: ReadingRoom, language: str | None = None
    ) -> tuple[Source, Sequence[Passage], tuple[Part, ...]]:
        """The Source, the passages and the parts of an original. language: as somebody states it. Raises: FileFailure."""
        path, limits = self._originals.path(sha256), self._settings.evidence
        return read_and_cut(room, path, name=name, sha256=sha256, limits=limits, language=language)

    def _read_metadata(self, arrival: Arrival, beside: Path) -> None:
        try:
            if not beside.is_file():
                return
            arrival.said_stamp = stamp_of(beside.lstat(), UNREAD)
            arrival.said = load_meta(beside)
        except FileFailure as failure:
            arrival.said = failure
        except OSError:  # the name is as long as a name can be: none can stand beside it
            return

    def _forget_gone(self, present: set[str], before: Remembered, tally: Tally, *, hidden: Sequence[Path]) -> None:
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


def _around(source_id: str, sources: Mapping[str, KnownSource]) -> tuple[str, ...]:
    """Ids of the sources that a file found in this one lies in, outermost first, this one last."""
    chain = [source_id]
    while (known := sources.get(chain[0])) is not None and known.part_of is not None and known.part_of not in chain:
        chain.insert(0, known.part_of)
    return tuple(chain)
