"""The search line of Check: the words searched for, and the conditions a passage must meet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, get_args

import streamlit as st

from workbench.models import Case, Filters, SearchMode, SourceKind
from workbench.ui import words

if TYPE_CHECKING:
    from workbench.desk import Desk

MODES: dict[SearchMode, str] = {"hybrid": "Meaning and words", "dense": "Meaning only", "lexical": "Words only"}
EARLIEST = date(1900, 1, 1)
LATEST = date(2100, 12, 31)


@dataclass(frozen=True)
class Asked:
    """What is to be searched for, in which other wordings as well, how, and among what."""

    text: str
    also: tuple[str, ...]
    mode: SearchMode
    filters: Filters


def draw(desk: Desk, case: Case) -> Asked:
    """Draw the search line."""
    claim = case.claim
    line = st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall")
    with line:
        text = st.text_input(
            "Search for",
            value=claim.statement,
            key=f"search-{claim.id}",
            persist_state="session",
            help="The statement of the claim to begin with. Empty it to come back to that.",
        )
        with st.popover(_label(claim.id), icon=":material/filter_list:"):
            also = _wordings(claim.id)
            mode, filters = _conditions(desk, claim.id)
    return Asked((text or "").strip() or claim.statement, also, mode, filters)


def _wordings(claim_id: str) -> tuple[str, ...]:
    typed = st.text_area(
        "Other wordings, one on each line",
        key=f"also-{claim_id}",
        persist_state="session",
        height=68,
        placeholder="A translation, the words an official would use",
        help="Each is searched as well; a passage stands where its best wording puts it.",
    )
    return tuple(filter(None, (line.strip() for line in (typed or "").splitlines())))


def _label(claim_id: str) -> str:
    names = ("also", "after", "before", "publishers", "languages", "kinds")
    used = sum(bool(st.session_state.get(f"{name}-{claim_id}")) for name in names)
    return f"Filters ({used})" if used else "Filters"


def _conditions(desk: Desk, claim_id: str) -> tuple[SearchMode, Filters]:
    library = desk.library()
    mode = st.radio("Search by", list(MODES), format_func=MODES.__getitem__, key=f"mode-{claim_id}", persist_state="session")
    left, right = st.columns(2)
    after = left.date_input(
        "Published from", value=None, min_value=EARLIEST, max_value=LATEST, key=f"after-{claim_id}", persist_state="session"
    )
    before = right.date_input(
        "Published until", value=None, min_value=EARLIEST, max_value=LATEST, key=f"before-{claim_id}", persist_state="session"
    )
    publishers = sorted({entry.meta.publisher for entry in library if entry.meta.publisher})
    languages = sorted({entry.language for entry in library if entry.language})
    chosen = st.multiselect("Publishers", publishers, key=f"publishers-{claim_id}", persist_state="session")
    spoken = st.multiselect("Languages", languages, key=f"languages-{claim_id}", persist_state="session")
    kinds = st.multiselect(
        "Kinds of source",
        list(get_args(SourceKind)),
        format_func=lambda one: words.KIND[one],
        key=f"kinds-{claim_id}",
        persist_state="session",
    )
    filters = Filters(
        after=after if isinstance(after, date) else None,
        before=before if isinstance(before, date) else None,
        publishers=tuple(chosen),
        languages=tuple(spoken),
        kinds=tuple(kinds),
    )
    return mode or "hybrid", filters
