"""Workspace: what is in it, the rules in force, and whether its records are whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from workbench.care import verify
from workbench.doctor import Check, doctor
from workbench.ratings import definition_of, label_of
from workbench.settings import ReviewSettings
from workbench.tongue import _, counted
from workbench.ui import impartiality_panel, session, show
from workbench.ui.show import tag

if TYPE_CHECKING:
    from workbench.desk import Desk


def page() -> None:
    """Draw the page."""
    desk = session.shared_desk()
    left, right = st.columns([1, 1], gap="large")
    with left, session.calm():
        _contents(desk)
        _health(desk)
    with right:
        _rules(desk)
    with session.calm():
        impartiality_panel.balance(desk)


def _contents(desk: Desk) -> None:
    status = desk.status()
    st.title(show.literal(desk.settings.name), anchor=False)
    show.small(status["workspace"])
    claims = status["claims"]
    show.show_text(
        _(
            "{claims}, {files} in {passages}.",
            claims=counted(claims["total"], "{count} claim", "{count} claims"),
            files=counted(status["sources"], "{count} file of evidence", "{count} files of evidence"),
            passages=counted(status["passages"], "{count} passage", "{count} passages"),
        )
    )
    ready, why = desk.readiness.told()
    if ready:
        show.small(_("Ready to search by meaning and by words."))
    else:
        show.notice(_("Not ready to search by meaning: {why}.", why=why))


def _health(desk: Desk) -> None:
    st.subheader(_("Health"), anchor=False)
    rows = [part for check in doctor(desk) for part in (tag("dt", "", check.name), tag("dd", "", _told(check), dir="auto"))]
    show.draw(tag("dl", "facts", *rows))
    if not st.button(
        _("Check every record"), key="verify", help=_("Reads the whole history, every stored file and every quoted word.")
    ):
        return
    with st.spinner(_("Reading every record")):
        found = verify(desk)
    read = _(
        "{events}, {files} and {citations} were read",
        events=counted(found.events, "{count} event", "{count} events"),
        files=counted(found.originals, "{count} stored file", "{count} stored files"),
        citations=counted(found.citations, "{count} citation", "{count} citations"),
    )
    if found.failures:
        show.notice(
            _("{read}; not whole: {failures}", read=read, failures=" ".join(found.failures)),
            _("Restore what is damaged from a backup."),
        )
    else:
        show.said(_("{read}; all are whole.", read=read))
    for note in found.notes:
        show.small(note)


def _told(check: Check) -> str:
    return check.value if check.ok else f"{check.value} {check.hint}"


def _rules(desk: Desk) -> None:
    review = desk.settings.review
    st.subheader(_("Ratings"), anchor=False)
    show.small(_(review.rating_scale.name))
    for rating in review.rating_scale.ratings:
        show.draw(
            tag("p", "", show.pill(label_of(rating), rating.colour)),
            tag("p", "quiet", definition_of(rating), dir="auto"),
        )
    st.subheader(_("Policy"), anchor=False)
    show.draw(
        tag(
            "ul",
            "checklist",
            *(tag("li", "", tag("span", "sign", "–"), tag("span", "", line)) for line in _policy(review)),
        )
    )
    st.page_link("views/agreement.py", label=_("How far reviewers agree"))
    if review.guidelines:
        st.subheader(_("Guidelines"), anchor=False)
        show.show_text(review.guidelines)
    show.small(_("All of this is written in workbench.toml; the app reads it when it starts."))


def _policy(review: ReviewSettings) -> list[str]:
    policy = review.policy
    lines = [
        _("{reviews} people judge each claim", reviews=review.reviews)
        if review.reviews > 1
        else _("One review settles a claim"),
        _("A decisive rating needs at least one citation")
        if policy.decisive_needs_citation
        else _("A rating may stand without a citation"),
    ]
    if review.overlap and review.reviews == 1:
        lines.append(
            _(
                "Two people judge {share} of the claims, drawn by the seed “{seed}”",
                share=f"{review.overlap:g} %",
                seed=review.overlap_seed,
            )
        )
    if review.is_ever_blind:
        lines.append(_("Where several judge a claim, nobody reads a colleague's work on it before saving their own"))
    if policy.off_axis_needs_ground:
        lines.append(_("A rating that is no decision names its ground"))
    if policy.rationale_words:
        lines.append(_("The rationale has at least {rationale_words} words", rationale_words=policy.rationale_words))
    return lines


page()
