"""Judging: what the events of a claim add up to, and what a save must satisfy. Pure: no disk, no clock, no network.

    fold.py         events to a Case
    policy.py       the save of a verdict: the policy as a checklist, repeated saves, stale ones
    recusal.py      who must not judge
    withdrawal.py   declaring a verdict void
    publishing.py   where a verdict was published

What does not live here: how events are stored (ledger/) or shown.
"""

from workbench.review.fold import CLAIM_STATED, claim_as_stated, fold_case, latest_revision, reviewer_key, stored_verdict
from workbench.review.policy import answer_replay, check_verdict, checklist
from workbench.review.publishing import check_publish
from workbench.review.recusal import check_recusal
from workbench.review.withdrawal import check_void

__all__ = [
    "CLAIM_STATED",
    "answer_replay",
    "check_publish",
    "check_recusal",
    "check_verdict",
    "check_void",
    "checklist",
    "claim_as_stated",
    "fold_case",
    "latest_revision",
    "reviewer_key",
    "stored_verdict",
]
