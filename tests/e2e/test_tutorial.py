"""The tutorial, carried out: each heading of docs/tutorial.md is a step here, in its order, and most take their picture.

`make pictures` writes the pictures into docs/images/tutorial/.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.conftest import CHECKOUT
from tests.e2e.conftest import Served
from tests.e2e.test_journey import READ, WAIT, open_fraud_claim, press, say_who, settled, wait_for_draft

pytestmark = [
    pytest.mark.browser,
    pytest.mark.process,
    pytest.mark.model,
    pytest.mark.filterwarnings("ignore::pytest.PytestRemovedIn10Warning"),  # pytest-base-url 2.1's own fixture
]

TUTORIAL = CHECKOUT / "docs" / "tutorial.md"
NEW_FILE = "election-observers.txt"
NEW_WORDS = (
    "Observers of Myanmar's November 2020 election found no mass fraud. "
    "Their report says the vote reflected the will of the people."
)
RATIONALE = "Nobody showed evidence of it."
EXPLANATION = "The claim was made and no evidence for it was given."
ADDRESS = "https://check.example.org/fraud"


@dataclass
class Newcomer:
    """Somebody with the tutorial in front of them: their browser, the app they started, the claim they chose."""

    page: Page
    served: Served
    claim: str = ""


def start_the_app(at: Newcomer) -> None:
    at.page.goto(at.served.url)
    settled(at.page)
    expect(at.page.get_by_role("link", name=re.compile("election fraud"))).to_be_visible()


def say_who_you_are(at: Newcomer) -> None:
    say_who(at.page, "Ana")


def read_the_claim(at: Newcomer) -> None:
    at.claim = open_fraud_claim(at.page, at.served)
    expect(at.page.locator(".passage").first).to_contain_text(re.compile("fraud|election", re.IGNORECASE))
    expect(at.page.locator("mark.matched").first).to_be_visible()


def open_a_passage_in_its_place(at: Newcomer) -> None:
    press(at.page, "o")
    expect(at.page.locator("#here")).to_be_in_viewport()
    expect(at.page.get_by_text("About this document")).to_be_visible()
    settled(at.page)


def mark_a_passage(at: Newcomer) -> None:
    at.page.get_by_role("link", name="Back to the claim").click()
    expect(at.page.locator("#current-passage")).to_be_visible()
    settled(at.page)
    press(at.page, "3")
    expect(at.page.get_by_text("Cited: 1 context")).to_be_visible()


def decide(at: Newcomer) -> None:
    page = at.page
    page.get_by_test_id("stRadioGroup").get_by_text("Not enough evidence", exact=True).click()
    # No waiting here: what is typed while the page still answers the click must not be lost.
    page.get_by_role("textbox", name="Rationale").fill(RATIONALE)
    page.get_by_role("textbox", name="Explanation").fill(EXPLANATION)
    page.get_by_role("textbox", name="Headline").fill("No evidence was given")
    page.keyboard.press("Tab")
    wait_for_draft(at.served, RATIONALE, EXPLANATION, "No evidence was given")
    expect(page.get_by_text(re.compile(r"Draft saved \d\d:\d\d:\d\d"))).to_be_visible()
    page.reload()
    expect(page.get_by_role("textbox", name="Rationale")).to_have_value(RATIONALE)
    settled(page)
    page.get_by_role("combobox", name="Because").click()
    page.get_by_role("option", name="Unsubstantiated").click()
    settled(page)


def save_the_verdict(at: Newcomer) -> None:
    page = at.page
    page.get_by_role("button", name="Save the verdict").dblclick()
    expect(page.get_by_text(re.compile(r"Saved as revision 1 at \d\d:\d\d\."))).to_be_visible()
    settled(page)
    history = page.get_by_text("Ana, revision 1")
    expect(history).to_have_count(1)
    expect(page.get_by_text("Ana, revision 2")).to_have_count(0)
    history.click()
    expect(page.get_by_text(RATIONALE)).to_be_in_viewport(ratio=1)
    settled(page)


def add_a_file_of_evidence(at: Newcomer) -> None:
    page = at.page
    page.get_by_role("link", name="Evidence").click()
    settled(page)
    file: FilePayload = {"name": NEW_FILE, "mimeType": "text/plain", "buffer": NEW_WORDS.encode()}
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Take in 1 file").click()
    expect(page.get_by_text("searchable, 1 passage")).to_be_visible(timeout=READ)
    settled(page)
    assert (at.served.workspace / "evidence" / NEW_FILE).read_text() == NEW_WORDS


def see_what_it_changes(at: Newcomer) -> None:
    at.page.goto(f"{at.served.url}/check?claim={at.claim}")
    expect(at.page.get_by_text("found no mass fraud").or_(at.page.get_by_text(NEW_FILE)).first).to_be_visible()
    settled(at.page)


def read_the_report(at: Newcomer) -> None:
    page = at.page
    page.goto(f"{at.served.url}/reports?claim={at.claim}")
    settled(page)
    preview = page.frame_locator("iframe").frame_locator("iframe")
    expect(preview.get_by_text(EXPLANATION).first).to_be_visible()
    written = download(page, "Web page")
    assert "Unsubstantiated" in written  # the ground chooses the printed wording
    assert RATIONALE not in written  # the working rationale is never published
    page.get_by_text("ClaimReview", exact=True).click()
    settled(page)
    review = json.loads(download(page, "ClaimReview"))
    assert review["@type"] == "ClaimReview"
    page.get_by_text("Web page", exact=True).click()
    settled(page)


def publish(at: Newcomer) -> None:
    page = at.page
    page.goto(f"{at.served.url}/check?claim={at.claim}")
    settled(page)
    address = page.get_by_role("textbox", name="Where it can be read")
    address.fill(ADDRESS)
    address.blur()
    settled(page)
    page.get_by_role("button", name="Record it as published", exact=True).click()
    expect(page.get_by_text("Published at", exact=False)).to_be_visible()
    settled(page)


def download(page: Page, form: str) -> str:
    with page.expect_download() as waiting:
        page.get_by_role("button", name=f"Download as {form}").click()
    return Path(waiting.value.path()).read_text(encoding="utf-8")


STEPS: tuple[Callable[[Newcomer], None], ...] = (
    start_the_app,
    say_who_you_are,
    read_the_claim,
    open_a_passage_in_its_place,
    mark_a_passage,
    decide,
    save_the_verdict,
    add_a_file_of_evidence,
    see_what_it_changes,
    read_the_report,
    publish,
)


def test_every_step_of_the_tutorial_leads_to_a_published_verdict(
    page: Page, served: Served, shots: Path, went_out: list[str]
) -> None:
    headings = re.findall(r"^## (.+)$", TUTORIAL.read_text(encoding="utf-8"), re.MULTILINE)
    assert [heading.lower().replace(" ", "_") for heading in headings] == [step.__name__ for step in STEPS]
    page.set_default_timeout(WAIT)
    expect.set_options(timeout=WAIT)
    folder = Path(os.environ.get("WORKBENCH_TUTORIAL_PICTURES") or shots)

    newcomer = Newcomer(page, served)
    for step in STEPS:
        step(newcomer)
        page.screenshot(path=folder / f"{step.__name__.replace('_', '-')}.jpg", type="jpeg", quality=85)

    assert went_out == []
