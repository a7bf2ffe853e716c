"""The sha256 of files, with a memory that outlives the process.

What lives here: hashing a file again only when its size, a time or its inode changed since. What does not: which hash a file
should have (a manifest, or the list of a published model, says that). The memory is only a saving: one that cannot be read or
written means hashing again.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple


class Identity(NamedTuple):
    """What changes when a file is written into or replaced. Linking and unlinking change ctime_ns alone."""

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int


class CheckedFiles:
    """The sha256 of files, each hashed once while it stays as it is. Safe from several threads.

    record: the file that other processes read it from; it need not exist, nor be writable.
    """

    def __init__(self, record: Path) -> None:
        self._record = record
        self._known: dict[Identity, str] = {}
        self._told: dict[Identity, str] = {}  # what the record said when it was last read or written here
        self._uses_record = True

    def forget(self) -> None:
        """Hash every file anew from here on, whatever the record says, until it is saved again."""
        self._known, self._uses_record = {}, False

    def sha256(self, path: Path) -> str:
        """The sha256 of a file as it is now. Raises: OSError."""
        now = identity(path)
        if now not in self._known and self._uses_record:
            self._told = self._read()  # another process may have hashed it since
            self._known |= self._told
        if now not in self._known:
            found = _sha256(path)
            if identity(path) != now:
                return found  # it changed while it was read: not to be remembered
            self._known |= {now: found}
        return self._known[now]

    def link(self, old: Path, new: Path) -> None:
        """Have `new` be the same file as `old`, its hash still known; a copy where the file system has no links."""
        with self.untouched([old]):
            try:
                os.link(old, new)
            except OSError:
                shutil.copyfile(old, new)

    @contextmanager
    def untouched(self, paths: Iterable[Path]) -> Iterator[None]:
        """Around linking and unlinking: they change one time of a file and nothing else, so its hash stays known.

        Raises: OSError.
        """
        before = [(path, identity(path), self.sha256(path)) for path in paths]
        yield
        for path, was, sha256 in before:
            now = identity(path)
            if (now.size, now.mtime_ns, now.inode) == (was.size, was.mtime_ns, was.inode):
                self._known |= {now: sha256}

    def keep(self, paths: Iterable[Path]) -> None:
        """Forget all but what is known of these files, and have other processes know that."""
        kept: dict[Identity, str] = {}
        for path in paths:
            with suppress(OSError):
                now = identity(path)
                kept |= {now: self._known[now]} if now in self._known else {}
        self._known = kept
        self.save()

    def save(self) -> None:
        """Have other processes know what is known here."""
        if self._uses_record and self._known == self._told:
            return
        draft = self._record.with_name(f"{self._record.name}.{os.getpid()}.tmp")
        with suppress(OSError):
            draft.write_text(json.dumps([[*one, sha256] for one, sha256 in list(self._known.items())]), encoding="ascii")
            draft.replace(self._record)
            self._told, self._uses_record = dict(self._known), True

    def _read(self) -> dict[Identity, str]:
        try:
            rows = json.loads(self._record.read_text(encoding="ascii"))
            return {Identity(*map(int, row[:4])): str(row[4]) for row in rows}
        except (OSError, ValueError, TypeError, IndexError, KeyError, RecursionError):
            return {}


def identity(path: Path) -> Identity:
    """The identity of a file as it is now. Raises: OSError."""
    found = path.stat()
    return Identity(found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
