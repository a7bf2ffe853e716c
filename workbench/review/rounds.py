"""Rounds: a change of guidelines, scale or policy begins a new one. Derived from the hashes that judgements carry."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from workbench.models import Event, Record, Sha256

JUDGING = ("verdict-recorded", "hit-marked")


class Round(Record):
    """The judgements of one claim made under the same rules. number counts them from 1; verdicts: their hashes.

    policy_hash: of guidelines, scale and policy. None: marks from before marks kept it, and before any that did.
    """

    number: int
    policy_hash: Sha256 | None
    began_at: datetime
    verdicts: tuple[Sha256, ...] = ()
    marks: int = 0


def rounds_of(events: Sequence[Event]) -> tuple[Round, ...]:
    """The rounds of a claim, oldest first. Rules that come back begin a round of their own: it is not the first one again."""
    rounds: list[Round] = []
    for event in events:
        if event.kind not in JUDGING:
            continue
        is_verdict = event.kind == "verdict-recorded"
        found = event.payload["verdict" if is_verdict else "mark"].get("policy_hash")
        last = rounds[-1] if rounds else None
        if last is None or found not in (None, last.policy_hash):
            last = Round(number=len(rounds) + 1, policy_hash=found, began_at=event.created_at)
            rounds.append(last)
        verdicts = (*last.verdicts, event.hash) if is_verdict else last.verdicts
        rounds[-1] = last.model_copy(update={"verdicts": verdicts, "marks": last.marks + (not is_verdict)})
    return tuple(rounds)
