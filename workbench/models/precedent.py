"""Claims beside other claims: how near they are, what was decided, what a person said of the pair."""

from __future__ import annotations

from typing import Literal

from workbench.models.claim import Claim
from workbench.models.record import Record, Status
from workbench.models.search import Finding, Stands
from workbench.models.verdict import StoredVerdict

Likeness = Literal["near-certain", "similar", "differs"]
Judged = Literal["same", "different"]


class Precedent(Record):
    """A claim that is like another one, with what stands for it.

    likeness: "near-certain" where the two say the same as far as words and the lens can tell, "differs" where the lens sees
    another figure, date, name or a denial: those are never called the same. score: what they are ranked by. cosine: of the two
    in the model, None where it did not look. judged: what a person said of the pair, None where nobody has.
    """

    claim: Claim
    status: Status
    counting: StoredVerdict | None = None
    score: float
    cosine: float | None = None
    likeness: Likeness
    lens: tuple[Finding, ...] = ()
    stands: Stands = "silent"
    judged: Judged | None = None


class PrecedentAlarm(Record):
    """Two decided claims whose verdicts do not go together. kind: like claims rated apart, or opposite ones rated alike."""

    kind: Literal["rated-apart", "opposites-rated-alike"]
    precedent: Precedent
