"""The keys of the pages: one table, remapped in workbench.toml, and presses that come faster than the page is drawn."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest
import streamlit as st

from tests.conftest import ANA, make_claim
from tests.test_ui import empty, full, html, press, visit
from workbench.desk import Desk
from workbench.errors import SettingsError
from workbench.settings import Workspace, load_settings
from workbench.settings.keys import TOGETHER
from workbench.ui import keys, steps

__all__ = ["empty", "full"]  # fixtures


def settings(folder: Path, text: str) -> Workspace:
    (folder / "workbench.toml").write_text(text, encoding="utf-8")
    return Workspace(folder)


def test_every_action_of_a_page_has_a_label() -> None:
    named = {action for actions in TOGETHER.values() for action in actions}

    assert named - {"ratings"} == set(keys.LABELS) == set(get_args(keys.Action))


def test_keys_are_remapped_in_one_spelling(tmp_path: Path) -> None:
    held = load_settings(settings(tmp_path, "[keys]\nnext = 'X'\nsave = 'shift + ctrl+S'\nundo = ''\n")).keys

    assert (held.of("next"), held.of("save"), held.of("undo")) == (("x",), ("Ctrl+Shift+s",), ())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("undo = 'J'", "next and undo are both on 'j' on the page Check"),
        ("ratings = ['1']", "supports and ratings are both on '1'"),
        ("next = 'r'", "belongs to the app itself"),
        ("next = '?'", "only help can"),
        ("next = 'jj'", "is no key"),
        ("jump = 'x'", "jump"),
    ],
)
def test_a_key_that_cannot_be_is_refused_by_name(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(SettingsError, match="keys") as refused:
        load_settings(settings(tmp_path, f"[keys]\n{text}\n"))

    assert told in refused.value.message


def test_one_key_may_do_two_things_on_two_pages(tmp_path: Path) -> None:
    held = load_settings(settings(tmp_path, "[keys]\ntake_next = 'p'\n")).keys

    assert held.of("take_next") == held.of("previous_passage") == ("p",)


def test_a_second_step_begins_where_the_first_one_led(monkeypatch: pytest.MonkeyPatch) -> None:
    address = {"passage": "a"}
    monkeypatch.setattr(st, "query_params", address)
    monkeypatch.setattr(st, "session_state", {})
    assert steps.here("passage") == "a"

    steps.go("passage", "b")
    address["passage"] = "a"  # the browser had not heard of it at the next press
    assert steps.last("passage") == "b"
    steps.go("passage", "d")
    address["passage"] = "a"
    assert steps.here("passage") == "d"
    assert address["passage"] == "d"

    steps.arrived()
    address["passage"] = "a"  # drawn to its end: now it is the way back
    assert steps.here("passage") == "a"


@pytest.mark.process
def test_stance_mark_and_rating_are_taken_back_one_by_one(full: Desk) -> None:
    app = visit("check", claim="vote")
    press(app, "1")
    press(app, "4")
    app.button(key="rate-1").click().run()
    assert full.draft("vote", ANA).rating == "refuted"

    app.button(key="undo").click().run()
    assert full.draft("vote", ANA).rating is None
    app.button(key="undo").click().run()
    assert [cite.stance for cite in full.draft("vote", ANA).cites] == ["supports"]
    assert not full.case("vote").marks
    app.button(key="undo").click().run()
    assert full.draft("vote", ANA).cites == ()
    app.button(key="undo").click().run()
    assert "There is nothing to take back." in html(app)
    assert not app.exception


@pytest.mark.process
def test_words_written_are_taken_back(full: Desk) -> None:
    app = visit("check", claim="vote")
    draft = full.draft("vote", ANA)
    next(one for one in app.text_area if (one.key or "").startswith("rationale-")).set_value("Too quick.").run()
    assert full.draft("vote", ANA).rationale == "Too quick."

    app.button(key="undo").click().run()

    assert full.draft("vote", ANA).rationale == draft.rationale == ""
    assert next(one for one in app.text_area if (one.key or "").startswith("rationale-")).value == ""


@pytest.mark.process
def test_a_narrow_page_goes_from_part_to_part_by_key(full: Desk) -> None:
    app = visit("check", claim="vote")
    seen = []
    for _ in range(4):
        seen.append(app.session_state["check_panel"])
        app.button(key="next-panel").click().run()

    assert seen == ["Evidence", "Verdict", "Claim", "Evidence"]


@pytest.mark.process
def test_save_and_next_opens_the_claim_that_waits(full: Desk) -> None:
    full.add_claim(make_claim("abstained", "Thirty-six countries abstained."), actor=ANA)
    app = visit("check", claim="vote")
    press(app, "1")
    app.button(key="rate-0").click().run()
    app.button(key="save-and-next").click().run()

    assert full.case("vote").status == "settled"
    assert app.query_params["claim"] in ("abstained", ["abstained"])
    assert "Saved as revision 1" in html(app)


@pytest.mark.process
def test_the_list_of_keys_names_the_ratings_of_the_scale(full: Desk) -> None:
    app = visit("check", claim="vote")
    app.button(key="show-keys").click().run()

    assert "Rate: Refuted" in html(app)
    assert "Take back the last stance" in html(app)
