"""Citing on a page: the stance buttons of a passage, and the bar that cites exactly the words somebody selected."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import streamlit as st
from pydantic import Field

from workbench.errors import UnknownId
from workbench.fragments import with_fragment
from workbench.models import MAX_STATEMENT, Case, Cite, Draft, Mark, Passage, Record, Span, Stance
from workbench.models.record import Offset
from workbench.tongue import N_, _
from workbench.ui import keys, session, show, steps, undo, words
from workbench.ui.show import Safe, tag

if TYPE_CHECKING:
    from workbench.desk import Desk

STANCES: tuple[Stance, ...] = ("supports", "refutes", "context")  # in the order of their buttons
NOT_RELEVANT: Literal["not-relevant"] = "not-relevant"
Judgement = Stance | Literal["not-relevant"]
SELECTED = "selected-words"
STATEMENT = "statement"  # what the bar calls the statement of the claim, in place of a source
GONE = N_("This passage is no longer in the library; take it out to save.")
NOBODY = N_("Say who you are at the top of the page to cite words you select.")


class Selected(Record):
    """What the bar sends: where the words stand, as far as the browser can tell, and what was pressed."""

    source: str
    start: Offset
    end: Offset
    words: str = Field(max_length=100_000)
    action: Literal["supports", "refutes", "context", "look"]


class SelectedFragment(Record):
    """What the bar sends of words of the statement; where they stand is looked up again."""

    source: Literal["statement"]
    start: Offset
    end: Offset
    words: str = Field(max_length=MAX_STATEMENT)
    action: Literal["judge"]


def of(draft: Draft | None, passage_id: str) -> Stance | None:
    """The stance a draft cites these very words with; None where it does not."""
    return next((cite.stance for cite in draft.cites if cite.passage_id == passage_id), None) if draft else None


def told(desk: Desk, draft: Draft) -> dict[str, str]:
    """Each citation of a draft in a line, by its id: the stance and how the words begin, to be chosen from a list."""
    quoted = {found.passage_id: found.quote for found in desk.citing.at_hand(draft.cites, desk.case(draft.claim_id).claim)}
    lines = {}
    for cite in draft.cites:
        text = " ".join(quoted.get(cite.passage_id, GONE).split())
        text = text if len(text) <= 60 else f"{text[:57].rstrip()} …"
        lines[cite.passage_id] = f"{words.STANCE[cite.stance]}: {show.literal(text)}"
    return lines


def inside(draft: Draft | None, source_id: str, start: int, end: int) -> list[Cite]:
    """What a draft cites of a stretch of a source, not counting the whole stretch itself; in the order it was cited."""
    if draft is None:
        return []
    found = []
    for cite in draft.cites:
        source, _, place = cite.passage_id.partition("-")
        first, _, last = place.partition("-")
        within = first.isdecimal() and last.isdecimal() and start <= int(first) and int(last) <= end
        if source_id.startswith(source) and within and (int(first), int(last)) != (start, end):
            found.append(cite)
    return found


def cited_words(desk: Desk, cites: list[Cite]) -> Safe:
    """The words cited from a passage, each with its stance."""
    lines = []
    for cite in cites:
        stance = tag("span", "stance", f"{words.STANCE[cite.stance]}: ")
        try:
            lines.append(tag("p", "quiet", stance, f"“{desk.passage(cite.passage_id).text}”", dir="auto"))
        except UnknownId:  # the file was read otherwise since
            lines.append(tag("p", "quiet", stance, GONE))
    return tag("div", "", *lines)


def buttons(desk: Desk, draft: Draft, passage_id: str, *, is_marked: bool | None = None) -> None:
    """The stance buttons of a passage, or of words. is_marked: whether it is marked not relevant; None: it cannot be."""
    stance = of(draft, passage_id)

    def button(label: str, action: keys.Action, then: Judgement | None) -> None:
        # What the button does is fixed when it is drawn: a press that arrives twice does not take back what it just set.
        kind: Literal["primary", "secondary"] = "primary" if then is None else "secondary"
        hint = _("Press again to take it back") if then is None else None
        # The key names the passage: a key pressed before the next one is drawn judges the one that is on the screen.
        name = f"stance-{action}-{passage_id}"
        press = partial(judge, desk, draft, passage_id, then)
        st.button(label, key=name, shortcut=keys.of(action), type=kind, help=hint, on_click=session.act, args=(press,))

    for wanted in STANCES:
        button(words.STANCE[wanted], wanted, None if stance == wanted else wanted)
    if is_marked is not None:
        button(_("Not relevant"), "not_relevant", None if is_marked else NOT_RELEVANT)


def judge(desk: Desk, draft: Draft, passage_id: str, judgement: Judgement | None) -> None:
    """Cite a passage in the draft, mark it not relevant, or take either back; it can be undone."""
    cites = desk.draft(draft.claim_id, draft.reviewer).cites
    cite = next((one for one in cites if one.passage_id == passage_id), None)
    marks = desk.case(draft.claim_id).marks
    mark = next((one for owner, one in marks if owner == draft.reviewer and one.passage_id == passage_id), None)

    def back() -> None:
        take(desk, draft, passage_id, None)
        if cite is not None:
            desk.change_draft(draft, lambda now: now.model_copy(update={"cites": (*now.cites, cite)}))
        if mark is not None:
            desk.mark(draft.claim_id, draft.reviewer, mark)

    if judgement == NOT_RELEVANT:
        _not_relevant(desk, draft, passage_id)
    else:
        take(desk, draft, passage_id, judgement)
    undo.remember(draft, _told(judgement), back)


def _told(judgement: Judgement | None) -> str:
    if judgement is None:
        return _("taking a citation or mark back")
    return _("not relevant") if judgement == NOT_RELEVANT else _("cited, {stance}", stance=words.STANCE[judgement].lower())


def reason(desk: Desk, case: Case, draft: Draft, passage_id: str) -> None:
    """A field for why a passage is not relevant; what is typed is kept with the verdict."""
    mark = next((mark for owner, mark in case.marks if owner == draft.reviewer and mark.passage_id == passage_id), None)
    if mark is None:
        return
    key = f"why-not-{passage_id}"
    if key not in st.session_state:
        st.session_state[key] = mark.reason or ""

    def keep() -> None:
        said = (st.session_state.get(key) or "").strip() or None
        if said != mark.reason:
            desk.mark(case.claim.id, draft.reviewer, mark.model_copy(update={"reason": said}))

    told = _("Kept with the verdict, for colleagues")
    st.text_input(_("Why it is not relevant"), key=key, max_chars=500, placeholder=told, on_change=session.act, args=(keep,))


def selection(desk: Desk, draft: Draft | None, *, can_look: bool = False) -> None:
    """The bar under words somebody selects on this page: cite exactly these; of the statement: judge these apart.

    can_look: also offer to open them here.

    Without a draft nothing can be cited: the bar says why, or only offers to look.
    """
    actions: list[tuple[str, str]] = [(stance, words.STANCE[stance]) for stance in words.STANCE] if draft else []
    if can_look:
        actions.append(("look", _("Mark them here")))
    note = _("Cite these words:") if draft else "" if can_look else _(NOBODY)
    apart = [("judge", _("Judge them apart"))] if draft else []
    groups = {"": (note, actions), STATEMENT: (_("These words of the statement:") if draft else "", apart)}
    show.selection_bar(SELECTED, groups, on_chosen=partial(session.act, partial(_chosen, desk, draft, can_look)))


def show_passage(passage: Passage) -> None:
    """Make a passage, or words, what the page is opened at."""
    st.query_params.pop("at", None)
    steps.go("passage", passage.passage_id)


# These run as callbacks, which Streamlit may stop at any `st.` line when the next change arrives: they have none that draws.


def _chosen(desk: Desk, draft: Draft | None, can_look: bool) -> None:
    held: Any = st.session_state.get(SELECTED)
    sent = held.get("chosen") if isinstance(held, Mapping) else None
    if isinstance(sent, Mapping) and sent.get("source") == STATEMENT:
        if draft is not None:
            judge_apart(desk, draft, SelectedFragment.model_validate(sent).words)
    elif sent is not None:
        passage = cite_sent(desk, draft, sent)
        if can_look:
            show_passage(passage)


def cite_sent(desk: Desk, draft: Draft | None, sent: Any) -> Passage:
    """The words a browser says were selected, cited with the stance that was pressed.

    Raises: ValidationError for what no bar of ours sends, UnknownId, Refused where other words stand there.
    """
    selected = Selected.model_validate(sent)
    span = Span(start=selected.start, end=selected.end)
    passage = desk.citing.selected(selected.source, span, selected.words)
    if draft is not None and selected.action != "look":
        judge(desk, draft, passage.passage_id, selected.action)
        shown = passage.text if len(passage.text) <= 120 else f"{passage.text[:110].rstrip()} …"
        session.say(
            _("Cited, {stance}: “{shown}”", stance=words.STANCE[selected.action].lower(), shown=" ".join(shown.split()))
        )
    return passage


def judge_apart(desk: Desk, draft: Draft, found: str) -> None:
    """Judge words of the statement apart in the draft. Raises: Refused where they are not there exactly once."""
    statement = desk.case(draft.claim_id).claim.statement

    before = desk.draft(draft.claim_id, draft.reviewer).fragments

    def change(now: Draft) -> Draft:
        return now.model_copy(update={"fragments": with_fragment(now.fragments, found, statement)})

    def back() -> None:
        known = {one.words for one in before}
        desk.change_draft(
            draft,
            lambda now: now.model_copy(update={"fragments": tuple(one for one in now.fragments if one.words in known)}),
        )

    desk.change_draft(draft, change)
    undo.remember(draft, _("judging “{found}” apart", found=found), back)


def take(desk: Desk, draft: Draft, passage_id: str, stance: Stance | None) -> None:
    """Cite a passage in the draft with that stance; None takes the citation back."""

    def change(now: Draft) -> Draft:
        before = next((cite for cite in now.cites if cite.passage_id == passage_id), None)
        others = tuple(cite for cite in now.cites if cite.passage_id != passage_id)
        if stance is None:
            return now.model_copy(update={"cites": others})
        now_given = {"stance": stance, "policy_hash": desk.settings.review.policy_hash}
        cite = (before or Cite(passage_id=passage_id, stance=stance)).model_copy(update=now_given)
        return now.model_copy(update={"cites": (*others, cite)})

    desk.change_draft(draft, change)
    marks = desk.case(draft.claim_id).marks
    if any(owner == draft.reviewer and mark.passage_id == passage_id for owner, mark in marks):
        _clear_mark(desk, draft, passage_id)


def _not_relevant(desk: Desk, draft: Draft, passage_id: str) -> None:
    if of(draft, passage_id):
        take(desk, draft, passage_id, None)
    desk.mark(draft.claim_id, draft.reviewer, Mark(passage_id=passage_id, judgement="not-relevant"))


def _clear_mark(desk: Desk, draft: Draft, passage_id: str) -> None:
    desk.clear_mark(draft.claim_id, draft.reviewer, passage_id)
