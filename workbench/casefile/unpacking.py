"""A case file on its way in, which anybody may have made: its files listed and read, nothing unpacked by its own name.

What lives here: a folder or a zip as names, sizes and bytes, and what is odd about how it is put together. What does not: what
the files should say (checking.py). No name that is not one of layout.py is ever opened, no link followed, nothing written but
to the path the caller gives; what is too large is a fault, and never in memory.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from workbench.casefile.layout import MOST_BYTES, MOST_FILES, MOST_WORDS, is_known
from workbench.errors import ExportError
from workbench.models import spelled_out

CHUNK = 1 << 20
DEEPEST = 60  # levels of JSON: ours has some ten
_PLAIN = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}  # the other methods may take gigabytes of memory to unpack
# What zipfile raises for a zip that is damaged, or made to hurt.
_BROKEN = (OSError, EOFError, ValueError, RuntimeError, NotImplementedError, OverflowError, zipfile.BadZipFile, zlib.error)


class Fault(NamedTuple):
    """What is wrong with one file of a case file. file: its name as it can be printed."""

    file: str
    message: str


class Unreadable(Exception):
    """One file of a case file cannot be read as what it should be; the text says why."""


@dataclass(frozen=True)
class Packed:
    """A case file that was opened. sizes: of its files by name, as it states them; faults: of how it is put together."""

    sizes: Mapping[str, int]
    open: Callable[[str], Any]  # a context manager of a binary file
    faults: tuple[Fault, ...] = ()

    def whole(self, name: str) -> bytes:
        """The bytes of a file that is read whole. Raises: Unreadable."""
        return b"".join(self._chunks(name, MOST_WORDS))

    def sha256(self, name: str, *, copy_to: Path | None = None) -> str:
        """The sha256 of a file, which is copied to `copy_to` on the way. Raises: Unreadable."""
        digest = hashlib.sha256()
        with nullcontext() if copy_to is None else copy_to.open("wb") as copy:
            for chunk in self._chunks(name, MOST_BYTES):
                digest.update(chunk)
                if copy is not None:
                    copy.write(chunk)
        return digest.hexdigest()

    def _chunks(self, name: str, most: int) -> Iterator[bytes]:
        """The bytes of a file, never more than it states to have."""
        size = self.sizes[name]
        if size > most:
            raise Unreadable(f"it has {size:,} bytes, and {most:,} are the most")
        try:
            with self.open(name) as file:
                while size and (chunk := file.read(min(CHUNK, size))):
                    yield chunk
                    size -= len(chunk)
                if size or file.read(1):
                    raise Unreadable("it does not have the size it states")
        except _BROKEN as error:
            raise Unreadable(f"it cannot be read ({type(error).__name__}: {error})") from error


@contextmanager
def unpacked(path: Path) -> Iterator[Packed]:
    """The case file at a path: a folder, or a zip. Raises: ExportError where there is neither."""
    if path.is_dir():
        yield _folder(path)
        return
    if not path.is_file():  # a pipe would be waited for
        hint = "Name a folder or a .zip that workbench casefile wrote."
        raise ExportError(f"There is no case file {path}.", hint=hint, code="no_case_file")
    try:
        archive = zipfile.ZipFile(path)
    except _BROKEN as error:
        hint = "A case file is a folder or a .zip that workbench casefile wrote. Fetch it again."
        message = f"{path} is no case file, or a damaged one ({type(error).__name__}: {error})."
        raise ExportError(message, hint=hint, code="no_case_file") from error
    with archive:
        yield _zip(archive)


# --- a folder ------------------------------------------------------------------------------------------------------


def _folder(root: Path) -> Packed:
    sizes: dict[str, int] = {}
    faults: list[Fault] = []
    for path in _below(root, faults):
        name = path.relative_to(root).as_posix()
        found = path.lstat()
        if stat.S_ISDIR(found.st_mode):
            continue
        if not stat.S_ISREG(found.st_mode):
            faults.append(Fault(_shown(name), "it is a link or a device, not a file"))
        elif not is_known(name):
            faults.append(Fault(_shown(name), "a case file holds no such file"))
        else:
            sizes[name] = found.st_size
    return _bounded(sizes, lambda name: _plain_file(root / name), faults)


def _below(root: Path, faults: list[Fault]) -> Iterator[Path]:
    """What stands in a folder and its one folder of originals; a link to a folder is not entered."""
    count = 0
    for base, folders, names in os.walk(root, onerror=lambda error: faults.append(Fault(_shown(error.filename), "unreadable"))):
        if Path(base) != root:
            folders[:] = []
        for name in (*folders, *names):
            count += 1
            if count > MOST_FILES:
                faults.append(Fault(_shown(root.name), f"it holds more than {MOST_FILES:,} files"))
                return
            yield Path(base, name)


@contextmanager
def _plain_file(path: Path) -> Iterator[BinaryIO]:
    with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
        yield file


# --- a zip ---------------------------------------------------------------------------------------------------------


def _zip(archive: zipfile.ZipFile) -> Packed:
    found: dict[str, zipfile.ZipInfo] = {}
    faults: list[Fault] = []
    members = archive.infolist()
    if len(members) > MOST_FILES:
        return Packed({}, archive.open, (Fault(_shown(archive.filename or ""), f"it holds more than {MOST_FILES:,} files"),))
    for member in members:
        name = member.filename
        odd = _oddity(member) or ("it stands there twice" if name in found else None)
        if odd:
            faults.append(Fault(_shown(name), odd))
        elif not member.is_dir():
            found[name] = member
    sizes = {name: member.file_size for name, member in found.items()}
    return _bounded(sizes, lambda name: archive.open(found[name]), faults)


def _oddity(member: zipfile.ZipInfo) -> str | None:
    mode = member.external_attr >> 16
    if member.is_dir():
        return None if member.filename == "originals/" else "a case file holds no such folder"
    if not is_known(member.filename):
        return "a case file holds no such file"
    if mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return "it is a link or a device, not a file"
    if member.flag_bits & 0x1:
        return "it is encrypted"
    return None if member.compress_type in _PLAIN else "it is packed in a way that is not read here"


def _bounded(sizes: Mapping[str, int], opened: Callable[[str], Any], faults: list[Fault]) -> Packed:
    if sum(sizes.values()) > MOST_BYTES:
        return Packed({}, opened, (*faults, Fault("manifest.json", f"the files are larger than {MOST_BYTES:,} bytes together")))
    return Packed(sizes, opened, tuple(faults))


def _shown(name: str) -> str:
    """A name that can be printed, cut to 200 characters."""
    return spelled_out(name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace"))[:200]


# --- JSON from outside ---------------------------------------------------------------------------------------------


def _said_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object, unless it says one thing twice: two readers could see two things."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return found


def json_of(data: bytes) -> Any:
    """The value of one JSON text in UTF-8. Raises: Unreadable, also for what is nested deep, doubled, or no number."""

    def refuse(name: str) -> float:
        raise ValueError(f"{name} is no number")

    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=_said_once, parse_constant=refuse)
        json.dumps(value, ensure_ascii=False).encode("utf-8")  # half a character (a lone surrogate) is in no text of ours
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"it is no sound JSON ({error})") from error
    if _depth(value) > DEEPEST:
        raise Unreadable("its JSON is nested too deep")
    return value


def _depth(value: Any) -> int:
    deepest, open_nodes = 0, [(value, 1)]
    while open_nodes:
        node, depth = open_nodes.pop()
        deepest = max(deepest, depth)
        children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
        open_nodes.extend((child, depth + 1) for child in children)
    return deepest
