"""Document: one source, read at a passage. Deep link: /document?source=ID&passage=PASSAGE_ID&claim=CLAIM_ID."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from workbench.errors import FileFailure, UnknownId, WorkbenchError
from workbench.models import Hit, LibraryEntry, Passage, SearchMode, Source, Span, spot_of
from workbench.pages import PDF
from workbench.ui import media, page_picture, session, sheet, show, source_form, source_panel
from workbench.ui.show import tag

if TYPE_CHECKING:
    from workbench.desk import Desk

VIEWS = ("Page", "Text")  # of a PDF; every other document has its text only


def page() -> None:
    """Draw the page."""
    desk = session.shared_desk()
    passage_id = st.query_params.get("passage")
    source_id = st.query_params.get("source") or (passage_id or "").split("-")[0]
    if not source_id:
        show.empty("No document is open.", "Open one from a passage, or from the evidence.")
        st.page_link("views/evidence.py", label="Go to the evidence")
        return
    try:
        entry, source = desk.source(source_id)
    except UnknownId as error:
        gone = error.code == "no_text_at_hand"
        what = "The text of this document is not at hand." if gone else "There is no document with that address."
        show.empty(what, error.hint if gone else "It may be from another workspace. Look for it in the evidence.")
        st.page_link("views/evidence.py", label="Go to the evidence")
        return
    passages = desk.passages(entry.source_id)
    here = next((one for one in passages if one.passage_id == passage_id), None)
    left, right = st.columns([2.2, 1], gap="large")
    with left:
        _text(desk, source, entry, here, is_unknown=bool(passage_id) and here is None)
    with right, st.container(key="document-side"):
        _side(desk, entry, source, passages, here)


def _hits(desk: Desk, entry: LibraryEntry) -> Sequence[Hit]:
    """The hits of the claim in the address that lie in this document; none without a claim or while nothing can be searched."""
    claim_id = st.query_params.get("claim")
    if not claim_id:
        return ()
    try:
        mode: SearchMode = "hybrid" if desk.readiness()[0] else "lexical"
        found = desk.match(claim_id, mode=mode).hits
    except WorkbenchError:
        return ()  # the document can be read without them; Check says what is the matter with the search
    return [hit for hit in found if hit.source_id == entry.source_id]


def _text(desk: Desk, source: Source, entry: LibraryEntry, here: Passage | None, *, is_unknown: bool) -> None:
    st.title(show.literal(entry.title), anchor=False)
    show.draw(source_panel.byline(entry))
    if is_unknown:
        show.small("The passage of this address is not in this document as it stands now. Here is its beginning.")
    if here and entry.media_type == PDF and _wants_page():
        _picture(desk, source, entry, here)
        return
    if entry.describes:
        fate = desk.descriptions.fate(entry.describes)
        if fate:
            show.notice(fate, "Judge the description by the file it was made of.")
        media.draw(desk, entry.describes, spot_of(here.page) if here else None)
    at = here.start if here else _asked_offset()
    part = sheet.window(source, at)
    if part.start > 0:
        st.button(
            "Earlier text", key="earlier", type="tertiary", on_click=_turn_to, args=(max(0, part.start - sheet.WINDOW + 800),)
        )
    marks = [Span(start=here.start, end=here.end)] if here else []
    others = [Span(start=hit.start, end=hit.end) for hit in _hits(desk, entry)]
    show.draw(sheet.draw(source, part, [sheet.Layer("here", marks), sheet.Layer("also", others)]))
    if part.end < len(source.text):
        st.button("Later text", key="later", type="tertiary", on_click=_turn_to, args=(part.end,))
    if here:
        show.scroll_to("here", token=here.passage_id, block="center")


def _wants_page() -> bool:
    chosen = st.segmented_control(
        "Show", VIEWS, default=VIEWS[0], required=True, key="document-view", label_visibility="collapsed"
    )
    return chosen == VIEWS[0]


def _picture(desk: Desk, source: Source, entry: LibraryEntry, here: Passage) -> None:
    """The page the passage stands on, as it looks, and under it the passage's words."""
    try:
        view = desk.pages.view(source, Span(start=here.start, end=here.end))
    except FileFailure as failure:
        show.problem(failure)
        view = None
    if view is None:
        show.show_text(here.text)
        return
    if not view.look.boxes:
        show.small("Where on the page these words stand cannot be told from this file.")
    show.draw(page_picture.draw(view, entry.title))
    if view.look.boxes:
        show.scroll_to("here", token=here.passage_id, block="center")
    st.subheader("The words of the passage", anchor=False)
    show.show_text(here.text)


def _asked_offset() -> int:
    asked = st.query_params.get("at", "0")
    return int(asked) + sheet.BEFORE if asked.isdecimal() and len(asked) < 10 and asked != "0" else 0


def _turn_to(offset: int) -> None:
    st.query_params.pop("passage", None)
    st.query_params["at"] = str(offset)


def _side(desk: Desk, entry: LibraryEntry, source: Source, passages: Sequence[Passage], here: Passage | None) -> None:
    claim_id = st.query_params.get("claim")
    if claim_id:
        link = {"claim": claim_id, **({"passage": here.passage_id} if here else {})}
        st.page_link("views/check.py", label="Back to the claim", query_params=link, icon=":material/arrow_back:")
    _steps(passages, here)
    st.page_link(
        "views/intake.py",
        label="Quotations in it",
        query_params={"source": entry.source_id[:16]},
        icon=":material/format_quote:",
    )
    hits = _hits(desk, entry)
    if hits:
        spans = [Span(start=hit.start, end=hit.end) for hit in hits]
        st.subheader("Hits of this claim here", anchor=False)
        strip, listed = st.columns([1, 9])
        with strip:
            show.draw(sheet.ticks(len(source.text), Span(start=here.start, end=here.end) if here else None, spans))
        with listed, st.container(key="document-hits", gap="xsmall"):
            for hit in hits[:12]:
                words = " ".join(hit.text.split())
                label = show.literal(f"{hit.rank}  {words[:70].rstrip()} …" if len(words) > 70 else f"{hit.rank}  {words}")
                st.button(label, key=f"to-{hit.passage_id}", type="tertiary", wrap=True, on_click=_show, args=(hit.passage_id,))
    st.subheader("About this document", anchor=False)
    session.shown_confirmation()
    show.draw(source_panel.facts(desk, entry))
    source_form.button(desk, entry)
    source_form.draw(desk)


def _steps(passages: Sequence[Passage], here: Passage | None) -> None:
    if not passages:
        return
    at = passages.index(here) if here else -1
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        for label, key, to in (("Next passage", "j", at + 1), ("Previous", "k", at - 1)):
            inside = 0 <= to < len(passages)
            target = passages[to].passage_id if inside else ""
            st.button(label, key=f"passage-{key}", shortcut=key, disabled=not inside, on_click=_show, args=(target,))
    show.draw(tag("p", "quiet", f"Passage {at + 1:,} of {len(passages):,}" if here else f"{len(passages):,} passages"))


def _show(passage_id: str) -> None:
    st.query_params.pop("at", None)
    st.query_params["passage"] = passage_id


page()
