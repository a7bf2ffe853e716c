"""A table of queries in, a table of hits out: one row for each hit, and one for each query that has none or cannot be searched.

What lives here: reading the rows, and the cells of what was found. What does not: searching, and which rows share a batch
(the caller's). Read and written row by row: neither table is ever whole in memory. Cells are neutralised as a report's are.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol, TextIO

from pydantic import ValidationError

from workbench.cells import neutralise
from workbench.errors import UsageError, WorkbenchError
from workbench.exports.tables import date_cell
from workbench.models import Filters, Hit, SearchReceipt, SearchResult
from workbench.reading.formats import media_types

CELLS = ("query", "also", "after", "before", "publisher", "language", "kind", "type", "topic", "id", "k")
LISTED = {"publisher": "publishers", "language": "languages", "kind": "kinds", "topic": "topics"}
NO_FILTERS = Filters()
BETWEEN = "|"  # between several values of one cell
AT_ONCE = 64  # rows whose queries are encoded in one batch
MOST_HITS = 1000  # as --k allows
COLUMNS = (
    *("row", "id", "query", "rank", "path", "title", "page", "text", "passage_id", "sha256", "score"),
    *("publisher", "published_on", "url", "stands", "note"),
    *("mode", "read_as", "sources_searched", "passages_searched", "left_out", "index", "model", "warnings", "searched_at"),
)


@dataclass(frozen=True)
class AskedRow:
    """One row of queries. row: 1 is the first after the header. k: None where the table does not say."""

    row: int
    query: str
    id: str = ""
    also: tuple[str, ...] = ()
    filters: Filters = NO_FILTERS
    k: int | None = None


@dataclass(frozen=True)
class BadRow:
    """A row that cannot be searched for, and why."""

    row: int
    query: str
    id: str
    error: WorkbenchError


class Find(Protocol):
    """What finds: `Desk.find`, with the mode filled in."""

    def __call__(self, text: str, *, also: Sequence[str], k: int | None, filters: Filters) -> SearchResult:
        """Passages for a text."""


@dataclass(frozen=True)
class Answer:
    """What became of one row: what was found, or why nothing was looked for."""

    asked: AskedRow | BadRow
    result: SearchResult | None
    error: WorkbenchError | None = None


def read_queries(table: TextIO, *, usual: Filters = NO_FILTERS, notes: list[str]) -> Iterator[AskedRow | BadRow]:
    """The rows of a csv file (commas, semicolons or tabs) with a column `query`; what is off with one is said of that one.

    usual: the filters of a row that names none of its own. notes: gets a sentence for what was left out of the file.
    Raises: UsageError where the file is no such table.
    """
    try:
        header_line = table.readline()
        delimiter = max((",", ";", "\t"), key=header_line.count)
        header = [name.strip().casefold() for name in next(csv.reader([header_line], delimiter=delimiter), [])]
        _check(header, notes)
        reader = csv.reader(table, strict=True, delimiter=delimiter)
        number = 0
        for cells in reader:
            if any(cell.strip() for cell in cells):
                number += 1
                yield _row(number, header, cells, usual)
    except UnicodeDecodeError as error:
        raise UsageError("The queries are not UTF-8 text.", hint="Save the file as CSV UTF-8.", code="bad_table") from error
    except csv.Error as error:
        message = f"The table of queries cannot be read further than row {number}: {error}; a quotation mark may be missing."
        hint = "Mend the row after it. The rows before it were searched."
        yield BadRow(number + 1, "", "", WorkbenchError(message, hint=hint, code="bad_table"))


def _check(header: Sequence[str], notes: list[str]) -> None:
    if "query" not in header:
        named = ", ".join(header) or "missing"
        hint = f"Name the columns in the first line: {', '.join(CELLS)}; all but query may be left out."
        raise UsageError(f"The table has no column 'query'; its columns are {named}.", hint=hint, code="bad_table")
    twice = next((name for name in header if header.count(name) > 1), None)
    if twice is not None:
        raise UsageError(f"The column {twice!r} is there twice.", hint="Keep one of them.", code="bad_table")
    unknown = [name for name in header if name not in CELLS]
    if unknown:
        notes.append(f"Columns left out: {', '.join(unknown)}.")


def _row(number: int, header: Sequence[str], cells: Sequence[str], usual: Filters) -> AskedRow | BadRow:
    said = {name: cell.strip() for name, cell in zip(header, cells, strict=False) if cell.strip()}
    query, id_ = said.get("query", ""), said.get("id", "")
    try:
        if len(cells) != len(header):
            raise WorkbenchError(
                f"{len(cells)} cells where the header has {len(header)}.", hint="Mend the row.", code="bad_row"
            )
        if not query:
            raise WorkbenchError("The row has no query.", hint="Write what to look for.", code="empty_query")
        return AskedRow(number, query, id_, _several(said.get("also", "")), _filters(said, usual), _k(said.get("k")))
    except ValidationError as error:
        problem = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        return BadRow(number, query, id_, WorkbenchError(f"{problem}.", hint="Mend the cell.", code="bad_row"))
    except WorkbenchError as error:
        return BadRow(number, query, id_, error)


def _several(cell: str) -> tuple[str, ...]:
    return tuple(part for one in cell.split(BETWEEN) if (part := one.strip()))


def _filters(said: dict[str, str], usual: Filters) -> Filters:
    values: dict[str, Any] = {field: _several(said[name]) for name, field in LISTED.items() if name in said}
    values |= {name: said[name] for name in ("after", "before") if name in said}
    if "type" in said:
        values["media"] = tuple(one for kind in _several(said["type"]) for one in media_types(kind))
    return Filters.model_validate({**usual.model_dump(), **values}) if values else usual


def _k(cell: str | None) -> int | None:
    if cell is None:
        return None
    if not cell.isascii() or not cell.isdecimal() or not 1 <= int(cell) <= MOST_HITS:
        raise WorkbenchError(f"k is {cell!r}.", hint=f"Write a number from 1 to {MOST_HITS}.", code="bad_row")
    return int(cell)


def batches(rows: Iterable[AskedRow | BadRow]) -> Iterator[list[AskedRow | BadRow]]:
    """The rows, some at a time."""
    left = iter(rows)
    while some := list(islice(left, AT_ONCE)):
        yield some


def answered(rows: Iterable[AskedRow | BadRow], find: Find) -> Iterator[Answer]:
    """What became of each row, in order. A query that cannot be read is that row's failure; a stale index ends it all."""
    for row in rows:
        if isinstance(row, BadRow):
            yield Answer(row, None, row.error)
            continue
        try:
            yield Answer(row, find(row.query, also=row.also, k=row.k, filters=row.filters))
        except WorkbenchError as error:
            if error.code not in ("bad_query", "empty_query"):
                raise
            yield Answer(row, None, error)


class HitTable:
    """Writes hits as csv: UTF-8 for a spreadsheet, CR LF, every cell quoted. Open the file with newline="" and utf-8-sig."""

    def __init__(self, file: TextIO) -> None:
        self._writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        self._writer.writerow(COLUMNS)

    def add(self, answer: Answer) -> None:
        """One row for each hit; one with a note where there is none."""
        asked, result = answer.asked, answer.result
        shared = {"row": str(asked.row), "id": asked.id, "query": asked.query}
        if result is None:
            error = answer.error
            self._write(shared | {"note": f"Not searched: {error.message if error else ''}"})
            return
        shared |= _facts(result.receipt)
        if not result.hits:
            self._write(shared | {"note": "No passage was found."})
        for hit in result.hits:
            self._write(shared | _cells(hit))

    def _write(self, cells: dict[str, str]) -> None:
        self._writer.writerow([neutralise(cells.get(name, "")) for name in COLUMNS])


def _cells(hit: Hit) -> dict[str, str]:
    return {
        "rank": str(hit.rank),
        "path": hit.path,
        "title": hit.title,
        "page": hit.page or "",
        "text": hit.text,
        "passage_id": hit.passage_id,
        "sha256": hit.sha256,
        "score": f"{hit.score:.6f}",
        "publisher": hit.publisher or "",
        "published_on": date_cell(hit.published_on),
        "url": hit.url or "",
        "stands": hit.stands,
        "note": f"{len(hit.similar)} more say the same" if hit.similar else "",
    }


def _facts(receipt: SearchReceipt) -> dict[str, str]:
    """What the receipt says of a search, in cells."""
    left_out = receipt.undated_left_out + sum(receipt.unsaid_left_out.values())
    waiting = [f"{len(receipt.waiting)} file(s) waiting to be taken in"] if receipt.waiting else []
    unread = [f"{len(receipt.unread)} file(s) could not be read"] if receipt.unread else []
    return {
        "mode": receipt.mode,
        "read_as": "; ".join(receipt.read_as),
        "sources_searched": str(receipt.sources_searched),
        "passages_searched": str(receipt.passages_searched),
        "left_out": f"{left_out} source(s) that do not say" if left_out else "",
        "index": receipt.generation or "",
        "model": receipt.model_fingerprint or "",
        "warnings": " ".join([*receipt.warnings, *(f"{one}." for one in (*waiting, *unread))]),
        "searched_at": receipt.created_at.isoformat(),
    }
