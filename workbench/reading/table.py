"""Data tables as text (.csv, .tsv): every record a passage of its own, under the names of its columns.

What lives here: text -> rows of cells. What does not: the words of a row (records.py). A file does not say what divides its
columns; it is decided by what gives the first rows the same number of cells, and said where something else would do as well.
A cell is what stands between the dividers, to the letter: 007 stays 007, NA stays NA, `=SUM(A1)` is eight characters.
"""

from __future__ import annotations

import collections
import csv
import itertools
import re
from collections.abc import Iterator
from typing import NamedTuple

from workbench.errors import FileFailure
from workbench.reading.records import Records, Row, filled
from workbench.reading.text import MAX_CHARACTERS, Reading, clean, decode, remarks, web_page_by_its_looks

REVISION = 1  # of this reader; raise it when the text it gives for some file changes
SAMPLE_CHARACTERS = 200_000  # of a file's start, by which the divider is decided
SAMPLE_ROWS = 100
MAX_NAMED = 10  # rows in a warning; the rest are counted

# Where two fit equally the first is taken: commas also stand in figures and sentences, tabs hardly ever do. (csv.Sniffer takes
# any character for a divider, letters too, and gives up where quoted cells are rare.)
_DIVIDERS = {"\t": "tabs", ";": "semicolons", "|": "vertical bars", ",": "commas"}
_LINE = re.compile(r"[^\n]*\n|[^\n]+")


class Division(NamedTuple):
    """How the first rows are divided into cells. share: of rows that have `width` cells.

    quotes_fit: whether every quoted cell ends at a divider. rivals: dividers that fit as well.
    """

    divider: str
    width: int
    share: float = 1.0
    quotes_fit: bool = True
    rivals: tuple[str, ...] = ()


def read(data: bytes, name: str) -> Reading:
    """A .csv or .tsv file. Raises: FileFailure malformed_csv, too_complex, and those of decode."""
    decoded, warnings = decode(data, name)
    if len(decoded) > MAX_CHARACTERS:
        raise FileFailure(
            f"{name}: {len(decoded):,} characters; at most {MAX_CHARACTERS:,} are read.",
            hint="Split the table into files of fewer rows, and add those.",
            code="too_complex",
        )
    text, nuls = clean(decoded)
    warnings += web_page_by_its_looks(text, "a table")
    csv.field_size_limit(MAX_CHARACTERS)  # no cell is longer than the file; the default, 131,072, is what a pasted article has
    division = divide(text, "\t" if name.lower().endswith(".tsv") else ",")
    ragged: list[int] = []
    records = Records(name)
    warnings += records.add_table(filled(_rows(text, division, name, ragged)), label="row ")
    warnings += _doubts(division, ragged, len(records.places))
    whole = records.text
    return Reading(whole, records.places, "table", f"csv + {REVISION}", warnings=(*warnings, *remarks(whole, nuls)))


def divide(text: str, usual: str) -> Division:
    """What divides the columns of a table: what gives most of its first rows the same number of cells, two or more.

    usual: by the file's suffix; taken where nothing does, because there is one column. A .tsv keeps to tabs unless something
    else divides all rows alike: sentences have commas too.
    """
    sample = text[:SAMPLE_CHARACTERS]
    if len(sample) < len(text):
        sample = sample[: sample.rfind("\n") + 1] or sample
    fits = [_fit(sample, divider) for divider in _DIVIDERS]
    best = max(fits, key=lambda fit: (fit.share, fit.quotes_fit))
    if not best.share or (usual == "\t" != best.divider and best.share < 1):
        return next((fit for fit in fits if fit.divider == usual and fit.share), Division(usual, 1))
    rivals = tuple(fit.divider for fit in fits if fit is not best and fit[2:4] == best[2:4])
    return best._replace(rivals=rivals)


def _fit(sample: str, divider: str) -> Division:
    lines = _LINE.findall(sample)
    widths = [len(cells) for cells in itertools.islice(csv.reader(lines, delimiter=divider), SAMPLE_ROWS) if cells]
    counted = collections.Counter(width for width in widths if width > 1).most_common(1)
    if not counted:
        return Division(divider, 1, 0.0)
    quotes_fit = True
    try:
        collections.deque(itertools.islice(csv.reader(lines, delimiter=divider, strict=True), SAMPLE_ROWS), maxlen=0)
    except csv.Error:
        quotes_fit = False
    return Division(divider, counted[0][0], counted[0][1] / len(widths), quotes_fit)


def _rows(text: str, division: Division, name: str, ragged: list[int]) -> Iterator[Row]:
    """Every record of the file, blank lines too: they are numbered as spreadsheet programs do. ragged: grows meanwhile."""
    reader = csv.reader((found[0] for found in _LINE.finditer(text)), delimiter=division.divider, strict=True)
    line = 1
    try:
        for number, cells in enumerate(reader, start=1):
            if cells and len(cells) != division.width:
                ragged.append(number)
            yield Row(number, cells)
            line = reader.line_num + 1
    except csv.Error as error:
        is_open = "unexpected end of data" in str(error)
        why = "a quotation mark in it is opened and never closed" if is_open else f"its quotation marks do not fit ({error})"
        raise FileFailure(
            f"{name}: the row that begins on line {line} cannot be read: {why}.",
            hint="Mend that line in a text editor (a quotation mark inside a quoted cell is written twice), or save the table "
            "again from the program it came from.",
            code="malformed_csv",
        ) from error


def _doubts(division: Division, ragged: list[int], rows: int) -> list[str]:
    """What to say of rows and columns that were not clear."""
    said = []
    if division.rivals:
        taken, others = _DIVIDERS[division.divider], " or ".join(_DIVIDERS[each] for each in division.rivals)
        said.append(f"columns were divided at {taken} ({rows:,} rows, {division.width} cells each); {others} would fit as well")
    if ragged:
        more = f" and {len(ragged) - MAX_NAMED:,} more" if len(ragged) > MAX_NAMED else ""
        named = ", ".join(map(str, ragged[:MAX_NAMED]))
        said.append(f"rows with more or fewer cells than {division.width}: {named}{more}")
    return said
