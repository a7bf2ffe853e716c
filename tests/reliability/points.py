"""H1 and H2: every job killed, failed and interrupted at every door to the disk, and killed at random moments besides."""

from __future__ import annotations

import importlib
import random
import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.reliability.faults import Faults, install
from tests.reliability.forks import Ended, Say, apart
from tests.reliability.jobs import JOBS, Job

ACTIONS = ("kill", "error", "full", "interrupt")


@dataclass
class Points:
    """What was tried and what came of it. slowest: CPU seconds the next start took at most, verification included."""

    tried: Counter[str] = field(default_factory=Counter)
    acked: int = 0
    slowest: float = 0.0
    problems: list[str] = field(default_factory=list)


class Bench:
    """Where jobs are tried: each try in a fresh copy of the job's folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.found = Points()

    def prepared(self, name: str) -> tuple[int, float]:
        """(points, seconds) of a run of this job in which nothing goes wrong."""
        template = self._folder / name
        _in_its_own(lambda _: JOBS[name](template).prepare())
        _load(apart(lambda say: _loaded(self._fresh(name), say)))
        job = self._fresh(name)
        began = time.monotonic()
        ended = apart(lambda say: _counted(job, say))
        if ended.raised:
            raise RuntimeError(f"{name} fails with nothing wrong: {ended.raised}")
        return int(ended.of("POINTS")[0][0]), time.monotonic() - began

    def at_point(self, name: str, action: str, nth: int) -> bool:
        """Try the job with something wrong at its nth door; whether it came that far."""
        job = self._fresh(name)
        ended = apart(lambda say: _faulty(job, action, nth, say))
        hit = ended.of("HIT")
        if not hit and not ended.killed:
            return False
        self._look(job, f"{name}: {action} at {nth} ({' '.join(hit[0]) if hit else '?'})", ended, action)
        self.found.tried[f"{name} {action}"] += 1
        return True

    def at_moment(self, name: str, after: float) -> None:
        """Kill the job so many seconds after it began."""
        job = self._fresh(name)
        self._look(job, f"{name}: killed after {after:.4f} s", apart(job.work, kill_after=after), "kill")
        self.found.tried[f"{name} random"] += 1

    def _fresh(self, name: str) -> Job:
        place = self._folder / "try"
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(self._folder / name, place)
        return JOBS[name](place)

    def _look(self, job: Job, where: str, ended: Ended, action: str) -> None:
        """Look at what was left, have the job done again, and look again."""
        if action in ("error", "full") and ended.raised and not ended.is_clear:
            self.found.problems.append(f"{where}: raised {ended.raised}")
        acked = dict(ended.of("ACK"))
        after = apart(lambda say: again(job, acked, say))
        self.found.acked += len(acked)
        self.found.slowest = max([self.found.slowest, *(float(line[0]) for line in after.of("TOOK"))])
        self.found.problems += [f"{where}: {' '.join(line)}" for line in after.of("PROBLEM")]
        if after.raised or after.killed:
            self.found.problems.append(f"{where}: the next start failed: {after.raised or 'it hung'}")


def _in_its_own(work: object) -> None:
    ended = apart(work)  # type: ignore[arg-type]
    if ended.raised:
        raise RuntimeError(ended.raised)


def _loaded(job: Job, say: Say) -> None:
    job.work(lambda *_: None)
    list(job.done({}))
    for module in list(sys.modules):
        say("MODULE", module)


def _load(ended: Ended) -> None:
    """Import what a run imported on its way, so that the next is ready in milliseconds."""
    for (module,) in ended.of("MODULE"):
        if module not in sys.modules:
            with suppress(ImportError):
                importlib.import_module(module)


def _counted(job: Job, say: Say) -> None:
    faults = Faults("count", 0, lambda _: None)
    install(faults)
    job.work(say)
    say("POINTS", len(faults.names))


def _faulty(job: Job, action: str, nth: int, say: Say) -> None:
    install(Faults(action, nth, lambda door: say("HIT", door)))
    job.work(say)


def again(job: Job, acked: dict[str, str], say: Say) -> None:
    """Look at what an interrupted job left, do it again, and look again. Says PROBLEM and TOOK."""
    for problem in job.left():
        say("PROBLEM", problem)
    began = time.process_time()
    job.work(lambda *_: None)
    say("TOOK", time.process_time() - began)
    for problem in job.done(acked):
        say("PROBLEM", problem)


def sweep(bench: Bench, *, jobs: tuple[str, ...], actions: tuple[str, ...], first: int = 1, every: int = 1) -> Iterator[str]:
    """Every job with every action at every (or every so many-th) point from the first on; a line of progress for each."""
    for name in jobs:
        points, _ = bench.prepared(name)
        for action in actions:
            nth = first
            while bench.at_point(name, action, nth):
                nth += every
            yield f"{name}: {action} at {bench.found.tried[f'{name} {action}']} of {points} points"


def at_random(bench: Bench, *, jobs: tuple[str, ...], kills: int, seed: int) -> Iterator[str]:
    """So many kills at moments spread over each job's time, in turn."""
    moments = random.Random(seed)
    took = {name: bench.prepared(name)[1] for name in jobs}
    for number in range(kills):
        name = jobs[number % len(jobs)]
        bench.at_moment(name, moments.uniform(0, took[name]))
    yield f"{kills} kills at random moments"
