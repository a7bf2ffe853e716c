"""Work done in a process of its own that is ready in milliseconds, may be killed, and says how it ended.

The process that forks has one thread and has imported everything: it is `python -m tests.reliability`, never pytest.
"""

from __future__ import annotations

import os
import selectors
import signal
import time
import traceback
from collections.abc import Callable, Sequence
from typing import NamedTuple

from workbench.errors import WorkbenchError

Say = Callable[..., None]
Work = Callable[[Say], None]
LONGEST = 280  # seconds: work that hangs is ended, and counts as such


class Ended(NamedTuple):
    """How the work ended. said: its lines, each as words. killed: by a signal. raised: "" or what it raised."""

    said: list[list[str]]
    killed: bool
    raised: str
    is_clear: bool  # what it raised was an error of ours, which says what to do

    def of(self, word: str) -> list[list[str]]:
        """What follows this word, of every line that begins with it."""
        return [line[1:] for line in self.said if line[0] == word]


def apart(work: Work, *, kill_after: float | None = None) -> Ended:
    """Have `work` run in a forked process. kill_after: seconds from its first line until SIGKILL."""
    pid, reading = _begun(work)
    with os.fdopen(reading, encoding="utf-8", errors="replace") as pipe:
        if kill_after is not None:
            pipe.readline()
            time.sleep(kill_after)  # not a wait for something to happen: the moment of the kill is what is tested
            os.kill(pid, signal.SIGKILL)
        return _ended(pid, pipe.read())


def together(works: Sequence[Work], *, longest: int = LONGEST) -> list[Ended]:
    """Have them all run at the same time, each in a process of its own. longest: seconds by the clock that one may take."""
    begun = [_begun(work, longest) for work in works]
    said = {reading: b"" for _, reading in begun}
    with selectors.DefaultSelector() as waiting:
        for reading in said:
            waiting.register(reading, selectors.EVENT_READ)
        while waiting.get_map():
            for key, _ in waiting.select():
                reading = key.fd
                if chunk := os.read(reading, 1 << 16):
                    said[reading] += chunk
                else:
                    waiting.unregister(reading)
                    os.close(reading)
    return [_ended(pid, said[reading].decode(errors="replace")) for pid, reading in begun]


def _begun(work: Work, longest: int = LONGEST) -> tuple[int, int]:
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        _child(work, writing, longest)
    os.close(writing)
    return pid, reading


def _ended(pid: int, text: str) -> Ended:
    lines = [line.split() for line in text.splitlines() if line.strip()]
    _, status = os.waitpid(pid, 0)
    raised = next((line for line in lines if line[0] == "RAISED"), None)
    told = " ".join(raised[2:]) if raised else ""
    said = [line for line in lines if line[0] != "RAISED"]
    return Ended(said, os.WIFSIGNALED(status), told, raised is not None and raised[1] == "clear")


def _child(work: Work, writing: int, longest: int) -> None:
    signal.alarm(longest)

    def say(*words: object) -> None:
        os.write(writing, (" ".join(map(str, words)) + "\n").encode())  # one write: a line arrives whole or not at all

    try:
        say("BEGUN")
        work(say)
    except WorkbenchError as error:
        say("RAISED", "clear", error.code, " ".join(error.message.split())[:300])
    except BaseException as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        say("RAISED", "raw", type(error).__name__, " ".join(str(error).split())[:300], f"{place.name}:{place.lineno}")
    finally:
        os._exit(0)
