"""The guard that fails a run which dirties the checkout (conftest.py), and what git must never be given."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.conftest import CHECKOUT, tree_state
from workbench.errors import UsageError
from workbench.reading.formats import formats_by_label
from workbench.settings import find_workspace


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=True).stdout


def test_the_guard_sees_a_new_file_and_an_opened_workspace(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    clean = tree_state(tmp_path)

    (tmp_path / "left-behind.txt").write_text("x", encoding="utf-8")
    dirty = tree_state(tmp_path)
    (tmp_path / "left-behind.txt").unlink()
    (tmp_path / "records").mkdir()

    opened = tree_state(tmp_path)

    assert (clean, dirty) == ([], ["?? left-behind.txt"])
    assert [line.partition(" written at ")[0] for line in opened] == ["records/"]


def test_no_workspace_is_found_from_where_tests_run() -> None:
    with pytest.raises(UsageError):
        find_workspace()


def test_records_and_derived_files_are_not_in_git() -> None:
    names = subprocess.run(
        ["git", "-C", str(CHECKOUT), "ls-files"], capture_output=True, text=True, check=False
    ).stdout.splitlines()

    assert [name for name in names if name.startswith(("records/", ".workbench/", ".venv/"))] == []


def test_the_docs_list_the_formats_that_are_read() -> None:
    lines = (CHECKOUT / "docs" / "formats.md").read_text(encoding="utf-8").splitlines()

    listed = {
        cells[1].strip(): cells[2].split() for line in lines if line.startswith("| ") and len(cells := line.split("|")) > 3
    }

    del listed["kind"], listed["---"]
    assert listed == formats_by_label()
