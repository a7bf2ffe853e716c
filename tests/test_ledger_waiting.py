"""Saves that wait for another program (cases 85 to 88): they are told so in time, lose nothing, and go through when it ends."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ANA, NOON
from tests.verdicts_like import next_revision, verdict_like
from workbench import ledger as ledgers
from workbench.errors import LedgerError
from workbench.ledger import Ledger
from workbench.models import Draft


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    opened = Ledger.open(f"sqlite:///{tmp_path}/ledger.sqlite", busy_seconds=0.05)
    opened.save_draft(Draft(claim_id="c", reviewer=ANA, token="t", updated_at=NOON, rationale="Half a thought"))
    return opened


@pytest.fixture
def stopped(ledger: Ledger) -> Iterator[sqlite3.Connection]:
    """A writer that was stopped with the lock in its hands and never goes on."""
    other = sqlite3.connect(ledger.database.where, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield other
    other.close()


def test_a_save_behind_a_stopped_writer_is_told_busy_and_its_draft_stays(ledger: Ledger, stopped: sqlite3.Connection) -> None:
    with pytest.raises(LedgerError, match="in use by another program") as told:
        ledger.append(verdict_like("c", "Ana", "t"), next_revision)

    assert (told.value.code, "Try again" in (told.value.hint or "")) == ("ledger_busy", True)
    assert [draft.rationale for draft in ledger.drafts()] == ["Half a thought"]


def test_a_killed_writer_gives_the_lock_back_and_the_same_save_is_stored_once(
    ledger: Ledger, stopped: sqlite3.Connection
) -> None:
    with pytest.raises(LedgerError):
        ledger.append(verdict_like("c", "Ana", "t"), next_revision)
    stopped.close()  # as the kernel closes what a killed process had open

    ledger.append(verdict_like("c", "Ana", "t"), next_revision)

    assert [event.token for event in ledger.since()] == ["t"]


def test_a_reader_that_takes_hours_over_the_whole_ledger_holds_up_no_save(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledgers, "PAGE", 2)
    for number in range(5):
        ledger.append(verdict_like("c", "Ana", f"t{number}"), next_revision)
    slow = ledger.since()
    next(slow)

    ledger.append(verdict_like("c", "Ana", "meanwhile"), next_revision)

    assert [event.seq for event in slow] == [2, 3, 4, 5, 6]
