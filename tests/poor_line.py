"""A line to a server that is cut at the worst moments: a proxy between psycopg and PostgreSQL that watches for a COMMIT."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import Literal

Cut = Literal["before the commit", "before its answer", ""]


class PoorLine:
    """cut: when the next commit is lost, once. closed: nobody gets through after it."""

    def __init__(self, server: str | tuple[str, int]) -> None:
        """server: the path of its socket, or its host and port."""
        self._server = server
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self.cut: Cut = ""
        self.closed = False
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listening.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        answered, is_cut = threading.Event(), threading.Event()
        family = socket.AF_UNIX if isinstance(self._server, str) else socket.AF_INET
        with client, socket.socket(family) as server, suppress(OSError):
            if self.closed:
                return
            server.connect(self._server)
            back = threading.Thread(target=self._back, args=(server, client, is_cut, answered), daemon=True)
            back.start()
            while data := client.recv(65_536):
                cut = self.cut if b"COMMIT" in data else ""
                if cut:
                    self.cut = ""
                if cut == "before the commit":
                    break
                if cut == "before its answer":
                    is_cut.set()
                    server.sendall(data)
                    answered.wait(10)
                    break
                server.sendall(data)
            server.shutdown(socket.SHUT_RDWR)
            client.shutdown(socket.SHUT_RDWR)

    def _back(self, server: socket.socket, client: socket.socket, is_cut: threading.Event, answered: threading.Event) -> None:
        with suppress(OSError):
            while data := server.recv(65_536):
                if is_cut.is_set():
                    answered.set()
                    return
                client.sendall(data)
