"""Word documents (.docx): headings, paragraphs and tables, in order. The only door to python-docx (besides exports).

What lives here: DOCX -> Reading. The text is what the document says with all its changes accepted: insertions are in,
tracked deletions are not, nor is hidden text. Comments, footnotes, text boxes, headers and footers are not read; where there
are any, a warning counts them. Nothing outside the file is fetched. A docx has no pages until it is printed.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from workbench.errors import FileFailure
from workbench.models import Place, SourceMeta
from workbench.reading.packed import Packed
from workbench.reading.text import Reading, clean, remarks, version

REVISION = 1  # of this reader; raise it when the text it gives for some file changes
DOCX = Packed(
    suffix="docx",
    label="Word document of the .docx kind",
    remedy="Open it in a word processor, save it as .docx (without macros or password) or as PDF, and add that.",
)
DOCUMENT_TYPE = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LEFT_OUT = frozenset(f"{_W}{tag}" for tag in ("del", "moveFrom", "instrText", "delText", "txbxContent", "pPr", "tbl"))
_BREAKS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "\u2011", f"{_W}softHyphen": "\u00ad"}
_COUNTED = {
    "tracked deletions left out": ("del", "moveFrom"),
    "hidden runs left out": ("vanish",),
    "text boxes not read": ("txbxContent",),
    "footnotes and endnotes not read": ("footnoteReference", "endnoteReference"),
    "comments not read": ("commentReference",),
}
_HEADING = re.compile(r"(?:heading \d|title|subtitle)$", re.IGNORECASE)
_JUNK_AUTHORS = frozenset(
    {"python-docx", "microsoft office user", "user", "admin", "administrator", "unknown", "author", "owner"}
)


def read(data: bytes, name: str) -> Reading:
    """A Word document. Raises: FileFailure not_a_docx, malformed_docx, decompression_limit, no_text."""
    _check_archive(data, name)
    body, headings, meta = _open(data, name)
    blocks = list(_blocks(body, headings))
    warnings = _counted(body)
    places: list[Place] = []
    parts: list[str] = []
    at = nul_count = 0
    for number, (kind, raw) in enumerate(blocks, start=1):
        text, nuls = clean(raw)
        joint = "" if not parts else "\n" if kind == "row" and places[-1].kind == "row" else "\n\n"
        at += len(joint)
        places.append(Place.model_validate({"start": at, "end": at + len(text), "kind": kind, "label": str(number)}))
        parts += [joint, text]
        at += len(text)
        nul_count += nuls
    whole = "".join(parts)
    if not whole:
        raise FileFailure(
            f"{name}: this Word document has no text in its body.",
            hint="If it holds a scanned picture, run that through OCR and add the result.",
            code="no_text",
        )
    reader_version = f"python-docx {version('python-docx')} + {REVISION}"
    return Reading(whole, tuple(places), "docx", reader_version, meta, (*warnings, *remarks(whole, nul_count)))


# --- the archive ---------------------------------------------------------------------------------------------------


def _check_archive(data: bytes, name: str) -> None:
    """Refuse what is no Word document before any parser sees its parts."""
    with DOCX.open(data, name) as archive:
        if "[Content_Types].xml" not in archive.namelist():
            raise DOCX.not_one(name, "it is a zip archive without [Content_Types].xml")
        types = archive.read("[Content_Types].xml")
    if b"macroEnabled" in types:
        raise DOCX.not_one(name, "it has macros (.docm)")
    if DOCUMENT_TYPE not in types:
        raise DOCX.not_one(name, "it holds no word-processing document")


def _open(data: bytes, name: str) -> tuple[Any, frozenset[str], SourceMeta]:
    """(its body, the ids of its heading styles, what it states of itself): all that python-docx is asked for."""
    import docx
    from docx.opc.exceptions import OpcError
    from docx.oxml.exceptions import XmlchemyError
    from lxml.etree import LxmlError

    try:
        document = docx.Document(io.BytesIO(data))
        body, headings, meta = document.element.body, _heading_styles(document), _metadata(document.core_properties)
    except (KeyError, ValueError, TypeError, AttributeError, OpcError, XmlchemyError, LxmlError) as error:
        raise DOCX.malformed(name, f"its parts do not fit together ({type(error).__name__})") from error
    if body is None:
        raise DOCX.malformed(name, "it has no body")
    return body, headings, meta


# --- its content ---------------------------------------------------------------------------------------------------


def _blocks(container: Any, headings: frozenset[str]) -> Iterator[tuple[str, str]]:
    """(kind, text) of each heading, paragraph and table row with text in it, in the order of the document."""
    for element in container:
        if element.tag == f"{_W}p":
            text = _paragraph(element)
            if text:
                style = element.find(f"{_W}pPr/{_W}pStyle")
                is_heading = style is not None and style.get(f"{_W}val") in headings
                yield ("heading" if is_heading else "paragraph"), text
        elif element.tag == f"{_W}tbl":
            for row in element.iterfind(f".//{_W}tr"):
                if next(row.iterancestors(f"{_W}tbl")) is element:
                    cells = [
                        " ".join(_cell(cell).split())
                        for cell in row.iter(f"{_W}tc")
                        if next(cell.iterancestors(f"{_W}tr")) is row
                    ]
                    text = "\t".join(cells).strip()
                    if text:
                        yield "row", text
        elif element.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}moveTo", f"{_W}customXml"):
            yield from _blocks(element, headings)


def _cell(cell: Any) -> str:
    """The words of a table cell, those of tables inside it included, on one line."""
    boxed = {paragraph for box in cell.iter(f"{_W}txbxContent") for paragraph in box.iter(f"{_W}p")}
    return " ".join(_paragraph(paragraph) for paragraph in cell.iter(f"{_W}p") if paragraph not in boxed)


def _paragraph(paragraph: Any) -> str:
    """The live text of a paragraph, without white space at its edges."""
    parts: list[str] = []
    waiting = [paragraph]
    while waiting:
        element = waiting.pop()
        if element.tag in _LEFT_OUT or _is_hidden_run(element):
            continue
        if element.tag == f"{_W}t":
            parts.append(element.text or "")
        elif element.tag in _BREAKS:
            parts.append(_BREAKS[element.tag])
        else:
            waiting.extend(reversed(element))
    return "".join(parts).strip()


def _is_hidden_run(element: Any) -> bool:
    if element.tag != f"{_W}r":
        return False
    vanish = element.find(f"{_W}rPr/{_W}vanish")
    return vanish is not None and vanish.get(f"{_W}val") not in ("0", "false", "off")


def _heading_styles(document: Any) -> frozenset[str]:
    """Ids of the styles that make a paragraph a heading."""
    named = {style.style_id: style.name or "" for style in document.styles}
    return frozenset(style_id for style_id, style_name in named.items() if _HEADING.match(style_name))


def _counted(body: Any) -> list[str]:
    """One warning per kind of content that is in the document and not in the text."""
    counts = {words: sum(1 for _ in body.iter(*(f"{_W}{tag}" for tag in tags))) for words, tags in _COUNTED.items()}
    return [f"{words}: {count}" for words, count in counts.items() if count]


def _metadata(properties: Any) -> SourceMeta:
    """Title and author as the document states them. Its dates are not used: they are of the file (or of a template)."""
    title = " ".join((properties.title or "").split())
    author = " ".join((properties.author or "").split())
    is_junk = author.lower() in _JUNK_AUTHORS
    return SourceMeta(
        title=None if title.lower() == "word document" else title or None, author=None if is_junk else author or None
    )
