"""Questions of a check, in the right column of Check: what is to be found out, each with its answers and what they rest on."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from workbench.models import AnswerDraft, AnswerKind, Draft, QuestionDraft
from workbench.questions import UNANSWERABLE, YES_OR_NO, answered, asked_for
from workbench.tongue import N_, Words, _, counted
from workbench.ui import session, show, stances
from workbench.ui.show import tag

if TYPE_CHECKING:
    from workbench.desk import Desk

KIND: Words[AnswerKind] = Words(
    {
        "extractive": N_("Words of a source"),
        "abstractive": N_("My own words"),
        "boolean": N_("Yes or no"),
        "unanswerable": N_("Unanswerable"),
    }
)


def draw(desk: Desk, draft: Draft) -> None:
    """The questions of the draft with their answers, and a field for another one."""
    count = counted(len(draft.questions), "{count} question", "{count} questions") if draft.questions else _("none")
    with st.expander(_("Questions of the check: {count}", count=count), type="compact", key=f"questions-{draft.token}"):
        for one in draft.questions:
            _question(desk, draft, one)
        key = f"question-{draft.token}"
        st.text_input(_("What is to be found out"), key=key, placeholder=_("Was the vote counted twice?"))
        st.button(_("Ask it"), key="ask-question", on_click=session.act, args=(partial(_ask, desk, draft, key),))


def _question(desk: Desk, draft: Draft, one: QuestionDraft) -> None:
    with st.container(horizontal=True, gap="xsmall"):
        show.draw(tag("p", "", one.text, dir="auto"))
        gone = partial(_change, desk, draft, one.text, None)
        st.button(_("Take out"), key=f"unask-{one.text}", type="tertiary", on_click=session.act, args=(gone,))
    for number, answer in enumerate(one.answers):
        with st.container(horizontal=True, gap="xsmall"):
            show.draw(tag("p", "words" if answer.kind == "extractive" else "quiet", _told(answer), dir="auto"))
            left = tuple(other for at, other in enumerate(one.answers) if at != number)
            gone = partial(_change, desk, draft, one.text, left)
            st.button(_("Take out"), key=f"unanswer-{number}-{one.text}", type="tertiary", on_click=session.act, args=(gone,))
    _new_answer(desk, draft, one)


def _told(answer: AnswerDraft) -> str:
    text = (
        f"“{answer.text}”"
        if answer.kind == "extractive"
        else _(answer.text)
        if answer.kind == "boolean"
        else answer.text or _(UNANSWERABLE)
    )
    between = ": " if answer.kind == "boolean" else " "
    explained = f"{between}{answer.explanation}" if answer.explanation else ""
    passages = counted(len(answer.passage_ids), "{count} passage", "{count} passages")
    resting = "" if answer.kind == "unanswerable" else f" · {passages}"
    return f"{text}{explained}{resting}"


def _new_answer(desk: Desk, draft: Draft, one: QuestionDraft) -> None:
    """The fields of an answer: what they are hangs on its kind."""
    turn = f"{draft.token}-{len(one.answers)}-{one.text}"
    keys = {name: f"answer-{name}-{turn}" for name in ("kind", "text", "explanation", "resting")}
    kind = st.selectbox(
        _("Answer"), list(KIND), index=None, format_func=KIND.__getitem__, key=keys["kind"], placeholder=_("Choose")
    )
    if kind is None:
        return
    if kind == "boolean":
        st.segmented_control(_("Yes or no"), YES_OR_NO, format_func=_, key=keys["text"], label_visibility="collapsed")
    elif kind != "unanswerable":
        hint = _("Word for word as they stand in what is cited") if kind == "extractive" else None
        st.text_area(_("The answer"), key=keys["text"], height=68, help=hint)
    if kind != "unanswerable":
        told = stances.told(desk, draft)
        placeholder = _("Of the passages cited above")
        st.multiselect(_("It rests on"), list(told), format_func=told.__getitem__, key=keys["resting"], placeholder=placeholder)
    st.text_input(_("How it follows"), key=keys["explanation"])
    st.button(_("Add the answer"), key=f"add-{turn}", on_click=session.act, args=(partial(_add, desk, draft, one, keys),))


# These run as callbacks, which Streamlit may stop at any `st.` line when the next change arrives: they have none that draws.


def _ask(desk: Desk, draft: Draft, key: str) -> None:
    asked = QuestionDraft(text=(st.session_state.get(key) or "").strip() or " ")

    def change(now: Draft) -> Draft:
        known = any(one.text == asked.text for one in now.questions)
        return now if known else now.model_copy(update={"questions": (*now.questions, asked)})

    desk.change_draft(draft, change)
    st.session_state[key] = ""


def _add(desk: Desk, draft: Draft, one: QuestionDraft, keys: dict[str, str]) -> None:
    """Keep an answer once it is of its kind. Raises: Refused."""
    held = {name: st.session_state.get(key) for name, key in keys.items()}
    answer = AnswerDraft.model_validate(
        {
            "kind": held["kind"],
            "text": held["text"] or "",
            "explanation": held["explanation"] or None,
            "passage_ids": held["resting"] or (),
        }
    )
    citations = desk.citing.at_hand(draft.cites, desk.case(draft.claim_id).claim)
    (made,) = asked_for(answered([QuestionDraft(text=one.text, answers=(answer,))], citations))
    _change(desk, draft, one.text, (*one.answers, *made.answers))


def _change(desk: Desk, draft: Draft, text: str, answers: tuple[AnswerDraft, ...] | None) -> None:
    """Give a question of the draft as it is stored now these answers; None takes it out."""

    def change(now: Draft) -> Draft:
        kept = [one.model_copy(update={"answers": answers}) if one.text == text else one for one in now.questions]
        questions = tuple(one for one in kept if answers is not None or one.text != text)
        return now.model_copy(update={"questions": questions})

    desk.change_draft(draft, change)
