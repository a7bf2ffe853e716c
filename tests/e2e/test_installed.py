"""The tutorial once more, with a workbench that was installed from its wheel in place of a checkout."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import SAMPLE, Served, serving
from tests.e2e.test_journey import WAIT
from tests.e2e.test_tutorial import STEPS, Newcomer
from tests.installed import build, install

pytestmark = [
    pytest.mark.browser,
    pytest.mark.process,
    pytest.mark.model,
    pytest.mark.long,  # its short form, without browser and model: tests/test_package.py
    pytest.mark.filterwarnings("ignore::pytest.PytestRemovedIn10Warning"),
]
PAPER = "rgb(251, 250, 247)"  # the background of the theme, which Streamlit finds in a file of the package


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """The app of an installed wheel, on the sample claims and evidence; nothing in its process comes from the checkout."""
    monkeypatch.delenv("PYTHONPATH", raising=False)
    program = install(build(tmp_path / "dist"), tmp_path / "venv") / "workbench"
    home = tmp_path / "desk"
    home.mkdir()
    shutil.copy(SAMPLE / "workbench.toml", home)
    for name in ("claims", "evidence"):
        shutil.copytree(SAMPLE / name, home / name)
    with serving(home, program=(str(program),)) as running:
        yield running


def test_what_is_installed_leads_through_every_step_of_the_tutorial(page: Page, installed: Served, went_out: list[str]) -> None:
    page.set_default_timeout(WAIT)
    expect.set_options(timeout=WAIT)

    newcomer = Newcomer(page, installed)
    for step in STEPS:
        step(newcomer)

    assert page.locator(".stApp").evaluate("one => getComputedStyle(one).backgroundColor") == PAPER
    assert went_out == []
