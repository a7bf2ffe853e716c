"""Who is let in to a team's pages: whoever logged in today, is among its people, and is not disabled. Nobody else, anywhere."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from streamlit.web.server.starlette import starlette_app_utils
from streamlit.web.server.starlette.starlette_websocket import _parse_decoded_user_cookie

from tests.conftest import NOON, FakeEncoder, make_claim
from tests.test_cli import Run, run
from tests.test_people import ISSUER, asked, join
from tests.test_ui import html
from workbench.desk import Desk
from workbench.errors import SettingsError
from workbench.models import OPERATOR
from workbench.settings.login import login_faults, refuse_unless_fit
from workbench.ui import session
from workbench.ui.app import MAIN_PAGE, refuse_unless_fit_to_serve

__all__ = ["run"]  # a fixture

GOOD = {
    "redirect_uri": "https://desk.example.org/oauth2callback",
    "cookie_secret": "Vr8kQz1nT5yXw0bLh3JdPm7sCf9gUeAo_42-RtKiEyWvNjZxHu6D",
    "client_id": "workbench",
    "client_secret": "anything",
    "server_metadata_url": f"{ISSUER}/.well-known/openid-configuration",
}


@pytest.fixture
def team(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """The desk of a team at noon, in the app; its one claim is c."""
    (home / "workbench.toml").write_text('mode = "team"\n[review.policy]\ndecisive_needs_citation = false\n', encoding="utf-8")
    monkeypatch.setenv("WORKBENCH_WORKSPACE", str(home))
    with Desk.open(home, encoder=FakeEncoder, now=lambda: NOON) as opened:
        opened.add_claim(make_claim("c"), actor=OPERATOR)
        session.use_desk(opened)
        yield opened
        session.use_desk(None)


def claims(**changed: Any) -> dict[str, Any]:
    """What the login of Bo says, an hour ago."""
    issued = (NOON - timedelta(hours=1)).timestamp()
    return {"is_logged_in": True, "iss": ISSUER, "sub": "sub-Bo", "iat": issued, "email": "bo@example.org", **changed}


class LoggedIn:
    """What stands in for `st.user` where AppTest has no browser: what a cookie that Streamlit has verified says."""

    def __init__(self, said: dict[str, Any]) -> None:
        self.said = said
        self.is_logged_in = said.get("is_logged_in")

    def to_dict(self) -> dict[str, Any]:
        return self.said


def secrets(home: Path, auth: dict[str, Any]) -> Path:
    """The file with these settings of the login, which only its owner may read."""
    path = home / ".streamlit" / "secrets.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text("[auth]\n" + "".join(f'{name} = "{value}"\n' for name, value in auth.items()), encoding="utf-8")
    path.chmod(0o600)
    return path


# --- what is served -----------------------------------------------------------------------------------------------------


def test_a_login_that_can_be_trusted_has_no_faults(tmp_path: Path) -> None:
    assert login_faults(secrets(tmp_path, GOOD), "0.0.0.0") == []


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"cookie_secret": "short"}, "cookie_secret has 5 bytes and needs 32"),
        ({"cookie_secret": "a" * 64}, "cookie_secret is not random"),
        ({"cookie_secret": "kX9vQ2mLr7Tz" * 4}, "cookie_secret is not random"),
        ({"cookie_secret": "CHANGE_ME_to-something-Random-and-long-0123456789"}, "cookie_secret is not random"),
        ({"redirect_uri": "http://desk.example.org/oauth2callback"}, "redirect_uri must be https://"),
        ({"redirect_uri": "https://desk.example.org/"}, "redirect_uri must be https://"),
        ({"redirect_uri": "http://127.0.0.1:8501/oauth2callback"}, "may be served on this machine only"),
        ({"server_metadata_url": "http://login.example.org/"}, "server_metadata_url must be the https address"),
        ({"client_id": ""}, "client_id is missing"),
        ({"client_secret": ""}, "client_secret is missing"),
        ({"expose_tokens": "id"}, "leave it out"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else None,
)
def test_a_login_that_cannot_be_trusted_is_told_what_is_wrong(tmp_path: Path, changed: dict[str, Any], told: str) -> None:
    (fault,) = login_faults(secrets(tmp_path, {**GOOD, **changed}), "0.0.0.0")

    assert told in fault


def test_every_fault_is_told_at_once_and_a_file_everybody_may_read_is_one(tmp_path: Path) -> None:
    path = secrets(tmp_path, {"client_id": "workbench"})
    os.chmod(path, 0o644)

    told = login_faults(path, "0.0.0.0")

    assert len(told) == 5
    assert "chmod o-rwx" in told[0]
    assert login_faults(tmp_path / "nowhere.toml", "0.0.0.0") == [f"There is no {tmp_path / 'nowhere.toml'}."]


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "desk.example.org", "::", "", None])
def test_local_mode_is_served_on_this_machine_only(tmp_path: Path, host: str | None) -> None:
    refuse_unless_fit("local", tmp_path, "127.0.0.1")
    refuse_unless_fit("local", tmp_path, "localhost")

    with pytest.raises(SettingsError, match="answers only on this machine"):
        refuse_unless_fit("local", tmp_path, host)


def test_serve_refuses_a_team_without_a_login(team: Desk, run: Run) -> None:
    code, _, err = run("serve", "--host", "0.0.0.0")

    assert code == 1
    assert "secrets.toml" in err


# --- who is let in ------------------------------------------------------------------------------------------------------


def test_whoever_logged_in_today_and_is_among_the_people_is_let_in(team: Desk) -> None:
    bo = join(team, "Bo")

    assert team.people.let_in(claims()).person == bo


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"is_logged_in": False}, "logged_out"),
        ({"is_logged_in": "true"}, "logged_out"),  # a header's word for it
        ({"iat": None}, "logged_out"),
        ({"iat": float("nan")}, "logged_out"),
        ({"sub": None}, "logged_out"),
        ({"sub": "x" * 201}, "logged_out"),
        ({"iss": ["https://login.example.org"]}, "logged_out"),
        ({"iat": (NOON - timedelta(hours=12, seconds=1)).timestamp()}, "expired"),
        ({"iat": (NOON + timedelta(minutes=6)).timestamp()}, "expired"),  # from the future
        ({"sub": "sub-Eve"}, "unknown"),  # the same e-mail address, another account
        ({"iss": "https://evil.example"}, "unknown"),  # the same account at another provider
        ({"iss": f"{ISSUER}/"}, "unknown"),
    ],
)
def test_nobody_else_is_let_in(team: Desk, changed: dict[str, Any], code: str) -> None:
    join(team, "Bo")

    found = team.people.let_in(claims(**changed))

    assert (found.person, found.code) == (None, code)


def test_somebody_disabled_is_told_why_and_let_in_no_more(team: Desk) -> None:
    team.people.disable(join(team, "Bo"), "Left the desk.")

    found = team.people.let_in(claims())

    assert (found.person, found.code, found.told) == (None, "disabled", "You were disabled: Left the desk.")


ADDRESS = "https://desk.example.org"


@pytest.mark.parametrize(
    ("secret", "made_for"),
    [("another secret, of whoever forged the cookie", ADDRESS), (GOOD["cookie_secret"], "https://evil.example")],
    ids=["forged", "another-address"],
)
def test_a_cookie_that_was_forged_or_made_for_another_address_logs_nobody_in(secret: str, made_for: str) -> None:
    said = json.dumps({"origin": made_for, **claims()})
    cookie = starlette_app_utils.create_signed_value(secret, "_streamlit_user", said)

    payload = starlette_app_utils.decode_signed_value(GOOD["cookie_secret"], "_streamlit_user", cookie)

    assert (_parse_decoded_user_cookie(payload, ADDRESS) if payload else {}) == {}


# --- the pages ----------------------------------------------------------------------------------------------------------

VIEWS = sorted(path.name for path in (MAIN_PAGE.parent / "views").glob("[a-z]*.py"))


def said(app: AppTest) -> str:
    """Everything on the page as text."""
    elements = [*app.markdown, *app.title, *app.subheader, *app.caption, *app.button, *app.text_input]
    return "\n".join(str(getattr(one, "value", "")) + str(getattr(one, "label", "")) for one in elements) + html(app)


def test_no_page_says_a_word_to_whoever_is_not_logged_in(team: Desk) -> None:
    app = AppTest.from_file(str(MAIN_PAGE)).run(timeout=60)

    for view in VIEWS:
        app.switch_page(f"views/{view}").run(timeout=60)

        assert [one.label for one in app.button] == ["Log in"], view
        assert "fraud" not in said(app), view
        assert len(app.text_input) == 0, view


def test_in_a_team_no_field_asks_who_is_reviewing(team: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    join(team, "Bo")
    monkeypatch.setattr(st, "user", LoggedIn(claims()))

    app = AppTest.from_file(str(MAIN_PAGE)).run(timeout=60)

    assert not {"first_name", "other_name"} & {one.key for one in app.text_input}
    assert "log-out" in {one.key for one in app.button}


def test_a_button_pressed_after_the_login_ended_does_nothing_and_what_was_typed_is_kept(
    team: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    bo = join(team, "Bo")
    monkeypatch.setattr(st, "user", LoggedIn(claims()))
    app = AppTest.from_file(str(MAIN_PAGE))
    app.query_params["claim"] = "c"
    app.run(timeout=60).switch_page("views/check.py").run(timeout=60)
    (writing,) = [one for one in app.text_area if (one.key or "").startswith("rationale-")]
    writing.set_value("Typed in the last minute.")

    monkeypatch.setattr(st, "user", LoggedIn(claims(iat=(NOON - timedelta(hours=13)).timestamp())))
    app.button(key="recuse").click().run(timeout=60)

    assert team.case("c").recusals == ()
    assert team.draft("c", bo.who).rationale == "Typed in the last minute."
    assert [one.label for one in app.button] == ["Log in"]
    assert "A login holds for 12 hours" in said(app)


def test_the_pages_record_what_whoever_is_logged_in_decides_under_their_identity(
    team: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    bo = join(team, "Bo")
    monkeypatch.setattr(st, "user", LoggedIn(claims(name="Somebody else", email="boss@example.org")))

    assert session.reviewer() == bo.who


def test_names_in_an_import_are_nobodys_login(team: Desk, tmp_path: Path) -> None:
    file = tmp_path / "claims.csv"
    told = 'id,statement,reviewer,verdict,rating,actor\nd,"It rained.",Bo,supported,supported,Bo\n'
    file.write_text(told, encoding="utf-8")
    chief = join(team, "Chief", "admin")

    team.import_claims(file, actor=chief.who)

    case = team.case("d")
    assert (case.verdicts, [one.actor for one in case.events]) == ((), [chief.who])


def test_a_desk_of_one_laptop_is_as_it_was(desk: Desk) -> None:
    desk.add_claim(make_claim("c"), actor=OPERATOR)

    assert desk.record(asked(desk.people.named("Ana"))).reviewer.issuer == "self-declared"


def test_a_viewer_is_offered_no_verdict(team: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    join(team, "Bo", "viewer")
    monkeypatch.setattr(st, "user", LoggedIn(claims()))
    app = AppTest.from_file(str(MAIN_PAGE))
    app.query_params["claim"] = "c"

    app.run(timeout=60).switch_page("views/check.py").run(timeout=60)

    assert "A verdict takes the role of a reviewer" in said(app)
    assert not {"save-verdict", "recuse"} & {one.key for one in app.button}


# --- however it was started ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "options", "told"),
    [
        ("local", {"server.address": None}, "answers only on this machine"),
        ("team", {"server.address": "127.0.0.1", "secrets.files": ["/elsewhere/secrets.toml"]}, "workbench serve|/elsewhere"),
        ("team", {"server.address": "127.0.0.1", "server.trustedUserHeaders": '{"x": "email"}'}, "could say who they are"),
    ],
    ids=["every-address", "another-login", "names-in-headers"],
)
def test_the_app_itself_refuses_to_be_served_unsafely(
    home: Path, monkeypatch: pytest.MonkeyPatch, mode: str, options: dict[str, Any], told: str
) -> None:
    (home / "workbench.toml").write_text(f'mode = "{mode}"\n', encoding="utf-8")
    monkeypatch.setenv("WORKBENCH_WORKSPACE", str(home))
    usual = {"secrets.files": [str(secrets(home, GOOD))]}
    monkeypatch.setattr(st, "get_option", lambda name: {**usual, **options}.get(name))

    with pytest.raises(SettingsError, match=told):
        refuse_unless_fit_to_serve()
