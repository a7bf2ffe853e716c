"""H3: a ledger beside a model of it in memory, through any order of saves, replays, conflicts, crashes and restored copies."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from tests import servers
from tests.conftest import NOON
from tests.reliability.faults import Interrupted
from tests.verdicts_like import verdict_like
from workbench.desk.records import copy_records
from workbench.errors import Conflict, TokenReused
from workbench.ledger import Ledger
from workbench.models import Draft, Event, NewEvent, Reviewer

CLAIMS = st.sampled_from(["a", "b"])
PEOPLE = st.sampled_from(["Ana", "Bo"])
TOKENS = st.sampled_from([f"t{number}" for number in range(12)])
STEPS = 50


class LedgerMachine(RuleBasedStateMachine):
    """The ledger, and what it should hold: (claim, reviewer, token, hash) in order, and drafts by claim and reviewer."""

    server: ClassVar[str | None] = None  # where the ledger lies; in a file where no server is named

    def __init__(self) -> None:
        super().__init__()
        self._folder = Path(tempfile.mkdtemp())
        self._until_the_end = ExitStack()
        self._begin()
        self.saved: list[tuple[str, str, str, str]] = []
        self.drafts: dict[tuple[str, str], str] = {}
        self.copy: tuple[list[tuple[str, str, str, str]], dict[tuple[str, str], str]] | None = None

    def _begin(self, copy: Path | None = None) -> None:
        """Open the ledger at a place where there is none: a new one, or what the copy holds."""
        if self.server is None:
            self._address = f"sqlite:///{self._folder}/ledger.sqlite"
            if copy is not None:
                shutil.copy(copy, self._folder / "ledger.sqlite")
        else:
            self._address = self._until_the_end.enter_context(servers.a_schema(self.server))
            if copy is not None:
                copy_records(str(copy), self._address)
        self.ledger = Ledger.open(self._address)

    def teardown(self) -> None:
        self.ledger.close()
        self._until_the_end.close()
        shutil.rmtree(self._folder)

    def _check(self, seen: int, *, interrupted: bool = False) -> object:
        def check(event: NewEvent, events: Sequence[Event]) -> NewEvent | Event:
            for known in events:
                if known.token == event.token:
                    if known.actor != event.actor:
                        raise TokenReused("another's token")
                    return known
            mine = sum(known.actor == event.actor for known in events)
            if mine != seen:
                raise Conflict("overtaken")
            if interrupted:
                raise Interrupted
            return event.model_copy(update={"revision": mine + 1})

        return check

    def _mine(self, claim: str, person: str) -> int:
        return sum(one[:2] == (claim, person) for one in self.saved)

    @rule(claim=CLAIMS, person=PEOPLE, token=TOKENS, behind=st.sampled_from([0, 0, 0, 1]))
    def save(self, claim: str, person: str, token: str, behind: int) -> None:
        """Save on top of what was seen; a token that is known answers with its record, or is refused to another."""
        known = next((one for one in self.saved if one[2] == token), None)
        seen = self._mine(claim, person) - behind
        event = verdict_like(claim, person, token)
        if known is not None and known[:2] != (claim, person):
            with pytest.raises(TokenReused):
                self.ledger.append(event, self._check(seen))  # type: ignore[arg-type]
        elif known is not None:
            assert self.ledger.append(event, self._check(seen)).hash == known[3]  # type: ignore[arg-type]
        elif behind:
            with pytest.raises(Conflict):
                self.ledger.append(event, self._check(seen))  # type: ignore[arg-type]
        else:
            stored = self.ledger.append(event, self._check(seen))  # type: ignore[arg-type]
            self.saved.append((claim, person, token, stored.hash))
            if self.drafts.get((claim, person)) == token:
                del self.drafts[(claim, person)]

    @rule(claim=CLAIMS, person=PEOPLE, token=TOKENS)
    def save_interrupted(self, claim: str, person: str, token: str) -> None:
        """A page's rerun in the middle of a save leaves nothing."""
        if all(one[2] != token for one in self.saved):
            check = self._check(self._mine(claim, person), interrupted=True)
            with pytest.raises(Interrupted):
                self.ledger.append(verdict_like(claim, person, token), check)  # type: ignore[arg-type]

    @rule(claim=CLAIMS, person=PEOPLE, token=TOKENS)
    def draft(self, claim: str, person: str, token: str) -> None:
        """A draft is kept, unless its verdict already is."""
        reviewer = Reviewer.self_declared(person)
        self.ledger.save_draft(Draft(claim_id=claim, reviewer=reviewer, token=token, updated_at=NOON))
        if (claim, person, token) not in {one[:3] for one in self.saved}:
            self.drafts[(claim, person)] = token

    @rule()
    def reopen(self) -> None:
        """The program ends and starts again."""
        self.ledger.close()
        self.ledger = Ledger.open(self._address)

    @rule()
    def back_up(self) -> None:
        """A copy is made, and holds what the ledger held."""
        self.ledger.database.copy_to(self._folder / "copy.sqlite")
        self.copy = (list(self.saved), dict(self.drafts))

    @rule()
    def restore(self) -> None:
        """The copy takes the ledger's place: what came after it is gone, and nothing else."""
        if self.copy is not None:
            self.ledger.close()
            self._until_the_end.close()
            self._begin(self._folder / "copy.sqlite")
            self.saved, self.drafts = list(self.copy[0]), dict(self.copy[1])

    @invariant()
    def holds_what_it_should(self) -> None:
        """Every record, in its order; every draft; nothing else."""
        events = list(self.ledger.since())
        assert [(one.subject_id, one.actor.subject, one.token, one.hash) for one in events] == self.saved
        assert {(one.claim_id, one.reviewer.subject): one.token for one in self.ledger.drafts()} == self.drafts
        assert self.ledger.verify() == []


def explore(*, examples: int, steps: int = STEPS, first: int = 1, server: str | None = None) -> None:
    """So many runs of so many steps, the same for the same `first`. Raises: AssertionError with the shortest that fails.

    server: the address of a PostgreSQL server to have the ledgers on.
    """

    class Machine(LedgerMachine):
        """On that server."""

    Machine.server = server
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(seed(first)(Machine), settings=chosen)
