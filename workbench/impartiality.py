"""Why a claim is checked, who must not judge it, and whether those who are checked are few: what readers ask of a desk.

What lives here: the verbs. What does not: that who recused cannot record a verdict (review.check_verdict, in the transaction),
counting (balance.py).
"""

from __future__ import annotations

from workbench import review
from workbench.balance import Balance, By, balance_of
from workbench.cases import Cases
from workbench.errors import ClaimFileError, Refused
from workbench.ledger import Ledger
from workbench.models import Case, Claim, RatingScale, Reviewer


class Impartiality:
    """The choice of claims and of who judges them, in one workspace."""

    def __init__(self, cases: Cases, ledger: Ledger, scale: RatingScale) -> None:
        self._cases = cases
        self._ledger = ledger
        self._scale = scale

    def say_why(self, claim_id: str, why: str, *, actor: Reviewer) -> Case:
        """Record why a claim is checked, in its file too; no verdict is changed by it. An empty text takes the reason out.

        Raises: UnknownId; ClaimFileError where the claim's file is a person's own, which is never rewritten.
        """
        case = self._cases.get(claim_id)
        said = why.strip() or None
        if said == case.claim.why_checked:
            return case
        stated = review.claim_as_stated(case.events)
        if stated is None or not self._cases.is_as_written(case):
            raise ClaimFileError(
                f"{claim_id} is not in a file of its own as the workbench wrote it, and no other is rewritten.",
                hint="Write the reason into its claim file, under why_checked; it is taken in by itself.",
                code="hand_written",
            )
        self._cases.add([], changed=[Claim.model_validate(stated.model_dump() | {"why_checked": said})], actor=actor)
        return self._cases.get(claim_id)

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
        return balance_of(self._cases.select(), by, labels=[rating.label for rating in self._scale.ratings])

    def _known(self, claim_id: str) -> str:
        return self._cases.get(claim_id).claim.id
