"""What a page knows of its visitor: the shared Desk, the reviewer's name, and how an error is shown.

The Desk is one per workspace and process and holds no user; the reviewer lives in this browser session and its cookie. Pages
get it as that reviewer may read it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, tzinfo
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st
from pydantic import ValidationError
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

from workbench import log, roles, tongue
from workbench.errors import Refused, WorkbenchError
from workbench.models import OPERATOR, Draft, Reviewer
from workbench.people import Entry
from workbench.tongue import _
from workbench.ui import gate, show

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

    from workbench.desk import Desk
    from workbench.settings import Settings

COOKIE = "workbench_reviewer"
LANGUAGE, CHOSEN = "language", "chosen_language"
PROBLEM = "problem_of_the_last_action"
SAID = "said_by_the_last_action"
NAME_LENGTH = 200  # as Reviewer allows

_lock = threading.Lock()
_desk: Desk | None = None


def language() -> str:
    """The language whoever is here is spoken to: chosen here, else as workbench.toml says, else the browser's, else English.

    Where nobody is (the server by itself, its routes), English.
    """
    if get_script_run_ctx(suppress_warning=True) is None:
        return tongue.ENGLISH
    chosen: str | None = st.session_state.get(LANGUAGE)
    if chosen is None:
        try:
            wanted = settings().ui.language
        except WorkbenchError:  # every page says that the workspace cannot be opened, in the language of the browser
            wanted = "auto"
        st.session_state[LANGUAGE] = chosen = tongue.nearest(wanted, st.context.locale)
    return chosen


tongue.ask(language)


def choose_language() -> None:
    """A box for the language of this session, where there is a choice; colleagues keep theirs."""
    known = tongue.languages()
    if len(known) > 1:
        here = language()
        at = known.index(here) if here in known else None
        named = tongue.name_of_language
        st.selectbox(_("Language"), known, index=at, format_func=named, key=CHOSEN, on_change=_speak)


def _speak() -> None:
    st.session_state[LANGUAGE] = st.session_state[CHOSEN] or language()


def shared_desk() -> Desk:
    """The Desk of this process, as whoever is here may read it: what every page works with.

    Raises: WorkbenchError where the workspace cannot be opened; the next call tries again.
    """
    return whole_desk().seen_by(reviewer())


def settings() -> Settings:
    """What workbench.toml says: the same for everybody."""
    return whole_desk().settings


def whole_desk() -> Desk:
    """The one Desk of this process, opened at the first call: for the server itself and its routes, never for a page.

    Raises: WorkbenchError where the workspace cannot be opened; the next call tries again.
    """
    global _desk
    with _lock:
        if _desk is None:
            from workbench.desk import Desk

            _desk = Desk.open()
            log.open_log(_desk.workspace.derived, stderr=True)
        return _desk


def use_desk(desk: Desk | None) -> None:
    """Hand in the Desk that pages shall use (tests do); None forgets it without closing it."""
    global _desk
    with _lock:
        _desk = desk


def close_desk() -> None:
    """Close the shared Desk when the server stops."""
    global _desk
    with _lock:
        if _desk is not None:
            _desk.close()
        _desk = None


@contextmanager
def calm() -> Iterator[None]:
    """Show a WorkbenchError as a box with its message and its hint, and go on below it."""
    try:
        yield
    except WorkbenchError as error:
        show.problem(error)
    except ValidationError as error:
        show.problem(_not_kept(error))


def act(action: Callable[[], None]) -> None:
    """Run what a button does. A refusal is kept and shown by `shown_problem` on the next drawing, not thrown at the reader."""
    try:
        _refuse_if_shut()
        action()
    except WorkbenchError as error:
        st.session_state[PROBLEM] = error
    except ValidationError as error:
        st.session_state[PROBLEM] = _not_kept(error)


def _refuse_if_shut() -> None:
    """Raises: Refused in a team where the login is over: a button runs before the page asks who is here."""
    if is_team() and (found := entry()).person is None:
        raise Refused(found.told or _("You are logged out."), hint=found.hint or _("Log in again."), code=found.code)


def _not_kept(error: ValidationError) -> WorkbenchError:
    reasons = " ".join(str(one["msg"]).removeprefix("Value error, ") for one in error.errors())
    return WorkbenchError(_("That was not kept: {reasons}", reasons=reasons), hint=_("Mend it and try again."))


def shown_problem() -> WorkbenchError | None:
    """Show the refusal of the last action, once. Gives it back, so that a page can say more about it."""
    error: WorkbenchError | None = st.session_state.pop(PROBLEM, None)
    if error is not None:
        show.problem(error)
    return error


def say(text: str) -> None:
    """Keep a confirmation for the next drawing."""
    st.session_state[SAID] = text


def shown_confirmation() -> None:
    """Show the confirmation of the last action, once."""
    text = st.session_state.pop(SAID, None)
    if text:
        show.said(text)


def is_team() -> bool:
    """Whether people log in here. Raises: WorkbenchError where the workspace cannot be opened."""
    return whole_desk().people.is_team


def entry() -> Entry:
    """Who is let in now. It is asked at every drawing and by every button: a session lives longer than a login may."""
    return whole_desk().people.let_in(gate.claims())


def reviewer() -> Reviewer | None:
    """Who is here: whoever is logged in and still let in, in a team; else whoever this browser was told. None: nobody yet."""
    if not is_team():
        return _declared()
    person = entry().person
    return person.who if person else None


def may(kind: str) -> bool:
    """Whether whoever is here may save this kind of event: for what a page offers. Every save asks for itself."""
    if not is_team():
        return True
    person = entry().person
    return person is not None and roles.may(person, kind)


def whoever() -> Reviewer:
    """Who takes files in: in local mode also somebody who has not said who they are, as the operator of this machine.

    Raises: Refused in a team, for nobody.
    """
    _refuse_if_shut()
    return reviewer() or OPERATOR


def _declared() -> Reviewer | None:
    """The name somebody typed: asked once, kept in a cookie of this machine."""
    if "reviewer" not in st.session_state:
        kept = st.context.cookies.get(COOKIE)  # AppTest hands out something that is no text here
        given = unquote(kept)[:NAME_LENGTH].strip() if isinstance(kept, str) else ""
        st.session_state["reviewer"] = given or None
    name = st.session_state["reviewer"]
    return Reviewer.self_declared(name) if name else None


def call_me(name: str) -> None:
    """Remember the name somebody typed. An empty one forgets it."""
    folded = " ".join(name.replace("\x00", "").split())[:NAME_LENGTH]
    st.session_state["reviewer"] = folded or None
    st.session_state["reviewer_cookie"] = quote(folded, safe="")


def draft(desk: Desk, claim_id: str, who: Reviewer) -> Draft:
    """The draft of whoever is here. It has one save token from the first drawing on, stored or not yet."""
    case = desk.case(claim_id)
    key = f"draft-{claim_id}-{who.subject}"
    found = _stored_draft(desk, claim_id, who)
    held: Draft | None = st.session_state.get(key)
    is_stored = who.display_name in case.drafted_by
    is_spent = held is not None and any(verdict.token == held.token for verdict in case.verdicts)
    if held is None or is_stored or is_spent or held.based_on != found.based_on:
        st.session_state[key] = held = found
    return held


def _stored_draft(desk: Desk, claim_id: str, who: Reviewer) -> Draft:
    """The draft as it is stored. A page asks several times at every drawing: the ledger is read where something was stored."""
    beat, key = desk.ledger.beat(), f"stored-draft-{claim_id}-{who.subject}"
    read: tuple[object, Draft] | None = st.session_state.get(key)
    if read is None or read[0] != beat:
        st.session_state[key] = read = (beat, desk.draft(claim_id, who))
    return read[1]


def let_go(file: UploadedFile) -> None:
    """Give back the memory of an uploaded file that is not needed any more: what it says is kept elsewhere.

    Streamlit holds what a browser sent until its session ends, ten minutes after the page was closed: twenty files of 50 MB
    were a gigabyte.
    """
    context = get_script_run_ctx()
    if context is not None and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        context.uploaded_file_mgr.remove_file(context.session_id, file.file_id)


def page_number(key: str, pages: int) -> int:
    """The page chosen in the pagination of that key, brought back to the last one when a filter left fewer."""
    number = min(int(st.session_state.get(key, 1)), pages)
    if key in st.session_state:
        st.session_state[key] = number
    return number


def clock(moment: datetime, *, seconds: bool = False) -> str:
    """The time of day where the reader is: `12:03`, or `12:03:07`."""
    return tongue.clock(moment.astimezone(_zone()), seconds=seconds)


def day_and_clock(moment: datetime) -> str:
    """Day and time where the reader is: `1 May 2026, 12:03`."""
    local = moment.astimezone(_zone())
    return f"{tongue.day(local)}, {tongue.clock(local)}"


def here_and_now() -> datetime:
    """The time where the reader is."""
    return datetime.now(UTC).astimezone(_zone())


def moment(day: date, clock: time) -> datetime:
    """A day and a time of day as they were typed, where the reader is."""
    return datetime.combine(day, clock, tzinfo=_zone())


def _zone() -> tzinfo:
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
