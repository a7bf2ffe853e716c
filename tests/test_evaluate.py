"""The benchmark: its metrics by hand, its folder read strictly, its search the one of the app."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.conftest import FakeEncoder
from tests.test_catalog import CountingEncoder
from workbench.benchmark.beir import read_collection
from workbench.benchmark.evaluate import evaluate, figures
from workbench.benchmark.metrics import MEASURES, intervals, rrf, scores
from workbench.benchmark.misses import REASONS, words_in_common
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


# --- metrics -------------------------------------------------------------------------------------------------------


def measured(found: Sequence[str], relevant: Mapping[str, int]) -> dict[str, float]:
    return dict(zip(MEASURES, scores({"q": found}, {"q": relevant})[0].tolist(), strict=True))


def test_ndcg_is_linear_in_the_grades() -> None:
    found = measured(["x", "b", "a"], {"a": 2, "b": 1})

    # gains 0, 1, 2 against the ideal 2, 1: (1/log2(3) + 2/log2(4)) / (2/log2(2) + 1/log2(3))
    assert found["ndcg@10"] == pytest.approx((0.63093 + 1.0) / (2.0 + 0.63093), abs=1e-4)
    assert found["mrr@10"] == 0.5


def test_recall_counts_the_relevant_ones_that_were_found() -> None:
    found = measured([*"uvwxy", "a", *map(str, range(20)), "b"], {"a": 1, "b": 1, "c": 1})

    assert (found["recall@5"], found["recall@10"], found["recall@100"]) == pytest.approx((0, 1 / 3, 2 / 3))


def test_the_order_of_a_ranking_decides_and_never_the_names_in_it() -> None:
    first = measured(["a", "z"], {"a": 1})
    last = measured(["z", "a"], {"a": 1})

    assert (first["mrr@10"], last["mrr@10"]) == (1.0, 0.5)
    assert measured(["a", "z"], {"z": 1})["mrr@10"] == 0.5


def test_a_relevant_document_at_rank_eleven_counts_for_recall_at_100_only() -> None:
    found = measured([*map(str, range(10)), "a"], {"a": 1})

    assert list(found.values()) == [0, 0, 0, 1, 0]


def test_a_query_that_found_nothing_scores_zero_and_stays_in_the_mean() -> None:
    found = scores({"q1": ["a"], "q2": []}, {"q1": {"a": 1}, "q2": {"a": 1}, "q3": {"b": 3}})

    assert found[:, 0].tolist() == [1, 0, 0]


def test_reciprocal_ranks_are_added_up_with_k_60() -> None:
    # a: 1/61 + 1/63, b: 1/62 + 1/61, c: 1/63, d: 1/62
    assert rrf(["a", "b", "c"], ["b", "d", "a"]) == ["b", "a", "d", "c"]


def test_equal_sums_of_reciprocal_ranks_stay_in_the_order_of_the_first_list() -> None:
    assert rrf(["x", "a"], ["a", "x"]) == ["x", "a"]


def test_an_interval_of_a_mean_is_near_the_one_of_the_normal_law() -> None:
    sample = np.tile([0.0, 1.0], 200)[:, np.newaxis]  # mean 0.5, standard error 0.5 / 20

    low, high = intervals(sample)[0].tolist()

    assert (low, high) == pytest.approx((0.5 - 1.96 * 0.025, 0.5 + 1.96 * 0.025), abs=0.004)


def test_intervals_are_the_same_on_every_run() -> None:
    sample = np.linspace(0, 1, 50).reshape(25, 2)

    assert intervals(sample).tolist() == intervals(sample).tolist()


def test_runs_are_compared_query_by_query() -> None:
    easy_and_hard = np.tile([[0.9], [0.1]], (50, len(MEASURES)))

    found = figures({"dense": easy_and_hard, "hybrid": easy_and_hard + 0.05})

    # the means swing by 0.15 from sample to sample, the difference not at all
    assert found["dense"]["ci95"]["ndcg@10"][1] - found["dense"]["ci95"]["ndcg@10"][0] > 0.1
    assert found["hybrid"]["minus"] == {
        "dense": {"ndcg@10": 0.05, "recall@100": 0.05, "ci95": {"ndcg@10": [0.05, 0.05], "recall@100": [0.05, 0.05]}}
    }


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


# --- what was missed, and why --------------------------------------------------------------------------------------

FILLER = [{"_id": f"f{at}", "title": "", "text": f"Fraud was reported in district {at} of the vote."} for at in range(30)]


def missed(folder: Path, corpus: list[dict[str, str]], query: str, relevant: str, **options: Any) -> list[dict[str, Any]]:
    """The lines of the file for one query with one relevant document."""
    write("corpus.jsonl", "".join(json.dumps(line) + "\n" for line in corpus))(folder)
    write("queries.jsonl", json.dumps({"_id": "q", "text": query}) + "\n")(folder)
    write("qrels.tsv", f"q\t{relevant}\t1\n")(folder)
    file = folder / "misses.jsonl"
    options = {"mode": "hybrid", "encoder": FakeEncoder, "settings": SETTINGS, **options}
    result = evaluate(folder, misses=file, **options)
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert sum(result["missed"].values()) == len(lines)
    return lines


def test_a_query_that_was_found_leaves_no_line(folder: Path) -> None:
    assert missed(folder, CORPUS, "fraud in the election", "d1") == []


def test_a_miss_says_who_ranked_it_where_with_what_scores_and_words(folder: Path) -> None:
    answer = {"_id": "d", "title": "", "text": "Nobody in the vote of the city saw any of it, said the mayor and her clerk."}

    [line] = missed(folder, [*FILLER, answer], "Fraud was reported in the vote", "d")

    assert (line["query_id"], line["query"], line["mode"]) == ("q", "Fraud was reported in the vote", "hybrid")
    assert line["relevant"] == [{"id": "d", "grade": 1, "text": answer["text"]}]
    assert line["best"]["ranks"] == {"dense": 31, "lexical": 31, "hybrid": 31}
    assert line["best"]["words_in_common"] == ["vote"]
    assert line["tenth"]["ranks"]["hybrid"] == 10
    assert line["tenth"]["words_in_common"] == ["Fraud", "reported", "vote"]
    for score in ("cosine", "bm25", "score"):
        assert 0 < line["best"][score] < line["tenth"][score]
    assert line["reason"] == "low in the lists: rank 21 or below"


def test_a_document_without_a_word_of_the_query_is_missed_for_that(folder: Path) -> None:
    answer = {"_id": "d", "title": "", "text": "Nobody saw any of it."}

    [line] = missed(folder, [*FILLER, answer], "Fraud was reported in the vote", "d")

    assert (line["reason"], line["best"]["bm25"], line["best"]["words_in_common"]) == ("no word in common", 0.0, [])


def test_a_document_just_below_the_tenth_is_near(folder: Path) -> None:
    answer = {"_id": "d", "title": "", "text": "Fraud was reported in the vote of this and of that."}
    better = [{"_id": f"b{at}", "title": "", "text": "Fraud was reported in the vote."} for at in range(12)]

    [line] = missed(folder, [*better, answer], "Fraud was reported in the vote", "d")

    assert (line["reason"], line["best"]["ranks"]["hybrid"]) == ("near: rank 11 to 20", 13)


def test_a_document_that_only_words_found_was_outranked_by_meaning(folder: Path) -> None:
    answer = {"_id": "d", "title": "", "text": "zebra " + "unrelated words about other things entirely " * 10}
    near = [{"_id": f"n{at}", "title": "", "text": f"the crossing of the road {at}"} for at in range(30)]

    [line] = missed(folder, [*near, answer], "the crossing of the zebra of the road", "d", mode="dense")

    assert line["reason"] == "found by words only, outranked by meaning"
    assert line["best"]["ranks"]["lexical"] <= 10 < line["best"]["ranks"]["dense"]


def test_a_document_that_only_meaning_found_was_outranked_by_words(folder: Path) -> None:
    answer = {"_id": "d", "title": "", "text": "the of and in to"}  # stop words: the fake model sees them, BM25 does not
    wordy = [{"_id": f"w{at}", "title": "", "text": f"vote {at} " + f"filler{at} " * 60} for at in range(12)]

    [line] = missed(folder, [*wordy, answer], "the of and in to vote", "d", mode="lexical")

    assert line["reason"] == "found by meaning only, outranked by words"


def test_a_document_whose_words_lie_in_several_passages_is_split(folder: Path) -> None:
    text = (
        "Fraud happened there. " + "The price of rice rose again in the market on the hill. " * 30 + "The vote was on Sunday."
    )
    [line] = missed(folder, [*FILLER, {"_id": "d", "title": "", "text": text}], "Fraud was reported in the vote", "d")

    assert (line["reason"], line["best"]["passages"] > 1) == ("document is long and split", True)


def test_a_document_that_no_list_has_is_outside_both_and_still_measured(folder: Path) -> None:
    answer = {"_id": "d", "title": "", "text": "An entirely different matter."}
    many = [{"_id": f"m{at}", "title": "", "text": f"Fraud was reported in the vote of district {at}."} for at in range(250)]

    [line] = missed(folder, [*many, answer], "Fraud was reported in the vote", "d")

    assert (line["reason"], line["best"]["score"]) == ("outside both lists", None)
    assert line["best"]["ranks"] == {"dense": None, "lexical": None, "hybrid": None}
    assert line["best"]["cosine"] < line["tenth"]["cosine"]


def test_a_document_the_corpus_does_not_have_is_missed_for_that(folder: Path) -> None:
    [line] = missed(folder, CORPUS, "fraud", "gone")

    assert (line["reason"], line["best"]["passages"], line["best"]["cosine"]) == ("not in the corpus", 0, None)


def test_every_reason_is_explained() -> None:
    documented = (Path(__file__).parents[1] / "docs" / "benchmarks.md").read_text(encoding="utf-8")

    assert [reason for reason in REASONS if f"`{reason}`" not in documented] == []


def test_words_in_common_are_those_that_bm25_counts() -> None:
    common = words_in_common("The UN reported 1,400 votes", "“Reporting” by the U.N.: 1400 vote(s), the end, 1400")

    assert common == ("Reporting", "U.N", "1400", "vote(s")


@pytest.mark.parametrize("name", ["missing/misses.jsonl", "."])
def test_a_file_for_misses_that_cannot_be_made_is_said_before_anything_is_encoded(folder: Path, name: str) -> None:
    def never() -> Encoder:
        raise AssertionError("the model was loaded")

    with pytest.raises(WorkbenchError, match="cannot be written") as caught:
        evaluate(folder, mode="hybrid", misses=folder / name, encoder=never, settings=SETTINGS)

    assert caught.value.code == "unwritable"


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
