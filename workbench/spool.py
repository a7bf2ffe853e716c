"""Records on their way from a file into a store, kept on disk meanwhile: many take no more memory than one.

What lives here: a sequence that is written once, one record after the other, and read as often as anybody likes. What does not:
what the records are. The file has no name, so that nothing is left of it however the process ends.
"""

from __future__ import annotations

import os
import tempfile
from array import array
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Generic, TypeVar, overload

T = TypeVar("T")
BUFFERED = 65_536  # bytes that wait to be written


class Spool(Sequence[T], Generic[T]):
    """Written by one thread, then read by any number. dump, load: a record as bytes, and back."""

    def __init__(self, folder: Path, *, dump: Callable[[T], bytes], load: Callable[[bytes], T]) -> None:
        self._file = tempfile.TemporaryFile(dir=folder, buffering=0)  # noqa: SIM115
        self._dump = dump
        self._load = load
        self._ends = array("Q", [0])
        self._unwritten = bytearray()

    def append(self, record: T) -> None:
        """Put one record after the others. Raises: OSError where the disk is full."""
        data = self._dump(record)
        self._unwritten += data
        self._ends.append(self._ends[-1] + len(data))
        if len(self._unwritten) >= BUFFERED:
            self._write()

    def _write(self) -> None:
        while self._unwritten:  # an unbuffered file may take a part
            del self._unwritten[: self._file.write(self._unwritten)]

    def __len__(self) -> int:
        return len(self._ends) - 1

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> list[T]: ...
    def __getitem__(self, place: int | slice) -> T | list[T]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        at = range(len(self))[place]
        return self._read(self._ends[at], self._ends[at + 1])

    def __iter__(self) -> Iterator[T]:
        return (self._read(start, end) for start, end in pairwise(self._ends))

    def _read(self, start: int, end: int) -> T:
        self._write()
        return self._load(os.pread(self._file.fileno(), end - start, start))
