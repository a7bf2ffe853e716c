"""How far the work is: charts people would rather look at than read, each with its table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import streamlit as st

from workbench.cells import neutralise
from workbench.queue import AGES, Progress
from workbench.tongue import N_, Words, _, counted
from workbench.ui import session, show, words

if TYPE_CHECKING:
    from workbench.desk import Desk

HEIGHT = 220
Row = dict[str, Any]
COUNTED = {"type": "quantitative", "title": None, "axis": {"tickMinStep": 1, "format": "d"}}  # an axis of whole numbers


COLUMNS = Words(  # the names of fields stay English, since a chart is told of them; what people read is said
    {
        "Week of": N_("Week of"),
        "Rating": N_("Rating"),
        "Verdicts": N_("Verdicts"),
        "Yours": N_("Yours"),
        "Status": N_("Status"),
        "Added": N_("Added"),
        "Claims": N_("Claims"),
        "Reviewer": N_("Reviewer"),
    }
)


def draw(desk: Desk) -> None:
    """What was decided in each week, what waits since when, who is checked how often."""
    found = desk.queue.progress(session.reviewer())
    scale = desk.settings.review.rating_scale
    _said(found)
    _weeks(found, {rating.label: rating.colour for rating in scale.ratings})
    left, right = st.columns(2, gap="medium")
    with left:
        _waiting(found)
    with right:
        _people(found)


def _said(found: Progress) -> None:
    """The figures people act on, in words."""
    verdicts, mine = sum(week.verdicts for week in found.weeks), sum(week.mine for week in found.weeks)
    told = [
        counted(
            verdicts,
            "{count} verdict in twelve weeks, {mine} of them yours.",
            "{count} verdicts in twelve weeks, {mine} of them yours.",
            mine=mine,
        )
    ]
    waiting = sum(one.claims for one in found.waiting)
    told.append(counted(waiting, "{count} claim waits.", "{count} claims wait."))
    if found.days_to_verdict is not None:
        told.append(
            counted(
                round(found.days_to_verdict),
                "Half of the claims had their first verdict within {count} day.",
                "Half of the claims had their first verdict within {count} days.",
            )
        )
    show.show_text(" ".join(told), "plain")


def _weeks(found: Progress, colours: dict[str, str]) -> None:
    st.subheader(_("Verdicts by week"), anchor=False)
    if not found.ratings:
        show.small(_("No verdict was recorded in the last twelve weeks."))
        return
    rows: list[Row] = [
        {"Week of": week.begins.isoformat(), "Rating": label, "Verdicts": number}
        for week in found.weeks
        for label, number in (week.ratings or {found.ratings[0]: 0}).items()
    ]
    palette = {"domain": list(found.ratings), "range": [colours.get(label, words.GREY) for label in found.ratings]}
    day = "timeFormat(toDate(datum.value), '%-d %b')"
    encoding = {
        "x": {"field": "Week of", "type": "ordinal", "title": None, "axis": {"labelAngle": 0, "labelExpr": day}},
        "y": {"field": "Verdicts", **COUNTED},
        "color": {"field": "Rating", "scale": palette, "legend": {"orient": "top", "title": None, "labelLimit": 260}},
    }
    _bars("weeks", rows, encoding)
    table = [
        {"Week of": week.begins.isoformat(), "Verdicts": week.verdicts, "Yours": week.mine}
        | {label: week.ratings.get(label, 0) for label in found.ratings}
        for week in found.weeks
    ]
    _table("weeks", table)


def _waiting(found: Progress) -> None:
    st.subheader(_("Waiting, by age"), anchor=False)
    if not found.waiting:
        show.small(_("Nothing waits."))
        return
    ages = [_(one[0]) for one in AGES]
    rows: list[Row] = [{"Status": words.STATUS[one.status], "Added": _(one.age), "Claims": one.claims} for one in found.waiting]
    encoding = {
        "y": {"field": "Added", "sort": ages, "title": None, "axis": {"labelLimit": 140}},
        "x": {"field": "Claims", "aggregate": "sum", **COUNTED},
        "color": {"field": "Status", "legend": {"orient": "top", "title": None}},
    }
    _bars("waiting", rows, encoding)
    _table("waiting", rows)


def _people(found: Progress) -> None:
    st.subheader(_("Verdicts by person"), anchor=False)
    if not found.by_person:
        show.small(_("Nobody has recorded one in the last twelve weeks."))
        return
    rows: list[Row] = [{"Reviewer": name, "Verdicts": number} for name, number in found.by_person.items()]
    encoding = {
        "y": {"field": "Reviewer", "sort": None, "title": None, "axis": {"labelLimit": 140}},
        "x": {"field": "Verdicts", **COUNTED},
    }
    _bars("people", rows[:12], encoding)
    _table("people", rows)
    show.small(_("Work done, not its worth: a long check is one verdict too."))


def _bars(key: str, rows: Sequence[Row], encoding: dict[str, Any]) -> None:
    """A chart as Vega-Lite has it: the library that would write this for us takes a second of the first page to import."""
    told = [{"field": name, "title": COLUMNS[name]} for name in rows[0]]
    chart = {"mark": {"type": "bar", "size": 22}, "height": HEIGHT, "encoding": {**encoding, "tooltip": told}}
    st.vega_lite_chart(list(rows), chart, width="stretch", key=f"progress-{key}")


def _table(key: str, rows: Sequence[Row]) -> None:
    """The figures of a chart; they can be downloaded as csv, so no name may become a formula there."""
    with st.expander(_("As a table"), type="compact", key=f"table-{key}"):
        plain = [
            {COLUMNS.get(name, name): neutralise(value) if isinstance(value, str) else value for name, value in row.items()}
            for row in rows
        ]
        st.dataframe(plain, hide_index=True, key=f"table-of-{key}")
