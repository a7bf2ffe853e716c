"""Files on their way in, stored some at a time: what was read goes to the catalog, then the events, then what sync saw.

What lives here: deciding what each file's arrival means (added, the same, moved, replaced, failed), and the order of storing.
What does not: finding and reading files (intake.py). A file is acknowledged in the report, so its events may share a
transaction with its neighbours'; its original was kept and synced before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from workbench.catalog import Catalog, FileStamp
from workbench.errors import FileFailure, WorkbenchError
from workbench.folders import META_SUFFIX
from workbench.library import Library
from workbench.models import WORKBENCH, AddedFile, Failure, KnownFile, Passage, Reviewer, Source, SourceMeta
from workbench.near_copies import copy_words
from workbench.source_fold import recorded
from workbench.tally import Tally

FILES_AT_ONCE = 64  # to one transaction in the ledger and two in the catalog: one sync of the disk costs more than one file
CHARACTERS_AT_ONCE = 500_000  # of text read and not yet stored: about 1,000 passages, so that the encoder never starves
UNREAD = "0" * 64  # in place of the sha256 of a file that could not be kept

Handover = Callable[[Iterable[Passage]], None]  # is given the passages of what was just stored


@dataclass
class Arrival:
    """One file of evidence/: what was seen of it, and what reading it gave. Nothing of it is stored yet but its original.

    label: the path as the report names it. wanted: a person asked, so removed bytes come back. source: None where these bytes
    were read before. said: what NAME.meta.yaml says, empty without one, or the mistake in it. told: a person's word.
    part_of: id of the source it was found inside.
    """

    path: str
    label: str
    stamp: FileStamp
    wanted: bool
    source: Source | None = None
    passages: Sequence[Passage] = ()
    failure: FileFailure | None = None
    said: SourceMeta | FileFailure = field(default_factory=SourceMeta)
    said_stamp: FileStamp | None = None
    told: tuple[SourceMeta, Reviewer] | None = None
    part_of: str | None = None

    @property
    def source_id(self) -> str:
        """The sha256 of its bytes; UNREAD where they could not be kept."""
        return self.stamp.sha256

    @property
    def stated_language(self) -> str | None:
        """The language as a person says, else as NAME.meta.yaml does."""
        told = self.told[0].language if self.told else None
        return told or (self.said.language if isinstance(self.said, SourceMeta) else None)


class Arrivals:
    """The files that arrived and are not stored yet. `add` stores them some at a time; `store` what is left."""

    def __init__(self, root: Path, library: Library, catalog: Catalog, tally: Tally, handover: Handover) -> None:
        self._root = root
        self._library = library
        self._catalog = catalog
        self._tally = tally
        self._handover = handover
        self._waiting: list[Arrival] = []
        self._characters = 0
        self._begin()

    def _begin(self) -> None:
        self._stamps: dict[str, FileStamp | None] = {}
        self._failures: dict[str, Failure | None] = {}
        self._left: list[str] = []  # ids of sources that lost a path

    def holds(self, source_id: str) -> bool:
        """Whether these bytes were just read, for another path."""
        return any(one.source is not None and one.source_id == source_id for one in self._waiting)

    def add(self, arrival: Arrival) -> None:
        """Take one more file in, and store what waits when it is enough."""
        self._waiting.append(arrival)
        self._characters += len(arrival.source.text) if arrival.source else 0
        if len(self._waiting) >= FILES_AT_ONCE or self._characters >= CHARACTERS_AT_ONCE:
            self.store()

    def store(self) -> None:
        """Store what waits; only then is it in the report. Where the records refuse it, each of these files failed."""
        waiting, self._waiting, self._characters = self._waiting, [], 0
        if not waiting:
            return
        lines = Tally()
        self._begin()
        read = [(one.source, one.passages) for one in waiting if one.source is not None]
        try:
            self._catalog.put_all(read)
            if read:
                self._catalog.sketches.renew()
            with self._library.together():
                for arrival in waiting:
                    self._settle(arrival, lines)
            for source_id in self._left:
                self._library.drop_if_gone(source_id)
            self._catalog.note(self._stamps, self._failures)
        except WorkbenchError as error:
            self._tally.failed += [failed(arrival.label, error) for arrival in waiting]
            return
        for name, found in vars(lines).items():
            getattr(self._tally, name).extend(found)
        for _, passages in read:
            self._handover(passages)

    # inside one transaction of the ledger --------------------------------------------------------------------------

    def _settle(self, arrival: Arrival, lines: Tally) -> None:
        """What one file's arrival means, as events, as lines of the report, and as what sync shall remember."""
        path, source_id = arrival.path, arrival.source_id
        self._stamps[path] = arrival.stamp
        if arrival.failure is not None:
            self._failures[path] = failed(path, arrival.failure)
            lines.failed.append(failed(arrival.label, arrival.failure))
            if source_id != UNREAD:
                self._leave_path(path, source_id)
            return
        known = self._library.get(source_id)
        if known is not None and known.removed and not arrival.wanted:
            lines.unchanged.append(KnownFile(path=arrival.label))
            return
        self._failures[path] = None
        if known is not None and not known.removed and path in known.paths:
            lines.unchanged.append(KnownFile(path=arrival.label))
            if arrival.part_of not in (None, known.part_of):
                self._library.append(source_id, "source-found-inside", {"part_of": arrival.part_of})
        else:
            self._put_at(arrival, [] if known is None or known.removed else list(known.paths), lines)
        self._describe(arrival, lines)

    def _put_at(self, arrival: Arrival, others: Sequence[str], lines: Tally) -> None:
        """Record that the source lies at a path where it did not lie before. others: where else it lies."""
        path, source_id = arrival.path, arrival.source_id
        source = arrival.source or self._catalog.source(source_id)
        assert source is not None  # noqa: S101  # read just now, or in the catalog: intake looked
        old = self._leave_path(path, source_id)
        warnings = list(source.warnings)
        gone = [one for one in others if not (self._root / one).is_file()]
        if gone:
            self._library.append(source_id, "source-moved", {"path": path, "was": gone[0]})
            warnings.append(f"the same bytes as {gone[0]}, which is gone: moved")
        else:
            payload = {"path": path, **recorded(source), "replaces": old}
            if arrival.part_of:
                payload["part_of"] = arrival.part_of
            self._library.append(source_id, "source-added", payload)
            warnings.extend(f"the same bytes as {one}: one source, two places" for one in others[:1])
            warnings.extend(self._same_text(source))
            warnings.extend(self._near_copies(source, path))
        line = AddedFile(
            path=arrival.label,
            stored=path,
            source_id=source_id,
            sha256=source_id,
            passages=len(arrival.passages) if arrival.source else len(self._catalog.passages(source_id)),
            warnings=tuple(warnings),
            replaces=old,
        )
        (lines.replaced if old else lines.added).append(line)

    def _same_text(self, source: Source) -> list[str]:
        """What to say where another file has the very text of this one, in other bytes."""
        others = [one for one in self._library.of_text(source.text_sha256) if one != source.source_id]
        paths = [next(iter(known.paths)) for one in others if (known := self._library.get(one)) is not None and known.paths]
        return [f"the same text as {paths[0]}, in another file"] if paths else []

    def _near_copies(self, source: Source, path: str) -> list[str]:
        """What to say where much of this text stands in other files, or theirs in it; not of the version before it."""
        said = []
        for copy in self._catalog.sketches.near(source.source_id):
            known = self._library.get(copy.source_id)
            others = [one for one in known.paths if one != path] if known and not known.is_gone else []
            if known and others and known.source.get("text_sha256") != source.text_sha256:
                said.append(copy_words(copy, others[0]))
        return said

    def _leave_path(self, path: str, source_id: str) -> str | None:
        """Record that other bytes stood at this path before; returns their sha256."""
        before = [other for other in self._library.at(path) if other != source_id]
        for other in before:
            self._library.append(other, "source-path-gone", {"path": path})
        self._left += before
        return before[0] if before else None

    def _describe(self, arrival: Arrival, lines: Tally) -> None:
        """Take in what NAME.meta.yaml and a person say. A mistake is a failure of its own; the file beside it is taken in."""
        meta_path = arrival.path + META_SUFFIX
        self._stamps[meta_path] = arrival.said_stamp
        if isinstance(arrival.said, FileFailure):
            self._failures[meta_path] = failed(meta_path, arrival.said)
            lines.failed.append(failed(meta_path, arrival.said))
        else:
            self._failures[meta_path] = None
            self._library.describe(arrival.source_id, arrival.said, by="file", actor=WORKBENCH)
        if arrival.told is not None:
            meta, actor = arrival.told
            self._library.describe(arrival.source_id, meta, by="person", actor=actor)


def failed(path: str, error: WorkbenchError) -> Failure:
    """The line of the report for a file that could not be taken in."""
    return Failure(path=path, code=error.code, message=error.message, hint=error.hint)
