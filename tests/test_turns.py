"""Turns to write into a ledger file: one at a time, and nobody waits for ever for one that is not given back."""

from __future__ import annotations

import fcntl
import os
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.verdicts_like import verdict_like
from workbench.ledger import Ledger
from workbench.ledger.turns import turn


def test_one_at_a_time_has_the_turn(tmp_path: Path) -> None:
    inside, most, lock = 0, 0, threading.Lock()

    def work() -> None:
        nonlocal inside, most
        for _ in range(20):
            with turn(tmp_path, seconds=60):
                with lock:
                    inside += 1
                    most = max(most, inside)
                with lock:
                    inside -= 1

    threads = [threading.Thread(target=work) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert (most, inside) == (1, 0)


def test_a_turn_that_is_not_given_back_stops_nobody(tmp_path: Path) -> None:
    held = os.open(tmp_path, os.O_RDONLY)  # somebody who was stopped in the middle of a save
    fcntl.flock(held, fcntl.LOCK_EX)
    try:
        with turn(tmp_path, seconds=0.05):
            entered = True
    finally:
        os.close(held)

    assert entered


def test_where_no_turn_can_be_asked_for_there_is_none(tmp_path: Path) -> None:
    with turn(tmp_path / "not there", seconds=60):
        entered = True

    assert entered


def test_a_save_whose_check_refuses_gives_its_turn_back(tmp_path: Path) -> None:
    ledger = Ledger.open(f"sqlite:///{tmp_path}/ledger.sqlite", busy_seconds=60)

    def refuse(*_: object) -> Any:
        raise ValueError("no")

    for token in ("a", "b"):
        with pytest.raises(ValueError, match="no"):
            ledger.append(verdict_like("claim", "Ana", token), refuse)
    ledger.append(verdict_like("claim", "Ana", "c"))

    assert ledger.head()[0] == 1
