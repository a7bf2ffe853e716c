"""The rules judgements are made under: guidelines, scale and policy, kept in words, so that a hash can be read years later.

What lives here: keeping them when they are first used, and giving them back. What does not: the hash itself (settings/), or the
rounds of one claim (review/rounds.py).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from workbench.ledger import Ledger
from workbench.models import WORKBENCH, Event, NewEvent, Record, Sha256, canonical_json
from workbench.settings import ReviewSettings

SUBJECT, KIND = "rules", "rules-in-force"


class RulesInForce(Record):
    """What was in force from a time on. round counts from 1. text: guidelines, scale and policy as canonical JSON.

    What stands at its default is not in it, nor is what comes after a verdict (sign-offs), nor colours.
    """

    round: int
    policy_hash: Sha256
    since: datetime
    text: str

    @property
    def in_force(self) -> dict[str, Any]:
        """The text as values; nothing where it was erased."""
        try:
            found: dict[str, Any] = json.loads(self.text)
        except ValueError:
            return {}
        return found


class Rules:
    """The rules of one workspace, now and before. Safe to share between threads."""

    def __init__(self, ledger: Ledger, review: ReviewSettings, now: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self._review = review
        self._now = now
        self._kept: str | None = None

    def keep(self) -> Sha256:
        """The hash of what is in force, once its words are in the ledger: a judgement never names rules nobody can read."""
        in_force = self._review.policy_hash
        if self._kept != in_force:
            event = NewEvent(
                subject_kind="workspace",
                subject_id=SUBJECT,
                kind=KIND,
                actor=WORKBENCH,
                created_at=self._now(),
                payload={"policy_hash": in_force, "text": canonical_json(self._review.rules)},
            )
            self._ledger.append(event, _unless_in_force)
            self._kept = in_force
        return in_force

    def rounds(self) -> list[RulesInForce]:
        """What was in force, oldest first; rules that came back are there twice."""
        events = self._ledger.events("workspace", SUBJECT)
        return [_told(number, event) for number, event in enumerate(events, 1)]


def _unless_in_force(event: NewEvent, events: Sequence[Event]) -> NewEvent | Event:
    """The check that keeps rules once, however many judgements are made under them."""
    last = events[-1] if events else None
    return last if last is not None and last.payload["policy_hash"] == event.payload["policy_hash"] else event


def _told(number: int, event: Event) -> RulesInForce:
    return RulesInForce(
        round=number, policy_hash=event.payload["policy_hash"], since=event.created_at, text=event.payload["text"]
    )
