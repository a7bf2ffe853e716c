"""Files on disk: which are evidence, safe names, folders listed without losing one, and files written whole or not at all.

What lives here: names, walking, writing, copying, and where this user's caches are. What does not: what a file says, or what
becomes of it (intake.py).
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import sys
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, NamedTuple

from workbench.errors import FileFailure, WorkspaceError
from workbench.models import Failure

META_SUFFIX = ".meta.yaml"
UNFINISHED = re.compile(r"\.\d+-\d+\.part")  # a file that is being written, or was when its process was killed
NAME_LIMIT = 180  # bytes of one file name: every file system here takes 255, and a copy may need a suffix


def cache_folder() -> Path:
    """Where this user's caches are: WORKBENCH_CACHE, else the platform's own place. Not made yet."""
    named = os.environ.get("WORKBENCH_CACHE")
    if named:
        return Path(named).expanduser()
    if sys.platform == "darwin":
        return Path("~/Library/Caches/workbench").expanduser()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or "~/AppData/Local").expanduser() / "workbench"
    return Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "workbench"


def is_evidence_name(name: str) -> bool:
    """Whether a file of that name is evidence: not README*, not a dotfile, not metadata."""
    return not (name.startswith(".") or name.upper().startswith("README") or name.endswith(META_SUFFIX))


def safe_name(name: str) -> str:
    """A file name that is safe on every disk and shows what it is: control and direction characters become `_`.

    Kept to 180 bytes of UTF-8, the suffix whole (RELIABILITY.md cases 1 to 3).
    """
    name = name.replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join("_" if unicodedata.category(one) in ("Cc", "Cf", "Cs") else one for one in name).rstrip(". ") or "_"
    stem, dot, suffix = plain.rpartition(".")
    if len(plain.encode()) > NAME_LIMIT and dot and len(suffix) <= 10:
        return stem.encode()[: NAME_LIMIT - len(suffix.encode()) - 1].decode(errors="ignore") + dot + suffix
    return plain.encode()[:NAME_LIMIT].decode(errors="ignore")


def shown_path(path: Path | str) -> str:
    """A path that can be printed and stored: bytes that are no UTF-8 are shown as escapes."""
    return str(path).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


class Listed(NamedTuple):
    """A file of a listed folder. path: the folder as it was given, and the way to the file."""

    path: str
    has_metadata: bool  # whether NAME.meta.yaml stands beside it


def evidence_files(folder: Path) -> tuple[list[Listed], list[Failure]]:
    """Every evidence file under a folder, in path order, and the folders that could not be listed: none is passed over."""
    unlisted: list[Failure] = []

    def note(error: OSError) -> None:
        path = shown_path(error.filename or folder)
        hint = "Make it readable, then try again. What was taken in from it before stays as it is."
        message = f"{path} cannot be listed: {error.strerror}."
        unlisted.append(Failure(path=path, code="unreadable_folder", message=message, hint=hint))

    files = []
    for base, folders, names in os.walk(folder, onerror=note):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        here = set(names)
        files += [Listed(f"{base}/{name}", name + META_SUFFIX in here) for name in sorted(names) if is_evidence_name(name)]
    return files, unlisted


def has_metadata(file: Path) -> Path | None:
    """NAME.meta.yaml beside a file, where there is one."""
    beside = file.with_name(file.name + META_SUFFIX)
    try:
        return beside if beside.is_file() else None
    except OSError:  # the name is as long as a name can be: none can stand beside it
        return None


def same_bytes(one: Path, other: Path) -> bool:
    """Whether two files hold the same bytes."""
    if one.stat().st_size != other.stat().st_size:
        return False
    with one.open("rb") as a, other.open("rb") as b:
        while True:
            left, right = a.read(1 << 20), b.read(1 << 20)
            if left != right:
                return False
            if not left:
                return True


def copy_whole(file: Path, target: Path) -> None:
    """Copy so that the target is either absent, old or whole, even when the machine stops in the middle.

    Raises: FileFailure naming the file that cannot be read, or the place that cannot be written.
    """
    try:
        with file.open("rb") as source:
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
                with written_whole(target) as copy:
                    shutil.copyfileobj(source, copy)
            except OSError as error:
                hint = "Check that no file has the name of its folder, the permissions and the free space, then try again."
                message = f"{shown_path(target)} could not be written: {error.strerror}."
                raise FileFailure(message, hint=hint, code="not_copied") from error
    except OSError as error:
        message = f"{shown_path(file)} cannot be read: {error.strerror}."
        raise FileFailure(message, hint="Make it readable, then try again.", code="unreadable_file") from error


def write_whole(target: Path, data: bytes, *, replace: bool = True) -> None:
    """Write a file as `written_whole` does. Raises: OSError; FileExistsError where there is one and it may not be replaced."""
    with written_whole(target, replace=replace) as file:
        file.write(data)


@contextmanager
def written_whole(target: Path, *, replace: bool = True) -> Iterator[BinaryIO]:
    """A file to write, which takes the target's name when the block ends: the target is absent, old or whole at any moment.

    The bytes are on the disk before the name is, and the name before this returns. Where the block raises, nothing is left.
    Raises: OSError; FileExistsError where there is a target and it may not be replaced.
    """
    part = target.with_name(f".{os.getpid()}-{threading.get_ident()}.part")  # as UNFINISHED has it
    try:
        with part.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if replace:
            os.replace(part, target)
        else:
            _name_anew(part, target)
    finally:
        with suppress(OSError):  # its folder may not be one: then nothing was begun
            part.unlink(missing_ok=True)
    sync_path(target.parent)


def prune_unfinished(folder: Path, *, before: float) -> int:
    """Remove what killed processes left half-written there and below; how many. before: last change, in seconds since 1970."""
    pruned = 0
    for base, _, names in os.walk(folder):
        for part in (Path(base, name) for name in names if UNFINISHED.fullmatch(name)):
            with suppress(OSError):  # somebody else was quicker, or it may not be removed: it does no harm
                if part.lstat().st_mtime < before:
                    part.unlink()
                    pruned += 1
    return pruned


def _name_anew(part: Path, target: Path) -> None:
    """Give the finished file its name; unlike a rename, neither way replaces a file that is there."""
    try:
        os.link(part, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links (FAT, some network shares)
        with target.open("xb") as file:
            file.write(part.read_bytes())


def sync_path(path: Path) -> None:
    """Have the disk hold a file's bytes or a folder's names. Raises: OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def one_process(lock: Path) -> Iterator[None]:
    """Hold a lock that all processes share while the block runs. Raises: WorkspaceError where its folder cannot be written."""
    try:
        opened = lock.open("a")
    except OSError as error:
        message = f"{lock.parent} cannot be written: {error.strerror}; claim files have changed."
        raise WorkspaceError(message, hint="Check the permissions of the folder.", code="unwritable") from error
    with opened as held:
        fcntl.flock(held, fcntl.LOCK_EX)  # the kernel frees it when a process dies
        yield
