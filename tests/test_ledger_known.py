"""What a ledger remembers of the records it read: never anything but what stands in the file."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.verdicts_like import next_revision, verdict_like
from workbench.ledger import Ledger, known, records
from workbench.models import Event, NewEvent


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite"


def opened(file: Path) -> Ledger:
    return Ledger.open(f"sqlite:///{file}")


def seen_by_the_next_save(ledger: Ledger, token: str) -> list[str | None]:
    seen: list[str | None] = []

    def check(event: NewEvent, events: Sequence[Event]) -> NewEvent:
        seen.extend(one.token for one in events)
        return next_revision(event, events)

    ledger.append(verdict_like("c", "Ana", token), check)
    return seen


def test_a_save_sees_what_another_program_saved_meanwhile(file: Path) -> None:
    here, elsewhere = opened(file), opened(file)
    here.append(verdict_like("c", "Ana", "one"), next_revision)
    elsewhere.append(verdict_like("c", "Bo", "two"), next_revision)

    assert seen_by_the_next_save(here, "three") == ["one", "two"]
    assert here.events("claim", "c") == elsewhere.events("claim", "c") == opened(file).events("claim", "c")


def test_a_save_opens_no_record_that_was_opened_before(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = opened(file)
    for number in range(5):
        ledger.append(verdict_like("c", "Ana", f"t{number}"), next_revision)
    looked_at: list[int] = []
    whole = records.Stored.event

    def looked(stored: records.Stored) -> Event:
        looked_at.append(stored.row.seq)
        return whole(stored)

    monkeypatch.setattr(records.Stored, "event", looked)

    ledger.append(verdict_like("c", "Ana", "next"), next_revision)

    assert set(looked_at) == {5, 6}  # the one that the save before added, and its own, read back


def test_erased_words_are_not_remembered(file: Path) -> None:
    ledger = opened(file)
    ledger.append(verdict_like("c", "Ana", "one"), next_revision)
    assert "Why" in str(ledger.events("claim", "c")[0].payload)

    with sa.create_engine(f"sqlite:///{file}").begin() as connection:
        connection.execute(sa.update(records.VALUES).values(value=None, salt=None))

    assert "Why" not in str(ledger.events("claim", "c")[0].payload)


@pytest.mark.parametrize("after", [["two"], ["other", "two"]])
def test_records_of_a_ledger_that_was_put_back_are_not_remembered(file: Path, after: list[str]) -> None:
    ledger = opened(file)
    shutil.copy(file, file.with_name("copy"))
    ledger.append(verdict_like("c", "Ana", "lost"), next_revision)
    assert len(ledger.events("claim", "c")) == 1

    shutil.copy(file.with_name("copy"), file)
    for token in after[:-1]:
        opened(file).append(verdict_like("c", "Bo", token), next_revision)

    assert seen_by_the_next_save(ledger, after[-1]) == after[:-1]
    assert ledger.verify() == []


def test_what_is_remembered_is_bounded(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known, "MOST", 3)
    ledger = opened(file)
    for number in range(9):
        ledger.append(verdict_like(f"claim-{number % 3}", "Ana", f"t{number}"), next_revision)

    assert sum(len(read.events) for read in ledger._known._read.values()) <= 3
    assert [len(ledger.events("claim", f"claim-{number}")) for number in range(3)] == [3, 3, 3]
