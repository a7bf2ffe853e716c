"""Sentences worth checking: which, in what order, and why."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from workbench.benchmark import checkworthiness
from workbench.checkworthy import score, worth_checking
from workbench.cli.app import app


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("Unemployment in the towns of the north is 12 percent.", "a share"),
        ("The bridge took $3 out of every purse in the town.", "a sum of money"),
        ("The army holds thousands of people in that camp.", "a large number"),
        ("The river is longer and dirtier than it was; it is the worst in the country.", "a comparison"),
        ("Crime in the city doubled under the old mayor and his men.", "a change over time"),
        ("The flood was due to the dam above the old town.", "a cause"),
        ("The mayor signed the order in the night before the vote.", "an act on record"),
        ("They never counted a single box in the whole province.", "all or none"),
    ],
)
def test_a_sentence_that_can_be_checked_says_why(sentence: str, reason: str) -> None:
    assert reason in score(sentence)[1]


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("Is unemployment in the towns of the north 12 percent?", "a question"),
        ("I think unemployment in the towns of the north is 12 percent.", "an opinion"),
        ("Unemployment in the towns of the north will be 12 percent.", "a prediction or a promise"),
        ("Thank you for the 12 percent in the towns of the north.", "a courtesy"),
    ],
)
def test_what_cannot_be_checked_counts_against_it(sentence: str, reason: str) -> None:
    plain, _, _ = score("Unemployment in the towns of the north is 12 percent.")

    worth, _, against = score(sentence)

    assert reason in against
    assert worth < plain


def test_the_most_checkable_sentence_comes_first_and_small_talk_not_at_all() -> None:
    text = (
        "Good evening, everybody. The mayor signed 3 orders in the night. "
        "Unemployment rose to 12 percent, more than ever. We are proud."
    )

    assert [text[one.span.start : one.span.end] for one in worth_checking(text)] == [
        "Unemployment rose to 12 percent, more than ever.",
        "The mayor signed 3 orders in the night.",
    ]


@pytest.mark.parametrize("bait", ["1,", "a ", "1" * 50, "according ", "would ", "A", ". A", "created "], ids=ascii)
def test_bait_for_slow_patterns_comes_back(bait: str) -> None:
    text = bait * (60_000 // len(bait))

    assert all(one.span.end <= len(text) for one in worth_checking(text))


@pytest.mark.process
def test_the_command_lists_them_where_asked(tmp_path: Path) -> None:
    file = tmp_path / "speech.txt"
    file.write_text("Unemployment rose to 12 percent, more than ever.", encoding="utf-8")

    plain = json.loads(CliRunner().invoke(app, ["claims", "extract", str(file), "--json"]).stdout)
    asked = json.loads(CliRunner().invoke(app, ["claims", "extract", str(file), "--worth-checking", "--json"]).stdout)

    assert "worth_checking" not in plain["files"][0]
    assert [one["text"] for one in asked["files"][0]["worth_checking"]] == [file.read_text(encoding="utf-8")]


def test_average_precision_counts_the_share_of_picked_ones_down_to_each() -> None:
    assert checkworthiness.average_precision([True, False, True, False]) == pytest.approx((1 / 1 + 2 / 3) / 2)
    assert checkworthiness.average_precision([False]) == 0.0


def test_the_ranking_beats_length_and_chance_on_the_half_that_was_held_out(shared: Path) -> None:
    transcripts = {
        document: lines
        for document, lines in checkworthiness.read_transcripts(shared / "benchmarks/checkworthy_dev").items()
        if checkworthiness.half_of(document) == "held out"
    }

    ours = checkworthiness.measure(transcripts, lambda sentence: score(sentence)[0])["held out"]
    longest = checkworthiness.measure(transcripts, lambda sentence: len(sentence.split()))["held out"]

    assert ours > longest + 0.03
