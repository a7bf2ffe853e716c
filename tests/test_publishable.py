"""What keeps a report from readers is one list, and each entry says where it is mended."""

from __future__ import annotations

from typing import Any

from tests.conftest import make_claim
from tests.test_report import SETTINGS, make_case, make_citation, make_verdict
from workbench.models import StoredVerdict
from workbench.publishable import Gap, gaps
from workbench.report import build_report
from workbench.settings import Settings


def found(*verdicts: StoredVerdict, settings: Settings = SETTINGS) -> list[Gap]:
    claim = make_claim(appearances=[{"url": "https://tv.example.org/interview"}], claimant={"name": "A General"})
    given = [one.model_copy(update={"claim_hash": claim.content_hash}) for one in verdicts]
    return gaps([build_report(make_case(claim, *given), settings)], settings)


def whole(**fields: Any) -> StoredVerdict:
    return make_verdict(make_claim(), headline="No proof", explanation="Nobody showed any.", **fields)


def test_a_verdict_with_its_public_words_on_a_site_of_ours_lacks_nothing() -> None:
    assert found(whole()) == []


def test_a_claim_without_a_verdict_is_not_publishable_and_is_mended_at_the_claim() -> None:
    first = found()[0]

    assert (first.needed, first.place, first.claim_id) == (True, "claim", "a-claim")
    assert first.told == "Draft, not for publication: no verdict yet."


def test_public_words_that_nobody_wrote_could_be_better() -> None:
    told = [(one.told, one.needed, one.place) for one in found(make_verdict(make_claim()))]

    assert told == [
        ("No public explanation has been written for this verdict.", False, "claim"),
        ("No public headline has been written.", False, "claim"),
    ]


def test_what_only_the_settings_mend_is_told_once_for_all_claims() -> None:
    reports = [build_report(make_case(make_claim(one), make_verdict(make_claim(one))), Settings()) for one in ("one", "two")]

    of_settings = [one.told for one in gaps(reports, Settings()) if one.place == "settings"]
    assert len(of_settings) == len(set(of_settings))
    assert any("CR6" in told for told in of_settings)


def test_a_cited_page_of_the_web_without_an_archived_copy_leads_to_its_source() -> None:
    cited = make_citation(url="https://news.example.org/a", source_id="e" * 64)

    assert [(one.place, one.source_id) for one in found(whole(citations=(cited,)))] == [("source", "e" * 64)]


def test_what_is_missing_stands_before_what_could_be_better() -> None:
    needed = [one.needed for one in found(make_verdict(make_claim()), settings=Settings())]

    assert needed == sorted(needed, reverse=True)


def test_a_citation_that_is_not_printed_is_told_of() -> None:
    secret = make_citation(access="confidential")

    assert [one.told for one in found(whole(citations=(secret,)))] == [
        "What citation 1 says is not printed: its source is not public."
    ]
