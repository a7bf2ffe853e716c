"""H3: a ledger beside a model of it in memory, through any order of saves, replays, conflicts, crashes and restored copies."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from tests.conftest import NOON
from tests.reliability.faults import Interrupted
from tests.verdicts_like import verdict_like
from workbench.errors import Conflict, TokenReused
from workbench.ledger import Ledger
from workbench.models import Draft, Event, NewEvent, Reviewer

CLAIMS = st.sampled_from(["a", "b"])
PEOPLE = st.sampled_from(["Ana", "Bo"])
TOKENS = st.sampled_from([f"t{number}" for number in range(12)])
STEPS = 50


class LedgerMachine(RuleBasedStateMachine):
    """The ledger, and what it should hold: (claim, reviewer, token, hash) in order, and drafts by claim and reviewer."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = Path(tempfile.mkdtemp())
        self._path = self._folder / "ledger.sqlite"
        self.ledger = Ledger.open(f"sqlite:///{self._path}")
        self.saved: list[tuple[str, str, str, str]] = []
        self.drafts: dict[tuple[str, str], str] = {}
        self.copy: tuple[list[tuple[str, str, str, str]], dict[tuple[str, str], str]] | None = None

    def teardown(self) -> None:
        self.ledger.close()
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
        self.ledger = Ledger.open(f"sqlite:///{self._path}")

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
            shutil.copy(self._folder / "copy.sqlite", self._path)
            self.ledger = Ledger.open(f"sqlite:///{self._path}")
            self.saved, self.drafts = list(self.copy[0]), dict(self.copy[1])

    @invariant()
    def holds_what_it_should(self) -> None:
        """Every record, in its order; every draft; nothing else."""
        events = list(self.ledger.since())
        assert [(one.subject_id, one.actor.subject, one.token, one.hash) for one in events] == self.saved
        assert {(one.claim_id, one.reviewer.subject): one.token for one in self.ledger.drafts()} == self.drafts
        assert self.ledger.verify() == []


def explore(*, examples: int, steps: int = STEPS, first: int = 1) -> None:
    """So many runs of so many steps, the same for the same `first`. Raises: AssertionError with the shortest that fails."""
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(seed(first)(LedgerMachine), settings=chosen)
