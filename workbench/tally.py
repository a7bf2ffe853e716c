"""What an intake has done so far, file by file, for whoever watches it, stops it, or wants it as a table.

What lives here: counting, timing, and the wish that it end early. What does not: taking files in (intake.py, arrivals.py), or
the forms of the table (exports/intake.py). One thread fills it; any thread may look, or ask it to stop.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from workbench.models import AddedFile, Failure, IngestReport, KnownFile, Record

T = TypeVar("T")


@dataclass
class Tally:
    """The lists of an IngestReport while they fill."""

    added: list[AddedFile] = field(default_factory=list)
    unchanged: list[KnownFile] = field(default_factory=list)
    replaced: list[AddedFile] = field(default_factory=list)
    removed: list[KnownFile] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)

    def report(self) -> IngestReport:
        """The report as it stands."""
        return IngestReport(**{name: tuple(lines) for name, lines in vars(self).items()})


class FileRow(Record):
    """What became of one file. path: as given; stored: as in the workspace. seconds: spent on copying and reading it."""

    path: str
    outcome: Literal["added", "replaced", "unchanged", "removed", "failed"]
    stored: str | None = None
    source_id: str | None = None
    sha256: str | None = None
    passages: int | None = None
    warnings: tuple[str, ...] = ()
    code: str | None = None
    message: str | None = None
    hint: str | None = None
    seconds: float | None = None


class Run:
    """One intake while it goes on. left: files it did not begin, because it was stopped. names: what given paths are called."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.tally = Tally()
        self.left = 0
        self.names: dict[str, str] = {}
        self._clock = clock
        self._seconds: dict[str, float] = {}
        self._stored: dict[str, str] = {}
        self._stop = threading.Event()

    def stop(self) -> None:
        """Have it end after the file in hand. What was read is stored and made searchable; the next one goes on from there."""
        self._stop.set()

    @property
    def is_stopped(self) -> bool:
        """Whether somebody asked it to end."""
        return self._stop.is_set()

    def each(self, items: Sequence[T]) -> Iterator[tuple[int, T]]:
        """The items with their numbers, until somebody asks it to end."""
        for number, item in enumerate(items):
            if self.is_stopped:
                self.left = len(items) - number
                return
            yield number, item

    @contextmanager
    def timing(self, path: str, stored: str) -> Iterator[None]:
        """Count the time of the block for a file. path: as the report names it."""
        began = self._clock()
        self._stored[path] = stored
        try:
            yield
        finally:
            self._seconds[path] = self._seconds.get(path, 0.0) + self._clock() - began

    def rows(self, at: Callable[[str], Sequence[str]]) -> tuple[FileRow, ...]:
        """A row for every line of the report so far. at: the ids of the sources at a stored path."""
        tally = self.tally
        rows = [self._row(one.path, "replaced" if one.replaces else "added", one) for one in (*tally.added, *tally.replaced)]
        for one in tally.unchanged:
            stored = self._stored.get(one.path, one.path)
            source_id = next(iter(at(stored)), None)
            name = called(one.path, self.names)
            rows.append(FileRow(path=name, outcome="unchanged", stored=stored, source_id=source_id, sha256=source_id))
        rows += [FileRow(path=one.path, outcome="removed") for one in tally.removed]
        rows += [self._row(one.path, "failed", one) for one in tally.failed]
        return tuple(rows)

    def _row(self, path: str, outcome: Literal["added", "replaced", "failed"], line: AddedFile | Failure) -> FileRow:
        spent = self._seconds.get(path)
        seconds = None if spent is None else round(spent, 3)
        known = {"path": called(path, self.names), **line.model_dump(exclude={"path", "replaces"})}
        return FileRow.model_validate({"outcome": outcome, "stored": self._stored.get(path), "seconds": seconds, **known})


def called(path: str, names: Mapping[str, str]) -> str:
    """What a file is called by whoever gave it; one found inside it is called after it. The path itself where nobody did."""
    given = next((one for one in names if path == one or path.startswith(f"{one}/")), None)
    return path if given is None else names[given] + path[len(given) :]
