"""ClaimReview: the map, and each of the fourteen rules with a case that breaks it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.conftest import BO, make_claim
from tests.test_report import CANARY, SETTINGS, make_case, make_citation, make_verdict
from workbench.claimreview import broken_rules, check_markup, to_claimreview
from workbench.models import Publication, RatingSnapshot
from workbench.report import ClaimReport, build_report
from workbench.settings import CustomRating, Organisation, ReviewSettings, Settings

GOOD_CLAIM: dict[str, Any] = {
    "claimant": {
        "name": "Min Aung Hlaing",
        "role": "head of the military government",
        "same_as": ["https://people.example.org/mah"],
    },
    "claimed_on": "2021-06",
    "appearances": [
        {"url": "https://tv.example.org/interview", "title": "Interview", "publisher": "Example TV", "date": "2021-06-23"}
    ],
    "language": "en",
}


def good_report(slug: str = "refuted", *, settings: Settings = SETTINGS, **verdict: Any) -> ClaimReport:
    claim = make_claim(**GOOD_CLAIM)
    return build_report(
        make_case(claim, make_verdict(claim, slug, explanation="No evidence bears it out.", **verdict)), settings
    )


def claim_report(claim_id: str = "a-claim", statement: str = "The election was marred by fraud.", **fields: Any) -> ClaimReport:
    claim = make_claim(claim_id, statement, **{**GOOD_CLAIM, **fields})
    return build_report(make_case(claim, make_verdict(claim)), SETTINGS)


def rules(report: ClaimReport, settings: Settings = SETTINGS) -> list[tuple[str, str]]:
    return [(one.rule, one.severity) for one in broken_rules(report, settings)]


def test_the_markup_of_a_rated_claim() -> None:
    assert to_claimreview(good_report(), SETTINGS) == {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": "https://check.example.org/a-claim",
        "claimReviewed": "The election was marred by fraud.",
        "itemReviewed": {
            "@type": "Claim",
            "author": {
                "@type": "Person",
                "name": "Min Aung Hlaing",
                "jobTitle": "head of the military government",
                "sameAs": "https://people.example.org/mah",
            },
            "datePublished": "2021-06",
            "inLanguage": "en",
            "appearance": [
                {
                    "@type": "CreativeWork",
                    "url": "https://tv.example.org/interview",
                    "name": "Interview",
                    "publisher": {"@type": "Organization", "name": "Example TV"},
                    "datePublished": "2021-06-23",
                }
            ],
        },
        "reviewRating": {
            "@type": "Rating",
            "alternateName": "Refuted",
            "ratingValue": 1,
            "bestRating": 2,
            "worstRating": 1,
            "ratingExplanation": "The evidence found contradicts the claim.",
        },
        "author": {"@type": "Organization", "name": "Example Desk", "url": "https://check.example.org"},
        "datePublished": "2026-05-01",
        "reviewBody": "No evidence bears it out.",
    }


def test_an_untouched_good_report_breaks_no_rule() -> None:
    assert broken_rules(good_report(), SETTINGS) == []


def test_a_rating_off_the_axis_carries_words_and_no_numbers() -> None:
    markup = to_claimreview(good_report("not-enough-evidence", ground="claimant-gave-no-evidence"), SETTINGS)

    assert markup["reviewRating"] == {
        "@type": "Rating",
        "alternateName": "Unsubstantiated",
        "ratingExplanation": "The person who made the claim gave no evidence for it, and none was found.",
    }


def test_an_unknown_claimant_is_left_out() -> None:
    assert "author" not in to_claimreview(claim_report(claimant=None), SETTINGS)["itemReviewed"]


def test_a_bound_is_not_written_as_a_date() -> None:
    assert "datePublished" not in to_claimreview(claim_report(claimed_on="not before 2021-06"), SETTINGS)["itemReviewed"]


def test_a_body_without_a_role_is_an_organization() -> None:
    author = to_claimreview(claim_report(claimant={"name": "Ministry of Example"}), SETTINGS)["itemReviewed"]["author"]

    assert author == {"@type": "Organization", "name": "Ministry of Example"}


def test_an_unsafe_appearance_is_left_out() -> None:
    report = claim_report(appearances=[{"url": "javascript:alert(1)", "title": "x"}])

    assert "appearance" not in to_claimreview(report, SETTINGS)["itemReviewed"]


def test_a_published_verdict_gives_the_address_and_the_day_of_its_publication() -> None:
    claim = make_claim(**GOOD_CLAIM)
    at = Publication(url="https://check.example.org/2026/fraud", at=datetime(2026, 5, 9, 9, 0, tzinfo=UTC), by=BO)
    report = build_report(make_case(claim, make_verdict(claim), status="published", publication=at), SETTINGS)

    markup = to_claimreview(report, SETTINGS)

    assert (markup["url"], markup["datePublished"]) == ("https://check.example.org/2026/fraud", "2026-05-09")


def test_without_a_site_address_the_markup_is_a_draft_that_says_why() -> None:
    settings = Settings(organisation=Organisation(name="Example Desk"))

    assert to_claimreview(good_report(), settings)["creativeWorkStatus"] == "Draft"
    assert rules(good_report(), settings) == [("CR2", "error"), ("CR6", "error")]


def test_a_claim_without_a_verdict_gives_a_draft_without_a_rating() -> None:
    report = build_report(make_case(make_claim(**GOOD_CLAIM)), SETTINGS)

    markup = to_claimreview(report, SETTINGS)

    assert markup["creativeWorkStatus"] == "Draft"
    assert "reviewRating" not in markup
    assert rules(report) == [("CR2", "error"), ("CR3", "error")]


def test_warnings_alone_make_no_draft() -> None:
    report = claim_report(statement="The general election of November 2020 in Myanmar was marred by fraud on a large scale.")

    assert "creativeWorkStatus" not in to_claimreview(report, SETTINGS)
    assert rules(report) == [("CR7", "warning")]


def test_the_markup_never_holds_the_working_rationale_or_the_confidence() -> None:
    assert CANARY not in str(to_claimreview(good_report(), SETTINGS))
    assert "0.8125" not in str(to_claimreview(good_report(), SETTINGS))


# --- each rule, broken -----------------------------------------------------------------------------------------------


def change(markup: dict[str, Any], path: str, value: Any) -> None:
    *parents, last = path.split("/")
    for name in parents:
        markup = markup[name]
    if value is None:
        del markup[last]
    else:
        markup[last] = value


@pytest.mark.parametrize(
    ("rule", "path", "value"),
    [
        ("CR1", "@context", "https://schema.example"),
        ("CR1", "@type", "Review"),
        ("CR2", "claimReviewed", None),
        ("CR2", "reviewRating", None),
        ("CR2", "url", ""),
        ("CR3", "reviewRating/alternateName", "  "),
        ("CR3", "reviewRating/alternateName", None),
        ("CR4", "reviewRating/bestRating", None),
        ("CR4", "reviewRating/worstRating", 0),
        ("CR4", "reviewRating/ratingValue", 3),
        ("CR4", "reviewRating/ratingValue", float("nan")),
        ("CR4", "reviewRating/ratingValue", "1"),
        ("CR4", "reviewRating/worstRating", 2),
        ("CR6", "url", "/a-claim"),
        ("CR6", "url", "https://elsewhere.example.com/a-claim"),
        ("CR6", "url", "https://evilcheck.example.org.evil.example/a-claim"),
        ("CR6", "url", "https://bit.ly/3abc"),
        ("CR7", "claimReviewed", "Refuted: the election was marred by fraud."),
        ("CR7", "claimReviewed", "The election was marred by fraud (refuted)."),
        ("CR8", "author", {"@type": "Organization"}),
        ("CR9", "itemReviewed/author/name", ""),
        ("CR9", "itemReviewed/author/name", "example desk"),
        ("CR10", "itemReviewed/appearance", None),
        ("CR11", "datePublished", "1 May 2026"),
        ("CR11", "itemReviewed/datePublished", "2023-02-29"),
        ("CR11", "itemReviewed/datePublished", "2026-05-02"),
        ("CR13", "claimReviewed", "Something the page does not say."),
        ("CR13", "reviewRating/alternateName", "Pure fiction"),
    ],
)
def test_a_broken_rule_is_named(rule: str, path: str, value: Any) -> None:
    report = good_report()
    markup = to_claimreview(report, SETTINGS)

    change(markup, path, value)

    assert rule in [one.rule for one in check_markup(markup, report, SETTINGS)]


def test_cr5_numbers_off_the_axis_are_named() -> None:
    report = good_report("conflicting-evidence")
    markup = to_claimreview(report, SETTINGS)

    markup["reviewRating"] |= {"ratingValue": 1, "bestRating": 2, "worstRating": 1}

    assert [one.rule for one in check_markup(markup, report, SETTINGS)] == ["CR5"]


@pytest.mark.parametrize(
    "statement",
    [
        "The tax is self-supported.",
        "The ministry's claims were not supported by evidence.",
        "Refuted claims are repeated often.",
    ],
)
def test_cr7_leaves_the_word_alone_where_it_is_part_of_the_claim(statement: str) -> None:
    assert rules(claim_report(statement=statement)) == []


def test_cr6_accepts_a_subdomain() -> None:
    report = good_report()
    markup = to_claimreview(report, SETTINGS) | {"url": "https://en.check.example.org/a-claim"}

    assert check_markup(markup, report, SETTINGS) == []


@pytest.mark.parametrize(
    "second",
    [lambda: claim_report(), lambda: claim_report("another-id")],
    ids=["the same page", "the same claim on another page"],
)
def test_cr12_two_reviews_of_one_claim_or_on_one_page_are_named(second: Callable[[], ClaimReport]) -> None:
    found = broken_rules([claim_report(), second()], SETTINGS)

    assert {one.rule for one in found} == {"CR12"}


def test_cr12_lets_two_claims_alike_by_two_people_pass() -> None:
    other = claim_report("another-id", claimant={"name": "Someone Else"})

    assert broken_rules([claim_report(), other], SETTINGS) == []


def test_cr14_a_scale_that_nothing_explains_is_named() -> None:
    bygone = RatingSnapshot(scale="bygone", slug="half", label="Half true", definition="Some of it holds.")

    assert rules(good_report(rating=bygone)) == [("CR14", "error")]


def test_cr14_a_rating_without_a_definition_is_named() -> None:
    ratings = (
        CustomRating(slug="true", label="True", definition="It holds.", order=2),
        CustomRating(slug="refuted", label="Refuted", order=1),
    )
    settings = SETTINGS.model_copy(update={"review": ReviewSettings(scale="house", ratings=ratings)})
    bare = RatingSnapshot(scale="house", slug="refuted", label="Refuted", order=1, worst=1, best=2)

    found = broken_rules(good_report(rating=bare, settings=settings), settings)

    assert [(one.rule, one.message) for one in found] == [("CR14", "The scale 'house' has no definition of Refuted.")]


def test_a_page_of_the_web_without_an_archived_address_is_a_warning() -> None:
    web, kept = "https://news.example.org/count", "https://archive.example.org/1/count"
    bare = good_report(citations=(make_citation(url=web), make_citation("Again.", url=web)))

    (found,) = broken_rules(bare, SETTINGS)

    assert (found.rule, found.severity) == ("W1", "warning")
    assert found.message == "“Interview, annotated” is cited from the web and has no archived address."
    assert rules(good_report(citations=(make_citation(url=web, archived_url=kept),))) == []
    assert to_claimreview(bare, SETTINGS).get("creativeWorkStatus") is None
