"""Every page, light and dark, as axe-core sees it: colour contrast and names of WCAG 2 at level AA."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.e2e.conftest import Served
from tests.e2e.test_journey import WAIT, patience, say_who, settled
from workbench.desk import Desk

__all__ = ["patience"]  # a fixture

pytestmark = [
    pytest.mark.browser,
    pytest.mark.process,
    pytest.mark.model,
    pytest.mark.filterwarnings("ignore::pytest.PytestRemovedIn10Warning"),
]

CLAIM = "claim=myanmar-1400-killed"
PAGES = ("", "intake", f"check?{CLAIM}", "evidence", "searches", f"reports?{CLAIM}", "workspace", "agreement", "document")
AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")  # axe-core, MPL-2.0
# frames are left out: the preview of a report runs no script by design (ui/show.py)
RUN = """async () => (await axe.run(document, {
    runOnly: ["wcag2a", "wcag2aa"], iframes: false, resultTypes: ["violations"],
})).violations.map((it) => [it.id, it.nodes.map((one) => one.target.join(" ") + " " + one.failureSummary.slice(0, 240))])"""


Found = dict[str, list[str]]


@contextmanager
def looking(browser: Browser, scheme: Literal["light", "dark"], width: int) -> Iterator[tuple[Page, Found]]:
    """A page of that width in that theme, and what axe finds in it, by rule; nothing may be left at the end."""
    size = ViewportSize(width=width, height=860)
    context = browser.new_context(viewport=size, color_scheme=scheme, locale="en-GB", bypass_csp=True)
    page = context.new_page()
    page.set_default_timeout(WAIT)
    found: Found = {}
    yield page, found
    context.close()
    assert not found, "\n".join(f"{rule}\n  " + "\n  ".join(nodes[:12]) for rule, nodes in found.items())


def look(page: Page, where: str, found: Found) -> None:
    settled(page)
    page.evaluate(AXE)
    for rule, nodes in page.evaluate(RUN):
        found.setdefault(rule, []).extend(f"{where}: {node}" for node in nodes)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_passes_axe(browser: Browser, served: Served, scheme: Literal["light", "dark"]) -> None:
    with looking(browser, scheme, 1280) as (page, found):
        for address in PAGES:
            page.goto(f"{served.url}/{address}")
            look(page, address, found)


@pytest.mark.long
@pytest.mark.parametrize("width", [768, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_opens_passes_axe_on_wide_and_narrow_pages(
    browser: Browser, served: Served, scheme: Literal["light", "dark"], width: int
) -> None:
    with Desk.open(served.workspace) as desk:
        source = desk.library()[0].source_id[:16]
    with looking(browser, scheme, width) as (page, found):
        for address in (*PAGES, f"document?source={source}", f"document?source={source}&{CLAIM}", f"evidence?source={source}"):
            page.goto(f"{served.url}/{address}")
            look(page, address, found)
        page.goto(f"{served.url}/check?{CLAIM}")
        say_who(page, "Axel")
        look(page, "a review that was begun", found)
        page.get_by_role("button", name="Keys").click()
        expect(page.get_by_role("dialog")).to_be_visible()
        look(page, "the list of keys", found)
        page.goto(f"{served.url}/evidence")
        page.get_by_role("button", name="Write a note").click()
        expect(page.get_by_role("dialog")).to_be_visible()
        look(page, "the dialog of a note", found)
