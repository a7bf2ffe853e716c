"""Reading a document for a claim: step through its hits, cite exactly the words that were selected, copy a citation."""

from __future__ import annotations

import json
import re
import sqlite3
import unicodedata
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, FilePayload, Locator, Page, expect

from tests.e2e.conftest import Served
from tests.e2e.test_journey import READ, WAIT, press, say_who, settled
from workbench.models import Passage, sha256_hex

pytestmark = [
    pytest.mark.browser,
    pytest.mark.process,
    pytest.mark.model,
    pytest.mark.filterwarnings("ignore::pytest.PytestRemovedIn10Warning"),  # pytest-base-url 2.1's own fixture
]

CLAIM = "myanmar-election-fraud-2021"
SCRIPTS = unicodedata.normalize("NFD", "Un café 🙂 fermé à Rangoun.") + "\n\nမဲမသမာမှု မရှိဟု လေ့လာသူများက ပြောသည်။\n"
SELECT = """([words]) => {
  const body = [...document.querySelectorAll("[data-start]")].find((one) => one.textContent.includes(words));
  const nodes = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  let from = body.textContent.indexOf(words), to = from + words.length, range = document.createRange(), at = 0;
  for (let node = nodes.nextNode(); node; at += node.length, node = nodes.nextNode()) {
    if (at <= from && from <= at + node.length) range.setStart(node, from - at);
    if (at <= to && to <= at + node.length) range.setEnd(node, to - at);
  }
  document.getSelection().removeAllRanges();
  document.getSelection().addRange(range);
}"""


@pytest.fixture(autouse=True)
def patience(page: Page) -> None:
    page.set_default_timeout(WAIT)
    expect.set_options(timeout=WAIT)


def bar(page: Page) -> Locator:
    return page.get_by_role("region", name="Selected words")


def drag_over(page: Page, text: Locator, *, width: int) -> None:
    """Select the beginning of the first line of a text with the mouse."""
    text.scroll_into_view_if_needed()
    box = text.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 1, box["y"] + 14)
    page.mouse.down()
    page.mouse.move(box["x"] + width, box["y"] + 14, steps=8)
    page.mouse.up()


def cited_in_draft(served: Served, reviewer: str) -> list[str]:
    """The ids of what a reviewer's draft cites."""
    with closing(sqlite3.connect(f"file:{served.workspace}/records/ledger.sqlite?mode=ro", uri=True)) as ledger:
        drafts = [json.loads(row[0]) for row in ledger.execute("SELECT draft FROM drafts")]
    return [cite["passage_id"] for one in drafts if one["reviewer"]["subject"] == reviewer for cite in one["cites"]]


def test_the_hits_of_a_claim_are_stepped_through_and_exactly_the_selected_words_are_cited_and_copied(
    page: Page, context: BrowserContext, served: Served, shots: Path, went_out: list[str]
) -> None:
    page.goto(f"{served.url}/check?claim={CLAIM}")
    settled(page)
    say_who(page, "Eve")
    settled(page)
    drag_over(page, page.locator("#current-passage .passage"), width=150)
    expect(bar(page).locator(".words")).to_have_text(re.compile(r"^\S.*\S$"))
    at_the_hit = bar(page).locator(".words").inner_text()
    page.screenshot(path=shots / "14-selected.png")
    bar(page).get_by_role("button", name="Context").click()
    expect(page.get_by_text(f"Cited, context: “{at_the_hit}”")).to_be_visible()
    expect(page.get_by_text("Cited: 1 context")).to_be_visible()

    press(page, "o")
    stands_at = page.get_by_text(re.compile(r"^Hit \d of \d of this claim here$"))
    expect(stands_at).to_be_visible()
    first, told = page.url, stands_at.inner_text()
    press(page, "j")
    expect(page).not_to_have_url(first)
    expect(page.locator("#here")).to_be_in_viewport()
    expect(stands_at).not_to_have_text(told)
    expect(page.get_by_role("button", name="Previous hit")).to_be_enabled()  # a key for a button that cannot be pressed is lost
    press(page, "k")
    expect(page).to_have_url(first)

    drag_over(page, page.locator(".body", has_text="Min Aung Hlaing, who leads"), width=260)
    words = bar(page).locator(".words").inner_text()
    assert words.startswith("Min Aung Hlaing, who leads")
    page.keyboard.press("Enter")  # to the bar, without the mouse
    page.keyboard.press("Tab")
    expect(bar(page).get_by_role("button", name="Refutes")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"Cited, refutes: “{words}”")).to_be_visible()
    expect(page.locator("#here")).to_have_text(words)
    settled(page)
    page.screenshot(path=shots / "15-cited-words.png")

    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_text("Copy a citation").click()
    page.get_by_test_id("stCode").hover()
    page.get_by_role("button", name="Copy to clipboard").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"“{words}” Election fraud in Myanmar")
    assert re.search(r"sha256 [0-9a-f]{12}$", copied)
    assert len(cited_in_draft(served, "Eve")) == 2
    assert went_out == []


@pytest.mark.parametrize("words", ["café 🙂", "🙂 fermé", "လေ့လာသူများက"])
def test_offsets_are_code_points_in_every_script(page: Page, served: Served, words: str) -> None:
    words = unicodedata.normalize("NFD", words)
    path = served.workspace / "evidence" / "scripts.txt"
    source_id = sha256_hex(SCRIPTS)
    if not path.exists():
        page.goto(f"{served.url}/evidence")
        settled(page)
        page.locator("input[type=file]").set_input_files(
            FilePayload(name="scripts.txt", mimeType="text/plain", buffer=SCRIPTS.encode())
        )
        page.get_by_role("button", name="Take in 1 file").click()
        expect(page.get_by_text("Added scripts.txt: searchable")).to_be_visible(timeout=READ)
    page.goto(f"{served.url}/document?source={source_id}")
    settled(page)
    page.evaluate(SELECT, [words])
    expect(bar(page).locator(".words")).to_have_text(words)

    bar(page).get_by_role("button", name="Mark them here").click()

    start = SCRIPTS.index(words)
    expect(page).to_have_url(re.compile(Passage.id_of(source_id, start, start + len(words))))
    expect(page.locator("#here")).to_have_text(words)


def test_words_are_chosen_with_the_keyboard_alone(page: Page, served: Served) -> None:
    source_id = sha256_hex((served.workspace / "evidence" / "election-fraud-judgement.md").read_bytes())
    page.goto(f"{served.url}/document?source={source_id}&claim={CLAIM}")
    settled(page)
    page.get_by_text("Choose words with the keyboard").click()
    page.get_by_role("textbox", name="From the words").fill("because of the")
    page.get_by_role("textbox", name="To the words").fill("fraud")
    page.get_by_role("button", name="Mark these words").click()

    expect(page.locator("#here")).to_have_text("because of the election fraud")


def test_words_selected_in_the_statement_are_judged_apart(page: Page, served: Served, shots: Path) -> None:
    page.goto(f"{served.url}/check?claim={CLAIM}")
    settled(page)
    say_who(page, "Ida")
    settled(page)
    statement = page.locator("[data-source=statement]")
    drag_over(page, statement, width=120)
    words = bar(page).locator(".words").inner_text()
    expect(bar(page).get_by_role("button")).to_have_text(["Judge them apart"])
    bar(page).get_by_role("button", name="Judge them apart").click()

    page.get_by_text("Parts judged apart: 1 fragment").click()
    expect(page.get_by_role("button", name="Take out")).to_be_visible()
    expect(page.locator(".words", has_text=words).first).to_be_visible()
    settled(page)
    page.screenshot(path=shots / "16-fragment.png", full_page=True)
    drag_over(page, page.locator("#current-passage .passage"), width=150)
    expect(bar(page).get_by_role("button")).to_have_text(["Supports", "Refutes", "Context"])
