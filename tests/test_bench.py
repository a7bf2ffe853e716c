"""`workbench bench`: its arithmetic by hand, its texts, its rows at a tiny size, and that nothing of it is left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.test_cli import run
from workbench.benchmark.speed.bench import ROWS, bench, chosen_rows
from workbench.benchmark.speed.children import ChildFailed, listening, run_to_end
from workbench.benchmark.speed.figures import Cost, Line, Ratio, Spread, Target, compared, overlap, percentile, shown, timed
from workbench.benchmark.speed.finding import passage_flops
from workbench.benchmark.speed.site import Plan, Site
from workbench.benchmark.speed.texts import MadeUpEncoder, Texts, write_files
from workbench.errors import UsageError, WorkbenchError
from workbench.models import Source, sha256_hex
from workbench.passages import split_passages

__all__ = ["run"]  # the fixture

ROOT = Path(__file__).resolve().parents[1]
TINY = Plan(
    passages=20, encoded=20, changed=60, million=200, queries=2, saves=2, records=1, rounds=1, made_up=7, many_claims=40
)


def silent(_: str) -> None:
    """Nobody watches."""


def lines_of(row: str, plan: Plan = TINY) -> dict[str, Line]:
    """The lines of one row, measured in this run, by what they say."""
    return {line.what: line for line in bench(plan, [row], tell=silent)["lines"]}


# --- arithmetic ------------------------------------------------------------------------------------------------------


def test_a_spread_is_the_least_the_median_and_the_most() -> None:
    assert Spread.of([3.0, 1.0, 10.0, 2.0]) == Spread(1.0, 2.5, 10.0)


def test_a_ratio_is_of_the_medians_and_its_spread_of_the_rounds() -> None:
    assert Ratio.of([1.0, 2.0, 4.0], [6.0, 6.0, 8.0]) == Ratio(3.0, 2.0, 6.0)


@pytest.mark.parametrize(("share", "value"), [(0.0, 1.0), (0.5, 2.5), (0.95, 3.85), (1.0, 4.0)])
def test_a_percentile_lies_between_its_neighbours_in_proportion(share: float, value: float) -> None:
    assert percentile([4.0, 1.0, 3.0, 2.0], share) == pytest.approx(value)


@pytest.mark.parametrize(
    ("target", "reached", "met"),
    [
        (Target(3.5, "x"), 3.5, True),
        (Target(3.5, "x"), 3.49, False),
        (Target(1, "s", "at most"), 1.0, True),
        (Target(1, "s", "at most"), 1.01, False),
    ],
)
def test_a_target_is_met_from_its_own_value_on(target: Target, reached: float, met: bool) -> None:
    assert target.met(reached) is met


def test_a_comparison_reaches_the_lower_of_its_two_ratios() -> None:
    line = compared("intake", "files", "plain", [Cost(1, 4)], [Cost(3, 8)], target=Target(2.5, "x"))

    assert line.wall_ratio is not None
    assert (line.wall_ratio.of_medians, line.reached, line.verdict) == (3.0, 2.0, "short")


def test_seconds_are_held_against_their_target_by_processor_time() -> None:
    line = timed("saves", "record", [Cost(9, 0.5), Cost(9, 0.7), Cost(9, 0.9)], target=Target(1, "s", "at most"))

    assert (line.reached, line.verdict) == (0.7, "pass")


def test_a_line_without_a_figure_is_skipped_and_one_without_a_target_is_not_judged() -> None:
    assert Line("queries", "query", target=Target(1, "x")).verdict == "skipped"
    assert Line("pages", "rerun", reached=1.0).verdict == ""


def test_a_line_in_json_says_its_target_in_words_and_its_verdict() -> None:
    line = Line("encoding", "overlap", reached=0.995, wall=Spread(1, 2, 3), target=Target(0.99, "")).as_json()

    assert (line["target"], line["verdict"], line["wall"]) == ("at least 0.990", "pass", {"least": 1, "median": 2, "most": 3})


def test_the_overlap_is_the_share_of_their_list() -> None:
    assert overlap([[1, 2], [3, 4]], [[2, 1], [4, 9]]) == 0.75


def test_the_work_of_a_passage_is_the_published_one() -> None:
    """PERFORMANCE.md section 1: 1.82 GFLOP for 83 word pieces of all-MiniLM-L6-v2."""
    shape = {"layers": 6, "hidden": 384, "inner": 1536, "pieces": [83]}

    assert passage_flops(shape)[0] / 1e9 == pytest.approx(1.82, abs=0.01)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [(123.4, "ms", "123 ms"), (12.34, "x", "12.3x"), (1.234, "s", "1.23 s"), (0.0123, "s", "0.012 s"), (0.0, "s", "0.00 s")],
)
def test_a_figure_is_shown_with_digits_that_mean_something(value: float, unit: str, text: str) -> None:
    assert shown(value, unit) == text


# --- texts -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def texts() -> Texts:
    return Texts.made_up(5)


def test_one_seed_makes_the_same_texts_and_a_stretch_begins_anywhere(texts: Texts) -> None:
    whole = list(texts.passages(1_100))

    assert list(Texts.made_up(5).passages(200, skip=900)) == whole[900:]
    assert list(Texts.made_up(6).passages(5)) != whole[:5]
    assert len(set(whole)) == 1_100


def test_documents_of_a_folder_come_first_and_sentences_of_them_after(tmp_path: Path) -> None:
    (tmp_path / "corpus.jsonl").write_text('{"_id": "d", "text": "Rain fell. The sun rose."}\n', encoding="utf-8")
    (tmp_path / "queries.jsonl").write_text('{"_id": "q", "text": "rain"}\n', encoding="utf-8")
    (tmp_path / "qrels.tsv").write_text("q\td\t1\n", encoding="utf-8")
    found = Texts.of_folder(tmp_path, seed=1)

    first, second = found.passages(2)

    assert (first, found.asked(2)) == ("Rain fell. The sun rose.", ["rain", "rain"])
    assert set(second.split(" ")) <= {"Rain", "fell.", "The", "sun", "rose."}


def test_a_made_up_paragraph_is_one_passage(texts: Texts, tmp_path: Path) -> None:
    assert write_files(tmp_path / "files", texts.passages(45)) == 3

    text = (tmp_path / "files" / "000000.txt").read_text(encoding="utf-8").strip()
    whole = sha256_hex(text)
    source = Source(source_id=whole, text=text, text_sha256=whole, media_type="text/plain", reader="bench", reader_version="1")
    assert [one.text for one in split_passages(source, sentences=5, words=150)] == list(texts.passages(20))


def test_made_up_vectors_are_unit_long_and_belong_to_their_text(texts: Texts) -> None:
    wanted = list(texts.passages(50))
    rows = MadeUpEncoder.of_seed(3).encode(wanted)

    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert (rows[7:8] == MadeUpEncoder.of_seed(3).encode(wanted[7:8])).all()
    assert len(np.unique(rows, axis=0)) == 50


# --- rows and the command --------------------------------------------------------------------------------------------


def test_rows_keep_the_order_of_the_table() -> None:
    assert chosen_rows(" pages,encoding ") == ["encoding", "pages"]
    assert chosen_rows(None) == list(ROWS)


@pytest.mark.parametrize("names", ["encoding,sped", "", ","])
def test_a_row_that_does_not_exist_is_bad_usage(run: Callable[..., tuple[int, str, str]], names: str) -> None:
    code, out, _ = run("bench", "--rows", names, "--json")

    assert code == 2
    assert "million" in json.loads(out)["error"]["hint"]


def test_a_python_that_is_not_there_is_bad_usage(run: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    code, _, err = run("bench", "--rows", "million", "--peer-python", tmp_path / "python")

    assert code == 2
    assert "is not a program" in err


def test_json_is_one_document_that_describes_the_machine(run: Callable[..., tuple[int, str, str]]) -> None:
    code, out, _ = run("bench", "--rows", "million", "--json")

    found = json.loads(out)
    assert code == 0
    assert [(line["row"], line["verdict"]) for line in found["lines"]] == [("million", "skipped")]
    assert "--large" in found["lines"][0]["note"]
    assert found["machine"]["cores"] >= 1
    assert found["machine"]["packages"]["faiss-cpu"]


def test_the_table_says_why_a_row_was_skipped(run: Callable[..., tuple[int, str, str]]) -> None:
    code, out, _ = run("bench", "--rows", "million")

    assert code == 0
    assert "skipped: takes many minutes" in " ".join(out.split())


@pytest.mark.process
def test_very_many_claims_are_imported_and_asked() -> None:
    lines = lines_of("claims")
    assert lines["memory of four times the file"].reached
    assert {"filter by two words, p95", "what is like a text, p95", "exact scan by numpy, p95"} <= lines.keys()
    assert lines["a later process knows them"].target is not None


def test_a_missing_peer_is_skipped_with_its_reason(tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\necho \"ModuleNotFoundError: No module named 'txtai'\" >&2\nexit 1\n", encoding="utf-8")
    python.chmod(0o755)
    site = Site(Plan(peers=True, peer_python=python), tmp_path, silent)

    assert site.rivals == ("plain",)
    assert "No module named 'txtai'" in site.absent()["txtai"]
    assert set(site.absent()) == {"txtai", "chromadb"}


@pytest.mark.process
def test_a_peer_that_fails_later_is_left_out_and_anybody_else_is_not(tmp_path: Path) -> None:
    site = Site(TINY, tmp_path, silent)

    with site.may_fail("txtai"):
        run_to_end(child("raise SystemExit('disk full')"), env=os.environ, cwd=tmp_path)
    with pytest.raises(ChildFailed), site.may_fail("plain"):
        run_to_end(child("raise SystemExit('disk full')"), env=os.environ, cwd=tmp_path)

    assert "disk full" in site.absent()["txtai"]


@pytest.mark.process
def test_a_row_that_fails_is_listed_and_the_others_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_SEARCH__K", "none")  # no setting can be read in the children

    found = bench(TINY, ["saves", "million"], tell=silent)

    assert [(one["row"], one["code"]) for one in found["failed"]] == [("saves", "bench_child"), ("million", "bench_child")]
    assert "search.k" in found["failed"][0]["message"]


def test_peers_that_were_not_asked_for_say_how_to_ask(tmp_path: Path) -> None:
    assert Site(Plan(), tmp_path, silent).absent()["chromadb"] == "not asked for; give --peers"


@pytest.mark.long
@pytest.mark.process
def test_saves_are_counted_in_a_loop_and_as_whole_processes() -> None:
    lines = lines_of("saves")

    assert lines["verdicts saved"].unit == "per s"
    assert lines["`verdict record`, p50"].verdict in ("pass", "short")


@pytest.mark.long
@pytest.mark.process
def test_one_file_goes_into_a_large_workspace_and_out_again() -> None:
    lines = lines_of("change")

    assert set(lines) >= {"fill a workspace of 60 passages", "add one file of 20 to 60 passages", "remove it again"}
    assert str(lines["remove it again"].target) == "at most 0.500 s"


@pytest.mark.long
@pytest.mark.process
def test_the_search_of_made_up_vectors_finds_what_brute_force_finds() -> None:
    lines = lines_of("million")

    assert [lines[name].verdict for name in ("dense recall@10", "dense recall@10, half of them allowed")] == ["pass", "pass"]
    assert lines["memory while searching"].unit == "GiB"


@pytest.fixture(scope="module")
def with_model() -> list[Line]:
    """The rows that load the model, once for the tests that read them."""
    lines: list[Line] = bench(TINY, ["encoding", "intake", "queries"], tell=silent)["lines"]
    return lines


@pytest.mark.long
@pytest.mark.model
@pytest.mark.process
def test_encoding_stands_beside_sentence_transformers(with_model: list[Line]) -> None:
    lines = {line.what: line for line in with_model if line.row == "encoding"}

    assert lines["encode 20 passages"].beside == "sentence-transformers encode()"
    assert lines["top-10 overlap with it"].verdict == "pass"
    assert (lines["mean cosine with it"].reached or 0) > 0.9999


@pytest.mark.long
@pytest.mark.model
@pytest.mark.process
def test_intake_and_queries_stand_beside_a_plain_script_given_our_passages(with_model: list[Line]) -> None:
    told = {(line.what, line.beside): line.verdict for line in with_model if line.row in ("intake", "queries")}

    assert told[("20 passages searchable", "sentence-transformers + FAISS")] in ("pass", "short")
    assert told[("20 passages searchable", "txtai hybrid")] == "skipped"
    assert told[("query p95, 20 passages", "sentence-transformers + FAISS")] == ""


# --- children --------------------------------------------------------------------------------------------------------


def child(code: str) -> list[str]:
    return [sys.executable, "-c", code]


@pytest.mark.process
def test_a_child_that_fails_says_its_last_line(tmp_path: Path) -> None:
    with pytest.raises(ChildFailed, match=r"exit code 1: ValueError: no such passage"):
        run_to_end(child("raise ValueError('no such passage')"), env=os.environ, cwd=tmp_path)


@pytest.mark.process
def test_a_child_that_never_ends_is_ended(tmp_path: Path) -> None:
    with pytest.raises(ChildFailed, match="signal 9"):
        run_to_end(child("import time; time.sleep(600)"), env=os.environ, cwd=tmp_path, seconds=0.3)


@pytest.mark.process
def test_a_child_that_ends_instead_of_answering_is_a_failure(tmp_path: Path) -> None:
    command = child("import sys; input(); sys.exit('out of memory')")

    with listening(command, env=os.environ, cwd=tmp_path) as listener, pytest.raises(ChildFailed, match="out of memory"):
        listener.ask("encode", texts="texts.json")


def test_a_program_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(WorkbenchError, match="cannot be started: No such file"):
        run_to_end([str(tmp_path / "python")], env=os.environ, cwd=tmp_path)


@pytest.mark.process
@pytest.mark.skipif(not Path("/proc/self/cwd").exists(), reason="who is left is read from /proc")
@pytest.mark.parametrize(
    "asked",
    [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.long)],
    ids=["ctrl-c", "asked to end"],
)
def test_a_run_that_is_stopped_leaves_neither_folder_nor_process(tmp_path: Path, asked: signal.Signals) -> None:
    command = [sys.executable, "-m", "workbench", "bench", "--rows", "saves"]
    env: dict[str, Any] = {**os.environ, "TMPDIR": str(tmp_path)}
    with heeding_ctrl_c():
        process = subprocess.Popen(command, cwd=ROOT, env=env, text=True, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
    assert process.stderr is not None
    while "verdicts, round 1" not in process.stderr.readline():
        assert process.poll() is None

    process.send_signal(asked)
    process.communicate()

    assert process.returncode != 0
    assert list(tmp_path.iterdir()) == []
    assert [one for one in Path("/proc").glob("[0-9]*") if lives_in(one, tmp_path)] == []


@contextmanager
def heeding_ctrl_c() -> Iterator[None]:
    """A child inherits what is ignored, and a suite that a shell put in the background ignores Ctrl-C."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def lives_in(process: Path, folder: Path) -> bool:
    try:
        return str(folder) in os.readlink(process / "cwd")
    except OSError:
        return False


def test_bad_rows_are_said_before_anything_is_made() -> None:
    with pytest.raises(UsageError, match="no row 'speed'"):
        chosen_rows("speed")
