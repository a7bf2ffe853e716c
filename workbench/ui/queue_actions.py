"""What can be done to many claims of the queue at once: stored together or not at all, with a report of what was left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, get_args

import streamlit as st

from workbench.models import Priority, Reviewer
from workbench.queue import Row
from workbench.tongue import _, counted, day
from workbench.ui import queue_rows, session, show, words
from workbench.ui.show import tag

if TYPE_CHECKING:
    from workbench.assignments import Done
    from workbench.desk import Desk

LEFT_OUT = "queue_left_out"
AT_ONCE = 1_000  # as Assignments takes


def toggle() -> None:
    """The way into and out of choosing several."""
    st.toggle(_("Choose several"), key=queue_rows.CHOOSING, help=_("Then assign, date or retire them together"))


def draw(desk: Desk, found: Sequence[Row]) -> None:
    """The actions, while somebody chooses."""
    _report()
    if not st.session_state.get(queue_rows.CHOOSING):
        return
    who = session.reviewer()
    if who is None:
        show.small(_("Say who you are at the top of the page first."))
        return
    ids = queue_rows.chosen()
    with st.container(key="queue-actions", horizontal=True, gap="xsmall", vertical_alignment="center"):
        show.draw(
            tag("span", "quiet", counted(len(ids), "{count} claim chosen", "{count} claims chosen")),
            width="content",
        )
        shown = [row.claim_id for row in found[:AT_ONCE]]
        st.button(
            _("All {count} shown", count=len(shown)),
            key="choose-all",
            type="tertiary",
            on_click=queue_rows.choose,
            args=(shown,),
        )
        st.button(_("None"), key="choose-none", type="tertiary", disabled=not ids, on_click=queue_rows.choose, args=((),))
        if ids:
            _assigning(desk, ids, who)
            _saying(desk, ids, who)
            _topics(desk, ids, who)
            _retiring(desk, ids, who, restores=all(row.retired for row in found))


def _do(told: str, action: Callable[[], Done]) -> None:
    """Run an action on the chosen claims and keep what is to be said of it."""

    def run() -> None:
        done = action()
        many = counted(len(done.claim_ids), "{count} claim", "{count} claims")
        st.session_state[LEFT_OUT] = (f"{told} {many}.", done.left_out)

    session.act(run)


def _report() -> None:
    """What the last action did, and what it left out and why; once."""
    report = st.session_state.pop(LEFT_OUT, None)
    if report is None:
        return
    said, left_out = report
    show.said(said)
    if left_out:
        with st.expander(counted(len(left_out), "{count} claim left out", "{count} claims left out"), expanded=True):
            show.draw(*(tag("p", "quiet", one.why, dir="auto") for one in left_out[:50]))
            if len(left_out) > 50:
                show.small(_("and {count} more", count=len(left_out) - 50))


def _assigning(desk: Desk, ids: Sequence[str], who: Reviewer) -> None:
    with st.popover(_("Assign"), key="bulk-assign"):
        names = _whom(desk, who)
        instead = st.checkbox(_("In place of whoever they are assigned to now"), key="bulk-instead")
        people = [desk.people.named(name) for name in names if name.strip()]
        told = _("Assigned to {names}:", names=words.listed([one.display_name for one in people]))
        st.button(
            _("Assign them"),
            key="do-assign",
            disabled=not people,
            on_click=_do,
            args=(told, lambda: desk.assignments.assign(ids, people, actor=who, instead=instead)),
        )
        st.button(
            _("End their assignments"),
            key="do-unassign",
            type="tertiary",
            on_click=_do,
            args=(_("No longer assigned:"), lambda: desk.assignments.end(ids, [], actor=who)),
        )


def _whom(desk: Desk, who: Reviewer) -> list[str]:
    """The names chosen: of the people of a team, else of whoever is known here or typed."""
    if desk.people.is_team:
        return st.multiselect(_("To"), [one.who.display_name for one in desk.people.all() if one.is_active], key="bulk-people")
    known = list(dict.fromkeys([who.display_name, *desk.queue.facets().people]))
    return st.multiselect(_("To"), known, key="bulk-people", accept_new_options=True, help=_("Type a new name and press Enter"))


def _saying(desk: Desk, ids: Sequence[str], who: Reviewer) -> None:
    with st.popover(_("Due"), key="bulk-due"):
        until = st.date_input(_("To be decided by"), value=None, key="bulk-day", format="YYYY-MM-DD")
        st.button(
            _("Say so") if until else _("They have no day"),
            key="do-due",
            on_click=_do,
            args=(
                _("Due {day}:", day=day(until)) if until else _("Without a due day:"),
                lambda: desk.matters.set_due(ids, until, actor=who),
            ),
        )
        _take_back(desk, ids, who, "due")
    with st.popover(_("Priority"), key="bulk-priority"):
        wanted: Priority = st.segmented_control(
            _("Priority"),
            get_args(Priority),
            default="high",
            format_func=words.PRIORITY.__getitem__,
            key="bulk-rank",
            required=True,
        )
        st.button(
            _("Say so"),
            key="do-priority",
            on_click=_do,
            args=(f"{words.HOW_URGENT[wanted].capitalize()}:", lambda: desk.matters.set_priority(ids, wanted, actor=who)),
        )
        _take_back(desk, ids, who, "priority")


def _take_back(desk: Desk, ids: Sequence[str], who: Reviewer, field: str) -> None:
    st.button(
        _("As their claim files say"),
        key=f"take-back-{field}",
        type="tertiary",
        help=_("Takes back what was said of it here"),
        on_click=_do,
        args=(_("As the claim files say:"), lambda: desk.matters.take_back(ids, [field], actor=who)),
    )


def _topics(desk: Desk, ids: Sequence[str], who: Reviewer) -> None:
    with st.popover(_("Topics"), key="bulk-topics"):
        known = list(desk.queue.facets().topics)[:200]
        add = st.multiselect(_("Add"), known, key="bulk-add", accept_new_options=True)
        remove = st.multiselect(_("Remove"), known, key="bulk-remove", accept_new_options=True)
        st.button(
            _("Change them"),
            key="do-topics",
            disabled=not add and not remove,
            on_click=_do,
            args=(_("Topics changed:"), lambda: desk.matters.change_topics(ids, add=add, remove=remove, actor=who)),
        )


def _retiring(desk: Desk, ids: Sequence[str], who: Reviewer, *, restores: bool) -> None:
    if restores:
        restore = (_("Restored:"), lambda: desk.assignments.restore(ids, actor=who))
        st.button(_("Restore"), key="do-restore", on_click=_do, args=restore)
        return
    with st.popover(_("Retire"), key="bulk-retire"):
        reason = st.text_input(_("Why they are not checked any more"), key="bulk-reason", max_chars=500)
        show.small(_("They leave the queue. Their records stay, and they can be restored."))
        st.button(
            _("Retire them"),
            key="do-retire",
            disabled=not (reason or "").strip(),
            on_click=_do,
            args=(_("Retired:"), lambda: desk.assignments.retire(ids, reason or "", actor=who)),
        )
