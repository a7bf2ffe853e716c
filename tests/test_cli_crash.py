"""SIGKILL while `workbench verdict record` runs as a process of its own: what was acknowledged is there, once, and whole."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.conftest import ANA, FakeEncoder, make_claim
from workbench.care import verify
from workbench.desk import Desk

pytestmark = pytest.mark.process

KILLS = int(os.environ.get("WORKBENCH_KILLS", "4"))  # `make reliability` gives it 50
SEED = 20211  # a failing seed is kept


def record(home: Path, token: str, *, seconds: float | None) -> str:
    """What the command printed before it ended, or before it was killed after `seconds`."""
    arguments = ["--workspace", str(home), "verdict", "record", "c", "--rating", "not-enough-evidence"]
    arguments += ["--rationale", "Killed?"]
    command = [sys.executable, "-m", "workbench", *arguments, "--reviewer", f"R{token}", "--token", token, "--json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        return process.communicate(timeout=seconds)[0]
    except subprocess.TimeoutExpired:
        process.kill()
        return process.communicate()[0]


def acknowledged(printed: str) -> dict[str, str] | None:
    try:
        stored = json.loads(printed)
    except ValueError:
        return None
    return {"token": stored["token"], "hash": stored["hash"]}


def test_kills_lose_no_acknowledged_verdict_and_double_none(home: Path) -> None:
    with Desk.open(home, encoder=FakeEncoder) as desk:
        desk.add_claim(make_claim("c"), actor=ANA)
    whole = [record(home, f"whole{number}", seconds=None) for number in range(3)]
    moments = random.Random(SEED)
    waits = [moments.uniform(0.4, 2.4) for _ in range(KILLS)]
    with ThreadPoolExecutor(2) as pool:
        printed = list(pool.map(lambda item: record(home, f"t{item[0]}", seconds=item[1]), enumerate(waits)))

    acks = [ack for ack in map(acknowledged, [*whole, *printed]) if ack]
    with Desk.open(home, encoder=FakeEncoder) as desk:
        kept = {verdict.token: verdict.hash for verdict in desk.case("c").verdicts}
        tokens = [verdict.token for verdict in desk.case("c").verdicts]
        assert verify(desk).failures == ()

    assert len(acks) >= 3
    assert {ack["token"]: ack["hash"] for ack in acks}.items() <= kept.items()
    assert len(tokens) == len(set(tokens))


def test_a_killed_save_can_be_repeated_with_its_token(home: Path) -> None:
    with Desk.open(home, encoder=FakeEncoder) as desk:
        desk.add_claim(make_claim("c"), actor=ANA)
    record(home, "t", seconds=0.9)

    assert acknowledged(record(home, "t", seconds=None)) == acknowledged(record(home, "t", seconds=None))
