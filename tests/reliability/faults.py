"""Something goes wrong at the Nth door to the disk (harness H2 of RELIABILITY.md), SQLite's method: N rises until one ends.

The doors are counted where Python meets the system: files opened to write, synced, named, linked and removed, folders made, and
what SQLite is told that writes. Each that changes something is two points, before and after: a save may be lost on its way to
the disk, or its answer on the way back. The program needs no hooks for it, and no door can be forgotten.

To be installed in a process that ends with the run: nothing is ever put back.
"""

from __future__ import annotations

import builtins
import errno
import io
import os
import signal
import sqlite3
import threading
from collections.abc import Callable
from typing import Any

GROWING = ("mkdir", "open", "fsync", "link", "sql", "write")  # what a full disk refuses; names can still be changed
READS = (
    "SELECT",
    "ROLLBACK",
    *(f"PRAGMA {name}" for name in ("INTEGRITY", "FOREIGN", "APPLICATION_ID", "USER_VERSION", "SYNC")),
)


class Interrupted(BaseException):
    """What a page's rerun looks like to the code it interrupts: nothing of ours may catch it for good."""


class Faults:
    """Counts the doors; at the Nth something happens. action: kill, error (once), full (from there on), interrupt, or count."""

    def __init__(self, action: str, nth: int, hit: Callable[[str], None]) -> None:
        self._action = action
        self._nth = nth
        self._hit = hit
        self._lock = threading.Lock()
        self.names: list[str] = []

    def pass_by(self, door: str, detail: str) -> None:
        """Called at every door, before and after."""
        with self._lock:
            self.names.append(f"{door} {detail}")
            number = len(self.names)
        if self._action == "count" or number < self._nth:
            return
        if number == self._nth:
            self._hit(f"{door} {detail}")
        if self._action == "full":
            if door in GROWING and not detail.startswith("after"):
                raise full(door)
        elif number == self._nth:
            self._act(door)

    def _act(self, door: str) -> None:
        if self._action == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if self._action == "interrupt":
            raise Interrupted
        if door in ("sql", "write"):
            raise sqlite_error("disk I/O error", "SQLITE_IOERR")
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    def around(self, door: str, detail: str, work: Callable[[], Any]) -> Any:
        """What `work` gives back, with a point before it and one after."""
        self.pass_by(door, detail)
        done = work()
        self.pass_by(door, f"after {detail}")
        return done


def full(door: str) -> Exception:
    """What a full disk says at that door."""
    if door in ("sql", "write"):
        return sqlite_error("database or disk is full", "SQLITE_FULL")
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def sqlite_error(message: str, name: str) -> sqlite3.OperationalError:
    """An error as SQLite's driver raises it."""
    error = sqlite3.OperationalError(message)
    error.sqlite_errorname = name
    error.sqlite_errorcode = getattr(sqlite3, name)
    return error


def install(faults: Faults) -> None:
    """Have this process pass by `faults` at every door to the disk."""
    for name in ("replace", "rename", "link", "fsync", "unlink", "mkdir", "truncate"):
        setattr(os, name, _watched(faults, name, getattr(os, name)))
    io.open = _opening(faults, io.open)
    builtins.open = io.open
    os.open = _os_opening(faults, os.open)
    connect = _connecting(faults, sqlite3.connect)
    sqlite3.connect = sqlite3.dbapi2.connect = connect


def _watched(faults: Faults, name: str, whole: Callable[..., Any]) -> Callable[..., Any]:
    def watched(*given: Any, **named: Any) -> Any:
        shown = "" if name == "fsync" else os.path.basename(os.fsdecode(given[0]))
        return faults.around(name, shown, lambda: whole(*given, **named))

    return watched


def _opening(faults: Faults, whole: Callable[..., Any]) -> Callable[..., Any]:
    def opening(file: Any, mode: str = "r", *given: Any, **named: Any) -> Any:
        if isinstance(file, int) or not set(mode) & set("wxa+") or os.fspath(file) == os.devnull:
            return whole(file, mode, *given, **named)
        return faults.around("open", os.path.basename(os.fsdecode(file)), lambda: whole(file, mode, *given, **named))

    return opening


def _os_opening(faults: Faults, whole: Callable[..., Any]) -> Callable[..., Any]:
    def opening(path: Any, flags: int, *given: Any, **named: Any) -> Any:
        if not flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            return whole(path, flags, *given, **named)
        return faults.around("open", os.path.basename(os.fsdecode(path)), lambda: whole(path, flags, *given, **named))

    return opening


def _connecting(faults: Faults, whole: Callable[..., Any]) -> Callable[..., Any]:
    def told(sql: str, work: Callable[[], Any]) -> Any:
        words = " ".join(sql.split()[:3]).upper()
        return work() if words.startswith(READS) or words == "BEGIN" else faults.around("sql", words, work)

    class Cursor(sqlite3.Cursor):
        def execute(self, sql: str, *given: Any) -> Any:
            return told(sql, lambda: super(Cursor, self).execute(sql, *given))

        def executemany(self, sql: str, *given: Any) -> Any:
            return told(sql, lambda: super(Cursor, self).executemany(sql, *given))

    class Connection(sqlite3.Connection):
        def cursor(self, factory: Any = Cursor) -> Any:
            return super().cursor(factory)

        def execute(self, sql: str, *given: Any) -> Any:
            return told(sql, lambda: super(Connection, self).execute(sql, *given))

        def executemany(self, sql: str, *given: Any) -> Any:
            return told(sql, lambda: super(Connection, self).executemany(sql, *given))

        def commit(self) -> None:
            if self.in_transaction:
                faults.around("write", "COMMIT", super().commit)

        def backup(self, *given: Any, **named: Any) -> None:
            faults.around("write", "BACKUP", lambda: super(Connection, self).backup(*given, **named))

    def connecting(*given: Any, **named: Any) -> Any:
        named.setdefault("factory", Connection)
        return whole(*given, **named)

    return connecting
