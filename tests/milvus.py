"""A Milvus Lite server of this run, on this machine alone."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

MISSING = [name for name in ("pymilvus", "milvus_lite") if find_spec(name) is None]
needs_milvus = pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}")


class LiteServer:
    """A server process over a data folder, which can be lost and started again at the same address."""

    def __init__(self, data: Path) -> None:
        self._data = data
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        """Start it and wait until it listens; its default is every address of the machine."""
        command = [sys.executable, "-m", "milvus_lite", "server", "--data-dir", str(self._data), "--host", "127.0.0.1"]
        self._process = subprocess.Popen(
            [*command, "--port", str(self.port)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert "listening" in line, line

    def lose(self) -> None:
        """Kill it, as a power cut would."""
        self._process.kill()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()


def lite_server(folder: Path) -> Iterator[LiteServer]:
    """A server, ended by its own process id."""
    server = LiteServer(folder / "milvus")
    try:
        yield server
    finally:
        server.lose()
