"""H11: jobs on a small disk that is full but for so many pages, and on one that turned read-only.

The disk is a tmpfs of its own in a mount namespace of its own (`unshare -m`, or with user namespaces without being root); where
neither is allowed, that is said and the failpoints of faults.py stand in: they fail every write from the Nth on.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from tests.reliability.forks import apart
from tests.reliability.jobs import JOBS, Job
from workbench import copying

PAGE = 4096
SIZE = 6_000_000  # bytes of the small disk


class Filled(NamedTuple):
    """Of so many tries on a small disk: what was refused with a clear error, what was done, and what does not hold."""

    tried: int
    refused: int
    done: int
    problems: list[str]


def namespace() -> list[str] | None:
    """The command that gives a process mounts of its own; None where this machine allows none."""
    mount = ["mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    for command in (["unshare", "-m"], ["unshare", "-Urm"]):
        try:
            if subprocess.run([*command, *mount], capture_output=True, check=False).returncode == 0:
                return command
        except OSError:
            return None
    return None


def on_small_disks(folder: Path, *, jobs: tuple[str, ...], margins: int, step: int) -> Filled:
    """Run in the namespace: each job with 0, step, 2 step ... pages free, then read-only, and again once there is room."""
    copying.SPARE = 0  # the preflight is tried elsewhere: here the disk is to fill up in the middle
    disk = folder / "disk"
    disk.mkdir()
    tried, refused, problems = 0, 0, []
    for name in jobs:
        template = folder / name
        apart(lambda _, name=name, template=template: JOBS[name](template).prepare())  # type: ignore[misc]
        for margin in [*range(0, margins, step), None]:
            _mount(disk)
            shutil.copytree(template, disk / "try")
            job = JOBS[name](disk / "try")
            _fill(disk, margin)
            ended = apart(job.work)
            tried += 1
            refused += bool(ended.raised)
            where = f"{name} with {margin} pages free" if margin is not None else f"{name} on a read-only disk"
            if ended.raised and not ended.is_clear:
                problems.append(f"{where}: raised {ended.raised}")
            _make_room(disk)
            problems += [f"{where}: {problem}" for problem in _again(job, dict(ended.of("ACK")))]
            subprocess.run(["umount", str(disk)], check=True)
    return Filled(tried, refused, tried - refused, problems)


def _mount(disk: Path) -> None:
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(disk)], check=True)


def _fill(disk: Path, margin: int | None) -> None:
    """Leave so many pages free; None makes the disk read-only instead."""
    if margin is None:
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        return
    free = os.statvfs(disk)
    with (disk / "filler").open("wb") as filler:
        for _ in range(max(0, free.f_bavail * free.f_bsize // PAGE - margin)):
            filler.write(b"\0" * PAGE)


def _make_room(disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
    (disk / "filler").unlink(missing_ok=True)


def _again(job: Job, acked: dict[str, str]) -> list[str]:
    def work(say: object) -> None:
        for problem in job.left():
            say("PROBLEM", problem)  # type: ignore[operator]
        job.work(lambda *_: None)
        for problem in job.done(acked):
            say("PROBLEM", problem)  # type: ignore[operator]

    again = apart(work)
    found = [" ".join(line) for line in again.of("PROBLEM")]
    return [*found, f"the next start failed: {again.raised}"] if again.raised or again.killed else found


def inside(arguments: list[str]) -> subprocess.CompletedProcess[str] | None:
    """This program again, with mounts of its own; None where that is not allowed."""
    command = namespace()
    if command is None:
        return None
    return subprocess.run(
        [*command, sys.executable, "-m", "tests.reliability", *arguments], capture_output=True, text=True, check=False
    )
