"""What became of the evidence of a decided claim, in the right column of Check: changed words, new passages, and an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import streamlit as st

from workbench.errors import UnknownId
from workbench.fidelity import word_changes
from workbench.models import Case, Citation, CitationState, Found, NewEvidence
from workbench.report.fresh import fresh_words, since, states_of
from workbench.tongue import N_, Words, _
from workbench.ui import session, show, words
from workbench.ui.show import Safe, tag

if TYPE_CHECKING:
    from workbench.desk import Desk

CHANGED: dict[str, Literal["del", "ins"]] = {"quotation": "del", "file": "ins"}
SAID = Words({"moved": N_("Moved"), "changed": N_("Changed"), "gone": N_("Gone")})
LEGEND = N_("Struck out: as it was cited; underlined: as it stands there now.")


def draw(desk: Desk, case: Case) -> None:
    """Draw what waits for a look, and a line on the rest; nothing where every citation is intact and nothing came in."""
    verdicts = [one for one in case.verdicts if one.state == "current"]
    states = [(cited, state) for verdict in verdicts for cited, state in states_of(case, verdict)]
    apart = [(cited, state) for cited, state in states if state is not None]
    with st.container(key="check-fresh", gap="xsmall"):
        if apart or case.new_evidence:
            st.subheader(_("Since the verdict"), anchor=False)
        if apart:
            show.show_text(fresh_words(states))
        shown: set[str] = set()
        for cited, state in apart:
            if cited.passage_id not in shown:
                shown.add(cited.passage_id)
                _citation(desk, case, cited, state)
        for new in case.new_evidence:
            _new(desk, case, new)


def _citation(desk: Desk, case: Case, cited: Citation, state: CitationState) -> None:
    try:
        found = desk.freshness.found(cited)
    except UnknownId as error:
        show.problem(error)
        return
    title = cited.title or _("Untitled file")
    head = tag("p", "quiet", tag("span", "stance", SAID[state.state]), f"{since(state.at)} · {title}")
    show.draw(tag("div", "cited", head, *_what_stands_there(cited, found)))
    if state.confirmed:
        told = _(
            "{by} holds that the verdict stands, {when}:", by=state.confirmed.by, when=session.day_and_clock(state.confirmed.at)
        )
        show.draw(tag("p", "quiet", told, dir="auto"), tag("p", "plain", state.confirmed.reason, dir="auto"))
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        if found.source_id and found.span:
            address = {"source": found.source_id, "at": str(found.span.start)}
            label = _("Open it where it is now") if state.state == "moved" else _("Open what stands there now")
            st.page_link("views/document.py", label=label, query_params=address)
        if state.is_stale:
            _answer(desk, case, cited.passage_id, is_new=False)


def _what_stands_there(cited: Citation, found: Found) -> list[Safe]:
    """The words as they were cited beside those that stand there now, word by word."""
    lines = [tag("p", "quiet", found.note, dir="auto")] if found.note else []
    if found.state == "moved":
        return lines
    if found.state != "changed" or found.now is None:
        return [tag("p", "words plain" if cited.is_quotation else "plain", _cut(cited.quote), dir="auto"), *lines]
    changes = word_changes(cited.quote, found.now, compared_as=str)
    said = [tag(CHANGED[one.where], "", one.words) if one.where in CHANGED else one.words for one in changes]
    return [tag("p", "words plain", show.together(said, " "), dir="auto"), tag("p", "quiet", _(LEGEND)), *lines]


def _new(desk: Desk, case: Case, new: NewEvidence) -> None:
    try:
        passage, entry = desk.passage(new.passage_id), desk.source(new.source_id)[0]
    except UnknownId:  # its file went: nothing is left to look at
        return
    facts = [entry.title, words.known_date(entry.meta.published_on) or words.no_date()]
    head = tag("p", "quiet", tag("span", "stance", _("New evidence")), f"{since(new.at)} · {' · '.join(facts)}", dir="auto")
    text = tag("p", "words plain" if entry.describes is None else "plain", _cut(passage.text), dir="auto")
    why = _("It {reason}.", reason=new.reason) if new.kind == "differs" else _("It lies {reason}.", reason=new.reason)
    show.draw(tag("div", "cited", head, text, tag("p", "quiet", why)))
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        address = {"source": new.source_id, "passage": new.passage_id, "claim": case.claim.id}
        st.page_link("views/document.py", label=_("Open it"), query_params=address)
        _answer(desk, case, new.passage_id, is_new=True)


def _answer(desk: Desk, case: Case, passage_id: str, *, is_new: bool) -> None:
    """A way to say that the verdict stands; whoever holds otherwise revises it below."""
    who = session.reviewer()
    if who is None:
        show.small(_("Say who you are at the top of the page to answer."))
        return
    with st.popover(_("The verdict stands"), key=f"stands-{passage_id}"):
        label = _("Why nothing changes") if not is_new else _("Why nothing changes, if you like")
        reason = st.text_area(label, key=f"stands-why-{passage_id}", height=80, placeholder=_("Only a typing error was mended"))
        show.small(_("Kept in the records with your name. If it does not stand, revise the verdict below."))

        def answer() -> None:
            given = st.session_state.get(f"stands-why-{passage_id}") or ""
            record = desk.standing.no_change if is_new else desk.freshness.confirm
            record(case.claim.id, passage_id, who, given)
            session.say(_("Recorded: the verdict stands."))

        is_missing = not is_new and not (reason or "").strip()
        st.button(_("Record it"), key=f"stands-record-{passage_id}", on_click=session.act, args=(answer,), disabled=is_missing)


def _cut(text: str) -> str:
    return text if len(text) < 400 else f"{text[:380].rstrip()} …"
