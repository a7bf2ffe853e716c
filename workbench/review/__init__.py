"""Judging: what the events of a claim add up to, and what a save must satisfy. Pure: no disk, no clock, no network.

    fold.py         events to a Case
    blind.py        the case as one person may read it, who has not judged it yet
    policy.py       the save of a verdict: the policy as a checklist, repeated saves, stale ones
    adjudication.py what a referee decides between
    asking.py       who was asked, and whether somebody named was
    rounds.py       which judgements were made under the same rules
    recusal.py      who must not judge
    withdrawal.py   declaring a verdict void
    public.py       events to the public side of a Case: signed off, embargoed, published, changed, retracted
    publishing.py   what stands between a verdict and its readers, and what each step must satisfy
    confirmation.py a verdict that stands although what it cites changed, or new evidence came in
    assignment.py   who is to judge a claim, and what people say of it at the desk
    desk_matters.py the fold of that: whose word counts

What does not live here: how events are stored (ledger/) or shown.
"""

from workbench.review.adjudication import disputed, ruling
from workbench.review.asking import check_asked, check_changed, check_withdrawn
from workbench.review.assignment import (
    check_assign,
    check_end,
    check_matters,
    check_retire,
    check_take,
    check_topics,
)
from workbench.review.blind import NEUTRAL, SIMILARITY_JUDGED, called_the_same, is_hidden, may_read, seen_by
from workbench.review.confirmation import check_answer, check_confirmation
from workbench.review.desk_matters import AFFILIATION, MATTERS, values_of, with_matters
from workbench.review.fold import (
    CLAIM_STATED,
    claim_as_stated,
    current_verdicts,
    fold_case,
    latest_revision,
    reviewer_key,
    reviews_missing,
    ruling_of,
    stored_verdict,
)
from workbench.review.policy import Judgement, answer_replay, check_verdict, checklist
from workbench.review.publishing import (
    Hindrance,
    change_needs,
    check_embargo,
    check_embargo_lifted,
    check_publish,
    check_ready,
    check_retract,
    check_sign_off,
    check_sign_off_withdrawn,
    hindrances,
    missing_sign_offs,
)
from workbench.review.recusal import check_recusal
from workbench.review.rounds import Round, rounds_of
from workbench.review.withdrawal import check_void

__all__ = [
    "AFFILIATION",
    "CLAIM_STATED",
    "MATTERS",
    "NEUTRAL",
    "SIMILARITY_JUDGED",
    "Hindrance",
    "Judgement",
    "Round",
    "answer_replay",
    "called_the_same",
    "change_needs",
    "check_answer",
    "check_asked",
    "check_assign",
    "check_changed",
    "check_confirmation",
    "check_embargo",
    "check_embargo_lifted",
    "check_end",
    "check_matters",
    "check_publish",
    "check_ready",
    "check_recusal",
    "check_retire",
    "check_retract",
    "check_sign_off",
    "check_sign_off_withdrawn",
    "check_take",
    "check_topics",
    "check_verdict",
    "check_void",
    "check_withdrawn",
    "checklist",
    "claim_as_stated",
    "current_verdicts",
    "disputed",
    "fold_case",
    "hindrances",
    "is_hidden",
    "latest_revision",
    "may_read",
    "missing_sign_offs",
    "reviewer_key",
    "reviews_missing",
    "rounds_of",
    "ruling",
    "ruling_of",
    "seen_by",
    "stored_verdict",
    "values_of",
    "with_matters",
]
