"""The evidence of a workspace, taken in and kept searchable: files in, files out, and an index that is up to both.

What lives here: who may change the evidence at one time, encoding while files are read, when a generation is built and when the
index is put into fewer files. What does not: noticing and reading files (intake.py), what the events say (library.py), indexes
(catalog/).
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from workbench import notes
from workbench.catalog import Catalog
from workbench.errors import StaleIndex
from workbench.library import Library
from workbench.models import OPERATOR, IngestReport, LibraryEntry, Note, Reviewer, SourceMeta
from workbench.originals import Originals
from workbench.progress import Progress, no_progress
from workbench.settings import Settings, Workspace

if TYPE_CHECKING:
    from workbench.encoders import Encoder
    from workbench.encoding_ahead import EncodingAhead
    from workbench.intake import Intake

LARGE = 0.1  # of the passages: after an intake that large, putting the index into few files costs no more than it did


class Stock:
    """One change at a time in this process, and one across processes; searches go on meanwhile."""

    def __init__(
        self,
        workspace: Workspace,
        settings: Settings,
        library: Library,
        originals: Originals,
        catalog: Catalog,
        encoder: Callable[[], Encoder],
    ) -> None:
        self._workspace = workspace
        self._settings = settings
        self._library = library
        self._originals = originals
        self._catalog = catalog
        self._encoder = encoder
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
    ) -> IngestReport:
        """Copy files or folders into evidence/, take them in and make them searchable."""
        with self._changing, self._catalog.writing():
            with self._encoding_ahead(progress) as ahead:
                report = self._intake.add(paths, meta=meta, replace=replace, actor=actor, progress=progress, handover=ahead.put)
            self._build(progress)
        return report

    def add_note(self, note: Note, *, actor: Reviewer, progress: Progress = no_progress) -> IngestReport:
        """Write a note as a file of its own in evidence/notes/, and take it in."""
        folder = self._workspace.evidence / notes.FOLDER
        name = file = PurePosixPath(notes.file_name(note))
        number = 1
        with tempfile.TemporaryDirectory() as place:
            draft = Path(place, notes.FOLDER)
            draft.mkdir()
            with self._changing, self._catalog.writing():
                while (folder / file).exists():
                    number += 1
                    file = name.with_stem(f"{name.stem}-{number}")
                (draft / file).write_text(notes.written(note, actor), encoding="utf-8")
                report = self.add([draft], meta=notes.meta_of(note, actor), actor=actor, progress=progress)
        added = tuple(line.model_copy(update={"path": line.stored}) for line in report.added)  # not where the draft was
        return report.model_copy(update={"added": added})

    def sync(self, *, progress: Progress = no_progress) -> IngestReport:
        """Take in what was dropped into, changed in or taken from evidence/, and make it searchable."""
        with self._changing, self._catalog.writing():
            with self._encoding_ahead(progress) as ahead:
                report = self._intake.sync(progress=progress, handover=ahead.put)
            self._build(progress)
        return report

    def read_again(self, source_id: str | None = None, *, progress: Progress = no_progress) -> IngestReport:
        """Read one original (or all) again and build the index afresh."""
        with self._changing, self._catalog.writing():
            with self._encoding_ahead(progress) as ahead:
                report = self._intake.reread(source_id, progress=progress, handover=ahead.put)
            self._build(progress, whole=True)
        return report

    def remove(self, source_id: str, *, actor: Reviewer, reason: str = "") -> LibraryEntry:
        """Take a source out of every search; the original and every citation of it stay."""
        with self._changing, self._catalog.writing():
            entry = self._library.remove(source_id, actor=actor, reason=reason)
            self._build(no_progress)
        return entry

    def keep_index(self) -> None:
        """Bring the index up to the model and the settings, and into few files. For the background: it may take minutes.

        Where the derived files were deleted, or are of another version, every original is read again. Searches go on with the
        index before it. Raises: StaleIndex where somebody else is at it, ModelError.
        """
        with self._changing, self._catalog.writing():
            if self._catalog.corpus().passages:
                self._build(no_progress)
            elif self._library.searchable():
                self.read_again()
            self._catalog.compact()

    def waiting(self) -> list[str]:
        """Files in evidence/ that have not been taken in as they are now."""
        return self._intake.waiting()

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
        self._catalog.build(
            encoder, self._settings, whole=whole, progress=lambda done, total: progress("Encoding", done, total)
        )
        now = self._catalog.corpus().passages
        if now - before >= LARGE * now:
            self._catalog.compact()
