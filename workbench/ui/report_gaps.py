"""The top of a report: publishable, or what is missing, each with a link to the place where it is mended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from workbench.publishable import Gap
from workbench.ui import show, words
from workbench.ui.report_choice import Choice
from workbench.ui.show import tag

if TYPE_CHECKING:
    from workbench.desk import Desk

MOST_CLAIMS = 100  # looked through on every drawing
LISTED = 40


def panel(desk: Desk, choice: Choice) -> None:
    """Say whether these claims may be published, and list what is missing."""
    if choice.claims > MOST_CLAIMS:
        show.small(f"Choose at most {MOST_CLAIMS} claims to see what is missing before they can be published.")
        return
    found = desk.reporting.gaps(choice.selection)
    missing = [gap for gap in found if gap.needed]
    if not missing:
        show.said("Publishable: nothing is missing.")
    else:
        show.notice(f"Not publishable yet: {words.counted(len(missing), 'thing')} missing.", "Each is listed with its remedy.")
    if found:
        better = len(found) - len(missing)
        label = f"{len(missing)} missing, {better} could be better" if missing else f"{better} could be better"
        with st.expander(label, expanded=bool(missing) and len(missing) <= 3):
            for at, gap in enumerate(found[:LISTED]):
                _line(at, gap, several=choice.claims > 1)
            if len(found) > LISTED:
                show.small(f"and {len(found) - LISTED:,} more")


def _line(at: int, gap: Gap, *, several: bool) -> None:
    weight = "Missing" if gap.needed else "Could be better"
    head = tag("p", "", tag("span", "stance", weight), f" · {gap.told}", dir="auto")
    whose = f"{gap.claim_id}: {gap.hint}" if several and gap.place != "settings" else gap.hint
    with st.container(key=f"gap-{at}"):
        show.draw(tag("div", "cited", head, tag("p", "quiet", whose, dir="auto")))
        match gap.place:
            case "claim":
                st.page_link("views/check.py", label="Open the claim", query_params={"claim": gap.claim_id})
            case "source":
                link = {"source": gap.source_id[:16]} if gap.source_id else None
                st.page_link("views/evidence.py", label="Open the source", query_params=link)
            case "settings":
                st.page_link("views/workspace.py", label="Look at the settings")
