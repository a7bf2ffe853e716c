"""A process that saves into a ledger and says so, to be killed at any moment (harness H1 of RELIABILITY.md).

python tests/crash_child.py save URL SEED COUNT     saves COUNT verdicts, printing ACK <token> <hash> after each
python tests/crash_child.py contend URL SEED COUNT  COUNT attempts of one reviewer on one claim: ACK or CONFLICT for each
python tests/crash_child.py nursery                 reads "URL SEED" lines; for each starts a `save` that is ready in
                                                    milliseconds, prints READY <pid> and, once it is dead, GONE <pid>
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime

from workbench.errors import Conflict
from workbench.ledger import Ledger
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


def say(*words: str) -> None:
    os.write(1, (" ".join(words) + "\n").encode())  # one write: a line arrives whole or not at all


def save(url: str, seed: str, count: int) -> None:
    ledger = Ledger.open(url)
    for number in range(count):
        token = f"{seed}-{number}"
        stored = ledger.append(verdict_like(f"claim-{number % 7}", f"Reviewer {number % 3}", token), next_revision)
        say("ACK", token, stored.hash)


def contend(url: str, seed: str, count: int) -> None:
    ledger = Ledger.open(url)
    for number in range(count):
        seen = len(ledger.events("claim", "wanted"))

        def unless_overtaken(event: NewEvent, events: Sequence[Event], seen: int = seen) -> NewEvent:
            if len(events) != seen:
                raise Conflict("overtaken")
            return event.model_copy(update={"revision": seen + 1})

        try:
            stored = ledger.append(verdict_like("wanted", "Ana", f"{seed}-{number}"), unless_overtaken)
            say("ACK", f"{seed}-{number}", stored.hash)
        except Conflict:
            say("CONFLICT", f"{seed}-{number}", "-")


def load_everything() -> None:
    """Save once into a ledger that goes away: what the ledger imports on its way is loaded before the clock runs."""
    with tempfile.TemporaryDirectory() as folder:
        ledger = Ledger.open(f"sqlite:///{folder}/ledger.sqlite")
        ledger.append(verdict_like("first", "Ana", "first"), next_revision)
        ledger.close()


def nursery() -> None:
    load_everything()
    for line in sys.stdin:
        url, seed = line.split()
        pid = os.fork()
        if pid == 0:
            signal.alarm(30)  # so that a saver nobody killed does not outlive a failed test
            say("READY", str(os.getpid()))
            save(url, seed, 1_000_000)
        os.waitpid(pid, 0)
        say("GONE", str(pid))


if __name__ == "__main__":
    if sys.argv[1] == "nursery":
        nursery()
    else:
        {"save": save, "contend": contend}[sys.argv[1]](sys.argv[2], sys.argv[3], int(sys.argv[4]))
