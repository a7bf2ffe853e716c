"""PDF: the text layer, page by page, and what OCR made of pages without one. The only door to pypdfium2.

What lives here: PDF -> Reading with one page Place per page. What does not: OCR (ocr.py), rendering (pdf_page.py), scripts,
attachments (counted, not opened). PDFium is not thread-safe: this module runs only in the reading process, one file at a time.

The pages of the canonical text are set apart by a blank line, so that no paragraph runs across them. PDFium gives a hyphen at
a line end as U+FFFE and swallows the line end; here it is "-" and the line end again, as the page shows it. Nothing is joined.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import Any

from workbench.errors import FileFailure
from workbench.models import SourceMeta
from workbench.reading.pdf_sight import Sight
from workbench.reading.scans import OcrResult, listed, ocr_warnings, refuse_nothing_found, with_ocr
from workbench.reading.text import MAX_CHARACTERS, Reading, clean, remarks, version

REVISION = 1  # of this reader; raise it when the text it gives for some file changes
MAX_PAGES = 5_000  # a page takes about 2 ms: 10 s of the 20 a file has
HYPHEN = "\ufffe"  # what PDFium gives for a hyphen at a line end
MAX_STREAM = 100_000_000  # bytes one stream may unpack to; the text of a page is some kilobytes
MAX_RATIO = 100  # times its packed size; text packs about 5 times
SMALL_STREAM = 64_000  # deflate packs at most 1,032 times: a smaller stream cannot reach MAX_STREAM in one step

_STREAM = re.compile(rb"stream\r?\n")
_LENGTH = re.compile(rb"/Length\s+(\d+)\b(?!\s+\d+\s+R)")
_FLATE = re.compile(rb"/(?:FlateDecode|Fl)\b")
_JUNK_TITLE = re.compile(
    r"untitled.*|microsoft (?:word|powerpoint|excel)\b.*|(?:document|slide|presentation|dokument|book)\s*\d*"
    r"|powerpoint presentation|.*\.(?:docx?|pdf|indd|qxd|pptx?|xlsx?|tex|rtf|odt|html?|txt|pub|p65)|[\d\W_]*",
    re.IGNORECASE,
)
_JUNK_AUTHOR = re.compile(
    r"(?:user|admin|administrator|owner|author|unknown|root|microsoft office user|pc|[\d\W_]*)", re.IGNORECASE
)


def read(data: bytes, name: str, ocr: OcrResult | None = None) -> Reading:
    """A PDF with its text layer. ocr: of the pages without one; without it these are the `scans` of the Reading.

    Raises: FileFailure (malformed_pdf, encrypted, no_text_layer, too_complex…).
    """
    document = open_checked(data, name)
    sight = Sight()
    try:
        texts, broken, nuls = _page_texts(document, name, sight)
        meta = _metadata(document.get_metadata_dict())
        attachments = document.count_attachments()
    finally:
        document.close()
    if len(broken) == len(texts):
        raise _malformed(name, "none of its pages can be loaded")
    scans = [number for number, text in enumerate(texts, start=1) if not text.strip() and number not in broken]
    if ocr is not None and len(scans) + len(broken) == len(texts):
        refuse_nothing_found(name, len(texts), ocr)
    warnings = [*_page_warnings(scans, broken, ocr), *_sight_warnings(sight)]
    if attachments:
        warnings.append(f"attached files not opened: {attachments}")
    whole, places = with_ocr(texts, ocr)
    reader_version = f"pypdfium2 {version('pypdfium2')} + {REVISION}{f', {ocr.engine}' if ocr is not None else ''}"
    warnings += remarks(whole, nuls)
    return Reading(whole, places, "pdf", reader_version, meta, tuple(warnings), scans=() if ocr else tuple(scans))


def open_checked(data: bytes, name: str) -> Any:
    """The PDF opened by PDFium, after what PDFium does not refuse itself was refused. Raises: FileFailure. Close it."""
    _check_shape(data, name)
    _check_streams(data, name)
    return _open(data, name)


def canonical(raw: str) -> tuple[str, list[int]]:
    """(the canonical text of a page, for each of its characters the place in what PDFium gave; -1 for one we put in)."""
    characters: list[str] = []
    places: list[int] = []
    at = 0
    while at < len(raw):
        if raw[at] == HYPHEN:
            characters += ["-", "\n"]
            places += [at, -1]
            at += 3 if raw.startswith("\r\n", at + 1) else 1
            continue
        line_end = raw.startswith("\r\n", at)
        if raw[at] != "\x00" and not (at == 0 and raw[at] == "\ufeff"):
            characters.append("\n" if raw[at] == "\r" else "\ufffd" if "\ud800" <= raw[at] <= "\udfff" else raw[at])
            places.append(at)
        at += 2 if line_end else 1
    return "".join(characters), places


def _malformed(name: str, why: str) -> FileFailure:
    return FileFailure(
        f"{name}: not a readable PDF: {why}.",
        hint="Fetch or export the file again. If a viewer opens it, print it to a new PDF there and add that.",
        code="malformed_pdf",
    )


def _check_shape(data: bytes, name: str) -> None:
    """Refuse what only looks like a PDF: PDFium opens files with junk in front and rebuilds cut ones."""
    if not data.lstrip(b"\xef\xbb\xbf \t\r\n\f\x00").startswith(b"%PDF-"):
        raise _malformed(name, "it does not begin with %PDF-")
    if b"%%EOF" not in data[-2048:]:
        raise _malformed(name, "its end is missing; the download may have been cut short")
    directory = data.rfind(b"PK\x05\x06", -65_557)
    if directory >= 0 and directory + 22 + int.from_bytes(data[directory + 20 : directory + 22], "little") == len(data):
        raise _malformed(name, "it is a zip archive at the same time")


def _check_streams(data: bytes, name: str) -> None:
    """Unpack, within bounds, each stream that could be a bomb (PDFium has no such limit), except images, which stay packed."""
    for match in _STREAM.finditer(data):
        head = data[max(0, match.start() - 2_000) : match.start()]
        head = head[head.rfind(b" obj") + 1 :]
        levels = len(_FLATE.findall(head))
        if not levels or b"/Image" in head:
            continue
        length = _LENGTH.search(head)
        stated = match.end() + int(length[1]) if length else 0
        found = data.find(b"endstream", match.end())  # PDFium looks for it where the stated length is wrong
        packed = data[match.end() : max(stated, found if found >= 0 else len(data))]
        if levels == 1 and len(packed) < SMALL_STREAM:
            continue
        if _unpacks_too_far(packed, levels):
            raise FileFailure(
                f"{name}: a stream of {len(packed):,} bytes in it unpacks to more than {MAX_STREAM:,}; it looks like a trap.",
                hint="Do not open it. Ask for another copy of the document.",
                code="decompression_limit",
            )


def _unpacks_too_far(packed: bytes, levels: int) -> bool:
    """Whether deflated data, unpacked `levels` times, passes both MAX_STREAM and MAX_RATIO at some level."""
    data = packed
    for _ in range(min(levels, 8)):
        unpacker = zlib.decompressobj()
        try:
            data = unpacker.decompress(data, MAX_STREAM + 1)
        except zlib.error:
            return False  # damaged, or not deflate at this level: PDFium stops there too
        if len(data) > MAX_STREAM:
            return len(data) > MAX_RATIO * len(packed)
    return False


def _open(data: bytes, name: str) -> Any:
    import pypdfium2
    from pypdfium2 import raw

    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        locked = getattr(error, "err_code", None) in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
        if locked or b"/Encrypt" in data:
            raise FileFailure(
                f"{name}: this PDF is encrypted; it cannot be read without its password.",
                hint="Open it with the password in a PDF viewer, print it to a new PDF, and add that one.",
                code="encrypted",
            ) from error
        raise _malformed(name, "PDFium finds no valid structure in it") from error


def _page_texts(document: Any, name: str, sight: Sight) -> tuple[list[str], list[int], int]:
    """(canonical text per page, numbers of the pages that could not be loaded, NUL characters removed)."""
    pages = len(document)
    if pages == 0:
        raise _malformed(name, "it has no pages")
    if pages > MAX_PAGES:
        raise FileFailure(
            f"{name}: {pages:,} pages; at most {MAX_PAGES:,} are read.",
            hint="Split the PDF into parts and add those.",
            code="too_complex",
        )
    texts: list[str] = []
    broken: list[int] = []
    characters = nul_count = 0
    for number, raw_text in enumerate(_raw_texts(document, sight), start=1):
        if raw_text is None:
            broken.append(number)
        text, nuls = clean((raw_text or "").replace(f"{HYPHEN}\r\n", "-\n").replace(HYPHEN, "-\n"))
        texts.append(text)
        nul_count += nuls
        characters += len(text)
        if characters > MAX_CHARACTERS:
            raise FileFailure(
                f"{name}: more than {MAX_CHARACTERS:,} characters of text.",
                hint="Split the PDF into parts and add those.",
                code="too_complex",
            )
    return texts, broken, nul_count


def _raw_texts(document: Any, sight: Sight) -> Iterator[str | None]:
    """What PDFium gives for each page; None for a page it cannot load. sight: remembers what a page does not show."""
    from pypdfium2 import PdfiumError

    for number in range(len(document)):
        try:
            page = document[number]
            textpage = page.get_textpage()
        except PdfiumError:
            yield None
            continue
        sight.look(number + 1, page, textpage)
        yield textpage.get_text_range()
        textpage.close()
        page.close()


def _page_warnings(scans: list[int], broken: list[int], ocr: OcrResult | None) -> list[str]:
    """What to say of pages without text, and of those that could not be loaded."""
    warnings = ocr_warnings(ocr) if ocr is not None else []
    if scans and ocr is None:
        warnings.append(f"pages without text (empty, or scans that need OCR): {listed(scans)}")
    if broken:
        warnings.append(f"pages that could not be loaded: {listed(broken)}")
    return warnings


def _sight_warnings(sight: Sight) -> list[str]:
    warnings = []
    if sight.layers:
        pages = listed(sight.layers)
        warnings.append(
            f"text under a picture of the page, as an OCR program puts it there; check it by the picture: pages {pages}"
        )
    if sight.unseen:
        how = "invisible, white on white, off the page or tiny"
        pages = listed(list(sight.unseen))
        warnings.append(f"text that the page does not show ({how}): {sum(sight.unseen.values()):,} characters, pages {pages}")
    if sight.stopped_at is not None:
        warnings.append(f"whether the pages show all their text was not looked at from page {sight.stopped_at} on")
    return warnings


def _metadata(stated: dict[str, str]) -> SourceMeta:
    """Title and author where they are more than the junk programs write. The creation date is not a publication date."""
    title = " ".join(stated.get("Title", "").replace("\x00", "").split())
    author = " ".join(stated.get("Author", "").replace("\x00", "").split())
    return SourceMeta(
        title=None if _JUNK_TITLE.fullmatch(title) else title,
        author=None if _JUNK_AUTHOR.fullmatch(author) else author,
    )
