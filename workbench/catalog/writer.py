"""The writer's place: one across all processes, freed by the kernel when its holder dies (RELIABILITY.md section 3 rule 12)."""

from __future__ import annotations

import fcntl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from workbench.errors import StaleIndex, WorkspaceError

LOCK_TRIES, LOCK_PAUSE = 10, 0.05  # a reader that only asks whether the lock is held holds it for an instant


class Writer:
    """The lock file of one catalog. Asking whether it is held never waits."""

    def __init__(self, lock_file: Path) -> None:
        self._lock_file = lock_file
        self._writer = threading.RLock()
        self._nested = 0

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the writer's place, one across all processes; searches go on meanwhile. May be nested within one thread.

        The kernel frees it when a process dies. Raises: StaleIndex with code `index_busy` where somebody else holds it.
        """
        if not self._writer.acquire(blocking=False):
            raise _busy()
        try:
            if self._nested:
                yield
                return
            with self._opened() as lock:
                _take(lock.fileno())
                self._nested = 1
                try:
                    yield
                finally:
                    self._nested = 0
        finally:
            self._writer.release()

    def _opened(self) -> IO[str]:
        try:
            self._lock_file.parent.mkdir(parents=True, exist_ok=True)
            return self._lock_file.open("a")
        except OSError as error:
            message = f"{self._lock_file.parent} cannot be written: {error.strerror}."
            hint = "Check the permissions of the workspace and the free space."
            raise WorkspaceError(message, hint=hint, code="unwritable") from error

    def is_being_written(self) -> bool:
        """Whether some thread or process holds `writing()` now."""
        try:
            with self._lock_file.open("rb") as lock:
                fcntl.flock(lock.fileno(), fcntl.LOCK_SH | fcntl.LOCK_NB)
        except FileNotFoundError:
            return False
        except BlockingIOError:
            return True
        return False


def _take(descriptor: int) -> None:
    for tried in range(LOCK_TRIES):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if tried == LOCK_TRIES - 1:
                raise _busy() from None
            time.sleep(LOCK_PAUSE)


def _busy() -> StaleIndex:
    return StaleIndex(
        "Another process is building the index.", hint="Wait until it is done, then try again.", code="index_busy"
    )
