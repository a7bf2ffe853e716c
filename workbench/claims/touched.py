"""Whether anything under claims/ was touched since it was last taken in, asked before any file of it is read.

What lives here: the sizes and times of claim files, and a record of those that are known to be taken in, which outlives the
process: a verdict is saved without reading a thousand claim files. What does not: reading them (files.py), or what the ledger
holds. The record is only a saving: one that cannot be read or written means reading the files.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from workbench.hashing import Identity
from workbench.models import sha256_hex

SETTLED_NS = 2_000_000_000  # a file may be written again within one tick of its file system's clock: 2 s on the coarsest

Stamps = Mapping[str, Identity]


class Mark(NamedTuple):
    """The event of a ledger up to which files were taken in. ledger: the id it was born with."""

    ledger: str
    seq: int
    hash: str


def stamps_of(folder: Path) -> dict[str, Identity]:
    """Size, times and inode of everything in the folder and below, by path; {} where there is no folder."""
    stamps = {}
    folders = [str(folder)]
    while folders:
        with suppress(FileNotFoundError), os.scandir(folders.pop()) as found:  # a folder may go while it is walked
            for one in found:
                stat = one.stat(follow_symlinks=False)
                stamps[one.path] = Identity(stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino)
                if one.is_dir(follow_symlinks=False):
                    folders.append(one.path)
                elif one.is_symlink():  # what it points to may change while it does not
                    with suppress(OSError):
                        there = one.stat()
                        stamps[f"{one.path}@"] = Identity(there.st_size, there.st_mtime_ns, there.st_ctime_ns, there.st_ino)
    return stamps


class TakenIn:
    """The record at `path` of the claim files that were taken in as they are."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def mark_of(self, stamps: Stamps) -> Mark | None:
        """Where the ledger stood when files with exactly these stamps had been taken in; None where that is not known."""
        try:
            told = json.loads(self._path.read_bytes())
            return Mark(*told["mark"]) if told["stamps"] == _digest(stamps) else None
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return None

    def remember(self, stamps: Stamps, mark: Mark) -> None:
        """Have later processes know that these are taken in, unless one was touched too lately to tell."""
        draft = self._path.with_name(f"{self._path.name}.{os.getpid()}.tmp")
        with suppress(OSError):
            draft.write_text(json.dumps({"stamps": _digest(stamps), "mark": mark}), encoding="ascii")
            now = draft.stat().st_mtime_ns  # by the clock of the file system, if they are on one
            newest = max((max(one.mtime_ns, one.ctime_ns) for one in stamps.values()), default=0)
            if newest + SETTLED_NS <= now:
                draft.replace(self._path)
            else:
                draft.unlink()


def _digest(stamps: Stamps) -> str:
    return sha256_hex(json.dumps(sorted(stamps.items())))
