"""The folded view of a text, and words found again in it."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.matching import find_words, fold, matched_spans
from workbench.models import Span


def found(words: str, text: str) -> list[str]:
    return [text[span.start : span.end] for span in find_words(words, text)]


def matched(query: str, text: str) -> list[str]:
    return [text[span.start : span.end] for span in matched_spans(query, text)]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ELECTION Fraud", "election fraud"),
        ("“dear friend” it’s ‚so‘", "\"dear friend\" it's 'so'"),
        ("2020–2021 — now", "2020-2021 - now"),
        ("ﬁne oﬃce", "fine office"),
        ("mil\u00adi\u200btary", "military"),
        ("a \n\t b", "a b"),
        ("a \u200b b", "a b"),
        ("the commu-\nnity", "the community"),
        ("1990-\n2000", "1990- 2000"),
        ("ＡＢＣ１", "abc1"),
        ("cafe\u0301", "caf\u00e9"),
        ("Straße", "strasse"),
        ("883² killed, 5½", "883² killed, 5½"),
    ],
)
def test_two_ways_of_typing_one_text_fold_to_the_same(text: str, folded: str) -> None:
    assert fold(text).text == folded


def test_a_stretch_of_the_folded_text_maps_back_to_what_was_typed() -> None:
    folded = fold("the oﬃ\u00adce")

    assert folded.text == "the office"
    assert folded.span(4, 10) == Span(start=4, end=9)
    assert folded.span(10, 10) == Span(start=9, end=9)


@given(st.text(max_size=60), st.data())
def test_every_folded_stretch_maps_back_inside_the_text(text: str, data: st.DataObject) -> None:
    folded = fold(text)
    start = data.draw(st.integers(0, len(folded.text)))
    end = data.draw(st.integers(start, len(folded.text)))

    span = folded.span(start, end)

    assert 0 <= span.start <= span.end <= len(text)


@given(st.text(max_size=60))
def test_places_in_the_original_never_run_backwards(text: str) -> None:
    folded = fold(text)

    assert list(folded.starts) == sorted(folded.starts)
    assert list(folded.ends) == sorted(folded.ends)


@given(st.text(alphabet=st.sampled_from("ab \n“”-ß\u0301\u00adﬁက"), min_size=1, max_size=40), st.data())
def test_words_taken_from_a_text_are_found_in_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))

    spans = find_words(text[start:end], text)

    assert any((span.start, span.end) == (start, end) or text[span.start : span.end] == text[start:end] for span in spans)


def test_exact_words_are_preferred_to_folded_ones() -> None:
    assert find_words("Fraud", "fraud Fraud") == [Span(start=6, end=11)]


def test_straight_quotes_find_curly_ones() -> None:
    assert found('said "it\'s over"', "He said “it’s over” twice.") == ["said “it’s over”"]


def test_words_across_a_broken_line_are_found() -> None:
    assert found("the community wants", "What the commu-\nnity  wants.") == ["the commu-\nnity  wants"]


@pytest.mark.parametrize("words", ["", "missing", "\u200b"])
def test_words_that_are_not_there_give_an_empty_list(words: str) -> None:
    assert find_words(words, "some text") == []


def test_stop_words_do_not_match() -> None:
    assert matched("There was fraud in the election", "There was an election in the town") == ["election"]


def test_forms_of_an_english_word_match_each_other() -> None:
    assert matched("protesters killed, stopped and making", "a protester kills; stop, made, makes") == [
        "protester",
        "kills",
        "stop",
        "makes",
    ]


def test_forms_of_a_name_match_each_other() -> None:
    assert matched("Myanmar's military", "Myanmar’s MILITARY and Myanmar") == ["Myanmar’s", "MILITARY", "Myanmar"]


def test_a_number_matches_with_and_without_its_thousands_commas() -> None:
    assert matched("more than 1,400 killed", "1400 dead, 1,400 dead, 400 dead") == ["1400", "1,400"]


def test_a_footnote_mark_makes_no_other_number() -> None:
    assert matched("8832 people", "883² were counted") == []


def test_chinese_words_are_found_inside_a_run() -> None:
    assert matched("缅甸选举舞弊", "军方指控缅甸的选举存在舞弊行为") == ["缅甸", "选举", "舞弊"]


def test_a_burmese_word_stays_whole() -> None:
    assert matched("မြန်မာ", "မြန်မာ နိုင်ငံ") == ["မြန်မာ"]


@given(st.text(max_size=40), st.text(max_size=60))
def test_matched_spans_are_in_order_and_do_not_overlap(query: str, text: str) -> None:
    spans = matched_spans(query, text)

    assert all(left.end <= right.start for left, right in itertools.pairwise(spans))
    assert all(0 <= span.start < span.end <= len(text) for span in spans)


@pytest.mark.parametrize("bait", ["a", "(", ".", "- ", "-\n", "\u0301\u0323", "1,", "'a", "မြန်", "缅甸"], ids=ascii)
def test_bait_for_slow_patterns_comes_back(bait: str) -> None:
    text = bait * (100_000 // len(bait))

    assert matched("nothing of this", text) == []
