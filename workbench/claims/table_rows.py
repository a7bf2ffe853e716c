"""Claims in a table: csv with commas, semicolons or tabs. All cells are text; a row of another length is never shifted."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from workbench.cells import restore
from workbench.claims.columns import CUSTOM, KNOWN, Problems, Row, from_columns

OF_AN_EXPORT = {"id", "statement", "cited_sources", "revision", "hash", "status"}  # columns of `workbench export --format csv`


def csv_rows(text: str, notes: list[str]) -> Iterator[Row]:
    """The rows of a table. Raises: Problems naming every ragged row, a missing quotation mark, a header that is off."""
    delimiter = _delimiter(text)
    if delimiter != ",":
        notes.append(f"The cells are separated by {'tabs' if delimiter == chr(9) else delimiter}.")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter)
    problems: list[str] = []
    rows: list[Row] = []
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        _check_header(header, notes)
        read = restore if set(header) >= OF_AN_EXPORT else str  # whoever else's apostrophe is kept: it is theirs
        for cells in reader:
            place = f"row {len(rows) + 1 + len(problems)} (line {reader.line_num})"
            if not cells:
                continue
            if len(cells) != len(header):
                problems.append(f"{place}: {len(cells)} cells where the header has {len(header)}")
                continue
            rows.append(Row(place, from_columns(dict(zip(header, map(read, cells), strict=True)))))
    except csv.Error as error:
        problems.append(f"line {reader.line_num}: {error}; a quotation mark may be missing")
    if problems:
        raise Problems(*problems)
    yield from rows


def _delimiter(text: str) -> str:
    header = text.split("\n", 1)[0]
    return max((",", ";", "\t"), key=header.count)


def _check_header(header: list[str], notes: list[str]) -> None:
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        raise Problems(f"line 1: the column {twice[0]!r} is there twice")
    if not {"statement", "quote"} & set(header):
        raise Problems(f"line 1: no column 'statement'; the columns are {', '.join(header) or 'missing'}")
    unknown = [name for name in header if name not in KNOWN and not name.startswith(CUSTOM)]
    if unknown:
        notes.append(f"Columns left out: {', '.join(unknown)}.")
