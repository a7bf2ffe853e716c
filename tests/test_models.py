from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from tests.conftest import make_claim
from workbench.models import Cite, PartialDate, Reviewer, VerdictRequest


@pytest.mark.parametrize(
    ("written", "value", "bound", "basis"),
    [
        ("2021", "2021", "on", "typed"),
        (2021, "2021", "on", "typed"),
        ("2021-06", "2021-06", "on", "typed"),
        (date(2021, 6, 23), "2021-06-23", "on", "typed"),
        ("not before 2021-02-01", "2021-02-01", "not-before", "typed"),
        ("2021-06 (inferred)", "2021-06", "on", "inferred"),
        ("unknown", None, "on", "typed"),
        (None, None, "on", "typed"),
    ],
)
def test_a_date_is_kept_as_far_as_it_is_known(written: object, value: str | None, bound: str, basis: str) -> None:
    assert PartialDate.model_validate(written).model_dump() == {"value": value, "bound": bound, "basis": basis}


@pytest.mark.parametrize("written", ["2021-13", "2023-02-29", "June 2021", "0000-00-00", "99999", "21-06"])
def test_a_date_that_does_not_exist_is_refused(written: str) -> None:
    with pytest.raises(ValidationError):
        PartialDate.model_validate(written)


def test_a_partial_date_is_printed_without_inventing_a_day() -> None:
    words = [str(PartialDate.model_validate(one)) for one in ("2021", "2021-06", "2021-06-23", "not before 2021-02", None)]

    assert words == ["2021", "June 2021", "23 June 2021", "not before February 2021", "date unknown"]


def test_a_month_spans_its_first_to_its_last_day() -> None:
    june = PartialDate.model_validate("2021-06")

    assert (june.earliest, june.latest, june.precision) == (date(2021, 6, 1), date(2021, 6, 30), "month")


def test_an_unknown_date_has_no_bounds() -> None:
    unknown = PartialDate.model_validate("unknown")

    assert (unknown.earliest, unknown.latest, unknown.precision) == (None, None, "unknown")


def test_quotation_marks_stand_only_around_the_quoted_words() -> None:
    assert make_claim(quote="election fraud").headline == "“election fraud”"
    assert make_claim(statement="There was fraud.").headline == "There was fraud."


def test_the_hash_of_a_claim_follows_what_is_judged_and_not_desk_matters() -> None:
    plain = make_claim()

    assert plain.content_hash == make_claim(topics=["Myanmar"], priority="high").content_hash
    assert plain.content_hash != make_claim(quote="fraud").content_hash


@pytest.mark.parametrize("statement", ["", "   ", "a\x00b", "x" * 10_001, "\ud800"])
def test_a_statement_that_says_nothing_or_cannot_be_stored_is_refused(statement: str) -> None:
    with pytest.raises(ValidationError):
        make_claim(statement=statement)


def test_a_fragment_lies_inside_its_statement() -> None:
    with pytest.raises(ValidationError, match="lies outside"):
        make_claim(statement="short", fragments=[{"start": 2, "end": 99}])


def test_two_spellings_of_white_space_are_one_reviewer() -> None:
    assert Reviewer.self_declared("  Ana   Maria ") == Reviewer.self_declared("Ana Maria")


def test_a_passage_is_cited_with_one_stance_only() -> None:
    cites = (Cite(passage_id="p-0-1", stance="supports"), Cite(passage_id="p-0-1", stance="refutes"))

    with pytest.raises(ValidationError, match="cited twice"):
        VerdictRequest(claim_id="a", rating="supported", reviewer=Reviewer.self_declared("Ana"), token="t", cites=cites)
