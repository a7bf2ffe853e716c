"""Two reviewers judge one claim in two browsers without seeing each other's work; a third settles it, and it is published."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, Response, expect

from tests.e2e.conftest import Served, serving
from tests.e2e.test_journey import WAIT, press, say_who, settled
from workbench.desk import Desk

pytestmark = [
    pytest.mark.browser,
    pytest.mark.process,
    pytest.mark.model,
    pytest.mark.filterwarnings("ignore::pytest.PytestRemovedIn10Warning"),  # pytest-base-url 2.1's own fixture
]

ANA, BO = "Kestrel", "Merlin"  # a word that each writes and nobody else does
CLAIM = "votes"
EVIDENCE = {
    "count.txt": "The commission counted the votes twice. It found no fraud in the count of 8 November 2020.",
    "army.txt": "The army says its lists of voters hold errors. It names no file that shows fraud in the votes.",
}
VIEWS = ("queue", "reports")  # test_blind.py draws every page


class Sent:
    """Everything a page is sent from now on: the frames of its sockets and the bodies of its answers."""

    def __init__(self, page: Page) -> None:
        self._frames: list[bytes] = []
        self._answers: list[Response] = []
        page.on("websocket", lambda socket: socket.on("framereceived", self._keep))
        page.on("response", lambda answer: self._answers.append(answer))

    def _keep(self, frame: str | bytes) -> None:
        self._frames.append(frame if isinstance(frame, bytes) else frame.encode())

    def __contains__(self, word: str) -> bool:
        return any(word.encode() in part for part in (*self._frames, *self._bodies()))

    def _bodies(self) -> Iterator[bytes]:
        for answer in self._answers:
            if answer.ok and "/static/" not in answer.url:  # of Streamlit's own
                with suppress(Error):  # a body that the browser let go of
                    yield answer.body()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """A small workspace that asks for two reviews."""
    home = tmp_path / "desk"
    for folder in ("claims", "evidence"):
        (home / folder).mkdir(parents=True)
    (home / "workbench.toml").write_text("[review]\nreviews = 2\n", encoding="utf-8")
    claim = f"id: {CLAIM}\nstatement: There was fraud in the count of the votes of November 2020.\n"
    (home / "claims" / "votes.yaml").write_text(claim, encoding="utf-8")
    for name, text in EVIDENCE.items():
        (home / "evidence" / name).write_text(text, encoding="utf-8")
    with serving(home) as running:
        yield running


@pytest.fixture
def somebody(browser: Browser, served: Served) -> Iterator[Callable[[str], tuple[Page, Sent]]]:
    """Opens Check in a browser of its own under a name; gives back the page and everything it is ever sent."""
    contexts = []

    def come(name: str) -> tuple[Page, Sent]:
        context = browser.new_context(viewport={"width": 1280, "height": 860}, locale="en-GB", timezone_id="UTC")
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(WAIT)
        sent = Sent(page)
        page.goto(f"{served.url}/check?claim={CLAIM}")
        say_who(page, name)
        expect(page.locator("#current-passage").first).to_be_visible()
        settled(page)
        return page, sent

    expect.set_options(timeout=WAIT)
    yield come
    for context in contexts:
        context.close()


def judge(page: Page, *, key: str, rating: str, word: str, button: str = "Save the verdict") -> None:
    press(page, key)
    page.get_by_test_id("stRadio").get_by_text(rating, exact=True).click()
    page.get_by_role("textbox", name="Rationale, for colleagues").fill(f"{word} wrote this.")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name=button)).to_be_enabled()
    page.get_by_role("button", name=button).click()
    expect(page.get_by_text("Saved as revision 1")).to_be_visible()
    settled(page)


def test_two_reviewers_disagree_without_having_seen_each_other_and_a_third_settles_it(
    served: Served, somebody: Callable[[str], tuple[Page, Sent]], shots: Path
) -> None:
    ana, to_ana = somebody("Ana")
    judge(ana, key="2", rating="Refuted", word=ANA)
    expect(ana.get_by_text("1 of 2 reviews is in")).to_be_visible()

    bo, to_bo = somebody("Bo")
    expect(bo.get_by_text("without reading what colleagues did")).to_be_visible()
    for view in VIEWS:
        bo.goto(f"{served.url}/{view}")
        settled(bo)
        assert ANA not in bo.content(), view
    for route in ("healthz", "feed.json", "api/claims.json"):
        assert ANA not in bo.request.get(f"{served.url}/{route}").text(), route
    bo.goto(f"{served.url}/check?claim={CLAIM}")
    settled(bo)
    assert ANA not in to_bo
    assert "There was fraud" in to_bo, "the test sees what is sent"
    judge(bo, key="1", rating="Supported", word=BO)

    expect(bo.get_by_text("The reviewers disagree")).to_be_visible()
    expect(bo.get_by_text(f"{ANA} wrote this.").first).to_be_visible()
    assert ANA in to_bo
    assert BO not in to_ana

    cy, _ = somebody("Cy")
    expect(cy.get_by_text("it counts, and names those it decides between")).to_be_visible()
    expect(cy.get_by_text("≠ Ana: refutes · Bo: supports")).to_be_visible()
    cy.screenshot(path=shots / "adjudication.png")
    judge(cy, key="2", rating="Refuted", word="Hobby", button="Save the ruling")
    expect(cy.get_by_text("The reviewers disagree")).to_have_count(0)

    with Desk.open(served.workspace) as desk:
        published = desk.publish(CLAIM, "https://desk.example/votes")
    assert (published.status, len(published.verdicts[2].adjudicates)) == ("published", 2)
    cy.goto(f"{served.url}/agreement")
    expect(cy.get_by_text("0% of judgements agree")).to_be_visible()
    cy.goto(f"{served.url}/queue")
    expect(cy.locator(".pill", has_text="Refuted")).to_be_visible()
