"""All text that reached the server is back after a reload, a dropped connection, an expired session and a killed server."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.conftest import SAMPLE, serving
from tests.e2e.test_journey import patience, say_who, settled, wait_for_draft

__all__ = ["patience"]  # a fixture

pytestmark = [
    pytest.mark.long,  # two servers; that a draft is there after a reload is also in the first hour
    pytest.mark.browser,
    pytest.mark.process,
    pytest.mark.model,
    pytest.mark.filterwarnings("ignore::pytest.PytestRemovedIn10Warning"),
]

ADDRESS = "check?claim=myanmar-1400-killed"
TTL = 1  # seconds a session without a browser is kept; ten minutes in .streamlit/config.toml


def type_in(page: Page, field: str, text: str) -> None:
    page.get_by_role("textbox", name=field).fill(text)
    page.keyboard.press("Tab")


def shown(page: Page, **texts: str) -> None:
    for field, text in texts.items():
        expect(page.get_by_role("textbox", name=field)).to_have_value(text)
    settled(page)


def test_what_reached_the_server_is_back(context: BrowserContext, page: Page, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    shutil.copy(SAMPLE / "workbench.toml", home)
    for name in ("claims", "evidence"):
        shutil.copytree(SAMPLE / name, home / name)
    ttl = f"--server.disconnectedSessionTTL={TTL}"
    with serving(home, ttl) as app:
        page.goto(f"{app.url}/{ADDRESS}")
        say_who(page, "Ida")
        settled(page)
        type_in(page, "Rationale", "Before the reload.")
        wait_for_draft(app, "Before the reload.")
        page.reload()
        shown(page, Rationale="Before the reload.")

        type_in(page, "Explanation", "Before the cable was pulled.")
        wait_for_draft(app, "Before the cable was pulled.")
        context.set_offline(True)
        page.wait_for_timeout(300)
        context.set_offline(False)
        page.reload()
        shown(page, Rationale="Before the reload.", Explanation="Before the cable was pulled.")

        type_in(page, "Headline", "Before the session was over.")
        wait_for_draft(app, "Before the session was over.")
        page.close()
        page = context.new_page()
        page.wait_for_timeout(2000 * TTL)
        page.goto(f"{app.url}/{ADDRESS}")
        shown(page, Explanation="Before the cable was pulled.", Headline="Before the session was over.")

        type_in(page, "Rationale", "Before the server was killed.")
        wait_for_draft(app, "Before the server was killed.")
        app.kill()
    with serving(home, ttl) as again:
        page.goto(f"{again.url}/{ADDRESS}")
        shown(
            page,
            Rationale="Before the server was killed.",
            Explanation="Before the cable was pulled.",
            Headline="Before the session was over.",
        )
