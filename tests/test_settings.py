from __future__ import annotations

from pathlib import Path

import pytest

from workbench.errors import SettingsError, UsageError
from workbench.settings import TEMPLATE, Workspace, find_workspace, load_settings


def workspace(folder: Path, text: str = TEMPLATE) -> Workspace:
    (folder / "workbench.toml").write_text(text, encoding="utf-8")
    return Workspace(folder)


def test_the_template_uncommented_is_every_default(tmp_path: Path) -> None:
    lines = [line[2:] if line.startswith("# ") and " = " in line else line for line in TEMPLATE.splitlines()]
    lines = [line.split("   #")[0] for line in lines if not line.startswith("# A ")]

    assert load_settings(workspace(tmp_path, "\n".join(lines))) == load_settings(workspace(tmp_path))


def test_a_variable_comes_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_SEARCH__K", "7")

    assert load_settings(workspace(tmp_path, "[search]\nk = 5\n")).search.k == 7


def test_every_wrong_setting_is_listed_at_once(tmp_path: Path) -> None:
    text = "nam = 'x'\n[search]\ndense_weight = nan\nmodl = 'x'\n[review]\nscale = 'six-stars'\n"

    with pytest.raises(SettingsError) as caught:
        load_settings(workspace(tmp_path, text))

    assert all(key in caught.value.message for key in ("nam", "search.dense_weight", "search.modl", "review", "4 setting(s)"))


def test_a_broken_file_names_its_line(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="line 2"):
        load_settings(workspace(tmp_path, "name = 'x'\n[search\n"))


def test_a_scale_of_ones_own_needs_two_distinct_ratings(tmp_path: Path) -> None:
    rating = "[[review.ratings]]\nslug = 'true'\nlabel = 'True'\n"
    text = f"[review]\nscale = 'ours'\n{rating}{rating}"

    with pytest.raises(SettingsError, match="share a slug"):
        load_settings(workspace(tmp_path, text))


def test_the_policy_hash_changes_with_the_guidelines(tmp_path: Path) -> None:
    before = load_settings(workspace(tmp_path, "[review]\nguidelines = 'Read twice.'\n")).review.policy_hash

    assert before != load_settings(workspace(tmp_path, "[review]\nguidelines = 'Read thrice.'\n")).review.policy_hash


def test_the_nearest_workspace_above_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WORKBENCH_WORKSPACE", raising=False)
    inner = tmp_path / "evidence" / "deep"
    inner.mkdir(parents=True)
    workspace(tmp_path)

    assert find_workspace(start=inner).root == tmp_path.resolve()


def test_no_workspace_is_bad_usage_with_a_hint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WORKBENCH_WORKSPACE", raising=False)

    with pytest.raises(UsageError) as caught:
        find_workspace(start=tmp_path)

    assert "workbench init" in caught.value.hint
