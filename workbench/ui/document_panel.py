"""Beside a document: the hits of the claim in it, its passages one by one, and citing what the page is opened at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from workbench.models import Draft, Passage, Span
from workbench.report import citation_line
from workbench.tongue import _, counted
from workbench.ui import keys, session, sheet, show, stances, steps
from workbench.ui.hits_here import HitsHere
from workbench.ui.show import tag

if TYPE_CHECKING:
    from workbench.desk import Desk

LISTED = 12


def hits(found: HitsHere, here: Passage | None, *, length: int) -> None:
    """The hits of the claim in this document, with where the page stands among them. length: of the text."""
    if not found:
        return
    number = found.around(here)[0]
    st.subheader(
        _("Hit {number} of {count} of this claim here", number=number + 1, count=len(found))
        if number is not None
        else counted(len(found), "{count} hit of this claim here", "{count} hits of this claim here"),
        anchor=False,
    )
    with st.container(horizontal=True, gap="xsmall"):
        places = [one.passage for one in found.found]
        _step(_("Next hit"), "to-next-hit", "next", places, here, 1)
        _step(_("Previous hit"), "to-previous-hit", "previous", places, here, -1)
    strip, listed = st.columns([1, 9])
    with strip:
        show.draw(sheet.ticks(length, Span(start=here.start, end=here.end) if here else None, found.spans))
    with listed, st.container(key="document-hits", gap="xsmall"):
        for one in found.found[:LISTED]:
            text = " ".join(one.passage.text.split())
            label = show.literal(f"{one.rank}  {text[:70].rstrip()} …" if len(text) > 70 else f"{one.rank}  {text}")
            st.button(
                label,
                key=f"to-{one.passage.passage_id}",
                type="tertiary",
                wrap=True,
                on_click=stances.show_passage,
                args=(one.passage,),
            )
        if len(found) > LISTED:
            show.small(_("And {count} more: step through them.", count=len(found) - LISTED))


def passages(every: Sequence[Passage], here: Passage | None, *, actions: tuple[keys.Action, keys.Action]) -> None:
    """The passages of the document one by one. actions: whose keys step to the next one and to the one before."""
    if not every:
        return
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        _step(_("Next passage"), "to-next-passage", actions[0], every, here, 1)
        _step(_("Previous"), "to-previous", actions[1], every, here, -1)
    show.draw(
        tag(
            "p",
            "quiet",
            _("Passage {ordinal} of {count}", ordinal=here.ordinal + 1, count=len(every))
            if here
            else counted(len(every), "{count} passage", "{count} passages"),
        )
    )


def _step(label: str, key: str, action: keys.Action, places: Sequence[Passage], here: Passage | None, by: int) -> None:
    drawn = here.start if here else -1

    def move() -> None:
        target = _beside(places, _start_now(places, drawn), by)  # another press may have moved it since this was drawn
        if target is not None:
            stances.show_passage(target)

    is_end = _beside(places, drawn, by) is None
    st.button(label, key=key, shortcut=keys.of(action), disabled=is_end, on_click=move)


def _beside(places: Sequence[Passage], start: int, by: int) -> Passage | None:
    """The first of the places after an offset (by 1), or the last that ends before it (by -1)."""
    if by > 0:
        return next((one for one in places if one.start > start), None)
    return next((one for one in reversed(places) if one.end <= start), None)


def _start_now(places: Sequence[Passage], drawn: int) -> int:
    """Where what the page stands at begins; as it was drawn where that is not of this document."""
    source, _, place = (steps.last("passage") or "").partition("-")
    start = place.partition("-")[0]
    return int(start) if places and source and places[0].source_id.startswith(source) and start.isdecimal() else drawn


def cite(desk: Desk, here: Passage, draft: Draft | None) -> None:
    """Cite or copy what the page is opened at, and choose words of it without a mouse."""
    is_whole = desk.catalog.passage(here.passage_id) is not None
    st.subheader(_("This passage") if is_whole else _("These words"), anchor=False)
    if not is_whole:
        show.show_text(f"“{' '.join(here.text.split())}”", "quiet")
    if draft is not None:
        with st.container(horizontal=True, gap="xsmall", key="document-stances"):
            stances.buttons(desk, draft, here.passage_id)
        if some := stances.inside(draft, here.source_id, here.start, here.end):
            show.draw(stances.cited_words(desk, some))
    show.small(_("Select words in the text to cite exactly these.") if draft else _("Select words in the text to mark them."))
    with st.expander(_("Copy a citation"), type="compact"):
        st.code(citation_line(desk.citing.plain(here.passage_id)), language=None, wrap_lines=True)
    with (
        st.expander(_("Choose words with the keyboard"), type="compact"),
        st.form("from-to", border=False, clear_on_submit=False),
    ):
        st.text_input(_("From the words"), key="words-from", max_chars=500)
        st.text_input(_("To the words"), key="words-to", max_chars=500, help=_("Leave it empty to take only the first ones"))
        st.form_submit_button(_("Mark these words"), on_click=session.act, args=(lambda: _between(desk, here),))


def _between(desk: Desk, here: Passage) -> None:
    first, last = st.session_state["words-from"], st.session_state["words-to"]
    stances.show_passage(desk.citing.between(here, first, last))
