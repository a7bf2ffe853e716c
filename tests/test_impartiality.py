"""Why a claim is checked, who must not judge it, and who is checked how often."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import ANA, BO, make_claim
from workbench.balance import balance_of
from workbench.desk import Desk
from workbench.errors import Refused
from workbench.models import Claim, VerdictRequest


def judge(desk: Desk, claim_id: str = "a-claim", **fields: Any) -> None:
    given = {"claim_id": claim_id, "rating": "not-enough-evidence", "reviewer": ANA, "token": f"{claim_id}-{fields}"}
    desk.record(VerdictRequest.model_validate({**given, **fields}))


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


def test_an_affiliation_leaves_the_verdicts_on_a_claim_standing() -> None:
    plain = make_claim(claimant={"name": "Min Aung Hlaing", "role": "commander"})
    counted_with = make_claim(claimant={"name": "Min Aung Hlaing", "role": "commander", "affiliation": "the army"})

    # The hash that verdicts recorded before claimants had an affiliation hold.
    assert plain.content_hash == "6e02ef3732a6194d578fdb56e2b6f727d4fcc0d2ce73f90bdd20f20948990465"
    assert counted_with.content_hash == plain.content_hash


def test_the_balance_counts_what_stands_by_name_and_says_how_many_name_nobody(desk: Desk) -> None:
    def claim(claim_id: str, name: str | None, affiliation: str | None = None) -> Claim:
        claimant = {"name": name, "affiliation": affiliation} if name else None
        return make_claim(claim_id, f"Sentence {claim_id}.", claimant=claimant, topics=["vote", "army"])

    for one in (claim("a", "Min", "army"), claim("b", "Min", "army"), claim("c", "Soe", "army"), claim("d", None)):
        desk.add_claim(one, actor=ANA)
    judge(desk, "a")
    judge(desk, "c")
    desk.void("c", ANA, reason="wrong claim")
    by_name, by_body = desk.impartiality.balance("claimant"), desk.impartiality.balance("affiliation")

    assert [(row.name, row.claims, row.undecided, row.ratings) for row in by_name.rows] == [
        ("Min", 2, 1, {"Not enough evidence": 1}),
        ("Soe", 1, 1, {}),
    ]
    assert (by_name.claims, by_name.unnamed, by_name.ratings) == (4, 1, ("Not enough evidence",))
    assert [(row.name, row.claims) for row in by_body.rows] == [("army", 3)]
    assert [row.claims for row in desk.impartiality.balance("topic").rows] == [4, 4]


def test_an_empty_desk_has_an_empty_balance() -> None:
    assert balance_of([], "claimant").rows == ()
