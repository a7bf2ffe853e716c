"""The entry script of every page: the look, the navigation on top, who is reviewing. Streamlit runs it on each click."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from workbench.models import Reviewer
from workbench.tongue import _
from workbench.ui import away, first_page, gate, keys, session, show, steps, words

# Not a folder named pages/: Streamlit takes such a folder beside the entry script for its older kind of multi-page app and,
# on a deep link before the first visit of the front page, runs the page file alone, without this frame.
PAGES = Path(__file__).with_name("views")
LOGO = Path(__file__).with_name("logo.svg")  # its ink is seen on both papers
ICON = Path(__file__).with_name("icon.svg")  # a Material icon here would be fetched from the internet


def ask_name() -> None:
    """One line on the first visit; afterwards the name stands in the header, where it can be changed."""
    who = session.reviewer()
    if who is None:
        with st.container(key="first-visit", horizontal=True, vertical_alignment="bottom"):
            name = st.text_input(
                _("Who is reviewing?"),
                key="first_name",
                max_chars=session.NAME_LENGTH,
                placeholder=_("Your name, as colleagues know it"),
                help=_("It stands beside every verdict you record. Nobody checks it here: records say “self-declared”."),
                width=340,
            )
            st.button(_("Continue"), key="first_name_go")
            if name and name.strip():
                session.call_me(name)
                st.rerun()
        with st.container(key="who"):
            keys.help_button()
        return
    with st.container(key="who", horizontal=True, gap="small"):
        keys.help_button()
        _whose_name(who)


def _whose_name(who: Reviewer) -> None:
    with st.popover(show.literal(who.display_name), type="tertiary", icon=":material/person:"):
        st.caption(_("Self-declared. Verdicts and drafts of this browser are kept under this name."))
        other = st.text_input(_("Work under another name"), key="other_name", max_chars=session.NAME_LENGTH)
        if other and other.strip() and other.strip() != who.display_name:
            session.call_me(other)
            st.rerun()
        session.choose_language()


def whoever() -> None:
    """The name of whoever is logged in, with the way out."""
    person = session.entry().person
    with st.container(key="who", horizontal=True, gap="small"):
        keys.help_button()
        if person is not None:
            gate.whoever(person.who, words.listed([words.role(one) for one in person.roles]), session.choose_language)


def main() -> None:
    """Draw the frame, then the page that was asked for; in a team, to whoever is logged in, and to nobody else."""
    st.set_page_config(page_title=_("Workbench"), page_icon=str(ICON), layout="wide")
    st.logo(str(LOGO))
    show.stylesheet()
    with first_page.drawing(), away.calm():
        _draw()


def _draw() -> None:
    is_team = session.is_team()
    if is_team and not gate.is_open(session.entry()):
        return
    page = st.navigation(
        [
            st.Page(PAGES / "home.py", title=_("Workbench"), default=True, visibility="hidden"),
            st.Page(PAGES / "intake.py", title=_("Intake")),
            st.Page(PAGES / "queue.py", title=_("Queue")),
            st.Page(PAGES / "check.py", title=_("Check")),
            st.Page(PAGES / "document.py", title=_("Document")),
            st.Page(PAGES / "evidence.py", title=_("Evidence")),
            st.Page(PAGES / "searches.py", title=_("Searches")),
            st.Page(PAGES / "reports.py", title=_("Reports")),
            st.Page(PAGES / "workspace.py", title=_("Workspace")),
            st.Page(PAGES / "agreement.py", title=_("Agreement"), visibility="hidden"),
        ],
        position="top",
    )
    if is_team:
        whoever()
    else:
        # drawn again each time: what takes a cookie is loaded by the browser, and must not be gone before it is
        show.keep_cookie(session.COOKIE, st.session_state.get("reviewer_cookie"))
        ask_name()
    first_page.model_is_coming(session.shared_desk())
    page.run()
    steps.arrived()


main()
