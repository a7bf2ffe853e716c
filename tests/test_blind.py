"""Blind until one's own is in: nothing derived from a colleague's work on the claim, or on one called the same, can be read."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import ANA, BO, FakeEncoder, make_claim
from tests.test_adjudication import CY, DEE, judge
from workbench.care import verify
from workbench.desk import Desk, new_token
from workbench.desk.opened import FOR_EVERYBODY
from workbench.models import Cite, Mark, Reviewer, VerdictRequest
from workbench.ui import session
from workbench.ui.app import MAIN_PAGE

CANARY = "Kestrel"  # what a colleague wrote; nobody who is blind may read it anywhere
EVIDENCE = "The commission counted the votes twice. It found no fraud in either count."


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ana has judged one of two claims called the same: a verdict, a draft of its revision, a mark, a comment, a citation."""
    home = tmp_path_factory.mktemp("begun")
    (home / "evidence").mkdir()
    (home / "evidence" / "count.txt").write_text(EVIDENCE, encoding="utf-8")
    (home / "workbench.toml").write_text("[review]\nreviews = 2\n", encoding="utf-8")
    with Desk.open(home, encoder=FakeEncoder) as desk:
        desk.sync_evidence()
        desk.add_claim(make_claim("fraud"), actor=DEE)
        desk.add_claim(make_claim("fraud-again", "Fraud marred the election."), actor=DEE)
        desk.precedents.judge("fraud", "fraud-again", "same", actor=DEE)
        submit(desk, ANA, "fraud")
        desk.mark("fraud", ANA, Mark(passage_id="a" * 16 + "-0-9", judgement="not-relevant", reason=CANARY))
        desk.comments.say("fraud", CANARY, by=ANA, token=new_token())
        desk.save_draft(desk.draft("fraud", ANA).model_copy(update={"rationale": CANARY}))
    return home


@pytest.fixture
def whole(begun: Path, tmp_path: Path) -> Iterator[Desk]:
    """A copy of what was begun: reading a file and building an index takes seconds, copying does not."""
    with Desk.open(shutil.copytree(begun, tmp_path / "desk"), encoder=FakeEncoder) as desk:
        desk.readiness.warm_up()
        yield desk


def submit(desk: Desk, by: Reviewer, claim_id: str, rating: str = "refuted") -> None:
    (passage,) = desk.passages(desk.library()[0].source_id)
    cite = Cite(passage_id=passage.passage_id, stance="refutes", note=CANARY)
    fields = {"claim_id": claim_id, "rating": rating, "reviewer": by, "token": new_token(), "cites": (cite,)}
    desk.record(VerdictRequest.model_validate({**fields, "rationale": CANARY, "explanation": CANARY, "headline": CANARY}))


def all_that_is_read(desk: Desk) -> str:
    """Everything the interfaces ask a desk for, as one text."""
    cases = desk.claims()
    told: list[Any] = [
        cases,
        [desk.case(case.claim.id) for case in cases],
        [desk.export(form) for form in ("json", "jsonl", "csv", "md", "html", "claimreview")],
        [desk.precedents.of(case.claim.id) for case in cases],
        [desk.precedents.alarms(case.claim.id, "supported") for case in cases],
        list(desk.ledger.since()),
        [desk.ledger.events("claim", case.claim.id) for case in cases],
        desk.ledger.latest("claim", ["verdict-recorded", "comment-made"]),
        desk.ledger.drafts(),
        desk.ledger.draft("fraud", ANA),
        desk.impartiality.balance("claimant"),
        verify(desk),
    ]
    return repr(told)


def test_the_colleague_who_has_not_judged_reads_nothing_of_it_and_whoever_has_reads_all(whole: Desk) -> None:
    assert CANARY not in all_that_is_read(whole.seen_by(BO))
    assert CANARY not in all_that_is_read(whole.seen_by(None)), "whoever has not said who they are may be Bo"
    assert CANARY in all_that_is_read(whole.seen_by(ANA))
    assert CANARY in all_that_is_read(whole), "the operator at the command line"


def test_counts_pills_and_statuses_say_nothing_either(whole: Desk) -> None:
    bo = whole.seen_by(BO)
    source = whole.library()[0].source_id

    assert (whole.cited_by(source), bo.cited_by(source)) == (["fraud"], [])
    assert (whole.case("fraud").status, bo.case("fraud").status) == ("needs-review", "todo")
    assert bo.case("fraud").is_blind
    assert bo.claims(status="needs-review") == []
    assert "needs-review" not in bo.status()["claims"]
    assert bo.case("fraud").drafted_by == ()


def test_the_claims_called_the_same_are_hidden_with_it(whole: Desk) -> None:
    submit(whole, ANA, "fraud-again")
    submit(whole, CY, "fraud-again")

    bo = whole.seen_by(BO)

    assert whole.case("fraud-again").status == "settled"
    assert bo.case("fraud-again").counting is None
    assert CANARY not in all_that_is_read(bo)


def test_what_is_published_can_be_read_but_is_not_held_up_beside_the_claim(whole: Desk) -> None:
    submit(whole, ANA, "fraud-again")
    submit(whole, CY, "fraud-again")
    whole.publish("fraud-again", "https://desk.example/1")

    bo = whole.seen_by(BO)

    assert bo.case("fraud-again").counting is not None
    assert [one.counting for one in bo.precedents.of("fraud")] == [None]
    assert bo.precedents.alarms("fraud", "supported") == ()


def test_the_other_verdict_is_shown_once_ones_own_is_in(whole: Desk) -> None:
    bo = whole.seen_by(BO)
    bo.save_draft(bo.draft("fraud", BO).model_copy(update={"rationale": "Mine."}))
    with_draft = bo.case("fraud")
    submit(bo, BO, "fraud")

    after = whole.seen_by(BO)

    assert (with_draft.status, with_draft.drafted_by) == ("draft", ("Bo",))
    assert [one.reviewer for one in after.case("fraud").verdicts] == [ANA, BO]
    assert [one.text for one in after.case("fraud").comments] == [CANARY]


def test_a_settled_or_disputed_claim_is_everybodys_to_read(whole: Desk) -> None:
    submit(whole, BO, "fraud", "not-enough-evidence")
    whole.precedents.judge("fraud", "fraud-again", "different", actor=DEE)

    assert whole.seen_by(CY).case("fraud").status == "disagreement"
    assert len(whole.seen_by(None).case("fraud").verdicts) == 2


def test_a_desk_that_asks_for_one_review_or_is_not_blind_hides_nothing(whole: Desk) -> None:
    for open_policy in ({"reviews": 1}, {"blind": False}):
        review = whole.settings.review.model_copy(update=open_policy)
        with Desk.open(whole.workspace.root, encoder=FakeEncoder) as desk:
            desk.settings = desk.settings.model_copy(update={"review": review})

            assert desk.seen_by(BO) is desk


def test_blind_checks_of_the_records_say_what_they_left_out(whole: Desk) -> None:
    assert any("2 claim(s) under blind review" in note for note in verify(whole.seen_by(BO)).notes)
    assert verify(whole).notes == ()


def test_no_area_of_a_persons_desk_reaches_the_whole_cases_or_ledger(whole: Desk) -> None:
    """An area that is added and holds a store must be made for each person: see FOR_EVERYBODY."""
    bo = whole.seen_by(BO)
    areas = [name for name in dir(type(bo)) if isinstance(getattr(type(bo), name, None), cached_property)]

    reaching = {
        f"{name}.{held}"
        for name in areas
        for held, value in vars(getattr(bo, name)).items()
        if value is whole.cases or (value is whole.ledger and name not in FOR_EVERYBODY)
    }

    assert reaching == set()
    assert bo.cases is not whole.cases


def test_pages_take_no_other_desk_than_the_one_of_whoever_is_here() -> None:
    ui = Path(__file__).parents[1] / "workbench" / "ui"

    whole = {path.name for path in ui.rglob("*.py") if "whole_desk" in path.read_text(encoding="utf-8")}

    assert whole == {"app.py", "session.py"}


def test_a_verdict_that_a_group_hides_can_still_be_recorded(whole: Desk) -> None:
    bo = whole.seen_by(BO)

    judged = judge(bo, BO, "not-enough-evidence", claim_id="fraud-again")

    assert judged in whole.case("fraud-again").verdicts


# the pages -------------------------------------------------------------------------------------------------------------------


def sent_to(whole: Desk, name: str, view: str, **address: str) -> bytes:
    """Everything a browser is sent of a page, as bytes: text, markup, tables and charts."""
    session.use_desk(whole)
    app = AppTest.from_file(MAIN_PAGE, default_timeout=60)
    app.session_state["reviewer"] = name
    app.switch_page(f"views/{view}.py")
    for key, value in address.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    return b"".join(_protos(app._tree))


def _protos(node: Any) -> Iterator[bytes]:
    proto = getattr(node, "proto", None)
    if proto is not None:
        yield proto.SerializeToString()
    for child in getattr(node, "children", {}).values():
        yield from _protos(child)


def test_no_page_shows_a_blind_reviewer_a_word_of_a_colleagues_work(whole: Desk) -> None:
    source = whole.library()[0].source_id[:16]
    addresses = {
        "check": {"claim": "fraud"},
        "document": {"source": source, "claim": "fraud"},
        "evidence": {"source": source},
        "reports": {"claim": "fraud"},
    }
    views = sorted(path.stem for path in (Path(MAIN_PAGE).parent / "views").glob("*.py"))
    try:
        shown = [view for view in views if CANARY.encode() in sent_to(whole, "Bo", view, **addresses.get(view, {}))]
        twin = sent_to(whole, "Bo", "check", claim="fraud-again")
        control = sent_to(whole, "Ana", "check", claim="fraud")
    finally:
        session.use_desk(None)

    assert CANARY.encode() in control, "the test would see it"
    assert shown == []
    assert CANARY.encode() not in twin
