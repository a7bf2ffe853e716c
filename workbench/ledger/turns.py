"""Whose turn it is to write into a ledger file: whoever has waited longest, nearly.

SQLite lets anybody go first who asks at the right moment, and has those ask rarest who wait longest: its busy handler sleeps up
to 100 ms between two tries, and of eight writers one waited for 75 saves of others. So writers ask for a turn before they ask
SQLite, the oftener the longer they wait.

Nothing rests on it: where there are no such locks, or whoever has the turn was stopped, SQLite's own lock and waiting stand.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PAUSE, LEAST = 0.01, 0.002  # seconds between two tries: of who has just come, and of who has waited long
HALVED = 0.05  # seconds of waiting after which the pause is half of what it was, then a third, a quarter, ...


@contextmanager
def turn(folder: Path, *, seconds: float) -> Iterator[None]:
    """The turn of this folder's ledger, held inside; none after so many seconds of waiting, or where it cannot be asked for."""
    try:
        asked = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        yield
        return
    try:
        _wait(asked, seconds)
        yield
    finally:
        os.close(asked)  # which gives it back; the kernel does where a process dies


def _wait(asked: int, seconds: float) -> None:
    began = time.monotonic()
    while (waited := time.monotonic() - began) < seconds:
        try:
            fcntl.flock(asked, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            time.sleep(max(LEAST, PAUSE / (1 + waited / HALVED)))
        except OSError:  # this file system has none
            return
