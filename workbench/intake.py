"""Evidence files in: one arrow, file -> Original -> Source -> events and passages.

What lives here: copying into evidence/, noticing what is new, changed, moved or gone there, keeping the original before
anything refers to it. What does not: parsing (reading/), the index (catalog.py), what the events add up to (library.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from workbench.catalog import Catalog, FileStamp
from workbench.claims import load_meta
from workbench.errors import FileFailure, WorkbenchError
from workbench.folders import (
    META_SUFFIX,
    copy_whole,
    evidence_files,
    has_metadata,
    is_evidence_name,
    safe_name,
    same_bytes,
    shown_path,
)
from workbench.library import KnownSource, Library
from workbench.models import WORKBENCH, AddedFile, Failure, IngestReport, KnownFile, Reviewer, Source, SourceMeta
from workbench.originals import Originals
from workbench.passages import split_passages
from workbench.reading import FORMATS, ReadingRoom
from workbench.settings import Settings, Workspace

Progress = Callable[[str, int, int], None]  # what is being done, how many are done, of how many


def no_progress(what: str, done: int, total: int) -> None:
    """The Progress that shows nothing."""


@dataclass
class _Tally:
    """The lists of an IngestReport while they fill."""

    added: list[AddedFile] = field(default_factory=list)
    unchanged: list[KnownFile] = field(default_factory=list)
    replaced: list[AddedFile] = field(default_factory=list)
    removed: list[KnownFile] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)

    def report(self) -> IngestReport:
        return IngestReport(
            added=tuple(self.added),
            unchanged=tuple(self.unchanged),
            replaced=tuple(self.replaced),
            removed=tuple(self.removed),
            failed=tuple(self.failed),
        )


class Intake:
    """Takes the files of one workspace in. Paths are relative to the workspace, with `/`: `evidence/un/vote.pdf`."""

    def __init__(
        self, workspace: Workspace, settings: Settings, library: Library, originals: Originals, catalog: Catalog
    ) -> None:
        self._workspace = workspace
        self._settings = settings
        self._library = library
        self._originals = originals
        self._catalog = catalog

    def waiting(self) -> list[str]:
        """Files in evidence/ that sync has not seen as they are now. Stats files, reads none."""
        seen = self._catalog.seen()
        files, _ = evidence_files(self._workspace.evidence)
        return [shown_path(path) for path, file in map(self._named, files) if _stamp_differs(seen.get(path), file)]

    def add(
        self,
        paths: Sequence[Path],
        *,
        meta: SourceMeta | None,
        replace: bool,
        actor: Reviewer,
        progress: Progress = no_progress,
    ) -> IngestReport:
        """Copy files or whole folders into evidence/ (a folder keeps its name and inner paths) and take them in."""
        tally = _Tally()
        wanted = list(self._copies(paths, tally))
        with ReadingRoom(self._settings.evidence) as room:
            for number, (given, stored) in enumerate(wanted):
                progress("Reading", number, len(wanted))
                with _listed(shown_path(given), tally):
                    self._copy_in(given, stored, replace=replace)
                    sha256 = self._take_in(stored, tally, room, label=shown_path(given), wanted=True)
                    if meta is not None:
                        self._library.describe(sha256, meta, by="person", actor=actor)
            progress("Reading", len(wanted), len(wanted))
        return tally.report()

    def sync(self, *, progress: Progress = no_progress) -> IngestReport:
        """Take in what people dropped into evidence/, changed there or took away. Unchanged files are not read again."""
        tally = _Tally()
        found, unlisted = evidence_files(self._workspace.evidence)
        files = list(map(self._named, found))
        tally.failed += unlisted
        seen = self._catalog.seen()
        with ReadingRoom(self._settings.evidence) as room:
            for number, (path, file) in enumerate(files):
                progress("Reading", number, len(files))
                self._sync_one(path, file, seen.get(path), tally, room)
            progress("Reading", len(files), len(files))
        self._forget_gone({path for path, _ in files}, tally, hidden=[Path(one.path) for one in unlisted])
        return tally.report()

    def _sync_one(self, path: str, file: Path, stamp: FileStamp | None, tally: _Tally, room: ReadingRoom) -> None:
        if not _stamp_differs(stamp, file):
            failure = next((one for one in self._catalog.failures() if one.path == path), None)
            if failure is not None:
                tally.failed.append(failure)
                return
            if stamp is not None and (self._is_settled(path, stamp.sha256)):
                tally.unchanged.append(KnownFile(path=path))
                self._describe_from_file(stamp.sha256, path, tally)
                return
        with _listed(shown_path(path), tally):
            self._take_in(path, tally, room, label=path, wanted=False)

    def _is_settled(self, path: str, sha256: str) -> bool:
        """Whether nothing is left to do for these bytes at this path."""
        known = self._library.known().get(sha256)
        if known is None:
            return False
        return known.removed or (path in known.paths and self._catalog.has(sha256))

    def _take_in(self, path: str, tally: _Tally, room: ReadingRoom, *, label: str, wanted: bool) -> str:
        """One file of evidence/, from bytes to events; returns its sha256. wanted: a person asked, so removed bytes come back.

        The original is kept before anything refers to it, and is what is read: the hash proves which bytes were.
        """
        path.encode("utf-8")  # raises UnicodeError: a name that is no text cannot be recorded
        file = self._workspace.root / path
        stat = file.lstat()
        try:
            self._refuse_too_large(file, stat.st_size)
            sha256 = self._originals.keep(file)
        except FileFailure as failure:
            self._catalog.fail(_failed(path, failure))
            self._catalog.stamp(path, FileStamp(size=stat.st_size, mtime_ns=stat.st_mtime_ns, sha256="0" * 64))
            raise
        stamp = FileStamp(size=stat.st_size, mtime_ns=stat.st_mtime_ns, sha256=sha256)
        known = self._library.known().get(sha256)
        if known is not None and known.removed and not wanted:
            self._catalog.stamp(path, stamp)
            tally.unchanged.append(KnownFile(path=label))
            return sha256
        try:
            count, source = self._read_into_catalog(sha256, file.name, room, again=known)
        except FileFailure as failure:
            self._catalog.fail(_failed(path, failure))
            self._catalog.stamp(path, stamp)
            self._leave_path(path, sha256)
            raise
        self._settle(path, label, sha256, source, count, tally)
        self._catalog.clear_failure(path)
        self._catalog.stamp(path, stamp)
        self._describe_from_file(sha256, path, tally)
        return sha256

    def _read_into_catalog(self, sha256: str, name: str, room: ReadingRoom, *, again: KnownSource | None) -> tuple[int, Source]:
        """The number of passages and the Source of these bytes; read only if the catalog does not hold them."""
        source = self._catalog.source(sha256)
        if source is None or again is None:
            source = room.read(self._originals.path(sha256), name=name, source_id=sha256)
            limits = self._settings.evidence
            passages = split_passages(source, sentences=limits.passage_sentences, words=limits.passage_words)
            self._catalog.put(source, passages)
            return len(passages), source
        return len(self._catalog.passages(sha256)), source

    def _settle(self, path: str, label: str, sha256: str, source: Source, count: int, tally: _Tally) -> None:
        """Write what is new about this path into the ledger, and say it in the right list of the report."""
        known = self._library.known().get(sha256)
        others = [one for one in known.paths if one != path] if known and not known.removed else []
        if known is not None and not known.removed and path in known.paths:
            tally.unchanged.append(KnownFile(path=label))
            return
        old = self._leave_path(path, sha256)
        warnings = list(source.warnings)
        gone = [one for one in others if not (self._workspace.root / one).is_file()]
        if gone:
            self._library.append(sha256, "source-moved", {"path": path, "was": gone[0]})
            warnings.append(f"the same bytes as {gone[0]}, which is gone: moved")
        else:
            stored = source.model_dump(mode="json", exclude={"text"})
            payload = {"path": path, "source": stored, "characters": len(source.text), "replaces": old}
            self._library.append(sha256, "source-added", payload)
            warnings.extend(f"the same bytes as {one}: one source, two places" for one in others[:1])
        line = AddedFile(
            path=label, stored=path, source_id=sha256, sha256=sha256, passages=count, warnings=tuple(warnings), replaces=old
        )
        (tally.replaced if old else tally.added).append(line)

    def _leave_path(self, path: str, sha256: str) -> str | None:
        """Record that other bytes stood at this path before; returns their sha256."""
        for other, known in self._library.known().items():
            if other != sha256 and path in known.paths and not known.removed:
                self._library.append(other, "source-path-gone", {"path": path})
                self._library.drop_if_gone(other)
                return other
        return None

    def _forget_gone(self, present: set[str], tally: _Tally, *, hidden: Sequence[Path]) -> None:
        """Files that were in evidence/ and are not any more: their passages are no longer found; the originals stay.

        hidden: folders that could not be listed; what was in them is not called gone.
        """
        root = self._workspace.root
        hidden_now = {path for path in self._catalog.seen() if any((root / path).is_relative_to(one) for one in hidden)}
        present = present | hidden_now
        for sha256, known in list(self._library.known().items()):
            for path in [one for one in known.paths if one not in present and not known.removed]:
                self._library.append(sha256, "source-path-gone", {"path": path})
                tally.removed.append(KnownFile(path=path))
            self._library.drop_if_gone(sha256)
        for path in set(self._catalog.seen()) - present:
            self._catalog.stamp(path, None)
            self._catalog.clear_failure(path)

    def _describe_from_file(self, sha256: str, path: str, tally: _Tally) -> None:
        """Take in what NAME.meta.yaml says. A mistake in it is a failure of its own; the file beside it is taken in."""
        meta_file = has_metadata(self._workspace.root / path)
        meta_path = path + META_SUFFIX
        known = self._library.known()[sha256]
        try:
            if meta_file is not None:
                self._library.describe(sha256, load_meta(meta_file), by="file", actor=WORKBENCH)
            elif known.layers.get("file"):
                self._library.describe(sha256, SourceMeta(), by="file", actor=WORKBENCH)
        except FileFailure as failure:
            self._catalog.fail(_failed(meta_path, failure))
            tally.failed.append(_failed(meta_path, failure))
        else:
            self._catalog.clear_failure(meta_path)

    def reread(self, id_or_prefix: str | None = None, *, progress: Progress = no_progress) -> IngestReport:
        """Read originals again and cut them afresh: one source, or all that are searchable."""
        chosen = [self._library.find(id_or_prefix)] if id_or_prefix else list(self._library.searchable().values())
        tally = _Tally()
        with ReadingRoom(self._settings.evidence) as room:
            for number, entry in enumerate(chosen):
                progress("Reading", number, len(chosen))
                try:
                    self._read_into_catalog(entry.source_id, PurePosixPath(entry.paths[0]).name, room, again=None)
                    tally.unchanged.extend(KnownFile(path=path) for path in entry.paths)
                except FileFailure as failure:
                    tally.failed.append(_failed(entry.paths[0], failure))
            progress("Reading", len(chosen), len(chosen))
        return tally.report()

    def _named(self, file: Path) -> tuple[str, Path]:
        """A file of evidence/ with its path relative to the workspace."""
        return file.relative_to(self._workspace.root).as_posix(), file

    def _copies(self, paths: Sequence[Path], tally: _Tally) -> Iterator[tuple[Path, str]]:
        """(file as given, where it goes in the workspace); what cannot be found or is no evidence goes to `failed`."""
        for given in paths:
            if given.is_dir():
                files, unlisted = evidence_files(given)
                tally.failed += unlisted
                for file in files:
                    yield file, self._stored(PurePosixPath(given.resolve().name, *file.relative_to(given).parts))
            elif not given.exists():
                tally.failed.append(
                    Failure(
                        path=str(given),
                        code="not_found",
                        message=f"There is no file {given}.",
                        hint="Check the path and try again.",
                    )
                )
            elif not is_evidence_name(given.name):
                tally.failed.append(
                    Failure(
                        path=str(given),
                        code="not_evidence",
                        message=f"{given.name} is not evidence: README files, dotfiles and *{META_SUFFIX} are left out.",
                        hint="If it is evidence, give it another name.",
                    )
                )
            else:
                yield given, self._stored(PurePosixPath(given.name))

    def _stored(self, inside: PurePosixPath) -> str:
        return PurePosixPath("evidence", *(safe_name(part) for part in inside.parts)).as_posix()

    def _copy_in(self, given: Path, stored: str, *, replace: bool) -> None:
        """Copy a file (and its NAME.meta.yaml) into evidence/, in one step. Raises: FileFailure, WorkspaceError."""
        if given.is_symlink() or not given.is_file():
            raise FileFailure(
                f"{given} is not a regular file.", hint="Give the file itself, not a link or device.", code="not_a_regular_file"
            )
        suffix = PurePosixPath(stored).suffix.lower()
        if suffix not in FORMATS:
            raise FileFailure(
                f"{given.name} has a type that cannot be read ({suffix or 'no suffix'}).",
                hint=f"These can: {', '.join(sorted(FORMATS))}.",
                code="unsupported_type",
            )
        self._refuse_too_large(given, given.stat().st_size)
        target = self._workspace.root / stored
        if target.exists() and not replace and not same_bytes(given, target):
            raise FileFailure(
                f"{stored} exists with other content.",
                hint="Rename the new file, or give --replace to make it a new version of the old one.",
                code="name_taken",
            )
        beside = has_metadata(given)
        pairs = [(given, target)] + ([(beside, target.with_name(target.name + META_SUFFIX))] if beside else [])
        for one, to in pairs:
            if one.resolve() != to.resolve() and not (to.exists() and same_bytes(one, to)):
                copy_whole(one, to)

    def _refuse_too_large(self, file: Path, size: int) -> None:
        limit = self._settings.evidence.max_file_mb
        if size > limit * 1_000_000:
            raise FileFailure(
                f"{file.name} has {size / 1e6:.0f} MB; the limit is {limit} MB.",
                hint="Split it, or raise max_file_mb under [evidence] in workbench.toml.",
                code="too_large",
            )


@contextmanager
def _listed(path: str, tally: _Tally) -> Iterator[None]:
    """Whatever goes wrong with one file is a line of the report, never the end of the others."""
    try:
        yield
    except WorkbenchError as error:
        tally.failed.append(Failure(path=path, code=error.code, message=error.message, hint=error.hint))
    except UnicodeError:
        message = f"The name {path} is not UTF-8 and cannot be recorded."
        tally.failed.append(Failure(path=path, code="bad_name", message=message, hint="Rename the file, then try again."))
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror}."
        hint = "Check its name and its permissions, then try again."
        tally.failed.append(Failure(path=path, code="unreadable_file", message=message, hint=hint))


def _failed(path: str, failure: FileFailure) -> Failure:
    return Failure(path=path, code=failure.code, message=failure.message, hint=failure.hint)


def _stamp_differs(stamp: FileStamp | None, file: Path) -> bool:
    try:
        stat = file.lstat()
    except OSError:
        return True
    return stamp is None or (stamp.size, stamp.mtime_ns) != (stat.st_size, stat.st_mtime_ns)
