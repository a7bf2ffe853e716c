"""What colleagues saw in photos and videos, or heard in recordings, written down as files of evidence like any other.

What lives here: which file is meant, adding a place to what somebody wrote, and what became of the file since. What does not:
the layout of a description (reading/description.py), taking it in (stock.py). It lies in evidence/described/ and names its
file by sha256; several people may describe one file, each in a file of their own.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

import regex

from workbench.catalog import Catalog
from workbench.errors import FileFailure
from workbench.folders import NAME_LIMIT, safe_name, same_bytes
from workbench.library import Library
from workbench.models import (
    UNKNOWN_DATE,
    Described,
    Description,
    Failure,
    IngestReport,
    LibraryEntry,
    PartialDate,
    Reviewer,
    Segment,
    display_name,
)
from workbench.originals import Originals
from workbench.pages import Pages
from workbench.progress import Progress, no_progress
from workbench.reading.description import parsed, title_for, with_segment, written
from workbench.reading.media import MEDIA, Medium, check_medium, medium_of
from workbench.settings import Workspace
from workbench.stock import Stock

FOLDER, SUFFIX = "described", ".described"


@dataclass(frozen=True)
class MediaFile:
    """A photo, video or sound file of evidence/. path: relative to the workspace, with `/`."""

    path: str
    sha256: str
    medium: Medium

    @property
    def name(self) -> str:
        """Its name, safe to show and to write on one line."""
        return display_name(self.path)


class Descriptions:
    """The descriptions of one workspace."""

    def __init__(
        self,
        workspace: Workspace,
        stock: Stock,
        library: Library,
        catalog: Catalog,
        originals: Originals,
        pages: Pages,
        now: Callable[[], datetime],
    ) -> None:
        self._workspace = workspace
        self._stock = stock
        self._library = library
        self._catalog = catalog
        self._originals = originals
        self._pages = pages
        self._now = now

    def add(
        self,
        given: Path | str,
        segment: Segment,
        *,
        by: Reviewer,
        dated: PartialDate = UNKNOWN_DATE,
        progress: Progress = no_progress,
    ) -> IngestReport:
        """Describe one place of a file; what the same person wrote of it before gets this place too, as a new version.

        given: a file of evidence/ (its path, or its name alone), or one elsewhere, which is copied there. dated: when it was
        taken; where it is not said, what a photo states. Raises: FileFailure, ValidationError for a place that does not fit.
        """
        with self._stock.changing():
            media = self.media_file(given, actor=by)
            today = PartialDate(value=self._now().date().isoformat())
            of = Described(kind=media.medium.kind, file=media.name, sha256=media.sha256, who=by.display_name, on=today)
            mine = self._written_by(of)
            fresh = Description(title=title_for(of), of=of, dated=dated, segments=(segment,))
            if mine is None:
                if not dated.value:
                    fresh = fresh.model_copy(update={"dated": self._stated_date(media)})
                name, text = self._stock.free_name(FOLDER, _file_name(media, by)), written(fresh)
            else:
                name = mine.name
                text = with_segment(self._as_it_is(mine), segment, of, on=today, dated=dated)
                parsed(text, name)
            return self._stock.write(FOLDER, name, text, actor=by, replace=mine is not None, progress=progress)

    def media_file(self, given: Path | str, *, actor: Reviewer) -> MediaFile:
        """The photo, video or sound file that is meant, taken in where it was not yet. Raises: FileFailure."""
        file = self._found(Path(given))
        medium = medium_of(file.name)
        if medium is None:
            raise FileFailure(
                f"{display_name(file.name)} is no photo, video or sound file.",
                hint=f"These can be described: {' '.join(MEDIA)}. Write a note about anything else.",
                code="not_media",
            )
        path = self._stored(file) or self._copied_in(file, actor)
        if not self._is_seen(path):
            self._stock.sync()
        stamp = self._catalog.seen().get(path)
        if stamp is None or not self._originals.has(stamp.sha256):
            raise self._why_not(path)
        check_medium(self._originals.path(stamp.sha256), display_name(path), medium)
        return MediaFile(path, stamp.sha256, medium)

    def of(self, sha256: str) -> Sequence[LibraryEntry]:
        """The descriptions of the file with that sha256 that a search may show."""
        return self._library.descriptions().get(sha256, ())

    def fate(self, of: Described) -> str | None:
        """What became of the described file since, in a sentence; None while it lies in evidence/ as it was described."""
        if self.path_of(of):
            return None
        seen = self._catalog.seen()
        kept = "the one described is kept" if self._originals.has(of.sha256) else "the one described is not at hand"
        if any(display_name(path) == of.file for path in seen):
            return f"{of.file} in evidence/ was changed since it was described; {kept}."
        return f"{of.file} is no longer in evidence/; {kept}."

    def path_of(self, of: Described) -> str | None:
        """Where the described file lies in evidence/, byte for byte; None where it does not."""
        return next((path for path, stamp in self._catalog.seen().items() if stamp.sha256 == of.sha256), None)

    def describable(self, failures: Iterable[Failure]) -> frozenset[str]:
        """The paths of those files that could not be read, but can be described."""
        media = [one.path for one in failures if medium_of(one.path) is not None and one.code != "type_mismatch"]
        seen = self._catalog.seen() if media else {}
        return frozenset(path for path in media if path in seen and self._originals.has(seen[path].sha256))

    # finding the file ----------------------------------------------------------------------------------------------

    def _found(self, given: Path) -> Path:
        """The file that is meant. Raises: FileFailure not_found."""
        for file in (given, self._workspace.root / given, self._workspace.evidence / given):
            if file.is_file() and not file.is_symlink():
                return file
        named = [path for path in self._catalog.seen() if PurePosixPath(path).name == str(given)]
        if len(named) == 1:
            return self._workspace.root / named[0]
        what = f"Several files in evidence/ are called {given}." if named else f"There is no file {given}."
        raise FileFailure(
            what, hint="Give the path of a photo, video or sound file, such as evidence/protest.jpg.", code="not_found"
        )

    def _is_seen(self, path: str) -> bool:
        """Whether a file of evidence/ was taken in as it is now."""
        stamp, now = self._catalog.seen().get(path), (self._workspace.root / path).lstat()
        return stamp is not None and (stamp.size, stamp.mtime_ns) == (now.st_size, now.st_mtime_ns)

    def _copied_in(self, file: Path, actor: Reviewer) -> str:
        """Its path once it was copied into evidence/. Raises: FileFailure where it was refused."""
        path = PurePosixPath("evidence", safe_name(file.name)).as_posix()
        target = self._workspace.root / path
        if target.is_file() and same_bytes(file, target):
            return path
        report = self._stock.add([file], actor=actor)
        if target.is_file() and same_bytes(file, target):
            return path
        refused = report.failed[0]
        raise FileFailure(refused.message, hint=refused.hint, code=refused.code)

    def _why_not(self, path: str) -> FileFailure:
        """Why a file of evidence/ was not kept, as it is listed."""
        for one in self._catalog.failures():
            if one.path == path:
                return FileFailure(one.message, hint=one.hint, code=one.code)
        message = f"{path} is not taken in."
        return FileFailure(message, hint="Run: workbench evidence sync", code="not_taken_in")

    def _stored(self, file: Path) -> str | None:
        """Its path in the workspace; None where it lies elsewhere."""
        try:
            inside = file.resolve().relative_to(self._workspace.evidence.resolve())
        except ValueError:
            return None
        return PurePosixPath("evidence", *inside.parts).as_posix()

    def _written_by(self, of: Described) -> PurePosixPath | None:
        """Where the same person's description of the same file lies; None where there is none, or it was moved."""
        for entry in self.of(of.sha256):
            path = PurePosixPath(entry.paths[0])
            if entry.describes and entry.describes.who == of.who and path.parent == PurePosixPath("evidence", FOLDER):
                return path
        return None

    def _as_it_is(self, path: PurePosixPath) -> str:
        """A description as it lies in evidence/ now. Raises: FileFailure where it cannot be read as one."""
        file = self._workspace.root / path
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeError) as error:
            message = f"{path} cannot be read: {error}."
            raise FileFailure(message, hint="Mend or remove it, then describe again.", code="unreadable_file") from error
        parsed(text, display_name(path.name))
        return text

    def _stated_date(self, media: MediaFile) -> PartialDate:
        """The day a photo states it was taken; unknown where it states none or cannot be looked at."""
        if media.medium.kind != "photo" or not media.medium.is_shown:
            return UNKNOWN_DATE
        try:
            return self._pages.photo(media.sha256, media.name).look.taken or UNKNOWN_DATE
        except FileFailure:
            return UNKNOWN_DATE


def _file_name(media: MediaFile, by: Reviewer) -> str:
    """`protest.jpg.ann-lee.described`; letters of every script are kept."""
    who = regex.sub(r"[^\w]+", "-", unicodedata.normalize("NFKC", by.display_name).casefold()).strip("-_")[:40] or "someone"
    tail = f".{who}{SUFFIX}"
    stem = PurePosixPath(media.path).name.lstrip(".").encode()[: NAME_LIMIT - len(tail.encode())].decode(errors="ignore")
    return f"{stem}{tail}"
