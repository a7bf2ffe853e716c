"""Who is let in to a team's pages: the only place that asks Streamlit who is logged in, and the page for whoever is not.

What lives here: the claims of the login, once, where any error means that nobody is; logging in and out. What does not: who
that is and whether it still holds (people.py), and whether they may save something, which every save asks (roles.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from workbench import log
from workbench.errors import WorkbenchError
from workbench.models import Reviewer
from workbench.people import Entry
from workbench.tongue import _
from workbench.ui import show

KEEP = "keeps_what_was_typed"


def claims() -> Mapping[str, object]:
    """What the login of this browser says, and nothing where there is none: Streamlit raises where no login is set up."""
    try:
        return dict(st.user.to_dict()) if st.user.is_logged_in is True else {}
    except Exception:  # whatever it is, nobody is logged in by it
        return {}


def keep_before_leaving(keep: Callable[[], object]) -> None:
    """Have this run where the page is not drawn again, because the login is over: it keeps what was typed as a draft."""
    st.session_state[KEEP] = keep


def is_open(found: Entry) -> bool:
    """Whether the pages may be drawn; else the page that says why not, with the way in, has been drawn."""
    if found.person is not None:
        return True
    keep = st.session_state.pop(KEEP, None)
    try:
        if keep is not None:
            keep()
    except WorkbenchError as error:
        show.problem(error)
    _draw(found)
    return False


def _draw(found: Entry) -> None:
    st.title(_("Workbench"), anchor=False)
    if found.told:
        show.notice(found.told, found.hint)
    else:
        show.show_text(_("Log in to see this workspace."))
    is_known = found.code in ("unknown", "disabled")
    if st.button(_("Log in as somebody else") if is_known else _("Log in"), key="log-in", type="primary"):
        _log_in()
    if is_known and st.button(_("Log out"), key="log-out", type="tertiary"):
        st.logout()


def _log_in() -> None:
    try:
        st.login()
    except Exception as error:
        log.tell_error("the login could not begin", error)
        show.notice(
            _("The login could not begin."), _("Whoever runs this workspace finds the reason in the log of the server.")
        )


def whoever(who: Reviewer, roles: str, choices: Callable[[], None]) -> None:
    """The name of whoever is logged in, what they may do, what they may choose, and the way out."""
    with st.popover(show.literal(who.display_name), type="tertiary", icon=":material/person:"):
        show.small(_("Logged in as {subject} at {issuer}. Role: {roles}.", subject=who.subject, issuer=who.issuer, roles=roles))
        choices()
        if st.button(_("Log out"), key="log-out"):
            st.logout()
