"""What importing a file of claims would do to a workspace, and doing it: all of it, or nothing, in flat memory.

What lives here: which claims are new, which stand here otherwise, which are left out and why; workbooks as tables. What does
not: reading files (claims/), storing (cases.py). A claim is changed only where its file in claims/ is as the app wrote it: a
file that somebody edited by hand is theirs. What a plan holds lies on disk until nobody looks at it any more.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import TypeVar

from workbench.casebook import AT_ONCE, Casebook
from workbench.cases import Cases
from workbench.cells import neutralise
from workbench.claims import FoundClaim, is_of_an_export, read_import
from workbench.errors import ClaimFileError, FileFailure
from workbench.models import Case, Claim, ClaimChange, NotImported, Record, Reviewer
from workbench.settings import CustomField
from workbench.spool import Spool

R = TypeVar("R", bound=Record)
WORKBOOK = ".xlsx"
MAX_WORKBOOK = 50_000_000  # bytes


@dataclass(frozen=True)
class ImportPlan:
    """What importing a file does, all of it or nothing: what is added, changed, left out and why; notes are on the file.

    The three are sequences on disk: how many there are is known at once, and a page of one is read when it is asked for.
    """

    added: Sequence[Claim]
    changed: Sequence[ClaimChange]
    skipped: Sequence[NotImported]
    notes: tuple[str, ...] = ()


class Imports:
    """Files of claims beside the claims of one workspace. fields: those it gives its claims. folder: for plans, on its disk."""

    def __init__(self, cases: Cases, fields: Sequence[CustomField] = (), *, folder: Path) -> None:
        self._cases = cases
        self._fields = fields
        self._folder = folder

    def plan(self, path: Path) -> ImportPlan:
        """What the file would add, change and leave out; nothing is stored. Raises: ClaimFileError listing every bad row."""
        if path.suffix.lower() == WORKBOOK:
            with tempfile.TemporaryDirectory(dir=self._folder) as folder:
                return self._planned(_as_table(path, Path(folder)))
        return self._planned(path)

    def carry_out(self, plan: ImportPlan, *, actor: Reviewer) -> None:
        """Store what a plan says. Raises: ClaimFileError where the claims changed since it was made; then nothing is stored."""
        self._cases.add(plan.added, actor=actor, changed=[change.claim for change in plan.changed])

    def _planned(self, path: Path) -> ImportPlan:
        notes: list[str] = []
        book = self._cases.all()
        said = {row.wording: row.claim_id for row in book.rows.values() if not row.retired}
        added, changed, skipped = self._spool(Claim), self._spool(ClaimChange), self._spool(NotImported)
        for found, case in self._with_cases(read_import(path, self._fields, notes=notes, taken=book), book):
            if case is not None:
                step = self._beside(found.claim, case, found.place)
                if isinstance(step, ClaimChange):
                    changed.append(step)
                else:
                    skipped.append(step)
            elif (same := said.get(found.wording)) is not None:
                why = f"it says the same as {same}, which is here"
                skipped.append(NotImported(place=found.place, claim_id=same, why=why))
            else:
                added.append(found.claim)
        return ImportPlan(added, changed, skipped, tuple(notes))

    def _spool(self, record: type[R]) -> Spool[R]:
        return Spool(self._folder, dump=lambda one: one.model_dump_json().encode(), load=record.model_validate_json)

    def _with_cases(self, found: Iterator[FoundClaim], book: Casebook) -> Iterator[tuple[FoundClaim, Case | None]]:
        """Each claim with the case of the id that the file gives it, where there is one; some cases are opened at a time."""
        while part := list(islice(found, AT_ONCE)):
            here = [one.claim.id for one in part if one.is_named and one.claim.id in book]
            cases = dict(zip(here, book.walk(here), strict=True))
            yield from ((one, cases.get(one.claim.id) if one.is_named else None) for one in part)

    def _beside(self, claim: Claim, case: Case, place: str) -> ClaimChange | NotImported:
        fields = tuple(name for name in Claim.model_fields if getattr(claim, name) != getattr(case.claim, name))
        if not fields:
            return NotImported(place=place, claim_id=claim.id, why="it is here already, as it is")
        if not self._cases.is_as_written(case):
            why = f"its {', '.join(fields)} differ here, and {claim.id} is not in a file of its own as written: change it there"
            return NotImported(place=place, claim_id=claim.id, why=why)
        return ClaimChange(claim=claim, fields=fields)


def _as_table(path: Path, folder: Path) -> Path:
    """The first sheet of a workbook as a table of the same name in `folder`. Raises: ClaimFileError for what is no workbook."""
    from workbench.reading.spreadsheet import first_sheet

    table = folder / f"{path.stem}.csv"
    try:
        if path.stat().st_size > MAX_WORKBOOK:
            raise ClaimFileError(
                f"{path.name} is larger than {MAX_WORKBOOK // 1_000_000} MB.",
                hint="Save it as csv, or split it.",
                code="import",
            )
        rows = first_sheet(path.read_bytes(), path.name)
        header = next(rows, [])
        spelled = neutralise if is_of_an_export(header) else str  # as its csv is, whose reader takes the apostrophes away
        with table.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(chain([header], ([*map(spelled, cells)] for cells in rows)))
    except FileFailure as error:
        raise ClaimFileError(error.message, hint="Save the table as csv, and import that.", code="import") from error
    except OSError as error:
        raise ClaimFileError(
            f"{path.name} cannot be read ({error.strerror}).", hint="Mend the rows named; nothing was imported.", code="import"
        ) from error
    return table
