"""Who must not judge a claim, and whether those who are checked are few: what readers ask of a desk.

What lives here: the verbs. What does not: that who recused cannot record a verdict (review.check_verdict, in the transaction),
counting (balance.py), why a claim is checked (desk_matters.py).
"""

from __future__ import annotations

from workbench import review
from workbench.balance import Balance, By, balance_of
from workbench.cases import Cases
from workbench.errors import Refused
from workbench.ledger import Ledger
from workbench.models import Case, RatingScale, Reviewer


class Impartiality:
    """The choice of claims and of who judges them, in one workspace."""

    def __init__(self, cases: Cases, ledger: Ledger, scale: RatingScale) -> None:
        self._cases = cases
        self._ledger = ledger
        self._scale = scale

    def recuse(self, claim_id: str, reviewer: Reviewer, reason: str) -> Case:
        """Record that a reviewer must not judge a claim, and why. What they recorded before stands until it is declared void.

        Raises: UnknownId, Refused without a reason or where they recused before.
        """
        if not reason.strip():
            hint = "Say in a few words what the conflict of interest is."
            raise Refused("A recusal needs its reason.", hint=hint, code="no_reason")
        event = self._cases.event(self._known(claim_id), "reviewer-recused", {"reason": reason.strip()}, actor=reviewer)
        self._ledger.append(event, review.check_recusal)
        return self._cases.get(claim_id)

    def take_back(self, claim_id: str, reviewer: Reviewer) -> Case:
        """Record that a reviewer's recusal no longer holds; both stay in the history. Raises: UnknownId, Refused."""
        event = self._cases.event(self._known(claim_id), "recusal-withdrawn", {}, actor=reviewer)
        self._ledger.append(event, review.check_recusal)
        return self._cases.get(claim_id)

    def balance(self, by: By) -> Balance:
        """Claims and ratings counted by claimant, affiliation or topic; retired claims are left out."""
        rows = [row for row in self._cases.rows().values() if not row.retired]
        return balance_of(rows, by, labels=[rating.label for rating in self._scale.ratings])

    def _known(self, claim_id: str) -> str:
        return self._cases.get(claim_id).claim.id
