"""The middle column of Check: the search, its receipt in words, and the passages in their groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from workbench.languages import named
from workbench.models import CONDITION_NAMES, Case, Hit, SearchReceipt, SearchResult
from workbench.tongue import N_, Words, _, counted, number
from workbench.ui import filters_panel, hit_card, keys, session, show, stances, steps, timeline
from workbench.ui.show import Safe, tag

if TYPE_CHECKING:
    from workbench.desk import Desk

DIFFERS, REPEATS = "differs", "repeats"  # the ids of the groups' headings
HEADINGS = Words({DIFFERS: N_("Similar but differs"), REPEATS: N_("Repeats the claim")})
MORE = 10  # passages added by one press of "Show more"
MOST = 100


def draw(desk: Desk, case: Case) -> tuple[SearchReceipt | None, Hit | None, Sequence[Hit]]:
    """Draw the search and its hits; gives back the receipt, the current hit, None where there is none, and all hits.

    Passages the lens sees a difference in, and those that only quote the claimant, stand under headings of their own after the
    others: not silently above what agrees, and not hidden.
    """
    claim_id = case.claim.id
    hint = _("The statement of the claim to begin with. Empty it to come back to that.")
    asked = filters_panel.draw(desk, claim_id, usual=case.claim.statement, hint=hint)
    ready, why = desk.readiness.told()
    mode = asked.mode if ready else "lexical"
    if not ready:
        _wait(desk, why)
    k = int(st.session_state.setdefault(f"k-{claim_id}", desk.settings.search.k))
    result = desk.answers.find(asked.text, also=asked.also, about=case.claim, k=k, mode=mode, filters=asked.filters)
    if not result.hits:
        _nothing(desk, result)
        timeline.undated(desk, case, asked.text, asked.filters)
        return result.receipt, None, ()
    groups = _groups(result.hits, case)
    hits = [hit for group in groups.values() for hit in group]
    at = _current(hits)
    _receipt_line(result, hits, at, groups)
    who = session.reviewer()
    draft = session.draft(desk, claim_id, who) if who else None
    marked = {mark.passage_id for owner, mark in case.marks if owner == who and mark.judgement == "not-relevant"}
    for heading, group in groups.items():
        if heading and group:
            show.draw(tag("h3", "group", f"{HEADINGS[heading]} ({number(len(group))})", id=heading))
        for hit in group:
            is_marked = hit.passage_id in marked
            if hit is hits[at]:
                hit_card.current(desk, case, hit, result.receipt, draft=draft, is_marked=is_marked)
            else:
                hit_card.brief(hit, case, draft=draft, is_marked=is_marked)
    timeline.undated(desk, case, asked.text, asked.filters)
    stances.selection(desk, draft)
    if len(hits) == k < MOST:
        st.button(_("Show more passages"), key="more", type="tertiary", on_click=_more, args=(claim_id, min(k + MORE, MOST)))
    return result.receipt, hits[at], hits


def _groups(hits: Sequence[Hit], case: Case) -> dict[str, list[Hit]]:
    """The hits under the headings they stand under, "" first, each group in the order of the search."""
    groups: dict[str, list[Hit]] = {"": [], DIFFERS: [], REPEATS: []}
    for hit in hits:
        repeats = hit_card.whose(hit, case).repeats_claim
        groups[REPEATS if repeats else DIFFERS if hit.stands == "differs" else ""].append(hit)
    return groups


@st.fragment(run_every=2)
def _wait(desk: Desk, why: str) -> None:
    """Say that only words are searched for now, and draw the page afresh when that changes."""
    if desk.readiness.told()[0]:
        st.rerun()
    show.notice(
        _("These passages were found by their words only: {why}.", why=why.rstrip(".")),
        _("The list refreshes by itself when that changes."),
    )


def _more(claim_id: str, k: int) -> None:
    st.session_state[f"k-{claim_id}"] = k


def _nothing(desk: Desk, result: SearchResult) -> None:
    if not desk.library():
        show.empty(_("No evidence has been taken in yet."), _("Add files, and their passages appear here."))
    else:
        show.empty(_("No passage bears on this claim yet."), _("Add evidence, or widen the search."))
    st.page_link("views/evidence.py", label=_("Go to the evidence"))


# --- which passage is current ------------------------------------------------------------------------------------------


def _current(hits: list[Hit]) -> int:
    """The place in the list of the passage the address names; the first where it names none of them."""
    wanted = steps.here("passage")
    return next((place for place, hit in enumerate(hits) if hit.passage_id == wanted), 0)


def _step(label: str, action: keys.Action, ids: Sequence[str], at: int, by: int) -> None:
    def move() -> None:
        now = steps.last("passage")  # another press may have moved it since this was drawn
        to = (ids.index(now) if now in ids else 0) + by
        hit_card.go_to(ids[max(0, min(to, len(ids) - 1))])

    is_end = not 0 <= at + by < len(ids)
    st.button(label, key=f"go-{action}", shortcut=keys.of(action), type="tertiary", disabled=is_end, on_click=move)


def _receipt_line(result: SearchResult, hits: list[Hit], at: int, groups: Mapping[str, list[Hit]]) -> None:
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", gap="xxsmall", key="receipt-line"
    ):
        show.draw(tag("p", "quiet", show.together(_notes(result, groups), " · ")), width="content")
        with st.container(horizontal=True, gap="xsmall", width="content"):
            ids = [hit.passage_id for hit in hits]
            _step(_("Next"), "next", ids, at, 1)
            _step(_("Previous"), "previous", ids, at, -1)
    for warning in result.receipt.warnings:
        show.small(warning)
    wanted = steps.here("passage")
    if wanted and wanted not in {hit.passage_id for hit in hits}:
        show.small(_("The passage of this address is not among these. Show more passages, or open its document."))


def _notes(result: SearchResult, groups: Mapping[str, list[Hit]]) -> list[str | Safe]:
    """What was searched and what was not, in a few words each."""
    notes: list[str | Safe] = [*in_words(result.receipt, shown=len(result.hits))]
    differ, repeat = len(groups[DIFFERS]), len(groups[REPEATS])
    told = {
        DIFFERS: counted(differ, "{count} differs, listed last", "{count} differ, listed last"),
        REPEATS: counted(repeat, "{count} repeats the claim", "{count} repeat the claim"),
    }
    notes[1:1] = [tag("a", "", said, href=f"#{heading}") for heading, said in told.items() if groups[heading]]
    return notes


def in_words(receipt: SearchReceipt, *, shown: int) -> list[str]:
    """What a receipt says was searched, how the query was read, and what was left out, in a few words each."""
    notes = [
        _(
            "{shown} of {passages} in {files}",
            shown=shown,
            passages=counted(receipt.passages_searched, "{count} passage", "{count} passages"),
            files=counted(receipt.sources_searched, "{count} file", "{count} files"),
        )
    ]
    notes += [_("read as: {read}", read=read) for read in receipt.read_as]
    for code, count in sorted(receipt.languages_unchecked.items()):
        notes.append(
            counted(
                count,
                "{count} passage in {language} was searched by words only",
                "{count} passages in {language} were searched by words only",
                language=named(code),
            )
        )
    if receipt.unread:
        notes.append(counted(len(receipt.unread), "{count} file could not be read", "{count} files could not be read"))
    if receipt.waiting:
        notes.append(
            counted(len(receipt.waiting), "{count} file waiting to be taken in", "{count} files waiting to be taken in")
        )
    if receipt.undated_left_out:
        notes.append(_("{count} without a date left out", count=receipt.undated_left_out))
    notes += [
        counted(
            count,
            "{count} that says no {condition} left out",
            "{count} that say no {condition} left out",
            condition=_(CONDITION_NAMES[name]),
        )
        for name, count in receipt.unsaid_left_out.items()
    ]
    return notes
