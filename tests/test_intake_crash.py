"""SIGKILL while files are taken in: the next run goes on, nothing is taken in twice and little is done twice."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.conftest import FakeEncoder
from workbench.arrivals import FILES_AT_ONCE
from workbench.care import verify
from workbench.desk import Desk
from workbench.encoding_ahead import AT_ONCE

pytestmark = pytest.mark.process

ROOT = Path(__file__).resolve().parents[1]
FILES, UNREADABLE = 3 * FILES_AT_ONCE, 3
TEXTS = 3  # in each file
KILLS = int(os.environ.get("WORKBENCH_KILLS", "3"))
SEED = 20261125


def take_in(home: Path, log: Path, *, killed_after: float | None) -> str:
    """What the process said before it ended or was killed."""
    command = [sys.executable, "-m", "tests.intake_child", str(home), str(log)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "READY\n"
    if killed_after is not None:
        time.sleep(killed_after)  # not a wait for something to happen: the moment of the kill is what is tested
        process.kill()
    return process.communicate()[0]


def test_an_intake_that_is_killed_again_and_again_is_finished_by_the_last_run(home: Path, tmp_path: Path) -> None:
    for number in range(FILES):
        words = "\n\n".join(
            f"Observer {number} counted ballot box {box}, and saw that nothing was amiss." for box in range(TEXTS)
        )
        (home / "evidence" / f"{number:03}.txt").write_text(words, encoding="utf-8")
    for number in range(UNREADABLE):
        (home / "evidence" / f"empty{number}.txt").write_text(" ", encoding="utf-8")
    log, moments = tmp_path / "log", random.Random(SEED)

    for _ in range(KILLS):
        take_in(home, log, killed_after=moments.uniform(0.2, 2.0))
    said = take_in(home, log, killed_after=None)

    encoded = Counter(log.read_text(encoding="utf-8").splitlines())
    with Desk.open(home, encoder=FakeEncoder) as desk:
        events = Counter(event.subject_id for event in desk.ledger.since(subject_kind="source"))
        assert verify(desk).failures == ()
        assert (len(desk.library()), len(desk.failures()), desk.waiting()) == (FILES, UNREADABLE, [])
    assert sum(map(int, said.split())) == FILES + UNREADABLE
    assert set(events.values()) == {1}
    assert encoded.total() - len(encoded) <= KILLS * AT_ONCE
