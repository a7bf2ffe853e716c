"""The right of the queue: what waits for whoever is here, and the way to the next claim."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from workbench.models import ME, NOBODY, QueueFilter
from workbench.tongue import _, counted, number
from workbench.ui import keys, queue_filters, session, show

if TYPE_CHECKING:
    from workbench.desk import Desk


def draw(desk: Desk, wanted: QueueFilter) -> None:
    """What waits, each line a way to it; sentences first, since these are things to do."""
    st.subheader(_("Today"), anchor=False)
    who = session.reviewer()
    if who is None:
        show.small(_("Say who you are at the top of the page to see what waits for you."))
        return
    today = desk.queue.waits_for(who)
    mine = QueueFilter(status="waiting", person=ME)
    lines = [
        (today.overdue, _("overdue for you"), mine.model_copy(update={"due": "overdue"})),
        (today.soon, _("due for you within a week"), mine.model_copy(update={"due": "in-7-days"})),
        (today.assigned, _("assigned to you"), mine),
        (today.disagreements, _("you disagree on with a colleague"), QueueFilter(status="disagreement")),
        (today.rechecks, _("to look at again, of those you judged"), QueueFilter(status="recheck")),
        (today.unclaimed, _("overdue, and nobody's"), QueueFilter(status="waiting", person=NOBODY, due="overdue")),
    ]
    with st.container(key="queue-today", gap="xxsmall"):
        for many, label, leads_to in lines:
            if many:
                key = f"today-{queue_filters.key_of(leads_to)}"
                st.button(f"{number(many)} {label}", key=key, type="tertiary", on_click=queue_filters.go_to, args=(leads_to,))
    if not any(line[0] for line in lines):
        show.small(_("Nothing waits for you."))
    if new := len(desk.freshness.waiting().new_evidence):
        show.small(
            counted(
                new,
                "New evidence came in for {count} decided claim: they are badged in the list.",
                "New evidence came in for {count} decided claims: they are badged in the list.",
            )
        )
    if today.drafts:
        show.small(counted(today.drafts, "You have {count} draft open.", "You have {count} drafts open."))
    _next(desk, wanted)


def _next(desk: Desk, wanted: QueueFilter) -> None:
    """The claim that would be next, among what the filters show."""
    who = session.reviewer()
    found = desk.queue.next_for(who, wanted) if who else []
    if who is None or not found:
        show.small(_("None of the claims shown is for you to take."))
        return
    if st.button(
        _("Take the next one"),
        key="take-next",
        type="primary",
        shortcut=keys.of("take_next"),
        help=_("Yours first, then nobody's: overdue, due within a week, by priority, the oldest first"),
        width="stretch",
    ):
        with session.calm():
            taken = desk.queue.take_next(who, wanted)
            if taken is None:
                show.notice(_("Colleagues took what was shown just now."), _("Look at the list again."))
                return
            st.switch_page("views/check.py", query_params={"claim": taken.claim.id})
    first = desk.case(found[0].claim_id).claim.headline
    show.small(_("It would be: {first}", first=first if len(first) <= 120 else first[:110].rstrip() + " …"))
