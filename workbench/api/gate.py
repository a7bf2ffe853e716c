"""Who is answered at all, before Streamlit or a route sees the request.

What lives here: under which names this server answers, from which pages it may be spoken to, what stays closed to everybody.
What does not: who somebody is (that is the login's), and what an answer may load (headers.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})  # the names a browser on this machine may call it by
CLOSED = "/_stcore/metrics"  # Streamlit answers it without a login, with counts of sessions and of memory
READS = frozenset({"GET", "HEAD"})
FOREIGN = 1008  # websocket: policy violation

Names = Callable[[], Sequence[str]]


class Gate:
    """ASGI middleware that turns away what no page of ours would send.

    names: gives the host names answered to besides LOOPBACK; `*.example.org` stands for every name below it, `*` for all.
    noticed: told whenever a browser asks for a page.

    A page elsewhere cannot pass for one of ours: not under a name of its own that was pointed at this machine (DNS rebinding),
    and not by its Origin. Streamlit would let a page of another local port in, and looks up this machine's public address on
    the internet to answer any other one; neither happens behind this gate.
    """

    def __init__(self, app: ASGIApp, names: Names, noticed: Callable[[], None] = lambda: None) -> None:
        self.app, self.names, self.noticed = app, names, noticed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer what is wrong with it."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        host, origin = headers.get("host", ""), headers.get("origin")
        if "text/html" in headers.get("accept", ""):
            self.noticed()
        is_foreign = origin is not None and _netloc(origin) != host
        if not self._is_ours(host):
            await _refuse(scope, receive, send, 421, "other_host", f"This server does not answer as {host[:100]!r}.")
        elif CLOSED in scope["path"]:
            await _refuse(scope, receive, send, 404, "not_found", "There is nothing here.")
        elif is_foreign and (scope["type"] == "websocket" or scope["method"] not in READS):
            await _refuse(scope, receive, send, 403, "other_origin", "Only pages of this server may ask that.")
        else:
            if is_foreign:  # it may read what is public, and its browser keeps the answer from it as it always does
                scope = {**scope, "headers": [pair for pair in scope["headers"] if pair[0] != b"origin"]}
            await self.app(scope, receive, send)

    def _is_ours(self, host: str) -> bool:
        try:
            parts = urlsplit(f"//{host}")
            name, _ = (parts.hostname or "").rstrip("."), parts.port  # a port that is none raises
        except ValueError:
            return False
        if not name or parts.netloc != host or "@" in host:
            return False
        return any(_answers_to(name, one.strip().lower().rstrip(".")) for one in (*LOOPBACK, *self.names()))


def _netloc(origin: str) -> str | None:
    """Host and port of an Origin; None where it is `null` or no address."""
    try:
        return urlsplit(origin).netloc or None
    except ValueError:
        return None


def _answers_to(name: str, allowed: str) -> bool:
    return allowed == "*" or name == allowed or (allowed.startswith("*.") and name.endswith(allowed[1:]))


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int, code: str, message: str) -> None:
    if scope["type"] == "websocket":
        await receive()  # its connect
        await send({"type": "websocket.close", "code": FOREIGN})
        return
    hint = "Name it in `allowedHosts` under [server] of .streamlit/config.toml." if code == "other_host" else ""
    answer = JSONResponse({"error": {"code": code, "message": message, "hint": hint}}, status_code=status)
    await answer(scope, receive, send)
