"""Document: one source, read at a passage. Deep link: /document?source=ID&passage=PASSAGE_ID&claim=CLAIM_ID."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from workbench.errors import FileFailure, UnknownId
from workbench.models import Draft, LibraryEntry, Passage, Source, Span, spot_of
from workbench.pages import has_pages
from workbench.tongue import N_, _
from workbench.ui import (
    document_panel,
    hits_here,
    keys,
    media,
    page_picture,
    session,
    sheet,
    show,
    source_form,
    source_panel,
    stances,
    steps,
)
from workbench.ui.hits_here import HitsHere
from workbench.ui.show import tag

if TYPE_CHECKING:
    from workbench.desk import Desk

VIEWS = (N_("Page"), N_("Text"))  # of a PDF or a picture; every other document has its text only


@dataclass(frozen=True)
class Reading:
    """What is read: a source, what the address opens it at (a passage, or words of it), and the claim it is read for.

    is_unknown: whether the address names a passage that is not in this document.
    """

    entry: LibraryEntry
    source: Source
    here: Passage | None
    hits: HitsHere
    draft: Draft | None
    is_unknown: bool


def page() -> None:
    """Draw the page."""
    desk = session.shared_desk()
    passage_id = steps.here("passage")
    source_id = st.query_params.get("source") or (passage_id or "").split("-")[0]
    if not source_id:
        show.empty(_("No document is open."), _("Open one from a passage, or from the evidence."))
        st.page_link("views/evidence.py", label=_("Go to the evidence"))
        return
    try:
        entry, source = desk.source(source_id)
    except UnknownId as error:
        gone = error.code == "no_text_at_hand"
        what = _("The text of this document is not at hand.") if gone else _("There is no document with that address.")
        show.empty(what, error.hint if gone else _("It may be from another workspace. Look for it in the evidence."))
        st.page_link("views/evidence.py", label=_("Go to the evidence"))
        return
    reading = _reading(desk, entry, source, passage_id)
    left, right = st.columns([2.2, 1], gap="large")
    with left:
        _text(desk, reading)
    with right, st.container(key="document-side"):
        _side(desk, reading)
    stances.selection(desk, reading.draft, can_look=True)


def _reading(desk: Desk, entry: LibraryEntry, source: Source, passage_id: str | None) -> Reading:
    claim_id = st.query_params.get("claim")
    hits = hits_here.find(desk, claim_id, entry.source_id)
    here = None
    if passage_id:
        try:
            found = desk.passage(passage_id)
            here = found if found.source_id == entry.source_id else None
        except UnknownId:
            here = None
    elif hits.best and "at" not in st.query_params:
        here = hits.best
    who = session.reviewer()
    draft = session.draft(desk, claim_id, who) if claim_id and who and hits.claim_is_known else None
    return Reading(entry, source, here, hits, draft, is_unknown=bool(passage_id) and here is None)


# --- the text -----------------------------------------------------------------------------------------------------------


def _text(desk: Desk, reading: Reading) -> None:
    entry, source, here = reading.entry, reading.source, reading.here
    st.title(show.literal(entry.title), anchor=False)
    show.draw(source_panel.byline(entry))
    if reading.is_unknown:
        show.small(_("The passage of this address is not in this document as it stands now. Here is its beginning."))
    by_ocr = page_picture.ocr_badge(here.ocr_confidence) if here else None
    if by_ocr:
        show.draw(tag("p", "where", by_ocr, tag("span", "", _("Compare each word you quote with the picture."))))
    if here and has_pages(entry.media_type) and _wants_page():
        _picture(desk, reading, here)
        return
    if entry.describes:
        fate = desk.descriptions.fate(entry.describes)
        if fate:
            show.notice(fate, _("Judge the description by the file it was made of."))
        media.draw(desk, entry.describes, spot_of(here.page) if here else None)
    part = sheet.window(source, here.start if here else _asked_offset())
    if part.start > 0:
        st.button(
            _("Earlier text"),
            key="earlier",
            type="tertiary",
            on_click=_turn_to,
            args=(max(0, part.start - sheet.WINDOW + 800),),
        )
    marks = [Span(start=here.start, end=here.end)] if here else []
    show.draw(sheet.draw(source, part, [sheet.Layer("here", marks), sheet.Layer("also", reading.hits.spans)]))
    if part.end < len(source.text):
        st.button(_("Later text"), key="later", type="tertiary", on_click=_turn_to, args=(part.end,))
    if here:
        show.scroll_to("here", token=here.passage_id, block="center")


def _wants_page() -> bool:
    chosen = st.segmented_control(
        _("Show"), VIEWS, default=VIEWS[0], format_func=_, required=True, key="document-view", label_visibility="collapsed"
    )
    return chosen == VIEWS[0]


def _picture(desk: Desk, reading: Reading, here: Passage) -> None:
    """The page the passage stands on, as it looks, and under it the passage's words."""
    try:
        view = desk.pages.view(reading.source, Span(start=here.start, end=here.end))
    except FileFailure as failure:
        show.problem(failure)
        view = None
    if view is not None:
        if not view.look.boxes:
            show.small(_("Where on the page these words stand cannot be told from this file."))
        show.draw(page_picture.draw(view, reading.entry.title))
        if view.look.boxes:
            show.scroll_to("here", token=here.passage_id, block="center")
        st.subheader(_("The words of the passage"), anchor=False)
    part = Span(start=here.start, end=here.end)
    show.draw(sheet.draw(reading.source, part, [sheet.Layer("also", reading.hits.spans)]))


def _asked_offset() -> int:
    asked = st.query_params.get("at", "0")
    return int(asked) + sheet.BEFORE if asked.isdecimal() and len(asked) < 10 and asked != "0" else 0


def _turn_to(offset: int) -> None:
    steps.go("passage", None)
    st.query_params["at"] = str(offset)


# --- beside it ----------------------------------------------------------------------------------------------------------


def _side(desk: Desk, reading: Reading) -> None:
    claim_id = st.query_params.get("claim")
    if claim_id:
        hit = reading.hits.at(reading.here) or reading.here  # of words, Check knows the hit they lie in
        link = {"claim": claim_id, **({"passage": hit.passage_id} if hit else {})}
        st.page_link("views/check.py", label=_("Back to the claim"), query_params=link, icon=":material/arrow_back:")
    document_panel.hits(reading.hits, reading.here, length=len(reading.source.text))
    actions: tuple[keys.Action, keys.Action] = ("next_passage", "previous_passage") if reading.hits else ("next", "previous")
    document_panel.passages(desk.passages(reading.entry.source_id), reading.here, actions=actions)
    st.page_link(
        "views/intake.py",
        label=_("Quotations in it"),
        query_params={"source": reading.entry.source_id[:16]},
        icon=":material/format_quote:",
    )
    with st.container(key="document-news", gap="xsmall"):  # it stays where it is empty: what follows keeps its place
        session.shown_confirmation()
        session.shown_problem()
    if reading.here:
        document_panel.cite(desk, reading.here, reading.draft)
    show.draw(*source_panel.near_copies(desk.near_copies.of(reading.entry)))
    st.subheader(_("About this document"), anchor=False)
    show.draw(source_panel.facts(desk, reading.entry))
    source_form.button(desk, reading.entry)
    source_form.draw(desk)


page()
