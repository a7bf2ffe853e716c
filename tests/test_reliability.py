"""The short form of the harnesses in tests/reliability: what `make reliability` tries at every point, tried at a few."""

from __future__ import annotations

import errno
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ANA, make_claim
from tests.reliability.jobs import HereRoom
from tests.reliability.model import explore
from tests.reliability.mutants import mutate
from tests.reliability.trials import SHORT
from workbench import cases, intake, originals
from workbench.desk import Desk
from workbench.errors import WorkspaceError

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.process
def test_killed_failed_and_full_at_some_points_nothing_acknowledged_is_lost() -> None:
    """In a process of its own, which forks: see tests/reliability/trials.py for what is tried."""
    ended = subprocess.run(
        [sys.executable, "-m", "tests.reliability", "--short"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert {line.split(":")[0].split()[-1] for line in ended.stdout.splitlines()} == set(SHORT)


def test_a_file_that_a_full_disk_kept_out_is_taken_in_by_the_next_sync(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "ReadingRoom", HereRoom)
    (desk.workspace.evidence / "vote.txt").write_text("119 votes to 1.", encoding="utf-8")
    with monkeypatch.context() as full:
        full.setattr(originals, "_write", no_room)
        failed = desk.sync_evidence().failed

    assert [one.code for one in failed] == ["disk_full"]
    assert [one.path for one in desk.sync_evidence().added] == ["evidence/vote.txt"]
    assert desk.failures() == []


def test_a_claim_whose_file_cannot_be_written_is_said_to_be_recorded(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cases, "write_claim_file", no_room)

    with pytest.raises(WorkspaceError, match="The claims are recorded") as told:
        desk.add_claim(make_claim("c"), actor=ANA)

    assert told.value.code == "claim_file_unwritten"
    assert [case.claim.id for case in desk.claims()] == ["c"]


def no_room(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_the_ledger_holds_what_its_model_holds_after_any_steps() -> None:
    explore(examples=4, steps=15)


def test_an_altered_index_is_caught_before_a_library_reads_it_and_mended(tmp_path: Path) -> None:
    found = mutate(tmp_path, count=12, seed=3)

    assert (found.caught, found.mended, found.missed) == (12, 12, [])
