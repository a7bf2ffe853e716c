"""Who is to judge which claim, and what people say of it at the desk: the latest word counts, and is somebody's."""

from __future__ import annotations

from datetime import date

import pytest

from tests.conftest import ANA, BO, make_claim
from workbench.claims import load_claim_files
from workbench.desk import Desk
from workbench.errors import Conflict, Refused, UsageError
from workbench.models import Case, Reviewer

CHEN = Reviewer.self_declared("Chen")


@pytest.fixture
def three(desk: Desk) -> Desk:
    desk.cases.add([make_claim(f"claim-{number}") for number in (1, 2, 3)], actor=ANA)
    return desk


@pytest.fixture
def by_hand(desk: Desk) -> Desk:
    """A claim file that somebody wrote, with a due day."""
    (desk.workspace.claims / "mine.yaml").write_text(
        "# ours\nid: mine\nstatement: The vote was stolen.\ndue: 2026-06-01\n", encoding="utf-8"
    )
    desk.sync_claims()
    return desk


def assigned(case: Case) -> list[str]:
    return [one.reviewer.display_name for one in case.assignments]


def whose(case: Case) -> dict[str, str]:
    return {one.field: one.by.display_name for one in case.desk_words}


def edit_file(desk: Desk, text: str) -> None:
    (desk.workspace.claims / "mine.yaml").write_text(text, encoding="utf-8")
    desk.sync_claims()


# --- assignments ----------------------------------------------------------------------------------------------------------


def test_several_people_are_assigned_and_one_assignment_ends(three: Desk) -> None:
    three.assignments.assign(["claim-1"], [BO, CHEN], actor=ANA)
    assert assigned(three.case("claim-1")) == ["Bo", "Chen"]
    assert three.case("claim-1").assignments[0].by == ANA

    three.assignments.end(["claim-1"], [BO], actor=ANA)

    assert assigned(three.case("claim-1")) == ["Chen"]


def test_a_claim_is_reassigned_in_one_go(three: Desk) -> None:
    three.assignments.assign(["claim-1", "claim-2"], [BO], actor=ANA)

    done = three.assignments.assign(["claim-1", "claim-2", "claim-3"], [CHEN], actor=ANA, instead=True)

    assert done.claim_ids == ("claim-1", "claim-2", "claim-3")
    assert [assigned(three.case(f"claim-{number}")) for number in (1, 2, 3)] == [["Chen"]] * 3


def test_what_an_action_on_many_leaves_out_is_said_with_the_reason_and_the_rest_is_stored(three: Desk) -> None:
    three.impartiality.recuse("claim-1", BO, "My brother stood in it.")
    three.assignments.assign(["claim-2"], [BO], actor=ANA)

    done = three.assignments.assign(["claim-1", "claim-2", "claim-3", "claim-9"], [BO], actor=ANA)

    assert done.claim_ids == ("claim-3",)
    assert [one.why for one in done.left_out] == [
        "Bo recused from claim-1.",
        "claim-2 is assigned to Bo already.",
        "There is no claim 'claim-9'.",
    ]


def test_a_thousand_claims_are_the_most_at_once(three: Desk) -> None:
    with pytest.raises(UsageError, match="1,001 claims are too many"):
        three.assignments.restore([f"claim-{number}" for number in range(1_001)], actor=ANA)


def test_a_claim_that_a_colleague_took_is_not_taken_again(three: Desk) -> None:
    assert assigned(three.assignments.take("claim-1", ANA)) == ["Ana"]
    assert len(three.assignments.take("claim-1", ANA).assignments) == 1

    with pytest.raises(Refused, match="claim-1 is assigned to Ana"):
        three.assignments.take("claim-1", BO)


def test_a_retired_claim_stays_retired_when_its_file_changes_and_comes_back_when_restored(by_hand: Desk) -> None:
    by_hand.assignments.retire(["mine"], "Nobody repeats it.", actor=ANA)
    edit_file(by_hand, "id: mine\nstatement: The vote was stolen twice.\n")
    assert by_hand.case("mine").retired
    assert by_hand.assignments.assign(["mine"], [BO], actor=ANA).left_out[0].why == "mine is retired."

    by_hand.assignments.restore(["mine"], actor=ANA)

    assert not by_hand.case("mine").retired


# --- desk matters ---------------------------------------------------------------------------------------------------------


def test_a_persons_word_stands_over_the_claim_file_and_is_taken_back(by_hand: Desk) -> None:
    by_hand.matters.set_due(["mine"], date(2026, 5, 20), actor=ANA)
    assert (by_hand.case("mine").claim.due, whose(by_hand.case("mine"))) == (date(2026, 5, 20), {"due": "Ana"})

    by_hand.matters.take_back(["mine"], ["due"], actor=BO)

    assert (by_hand.case("mine").claim.due, whose(by_hand.case("mine"))) == (date(2026, 6, 1), {})


def test_the_claim_file_counts_again_where_it_says_something_new_and_nowhere_else(by_hand: Desk) -> None:
    by_hand.matters.set_due(["mine"], date(2026, 5, 20), actor=ANA)
    by_hand.matters.set_priority(["mine"], "high", actor=ANA)

    edit_file(by_hand, "id: mine\nstatement: The vote was stolen.\ndue: 2026-07-01\n")

    claim = by_hand.case("mine").claim
    assert (claim.due, claim.priority, whose(by_hand.case("mine"))) == (date(2026, 7, 1), "high", {"priority": "Ana"})


def test_a_claim_file_that_people_edit_is_never_rewritten(by_hand: Desk) -> None:
    before = (by_hand.workspace.claims / "mine.yaml").read_bytes()

    edited = by_hand.matters.edit("mine", {"why_checked": "A million shared it."}, actor=ANA)

    assert not edited.in_file
    assert edited.case.claim.why_checked == "A million shared it."
    assert (by_hand.workspace.claims / "mine.yaml").read_bytes() == before


def test_a_file_the_workbench_wrote_says_it_too_and_no_verdict_is_touched(three: Desk) -> None:
    three.matters.set_due(["claim-1"], date(2026, 5, 20), actor=BO)
    before = three.case("claim-1").claim.content_hash

    edited = three.matters.edit("claim-1", {"topics": ["UN"], "context": "Said on state television."}, actor=ANA)

    stored = next(file.claims[0] for file in load_claim_files(three.workspace.claims) if file.ids == ("claim-1",))
    assert edited.in_file
    assert (stored.topics, stored.due, stored.context) == (("UN",), date(2026, 5, 20), "Said on state television.")
    assert whose(edited.case) == {"due": "Bo", "topics": "Ana", "context": "Ana"}
    assert edited.case.claim.content_hash == before


def test_edits_that_cross_both_stay_and_the_second_is_told_what_it_left(three: Desk) -> None:
    seen = three.matters.values("claim-1")
    three.matters.edit("claim-1", {"priority": "high"}, seen=seen, actor=ANA)

    edited = three.matters.edit("claim-1", {"priority": "low", "due": "2026-05-20"}, seen=seen, actor=BO)

    assert (edited.kept, edited.case.claim.priority, edited.case.claim.due) == (("priority",), "high", date(2026, 5, 20))
    with pytest.raises(Conflict, match="Somebody else changed priority"):
        three.matters.edit("claim-1", {"priority": "low"}, seen=seen, actor=BO)


def test_topics_are_added_and_removed_beside_those_there_are(three: Desk) -> None:
    three.matters.change_topics(["claim-1"], add=["UN", "army"], actor=ANA)

    done = three.matters.change_topics(["claim-1", "claim-2"], add=[" UN "], remove=["army"], actor=BO)

    assert [three.case(one).claim.topics for one in done.claim_ids] == [("UN",), ("UN",)]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"priority": "urgent"}, "priority"),
        ({"due": "2026-02-30"}, "due"),
        ({"affiliation": "the army"}, "names no claimant"),
        ({"statement": "Another sentence."}, "cannot be said at the desk"),
        ({"context": "x" * 10_001}, "the most is 10,000"),
        ({"priority": "normal"}, "Nothing of claim-1 is changed"),
    ],
)
def test_what_cannot_be_said_is_refused_and_nothing_is_written(three: Desk, said: dict[str, object], reason: str) -> None:
    head = three.ledger.head()

    with pytest.raises(Refused, match=reason):
        three.matters.edit("claim-1", said, actor=ANA)

    assert three.ledger.head() == head
