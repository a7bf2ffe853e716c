"""A team's desk with a real login: a provider of identities, Chromium in front of `workbench serve`, and one reviewer's day."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import make_claim
from tests.e2e.conftest import Served, free_port
from tests.e2e.test_journey import patience, settled, wait_for_draft
from workbench.desk import Desk
from workbench.models import OPERATOR

__all__ = ["patience"]  # a fixture

pytestmark = [
    pytest.mark.browser,
    pytest.mark.process,
    pytest.mark.filterwarnings("ignore::pytest.PytestRemovedIn10Warning"),
]

TEAM = 'mode = "team"\n[review.policy]\ndecisive_needs_citation = false\n'
PAGES = ("", "intake", "queue", "check?claim=c", "document", "evidence", "searches", "reports", "workspace", "agreement")
START_SECONDS = 120


@contextmanager
def serving_a_team(home: Path, issuer: str) -> Iterator[Served]:
    """The desk of a team with this login, one claim, and Bo, who reviews."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    (home / "workbench.toml").write_text(TEAM, encoding="utf-8")
    with Desk.open(home) as desk:
        desk.add_claim(make_claim("c"), actor=OPERATOR)
        desk.people.add(issuer, "sub-bo", name="Bo Aung", roles=["reviewer"])
    login = home / ".streamlit" / "secrets.toml"
    login.parent.mkdir()
    told = {
        "redirect_uri": f"{url}/oauth2callback",
        "cookie_secret": secrets.token_urlsafe(48),
        "client_id": "workbench",
        "client_secret": secrets.token_urlsafe(16),
        "server_metadata_url": f"{issuer}/.well-known/openid-configuration",
    }
    login.write_text("[auth]\n" + "".join(f'{name} = "{value}"\n' for name, value in told.items()), encoding="utf-8")
    login.chmod(0o600)
    with (home.parent / "server.log").open("w") as log:
        command = [sys.executable, "-m", "workbench", "--workspace", str(home), "serve", "--port", str(port)]
        process = subprocess.Popen(command, env=os.environ, cwd=home, stdout=log, stderr=log)
        try:
            wait_until_it_answers(f"{url}/healthz", process)
            yield Served(url, home, process.kill)
        finally:
            process.kill()
            process.wait(10)


@contextmanager
def a_provider() -> Iterator[str]:
    """The issuer of a provider of identities that lets in whoever says they are somebody."""
    port = free_port()
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    issuer = f"http://localhost:{port}"
    try:
        wait_until_it_answers(f"{issuer}/.well-known/openid-configuration", process)
        yield issuer
    finally:
        process.kill()
        process.wait(10)


def wait_until_it_answers(address: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=2).close()
        except urllib.error.HTTPError:
            return  # 503: it has no evidence to search, and answers
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.3)
        else:
            return
    pytest.fail("the server did not answer; see server.log beside its workspace")


def people(app: Served, *arguments: str) -> Any:
    """`workbench people ...` while the app runs: what it printed."""
    command = [sys.executable, "-m", "workbench", "--workspace", str(app.workspace), "people", *arguments, "--json"]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


def log_in(page: Page, subject: str) -> None:
    page.get_by_role("button", name="Log in").click()
    page.get_by_placeholder("sub").fill(subject)
    page.get_by_role("button", name="Authorize").click()


def test_a_day_of_a_reviewer_whose_role_is_lowered(page: Page, home: Path, shots: Path) -> None:
    with a_provider() as issuer, serving_a_team(home, issuer) as app:
        for place in PAGES:
            page.goto(f"{app.url}/{place}")
            expect(page.get_by_role("button", name="Log in")).to_be_visible()
            expect(page.locator("body")).not_to_contain_text("election")
        page.screenshot(path=shots / "team-login.png")

        log_in(page, "sub-eve")
        expect(page.get_by_text("not among the people of this workspace")).to_be_visible()
        page.screenshot(path=shots / "team-unknown.png")
        page.get_by_role("button", name="Log in as somebody else").click()
        page.get_by_placeholder("sub").fill("sub-bo")
        page.get_by_role("button", name="Authorize").click()
        expect(page.get_by_role("button", name="Bo Aung")).to_be_visible()

        page.goto(f"{app.url}/check?claim=c")
        settled(page)
        page.get_by_test_id("stRadio").get_by_text("Not enough evidence", exact=True).click()
        page.get_by_role("textbox", name="Rationale").fill("Nothing was found.")
        page.keyboard.press("Tab")
        wait_for_draft(app, "Nothing was found.")
        page.get_by_role("button", name="Save the verdict").click()
        expect(page.get_by_role("button", name="Revise it")).to_be_visible()
        page.screenshot(path=shots / "team-saved.png")
        with Desk.open(app.workspace) as desk:
            (stored,) = desk.case("c").verdicts
        assert (stored.reviewer.issuer, stored.reviewer.subject) == (issuer, "sub-bo")

        page.get_by_role("button", name="Revise it").click()
        page.get_by_role("textbox", name="Rationale").fill("Found something after all.")
        page.keyboard.press("Tab")
        wait_for_draft(app, "Found something after all.")
        people(app, "roles", "Bo Aung", "--role", "viewer")
        page.get_by_role("button", name="Save the verdict").click()
        expect(page.get_by_text("it takes the role reviewer, and theirs is viewer")).to_be_visible()
        page.screenshot(path=shots / "team-lowered.png")
        wait_for_draft(app, "Found something after all.")
        with Desk.open(app.workspace) as desk:
            assert desk.case("c").verdicts == (stored,)

        page.get_by_role("button", name="Bo Aung").click()
        page.screenshot(path=shots / "team-who.png")
        page.get_by_role("button", name="Log out").click()
        page.get_by_role("button", name="End session").click()  # of the provider, which asks
        expect(page.get_by_role("button", name="Log in")).to_be_visible()
        page.goto(f"{app.url}/check?claim=c")
        expect(page.get_by_role("button", name="Log in")).to_be_visible()
        expect(page.locator("body")).not_to_contain_text("election")
