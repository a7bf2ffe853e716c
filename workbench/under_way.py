"""An intake in the background of this process: begun, watched, stopped, gone on with.

What lives here: the thread and how far it is. What does not: the work, which is handed in. At most one goes on at a time;
whoever opens the page while it does sees the same one.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping

from workbench.errors import StaleIndex
from workbench.models import IngestReport
from workbench.progress import Progress
from workbench.tally import Run

Work = Callable[[Run, Progress], IngestReport]
CLOSING_SECONDS = 30.0  # a closing desk waits for the batch in hand: it is stored whole either way


class UnderWay:
    """One intake in a thread of its own. report, error: how it ended. work: begun again, it goes on with what is left."""

    def __init__(self, work: Work) -> None:
        self.run = Run()
        self.report: IngestReport | None = None
        self.error: BaseException | None = None
        self.work = work
        self._counts: dict[str, tuple[int, int]] = {}
        self._began = time.monotonic()
        self._thread = threading.Thread(target=self._do, name="workbench-intake", daemon=True)
        self._thread.start()

    def _do(self) -> None:
        try:
            self.report = self.work(self.run, self._note)
        except BaseException as error:  # given to whoever watches
            self.error = error

    def _note(self, what: str, done: int, total: int) -> None:
        self._counts = {**self._counts, what: (done, total)}

    @property
    def is_done(self) -> bool:
        """Whether it has ended."""
        return not self._thread.is_alive()

    def wait(self, seconds: float) -> bool:
        """Wait for its end, so long at most; whether it has ended."""
        self._thread.join(seconds)
        return self.is_done

    def counts(self) -> Mapping[str, tuple[int, int]]:
        """What is being done: how many are done, of how many."""
        return self._counts

    def seconds_left(self) -> float | None:
        """How long the slowest part takes at the rate of all that was done so far; None before anything was."""
        counts = self._counts.values()
        if not counts or any(not done for done, total in counts if total):
            return None
        spent = time.monotonic() - self._began
        return max((spent * (total - done) / done for done, total in counts if done), default=None)


class Background:
    """The one intake of a process that goes on, or went on last."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.latest: UnderWay | None = None

    def begin(self, work: Work) -> UnderWay:
        """Begin an intake. Raises: StaleIndex (`index_busy`) while another one goes on."""
        with self._lock:
            if self.current is not None:
                hint = "Wait for it, or stop it; then try again."
                raise StaleIndex("Files are being taken in already.", hint=hint, code="index_busy")
            self.latest = UnderWay(work)
            return self.latest

    @property
    def current(self) -> UnderWay | None:
        """The intake that goes on now."""
        return self.latest if self.latest is not None and not self.latest.is_done else None

    def close(self) -> None:
        """Have what goes on end after the file in hand."""
        if (going := self.current) is not None:
            going.run.stop()
            going.wait(CLOSING_SECONDS)
