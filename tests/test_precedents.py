"""Claims that are like other claims: found, confirmed or rejected by people, never joined over a difference."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.conftest import ANA, BO, FakeEncoder, make_claim
from workbench.claim_index import AT_ONCE, ClaimIndex
from workbench.desk import Desk, new_token
from workbench.errors import Refused, SettingsError, UnknownId
from workbench.models import Departure, Reviewer, StoredVerdict, VerdictRequest
from workbench.posts import read_post
from workbench.settings import Settings

FRAUD = "The November 2020 election in Myanmar was marred by mass fraud."
FRAUD_AGAIN = "Mass fraud marred the election in Myanmar in November 2020."
NO_FRAUD = "The November 2020 election in Myanmar was not marred by mass fraud."
TOLL = "883 people were killed in Myanmar by June 2021."
TOLL_RAISED = "925 people were killed in Myanmar by June 2021."


@pytest.fixture
def home(home: Path) -> Path:
    """A workspace whose policy asks for no citation: what is judged here is the claims."""
    (home / "workbench.toml").write_text("[review.policy]\ndecisive_needs_citation = false\n", encoding="utf-8")
    return home


@pytest.fixture
def full(desk: Desk) -> Desk:
    """Five claims: one said twice, its denial, and a count with another count."""
    statements = {"fraud": FRAUD, "fraud-again": FRAUD_AGAIN, "no-fraud": NO_FRAUD, "toll": TOLL, "toll-raised": TOLL_RAISED}
    for claim_id, statement in statements.items():
        desk.add_claim(make_claim(claim_id, statement), actor=ANA)
    return desk


def decide(
    desk: Desk, claim_id: str, rating: str, *, by: Reviewer = ANA, departures: tuple[Departure, ...] = ()
) -> StoredVerdict:
    ground = {"ground": "not-yet-known"} if rating == "not-enough-evidence" else {}
    return desk.record(
        VerdictRequest.model_validate(
            {"claim_id": claim_id, "rating": rating, "rationale": "Read.", "reviewer": by, "token": new_token(), **ground}
            | {"departures": departures}
        )
    )


def likeness(desk: Desk, claim_id: str) -> dict[str, str]:
    return {one.claim.id: one.likeness for one in desk.precedents.of(claim_id)}


def test_a_claim_said_in_other_words_is_found_and_a_denial_or_another_figure_is_never_called_the_same(full: Desk) -> None:
    assert likeness(full, "fraud")["fraud-again"] == "near-certain"
    assert likeness(full, "fraud")["no-fraud"] == "differs"
    assert likeness(full, "toll") == {"toll-raised": "differs"}


def test_what_only_one_of_the_two_names_is_not_near_certain(desk: Desk) -> None:
    desk.add_claim(make_claim("with-count", "Some 883 people were killed in Myanmar."), actor=ANA)
    desk.add_claim(make_claim("without", "Some people were killed in Myanmar."), actor=ANA)
    assert likeness(desk, "without") == {"with-count": "similar"}
    assert likeness(desk, "with-count") == {"without": "similar"}


def test_a_sentence_is_compared_before_it_becomes_a_claim(full: Desk) -> None:
    assert full.precedents.like("Mass fraud marred Myanmar's election in November 2020.")[0].claim.id in {
        "fraud",
        "fraud-again",
    }
    assert full.precedents.like("Rainfall in the delta was heavy this year.") == ()
    assert full.precedents.like("   ") == ()


def test_what_a_person_rejected_is_not_shown_again_and_what_they_confirmed_stands_first(full: Desk) -> None:
    full.precedents.judge("fraud", "no-fraud", "different", actor=ANA)
    full.precedents.judge("fraud-again", "fraud", "same", actor=BO)
    assert [(one.claim.id, one.judged) for one in full.precedents.of("fraud")] == [("fraud-again", "same")]
    full.precedents.judge("fraud", "fraud-again", "different", actor=ANA)  # the later word counts
    assert full.precedents.of("fraud") == ()
    assert [event.kind for event in full.case("fraud").events].count("similarity-judged") == 2


def test_claims_that_differ_are_not_joined(full: Desk) -> None:
    with pytest.raises(Refused, match="toll-raised were not joined: they differ") as refused:
        full.precedents.judge("toll", "toll-raised", "same", actor=ANA)
    assert refused.value.code == "claims_differ"
    with pytest.raises(Refused, match="that claim itself"):
        full.precedents.judge("toll", "toll", "same", actor=ANA)
    with pytest.raises(UnknownId):
        full.precedents.judge("toll", "nobody", "same", actor=ANA)


def test_a_group_goes_through_its_members_and_is_shown_however_unlike_they_are(full: Desk) -> None:
    full.add_claim(make_claim("ballots", "Ten million votes were stolen."), actor=ANA)
    full.precedents.judge("fraud", "fraud-again", "same", actor=ANA)
    full.precedents.judge("ballots", "fraud-again", "same", actor=ANA)
    assert full.precedents.group("fraud") == ("ballots", "fraud-again")
    assert {one.claim.id for one in full.precedents.of("ballots") if one.judged == "same"} == {"fraud", "fraud-again"}


def test_the_alarm_sounds_where_one_claim_is_rated_two_ways_and_where_opposites_are_rated_alike(full: Desk) -> None:
    decide(full, "fraud-again", "refuted")
    assert [alarm.kind for alarm in full.precedents.alarms("fraud", "supported")] == ["rated-apart"]
    assert full.precedents.alarms("fraud", "refuted") == ()
    assert [alarm.kind for alarm in full.precedents.alarms("no-fraud", "refuted")] == ["opposites-rated-alike"]
    assert full.precedents.alarms("no-fraud", "supported") == ()
    assert full.precedents.alarms("fraud", None) == ()


def test_two_open_ratings_of_opposite_claims_are_no_contradiction(full: Desk) -> None:
    decide(full, "fraud-again", "not-enough-evidence")
    assert full.precedents.alarms("no-fraud", "not-enough-evidence") == ()


def test_the_reason_for_departing_is_part_of_the_verdict(full: Desk, home: Path) -> None:
    theirs = decide(full, "fraud-again", "refuted")
    why = Departure(claim_id="fraud-again", hash=theirs.hash, reason="This one speaks of one township only.")
    assert decide(full, "fraud", "supported", departures=(why,)).departures == (why,)
    with Desk.open(home, encoder=FakeEncoder) as later:
        assert later.case("fraud").verdicts[0].departures == (why,)


def test_the_index_follows_claims_that_change_and_can_be_deleted(full: Desk, home: Path) -> None:
    assert "fraud-again" in likeness(full, "fraud")
    path = home / "claims" / "fraud-again.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace(FRAUD_AGAIN, "Schools were closed in the north."), encoding="utf-8"
    )
    full.sync_claims()
    assert "fraud-again" not in likeness(full, "fraud")
    full.close()
    shutil.rmtree(home / ".workbench")
    with Desk.open(home, encoder=FakeEncoder) as later:
        assert likeness(later, "toll") == {"toll-raised": "differs"}


def test_many_new_claims_wait_for_the_background(tmp_path: Path) -> None:
    index = ClaimIndex(tmp_path / "claims", Settings(), FakeEncoder)
    said = {f"c-{n}": f"Ward {n} counted its ballots twice." for n in range(AT_ONCE + 1)}
    assert index.near("Ward 7 counted its ballots twice.", said, k=3) == []
    index.keep(said)
    assert index.near("Ward 7 counted its ballots twice.", said, k=3)[0].claim_id == "c-7"
    index.close()


def test_thresholds_out_of_order_are_refused(home: Path) -> None:
    (home / "workbench.toml").write_text("[claims]\nsimilar_from = 0.9\nnear_certain_from = 0.5\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="near_certain_from"):
        Desk.open(home)


@pytest.mark.parametrize(
    ("post", "read"),
    [
        ("Look at this #FakeNews by @RealNews_24 https://t.co/abc", "Look at this Fake News by Real News 24"),
        ("They lied.pic.twitter.com/Ab1 — Ann Lee (@annlee) May 4, 2021", "They lied. — Ann Lee"),
        ("Write to ann@example.org about R&D, issue #7", "Write to ann@example.org about R&D, issue 7"),
        ("An ordinary sentence, with $5.", "An ordinary sentence, with $5."),
        ("https://example.org/only", "https://example.org/only"),
        ("#မြန်မာ ပြည်", "မြန်မာ ပြည်"),
    ],
)
def test_a_post_is_read_as_its_words(post: str, read: str) -> None:
    assert read_post(post) == read


def test_a_search_reads_a_post_as_its_words(desk: Desk, tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text("Election observers found no mass fraud in Myanmar.", encoding="utf-8")
    desk.add_evidence([page])
    found = desk.find("Proof! #MassFraud https://example.org/myanmar")
    assert [span.end - span.start for span in found.hits[0].matched] == [4, 5]  # mass, fraud; no word of the address
