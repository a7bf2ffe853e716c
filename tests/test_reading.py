"""Reading evidence files through the real reading process: what must be in the text, and what no file can do to us."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import documents
from tests.conftest import SOURCE_ID, Read, failure
from workbench import reading
from workbench.errors import FileFailure
from workbench.models import UNKNOWN_DATE, PartialDate, Source, display_name, sha256_hex
from workbench.passages import split_passages
from workbench.reading import ReadingRoom
from workbench.reading.formats import FORMATS, supported_types
from workbench.reading.text import decode
from workbench.settings import EvidenceSettings

pytestmark = pytest.mark.process
FRENCH = "Où est-il allé ? « Là-bas », dit le président élu."


def places_hold(source: Source) -> list[str]:
    return [source.text[place.start : place.end] for place in source.places]


# --- plain text ----------------------------------------------------------------------------------------------------


def test_the_text_of_a_plain_utf8_file_is_the_file(read: Read) -> None:
    text = "\n Curly “quotes”, ﬁne cafe\u0301.\n\n\nA second\nparagraph.  \n"

    source = read("a.txt", text.encode())

    assert source.text == text
    assert source.text_sha256 == sha256_hex(text)
    assert (source.source_id, source.media_type, source.reader, source.warnings) == (SOURCE_ID, "text/plain", "text", ())
    assert (source.title, source.author, source.published_on) == (None, None, UNKNOWN_DATE)


def test_line_ends_byte_order_mark_and_nul_are_the_only_characters_changed(read: Read) -> None:
    source = read("a.md", b"\xef\xbb\xbfone\r\ntwo\rthr\x00ee")

    assert source.text == "one\ntwo\nthree"
    assert source.warnings == ("NUL characters removed: 1",)


def test_paragraphs_of_a_text_are_numbered(read: Read) -> None:
    source = read("a.txt", b"One\nline.\n\n  Two.\n \nThree")

    assert [(place.kind, place.label) for place in source.places] == [
        ("paragraph", "1"),
        ("paragraph", "2"),
        ("paragraph", "3"),
    ]
    assert places_hold(source) == ["One\nline.", "Two.", "Three"]


@pytest.mark.parametrize(
    ("data", "text", "warned"),
    [
        (FRENCH.encode("cp1252"), FRENCH, "cp1252"),
        ("缅甸军方发动政变，推翻了民选政府。".encode("gb18030"), "缅甸军方发动政变，推翻了民选政府。", "gb18030"),
        ("plain words in wide letters".encode("utf-16-le"), "plain words in wide letters", "utf-16-le"),
        ("wide “letters” with a mark".encode("utf-16"), "wide “letters” with a mark", ""),
        ("good “quotes” and élan ".encode() * 3 + b"\xff end", "good “quotes” and élan " * 3 + "\ufffd end", "invalid bytes"),
    ],
    ids=["cp1252", "gb18030", "UTF-16 without mark", "UTF-16", "one bad byte"],
)  # fmt: skip
def test_an_encoding_that_had_to_be_guessed_is_named(read: Read, data: bytes, text: str, warned: str) -> None:
    source = read("a.txt", data)

    assert source.text == text
    assert warned in " ".join(source.warnings)
    assert bool(warned) == bool(source.warnings)


def test_hidden_and_damaged_characters_are_kept_and_counted(read: Read) -> None:
    text = "in\u200bvisible \u202eabc so\u00adft \U000e0041 \ufffd"

    source = read("a.txt", text.encode())

    assert source.text == text
    assert source.warnings == ("replacement characters: 1 (the text is damaged there)", "hidden characters: 4")


def test_word_spaces_of_khmer_and_joined_emoji_are_not_called_hidden(read: Read) -> None:
    assert read("a.txt", "ពិភព\u200bលោក 👩\u200d👧".encode()).warnings == ()


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_any_utf8_text_is_decoded_as_itself(text: str) -> None:
    if not text.startswith("+/v") and text.count("\x00") * 4 < len(text) and text.isprintable():
        assert decode(text.encode(), "a.txt") == (text, [])


# --- web pages -----------------------------------------------------------------------------------------------------


def test_a_news_page_gives_its_article_and_not_its_menus(read: Read) -> None:
    text = read("page.html", documents.NEWS_PAGE.encode()).text

    assert "The junta said “there was fraud”. Observers" in text
    assert "We saw no evidence of fraud at all" in text
    assert "Town\tDead\nBago\t82" in text
    assert not [word for word in ("Home", "cookies", "Copyright", "ratingValue") if word in text]


@pytest.mark.parametrize("hidden", ["template", "noscript", "script", "comment", "styled-away"])
def test_what_a_page_hides_is_not_evidence(read: Read, hidden: str) -> None:
    source = read("page.html", documents.NEWS_PAGE.encode())

    assert f"{hidden} words" not in source.text
    assert source.warnings == ("text the page itself hides was left out: 17 characters",)


def test_a_page_is_described_as_it_states_itself(read: Read) -> None:
    source = read("page.htm", documents.NEWS_PAGE.encode())

    assert (source.title, source.author, source.publisher) == ("Fraud claims examined", "Jane Roe", "The Daily")
    assert source.published_on == PartialDate(value="2021-06-23", basis="stated")
    assert (source.url, source.language) == ("https://daily.example/a", "en")


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ('<meta property="article:published_time" content="2021-06">', PartialDate(value="2021-06", basis="stated")),
        ('<meta property="article:modified_time" content="2022-06-23">', UNKNOWN_DATE),
        (
            '<script type="application/ld+json">{"datePublished": "2020-03-04T05"}</script>',
            PartialDate(value="2020-03-04", basis="stated"),
        ),
        ('<link rel="canonical" href="https://daily.example/2021/06/23/a">', PartialDate(value="2021-06-23", basis="inferred")),
        ("", UNKNOWN_DATE),
    ],
    ids=["month only", "change only", "JSON-LD", "in the address", "none"],
)
def test_no_day_of_publication_is_made_up(read: Read, head: str, expected: PartialDate) -> None:
    page = f"<html><head>{head}</head><body><p>On June 23 they met. Copyright 2019.</p></body></html>"

    assert read("a.html", page.encode()).published_on == expected


@pytest.mark.parametrize(("type_", "kind"), [("ClaimReview", "fact-check"), ("NewsArticle", None)])
def test_a_page_whose_markup_reviews_a_claim_is_another_newsrooms_fact_check(read: Read, type_: str, kind: str | None) -> None:
    review = f'<script type="application/ld+json">{{"@context": "https://schema.org", "@type": "{type_}"}}</script>'
    page = f"<html><head>{review}</head><body><p>Observers found no fraud.</p></body></html>"

    assert read("a.html", page.encode()).kind == kind


def test_the_host_of_an_address_is_no_publisher(read: Read) -> None:
    page = '<html><head><link rel="canonical" href="https://www.daily.example/a"></head><body><p>Some words.</p></body></html>'

    assert read("a.html", page.encode()).publisher is None


def test_utf8_bytes_win_over_another_stated_charset(read: Read) -> None:
    source = read("a.html", '<html><head><meta charset="cp1252"></head><body><p>café “x”</p></body></html>'.encode())

    assert source.text == "café “x”"
    assert source.warnings == ("the file says its charset is cp1252, but its bytes are UTF-8; read as UTF-8",)


def test_a_stated_charset_is_used_where_the_bytes_are_not_utf8(read: Read) -> None:
    page = '<meta charset="windows-1251"><p>Выборы прошли честно.</p>'

    assert read("a.html", page.encode("cp1251")).text == "Выборы прошли честно."


def test_control_characters_of_a_page_are_replaced_and_counted(read: Read) -> None:
    source = read("a.html", b"<html><body><h1>The\x03 vote</h1><p>It was\x1e fair\x0b\x0c to all.</p></body></html>")

    assert "It was\ufffd fair\ufffd to all." in source.text
    assert source.title == "The\ufffd vote"
    assert "replacement characters: 3 (the text is damaged there)" in source.warnings


# --- pdf -----------------------------------------------------------------------------------------------------------


def test_a_pdf_has_a_place_for_each_page_and_a_blank_line_between_them(read: Read) -> None:
    source = read("a.pdf", documents.pdf(["The junta said “fraud” was wide-", "spread."], ["Page two."]))

    assert source.text == "The junta said “fraud” was wide-\nspread.\n\nPage two."
    assert [(place.kind, place.label) for place in source.places] == [("page", "1"), ("page", "2")]
    assert places_hold(source) == ["The junta said “fraud” was wide-\nspread.", "Page two."]
    assert [passage.page for passage in split_passages(source, sentences=3, words=90)] == ["1", "2"]


@pytest.mark.parametrize(
    ("stated", "title"),
    [("A Report", "A Report"), ("Microsoft Word - report.docx", None), ("Untitled1", None), ("report.pdf", None), ("", None)],
)
def test_titles_programs_write_into_a_pdf_are_not_believed(read: Read, stated: str, title: str | None) -> None:
    source = read("a.pdf", documents.pdf(["Some words."], title=stated, author="Jane Roe"))

    assert (source.title, source.author, source.published_on) == (title, "Jane Roe", UNKNOWN_DATE)


# --- docx ----------------------------------------------------------------------------------------------------------


def test_a_word_document_gives_headings_paragraphs_and_table_rows_in_order(read: Read) -> None:
    source = read("a.docx", documents.report_docx(title="A Report", author="Jane Roe"))

    assert source.text == "Findings\n\nObservers saw no fraud. They said “none”.\n\nTown\tDead\nBago\t82\n\nIt was disputed"
    assert [place.kind for place in source.places] == ["heading", "paragraph", "row", "row", "paragraph"]
    assert places_hold(source)[2:4] == ["Town\tDead", "Bago\t82"]
    assert (source.title, source.author, source.published_on) == ("A Report", "Jane Roe", UNKNOWN_DATE)


def test_deleted_and_hidden_words_of_a_word_document_are_counted_not_quoted(read: Read) -> None:
    source = read("a.docx", documents.report_docx())

    assert "never" not in source.text
    assert "secret" not in source.text
    assert source.warnings == ("tracked deletions left out: 1", "hidden runs left out: 1")
    assert source.author is None


# --- several at a time ----------------------------------------------------------------------------------------------


def test_several_threads_may_read_in_one_room(room: ReadingRoom, tmp_path: Path) -> None:
    for number in range(12):
        (tmp_path / f"{number}.txt").write_text(f"File number {number}.")

    with ThreadPoolExecutor(4) as threads:
        texts = list(
            threads.map(lambda n: room.read(tmp_path / f"{n}.txt", name=f"{n}.txt", source_id=SOURCE_ID).text, range(12))
        )

    assert texts == [f"File number {number}." for number in range(12)]


# --- files that are refused ----------------------------------------------------------------------------------------


def test_an_unsupported_type_lists_the_supported_ones(read: Read) -> None:
    refused = failure(read, "sheet.ods", b"x")

    assert refused.code == "unsupported_type"
    assert all(suffix in refused.hint for suffix in FORMATS)
    assert supported_types() in refused.hint


PLAIN = documents.report_docx()
TYPES = documents.content_types(PLAIN)
MACRO_TYPES = TYPES.replace(
    b"openxmlformats-officedocument.wordprocessingml.document.main", b"ms-word.document.macroEnabled.main"
)
HOSTILE: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "program as pdf": ("a.pdf", lambda: b"MZ\x90\x00" + b"\x00" * 500, "type_mismatch"),
    "zip as pdf": ("a.pdf", lambda: documents.zip_of(x=b"y"), "type_mismatch"),
    "docx as txt": ("a.txt", documents.report_docx, "type_mismatch"),
    "picture as html": ("a.html", lambda: b"\x89PNG\r\n\x1a\n" + b"\x00" * 90, "type_mismatch"),
    "pdf as docx": ("a.docx", lambda: documents.pdf(["x"]), "type_mismatch"),
    "binary as txt": ("a.txt", lambda: bytes(range(1, 32)) * 20, "type_mismatch"),
    "0 bytes": ("a.txt", lambda: b"", "empty_file"),
    "only a byte order mark": ("a.txt", lambda: b"\xef\xbb\xbf", "empty_file"),
    "only white space": ("a.pdf", lambda: b" \n\t \r\n", "empty_file"),
    "only hidden characters": ("a.txt", "\u200b\u2060\n".encode, "empty_file"),
    "UTF-7": ("a.html", lambda: b'<meta charset="utf-7"><p>+ADw-script+AD4-</p>', "bad_encoding"),
    "page of scripts": ("a.html", lambda: b"<html><script>document.write('x')</script></html>", "no_text"),
    "200,000 nested tags": ("a.html", lambda: b"<div>" * 200_000 + b"deep", "too_complex"),
    "one node of 20 MB": ("a.html", lambda: b"<p>" + b"word " * 4_000_000 + b"</p>", "too_complex"),
    "65 MB line": ("a.txt", lambda: b"word " * 13_000_000, "too_complex"),
    "scanned pdf": ("a.pdf", lambda: documents.pdf([], []), "no_text_layer"),
    "encrypted pdf": ("a.pdf", documents.locked_pdf, "encrypted"),
    "cut pdf": ("a.pdf", lambda: documents.pdf(["Some words."])[:-200], "malformed_pdf"),
    "header only": ("a.pdf", lambda: b"%PDF-1.7\n%%EOF", "malformed_pdf"),
    "random bytes": ("a.pdf", lambda: bytes((n * 7919) % 251 for n in range(5000)), "malformed_pdf"),
    "junk before the header": ("a.pdf", lambda: b"junk\n" + documents.pdf(["x"]), "malformed_pdf"),
    "pdf that is also a zip": ("a.pdf", lambda: documents.pdf(["x"]) + documents.zip_of(x=b"%%EOF"), "malformed_pdf"),
    "page tree cycle": ("a.pdf", documents.pdf_with_page_cycle, "malformed_pdf"),
    "5,001 pages": ("a.pdf", lambda: documents.pdf(*([["x"]] * 5001)), "too_complex"),
    "flate bomb": ("a.pdf", documents.pdf_bomb, "decompression_limit"),
    "nested flate bomb": ("a.pdf", lambda: documents.pdf_bomb(nested=True), "decompression_limit"),
    "docx bomb": ("a.docx", documents.docx_bomb, "decompression_limit"),
    "billion laughs": ("a.docx", documents.billion_laughs, "malformed_docx"),
    "document type": ("a.docx", documents.docx_with_doctype, "malformed_docx"),
    "text renamed": ("a.docx", lambda: b"just text", "not_a_docx"),
    "plain zip": ("a.docx", lambda: documents.zip_of(x=b"y"), "not_a_docx"),
    "old doc": ("a.docx", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "not_a_docx"),
    "docm": ("a.docx", lambda: documents.changed_docx(PLAIN, {"[Content_Types].xml": MACRO_TYPES}), "not_a_docx"),
    "no relations": ("a.docx", lambda: documents.zip_of(**{"[Content_Types].xml": TYPES}), "malformed_docx"),
    "path out of the archive": ("a.docx", lambda: documents.changed_docx(PLAIN, {"../x.xml": b"<x/>"}), "malformed_docx"),
    "the same entry twice": ("a.docx", lambda: documents.changed_docx(PLAIN, {"WORD/document.xml": b""}), "malformed_docx"),
    "2,001 entries": ("a.docx", lambda: documents.zip_of(**{f"x{n}": b"" for n in range(2001)}), "decompression_limit"),
    "docx without words": ("a.docx", lambda: documents.saved(documents.word()), "no_text"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "make", "code"), HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_file_is_a_clear_failure_and_the_next_file_is_read(
    read: Read, name: str, make: Callable[[], bytes], code: str
) -> None:
    refused = failure(read, name, make())

    assert refused.code == code
    assert name in refused.message
    assert read("next.txt", b"Read normally.").text == "Read normally."


@pytest.mark.parametrize("kind", ["folder", "link", "pipe"])
def test_what_is_no_regular_file_is_refused(room: ReadingRoom, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "x.txt"
    make: dict[str, Callable[[], None]] = {
        "folder": path.mkdir,
        "link": lambda: path.symlink_to(tmp_path / "elsewhere"),
        "pipe": lambda: os.mkfifo(path),
    }
    make[kind]()

    with pytest.raises(FileFailure) as caught:
        room.read(path, name="x.txt", source_id=SOURCE_ID)

    assert caught.value.code == "not_a_regular_file"


def test_a_file_over_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "big.txt"
    with path.open("wb") as file:
        file.truncate(1_000_001)

    with ReadingRoom(EvidenceSettings(max_file_mb=1)) as room, pytest.raises(FileFailure) as caught:
        room.read(path, name="big.txt", source_id=SOURCE_ID)

    assert (caught.value.code, room.process_id) == ("too_large", None)


@pytest.mark.parametrize(
    ("data", "inside"),
    [
        (b"<p>" + b"<b>x</b>" * 20_000, "xxx"),
        (b'<p>start</p><p title="' + b"a" * 1_000_000, "start"),
        (b"<p>Go.</p><iframe srcdoc='<p>framed</p>'></iframe><svg onload=x><text>drawn</text></svg>", "Go."),
    ],
    ids=["20,000 inline tags", "unclosed attribute", "frame and drawing"],
)
def test_hostile_pages_that_have_text_are_read(read: Read, data: bytes, inside: str) -> None:
    text = read("a.html", data).text

    assert inside in text
    assert not [word for word in ("framed", "drawn", "aaa") if word in text]


def test_control_codes_in_a_page_are_marked_as_damage_and_the_page_is_read(read: Read) -> None:
    source = read(
        "a.html", b"<p>a\x01b&#1;&#x1F;&#65;&#10;c</p><script>x</script>\x02tail <p hidden>no</p>&#2;<p>more words</p>"
    )

    assert source.text == "a\ufffdb\ufffd\ufffdA c\n\n\ufffdtail \ufffd\n\nmore words"
    assert "replacement characters: 5 (the text is damaged there)" in source.warnings


def test_a_bomb_whose_length_is_understated_is_found_all_the_same(read: Read) -> None:
    bomb = documents.pdf_bomb()
    lied = bomb.replace(b"/Length 19", b"/Length 1 ", 1) if b"/Length 19" in bomb else bomb

    assert failure(read, "a.pdf", lied).code == "decompression_limit"


def test_a_pdf_with_thousands_of_nested_arrays_does_no_harm(read: Read) -> None:
    with pytest.raises(FileFailure) as caught:
        read("a.pdf", documents.pdf_nested_arrays())

    assert caught.value.code in ("malformed_pdf", "no_text_layer", "reader_crashed")
    assert read("next.txt", b"Read normally.").text == "Read normally."


# --- the reading process -------------------------------------------------------------------------------------------


def test_a_file_that_takes_too_long_is_stopped_and_the_next_one_read(tmp_path: Path) -> None:
    slow, quick = tmp_path / "slow.html", tmp_path / "quick.txt"
    slow.write_bytes(documents.slow_page())
    quick.write_text("Read normally.")

    with ReadingRoom(EvidenceSettings(seconds_per_file=1.0)) as room:
        with pytest.raises(FileFailure) as caught:
            room.read(slow, name="slow.html", source_id=SOURCE_ID)

        assert caught.value.code == "timeout"
        assert "1 s" in caught.value.message
        assert room.read(quick, name="quick.txt", source_id=SOURCE_ID).text == "Read normally."


def busy(process_id: int) -> bool:
    """Whether a process has used half a second of processor time: it is in the middle of a file."""
    fields = Path(f"/proc/{process_id}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") > 0.5 + START_CPU


START_CPU = 1.0  # seconds its libraries may take to load


def test_a_process_killed_in_mid_file_fails_that_file_only(tmp_path: Path) -> None:
    slow, quick = tmp_path / "slow.html", tmp_path / "quick.txt"
    slow.write_bytes(documents.slow_page())
    quick.write_text("Read normally.")
    with ReadingRoom(EvidenceSettings()) as room, ThreadPoolExecutor(1) as threads:
        room.read(quick, name="quick.txt", source_id=SOURCE_ID)
        reading = threads.submit(room.read, slow, name="slow.html", source_id=SOURCE_ID)
        victim = room.process_id
        assert victim is not None
        while not busy(victim):
            os.sched_yield()
        os.kill(victim, signal.SIGKILL)

        with pytest.raises(FileFailure, match="SIGKILL") as caught:
            reading.result()

        assert caught.value.code == "reader_crashed"
        assert room.read(quick, name="quick.txt", source_id=SOURCE_ID).text == "Read normally."


def test_a_file_that_needs_too_much_memory_is_a_failure_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "wide.txt"
    path.write_bytes(("😀" + "a" * 997 + "\r\x00").encode() * 63_000)
    with ReadingRoom(EvidenceSettings(memory_mb=256)) as room:
        with pytest.raises(FileFailure) as caught:
            room.read(path, name="wide.txt", source_id=SOURCE_ID)
        path.write_text("Read normally.")

        assert caught.value.code == "out_of_memory"
        assert room.read(path, name="wide.txt", source_id=SOURCE_ID).text == "Read normally."


def test_a_process_that_died_between_files_is_replaced(room: ReadingRoom, read: Read) -> None:
    read("a.txt", b"One.")
    first = room.process_id
    assert first is not None
    os.kill(first, signal.SIGKILL)
    os.waitid(os.P_PID, first, os.WEXITED | os.WNOWAIT)

    assert read("a.txt", b"Two.").text == "Two."
    assert room.process_id != first


def test_the_process_is_replaced_after_two_hundred_files(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("One.")

    with ReadingRoom(EvidenceSettings()) as room:
        seen = [(room.read(path, name="a.txt", source_id=SOURCE_ID), room.process_id)[1] for _ in range(201)]

    assert len(set(seen[:200])) == 1
    assert seen[200] != seen[0]


@pytest.mark.parametrize("how", ["closed", "forgotten"])
def test_the_process_ends_with_its_room(tmp_path: Path, how: str) -> None:
    path = tmp_path / "a.txt"
    path.write_text("One.")
    room = ReadingRoom(EvidenceSettings())
    room.read(path, name="a.txt", source_id=SOURCE_ID)
    process_id = room.process_id

    room.close() if how == "closed" else None
    del room
    gc.collect()

    assert not Path(f"/proc/{process_id}").exists()


def test_the_process_loads_neither_torch_nor_streamlit_nor_parsers_it_does_not_need(room: ReadingRoom, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("One.")
    with ReadingRoom(EvidenceSettings()) as fresh:
        fresh.read(path, name="a.txt", source_id=SOURCE_ID)
        maps = Path(f"/proc/{fresh.process_id}/maps").read_text()

    assert not [library for library in ("torch", "streamlit", "pdfium", "lxml", "numpy") if library in maps]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/cron.d/x.txt", "x.txt"),
        ("C:\\secret\\x.txt", "x.txt"),
        ("gpj.\u202eexe.txt", "gpj.<U+202E>exe.txt"),
        ("a\nb.txt", "a<U+000A>b.txt"),
        ("n" * 5000 + ".txt", "n" * 100 + "…" + "n" * 15 + ".txt"),
    ],
)
def test_file_names_are_shown_harmlessly(name: str, shown: str) -> None:
    assert display_name(name) == shown


def test_the_development_articles_are_read_as_they_are(room: ReadingRoom, shared: Path) -> None:
    for path in sorted((shared / "seeds").glob("*.txt")):
        assert room.read(path, name=path.name, source_id=SOURCE_ID).text == path.read_text("utf-8")


@pytest.mark.parametrize("lie", [{"source_id": "ab" * 32}, {"text_sha256": "ab" * 32}, {"verdict": "true"}, {"text": "x"}])
def test_an_answer_that_cannot_be_true_is_a_failure_of_that_file(
    lie: dict[str, str], room: ReadingRoom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.txt"
    path.write_text("The vote was on Friday.")
    honest = room.read(path, name="a.txt", source_id=SOURCE_ID).model_dump(mode="json")
    monkeypatch.setattr(reading, "_Worker", lambda limits: LyingWorker({"source": honest | lie, "parts": []}))

    with ReadingRoom(EvidenceSettings()) as deceived, pytest.raises(FileFailure, match="cannot be true") as caught:
        deceived.read(path, name="a.txt", source_id=SOURCE_ID)

    assert caught.value.code == "reader_crashed"


class LyingWorker:
    """A reading process that a file took over."""

    def __init__(self, answer: dict[str, object]) -> None:
        self._answer = answer

    def ask(self, request: dict[str, str], seconds: float) -> dict[str, object]:
        return self._answer

    def is_usable(self) -> bool:
        return True

    def stop(self, *, patience: float) -> int:
        return 0


def test_two_columns_are_read_one_after_the_other_then_the_table_by_rows_then_the_footnote(read: Read) -> None:
    source = read("report.pdf", documents.report_pdf())

    text = source.text
    in_order = [
        "Report of the mission",
        "ballots were recounted by hand,",
        "every sheet.1",
        "Complaints were few. The commis-\nsion heard eleven",
        "Bago 1,204 1,204\nPathein 987 985",
        "1 Two agents signed a day later.",
    ]
    assert [text.index(words) for words in in_order] == sorted(text.index(words) for words in in_order)
    both = [line for line in text.splitlines() if {"towns.", "recounted", "Party"} & set(line.split()) and "Complaints" in line]
    assert both == [], "no line runs over both columns"
    assert source.warnings == ()
