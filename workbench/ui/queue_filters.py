"""The left of the queue: which claims are shown. The address of the page is the truth; the widgets only show and change it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, get_args

import streamlit as st

from workbench.models import ME, NOBODY, Age, DueIn, Order, Priority, QueueFilter, Sample, Shown, Status
from workbench.queue import NAMES, Facets, as_address, from_address
from workbench.tongue import N_, _, number
from workbench.ui import session, show, words

if TYPE_CHECKING:
    from workbench.desk import Desk

KEPT = "queue_filter"  # the address of the filter last used here, for whoever comes back by the navigation
MOST_NAMES = 200  # in one box: those with the most claims; the others are found by their words
PAGE = "views/queue.py"


def current(desk: Desk) -> QueueFilter:
    """The filter that the address asks for; what it asks for that there is not is said."""
    parameters = st.query_params.to_dict()
    if not any(parameters.get(name) for name in NAMES) and (kept := st.session_state.get(KEPT)):
        parameters |= kept
        st.query_params.update(kept)
    wanted, refused = from_address(parameters)
    if refused:
        show.notice(
            _("The address asks for {refused}, which there is not.", refused=", ".join(refused)), _("The rest of it is shown.")
        )
    st.session_state[KEPT] = as_address(wanted)
    return wanted


def go_to(wanted: QueueFilter) -> None:
    """Show what another filter lets pass, from its first page."""
    for name in NAMES:
        st.query_params.pop(name, None)
    address = as_address(wanted)
    st.query_params.update(address)
    st.session_state[KEPT] = address
    st.session_state.pop("queue_page", None)


def key_of(wanted: QueueFilter) -> str:
    """A name for the widgets that lead to a filter."""
    return "-".join(f"{name}-{value.strip('@')}" for name, value in as_address(wanted).items())


def draw(desk: Desk, wanted: QueueFilter) -> None:
    """The filters, the ones everybody uses first."""
    facets = desk.queue.facets()
    _text(wanted)
    _statuses(wanted, facets)
    people = {ME: _("Me"), NOBODY: _("Nobody")} | {name: name for name in facets.people}
    _choice(_("Assigned to"), "person", wanted, people, any_=N_("Anybody"))
    _choice(_("Topic"), "topic", wanted, _named(facets.topics, wanted.topic))
    _choice(_("Due"), "due", wanted, {one: words.DUE[one] for one in get_args(DueIn)})
    is_more = bool(wanted.claimant or wanted.priority or wanted.age or wanted.sample or wanted.order != "urgent")
    with st.expander(_("More"), expanded=is_more, type="compact", key="queue-more"):
        _choice(_("Claimant"), "claimant", wanted, _named(facets.claimants, wanted.claimant))
        _choice(_("Priority"), "priority", wanted, {one: words.PRIORITY[one] for one in get_args(Priority)})
        _choice(_("Added"), "age", wanted, {one: words.AGE[one] for one in get_args(Age)})
        if session.settings().review.overlap or wanted.sample:
            _choice(_("Judged by two, as a sample"), "sample", wanted, {one: words.SAMPLE[one] for one in get_args(Sample)})
        _choice(_("Order"), "order", wanted, {one: words.ORDER[one] for one in get_args(Order)})
    if not wanted.is_empty:
        st.button(_("Clear the filters"), key="queue-clear", type="tertiary", on_click=go_to, args=(QueueFilter(),))
    _lists(desk, wanted)


def _text(wanted: QueueFilter) -> None:
    st.session_state["q"] = wanted.text
    st.text_input(
        _("Words"),
        key="q",
        placeholder=_("In the claim, or who said it"),
        type="search",
        max_chars=1_000,
        on_change=lambda: go_to(wanted.model_copy(update={"text": st.session_state["q"] or ""})),
    )


def _statuses(wanted: QueueFilter, facets: Facets) -> None:
    counts: dict[Shown, int] = {"waiting": facets.waiting} if facets.waiting else {}
    counts |= {status: facets.statuses[status] for status in get_args(Status) if facets.statuses.get(status)}
    counts |= {"retired": facets.retired} if facets.retired else {}
    if wanted.status and wanted.status not in counts:
        counts[wanted.status] = 0
    labels = {one: f"{words.SHOWN[one]} {number(count)}" for one, count in counts.items()}
    st.session_state["queue_status"] = wanted.status
    st.pills(
        _("Status"),
        list(counts),
        format_func=labels.__getitem__,
        key="queue_status",
        on_change=lambda: go_to(wanted.model_copy(update={"status": st.session_state["queue_status"]})),
    )


def _choice(label: str, field: str, wanted: QueueFilter, choices: Mapping[str, str], *, any_: str = N_("Any")) -> None:
    """A box for one condition. any_: what the box says where it is not asked."""
    if not choices:
        return
    chosen = getattr(wanted, field)
    known = dict(choices) if chosen is None or chosen in choices else {**choices, chosen: chosen}
    key = f"queue_{field}"
    st.session_state[key] = chosen
    st.selectbox(
        label,
        list(known),
        index=None,
        key=key,
        placeholder=_(any_),
        format_func=lambda one: show.literal(known[one]),
        on_change=lambda: go_to(_with(wanted, field, st.session_state[key])),
    )


def _with(wanted: QueueFilter, field: str, value: str | None) -> QueueFilter:
    """The filter with one condition changed; None: not asked."""
    usual = QueueFilter.model_fields[field].default
    return wanted.model_copy(update={field: usual if value is None else value})


def _named(counts: Mapping[str, int], chosen: str | None) -> dict[str, str]:
    """Names with their counts in the order of the alphabet, the commonest where there are too many for a box."""
    most = sorted(counts, key=lambda name: -counts[name])[:MOST_NAMES] if len(counts) > MOST_NAMES else counts
    shown = {*most, *([chosen] if chosen in counts else [])}
    return {name: f"{name} ({number(count)})" for name, count in counts.items() if name in shown}


def _lists(desk: Desk, wanted: QueueFilter) -> None:
    """The filters kept under a name, and keeping this one."""
    saved = desk.queue.lists.all()
    here = next((one for one in saved if one.filter == wanted), None)
    if saved:
        show.draw(show.tag("p", "label", _("Saved lists")))
    with st.container(key="queue-lists", gap="xxsmall"):
        for one in saved:
            is_here = one == here
            st.button(
                show.literal(one.name),
                key=f"list-{one.id}",
                type="tertiary",
                icon=":material/check:" if is_here else None,
                on_click=go_to,
                args=(one.filter,),
            )
    who = session.reviewer()
    if who is None:
        return
    if here is not None:
        with st.popover(_("Change this list"), type="tertiary"):
            name = st.text_input(_("Call it"), value=here.name, key=f"list-name-{here.id}", max_chars=120)
            with st.container(horizontal=True, gap="xsmall"):
                if st.button(_("Rename"), key="rename-list", disabled=(name or "").strip() in ("", here.name)):
                    session.act(
                        lambda: _said(
                            _("It is called {name} now.", name=desk.queue.lists.rename(here.id, name or "", actor=who).name)
                        )
                    )
                    st.rerun()
                if st.button(_("Remove it"), key="remove-list"):
                    session.act(
                        lambda: _said(_("{name} is no longer listed.", name=desk.queue.lists.retire(here.id, actor=who).name))
                    )
                    st.rerun()
    elif not wanted.is_empty:
        with st.popover(_("Save this list"), type="tertiary"):
            name = st.text_input(_("Call it"), key="list-name", max_chars=120, placeholder=_("Overdue at the UN"))
            show.small(_("Colleagues see it too; what is yours in it is theirs for them."))
            if st.button(_("Save"), key="save-list", disabled=not (name or "").strip()):
                session.act(
                    lambda: _said(_("Saved as {name}.", name=desk.queue.lists.save(name or "", filter=wanted, actor=who).name))
                )
                st.rerun()


def _said(text: str) -> None:
    session.say(text)
