"""The contrast set made by code: what is in it, what the lens reaches on the sample evidence, and the command that says so."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from tests.conftest import CHECKOUT
from workbench.benchmark.contrast import ContrastPair, main, make_pairs, read_texts, report


@pytest.fixture(scope="module")
def pairs() -> list[ContrastPair]:
    return make_pairs(read_texts(CHECKOUT / "evidence"), seed=7)


def test_a_contrast_set_has_as_many_harmless_pairs_as_changed_ones_and_some_that_are_no_near_copies(
    pairs: list[ContrastPair],
) -> None:
    sorts = {sort: [pair for pair in pairs if pair.expectation == sort] for sort in ("differs", "same", "silent")}

    assert len(pairs) >= 600
    assert len(sorts["differs"]) == len(sorts["same"])
    assert len(sorts["silent"]) >= 100
    assert sum("said otherwise" in pair.edit for pair in sorts["differs"]) >= len(sorts["differs"]) // 3
    assert sum("back to front" in pair.edit for pair in sorts["same"]) >= 10
    assert not [pair for pair in pairs if pair.claim in pair.passage and pair.expectation == "differs"]


def test_the_same_seed_gives_the_same_set_and_another_seed_another_one(pairs: list[ContrastPair]) -> None:
    texts = read_texts(CHECKOUT / "evidence")

    assert make_pairs(texts, seed=7) == pairs
    assert make_pairs(texts, seed=8) != pairs


def test_on_the_sample_evidence_the_lens_keeps_its_promise_per_kind(pairs: list[ContrastPair]) -> None:
    kinds = report(pairs).kinds

    assert {kind: row for kind, row in kinds.items() if row.precision < 0.95 or row.recall < 0.85} == {}
    assert {kind for kind, row in kinds.items() if row.changed < 15} == set()


def test_the_command_prints_a_table_and_writes_the_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with gzip.open(tmp_path / "corpus.jsonl.gz", "wt", encoding="utf-8") as file:
        text = "The ministry said on 3 May 2021 that 40 people had been arrested in Mandalay. Most students were not released."
        file.write(json.dumps({"_id": "1", "text": text}) + "\n")

    assert main([str(tmp_path), "--json", str(tmp_path / "lens.json")]) == 0

    assert "| precision |" in capsys.readouterr().out
    written = json.loads((tmp_path / "lens.json").read_text(encoding="utf-8"))
    assert written["kinds"]["number"] == {"precision": 1.0, "recall": 1.0, "changed": written["kinds"]["number"]["changed"]}


def test_a_folder_with_stances_says_where_a_difference_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    claim = "40 people were arrested in Mandalay."
    rows = [("refutes", "90 people were arrested in Mandalay."), ("supports", "Forty people were arrested in Mandalay.")]
    lines = [json.dumps({"label": label, "claim": claim, "passage": passage}) for label, passage in rows]
    (tmp_path / "stance.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "corpus.jsonl").write_text(json.dumps({"_id": "1", "text": claim}), encoding="utf-8")

    assert main([str(tmp_path)]) == 0

    printed = capsys.readouterr().out
    assert "refutes: a difference shown in 1 of 1 passages" in printed
    assert "supports: a difference shown in 0 of 1 passages" in printed


def test_a_folder_without_texts_is_one_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 1

    assert "holds no corpus.jsonl" in capsys.readouterr().err
