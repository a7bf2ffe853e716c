"""More hostile documents made by code, for tests/test_hostile.py: PDFs that loop or act, archives whose directory lies."""

from __future__ import annotations

import hashlib
import io
import random
import struct
import zipfile
import zlib
from collections.abc import Sequence
from typing import NamedTuple

from tests.documents import FONT, changed_docx, document_xml, pdf_of_objects, pdf_of_streams, saved, small_docx, stream, word

PASSWORD_PAD = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")  # of the PDF standard


def pdf_page(content: bytes, *, resources: str = "", page: str = "", catalog: str = "", more: Sequence[bytes] = ()) -> bytes:
    """A PDF of one page with this content stream and more in its dictionaries; `more` objects are numbered from 6."""
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {catalog} >>".encode(),
        b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
        FONT,
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> {resources} >>"
        f" /Contents 5 0 R {page} >>".encode(),
        content,
    ]
    return pdf_of_objects([*objects, *more])


def text_stream(words: str, *, before: str = "", after: str = "") -> bytes:
    """A content stream that shows these words, with other operators around them."""
    return stream(f"{before} BT /F1 12 Tf 72 720 Td ({words}) Tj ET {after}".encode("cp1252"))


def pdf_with_secret(secret: str, *, before: str = "") -> bytes:
    """A PDF of one page with a line of text, and operators that put other words on it."""
    shown = "BT /F1 12 Tf 72 720 Td (The vote was held in thirty towns.) Tj ET"
    return pdf_page(stream(f"{before} {shown} {secret}".encode()), resources="/XObject << /I 6 0 R >>", more=[GREY])


GREY = stream(b"\x80").replace(
    b"<<", b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8", 1
)
WHOLE_PAGE = "q 612 0 0 792 0 0 cm /I Do Q"


def pdf_of_one_page_again(count: int) -> bytes:
    """A PDF whose page tree lists one page `count` times."""
    tree = f"<< /Type /Pages /Kids [{'4 0 R ' * count}] /Count {count} >>".encode()
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 3 0 R >>"
    return pdf_of_objects([b"<< /Type /Catalog /Pages 2 0 R >>", tree, stream(b""), page])


def pdf_with_form_inside_itself() -> bytes:
    """A PDF whose page draws a form that draws itself."""
    inside = b"q BT /F1 12 Tf 72 600 Td (inner) Tj ET /X Do Q"
    form = stream(inside).replace(
        b"<<", b"<< /Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << /XObject << /X 6 0 R >> >>", 1
    )
    return pdf_page(text_stream("Outer words.", after="/X Do"), resources="/XObject << /X 6 0 R >>", more=[form])


def pdf_with_xref_loop() -> bytes:
    """A PDF whose cross-reference table says that the one before it is itself."""
    data = pdf_of_streams([text_stream("Some words.")], trailer="/Prev 0000000000")
    return data.replace(b"/Prev 0000000000", b"/Prev %010d" % data.rindex(b"xref\n0 "))


def pdf_with_object_stream_loop() -> bytes:
    """A PDF whose catalog lies in an object stream that lies in itself."""
    out = bytearray(b"%PDF-1.5\n")
    at = len(out)
    out += b"2 0 obj\n" + stream(b"1 0 << /Type /Catalog >>").replace(
        b"<<", b"<< /Type /ObjStm /N 1 /First 4 /Extends 2 0 R", 1
    )
    out += b"\nendobj\n"
    table = len(out)
    rows = b"\x00\x00\x00\x00" + b"\x02\x00\x02\x00" + b"\x02\x00\x02\x00" + b"\x01" + table.to_bytes(2, "big") + b"\x00"
    head = b"<< /Type /XRef /Size 4 /W [1 2 1] /Root 1 0 R /Prev %d" % table
    out += b"3 0 obj\n" + stream(rows).replace(b"<<", head, 1) + b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % table
    assert at < table
    return bytes(out)


def _rc4(key: bytes, data: bytes) -> bytes:
    state, j = list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def pdf_with_empty_password(words: str) -> bytes:
    """An encrypted PDF (40 bits) that opens with the empty password, as viewers open it without asking."""
    owner, identity = b"A" * 32, b"B" * 16
    key = hashlib.md5(PASSWORD_PAD + owner + (-4).to_bytes(4, "little", signed=True) + identity).digest()[:5]
    of_object = hashlib.md5(key + (5).to_bytes(3, "little") + b"\x00\x00").digest()[:10]
    content = stream(_rc4(of_object, f"BT /F1 12 Tf 72 720 Td ({words}) Tj ET".encode()))
    hexed = [f"<{each.hex()}>" for each in (owner, _rc4(key, PASSWORD_PAD), identity)]
    encrypt = f"<< /Filter /Standard /V 1 /R 2 /O {hexed[0]} /U {hexed[1]} /P -4 >>".encode()
    return pdf_of_streams([content], trailer=f"/Encrypt 6 0 R /ID [{hexed[2]} {hexed[2]}]", more=[encrypt])


# --- archives ------------------------------------------------------------------------------------------------------


class Entry(NamedTuple):
    """An entry of an archive as its directory states it. offset: of its local header; extra: of its directory entry."""

    name: bytes
    crc: int
    packed: int
    unpacked: int
    offset: int
    extra: bytes = b""


def local_header(name: bytes, crc: int, packed: int, unpacked: int) -> bytes:
    """What stands before the deflated bytes of an entry."""
    return struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 8, 0, 33, crc, packed, unpacked, len(name), 0) + name


def archive_by_hand(body: bytes, entries: Sequence[Entry]) -> bytes:
    """An archive of these bytes with whatever directory is wished for."""
    directory = b""
    for e in entries:
        sizes = (e.crc, e.packed, e.unpacked, len(e.name), len(e.extra), 0, 0, 0, 0, e.offset)
        directory += struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 8, 0, 33, *sizes) + e.name + e.extra
    count = len(entries)
    return body + directory + struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, count, count, len(directory), len(body), 0)


def deflated(data: bytes) -> bytes:
    """The data as the entries of an archive hold it."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def overlapping_archive() -> bytes:
    """Two names for the same packed bytes."""
    text = b"The vote was on Friday."
    packed, crc = deflated(text), zlib.crc32(text)
    body = local_header(b"a.txt", crc, len(packed), len(text)) + packed
    return archive_by_hand(body, [Entry(name, crc, len(packed), len(text), 0) for name in (b"a.txt", b"b.txt")])


def quoted_overlap_bomb(count: int = 20) -> bytes:
    """Every entry quotes the header of the next one as its own data, so that all share one packed kernel."""
    unpacked = b"0" * 900_000
    body = deflated(unpacked)
    found: list[tuple[bytes, int, int, int]] = []
    for number in reversed(range(count)):
        name = b"%04d.txt" % number
        if found:
            unpacked = body[: 30 + len(name)] + unpacked
            body = struct.pack("<BHH", 0, 30 + len(name), ~(30 + len(name)) & 0xFFFF) + body
        found.append((name, zlib.crc32(unpacked), len(body), len(unpacked)))
        body = local_header(*found[-1]) + body
    entries, at = [], 0
    for one in reversed(found):
        entries.append(Entry(*one, offset=at))
        at += 30 + len(one[0]) + 5
    return archive_by_hand(body, entries)


def zip64_lie() -> bytes:
    """An entry of a few bytes whose directory says, in its 64-bit field, that it has a million million."""
    text = b"The vote was on Friday."
    packed, crc = deflated(text), zlib.crc32(text)
    body = local_header(b"a.txt", crc, len(packed), len(text)) + packed
    extra = struct.pack("<2HQ", 1, 8, 10**12)
    return archive_by_hand(body, [Entry(b"a.txt", crc, len(packed), 0xFFFFFFFF, 0, extra)])


def understated_archive() -> bytes:
    """An entry of 50 MB whose directory and header say that it has ten bytes."""
    text = b"0" * 50_000_000
    packed, crc = deflated(text), zlib.crc32(text)
    body = local_header(b"a.txt", crc, len(packed), 10) + packed
    return archive_by_hand(body, [Entry(b"a.txt", crc, len(packed), 10, 0)])


def archive_with_greedy_lzma() -> bytes:
    """An archive whose one entry is packed by LZMA and says that it needs a dictionary of 4 GB."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a.txt", b"The vote was on Friday.")
    data = bytearray(out.getvalue())
    data[40:44] = b"\xff" * 4  # behind the header (35 bytes), version and size of what follows (4) and the mode (1)
    return bytes(data)


# --- docx ----------------------------------------------------------------------------------------------------------


def docx_of_body(body: str, *, before: str = "", parts: dict[str, bytes] | None = None) -> bytes:
    """A Word document with this body. before: its root; parts: replaced or added."""
    return changed_docx(saved(word()), {"word/document.xml": document_xml(body, before=before), **(parts or {})})


def paragraph(inner: str) -> str:
    """A paragraph of one run with this inside."""
    return f"<w:p><w:r>{inner}</w:r></w:p>"


def old_office(inside: str) -> bytes:
    """A file of the kind that holds old Office documents and encrypted new ones, with a stream of this name."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504 + inside.encode("utf-16-le")


def small_docx_changed(old: str, new: str) -> bytes:
    """A small Word document with something else in its relations and styles."""
    made = small_docx(paragraph("<w:t>Words.</w:t>"))
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        names = [name for name in archive.namelist() if name.endswith((".rels", "styles.xml"))]
        parts = {name: archive.read(name).replace(old.encode(), new.encode()) for name in names}
    return changed_docx(made, parts)


def docx_with_outside_entity() -> bytes:
    """A Word document whose text is to be fetched from a file of this machine."""
    dtd = '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    return docx_of_body(paragraph("<w:t>Host: &x;</w:t>"), before=dtd)


def docx_nested(levels: int) -> bytes:
    """A Word document of paragraphs inside one another, each with a mark of its own so that they do not pack well."""
    marks = random.Random(1).randbytes(4 * levels).hex()
    opened = "".join(f'<w:p w:rsidR="{marks[at : at + 8]}">' for at in range(0, len(marks), 8))
    return docx_of_body(opened + "<w:r><w:t>deep</w:t></w:r>" + "</w:p>" * levels)


def docx_with_large_node() -> bytes:
    """A Word document with one text node of 12 MB that does not pack well."""
    return docx_of_body(paragraph(f"<w:t>{random.Random(1).randbytes(6_000_000).hex()}</w:t>"))


def docx_with_outside_links(address: str) -> bytes:
    """A Word document whose template and picture lie at an address."""
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    links = "".join(
        f'<Relationship Id="out{what}" Type="{kind}/{what}" Target="{address}/{what}" TargetMode="External"/>'
        for what in ("attachedTemplate", "image", "subDocument", "frame", "oleObject")
    )
    listed = f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{links}</Relationships>'
    drawn = '<a:blip xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="x" r:link="outimage"/>'
    body = paragraph(f"<w:t>Read normally.</w:t><w:drawing>{drawn}</w:drawing>")
    return docx_of_body(
        body, parts={"word/_rels/document.xml.rels": listed.encode(), "word/_rels/settings.xml.rels": listed.encode()}
    )


def docx_with_asides() -> bytes:
    """A paragraph with a moved stretch, a comment, a footnote and a text box."""
    return docx_of_body(
        "<w:p><w:r><w:t>Live words</w:t></w:r><w:moveFrom><w:r><w:t>moved away</w:t></w:r></w:moveFrom>"
        '<w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:commentReference w:id="1"/></w:r>'
        "<w:r><w:pict><w:txbxContent><w:p><w:r><w:t>boxed words</w:t></w:r></w:p></w:txbxContent></w:pict></w:r></w:p>",
        parts={"word/footnotes.xml": document_xml(paragraph("<w:t>footnote words</w:t>"))},
    )


# --- pdf, what it does and hides -----------------------------------------------------------------------------------


def pdf_that_acts(address: str) -> bytes:
    """A PDF with a script that runs on opening, a form of XFA, an attached program, and links that start things."""
    names = "/Names << /EmbeddedFiles << /Names [(a.exe) 6 0 R] >> >>"
    actions = (
        "/S /Launch /F (/bin/sh)",
        f"/S /GoToR /F (1 0 R) /F << /FS /URL /F ({address}/remote.pdf) >> /D [0 /Fit]",
        f"/S /SubmitForm /F ({address}/form)",
    )
    links = " ".join(f"<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << {action} >> >>" for action in actions)
    opening = f"/OpenAction << /S /JavaScript /JS (this.submitForm\\('{address}'\\)) >> /AcroForm << /Fields [] /XFA 7 0 R >>"
    program = b"<< /Type /Filespec /F (a.exe) /EF << /F 7 0 R >> >>"
    return pdf_page(
        text_stream("Shown."), catalog=f"{opening} {names}", page=f"/Annots [{links}]", more=[program, stream(b"MZ evil")]
    )


def pdf_with_map_outside(path: str) -> bytes:
    """A PDF with a font whose character map is named by a path."""
    named = "".join(f"#{ord(each):02x}" for each in path)
    font = f"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /{named} /DescendantFonts [] >>".encode()
    content = text_stream("Shown.", after="BT /F2 12 Tf 72 600 Td <0041> Tj ET")
    return pdf_page(content, more=[font]).replace(b"/F1 3 0 R >>", b"/F1 3 0 R /F2 6 0 R >>", 1)
