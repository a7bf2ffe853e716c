"""Rows of cells -> text in which every row is a record of its own, and can be understood alone.

What lives here: which row names the columns, the words of a row (`Date: 27 March 2021; Killed: 114; Place: Yangon`), the limits
of a table. What does not: cells out of bytes (table.py, spreadsheet.py). Cells are never interpreted: what they hold is written
as it stands. A row that may be data is read as data, because a row taken for names would not be found any more.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from workbench.errors import FileFailure
from workbench.models import Place
from workbench.reading.text import MAX_CHARACTERS

MAX_ROWS = 200_000  # each has a mark; more would cost more memory than the text itself, and without marks no row could be cited
MAX_TITLE_ROWS = 10  # rows of one cell (a title, a note) that may stand above the names of the columns

_YEAR_OR_DATE = re.compile(r"[12]\d{3}(?:[-/]\d{1,2})?|\d{1,4}([-/.])\d{1,2}\1\d{1,4}")


class Row(NamedTuple):
    """A row with something in it. number: as the table counts its rows, from 1. cells: verbatim, "" where empty."""

    number: int
    cells: Sequence[str]


class Records:
    """The text of a file's rows, growing table by table, and the place of each row in it. name: of the file, for failures."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._parts: list[str] = []
        self._length = 0
        self._places: list[Place] = []

    @property
    def text(self) -> str:
        """The rows in order, with a blank line between them: no sentence goes from one to the next."""
        return "\n\n".join(self._parts)

    @property
    def places(self) -> tuple[Place, ...]:
        """One record per row, labelled."""
        return tuple(self._places)

    def add_table(self, rows: Iterable[Row], *, label: str, first_column: int = 0) -> list[str]:
        """Add every row but the one that names the columns; what to say of the choice, where it was in doubt.

        label: what goes before a row's number. first_column: of the cells, 0 for A. Raises: FileFailure too_complex.
        """
        rows = iter(rows)
        head = list(itertools.islice(rows, MAX_TITLE_ROWS + 2))
        if not head:
            return []
        at = _where_names_may_stand(head)
        names = _column_names(head[at].cells) if at + 1 < len(head) else None
        lettered = _Names((), first_column)
        above, below = (head[:at], head[at + 1 :]) if names else (head, [])
        for row in above:
            self._add(row, lettered, label)
        named = _Names(names, first_column) if names else lettered
        for row in itertools.chain(below, rows):
            self._add(row, named, label)
        if not names:
            return [f"{label}{head[at].number} was read as data, not as names; columns are named by letter"]
        return [f"the names of the columns were taken from {label}{head[at].number}"] if at else []

    def _add(self, row: Row, names: _Names, label: str) -> None:
        pairs = zip(names.of(len(row.cells)), row.cells, strict=False)
        text = "; ".join([f"{name}: {value}" for name, value in pairs if value and not value.isspace()])
        start = self._length + 2 if self._parts else 0
        self._length = start + len(text)
        if len(self._parts) == MAX_ROWS or self._length > MAX_CHARACTERS:
            what = f"more than {MAX_ROWS:,} rows" if len(self._parts) == MAX_ROWS else "too much text in its rows"
            raise FileFailure(
                f"{self._name}: {what}; at most {MAX_ROWS:,} rows and {MAX_CHARACTERS:,} characters, the names of the columns "
                "included, are read, so that each row can be cited.",
                hint="Split the table into files of fewer rows, or keep the rows and columns that matter, and add those.",
                code="too_complex",
            )
        self._parts.append(text)
        self._places.append(Place(start=start, end=self._length, kind="record", label=f"{label}{row.number}"))


def filled(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows in which something can be seen."""
    return (row for row in rows if any(value and not value.isspace() for value in row.cells))


def column_letters(column: int) -> str:
    """A for 0, Z for 25, AA for 26: as spreadsheet programs name columns."""
    letters = ""
    left = column + 1
    while left:
        left, letter = divmod(left - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


class _Names:
    """The name of each column of a table: the one it has, else its letters."""

    def __init__(self, stated: Sequence[str], first_column: int) -> None:
        self._first = first_column
        self._known = [name or column_letters(first_column + column) for column, name in enumerate(stated)]

    def of(self, columns: int) -> list[str]:
        """The names of so many columns, or of more."""
        while len(self._known) < columns:
            self._known.append(column_letters(self._first + len(self._known)))
        return self._known


def _where_names_may_stand(head: Sequence[Row]) -> int:
    """The first row with more than one cell, where most have more than one; else the first row."""
    wide = [at for at, row in enumerate(head) if sum(map(bool, row.cells)) > 1]
    return wide[0] if len(wide) * 2 > len(head) and wide[0] <= MAX_TITLE_ROWS else 0


def _column_names(cells: Sequence[str]) -> tuple[str, ...] | None:
    """The names of the columns that a row states; None where it may be a row of data.

    Names have no gaps but at the ends (the column of row names often has none) and are not repeated. Figures are data, unless
    they are several and all years or dates: tables have one column a year, and most rows of data have other figures.
    """
    names = [" ".join(cell.split()).rstrip(": ") for cell in cells]
    while names and not names[-1]:
        names.pop()
    if not all(names[1:]) or len({name.casefold() for name in names}) < len(names):
        return None
    figures = [name for name in names if any(map(str.isdigit, name)) and not any(map(str.isalpha, name))]
    dated = len(figures) > 1 and all(map(_YEAR_OR_DATE.fullmatch, figures))
    return None if figures and not dated else tuple(names)
