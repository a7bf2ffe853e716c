from __future__ import annotations

import os
from pathlib import Path

import pytest

from workbench.folders import Listed, evidence_files, prune_unfinished, write_whole, written_whole


def test_a_file_written_whole_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("old")

    write_whole(file, b"new")

    assert (file.read_text(), [one.name for one in tmp_path.iterdir()]) == ("new", ["a.txt"])


def test_a_writing_that_fails_leaves_what_was_there_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("old")

    def fail_halfway() -> None:
        with written_whole(file) as half:
            half.write(b"half of it")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_halfway()

    assert (file.read_text(), [one.name for one in tmp_path.iterdir()]) == ("old", ["a.txt"])


def test_a_file_that_may_not_be_replaced_is_not(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("old")

    with pytest.raises(FileExistsError):
        write_whole(file, b"new", replace=False)

    assert (file.read_text(), [one.name for one in tmp_path.iterdir()]) == ("old", ["a.txt"])


def test_evidence_is_listed_in_path_order_with_what_stands_beside_it(tmp_path: Path) -> None:
    for name in ("b.txt", "a/c.txt", "a/c.txt.meta.yaml", "README.md", ".hidden/d.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")

    files, unlisted = evidence_files(tmp_path)

    assert files == [Listed(f"{tmp_path}/b.txt", False), Listed(f"{tmp_path}/a/c.txt", True)]
    assert unlisted == []


def test_what_a_killed_process_left_is_pruned_after_a_day_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    for name, changed in (("notes/.12-34.part", 100), (".56-78.part", 300), (".12-34.partly", 100), ("12-34.part", 100)):
        (tmp_path / name).write_text("half of it")
        os.utime(tmp_path / name, (changed, changed))

    pruned = prune_unfinished(tmp_path, before=200)

    left = sorted(path.name for path in tmp_path.rglob("*") if path.is_file())
    assert (pruned, left) == (1, [".12-34.partly", ".56-78.part", "12-34.part"])
