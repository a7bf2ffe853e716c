"""On Check: questions with their answers, citations that count only together, and who was asked."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import ANA, NOON, FakeEncoder, make_claim
from tests.test_ui import html, visit
from workbench.desk import Desk
from workbench.models import Cite
from workbench.ui import session

COUNT = "The ministry counted 12 schools in 2021."
AUDIT = "An audit found 12 schools, and nobody disputed it."
QUESTION = "Who counted them?"


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a claim and two files, and a draft of Ana's that cites them; read once."""
    home = tmp_path_factory.mktemp("stocked")
    (home / "evidence").mkdir()
    for name, text in (("count.txt", COUNT), ("audit.txt", AUDIT)):
        (home / "evidence" / name).write_text(text, encoding="utf-8")
    (home / "workbench.toml").write_text('[review]\nscale = "newsroom"\n', encoding="utf-8")
    with Desk.open(home, encoder=FakeEncoder, now=lambda: NOON) as desk:
        desk.sync_evidence()
        desk.add_claim(make_claim("vote", "There were 12 schools.", claimant={"name": "A minister"}), actor=ANA)
        ids = [desk.passages(entry.source_id)[0].passage_id for entry in desk.library()]
        rules = "0" * 64  # others than those in force
        cites = tuple(Cite(passage_id=one, stance="supports", policy_hash=rules) for one in ids)
        desk.save_draft(desk.draft("vote", ANA).model_copy(update={"cites": cites, "rating": "true"}))
    return home


@pytest.fixture
def drafted(stocked: Path, tmp_path: Path) -> Iterator[Desk]:
    """A copy of it, opened for the pages."""
    with Desk.open(shutil.copytree(stocked, tmp_path / "desk"), encoder=FakeEncoder, now=lambda: NOON) as desk:
        session.use_desk(desk)
        yield desk
    session.use_desk(None)


def key_of(app: AppTest, kind: str, beginning: str) -> str:
    keys = [str(one.key) for one in getattr(app, kind)]
    return next(key for key in keys if key.startswith(beginning))


def test_a_question_is_answered_in_the_words_of_a_source_and_saved_with_the_verdict(drafted: Desk) -> None:
    app = visit("check", claim="vote")
    app.text_input(key=key_of(app, "text_input", "question-")).set_value(QUESTION)
    app.button(key="ask-question").click().run()
    assert f"The question “{QUESTION}” is answered, or called unanswerable" in html(app)

    app.selectbox(key=key_of(app, "selectbox", "answer-kind-")).set_value("extractive").run()
    app.text_area(key=key_of(app, "text_area", "answer-text-")).set_value("nobody")
    app.button(key=key_of(app, "button", "add-")).click().run()
    assert "does not stand in any words it rests on" in html(app)

    app.text_area(key=key_of(app, "text_area", "answer-text-")).set_value("the MINISTRY")
    resting = app.multiselect(key=key_of(app, "multiselect", "answer-resting-"))
    resting.set_value([one.passage_id for one in drafted.draft("vote", ANA).cites])
    app.button(key=key_of(app, "button", "add-")).click().run()
    app.button(key="save-verdict").click().run()

    (verdict,) = drafted.case("vote").verdicts
    assert [(one.text, one.answers[0].text) for one in verdict.questions] == [(QUESTION, "The ministry")]


def test_two_passages_count_only_together_once_they_are_in_a_group(drafted: Desk) -> None:
    app = visit("check", claim="vote")
    for one in drafted.draft("vote", ANA).cites:
        app.selectbox(key=key_of(app, "selectbox", f"group-{one.passage_id}-{drafted.draft('vote', ANA).token}")).set_value(1)
        app.run()

    assert [one.group for one in drafted.draft("vote", ANA).cites] == [1, 1]


def test_stances_given_under_other_rules_are_named_until_they_are_given_again(drafted: Desk) -> None:
    assert "2 stances were given before the guidelines, the scale or the policy changed" in html(visit("check", claim="vote"))


def test_who_was_asked_is_logged_with_the_reply_as_it_came(drafted: Desk) -> None:
    app = visit("check", claim="vote")
    app.session_state["contacts-vote"] = True  # opened
    app.run()
    app.text_input(key=key_of(app, "text_input", "ask-by-")).set_value("email")
    app.text_area(key=key_of(app, "text_area", "ask-question-vote")).set_value("Which schools?")
    app.button(key="ask-vote").click().run()
    assert "No reply yet." in html(app)

    app.text_area(key="reply-vote-1").set_value("All of them.")
    app.button(key="keep-reply-vote-1").click().run()

    (contact,) = drafted.case("vote").contacts
    assert (contact.name, contact.question, contact.reply and contact.reply.words) == (
        "A minister",
        "Which schools?",
        "All of them.",
    )


def test_a_draft_with_a_rating_the_scale_no_longer_has_asks_for_another(drafted: Desk) -> None:
    drafted.change_draft(drafted.draft("vote", ANA), lambda now: now.model_copy(update={"rating": "supported"}))

    assert "“supported” is no longer on the scale of this workspace; choose again." in html(visit("check", claim="vote"))
