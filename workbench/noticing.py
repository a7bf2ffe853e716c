"""What of evidence/ is as sync saw it, and what is not. No file is read for it.

What lives here: a file, or its text, beside what is remembered of it. What does not: listing the folder, or reading what is
new (intake.py).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath

from workbench.arrivals import UNREAD
from workbench.catalog import FileStamp
from workbench.errors import FileFailure
from workbench.folders import META_SUFFIX, Listed
from workbench.models import Failure, KnownFile, LibraryEntry, Source
from workbench.reading.formats import FORMATS
from workbench.reading.ocr import Ocr
from workbench.source_fold import KnownSource
from workbench.tally import Tally

OCR_FAILURES = ("no_text_layer", "needs_description", "ocr_language_missing")  # that installing something may have mended


@dataclass(frozen=True)
class Remembered:
    """What is remembered of evidence/ before a sync. held: passages by source id, as the catalog holds them.

    ocr: whether it was installed since a file failed for want of it.
    """

    sources: Mapping[str, KnownSource]
    seen: Mapping[str, FileStamp]
    failures: Mapping[str, Failure]
    held: Mapping[str, int]
    ocr: Ocr

    def may_be_read_now(self, path: str) -> bool:
        """Whether OCR could give words of a file that failed for having none, and has not looked at it yet."""
        is_read = PurePath(path).suffix.lower() in FORMATS  # a sound file waits for a description whatever is installed
        return is_read and self.failures[path].code in OCR_FAILURES and self.ocr.can_help(self.seen[path].sha256)


def is_settled(path: str, file: Listed, before: Remembered, tally: Tally) -> bool:
    """Whether nothing is left to do for a file; what is to be said of it is in the tally then. No file is read."""
    stamp = before.seen.get(path)
    if stamp is None or has_changed(file.path, stamp):
        return False
    if path in before.failures:
        if stamp.sha256 == UNREAD or before.may_be_read_now(path):
            return False  # a full disk, a missing permission: what was in the way may be gone, though the file is as it was
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


def _is_said(meta_path: str, file: Listed, known: KnownSource, before: Remembered) -> bool:
    """Whether NAME.meta.yaml, as it is now, was taken in, or is listed as a failure."""
    is_taken_in = bool(known.layers.get("file")) or meta_path in before.failures
    if not file.has_metadata:
        return not is_taken_in
    return is_taken_in and not has_changed(file.path + META_SUFFIX, before.seen.get(meta_path))


def stamp_of(stat: os.stat_result, sha256: str) -> FileStamp:
    """What is remembered of a file, so that a change of it is noticed."""
    return FileStamp(size=stat.st_size, mtime_ns=stat.st_mtime_ns, sha256=sha256)


def refuse_other_text(path: str, source: Source, known: LibraryEntry) -> None:
    """Raises: FileFailure where reading an original again gave another text than what is cited was taken from."""
    if source.text_sha256 != known.text_sha256:
        raise FileFailure(
            f"{path} reads otherwise on this server than where it was taken in.",
            hint="It is not searched here. Run the same version of the workbench, with the same tesseract, on every server.",
            code="reads_otherwise",
        )


def has_changed(file: str, stamp: FileStamp | None) -> bool:
    """Whether a file is not as it was seen."""
    try:
        stat = os.lstat(file)
    except OSError:
        return True
    return stamp is None or (stamp.size, stamp.mtime_ns) != (stat.st_size, stat.st_mtime_ns)
