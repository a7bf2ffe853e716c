"""Articles: what they quote, which of it is filed, and where a filed claim was lifted from."""

import pytest

from tests.conftest import ANA, make_claim
from workbench.articles import Article, prefilled
from workbench.desk import Desk
from workbench.errors import ClaimFileError, WorkbenchError
from workbench.models import SourceMeta

pytestmark = pytest.mark.process  # a pasted text is read as a file once it is kept

TEXT = "Ana Ruiz said, “The vote was stolen.”\r\n\r\nBo Lind said that the count was fair in every town."
META = SourceMeta.model_validate(
    {"title": "Two voices on the vote", "publisher": "The Bell", "published_on": "2021-06-23", "url": "https://bell.example/1"}
)


def paste(desk: Desk) -> Article:
    return desk.articles.pasted(TEXT, META)


def file_first(desk: Desk, claim_id: str = "stolen") -> Article:
    article = paste(desk)
    desk.articles.file(
        make_claim(claim_id, "The vote was stolen."), article, desk.articles.quotations(article)[0].span, actor=ANA
    )
    return article


def test_looking_through_a_pasted_text_stores_nothing(desk: Desk) -> None:
    found = desk.articles.quotations(paste(desk))

    assert [(one.found.kind, one.found.speaker, one.claim_id) for one in found] == [
        ("direct", "Ana Ruiz", None),
        ("indirect", "Bo Lind", None),
    ]
    assert desk.library() == []


def test_a_claim_filed_from_a_pasted_text_names_a_place_that_can_be_opened(desk: Desk) -> None:
    file_first(desk)

    place = desk.case("stolen").claim.source_quote
    assert place is not None
    entry, source = desk.source(place.sha256)
    assert source.text[place.start : place.end] == "The vote was stolen."
    assert (entry.paths, entry.meta.publisher) == (("evidence/articles/2021-06-23-two-voices-on-the-vote.txt",), "The Bell")


def test_a_filed_quotation_knows_whether_its_words_stood_in_marks(desk: Desk) -> None:
    article = paste(desk)
    quoted, reported = desk.articles.quotations(article)
    for claim_id, one in (("direct", quoted), ("indirect", reported)):
        claim = make_claim(claim_id, "The vote.", quote=one.found.quote)
        desk.articles.file(claim, article, one.span, actor=ANA)

    assert [desk.case(one).claim.quote_marks for one in ("direct", "indirect")] == ["in-file", "none"]


def test_a_quotation_that_was_filed_is_known_by_its_claim_and_the_article_is_kept_once(desk: Desk) -> None:
    article = file_first(desk)
    found = desk.articles.quotations(article)

    desk.articles.file(make_claim("fair", "The count was fair."), article, found[1].span, actor=ANA)

    assert [one.claim_id for one in found] == ["stolen", None]
    assert [one.claim_id for one in desk.articles.quotations(desk.articles.of_source(article.sha256))] == ["stolen", "fair"]
    assert len(desk.library()) == 1


def test_a_form_is_filled_with_what_the_article_says_and_reported_words_are_no_quotation(desk: Desk) -> None:
    article = paste(desk)
    quoted, reported = (prefilled(one, article) for one in desk.articles.quotations(article))

    assert quoted == {
        "statement": "The vote was stolen.",
        "quote": "The vote was stolen.",
        "claimant": "Ana Ruiz",
        "date": "2021-06-23 (inferred)",
        "url": "https://bell.example/1",
    }
    assert (reported["statement"], reported["quote"]) == ("The count was fair in every town.", "")


def test_an_id_that_is_taken_files_nothing(desk: Desk) -> None:
    file_first(desk)

    with pytest.raises(ClaimFileError):
        file_first(desk)

    assert len(desk.claims()) == 1


@pytest.mark.parametrize("text", ["", " \n\x00 "], ids=ascii)
def test_a_text_with_nothing_in_it_is_refused(desk: Desk, text: str) -> None:
    with pytest.raises(WorkbenchError, match="no text"):
        desk.articles.pasted(text, SourceMeta())
