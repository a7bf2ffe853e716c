"""Every page, light and dark, as axe-core sees it: colour contrast and names of WCAG 2 at level AA."""

from __future__ import annotations

from importlib.resources import files
from typing import Literal

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.conftest import Served
from tests.e2e.test_journey import WAIT, settled

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


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_passes_axe(browser: Browser, served: Served, scheme: Literal["light", "dark"]) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 860}, color_scheme=scheme, locale="en-GB", bypass_csp=True)
    page = context.new_page()
    page.set_default_timeout(WAIT)
    expect.set_options(timeout=WAIT)  # five seconds where no other journey ran before
    found: dict[str, list[str]] = {}
    for address in PAGES:
        page.goto(f"{served.url}/{address}")
        settled(page)
        page.evaluate(AXE)
        for rule, nodes in page.evaluate(RUN):
            found.setdefault(rule, []).extend(f"{address}: {node}" for node in nodes)
    context.close()

    assert not found, "\n".join(f"{rule}\n  " + "\n  ".join(nodes[:12]) for rule, nodes in found.items())
