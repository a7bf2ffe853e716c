"""Large files sent to a server one after another, by a browser's own way: its memory comes back."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from playwright.sync_api import Page, expect, sync_playwright

from tests.e2e.conftest import Served, serving

MEGABYTE = 1_000_000
WAIT = 90_000  # milliseconds
NAME = "recording.bin"


@dataclass(frozen=True)
class Memory:
    """What the server and what it started hold, in megabytes."""

    base: float
    peak: float
    after: float


def upload(folder: Path, *, files: int, megabytes: int) -> Memory:
    """Send so many files through the Evidence page, each refused at the door once it has arrived, and taken out again."""
    home = folder / "desk"
    for part in ("claims", "evidence"):
        (home / part).mkdir(parents=True)
    (home / "workbench.toml").write_text('name = "Large files"\n', encoding="utf-8")
    (home / "evidence" / "vote.txt").write_text("The resolution passed by 119 votes to 1.\n", encoding="utf-8")
    with serving(home) as served, sync_playwright() as chromium:
        program = shutil.which("chromium")
        browser = chromium.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-dev-shm-usage"])
        page = browser.new_page()
        page.set_default_timeout(WAIT)
        page.goto(f"{served.url}/evidence")
        page.get_by_role("textbox", name="Who is reviewing?").fill("Ana")
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Ana")).to_be_visible(timeout=WAIT)
        base = resident(served)
        seen = [_send(page, served, folder / NAME, Random(number).randbytes(megabytes * MEGABYTE)) for number in range(files)]
        browser.close()
        page_gone = resident(served)
    return Memory(base, max(seen), page_gone)


def _send(page: Page, served: Served, path: Path, data: bytes) -> float:
    path.write_bytes(data)
    page.locator("input[type=file]").set_input_files(path)
    expect(page.get_by_role("button", name="Take in 1 file")).to_be_visible(timeout=WAIT)
    page.get_by_role("button", name="Take in 1 file").click()
    expect(page.get_by_role("button", name="Take in 1 file")).to_have_count(0, timeout=WAIT)
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0, timeout=WAIT)
    return resident(served)


def resident(served: Served) -> float:
    """Megabytes held by the server of this port and its children."""
    port = served.url.rpartition(":")[2]
    servers = [one for one in _processes() if b"streamlit" in one[1] and port.encode() in one[1].split(b"\0")]
    kin = {pid for pid, _, _ in servers}
    kin |= {pid for pid, _, parent in _processes() if parent in kin}
    return sum(_resident(pid) for pid in kin)


def _processes() -> Iterator[tuple[int, bytes, int]]:
    for place in Path("/proc").glob("[0-9]*"):
        try:
            command = (place / "cmdline").read_bytes()
            parent = int((place / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        yield int(place.name), command, parent


def _resident(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024
