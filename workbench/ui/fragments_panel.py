"""Fragments of the statement, in the right column of Check: words judged apart, each with its rating and what it rests on."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from workbench.models import Case, Draft, FragmentRating
from workbench.ui import session, show, stances, words
from workbench.ui.show import tag

if TYPE_CHECKING:
    from workbench.desk import Desk


def draw(desk: Desk, case: Case, draft: Draft) -> None:
    """The fragments of the draft, those the claim file suggests, and a field for the words of another one."""
    count = words.counted(len(draft.fragments), "fragment") if draft.fragments else "none"
    with st.expander(f"Parts judged apart: {count}", type="compact", key=f"fragments-{draft.token}"):
        for one in draft.fragments:
            _fragment(desk, draft, one)
        for part in case.claim.fragments:
            found = case.claim.statement[part.start : part.end]
            if all(one.words != found for one in draft.fragments):
                label = f"Suggested: {show.literal(found)}{f' ({show.literal(part.note)})' if part.note else ''}"
                add = partial(stances.judge_apart, desk, draft, found)
                st.button(label, key=f"suggested-{part.start}-{part.end}", type="tertiary", on_click=session.act, args=(add,))
        key = f"fragment-{draft.token}"
        st.text_input("Words of the statement", key=key, help="Select them in the statement, or type them as they stand there.")
        st.button("Judge them apart", key="judge-apart", on_click=session.act, args=(partial(_add, desk, draft, key),))


def _add(desk: Desk, draft: Draft, key: str) -> None:
    stances.judge_apart(desk, draft, st.session_state.get(key) or "")
    st.session_state[key] = ""


def _fragment(desk: Desk, draft: Draft, one: FragmentRating) -> None:
    """One fragment. As in the fields of the draft, each drawing keeps what differs from what this browser last saw."""
    scale = {rating.slug: rating.label for rating in desk.settings.review.rating_scale.ratings if not rating.own_words}
    with st.container(horizontal=True, gap="xsmall"):
        show.draw(tag("p", "words", one.words, dir="auto"))
        gone = partial(_change, desk, draft, one.words, None)
        st.button("Take out", key=f"unjudge-{one.words}", type="tertiary", on_click=session.act, args=(gone,))
    rating_key, resting_key = (f"{field}-{draft.token}-{one.words}" for field in ("fragment-rating", "fragment-resting"))
    cited = {cite.passage_id for cite in draft.cites}
    _begin(rating_key, one.rating if one.rating in scale else None)
    _begin(resting_key, list(one.passage_ids))
    st.session_state[resting_key] = [found for found in st.session_state[resting_key] if found in cited]
    rating = st.selectbox(
        "Its rating", list(scale), index=None, format_func=lambda slug: show.literal(scale[slug]), key=rating_key
    )
    told = stances.told(desk, draft)
    resting = st.multiselect(
        "It rests on", list(told), format_func=told.__getitem__, key=resting_key, placeholder="Of the passages cited above"
    )
    changed = {
        name: value
        for key, name, value in ((rating_key, "rating", rating), (resting_key, "passage_ids", tuple(resting)))
        if _differs(key, value)
    }
    if changed:
        _change(desk, draft, one.words, changed)
        st.rerun()


def _begin(key: str, value: Any) -> None:
    if key not in st.session_state:
        st.session_state[key] = st.session_state[f"seen-{key}"] = value


def _differs(key: str, value: Any) -> bool:
    """Whether this browser's value is another than it last saw; it has seen this one then."""
    value = list(value) if isinstance(value, tuple) else value
    differs = bool(value != st.session_state[f"seen-{key}"])
    st.session_state[f"seen-{key}"] = value
    return differs


def _change(desk: Desk, draft: Draft, found: str, changed: dict[str, Any] | None) -> None:
    """Change what the draft says of a fragment as it is stored now; None takes it out."""

    def change(now: Draft) -> Draft:
        kept = [one if one.words != found else one.model_copy(update=changed or {}) for one in now.fragments]
        fragments = tuple(one for one in kept if changed is not None or one.words != found)
        return now.model_copy(update={"fragments": fragments})

    desk.change_draft(draft, change)
