"""The left of Reports: which claims, in which form and edition, and the download."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, get_args

import streamlit as st

from workbench.exports import EXPORTERS
from workbench.models import Status
from workbench.register import DECIDED, Row
from workbench.report.blocks import Edition
from workbench.reporting import Selection
from workbench.tongue import N_, Words, _, counted
from workbench.ui import session, show, words

if TYPE_CHECKING:
    from workbench.desk import Desk

FORMS = {
    "html": (N_("Web page"), N_("One file with everything in it. It prints well.")),
    "pdf": (N_("PDF"), N_("For paper and archives, with its own fonts. The preview shows the same report as a web page.")),
    "docx": (N_("Word document"), N_("For editors who go on writing. The preview shows the same report as a web page.")),
    "md": (N_("Markdown"), N_("The same report as plain text with marks.")),
    "claimreview": (N_("ClaimReview"), N_("What search engines and other newsrooms read.")),
    "xlsx": (
        N_("Workbook (Excel)"),
        N_("One row for each claim, and one for each citation. The working rationale is left out."),
    ),
    "csv": (N_("Table (CSV)"), N_("One row for each claim. The working rationale is left out.")),
    "json": (
        N_("Records (JSON)"),
        N_("Every field and revision, with the working rationale: for colleagues, not for publication."),
    ),
    "jsonl": (
        N_("Records (JSON lines)"),
        N_("As JSON, one record on a line, with the working rationale: for colleagues only."),
    ),
}
EDITIONS: Words[Edition] = Words(
    {
        "reader": N_("For readers: the story first, digests in an annex"),
        "full": N_("Full: everything in its place"),
        "fragment": N_("Fragment: bare html for another page"),
    }
)
ANY = "any"
LISTED = 500  # claims offered by name; the filters above narrow them


@dataclass(frozen=True)
class Choice:
    """What is to be reported, and how. edition: None where the form is data."""

    selection: Selection
    claims: int
    form: str
    edition: Edition | None

    @property
    def file_name(self) -> str:
        """What the download is called."""
        ids = self.selection.claim_ids
        return (ids[0] if len(ids) == 1 else "claims") + EXPORTERS[self.form].suffix


def chosen(desk: Desk, rows: Mapping[str, Row]) -> Choice:
    """Draw the left side; gives what was chosen there."""
    wide = _filters(rows.values())
    passing = [row for row in rows.values() if wide.holds(row)]
    selection, count = _claims(desk, rows, passing, wide)
    form = st.radio(
        _("Form"), list(FORMS), format_func=lambda one: _(FORMS[one][0]), key="report_form", persist_state="session"
    )
    form = form or "html"
    show.small(_(FORMS[form][1]))
    choice = Choice(selection, count, form, _edition(form))
    if count:
        with session.calm():
            _download(desk, choice)
        if count == 1 and choice.selection.claim_ids:
            _case_file(desk, choice.selection.claim_ids[0])
    return choice


def _filters(rows: Iterable[Row]) -> Selection:
    topics = sorted({topic for row in rows for topic in row.topics})
    with st.expander(_("Filter claims")):
        status = st.selectbox(_("Status"), [ANY, *get_args(Status)], format_func=_status_word, key="report_status")
        topic = st.selectbox(
            _("Topic"), [ANY, *topics], format_func=lambda one: _("Any") if one == ANY else one, key="report_topic"
        )
        since = st.date_input(_("Decided on or after"), None, min_value=date(1900, 1, 1), key="report_since")
        until = st.date_input(_("Decided on or before"), None, min_value=date(1900, 1, 1), key="report_until")
    if isinstance(since, date) and isinstance(until, date) and since > until:
        show.small(_("The first day is after the last; the last one is left out."))
        until = None
    return Selection(
        status=None if status == ANY else status,
        topic=None if topic == ANY else topic,
        since=since if isinstance(since, date) else None,
        until=until if isinstance(until, date) else None,
    )


def _status_word(status: str) -> str:
    return _("Any") if status == ANY else next(word for one, word in words.STATUS.items() if one == status)


def _claims(desk: Desk, rows: Mapping[str, Row], passing: Sequence[Row], wide: Selection) -> tuple[Selection, int]:
    """Every claim that passes, or those named: of the address first, else the first one decided."""
    if st.checkbox(
        counted(len(passing), "All {count} claim that pass, with a summary", "All {count} claims that pass, with a summary"),
        key="report_all",
    ):
        return wide, len(passing)
    asked = st.query_params.get_all("claim")
    if any(one not in rows for one in asked):
        show.small(_("An address named a claim that is not in this workspace."))
    if "report_claims" not in st.session_state or st.session_state.get("report_asked") != asked:
        decided = [row.claim_id for row in rows.values() if row.status in DECIDED]
        st.session_state["report_claims"] = [one for one in asked if one in rows] or decided[:1]
        st.session_state["report_asked"] = asked
    held = [one for one in st.session_state["report_claims"] if one in rows]
    offered = sorted((row.claim_id for row in passing), key=lambda one: rows[one].status not in DECIDED)
    named = st.multiselect(
        _("Claims"),
        list(dict.fromkeys([*held, *offered[:LISTED]])),
        format_func=lambda one: desk.case(one).claim.headline,
        key="report_claims",
        persist_state="session",
        placeholder=_("Choose claims"),
    )
    return Selection(tuple(named)), len(named)


def _edition(form: str) -> Edition | None:
    offered = EXPORTERS[form].editions
    if not offered:
        return None
    given = st.radio(_("Edition"), offered, format_func=lambda one: EDITIONS[one], key=f"report_edition_{len(offered)}")
    return given or "reader"


def _download(desk: Desk, choice: Choice) -> None:
    exporter = EXPORTERS[choice.form]
    st.download_button(
        _("Download as {form}", form=_(FORMS[choice.form][0])),
        lambda: b"".join(desk.reporting.pieces(choice.form, choice.selection, choice.edition)),
        file_name=choice.file_name,
        mime=exporter.media_type,
        key="download",
        type="primary",
        on_click="ignore",
    )


def _case_file(desk: Desk, claim_id: str) -> None:
    """Everything a stranger needs to check the fact-check: made when asked for, since it packs the originals."""
    with st.expander(_("Case file")), session.calm():
        show.small(
            _("The report, its records and the files it cites, in one zip that anybody can check: workbench verify FILE.")
        )
        if st.button(_("Make it"), key="make-case-file"):
            packed, name = desk.casefiles.packed(claim_id), f"{claim_id}.zip"
            st.download_button(_("Download it"), packed, name, "application/zip", key="case-file", on_click="ignore")
