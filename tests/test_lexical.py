"""The index of words: stems, unspaced scripts, plain words only."""

import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench import lexical
from workbench.errors import StaleIndex
from workbench.lexical import LexicalIndex, extend_index, query_terms, write_index

TEXTS = {
    3: "The elections were marred by fraud, the army said.",
    5: "Observers called the election free and fair.",
    8: "More than 1,400 civilians were killed, the U.N. reported.",
    13: "ရွေးကောက်ပွဲ မဲမသမာမှု ရှိခဲ့သည်။",
    21: "ការបោះឆ្នោតមានការក្លែងបន្លំ។",
    34: "缅甸军方指控选举舞弊。",
    89: "TELL US NOW, the crowd shouted; US officials of the WHO measured CO 2 and said: it is us.",
    55: "President Peña spoke of a coup d\u2019\u00e9tat.",
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> LexicalIndex:
    folder = tmp_path_factory.mktemp("words") / "lexical"
    write_index(folder, TEXTS.items())
    return LexicalIndex(folder)


def found(index: LexicalIndex, text: str, k: int = 10) -> list[int]:
    return [one for one, _ in index.search(text, k)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("fraudulent voting, election fraud", [3, 5]),
        ("1400 civilians", [8]),
        ("1,400", [8]),
        ("what the UN reports", [8]),
        ("ရွေးကောက်ပွဲ", [13]),
        ("មានការក្លែងបន្លំ", [21]),
        ("选举", [34]),
        ("pena", [55]),
        ("PEÑA", [55]),
        ("elec\u00adtion", [5, 3]),
        ("U.S.", [89]),
        ("USA", [89]),
        ("the WHO", [89]),
        ("CO\u2082", [89]),
        ("CO2", [89]),
        ("nothing shared", []),
    ],
)
def test_words_are_found_in_their_forms_and_scripts(index: LexicalIndex, query: str, expected: list[int]) -> None:
    assert found(index, query) == expected


def test_scores_fall_and_are_positive(index: LexicalIndex) -> None:
    scores = [score for _, score in index.search("election fraud", 10)]

    assert scores == sorted(scores, reverse=True)
    assert scores[-1] > 0


def test_a_filter_acts_inside_the_search(index: LexicalIndex) -> None:
    best = index.search("election fraud", 1)
    other = index.search("election fraud", 1, ids=np.array([5, 8]))

    assert (best[0][0], other[0][0]) == (3, 5)


def test_a_filter_does_not_change_a_score(index: LexicalIndex) -> None:
    assert index.search("election", 9, ids=np.array([5]))[0][1] == pytest.approx(dict(index.search("election", 9))[5])


def test_stop_words_do_not_find_everything(index: LexicalIndex) -> None:
    assert found(index, "the fraud that was by the") == [3]


def test_a_query_of_stop_words_alone_keeps_them() -> None:
    assert query_terms("was it them") != {}


@pytest.mark.parametrize("query", ['text:fraud AND (x OR "y', "fraud~2^9 *:* [a TO b]", "-fraud +fraud", "IN [x] \\ / fraud"])
def test_user_text_is_never_query_syntax(index: LexicalIndex, query: str) -> None:
    assert 3 in found(index, query)


@pytest.mark.parametrize("query", ["", "   ", "!!! ???", "…"])
def test_no_words_find_nothing(index: LexicalIndex, query: str) -> None:
    assert found(index, query) == []


@settings(max_examples=60, deadline=None)
@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=80))
def test_any_text_may_be_searched_for(index: LexicalIndex, text: str) -> None:
    assert all(score >= 0 for _, score in index.search(text, 5))


def test_an_index_of_nothing_is_valid(tmp_path: Path) -> None:
    assert write_index(tmp_path / "empty", []) == 0
    assert LexicalIndex(tmp_path / "empty").search("fraud", 5) == []


def test_opening_and_searching_changes_no_file(tmp_path: Path) -> None:
    write_index(tmp_path / "x", TEXTS.items())
    before = {path.name: path.read_bytes() for path in (tmp_path / "x").iterdir()}

    LexicalIndex(tmp_path / "x").search("election", 5)

    assert {path.name: path.read_bytes() for path in (tmp_path / "x").iterdir()} == before


def test_a_folder_that_is_no_index_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(StaleIndex, match="cannot be read"):
        LexicalIndex(tmp_path)


# --- extending, tombstones, filters --------------------------------------------------------------------------------


def test_an_extended_index_finds_old_and_new_and_leaves_the_shared_files_alone(tmp_path: Path) -> None:
    write_index(tmp_path / "old", TEXTS.items())
    shutil.copytree(tmp_path / "old", tmp_path / "new", copy_function=os.link)
    before = {path.name: path.read_bytes() for path in (tmp_path / "old").iterdir()}

    extend_index(tmp_path / "new", [(89, "Election fraud was denied.")])

    assert sorted(found(LexicalIndex(tmp_path / "new"), "fraud")) == [3, 89]
    assert found(LexicalIndex(tmp_path / "old"), "fraud") == [3]
    assert {path.name: path.read_bytes() for path in (tmp_path / "old").iterdir()} == before


def test_ids_are_taken_out_of_the_files(tmp_path: Path) -> None:
    write_index(tmp_path / "x", TEXTS.items())

    extend_index(tmp_path / "x", [], without=np.array([3, 5]))

    index = LexicalIndex(tmp_path / "x")
    assert (len(index), found(index, "election"), found(index, "civilians")) == (6, [], [8])


def test_what_is_gone_is_never_found_and_not_counted(tmp_path: Path) -> None:
    write_index(tmp_path / "x", TEXTS.items())
    index = LexicalIndex(tmp_path / "x", gone=np.array([3, 13]))

    assert (len(index), found(index, "election fraud")) == (6, [5])
    assert index.search("election", 9, ids=np.array([3])) == []
    assert index.search("election", 9, ids=np.array([3, 5]))[0][0] == 5


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> LexicalIndex:
    """4,000 passages of some of thirty words, in two extensions."""
    numbers = np.random.default_rng(5)
    words = [f"word{number}" for number in range(30)]
    texts = [(row, " ".join(numbers.choice(words, size=numbers.integers(3, 40)))) for row in range(1, 4_001)]
    folder = tmp_path_factory.mktemp("many") / "lexical"
    write_index(folder, texts[:3_000])
    extend_index(folder, texts[3_000:])
    return LexicalIndex(folder)


@pytest.mark.parametrize("share", [0.9, 0.3, 0.02, 0.001])
@pytest.mark.parametrize("k", [1, 20, 500])
def test_wide_and_narrow_filters_find_the_same(
    many: LexicalIndex, monkeypatch: pytest.MonkeyPatch, share: float, k: int
) -> None:
    ids = np.flatnonzero(np.random.default_rng(2).random(4_001) < share)

    monkeypatch.setattr(lexical, "NARROW", 0)
    masked = many.search("word3 word7 word7 word21", k, ids=ids)
    monkeypatch.setattr(lexical, "NARROW", 10_000.0)
    asked_for = many.search("word3 word7 word7 word21", k, ids=ids)

    assert [one for one, _ in masked] == [one for one, _ in asked_for]
    assert [score for _, score in masked] == pytest.approx([score for _, score in asked_for])


def test_a_filter_that_the_best_hits_do_not_pass_still_finds_the_rest(
    many: LexicalIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = [one for one, _ in many.search("word3", 4_000)]
    monkeypatch.setattr(lexical, "NARROW", 0)

    last = many.search("word3", 5, ids=np.array([*every[-5:], 9_999]))

    assert [one for one, _ in last] == every[-5:]
