"""What a search missed: facts that can be checked, and a reason that follows from them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import FakeEncoder
from tests.test_evaluate import CORPUS, SETTINGS, write
from workbench.benchmark.evaluate import evaluate
from workbench.benchmark.misses import REASONS, words_in_common
from workbench.encoders import Encoder
from workbench.errors import WorkbenchError

FILLER = [{"_id": f"f{at}", "title": "", "text": f"Fraud was reported in district {at} of the vote."} for at in range(30)]


def lay_out(folder: Path, corpus: list[dict[str, str]], query: str, relevant: str) -> None:
    """A set of one query with one relevant document."""
    write("corpus.jsonl", "".join(json.dumps(line) + "\n" for line in corpus))(folder)
    write("queries.jsonl", json.dumps({"_id": "q", "text": query}) + "\n")(folder)
    write("qrels.tsv", f"q\t{relevant}\t1\n")(folder)


def missed(folder: Path, corpus: list[dict[str, str]], query: str, relevant: str, **options: Any) -> list[dict[str, Any]]:
    """The lines of the file for such a set."""
    lay_out(folder, corpus, query, relevant)
    file = folder / "misses.jsonl"
    options = {"mode": "hybrid", "encoder": FakeEncoder, "settings": SETTINGS, **options}
    result = evaluate(folder, misses=file, **options)
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert sum(result["missed"].values()) == len(lines)
    return lines


def test_a_query_that_was_found_leaves_no_line(tmp_path: Path) -> None:
    assert missed(tmp_path, CORPUS, "fraud in the election", "d1") == []


def test_a_miss_says_who_ranked_it_where_with_what_scores_and_words(tmp_path: Path) -> None:
    answer = {"_id": "d", "title": "", "text": "Nobody in the vote of the city saw any of it, said the mayor and her clerk."}

    [line] = missed(tmp_path, [*FILLER, answer], "Fraud was reported in the vote", "d")

    assert (line["query_id"], line["query"], line["mode"]) == ("q", "Fraud was reported in the vote", "hybrid")
    assert line["relevant"] == [{"id": "d", "grade": 1, "text": answer["text"]}]
    assert line["best"]["ranks"] == {"dense": 31, "lexical": 31, "hybrid": 31}
    assert line["best"]["words_in_common"] == ["vote"]
    assert line["tenth"]["ranks"]["hybrid"] == 10
    assert line["tenth"]["words_in_common"] == ["Fraud", "reported", "vote"]
    for score in ("cosine", "bm25", "score"):
        assert 0 < line["best"][score] < line["tenth"][score]
    assert line["reason"] == "low in the lists: rank 21 or below"


def test_a_document_without_a_word_of_the_query_is_missed_for_that(tmp_path: Path) -> None:
    answer = {"_id": "d", "title": "", "text": "Nobody saw any of it."}

    [line] = missed(tmp_path, [*FILLER, answer], "Fraud was reported in the vote", "d")

    assert (line["reason"], line["best"]["bm25"], line["best"]["words_in_common"]) == ("no word in common", 0.0, [])


def test_a_document_just_below_the_tenth_is_near(tmp_path: Path) -> None:
    answer = {"_id": "d", "title": "", "text": "Fraud was reported in the vote of this and of that."}
    better = [{"_id": f"b{at}", "title": "", "text": "Fraud was reported in the vote."} for at in range(12)]

    [line] = missed(tmp_path, [*better, answer], "Fraud was reported in the vote", "d")

    assert (line["reason"], line["best"]["ranks"]["hybrid"]) == ("near: rank 11 to 20", 13)


def test_a_document_that_only_words_found_was_outranked_by_meaning(tmp_path: Path) -> None:
    answer = {"_id": "d", "title": "", "text": "zebra " + "unrelated words about other things entirely " * 10}
    near = [{"_id": f"n{at}", "title": "", "text": f"the crossing of the road {at}"} for at in range(30)]

    [line] = missed(tmp_path, [*near, answer], "the crossing of the zebra of the road", "d", mode="dense")

    assert line["reason"] == "found by words only, outranked by meaning"
    assert line["best"]["ranks"]["lexical"] <= 10 < line["best"]["ranks"]["dense"]


def test_a_document_that_only_meaning_found_was_outranked_by_words(tmp_path: Path) -> None:
    answer = {"_id": "d", "title": "", "text": "the of and in to"}  # stop words: the fake model sees them, BM25 does not
    wordy = [{"_id": f"w{at}", "title": "", "text": f"vote {at} " + f"filler{at} " * 60} for at in range(12)]

    [line] = missed(tmp_path, [*wordy, answer], "the of and in to vote", "d", mode="lexical")

    assert line["reason"] == "found by meaning only, outranked by words"


def test_a_document_whose_words_lie_in_several_passages_is_split(tmp_path: Path) -> None:
    text = (
        "Fraud happened there. " + "The price of rice rose again in the market on the hill. " * 30 + "The vote was on Sunday."
    )
    [line] = missed(tmp_path, [*FILLER, {"_id": "d", "title": "", "text": text}], "Fraud was reported in the vote", "d")

    assert (line["reason"], line["best"]["passages"] > 1) == ("document is long and split", True)


def test_a_document_that_no_list_has_is_outside_both_and_still_measured(tmp_path: Path) -> None:
    answer = {"_id": "d", "title": "", "text": "An entirely different matter."}
    many = [{"_id": f"m{at}", "title": "", "text": f"Fraud was reported in the vote of district {at}."} for at in range(250)]

    [line] = missed(tmp_path, [*many, answer], "Fraud was reported in the vote", "d")

    assert (line["reason"], line["best"]["score"]) == ("outside both lists", None)
    assert line["best"]["ranks"] == {"dense": None, "lexical": None, "hybrid": None}
    assert line["best"]["cosine"] < line["tenth"]["cosine"]


def test_a_document_the_corpus_does_not_have_is_missed_for_that(tmp_path: Path) -> None:
    [line] = missed(tmp_path, CORPUS, "fraud", "gone")

    assert (line["reason"], line["best"]["passages"], line["best"]["cosine"]) == ("not in the corpus", 0, None)


def test_every_reason_is_explained() -> None:
    documented = (Path(__file__).parents[1] / "docs" / "benchmarks.md").read_text(encoding="utf-8")

    assert [reason for reason in REASONS if f"`{reason}`" not in documented] == []


def test_words_in_common_are_those_that_bm25_counts() -> None:
    common = words_in_common("The UN reported 1,400 votes", "“Reporting” by the U.N.: 1400 vote(s), the end, 1400")

    assert common == ("Reporting", "U.N", "1400", "vote(s")


@pytest.mark.parametrize("name", ["missing/misses.jsonl", "."])
def test_a_file_for_misses_that_cannot_be_made_is_said_before_anything_is_encoded(tmp_path: Path, name: str) -> None:
    lay_out(tmp_path, CORPUS, "fraud", "d1")

    def never() -> Encoder:
        raise AssertionError("the model was loaded")

    with pytest.raises(WorkbenchError, match="cannot be written") as caught:
        evaluate(tmp_path, mode="hybrid", misses=tmp_path / name, encoder=never, settings=SETTINGS)

    assert caught.value.code == "unwritable"
