"""Files and whole folders copied so that a copy can be trusted: hashed as it is read, on the disk before it has its name.

What lives here: listing what lies below a folder, copying one file, a folder that appears whole or not at all, whether there is
room. What does not: what is worth copying, and what a copy must hold (backup.py).
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple

from workbench.errors import FileFailure, WorkspaceError
from workbench.folders import UNFINISHED, shown_path, sync_path

CHUNK = 1 << 20  # bytes in memory at a time, however large the file
SPARE = 50_000_000  # bytes that stay free on a disk beside what is copied to it


class Found(NamedTuple):
    """A file below a folder. path: from that folder, with `/`. size: in bytes."""

    path: str
    file: Path
    size: int


class Odd(NamedTuple):
    """What lies below a folder and is not copied, and why."""

    path: str
    reason: str


def files_below(folder: Path) -> tuple[list[Found], list[Odd]]:
    """Every regular file below a folder, in path order, and what is there besides: links are not followed, nothing is opened.

    What a process is still writing, or left when it was killed, is passed over.
    """
    found: list[Found] = []
    odd: list[Odd] = []

    def unlisted(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):
            odd.append(Odd(shown_path(os.path.relpath(error.filename, folder)), f"cannot be listed ({error.strerror})"))

    for base, folders, names in os.walk(folder, onerror=unlisted):
        folders.sort()
        for name in sorted([*names, *(one for one in folders if os.path.islink(os.path.join(base, one)))]):
            file = Path(base, name)
            path = shown_path(file.relative_to(folder).as_posix())
            try:
                seen = file.lstat()
            except FileNotFoundError:
                continue  # it went while the folder was listed
            if not stat.S_ISREG(seen.st_mode):
                odd.append(Odd(path, "is a link" if stat.S_ISLNK(seen.st_mode) else "is no regular file"))
            elif not (UNFINISHED.fullmatch(name) or name.startswith(".unfinished-")):
                found.append(Found(path, file, seen.st_size))
    return found, odd


def copy_hashed(file: Path, target: Path) -> tuple[int, str]:
    """Copy bytes, permissions and time of change to a new file; the size and sha256 of what was copied, which is on the disk.

    Raises: FileFailure where the file cannot be read (then there is no target); OSError where the target cannot be written.
    """
    digest = hashlib.sha256()
    target.parent.mkdir(parents=True, exist_ok=True)
    with _opened(file) as source, target.open("xb") as copy:
        try:
            for chunk in _chunks(source, file):
                digest.update(chunk)
                copy.write(chunk)
        except FileFailure:
            target.unlink()
            raise
        copy.flush()
        seen = os.fstat(source.fileno())
        os.fchmod(copy.fileno(), stat.S_IMODE(seen.st_mode) & 0o666)
        os.fsync(copy.fileno())
        size = copy.tell()
    os.utime(target, ns=(seen.st_atime_ns, seen.st_mtime_ns))
    return size, digest.hexdigest()


def _opened(file: Path) -> BinaryIO:
    try:
        return open(os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb")
    except OSError as error:
        raise _unreadable(file, error) from error


def _chunks(source: BinaryIO, file: Path) -> Iterator[bytes]:
    while True:
        try:
            chunk = source.read(CHUNK)
        except OSError as error:
            raise _unreadable(file, error) from error
        if not chunk:
            return
        yield chunk


def _unreadable(file: Path, error: OSError) -> FileFailure:
    hint = "Make it readable, then try again."
    return FileFailure(f"{shown_path(file)} cannot be read: {error.strerror}.", hint=hint, code="unreadable_file")


def hash_of(file: Path) -> str:
    """The sha256 of a file as it lies there. Raises: OSError."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


@contextmanager
def new_folder(place: Path) -> Iterator[Path]:
    """A folder to fill, which takes the place's name when the block ends: the place is absent, empty or whole at any moment.

    Where the block raises, nothing is left; what a killed process left is taken away first.
    Raises: WorkspaceError where something is there, where another process is at it, or where it cannot be written.
    """
    _refuse_taken(place)
    draft = place.with_name(f".{place.name}.unfinished")
    try:
        draft.mkdir(parents=True, exist_ok=True)
        with _alone_in(draft):
            try:
                yield draft
                for base, _, _ in os.walk(draft):
                    sync_path(Path(base))
                _refuse_taken(place)
                os.replace(draft, place)  # an empty folder gives way, a full one does not
                sync_path(place.parent)
            except BaseException:
                shutil.rmtree(draft, ignore_errors=True)
                raise
    except OSError as error:
        hint = "Check that you may write there and that there is room; nothing was made, and nothing else was changed."
        what = error.strerror or str(error)
        raise WorkspaceError(f"{place} cannot be written: {what}.", hint=hint, code="unwritable") from error


def _refuse_taken(place: Path) -> None:
    if os.path.lexists(place) and (place.is_symlink() or not place.is_dir() or any(place.iterdir())):
        raise WorkspaceError(
            f"{place} exists and is not empty; nothing was changed.", hint="Name a new or empty folder.", code="not_empty"
        )


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """One process at a time in a folder that is emptied first; the kernel lets go of the lock when the process dies."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            hint = "Wait until it is done, or name another folder."
            raise WorkspaceError(f"Another process is filling {folder}.", hint=hint, code="busy") from error
        for left in folder.iterdir():
            shutil.rmtree(left) if left.is_dir() and not left.is_symlink() else left.unlink()
        yield
    finally:
        os.close(descriptor)


def room_for(folder: Path, size: int) -> None:
    """Nothing, where a disk has room for so many bytes more. Raises: WorkspaceError with code `disk_full`."""
    there = folder
    while not there.exists():
        there = there.parent
    free = shutil.disk_usage(there).free
    if free < size + SPARE:
        raise WorkspaceError(
            f"{folder} has {free / 1e6:,.0f} MB free; {(size + SPARE) / 1e6:,.0f} MB are needed.",
            hint="Free some space or name another disk; nothing was written.",
            code="disk_full",
        )
