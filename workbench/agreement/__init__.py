"""How far reviewers agree, and on which evidence: worked out from first verdicts, round by round.

    coefficients.py   percent, kappa, alpha, AC1 and AC2, from the papers, with their intervals
    evidence.py       which passages several reviewers cite
    of_verdicts.py    what is compared, and what it comes to

What does not live here: settling a disagreement (review/adjudication.py), showing any of it.
"""

from __future__ import annotations

import threading

from workbench.agreement.of_verdicts import (
    Coefficient,
    EvidenceAgreement,
    FieldAgreement,
    PairAgreement,
    Round,
    first_verdicts,
    rounds_of,
)
from workbench.cases import Cases
from workbench.models import RatingScale

__all__ = [
    "Agreement",
    "Coefficient",
    "EvidenceAgreement",
    "FieldAgreement",
    "PairAgreement",
    "Round",
    "first_verdicts",
    "rounds_of",
]


class Agreement:
    """How far the reviewers of one workspace agree. Safe to share between threads."""

    def __init__(self, cases: Cases, scale: RatingScale) -> None:
        self._cases = cases
        self._scale = scale
        self._lock = threading.Lock()
        self._held: tuple[object, tuple[Round, ...]] | None = None

    def rounds(self) -> tuple[Round, ...]:
        """The rounds in which any claim was judged by two people or more, the newest first; kept while nothing changes."""
        cases = self._cases.all()
        with self._lock:
            if self._held is None or self._held[0] is not cases:
                judged = [row.claim_id for row in cases.rows.values() if row.has_verdict]
                self._held = (cases, rounds_of(cases.walk(judged), self._scale))
            return self._held[1]
