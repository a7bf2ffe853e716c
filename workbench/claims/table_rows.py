"""Claims in a table: csv with commas, semicolons or tabs. All cells are text; a row of another length is never shifted."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from typing import TextIO

from workbench.cells import restore
from workbench.claims.columns import CUSTOM, KNOWN, Faults, Given, Problems, Row, from_columns

OF_AN_EXPORT = {"id", "statement", "cited_sources", "revision", "hash", "status"}  # columns of `workbench export --format csv`


def is_of_an_export(header: Sequence[str]) -> bool:
    """Whether a table with these columns is one that `workbench export` wrote."""
    return {name.strip().lower() for name in header} >= OF_AN_EXPORT


def csv_rows(given: Given, notes: list[str]) -> Iterator[Row]:
    """The rows of a table. Raises: Problems for a header that is off; at the end, for ragged rows, a missing quotation mark."""
    with given.lines() as lines:
        yield from _rows(lines, notes)


def _rows(lines: TextIO, notes: list[str]) -> Iterator[Row]:
    delimiter = _delimiter(lines.readline())
    lines.seek(0)
    if delimiter != ",":
        notes.append(f"The cells are separated by {'tabs' if delimiter == chr(9) else delimiter}.")
    reader = csv.reader(lines, strict=True, delimiter=delimiter)
    faults, number = Faults(), 0
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        _check_header(header, notes)
        read = restore if is_of_an_export(header) else str  # whoever else's apostrophe is kept: it is theirs
        for cells in reader:
            if not cells:
                continue
            number += 1
            place = f"row {number} (line {reader.line_num})"
            if len(cells) != len(header):
                faults.add(f"{place}: {len(cells)} cells where the header has {len(header)}")
                continue
            yield Row(place, from_columns(dict(zip(header, map(read, cells), strict=True))))
    except csv.Error as error:
        faults.add(f"line {reader.line_num}: {error}; a quotation mark may be missing")
    faults.check()


def _delimiter(header: str) -> str:
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
