"""HTTP routes beside the pages, read-only, the headers every answer carries, and the gate before all. The door to starlette.

    /healthz                        whether a search can run
    /api/v1/claims, /claims/{id}    the published verdicts, as a reader may see them
    /api/v1/search                  passages of the public sources
    /api/v1/openapi.json            the description of these
    /feeds/claimreview.json         the published verdicts as a schema.org DataFeed
    /feeds/verdicts.atom            the same for people
    /feeds/corrections.atom, .html  what readers were told was corrected, clarified, brought up to date or retracted

What lives here: turning Desk values into answers, and who is answered. What does not: what is published and what a report says
(report/, published.py, exports/), and anything unpublished (promise 11).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from workbench.api.description import SUMMARY, description
from workbench.api.gate import LOOPBACK, Gate, Names
from workbench.api.headers import HEADERS, MIDDLEWARE, PageHeaders
from workbench.errors import LedgerError, StaleIndex, UnknownId, UsageError, WorkbenchError

if TYPE_CHECKING:
    from workbench.desk import Desk
    from workbench.models import SearchMode

__all__ = ["HEADERS", "MIDDLEWARE", "PageHeaders", "gated", "routes"]

AT_MOST = 200  # claims of one answer
HITS_AT_MOST = 100
AWAY = "The records cannot be used now"  # no more to strangers: the error names the place and its user
CLAIMREVIEW = "application/ld+json"
ATOM = "application/atom+xml; charset=utf-8"

Answers = Callable[["Desk", Request], Response]


def gated(names: Names, noticed: Callable[[], None]) -> list[Middleware]:
    """What stands before the pages and routes: the headers of every answer, and the gate. names, noticed: see Gate."""
    return [*MIDDLEWARE, Middleware(Gate, names=names, noticed=noticed)]


def routes(open_desk: Callable[[], Desk]) -> list[Route]:
    """The routes served beside the pages. open_desk gives the one Desk of this process; it may raise a WorkbenchError."""

    def healthz(_: Request) -> JSONResponse:
        """200 when a search would find meaning as well as words; 503 with the reason until then."""
        try:
            ready, why = open_desk().readiness.told()
        except LedgerError as error:
            ready, why = False, f"{AWAY} ({error.code}); whoever keeps this server runs: workbench doctor"
        except WorkbenchError as error:
            ready, why = False, f"{error.message} {error.hint}".strip()
        body: dict[str, object] = {"ready": True} if ready else {"ready": False, "why": why}
        return JSONResponse(body, status_code=200 if ready else 503, headers={"cache-control": "no-store"})

    def route(path: str, answers: Answers) -> Route:
        async def endpoint(request: Request) -> Response:
            return await run_in_threadpool(_answered, open_desk, answers, request)  # a search must not hold up the pages

        return Route(path, endpoint, methods=["GET"], name=answers.__name__)

    return [
        Route("/healthz", healthz, methods=["GET"]),
        route("/api/v1/openapi.json", _openapi),
        route("/api/v1/claims", _claims),
        route("/api/v1/claims/{claim_id}", _claim),
        route("/api/v1/search", _search),
        route("/feeds/claimreview.json", _claimreview_feed),
        route("/feeds/verdicts.atom", _atom_feed),
        route("/feeds/corrections.atom", _corrections_feed),
        route("/feeds/corrections.html", _corrections_page),
    ]


def _answered(open_desk: Callable[[], Desk], answers: Answers, request: Request) -> Response:
    """The answer, or what is wrong as JSON; 304 where the asker has it already."""
    try:
        desk = open_desk()
        if desk.people.is_team:
            if not _shows_token(desk, request):
                return _error(401, "no_token", "This workspace answers programs that show a token.", "workbench people token")
        elif request.url.hostname not in LOOPBACK:
            # a page elsewhere whose name was pointed at this machine (DNS rebinding) asks under that name
            return _error(403, "not_loopback", "This workspace answers only on the machine it runs on.", "Ask 127.0.0.1.")
        answer = answers(desk, request)
    except UnknownId as error:
        return _error(404, error.code, error.message, error.hint)
    except StaleIndex as error:
        return _error(503, error.code, error.message, error.hint)
    except LedgerError as error:
        return _error(503, error.code, f"{AWAY}.", "Try again; whoever keeps this server runs: workbench doctor")
    except WorkbenchError as error:
        return _error(400, error.code, error.message, error.hint)
    tag = f'"{hashlib.sha256(bytes(answer.body)).hexdigest()[:32]}"'
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers={"etag": tag})
    answer.headers["etag"] = tag
    answer.headers["cache-control"] = "no-cache"  # ask again; a correction must not wait for a cache
    return answer


def _shows_token(desk: Desk, request: Request) -> bool:
    """Whether it comes with a token that holds. Nothing else counts, a cookie least: a page elsewhere can have those sent."""
    scheme, _, shown = request.headers.get("authorization", "").partition(" ")
    return scheme.lower() == "bearer" and desk.people.with_token(shown.strip()) is not None


def _error(status: int, code: str, message: str, hint: str) -> JSONResponse:
    body = {"error": {"code": code, "message": message, "hint": hint}}
    return JSONResponse(body, status_code=status, headers={"www-authenticate": "Bearer"} if status == 401 else None)


# --- the answers ----------------------------------------------------------------------------------------------------------


def _openapi(_: Desk, __: Request) -> Response:
    return JSONResponse(description())


def _claims(desk: Desk, request: Request) -> Response:
    offset = _number(request, "offset", usual=0, least=0, most=10**9)
    limit = _number(request, "limit", usual=50, least=1, most=AT_MOST)
    found = desk.published.reports(offset=offset, limit=limit)
    listed = [one.page.model_dump(mode="json", include=set(SUMMARY)) for one in found]
    return JSONResponse({"claims": listed, "total": desk.published.count(), "offset": offset})


def _claim(desk: Desk, request: Request) -> Response:
    report = desk.published.report(request.path_params["claim_id"])
    return JSONResponse({"claim": report.page.model_dump(mode="json"), "claimreview": desk.published.markup(report)})


def _search(desk: Desk, request: Request) -> Response:
    asked = request.query_params.get("q", "").strip()
    mode = request.query_params.get("mode", "hybrid")
    if mode not in ("hybrid", "dense", "lexical"):
        raise UsageError(f"There is no mode {mode!r}.", hint="Use hybrid, dense or lexical.")
    k = _number(request, "k", usual=desk.settings.search.k, least=1, most=HITS_AT_MOST)
    found = desk.find(asked, k=k, mode=cast("SearchMode", mode), audience="public")
    hits = [one.model_dump(mode="json", exclude={"path": True, "similar": {"__all__": {"path"}}}) for one in found.hits]
    return JSONResponse({"query": asked, "mode": found.receipt.mode, "hits": hits})


def _claimreview_feed(desk: Desk, _: Request) -> Response:
    return Response(desk.published.claimreview(), media_type=CLAIMREVIEW)


def _atom_feed(desk: Desk, request: Request) -> Response:
    return Response(desk.published.atom(address=str(request.url.replace(query=""))), media_type=ATOM)


def _corrections_feed(desk: Desk, request: Request) -> Response:
    return Response(desk.published.corrections(address=str(request.url.replace(query=""))), media_type=ATOM)


def _corrections_page(desk: Desk, _: Request) -> Response:
    return HTMLResponse(desk.published.corrections_page())


def _number(request: Request, name: str, *, usual: int, least: int, most: int) -> int:
    """The number asked for under that name. Raises: UsageError where it is none, or out of bounds."""
    said = request.query_params.get(name)
    if said is None:
        return usual
    if not (said.isascii() and said.isdigit() and len(said) < 12 and least <= int(said) <= most):
        raise UsageError(f"{name} is {said[:40]!r}.", hint=f"Give a whole number from {least} to {most}.")
    return int(said)
