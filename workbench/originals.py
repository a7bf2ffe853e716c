"""The bytes of every evidence file as received, and the cited texts, each stored once under its sha256.

What lives here: keeping, finding and checking bytes (`originals/ab/<sha256>`, `texts/ab/<sha256>.txt`). What does not: reading
them (reading/). A file appears under its name whole or not at all: it is written beside, synced, then renamed, and the folder
is synced too, so that an event may refer to it (RELIABILITY.md rule 13).
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import re
import stat
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from workbench.errors import FileFailure, UnknownId
from workbench.folders import sync_path
from workbench.models import sha256_hex

CHUNK = 1 << 20  # bytes in memory at a time, however large the file
READ_ONLY = 0o444
UNFINISHED = ".unfinished-"  # beginning of the name of a file that is still being written
_SHA256 = re.compile(r"[0-9a-f]{64}")
_DISK_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_LINK_OR_DEVICE = {errno.ELOOP, errno.ENXIO, errno.EISDIR}


class Originals:
    """A write-once store of bytes and of texts in one folder (`workspace.records`). Folders are made when first needed."""

    def __init__(self, folder: Path) -> None:
        self._originals = folder / "originals"
        self._texts = folder / "texts"
        self.remove_unfinished()

    def keep(self, path: Path) -> str:
        """The sha256 of the bytes at `path`, which are stored now. The hash is of what was copied, not of a second reading.

        Raises: FileFailure `not_a_regular_file` (also for any symbolic link), `not_found`, `unreadable`, `disk_full`,
        `originals_unwritable`; then nothing is stored.
        """
        with _opened(path) as file:
            return _store(_chunks_of(file, path), self._original)

    def keep_bytes(self, data: bytes) -> str:
        """The sha256 of `data`, which is stored now. Raises: FileFailure as `keep`."""
        return _store([data], self._original)

    def path(self, sha256: str) -> Path:
        """Where the bytes lie. Raises: UnknownId."""
        return _found(self._original, sha256, "original")

    def has(self, sha256: str) -> bool:
        """Whether the bytes are stored."""
        return _SHA256.fullmatch(sha256) is not None and self._original(sha256).is_file()

    def keep_text(self, text: str) -> str:
        """The sha256 of the text's UTF-8, which is stored now. Raises: FileFailure as `keep`; `not_text`."""
        try:
            data = text.encode("utf-8")
        except UnicodeEncodeError as error:
            hint = "Read the file again with another encoding; nothing was stored."
            raise FileFailure(f"The text cannot be stored exactly: {error.reason}.", hint=hint, code="not_text") from error
        return _store([data], self._text)

    def text(self, text_sha256: str) -> str:
        """The stored text, exactly. Raises: UnknownId; FileFailure `altered` where it is no longer what was stored."""
        path = _found(self._text, text_sha256, "text")
        try:
            data = path.read_bytes()
        except OSError as error:
            raise _unreadable(path, error) from error
        if sha256_hex(data) != text_sha256:
            hint = "Put the file back from a backup, or take the evidence file in again."
            raise FileFailure(f"The stored text {path} was changed: it no longer matches its name.", hint=hint, code="altered")
        return data.decode("utf-8")

    def erase(self, sha256: str) -> None:
        """Delete the bytes, if they are here: what was written once goes only where somebody has it erased for good."""
        _erase(self._original(sha256))

    def erase_text(self, text_sha256: str) -> None:
        """Delete a kept text, if it is here."""
        _erase(self._text(text_sha256))

    def altered(self) -> list[str]:
        """The sha256 of every original and text whose bytes no longer match their name, or cannot be read; sorted."""
        return sorted(path.name[:64] for path in self._stored() if _hash_of_file(path) != path.name[:64])

    def stored(self) -> set[str]:
        """The sha256 of every original that is here, whole or not."""
        return {path.name for path in self._stored() if path.parent.parent == self._originals}

    def remove_unfinished(self) -> None:
        """Remove what a killed process left half-written; what another process is writing now is locked, and stays."""
        for folder in (self._originals, self._texts):
            for path in folder.glob(f"{UNFINISHED}*"):
                _remove_unless_locked(path)

    def _original(self, sha256: str) -> Path:
        return self._originals / sha256[:2] / sha256

    def _text(self, sha256: str) -> Path:
        return self._texts / sha256[:2] / f"{sha256}.txt"

    def _stored(self) -> Iterator[Path]:
        for folder, pattern in ((self._originals, "??/*"), (self._texts, "??/*.txt")):
            yield from (path for path in folder.glob(pattern) if _SHA256.fullmatch(path.name.removesuffix(".txt")))


def _erase(path: Path) -> None:
    if _SHA256.fullmatch(path.name.removesuffix(".txt")) and path.is_file():
        path.unlink()
        sync_path(path.parent)


def _found(place: Callable[[str], Path], sha256: str, what: str) -> Path:
    path = place(sha256)
    if _SHA256.fullmatch(sha256) is None or not path.is_file():
        raise UnknownId(
            f"No {what} with the sha256 {sha256!r} is stored.",
            hint="`workbench evidence list` shows what is; `workbench verify` says what was lost.",
        )
    return path


def _opened(path: Path) -> BinaryIO:
    """The file, opened without following a link and without waiting for a FIFO's writer."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError as error:
        raise FileFailure(f"There is no file {path}.", hint="Check the name and try again.", code="not_found") from error
    except OSError as error:
        if error.errno in _LINK_OR_DEVICE:
            raise _not_regular(path) from error
        raise _unreadable(path, error) from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise _not_regular(path)
    return open(descriptor, "rb", buffering=0)


def _not_regular(path: Path) -> FileFailure:
    hint = "Add a plain file: in place of a link, the file it points to."
    return FileFailure(f"{path} is not a regular file but a link, a folder or a device.", hint=hint, code="not_a_regular_file")


def _unreadable(path: Path, error: OSError) -> FileFailure:
    hint = "Check that you may read it and that its disk is connected."
    return FileFailure(f"{path} cannot be read ({error.strerror}).", hint=hint, code="unreadable")


def _chunks_of(file: BinaryIO, path: Path) -> Iterator[bytes]:
    while True:
        try:
            chunk = file.read(CHUNK)
        except OSError as error:
            raise _unreadable(path, error) from error
        if not chunk:
            return
        yield chunk


def _store(chunks: Iterable[bytes], place: Callable[[str], Path]) -> str:
    """The sha256 of the chunks, which lie whole and synced at `place(sha256)` when this returns."""
    root = place("0" * 64).parent.parent
    unfinished: Path | None = None
    try:
        _make_folder(root)
        file, unfinished = _new_unfinished(root)
        with file:
            sha256 = _write(chunks, file)
            final = place(sha256)
            _make_folder(final.parent)
            if _hash_of_file(final) != sha256:  # not there yet, or damaged: the same bytes mend it
                os.replace(unfinished, final)
            sync_path(final.parent)
        return sha256
    except OSError as error:
        raise _unwritable(root, error) from error
    finally:
        if unfinished is not None:
            unfinished.unlink(missing_ok=True)


def _new_unfinished(folder: Path) -> tuple[BinaryIO, Path]:
    """A new file in `folder`, locked for as long as it is open, so that nobody takes it for a dead process's."""
    while True:
        descriptor, name = tempfile.mkstemp(prefix=UNFINISHED, dir=folder)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if os.fstat(descriptor).st_nlink:  # else it was cleared away before it was locked
            return open(descriptor, "wb"), Path(name)
        os.close(descriptor)


def _write(chunks: Iterable[bytes], file: BinaryIO) -> str:
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
        file.write(chunk)
    file.flush()
    os.fchmod(file.fileno(), READ_ONLY)
    os.fsync(file.fileno())
    return digest.hexdigest()


def _unwritable(folder: Path, error: OSError) -> FileFailure:
    if error.errno in _DISK_FULL:
        hint = "Free some space, then add the file again; nothing was stored."
        return FileFailure(f"The disk of {folder} is full.", hint=hint, code="disk_full")
    hint = "Check that you may write to that folder, then add the file again; nothing was stored."
    return FileFailure(f"{folder} cannot be written ({error.strerror}).", hint=hint, code="originals_unwritable")


def _make_folder(folder: Path) -> None:
    """Make the folder and those above it, each synced into its parent."""
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        sync_path(folder.parent)


def _hash_of_file(path: Path) -> str | None:
    """None for a file that is not there or cannot be read."""
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def _remove_unless_locked(path: Path) -> None:
    try:
        with open(path, "rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink(missing_ok=True)
    except OSError:  # gone meanwhile, or still being written: not ours to remove
        return
