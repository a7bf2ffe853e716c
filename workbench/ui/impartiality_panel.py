"""Who must not judge a claim, on Check; and the balance of what is checked, on Workspace."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from workbench.balance import By
from workbench.cells import neutralise
from workbench.models import Case, Recusal, Reviewer
from workbench.tongue import N_, Words, _
from workbench.ui import session, show
from workbench.ui.show import tag

if TYPE_CHECKING:
    from workbench.desk import Desk

BY: Words[By] = Words({"claimant": N_("Claimant"), "affiliation": N_("Affiliation"), "topic": N_("Topic")})
NAMELESS: Words[By] = Words(
    {
        "claimant": N_("No claim names its claimant."),
        "affiliation": N_("No claim names its affiliation."),
        "topic": N_("No claim names its topic."),
    }
)


def recusal_of(case: Case, who: Reviewer) -> Recusal | None:
    """The recusal of a reviewer that holds, if there is one."""
    return next((one for one in case.recusals if one.reviewer == who), None)


def recused(desk: Desk, case: Case, mine: Recusal) -> None:
    """What stands in place of the form for a reviewer who recused."""
    st.subheader(_("Verdict"), anchor=False)
    show.draw(
        tag(
            "p",
            "",
            _(
                "You recused yourself from this claim on {when}: {reason}",
                when=session.day_and_clock(mine.at),
                reason=mine.reason,
            ),
            dir="auto",
        )
    )
    standing = next((one for one in case.verdicts if one.reviewer == mine.reviewer and one.state == "current"), None)
    if standing is not None:
        show.small(
            _(
                "Your revision {revision} from before still stands; workbench verdict void takes it out.",
                revision=standing.revision,
            )
        )
    take_back = partial(desk.impartiality.take_back, case.claim.id, mine.reviewer)
    st.button(_("Take the recusal back"), key="unrecuse", on_click=session.act, args=(take_back,))


def offer(desk: Desk, case: Case, who: Reviewer) -> None:
    """A way for a reviewer with a conflict of interest to step back."""
    key = f"recusal-{case.claim.id}"
    with st.expander(_("I should not judge this claim"), type="compact", key=f"recuse-{case.claim.id}"):
        st.text_input(
            _("The conflict of interest"), key=key, max_chars=500, help=_("Colleagues see it; reports do not print it.")
        )

        def step_back() -> None:
            desk.impartiality.recuse(case.claim.id, who, st.session_state.get(key) or "")

        st.button(_("Recuse myself"), key="recuse", on_click=session.act, args=(step_back,))


def others(case: Case, who: Reviewer | None) -> None:
    """Who else recused, for whoever asks why somebody does not judge it."""
    for one in case.recusals:
        if one.reviewer != who:
            show.small(_("{who} recused: {reason}", who=one.reviewer.display_name, reason=one.reason))


def balance(desk: Desk) -> None:
    """Claims and ratings by claimant, affiliation or topic, with what the counts do not say."""
    st.subheader(_("Balance"), anchor=False)
    by = st.segmented_control(
        _("Counted by"), list(BY), default="claimant", format_func=BY.__getitem__, key="balance_by", required=True
    )
    found = desk.impartiality.balance(by or "claimant")
    if not found.rows:
        show.empty(NAMELESS[found.by], _("Claims that do are counted here with their ratings."))
        return
    rows = [  # the table can be downloaded as csv: no name may become a formula there
        {BY[found.by]: neutralise(row.name), _("Claims"): row.claims}
        | {label: row.ratings.get(label, 0) for label in found.ratings}
        | {_("Undecided"): row.undecided}
        for row in found.rows
    ]
    most = max(row.claims for row in found.rows)
    bars = {
        name: st.column_config.ProgressColumn(name, min_value=0, max_value=most, format="%d")
        for name in (_("Claims"), *found.ratings, _("Undecided"))
    }
    st.dataframe(rows, hide_index=True, column_config=bars, key="balance")
    if found.unnamed:
        show.small(_("{by}: not named by {unnamed} of {all} claims.", by=BY[found.by], unnamed=found.unnamed, all=found.claims))
    show.small(found.does_not_say)
