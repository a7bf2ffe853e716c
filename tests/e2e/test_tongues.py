"""A reader whose browser asks for French, and a page that is written from the right."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Served
from tests.e2e.test_journey import patience, settled

__all__ = ["patience"]  # a fixture

pytestmark = [
    pytest.mark.browser,
    pytest.mark.process,
    pytest.mark.model,
    pytest.mark.filterwarnings("ignore::pytest.PytestRemovedIn10Warning"),
]


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "locale": "fr-CA"}


def test_a_browser_that_asks_for_french_gets_it_and_says_so_to_a_screen_reader(page: Page, served: Served) -> None:
    page.goto(f"{served.url}/queue")
    settled(page)

    expect(page.get_by_role("heading", name="Aujourd’hui")).to_be_visible()
    expect(page.get_by_role("link", name="Vérification")).to_be_visible()
    expect(page.locator("html[lang=fr][dir=ltr]")).to_have_count(1)
    assert page.evaluate("getComputedStyle(document.querySelector('.stApp')).direction") == "ltr"
