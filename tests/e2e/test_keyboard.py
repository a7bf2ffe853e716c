"""A review with the keyboard alone, and what reaches the server comes back whatever happens to the connection."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.conftest import ANA, make_claim
from tests.e2e.conftest import Served
from tests.e2e.test_journey import patience, say_who, settled
from workbench.desk import Desk

__all__ = ["patience"]  # a fixture

pytestmark = [
    pytest.mark.browser,
    pytest.mark.process,
    pytest.mark.model,
    pytest.mark.filterwarnings("ignore::pytest.PytestRemovedIn10Warning"),
]

QUICK = 80  # milliseconds between two presses of a quick hand
SAID = "The junta arrested protesters in month {} of the year."


@pytest.mark.parametrize("claims", [2, pytest.param(10, marks=pytest.mark.long)])
def test_claims_are_decided_with_keys_only(page: Page, served: Served, claims: int) -> None:
    reviewer = f"Kay {claims}"
    with Desk.open(served.workspace) as desk:
        ids = [f"keys-only-{claims}-{number}" for number in range(claims)]
        for number, claim_id in enumerate(ids):
            claim = make_claim(claim_id, SAID.format(number + 1 + claims), priority="high")
            desk.add_claim(claim, actor=ANA)
        page.goto(f"{served.url}/check?claim={ids[0]}")
        say_who(page, reviewer)
        expect(page.locator("#current-passage")).to_be_visible()
        settled(page)
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("?")
        expect(page.get_by_role("dialog").get_by_text("Rate: Refuted")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        first = page.locator("#current-passage .hit-title").inner_text()
        page.keyboard.press("j")
        page.wait_for_timeout(QUICK)  # not until it is drawn: the second press is not lost
        page.keyboard.press("j")
        expect(titled(page, re.compile("^3 "))).to_have_count(1)
        settled(page)
        page.keyboard.press("k")
        page.wait_for_timeout(QUICK)
        page.keyboard.press("k")
        expect(titled(page, first)).to_have_count(1)
        for _ in ids:
            decide(page)
        mine = [case for case in desk.claims() if any(one.reviewer.display_name == reviewer for one in case.verdicts)]
        assert len(mine) == claims
        assert desk.case(ids[0]).status == "settled"


def titled(page: Page, words: str | re.Pattern[str]) -> Locator:
    """The current passage where its title says this; the one before it may stand beside it while the page is drawn."""
    return page.locator("#current-passage .hit-title", has_text=words)


def decide(page: Page) -> None:
    """Cite the next passage, take back a slip, rate, save, and be at the next claim."""
    claim = re.search(r"claim=([\w-]+)", page.url)
    settled(page)
    page.keyboard.press("2")
    expect(page.get_by_text("Cited: 1 refutes")).to_be_visible()
    settled(page)
    page.keyboard.press("Shift+Digit1")
    expect(page.get_by_role("radio", name="Supported")).to_be_checked()
    settled(page)
    page.keyboard.press("u")
    expect(page.get_by_role("radio", name="Supported")).not_to_be_checked()
    settled(page)
    page.keyboard.press("Shift+Digit2")
    expect(page.get_by_role("radio", name="Refuted")).to_be_checked()
    settled(page)
    page.keyboard.press("Control+Shift+Enter")
    assert claim is not None
    expect(page).not_to_have_url(re.compile(f"claim={claim[1]}(&|$)"))
    expect(page.get_by_text(re.compile("Saved as revision 1"))).to_be_visible()
