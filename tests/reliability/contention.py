"""H4: many processes save verdicts on the same claims at once, and replay them; nothing is overwritten, nothing stored twice.

`url` names the ledger, so that every kind of ledger is held to the same.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from tests.reliability.forks import Ended, Say, together
from tests.verdicts_like import verdict_like
from workbench.errors import Conflict, LedgerError
from workbench.ledger import Ledger
from workbench.models import Event, NewEvent

CLAIMS, WAVE = (
    5,
    10,
)  # all save on five claims, ten times each, then on the next five: a claim has tens of events, not thousands
LONGEST = 3_600  # seconds that a writer may take on a machine that other work shares
RETRIES = 20  # of a ledger that is busy: the same token again, as a page does


class Contended(NamedTuple):
    """What became of the attempts. overwritten: revisions that are not the next one.

    Of 99 in 100 saves: slowest_ms by the clock and cpu_ms of work at most, the wait for others between; ahead: how many of
    others' saves went before it while it waited, which says how fair the waiting is on any machine, busy or not.
    """

    attempts: int
    accepted: int
    conflicts: int
    errors: int
    busy: int
    overwritten: int
    lost: int
    slowest_ms: float
    cpu_ms: float
    ahead: int
    faults: list[str]


def contend(url: str, *, writers: int, each: int) -> Contended:
    """`writers` processes, each with so many attempts to save the next revision of a claim as it saw it."""
    Ledger.open(url).close()
    ended = together([lambda say, number=number: _writer(url, number, each, say) for number in range(writers)], longest=LONGEST)  # type: ignore[misc]
    ledger = Ledger.open(url)
    stored: dict[str | None, str] = {}
    revisions: defaultdict[str, list[int | None]] = defaultdict(list)
    for event in ledger.since():
        stored[event.token] = event.hash
        revisions[event.subject_id].append(event.revision)
    wrong = sum(found != list(range(1, len(found) + 1)) for found in revisions.values())
    acked = [line for one in ended for line in one.of("ACK")]
    took, used, ahead = (sorted(float(line[place]) for line in acked) for place in (2, 3, 4))
    return Contended(
        attempts=writers * each,
        accepted=len(acked),
        conflicts=_count(ended, "CONFLICT"),
        errors=_count(ended, "ERROR") + sum(1 for one in ended if one.raised or one.killed),
        busy=_count(ended, "BUSY"),
        overwritten=wrong,
        lost=sum(1 for token, digest, *_ in acked if stored.get(token) != digest) + abs(len(stored) - len(acked)),
        slowest_ms=_nearly_all(took),
        cpu_ms=_nearly_all(used),
        ahead=round(_nearly_all(ahead)),
        faults=ledger.verify(),
    )


def _nearly_all(ordered: Sequence[float]) -> float:
    return ordered[int(len(ordered) * 0.99)] if ordered else 0.0


def _count(ended: Sequence[Ended], word: str) -> int:
    return sum(len(one.of(word)) for one in ended)


def _writer(url: str, number: int, each: int, say: Say) -> None:
    ledger = Ledger.open(url)
    for attempt in range(each):
        claim, token = f"claim-{attempt // WAVE}-{(number + attempt) % CLAIMS}", f"w{number}-{attempt}"
        seen, head = len(ledger.events("claim", claim)), ledger.head()[0]
        began, used = time.monotonic(), time.process_time()
        try:
            stored = _saved(ledger, claim, token, seen, say)
            took = (time.monotonic() - began, time.process_time() - used)
            say("ACK", token, stored.hash, *(seconds * 1000 for seconds in took), stored.seq - head - 1)
        except Conflict:
            say("CONFLICT", token)
        except LedgerError as error:
            say("ERROR", token, error.code)


def _saved(ledger: Ledger, claim: str, token: str, seen: int, say: Say) -> Event:
    def unless_overtaken(event: NewEvent, events: Sequence[Event]) -> NewEvent | Event:
        before = next((known for known in events if known.token == event.token), None)
        if before is not None:
            return before
        if len(events) != seen:
            raise Conflict("overtaken")
        return event.model_copy(update={"revision": seen + 1})

    for _ in range(RETRIES):
        try:
            return ledger.append(verdict_like(claim, "Ana", token), unless_overtaken)
        except LedgerError as error:
            if error.code != "ledger_busy":
                raise
            say("BUSY", token)
    raise LedgerError("busy for good", code="ledger_busy")


def replay(url: str, *, times: int, writers: int = 4) -> tuple[int, int]:
    """(rows, different answers) after one token was saved so many times by several processes at once."""
    Ledger.open(url).close()

    def replaying(say: Say) -> None:
        ledger = Ledger.open(url)
        for _ in range(times // writers):
            say("ACK", _saved(ledger, "claim-0", "one-token", 0, say).hash)

    ended = together([replaying] * writers)
    answers = {line[0] for one in ended for line in one.of("ACK")}
    return Ledger.open(url).head()[0], len(answers)
