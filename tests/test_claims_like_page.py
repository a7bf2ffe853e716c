"""What the pages say of claims that are like one: while it is typed, and where two verdicts do not go together."""

from __future__ import annotations

from tests.conftest import ANA, BO, make_claim
from tests.test_ui import empty, full, html, visit
from workbench.desk import Desk
from workbench.models import VerdictRequest

__all__ = ["empty", "full"]  # fixtures

SAID = "The resolution passed 119 to 1."


def test_a_claim_that_is_here_already_is_said_while_it_is_typed(full: Desk) -> None:
    full.readiness.warm_up()
    app = visit("queue")
    app.button(key="add_claim").click().run()

    app.text_area(key="claim_statement").input(SAID).run()

    assert "This claim seems to be here already." in html(app)
    assert "vote" in html(app)


def test_the_alarm_sounds_where_the_same_claim_was_rated_otherwise_and_asks_why(full: Desk) -> None:
    full.readiness.warm_up()
    full.add_claim(make_claim("again", f"{SAID} It was in May."), actor=ANA)
    full.precedents.judge("vote", "again", "same", actor=ANA)
    full.record(
        VerdictRequest(
            claim_id="vote", rating="not-enough-evidence", ground="not-yet-known", rationale="Looked.", reviewer=BO, token="t"
        )
    )
    app = visit("check", claim="again")

    next(radio for radio in app.radio if radio.label == "Verdict").set_value("refuted").run()
    assert "The same claim was rated otherwise" in html(app)
    next(field for field in app.text_input if field.label == "Why this verdict departs from it").input("Another count.").run()

    assert [one.reason for one in full.draft("again", ANA).departures] == ["Another count."]
