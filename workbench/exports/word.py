"""docx: reports for readers as a Word document, its paragraphs written a block at a time.

python-docx makes the document with its styles, and every paragraph in turn; each goes to a temporary file and is taken out
again, so that a thousand claims need no more room than one. The same reports give the same bytes. What does not live here:
what a report says (workbench.report), how each kind of block looks (word_parts.py).
"""

from __future__ import annotations

import io
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from typing import IO, Any

from workbench.exports.word_parts import Sheet
from workbench.report import ClaimReport
from workbench.report.compose import document
from workbench.report.imprint import Imprint

BODY = "word/document.xml"
END = b"<w:sectPr"
_PIECE = 1 << 20
_MADE = (1980, 1, 1, 0, 0, 0)  # what every part of the archive says of its time, so that bytes compare


def write_docx(reports: Sequence[ClaimReport], imprint: Imprint) -> Iterator[bytes]:
    """One document, of one claim or of several after a page that sums them up. Raises: SettingsError for a broken logo."""
    only = reports[0].page if len(reports) == 1 else None
    sheet = Sheet(imprint, title=imprint.title((only.headline or only.title) if only else None), several=only is None)
    with tempfile.TemporaryFile() as body, tempfile.TemporaryFile() as whole:
        for block in document(reports, imprint.edition):
            sheet.add(block)
            _move(sheet, body)
        body.seek(0)
        _assemble(sheet.saved(), body, whole)
        whole.seek(0)
        while piece := whole.read(_PIECE):
            yield piece


def _move(sheet: Sheet, body: IO[bytes]) -> None:
    """Take what was added out of the document and write it down; the last element, the page's own settings, stays."""
    from docx.opc.oxml import serialize_part_xml

    for element in sheet.taken():
        written: bytes = serialize_part_xml(element)
        body.write(written.partition(b"?>")[2])


def _assemble(saved: bytes, body: IO[bytes], whole: IO[bytes]) -> None:
    with zipfile.ZipFile(io.BytesIO(saved)) as given, zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as made:
        for name in sorted(given.namelist(), key=lambda one: (one != "[Content_Types].xml", one)):
            with made.open(_named(name), "w") as part:
                if name == BODY:
                    _copy_around(given.read(name), body, part)
                else:
                    part.write(given.read(name))


def _copy_around(frame: bytes, body: IO[bytes], part: IO[bytes]) -> None:
    at = frame.rindex(END)
    part.write(frame[:at])
    shutil.copyfileobj(body, part, _PIECE)
    part.write(frame[at:])


def _named(name: str) -> Any:
    info = zipfile.ZipInfo(name, date_time=_MADE)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info
