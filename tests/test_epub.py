"""E-books through the real reading process: every chapter in order, its title, and no way to do harm."""

from __future__ import annotations

import functools
import io
import zipfile
from collections.abc import Callable

import pytest

from tests.conftest import Read
from tests.documents import CONTAINER, chapter, encryption, epub, zip_of
from workbench.desk import Desk
from workbench.errors import FileFailure
from workbench.models import UNKNOWN_DATE, PartialDate, Source
from workbench.passages import split_passages

pytestmark = pytest.mark.process

ReadBook = Callable[[bytes], Source]
ONE = chapter("<h1>The  Vote</h1><p>Observers saw no fraud.<br/>They said <i>“none”</i>.</p>")
TWO = chapter("<p>In February the army took power.</p>")


@pytest.fixture
def read(read: Read) -> ReadBook:
    """Reads these bytes as an e-book."""
    return functools.partial(read, "book.epub")


def named(source: Source, kind: str) -> list[tuple[str, str]]:
    return [(place.label, source.text[place.start : place.end]) for place in source.places if place.kind == kind]


# --- text ----------------------------------------------------------------------------------------------------------


def test_chapters_are_read_in_the_order_of_the_spine_with_their_headings_and_paragraphs(read: ReadBook) -> None:
    source = read(
        epub({"z.xhtml": ONE, "a%20b.xhtml": b"", "a.xhtml": TWO}, files={"OEBPS/a b.xhtml": chapter("<h2>Between</h2>")})
    )

    assert (
        source.text == "The Vote\n\nObservers saw no fraud.\nThey said “none”.\n\nBetween\n\nIn February the army took power."
    )
    assert named(source, "heading") == [("The Vote", "The Vote"), ("Between", "Between")]
    assert [label for label, _ in named(source, "paragraph")] == ["1", "2", "3", "4"]
    assert named(source, "paragraph")[1][1] == "Observers saw no fraud.\nThey said “none”."
    assert [place.start for place in source.places] == sorted(place.start for place in source.places)
    assert (source.media_type, source.reader, source.warnings) == ("application/epub+zip", "epub", ())


NAV = chapter("""<nav epub:type="landmarks"><a href="b.xhtml">Start</a></nav>
<nav epub:type="toc"><ol><li><a href="b.xhtml#x">The  Coup</a></li></ol></nav>""")
NCX = b"""<!DOCTYPE ncx PUBLIC "-//NISO//DTD ncx 2005-1//EN" "http://127.0.0.1:9/ncx.dtd">
<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap><navPoint><navLabel><text>The Coup</text></navLabel>
<content src="b.xhtml"/></navPoint></navMap></ncx>"""


@pytest.mark.parametrize(
    ("item", "contents"),
    [
        ('<item id="n" href="contents.xml" properties="nav"/>', NAV),
        ('<item id="n" href="contents.xml" media-type="application/x-dtbncx+xml"/>', NCX),
    ],
    ids=["EPUB 3", "EPUB 2"],
)
def test_a_chapter_without_a_heading_carries_its_title_of_the_table_of_contents(
    read: ReadBook, item: str, contents: bytes
) -> None:
    source = read(epub({"a.xhtml": ONE, "b.xhtml": TWO}, items=item, files={"OEBPS/contents.xml": contents}))

    assert named(source, "heading") == [("The Vote", "The Vote"), ("The Coup", "In February the army took power.")]


def test_the_book_says_who_wrote_and_published_it(read: ReadBook) -> None:
    meta = """<dc:title> Burma\n in 2021 </dc:title><dc:creator opf:role="aut">Ana Li</dc:creator><dc:creator>Bo Ne</dc:creator>
<dc:creator opf:role="trl">Cy</dc:creator><dc:publisher>The Press</dc:publisher><dc:language>en-GB</dc:language>
<dc:date opf:event="modification">2023-01-01</dc:date><dc:date>2021-11-05T00:00:00Z</dc:date>"""

    source = read(epub({"a.xhtml": ONE}, meta=meta))

    assert (source.title, source.author, source.publisher, source.language) == (
        "Burma in 2021",
        "Ana Li, Bo Ne",
        "The Press",
        "en",
    )
    assert source.published_on == PartialDate(value="2021-11-05", basis="stated")


@pytest.mark.parametrize("date", ["0101-01-01T00:00:00+00:00", "2021-13", "spring", ""])
def test_no_day_of_publication_is_made_up(read: ReadBook, date: str) -> None:
    assert read(epub({"a.xhtml": ONE}, meta=f"<dc:date>{date}</dc:date>")).published_on == UNKNOWN_DATE


def test_a_chapter_is_read_as_a_page_is_and_what_it_hides_is_counted(read: ReadBook) -> None:
    body = """<script/><title/><style>p {}</style><p hidden="">hidden words</p>
<svg xmlns="http://www.w3.org/2000/svg"><title>drawn</title><text>drawn</text></svg>
<nav>Menu kept</nav><table><tr><td>Bago</td><td>82</td></tr></table><p>caf&eacute;&nbsp;&unknown; &lt;b&gt;</p>"""

    source = read(
        epub({"a.xhtml": chapter(body, before='<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "http://127.0.0.1:9/x.dtd">')})
    )

    assert source.text == "Menu kept\n\nBago\t82\n\ncafé\u00a0&unknown; <b>"
    assert source.warnings == ("text the book itself hides was left out: 12 characters",)


def test_a_chapter_that_is_not_well_formed_is_read_as_a_browser_would(read: ReadBook) -> None:
    assert read(epub({"a.html": b"<h1>One<p>Two <b>three<p>four"})).text == "One\n\nTwo three\n\nfour"


@pytest.mark.parametrize(
    "words",
    ["အာဏာသိမ်းမှုသည် မမှန်ကန်ပါ။", "ការបោះឆ្នោត\u200bមិនត្រឹមត្រូវ។", "军方说“选举有舞弊”。", "« Où est-il\u00a0? », dit-il."],
    ids=["Burmese", "Khmer", "Chinese", "French"],
)  # fmt: skip
def test_words_of_every_script_are_kept_and_reading_again_gives_an_equal_source(read: ReadBook, words: str) -> None:
    data = epub({"a.xhtml": chapter(f"<h1>{words}</h1><p>{words}</p>")})

    source = read(data)

    assert source.text == f"{words}\n\n{words}"
    assert all(source.text[each.start : each.end] == each.text for each in split_passages(source, sentences=3, words=90))
    assert source == read(data)
    assert source.warnings == ()


def test_a_sentence_of_a_book_is_found_and_opens_at_its_place(desk: Desk) -> None:
    (desk.workspace.evidence / "book.epub").write_bytes(epub({"a.xhtml": ONE, "b.xhtml": TWO}))
    desk.sync_evidence()

    hit = desk.find("the army took power in February").hits[0]

    assert "In February the army took power." in hit.text
    assert hit.path == "evidence/book.epub"


# --- what is not whole ---------------------------------------------------------------------------------------------


def test_chapters_that_are_missing_unreadable_or_empty_are_named(read: ReadBook) -> None:
    chapters = {
        "a.xhtml": ONE,
        "gone.xhtml": b"",
        "deep.xhtml": b"<div>" * 50_000,
        "cover.xhtml": chapter('<img src="c.png"/>'),
        "p.svg": b"<svg/>",
    }

    source = read(epub(chapters, spine='<itemref idref="nobody"/>'))

    assert source.text.startswith("The Vote")
    assert source.warnings == (
        "chapters missing from the file: gone.xhtml, nobody",
        "chapters that cannot be read: deep.xhtml, p.svg",
        "chapters without text (empty, or pictures): cover.xhtml",
    )


def test_a_chapter_named_a_thousand_times_is_read_once(read: ReadBook) -> None:
    assert read(epub({"a.xhtml": TWO}, spine='<itemref idref="c0"/>' * 1000)).text == "In February the army took power."


def test_a_container_named_in_other_letters_is_found(read: ReadBook) -> None:
    data = epub({"a.xhtml": TWO}).replace(b"META-INF/container.xml", b"Meta-Inf/Container.XML")

    assert read(data).text == "In February the army took power."


def test_a_book_with_locked_fonts_is_read(read: ReadBook) -> None:
    data = epub({"a.xhtml": TWO}, files={"META-INF/encryption.xml": encryption("OEBPS/font.otf"), "OEBPS/font.otf": b"\x00"})

    assert read(data).text == "In February the army took power."


def test_a_locked_book_says_how_much_of_it_is(read: ReadBook) -> None:
    with pytest.raises(FileFailure) as caught:
        read(locked("OEBPS/b.xhtml"))

    assert caught.value.code == "encrypted"
    assert "1 of its 2 chapters" in caught.value.message


# --- files that are refused ----------------------------------------------------------------------------------------


def packed(entries: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return out.getvalue()


def with_package(opf: bytes, container: bytes = CONTAINER) -> bytes:
    return packed({"META-INF/container.xml": container, "OEBPS/book.opf": opf})


def locked(*paths: str) -> bytes:
    return epub({"a.xhtml": ONE, "b.xhtml": TWO}, files={"META-INF/encryption.xml": encryption(*paths)})


LAUGHS = '<!DOCTYPE html [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "text renamed": (lambda: b"just text", "not_a_epub"),
    "plain zip": (lambda: zip_of(x=b"y"), "not_a_epub"),
    "pdf renamed": (lambda: b"%PDF-1.7 x", "type_mismatch"),
    "cut": (lambda: epub({"a.xhtml": ONE})[:-60], "not_a_epub"),
    "no package": (lambda: packed({"META-INF/container.xml": CONTAINER}), "malformed_epub"),
    "torn package": (lambda: with_package(b"<package><manifest>"), "malformed_epub"),
    "container names nothing": (lambda: packed({"META-INF/container.xml": b"<container/>"}), "malformed_epub"),
    "package outside": (lambda: packed({"META-INF/container.xml": CONTAINER.replace(b"OEBPS", b"../..")}), "malformed_epub"),
    "entities in a chapter": (lambda: epub({"a.xhtml": chapter("&b;", before=LAUGHS)}), "malformed_epub"),
    "entities in the package": (lambda: with_package(f"{LAUGHS}<package/>".encode()), "malformed_epub"),
    "entities in wide letters": (lambda: epub({}, files={"OEBPS/n.ncx": f"{LAUGHS}<ncx/>".encode("utf-16")}), "malformed_epub"),
    "entities in the container": (lambda: with_package(b"<package/>", LAUGHS.encode() + CONTAINER[21:]), "malformed_epub"),
    "path out of the archive": (lambda: packed({"../x.xhtml": b""}), "malformed_epub"),
    "bomb of a chapter": (lambda: packed({"OEBPS/a.XHTML": b"<p>" * 4_000_000}), "decompression_limit"),
    "bomb of a picture": (lambda: packed({"OEBPS/a.png": b"0" * 50_000_000}), "decompression_limit"),
    "2,001 entries": (lambda: zip_of(**{f"x{number}": b"" for number in range(2001)}), "decompression_limit"),
    "no chapters": (lambda: epub({}), "no_text"),
    "only pictures": (lambda: epub({"a.xhtml": chapter('<img src="page1.png"/>')}), "no_text"),
    "only missing chapters": (lambda: epub({"a.xhtml": b""}), "no_text"),
    "locked package": (lambda: locked("OEBPS/book.opf"), "encrypted"),
    "torn list of locks": (lambda: epub({"a.xhtml": ONE}, files={"META-INF/encryption.xml": b"<e"}), "malformed_epub"),
}  # fmt: skip


@pytest.mark.parametrize(("make", "code"), HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_no_whole_e_book_is_a_clear_failure(read: ReadBook, make: Callable[[], bytes], code: str) -> None:
    with pytest.raises(FileFailure) as caught:
        read(make())

    assert caught.value.code == code
    assert "book.epub" in caught.value.message
    assert caught.value.hint
