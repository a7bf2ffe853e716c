"""python -m tests.reliability.first_page [--claims N] [--rounds N] [--json]: how soon the first page can be used, in Chromium.

What lives here: a server started afresh each round, a browser with nothing in its cache, and the seconds from the first answer
of the server to the first claim on the page, to a page that waits for nothing more, and to a server that is ready to search.
What does not: a limit. docs/speed.md says what was reached, tests/test_first_page.py holds the order of things.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from tests.e2e.conftest import SAMPLE, free_port
from workbench.benchmark.speed.clicks import Program

LONGEST = 120.0  # seconds
VERDICTS = 5_000  # at most, of the claims of a filled workspace


def main() -> int:
    """Measure and print."""
    wanted = argparse.ArgumentParser(prog="python -m tests.reliability.first_page", description=__doc__)
    wanted.add_argument("--claims", type=int, default=0, help="made-up claims in place of the samples")
    wanted.add_argument("--workspace", type=Path, help="measure in this one, and make it where it is not there")
    wanted.add_argument("--rounds", type=int, default=3)
    wanted.add_argument("--json", action="store_true")
    given = wanted.parse_args()
    with tempfile.TemporaryDirectory() as name:
        home = given.workspace or Path(name) / "desk"
        if not home.exists():
            fill(home, given.claims)
        rounds = measure(home, given.rounds)
    told = {what: [round(one[what], 2) for one in rounds] for what in rounds[0]}
    if given.json:
        print(json.dumps({"claims": given.claims or "the samples", **told}, indent=2))
    else:
        for what, seconds in told.items():
            print(f"{what:<42} {statistics.median(seconds):6.2f} s   {', '.join(map(str, seconds))}")
    return 0


def fill(home: Path, claims: int) -> None:
    """The samples, taken in; or that many made-up claims and no evidence, half of them decided."""
    home.mkdir()
    compileall.compile_dir(SAMPLE / "workbench", quiet=2)  # as `make setup` and pip do
    if claims:
        (home / "workbench.toml").write_text('name = "Many claims"\n', encoding="utf-8")
        (home.parent / "no-files").mkdir()
        Program().fill(str(home), str(home.parent / "no-files"), 7, claims, min(VERDICTS, claims // 2))
        return
    shutil.copy(SAMPLE / "workbench.toml", home)
    for part in ("claims", "evidence"):
        shutil.copytree(SAMPLE / part, home / part)
    subprocess.run([sys.executable, "-m", "workbench", "evidence", "sync"], cwd=home, check=True, capture_output=True)


def measure(home: Path, rounds: int) -> list[dict[str, float]]:
    """Seconds of each round, by what they lead to."""
    with sync_playwright() as playwright:
        program = os.environ.get("E2E_CHROMIUM") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-dev-shm-usage"])
        found = [_round(home, browser) for _ in range(rounds)]
        browser.close()
    return found


def _round(home: Path, browser: Browser) -> dict[str, float]:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "workbench", "--workspace", str(home), "serve", "--port", str(port)]
    context = browser.new_context(viewport={"width": 1280, "height": 860})  # with nothing in its cache
    page = context.new_page()
    began = time.monotonic()
    with subprocess.Popen(command, cwd=home, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _until(f"{address}/_stcore/health")
            up, before = time.monotonic(), _processor(server.pid)
            page.goto(address)
            page.locator('[class*="st-key-row-"] a').first.wait_for(timeout=LONGEST * 1000)
            seen = time.monotonic()
            page.get_by_test_id("stStatusWidget").wait_for(state="detached", timeout=LONGEST * 1000)
            page.locator("[data-stale=true]").first.wait_for(state="detached", timeout=LONGEST * 1000)
            still = time.monotonic()
            worked = _processor(server.pid) - before
            _until(f"{address}/healthz", either=503 if not any((home / "evidence").glob("*")) else 200)
            ready = time.monotonic()
        finally:
            server.terminate()
    context.close()
    return {
        "from the command to the first answer": up - began,
        "from there to the first claim on the page": seen - up,
        "to a page that waits for nothing": still - up,
        "processor time of the server meanwhile": worked,
        "to a server ready to search": ready - up,
    }


def _until(address: str, *, either: int = 200) -> None:
    """Wait until an address answers 200, or that. Raises: TimeoutError."""
    end = time.monotonic() + LONGEST
    while _status(address) not in (200, either):
        if time.monotonic() > end:
            raise TimeoutError(address)
        time.sleep(0.05)


def _processor(process: int) -> float:
    """Seconds a process has worked; 0 where the system does not say."""
    with suppress(OSError):
        worked = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[11:13]
        return sum(map(int, worked)) / os.sysconf("SC_CLK_TCK")
    return 0.0


def _status(address: str) -> int:
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            status: Any = answer.status
            return int(status)
    except urllib.error.HTTPError as refused:
        return refused.code
    except (urllib.error.URLError, ConnectionError):
        return 0


if __name__ == "__main__":
    sys.exit(main())
