"""Workspace: what is in it, the rules in force, and whether its records are whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from workbench.care import verify
from workbench.doctor import Check, doctor
from workbench.settings import ReviewSettings
from workbench.ui import impartiality_panel, session, show, words
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
    told = f"{words.counted(claims['total'], 'claim')}, {words.counted(status['sources'], 'file')} of evidence"
    show.show_text(f"{told} in {words.counted(status['passages'], 'passage')}.")
    ready, why = desk.readiness()
    if ready:
        show.small("Ready to search by meaning and by words.")
    else:
        show.notice(f"Not ready to search by meaning: {why}.")


def _health(desk: Desk) -> None:
    st.subheader("Health", anchor=False)
    rows = [part for check in doctor(desk) for part in (tag("dt", "", check.name), tag("dd", "", _told(check), dir="auto"))]
    show.draw(tag("dl", "facts", *rows))
    if not st.button(
        "Check every record", key="verify", help="Reads the whole history, every stored file and every quoted word."
    ):
        return
    found = verify(desk)
    what = f"{words.counted(found.events, 'event')}, {words.counted(found.originals, 'stored file')}"
    read = f"{what} and {words.counted(found.citations, 'citation')} were read"
    if found.failures:
        show.notice(f"{read}; not whole: {' '.join(found.failures)}", "Restore what is damaged from a backup.")
    else:
        show.said(f"{read}; all are whole.")
    for note in found.notes:
        show.small(note)


def _told(check: Check) -> str:
    return check.value if check.ok else f"{check.value} {check.hint}"


def _rules(desk: Desk) -> None:
    review = desk.settings.review
    st.subheader("Ratings", anchor=False)
    show.small(review.rating_scale.name)
    for rating in review.rating_scale.ratings:
        show.draw(tag("p", "", show.pill(rating.label, rating.colour)), tag("p", "quiet", rating.definition, dir="auto"))
    st.subheader("Policy", anchor=False)
    show.draw(
        tag(
            "ul",
            "checklist",
            *(tag("li", "", tag("span", "sign", "–"), tag("span", "", line)) for line in _policy(review)),
        )
    )
    st.page_link("views/agreement.py", label="How far reviewers agree")
    if review.guidelines:
        st.subheader("Guidelines", anchor=False)
        show.show_text(review.guidelines)
    show.small("All of this is written in workbench.toml; the app reads it when it starts.")


def _policy(review: ReviewSettings) -> list[str]:
    policy = review.policy
    lines = [
        f"{review.reviews} people judge each claim" if review.reviews > 1 else "One review settles a claim",
        "A decisive rating needs at least one citation"
        if policy.decisive_needs_citation
        else "A rating may stand without a citation",
    ]
    if review.overlap and review.reviews == 1:
        lines.append(f"Two people judge {review.overlap:g} % of the claims, drawn by the seed “{review.overlap_seed}”")
    if review.is_ever_blind:
        lines.append("Where several judge a claim, nobody reads a colleague's work on it before saving their own")
    if policy.off_axis_needs_ground:
        lines.append("A rating that is no decision names its ground")
    if policy.rationale_words:
        lines.append(f"The rationale has at least {policy.rationale_words:,} words")
    return lines


page()
