"""A real server on a copy of the sample workspace, and Debian's Chromium in front of it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

CHECKOUT = Path(__file__).resolve().parents[2]
SAMPLE = CHECKOUT  # its claims/, evidence/ and workbench.toml are copied, never opened in place
START_SECONDS = 180  # the model is loaded by then on two busy cores
SIZE = {"width": 1280, "height": 860}


@dataclass(frozen=True)
class Served:
    """A running app: where it answers, the workspace it serves, and what ends it without a word."""

    url: str
    workspace: Path
    kill: Callable[[], None]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    chromium = os.environ.get("E2E_CHROMIUM") or shutil.which("chromium")
    if not chromium:
        pytest.skip("no Chromium here: install Debian's chromium package, or set E2E_CHROMIUM to one")
    return {**browser_type_launch_args, "executable_path": chromium, "args": ["--no-sandbox", "--disable-dev-shm-usage"]}


@pytest.fixture(scope="session")
def served(browser_type_launch_args: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The app on the sample claims and evidence, taken in and ready to search."""
    home = tmp_path_factory.mktemp("workspace")
    shutil.copy(SAMPLE / "workbench.toml", home)
    for name in ("claims", "evidence"):
        shutil.copytree(SAMPLE / name, home / name)
    with serving(home) as running:
        yield running


@contextmanager
def serving(
    home: Path, *flags: str, port: int | None = None, program: Sequence[str] = (sys.executable, "-m", "workbench")
) -> Iterator[Served]:
    """The app on this workspace, its evidence taken in, ready to search; it ends with the block. flags: for the server.

    program: the workbench that serves, where it is another than this checkout; it is asked with `serve`.
    """
    environment = {**os.environ, "WORKBENCH_WORKSPACE": str(home)}
    # In a process of its own: under xdist OpenVINO ended the worker with a bus error when it compiled in a thread of it.
    subprocess.run([*program, "evidence", "sync"], env=environment, cwd=home, check=True, capture_output=True)
    port = port or free_port()
    log = (home.parent / "server.log").open("w")
    command = [*program, "serve", "--port", str(port)]
    if program[0] == sys.executable:
        command = [sys.executable, "-m", "streamlit", "run", str(CHECKOUT / "streamlit_app.py"), "--server.port", str(port)]
    command += flags
    process = subprocess.Popen(command, env=environment, cwd=home, stdout=log, stderr=log)
    try:
        wait_until_ready(f"http://127.0.0.1:{port}/healthz", process)
        yield Served(f"http://127.0.0.1:{port}", home, process.kill)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)
        log.close()


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def wait_until_ready(address: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until an address answers 200."""

    def answers() -> bool:
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            return False

    until(answers, process)


def until(is_so: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    """Wait until something about a server is so; the test fails where the server ends first, or takes too long."""
    end = time.monotonic() + START_SECONDS
    while not is_so():
        if process.poll() is not None:
            pytest.fail(f"the server ended with {process.returncode}; see its log beside the workspace")
        if time.monotonic() > end:
            pytest.fail(f"the server was not ready within {START_SECONDS} s")
        time.sleep(0.3)


@pytest.fixture
def shots(tmp_path: Path) -> Path:
    """Where screenshots are kept: WORKBENCH_SCREENSHOTS, else the test's own folder."""
    folder = Path(os.environ.get("WORKBENCH_SCREENSHOTS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "viewport": SIZE, "locale": "en-GB", "timezone_id": "UTC"}


@pytest.fixture
def went_out(context: BrowserContext) -> list[str]:
    """Every address this browser asked for that is not on 127.0.0.1; it stays empty."""
    left: list[str] = []

    def note(address: str) -> None:
        if not address.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:", "about:")):
            left.append(address)

    def watch(page: Page) -> None:
        page.on("request", lambda request: note(request.url))
        page.on("websocket", lambda socket: note(socket.url))

    context.on("page", watch)
    return left


REFUSED = """document.addEventListener("securitypolicyviolation", (event) =>
    console.error("refused", event.effectiveDirective, event.blockedURI, event.sample))"""


@pytest.fixture(autouse=True)
def refused(context: BrowserContext) -> Iterator[list[str]]:
    """What the page's content policy kept this browser from loading or running: nothing the app needs."""
    seen: list[str] = []
    context.add_init_script(REFUSED)
    context.on("console", lambda message: seen.append(message.text) if message.text.startswith("refused ") else None)
    yield seen
    assert seen == []
