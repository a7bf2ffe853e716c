"""What an intake did with every file, as a table for a spreadsheet or as JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence

from workbench.cells import neutralise
from workbench.errors import UsageError
from workbench.tally import FileRow

FORMS = (".csv", ".json")


def form_of(suffix: str) -> str:
    """The form a file name asks for. Raises: UsageError for another one."""
    if suffix.lower() not in FORMS:
        raise UsageError(f"A report cannot be written as {suffix or 'a file without suffix'}.", hint="Name it .csv or .json.")
    return suffix.lower()


def write_rows(rows: Sequence[FileRow], form: str) -> bytes:
    """One row a file, in the order given. csv: as a spreadsheet wants it, no cell a formula."""
    if form == ".json":
        files = [row.model_dump(mode="json") for row in rows]
        return (json.dumps({"files": files}, ensure_ascii=False, indent=1) + "\n").encode()
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(FileRow.model_fields)
    for row in rows:
        cells = {**row.model_dump(), "warnings": "; ".join(row.warnings)}
        writer.writerow([neutralise("" if cell is None else str(cell)) for cell in cells.values()])
    return text.getvalue().encode("utf-8-sig")
