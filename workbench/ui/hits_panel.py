"""The middle column of Check: the search, its receipt in words, and the passages with their stances."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Literal

import streamlit as st

from workbench.models import Case, Cite, Draft, Hit, Mark, SearchReceipt, SearchResult, Stance
from workbench.ui import filters_panel, session, show, words
from workbench.ui.show import Safe, tag

if TYPE_CHECKING:
    from workbench.desk import Desk

KEYS: dict[str, Stance] = {"1": "supports", "2": "refutes", "3": "context"}
MORE = 10  # passages added by one press of "Show more"
MOST = 100


def draw(desk: Desk, case: Case) -> SearchReceipt | None:
    """Draw the search and its hits; gives back the receipt of what was shown, None where nothing could be searched."""
    claim_id = case.claim.id
    text, mode, filters = filters_panel.draw(desk, case)
    ready, why = desk.readiness()
    if not ready:
        mode = "lexical"
        _wait(desk, why)
    k = int(st.session_state.setdefault(f"k-{claim_id}", desk.settings.search.k))
    result = desk.find(text, k=k, mode=mode, filters=filters)
    if not result.hits:
        _nothing(desk, result)
        return result.receipt
    at = _current(result.hits)
    _receipt_line(result, claim_id, at)
    who = session.reviewer()
    draft = session.draft(desk, claim_id, who) if who else None
    marked = {mark.passage_id for owner, mark in case.marks if owner == who and mark.judgement == "not-relevant"}
    for place, hit in enumerate(result.hits):
        if place == at:
            _current_hit(desk, claim_id, hit, result, draft=draft, is_marked=hit.passage_id in marked)
        else:
            _other_hit(hit, draft=draft, is_marked=hit.passage_id in marked)
    if len(result.hits) == k < MOST:
        st.button("Show more passages", key="more", type="tertiary", on_click=_more, args=(claim_id, min(k + MORE, MOST)))
    return result.receipt


@st.fragment(run_every=2)
def _wait(desk: Desk, why: str) -> None:
    """Say that only words are searched for now, and draw the page afresh when that changes."""
    if desk.readiness()[0]:
        st.rerun()
    show.notice(
        f"These passages were found by their words only: {why.rstrip('.')}.", "The list refreshes by itself when that changes."
    )


def _more(claim_id: str, k: int) -> None:
    st.session_state[f"k-{claim_id}"] = k


def _nothing(desk: Desk, result: SearchResult) -> None:
    if not desk.library():
        show.empty("No evidence has been taken in yet.", "Add files, and their passages appear here.")
    else:
        show.empty("No passage bears on this claim yet.", "Add evidence, or widen the search.")
    st.page_link("views/evidence.py", label="Go to the evidence")


# --- which passage is current ------------------------------------------------------------------------------------------


def _current(hits: tuple[Hit, ...]) -> int:
    """The place in the list of the passage the address names; the first where it names none of them."""
    wanted = st.query_params.get("passage")
    return next((place for place, hit in enumerate(hits) if hit.passage_id == wanted), 0)


def _go_to(passage_id: str) -> None:
    st.query_params["passage"] = passage_id
    st.session_state["scroll"] = True


def _receipt_line(result: SearchResult, claim_id: str, at: int) -> None:
    receipt, hits = result.receipt, result.hits
    searched = f"{words.counted(receipt.passages_searched, 'passage')} in {words.counted(receipt.sources_searched, 'file')}"
    notes = [f"{len(hits):,} of {searched}"]
    if receipt.unread:
        notes.append(f"{words.counted(len(receipt.unread), 'file')} could not be read")
    if receipt.waiting:
        notes.append(f"{words.counted(len(receipt.waiting), 'file')} waiting to be taken in")
    if receipt.undated_left_out:
        notes.append(f"{receipt.undated_left_out:,} without a date left out")
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", gap="xxsmall", key="receipt-line"
    ):
        show.draw(tag("p", "quiet", " · ".join(notes)), width="content")
        with st.container(horizontal=True, gap="xsmall", width="content"):
            for label, key, to in (("Next", "j", at + 1), ("Previous", "k", at - 1)):
                inside = 0 <= to < len(hits)
                target = hits[to].passage_id if inside else ""
                st.button(
                    label, key=f"go-{key}", shortcut=key, type="tertiary", disabled=not inside, on_click=_go_to, args=(target,)
                )
    for warning in receipt.warnings:
        show.small(warning)
    wanted = st.query_params.get("passage")
    if wanted and wanted not in {hit.passage_id for hit in hits}:
        show.small("The passage of this address is not among these. Show more passages, or open its document.")


# --- one passage ----------------------------------------------------------------------------------------------------------


def where(hit: Hit) -> Safe:
    """Publisher, date and page of a hit, and the badge of what is not an original."""
    parts: list[str | Safe] = []
    if hit.kind == "digest":
        parts.append(tag("span", "badge", words.KIND["digest"]))
        if hit.reports_on:
            parts.append(tag("span", "", f"reports on {hit.reports_on.body}", dir="auto"))
    elif hit.kind:
        parts.append(tag("span", "", words.KIND[hit.kind]))
    facts = [hit.publisher, words.known_date(hit.published_on) or "date unknown", words.page(hit.page)]
    parts += [tag("span", "", fact, dir="auto") for fact in facts if fact]
    return tag("p", "where", *parts)


def _seen(hit: Hit) -> list[Safe]:
    """What the lens saw that a reader must not overlook, differences first; its silences stand under "Why is this here"."""
    told = [one for relation in ("differs", "agrees") for one in hit.lens if one.relation == relation]
    lines = [
        tag("span", f"lens {one.relation}", f"{words.LENS_SIGN[one.relation]} {one.relation}: {one.detail}", dir="auto")
        for one in told
    ]
    return [tag("p", "findings", *lines)] if lines else []


def _stance_of(draft: Draft | None, passage_id: str) -> Stance | None:
    return next((cite.stance for cite in draft.cites if cite.passage_id == passage_id), None) if draft else None


def _other_hit(hit: Hit, *, draft: Draft | None, is_marked: bool) -> None:
    stance = _stance_of(draft, hit.passage_id)
    with st.container(key=f"hit-{hit.passage_id}", gap=None):
        label = f"{hit.rank}  {show.literal(hit.title)}"
        st.button(label, key=f"open-{hit.passage_id}", type="tertiary", wrap=True, on_click=_go_to, args=(hit.passage_id,))
        parts = [where(hit)]
        if is_marked:
            parts.append(tag("p", "quiet", "Not relevant"))
        else:
            parts += [tag("p", "passage", show.marked(hit.text, hit.matched), dir="auto"), *_seen(hit)]
        if stance:
            parts.append(tag("p", "quiet stance", f"Cited: {words.STANCE[stance].lower()}"))
        show.draw(*parts)


def _current_hit(desk: Desk, claim_id: str, hit: Hit, result: SearchResult, *, draft: Draft | None, is_marked: bool) -> None:
    stance = _stance_of(draft, hit.passage_id)
    with st.container(key="hit-current", gap="xsmall"):
        title = tag("p", "hit-title", tag("strong", "", f"{hit.rank}  {hit.title}", dir="auto"))
        text = tag("p", "passage", show.marked(hit.text, hit.matched), dir="auto")
        show.draw(
            tag(
                "div",
                "",
                title,
                where(hit),
                text,
                *_seen(hit),
                id="current-passage",
                role="group",
                aria_label="Current passage",
            )
        )
        if st.session_state.pop("scroll", False):
            show.scroll_to("current-passage", token=hit.passage_id)
        with st.container(horizontal=True, gap="xsmall"):
            if draft is not None:
                _stance_buttons(desk, draft, hit.passage_id, stance=stance, is_marked=is_marked)
            if st.button("Open", key="open-document", shortcut="o", help="Open this passage in its document"):
                link = {"source": hit.source_id[:16], "passage": hit.passage_id, "claim": claim_id}
                st.switch_page("views/document.py", query_params=link)
        if draft is None:
            show.small("Say who you are at the top of the page to mark passages and record a verdict.")
        with st.expander("Why is this here", type="compact"):
            show.draw(why(hit, result.receipt))


def _stance_buttons(desk: Desk, draft: Draft, passage_id: str, *, stance: Stance | None, is_marked: bool) -> None:
    def button(label: str, key: str, chosen: bool, action: Callable[[], None]) -> None:
        kind: Literal["primary", "secondary"] = "primary" if chosen else "secondary"
        hint = "Press again to take it back" if chosen else None
        # The key names the passage: a key pressed before the next one is drawn judges the one that is on the screen.
        name = f"stance-{key}-{passage_id}"
        st.button(label, key=name, shortcut=key, type=kind, help=hint, on_click=session.act, args=(action,))

    for key, wanted in KEYS.items():
        # What the button does is fixed when it is drawn: a press that arrives twice does not take back what it just set.
        then = None if stance == wanted else wanted
        button(words.STANCE[wanted], key, stance == wanted, partial(take_stance, desk, draft, passage_id, then))
    toggle = partial(_clear_mark, desk, draft, passage_id) if is_marked else partial(_not_relevant, desk, draft, passage_id)
    button("Not relevant", "4", is_marked, toggle)


# These run as callbacks, which Streamlit may stop at any `st.` line when the next change arrives: they have none.


def take_stance(desk: Desk, draft: Draft, passage_id: str, stance: Stance | None) -> None:
    """Cite a passage in the draft with that stance; None takes the citation back."""

    def change(now: Draft) -> Draft:
        others = tuple(cite for cite in now.cites if cite.passage_id != passage_id)
        cites = others if stance is None else (*others, Cite(passage_id=passage_id, stance=stance))
        return now.model_copy(update={"cites": cites})

    desk.change_draft(draft, change)
    marks = desk.case(draft.claim_id).marks
    if any(owner == draft.reviewer and mark.passage_id == passage_id for owner, mark in marks):
        _clear_mark(desk, draft, passage_id)


def _not_relevant(desk: Desk, draft: Draft, passage_id: str) -> None:
    if _stance_of(draft, passage_id):
        take_stance(desk, draft, passage_id, None)
    desk.mark(draft.claim_id, draft.reviewer, Mark(passage_id=passage_id, judgement="not-relevant"))


def _clear_mark(desk: Desk, draft: Draft, passage_id: str) -> None:
    desk.clear_mark(draft.claim_id, draft.reviewer, passage_id)


def why(hit: Hit, receipt: SearchReceipt) -> Safe:
    """What put the passage at its rank, in words first, then in figures."""
    of_all = words.counted(receipt.passages_searched, "passage")
    lines = [f"Rank {hit.rank} of {of_all}, with a score of {hit.score:.3f}."]
    if hit.dense_rank:
        near = f", cosine {hit.cosine:.3f}" if hit.cosine is not None else ""
        lines.append(f"By meaning: number {hit.dense_rank:,}{near}.")
    else:
        lines.append("By meaning: not among the nearest, or not looked at.")
    if hit.lexical_rank:
        score = f", BM25 {hit.bm25:.2f}" if hit.bm25 is not None else ""
        lines.append(f"By words: number {hit.lexical_rank:,}{score}. Words in common are underlined.")
    else:
        lines.append("By words: nothing in common that counts, or not looked at.")
    if receipt.dense_weight is not None and receipt.mode == "hybrid":
        share = receipt.dense_weight
        lines.append(f"Score = {share:.2f} × cosine + {1 - share:.2f} × BM25 over the best BM25 of this search.")
    silent = [one.detail for one in hit.lens if one.relation == "not mentioned"]
    lines += [f"{words.LENS_SIGN['not mentioned']} not mentioned: {detail}" for detail in silent]
    facts = tag("p", "quiet", f"{hit.path} · passage {hit.passage_id}", dir="auto")
    return tag("div", "why", *(tag("p", "", line) for line in lines), facts)
