"""Intake: an article in, claims out. Deep link: /intake?source=ID for a file of the evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from workbench.articles import Article
from workbench.errors import UnknownId
from workbench.models import MAX_TEXT, SourceMeta
from workbench.tongue import _
from workbench.ui import new_claim, quotations_panel, session, show

if TYPE_CHECKING:
    from workbench.desk import Desk

PASTED = "pasted_article"


def page() -> None:
    """Draw the page."""
    desk = session.shared_desk()
    session.shown_problem()
    new_claim.DIALOG.draw(desk)
    new_claim.confirmation()
    article = _article(desk)
    if article is None:
        _paste(desk)
        return
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.title(show.literal(article.title), anchor=False)
        st.button(_("Another article"), key="another-article", on_click=_begin_anew, width="content")
    left, right = st.columns([1.25, 1], gap="large")
    with right:
        listed = quotations_panel.draw(article, desk.articles.quotations(article), desk.articles.suggestions(article))
    with left:
        quotations_panel.draw_text(article, listed)


def _article(desk: Desk) -> Article | None:
    """The file of the address, else what was pasted in this browser; None where neither is there."""
    wanted = st.query_params.get("source")
    if not wanted:
        pasted: Article | None = st.session_state.get(PASTED)
        return pasted
    try:
        return desk.articles.of_source(wanted)
    except UnknownId:
        show.empty(
            _("There is no document with that address."), _("It may be from another workspace. Look for it in the evidence.")
        )
        return None


def _begin_anew() -> None:
    st.query_params.clear()
    st.session_state.pop(PASTED, None)


def _paste(desk: Desk) -> None:
    st.title(_("Find claims in an article"), anchor=False)
    show.small(
        _(
            "Every quotation and every report of what somebody said is listed with its speaker. Nothing is stored until you "
            "file a claim; then the article is kept with the evidence. For a file of the evidence, open it and press "
            "“Quotations in it”."
        )
    )
    with st.form("article", border=False):  # nothing is drawn anew while the fields are being filled
        text = st.text_area(_("The text of the article"), key="article_text", height=280, max_chars=MAX_TEXT)
        left, right = st.columns(2)
        said = {
            "title": left.text_input(_("Its title"), key="article_title"),
            "publisher": right.text_input(_("Who published it"), key="article_publisher"),
            "published_on": left.text_input(_("When"), key="article_date", placeholder=_("2021, 2021-06 or 2021-06-23")),
            "url": right.text_input(_("Where it can be read"), key="article_url", placeholder="https://"),
        }
        is_asked = st.form_submit_button(_("Find quotations"), key="find-quotations", type="primary")

    def look_through() -> None:
        known = {name: value.strip() for name, value in said.items() if value and value.strip()}
        st.session_state[PASTED] = desk.articles.pasted(text or "", SourceMeta.model_validate(known))

    if is_asked:
        session.act(look_through)
        st.rerun()


page()
