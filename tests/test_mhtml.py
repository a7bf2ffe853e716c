"""Pages saved with everything on them in one file: the article, where and when it was saved, and nothing fetched."""

from __future__ import annotations

import quopri
from datetime import UTC, datetime, timedelta, timezone

import pytest

from tests import documents
from tests.conftest import Read
from workbench.desk import Desk
from workbench.errors import FileFailure
from workbench.models import PartialDate

pytestmark = pytest.mark.process
ADDRESS = "https://daily.example/a"  # the canonical address of NEWS_PAGE, too


def part(body: str, *, kind: str = "text/html", location: str = ADDRESS, more: str = "") -> bytes:
    head = f"Content-Type: {kind}\r\nContent-Transfer-Encoding: quoted-printable\r\nContent-Location: {location}\r\n{more}\r\n"
    return head.encode() + quopri.encodestring(body.encode()).replace(b"\n", b"\r\n")


def archive(*parts: bytes, address: str = ADDRESS, date: str = "Fri, 25 Jun 2021 09:53:05 -0000", more: str = "") -> bytes:
    """As Chromium writes it."""
    head = (
        f"From: <Saved by Blink>\r\nSnapshot-Content-Location: {address}\r\nSubject: =?utf-8?Q?Saved=20caf=C3=A9?=\r\n"
        f'Date: {date}\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\ttype="text/html";{more}\r\n'
        '\tboundary="----Boundary--x----"\r\n\r\n'
    )
    inner = b"".join(b"------Boundary--x----\r\n" + one + b"\r\n" for one in parts)
    return head.encode() + inner + b"------Boundary--x------\r\n"


PICTURE = part("not looked at", kind="image/png", location="https://daily.example/beacon.png")


# --- MHTML ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["page.mht", "page.mhtml"])
def test_a_saved_page_gives_what_the_page_itself_would(read: Read, name: str) -> None:
    source = read(name, archive(part(documents.NEWS_PAGE), PICTURE))
    page = read("page.html", documents.NEWS_PAGE.encode())

    assert (source.text, source.places) == (page.text, page.places)
    assert (source.title, source.author, source.publisher) == ("Fraud claims examined", "Jane Roe", "The Daily")
    assert source.published_on == PartialDate(value="2021-06-23", basis="stated")
    assert (source.media_type, source.reader, source.warnings) == ("multipart/related", "mhtml", page.warnings)


def test_where_and_when_a_page_was_saved_is_kept(read: Read) -> None:
    source = read("a.mhtml", archive(part(documents.NEWS_PAGE)))

    assert source.url == ADDRESS
    assert source.retrieved_at == datetime(2021, 6, 25, 9, 53, 5, tzinfo=UTC)


def test_the_address_it_was_saved_from_stands_against_the_one_a_page_gives_itself(read: Read) -> None:
    source = read("a.mhtml", archive(part(documents.NEWS_PAGE), address="https://daily.example/b?page=2"))

    assert source.url == "https://daily.example/b?page=2"
    assert f"the page gives another address as its own than the one it was saved from: {ADDRESS}" in source.warnings


@pytest.mark.parametrize("address", ["file:///C:/page.html", "javascript:alert(1)", "cid:frame@mhtml.blink", "https://"])
def test_only_addresses_of_the_web_are_believed(read: Read, address: str) -> None:
    source = read("a.mht", archive(part("<p>Some words of a page.</p>", location=address), address=address))

    assert source.url is None


def test_a_page_without_a_title_has_the_one_it_was_saved_under(read: Read) -> None:
    assert read("a.mht", archive(part("<p>Some words of a page.</p>"))).title == "Saved café"


@pytest.mark.parametrize("date", ["Fri, 31 Feb 2021 09:53:05 +0200", "soon", ""])
def test_a_time_that_is_none_is_unknown(read: Read, date: str) -> None:
    assert read("a.mht", archive(part("<p>Some words of a page.</p>"), date=date)).retrieved_at is None


WORDS = {"Burmese": "စစ်တပ်က ရွေးကောက်ပွဲ", "Khmer": "គណបក្សប្រឆាំង", "Chinese": "缅甸军方发动政变。", "French": "« L’élection »"}


@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS.keys())
def test_pages_in_every_script_are_read(read: Read, words: str) -> None:
    assert read("a.mht", archive(part(f"<html><body><p>{words}</p></body></html>"))).text == words


def test_the_charset_of_the_part_is_used_where_the_page_states_none(read: Read) -> None:
    page = b"Content-Type: text/html; charset=windows-1251\r\n\r\n" + "<p>Выборы прошли честно.</p>".encode("cp1251")

    assert read("a.mht", archive(page)).text == "Выборы прошли честно."


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (archive(part("<p>The frame.</p>", location="cid:1"), part("<p>The page.</p>")), "The page."),
        (
            archive(
                part("<p>The frame.</p>"), part("<p>The page.</p>", more="Content-ID: <root>\r\n"), more=' start="<root>";'
            ),
            "The page.",
        ),
        (archive(part("<p>The page.</p>", location="x:1"), part("<p>The frame.</p>", location="x:2")), "The page."),
    ],
    ids=["by the address", "by the start parameter", "the first"],
)
def test_the_page_itself_is_told_from_its_frames_which_are_counted(read: Read, data: bytes, text: str) -> None:
    source = read("a.mht", data)

    assert source.text == text
    assert "frames saved with the page are not read: 1" in source.warnings


def test_a_saved_page_is_found_by_search_with_where_and_when_it_was_saved(desk: Desk) -> None:
    (desk.workspace.evidence / "news.mhtml").write_bytes(archive(part(documents.NEWS_PAGE), PICTURE))

    desk.sync_evidence()

    (entry,) = desk.library()
    assert (entry.meta.url, entry.meta.retrieved_at) == (ADDRESS, datetime(2021, 6, 25, 9, 53, 5, tzinfo=UTC))
    hit = desk.find("no evidence of fraud in the polling places").hits[0]
    assert (hit.title, hit.source_id) == ("Fraud claims examined", entry.source_id)
    assert "no evidence of fraud" in hit.text


# --- one html file -------------------------------------------------------------------------------------------------

SINGLEFILE = """<!DOCTYPE html> <html lang="en"><!--
 Page saved with SingleFile
 url: {url}
 saved date: {date}
--><meta charset="utf-8"><title>T</title><body><p>Some words of a page.</p></body></html>"""


@pytest.mark.parametrize(
    ("date", "moment"),
    [
        (
            "Wed Nov 25 2020 23:05:15 GMT+0100 (Central European Standard Time)",
            datetime(2020, 11, 25, 23, 5, 15, tzinfo=timezone(timedelta(hours=1))),
        ),
        ("2020-11-25T22:05:15.000Z", datetime(2020, 11, 25, 22, 5, 15, tzinfo=UTC)),
        ("Wed Nov 31 2020 23:05:15 GMT+0100", None),
        ("some day", None),
    ],
    ids=["as a script writes it", "ISO 8601", "no such day", "words"],
)
def test_the_note_of_singlefile_gives_address_and_time(read: Read, date: str, moment: datetime | None) -> None:
    source = read("a.html", SINGLEFILE.format(url=ADDRESS, date=date).encode())

    assert (source.text, source.url, source.retrieved_at) == ("Some words of a page.", ADDRESS, moment)


@pytest.mark.parametrize(
    ("before", "url"),
    [
        ("<!-- saved from url=(0023)https://daily.example/a -->\n<html>", ADDRESS),
        ("<!doctype html>\n<!-- saved from url=(0023)https://daily.example/a -->\n<html>", ADDRESS),
        ("<!-- saved from url=(0014)about:internet -->\n<html>", None),
        ("<html><body><p>Some words.</p><!-- saved from url=(0023)https://daily.example/a -->", None),
    ],
    ids=["first", "after the doctype", "no address of the web", "inside the page"],
)
def test_the_note_of_a_browser_gives_the_address(read: Read, before: str, url: str | None) -> None:
    source = read("a.html", f"{before}<body><p>Some words of a page.</p></body></html>".encode())

    assert (source.url, source.retrieved_at) == (url, None)


def test_a_page_saved_by_singlefile_from_another_address_than_its_own_says_so(read: Read) -> None:
    page = documents.NEWS_PAGE.replace(
        "<head>", "<!-- Page saved with SingleFile\n url: https://mirror.example/x#y \n--><head>"
    )

    source = read("a.html", page.encode())

    assert source.url == "https://mirror.example/x#y"
    assert source.warnings[0].endswith(f"than the one it was saved from: {ADDRESS}")


# --- files that are refused ----------------------------------------------------------------------------------------

DEEP = b"".join(f'Content-Type: multipart/related; boundary="b{n}"\r\n\r\n--b{n}\r\n'.encode() for n in range(10_000))
HOSTILE: dict[str, tuple[bytes, str]] = {
    "a zip": (documents.zip_of(x=b"y"), "type_mismatch"),
    "a PDF": (documents.pdf(["x"]), "type_mismatch"),
    "plain html": (documents.NEWS_PAGE.encode(), "not_a_saved_page"),
    "pictures only": (archive(PICTURE), "not_a_saved_page"),
    "an e-mail": (b"From: a@b.example\r\nSubject: x\r\n\r\nWords.", "not_a_saved_page"),
    "a page of scripts": (archive(part("<script>document.write('x')</script>")), "no_text"),
    "10,000 levels": (b"From: x\r\n" + DEEP, "too_complex"),
    "100,000 parts": (archive(*[b"\r\nx"] * 100_000), "decompression_limit"),
    "200,000 nested tags": (archive(part("<div>" * 200_000 + "deep")), "too_complex"),
    "UTF-7": (archive(b"Content-Type: text/html; charset=utf-7\r\n\r\n+ADw-b+AD4-"), "bad_encoding"),
}


@pytest.mark.parametrize(("data", "code"), HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_saved_page_is_a_clear_failure_and_the_next_one_is_read(read: Read, data: bytes, code: str) -> None:
    with pytest.raises(FileFailure) as caught:
        read("a.mht", data)

    assert (caught.value.code, caught.value.message.startswith("a.mht"), bool(caught.value.hint)) == (code, True, True)
    assert read("next.mht", archive(part("<p>Read normally.</p>"))).text == "Read normally."
