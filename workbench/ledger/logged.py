"""What the log is told of a save: which claim and what kind of event, and no word of it."""

from __future__ import annotations

from collections.abc import Sequence

from workbench import log
from workbench.models import Event


def tell_saved(events: Sequence[Event]) -> None:
    """Of one save its claim and kind; of many, their number. A source's id, the sha256 of what may be secret, is not told."""
    last = events[-1]
    if len(events) > 1:
        tell_saved_many(len(events), last.seq)
    elif last.subject_kind == "claim":
        log.tell("recorded", kind=last.kind, claim=last.subject_id, seq=last.seq, revision=last.revision)
    else:
        log.tell("recorded", kind=last.kind, seq=last.seq)


def tell_saved_many(events: int, seq: int) -> None:
    """Of many saves together their number, and the place of the last."""
    log.tell("recorded", events=events, seq=seq)
