"""How many independent origins stand behind the citations: who knows, not who prints; a person has the last word."""

from __future__ import annotations

from typing import Any

from workbench.models import Citation, ReportsOn
from workbench.origins import origins_of

AGENCY = (
    "The commission said on Friday that turnout had reached 71 per cent in all of the country's fourteen regions and states."
)
OTHER = "Observers of the mission counted the ballots again by hand in thirty towns and found no difference of more than three."


def cited(text: str, file: str, **said: Any) -> Citation:
    return Citation(source_id=file * 64, text_sha256="0" * 64, start=0, end=len(text), quote=text, stance="supports", **said)


def groups(*citations: Citation) -> list[tuple[int, ...]]:
    return [one.citations for one in origins_of(citations).found]


def test_reprints_of_one_report_are_one_origin() -> None:
    reprint = AGENCY.replace("The commission said on Friday", "The commission has said")

    assert groups(cited(AGENCY, "a"), cited(OTHER, "b"), cited(reprint, "c")) == [(0, 2), (1,)]


def test_the_same_report_with_another_figure_is_another_origin() -> None:
    assert groups(cited(AGENCY, "a"), cited(AGENCY.replace("71", "17"), "b")) == [(0,), (1,)]


def test_two_passages_of_one_file_are_one_origin() -> None:
    assert groups(cited(AGENCY, "a"), cited(OTHER, "a")) == [(0, 1)]


def test_a_name_that_a_person_gave_joins_what_others_print() -> None:
    voa = cited(AGENCY, "a", origin="AAPP, via VOA", publisher="VOA")
    bbc = cited(OTHER, "b", origin="aapp (via BBC)", publisher="BBC")

    found = origins_of([voa, bbc]).found

    assert [(one.citations, one.name) for one in found] == [((0, 1), "AAPP")]


def test_two_names_are_two_origins_whatever_else_is_equal() -> None:
    assert groups(cited(AGENCY, "a", origin="AAPP"), cited(AGENCY, "b", origin="Crisis Group")) == [(0,), (1,)]


def test_an_unnamed_reprint_joins_one_of_two_names_and_never_both() -> None:
    named = [cited(AGENCY, "a", origin="AAPP"), cited(AGENCY, "b", origin="Crisis Group")]

    assert groups(*named, cited(AGENCY, "c")) == [(0, 2), (1,)]


def test_the_same_publisher_and_digests_of_one_body_are_hints_and_join_nothing() -> None:
    body = ReportsOn(body="AAPP", article="A count")
    found = origins_of(
        [
            cited(AGENCY, "a", publisher="VOA", reports_on=body),
            cited(OTHER, "b", publisher="VOA"),
            cited("Rain.", "c", reports_on=body),
        ]
    )

    assert len(found) == 3
    assert found.hints == (
        "2 of these origins share the publisher VOA: name who knows it, if that is one.",
        "2 of these origins share the body AAPP: name who knows it, if that is one.",
    )


def test_no_citation_has_no_origin() -> None:
    assert len(origins_of([])) == 0


def test_what_only_repeats_the_claim_is_no_origin() -> None:
    own = cited(AGENCY, "a", attributed_to="Min Aung Hlaing", repeats_claim=True)
    as_context = own.model_copy(update={"stance": "context", "source_id": "c" * 64})

    found = origins_of([own, cited(OTHER, "b")])

    assert ([one.citations for one in found.found], found.repeating) == ([(1,)], (0,))
    assert origins_of([as_context]).repeating == ()
