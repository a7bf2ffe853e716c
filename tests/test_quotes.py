"""Quotations found in a text, with who said them."""

import ast
import itertools
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.models import ExtractedQuote
from workbench.quotes import extract_quotes


def quoted(text: str) -> list[tuple[str | None, str]]:
    return [(found.speaker, found.quote) for found in extract_quotes(text) if found.kind != "indirect"]


def reported(text: str) -> list[tuple[str | None, str]]:
    return [(found.speaker, found.quote) for found in extract_quotes(text) if found.kind == "indirect"]


@pytest.mark.parametrize(
    "text",
    [
        "“The vote was stolen from us,” Ana Ruiz said.",
        "“The vote was stolen from us,” said Ana Ruiz.",
        "Ana Ruiz said, “The vote was stolen from us,” and left.",
        "Ana Ruiz said: “The vote was stolen from us,”",
        '"The vote was stolen from us," Ana Ruiz said on Friday.',
        "«The vote was stolen from us,» Ana Ruiz said.",
        "„The vote was stolen from us,“ Ana Ruiz said.",
        "“The vote was stolen from us,” Sen. Ana Ruiz, a lawyer from Utah, said.",
        "“The vote was stolen from us,” said the party’s deputy chair, Ana Ruiz.",
        "“The vote was stolen from us,” according to Ana Ruiz.",
        "According to Ana Ruiz, “The vote was stolen from us,” twice.",
    ],
)
def test_a_quotation_is_given_to_its_speaker(text: str) -> None:
    assert quoted(text) == [("Ana Ruiz", "The vote was stolen from us,")]


def test_offsets_give_the_words_without_their_marks_and_the_nearest_mention() -> None:
    text = "Min Aung Hlaing came. Aung Hlaing called it a “dear friend.”"

    found = extract_quotes(text)[0]

    assert text[found.start : found.end] == found.quote == "dear friend."
    assert (found.speaker, found.cue, found.kind) == ("Min Aung Hlaing", "called", "mixed")
    assert text[found.speaker_start : found.speaker_end] == "Aung Hlaing"


def test_a_pronoun_means_the_person_who_spoke_last() -> None:
    text = "Ana Ruiz met Bo Lind. “We will win the vote,” Ruiz said.\n\n“They cannot stop us now,” she said."

    assert quoted(text)[1] == ("Ana Ruiz", "They cannot stop us now,")


def test_a_quotation_that_goes_on_after_its_cue_keeps_its_speaker() -> None:
    assert quoted("“They cause fear,” Ana Ruiz said. “Secondly, they lie.”") == [
        ("Ana Ruiz", "They cause fear,"),
        ("Ana Ruiz", "Secondly, they lie."),
    ]


def test_two_who_speak_together_are_both_named() -> None:
    assert quoted("“This must be halted now,” Adviser Ana Ruiz and High Commissioner Bo Lind said in a statement.") == [
        ("Ana Ruiz and Bo Lind", "This must be halted now,")
    ]


def test_an_abbreviation_is_given_its_full_name() -> None:
    text = "The Assistance Association of Prisoners (AAP) counts. AAP says more, adding “the number is likely much higher.”"

    assert quoted(text) == [("Assistance Association of Prisoners (AAP)", "the number is likely much higher.")]


def test_a_quotation_over_two_paragraphs_is_one() -> None:
    text = "“The first part goes on.\n\n“And this is the second part,” Ana Ruiz said."

    assert quoted(text) == [("Ana Ruiz", "The first part goes on.\n\n“And this is the second part,")]
    assert extract_quotes(text)[0].statement == "The first part goes on. And this is the second part."


def test_a_mark_that_never_closes_swallows_at_most_its_paragraph() -> None:
    text = "Ana Ruiz said “this never closes at all.\n\nBo Lind said, “this one does,” and left."

    assert quoted(text) == [("Ana Ruiz", "this never closes at all."), ("Bo Lind", "this one does,")]


@pytest.mark.parametrize("inner", ["“a lie”", "‘a lie’", "«a lie»", '"a lie"'])
def test_of_nested_quotations_the_outer_one_counts(inner: str) -> None:
    words = f"He called it {inner} to my face."

    assert quoted(f"Ana Ruiz said: “{words}”") == [("Ana Ruiz", words)]


def test_a_quotation_of_several_sentences_is_one() -> None:
    words = "They came at night. Nobody counted. Was it a vote at all?"

    assert quoted(f"“{words}” Ana Ruiz asked.") == [("Ana Ruiz", words)]


def test_a_straight_mark_may_close_a_curly_one() -> None:
    assert quoted('Ana Ruiz condemned “systematic" attacks and “other crimes.”') == [
        ("Ana Ruiz", "systematic"),
        ("Ana Ruiz", "other crimes."),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "The “deal” was in force by June.",
        "They watched the film “Gone With the Wind” at home.",
        'The board is 5" wide and 6" long.',
        '<tweet id="672426240989597696" author="Somebody">',
        "It’s the protesters’ and the army’s town.",
        "“”",
    ],
)
def test_marks_around_what_nobody_said_make_no_quotation(text: str) -> None:
    assert quoted(text) == []


def test_without_a_speaker_in_the_text_nobody_is_guessed() -> None:
    found = extract_quotes("That prompted them to retaliate via “attacks on towns and on farms.”")

    assert [(one.speaker, one.speaker_start, one.cue) for one in found] == [(None, None, None)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ana Ruiz said that the vote was stolen in May.", ("Ana Ruiz", "the vote was stolen in May")),
        ("The group estimates that 883 people were killed.", ("The group", "883 people were killed")),
        ("The vote was stolen in May, Ana Ruiz said in a statement.", ("Ana Ruiz", "The vote was stolen in May")),
        ("According to Ana Ruiz, the vote was stolen in May.", ("Ana Ruiz", "the vote was stolen in May")),
        ("The vote was stolen in May, according to Ana Ruiz.", ("Ana Ruiz", "The vote was stolen in May")),
        ("The vote was stolen in May, said Ana Ruiz, the chair.", ("Ana Ruiz", "The vote was stolen in May")),
        ("Ana Ruiz told reporters in Utah on Monday that the vote was stolen.", ("Ana Ruiz", "the vote was stolen")),
        ("Ana Ruiz said on Monday the vote was stolen, but Bo Lind left.", ("Ana Ruiz", "the vote was stolen")),
        ("Ana Ruiz asked whether the vote was stolen.", ("Ana Ruiz", "whether the vote was stolen")),
        ("Ana Ruiz vowed to count every vote.", ("Ana Ruiz", "to count every vote")),
        ("Ana Ruiz accused the army of stealing the vote.", ("Ana Ruiz", "the army of stealing the vote")),
        ("Ana Ruiz called for a new vote.", ("Ana Ruiz", "a new vote")),
        ("Nobody believed in Ana Ruiz’s claim that the vote was stolen.", ("Ana Ruiz", "the vote was stolen")),
    ],
)
def test_reported_speech_is_found_with_its_speaker(text: str, expected: tuple[str, str]) -> None:
    assert reported(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "An estimated 5,224 people have been arrested.",
        "Myanmar state security forces were told nothing.",
        "The attack on the town was over by noon.",
        "“We won the vote in May,” said Bo Lind, who is the chair.",
    ],
)
def test_words_that_only_look_like_speech_report_nothing(text: str) -> None:
    assert reported(text) == []


@pytest.mark.parametrize(
    ("text", "statement"),
    [
        ("Ana Ruiz said the vote was stolen in May.", "The vote was stolen in May."),
        ("Ana Ruiz accused the army of stealing the vote.", "Ana Ruiz accused the army of stealing the vote."),
        (
            "The vote, Ana Ruiz said, was stolen in May by soldiers who carried the boxes away in lorries at night.",
            "The vote was stolen in May by soldiers who carried the boxes away in lorries at night.",
        ),
    ],
    ids=["a clause", "a part of a sentence", "a clause around its cue"],
)
def test_the_statement_of_reported_speech_is_a_whole_sentence(text: str, statement: str) -> None:
    assert [one.statement for one in extract_quotes(text)] == [statement]


def test_a_report_inside_another_is_one_of_its_own() -> None:
    assert reported("Ana Ruiz said that Bo Lind denied the charge.") == [
        ("Ana Ruiz", "Bo Lind denied the charge"),
        ("Bo Lind", "the charge"),
    ]


def test_the_statement_of_a_direct_quotation_is_a_sentence_with_its_brackets() -> None:
    assert extract_quotes("“[T]hey work for money,” Ana Ruiz said.")[0].statement == "[T]hey work for money."


def test_the_statement_of_a_mixed_quotation_is_the_reported_clause() -> None:
    text = "Ana Ruiz said the army “is one of the strongest here.”"

    assert extract_quotes(text)[0].statement == "The army is one of the strongest here."


@settings(max_examples=200)
@given(st.text(alphabet=st.sampled_from('“”"«»„. ,\nAnb said’:-(\ue000ćက'), max_size=120))
def test_every_quotation_is_where_it_says_and_in_order(text: str) -> None:
    found = extract_quotes(text)

    assert all(text[one.start : one.end] == one.quote != "" for one in found)
    assert all(left.start <= right.start for left, right in itertools.pairwise(found))
    assert all((one.speaker_start is None) == (one.speaker_end is None) for one in found)


@pytest.mark.parametrize(
    "bait",
    ["“", '"', "(", ".", "X said ", "according to ", "“Ok,” who said “", "A of ", "“a\n", "Mr. ", "he said that "],
    ids=ascii,
)
def test_bait_for_slow_patterns_comes_back(bait: str) -> None:
    text = bait * (60_000 // len(bait))

    assert all(text[one.start : one.end] == one.quote for one in extract_quotes(text))


def test_every_test_that_the_table_of_cases_names_exists() -> None:
    told = (Path(__file__).parents[1] / "docs" / "quotations.md").read_text(encoding="utf-8")
    tree = ast.parse(Path(__file__).read_text(encoding="utf-8"))
    tests = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}

    named = re.findall(r"`test_quotes\.py::(\w+)`", told)
    assert named
    assert [name for name in named if name not in tests] == []


# --- the development fact-check ---------------------------------------------------------------------------------------


@pytest.fixture
def fact_check(shared: Path) -> list[ExtractedQuote]:
    path = next((shared / "seeds").glob("003_*.txt"))
    return extract_quotes(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("beginning", "speaker"),
    [
        ("has become one of the strongest", "Min Aung Hlaing"),
        ("At first there were protests. You already know", "Min Aung Hlaing"),
        ("First of all, the protesters", "Min Aung Hlaing"),
        ("They cause fear. Secondly", "Min Aung Hlaing"),
        ("oppositionists", "Min Aung Hlaing"),
        ("[T]hose who directly carry out", "Min Aung Hlaing"),
        ("dear friend.", "Sergei Shoigu"),
        ("primarily in the military", "Sergei Shoigu"),
        ("security forces responded", "Amnesty International"),
        ("the actual number of fatalities", "Assistance Association of Political Prisoners (AAPP)"),
        ("The shameful, cowardly", "Alice Wairimu Nderitu and Michelle Bachelet"),
        ("Credible reports indicate", "Ravina Shamdasani"),
        ("has triggered violent", "International Crisis Group"),
        ("systematic", "top United Nations officials"),
    ],
)
def test_the_fact_check_gives_each_quotation_its_speaker(
    fact_check: list[ExtractedQuote], beginning: str, speaker: str
) -> None:
    assert [one.speaker for one in fact_check if one.quote.startswith(beginning)] == [speaker]


def test_the_fact_check_reports_the_count_of_the_dead(fact_check: list[ExtractedQuote]) -> None:
    assert "883 people were killed from February 1 to June 29" in [one.quote for one in fact_check if one.kind == "indirect"]
