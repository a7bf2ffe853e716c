"""What a verdict's search looked through, on Check: its receipt in sentences, what was set aside, and the search made again."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from workbench.errors import UnknownId
from workbench.models import Case, Mark, StoredVerdict
from workbench.receipts import Replay, ReplayedHit
from workbench.report.words import by_hand_words, search_words
from workbench.tongue import _, number
from workbench.ui import session, show
from workbench.ui.show import Safe, tag

if TYPE_CHECKING:
    from workbench.desk import Desk

REPLAYED = "replayed-search"  # what the last replay gave, and of which verdict: a search is made by a click, not by a drawing
SHOWN = 10  # passages set aside that are listed


def draw(desk: Desk, case: Case, verdict: StoredVerdict) -> None:
    """Draw what was searched for a verdict, with the button that searches again."""
    said = [*(search_words(verdict.receipt) if verdict.receipt else (_("No record of a search was kept with this verdict."),))]
    said += by_hand_words((), verdict.searched_elsewhere)
    parts = [tag("p", "label", _("What was searched")), tag("p", "quiet", " ".join(said), dir="auto")]
    if verdict.rejected:
        parts.append(tag("p", "label", _("Looked at and set aside ({count})", count=len(verdict.rejected))))
        parts += [_set_aside(desk, mark) for mark in verdict.rejected[:SHOWN]]
        if len(verdict.rejected) > SHOWN:
            parts.append(tag("p", "quiet", _("And {count} more.", count=len(verdict.rejected) - SHOWN)))
    show.draw(*parts)
    if verdict.receipt is None:
        return
    again = partial(_replay, desk, case.claim.id, verdict)
    key = f"replay-{verdict.seq}"
    st.button(_("Search again and compare"), key=key, type="tertiary", on_click=session.act, args=(again,))
    seq, replay = st.session_state.get(REPLAYED, (None, None))
    if seq == verdict.seq and replay is not None:
        show.draw(*_compared(replay))


def _replay(desk: Desk, claim_id: str, verdict: StoredVerdict) -> None:
    found = desk.receipts.replay(claim_id, reviewer=verdict.reviewer, revision=verdict.revision)
    st.session_state[REPLAYED] = (verdict.seq, found)


def _set_aside(desk: Desk, mark: Mark) -> Safe:
    """A passage that was not relevant, its first words, and why."""
    reason = tag("p", "quiet", _("Not relevant: {reason}", reason=mark.reason or _("no reason was given")), dir="auto")
    try:
        text = " ".join(desk.passage(mark.passage_id).text.split())
    except UnknownId:
        return tag("div", "cited", tag("p", "quiet", _("A passage that is no longer in the library.")), reason)
    return tag("div", "cited", tag("p", "words", text if len(text) <= 140 else f"{text[:130].rstrip()} …", dir="auto"), reason)


def _compared(replay: Replay) -> Iterator[Safe]:
    """The search of then beside that of now: what changed in sentences, then the passages by rank."""
    yield tag("p", "label", _("Searched again, {when}", when=session.day_and_clock(replay.now.created_at)))
    yield tag("ul", "told", *(tag("li", "", one, dir="auto") for one in replay.told), role="status")
    if replay.is_same or not replay.hits:
        return
    head = tag("tr", "", *(tag("th", "", name, scope="col") for name in (_("Then"), _("Now"), _("Passage"))))
    yield tag("table", "compared", tag("thead", "", head), tag("tbody", "", *(_row(hit) for hit in replay.hits)))


def _row(hit: ReplayedHit) -> Safe:
    place = f"/check?passage={hit.passage_id}" if hit.rank else ""
    title = tag("a", "", hit.title, href=place) if place else hit.title
    new = _("new")
    what = f" ({new})" if hit.was is None else f": {hit.why}" if hit.why else ""
    places = [tag("td", "", "–" if place is None else number(place)) for place in (hit.was, hit.rank)]
    return tag("tr", "", *places, tag("td", "", title, what, dir="auto"))
