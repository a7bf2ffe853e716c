"""Whether anything was committed to a ledger file since it was last asked: what lets a page be drawn again without reading.

A look at the ledger costs a connection of its own, half a millisecond; a page asks dozens of times what nobody changed. SQLite
counts the commits of other connections (`PRAGMA data_version`), which this one, kept open and never in a transaction, asks for.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from pathlib import Path
from urllib.parse import quote

from workbench.ledger.database import Beat


class Pulse:
    """Safe to share between threads: one asks at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None

    def beat(self) -> Beat:
        """A value that equals the one before while nothing was committed; one that equals nothing where that is not known."""
        with self._lock:
            try:
                return self._counted()
            except (sqlite3.Error, OSError):  # busy, or gone: whoever reads then is told what is the matter
                return object()

    def _counted(self) -> Beat:
        stat = os.stat(self._path)  # a ledger put back from a backup is another file
        if self._connection is None or self._file != (stat.st_dev, stat.st_ino):
            self._let_go()
            address = f"file:{quote(str(self._path))}?mode=rw"
            self._connection = sqlite3.connect(address, uri=True, isolation_level=None, timeout=0, check_same_thread=False)
            self._file = (stat.st_dev, stat.st_ino)
        (version,) = self._connection.execute("PRAGMA data_version").fetchone()
        return (*self._file, version)

    def _let_go(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._let_go()
