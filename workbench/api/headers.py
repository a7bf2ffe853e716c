"""The headers that every answer carries, the pages' as well as the routes'."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

import regex
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send


def _inline_scripts() -> list[str]:
    """The hashes of the scripts that stand in Streamlit's own page: they alone may run inline."""
    spec = find_spec("streamlit")
    page = Path(spec.origin or "").with_name("static") / "index.html" if spec else None
    if page is None or not page.is_file():
        return []
    found = regex.findall(r"<script>(.*?)</script>", page.read_text(encoding="utf-8"), flags=regex.DOTALL)
    return [f"'sha256-{b64encode(sha256(one.encode()).digest()).decode()}'" for one in found]


# The strictest under which every page works in Chromium (tests/e2e/test_headers.py says so, page by page). No host but this one
# stands in it: a picture named in a claim or an evidence file can't call home (RELIABILITY.md section 3, rule 18).
CONTENT_POLICY = "; ".join(
    (
        "default-src 'none'",
        # blob: Streamlit loads the script of a component (ours marks selected words) from one. wasm-unsafe-eval: its protobuf
        # reader counts in WebAssembly. Neither lets a text become a script.
        " ".join(["script-src 'self' blob: 'wasm-unsafe-eval'", *_inline_scripts()]),
        "style-src 'self' 'unsafe-inline'",  # Streamlit writes its styles into the page
        "img-src 'self' data:",
        "font-src 'self' data:",  # a font of signs that Streamlit carries in its script
        "connect-src 'self'",
        "media-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = (
    (b"content-security-policy", CONTENT_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),  # for browsers that do not know frame-ancestors
    (b"cross-origin-opener-policy", b"same-origin"),  # a page that opened this one holds no handle on it
    (b"cross-origin-resource-policy", b"same-origin"),  # no other site can embed an answer
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
)


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
