"""Claims beside other claims: a table with two bad rows, a claim that is here already, two verdicts that do not go together."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.e2e.conftest import Served
from tests.e2e.test_journey import WAIT, say_who, settled, wait_for_draft

pytestmark = [
    pytest.mark.long,  # test_claims_like_page.py has the pages without a browser, test_imports.py the table
    pytest.mark.browser,
    pytest.mark.process,
    pytest.mark.model,
    pytest.mark.filterwarnings("ignore::pytest.PytestRemovedIn10Warning"),  # pytest-base-url 2.1's own fixture
]

WHY = "That one speaks of the law, this one of the count."
HEADER = "statement,claimant,claimed_on\n"
GOOD = "The rolls of the delta held 40 names twice.,Ana Ruiz,2021-06-23\n"
BAD = "The roads were closed.,Bo Lind,2021-02-30\nThe radio was silent.,Bo Lind,99999\n"


@pytest.fixture(autouse=True)
def patience(page: Page) -> None:
    page.set_default_timeout(WAIT)
    expect.set_options(timeout=WAIT)


def table(text: str) -> FilePayload:
    return FilePayload(name="claims.csv", mimeType="text/csv", buffer=text.encode())


def test_a_table_with_two_bad_rows_adds_nothing_and_the_mended_one_is_previewed_and_added(
    page: Page, served: Served, shots: Path
) -> None:
    page.goto(f"{served.url}/queue")
    settled(page)
    say_who(page, "Ira")
    settled(page)
    page.get_by_role("button", name="Import claims").click()
    form = page.get_by_role("dialog")
    form.locator("input[type=file]").set_input_files(table(HEADER + GOOD + BAD))
    expect(form.get_by_text("row 2", exact=False)).to_be_visible()
    expect(form.get_by_text("row 3", exact=False)).to_be_visible()
    expect(form.get_by_role("button", name="Add 1 claim")).to_have_count(0)
    page.screenshot(path=shots / "20-two-bad-rows.png")

    form.locator("input[type=file]").set_input_files(table(HEADER + GOOD))
    form.get_by_role("button", name="Add 1 claim").click()
    expect(form).to_have_count(0)
    expect(page.get_by_text("1 claim added, 0 changed, 0 left out", exact=False)).to_be_visible()
    assert len(list((served.workspace / "claims").glob("the-rolls-of-the-delta*.yaml"))) == 1


def test_a_claim_that_is_here_already_is_said_while_it_is_typed(page: Page, served: Served, shots: Path) -> None:
    page.goto(f"{served.url}/queue")
    settled(page)
    say_who(page, "Ira")
    settled(page)
    page.get_by_role("button", name="Add a claim").click()
    form = page.get_by_role("dialog")
    sentence = form.get_by_role("textbox", name="The sentence to check")
    sentence.fill("883 people were killed in Myanmar between February 1 and June 29, 2021.")
    sentence.blur()
    expect(form.get_by_text("This claim seems to be here already.")).to_be_visible()
    expect(form.get_by_text("myanmar-883-killed", exact=False)).to_be_visible()
    page.screenshot(path=shots / "21-here-already.png")


def test_the_alarm_sounds_where_the_same_claim_was_rated_otherwise(page: Page, served: Served, shots: Path) -> None:
    one, other = "myanmar-mass-fraud-2022", "myanmar-election-fraud-2021"
    workbench(served, "claims", "same", one, other)
    record = ("--rating", "not-enough-evidence", "--ground", "not-yet-known", "--rationale", "Looked.", "--reviewer", "Ovid")
    workbench(served, "verdict", "record", one, *record)
    page.goto(f"{served.url}/check?claim={other}")
    settled(page)
    say_who(page, "Ira")
    settled(page)
    page.locator("label", has_text="Refuted").first.click()
    expect(page.get_by_text("The same claim was rated otherwise", exact=False)).to_be_visible()
    reason = page.get_by_role("textbox", name="Why this verdict departs from it")
    reason.fill(WHY)
    reason.blur()
    wait_for_draft(served, WHY)
    page.reload()
    settled(page)
    expect(reason).to_have_value(WHY)
    page.screenshot(path=shots / "22-rated-otherwise.png")


def workbench(served: Served, *arguments: str) -> None:
    command = [sys.executable, "-m", "workbench", "--workspace", str(served.workspace), *arguments]
    subprocess.run(command, check=True, capture_output=True)
