"""Claim files that nobody touched are not read again, not even by another process."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ANA, FakeEncoder, make_claim
from workbench.claims import ClaimFile, load_claim_files, touched
from workbench.desk import Desk
from workbench.errors import ClaimFileError


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The folders whose claim files were read; a file just written counts as one that nobody is writing any more."""
    read: list[Path] = []

    def load(folder: Path, *rest: Any, **named: Any) -> list[ClaimFile]:
        read.append(folder)
        return load_claim_files(folder, *rest, **named)

    monkeypatch.setattr("workbench.cases.load_claim_files", load)
    monkeypatch.setattr(touched, "SETTLED_NS", 0)
    return read


def synced(home: Path) -> list[str]:
    """What a process of its own says of the statements, having synced."""
    with Desk.open(home, encoder=FakeEncoder) as desk:
        desk.sync_claims()
        return [case.claim.statement for case in desk.claims()]


@pytest.fixture
def begun(home: Path, reads: list[Path]) -> Path:
    with Desk.open(home, encoder=FakeEncoder) as desk:
        desk.add_claim(make_claim("c", "The bridge was closed."), actor=ANA)
    reads.clear()
    return home


def test_another_process_reads_no_claim_file_that_nobody_touched(begun: Path, reads: list[Path]) -> None:
    assert synced(begun) == ["The bridge was closed."]
    assert reads == []


def test_a_file_of_the_same_size_and_time_is_read(begun: Path, reads: list[Path]) -> None:
    file = begun / "claims" / "c.yaml"
    before = file.stat()
    file.write_text(file.read_text(encoding="utf-8").replace("closed", "opened"), encoding="utf-8")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))

    assert synced(begun) == ["The bridge was opened."]
    assert reads


def test_new_gone_and_linked_files_are_noticed(begun: Path, reads: list[Path], tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.yaml"
    elsewhere.write_text("id: d\nstatement: The road was closed.\n", encoding="utf-8")
    (begun / "claims" / "d.yaml").symlink_to(elsewhere)
    assert synced(begun) == ["The bridge was closed.", "The road was closed."]

    elsewhere.write_text("id: d\nstatement: The road was opened.\n", encoding="utf-8")
    assert synced(begun)[1] == "The road was opened."

    (begun / "claims" / "c.yaml").unlink()
    with Desk.open(begun, encoder=FakeEncoder) as desk:
        desk.sync_claims()
        assert desk.case("c").events[-1].kind == "claim-missing"
    reads.clear()
    assert len(synced(begun)) == 2
    assert reads == []


def test_a_ledger_put_back_from_before_takes_the_files_in_again(begun: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    shutil.copytree(begun / "records", kept)
    (begun / "claims" / "d.yaml").write_text("id: d\nstatement: The road was closed.\n", encoding="utf-8")
    assert len(synced(begun)) == 2

    shutil.rmtree(begun / "records")
    shutil.copytree(kept, begun / "records")

    assert len(synced(begun)) == 2


def test_a_mistake_is_said_by_every_process(begun: Path) -> None:
    (begun / "claims" / "d.yaml").write_text("id: d\n", encoding="utf-8")

    for _ in range(2):
        with pytest.raises(ClaimFileError, match="statement"):
            synced(begun)


def test_a_file_touched_a_moment_ago_is_read_again(begun: Path, reads: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(touched, "SETTLED_NS", 2_000_000_000)
    (begun / "claims" / "d.yaml").write_text("id: d\nstatement: The road was closed.\n", encoding="utf-8")
    synced(begun)
    reads.clear()

    synced(begun)

    assert reads


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"stamps": 1}', '{"stamps": "x", "mark": [1]}', "[" * 100_000])
def test_a_damaged_record_means_reading(begun: Path, reads: list[Path], damage: str) -> None:
    (begun / ".workbench" / "claim-files.json").write_text(damage, encoding="utf-8")

    assert synced(begun) == ["The bridge was closed."]
    assert reads
