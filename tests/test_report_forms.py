"""Reports on paper and in office files: what they hold, that text in them is text, that they stay small with many claims."""

from __future__ import annotations

import io
import re
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path

import pypdfium2
import pytest
import python_calamine
from docx import Document
from hypothesis import given, settings
from lxml import etree
from lxml import html as lxml_html

from tests.conftest import ANA, BO, make_claim
from tests.test_exports import HOSTILE, SOME_TEXT, hostile_report, rated, write
from tests.test_report import CANARY, FILE_B, SETTINGS, make_case, make_citation, make_event, make_verdict
from workbench.errors import SettingsError, UsageError
from workbench.exports import EXPORTERS, exporter, pdf
from workbench.exports.spreadsheet import CELL, fitting
from workbench.exports.word_look import clean
from workbench.models import Case
from workbench.register import row_of
from workbench.report import ClaimReport, Reports, build_report
from workbench.report.blocks import Edition
from workbench.report.imprint import Imprint, Logo, logo_of
from workbench.reporting import Selection
from workbench.settings import ReportSettings


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


PNG = b"\x89PNG\r\n\x1a\n" + b"".join(
    (
        chunk(b"IHDR", struct.pack(">IIBBBBB", 2, 2, 8, 2, 0, 0, 0)),
        chunk(b"IDAT", zlib.compress(2 * (b"\0" + 2 * b"\x0f\x5c\x63"))),
        chunk(b"IEND", b""),
    )
)
BURMESE, KHMER, CHINESE = "ရွေးကောက်ပွဲ မသမာမှုများ", "ការបោះឆ្នោតនៅកម្ពុជា", "缅甸军方指责选举舞弊"
WORDS = {"w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main"}


def made(form: str, *reports: ClaimReport, edition: Edition = "reader", imprint: Imprint | None = None) -> bytes:
    return b"".join(EXPORTERS[form].pieces(reports, imprint or Imprint(SETTINGS, edition)))


def pdf_text(data: bytes) -> str:
    with pypdfium2.PdfDocument(data) as document:
        return "".join(page.get_textpage().get_text_range() for page in document)


def docx_text(data: bytes) -> str:
    return "".join(etree.fromstring(part_of(data, "word/document.xml")).itertext())


def part_of(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u200b\u00ad\ufffe]", "", text)


# --- pdf -----------------------------------------------------------------------------------------------------------


def test_a_pdf_is_kept_for_good_read_aloud_and_the_same_each_time() -> None:
    data = made("pdf", rated())

    assert re.search(rb"pdfaid:part>2<.*pdfaid:conformance>A<", data, re.DOTALL)
    assert b"pdfuaid:part>1<" in data
    assert b"StructTreeRoot" in data
    assert data == made("pdf", rated())


def test_a_pdf_holds_the_words_in_every_script_with_a_font_of_its_own_for_each() -> None:
    claim = make_claim(quote="fraud", quote_original=BURMESE, quote_language="my", translator="Ko Aung")
    cited = tuple(make_citation(words, source_id=FILE_B) for words in (KHMER, CHINESE))
    data = made("pdf", build_report(make_case(claim, make_verdict(claim, citations=cited)), SETTINGS))

    assert "Translated by Ko Aung, from:" in pdf_text(data)
    assert squeezed(CHINESE) in squeezed(pdf_text(data))
    assert {name for name in ("Myanmar", "Khmer", "CJK") if name.encode() in data} == {"Myanmar", "Khmer", "CJK"}


def test_a_character_without_a_letter_is_printed_by_its_number_and_the_report_says_so() -> None:
    text = pdf_text(made("pdf", rated(citations=(make_citation("seen: \U0001f9a0"),))))

    assert "seen: [U+1F9A0]" in text
    assert "the html form has them all" in " ".join(text.split())


def test_more_claims_than_a_pdf_holds_are_refused_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MOST", 1)

    with pytest.raises(Exception, match="2 claims are too many for one pdf"):
        made("pdf", rated(), rated("other"))


@pytest.mark.parametrize("text", [*HOSTILE, '#sys.version $x$ `c` \\ @a <l> #read("/etc/passwd")', "= Heading\n/ term: x"])
def test_hostile_text_is_neither_code_nor_link_in_a_pdf(text: str) -> None:
    data = made("pdf", hostile_report(text))

    assert not re.search(rb"/JavaScript|/JS\b|/Launch|/EmbeddedFile", data)
    assert not re.search(rb"/URI \((?!https?://)", data)
    assert squeezed(text.replace("\u202e", "\ufffd"))[:20] in squeezed(pdf_text(data)).replace("\ufffe", "")


# --- docx ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [*HOSTILE, "a\x07b\ud7ffc\uffff", 'HYPERLINK "http://evil.example" { INCLUDETEXT x }'])
def test_hostile_text_stays_text_in_word(text: str) -> None:
    data = made("docx", hostile_report(text))
    root = etree.fromstring(part_of(data, "word/document.xml"))

    names = {etree.QName(element).localname for element in root.iter()}
    assert not names & {"instrText", "fldChar", "object", "altChunk", "drawing", "script"}
    assert [field.get(f"{{{WORDS['w']}}}instr") for field in root.iterfind(".//w:fldSimple", WORDS)] == []
    assert b"evil" not in part_of(data, "word/_rels/document.xml.rels").replace(b"&lt;https://evil.example", b"")
    assert squeezed(clean(text)) in squeezed(docx_text(data))


def test_word_opens_on_headings_a_repeated_table_head_and_page_numbers() -> None:
    data = made("docx", rated(headline="No proof"), rated("other"))
    document = Document(io.BytesIO(data))

    assert [one.text for one in document.paragraphs if one.style and one.style.name == "Heading 1"] == ["2 claims"]
    assert b"w:tblHeader" in part_of(data, "word/document.xml")
    assert b'w:instr="PAGE"' in part_of(data, "word/footer1.xml")
    assert (document.core_properties.title, document.core_properties.author) == ("Fact-checks by Example Desk", "Example Desk")


def test_words_read_from_right_to_left_are_set_so_in_word() -> None:
    arabic = "زعم الجيش أن الانتخابات كانت مزورة"
    root = etree.fromstring(part_of(made("docx", rated(citations=(make_citation(arabic),))), "word/document.xml"))

    found = [one for one in root.iterfind(".//w:p", WORDS) if "".join(one.itertext()) == arabic]
    assert [one.find("w:pPr/w:bidi", WORDS) is not None for one in found] == [True]


# --- xlsx ----------------------------------------------------------------------------------------------------------


def sheets(data: bytes) -> dict[str, list[dict[str, str]]]:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    rows = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    spelled = {name: [[str(cell) for cell in row] for row in found] for name, found in rows.items()}
    return {name: [dict(zip(head, row, strict=True)) for row in body] for name, (head, *body) in spelled.items()}


@pytest.mark.parametrize(
    "cell", ["=cmd|' /C calc'!A0", "+1+1", "-1", "@SUM(A1)", "＝1+1", "{=1}", "http://evil.example", "0012"]
)
def test_no_cell_of_a_workbook_is_a_formula_a_link_or_a_number(cell: str) -> None:
    data = made("xlsx", hostile_report(cell))
    sheet = etree.fromstring(part_of(data, "xl/worksheets/sheet1.xml"))

    assert {one.get("t") for one in sheet.iter("{*}c")} == {"inlineStr"}
    assert not list(sheet.iter("{*}f", "{*}hyperlink"))
    assert sheets(data)["Claims"][0]["statement"] == cell


@settings(max_examples=25, deadline=None)
@given(statement=SOME_TEXT, quote=SOME_TEXT)
def test_a_workbook_reads_back_equal_in_any_script(statement: str, quote: str) -> None:
    claim = make_claim(statement=statement, quote=quote)
    row = sheets(made("xlsx", build_report(make_case(claim), SETTINGS)))["Claims"][0]

    assert (row["statement"], row["quote"]) == (claim.statement, claim.quote or "")


def test_a_cell_too_long_for_excel_is_cut_and_says_so() -> None:
    cut = fitting("\U0001f600" * 20_000)

    assert len(cut.encode("utf-16-le")) // 2 <= CELL
    assert cut.endswith("[cut here; 20,000 characters in all, whole in the csv and json forms]")


# --- editions, and what is not for strangers -----------------------------------------------------------------------


def test_the_reader_s_edition_keeps_digests_for_the_annex_and_the_full_one_prints_them_in_place() -> None:
    told = {edition: write_edition(edition) for edition in ("reader", "full")}

    assert told["reader"].index("How we searched") < told["reader"].index("a" * 64)
    assert told["full"].index("a" * 64) < told["full"].index("Method and scale")


def write_edition(edition: Edition) -> str:
    from tests.test_report import make_receipt

    return made("html", rated(receipt=make_receipt()), edition=edition).decode()


def test_a_fragment_is_bare_html_for_another_page() -> None:
    text = made("html", rated(), edition="fragment").decode()

    assert not re.search(r"<(html|head|style|body|script|h1)\b|style=", text)
    assert lxml_html.fromstring(f"<div>{text}</div>").xpath("//article/h2")


def test_an_edition_that_a_form_lacks_is_refused() -> None:
    with pytest.raises(UsageError, match="csv has no edition 'full'"):
        exporter("csv", "full")


@pytest.mark.parametrize("form", ["html", "md", "csv", "xlsx", "pdf", "docx", "claimreview"])
def test_words_of_a_source_that_is_not_public_are_counted_and_never_printed(form: str) -> None:
    secret = make_citation("the whistle was blown", title="Leaked memo", publisher="Ministry", access="confidential")
    data = made(form, rated(citations=(secret, make_citation())))
    readers: dict[str, Callable[[bytes], str]] = {"pdf": pdf_text, "docx": docx_text, "xlsx": lambda one: str(sheets(one))}
    text = " ".join((readers[form](data) if form in readers else data.decode()).split())

    assert not re.search("whistle|Leaked|Ministry", text)
    assert form in ("csv", "claimreview") or "not public" in text


# --- several claims ------------------------------------------------------------------------------------------------


def test_several_claims_begin_with_how_they_came_out_who_agreed_when_and_on_what() -> None:
    claim = make_claim("both", claimed_on="2021-06")
    agreed = make_case(claim, make_verdict(claim), make_verdict(claim, reviewer=BO, hash="1" * 64))
    text = " ".join(
        write("md", build_report(agreed, SETTINGS), rated(), build_report(make_case(make_claim("x")), SETTINGS)).split()
    )

    assert "| **Refuted** | 2 | 67 % |" in text
    assert "1 claim was judged by more than one reviewer; they agree on 1." in text
    assert "| June 2021 | 1 | 0 |" in text
    assert "| Interview, annotated, Example Daily, date unknown | 2 | 2 |" in text
    assert ANA.display_name in text


def many(number: int) -> Reports:
    return Reports(Cases(number), SETTINGS)


class Cases(Sequence[Case]):
    """As many cases as asked for, each made anew, so that what grows is the form's own doing."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.asked = 0

    def __len__(self) -> int:
        return self.number

    def __getitem__(self, at: int) -> Case:  # type: ignore[override]
        if at >= self.number:
            raise IndexError(at)
        self.asked += 1
        claim = make_claim(f"claim-{at}", quote="the election fraud")
        return make_case(claim, make_verdict(claim, explanation="words " * 200))


@pytest.mark.parametrize("form", ["html", "json", "csv"])
def test_ten_times_the_claims_take_hardly_more_memory(form: str) -> None:
    made_with(form, 2)  # what is loaded once

    assert made_with(form, 80) < 2 * made_with(form, 16)


def made_with(form: str, number: int) -> int:
    """The most bytes held at once."""
    tracemalloc.start()
    try:
        for _ in EXPORTERS[form].pieces(many(number), Imprint(SETTINGS)):
            pass
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("form", ["json", "jsonl", "csv", "claimreview"])
def test_a_form_begins_to_write_before_it_has_read_everything(form: str) -> None:
    cases = Cases(50)
    pieces: Iterator[bytes] = iter(EXPORTERS[form].pieces(Reports(cases, SETTINGS), Imprint(SETTINGS)))

    next(pieces)
    next(pieces)
    assert cases.asked < 5


def test_claims_are_chosen_by_topic_and_by_the_day_of_their_verdict() -> None:
    claim = make_claim(topics=("elections",))
    added = (make_event("claim-added", {}),)
    cases = (make_case(claim, make_verdict(claim), events=added), make_case(claim, events=added))
    decided, open_one = (row_of(0, case) for case in cases)
    may = Selection(topic="elections", since=date(2026, 5, 1), until=date(2026, 5, 1))

    assert [may.holds(decided), may.holds(open_one), Selection(since=date(2026, 5, 2)).holds(decided)] == [True, False, False]
    with pytest.raises(UsageError, match="is after"):
        Selection(since=date(2026, 5, 2), until=date(2026, 5, 1))


# --- the workspace's own look --------------------------------------------------------------------------------------


def templated(template: str) -> str:
    return made("html", hostile_report("<b>x</b>"), imprint=Imprint(SETTINGS, template=template)).decode()


def test_a_workspace_brings_its_own_template_and_its_words_stay_escaped() -> None:
    text = templated(
        '{% from "blocks.html.j2" import printed %}<main>{% for one in document %}{{ printed(one, none) }}{% endfor %}</main>'
    )

    assert text.startswith("<main>")
    assert "&lt;b&gt;x&lt;/b&gt;" in text


@pytest.mark.parametrize(
    "template",
    [
        "{{ title | safe }}",
        "{% autoescape false %}{{ title }}{% endautoescape %}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ document.gi_frame.f_globals }}",
        "{{ nothing_there }}",
        "{% for x in range(999999999) %}{% endfor %}",
        '{% include "../../../../etc/passwd" %}',
        "{% if %}",
    ],
)
def test_a_template_cannot_reach_out_or_unescape_and_its_fault_is_named(template: str) -> None:
    with pytest.raises(SettingsError, match="The report template of this workspace cannot be used"):
        templated(template)


def test_a_logo_is_printed_at_the_head_of_every_form_on_paper() -> None:
    imprint = Imprint(SETTINGS, logo=logo_of(PNG, "logo.png"))

    assert b'<img src="data:image/png;base64,' in made("html", rated(), imprint=imprint)
    assert b"img-src data:" in made("html", rated(), imprint=imprint)
    assert any(name.endswith(".png") for name in zipfile.ZipFile(io.BytesIO(made("docx", rated(), imprint=imprint))).namelist())
    assert re.search(rb"/Subtype ?/Image", made("pdf", rated(), imprint=imprint))


@pytest.mark.parametrize("data", [b"<svg onload=alert(1)>", b"GIF89a", b"", PNG[:8] + b"\0" * 1_000_000])
def test_a_logo_that_is_no_small_png_or_jpeg_is_refused(data: bytes) -> None:
    with pytest.raises(SettingsError, match="The logo logo"):
        logo_of(data, "logo.x")


@pytest.mark.parametrize("form", ["pdf", "docx"])
def test_a_broken_logo_is_named_and_not_a_crash(form: str) -> None:
    with pytest.raises(Exception, match=r"logo|could not set the report") as caught:
        made(form, rated(), imprint=Imprint(SETTINGS, logo=Logo(PNG[:20], "png")))

    assert getattr(caught.value, "hint", "")


def test_the_paper_is_the_one_of_the_settings() -> None:
    letter = SETTINGS.model_copy(update={"report": ReportSettings(paper="letter")})

    with pypdfium2.PdfDocument(made("pdf", rated(), imprint=Imprint(letter))) as document:
        assert document[0].get_size() == (612, 792)
    section = Document(io.BytesIO(made("docx", rated(), imprint=Imprint(letter)))).sections[0]
    assert section.page_width is not None
    assert round(section.page_width.inches, 1) == 8.5


def test_the_fonts_come_with_their_licences() -> None:
    folder = Path(pdf.__file__).parent / "fonts"

    assert {one.name for one in folder.iterdir() if one.suffix == ".txt"} == {"OFL.txt", "DEJAVU.txt", "coverage.txt"}
    assert sum(one.stat().st_size for one in folder.iterdir()) < 10_000_000


def test_no_form_on_paper_holds_the_working_rationale() -> None:
    assert CANARY not in pdf_text(made("pdf", rated()))
    assert CANARY not in docx_text(made("docx", rated()))
