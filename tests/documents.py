"""Test documents made by code: small honest ones, and hostile ones that stay small on disk."""

from __future__ import annotations

import functools
import html
import io
import zipfile
import zlib
from collections.abc import Sequence
from unicodedata import bidirectional

import docx
from docx.oxml.parser import parse_xml

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"


def stream(data: bytes, *, filters: str = "") -> bytes:
    """A PDF stream object's body."""
    named = f" /Filter {filters}" if filters else ""
    return f"<< /Length {len(data)}{named} >>\nstream\n".encode() + data + b"\nendstream"


def pdf_of_objects(objects: Sequence[bytes], *, trailer: str = "") -> bytes:
    """A PDF of numbered objects (the first is the catalog) with a correct cross-reference table."""
    out, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    table = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{table}\n%%EOF\n".encode()
    return bytes(out)


def pdf_of_streams(streams: Sequence[bytes], *, trailer: str = "", more: Sequence[bytes] = (), font: bytes = FONT) -> bytes:
    """A PDF with one page per content stream; `more` objects follow the pages."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(streams)))
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Kids [{kids}] /Count {len(streams)} >>".encode(), font]
    for number, content in enumerate(streams):
        page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >>"
        objects += [f"{page} /Contents {5 + 2 * number} 0 R >>".encode(), content]
    return pdf_of_objects([*objects, *more], trailer=trailer)


def pdf(*pages: Sequence[str], title: str = "", author: str = "") -> bytes:
    """A PDF whose pages show these lines of text; a page without lines has no text layer."""
    contents = []
    for lines in pages:
        shown = " ".join(f"({line}) Tj T*" for line in lines)
        contents.append(stream(f"BT /F1 12 Tf 14 TL 72 720 Td {shown} ET".encode("cp1252") if lines else b"0 0 100 100 re f"))
    info = f"<< /Title ({title}) /Author ({author}) /CreationDate (D:20210102030405Z) >>".encode()
    return pdf_of_streams(contents, trailer=f"/Info {4 + 2 * len(pages)} 0 R", more=[info])


def pdf_in_any_script(*pages: Sequence[str]) -> bytes:
    """A PDF whose pages show these lines in letters of any script, by a font without shapes that says what each sign means.

    Lines in Arabic stand on the page from right to left, their brackets turned round.
    """
    turned = str.maketrans("«»()", "»«)(")
    pages = tuple(
        [line[::-1].translate(turned) if any(bidirectional(each) == "AL" for each in line) else line for line in lines]
        for lines in pages
    )
    signs = {each: number for number, each in enumerate(dict.fromkeys("".join(map("".join, pages))), start=1)}
    contents = []
    for lines in pages:
        shown = " ".join(f"<{''.join(f'{signs[each]:04x}' for each in line)}> Tj T*" for line in lines)
        contents.append(stream(f"BT /F1 12 Tf 24 TL 36 740 Td {shown} ET".encode()))
    means = "\n".join(f"<{number:04x}> <{each.encode('utf-16-be').hex()}>" for each, number in signs.items())
    codes = "1 begincodespacerange <0000> <ffff> endcodespacerange"
    map_of_signs = f"begincmap {codes}\n{len(signs)} beginbfchar\n{means}\nendbfchar\nendcmap".encode()
    at = 4 + 2 * len(pages)
    parts = f"/DescendantFonts [{at} 0 R] /ToUnicode {at + 1} 0 R"
    font = f"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H {parts} >>"
    system = "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"
    descendant = f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X {system} /DW 600 >>"
    return pdf_of_streams(contents, font=font.encode(), more=[descendant.encode(), stream(map_of_signs)])


LEFT_COLUMN = [
    "The mission watched the vote in",
    "thirty towns. In each of them the",
    "ballots were recounted by hand,",
    "and no count differed by more",
    "than three. Party agents signed",
    "every sheet.1",
]
RIGHT_COLUMN = [
    "Complaints were few. The commis-",
    "sion heard eleven, and dismissed",
    "nine of them for want of proof.",
]
RECOUNTED = "ballots were recounted by hand"


def report_pdf() -> bytes:
    """A report of two pages: a title page, then a heading, two columns, a table of three rows and a footnote."""

    def put(lines: Sequence[str], x: int, y: int, size: int = 11) -> str:
        shown = " ".join(f"({line}) Tj T*" for line in lines)
        return f"BT /F1 {size} Tf {size + 3} TL {x} {y} Td {shown} ET"

    table = [("Town", "First count", "Recount"), ("Bago", "1,204", "1,204"), ("Pathein", "987", "985")]
    cells = [
        put([cell], 72 + 150 * column, 430 - 18 * row) for row, line in enumerate(table) for column, cell in enumerate(line)
    ]
    rules = " ".join(f"72 {424 - 18 * row} m 470 {424 - 18 * row} l S" for row in range(3))
    second = [
        put(["Report of the mission"], 72, 720, 16),
        put(LEFT_COLUMN, 72, 680),
        put(RIGHT_COLUMN, 320, 680),
        *cells,
        rules,
        put(["1 Two agents signed a day later."], 72, 80, 8),
    ]
    first = put(["Observers in thirty towns", "A report on a recount"], 72, 500, 20)
    return pdf_of_streams([stream(first.encode("cp1252")), stream(" ".join(second).encode("cp1252"))])


def locked_pdf() -> bytes:
    """A PDF whose user password is not the empty one."""
    words = "<" + "41" * 32 + ">"
    encrypt = f"<< /Filter /Standard /V 1 /R 2 /O {words} /U {words} /P -4 >>".encode()
    identity = "<" + "42" * 16 + ">"
    return pdf_of_streams([stream(b"BT (x) Tj ET")], trailer=f"/Encrypt 6 0 R /ID [{identity} {identity}]", more=[encrypt])


@functools.cache
def pdf_bomb(*, nested: bool = False) -> bytes:
    """A PDF whose only content stream unpacks to 200 MB (nested: in two steps, so that it is tiny)."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * 1_000_000) for _ in range(200)) + packer.flush()
    if nested:
        return pdf_of_streams([stream(zlib.compress(packed, 9), filters="[/FlateDecode /FlateDecode]")])
    return pdf_of_streams([stream(packed, filters="/FlateDecode")])


def pdf_with_page_cycle() -> bytes:
    """A PDF whose page tree contains itself, and claims two thousand million pages."""
    tree = b"<< /Type /Pages /Kids [2 0 R] /Count 2147483647 /Parent 2 0 R >>"
    return pdf_of_objects([b"<< /Type /Catalog /Pages 2 0 R >>", tree])


def pdf_nested_arrays() -> bytes:
    """A PDF with 50,000 arrays inside one another."""
    return pdf_of_streams([stream(b"BT (x) Tj ET")], more=[b"[" * 50_000 + b"]" * 50_000])


# --- docx ----------------------------------------------------------------------------------------------------------


def word() -> docx.document.Document:
    """An empty Word document to fill."""
    return docx.Document()


def saved(document: docx.document.Document) -> bytes:
    """A Word document's bytes."""
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def report_docx(*, title: str = "", author: str = "") -> bytes:
    """A heading, a paragraph, a table of two rows, and a paragraph with a tracked change and hidden words."""
    document = word()
    document.core_properties.title, document.core_properties.author = title, author
    document.add_heading("Findings", level=1)
    document.add_paragraph("Observers saw no fraud. They said “none”.")
    table = document.add_table(rows=2, cols=2)
    for cell, words in zip((cell for row in table.rows for cell in row.cells), ("Town", "Dead", "Bago", "82"), strict=True):
        cell.text = words
    changed = document.add_paragraph("It was ")
    changed._p.append(parse_xml(f"<w:del {W}><w:r><w:delText>never </w:delText></w:r></w:del>"))
    changed._p.append(parse_xml(f"<w:ins {W}><w:r><w:t>disputed</w:t></w:r></w:ins>"))
    changed._p.append(parse_xml(f"<w:r {W}><w:rPr><w:vanish/></w:rPr><w:t> in secret</w:t></w:r>"))
    return saved(document)


def changed_docx(data: bytes, parts: dict[str, bytes]) -> bytes:
    """A docx with some parts replaced or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for entry in before.infolist():
            after.writestr(entry.filename, parts.get(entry.filename, before.read(entry)))
        for name in parts.keys() - set(before.namelist()):
            after.writestr(name, parts[name])
    return out.getvalue()


def document_xml(body: str, *, before: str = "") -> bytes:
    """word/document.xml with this body; `before` stands between the declaration and the root."""
    return f'<?xml version="1.0" encoding="UTF-8"?>{before}<w:document {W}><w:body>{body}</w:body></w:document>'.encode()


def content_types(data: bytes) -> bytes:
    """[Content_Types].xml of a docx."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read("[Content_Types].xml")


def small_docx(body: str) -> bytes:
    """A Word document with this body, one style and as little else as a reader needs."""
    kind, package = "application/vnd.openxmlformats-officedocument.wordprocessingml", "application/vnd.openxmlformats-package"
    types = (
        f'<Default Extension="rels" ContentType="{package}.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{kind}.document.main+xml"/>'
        f'<Override PartName="/word/styles.xml" ContentType="{kind}.styles+xml"/>'
    )
    main = f'<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/>'
    style = '<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/></w:style>'
    made = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">{types}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{main}</Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "word/styles.xml": f"<w:styles {W}>{style}</w:styles>",
    }
    return zip_of(**{name: xml.encode() for name, xml in made.items()}, **{"word/document.xml": document_xml(body)})


def docx_bomb() -> bytes:
    """A docx of some 40 KB whose document.xml unpacks to 40 MB."""
    return changed_docx(saved(word()), {"word/document.xml": document_xml("<w:p/>" * (40_000_000 // 6))})


def billion_laughs() -> bytes:
    """A docx whose document.xml defines entities that multiply."""
    lines = ['<!ENTITY a "ha">'] + [
        f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    ]
    dtd = f"<!DOCTYPE w [{''.join(lines)}]>"
    body = "<w:p><w:r><w:t>&i;</w:t></w:r></w:p>"
    return changed_docx(saved(word()), {"word/document.xml": document_xml(body, before=dtd)})


def docx_with_doctype() -> bytes:
    """A docx whose document.xml declares a document type, without entities."""
    return changed_docx(saved(word()), {"word/document.xml": document_xml("<w:p/>", before="<!DOCTYPE w>")})


def zip_of(**files: bytes) -> bytes:
    """A plain zip archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


# --- xlsx ----------------------------------------------------------------------------------------------------------

WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
STYLES = """<numFmts count="1"><numFmt numFmtId="170" formatCode="[h]:mm:ss"/></numFmts><cellXfs count="5"><xf numFmtId="0"/>
<xf numFmtId="14"/><xf numFmtId="22"/><xf numFmtId="20"/><xf numFmtId="170"/></cellXfs>"""  # date, date and time, time, hours


def words_cell(words: str) -> str:
    """A cell that holds text."""
    return f'<c t="inlineStr"><is><t xml:space="preserve">{html.escape(words)}</t></is></c>'


def sheet_rows(*rows: Sequence[str]) -> str:
    """The inner XML of a sheet whose cells hold these texts, from A1 on."""
    inner = "".join(f"<row>{''.join(map(words_cell, row))}</row>" for row in rows)
    return f"<sheetData>{inner}</sheetData>"


def xlsx(*sheets: str, names: Sequence[str] = (), state: str = "", parts: dict[str, str] | None = None) -> bytes:
    """A spreadsheet of sheets with this inner XML, called Sheet1, Sheet2… or by `names`. state: attribute of the last sheet.

    parts: replaced or added, by their names.
    """
    numbers = range(1, len(sheets) + 1)
    called = [*names, *(f"Sheet{number}" for number in numbers)]
    listed = [f'<sheet name="{called[n - 1]}" sheetId="{n}" r:id="r{n}" {state if n == len(sheets) else ""}/>' for n in numbers]
    types = f'<Override PartName="/xl/workbook.xml" ContentType="{WORKBOOK_TYPE}"/>'
    related = [f'<Relationship Id="r{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers]
    related += [f'<Relationship Id="s" Type="{OFFICE}/styles" Target="styles.xml"/>']
    main = f'<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    made = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">{types}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{main}</Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{SHEET}" xmlns:r="{OFFICE}"><sheets>{"".join(listed)}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{"".join(related)}</Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{SHEET}">{STYLES}</styleSheet>',
        **{
            f"xl/worksheets/sheet{number}.xml": f'<worksheet xmlns="{SHEET}">{inner}</worksheet>'
            for number, inner in zip(numbers, sheets, strict=True)
        },
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, xml in (made | (parts or {})).items():
            archive.writestr(name, xml)
    return out.getvalue()


# --- html ----------------------------------------------------------------------------------------------------------

NEWS_PAGE = """<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>Fraud claims examined</title>
<meta property="og:site_name" content="The Daily"><meta name="author" content="Jane Roe">
<meta property="article:published_time" content="2021-06-23T10:00:00Z"><link rel="canonical" href="https://daily.example/a">
<script type="application/ld+json">{"@type": "ClaimReview", "reviewRating": {"ratingValue": 1}}</script></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/world">World</a></li></ul></nav>
<div class="cookie-banner">We use cookies. Accept all.</div>
<article><h1>Fraud claims examined</h1>
<p>The junta said “there was fraud”. Observers found the vote credible, they said on Monday in the capital.</p>
<blockquote>We saw no evidence of fraud at all in the polling places we visited.</blockquote>
<table><tr><th>Town</th><th>Dead</th></tr><tr><td>Bago</td><td>82</td></tr></table>
<template>template words</template><noscript>noscript words</noscript><script>script words</script><!-- comment words -->
<p style="DISPLAY: none">styled-away words</p>
<p>A second paragraph follows here, long enough that nobody takes it for a caption or a menu entry.</p></article>
<footer>Copyright of the publisher</footer><img src="http://127.0.0.1:9/beacon.png"></body></html>"""


def slow_page() -> bytes:
    """A page whose one tag has so many attributes that the parser needs minutes (its check for doubles is quadratic)."""
    return b"<p " + b" ".join(b"a%d=1" % number for number in range(400_000)) + b">words</p>"


# --- epub ----------------------------------------------------------------------------------------------------------

CONTAINER = b"""<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"""


def chapter(body: str, *, before: str = "<!DOCTYPE html>") -> bytes:
    """An XHTML chapter; `before` stands between the declaration and the root."""
    root = '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">'
    return f'<?xml version="1.0" encoding="utf-8"?>{before}{root}<head><title/></head><body>{body}</body></html>'.encode()


Files = dict[str, bytes]


def epub(chapters: Files, *, meta: str = "", items: str = "", spine: str = "", files: Files | None = None) -> bytes:
    """An e-book whose spine lists these chapters in this order; one of no bytes is not in it.

    meta, items, spine: more of the package; files: more entries.
    """
    listed = "".join(f'<item id="c{at}" href="{name}" media-type="x"/>' for at, name in enumerate(chapters))
    read = "".join(f'<itemref idref="c{at}"/>' for at in range(len(chapters)))
    namespaces = 'xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    opf = f"""<?xml version="1.0"?><package {namespaces} xmlns:opf="http://www.idpf.org/2007/opf"><metadata>{meta}</metadata>
<manifest>{listed}{items}</manifest><spine>{read}{spine}</spine></package>"""
    entries = {"mimetype": b"application/epub+zip", "META-INF/container.xml": CONTAINER, "OEBPS/book.opf": opf.encode()}
    entries |= {f"OEBPS/{name}": data for name, data in chapters.items() if data}
    return zip_of(**entries | (files or {}))


def encryption(*paths: str) -> bytes:
    """META-INF/encryption.xml that covers these entries."""
    data = "".join(
        f'<e:EncryptedData><e:CipherData><e:CipherReference URI="{path}"/></e:CipherData></e:EncryptedData>' for path in paths
    )
    return f'<encryption xmlns:e="http://www.w3.org/2001/04/xmlenc#">{data}</encryption>'.encode()
