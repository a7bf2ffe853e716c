"""Words lifted from a file get quotation marks where they stood in some there, or a person says so (promise 10)."""

from __future__ import annotations

import html
from pathlib import Path

import pytest

from tests.conftest import ANA, BO, make_claim
from tests.test_catalog import make_source
from workbench.claims import load_claim_files
from workbench.desk import Desk
from workbench.errors import Refused
from workbench.exports import exporter
from workbench.models import Claim, SourceQuote
from workbench.quotes import extract_quotes
from workbench.report import build_report

TEXT = "The minister said “the count was wrong in the north” and left. He said that the roll had been lost in the flood."
MARKED, UNMARKED = "the count was wrong in the north", "the roll had been lost in the flood"


def lifted(desk: Desk, words: str, claim_id: str = "a-claim") -> Claim:
    """A claim whose quotation was lifted from a file of the desk, as it was stored."""
    source, passages = make_source("speech", TEXT)
    desk.catalog.put(source, passages)
    start = TEXT.index(words)
    at = SourceQuote(sha256=source.source_id, start=start, end=start + len(words))
    desk.add_claim(make_claim(claim_id, "The north was miscounted.", quote=words, source_quote=at), actor=ANA)
    return desk.case(claim_id).claim


def printed(desk: Desk, form: str) -> str:
    report = build_report(desk.case("a-claim"), desk.settings)
    return html.unescape(exporter(form).write([report], desk.settings).decode()).replace("\\", "")


def test_words_that_stood_in_marks_in_the_file_are_printed_in_marks(desk: Desk) -> None:
    claim = lifted(desk, MARKED)

    assert claim.quote_marks == "in-file"
    assert claim.headline == f"“{MARKED}”"


def test_a_part_of_what_stands_in_marks_does_too(desk: Desk) -> None:
    assert lifted(desk, "the count was wrong").is_quoted


@pytest.mark.parametrize("form", ["md", "html", "csv"])
def test_words_that_stood_in_none_are_printed_without(desk: Desk, form: str) -> None:
    claim = lifted(desk, UNMARKED)

    text = printed(desk, form)

    assert claim.quote_marks == "none"
    assert claim.headline == "The north was miscounted."
    assert UNMARKED in text
    assert f"“{UNMARKED}" not in text


@pytest.mark.parametrize("form", ["md", "html", "csv"])
def test_a_person_may_confirm_them_and_is_named(desk: Desk, form: str) -> None:
    lifted(desk, UNMARKED)

    desk.quotations.confirm("a-claim", reviewer=BO)

    claim = desk.case("a-claim").claim
    assert (claim.quote_marks, claim.quote_marks_by) == ("confirmed", BO.display_name)
    assert (f"“{UNMARKED}”" if form != "csv" else UNMARKED) in printed(desk, form)
    with pytest.raises(Refused, match="marks already"):
        desk.quotations.confirm("a-claim", reviewer=BO)


def test_a_confirmation_outlives_a_change_of_the_file_and_ends_with_the_words(desk: Desk) -> None:
    lifted(desk, UNMARKED)
    desk.quotations.confirm("a-claim", reviewer=BO)
    file = desk.workspace.claims / "a-claim.yaml"

    file.write_text(f"{file.read_text()}why_checked: A reader asked.\n")
    desk.sync_claims()
    assert desk.case("a-claim").claim.is_quoted

    file.write_text(file.read_text().replace(UNMARKED, "the roll had been lost"))
    desk.sync_claims()
    assert not desk.case("a-claim").claim.is_quoted


def test_words_of_a_file_that_says_nothing_of_marks_count_as_unmarked() -> None:
    at = SourceQuote(sha256="a" * 64, start=0, end=5)

    assert not make_claim(quote="words", source_quote=at).is_quoted
    assert make_claim(quote="words").is_quoted


def test_how_the_marks_came_about_changes_no_verdict() -> None:
    claim = make_claim(quote="words")

    assert claim.model_copy(update={"quote_marks": "none"}).content_hash == claim.content_hash


def test_a_confirmation_in_a_claim_file_names_somebody(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("id: a\nstatement: A.\nquote: a\nquote_marks: confirmed\n")

    with pytest.raises(Exception, match="does not say by whom"):
        load_claim_files(tmp_path)


def test_a_reported_clause_has_no_marks_and_a_quotation_has() -> None:
    found = {quote.quote: quote.quote_marks for quote in extract_quotes(TEXT)}

    assert found[MARKED] == "in-file"
    assert found[UNMARKED] == "none"
