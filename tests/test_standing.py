"""Decided claims that new evidence bears on: each new passage is held against each decided claim, and asked about once."""

from __future__ import annotations

import shutil

import pytest

from tests.conftest import ANA, BO, FakeEncoder, make_claim
from tests.test_catalog import make_source
from tests.test_freshness import record
from workbench.desk import Desk
from workbench.errors import Refused

CLAIM = "The army counted 119 votes for the resolution in New York."
WEAK = "Votes for the resolution were counted in New York on Friday."
NEAR = "In New York the army counted the votes for the resolution again."
OTHER = "The army counted 91 votes for the resolution in New York."
RICE = "The price of rice rose in the capital."
NEARER = "nearer to the claim than the weakest passage that the verdict cites"


def take_in(desk: Desk, name: str, *lines: str, path: str | None = None) -> str:
    """A file of passages, as an intake records it and what follows from it; the name of its first passage."""
    source, passages = make_source(name, *lines)
    place = path or f"evidence/{name}"
    for old in desk.evidence.at(place):
        desk.evidence.append(old, "source-path-gone", {"path": place})
        desk.catalog.drop(old)
    stored = source.model_dump(mode="json", exclude={"text", "places"})
    payload = {"path": place, "source": stored, "characters": len(source.text), "replaces": None}
    desk.evidence.append(source.source_id, "source-added", payload)
    desk.catalog.put_all([(source, passages)])
    desk.catalog.build(FakeEncoder(), desk.settings)
    desk.freshness.renew()
    desk.standing.renew()
    return passages[0].passage_id


def told(desk: Desk) -> list[tuple[str, str, str]]:
    return [(one.claim_id, one.path, one.reason) for one in desk.standing.lines()]


@pytest.fixture
def decided(desk: Desk) -> Desk:
    """A desk with a decided claim whose verdict cites one passage, which says little of it; nothing else waits."""
    desk.add_claim(make_claim("votes", CLAIM), actor=ANA)
    desk.add_claim(make_claim("open", CLAIM), actor=ANA)
    record(desk, "votes", take_in(desk, "old", WEAK))
    assert told(desk) == []
    return desk


def test_a_new_passage_nearer_than_the_weakest_one_cited_waits_with_the_reason(decided: Desk) -> None:
    take_in(decided, "new", RICE, NEAR)

    assert told(decided) == [("votes", "evidence/new", NEARER)]
    assert decided.freshness.waiting().new_evidence == ("votes",)
    assert decided.case("votes").status == "settled"


def test_a_new_passage_that_differs_from_the_claim_waits_with_what_differs(decided: Desk) -> None:
    take_in(decided, "new", OTHER)

    ((claim_id, _, reason),) = told(decided)
    assert claim_id == "votes"
    assert reason.startswith("differs from the claim: ")
    assert "91" in reason
    assert "119" in reason


def test_what_is_far_from_the_claim_or_says_what_was_cited_does_not_wait(decided: Desk) -> None:
    take_in(decided, "new", RICE, WEAK, f"{WEAK[:-1]}, they said.")

    assert told(decided) == []


def test_no_change_is_recorded_and_not_asked_again_for_those_words(decided: Desk) -> None:
    passage_id = take_in(decided, "new", NEAR)

    case = decided.standing.no_change("votes", passage_id, BO, "It repeats the count.")

    assert (told(decided), case.new_evidence) == ([], ())
    assert [event.actor for event in case.events if event.kind == "evidence-answered"] == [BO]
    take_in(decided, "reprint", NEAR)
    shutil.rmtree(decided.workspace.derived)
    decided.catalog.close()
    with Desk.open(decided.workspace.root, encoder=FakeEncoder) as again:
        for name, text in (("old", WEAK), ("new", NEAR), ("reprint", NEAR)):
            again.catalog.put_all([make_source(name, text)])
        again.catalog.build(FakeEncoder(), again.settings)
        again.standing.renew()
        assert told(again) == []
    with pytest.raises(Refused, match="Nobody was asked"):
        decided.standing.no_change("votes", passage_id, BO)


def test_a_new_verdict_answers_what_came_in_before_it(decided: Desk) -> None:
    passage_id = take_in(decided, "new", NEAR)

    record(decided, "votes", passage_id, token="second")

    assert told(decided) == []


def test_the_new_version_of_a_file_brings_only_what_it_adds(decided: Desk) -> None:
    take_in(decided, "report", RICE, NEAR)
    decided.standing.no_change("votes", decided.case("votes").new_evidence[0].passage_id, BO)
    record(decided, "open", decided.case("votes").verdicts[0].citations[0].passage_id)

    take_in(decided, "report, corrected", RICE, NEAR, OTHER, path="evidence/report")

    assert [(claim_id, reason[:7]) for claim_id, _, reason in told(decided)] == [("votes", "differs"), ("open", "differs")]


def test_a_verdict_that_cites_nothing_is_held_against_what_was_shown(desk: Desk) -> None:
    desk.add_claim(make_claim("votes", CLAIM), actor=ANA)
    take_in(desk, "old", WEAK)
    receipt = desk.match("votes").receipt
    record(desk, "votes", "", cites=(), rating="not-enough-evidence", receipt=receipt)

    take_in(desk, "weak", "Votes were counted in New York on Friday.")
    assert told(desk) == []
    take_in(desk, "new", NEAR)
    shown = "nearer to the claim than any passage that was shown, and the verdict cites none"
    assert told(desk) == [("votes", "evidence/new", shown)]


def test_what_waits_goes_with_its_file_and_looking_again_asks_nothing_twice(decided: Desk) -> None:
    take_in(decided, "new", NEAR)
    events = len(decided.case("votes").events)

    (decided.workspace.derived / "standing.json").unlink()
    decided.standing.renew()

    assert len(decided.case("votes").events) == events
    decided.evidence.remove(decided.evidence.at("evidence/new")[0], actor=BO, reason="Forged.")
    assert told(decided) == []
