"""The form that imports a file of claims: what it would do is shown first, and done whole or not at all."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from workbench.errors import ClaimFileError
from workbench.models import Claim, ClaimChange, display_name
from workbench.tongue import _, counted, number
from workbench.ui import session, show
from workbench.ui.show import tag

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

    from workbench.desk import Desk
    from workbench.imports import ImportPlan

OPEN = "import_dialog_is_open"
DONE = "claims_imported"
PLAN = "import_plan"  # of the file that is chosen: (its id, what it would do)
TYPES = ["csv", "tsv", "xlsx", "jsonl", "ndjson", "json", "jsonld", "yaml", "yml"]
SHOWN = 20  # claims listed of each kind; the rest are counted


def open_dialog() -> None:
    """Have `draw` show the form until it is done or dismissed."""
    st.session_state[OPEN] = True


def close_dialog() -> None:
    """Have `draw` show nothing."""
    st.session_state[OPEN] = False
    st.session_state.pop(PLAN, None)


def draw(desk: Desk) -> None:
    """The form, while it is open."""
    if st.session_state.get(OPEN):
        _ask(desk)


def confirmation() -> None:
    """Say once what was imported."""
    said = st.session_state.pop(DONE, None)
    if said:
        show.said(said)


def _ask(desk: Desk) -> None:
    who = session.reviewer()
    if who is None:
        show.notice(
            _("Nobody is named as reviewer yet."), _("Close this, say who you are at the top of the page, and open it again.")
        )
        return
    show.small(
        _(
            "A table, workbook, lines of JSON, YAML, ClaimReview, or an answer of Google's Fact Check Tools. "
            "Nothing is stored yet."
        )
    )
    given = st.file_uploader(_("File of claims"), type=TYPES, key="import_file")
    if given is None:
        return
    try:
        plan = _planned(desk, given)
    except ClaimFileError as error:
        lines = [tag("p", "plain", line, dir="auto") for line in error.message.splitlines()]
        show.draw(tag("div", "notice", *lines, tag("p", "next", error.hint), role="status"))
        return
    _preview(plan)
    wanted = len(plan.added) + len(plan.changed)
    if st.button(_label(plan), key="import_do", type="primary", disabled=not wanted):
        try:
            desk.imports.carry_out(plan, actor=who)
        except ClaimFileError as error:
            st.session_state.pop(PLAN, None)  # it is not what would be done any more
            show.problem(error)
            return
        st.session_state[DONE] = _(
            "Imported {file}: {added}, {changed} changed, {left_out} left out.",
            file=display_name(given.name),
            added=counted(len(plan.added), "{count} claim added", "{count} claims added"),
            changed=len(plan.changed),
            left_out=len(plan.skipped),
        )
        st.session_state.pop(PLAN, None)
        session.let_go(given)
        close_dialog()
        st.rerun()


def _planned(desk: Desk, given: UploadedFile) -> ImportPlan:
    """What the file would do: worked out once, not at every drawing; storing it looks again whether claims changed since.

    Raises: ClaimFileError that names the file as it was given.
    """
    held = st.session_state.get(PLAN)
    if held is not None and held[0] == given.file_id:
        plan: ImportPlan = held[1]
        return plan
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"given{Path(given.name).suffix.lower()}"
        path.write_bytes(given.getvalue())
        try:
            plan = desk.imports.plan(path)
        except ClaimFileError as error:
            message = error.message.replace(path.name, display_name(given.name))
            raise ClaimFileError(message, hint=error.hint, code=error.code) from error
    st.session_state[PLAN] = (given.file_id, plan)
    return plan


def _label(plan: ImportPlan) -> str:
    if plan.changed:
        return _("Add {added} and change {changed}", added=len(plan.added), changed=len(plan.changed))
    return counted(len(plan.added), "Add {count} claim", "Add {count} claims")


def _preview(plan: ImportPlan) -> None:
    """What would be added, changed and left out, and why."""
    for note in plan.notes:
        show.small(note)
    groups = (
        (_("Added"), len(plan.added), [(one.statement, _claimant(one)) for one in plan.added[:SHOWN]]),
        (_("Changed"), len(plan.changed), [(one.claim.statement, _changes(one)) for one in plan.changed[:SHOWN]]),
        (_("Left out"), len(plan.skipped), [(f"{one.place}: {one.why}", "") for one in plan.skipped[:SHOWN]]),
    )
    for title, count, lines in groups:
        if not lines:
            continue
        with st.expander(f"{title} ({number(count)})", expanded=count <= SHOWN):
            for what, more in lines:
                show.draw(tag("p", "plain", what, dir="auto"), *([tag("p", "quiet", more, dir="auto")] if more else []))
            if count > SHOWN:
                show.small(_("and {count} more", count=count - SHOWN))


def _claimant(claim: Claim) -> str:
    return claim.claimant.name if claim.claimant else _("claimant unknown")


def _changes(change: ClaimChange) -> str:
    return f"{change.claim.id}: {', '.join(change.fields)}"
