"""The top of a report: publishable, or what is missing, each with a link to the place where it is mended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from workbench.publishable import Gap
from workbench.tongue import _, counted
from workbench.ui import show
from workbench.ui.report_choice import Choice
from workbench.ui.show import tag

if TYPE_CHECKING:
    from workbench.desk import Desk

MOST_CLAIMS = 100  # looked through on every drawing
LISTED = 40


def panel(desk: Desk, choice: Choice) -> None:
    """Say whether these claims may be published, and list what is missing."""
    if choice.claims > MOST_CLAIMS:
        show.small(
            _(
                "Choose at most {most} claims to see what is missing before they can be published.",
                most=MOST_CLAIMS,
            )
        )
        return
    found = desk.reporting.gaps(choice.selection)
    missing = [gap for gap in found if gap.needed]
    if not missing:
        show.said(_("Publishable: nothing is missing."))
    else:
        show.notice(
            counted(
                len(missing), "Not publishable yet: {count} thing missing.", "Not publishable yet: {count} things missing."
            ),
            _("Each is listed with its remedy."),
        )
    if found:
        better = len(found) - len(missing)
        label = (
            _("{missing} missing, {better} could be better", missing=len(missing), better=better)
            if missing
            else _("{better} could be better", better=better)
        )
        with st.expander(label, expanded=bool(missing) and len(missing) <= 3):
            for at, gap in enumerate(found[:LISTED]):
                _line(at, gap, several=choice.claims > 1)
            if len(found) > LISTED:
                show.small(_("and {count} more", count=len(found) - LISTED))


def _line(at: int, gap: Gap, *, several: bool) -> None:
    weight = _("Missing") if gap.needed else _("Could be better")
    head = tag("p", "", tag("span", "stance", weight), f" · {gap.told}", dir="auto")
    whose = f"{gap.claim_id}: {gap.hint}" if several and gap.place != "settings" else gap.hint
    with st.container(key=f"gap-{at}"):
        show.draw(tag("div", "cited", head, tag("p", "quiet", whose, dir="auto")))
        match gap.place:
            case "claim":
                st.page_link("views/check.py", label=_("Open the claim"), query_params={"claim": gap.claim_id})
            case "source":
                link = {"source": gap.source_id[:16]} if gap.source_id else None
                st.page_link("views/evidence.py", label=_("Open the source"), query_params=link)
            case "settings":
                st.page_link("views/workspace.py", label=_("Look at the settings"))
