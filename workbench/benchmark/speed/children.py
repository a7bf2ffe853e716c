"""Child processes that are measured: run to the end, or asked one question a line; never left behind.

What lives here: starting, measuring, asking and ending a process. What does not: what it does. Each child leads a session of
its own, so that Ctrl-C reaches this process alone, which then ends every child with whatever that started.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from workbench.benchmark.speed.figures import Cost
from workbench.errors import WorkbenchError

LONGEST = 3_600.0  # seconds; a child that needs more is stuck


class ChildFailed(WorkbenchError):
    """A measured process ended badly or said nothing that could be read."""

    code = "bench_child"


@dataclass(frozen=True)
class Finished:
    """A process that ended well: what it cost with every child it waited for, and what it wrote on stdout."""

    cost: Cost
    out: str


def run_to_end(command: Sequence[str], *, env: Mapping[str, str], cwd: Path, seconds: float = LONGEST) -> Finished:
    """Run a command from its start to its end. Raises: ChildFailed where it exits with anything but 0 or takes too long."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        start = time.perf_counter()
        process = _start(command, env, cwd, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        with _ended(process, seconds):
            _, status, used = os.wait4(process.pid, 0)
            wall = time.perf_counter() - start
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            raise _failed(command, process.returncode, err)
        out.seek(0)
        text = out.read().decode("utf-8", errors="replace")
    return Finished(Cost(wall, used.ru_utime + used.ru_stime), text)


class Child:
    """A process that answers one JSON line with one JSON line, for what is measured inside it round by round."""

    def __init__(self, process: subprocess.Popen[bytes], command: Sequence[str], err: IO[bytes]) -> None:
        self._process = process
        self._command = command
        self._err = err

    def ask(self, do: str, **request: Any) -> Any:
        """The answer to one request. Raises: ChildFailed where the process ends instead."""
        assert self._process.stdin is not None  # noqa: S101  # it was started with both
        assert self._process.stdout is not None  # noqa: S101
        try:
            self._process.stdin.write(json.dumps({"do": do, **request}).encode() + b"\n")
            self._process.stdin.flush()
            answer = self._process.stdout.readline()
        except BrokenPipeError:
            answer = b""
        if not answer:
            raise _failed(self._command, self._process.wait(), self._err)
        return json.loads(answer)


@contextlib.contextmanager
def listening(command: Sequence[str], *, env: Mapping[str, str], cwd: Path, seconds: float = LONGEST) -> Iterator[Child]:
    """A child that waits for questions; it ends with the block."""
    with tempfile.TemporaryFile() as err:
        process = _start(command, env, cwd, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=err)
        with _ended(process, seconds):
            yield Child(process, command, err)


def _start(command: Sequence[str], env: Mapping[str, str], cwd: Path, **streams: Any) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(command, env=dict(env), cwd=cwd, start_new_session=True, **streams)
    except OSError as error:
        raise ChildFailed(f"{command[0]} cannot be started: {error.strerror}.", hint="Check the path and try again.") from error


@contextlib.contextmanager
def _ended(process: subprocess.Popen[bytes], seconds: float) -> Iterator[None]:
    """Leave nothing of a process behind, however the block ends; end it after `seconds` even if the block waits for it."""
    clock = threading.Timer(seconds, _kill, [process])
    clock.daemon = True
    clock.start()
    try:
        yield
    finally:
        clock.cancel()
        _kill(process)
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        process.wait()


def _kill(process: subprocess.Popen[bytes]) -> None:
    """The session of the process: itself where it lives, and whatever it started and left."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def _failed(command: Sequence[str], code: int, err: IO[bytes]) -> ChildFailed:
    err.seek(0)
    lines = [line.strip() for line in err.read().decode("utf-8", errors="replace").splitlines() if line.strip()]
    said = lines[-1][:300] if lines else "nothing on stderr"
    how = f"was ended by signal {-code}" if code < 0 else f"left with exit code {code}"
    name = " ".join([Path(command[0]).name, *command[1:]])[:100]
    return ChildFailed(f"`{name}` {how}: {said}", hint="Run the bench again with --rows to leave that row out.")
