"""Reports: choose claims and a form, see what it will look like, download it. Deep link: /reports?claim=ID."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from workbench.claimreview import RuleBreak
from workbench.exports import EXPORTERS
from workbench.models import Case
from workbench.reporting import Selection
from workbench.ui import session, show, words
from workbench.ui.show import tag

if TYPE_CHECKING:
    from workbench.desk import Desk

FORMS = {
    "html": "Web page",
    "md": "Markdown",
    "claimreview": "ClaimReview",
    "csv": "Table (CSV)",
    "json": "Records (JSON)",
    "jsonl": "Records (JSON lines)",
}
NOTES = {
    "html": "One file with everything in it. It prints well.",
    "md": "The same report as plain text with marks.",
    "claimreview": "What search engines and other newsrooms read.",
    "csv": "One row for each claim. The working rationale is left out.",
    "json": "Every field and every revision, with the working rationale: for colleagues, not for publication.",
    "jsonl": "As JSON, one record on a line, with the working rationale: for colleagues, not for publication.",
}
LISTED = 500  # claims offered in the list; the words above it narrow it
SHOWN = 200_000  # characters of a preview as text


def page() -> None:
    """Draw the page."""
    desk = session.shared_desk()
    cases = desk.claims()
    if not cases:
        show.empty("There is nothing to report yet.", "Add a claim and record a verdict on it first.")
        st.page_link("views/queue.py", label="Go to the queue")
        return
    left, right = st.columns([1, 2.3], gap="large")
    with left:
        chosen = _choice(cases)
        form = (
            st.radio("Form", list(FORMS), format_func=FORMS.__getitem__, key="report_form", persist_state="session") or "html"
        )
        show.small(NOTES[form])
        if chosen:
            _download(desk, chosen, form)
    with right:
        if not chosen:
            show.empty("No claim is chosen.", "Choose one or more on the left.")
            return
        with session.calm():
            _publishable(desk, chosen)
            _preview(desk, chosen, form)


def _choice(cases: Sequence[Case]) -> list[str]:
    """The claims chosen on the left: those of the address, else the decided ones."""
    by_id = {case.claim.id: case for case in cases}
    asked = st.query_params.get_all("claim")
    unknown = [one for one in asked if one not in by_id]
    if unknown:
        show.small("An address named a claim that is not in this workspace.")
    if "report_claims" not in st.session_state or st.session_state.get("report_asked") != asked:
        decided = [case.claim.id for case in cases if case.status in ("settled", "published")]
        st.session_state["report_claims"] = [one for one in asked if one in by_id] or decided[:1]
        st.session_state["report_asked"] = asked
    ordered = sorted(by_id, key=lambda one: by_id[one].status not in ("settled", "published"))
    return st.multiselect(
        "Claims",
        ordered[:LISTED],
        format_func=lambda one: by_id[one].claim.headline,
        key="report_claims",
        persist_state="session",
        placeholder="Choose claims",
    )


def _download(desk: Desk, chosen: list[str], form: str) -> None:
    exporter = EXPORTERS[form]
    name = (chosen[0] if len(chosen) == 1 else "claims") + exporter.suffix
    with session.calm():
        st.download_button(
            f"Download as {FORMS[form]}",
            desk.export(form, chosen),
            file_name=name,
            mime=exporter.media_type,
            key="download",
            type="primary",
            on_click="ignore",
        )


def _publishable(desk: Desk, chosen: list[str]) -> None:
    """On top: publishable, or what is missing, each with what to do about it."""
    undecided = [report for report in desk.reports(chosen) if report.page.draft]
    if undecided:
        show.notice(f"{words.counted(len(undecided), 'claim')} without a verdict that stands: the report says it is a draft.")
    broken = desk.reporting.problems(Selection(tuple(chosen)))
    if not broken:
        show.said("As ClaimReview: ready to publish.")
        return
    missing = sum(one.severity == "error" for one in broken)
    told = f"{words.counted(missing, 'thing')} missing before it can be published" if missing else "can be published"
    better = len(broken) - missing
    with st.expander(f"As ClaimReview: {told}" + (f"; {better} could be better" if better else "")):
        show.draw(*(_rule(one) for one in broken))


def _rule(one: RuleBreak) -> show.Safe:
    weight = "Missing" if one.severity == "error" else "Could be better"
    head = tag("p", "", tag("span", "stance", weight), f" · {one.message}", dir="auto")
    return tag("div", "cited", head, tag("p", "quiet", f"{one.hint} ({one.rule}, {one.claim_id})", dir="auto"))


def _preview(desk: Desk, chosen: list[str], form: str) -> None:
    text = desk.export(form, chosen).decode("utf-8", errors="replace")
    if form == "html":
        show.sandboxed(text, height=900)
        return
    st.code(text[:SHOWN], language=None, wrap_lines=True, height=700)
    if len(text) > SHOWN:
        show.small("The preview ends here; the download is whole.")


page()
