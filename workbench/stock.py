"""The evidence of a workspace, taken in and kept searchable: files in, files out, and an index that is up to both.

What lives here: who may change the evidence at one time, encoding while files are read, when a generation is built and when the
index is put into fewer files. What does not: noticing and reading files (intake.py), what the events say (library.py), indexes
(catalog/).
"""

from __future__ import annotations

import json
import secrets
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from workbench import log, notes
from workbench.catalog import Catalog
from workbench.errors import EngineError, StaleIndex, WorkspaceError
from workbench.folders import prune_unfinished, write_whole
from workbench.library import Library
from workbench.models import OPERATOR, AddedFile, IngestReport, LibraryEntry, Note, Reviewer, SourceMeta
from workbench.originals import Originals
from workbench.progress import Progress, no_progress
from workbench.settings import Settings, Workspace
from workbench.tally import FileRow, Run
from workbench.under_way import Background

if TYPE_CHECKING:
    from workbench.encoders import Encoder
    from workbench.encoding_ahead import EncodingAhead
    from workbench.intake import Intake

LARGE = 0.1  # of the passages: after an intake that large, putting the index into few files costs no more than it did

LAST_INTAKE = "last-intake.json"  # what became of each file, for whoever asks later
UNFINISHED_FOR = 86_400.0  # seconds: nobody writes one file for a day


class Stock:
    """One change at a time in this process, and one across processes; searches go on meanwhile.

    after: is called after every change, while nobody else can make one. An app server that takes nothing in (`[records]
    takes_in`) follows what the one that does has stored: originals in the shared folder, events in the shared ledger.
    """

    def __init__(
        self,
        workspace: Workspace,
        settings: Settings,
        library: Library,
        originals: Originals,
        catalog: Catalog,
        encoder: Callable[[], Encoder],
        *,
        after: Callable[[], None],
    ) -> None:
        self._workspace = workspace
        self._settings = settings
        self._library = library
        self._originals = originals
        self._catalog = catalog
        self._encoder = encoder
        self._takes_in = settings.records.takes_in
        self._after = after if self._takes_in else _nothing  # what follows for verdicts is said once, where it was taken in
        self._unlike: set[str] = set()  # sources that could not be read here as they were elsewhere
        self.background = Background()
        self._changing = threading.RLock()  # its own, so that a verdict is saved while files are being taken in

    @cached_property
    def _intake(self) -> Intake:
        from workbench.intake import Intake  # here: recording a verdict takes no files in

        return Intake(self._workspace, self._settings, self._library, self._originals, self._catalog)

    def add(
        self,
        paths: Sequence[Path],
        *,
        meta: SourceMeta | None = None,
        replace: bool = False,
        actor: Reviewer = OPERATOR,
        progress: Progress = no_progress,
        run: Run | None = None,
        nodes: str | None = None,
    ) -> IngestReport:
        """Copy files or folders into evidence/, take them in and make them searchable. run: to watch and stop it by.

        nodes: the address of a Ray cluster that reads and encodes them first, "" for one on this machine (bulk/).
        """
        run = run or Run()
        self.refuse_unless_taking_in()
        self._library.refuse_unless_admitted("source-added", actor)
        with self.changing(), self._reported(run):
            with self._taking_in(paths, nodes, progress) as intake, self._encoding_ahead(progress) as ahead:
                report = intake.add(
                    paths, meta=meta, replace=replace, actor=actor, run=run, progress=progress, handover=ahead.put
                )
            self._build(progress)
            self._after()
        return report

    def add_note(self, note: Note, *, actor: Reviewer, progress: Progress = no_progress) -> IngestReport:
        """Write a note as a file of its own in evidence/notes/, and take it in."""
        with self.changing():
            name = self.free_name(notes.FOLDER, notes.file_name(note))
            meta = notes.meta_of(note, actor)
            return self.write(notes.FOLDER, name, notes.written(note, actor), meta=meta, actor=actor, progress=progress)

    def free_name(self, folder: str, name: str) -> str:
        """The name, or the first with a number, that no file in that folder of evidence/ has: `a.md`, `a-2.md`."""
        wanted = file = PurePosixPath(name)
        number = 1
        while (self._workspace.evidence / folder / file).exists():
            number += 1
            file = wanted.with_stem(f"{wanted.stem}-{number}")
        return file.name

    def write(
        self,
        folder: str,
        name: str,
        text: str,
        *,
        actor: Reviewer,
        meta: SourceMeta | None = None,
        replace: bool = False,
        progress: Progress = no_progress,
    ) -> IngestReport:
        """Write what a colleague tells as a file in that folder of evidence/, and take it in."""
        with tempfile.TemporaryDirectory() as place:
            draft = Path(place, folder)
            draft.mkdir()
            (draft / name).write_text(text, encoding="utf-8", newline="\n")
            report = self.add([draft], meta=meta, replace=replace, actor=actor, progress=progress)
        kept = {list_: tuple(map(_by_its_place, getattr(report, list_))) for list_ in ("added", "replaced")}
        return report.model_copy(update=kept)

    def sync(self, *, progress: Progress = no_progress, run: Run | None = None) -> IngestReport:
        """Take in what was dropped into, changed in or taken from evidence/, and make it searchable. run: as for `add`."""
        if not self._takes_in:
            return self.follow(progress=progress)
        run = run or Run()
        with self.changing(), self._reported(run):
            self._prune()
            with self._encoding_ahead(progress) as ahead:
                report = self._intake.sync(run=run, progress=progress, handover=ahead.put)
            self._build(progress)
            self._after()
        return report

    def rows(self, run: Run) -> tuple[FileRow, ...]:
        """What an intake did with each file so far."""
        return run.rows(self._library.at)

    @property
    def has_last_rows(self) -> bool:
        """Whether it is known what the last intake did."""
        return (self._workspace.derived / LAST_INTAKE).exists()

    def last_rows(self) -> tuple[FileRow, ...]:
        """What the last intake of this workspace that had anything to do did with each file; () where that is unknown."""
        try:
            kept = json.loads((self._workspace.derived / LAST_INTAKE).read_bytes())
            return tuple(FileRow.model_validate(row) for row in kept)
        except (OSError, ValueError):
            return ()

    @contextmanager
    def _reported(self, run: Run) -> Iterator[None]:
        """Keep what was done with each file, however the block ends; where there was nothing to do, the one before stays."""
        tally = run.tally
        try:
            with log.about(job=secrets.token_hex(4)):
                log.tell("intake begun")
                yield
                counts = {name: len(getattr(tally, name)) for name in ("added", "replaced", "removed", "failed", "unchanged")}
                log.tell("intake ended", **counts)
        finally:
            if tally.added or tally.replaced or tally.removed or tally.failed or run.left:
                rows = [row.model_dump(mode="json") for row in self.rows(run)]
                with suppress(OSError):  # it is a copy for people: the ledger has what was taken in
                    write_whole(self._workspace.derived / LAST_INTAKE, json.dumps(rows, ensure_ascii=False).encode())

    def _prune(self) -> None:
        """Remove what processes killed more than a day ago left half-written."""
        for folder in (self._workspace.evidence, self._workspace.claims, self._workspace.derived):
            prune_unfinished(folder, before=time.time() - UNFINISHED_FOR)

    def read_again(self, source_id: str | None = None, *, progress: Progress = no_progress) -> IngestReport:
        """Read one original (or all) again and build the index afresh."""
        with self.changing():
            chosen = [self._library.find(source_id)] if source_id else list(self._library.searchable().values())
            with self._encoding_ahead(progress) as ahead:
                report = self._intake.reread(chosen, progress=progress, handover=ahead.put)
            self._build(progress, whole=True)
            self._after()
        return report

    def follow(self, *, progress: Progress = no_progress) -> IngestReport:
        """Make searchable here what another app server took in, and forget what it removed or erased.

        Cheap where nothing is new. Raises: StaleIndex where another process is at it, ModelError.
        """
        if not self._lacking() and not self._left_over():
            return IngestReport()
        with self.changing():
            for source_id, is_erased in self._left_over().items():
                if is_erased:
                    self.forget(source_id)
                else:
                    self._catalog.drop(source_id)
            lacking = self._lacking()
            with self._encoding_ahead(progress) as ahead:
                report = self._intake.reread(lacking, progress=progress, handover=ahead.put)
            self._build(progress)
            self._unlike.update(one.source_id for one in lacking if not self._catalog.has(one.source_id))
        return report

    def _lacking(self) -> list[LibraryEntry]:
        """The sources a search might show, but that this server has not made searchable."""
        found = [one for one in self._library.searchable().values() if one.passages is None]
        return [one for one in found if one.source_id not in self._unlike and self._originals.has(one.source_id)]

    def _left_over(self) -> dict[str, bool]:
        """The sources in the catalog that no search may show any more; whether they were erased for good."""
        sources, held = self._library.sources(), self._catalog.counts()
        return {one: bool(sources[one].purged) for one in held if one in sources and sources[one].is_gone}

    def forget(self, source_id: str) -> None:
        """Leave nothing of a source in what was derived: passages, indexes, pages read by OCR, copies of what is known."""
        self._catalog.erase(source_id)
        shutil.rmtree(self._workspace.ocr_pages / source_id, ignore_errors=True)
        for name in (LAST_INTAKE, "library.json", "register.json"):
            (self._workspace.derived / name).unlink(missing_ok=True)

    def refuse_unless_taking_in(self) -> None:
        """Raises: WorkspaceError on an app server whose evidence/ is not looked at."""
        if not self._takes_in:
            raise WorkspaceError(
                "This server takes no files in: takes_in under [records] of workbench.toml is false.",
                hint="Nothing was changed. Do it on the server that has the folder evidence/; it is found here as well.",
                code="takes_no_files",
            )

    def remove(self, source_id: str, *, actor: Reviewer, reason: str = "") -> LibraryEntry:
        """Take a source out of every search; the original and every citation of it stay."""
        with self.changing():
            entry = self._library.remove(source_id, actor=actor, reason=reason)
            self._build(no_progress)
            self._after()
        return entry

    def renew(self) -> None:
        """Make the index anew after a source was erased; then what follows for verdicts. Raises: ModelError, StaleIndex."""
        with self.changing():
            self._after()
            self._build(no_progress)

    def keep_index(self) -> None:
        """Bring the index up to the model and the settings, and into few files. For the background: it may take minutes.

        Where the derived files were deleted, or are of another version, every original is read again. Searches go on with the
        index before it. Raises: StaleIndex where somebody else is at it, ModelError.
        """
        with self.changing():
            self._prune()
            if not self._takes_in:
                self.follow()
            if self._catalog.corpus().passages:
                self._build(no_progress)
            elif self._takes_in and self._library.searchable():
                self.read_again()
            self._catalog.compact()

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Be the only one to change the evidence, in this process and across processes; searches go on meanwhile.

        May be nested within one thread. Raises: StaleIndex with code `index_busy` where another process is at it.
        """
        with self._changing, self._catalog.writing():
            yield

    def waiting(self) -> list[str]:
        """Files that no search here finds yet: in evidence/ as they are now, or taken in by another app server."""
        if not self._takes_in:
            return [path for one in self._lacking() for path in one.paths]
        return self._intake.waiting()

    @contextmanager
    def _taking_in(self, paths: Sequence[Path], nodes: str | None, progress: Progress) -> Iterator[Intake]:
        """What takes files in; where nodes are named, with what those read of them."""
        if nodes is None:
            yield self._intake
            return
        from workbench.bulk import read_elsewhere
        from workbench.inbox import Inbox
        from workbench.intake import Intake

        files = [given for given, _ in Inbox(self._workspace, self._settings.evidence).files(paths, [])]
        with read_elsewhere(
            nodes,
            files,
            catalog=self._catalog,
            encoder=self._encoder(),
            settings=self._settings,
            folder=self._workspace.derived / "bulk",
            progress=progress,
        ) as parts:
            own = (self._workspace, self._settings, self._library, self._originals, self._catalog)
            yield Intake(*own, ahead=parts.of)

    def _encoding_ahead(self, progress: Progress) -> EncodingAhead:
        """What encodes while files are read; a model that is missing is said here, before anything is taken in."""
        from workbench.encoding_ahead import EncodingAhead

        return EncodingAhead(self._catalog, self._encoder(), progress)

    def _build(self, progress: Progress, *, whole: bool = False) -> None:
        """A new index generation, unless the current one matches the model, the settings and the passages."""
        self._catalog.sketches.renew()
        encoder = self._encoder()
        if not whole and self._catalog.is_current(encoder.fingerprint, self._settings):
            return
        try:
            generation = self._catalog.generation()
        except StaleIndex:
            generation = None
        before = generation.manifest.passages if generation else 0
        try:
            name = self._catalog.build(
                encoder, self._settings, whole=whole, progress=lambda done, total: progress("Encoding", done, total)
            )
        except EngineError as error:
            message = f"{error.message} What was taken in is kept; it is found once the index has it."
            raise EngineError(message, hint=f"{error.hint} Then run: workbench evidence sync", code=error.code) from error
        now = self._catalog.corpus().passages
        log.tell("index built", generation=name, passages=now)
        if now - before >= LARGE * now:
            self._catalog.compact()


def _nothing() -> None:
    """What follows a change where another server says what does."""


def _by_its_place(line: AddedFile) -> AddedFile:
    return line.model_copy(update={"path": line.stored})  # not where its draft was
