"""The timeline in the left column of Check: the claim, its evidence and the verdict on one line, and a way back to that day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import streamlit as st

from workbench.chronology import Moment, chronology, known_then, span_of
from workbench.models import Case, Filters, Hit
from workbench.tongue import N_, _, day
from workbench.ui import show
from workbench.ui.show import Safe, tag

if TYPE_CHECKING:
    from workbench.desk import Desk

SIGN = {"claim": "●", "cited": "◆", "shown": "·", "verdict": "■"}
LATER = N_("later than the claim")
UNDATED_SHOWN = 3


def draw(desk: Desk, case: Case, hits: Sequence[Hit]) -> None:
    """Draw the line, and each moment in words; nothing where the claim has no date and nothing else has one."""
    told = chronology(case, hits)
    if not told.moments:
        return
    named = [one for one in told.moments if one.kind != "shown"]
    shown = span_of(one for one in told.moments if one.kind == "shown")
    parts = [tag("p", "label", _("Timeline")), _line(told.moments), tag("ul", "moments", *map(_moment, named))]
    if shown:
        parts.append(tag("p", "quiet", f"{SIGN['shown']} {shown}"))
    if told.undated:
        parts.append(tag("p", "quiet", _("Cited without a date: {undated}", undated=", ".join(told.undated)), dir="auto"))
    if case.counting is not None:
        parts.append(tag("p", "quiet", f"{known_then(case.counting)}."))
    show.draw(*parts)
    until = case.claim.claimed_on.latest
    if until is not None:
        _only_then(case.claim.id, until)


def undated(desk: Desk, case: Case, text: str, filters: Filters) -> None:
    """Under a search of what was known then: what files without a date say, apart from the rest."""
    if filters.before is None and filters.after is None:
        return
    found = desk.undated.find(text, case.claim, filters, k=UNDATED_SHOWN)
    if not found:
        return
    show.draw(tag("h3", "group", _("Date unknown ({count})", count=len(found)), id="undated"))
    show.small(_("Nobody said when these were published: they may be later."))
    for hit in found:
        with st.container(key=f"undated-{hit.passage_id}", gap=None):
            address = {"source": hit.source_id, "passage": hit.passage_id, "claim": case.claim.id}
            st.page_link("views/document.py", label=show.literal(hit.title), query_params=address)
            show.draw(tag("p", "passage", show.marked(hit.text, hit.matched), dir="auto"))


def _line(moments: Sequence[Moment]) -> Safe:
    """The moments in their order, evenly apart: what comes before what is to be seen, not how long it took."""
    days = sorted({one.day for one in moments})
    width = max(len(days) - 1, 1)
    dots = []
    for place, at_day in enumerate(days):
        here = [one for one in moments if one.day == at_day]
        kind = min((one.kind for one in here), key=("claim", "verdict", "cited", "shown").index)
        late = " late" if any(one.is_later for one in here) else ""
        at = 100 * place / width
        shown = _("shown")
        said = "; ".join(_("{day}: {what}", day=one.told, what=one.label or shown) for one in here)
        dots.append(tag("span", f"dot at-{kind}{late}", SIGN[kind], style=f"inset-inline-start:{at:.1f}%", title=said))
    return tag("div", "timeline", *dots, aria_hidden="true")


def _moment(one: Moment) -> Safe:
    badge = [" ", tag("span", "badge", _(LATER))] if one.is_later and one.kind == "cited" else []
    return tag(
        "li", "", tag("span", "sign", SIGN[one.kind]), " ", _("{day}: {what}", day=one.told, what=one.label), *badge, dir="auto"
    )


def _only_then(claim_id: str, until: date) -> None:
    """A switch between all the evidence and what was out by the day of the claim: it sets the search's own filter."""
    key = f"before-{claim_id}"
    is_then = st.session_state.get(key) == until

    def switch() -> None:
        st.session_state[key] = None if is_then else until

    label = _("Show what was published later too") if is_then else _("Only what was known by {day}", day=day(until))
    st.button(label, key=f"then-{claim_id}", type="tertiary", on_click=switch)
