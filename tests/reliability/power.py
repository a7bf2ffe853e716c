"""H10: the power is cut. Jobs are watched (traced.py), and what a cut would leave (platter.py) is looked at and worked on.

Run as `python -m tests.reliability.power JOB FOLDER` it is the process that is watched.
"""

from __future__ import annotations

import os
import random
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.reliability.forks import apart
from tests.reliability.jobs import JOBS
from tests.reliability.platter import Platter
from tests.reliability.points import again
from tests.reliability.traced import Call, calls, watched

LEDGER = "desk/records/ledger.sqlite"


@dataclass
class Cuts:
    """What was tried. synced: acknowledgements before which every change of the ledger was synced, of `acked`."""

    tried: int = 0
    calls: int = 0
    acked: int = 0
    synced: int = 0
    problems: list[str] = field(default_factory=list)


def cut(command: str, folder: Path, *, jobs: tuple[str, ...], cuts: int, seed: int) -> Cuts:
    """Each job watched once, and cut right after every acknowledgement, at its end, and at so many other calls."""
    found = Cuts()
    for name in jobs:
        template = folder / name
        apart(lambda _, name=name, template=template: JOBS[name](template).prepare())  # type: ignore[misc]
        place, trace = folder / "watched", folder / "trace"
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(template, place)
        ended = watched(command, [sys.executable, "-m", "tests.reliability.power", name, str(place)], trace)
        if ended.returncode:
            found.problems.append(f"{name} fails with nothing wrong: {ended.stderr[-500:]}")
            continue
        _cut_one(found, name, template, place, list(calls(trace)), cuts=cuts, luck=random.Random(f"{seed} {name}"))
        trace.unlink()
    return found


def _cut_one(found: Cuts, name: str, template: Path, place: Path, made: list[Call], *, cuts: int, luck: random.Random) -> None:
    acks = {number for number, call in enumerate(made) if _said(call)}
    changing = _changing(template, place, made)
    wanted = {*luck.sample(changing, min(cuts, len(changing))), len(made) - 1}
    platter, acked = Platter(place, before=template), dict[str, str]()
    for number, call in enumerate(made):
        platter.follow(call)
        if number in acks:
            acked.update(_said(call))
            found.acked += 1
            found.synced += platter.unsynced(LEDGER) == 0
        if number not in acks | wanted:
            continue
        for chance in (None, luck):
            found.tried += 1
            told = (
                f"{name}: cut after call {number} of {len(made)} ({call.name}), {'some' if chance else 'nothing'} unsynced kept"
            )
            found.problems += [f"{told}: {one}" for one in _left(name, platter, place.with_name("cut"), chance, acked)]
    found.calls += len(changing)


def _changing(template: Path, place: Path, made: list[Call]) -> list[int]:
    """The calls that changed or synced something below the folder."""
    platter = Platter(place, before=template)
    return [number for number, call in enumerate(made) if platter.follow(call)]


def _said(call: Call) -> dict[str, str]:
    """The acknowledgement (hash by token) that a call wrote to the parent; {} for every other call."""
    words = call.words[0].split() if call.name == "write" and call.words else []
    return {words[1].decode(): words[2].decode()} if len(words) == 3 and words[0] == b"ACK" else {}


def _left(name: str, platter: Platter, place: Path, luck: random.Random | None, acked: dict[str, str]) -> Iterator[str]:
    shutil.rmtree(place, ignore_errors=True)
    platter.image(place, luck)
    ended = apart(lambda say: again(JOBS[name](place), dict(acked), say))
    yield from (" ".join(line) for line in ended.of("PROBLEM"))
    if ended.raised or ended.killed:
        yield f"the next start failed: {ended.raised or 'it hung'}"


def main() -> None:
    """Do a job in a folder, and say what was acknowledged."""

    def say(*words: object) -> None:
        os.write(1, " ".join(map(str, words)).encode() + b"\n")

    name, folder = sys.argv[1:]
    JOBS[name](Path(folder)).work(say)


if __name__ == "__main__":
    main()
