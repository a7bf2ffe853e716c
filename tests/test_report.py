"""What a report says, and what it never says."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.conftest import ANA, BO, NOON, make_claim
from workbench.models import (
    Case,
    Citation,
    Claim,
    Conditions,
    Event,
    Failure,
    Filters,
    PartialDate,
    Publication,
    RatingSnapshot,
    ReportsOn,
    Reviewer,
    SearchReceipt,
    ShownHit,
    StoredVerdict,
)
from workbench.ratings import AVERITEC_4, find_rating, snapshot
from workbench.report import build_report, safe_link
from workbench.settings import CustomRating, Organisation, ReviewSettings, Settings

CANARY = "the working rationale says the minister lied"
SETTINGS = Settings(organisation=Organisation(name="Example Desk", url="https://check.example.org", licence="CC BY 4.0"))
FILE_A, FILE_B = "a" * 64, "b" * 64


def make_citation(quote: str = "The claims are unsubstantiated and disputed.", **fields: Any) -> Citation:
    given = {
        "source_id": FILE_A,
        "text_sha256": FILE_B,
        "start": 120,
        "end": 120 + len(quote),
        "quote": quote,
        "stance": "refutes",
    }
    return Citation.model_validate(given | {"title": "Interview, annotated", "publisher": "Example Daily"} | fields)


def make_receipt(**fields: Any) -> SearchReceipt:
    given = {"queries": ("mass fraud in the election",), "mode": "hybrid", "asked_mode": "hybrid", "k": 10, "created_at": NOON}
    counted = {"sources_searched": 12, "passages_searched": 1204, "model_fingerprint": "minilm-53aa5117"}
    shown = (ShownHit(passage_id="aaaaaaaaaaaaaaaa-120-164", rank=1, score=0.71),)
    return SearchReceipt.model_validate(given | counted | {"shown": shown} | fields)


def make_verdict(claim: Claim, slug: str = "refuted", **fields: Any) -> StoredVerdict:
    given = {
        "claim_id": claim.id,
        "claim_hash": claim.content_hash,
        "rating": snapshot(AVERITEC_4, find_rating(AVERITEC_4, slug)),
        "rationale": CANARY,
        "confidence": 0.8125,
        "citations": (make_citation(note=CANARY),),
        "policy_hash": "c" * 64,
        "reviewer": ANA,
        "revision": 1,
        "based_on": 0,
        "token": "token-1",
        "created_at": NOON,
        "software": "claim-workbench 0.1.0",
        "seq": 7,
        "hash": "d" * 64,
    }
    return StoredVerdict.model_validate(given | fields)


def make_case(claim: Claim | None = None, *verdicts: StoredVerdict, **fields: Any) -> Case:
    claim = claim or make_claim()
    standing = [one for one in verdicts if one.state == "current"]
    given = {"status": "settled" if standing else "todo", "verdicts": verdicts, "counting": standing[-1] if standing else None}
    return Case.model_validate({"claim": claim} | given | fields)


def make_event(kind: str, payload: dict[str, Any], *, actor: Reviewer = BO, hours: int = 1) -> Event:
    at = NOON + timedelta(hours=hours)
    chain = {"seq": hours, "subject_revision": hours, "subject_prev": "0" * 64, "prev_hash": "0" * 64, "hash": "e" * 64}
    named = {
        "subject_kind": "claim",
        "subject_id": "a-claim",
        "kind": kind,
        "actor": actor,
        "created_at": at,
        "payload": payload,
    }
    return Event.model_validate(named | chain)


def rated_case(slug: str = "refuted", **fields: Any) -> Case:
    claim = make_claim()
    return make_case(claim, make_verdict(claim, slug, **fields))


def test_a_claim_without_a_verdict_still_makes_a_report_that_says_so() -> None:
    page = build_report(make_case(), SETTINGS).page

    assert page.verdict_words == "No verdict yet"
    assert page.draft == "Draft, not for publication: no verdict yet."


def test_the_reader_s_half_has_no_rationale_confidence_note_token_or_path() -> None:
    case = rated_case(citations=(make_citation(note=CANARY, path="confidential/whistle.pdf"),))
    page = json.dumps(build_report(case, SETTINGS).page.model_dump(mode="json"))

    assert not [word for word in (CANARY, "0.8125", "token-1", "whistle") if word in page]


def test_quotation_marks_stand_only_around_the_quotation() -> None:
    quoted, bare = make_claim(quote="because of the election fraud"), make_claim()

    assert build_report(make_case(quoted), SETTINGS).page.title == "“because of the election fraud”"
    assert build_report(make_case(bare), SETTINGS).page.title == "The election was marred by fraud."


@pytest.mark.parametrize(
    ("date", "words"),
    [
        ("2021-06", "June 2021"),
        ("2021-06 (inferred)", "June 2021 (inferred)"),
        ("not before 2021-02-01", "not before 1 February 2021"),
        ("unknown", "date unknown"),
    ],
)
def test_a_date_is_told_as_far_as_it_is_known(date: str, words: str) -> None:
    page = build_report(make_case(make_claim(claimed_on=date)), SETTINGS).page

    assert page.claimed == words


def test_a_named_ground_gives_the_rating_its_public_words_and_meaning() -> None:
    rating = build_report(rated_case("not-enough-evidence", ground="claimant-gave-no-evidence"), SETTINGS).page.rating

    assert rating is not None
    assert rating.label == "Unsubstantiated"
    assert rating.scale_label == "Not enough evidence"
    assert rating.meaning == "The person who made the claim gave no evidence for it, and none was found."


def test_a_digest_is_never_told_as_the_original() -> None:
    about = ReportsOn(
        body="Example Observatory", article="Toll passes 800", publisher="Example Daily", date=PartialDate(value="2021-06")
    )
    digest = make_citation(kind="digest", reports_on=about)

    cited = build_report(rated_case(citations=(digest,)), SETTINGS).page.citations[0]

    assert cited.caution == (
        "digest, not the original; reports on Example Observatory, from Toll passes 800, Example Daily, June 2021"
    )


def test_a_digest_of_something_unnamed_still_says_that_it_is_one() -> None:
    cited = build_report(rated_case(citations=(make_citation(kind="digest"),)), SETTINGS).page.citations[0]

    assert cited.caution == "digest, not the original; what it reports on is not recorded"


def test_a_citation_says_whose_words_it_prints_and_whose_conclusion_it_is() -> None:
    own = make_citation(attributed_to="Min Aung Hlaing", repeats_claim=True, by_claimant=True)
    others = make_citation("A count.", source_id=FILE_B, kind="fact-check", attributed_to="AAPP")

    page = build_report(rated_case(citations=(own, others)), SETTINGS).page

    assert [one.caution for one in page.citations] == [
        "published by the claimant; repeats the claim, attributed there to Min Aung Hlaing",
        "attributed there to AAPP; another newsroom's conclusion",
    ]


def test_a_citation_that_only_repeats_the_claim_is_counted_as_no_origin_and_said_to_be_none() -> None:
    own = make_citation(stance="supports", attributed_to="Min Aung Hlaing", repeats_claim=True)

    evidence = build_report(rated_case(citations=(own, make_citation("A count.", source_id=FILE_B))), SETTINGS).page.evidence

    assert evidence.startswith("2 passages cited from 2 files, 1 origin: ")
    assert "1 only repeats the claim and is no origin." in evidence


def test_a_citation_says_where_its_words_stand() -> None:
    cited = build_report(rated_case(citations=(make_citation(page="3", origin="AAPP, via VOA"),)), SETTINGS).page.citations[0]

    assert cited.source == "Interview, annotated, Example Daily, date unknown, page 3"
    assert (cited.place, cited.sha256, cited.origin) == ("characters 120 to 164 of its text", FILE_A, "AAPP, via VOA")


def test_the_evidence_is_summed_up_in_words() -> None:
    citations = (make_citation(), make_citation("Another.", source_id=FILE_B, stance="context", origin="AAPP"))

    page = build_report(rated_case(citations=citations), SETTINGS).page

    assert page.evidence == (
        "2 passages cited from 2 files, 2 origins: 1 refutes the claim, 1 gives context. Origins named by the reviewer: AAPP."
    )


def test_a_reprint_is_no_second_origin() -> None:
    citations = (make_citation(), make_citation(source_id=FILE_B))

    page = build_report(rated_case(citations=citations), SETTINGS).page

    assert page.evidence.startswith("2 passages cited from 2 files, 1 origin: ")


def test_the_receipt_says_what_was_searched_and_what_could_not_be() -> None:
    failure = Failure(path="secret.pdf", code="no_text_layer", message="secret.pdf has no text", hint="Run OCR.")
    filters = Filters(publishers=("Example Daily",), exclude=Conditions(kinds=("digest", "note")))
    receipt = make_receipt(
        unread=(failure,), waiting=("new.txt", "newer.txt"), filters=filters, unsaid_left_out={"publishers": 2}
    )

    page = build_report(rated_case(receipt=receipt), SETTINGS).page

    assert page.search == (
        "The search of 1 May 2026, 12:00 UTC looked through 1,204 passages of 12 sources by meaning and by words; "
        "the reviewer was shown 1 passage of at most 10 asked for.",
        "1 file could not be read and 2 files were waiting to be taken in: what they say was not searched.",
        "Only sources published by Example Daily were searched.",
        "Sources of the kind digest or note were left out.",
        "2 sources without a known publisher fell outside the filters.",
        "Model: minilm-53aa5117.",
    )


def test_not_enough_evidence_says_that_absence_is_no_evidence() -> None:
    undecided = build_report(rated_case("not-enough-evidence", receipt=make_receipt()), SETTINGS).page
    decided = build_report(rated_case("refuted", receipt=make_receipt()), SETTINGS).page

    assert undecided.search[-1].startswith("Absence here is not evidence of absence")
    assert not [one for one in decided.search if "Absence" in one]


def test_a_verdict_without_a_receipt_says_so() -> None:
    assert build_report(rated_case(), SETTINGS).page.search == ("No record of a search was kept with this verdict.",)


def test_a_disagreement_shows_nobody_s_rating() -> None:
    claim = make_claim()
    verdicts = (make_verdict(claim, "refuted"), make_verdict(claim, "supported", reviewer=BO, hash="1" * 64))

    page = build_report(make_case(claim, *verdicts, status="disagreement", counting=None), SETTINGS).page

    assert page.draft == "Draft, not for publication: the reviewers disagree and no verdict stands."
    assert [line.words for line in page.history] == ["Ana recorded revision 1.", "Bo recorded revision 1."]


def test_the_history_names_revisions_withdrawals_and_publications_in_order() -> None:
    claim = make_claim()
    void = make_verdict(claim, "supported", state="void", void_reason=CANARY, hash="1" * 64)
    standing = make_verdict(claim, "refuted", revision=2, created_at=NOON + timedelta(hours=2))
    events = (
        make_event("verdict-voided", {"reviewer": ANA.model_dump(mode="json"), "revision": 1, "reason": CANARY}, hours=1),
        make_event("verdict-published", {"url": "https://check.example.org/x", "hash": "d" * 64}, hours=3),
    )

    page = build_report(make_case(claim, void, standing, events=events), SETTINGS).page

    assert [(line.when, line.words) for line in page.history] == [
        ("1 May 2026, 12:00 UTC", "Ana recorded revision 1."),
        ("1 May 2026, 13:00 UTC", "Bo withdrew revision 1 by Ana."),
        ("1 May 2026, 14:00 UTC", "Ana recorded revision 2: Refuted."),
        ("1 May 2026, 15:00 UTC", "Bo published the verdict at https://check.example.org/x."),
    ]


def test_a_replaced_rating_is_named_once_it_was_published() -> None:
    claim = make_claim()
    old = make_verdict(claim, "supported", state="superseded", hash="1" * 64)
    new = make_verdict(claim, "refuted", revision=2, created_at=NOON + timedelta(hours=2))
    events = (make_event("verdict-published", {"url": "https://check.example.org/x", "hash": "1" * 64}),)

    words = [line.words for line in build_report(make_case(claim, old, new, events=events), SETTINGS).page.history]

    assert words[0] == "Ana recorded revision 1: Supported (replaced since)."


def test_a_withdrawn_verdict_stands_no_more() -> None:
    claim = make_claim()

    page = build_report(make_case(claim, make_verdict(claim, state="void"), status="void"), SETTINGS).page

    assert page.verdict_words == "The verdict was withdrawn and none stands"
    assert page.citations == ()


def test_a_claim_reworded_since_the_verdict_is_said_to_be() -> None:
    verdict = make_verdict(make_claim(statement="The election was marred by mass fraud."))

    page = build_report(make_case(make_claim(), verdict), SETTINGS).page

    assert page.notes == ("The record of the claim was edited after this verdict was given.",)


def test_the_scale_is_explained_with_the_rating_that_was_given() -> None:
    page = build_report(rated_case("conflicting-evidence"), SETTINGS).page

    assert [(row.label, row.order, row.given) for row in page.scale_rows] == [
        ("Supported", 2, False),
        ("Refuted", 1, False),
        ("Not enough evidence", None, False),
        ("Conflicting evidence", None, True),
    ]


def test_a_verdict_on_a_scale_of_the_past_keeps_its_own_words() -> None:
    ratings = (CustomRating(slug="true", label="True", order=2), CustomRating(slug="false", label="False", order=1))
    today = Settings(review=ReviewSettings(scale="house", ratings=ratings))
    old = RatingSnapshot(scale="bygone", slug="half", label="Half true", definition="Some of it holds.")

    page = build_report(rated_case(rating=old), today).page

    assert page.scale == "bygone, no longer in use here"
    assert [row.label for row in page.scale_rows] == ["Half true"]


def test_a_publication_is_told_with_its_address() -> None:
    publication = Publication(url="https://check.example.org/a-claim", at=datetime(2026, 5, 2, 9, 0, tzinfo=UTC), by=BO)
    claim = make_claim()

    page = build_report(make_case(claim, make_verdict(claim), status="published", publication=publication), SETTINGS).page

    assert page.history[-1].words == "Bo published the verdict at https://check.example.org/a-claim."


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "https://",
        "https://a b",
        'https://a.example/"onclick=',
        "https://bank.example@evil.example/",
        "https://a.example/\u202egpj",
        "https://[bad",
        "//evil.example",
    ],
)
def test_an_address_that_is_not_safe_to_follow_is_no_link(url: str) -> None:
    assert safe_link(url) is None


def test_an_unsafe_appearance_is_shown_as_words() -> None:
    claim = make_claim(appearances=[{"url": "javascript:alert(1)", "title": "Speech", "via": "Example Wire"}])

    shown = build_report(make_case(claim), SETTINGS).page.appearances[0]

    assert shown.link is None
    assert shown.words == "Speech (javascript:alert(1)) (known only through Example Wire)"
