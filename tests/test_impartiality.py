"""Why a claim is checked, who must not judge it, and who is checked how often."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import ANA, BO, make_claim
from workbench.claims import load_claim_files
from workbench.desk import Desk
from workbench.errors import ClaimFileError, Refused
from workbench.models import VerdictRequest


def judge(desk: Desk, claim_id: str = "a-claim", **fields: Any) -> None:
    given = {"claim_id": claim_id, "rating": "not-enough-evidence", "reviewer": ANA, "token": f"{claim_id}-{fields}"}
    desk.record(VerdictRequest.model_validate({**given, **fields}))


def test_why_a_claim_is_checked_is_said_in_its_file_and_changes_no_verdict(desk: Desk) -> None:
    desk.add_claim(make_claim(), actor=ANA)
    judge(desk)

    case = desk.impartiality.say_why("a-claim", " A million people shared it. ", actor=BO)

    assert (case.claim.why_checked, case.status) == ("A million people shared it.", "settled")
    assert load_claim_files(desk.workspace.claims)[0].claims[0].why_checked == "A million people shared it."
    assert desk.impartiality.say_why("a-claim", "", actor=BO).claim.why_checked is None


def test_a_claim_file_that_people_edit_is_never_rewritten_to_say_why(desk: Desk) -> None:
    mine = desk.workspace.claims / "mine.yaml"
    mine.write_text("id: mine\nstatement: The vote was stolen.  # my words\n", encoding="utf-8")
    desk.sync_claims()
    before = mine.read_bytes()

    with pytest.raises(ClaimFileError, match="stands in a file that people edit"):
        desk.impartiality.say_why("mine", "Because.", actor=ANA)

    assert mine.read_bytes() == before


def test_whoever_recused_records_no_verdict_until_that_is_taken_back(desk: Desk) -> None:
    desk.add_claim(make_claim(), actor=ANA)
    case = desk.impartiality.recuse("a-claim", ANA, "My brother stood in that election.")

    assert [(one.reviewer, one.reason) for one in case.recusals] == [(ANA, "My brother stood in that election.")]
    with pytest.raises(Refused, match="Ana recused from this claim") as caught:
        judge(desk)
    assert caught.value.code == "recused"
    judge(desk, reviewer=BO)
    assert desk.impartiality.take_back("a-claim", ANA).recusals == ()
    judge(desk)
    assert [one.reviewer for one in desk.case("a-claim").verdicts] == [BO, ANA]


def test_a_recusal_has_a_reason_and_is_said_once(desk: Desk) -> None:
    desk.add_claim(make_claim(), actor=ANA)

    with pytest.raises(Refused, match="needs its reason"):
        desk.impartiality.recuse("a-claim", ANA, "  ")
    with pytest.raises(Refused, match="has not recused"):
        desk.impartiality.take_back("a-claim", ANA)
    desk.impartiality.recuse("a-claim", ANA, "I work there.")
    with pytest.raises(Refused, match="recused already"):
        desk.impartiality.recuse("a-claim", ANA, "I work there.")
