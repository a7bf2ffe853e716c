"""What is fuzzed: one target per reader, its seeds made by code, and the one question asked of every input.

A changed byte of a packed archive breaks its checksum, and nothing more is seen. So formats that are archives inside are fuzzed
by their entries: an input is a list of them (`spread`), put together before it is read (`gathered`). The target `zip` has the
bytes of archives themselves.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from typing import NamedTuple

from tests import documents, scans
from tests import hostile_documents as hostile
from tests.documents import chapter, epub, sheet_rows, xlsx
from tests.promises import hold_promises
from workbench.errors import FileFailure
from workbench.reading import image
from workbench.reading.worker import source_of

ID = "cd" * 32
FRENCH = "« Où est-il allé ? », dit l’élu."
_ENTRY = re.compile(rb"\n?=== ([^\n]{1,200})\n")


class Target(NamedTuple):
    """A reader and how it is reached. file: the name it is read under; made: what is read, from what libFuzzer changes."""

    file: str
    seeds: Callable[[], Sequence[bytes]]
    made: Callable[[bytes], bytes] = bytes


def ask(target: Target, data: bytes) -> bool:
    """Whether the reader gives a Source, or OCR something to look at; False where it refuses with a reason.

    Raises: whatever else it does, as a find.
    """
    try:
        made = target.made(data)
        source, _ = source_of(made, target.file, "." + target.file.rpartition(".")[2], ID)
        if source is None:  # no text: OCR is given its pixels
            return target.file.endswith(".png") and bool(image.scan(made, target.file, 1, 1.2))
    except FileFailure as failure:
        if not (failure.message.startswith(target.file) and failure.hint):
            raise AssertionError("a refusal names the file, and says what to do next") from failure
        return False
    hold_promises(source)
    return True


def spread(archive: bytes) -> bytes:
    """The entries of an archive as plain bytes, each after a line with its name."""
    with zipfile.ZipFile(io.BytesIO(archive)) as packed:
        return b"".join(b"\n=== %b\n" % entry.filename.encode() + packed.read(entry) for entry in packed.infolist())


def gathered(entries: bytes) -> bytes:
    """The archive of entries as `spread` writes them; of two with one name the last."""
    _, *pieces = _ENTRY.split(entries)
    return documents.zip_of(
        **{
            name.decode("utf-8", "replace").replace("\x00", ""): data
            for name, data in zip(pieces[::2], pieces[1::2], strict=True)
        }
    )


def on_a_page(operators: bytes) -> bytes:
    """A PDF of one page with these operators."""
    return documents.pdf_of_streams([documents.stream(operators)])


# --- seeds ---------------------------------------------------------------------------------------------------------


def _texts() -> list[bytes]:
    mixed = f"“Quoted.” {FRENCH}\n\n- one\n- two\r\n\x00តើ\u200bគាត់។ 他说：“我来了。” \u202eabc so\u00adft"
    return [mixed.encode(), *(mixed.encode(charset, "replace") for charset in ("utf-16", "utf-32-be", "cp1252", "gb18030"))]


def _pages() -> list[bytes]:
    saved = "<!-- Page saved with SingleFile\n url: https://a.example/x \n saved date: 2020-11-25T22:05:15Z\n--><p>Words."
    odd = '<meta charset="cp1251"><p hidden>x<table><tr><td>1<td>2</table>a\x01&#1;<br><time datetime="2021-06">'
    return [documents.NEWS_PAGE.encode(), saved.encode(), odd.encode(), b"<p>a<blockquote>b</blockquote><svg><text>c"]


def _pdfs() -> list[bytes]:
    return [
        documents.pdf(["The junta said “fraud” was wide-", "spread."], [], title="A Report"),
        documents.pdf_in_any_script(["ရွေးကောက်ပွဲ", FRENCH]),
        hostile.pdf_with_form_inside_itself(),
        hostile.pdf_with_xref_loop(),
        hostile.pdf_with_object_stream_loop(),
        hostile.pdf_that_acts("http://127.0.0.1:9"),
        hostile.pdf_with_empty_password("Opened."),
    ]


def _operators() -> list[bytes]:
    return [
        b"BT /F1 12 Tf 14 TL 72 720 Td (One wide-) Tj T* (spread.) Tj [(T) -300 (J)] TJ ET",
        b"q 1 0 0 -1 0 0 cm BI /W 9 /H 9 /BPC 8 /CS /G ID xxxxxxxxx EI Q BT 3 Tr <e9fe> ' ET",
    ]


def _word_documents() -> list[bytes]:
    body = """<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>Findings</w:t><w:tab/><w:br/></w:r></w:p>
<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Bago</w:t></w:r></w:p></w:tc><w:tc><w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl></w:tc></w:tr>
</w:tbl><w:sdt><w:sdtContent><w:p><w:ins><w:r><w:t>in</w:t></w:r></w:ins><w:del><w:r><w:delText>out</w:delText></w:r></w:del>
<w:r><w:rPr><w:vanish/></w:rPr><w:t>no</w:t></w:r></w:p></w:sdtContent></w:sdt>"""
    return [spread(documents.small_docx(body))]


def _mails() -> list[bytes]:
    head = b"From: =?utf-8?Q?=C3=89lu?= <a@b.example>\r\nDate: Wed, 23 Jun 2021 23:30:00 -0700\r\nSubject: =?utf-8?B?w4k=?=\r\n"
    mixed = head + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n'
    inner = b"Content-Type: multipart/alternative; boundary=c\r\n\r\n--c\r\n\r\nPlain.\r\n--c\r\n"
    inner += b"Content-Type: text/html\r\n\r\n<p>x"
    attached = b"Content-Disposition: attachment; filename*=utf-8''%C3%A9.txt\r\nContent-Transfer-Encoding: base64\r\n\r\nQUJD"
    coded = b"Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644 x\r\n"
    return [
        head
        + b"Content-Type: text/plain; charset=cp1252\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\ncaf=E9 =\r\n> a",
        mixed + inner + b"\r\n--c--\r\n--b\r\n" + attached + b"\r\n--b--\r\n",
        b"From: (((<\xe9,\r\nDate: 1 Jan 99999999 25:61 +9999\r\nContent-Type: multipart/related; boundary*=idna''b\r\n\r\n",
        b"Subject: =?hex?b?6cnp?=\r\nContent-Disposition: attachment; filename*0*=utf-8'x'%ff\r\n" + coded,
        mixed + b"Content-Type: message/rfc822\r\n\r\n" + head + b"\r\nInner.\r\n--b--\r\n",
    ]


def _saved_pages() -> list[bytes]:
    head = b"Snapshot-Content-Location: https://a.example/\r\nDate: Fri, 25 Jun 2021 09:53:05 -0000\r\nMIME-Version: 1.0\r\n"
    kind = b'Content-Type: multipart/related; type="text/html"; start="<r>"; boundary="b"\r\n\r\n--b\r\n'
    page = b"Content-Type: text/html; charset=utf-8\r\nContent-ID: <r>\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    return [head + kind + page + b"<p class=3Dx>caf=C3=A9 words\r\n--b\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n--b--\r\n"]


def _subtitles() -> list[bytes]:
    head = b"WEBVTT - x\nLanguage: my\n\nNOTE a\n\nSTYLE\n::cue{}\n\nid\n"
    return [
        b"1\r\n00:01:02,500 --> 00:01:04,000\r\n- The <i>junta</i>\r\n\r\n2\r\n00:01:04,000 --> 00:01:06,000\r\n{\\an8}fraud.",
        head + b"00:00.000 --> 99:59:59.999 align:left\n<v Ana>One<br>&amp; two</v>",
    ]


def _tables() -> list[bytes]:
    return [
        b'Date,Killed,"Said ""x"""\n27 March 2021,114,"two\nlines"\n\n2022,NA,=SUM(A1)\nx\n',
        "ရက်စွဲ;地点\n2021;仰光。\n".encode(),
        b"a\tb\r\n1|2\t3",
    ]


def _sheets() -> list[bytes]:
    cells = '<c r="A1" t="e"><v>#REF!</v></c><c r="C1" s="1"><v>44200.5</v></c><c t="b"><v>1</v></c><c><f>1/3</f></c>'
    merged = '<mergeCells><mergeCell ref="A1:B2"/></mergeCells>'
    odd = f'<dimension ref="A1:D9"/><sheetData><row r="3">{cells}</row></sheetData>{merged}'
    return [spread(xlsx(sheet_rows(["Town", "Killed"], ["ពួកគេ។", "82"]), odd, names=["May", "June"], state='state="hidden"'))]


def _books() -> list[bytes]:
    listed = '<item id="n" href="nav.xhtml" properties="nav"/><item id="x" href="t.ncx" media-type="application/x-dtbncx+xml"/>'
    nav = chapter('<nav epub:type="toc"><a href="b%20c.xhtml#x">The Coup</a></nav>')
    ncx = b'<ncx><navPoint><navLabel><text>Coup</text></navLabel><content src="a.html"/></navPoint></ncx>'
    meta = '<dc:title>Burma</dc:title><dc:date>2021-11</dc:date><dc:creator opf:role="aut">Ana</dc:creator>'
    files = {"OEBPS/nav.xhtml": nav, "OEBPS/t.ncx": ncx, "META-INF/encryption.xml": documents.encryption("OEBPS/f.otf")}
    chapters = {"a.html": b"<h1>One<p>Two &eacute;<script>", "b%20c.xhtml": chapter("<h2>A <i>b</i></h2><p hidden=''>c</p>")}
    return [spread(epub(chapters, meta=meta, items=listed, files=files))]


def _archives() -> list[bytes]:
    plain = documents.zip_of(**{"a/b.txt": b"Words.", "c.exe": b"MZ", "d.zip": documents.zip_of(x=b"y")})
    return [plain, hostile.overlapping_archive(), hostile.zip64_lie()]


def _descriptions() -> list[bytes]:
    head = b"# Photo a.jpg\n\nDescribes: a.jpg\nSHA-256: " + ID.encode()
    places = b"[left 10 %, top 20 %, width 30 %, height 40 %] described\nTwo men.\n\n[whole photo] described\nA street.\n"
    heard = b"[00:01:05\xe2\x80\x9300:01:20] words heard\nWe won.\n\n[00:02:00] described\nA door.\n"
    return [
        head + b"\nKind: photo\nDescribed by: Ana\nOn: 2026-11-26\nDated: not before 2021-06 (typed)\n\n" + places,
        head + b"\nKind: video\nDescribed by: Ana\n\n" + heard,
    ]


def _pictures() -> list[bytes]:
    page = scans.picture("Votes", size=(240, 120))
    return [
        scans.saved(page.convert("P"), "PNG"),
        scans.saved(page.convert("LA"), "PNG"),
        scans.saved(page.convert("RGB"), "WEBP", page.rotate(180).convert("RGB")),
        scans.png_of_size(300, 200),
    ]


TARGETS: dict[str, Target] = {
    "text": Target("a.txt", _texts),
    "page": Target("a.html", _pages),
    "pdf": Target("a.pdf", _pdfs),
    "pdf page": Target("a.pdf", _operators, on_a_page),
    "docx": Target("a.docx", _word_documents, gathered),
    "mail": Target("a.eml", _mails),
    "saved page": Target("a.mhtml", _saved_pages),
    "srt": Target("a.srt", _subtitles),
    "vtt": Target("a.vtt", _subtitles),
    "csv": Target("a.csv", _tables),
    "xlsx": Target("a.xlsx", _sheets, gathered),
    "epub": Target("a.epub", _books, gathered),
    "zip": Target("a.zip", _archives),
    "description": Target("a.described", _descriptions),
    "picture": Target("a.png", _pictures),
}
