"""Every view of the app, in Chromium, on a workspace full of payloads: nothing runs, is asked for or drawn of them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Error, Page, expect, sync_playwright

from tests.e2e.conftest import serving
from tests.reliability.hostile_desk import fill, table
from tests.reliability.payloads import MARKS, PAYLOADS, WIDER

WAIT = 240_000  # milliseconds: machines are shared
NARROW = {"width": 768, "height": 1000}
WIDE = {"width": 1280, "height": 900}
# Dialogs, by the page they are of and the button that opens them.
DIALOGS = (("queue", "Add a claim"), ("queue", "Import claims"), ("evidence", "Write a note"), ("queue", "Keys"))
# Open everything that is folded at once: a click each would take minutes where a page has a hundred.
UNFOLD = """() => {
  const folded = [...document.querySelectorAll("details:not([open]) > summary")];
  folded.forEach((one) => one.click());
  return folded.length;
}"""


@dataclass
class Seen:
    """What payloads brought about."""

    payloads: int = len(PAYLOADS)
    views: int = 0
    parts: int = 0
    dialogs: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    drawn: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    wide: list[str] = field(default_factory=list)


def look(folder: Path, *, every: int = 1, shots: Path | None = None) -> Seen:
    """Visit every view, open what is folded. every: which of the claims' own pages are visited."""
    home = folder / "desk"
    home.mkdir()
    ids = fill(home)
    seen = Seen()
    with serving(home) as served, sync_playwright() as chromium:
        program = shutil.which("chromium")
        browser = chromium.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-dev-shm-usage"])
        page = browser.new_page(viewport=WIDE)  # type: ignore[arg-type]
        _watch(page, seen, served.url)
        _fail(home)
        page.goto(served.url)
        page.get_by_role("textbox", name="Who is reviewing?").fill("Ana")
        page.keyboard.press("Enter")
        page.wait_for_timeout(2_000)
        for view in _views(home, ids[::every]):
            try:
                _visit(page, f"{served.url}/{view}", view, seen, shots)
            except (Error, AssertionError) as error:
                seen.errors.append(f"{view}: {str(error)[:200]}")
        for view, button in DIALOGS:
            _dialog(page, f"{served.url}/{view}", button, seen, home)
        browser.close()
    return seen


def _fail(home: Path) -> None:
    """Files that cannot be read, whose names stand in the list of failures."""
    for number, payload in enumerate(PAYLOADS[:16:3]):
        (home / "evidence" / f"{number}{payload.replace('/', '_')[:80]}.pdf").write_bytes(b"%PDF-1.4 nothing")
    command = [sys.executable, "-m", "workbench", "--workspace", str(home), "evidence", "sync"]
    subprocess.run(command, check=False, capture_output=True)


def _views(home: Path, ids: list[str]) -> Iterator[str]:
    from tests.conftest import FakeEncoder
    from workbench.desk import Desk

    with Desk.open(home, encoder=FakeEncoder) as desk:
        sources = [(entry.source_id, desk.passages(entry.source_id)[0].passage_id) for entry in desk.library()]
        saved = [search.id for search in desk.searches.all()]
    yield from ("", "queue", "intake", "evidence", "searches", "reports", "workspace", "agreement")
    yield from (f"searches?saved={one}" for one in saved[:2])
    yield from (f"check?claim={one}" for one in ids)
    for (source, passage), claim in zip(sources[:4], ids, strict=False):
        yield f"document?source={source[:16]}&passage={passage}&claim={claim}"
        yield f"evidence?source={source[:16]}"
        yield f"intake?source={source[:16]}"
    yield from (f"reports?claim={one}" for one in ids[:2])
    for one in ("<img src=x onerror=alert(1) data-wbx>", "**wbxmark**", "javascript:alert(1)"):
        yield from (f"check?claim={one}", f"document?source={one}&passage={one}", f"searches?saved={one}", f"queue?topic={one}")


def _watch(page: Page, seen: Seen, url: str) -> None:
    def dialog(shown: Any) -> None:
        seen.dialogs.append(shown.message)
        shown.dismiss()

    def request(one: Any) -> None:
        if not one.url.startswith((url, url.replace("http", "ws", 1), "data:", "blob:", "about:")):
            seen.asked.append(one.url)

    page.set_default_timeout(WAIT)
    page.on("dialog", dialog)
    page.on("request", request)
    page.on("console", lambda said: seen.refused.append(said.text[:200]) if "Content Security Policy" in said.text else None)


def _visit(page: Page, address: str, name: str, seen: Seen, shots: Path | None) -> None:
    page.goto(address)
    _settled(page)
    seen.views += 1
    _note(page, name, seen)
    for _ in range(2):  # folds inside folds
        seen.parts += page.evaluate(UNFOLD)
        _settled(page)
    _note(page, name, seen)
    for size in (NARROW, WIDE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.wait_for_timeout(150)
        over = page.evaluate(WIDER)
        if over > 1:
            seen.wide.append(f"{name} at {size['width']}: {over} px too wide")
        if shots:
            page.screenshot(path=shots / f"{seen.views:02}-{size['width']}.png", full_page=True)
    for button in page.get_by_test_id("stPopoverButton").all()[:12]:
        if button.is_visible() and button.is_enabled():
            button.click(timeout=5_000)
            page.wait_for_timeout(100)
            seen.parts += 1
            _note(page, name, seen)
            page.keyboard.press("Escape")


def _dialog(page: Page, address: str, button: str, seen: Seen, home: Path) -> None:
    try:
        page.goto(address)
        _settled(page)
        page.get_by_role("button", name=button, exact=False).first.click()
        page.get_by_role("dialog").wait_for()
        if button == "Import claims":
            given = home / "given.csv"
            given.write_text("\n".join(table()), encoding="utf-8")
            page.get_by_role("dialog").locator("input[type=file]").set_input_files(given)
        _settled(page)
        seen.parts += 1
        _note(page, button, seen)
    except (Error, AssertionError) as error:
        seen.errors.append(f"{button}: {str(error)[:200]}")


def _note(page: Page, name: str, seen: Seen) -> None:
    seen.drawn += [f"{name}: {one}" for one in page.evaluate(MARKS)]


def _settled(page: Page) -> None:
    expect(page.locator(".wb:visible").first).to_be_visible(timeout=WAIT)
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0, timeout=WAIT)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0, timeout=WAIT)
