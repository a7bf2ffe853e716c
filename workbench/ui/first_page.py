"""The first page goes before the model: both want the same processor, and only one of them is waited for.

What lives here: the wait of the thread that loads the model, and what the frame says until it is there. What does not:
loading it (desk/readiness.py).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import streamlit as st

from workbench.tongue import _
from workbench.ui import show

if TYPE_CHECKING:
    from workbench.desk import Desk

VISITOR = 1.5  # seconds in which somebody who was waiting for the server has asked for a page
DRAWING = 8.0  # seconds from there, with a browser that loads Streamlit first; a page that takes longer is not waited for
SHOWING = 1.0  # seconds in which the browser asks for what the page is made of

_coming, _drawn = threading.Event(), threading.Event()


def prepare(desk: Desk) -> None:
    """Have at hand what the queue is drawn from, while the browser of whoever comes still loads Streamlit, for a second."""
    from workbench.ui import import_claims, progress_panel, queue_actions, queue_filters, queue_rows, today_panel  # noqa: F401

    desk.cases.rows()


def somebody_comes() -> None:
    """A browser has asked for a page: it is drawn once the browser has loaded what it runs."""
    _coming.set()


@contextmanager
def drawing() -> Iterator[None]:
    """Around every page: the first one is what loading waits for."""
    somebody_comes()
    yield
    _drawn.set()  # not where it only leads to another page: that leaves by an exception


def wait() -> None:
    """Come back when the first page is drawn, or when nobody came for one."""
    if _coming.wait(VISITOR) and _drawn.wait(DRAWING):
        time.sleep(SHOWING)


def model_is_coming(desk: Desk) -> None:
    """Say in the frame that the model is being loaded, until it is: there it moves nothing of the page when it goes."""
    if desk.readiness.is_coming:
        with st.container(key="model-is-coming"):
            _told(desk)


@st.fragment(run_every=1)
def _told(desk: Desk) -> None:
    if desk.readiness.is_coming:
        show.draw(show.tag("p", "quiet", _("The model is being loaded. Until then searches find words."), role="status"))
    else:
        st.rerun()
