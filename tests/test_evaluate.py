"""The benchmark: its folder read strictly, its search the one of the app, its command."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.conftest import FakeEncoder
from tests.test_catalog import CountingEncoder
from workbench.benchmark.beir import read_collection
from workbench.benchmark.evaluate import evaluate
from workbench.cli import main
from workbench.encoders import Encoder
from workbench.errors import ModelError, WorkbenchError
from workbench.settings import Settings

SETTINGS = Settings()
Command = Callable[..., tuple[int, str, str]]
CORPUS = [
    {"_id": "d1", "title": "Election", "text": "Observers found no fraud in the vote."},
    {"_id": "d2", "title": "", "text": "The price of rice rose. " * 20 + "Nobody expected the zebra."},
    {"_id": "d3", "title": "Weather", "text": "Rain fell on Sunday."},
]
QUERIES = [
    {"_id": "q1", "text": "fraud in the election", "split": "dev"},
    {"_id": "q2", "text": "an unexpected zebra", "split": "test"},
    {"_id": "q3", "text": "never judged", "split": "dev"},
]
QRELS = "query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td3\t0\nq2\td2\t1\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "set"
    folder.mkdir()
    (folder / "corpus.jsonl").write_text("".join(json.dumps(line) + "\n" for line in CORPUS))
    (folder / "queries.jsonl").write_text("".join(json.dumps(line) + "\n" for line in QUERIES))
    (folder / "qrels.tsv").write_text(QRELS)
    return folder


# --- the run -------------------------------------------------------------------------------------------------------


CONTRACT = ["ndcg@10", "recall@5", "recall@10", "recall@100", "mrr@10", "p50_ms", "p95_ms", "passages", "queries", "model"]


def test_the_three_modes_have_the_keys_of_the_contract_and_stand_beside_a_baseline(folder: Path) -> None:
    result = evaluate(folder, mode="all", encoder=FakeEncoder, settings=SETTINGS)

    assert list(result) == ["dense", "lexical", "hybrid", "rrf"]
    assert all(result[mode].keys() >= set(CONTRACT) for mode in result)
    assert (result["hybrid"]["passages"], result["hybrid"]["queries"]) == (3, 2)
    assert (result["dense"]["model"], result["lexical"]["model"]) == ("fake-encoder-64", None)
    assert (result["hybrid"]["p50_ms"] > 0, result["rrf"]["p50_ms"]) == (True, None)
    assert list(result["hybrid"]["minus"]) == ["dense", "lexical", "rrf"]


def test_one_mode_has_its_figures_at_the_top_with_intervals_and_settings(folder: Path) -> None:
    result = evaluate(folder, mode="hybrid", encoder=FakeEncoder, settings=SETTINGS)

    assert result.keys() == {*CONTRACT, "ci95", "settings", "notes"}
    assert result["ci95"] == {"ndcg@10": [1.0, 1.0], "recall@100": [1.0, 1.0]}
    assert result["settings"]["evidence"] == {"passage_sentences": 5, "passage_words": 150}


def test_a_long_document_scores_by_its_best_passage(folder: Path) -> None:
    result = evaluate(folder, mode="hybrid", encoder=FakeEncoder, settings=SETTINGS)

    assert (result["ndcg@10"], result["recall@5"], result["mrr@10"]) == (1.0, 1.0, 1.0)


def test_words_alone_need_no_model(folder: Path) -> None:
    def never() -> Encoder:
        raise AssertionError("the model was loaded")

    assert evaluate(folder, mode="lexical", encoder=never, settings=SETTINGS)["mrr@10"] == 1.0


def test_a_split_asks_only_its_queries(folder: Path) -> None:
    assert evaluate(folder, mode="lexical", split="test", encoder=FakeEncoder, settings=SETTINGS)["queries"] == 1


def test_distractors_are_searched_and_relevant_to_nothing(folder: Path, tmp_path: Path) -> None:
    others = tmp_path / "others"
    others.mkdir()
    parts = [{"_id": "d1", "text": "Fraud in the election: fraud in the election."}, {"_id": "d9", "text": "A zebra."}]
    for number, line in enumerate(parts):
        (others / f"corpus_{number}.jsonl.gz").write_bytes(gzip.compress(json.dumps(line).encode()))

    clear = evaluate(folder, mode="lexical", settings=SETTINGS)
    diluted = evaluate(folder, mode="lexical", settings=SETTINGS, distractors=others)

    assert (clear["passages"], diluted["passages"]) == (3, 5)
    assert diluted["mrr@10"] < clear["mrr@10"] == 1.0
    assert diluted["notes"] == ["2 documents of others were mixed in; none of them counts as relevant."]


def test_distractors_that_are_not_there_are_one_error(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(WorkbenchError, match="is not a folder"):
        evaluate(folder, mode="lexical", settings=SETTINGS, distractors=tmp_path / "nowhere")


def test_with_a_cache_folder_nothing_is_encoded_twice(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_CACHE", str(tmp_path / "cache"))
    encoder = CountingEncoder()
    first = evaluate(folder, mode="dense", encoder=lambda: encoder, settings=SETTINGS)
    encoder.texts = []

    second = evaluate(folder, mode="dense", encoder=lambda: encoder, settings=SETTINGS)

    # alone, for the latency; the first one twice, because the model is loaded by it
    assert encoder.texts == ["fraud in the election", "fraud in the election", "an unexpected zebra"]
    assert first["ndcg@10"] == second["ndcg@10"]


def test_kept_query_vectors_that_were_cut_off_are_made_again(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBENCH_CACHE", str(tmp_path / "cache"))
    first = evaluate(folder, mode="dense", encoder=FakeEncoder, settings=SETTINGS)
    [kept] = (tmp_path / "cache").rglob("queries-*.npy")
    kept.write_bytes(kept.read_bytes()[:-100])

    assert evaluate(folder, mode="dense", encoder=FakeEncoder, settings=SETTINGS)["ndcg@10"] == first["ndcg@10"]


def test_without_a_cache_folder_nothing_is_left_behind(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    evaluate(folder, mode="lexical", encoder=FakeEncoder, settings=SETTINGS)

    assert [path.name for path in tmp_path.iterdir()] == ["set"]


# --- the folder ----------------------------------------------------------------------------------------------------


def test_zipped_files_and_files_without_a_header_are_read(folder: Path) -> None:
    packed = gzip.compress((folder / "corpus.jsonl").read_bytes())
    (folder / "corpus.jsonl").unlink()
    (folder / "corpus.jsonl.gz").write_bytes(packed)
    (folder / "qrels.tsv").write_text("q1\td1\t1\n")

    collection = read_collection(folder)

    assert collection.documents["d1"] == "Election Observers found no fraud in the vote."
    assert collection.relevant == {"q1": {"d1": 1}}


def write(name: str, text: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_text(text)


def cut_off(folder: Path) -> None:
    lines = "".join(json.dumps({"_id": str(at), "text": f"{at} {at * at}"}) + "\n" for at in range(500))
    packed = gzip.compress(lines.encode())
    (folder / "corpus.jsonl").unlink()
    (folder / "corpus.jsonl.gz").write_bytes(packed[: len(packed) // 2])


@pytest.mark.parametrize(
    ("break_it", "said"),
    [
        (lambda folder: (folder / "corpus.jsonl").unlink(), "has no corpus.jsonl"),
        (lambda folder: (folder / "qrels.tsv").unlink(), "has no qrels.tsv"),
        (write("corpus.jsonl", '{"_id": "a", "text": "x"}\n{"_id": '), "corpus.jsonl line 2 is not JSON"),
        (write("corpus.jsonl", '["a"]\n'), "corpus.jsonl line 1 is not an object"),
        (write("corpus.jsonl", '{"text": "x"}\n'), 'corpus.jsonl line 1: no "_id"'),
        (write("corpus.jsonl", '{"_id": "a", "text": 5}\n'), "line 1: title and text must be text"),
        (
            write("corpus.jsonl", '{"_id": "a", "text": "x"}\n\n{"_id": "a", "text": "y"}\n'),
            "line 3: the id 'a' is there already",
        ),
        (write("corpus.jsonl", '{"_id": "a", "text": "x\\ud800"}\n'), "half a surrogate pair"),
        (write("corpus.jsonl", ""), "corpus.jsonl in set is empty"),
        (write("queries.jsonl", "\n"), "queries.jsonl in set is empty"),
        (write("qrels.tsv", ""), "names a relevant document for none"),
        (lambda folder: (folder / "queries.jsonl").unlink(), "has no queries.jsonl"),
        (
            write("queries.jsonl", '{"_id": "q1", "text": "x"}\n{"_id": "q1", "text": "y"}\n'),
            "queries.jsonl line 2: the id 'q1' is there already",
        ),
        (write("queries.jsonl", '{"_id": "q\\u0000", "text": "x"}\n'), "line 1: the id or text"),
        (write("qrels.tsv", "q1\td1\thigh\n"), "qrels.tsv line 1"),
        (write("qrels.tsv", "q1\td1\t0.5\n"), "qrels.tsv line 1"),
        (write("qrels.tsv", "q1\td1\t1e12\n"), "qrels.tsv line 1"),
        (write("qrels.tsv", "q1\td1\t1\nq1\td1\t2\n"), "qrels.tsv line 2: 'd1' was judged 1 for 'q1' before"),
        (cut_off, "corpus.jsonl.gz cannot be read after line"),
        (write("queries.jsonl", '{"_id": "q1", "text": " "}\n'), "queries.jsonl line 1: a query needs a text"),
        (write("qrels.tsv", "query-id\tcorpus-id\tscore\nq1 d1 1\n"), "qrels.tsv line 2"),
        (write("qrels.tsv", "query-id\tcorpus-id\tscore\nq1\td1\tnan\n"), "qrels.tsv line 2"),
        (write("qrels.tsv", "query-id\tcorpus-id\tscore\n"), "names a relevant document for none"),
        (lambda folder: (folder / "corpus.jsonl").rename(folder / "corpus.jsonl.gz"), "corpus.jsonl.gz cannot be read"),
        (lambda folder: (folder / "corpus.jsonl").write_bytes(b'{"_id": "\xff"}'), "corpus.jsonl cannot be read"),
    ],
)
def test_a_broken_folder_is_one_error_with_file_and_line(folder: Path, break_it: Callable[[Path], object], said: str) -> None:
    break_it(folder)

    with pytest.raises(WorkbenchError) as caught:
        read_collection(folder)

    assert caught.value.code == "bad_benchmark"
    assert said in caught.value.message


def test_a_folder_that_is_not_there_is_one_error(tmp_path: Path) -> None:
    with pytest.raises(WorkbenchError, match="is not a folder"):
        read_collection(tmp_path / "missing")


def test_an_unknown_split_names_the_known_ones(folder: Path) -> None:
    with pytest.raises(WorkbenchError, match="there are: dev, test"):
        read_collection(folder, split="train")


def test_ids_that_are_nowhere_are_got_over_and_said(folder: Path) -> None:
    write("qrels.tsv", "q1\td1\t1\nq1\tgone\t1\nq1\tlost\t2\nq9\td1\t1\n")(folder)

    result = evaluate(folder, mode="lexical", settings=SETTINGS)

    assert (result["queries"], result["recall@100"]) == (1, 0.3333)
    assert result["notes"] == [
        "qrels.tsv line 4: the query 'q9' is not in the queries; that query is not asked.",
        "qrels.tsv line 2: the document 'gone' is not in the corpus; it counts as missed. So it is with 1 more lines.",
    ]


# --- odd texts and odd models --------------------------------------------------------------------------------------


def ask(folder: Path, query: str, text: str, **options: Any) -> dict[str, Any]:
    """The set with one more document, and that as the only answer to the only query."""
    lines = [*CORPUS, {"_id": "d4", "title": "", "text": text}]
    write("corpus.jsonl", "".join(json.dumps(line) + "\n" for line in lines))(folder)
    write("queries.jsonl", json.dumps({"_id": "q", "text": query}) + "\n")(folder)
    write("qrels.tsv", "q\td4\t1\n")(folder)
    return evaluate(folder, **{"mode": "all", "encoder": FakeEncoder, "settings": SETTINGS, **options})


def test_a_query_of_ten_thousand_words_is_asked(folder: Path) -> None:
    result = ask(folder, "the lighthouse stands by the harbour " * 1_700, "A lighthouse stands by a harbour.")

    assert [result[mode]["mrr@10"] for mode in ("lexical", "hybrid")] == [1.0, 1.0]


def test_a_query_in_a_script_the_model_does_not_know_is_found_by_its_words(folder: Path) -> None:
    result = ask(folder, "ရွေးကောက်ပွဲ မဲမသမာမှု", "လေ့လာသူများက ရွေးကောက်ပွဲတွင် မဲမသမာမှု မတွေ့ရှိဟု ဆိုသည်။")

    assert result["lexical"]["mrr@10"] == 1.0


@pytest.mark.model
@pytest.mark.parametrize("query", ["ရွေးကောက်ပွဲ မဲမသမာမှု", "the lighthouse " * 5_000, "?!"], ids=["Burmese", "long", "no word"])
def test_the_packaged_model_gets_over_texts_it_cannot_read(folder: Path, query: str) -> None:
    result = ask(folder, query, "A lighthouse stands by a harbour. ရွေးကောက်ပွဲ", encoder=None)

    assert all(0 <= result[mode]["ndcg@10"] <= 1 for mode in result)
    assert result["hybrid"]["recall@100"] == 1.0


@pytest.mark.parametrize("query", ["?!", "🙂", "a" * 50_000, "\u200b\u202e x"])
def test_a_query_without_a_usable_word_scores_what_it_finds(folder: Path, query: str) -> None:
    result = ask(folder, query, "Something else.")

    assert (result["lexical"]["queries"], result["lexical"]["recall@100"]) == (1, 0.0)


def test_a_document_without_text_is_a_line_of_the_corpus_that_is_never_found(folder: Path) -> None:
    result = ask(folder, "anything", " ")

    assert [(result[mode]["passages"], result[mode]["recall@100"]) for mode in ("lexical", "hybrid")] == [(4, 0.0)] * 2


def test_a_corpus_without_a_word_finds_nothing(folder: Path) -> None:
    write("corpus.jsonl", '{"_id": "d1", "text": ""}\n{"_id": "d2", "text": " "}\n')(folder)

    result = evaluate(folder, mode="all", encoder=FakeEncoder, settings=SETTINGS)

    assert {result[mode]["recall@100"] for mode in result} == {0.0}


class OddEncoder(FakeEncoder):
    """Right for documents; what it gives for queries is up to the test."""

    def __init__(self, odd: Callable[[NDArray[np.float32]], NDArray[np.float32]], *, query: bool) -> None:
        self.odd, self.on_query = odd, query
        self.fingerprint = "odd-encoder"

    def encode(self, texts: Sequence[str], *, query: bool = False) -> NDArray[np.float32]:
        rows = super().encode(texts, query=query)
        return self.odd(rows) if query == self.on_query else rows


@pytest.mark.parametrize("query", [True, False], ids=["queries", "documents"])
@pytest.mark.parametrize(
    ("odd", "said"),
    [
        (lambda rows: rows * np.float32(np.nan), "NaN or infinity"),
        (lambda rows: rows[:, :32], "where"),
        (lambda rows: rows[:-1], "where"),
        (lambda rows: rows * np.float32(3), "length 3.0"),
    ],
    ids=["not a number", "another dimension", "a row short", "not of unit length"],
)
def test_a_model_that_returns_nonsense_is_one_error(
    folder: Path, odd: Callable[[NDArray[np.float32]], NDArray[np.float32]], said: str, query: bool
) -> None:
    with pytest.raises(ModelError, match=said):
        evaluate(folder, mode="hybrid", encoder=lambda: OddEncoder(odd, query=query), settings=SETTINGS)


# --- the command ---------------------------------------------------------------------------------------------------


@pytest.fixture
def measure(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    """`workbench eval …` far from any workspace: (exit code, stdout, stderr)."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("WORKBENCH_WORKSPACE", raising=False)

    def call(*arguments: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["workbench", "eval", *map(str, arguments)])
        with pytest.raises(SystemExit) as stop:
            main()
        out, err = capsys.readouterr()
        return int(stop.value.code or 0), out, err

    return call


def test_the_command_prints_a_table_or_one_json_document(folder: Path, measure: Command) -> None:
    code, out, _ = measure(folder, "--mode", "lexical")
    assert (code, out.splitlines()[0].split()) == (0, ["mode", *CONTRACT[:7]])
    assert "lexical  1.000" in out

    code, out, _ = measure(folder, "--mode", "lexical", "--json")
    assert (code, json.loads(out)["ndcg@10"]) == (0, 1.0)


def test_the_command_says_on_stderr_what_is_odd_about_the_folder(folder: Path, measure: Command) -> None:
    write("qrels.tsv", "q1\td1\t1\nq1\tgone\t1\n")(folder)

    code, _, err = measure(folder, "--mode", "lexical")

    assert (code, "'gone' is not in the corpus" in err) == (0, True)


def test_the_command_answers_bad_input_with_one_error(folder: Path, measure: Command) -> None:
    write("corpus.jsonl", '{"_id": "a", "text": "x"}\nnot json\n')(folder)

    code, out, _ = measure(folder, "--json")

    assert (code, json.loads(out)["error"]["code"]) == (1, "bad_benchmark")
    assert "corpus.jsonl line 2" in json.loads(out)["error"]["message"]


def test_the_command_answers_a_model_that_is_not_there_with_one_error(
    folder: Path, measure: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBENCH_SEARCH__MODEL", str(folder / "no-model"))

    code, out, _ = measure(folder, "--json")

    assert (code, json.loads(out)["error"]["code"]) == (1, "model")


def test_the_command_measures_with_the_settings_of_the_workspace_that_is_named(
    folder: Path, home: Path, measure: Command
) -> None:
    (home / "workbench.toml").write_text("[evidence]\npassage_sentences = 2\n", encoding="utf-8")

    _, out, _ = measure(folder, "--mode", "lexical", "--workspace", home, "--json")
    _, without, _ = measure(folder, "--mode", "lexical", "--json")

    assert json.loads(out)["settings"]["evidence"]["passage_sentences"] == 2
    assert json.loads(without)["settings"]["evidence"]["passage_sentences"] == 5
    assert measure(folder, "--workspace", folder)[0] == 2
