"""Queries with operators: how they are read, what they find in a real index, what they mark, and what cannot be read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.errors import WorkbenchError
from workbench.lexical import LexicalIndex, write_index
from workbench.operators import AnyOf, Every, Expression, Phrase, Without, Word, marks, read_query, told

TEXTS = {
    1: "The elections were marred by fraud, the army said; protesters were shot.",
    2: "Observers called the election free and fair. Fraud was denied.",
    3: "Election observers found election fraud in two states.",
    4: "The fraud election of 1990.",
    5: "缅甸军方指控选举舞弊，选举观察员否认。",
    6: "观察员谈到选举。",
    7: "ရွေးကောက်ပွဲ မဲမသမာမှု ရှိခဲ့သည်။",
    8: "The word 选举舞弊 means election fraud in Chinese.",
    9: "More than 1,400 civilians were killed, the U.N. reported. COVID-19 spread.",
    10: "ការបោះឆ្នោតមានការក្លែងបន្លំ។",
    11: "President Peña spoke of a coup d’état and of a well-\nknown fraud.",
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> LexicalIndex:
    folder = tmp_path_factory.mktemp("operators") / "lexical"
    write_index(folder, TEXTS.items())
    return LexicalIndex(folder)


def read(text: str) -> Expression:
    found = read_query(text)
    assert found is not None
    return found


def found(index: LexicalIndex, text: str) -> set[int]:
    return {one for one, _ in index.search(read(text), 100)}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ('"election fraud"', {3, 8}),
        ('"fraud election"', {4}),
        ('"fraud, the ARMY"', {1}),
        ("election AND fraud", {1, 2, 3, 4, 8}),
        ("election -fraud", set()),
        ('fraud NOT "election fraud"', {1, 2, 4, 11}),
        ("protest*", {1}),
        ("observ* OR protest*", {1, 2, 3}),
        ("elect* AND observ* -denied", {3}),
        ("(army OR free) AND fraud", {1, 2}),
        ('"election obs*"', {3}),
        ('"选举舞弊"', {5, 8}),
        ("选举观察员 AND 缅甸", {5}),
        ("选举 -舞弊", {6}),
        ("选举* -舞弊", {6}),
        ('"军方指控"', {5}),
        ('"word 选举舞弊 means"', {8}),
        ('"မဲမသမာမှု ရှိ*"', {7}),
        ("ရွေးကောက်* -fraud", {7}),
        ('"ការក្លែងបន្លំ"', {10}),
        ('"1400 civilians"', {9}),
        ('"the UN reported"', {9}),
        ("COVID-19 AND kill*", {9}),
        ('"coup d\'etat"', {11}),
        ('"wellknown fraud"', {11}),
        ("peñ* AND coup", {11}),
        ('"no such words"', set()),
    ],
)
def test_a_query_with_operators_finds_what_it_says_and_nothing_else(
    index: LexicalIndex, query: str, expected: set[int]
) -> None:
    assert found(index, query) == expected


def test_a_filter_and_tombstones_act_inside_a_query_with_operators(index: LexicalIndex, tmp_path: Path) -> None:
    write_index(tmp_path / "x", TEXTS.items())
    without = LexicalIndex(tmp_path / "x", gone=np.array([3]))

    assert [one for one, _ in index.search(read("fraud AND elect*"), 9, ids=np.array([2, 9]))] == [2]
    assert {one for one, _ in without.search(read('"election fraud"'), 9)} == {8}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ('"election fraud" -protest*', '"election fraud" AND NOT protest*'),
        ("“mass fraud” OR (vote AND NOT rigged)", '"mass fraud" OR (vote AND NOT rigged)'),
        ("army navy AND police -free", "(army OR (navy AND police)) AND NOT free"),
        ("the election NOT fraud", "election AND NOT fraud"),
        ("the AND who", "the AND who"),
        ("US AND WHO", "US AND WHO"),
        ("选举观察员 AND 缅甸", '"选举观察员" AND "缅甸"'),
        ("COVID-19 OR vaccin*", '"COVID-19" OR vaccin*'),
        ('"mass fra"* OR vote', '"mass fra*" OR vote'),
        ("fraud - vote AND army", "fraud OR (vote AND army)"),
    ],
)
def test_how_a_query_was_read_is_told_as_it_could_be_typed(query: str, expected: str) -> None:
    assert told(read(query)) == expected
    assert told(read(expected)) == expected


@pytest.mark.parametrize(
    "query", ["election fraud", "Was it (as he said) fraud?", "a well-known and/or 'free' vote - or not", ""]
)
def test_a_text_without_operators_is_words_only(query: str) -> None:
    assert read_query(query) is None


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ('fraud AND "election', '" at character 11 opens a phrase that is never closed'),
        ("AND", "AND at character 1 has nothing before it"),
        ("fraud AND", "AND at character 7 has nothing after it"),
        ("fraud OR", "OR at character 7 has nothing after it"),
        ("fraud AND OR vote", "AND at character 7 has nothing after it"),
        ("*", "* at character 1 has no beginning of a word before it"),
        ("vote -*", "* at character 7 has no beginning"),
        ("el*tion", "* at character 3 can only stand at the end of a word"),
        ('"elec* fraud"', "* at character 6 can only stand at the end of a phrase"),
        ('"…!"', '" at character 1 opens a phrase without a word'),
        ("-fraud", "- at character 1 begins what only leaves out"),
        ("vote AND (NOT fraud)", "NOT at character 11 begins what only leaves out"),
        ("vote OR -fraud", "- at character 9 after OR would find nearly every passage"),
        ("vote -fraud OR army", "OR at character 13 follows what is left out"),
        ("NOT NOT fraud", "NOT at character 1 has nothing after it"),
        ("(vote AND fraud", "( at character 1 opens a group that is never closed"),
        ("vote AND fraud)", ") at character 15 closes a group that was never opened"),
        ("vote AND ()", ") at character 11 ends a query or a group without words"),
        ("(" * 30 + "vote AND fraud" + ")" * 30, "( at character 21 opens a group inside 20 others"),
        ('"x" ' * 201, "more than 200 words and phrases"),
    ],
)
def test_a_query_that_cannot_be_read_names_the_place(query: str, place: str) -> None:
    with pytest.raises(WorkbenchError) as refused:
        read_query(query)

    assert place in refused.value.message
    assert (refused.value.code, bool(refused.value.hint)) == ("bad_query", True)


@settings(max_examples=80)
@given(text=st.text(st.sampled_from('ab *"-()“”选举 ANDORNOT'), max_size=30))
def test_any_text_is_read_or_refused_and_reads_the_same_as_it_is_told(index: LexicalIndex, text: str) -> None:
    try:
        expression = read_query(text)
    except WorkbenchError:
        return
    if expression is not None:
        again = read_query(told(expression)) or expression  # a single word is no operator
        assert {one for one, _ in index.search(again, 100)} == {one for one, _ in index.search(expression, 100)}


def test_a_beginning_with_too_many_endings_in_a_phrase_is_said(tmp_path: Path) -> None:
    write_index(tmp_path / "x", [(1, " ".join(f"pre{number} vote" for number in range(20_000)))])

    with pytest.raises(WorkbenchError, match="Too many words begin"):
        LexicalIndex(tmp_path / "x").search(read('"vote pre*"'), 5)


# --- marks -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ('"election fraud" OR vote', "Votes: election\nfraud, fraud.", ["Votes", "election\nfraud"]),
        ("protest* -shot", "Protesters protested; shot.", ["Protesters", "protested"]),
        ('"mass fra*"', "Mass  frauds and mass fray.", ["Mass  frauds", "mass fray"]),
        ("选举观察员 AND 缅甸", TEXTS[5], ["缅甸", "选举观察员"]),
        ('"coup d\'etat"', "a coup d’état", ["coup d’état"]),
    ],
)
def test_phrases_and_beginnings_are_marked_and_what_is_left_out_is_not(query: str, text: str, expected: list[str]) -> None:
    assert [text[span.start : span.end] for span in marks(read(query), text)] == expected


# --- any boolean query, against an evaluation in memory ----------------------------------------------------------------------

LETTERS = ["army", "vote", "fraud", "junta", "army1", "votes2"]


def passages() -> list[list[str]]:
    numbers = np.random.default_rng(11)
    return [list(numbers.choice(LETTERS, size=numbers.integers(1, 7))) for _ in range(120)]


PASSAGES = passages()


@pytest.fixture(scope="module")
def random_index(tmp_path_factory: pytest.TempPathFactory) -> LexicalIndex:
    folder = tmp_path_factory.mktemp("random") / "lexical"
    write_index(folder, ((row, ", ".join(words)) for row, words in enumerate(PASSAGES)))
    return LexicalIndex(folder)


words = st.sampled_from(LETTERS)
leaves = st.one_of(
    words.map(Word),
    st.lists(words, min_size=2, max_size=3).map(lambda some: Phrase(" ".join(some))),
    words.map(lambda one: Phrase(one[:3], is_open=True)),
    st.tuples(words, words).map(lambda two: Phrase(f"{two[0]} {two[1][:3]}", is_open=True)),
)


def grown(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    left_out = st.lists(inner, min_size=1, max_size=2).map(tuple)
    return st.one_of(several.map(Every), several.map(AnyOf), st.builds(Without, inner, left_out))


def says(expression: Expression, passage: Sequence[str]) -> bool:
    match expression:
        case Word(text):
            stem = text.removesuffix("s")
            return any(one.removesuffix("s") == stem for one in passage)
        case Phrase(text, is_open):
            wanted = text.split()
            return any(
                passage[at : at + len(wanted) - 1] == wanted[:-1]
                and (
                    passage[at + len(wanted) - 1] == wanted[-1]
                    or (is_open and passage[at + len(wanted) - 1].startswith(wanted[-1]))
                )
                for at in range(len(passage) - len(wanted) + 1)
            )
        case Every(parts):
            return all(says(part, passage) for part in parts)
        case AnyOf(parts):
            return any(says(part, passage) for part in parts)
        case Without(kept, left_out):
            return says(kept, passage) and not any(says(part, passage) for part in left_out)


@settings(max_examples=120)
@given(expression=st.recursive(leaves, grown, max_leaves=8))
def test_any_boolean_query_finds_exactly_the_passages_it_says(random_index: LexicalIndex, expression: Expression) -> None:
    expected = {row for row, passage in enumerate(PASSAGES) if says(expression, passage)}

    assert {row for row, _ in random_index.search(expression, 1_000)} == expected
    again = read_query(f"({told(expression)}) AND ({told(expression)})")
    assert again is not None
    assert {row for row, _ in random_index.search(again, 1_000)} == expected
