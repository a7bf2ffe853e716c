"""What people were writing when the line went dead, for seconds or past the life of their session: browsers, a server.

Each writer has a browser of their own. A cut line is one on which nothing is answered: sockets are closed and refused, requests
fail. What had reached the server must be back; what was typed while the line was dead must be in the draft once it is there
again, without a key or a click of anybody.
"""

from __future__ import annotations

import re
import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, Route, WebSocketRoute, expect, sync_playwright

from tests.e2e.conftest import SAMPLE, serving
from tests.e2e.test_journey import wait_for_words
from workbench.ui.session import COOKIE

CLAIM = "myanmar-1400-killed"
PATIENCE = 180_000  # milliseconds: a browser asks less and less often whether the server is there again
SESSION = 60  # seconds a session is kept without its browser: 5 s are within, 130 s are after


@dataclass
class Found:
    """What became of what was written. lost: what did not come back, and where."""

    runs: int = 0
    texts: int = 0
    lost: list[str] = field(default_factory=list)


@dataclass
class Writer:
    """Somebody with a page at the claim, on a line that can be cut."""

    name: str
    context: BrowserContext
    page: Page
    is_cut: bool = False
    sockets: list[WebSocketRoute] = field(default_factory=list)

    def cut(self) -> None:
        """Answer nothing any more."""
        self.is_cut = True
        for one in self.sockets:
            one.close(code=1001)
        self.sockets.clear()

    def mend(self) -> None:
        """Answer again, when the page asks."""
        self.is_cut = False

    def fills(self, label: str, text: str) -> None:
        """Type into a field, and stay in it."""
        self.page.get_by_role("textbox", name=label).fill(text, timeout=PATIENCE)

    def leaves(self) -> None:
        """Leave the field: what is in it goes to the server."""
        self.page.keyboard.press("Tab")


def write(folder: Path, *, people: int, outages: tuple[int, ...]) -> Found:
    """So many people write while the line is cut, and while the server is killed, for so many seconds each; then all reload."""
    home, found = _workspace(folder), Found()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(args=["--no-sandbox"], executable_path=shutil.which("chromium"))
        for seconds in outages:
            _cut(browser, home, people, seconds, found)
            _killed(browser, home, people, seconds, found)
        browser.close()
    return found


def _cut(browser: Browser, home: Path, people: int, seconds: int, found: Found) -> None:
    with serving(home, f"--server.disconnectedSessionTTL={SESSION}") as app:
        writers = [_arrives(browser, app.url, f"Cut{seconds}x{number}") for number in range(people)]
        _before(app.workspace, writers)
        for one in writers:
            one.cut()
        writers[0].page.wait_for_timeout(seconds * 1000)
        for one in writers:
            one.mend()
        _after(app.workspace, writers, found)


def _killed(browser: Browser, home: Path, people: int, seconds: int, found: Found) -> None:
    ttl = f"--server.disconnectedSessionTTL={SESSION}"
    with serving(home, ttl) as app:
        port = int(app.url.rsplit(":", 1)[1])
        writers = [_arrives(browser, app.url, f"Killed{seconds}x{number}") for number in range(people)]
        _before(app.workspace, writers)
        app.kill()
        writers[0].page.wait_for_timeout(seconds * 1000)
    with serving(home, ttl, port=port) as again:
        _after(again.workspace, writers, found)


def _before(workspace: Path, writers: list[Writer]) -> None:
    """Something of everybody has reached the server; something else is being typed."""
    for one in writers:
        one.fills("Rationale", f"{one.name} had left the field.")
        one.leaves()
    for one in writers:
        _reached(workspace, one, f"{one.name} had left the field.")
        one.fills("Explanation", f"{one.name} was typing.")


def _after(workspace: Path, writers: list[Writer], found: Found) -> None:
    """Nobody touches anything; both texts reach the draft. Then the page is loaded again, and shows them."""
    for one in writers:
        found.runs += 1
        texts = {"Rationale": f"{one.name} had left the field.", "Explanation": f"{one.name} was typing."}
        try:
            _reached(workspace, one, *texts.values())
            one.page.reload(timeout=PATIENCE)
            for label, text in texts.items():
                found.texts += 1
                expect(one.page.get_by_role("textbox", name=label)).to_have_value(text, timeout=PATIENCE)
        except Exception as error:  # whatever the browser says: a text that is not there is lost
            found.lost.append(f"{one.name}: {str(error).splitlines()[0][:200]}")
        one.context.close()


def _reached(workspace: Path, one: Writer, *texts: str) -> None:
    """Wait until one draft holds the texts, while the browser goes on living. Raises: AssertionError."""
    end = time.monotonic() + PATIENCE / 1000
    while True:
        try:
            return wait_for_words(workspace, *texts, seconds=0)
        except AssertionError:
            if time.monotonic() > end:
                raise
        one.page.wait_for_timeout(300)


def _arrives(browser: Browser, url: str, name: str) -> Writer:
    context = browser.new_context(viewport={"width": 1280, "height": 860}, locale="en-GB")
    context.add_cookies([{"name": COOKIE, "value": name, "url": url}])
    one = Writer(name, context, context.new_page())

    def socket(route: WebSocketRoute) -> None:
        if one.is_cut:
            route.close(code=1001)
        else:
            route.connect_to_server()
            one.sockets.append(route)

    def request(route: Route) -> None:
        route.abort() if one.is_cut else route.continue_()

    context.route_web_socket(re.compile("_stcore/stream"), socket)
    context.route(re.compile("_stcore/(health|host-config)"), request)
    one.page.goto(f"{url}/check?claim={CLAIM}", timeout=PATIENCE)
    expect(one.page.get_by_role("textbox", name="Rationale")).to_be_visible(timeout=PATIENCE)
    return one


def _workspace(folder: Path) -> Path:
    home = folder / "home"
    home.mkdir()
    shutil.copy(SAMPLE / "workbench.toml", home)
    for name in ("claims", "evidence"):
        shutil.copytree(SAMPLE / name, home / name)
    return home
