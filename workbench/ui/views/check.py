"""Check: one claim, the passages that bear on it, and the verdict. Deep link: /check?claim=ID&passage=PASSAGE_ID."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from workbench.errors import UnknownId
from workbench.models import Hit
from workbench.tongue import N_, _
from workbench.ui import (
    adjudication_panel,
    claim_panel,
    comments_panel,
    contacts_panel,
    freshness_panel,
    hits_panel,
    keys,
    matters_form,
    precedents_panel,
    session,
    show,
    steps,
    timeline,
    verdict_panel,
)

PANELS = {N_("Claim"): "check-claim", N_("Evidence"): "check-evidence", N_("Verdict"): "check-verdict"}
NARROW = 1000  # pixels: below it the three columns become three tabs (UI.md)


def page() -> None:
    """Draw the page."""
    desk = session.shared_desk()
    with session.calm():
        desk.sync_claims()
    claim_id = steps.here("claim") or st.session_state.get("check_claim")
    if claim_id is None:
        show.empty(_("No claim is open."), _("Choose one in the queue."))
        st.page_link("views/queue.py", label=_("Go to the queue"))
        return
    try:
        case = desk.case(claim_id)
    except UnknownId:
        st.session_state.pop("check_claim", None)
        show.empty(_("There is no claim with that address."), _("It may be from another workspace. Choose one in the queue."))
        st.page_link("views/queue.py", label=_("Go to the queue"))
        return
    st.session_state["check_claim"] = claim_id
    steps.go("claim", claim_id)
    with st.container(key="check-switch", horizontal=True, horizontal_alignment="center"):
        shown = st.segmented_control(
            _("Part of the page"),
            list(PANELS),
            default="Evidence",
            format_func=_,
            key="check_panel",
            label_visibility="collapsed",
            required=True,
        )
        _panel_key()
    show.only_below(NARROW, PANELS.values(), PANELS[shown or "Evidence"])
    with st.container(key="check-adjudication"), session.calm():
        adjudication_panel.draw(desk, case)
    with st.container(key="check-columns"):
        left, middle, right = st.columns([28, 44, 28], gap="medium")
    receipt, hit = None, None
    hits: Sequence[Hit] = ()
    with middle, st.container(key="check-evidence", gap="xsmall"), session.calm():
        receipt, hit, hits = hits_panel.draw(desk, case)
    with left, st.container(key="check-claim"), session.calm():
        claim_panel.draw(desk, case, hit, desk.fidelity.of(case.claim))
        timeline.draw(desk, case, hits)
        matters_form.button(desk, case)
        precedents_panel.draw(desk, case)
        contacts_panel.draw(desk, case)
        comments_panel.draw(desk, case, hit)
    with right, st.container(key="check-verdict", gap="xsmall"), session.calm():
        freshness_panel.draw(desk, case)
        verdict_panel.draw(desk, case, receipt)


def _panel_key() -> None:
    """The key that goes on to the next part; its button is not shown, the switch is what the eye and the mouse use."""

    def go_on() -> None:
        names = list(PANELS)
        here = st.session_state.get("check_panel")
        st.session_state["check_panel"] = names[(names.index(here) + 1) % len(names)] if here in names else names[0]

    with st.container(key="panel-key"):
        st.button(_("Next part of the page"), key="next-panel", shortcut=keys.of("next_panel"), on_click=go_on)


page()
