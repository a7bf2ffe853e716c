"""xlsx: the csv form as a workbook, with a sheet of the citations beside it. No working rationale.

Every cell is text, so nothing in it is a formula, a link or a number; no apostrophe is needed. The same claims give the same
bytes. What does not live here: what a report says (workbench.report), the columns of a claim (tables.py).
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import IO, Any

from workbench.exports.tables import COLUMNS, claim_cells
from workbench.report import CitedWords, ClaimReport
from workbench.report.imprint import Imprint

CELL = 32_767  # characters Excel keeps in a cell
CITED = (
    "claim_id", "number", "stance", "quote", "translation", "title", "publisher", "published", "page", "origin", "caution",
    "url", "archived_url", "place", "sha256",
)  # fmt: skip
_WIDE = {"statement", "quote", "explanation", "quote_original", "headline", "cited_sources", "translation", "title"}
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)  # when the file says it was made: always then, so that bytes compare
_PIECE = 1 << 20


def write_xlsx(reports: Sequence[ClaimReport], imprint: Imprint) -> Iterator[bytes]:
    """Two sheets, Claims and Citations. Rows go to temporary files as they come, so memory stays flat."""
    with tempfile.TemporaryFile() as file:
        _fill(file, reports, imprint)
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece


def _fill(file: IO[bytes], reports: Sequence[ClaimReport], imprint: Imprint) -> None:
    from xlsxwriter import Workbook

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = Workbook(file, options)
    book.set_properties({"title": imprint.title(None), "created": _EPOCH})
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    claims, cited = (_sheet(book, name, columns, bold) for name, columns in (("Claims", COLUMNS), ("Citations", CITED)))
    claim_row = cited_row = 0
    for claim_row, report in enumerate(reports, 1):
        _write(claims, claim_row, claim_cells(report), COLUMNS, wrapped)
        for one in report.page.citations:
            cited_row += 1
            _write(cited, cited_row, _cited(report.id, one), CITED, wrapped)
    book.close()


def _sheet(book: Any, name: str, columns: Sequence[str], bold: Any) -> Any:
    sheet = book.add_worksheet(name)
    for at, column in enumerate(columns):
        sheet.set_column(at, at, 48 if column in _WIDE else 16)
        sheet.write_string(0, at, column, bold)
    sheet.freeze_panes(1, 1)
    return sheet


def _write(sheet: Any, row: int, cells: dict[str, str], columns: Sequence[str], look: Any) -> None:
    for at, column in enumerate(columns):
        sheet.write_string(row, at, fitting(cells[column]), look)


def fitting(cell: str) -> str:
    """The cell as far as Excel keeps it; one that is cut says so and where the whole stands."""
    if len(cell.encode("utf-16-le")) // 2 <= CELL:
        return cell
    note = f" [cut here; {len(cell):,} characters in all, whole in the csv and json forms]"
    room = CELL - len(note)
    kept = cell.encode("utf-16-le")[: 2 * room].decode("utf-16-le", errors="ignore")
    return kept + note


def _cited(claim_id: str, one: CitedWords) -> dict[str, str]:
    return {
        "claim_id": claim_id,
        "number": str(one.number),
        "stance": one.stance,
        "quote": one.withheld or one.quote,
        "translation": one.translation or "",
        "title": one.title,
        "publisher": one.publisher or "",
        "published": one.published,
        "page": one.page or "",
        "origin": one.origin or "",
        "caution": one.caution or "",
        "url": one.link or "",
        "archived_url": one.archived or "",
        "place": one.place,
        "sha256": "" if one.withheld else one.sha256,
    }
