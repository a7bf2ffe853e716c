"""From a settled verdict to its readers: signed off, ready, embargoed, published, corrected, retracted.

What lives here: the verbs. What does not: what each must satisfy (review/publishing.py, in the transaction). A correction, a
clarification or an update is a new revision with a note for readers: it is recorded like any verdict (Desk.record).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from workbench import review
from workbench.cases import Cases
from workbench.ledger import Check, Ledger
from workbench.models import Case, PublicChange, Reviewer
from workbench.settings import Policy


class Publishing:
    """What leaves the desk of one workspace, and by whose word. Every verb raises UnknownId for a claim there is not."""

    def __init__(self, cases: Cases, ledger: Ledger, policy: Policy, now: Callable[[], datetime]) -> None:
        self._cases = cases
        self._ledger = ledger
        self._policy = policy
        self._now = now

    def hindrances(self, case: Case) -> list[review.Hindrance]:
        """What keeps the verdict that counts from readers now; empty where nothing does."""
        return review.hindrances(case, self._policy, self._now())

    def is_embargoed(self, case: Case) -> bool:
        """Whether an embargo on the claim holds now."""
        return case.is_embargoed(self._now())

    def sign_off(self, claim_id: str, signs_as: str, *, actor: Reviewer, seen: str | None = None) -> Case:
        """Sign the verdict that counts. seen: hash of the one that was read, or its beginning. Raises: Refused, Conflict."""
        return self._append(claim_id, "signed-off", actor, review.check_sign_off(signs_as, self._policy, seen))

    def withdraw_sign_off(self, claim_id: str, signs_as: str, *, actor: Reviewer) -> Case:
        """Take a sign-off back; both stay in the history. Raises: Refused."""
        return self._append(claim_id, "sign-off-withdrawn", actor, review.check_sign_off_withdrawn(signs_as))

    def call_ready(self, claim_id: str, *, actor: Reviewer) -> Case:
        """Say that the verdict that counts is ready to be published. Raises: Refused where a sign-off is missing."""
        return self._append(claim_id, "verdict-ready", actor, review.check_ready(self._policy))

    def embargo(self, claim_id: str, until: datetime, *, actor: Reviewer, reason: str = "") -> Case:
        """Keep the claim's verdict from readers until then, whatever revision counts. Raises: Refused."""
        return self._append(claim_id, "embargo-set", actor, review.check_embargo(until, reason))

    def lift_embargo(self, claim_id: str, *, actor: Reviewer) -> Case:
        """End the embargo before its time. Raises: Refused where none holds."""
        return self._append(claim_id, "embargo-lifted", actor, review.check_embargo_lifted)

    def publish(self, claim_id: str, url: str, *, actor: Reviewer) -> Case:
        """Record where the verdict that counts was published. Raises: Refused where something keeps it from readers."""
        return self._append(claim_id, "verdict-published", actor, review.check_publish(url, self._policy))

    def retract(self, claim_id: str, note: str, *, actor: Reviewer) -> Case:
        """Take back what was published, with a note for its readers; no verdict given before counts. Raises: Refused."""
        return self._append(claim_id, "verdict-retracted", actor, review.check_retract(note))

    def corrections(self) -> list[PublicChange]:
        """Every change that readers were told of, in the whole workspace, newest first; none that is not public yet."""
        book = self._cases.all()
        judged = book.walk([row.claim_id for row in book.rows.values() if row.has_verdict])
        told = (one for case in judged for one in case.changes if one.is_public)
        return sorted(told, key=lambda one: one.at, reverse=True)

    def _append(self, claim_id: str, kind: str, actor: Reviewer, check: Check) -> Case:
        known = self._cases.get(claim_id).claim.id
        self._ledger.append(self._cases.event(known, kind, {}, actor=actor), check)
        return self._cases.get(claim_id)
