"""What is written in a review: a session that ends while its page stays open, and two windows at one draft."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import ANA
from tests.test_ui import empty, full, html, press, visit
from workbench.desk import Desk
from workbench.ui.app import MAIN_PAGE

__all__ = ["empty", "full"]  # fixtures

pytestmark = pytest.mark.process


def field(app: AppTest, name: str) -> Any:
    return next(one for one in (*app.text_area, *app.text_input) if (one.key or "").startswith(f"{name}-"))


def verdict(app: AppTest) -> Any:
    return next(one for one in app.radio if (one.key or "").startswith("rating-"))


def after_a_restart(page: AppTest) -> AppTest:
    """The session that a page begins when the one it had is gone: it sends what its widgets hold, and nothing else is known."""
    app = AppTest.from_file(MAIN_PAGE, default_timeout=30)
    app.session_state["reviewer"] = "Ana"
    app.switch_page("views/check.py")
    app.query_params["claim"] = "vote"
    app._run(widget_state=page._tree.get_widget_states())
    return app


@pytest.fixture
def begun(full: Desk) -> Iterator[AppTest]:
    app = visit("check", claim="vote")
    field(app, "rationale").set_value("Counted twice.").run()
    assert full.draft("vote", ANA).rationale == "Counted twice."
    yield app
    assert not app.exception


def test_what_was_typed_while_the_server_was_away_is_kept(begun: AppTest, full: Desk) -> None:
    field(begun, "rationale").set_value("Counted twice, by two people.")  # the page holds it; the server never heard of it

    again = after_a_restart(begun)

    assert full.draft("vote", ANA).rationale == field(again, "rationale").value == "Counted twice, by two people."
    field(again, "rationale").set_value("Counted twice, by two people, in public.").run()
    assert full.draft("vote", ANA).rationale == "Counted twice, by two people, in public."
    assert full.draft("vote", ANA).set_aside == ()
    again.button(key="undo").click().run()
    assert full.draft("vote", ANA).rationale == "Counted twice, by two people."


def test_a_window_that_comes_back_writes_over_nothing(begun: AppTest, full: Desk) -> None:
    full.change_draft(full.draft("vote", ANA), lambda now: now.model_copy(update={"rationale": "Newer.", "rating": "refuted"}))

    again = after_a_restart(begun)

    draft = full.draft("vote", ANA)
    assert (draft.rationale, draft.rating, draft.set_aside) == ("Newer.", "refuted", ())
    assert field(again, "rationale").value == "Newer."
    assert verdict(again).value == "refuted"


def test_words_of_two_windows_are_both_kept(begun: AppTest, full: Desk) -> None:
    field(begun, "rationale").set_value("Mine, typed while the line was dead.")
    full.change_draft(full.draft("vote", ANA), lambda now: now.model_copy(update={"rationale": "From the other window."}))

    again = after_a_restart(begun)

    draft = full.draft("vote", ANA)
    assert draft.rationale == field(again, "rationale").value == "Mine, typed while the line was dead."
    assert [one.words for one in draft.set_aside] == ["From the other window."]
    assert "From the other window." in html(again)

    again.button(key=f"take-0-{draft.token}").click().run()
    assert full.draft("vote", ANA).rationale == field(again, "rationale").value == "From the other window."
    assert full.draft("vote", ANA).set_aside == ()

    again.button(key="undo").click().run()
    assert field(again, "rationale").value == "Mine, typed while the line was dead."
    again.button(key=f"let-go-0-{draft.token}").click().run()
    assert full.draft("vote", ANA).set_aside == ()
    assert "From the other window." not in html(again)


def test_a_window_in_use_shows_what_another_wrote_and_loses_nothing(begun: AppTest, full: Desk) -> None:
    other = visit("check", claim="vote")
    field(other, "rationale").set_value("The other window.").run()

    begun.run()  # whatever is pressed next here
    assert field(begun, "rationale").value == "The other window."

    field(other, "rationale").set_value("The other window, again.").run()
    field(begun, "rationale").set_value("Here.").run()
    draft = full.draft("vote", ANA)
    assert (draft.rationale, [one.words for one in draft.set_aside]) == ("Here.", ["The other window, again."])


def test_a_choice_of_two_windows_is_the_last_one(begun: AppTest, full: Desk) -> None:
    verdict(begun).set_value("supported")
    full.change_draft(full.draft("vote", ANA), lambda now: now.model_copy(update={"rating": "refuted", "confidence": 0.9}))

    again = after_a_restart(begun)

    draft = full.draft("vote", ANA)
    assert (draft.rating, draft.confidence, draft.set_aside) == ("supported", 0.9, ())
    assert verdict(again).value == "supported"


def test_what_a_page_says_it_saw_may_be_anything(begun: AppTest, full: Desk) -> None:
    for carried in ("", "{", "[1]", '{"rationale": 3}', "null", '{"rationale": "000000000000"}'):
        next(one for one in begun.text_input if (one.key or "").startswith("last-saw-")).set_value(carried)
        again = after_a_restart(begun)
        assert not again.exception
        assert full.draft("vote", ANA).rationale == "Counted twice."


def test_a_field_that_left_the_page_comes_back_as_the_draft_has_it(full: Desk) -> None:
    app = visit("check", claim="vote")
    verdict(app).set_value("not-enough-evidence").run()
    (ground,) = [one for one in app.selectbox if (one.key or "").startswith("ground-")]
    ground.set_value("claimant-gave-no-evidence").run()
    assert full.draft("vote", ANA).ground == "claimant-gave-no-evidence"

    verdict(app).set_value("refuted").run()
    full.change_draft(full.draft("vote", ANA), lambda now: now.model_copy(update={"ground": "cannot-be-known"}))
    verdict(app).set_value("not-enough-evidence").run()

    (ground,) = [one for one in app.selectbox if (one.key or "").startswith("ground-")]
    assert ground.value == full.draft("vote", ANA).ground == "cannot-be-known"


def test_origins_typed_while_the_server_was_away_are_kept(full: Desk) -> None:
    app = visit("check", claim="vote")
    press(app, "1")
    field(app, "origin").set_value("The secretariat")

    again = after_a_restart(app)

    assert [cite.origin for cite in full.draft("vote", ANA).cites] == ["The secretariat"]
    assert field(again, "origin").value == "The secretariat"
