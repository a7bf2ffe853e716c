"""What happened, one line of JSON each, for whoever keeps the machine: which claim, which job, how many, which error code.

What lives here: the log of this process and what may stand in it. What does not: what is worth telling (who does it says so).
No text of claims, files or people can get in: a key that is not listed here is left out, a value that is not a number or one
plain word is withheld, and of an error stands its type, its code and where it was raised, never its message. Until a
door of the house opens it, telling costs nothing. Forty lines of ours: importing structlog took a twelfth of `verdict record`.

Lines go to `.workbench/workbench.log`, which is turned over at 2 MB (five are kept), and on a server to stderr. A log that
cannot be written stops nobody's work.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from workbench.errors import WorkbenchError

NAME = "workbench.log"
TURNED_AT = 2_000_000  # bytes
KEPT = 5  # files, the one that is written included
IDS = frozenset({"claim", "job"})
WORDS = frozenset({"kind", "code", "error", "at", "generation", "before", "after", "version", "level", "timestamp"})
NUMBERS = frozenset(
    {"seq", "revision", "events", "files", "bytes", "added", "replaced", "removed", "failed", "unchanged", "passages"}
    | {"problems", "left_out"}
)
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9:+._-]{0,199}")  # no spaces and no slashes: not a sentence, not a path
FRAMES = 8  # innermost ones of ours
_about: ContextVar[Mapping[str, str]] = ContextVar("_about", default=MappingProxyType({}))
_targets: list[_Turning | _Stderr] = []  # where this process tells; [] until a door opens its log


def open_log(folder: Path, *, stderr: bool = False) -> None:
    """Have this process tell in `folder`/workbench.log from here on; with `stderr`, or WORKBENCH_LOG=stderr, there too."""
    _targets[:] = [_Turning(folder / NAME)]
    if stderr or os.environ.get("WORKBENCH_LOG") == "stderr":
        _targets.append(_Stderr())


def close_log() -> None:
    """Have this process tell nothing any more."""
    _targets.clear()


def tell(what: str, **facts: object) -> None:
    """Something that was done. what: words of ours, never of a claim, a file or a person."""
    _tell("info", what, facts)


def tell_error(what: str, error: BaseException) -> None:
    """Something that failed: the type and code of the error and where it was raised, and nothing that it says."""
    code = {"code": error.code} if isinstance(error, WorkbenchError) else {}
    ours = [frame for frame in traceback.extract_tb(error.__traceback__) if "workbench" in Path(frame.filename).parts]
    at = "..".join(map(_place, ours[-FRAMES:]))[-199:].lstrip("._")
    _tell("error", what, {"error": type(error).__name__, "at": at, **code})


def _place(frame: traceback.FrameSummary) -> str:
    """`cases.get:184`: module, function and line."""
    file = Path(frame.filename)
    module = file.parent.name if file.stem == "__init__" else file.stem
    return f"{module}.{frame.name.strip('<>')}:{frame.lineno}"


@contextmanager
def about(**ids: str) -> Iterator[None]:
    """A context in which every line names this claim or job."""
    before = _about.set({**_about.get(), **ids})
    try:
        yield
    finally:
        _about.reset(before)


def _tell(level: str, what: str, facts: Mapping[str, object]) -> None:
    """One line to each target, in which only stands what may."""
    if not _targets:
        return
    now = datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    told: dict[str, object] = {"event": what}
    for key, value in {**_about.get(), **facts, "level": level, "timestamp": now}.items():
        if key in NUMBERS and isinstance(value, int | float):
            told[key] = value
        elif key in IDS | WORDS:
            told[key] = value if isinstance(value, str) and _WORD.fullmatch(value) else "withheld"
    line = json.dumps(told)
    for target in _targets:
        with suppress(OSError, ValueError):  # a full disk, a closed stderr: the work goes on
            target.write_line(line)


class _Stderr:
    def write_line(self, line: str) -> None:
        sys.stderr.write(line + "\n")
        sys.stderr.flush()


class _Turning:
    """A file of lines that several processes write to; whoever finds it full turns it over, one at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write_line(self, line: str) -> None:
        self._path.parent.mkdir(exist_ok=True)  # of a workspace that is there: one that was moved away is not begun anew
        if self._is_full():
            with self._alone():
                if self._is_full():  # nobody was quicker
                    self._turn()
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            os.write(descriptor, (line + "\n").encode("utf-8", "backslashreplace"))  # one write: lines do not mix
        finally:
            os.close(descriptor)

    def _is_full(self) -> bool:
        return self._path.exists() and self._path.stat().st_size >= TURNED_AT

    def _turn(self) -> None:
        for number in range(KEPT - 1, 0, -1):
            older = self._path.with_name(f"{NAME}.{number}")
            newer = self._path.with_name(f"{NAME}.{number - 1}") if number > 1 else self._path
            if newer.exists():
                os.replace(newer, older)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        descriptor = os.open(self._path.parent, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)
