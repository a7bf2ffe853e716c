"""Reports: choose claims and a form, see what it will look like, download it. Deep link: /reports?claim=ID."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import streamlit as st

from workbench.tongue import _
from workbench.ui import report_choice, report_gaps, session, show
from workbench.ui.report_choice import Choice

if TYPE_CHECKING:
    from workbench.desk import Desk

SHOWN = 200_000  # characters of a preview as text
AS_A_PAGE = ("html", "pdf", "docx")
PIECES = 64  # of a preview as text, which is read no further


def page() -> None:
    """Draw the page."""
    desk = session.shared_desk()
    rows = {row.claim_id: row for row in desk.cases.rows().values() if not row.retired}
    if not rows:
        show.empty(_("There is nothing to report yet."), _("Add a claim and record a verdict on it first."))
        st.page_link("views/queue.py", label=_("Go to the queue"))
        return
    left, right = st.columns([1, 2.3], gap="large")
    with left:
        choice = report_choice.chosen(desk, rows)
    with right:
        if not choice.claims:
            show.empty(_("No claim is chosen."), _("Choose one or more on the left."))
            return
        with session.calm():
            report_gaps.panel(desk, choice)
            _preview(desk, choice)


def _preview(desk: Desk, choice: Choice) -> None:
    if choice.form in AS_A_PAGE and choice.edition != "fragment":
        whole = b"".join(desk.reporting.pieces("html", choice.selection, choice.edition))
        show.sandboxed(whole.decode("utf-8"), height=900)
        return
    form = "csv" if choice.form == "xlsx" else choice.form
    pieces = desk.reporting.pieces(form, choice.selection, choice.edition)
    text = b"".join(islice(pieces, PIECES)).decode("utf-8", errors="replace")
    st.code(text[:SHOWN], language=None, wrap_lines=True, height=700)
    if len(text) > SHOWN or next(iter(pieces), None) is not None:
        show.small(_("The preview ends here; the download is whole."))


page()
