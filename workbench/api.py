"""HTTP routes beside the pages: /healthz, and the headers every answer carries. One of the two doors to starlette.

What lives here: turning Desk values into JSON responses. What does not: any deciding, and anything unpublished (promise 11).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from workbench.errors import WorkbenchError

if TYPE_CHECKING:
    from workbench.desk import Desk

# Scripts and styles come from this server only (Streamlit needs them inline), images from it or from the page itself: a picture
# named in a claim or an evidence file can't call home (RELIABILITY.md section 3, rule 18).
CONTENT_POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data: blob:",
        "style-src 'self' 'unsafe-inline'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "worker-src 'self' blob:",
        "font-src 'self' data:",
        "connect-src 'self' ws: wss:",
        "frame-src 'self' blob: data:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    )
)
HEADERS = (
    (b"content-security-policy", CONTENT_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)


def routes(open_desk: Callable[[], Desk]) -> list[Route]:
    """The routes served beside the pages. open_desk gives the one Desk of this process; it may raise a WorkbenchError."""

    def healthz(_: Request) -> JSONResponse:
        """200 when a search would find meaning as well as words; 503 with the reason until then."""
        try:
            ready, why = open_desk().readiness()
        except WorkbenchError as error:
            ready, why = False, f"{error.message} {error.hint}".strip()
        body: dict[str, object] = {"ready": True} if ready else {"ready": False, "why": why}
        return JSONResponse(body, status_code=200 if ready else 503, headers={"cache-control": "no-store"})

    return [Route("/healthz", healthz, methods=["GET"])]


class PageHeaders:
    """ASGI middleware: every HTTP answer carries HEADERS, unless it set one of them itself."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add the headers to its answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(pair for pair in HEADERS if pair[0] not in given)]
            await send(message)

        await self.app(scope, receive, send_with_headers)


MIDDLEWARE = [Middleware(PageHeaders)]
