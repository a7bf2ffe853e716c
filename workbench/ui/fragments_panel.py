"""Fragments of the statement, in the right column of Check: words judged apart, each with its rating and what it rests on."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from workbench.models import Case, Draft, FragmentRating
from workbench.ratings import label_of
from workbench.tongue import _, counted
from workbench.ui import session, show, stances
from workbench.ui.kept_fields import KeptFields
from workbench.ui.show import tag

if TYPE_CHECKING:
    from workbench.desk import Desk


def draw(desk: Desk, case: Case, draft: Draft, fields: KeptFields) -> None:
    """The fragments of the draft, those the claim file suggests, and a field for the words of another one."""
    count = counted(len(draft.fragments), "{count} fragment", "{count} fragments") if draft.fragments else _("none")
    with st.expander(_("Parts judged apart: {count}", count=count), type="compact", key=f"fragments-{draft.token}"):
        for one in draft.fragments:
            _fragment(desk, draft, one, fields)
        for part in case.claim.fragments:
            found = case.claim.statement[part.start : part.end]
            if all(one.words != found for one in draft.fragments):
                label = _(
                    "Suggested: {found}{note}",
                    found=show.literal(found),
                    note=f" ({show.literal(part.note)})" if part.note else "",
                )
                add = partial(stances.judge_apart, desk, draft, found)
                st.button(label, key=f"suggested-{part.start}-{part.end}", type="tertiary", on_click=session.act, args=(add,))
        key = f"fragment-{draft.token}"
        st.text_input(
            _("Words of the statement"), key=key, help=_("Select them in the statement, or type them as they stand there.")
        )
        st.button(_("Judge them apart"), key="judge-apart", on_click=session.act, args=(partial(_add, desk, draft, key),))


def _add(desk: Desk, draft: Draft, key: str) -> None:
    stances.judge_apart(desk, draft, st.session_state.get(key) or "")
    st.session_state[key] = ""


def _fragment(desk: Desk, draft: Draft, one: FragmentRating, fields: KeptFields) -> None:
    """One fragment: its words, its rating, and which of the cited passages the rating rests on."""
    in_force = desk.settings.review.rating_scale
    scale = {rating.slug: label_of(rating) for rating in in_force.ratings if not rating.own_words}
    with st.container(horizontal=True, gap="xsmall"):
        show.draw(tag("p", "words", one.words, dir="auto"))
        gone = partial(_change, desk, draft, one.words, None)
        st.button(_("Take out"), key=f"unjudge-{one.words}", type="tertiary", on_click=session.act, args=(gone,))
    told, cited = stances.told(desk, draft), {cite.passage_id for cite in draft.cites}
    kept: dict[str, Any] = {
        "rating": one.rating if one.rating in scale else None,
        "passage_ids": [found for found in one.passage_ids if found in cited],
    }
    names = {field: f"fragment-{field}-{one.words}" for field in kept}
    keys = {field: fields.key(name, kept[field]) for field, name in names.items()}
    if (resting := keys["passage_ids"]) in st.session_state:  # without what was taken out of the citations since
        st.session_state[resting] = [found for found in st.session_state[resting] if found in cited]
    st.selectbox(
        _("Its rating"),
        list(scale),
        index=list(scale).index(kept["rating"]) if kept["rating"] else None,
        format_func=lambda slug: show.literal(scale[slug]),
        key=keys["rating"],
    )
    st.multiselect(
        _("It rests on"),
        list(told),
        default=kept["passage_ids"],
        format_func=told.__getitem__,
        key=resting,
        placeholder=_("Of the passages cited above"),
    )
    written = {field: fields.value(name) for field, name in names.items() if fields.written(name, kept[field])}
    for field, value in written.items():
        fields.saw(names[field], value)
    if written:
        said = {field: tuple(value) if isinstance(value, list) else value for field, value in written.items()}
        _change(desk, draft, one.words, said)
        st.rerun()


def _change(desk: Desk, draft: Draft, found: str, changed: dict[str, Any] | None) -> None:
    """Change what the draft says of a fragment as it is stored now; None takes it out."""

    def change(now: Draft) -> Draft:
        kept = [one if one.words != found else one.model_copy(update=changed or {}) for one in now.fragments]
        fragments = tuple(one for one in kept if changed is not None or one.words != found)
        return now.model_copy(update={"fragments": fragments})

    desk.change_draft(draft, change)
