"""The benchmark: its metrics by hand, its folder read strictly, its search the one of the app."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import FakeEncoder
from tests.test_catalog import CountingEncoder
from workbench.benchmark.beir import read_collection
from workbench.benchmark.evaluate import evaluate, metrics
from workbench.encoders import Encoder
from workbench.errors import WorkbenchError
from workbench.settings import Settings

SETTINGS = Settings()
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


# --- metrics -------------------------------------------------------------------------------------------------------


def test_ndcg_is_linear_in_the_grades() -> None:
    found = metrics(["x", "b", "a"], {"a": 2, "b": 1})

    # gains 0, 1, 2 against the ideal 2, 1: (1/log2(3) + 2/log2(4)) / (2/log2(2) + 1/log2(3))
    assert found["ndcg@10"] == pytest.approx((0.63093 + 1.0) / (2.0 + 0.63093), abs=1e-4)
    assert found["mrr@10"] == 0.5


def test_recall_counts_the_relevant_ones_that_were_found() -> None:
    found = metrics([*"uvwxy", "a", *map(str, range(20)), "b"], {"a": 1, "b": 1, "c": 1})

    assert (found["recall@5"], found["recall@10"], found["recall@100"]) == pytest.approx((0, 1 / 3, 2 / 3))


def test_a_query_that_found_nothing_scores_zero() -> None:
    assert set(metrics([], {"a": 1}).values()) == {0.0}


# --- the run -------------------------------------------------------------------------------------------------------


def test_the_three_modes_have_the_keys_of_the_contract(folder: Path) -> None:
    result = evaluate(folder, mode="all", encoder=FakeEncoder, settings=SETTINGS)

    assert list(result) == ["dense", "lexical", "hybrid"]
    assert set(result["hybrid"]) == {
        "ndcg@10", "recall@5", "recall@10", "recall@100", "mrr@10", "p50_ms", "p95_ms", "passages", "queries", "model",
    }  # fmt: skip
    assert (result["hybrid"]["passages"], result["hybrid"]["queries"]) == (3, 2)
    assert (result["dense"]["model"], result["lexical"]["model"]) == ("fake-encoder-64", None)


def test_a_long_document_scores_by_its_best_passage(folder: Path) -> None:
    result = evaluate(folder, mode="hybrid", encoder=FakeEncoder, settings=SETTINGS)

    assert (result["ndcg@10"], result["recall@5"], result["mrr@10"]) == (1.0, 1.0, 1.0)


def test_words_alone_need_no_model(folder: Path) -> None:
    def never() -> Encoder:
        raise AssertionError("the model was loaded")

    assert evaluate(folder, mode="lexical", encoder=never, settings=SETTINGS)["mrr@10"] == 1.0


def test_a_split_asks_only_its_queries(folder: Path) -> None:
    assert evaluate(folder, mode="lexical", split="test", encoder=FakeEncoder, settings=SETTINGS)["queries"] == 1


def test_with_a_cache_folder_nothing_is_encoded_twice(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_CACHE", str(tmp_path / "cache"))
    encoder = CountingEncoder()
    first = evaluate(folder, mode="dense", encoder=lambda: encoder, settings=SETTINGS)
    encoder.texts = []

    second = evaluate(folder, mode="dense", encoder=lambda: encoder, settings=SETTINGS)

    assert set(encoder.texts) == {"fraud in the election", "an unexpected zebra"}
    assert first["ndcg@10"] == second["ndcg@10"]


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
    assert collection.relevant == {"q1": {"d1": 1.0}}


def write(name: str, text: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_text(text)


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
        (write("corpus.jsonl", ""), "has 0 documents"),
        (write("queries.jsonl", '{"_id": "q1", "text": " "}\n'), "queries.jsonl line 1: a query needs a text"),
        (write("qrels.tsv", "query-id\tcorpus-id\tscore\nq1 d1 1\n"), "qrels.tsv line 2"),
        (write("qrels.tsv", "query-id\tcorpus-id\tscore\nq1\td1\tnan\n"), "qrels.tsv line 2"),
        (write("qrels.tsv", "query-id\tcorpus-id\tscore\n"), "0 queries with a relevant document"),
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
