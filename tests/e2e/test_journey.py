"""What a fact-checker does in a day, in a real browser on a real server. The first hour is the tutorial: test_tutorial.py."""

from __future__ import annotations

import json
import re
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests import documents
from tests.e2e.conftest import Served
from workbench.models import sha256_hex
from workbench.ui import session

pytestmark = [
    pytest.mark.browser,
    pytest.mark.process,
    pytest.mark.model,
    pytest.mark.filterwarnings("ignore::pytest.PytestRemovedIn10Warning"),  # pytest-base-url 2.1's own fixture
]

WAIT = 45_000  # milliseconds: two cores that a suite shares, where each page of a server is drawn for the first time
READ = 60_000  # for a file to be read, encoded and searchable: a process of its own is started for it


@pytest.fixture(autouse=True)
def patience(page: Page) -> None:
    page.set_default_timeout(WAIT)
    expect.set_options(timeout=WAIT)


def settled(page: Page) -> None:
    """Wait until Streamlit has drawn what it was asked for."""
    expect(page.locator(".wb:visible").first).to_be_visible()
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)
    expect(page.locator("[data-stale=true]")).to_have_count(0)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)


def say_who(page: Page, name: str) -> None:
    page.get_by_role("textbox", name="Who is reviewing?").fill(name)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=name)).to_be_visible()
    end = time.monotonic() + WAIT / 1000  # a page opened by its address asks this browser for the name
    while session.COOKIE not in {cookie.get("name") for cookie in page.context.cookies()}:
        assert time.monotonic() < end, "the name was not kept in this browser"
        page.wait_for_timeout(50)


def open_fraud_claim(page: Page, served: Served) -> str:
    """Go from the queue to the fraud claim; gives back its id."""
    page.goto(served.url)
    page.get_by_role("link", name=re.compile("fraud", re.IGNORECASE)).first.click()
    expect(page.locator("#current-passage")).to_be_visible()
    settled(page)
    return re.search(r"claim=([a-z0-9-]+)", page.url)[1]  # type: ignore[index]


def press(page: Page, key: str) -> None:
    page.evaluate("document.activeElement.blur()")  # keys belong to the page, not to a field
    page.keyboard.press(key)
    settled(page)


def wait_for_draft(served: Served, *words: str) -> None:
    """Wait until the ledger of the served workspace keeps a draft with these words in its fields."""
    wait_for_words(served.workspace, *words)


def wait_for_words(workspace: Path, *words: str, seconds: float = WAIT / 1000) -> None:
    """Wait until a draft of this workspace has these words in its fields. Raises: AssertionError after so many seconds."""
    end = time.monotonic() + seconds
    while True:
        with closing(sqlite3.connect(f"file:{workspace}/records/ledger.sqlite?mode=ro", uri=True)) as ledger:
            kept = [json.loads(row[0]) for row in ledger.execute("SELECT draft FROM drafts")]
        said = [{*map(str, draft.values()), *(one["reason"] for one in draft.get("departures", ()))} for draft in kept]
        if any(set(words) <= one for one in said):
            return
        assert time.monotonic() < end, f"never kept: {words}; kept: {kept}"
        time.sleep(0.1)


def test_a_deep_link_to_a_server_nobody_has_visited_has_the_whole_frame(page: Page, served: Served) -> None:
    page.goto(f"{served.url}/evidence")

    expect(page.get_by_role("link", name="Queue")).to_be_visible()
    expect(page.get_by_text("Library")).to_be_visible()


def test_passages_are_judged_with_the_keyboard_alone(page: Page, served: Served) -> None:
    page.goto(served.url)
    say_who(page, "Bo")
    open_fraud_claim(page, served)

    title = page.locator("#current-passage .hit-title")
    first = title.inner_text()
    press(page, "j")
    expect(title).not_to_have_text(first)
    press(page, "2")
    expect(page.get_by_text("Cited: 1 refutes")).to_be_visible()
    press(page, "k")
    expect(title).to_have_text(first)
    press(page, "1")

    expect(page.get_by_text("Cited: 1 supports, 1 refutes")).to_be_visible()
    assert "passage=" in page.url


def test_a_hit_is_explained_and_what_differs_is_set_apart(page: Page, served: Served, shots: Path) -> None:
    page.goto(f"{served.url}/check?claim=myanmar-1400-killed")
    current = page.locator("#current-passage")
    expect(
        current.get_by_text(re.compile("^↔ different dates: More than 1,400 for 2022-01-07 in the claim, 883 for 1 "))
    ).to_be_visible()
    page.get_by_role("button", name=re.compile("Hun Sen's visit")).first.click()
    settled(page)
    expect(
        current.locator(".passage .seen.agrees", has_text=re.compile("more than 1,400", re.IGNORECASE)).first
    ).to_be_visible()
    expect(current.get_by_text("= agrees: More than 1,400 in both")).to_be_visible()
    why = page.get_by_text("Why is this here")
    expect(why).to_have_count(1)  # the one of the passage before is gone
    why.click()
    expect(page.get_by_text(re.compile("^It shares the words “civilians”.* and agrees with the claim"))).to_be_visible()
    expect(page.get_by_text("? not mentioned: Myanmar is not named here")).to_be_visible()
    expect(page.locator(".st-key-check-claim .seen.agrees")).to_have_text("More than 1,400")

    page.goto(f"{served.url}/check?claim=myanmar-asean-excluded")
    settled(page)
    page.get_by_role("link", name="1 differs, listed last").click()
    heading = page.get_by_role("heading", name="Similar but differs (1)")
    expect(heading).to_be_in_viewport()
    page.get_by_role("button", name=re.compile("junta and Russia")).last.click()
    settled(page)
    expect(current.get_by_text("≠ differs: October 2021 in the claim, 23 June 2021 here")).to_be_visible()
    expect(page.locator(".st-key-check-claim .seen.differs")).to_have_attribute(
        "title", "differs: October 2021 in the claim, 23 June 2021 here"
    )
    page.screenshot(path=shots / "9-differs.png")


@pytest.mark.long  # test_ui.py opens the page, test_pdf_page.py finds the words in the picture
def test_a_hit_in_a_pdf_opens_on_its_page_with_a_box_around_the_words(page: Page, served: Served, shots: Path) -> None:
    data = documents.report_pdf()
    page.goto(f"{served.url}/evidence")
    settled(page)
    report = FilePayload(name="mission-report.pdf", mimeType="application/pdf", buffer=data)
    page.locator("input[type=file]").set_input_files(report)
    page.get_by_role("button", name="Take in 1 file").click()
    expect(page.get_by_text("searchable, 2 passages")).to_be_visible(timeout=READ)
    page.goto(f"{served.url}/document?source={sha256_hex(data)}")
    settled(page)
    page.get_by_role("button", name="Next passage").click()
    expect(page.get_by_role("img", name="Page 1 of mission-report.pdf")).to_be_visible()
    settled(page)
    page.get_by_role("button", name="Next passage").click()
    picture = page.get_by_role("img", name="Page 2 of mission-report.pdf")
    expect(picture).to_be_visible()
    boxes = page.locator(".page-picture .box")
    expect(boxes.first).to_be_in_viewport()
    around, whole = boxes.first.bounding_box(), picture.bounding_box()
    assert around is not None
    assert whole is not None
    assert whole["x"] < around["x"] < whole["x"] + whole["width"] / 2
    page.screenshot(path=shots / "11-pdf-page.png")

    page.get_by_text("Text", exact=True).click()
    expect(page.locator("mark.here").first).to_be_visible()


@pytest.mark.long  # an upload and a failure in a page: test_ui.py; twins and files inside others: test_intake.py
def test_a_mixed_handful_of_files_is_taken_in_and_each_bad_one_says_why(page: Page, served: Served, shots: Path) -> None:
    page.goto(f"{served.url}/evidence")
    settled(page)
    count = "Day,Ballots\n9 November 2020,1204\n"
    files = {
        "recount.csv": count.encode(),
        "copy.csv": count.encode(),
        "torn.pdf": b"%PDF-1.7 torn",
        "empty.txt": b"",
        "lies.docx": b"<html>not a Word document</html>",
        "more.zip": documents.zip_of(**{"visit.md": b"The visit lasted two days.", "setup.exe": b"MZ"}),
    }
    given = [FilePayload(name=name, mimeType="application/octet-stream", buffer=data) for name, data in files.items()]
    page.locator("input[type=file]").set_input_files(given)
    page.get_by_role("button", name="Take in 6 files").click()
    expect(page.get_by_text("Added recount.csv: searchable, 1 passage")).to_be_visible(timeout=READ)
    expect(page.get_by_text("the same bytes as evidence/recount.csv: one source, two places")).to_be_visible()
    expect(page.get_by_text("files inside that are not read: setup.exe")).to_be_visible()
    expect(page.get_by_text("Added more.zip/visit.md: searchable, 1 passage")).to_be_visible(timeout=READ)
    for name in ("torn.pdf", "empty.txt", "lies.docx"):
        expect(page.get_by_text(re.compile(f"^Failed {name}: (?!{name})"))).to_be_visible()
    settled(page)
    page.screenshot(path=shots / "13-mixed.png", full_page=True)

    page.locator("input[type=file]").set_input_files(
        FilePayload(name="recount.csv", mimeType="text/csv", buffer=count.replace("1204", "1205").encode())
    )
    page.get_by_text("What is known of them (optional)").click()
    page.get_by_text("Replace files of the same name").click()
    page.get_by_role("button", name="Take in 1 file").click()
    expect(page.get_by_text("Replaced recount.csv: searchable, 1 passage")).to_be_visible(timeout=READ)


def test_a_note_of_a_call_is_written_down_and_found(page: Page, served: Served, shots: Path) -> None:
    page.goto(f"{served.url}/evidence")
    settled(page)
    say_who(page, "Dee")
    page.get_by_role("button", name="Write a note").click()
    form = page.get_by_role("dialog")
    form.get_by_role("textbox", name="Who said or saw it").fill("Aye Aye Win")
    form.get_by_role("textbox", name="The words, exactly").fill("The ballot boxes of Bago were sealed with wax.")
    form.get_by_role("button", name="Keep the note").click()
    expect(form.get_by_text("How it may be used: Field required")).to_be_visible()
    page.screenshot(path=shots / "12-note.png")
    form.get_by_text("On the record").click()
    form.get_by_role("button", name="Keep the note").click()
    expect(page.get_by_text("Added notes/aye-aye-win-interview.md: searchable, 2 passages")).to_be_visible(timeout=READ)
    assert "sealed with wax" in (served.workspace / "evidence/notes/aye-aye-win-interview.md").read_text(encoding="utf-8")


def test_an_address_that_leads_nowhere_is_told_without_repeating_it(page: Page, served: Served) -> None:
    page.goto(f"{served.url}/check?claim=zz-not-here")

    expect(page.get_by_text("There is no claim with that address.")).to_be_visible()
    assert "zz-not-here" not in page.inner_text("body")


@pytest.mark.parametrize(
    ("scheme", "width"),
    [
        ("dark", 768),  # test_contrast.py draws every page at 1280 in both themes
        pytest.param("light", 1280, marks=pytest.mark.long),
        pytest.param("light", 768, marks=pytest.mark.long),
        pytest.param("dark", 1280, marks=pytest.mark.long),
    ],
)
def test_every_page_is_drawn_in_both_themes_and_widths(
    browser: Browser, served: Served, shots: Path, scheme: str, width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    context.add_cookies([{"name": "workbench_reviewer", "value": "Cy", "url": served.url}])
    page = context.new_page()
    page.set_default_timeout(WAIT)
    claim = open_fraud_claim(page, served)
    passage = page.locator("#current-passage")
    expect(passage).to_be_visible()

    for name in ("intake", "queue", "check", "document", "evidence", "reports", "workspace"):
        address = f"{served.url}/{name}?claim={claim}"
        if name == "document":
            page.goto(f"{served.url}/check?claim={claim}")
            settled(page)
            page.get_by_role("button", name="Open").click()
            expect(page.get_by_text("About this document")).to_be_attached()
        else:
            page.goto(address)
        settled(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1"), f"{name} scrolls sideways"
        page.screenshot(path=shots / f"{name}-{scheme}-{width}.png")
    context.close()


ARTICLE = """Ana Ruiz, the chair of the commission, said on Monday: “We counted 4 million votes twice.”

“Nobody was turned away,” she added.

Bo Lind told reporters in Bago that the rolls held 10 million names that do not exist."""


@pytest.mark.long  # test_ui.py files a claim from a pasted article
def test_an_article_is_pasted_and_three_quotations_become_claims(page: Page, served: Served, shots: Path) -> None:
    page.goto(f"{served.url}/intake")
    settled(page)
    say_who(page, "Eli")
    settled(page)
    page.get_by_label("The text of the article").fill(ARTICLE)
    page.get_by_role("textbox", name="Its title").fill("Two voices on the rolls")
    page.get_by_role("textbox", name="When").fill("2021-06-23")
    page.get_by_role("button", name="Find quotations").click()
    for statement in ("We counted 4 million votes twice.", "Nobody was turned away."):
        page.get_by_role("button", name="File as claim").first.click()
        form = page.get_by_role("dialog")
        expect(form.get_by_role("textbox", name="The sentence to check")).to_have_value(statement)
        expect(form.get_by_role("textbox", name="Who said it")).to_have_value("Ana Ruiz")
        form.get_by_role("button", name="Add the claim").click()
        expect(form).to_have_count(0)
        settled(page)
    page.get_by_text("Reported (", exact=False).click()
    page.get_by_role("button", name="File as claim").first.click()
    form = page.get_by_role("dialog")
    expect(form.get_by_role("textbox", name="The exact words, if you have them")).to_have_value("")
    page.screenshot(path=shots / "14-file-as-claim.png")
    form.get_by_role("button", name="Add the claim").click()
    expect(form).to_have_count(0)
    page.get_by_text("Filed (3)").click()
    expect(page.get_by_role("link", name="Open the claim")).to_have_count(3)
    settled(page)
    page.screenshot(path=shots / "15-filed.png")

    kept = served.workspace / "evidence/articles/2021-06-23-two-voices-on-the-rolls.txt"
    assert kept.read_text(encoding="utf-8") == ARTICLE
    filed = "".join(path.read_text(encoding="utf-8") for path in (served.workspace / "claims").glob("*.yaml"))
    assert filed.count(sha256_hex(ARTICLE)) == 3
