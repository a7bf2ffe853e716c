"""Searches: looking for something no claim asks, and the searches kept under a name. Deep link: /searches?saved=ID."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from workbench.attribution import Attribution
from workbench.errors import UnknownId
from workbench.models import News, SavedSearch, SearchResult
from workbench.tongue import N_, _, counted
from workbench.ui import filters_panel, hit_card, hits_panel, saved_panel, session, show
from workbench.ui.show import tag

if TYPE_CHECKING:
    from workbench.desk import Desk


def page() -> None:
    """Draw the page."""
    desk = session.shared_desk()
    session.shown_confirmation()
    session.shown_problem()
    wanted = st.query_params.get("saved")
    found = saved_panel.news(desk)
    left, right = st.columns([1.9, 1], gap="large")
    with right, session.calm():
        saved_panel.listed(desk, found, wanted)
    with left, session.calm():
        if wanted:
            _saved(desk, wanted, found)
        else:
            _free(desk)


def _free(desk: Desk) -> None:
    """A search somebody types."""
    asked = filters_panel.draw(desk, "searches", label=N_("Search the evidence for"))
    if not asked.text:
        show.empty(_("Nothing is searched for yet."), _("Write a sentence, or words, and press Enter."))
        return
    ready, why = desk.readiness.told()
    if not ready and asked.mode != "lexical":
        show.notice(_("These passages were found by their words only: {why}.", why=why.rstrip(".")))
    mode = asked.mode if ready else "lexical"
    result = desk.answers.find(asked.text, also=asked.also, mode=mode, filters=asked.filters)
    saved_panel.keep(desk, asked)
    _hits(result, ())


def _saved(desk: Desk, search_id: str, found: list[News]) -> None:
    """A saved search as it finds now; the passages of new files say so."""
    try:
        search = desk.searches.get(search_id)
    except UnknownId:
        show.empty(_("There is no saved search with that address."), _("It may have been removed. Choose one from the list."))
        st.page_link("views/searches.py", label=_("Search for something else"))
        return
    st.subheader(show.literal(search.name), anchor=False)
    show.small(saved_panel.facts(search))
    news = next((one for one in found if one.search.id == search.id), None)
    _actions(desk, search, news)
    result = desk.searches.run(search.id)
    _hits(result, news.source_ids if news else ())


def _actions(desk: Desk, search: SavedSearch, news: News | None) -> None:
    who = session.reviewer()
    if news is not None:
        show.said(f"{news.told}.")
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        st.page_link("views/searches.py", label=_("Search for something else"))
        if who is None:
            show.small(_("Say who you are at the top of the page to mark it as looked at, or to change it."))
            return
        if news is not None:
            act = partial(desk.searches.see, news, actor=who)
            st.button(_("Mark as looked at"), key="see-news", type="primary", on_click=session.act, args=(act,))
        with st.popover(_("Change")):
            name = st.text_input(_("Call it"), value=search.name, key=f"rename-{search.id}", max_chars=120)
            if st.button(_("Rename"), key="rename-search", disabled=not (name or "").strip() or name == search.name):
                desk.searches.rename(search.id, name or "", actor=who)
                st.rerun()
            if st.button(_("Remove"), key="remove-search", help=_("It leaves the list; it stays in the history.")):
                desk.searches.retire(search.id, actor=who)
                session.say(_("{name} was removed from the list.", name=search.name))
                st.query_params.pop("saved", None)
                st.rerun()


def _hits(result: SearchResult, new: Collection[str]) -> None:
    show.small(" · ".join(hits_panel.in_words(result.receipt, shown=len(result.hits))))
    for warning in result.receipt.warnings:
        show.small(warning)
    if not result.hits:
        show.empty(_("No passage was found."), _("Use other words, or fewer filters."))
    for hit in result.hits:
        with st.container(key=f"row-found-{hit.passage_id}", gap=None):
            address = {"source": hit.source_id[:16], "passage": hit.passage_id}
            st.page_link("views/document.py", label=f"{hit.rank}  {show.literal(hit.title)}", query_params=address)
            parts = [hit_card.where(hit, Attribution()), tag("p", "passage", show.marked(hit.text, hit.matched), dir="auto")]
            if hit.source_id in new:
                parts.insert(0, tag("p", "", tag("span", "badge", _("new"))))
            if hit.similar:
                parts.append(
                    tag(
                        "p",
                        "quiet",
                        counted(
                            len(hit.similar),
                            "And {count} passage more that says the same",
                            "And {count} passages more that say the same",
                        ),
                    )
                )
            show.draw(*parts)


page()
