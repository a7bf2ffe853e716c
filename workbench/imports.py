"""What importing a file of claims would do to a workspace, and doing it: all of it, or nothing.

What lives here: which claims are new, which stand here otherwise, which are left out and why. What does not: reading files
(claims/), storing (cases.py). A claim is changed only where its file in claims/ is as the app wrote it: a file that somebody
edited by hand is theirs.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from workbench.cases import Cases
from workbench.claims import read_import, slug_for, wording_of
from workbench.models import Case, Claim, ClaimChange, ImportPlan, NotImported, Reviewer
from workbench.settings import CustomField


class Imports:
    """Files of claims beside the claims of one workspace. fields: those it gives its claims."""

    def __init__(self, cases: Cases, fields: Sequence[CustomField] = ()) -> None:
        self._cases = cases
        self._fields = fields

    def plan(self, path: Path) -> ImportPlan:
        """What the file would add, change and leave out; nothing is stored. Raises: ClaimFileError listing every bad row."""
        found, cases = read_import(path, self._fields), self._cases.all()
        said = {wording_of(case.claim): case.claim.id for case in cases.values() if not case.retired}
        added: list[Claim] = []
        changed: list[ClaimChange] = []
        skipped: list[NotImported] = []
        taken = set(cases)
        for claim, place in zip(found.claims, found.places, strict=True):
            if claim.id in found.named and claim.id in cases:
                step = self._beside(claim, cases[claim.id], place)
                if isinstance(step, ClaimChange):
                    changed.append(step)
                else:
                    skipped.append(step)
            elif wording_of(claim) in said:
                same = said[wording_of(claim)]
                skipped.append(NotImported(place=place, claim_id=same, why=f"it says the same as {same}, which is here"))
            else:
                added.append(_with_free_id(claim, taken))
                taken.add(added[-1].id)
        return ImportPlan(added=tuple(added), changed=tuple(changed), skipped=tuple(skipped), notes=found.notes)

    def carry_out(self, plan: ImportPlan, *, actor: Reviewer) -> None:
        """Store what a plan says. Raises: ClaimFileError where the claims changed since it was made; then nothing is stored."""
        self._cases.add(plan.added, actor=actor, changed=[change.claim for change in plan.changed])

    def _beside(self, claim: Claim, case: Case, place: str) -> ClaimChange | NotImported:
        fields = tuple(name for name in Claim.model_fields if getattr(claim, name) != getattr(case.claim, name))
        if not fields:
            return NotImported(place=place, claim_id=claim.id, why="it is here already, as it is")
        if not self._cases.is_as_written(case):
            why = f"its {', '.join(fields)} differ here, and {claim.id} is not in a file of its own as written: change it there"
            return NotImported(place=place, claim_id=claim.id, why=why)
        return ClaimChange(claim=claim, fields=fields)


def _with_free_id(claim: Claim, taken: Collection[str]) -> Claim:
    return claim if claim.id not in taken else claim.model_copy(update={"id": slug_for(claim.statement, taken)})
