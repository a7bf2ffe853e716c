"""Queue: the claims somebody looks for, what can be done to many of them, what waits today. Every filter has an address."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from workbench.models import QueueFilter
from workbench.tongue import N_, _, counted
from workbench.ui import (
    import_claims,
    new_claim,
    progress_panel,
    queue_actions,
    queue_filters,
    queue_rows,
    saved_panel,
    session,
    show,
    today_panel,
)

if TYPE_CHECKING:
    from workbench.desk import Desk

PANELS = {N_("Filters"): "queue-filters", N_("Claims"): "queue-claims", N_("Today"): "queue-now"}
NARROW = 1000  # pixels: below it the three columns become three tabs (UI.md)
LIST, PROGRESS = N_("Claims"), N_("Progress")


def page() -> None:
    """Draw the page."""
    desk = session.shared_desk()
    with session.calm():
        desk.sync_claims()
    wanted = queue_filters.current(desk)
    is_empty = not desk.queue.facets().total and not desk.queue.facets().retired
    if not is_empty:
        with st.container(key="queue-switch", horizontal=True, horizontal_alignment="center"):
            shown = st.segmented_control(
                _("Part of the page"),
                list(PANELS),
                default="Claims",
                format_func=_,
                key="queue_panel",
                label_visibility="collapsed",
                required=True,
            )
        show.only_below(NARROW, PANELS.values(), PANELS[shown or "Claims"])
    with st.container(key="queue-columns"):
        left, middle, right = st.columns([21, 56, 23], gap="medium")
    if not is_empty:
        with left, st.container(key="queue-filters", gap="xsmall"):
            queue_filters.draw(desk, wanted)
        with right, st.container(key="queue-now", gap="xsmall"):
            today_panel.draw(desk, wanted)
    with middle, st.container(key="queue-claims", gap="xsmall"):
        _middle(desk, wanted, is_empty=is_empty)


def _middle(desk: Desk, wanted: QueueFilter, *, is_empty: bool) -> None:
    session.shown_confirmation()
    session.shown_problem()
    view = _heading(desk, wanted, is_empty=is_empty)
    saved_panel.announce(desk)
    new_claim.DIALOG.draw(desk)
    import_claims.draw(desk)
    new_claim.confirmation()
    import_claims.confirmation()
    if is_empty:
        show.empty(
            _("No claims yet."),
            _("Add or import some with the buttons above, or put claim files into the folder claims/ of this workspace."),
        )
    elif view == PROGRESS:
        progress_panel.draw(desk)
    else:
        _list(desk, wanted)


def _heading(desk: Desk, wanted: QueueFilter, *, is_empty: bool) -> str:
    """Ways in for new claims; which of the two views is shown."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        view = LIST
        if not is_empty:
            view = st.segmented_control(
                _("View"),
                [LIST, PROGRESS],
                default=LIST,
                format_func=_,
                key="queue_view",
                label_visibility="collapsed",
                required=True,
            )
        with st.container(horizontal=True, gap="xsmall", width="content"):
            st.button(_("Import claims"), key="import_claims", icon=":material/upload:", on_click=import_claims.open_dialog)
            st.button(
                _("Add a claim"),
                key="add_claim",
                icon=":material/add:",
                type="primary" if is_empty else "secondary",
                on_click=new_claim.open_empty,
            )
    return view or LIST


def _list(desk: Desk, wanted: QueueFilter) -> None:
    found = desk.queue.find(wanted, who=session.reviewer())
    total = desk.queue.facets().total
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        all_ = counted(total, "{count} claim", "{count} claims")
        show.show_text(all_ if wanted.is_empty else _("{shown} of {claims}", shown=len(found), claims=all_), "quiet")
        queue_actions.toggle()
    queue_actions.draw(desk, found)
    if not found:
        show.empty(_("No claim fits these filters."), _("Clear them, or choose another status."))
        return
    queue_rows.draw(desk, found)


page()
