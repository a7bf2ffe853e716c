"""The laws of the lens: any two texts can be looked at, spans are right, a text never differs from itself, work is bounded."""

from __future__ import annotations

import sys
from collections import Counter
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.lens import look
from workbench.models import Finding, PartialDate

DIFFERS, SILENT = "differs", "not mentioned"
WORDS = """
not no never all most some few only 12 1,400 883 1.5 percent % $ 5 km miles half one three hundred million about
more than at least people killed arrested Hun Sen Myanmar Moscow June 2021 yesterday Friday 7 denied false , . ; ( ) ’
死亡 883人 一千四百 2021年6月 ၈၈၃ ဦး ជាង ៨៨៣ នាក់ le 23 juin 1 400 de febrero “ ” - – 𝟛 ½ ² ① unarmed armed nobody
"""
PIECES = st.sampled_from(WORDS.split())
_SENTENCES = """
By 29 June 2021 some 883 people had been killed in Myanmar , and most of them were not armed .
Hun Sen flew to Moscow on Friday and did not meet Shoigu before the talks began .
Prices rose by a third in early 2020 but fell to 12 percent two months after the coup .
"""
SHUFFLED = st.lists(st.sampled_from(_SENTENCES.split()), max_size=40).map(" ".join)
ANY_TEXT = st.one_of(st.text(max_size=120), st.lists(PIECES, max_size=30).map(" ".join), SHUFFLED)


def day(written: str) -> PartialDate:
    return PartialDate.model_validate(written)


def differing(one: str, other: str) -> bool:
    """Whether a figure of the first text differs from one of the second."""
    return any(finding.kind == "number" and finding.relation == DIFFERS for finding in look(one, other))


def spans_are_inside(findings: tuple[Finding, ...], claim: str, passage: str) -> bool:
    places = [(one.claim_span, claim) for one in findings] + [(one.passage_span, passage) for one in findings]
    return all(span is None or 0 <= span.start < span.end <= len(text) for span, text in places)


@given(ANY_TEXT, ANY_TEXT, st.sampled_from(["en", "fr", "es", "my", "km", "zh", "x", ""]))
@settings(max_examples=300)
def test_any_two_texts_can_be_looked_at_and_spans_stay_inside(claim: str, passage: str, language: str) -> None:
    found = look(claim, passage, source_date=day("2021-06-15"), language=language)

    assert spans_are_inside(found, claim, passage)
    assert found == look(claim, passage, source_date=day("2021-06-15"), language=language)


@given(SHUFFLED, SHUFFLED)
@settings(max_examples=200)
def test_the_words_a_difference_names_are_the_words_at_its_spans(claim: str, passage: str) -> None:
    for one in look(claim, passage):
        if (
            one.relation == DIFFERS
            and one.kind != "negation"
            and " in the claim, " in one.detail
            and " only " not in one.detail
        ):
            mine, theirs = one.detail.removesuffix(" here").split(" in the claim, ")
            assert one.claim_span is not None
            assert one.passage_span is not None
            assert " ".join(claim[one.claim_span.start : one.claim_span.end].split()).endswith(mine.strip("“”"))
            assert " ".join(passage[one.passage_span.start : one.passage_span.end].split()).endswith(theirs.strip("“”"))


@given(ANY_TEXT)
@settings(max_examples=300)
def test_a_text_never_differs_from_itself(text: str) -> None:
    assert [finding for finding in look(text, text) if finding.relation == DIFFERS] == []


@given(ANY_TEXT, ANY_TEXT)
@settings(max_examples=200)
def test_a_figure_that_differs_one_way_differs_the_other_way(one: str, other: str) -> None:
    assert differing(one, other) == differing(other, one)


@given(ANY_TEXT, ANY_TEXT)
@settings(max_examples=100)
def test_silence_points_at_no_place_and_everything_else_at_one(claim: str, passage: str) -> None:
    assert all((one.passage_span is None) == (one.relation == SILENT) for one in look(claim, passage))


@pytest.mark.parametrize(
    "unit",
    [
        "not 12 people ",
        "no evidence of fraud, ",
        "Hun Sen met Kem Sokha. ",
        "九",
        "1,",
        "from 1 to 2 May ",
        "prices rose, rents fell. ",
    ],
)
def test_the_work_grows_with_the_text_and_no_faster(unit: str) -> None:
    """Counted in calls, not in seconds: a shared machine says nothing about time."""
    calls = []
    for size in (1_250, 10_000):
        text = unit * (size // len(unit.split()))
        seen = Counter[str]()

        def count(_frame: FrameType, event: str, _argument: object, seen: Counter[str] = seen) -> None:
            seen[event] += 1

        sys.setprofile(count)
        try:
            look(text, text + " .")
        finally:
            sys.setprofile(None)
        calls.append(seen["call"] + seen["c_call"])

    assert calls[1] < 8 * 1.5 * calls[0] + 10_000
