"""Queue: the claims, found by status, words, topic and claimant; a way in for new ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, get_args

import streamlit as st

from workbench.models import Case, Status
from workbench.ui import import_claims, new_claim, saved_panel, session, show, words

if TYPE_CHECKING:
    from workbench.desk import Desk

ROWS = 20  # claims on one page of the list
ALL = "all"
ANY = "Any"


def page() -> None:
    """Draw the page."""
    desk = session.shared_desk()
    with session.calm():
        desk.sync_claims()
    everything = desk.claims()
    left, middle = st.columns([1, 3.4], gap="medium")
    with left:
        status, text, topic, claimant = _filters(everything)
    with middle:
        _heading(everything)
        saved_panel.announce(desk)
        new_claim.DIALOG.draw(desk)
        import_claims.draw(desk)
        new_claim.confirmation()
        import_claims.confirmation()
        if not everything:
            show.empty(
                "No claims yet.",
                "Add or import some with the buttons above, or put claim files into the folder claims/ of this workspace.",
            )
            return
        found = desk.claims(status=status, text=text, topic=topic, claimant=claimant)
        if not found:
            show.empty("No claim fits these filters.", "Clear the words, or choose another status.")
            return
        _list(desk, found)


def _heading(everything: Sequence[Case]) -> None:
    counts = Counter(case.status for case in everything)
    told = [words.counted(len(everything), "claim")]
    told += [
        f"{counts[status]:,} {words.STATUS[status].lower()}"
        for status in ("draft", "settled", "disagreement", "recheck")
        if counts[status]
    ]
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        show.show_text(" · ".join(told), "quiet")
        with st.container(horizontal=True, gap="xsmall", width="content"):
            st.button("Import claims", key="import_claims", icon=":material/upload:", on_click=import_claims.open_dialog)
            st.button("Add a claim", key="add_claim", icon=":material/add:", type="primary", on_click=new_claim.open_empty)


def _filters(everything: Sequence[Case]) -> tuple[Status | None, str, str | None, str | None]:
    """The conditions chosen on the left; status and words are also in the address."""
    counts = Counter(case.status for case in everything)
    text = st.text_input("Words", key="q", placeholder="In the claim, or who said it", bind="query-params", type="search")
    known = [status for status in get_args(Status) if counts[status]]
    if "queue_status" not in st.session_state:
        wanted = st.query_params.get("status", ALL)
        st.session_state["queue_status"] = wanted if wanted in known else ALL
    status = st.radio(
        "Status",
        [ALL, *known],
        format_func=lambda one: f"All ({len(everything):,})" if one == ALL else f"{words.STATUS[one]} ({counts[one]:,})",
        key="queue_status",
        persist_state="session",
        on_change=_status_to_address,
    )
    topics = sorted({topic for case in everything for topic in case.claim.topics})
    names = sorted({case.claim.claimant.name for case in everything if case.claim.claimant})
    topic = st.selectbox("Topic", [ANY, *topics], key="queue_topic", persist_state="session") if topics else ANY
    name = st.selectbox("Claimant", [ANY, *names], key="queue_claimant", persist_state="session") if names else ANY
    return (
        None if status in (ALL, None) else status,
        text or "",
        None if topic in (ANY, None) else topic,
        None if name in (ANY, None) else name,
    )


def _status_to_address() -> None:
    status = st.session_state["queue_status"]
    if status == ALL:
        st.query_params.pop("status", None)
    else:
        st.query_params["status"] = status


def _list(desk: Desk, found: Sequence[Case]) -> None:
    pages = -(-len(found) // ROWS)
    number = session.page_number("queue_page", pages)
    shown = found[(number - 1) * ROWS : number * ROWS]
    ids = [case.claim.id for case in shown]
    current = st.session_state.get("queue_current")
    at = ids.index(current) if current in ids else 0
    for place, case in enumerate(shown):
        _row(desk, case, is_current=place == at)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        with st.container(horizontal=True, gap="xsmall", width="content"):
            _step("Next", "j", ids, at + 1)
            _step("Previous", "k", ids, at - 1)
            if st.button("Open", key="queue_open", shortcut="o", type="tertiary"):
                st.switch_page("views/check.py", query_params={"claim": ids[at]})
        if pages > 1:
            st.pagination(pages, key="queue_page")
    if st.session_state.pop("queue_moved", False):
        show.focus_link("row-current", token=ids[at])


def _step(label: str, key: str, ids: Sequence[str], to: int) -> None:
    def move() -> None:
        st.session_state["queue_current"] = ids[to]
        st.session_state["queue_moved"] = True

    st.button(label, key=f"queue_{key}", shortcut=key, type="tertiary", disabled=not 0 <= to < len(ids), on_click=move)


def _row(desk: Desk, case: Case, *, is_current: bool) -> None:
    claim = case.claim
    with st.container(key="row-current" if is_current else f"row-{claim.id}", gap=None):
        st.page_link("views/check.py", label=show.literal(claim.headline), query_params={"claim": claim.id})
        told: list[str | show.Safe] = [show.pill(*words.pill(case, desk.settings.review.rating_scale))]
        if claim.claimant:
            told.append(show.tag("span", "", claim.claimant.name, dir="auto"))
        said_on = words.known_date(claim.claimed_on)
        if said_on:
            told.append(show.tag("span", "", said_on))
        via = next((place.via for place in claim.appearances if place.via), None)
        if via:
            told.append(show.tag("span", "", f"via {via}", dir="auto"))
        if case.missing_from:
            told.append(show.tag("span", "badge", "no longer in its claim file"))
        if case.drafted_by and case.status != "draft":
            told.append(show.tag("span", "badge", "a draft is open"))
        show.draw(show.tag("div", "rowmeta", *told))


page()
