"""A search line: the words searched for, and the conditions a passage must meet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, cast, get_args

import streamlit as st

from workbench.languages import named
from workbench.models import Conditions, Filters, SearchMode, SourceKind
from workbench.reading.formats import label_of
from workbench.tongue import N_, _, day, number
from workbench.ui import words

if TYPE_CHECKING:
    from workbench.desk import Desk

EARLIEST = date(1900, 1, 1)
LATEST = date(2100, 12, 31)
OPERATORS = N_('By words only, these count: "a phrase", AND, OR, NOT, -word, prefix*, (groups).')
ASKED = ("also", "after", "before")


@dataclass(frozen=True)
class Asked:
    """What is to be searched for, in which other wordings as well, how, and among what."""

    text: str
    also: tuple[str, ...]
    mode: SearchMode
    filters: Filters


def draw(desk: Desk, key: str, *, usual: str = "", label: str = N_("Search for"), hint: str = "") -> Asked:
    """Draw the search line. key: tells its widgets from those of another line; usual: what is searched for to begin with."""
    line = st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall")
    with line:
        text = st.text_input(
            _(label),
            value=usual,
            key=f"search-{key}",
            persist_state="session",
            help=" ".join(filter(None, (hint, _(OPERATORS)))),
        )
        with st.popover(_label(key), icon=":material/filter_list:"):
            also = _wordings(key)
            mode, filters = _conditions(desk, key)
    return Asked((text or "").strip() or usual, also, mode, filters)


def _wordings(key: str) -> tuple[str, ...]:
    typed = st.text_area(
        _("Other wordings, one on each line"),
        key=f"also-{key}",
        persist_state="session",
        height=68,
        placeholder=_("A translation, the words an official would use"),
        help=_("Each is searched as well; a passage stands where its best wording puts it."),
    )
    return tuple(filter(None, (line.strip() for line in (typed or "").splitlines())))


def _label(key: str) -> str:
    names = [*ASKED, *(f"{which}{name}" for which in ("", "not-") for name in Conditions.model_fields)]
    used = sum(bool(st.session_state.get(f"{name}-{key}")) for name in names)
    return _("Filters ({used})", used=used) if used else _("Filters")


def _conditions(desk: Desk, key: str) -> tuple[SearchMode, Filters]:
    mode = st.radio(
        _("Search by"), list(words.MODES), format_func=words.MODES.__getitem__, key=f"mode-{key}", persist_state="session"
    )
    left, right = st.columns(2)
    after = left.date_input(
        _("Published from"), value=None, min_value=EARLIEST, max_value=LATEST, key=f"after-{key}", persist_state="session"
    )
    before = right.date_input(
        _("Published until"), value=None, min_value=EARLIEST, max_value=LATEST, key=f"before-{key}", persist_state="session"
    )
    known = desk.facets()
    only = _values(known, "", key)
    with st.expander(_("Leave out"), type="compact"):
        exclude = _values(known, "not-", key)
    filters = Filters(
        **only.model_dump(),
        after=after if isinstance(after, date) else None,
        before=before if isinstance(before, date) else None,
        exclude=exclude,
    )
    return mode or "hybrid", filters


def _values(known: Mapping[str, Counter[str]], which: str, key: str) -> Conditions:
    """The values chosen of each condition, from those that sources have, each with how many. which: a prefix of keys."""

    def choose(label: str, name: str, *, empty: bool = False) -> tuple[str, ...]:
        counts = known[name]
        values = list(get_args(SourceKind)) if name == "kinds" else sorted(counts, key=lambda one: called(name, one).casefold())
        if not values and not empty:
            return ()
        chosen = st.multiselect(
            label,
            values,
            format_func=lambda one: f"{called(name, one)} ({number(counts[one])})",
            key=f"{which}{name}-{key}",
            persist_state="session",
        )
        return tuple(chosen)

    return Conditions(
        publishers=choose(_("Publishers"), "publishers", empty=True),
        languages=choose(_("Languages"), "languages", empty=True),
        kinds=cast("tuple[SourceKind, ...]", choose(_("Kinds of source"), "kinds")),
        media=choose(_("Types of file"), "media"),
        topics=choose(_("Topics"), "topics"),
    )


def called(name: str, value: str) -> str:
    """What a value of a condition is called."""
    match name:
        case "languages":
            return named(value)
        case "kinds":
            return words.KIND[cast("SourceKind", value)]
        case "media":
            return _(label_of(value))
    return value


def told(filters: Filters) -> str:
    """The filters in words: `only Reuters, BBC; from 1 June 2021; without wire`. Nothing where there are none."""
    parts = [_("only {values}", values=_listed(filters))] if _listed(filters) else []
    parts += [_("from {day}", day=day(filters.after))] if filters.after else []
    parts += [_("until {day}", day=day(filters.before))] if filters.before else []
    parts += [_("without {values}", values=_listed(filters.exclude))] if _listed(filters.exclude) else []
    return "; ".join(parts)


def _listed(conditions: Conditions) -> str:
    return ", ".join(called(name, value) for name in Conditions.model_fields for value in getattr(conditions, name))
