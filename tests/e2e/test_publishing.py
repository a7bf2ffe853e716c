"""From a verdict to its readers: a signature that an edit takes back, an embargo that ends, a correction, a retraction."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import ANA, BO
from tests.e2e.conftest import serving
from tests.e2e.test_journey import WAIT, say_who, settled
from workbench.desk import Desk
from workbench.models import VerdictRequest

pytestmark = [
    pytest.mark.long,  # test_publishing_page.py takes the same steps without a browser
    pytest.mark.browser,
    pytest.mark.process,
    pytest.mark.model,
    pytest.mark.filterwarnings("ignore::pytest.PytestRemovedIn10Warning"),  # pytest-base-url 2.1's own fixture
]

URL = "https://check.example.org/rain"


@pytest.fixture
def newsroom(browser_type_launch_args: object, home: Path) -> Iterator[str]:
    """The app on a workspace whose policy asks an editor to sign, which that of the other journeys does not: one claim."""
    (home / "workbench.toml").write_text('[review.policy]\nsign_offs = ["editor"]\n', encoding="utf-8")
    (home / "claims" / "rain.yaml").write_text(
        "id: rain\nstatement: It rained in Naypyidaw on 1 February 2021.\n", encoding="utf-8"
    )
    with Desk.open(home) as desk:
        desk.sync_claims()
        desk.record(VerdictRequest(claim_id="rain", rating="not-enough-evidence", reviewer=ANA, token="first"))
    (home / "evidence" / "weather.txt").write_text("It was dry in Naypyidaw in February 2021.", encoding="utf-8")
    with serving(home) as running:
        yield running.url


def test_a_verdict_goes_to_its_readers_and_is_corrected_and_retracted(
    page: Page, newsroom: str, home: Path, shots: Path
) -> None:
    page.set_default_timeout(WAIT)
    expect.set_options(timeout=WAIT)
    page.goto(f"{newsroom}/check?claim=rain")
    settled(page)
    say_who(page, "Ana")
    settled(page)
    with Desk.open(home) as desk:
        sign(page)
        an_edit_takes_the_signature_back(page, shots)
        sign(page)
        an_embargo_holds_and_ends(page, desk, shots)
        publish(page)
        assert draft_line(desk) is None
        a_correction(page, desk, shots)
        a_retraction(page, desk, shots)


def click(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    settled(page)


def save(page: Page) -> None:
    page.get_by_role("button", name="Save the verdict").click()  # its name goes on with its keys
    settled(page)


def fill(page: Page, name: str, words: str) -> None:
    field = page.get_by_role("textbox", name=name)
    field.fill(words)
    field.blur()
    settled(page)


def draft_line(desk: Desk) -> str | None:
    return desk.reports(["rain"])[0].page.draft


def sign(page: Page) -> None:
    expect(page.get_by_role("button", name="Record it as published")).to_be_disabled()
    click(page, "Sign as editor")
    expect(page.get_by_text("Editor: signed by Ana", exact=False)).to_be_visible()


def an_edit_takes_the_signature_back(page: Page, shots: Path) -> None:
    click(page, "Revise it")
    fill(page, "Explanation, for readers", "No weather report was found.")
    save(page)
    expect(page.get_by_text("Ana signed what an edit has replaced", exact=False)).to_be_visible()
    page.screenshot(path=shots / "40-signature-withdrawn.png")


def an_embargo_holds_and_ends(page: Page, desk: Desk, shots: Path) -> None:
    page.get_by_text("Set an embargo").click()
    click(page, "Embargo it")
    expect(page.get_by_text("Embargoed until", exact=False).first).to_be_visible()
    expect(page.get_by_role("button", name="Record it as published")).to_be_disabled()
    assert str(draft_line(desk)).startswith("Draft, not for publication: it is embargoed until")
    page.screenshot(path=shots / "41-embargoed.png")
    click(page, "Lift the embargo")

    now = datetime.now(UTC)
    with Desk.open(desk.workspace.root, now=lambda: now - timedelta(hours=2)) as earlier:  # an embargo that is over by now
        earlier.publishing.embargo("rain", now - timedelta(hours=1), actor=BO)
    page.reload()
    settled(page)
    expect(page.get_by_text("The embargo ended", exact=False)).to_be_visible()
    assert draft_line(desk) is None


def publish(page: Page) -> None:
    fill(page, "Where it can be read", URL)
    click(page, "Record it as published")
    expect(page.get_by_role("button", name="Record it as published")).to_have_count(0)  # a correction is published already
    expect(page.get_by_text("Published at", exact=False)).to_be_visible()


def a_correction(page: Page, desk: Desk, shots: Path) -> None:
    click(page, "Revise it")
    expect(page.get_by_role("button", name="Save the verdict")).to_be_disabled()  # it does not say yet what changes
    page.get_by_text("Correction", exact=True).click()
    fill(page, "Note for readers", "The day was 2 February.")
    fill(page, "Explanation, for readers", "No weather report of 2 February was found.")
    save(page)
    expect(page.get_by_text("What counts now has not been published yet", exact=False)).to_be_visible()
    assert desk.publishing.corrections() == []
    page.screenshot(path=shots / "42-correction.png")
    sign(page)
    publish(page)
    assert [one.note for one in desk.publishing.corrections()] == ["The day was 2 February."]


def a_retraction(page: Page, desk: Desk, shots: Path) -> None:
    page.get_by_text("Retract it").first.click()
    fill(page, "Note for readers", "The claim was never made.")
    click(page, "Retract it")
    expect(page.get_by_text("The claim was never made.").first).to_be_visible()
    page.screenshot(path=shots / "43-retracted.png")
    assert "it was retracted on" in str(draft_line(desk))
    assert [one.kind for one in desk.publishing.corrections()] == ["retraction", "correction"]
