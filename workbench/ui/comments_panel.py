"""What colleagues say to one another about a claim, in the left column of Check; nothing of it is published."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from workbench.desk import new_token
from workbench.models import Case, Comment, Hit, Reviewer
from workbench.tongue import _
from workbench.ui import session, show
from workbench.ui.folded import folded
from workbench.ui.show import tag

if TYPE_CHECKING:
    from workbench.desk import Desk


def draw(desk: Desk, case: Case, hit: Hit | None) -> None:
    """The comments on the claim, oldest first, and a field for one more. hit: the passage that can be commented on."""
    who = session.reviewer()
    told = _("Comments ({count})", count=len(case.comments)) if case.comments else _("Say something to colleagues")
    with folded(told, key=f"comments-{case.claim.id}") as is_open:
        if not is_open:
            return
        if case.is_blind:
            show.small(_("Yours only: what colleagues say is shown once your verdict is saved."))
        for comment in case.comments:
            _comment(desk, case, comment, who)
        if who is None:
            show.small(_("Say who you are at the top of the page to comment."))
        else:
            _field(desk, case, hit, who)


def _comment(desk: Desk, case: Case, comment: Comment, who: Reviewer | None) -> None:
    to = f" to {comment.to}" if comment.to else ""
    told = f"{comment.by.display_name}{to}, {session.day_and_clock(comment.at)}"
    show.draw(tag("p", "quiet", told, dir="auto"), tag("p", "plain", comment.text, dir="auto"))
    with st.container(horizontal=True, gap="xsmall"):
        if comment.passage_id:
            link = {"claim": case.claim.id, "passage": comment.passage_id, "source": comment.passage_id.partition("-")[0]}
            st.page_link("views/document.py", label=_("The passage it is about"), query_params=link)
        if who is not None and comment.by == who:
            back = partial(desk.comments.take_back, case.claim.id, comment.number, by=who)
            key = f"take-back-{case.claim.id}-{comment.number}"
            st.button(_("Take it back"), key=key, type="tertiary", on_click=session.act, args=(back,))


def _field(desk: Desk, case: Case, hit: Hit | None, who: Reviewer) -> None:
    key = f"comment-{case.claim.id}"
    st.session_state.setdefault(f"{key}-token", new_token())  # a press that arrives twice says it once
    st.text_area(_("Comment"), key=f"{key}-text", height=68, max_chars=10_000, placeholder=_("What a colleague should know"))
    st.text_input(_("For"), key=f"{key}-to", max_chars=200, placeholder=_("A name; everybody where it is empty"))
    about = hit is not None and st.checkbox(_("About the current passage"), key=f"{key}-about")

    def say() -> None:
        text, to = st.session_state.get(f"{key}-text") or "", st.session_state.get(f"{key}-to")
        passage_id = hit.passage_id if hit is not None and about else None
        token = st.session_state[f"{key}-token"]
        desk.comments.say(case.claim.id, text, by=who, token=token, passage_id=passage_id, to=to)
        st.session_state[f"{key}-text"] = ""
        st.session_state[f"{key}-token"] = new_token()

    st.button(_("Say it"), key=f"{key}-say", on_click=session.act, args=(say,))
