"""What a person's word must satisfy that a verdict stands: although what it cites changed, or new evidence came in."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.errors import Refused
from workbench.models import Event, NewEvent
from workbench.review.fold import fold_case
from workbench.review.recusal import refuse_recused


def check_confirmation(event: NewEvent, events: Sequence[Event]) -> NewEvent:
    """The check that stores it, for what is stale now. Raises: Refused without a reason, by who recused, where nothing is."""
    refuse_recused(event.actor, events)
    if not event.payload["reason"]:
        hint = "Say in a few words why the verdict stands."
        raise Refused("That no change is needed takes a reason.", hint=hint, code="no_reason")
    passage_id = event.payload["passage_id"]
    stale = [one for one in fold_case(events).stale if one.passage_id == passage_id]
    if not stale:
        raise Refused(
            f"No verdict on {event.subject_id} waits for a look at {passage_id}.",
            hint="Nothing was written. workbench fresh lists what changed.",
            code="not_stale",
        )
    hashes = sorted({one.hash for one in stale})
    return event.model_copy(update={"payload": {**event.payload, "hashes": hashes}})


def check_answer(event: NewEvent, events: Sequence[Event]) -> NewEvent:
    """The check that stores that a new passage changes nothing. Raises: Refused by who recused, where it does not wait."""
    refuse_recused(event.actor, events)
    passage_id = event.payload["passage_id"]
    if all(one.passage_id != passage_id for one in fold_case(events).new_evidence):
        raise Refused(
            f"Nobody was asked about {passage_id} for {event.subject_id}, or it was answered.",
            hint="Nothing was written. workbench fresh lists what waits.",
            code="not_waiting",
        )
    return event
