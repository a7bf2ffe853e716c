"""Measuring quotations: what counts as found, right and attributed."""

import json
from collections import Counter
from pathlib import Path

import pytest

from workbench.benchmark import quotations
from workbench.benchmark.quotations import Found, count, main

TEXT = 'Ana Ruiz said, "The vote was stolen from us." The hall fell silent. Bo Lind said that the count was fair.'


def span(words: str) -> tuple[int, int]:
    return TEXT.index(words), TEXT.index(words) + len(words)


def attribution(kind: str, content: str, source: str) -> dict[str, object]:
    def parts(words: str) -> list[dict[str, int]]:
        return [dict(zip(("start", "end"), span(words), strict=True))]

    return {"quote_type": kind, "content": parts(content), "source": parts(source), "cue": []}


MARKED = [
    attribution("direct", '"The vote was stolen from us."', "Ana Ruiz"),
    attribution("indirect", "the count was fair", "Bo Lind"),
]


def test_a_quotation_counts_by_half_of_its_characters_and_its_speaker_by_any() -> None:
    found = [Found("direct", span("stolen from us."), span("Ruiz")), Found("indirect", span("was fair"), None)]

    assert count(TEXT, MARKED, found) == Counter(
        {
            ("direct", "given"): 1,
            ("direct", "right"): 1,
            ("direct", "marked"): 1,
            ("direct", "found"): 1,
            ("quoted", "given"): 1,
            ("quoted", "right"): 1,
            ("quoted", "marked"): 1,
            ("quoted", "found"): 1,
            ("attributed", "found"): 1,
            ("indirect", "given"): 1,
            ("indirect", "marked"): 1,
        }
    )


def test_the_plain_expressions_find_the_plain_cases() -> None:
    assert quotations.regex_finds(TEXT) == [
        Found("direct", span("The vote was stolen from us."), span("Ana Ruiz")),
        Found("indirect", span("the count was fair"), span("Bo Lind")),
    ]


def test_the_table_has_a_line_for_each_finder_and_kind(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = {"_id": "one", "text": TEXT, "attributions": MARKED}
    (tmp_path / "articles.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")

    assert main([str(tmp_path)]) == 0
    told = [row.split(" | ")[:2] for row in capsys.readouterr().out.splitlines()[2:]]
    assert told == [
        *(["| workbench", row] for row in ("quoted", "attributed", "indirect")),
        *(["| regex", row] for row in ("quoted", "attributed", "indirect")),
    ]


def test_a_folder_without_articles_is_a_clear_failure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 1
    assert "articles.jsonl" in capsys.readouterr().err


def test_the_workbench_reaches_its_figures_on_the_half_that_was_held_out(shared: Path) -> None:
    rows = quotations.measure(shared / "benchmarks/polnear_dev", quotations.workbench_finds, ["held out"])["held out"]

    assert rows["quoted"].f1 >= 0.96
    assert rows["attributed"].f1 >= 0.78
    assert rows["indirect"].f1 >= 0.45
