"""The wheel: all that the package needs at run time and nothing else, and a workbench that works where there is no checkout."""

from __future__ import annotations

import json
import subprocess
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

import pytest

from tests.conftest import CHECKOUT
from tests.e2e.conftest import free_port, until
from tests.installed import APART, build, install

pytestmark = pytest.mark.process

# One process for what are five on a command line: each would import the same again. Prints what a page drew, and from where.
WORKED = """
import json, os, sys
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner
from workbench.cli.app import app
from workbench.ui.app import MAIN_PAGE

def workbench(*words):
    ended = CliRunner().invoke(app, words, catch_exceptions=False)
    assert ended.exit_code == 0, ended.output
    return ended.stdout

claim = json.loads(workbench("claims", "add", "--statement", "Mass fraud was shown.", "--quote", "Mass fraud", "--json"))["id"]
said = ("--rating", "not-enough-evidence", "--rationale", "Nobody showed any.", "--reviewer", "Ana")
workbench("verdict", "record", claim, *said)
for form in ("html", "pdf"):
    workbench("export", "--format", form, "--claim", claim, "-o", f"report.{form}")
page = AppTest.from_file(MAIN_PAGE, default_timeout=60)
page.switch_page("views/queue.py")
page.run()
drawn = [one.proto.label for one in page.get("page_link")]
print(json.dumps({"failed": [one.message for one in page.exception], "drawn": drawn, "from": str(MAIN_PAGE)}))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install(wheel, tmp_path_factory.mktemp("installed") / "venv")


def test_the_wheel_holds_every_file_of_the_package_and_none_beside_it(wheel: Path) -> None:
    tracked = subprocess.run(["git", "ls-files", "workbench"], cwd=CHECKOUT, check=True, capture_output=True, text=True).stdout

    held = [name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name]

    assert sorted(held) == sorted(tracked.splitlines())
    assert "workbench/py.typed" in held


@pytest.fixture(scope="module")
def desk(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace that the installed workbench began, in a folder far from the checkout."""
    folder = tmp_path_factory.mktemp("elsewhere")
    subprocess.run([installed / "workbench", "init", "desk"], cwd=folder, env=APART, check=True, capture_output=True)
    return folder / "desk"


def test_an_installed_workbench_records_reports_and_draws_its_pages(installed: Path, desk: Path) -> None:
    worked = [str(installed / "python"), "-c", WORKED]
    told = json.loads(subprocess.run(worked, cwd=desk, env=APART, check=True, capture_output=True, text=True).stdout)

    assert told["failed"] == []
    assert any("Mass fraud" in label for label in told["drawn"])
    assert Path(told["from"]).is_relative_to(installed.parent)
    assert (desk / "report.pdf").read_bytes().startswith(b"%PDF")
    assert "Mass fraud" in (desk / "report.html").read_text(encoding="utf-8")


def test_an_installed_workbench_serves_the_app_from_any_folder(installed: Path, desk: Path, tmp_path: Path) -> None:
    port = free_port()
    command = [str(installed / "workbench"), "--workspace", str(desk), "serve", "--port", str(port)]
    with (
        (tmp_path / "log").open("w") as log,
        subprocess.Popen(command, cwd=tmp_path, env=APART, stdout=log, stderr=log) as server,
    ):
        try:
            until(lambda: answer(port, "_stcore/health")[0] == 200, server)
            code, health = answer(port, "healthz")
            page = answer(port, "")[1]
        finally:
            server.terminate()

    assert (code, json.loads(health)["ready"]) == (503, False)
    assert "<title>" in page


def answer(port: int, path: str) -> tuple[int, str]:
    """(status, body); status 0 while nobody listens."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/{path}", timeout=10) as told:
            return told.status, told.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()
    except (urllib.error.URLError, ConnectionError):
        return 0, ""
