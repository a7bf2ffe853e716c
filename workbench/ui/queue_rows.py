"""The middle of the queue: a page of claims, the one the keyboard is on, and those that are chosen for an action on many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from workbench.models import Case
from workbench.queue import Row, due_in
from workbench.tongue import _, day
from workbench.ui import keys, session, show, words
from workbench.ui.show import Safe, tag

if TYPE_CHECKING:
    from workbench.desk import Desk

ROWS = 20  # claims on one page of the list
BADGES = 2  # at most: more would be read by nobody
CHOSEN = "queue_chosen"  # ids, in the order they were chosen
CHOOSING = "queue_choosing"


def chosen() -> list[str]:
    """The ids of the claims that are chosen; none while nobody chooses."""
    return list(st.session_state.get(CHOSEN, {})) if st.session_state.get(CHOOSING) else []


def choose(claim_ids: Sequence[str]) -> None:
    """Have exactly these claims chosen."""
    st.session_state[CHOSEN] = dict.fromkeys(claim_ids)


def draw(desk: Desk, found: Sequence[Row]) -> None:
    """One page of the claims found, with keys to go through them."""
    pages = -(-len(found) // ROWS)
    number = session.page_number("queue_page", pages)
    shown = found[(number - 1) * ROWS : number * ROWS]
    ids = [row.claim_id for row in shown]
    current = st.session_state.get("queue_current")
    at = ids.index(current) if current in ids else 0
    for place, row in enumerate(shown):
        _row(desk, desk.case(row.claim_id), is_current=place == at)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        with st.container(horizontal=True, gap="xsmall", width="content"):
            _step(_("Next"), "next", ids, at, 1)
            _step(_("Previous"), "previous", ids, at, -1)
            if st.button(_("Open"), key="queue_open", shortcut=keys.of("open"), type="tertiary"):
                st.switch_page("views/check.py", query_params={"claim": ids[at]})
        if pages > 1:
            st.pagination(pages, key="queue_page")
    if st.session_state.pop("queue_moved", False):
        show.focus_link("row-current", token=ids[at])


def _step(label: str, action: keys.Action, ids: Sequence[str], at: int, by: int) -> None:
    def move() -> None:
        now = st.session_state.get("queue_current")  # another press may have moved it since this was drawn
        to = (ids.index(now) if now in ids else 0) + by
        st.session_state["queue_current"] = ids[max(0, min(to, len(ids) - 1))]
        st.session_state["queue_moved"] = True

    is_end = not 0 <= at + by < len(ids)
    st.button(label, key=f"queue_{action}", shortcut=keys.of(action), type="tertiary", disabled=is_end, on_click=move)


def _row(desk: Desk, case: Case, *, is_current: bool) -> None:
    claim = case.claim
    with st.container(key="row-current" if is_current else f"row-{claim.id}", gap=None):
        if st.session_state.get(CHOOSING):
            box, link = st.columns([1, 24], gap="xxsmall")  # in a row that may wrap, a long claim would leave its box alone
            with box:
                _box(claim.id)
            link.page_link("views/check.py", label=show.literal(claim.headline), query_params={"claim": claim.id})
        else:
            st.page_link("views/check.py", label=show.literal(claim.headline), query_params={"claim": claim.id})
        show.draw(tag("div", "rowmeta", *_told(desk, case)))


def _box(claim_id: str) -> None:
    key = f"pick-{claim_id}"
    st.session_state[key] = claim_id in st.session_state.get(CHOSEN, {})

    def change() -> None:
        ids = dict(st.session_state.get(CHOSEN, {}))
        if st.session_state[key]:
            ids[claim_id] = None
        else:
            ids.pop(claim_id, None)
        st.session_state[CHOSEN] = ids

    st.checkbox(
        _("Choose {claim_id}", claim_id=claim_id), key=key, label_visibility="collapsed", on_change=change, width="content"
    )


def _told(desk: Desk, case: Case) -> list[str | Safe]:
    """The pill, who said it and when, for whom it is and by when, and at most two badges."""
    told: list[str | Safe] = [show.pill(*words.pill(case, desk.settings.review.rating_scale))]
    if case.claim.claimant:
        told.append(tag("span", "", case.claim.claimant.name, dir="auto"))
    if said_on := words.known_date(case.claim.claimed_on):
        told.append(tag("span", "", said_on))
    if via := next((place.via for place in case.claim.appearances if place.via), None):
        told.append(tag("span", "", _("via {via}", via=via), dir="auto"))
    if case.assignments:
        told.append(
            tag(
                "span",
                "",
                _("for {names}", names=words.listed([one.reviewer.display_name for one in case.assignments])),
                dir="auto",
            )
        )
    if case.claim.due and due_in(case.claim.due, desk.queue.today) != "overdue":
        told.append(tag("span", "", _("due {day}", day=day(case.claim.due))))
    return told + [tag("span", "badge", badge) for badge in _badges(desk, case)[:BADGES]]


def _badges(desk: Desk, case: Case) -> list[str]:
    """What is out of the ordinary about a claim, the most pressing first."""
    claim = case.claim
    badges = []
    if case.retired:
        badges.append(_("retired"))
    elif claim.due and case.status not in ("settled", "published") and due_in(claim.due, desk.queue.today) == "overdue":
        badges.append(_("overdue since {day}", day=day(claim.due)))
    badges += words.stale_badges(case)
    if case.missing_from:
        badges.append(_("no longer in its claim file"))
    if case.drafted_by and case.status != "draft":
        badges.append(_("a draft is open"))
    if desk.queue.is_in_overlap(claim.id):
        badges.append(_("in the overlap sample"))
    if claim.priority != "normal":
        badges.append(words.HOW_URGENT[claim.priority])
    return badges
