"""The app as a server sees it: the pages, the routes, and the model warming up behind them."""

from __future__ import annotations

import gc
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from workbench import api, log
from workbench.errors import LedgerError, SettingsError, WorkbenchError
from workbench.settings import find_workspace, load_settings
from workbench.settings.login import refuse_unless_fit
from workbench.tongue import _
from workbench.ui import first_page, session, show

if TYPE_CHECKING:
    from workbench.desk import Desk

MAIN_PAGE = Path(__file__).with_name("main.py")
TRIED_AGAIN_AFTER = 5.0  # seconds: a server of records that is not there yet may be by then
FOLLOWED_EVERY = 15.0  # seconds, on an app server that takes no files in itself: another one may have
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104  addresses to listen at, under which nobody asks
_stopping = threading.Event()


def warm_up() -> None:
    """Open the workspace; after the first page, load the model and the index, and bring the index up to a changed model.

    A failure is logged here and told by /healthz and every page.
    """
    try:
        desk = _opened()
        first_page.prepare(desk)
        first_page.wait()
        desk.readiness.warm_up()
        desk.stock.keep_index()
        desk.precedents.keep_index()
        desk.cases.all()
        keep_out_of_collections()
        if not desk.settings.records.takes_in:
            _follow(desk)
    except WorkbenchError as error:
        log.tell_error("not ready to search", error)
    except Exception as error:
        log.tell_error("the model could not be warmed up", error)


def _opened() -> Desk:
    """The desk, also where its records are reached only after a while. Raises: WorkbenchError for all else that is wrong."""
    while True:
        try:
            return session.whole_desk()
        except LedgerError as error:
            if error.code not in ("ledger_unreachable", "ledger_busy") or _stopping.wait(TRIED_AGAIN_AFTER):
                raise


def keep_out_of_collections() -> None:
    """What was opened stays: Python need not look through all of it for garbage again and again.

    With 10,000 claims one such look took a quarter of a second, in the middle of somebody's click.
    """
    gc.collect()
    gc.freeze()


def _follow(desk: Desk) -> None:
    """Until the server stops: make searchable here what another app server took in."""
    while not _stopping.wait(FOLLOWED_EVERY):
        try:
            desk.stock.follow()
        except WorkbenchError as error:  # the records or the shared folder are away, or a command is at it: looked at again
            log.tell_error("another server is not followed", error)


def refuse_unless_fit_to_serve() -> None:
    """Raises: SettingsError where this server is not what the mode of the workspace asks for, however it was started.

    Of a workspace that is not there, or whose settings cannot be read, there is nothing to serve: every page says so.
    """
    try:
        found = find_workspace()
        mode = load_settings(found).mode
    except WorkbenchError:
        return
    refuse_unless_fit(mode, found.secrets, st.get_option("server.address"))
    if mode == "team":
        read = [Path(one).resolve() for one in st.get_option("secrets.files")]
        if read != [found.secrets.resolve()]:
            told = f"The login would be set up by {', '.join(map(str, read)) or 'nothing'}, not by {found.secrets}."
            raise SettingsError(told, hint="Start the app with: workbench serve", code="login")
        if st.get_option("server.trustedUserHeaders"):
            told = "server.trustedUserHeaders is set: whoever reaches this port could say who they are."
            raise SettingsError(told, hint="Take it out of .streamlit/config.toml; people log in.", code="login")


@asynccontextmanager
async def lifespan(app: Any) -> AsyncIterator[None]:
    """Start warming up in the background, so that pages never wait for the model. Raises: SettingsError, to serve nothing."""
    refuse_unless_fit_to_serve()
    _stopping.clear()
    threading.Thread(target=warm_up, name="workbench-warm-up", daemon=True).start()
    yield
    _stopping.set()
    session.close_desk()


def unexpected(error: Exception) -> bool:
    """Show a calm box for an error nobody planned for; its traceback is in the server's log. Returns True: it is shown."""
    log.tell_error("a page failed", error)
    show.notice(
        _("This page met an error it did not expect."),
        _("What you had saved is safe. Reload the page; if it happens again, the log of the server says more."),
    )
    return True


def names() -> list[str]:
    """The host names this server answers to: Streamlit's `server.allowedHosts`, and the one address it listens at."""
    address = st.get_option("server.address")
    return [*st.get_option("server.allowedHosts"), *([address] if address and address not in EVERYWHERE else [])]


def wiring() -> dict[str, Any]:
    """What `st.App` needs besides the main page: routes, headers and gate, the warm-up, the box for unexpected errors."""
    return {
        "routes": api.routes(session.whole_desk),
        "middleware": api.gated(names, first_page.somebody_comes),
        "lifespan": lifespan,
        "on_script_error": unexpected,
    }


app = st.App(MAIN_PAGE, **wiring())  # `workbench serve` runs this file where there is no streamlit_app.py
