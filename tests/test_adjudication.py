"""Second eyes: how many reviews settle a claim, who settles a disagreement, and what the ruling holds on to."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import ANA, BO, make_claim
from tests.test_cli import Run, run
from workbench.desk import Desk, new_token
from workbench.errors import Conflict, Refused, UnknownId
from workbench.models import Reviewer, StoredVerdict, VerdictRequest
from workbench.review import disputed
from workbench.settings import ReviewSettings
from workbench.ui import session
from workbench.ui.app import MAIN_PAGE

__all__ = ["run"]  # a fixture

CY = Reviewer.self_declared("Cy")
DEE = Reviewer.self_declared("Dee")
TWO_REVIEWS = "[review]\nreviews = 2\n[review.policy]\ndecisive_needs_citation = false\n"


@pytest.fixture
def home(home: Path) -> Path:
    """A workspace that asks for two reviews, and for no citation: what is judged here is the judging."""
    (home / "workbench.toml").write_text(TWO_REVIEWS, encoding="utf-8")
    return home


@pytest.fixture
def fraud(desk: Desk) -> Desk:
    desk.add_claim(make_claim("fraud"), actor=DEE)
    return desk


def judge(
    desk: Desk, by: Reviewer, rating: str, *, adjudicates: tuple[str, ...] = (), claim_id: str = "fraud", why: str = "Read."
) -> StoredVerdict:
    fields = {"claim_id": claim_id, "rating": rating, "rationale": why, "reviewer": by, "token": new_token()}
    return desk.record(VerdictRequest.model_validate({**fields, "adjudicates": adjudicates}))


def rule(desk: Desk, by: Reviewer, rating: str) -> StoredVerdict:
    between = tuple(one.hash for one in disputed(desk.case("fraud").verdicts, by))
    return judge(desk, by, rating, adjudicates=between)


def test_one_of_two_reviews_settles_nothing_and_two_that_agree_do(fraud: Desk) -> None:
    judge(fraud, ANA, "refuted")
    after_one = fraud.case("fraud")
    bo = judge(fraud, BO, "refuted")

    assert (after_one.status, after_one.counting) == ("needs-review", None)
    assert (fraud.case("fraud").status, fraud.case("fraud").counting) == ("settled", bo)


def test_a_claim_waits_for_review_until_somebody_else_has_begun_one(fraud: Desk) -> None:
    judge(fraud, ANA, "refuted")
    fraud.save_draft(fraud.draft("fraud", ANA))
    mine_only = fraud.case("fraud").status
    fraud.save_draft(fraud.draft("fraud", BO))

    assert (mine_only, fraud.case("fraud").status) == ("needs-review", "submitted")


def test_a_first_review_cannot_be_published_and_a_void_one_leaves_one_missing(fraud: Desk) -> None:
    judge(fraud, ANA, "refuted")
    with pytest.raises(Refused, match="needs-review"):
        fraud.publish("fraud", "https://desk.example/1")
    judge(fraud, BO, "refuted")
    fraud.void("fraud", BO, reason="Read the wrong file.")

    assert fraud.case("fraud").status == "needs-review"


def test_asking_for_more_reviews_from_today_on_unsettles_nothing(home: Path) -> None:
    (home / "workbench.toml").write_text(TWO_REVIEWS.replace("reviews = 2", "reviews = 1"), encoding="utf-8")
    with Desk.open(home) as before:
        before.add_claim(make_claim("fraud"), actor=DEE)
        judge(before, ANA, "refuted")
    (home / "workbench.toml").write_text(TWO_REVIEWS, encoding="utf-8")

    with Desk.open(home) as after:
        assert after.case("fraud").status == "settled"


def test_two_reviews_of_which_one_is_of_other_words_are_looked_at_again(fraud: Desk) -> None:
    judge(fraud, ANA, "refuted")
    (claim_file,) = fraud.workspace.claims.glob("*.yaml")
    claim_file.write_text(claim_file.read_text(encoding="utf-8").replace("fraud.", "fraud in 2020."), encoding="utf-8")
    fraud.sync_claims()
    judge(fraud, BO, "refuted")

    assert fraud.case("fraud").status == "recheck"


def test_a_ruling_settles_the_claim_and_cites_both(fraud: Desk) -> None:
    ana, bo = judge(fraud, ANA, "refuted"), judge(fraud, BO, "supported")
    apart = fraud.case("fraud").status
    ruling = rule(fraud, CY, "conflicting-evidence")

    case = fraud.case("fraud")
    assert apart == "disagreement"
    assert (case.status, case.counting) == ("settled", ruling)
    assert ruling.adjudicates == (ana.hash, bo.hash)


def test_who_disagrees_settles_it_only_where_the_policy_allows(fraud: Desk) -> None:
    judge(fraud, ANA, "refuted")
    judge(fraud, BO, "supported")
    with pytest.raises(Refused, match="one of those who disagree"):
        rule(fraud, ANA, "refuted")
    fraud.settings = fraud.settings.model_copy(
        update={"review": ReviewSettings.model_validate({**fraud.settings.review.model_dump(), "referee_may_review": True})}
    )

    rule(fraud, ANA, "refuted")

    assert fraud.case("fraud").status == "settled"


def test_there_is_nothing_to_settle_while_reviewers_agree_or_are_missing(fraud: Desk) -> None:
    ana = judge(fraud, ANA, "refuted")
    with pytest.raises(Refused, match="its status is needs-review"):
        judge(fraud, CY, "refuted", adjudicates=(ana.hash,))


def test_a_ruling_on_verdicts_that_were_revised_meanwhile_is_not_saved(fraud: Desk) -> None:
    ana, bo = judge(fraud, ANA, "refuted"), judge(fraud, BO, "supported")
    judge(fraud, BO, "conflicting-evidence")

    with pytest.raises(Conflict, match="not those this ruling decides between"):
        judge(fraud, CY, "refuted", adjudicates=(ana.hash, bo.hash))


def test_a_ruling_holds_until_somebody_says_otherwise_in_words_the_referee_had_not_read(fraud: Desk) -> None:
    judge(fraud, ANA, "refuted")
    judge(fraud, BO, "supported")
    ruling = rule(fraud, CY, "refuted")
    judge(fraud, BO, "refuted", why="The referee is right.")
    joined = fraud.case("fraud")
    judge(fraud, BO, "supported", why="There is another file.")
    reopened = fraud.case("fraud").status
    second = rule(fraud, CY, "supported")

    assert (joined.status, joined.counting) == ("settled", ruling)
    assert reopened == "disagreement"
    assert (fraud.case("fraud").counting, second.revision) == (second, 2)


def test_the_overlap_sample_hangs_on_id_and_seed_alone_and_grows_without_changing() -> None:
    ids = [f"claim-{number}" for number in range(2_000)]

    def drawn(overlap: float, seed: str = "spring") -> set[str]:
        settings = ReviewSettings(overlap=overlap, overlap_seed=seed)
        return {one for one in ids if settings.reviews_of(one) == 2}

    assert drawn(20) == drawn(20)
    assert drawn(20) < drawn(30)
    assert 320 < len(drawn(20)) < 480, "about 400 of 2,000"
    assert drawn(20) != drawn(20, "autumn")
    assert (drawn(0), len(drawn(100))) == (set(), 2_000)


# comments ------------------------------------------------------------------------------------------------------------------


def test_a_comment_is_said_once_and_taken_back_by_whoever_said_it(fraud: Desk) -> None:
    said = fraud.comments.say("fraud", " See page 4. ", by=ANA, token="t1", to="Bo", passage_id="a" * 16 + "-0-9")
    again = fraud.comments.say("fraud", "See page 4.", by=ANA, token="t1", to="Bo", passage_id="a" * 16 + "-0-9")
    with pytest.raises(Refused, match="Ana's"):
        fraud.comments.take_back("fraud", said.number, by=BO)
    standing = fraud.case("fraud").comments
    fraud.comments.take_back("fraud", said.number, by=ANA)

    assert again == said
    assert [(one.text, one.to, one.by) for one in standing] == [("See page 4.", "Bo", ANA)]
    assert fraud.case("fraud").comments == ()
    with pytest.raises(UnknownId, match="no comment"):
        fraud.comments.take_back("fraud", said.number, by=ANA)


def test_the_words_of_a_comment_are_sealed_and_can_be_erased(fraud: Desk) -> None:
    fraud.comments.say("fraud", "See page 4.", by=ANA, token="t1", to="Bo")

    with closing(sqlite3.connect(fraud.workspace.ledger)) as records:
        (payload,) = records.execute("SELECT payload FROM events WHERE kind = 'comment-made'").fetchone()

    assert "page 4" not in payload
    assert '"Bo"' not in payload


@pytest.mark.parametrize("text", ["", " \n", "x" * 1_000_001], ids=["empty", "blank", "huge"])
def test_a_comment_without_words_or_with_too_many_is_refused(fraud: Desk, text: str) -> None:
    with pytest.raises(Refused):
        fraud.comments.say("fraud", text, by=ANA, token="t1")


# the command line ----------------------------------------------------------------------------------------------------------


def test_two_reviews_a_disagreement_and_a_ruling_at_the_command_line(run: Run, home: Path, fraud: Desk) -> None:
    def record(verb: str, rating: str, name: str) -> Any:
        told = ("--rating", rating, "--rationale", "Read.", "--reviewer", name, "--json", "-w", home)
        code, out, _ = run("verdict", verb, "fraud", *told)
        return code, json.loads(out)

    too_early = record("adjudicate", "refuted", "Cy")
    record("record", "refuted", "Ana")
    record("record", "supported", "Bo")
    code, ruling = record("adjudicate", "refuted", "Cy")

    assert (too_early[0], too_early[1]["error"]["code"]) == (1, "nothing_to_adjudicate")
    assert code == 0
    assert ruling["adjudicates"] == [one.hash for one in fraud.case("fraud").verdicts[:2]]
    assert "settles the disagreement between" in run("verdict", "show", "fraud", "-w", home)[1]


def test_comments_at_the_command_line(run: Run, home: Path, fraud: Desk) -> None:
    told = ("--reviewer", "Ana", "--json", "-w", home)
    said = json.loads(run("comment", "add", "fraud", "--text", "See page 4.", "--to", "Bo", *told)[1])["comment"]
    listed = run("comment", "list", "fraud", "-w", home)[1]
    code, _, _ = run("comment", "take-back", "fraud", str(said["number"]), *told)

    assert "See page 4." in listed
    assert code == 0
    assert json.loads(run("comment", "list", "fraud", "--json", "-w", home)[1])["comments"] == []


# the page --------------------------------------------------------------------------------------------------------------------


def test_a_comment_is_said_on_check_and_taken_back_there(fraud: Desk) -> None:
    session.use_desk(fraud)
    try:
        app = AppTest.from_file(MAIN_PAGE, default_timeout=60)
        app.session_state["reviewer"] = "Ana"
        app.switch_page("views/check.py")
        app.query_params["claim"] = "fraud"
        app.session_state["comments-fraud"] = True  # opened
        app.run()
        app.text_area(key="comment-fraud-text").set_value("See page 4.")
        app.text_input(key="comment-fraud-to").set_value("Bo")
        app.button(key="comment-fraud-say").click().run()
        (said,) = fraud.case("fraud").comments
        typed_next = app.text_area(key="comment-fraud-text").value
        app.button(key=f"take-back-fraud-{said.number}").click().run()
    finally:
        session.use_desk(None)

    assert not app.exception
    assert (said.text, said.to, typed_next) == ("See page 4.", "Bo", "")
    assert fraud.case("fraud").comments == ()
