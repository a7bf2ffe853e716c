"""Saved searches on a page: what is new in them, the list of them, and keeping one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from workbench.errors import StaleIndex
from workbench.models import News, SavedSearch
from workbench.tongue import _, counted
from workbench.ui import filters_panel, session, show, words
from workbench.ui.filters_panel import Asked
from workbench.ui.show import tag

if TYPE_CHECKING:
    from workbench.desk import Desk

ANNOUNCED = 3  # on another page; the rest are counted


def news(desk: Desk) -> list[News]:
    """What is new in the saved searches; of those by meaning only where the model is ready, and nothing without an index."""
    try:
        return desk.searches.news() if desk.readiness.told()[0] else desk.searches.news_by_words()[0]
    except StaleIndex:  # every search says so, and what mends it
        return []


def announce(desk: Desk) -> None:
    """A line for each saved search that new files match, on a page that is about something else."""
    found = news(desk)
    for one in found[:ANNOUNCED]:
        st.page_link(
            "views/searches.py",
            label=show.literal(one.told),
            query_params={"saved": one.search.id},
            icon=":material/notifications:",
        )
    if len(found) > ANNOUNCED:
        show.small(
            counted(len(found) - ANNOUNCED, "and {count} more saved search", "and {count} more saved searches"),
        )


def listed(desk: Desk, found: list[News], current: str | None) -> None:
    """The saved searches, those with news first."""
    st.subheader(_("Saved searches"), anchor=False)
    kept = desk.searches.all()
    if not kept:
        show.small(
            _("None yet. Search for something and save it: new files that match it are then announced here and in the queue.")
        )
        return
    by_id = {one.search.id: one for one in found}
    for search in sorted(kept, key=lambda one: one.id not in by_id):
        with st.container(key="row-current" if search.id == current else f"row-{search.id}", gap=None):
            st.page_link("views/searches.py", label=show.literal(search.name), query_params={"saved": search.id})
            parts = [tag("span", "", facts(search), dir="auto")]
            if search.id in by_id:
                parts.insert(0, show.pill(counted(by_id[search.id].passages, "{count} new passage", "{count} new passages")))
            show.draw(tag("div", "rowmeta", *parts))


def facts(search: SavedSearch) -> str:
    """What a saved search looks for, how, and among what."""
    told = (" | ".join(search.queries), words.MODES[search.mode].lower(), filters_panel.told(search.filters))
    return " · ".join(filter(None, told))


def keep(desk: Desk, asked: Asked) -> None:
    """A button that keeps this search under a name."""
    who = session.reviewer()
    with st.popover(_("Save this search"), icon=":material/bookmark:"):
        if who is None:
            show.small(_("Say who you are at the top of the page first."))
            return
        name = st.text_input(_("Call it"), key="saved-name", max_chars=120, placeholder=_("Election observers"))
        show.small(_("New files that match it are announced on this page and in the queue."))
        if st.button(_("Save"), key="save-search", type="primary", disabled=not (name or "").strip()):
            queries = (asked.text, *asked.also)
            kept = desk.searches.save(name or "", queries, mode=asked.mode, filters=asked.filters, actor=who)
            session.say(" ".join([_("Saved as {name}.", name=kept.name), *desk.searches.doubts(kept)]))
            st.query_params["saved"] = kept.id
            st.rerun()
