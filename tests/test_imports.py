"""What importing a file would do is said before it is done; it is done whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import ANA, make_claim
from workbench.claims import load_claim_files
from workbench.desk import Desk
from workbench.errors import ClaimFileError
from workbench.models import Claimant

ANSWER = {
    "claims": [
        {
            "text": "The vote was rigged.",
            "claimant": "Min Aung Hlaing",
            "claimDate": "2021-06-23T00:00:00Z",
            "claimReview": [
                {
                    "publisher": {"name": "Checkers", "site": "checkers.example"},
                    "url": "https://checkers.example/vote",
                    "title": "No, it was not",
                    "reviewDate": "2021-07-01T10:00:00Z",
                    "textualRating": "False",
                    "languageCode": "en",
                }
            ],
        }
    ],
    "nextPageToken": "x",
}


def file_of(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_plan_says_what_is_added_changed_and_left_out_and_stores_nothing(desk: Desk, tmp_path: Path) -> None:
    desk.add_claim(make_claim("vote", "The vote was rigged.", claimant={"name": "Ana"}), actor=ANA)
    desk.add_claim(make_claim("toll", "883 people were killed."), actor=ANA)
    rows = [
        "vote,The vote was rigged.,Bo",
        "toll,883 people were killed.,",
        ",The roads were closed.,",
        ",THE VOTE  was rigged.,Ana",
    ]
    table = "\n".join(["id,statement,claimant", *rows])

    plan = desk.imports.plan(file_of(tmp_path, "claims.csv", table))

    assert [claim.id for claim in plan.added] == ["the-roads-were-closed"]
    assert [(change.claim.id, change.fields) for change in plan.changed] == [("vote", ("claimant",))]
    assert [(left.claim_id, left.why) for left in plan.skipped] == [
        ("toll", "it is here already, as it is"),
        ("vote", "it says the same as vote, which is here"),
    ]
    assert len(desk.claims()) == 2
    desk.imports.carry_out(plan, actor=ANA)
    assert desk.case("vote").claim.claimant == Claimant(name="Bo")
    desk.sync_claims()  # the files were written with it: nothing is taken back
    assert desk.case("vote").claim.claimant == Claimant(name="Bo")
    assert [event.kind for event in desk.case("vote").events] == ["claim-added", "claim-changed"]


def test_a_file_edited_by_hand_is_never_overwritten(desk: Desk, home: Path, tmp_path: Path) -> None:
    desk.add_claim(make_claim("vote", "The vote was rigged."), actor=ANA)
    mine = home / "claims" / "vote.yaml"
    mine.write_text("# my note\n" + mine.read_text(encoding="utf-8"), encoding="utf-8")
    desk.sync_claims()

    plan = desk.imports.plan(file_of(tmp_path, "c.jsonl", '{"id": "vote", "statement": "The vote was fair."}'))

    assert not plan.changed
    assert "not in a file of its own as written: change it there" in plan.skipped[0].why


def test_a_claim_edited_after_the_plan_stores_nothing(desk: Desk, home: Path, tmp_path: Path) -> None:
    desk.add_claim(make_claim("vote", "The vote was rigged."), actor=ANA)
    plan = desk.imports.plan(
        file_of(tmp_path, "c.jsonl", '{"id": "vote", "statement": "It was fair."}\n{"statement": "New one."}')
    )
    mine = home / "claims" / "vote.yaml"
    mine.write_text("# mine now\n" + mine.read_text(encoding="utf-8"), encoding="utf-8")

    with pytest.raises(ClaimFileError, match=r"changed meanwhile: vote\. Nothing was stored"):
        desk.imports.carry_out(plan, actor=ANA)

    assert [case.claim.id for case in desk.claims()] == ["vote"]


def test_two_bad_rows_are_both_named_and_nothing_is_added(desk: Desk, tmp_path: Path) -> None:
    table = "statement,claimed_on\nA thing.,2021-02-30\nAnother thing.,2021\nThird.,99999\n"
    with pytest.raises(ClaimFileError, match=r"row 1(.|\n)*row 3"):
        desk.imports.plan(file_of(tmp_path, "c.csv", table))
    assert desk.claims() == []


def test_what_other_fact_checkers_said_is_kept_as_theirs_and_is_no_verdict(desk: Desk, tmp_path: Path) -> None:
    plan = desk.import_claims(file_of(tmp_path, "answer.json", json.dumps(ANSWER)), actor=ANA)

    case = desk.case(plan.added[0].id)
    assert (case.status, case.verdicts, case.counting) == ("todo", (), None)
    review = case.claim.reviews[0]
    assert (review.publisher, review.rating, str(review.reviewed_on.value)) == ("Checkers", "False", "2021-07-01")
    assert case.claim.claimed_on.value == "2021-06-23"
    assert "external and unverified" in plan.notes[0]


@pytest.mark.parametrize("address", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x"])
def test_an_address_of_a_review_that_is_none_is_refused(desk: Desk, tmp_path: Path, address: str) -> None:
    answer = json.loads(json.dumps(ANSWER).replace("https://checkers.example/vote", address))
    with pytest.raises(ClaimFileError, match="is not a web address"):
        desk.imports.plan(file_of(tmp_path, "answer.json", json.dumps(answer)))


def test_claims_listed_as_json_come_back_as_they_were(desk: Desk, tmp_path: Path) -> None:
    claim = make_claim(
        "vote",
        "The vote was rigged.",
        quote="rigged",
        claimant={"name": "Ana", "role": "minister"},
        claimed_on="not before 2021-06 (inferred)",
        appearances=[{"url": "https://example.org/a", "via": "Reuters"}],
        topics=["vote"],
        custom={"desk": "asia"},
    )
    desk.add_claim(claim, actor=ANA)
    listed = {"claims": [{**claim.model_dump(mode="json"), "status": "todo", "revisions": 0, "rating": None}]}
    plan = desk.imports.plan(file_of(tmp_path, "list.json", json.dumps(listed)))
    assert (len(plan.added), len(plan.changed), len(plan.skipped)) == (0, 0, 1)


def test_a_large_import_is_kept_in_a_few_files_that_read_back_as_they_were(desk: Desk, home: Path, tmp_path: Path) -> None:
    awkward = ["Colon: and # sign", "Two\\nlines", "- dash first", "ends in space ", "\u2028", "“quoted”", "မြန်မာ"]
    lines = [json.dumps({"id": f"c-{n}", "statement": f"{awkward[n % len(awkward)]} {n}"}) for n in range(1_201)]
    desk.import_claims(file_of(tmp_path, "many.jsonl", "\n".join(lines)), actor=ANA)

    files = load_claim_files(home / "claims")
    assert [(file.path.name.startswith("imported-"), len(file.ids)) for file in files] == [(True, 201), (True, 1_000)]
    before = [case.claim for case in desk.claims()]
    assert [claim.statement for claim in before] == [json.loads(line)["statement"] for line in lines]
    loaded = [claim for file in files for claim in file.claims]
    assert sorted(loaded, key=lambda one: one.id) == sorted(before, key=lambda one: one.id)
