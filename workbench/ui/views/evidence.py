"""Evidence: files in, what became of each, and the library. Deep link: /evidence?source=ID."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from workbench.errors import UnknownId
from workbench.models import Failure, LibraryEntry
from workbench.tongue import _, counted
from workbench.ui import intake, new_description, new_note, session, show, source_form, source_panel
from workbench.ui.show import tag

if TYPE_CHECKING:
    from workbench.desk import Desk

ROWS = 15  # sources on one page of the library


def page() -> None:
    """Draw the page."""
    desk = session.shared_desk()
    session.shown_confirmation()
    session.shown_problem()
    with session.calm():
        intake.draw(desk)
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.button(
                _("Write a note"),
                key="write-note",
                help=_("An interview, a call, a message, an observation"),
                on_click=new_note.DIALOG.open,
            )
            intake.last_report(desk)
        new_note.DIALOG.draw(desk)
        new_description.DIALOG.draw(desk)
        if desk.stock.background.current is None:
            _waiting(desk, desk.waiting())
        _failures(desk, desk.failures())
    library = desk.library()
    if not library:
        show.empty(
            _("The library is empty."), _("Choose files above, or put them into the folder evidence/ of this workspace.")
        )
        return
    left, right = st.columns([1.7, 1], gap="large")
    with left:
        _library(desk, library)
    with right, session.calm():
        _detail(desk)


def _waiting(desk: Desk, waiting: Sequence[str]) -> None:
    if not waiting:
        return
    with st.container(key="waiting-files"):
        names = ", ".join(path.removeprefix("evidence/") for path in waiting[:5])
        if len(waiting) > 5:
            names = _("{names} and {count} more", names=names, count=len(waiting) - 5)
        show.notice(
            counted(
                len(waiting),
                "{count} file in the folder evidence/ not taken in yet: {names}.",
                "{count} files in the folder evidence/ not taken in yet: {names}.",
                names=names,
            )
        )
        if st.button(_("Take in"), key="take-in-waiting"):
            intake.take_in_folder(desk)


def _failures(desk: Desk, failures: Sequence[Failure]) -> None:
    if not failures:
        return
    with st.expander(
        counted(len(failures), "{count} file could not be read", "{count} files could not be read"), expanded=True
    ):
        describable = desk.descriptions.describable(failures[:50])
        for number, failure in enumerate(failures[:50]):
            lines = (
                tag("p", "stance", failure.path.removeprefix("evidence/"), dir="auto"),
                tag("p", "", failure.message, dir="auto"),
                tag("p", "quiet", failure.hint, dir="auto"),
            )
            show.draw(tag("div", "cited", *lines))
            if failure.path in describable:
                st.button(_("Describe"), key=f"describe-{number}", on_click=new_description.open_for, args=(failure.path,))


def _library(desk: Desk, library: Sequence[LibraryEntry]) -> None:
    st.subheader(_("Library"), anchor=False)
    shelf = desk.evidence.shelf()
    text = st.text_input(_("Words"), key="evidence_q", placeholder=_("In the title, publisher or file name"), type="search")
    found = shelf.having(text or "")
    bare = shelf.unarchived(found)
    label = _("Only those of the web without an archived copy ({count})", count=len(bare))
    if bare and st.checkbox(label, key="only-not-archived", help=_("A page may change; name where an archive keeps it.")):
        found = bare
    copied = desk.near_copies.sources()
    if copied and st.checkbox(_("Only those with near copies ({count})", count=len(copied)), key="evidence_copies"):
        found = [entry for entry in found if entry.source_id in copied]
    files = counted(len(library), "{count} file", "{count} files")
    passages = counted(shelf.passages, "{count} passage", "{count} passages")
    is_part = len(found) < len(library)
    show.small(_("{shown} of {files}", shown=len(found), files=files) if is_part else f"{files}, {passages}")
    if not found:
        show.empty(_("No file fits these words."), _("Clear them to see the whole library."))
        return
    pages = -(-len(found) // ROWS)
    number = session.page_number("library_page", pages)
    current = st.query_params.get("source", "")
    for entry in found[(number - 1) * ROWS : number * ROWS]:
        is_current = bool(current) and entry.source_id.startswith(current)
        _row(desk, entry, is_current=is_current, has_copies=entry.source_id in copied)
    if pages > 1:
        st.pagination(pages, key="library_page")


def _row(desk: Desk, entry: LibraryEntry, *, is_current: bool, has_copies: bool) -> None:
    key = "row-current" if is_current else f"row-{entry.source_id[:16]}"
    with st.container(key=key, gap=None):
        label = show.literal(entry.title)
        st.button(label, key=f"see-{entry.source_id[:16]}", type="tertiary", wrap=True, on_click=_see, args=(entry.source_id,))
        cited = len(desk.cited_by(entry.source_id))
        counts = [counted(entry.passages or 0, "{count} passage", "{count} passages")]
        counts += [counted(cited, "cited by {count} claim", "cited by {count} claims")] if cited else []
        counts += [_("near copies")] if has_copies else []
        show.draw(tag("div", "rowmeta", source_panel.byline(entry), tag("span", "", " · ".join(counts))))


def _see(source_id: str) -> None:
    st.query_params["source"] = source_id[:16]


def _detail(desk: Desk) -> None:
    wanted = st.query_params.get("source")
    if not wanted:
        show.small(_("Choose a file to see what is known of it, to read it, or to remove it."))
        return
    try:
        entry = desk.source(wanted)[0]
    except UnknownId:
        show.empty(_("There is no file with that address."), _("It may have been removed. Choose one from the library."))
        return
    st.subheader(show.literal(entry.title), anchor=False)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if st.button(_("Read it"), key="read-source", type="primary"):
            st.switch_page("views/document.py", query_params={"source": entry.source_id[:16]})
        source_form.button(desk, entry)
        if entry.describes and (path := desk.descriptions.path_of(entry.describes)):
            st.button(_("Describe more"), key="describe-more", on_click=new_description.open_for, args=(path,))
        _removal(desk, entry)
    show.draw(*source_panel.near_copies(desk.near_copies.of(entry)))
    show.draw(source_panel.facts(desk, entry))
    source_form.draw(desk)
    citing = desk.cited_by(entry.source_id)
    if citing:
        st.caption(_("Cited by"))
        for claim_id in citing[:20]:
            label = show.literal(desk.case(claim_id).claim.headline)
            st.page_link("views/check.py", label=label, query_params={"claim": claim_id})


def _removal(desk: Desk, entry: LibraryEntry) -> None:
    who = session.reviewer()
    citing = len(desk.cited_by(entry.source_id))
    with st.popover(_("Remove")):
        if citing:
            st.caption(
                counted(
                    citing,
                    "{count} claim cites it; those verdicts stay readable, word for word.",
                    "{count} claims cite it; those verdicts stay readable, word for word.",
                )
            )
        st.caption(_("It leaves every search. The original is kept in records/."))
        reason = st.text_input(_("Why"), key=f"reason-{entry.source_id[:16]}", placeholder=_("For the history"))
        if who is None:
            show.small(_("Say who you are at the top of the page first."))
        elif st.button(_("Remove from search"), key="remove-source"):
            desk.remove_source(entry.source_id, actor=who, reason=(reason or "").strip())
            st.query_params.pop("source", None)
            session.say(
                _("{title} was removed from search. Its original and every citation of it are kept.", title=entry.title)
            )
            st.rerun()


page()
