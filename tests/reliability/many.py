"""A run over very many files (row 9): it ends, every file is told of once, and nothing of it is done twice."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from tests.conftest import NOON, FakeEncoder
from workbench.care import verify
from workbench.desk import Desk
from workbench.models import IngestReport

IN_ONE_FOLDER = 250
SUFFIXES = {97: ".xyz", 98: ".pdf"}  # of the numbers that end so


class Run(NamedTuple):
    """How many files were taken in, had failed (by code), were there already; and what does not hold."""

    files: int
    added: int
    failed: Counter[str]
    same: int
    cpu_seconds: float
    problems: list[str]

    @property
    def told(self) -> int:
        """The files that the run told of."""
        return self.added + self.failed.total() + self.same


def take_in_all(folder: Path, *, files: int) -> Run:
    """Take so many files in, then again: of a hundred one is empty, one no text, one damaged, and two have the same bytes."""
    home = folder / "desk"
    (home / "evidence").mkdir(parents=True)
    (home / "workbench.toml").write_text('name = "Many"\n', encoding="utf-8")
    paths = {_written(home / "evidence", number) for number in range(files)}
    with Desk.open(home, encoder=FakeEncoder, now=lambda: NOON) as desk:
        began = time.process_time()
        first = desk.sync_evidence()
        took = time.process_time() - began
        problems = [*_told_once(first, paths), *verify(desk).failures]
        again = desk.sync_evidence()
        if again.added or desk.waiting():
            problems.append(f"a second run takes in {len(again.added)} files, and {len(desk.waiting())} wait")
        if len(desk.library()) != len({*(line.source_id for line in first.added)}):
            problems.append(f"{len(desk.library())} sources came of {len(first.added)} files")
    failed = Counter(one.code for one in first.failed)
    return Run(files, len(first.added), failed, len(first.unchanged), took, problems)


def _told_once(told: IngestReport, paths: set[str]) -> list[str]:
    named = Counter(
        [*(one.path for one in told.added), *(one.path for one in told.failed), *(one.path for one in told.unchanged)]
    )
    problems = [f"{path} is told of {count} times" for path, count in named.items() if count > 1]
    if missing := paths - named.keys():
        problems.append(f"{len(missing)} files are not told of, {min(missing)} among them")
    return problems


def _written(evidence: Path, number: int) -> str:
    kind, place = number % 100, evidence / str(number // IN_ONE_FOLDER)
    place.mkdir(exist_ok=True)
    name = f"{number}{SUFFIXES.get(kind, '.txt')}"
    same = number - 1 if kind == 50 else number
    text = "" if kind == 99 else f"Observer {same} counted {same * 7} votes in town {same % 331}. Nobody objected."
    (place / name).write_text(text, encoding="utf-8")
    return f"evidence/{place.name}/{name}"
