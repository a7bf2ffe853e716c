"""Files on disk as the intake meets them: which are evidence, safe names, folders listed without losing one, whole copies.

What lives here: names, walking, copying. What does not: what a file says, or what becomes of it (intake.py).
"""

from __future__ import annotations

import os
import shutil
import unicodedata
from pathlib import Path

from workbench.errors import FileFailure
from workbench.models import Failure

META_SUFFIX = ".meta.yaml"
NAME_LIMIT = 180  # bytes of one file name: every file system here takes 255, and a copy may need a suffix


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


def evidence_files(folder: Path) -> tuple[list[Path], list[Failure]]:
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
        files += [Path(base) / name for name in sorted(names) if is_evidence_name(name)]
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
    temporary = target.with_name(f".{os.getpid()}.part")
    try:
        with file.open("rb") as source:
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
                with temporary.open("wb") as copy:
                    shutil.copyfileobj(source, copy)
                    copy.flush()
                    os.fsync(copy.fileno())
                os.replace(temporary, target)
            except OSError as error:
                _remove(temporary)
                hint = "Check that no file has the name of its folder, the permissions and the free space, then try again."
                message = f"{shown_path(target)} could not be written: {error.strerror}."
                raise FileFailure(message, hint=hint, code="not_copied") from error
    except OSError as error:
        message = f"{shown_path(file)} cannot be read: {error.strerror}."
        raise FileFailure(message, hint="Make it readable, then try again.", code="unreadable_file") from error


def _remove(temporary: Path) -> None:
    try:
        temporary.unlink(missing_ok=True)
    except OSError:  # its folder is not one; the copy never began
        return
