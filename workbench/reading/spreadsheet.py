"""Spreadsheets (.xlsx): every row of every sheet a passage of its own. The only door to calamine.

What lives here: XLSX -> rows of cells. What does not: the words of a row (records.py). A cell is written as what it holds, not
as it is formatted: 0.5 where 50% is shown; dates in ISO form; of a formula its stored result. Nothing is computed. Merged cells
have their value in the first cell only. Hidden rows and columns are read like others, hidden sheets are named in a warning.

calamine reads fast and needs guarding, as seen in python-calamine 0.9.1: it gives cells that hold an error as empty, fails on
errors it does not know, and ends the process where two cells are far apart (it fills the rectangle between them). So each sheet
is surveyed before: errors become text, and a sheet that spans too far is refused.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import io
import re
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from workbench.errors import FileFailure
from workbench.reading.packed import Packed
from workbench.reading.records import Records, Row, filled
from workbench.reading.text import Reading, remarks, version

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

REVISION = 1  # of this reader; raise it when the text it gives for some file changes
XLSX = Packed(
    suffix="xlsx",
    label="spreadsheet of the .xlsx kind",
    remedy="Open it in a spreadsheet program, save it as .xlsx (without macros or password) or as .csv, and add that.",
    max_xml=50_000_000,  # about a million cells; 18 MB took calamine 0.5 s
)
WORKBOOK_TYPE = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
MAX_CELLS = 5_000_000  # of the rectangle a sheet's cells span, empty ones included: calamine takes 32 bytes for each
MAX_ROW = 9_999_999  # no cell is numbered higher; spreadsheet programs end at 1,048,576
MAX_NAMED = 5  # sheets in a warning; the rest are counted

_PREFIX = rb"<(?:[\w.-]+:)?"
_TAG = re.compile(  # a row: its attributes; a cell: where it says that it is (letters, number; or what is neither), and a value
    _PREFIX + rb"(?:row(?=[\s/>])([^<>]*)"
    rb"|c(?=[\s/>])(?:[^<>]*?\sr\s*=\s*[\"'](?:([A-Z]{1,3})([1-9]\d{0,6})(?=[\"'])|([^\"'<>]*)))?"
    rb"[^<>]*>(\s*" + _PREFIX + rb"(?:v|is|f)\b)?)"
)
_ROW_NUMBER = re.compile(rb"\sr\s*=\s*[\"'](\d+)")
_ERROR_TYPE = re.compile(rb"(" + _PREFIX + rb"c\s(?:[^<>]*\s)?t\s*=\s*)(?:\"e\"|'e')")
_NO_RESULT = re.compile(  # the end of a formula, and no value before the end of the cell
    rb"(?:</(?:[\w.-]+:)?f>|" + _PREFIX + rb"f(?:\s[^<>]*)?/>)\s*"
    rb"(?:" + _PREFIX + rb"v\s*/>\s*|" + _PREFIX + rb"v>\s*</(?:[\w.-]+:)?v>\s*)?</(?:[\w.-]+:)?c>"
)
_NOT_READ = {
    "comments not read": re.compile(r"xl/(?:threadedC|c)omments"),
    "sheets with drawings (charts, pictures, text boxes), which are not read": re.compile(r"xl/drawings/drawing"),
}


class _Survey(NamedTuple):
    """What was seen before parsing. data: the file, its errors made text."""

    data: bytes
    warnings: list[str]


def read(data: bytes, name: str) -> Reading:
    """A spreadsheet. Raises: FileFailure not_a_xlsx, malformed_xlsx, decompression_limit, too_complex."""
    survey = _survey(data, name)
    records = Records(name)
    doubts: list[str] = []
    with _damage(name):
        book = _open(survey.data)
        titles = [" ".join(sheet.name.split()) for sheet in book.sheets_metadata]
        if len({title.casefold() for title in titles}) < len(titles):
            raise XLSX.malformed(name, "two of its sheets have the same name")
        hidden, not_read = _apart(book)
        for number, title in enumerate(titles):
            if number not in not_read:
                sheet = book.get_sheet_by_index(number)
                first_column = sheet.start[1] if sheet.start else 0
                doubts += records.add_table(filled(_rows(sheet)), label=f"{title}!", first_column=first_column)
    warnings = [
        *survey.warnings,
        *_named("hidden sheets, read like the others", [titles[number] for number in hidden]),
        *_named("sheets without cells (charts, dialogs, macros), not read", [titles[number] for number in not_read]),
        *doubts[:MAX_NAMED],
        *([f"the same holds for {len(doubts) - MAX_NAMED} more sheets"] if len(doubts) > MAX_NAMED else []),
    ]
    text = records.text
    reader_version = f"python-calamine {version('python-calamine')} + {REVISION}"
    return Reading(text, records.places, "spreadsheet", reader_version, warnings=(*warnings, *remarks(text)))


def first_sheet(data: bytes, name: str) -> Iterator[list[str]]:
    """The rows of the first sheet that is shown, each cell as text: what claims are imported from. Raises: FileFailure."""
    survey = _survey(data, name)
    with _damage(name):
        book = _open(survey.data)
        hidden, not_read = _apart(book)
        number = next((one for one in range(len(book.sheets_metadata)) if one not in (*hidden, *not_read)), None)
        if number is None:
            raise XLSX.malformed(name, "it has no sheet with cells")
        yield from ([*row.cells] if any(map(str.strip, row.cells)) else [] for row in _rows(book.get_sheet_by_index(number)))


# --- before it is parsed -------------------------------------------------------------------------------------------


def _survey(data: bytes, name: str) -> _Survey:
    """Refuse what is no spreadsheet, or spans too far; see what calamine would not tell."""
    with XLSX.open(data, name) as archive:
        names = archive.namelist()
        if "[Content_Types].xml" not in names:
            raise XLSX.not_one(name, "it is a zip archive without [Content_Types].xml")
        types = archive.read("[Content_Types].xml")
        if b"macroEnabled" in types:
            raise XLSX.not_one(name, "it has macros (.xlsm)")
        if WORKBOOK_TYPE not in types:
            raise XLSX.not_one(name, "it holds no workbook")
        errors = no_result = 0
        changed: dict[str, bytes] = {}
        for each in names:
            part = archive.read(each)
            if each.endswith(".xml") and b"\x00" in part:
                raise XLSX.malformed(name, f"{each[:80]} is not in UTF-8")
            if b"sheetData" in part:  # calamine looks for nothing else either, whatever the part is called
                _check_span(part, name)
                mended, count = _ERROR_TYPE.subn(rb'\1"str"', part) if b'"e"' in part or b"'e'" in part else (part, 0)
                errors += count
                no_result += len(_NO_RESULT.findall(part))
                if count:
                    changed[each] = mended
        if changed:
            data = _rewritten(archive, changed)
    counted = {
        "cells that hold an error (such as #REF! or #N/A), kept as they are": errors,
        "formulas without a stored result, left out (open and save the file in a spreadsheet program)": no_result,
        **{words: sum(map(bool, map(pattern.match, names))) for words, pattern in _NOT_READ.items()},
    }
    return _Survey(data, [f"{words}: {count:,}" for words, count in counted.items() if count])


def _check_span(part: bytes, name: str) -> None:
    """Refuse a sheet whose first and last cells with something in them are too far apart. Cells need not say where they are."""
    row = column = 0
    top, bottom, left, right = MAX_ROW, 0, MAX_ROW, 0  # of cells with a value, from 1
    for found in _TAG.finditer(part):
        row_attributes, letters, digits, odd, value = found.groups()
        if row_attributes is not None:
            stated = _ROW_NUMBER.search(row_attributes)
            row, column = int(stated[1]) if stated else row + 1, 0
            continue
        if odd is not None:
            raise XLSX.malformed(name, f"a cell says that it is at {odd[:20].decode(errors='replace')!r}")
        column = _column_number(letters) if letters else column + 1
        if value:
            at = int(digits) if digits else row
            top, bottom, left, right = min(top, at), max(bottom, at), min(left, column), max(right, column)
    height, width = (bottom - top + 1, right - left + 1) if bottom else (0, 0)
    if height * width > MAX_CELLS:
        raise FileFailure(
            f"{name}: the cells of a sheet span {height:,} rows and {width:,} columns; at most {MAX_CELLS:,} places are read.",
            hint="Remove stray cells far from the table, or save the sheet as .csv, and add that.",
            code="too_complex",
        )


@functools.cache
def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _rewritten(archive: zipfile.ZipFile, changed: dict[str, bytes]) -> bytes:
    """The archive with these parts in place of its own, in memory."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as copy:
        for entry in archive.infolist():
            copy.writestr(entry.filename, changed.get(entry.filename) or archive.read(entry))
    return out.getvalue()


# --- calamine ------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _damage(name: str) -> Iterator[None]:
    """Turns what calamine trips over into a failure of the file. Its panics are no Exception, and their type has no name."""
    from python_calamine import CalamineError

    try:
        yield
    except CalamineError as error:
        raise XLSX.malformed(name, str(error)[:200]) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise XLSX.malformed(name, "its parts do not fit together") from error


def _open(data: bytes) -> CalamineWorkbook:
    from python_calamine import CalamineWorkbook

    return CalamineWorkbook.from_filelike(io.BytesIO(data))


def _apart(book: CalamineWorkbook) -> tuple[list[int], list[int]]:
    """(hidden sheets, those that are no tables), by their numbers."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    sheets = list(enumerate(book.sheets_metadata))
    not_tables = [number for number, sheet in sheets if sheet.typ != SheetTypeEnum.WorkSheet]
    hidden = [n for n, sheet in sheets if sheet.visible != SheetVisibleEnum.Visible and n not in not_tables]
    return hidden, not_tables


def _rows(sheet: CalamineSheet) -> Iterator[Row]:
    for number, values in enumerate(sheet.iter_rows(), start=1):  # from row 1 on, wherever the sheet's first cell is
        yield Row(number, [value if isinstance(value, str) else _shown(value) for value in values])


def _shown(value: object) -> str:
    """A value that is no text, as text. Figures with 15 digits, as many as spreadsheet programs keep."""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e21 else f"{value:.15g}"
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, dt.datetime):
        return value.isoformat(" ", "seconds") if value.time() != dt.time() else value.date().isoformat()
    if isinstance(value, dt.timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    return value.isoformat("seconds") if isinstance(value, dt.time) else str(value)


def _named(words: str, titles: list[str]) -> list[str]:
    more = f" and {len(titles) - MAX_NAMED} more" if len(titles) > MAX_NAMED else ""
    return [f"{words}: {', '.join(titles[:MAX_NAMED])}{more}"] if titles else []
