"""Events that look like verdicts, and the check that numbers them: for tests that save without a desk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from workbench.models import Event, NewEvent, Reviewer


def verdict_like(claim_id: str, reviewer: str, token: str) -> NewEvent:
    return NewEvent(
        subject_kind="claim",
        subject_id=claim_id,
        kind="verdict-recorded",
        actor=Reviewer.self_declared(reviewer),
        created_at=datetime(2026, 5, 1, 12, 0, tzinfo=UTC),
        payload={"verdict": {"rationale": f"Why {token}. " * 20, "citations": [{"quote": f"words {n}"} for n in range(4)]}},
        token=token,
    )


def next_revision(event: NewEvent, events: Sequence[Event]) -> NewEvent:
    return event.model_copy(update={"revision": 1 + sum(known.actor == event.actor for known in events)})
