"""What a draft cites, in the right column of Check: the words, whose they are, and who knows them as the reviewer names it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from workbench.errors import UnknownId
from workbench.models import Case, Citation, Cite, Draft
from workbench.origins import origins_of
from workbench.tongue import _, counted
from workbench.ui import session, show, stances, words
from workbench.ui.kept_fields import KeptFields
from workbench.ui.show import Safe, tag

if TYPE_CHECKING:
    from workbench.desk import Desk


def draw(desk: Desk, case: Case, draft: Draft, fields: KeptFields) -> None:
    """The citations of the draft, how many origins stand behind them, and a field for each origin."""
    counts = [
        f"{number} {words.STANCE[stance].lower()}"
        for stance in words.STANCE
        if (number := sum(cite.stance == stance for cite in draft.cites))
    ]
    if not counts:
        show.small(_("Cited: nothing yet. Mark a passage, or select words and cite exactly these."))
        return
    policy = desk.settings.review.policy
    citations = desk.citing.at_hand(draft.cites, case.claim)
    origins = origins_of(citations)
    known_by = counted(len(origins), "{count} origin", "{count} origins")
    behind = f" · {known_by}" if len(draft.cites) > 1 else ""
    known = {one.passage_id: one for one in citations}
    with st.expander(_("Cited: {counts}{behind}", counts=", ".join(counts), behind=behind), type="compact"):
        for hint in origins.hints:
            show.small(hint)
        for cite in draft.cites:
            citation = known.get(cite.passage_id)
            with st.container(horizontal=True, gap="xsmall"):
                show.draw(*_lines(cite, citation, repeats_count=policy.repeats_count))
                st.button(
                    _("Take out"),
                    key=f"uncite-{cite.passage_id}",
                    type="tertiary",
                    on_click=session.act,
                    args=(lambda gone=cite.passage_id: _uncite(desk, draft, gone),),
                )
            _origin(desk, case, draft, cite, fields)
            if len(draft.cites) > 1:
                _group(desk, draft, cite, fields)


def _lines(cite: Cite, citation: Citation | None, *, repeats_count: bool) -> list[Safe]:
    stance = tag("p", "quiet stance", words.STANCE[cite.stance])
    if citation is None:
        return [stance, tag("p", "words", stances.GONE)]
    text = citation.quote
    lines = [stance, tag("p", "words", text if len(text) < 160 else f"{text[:150].rstrip()} …", dir="auto")]
    whose = citation.attributed_to
    if citation.only_repeats:
        told = (
            _("Repeats the claim, in the words of {whose}: no origin.", whose=whose)
            if repeats_count
            else _("Repeats the claim, in the words of {whose}: no origin and not citation enough.", whose=whose)
        )
        lines.append(tag("p", "quiet", told, dir="auto"))
    elif citation.repeats_claim:
        lines.append(tag("p", "quiet", _("Repeats the claim, in the words of {whose}.", whose=whose), dir="auto"))
    elif whose:
        lines.append(tag("p", "quiet", _("Attributed there to {whose}.", whose=whose), dir="auto"))
    if citation.url and not citation.archived_url:
        lines.append(tag("p", "quiet", _("A page of the web, and no archived copy is named: it may change.")))
    if citation.by_claimant:
        lines.append(tag("p", "quiet", _("Published by the claimant.")))
    return lines


def _origin(desk: Desk, case: Case, draft: Draft, cite: Cite, fields: KeptFields) -> None:
    """Who knows what the passage says, as the reviewer names it; what the text suggests is taken over by a click only."""
    name, kept = f"origin-{cite.passage_id}", cite.origin or ""
    key = fields.key(name, kept)
    typed = st.text_input(_("Who knows it"), kept, key=key, placeholder="AAPP, via VOA", max_chars=200)
    named = (typed or "").strip() or None
    if fields.written(name, kept):
        fields.saw(name, typed)
        _name_origin(desk, draft, cite, named)
        st.rerun()
    if named is None:
        _suggestion(desk, case, cite, key)


def _suggestion(desk: Desk, case: Case, cite: Cite, key: str) -> None:
    try:
        suggested = desk.citing.suggested_origin(cite, case.claim)
    except UnknownId:
        return
    if suggested is None:
        return

    def take_over() -> None:  # the field holds it now, and the next drawing keeps it as if it had been typed
        st.session_state[key] = suggested[:200]

    label = _("The text suggests: {suggested}", suggested=show.literal(suggested))
    st.button(label, key=f"suggested-{key}", type="tertiary", help=_("Take it over"), on_click=take_over)


def _group(desk: Desk, draft: Draft, cite: Cite, fields: KeptFields) -> None:
    """Whether the passage counts by itself, or only together with those of a group."""
    name = f"group-{cite.passage_id}"
    groups = [None, *range(1, max(len(draft.cites) // 2, cite.group or 0) + 1)]

    def told(group: int | None) -> str:
        return _("By itself") if group is None else _("Only together with group {group}", group=group)

    key = fields.key(name, cite.group)
    chosen = st.selectbox(_("It counts"), groups, index=groups.index(cite.group), format_func=told, key=key)
    if fields.written(name, cite.group):
        fields.saw(name, chosen)
        _change_cite(desk, draft, cite, {"group": chosen})
        st.rerun()


def _name_origin(desk: Desk, draft: Draft, cite: Cite, named: str | None) -> None:
    _change_cite(desk, draft, cite, {"origin": named})


def _change_cite(desk: Desk, draft: Draft, cite: Cite, said: dict[str, Any]) -> None:
    def change(now: Draft) -> Draft:
        cites = [one.model_copy(update=said) if one.passage_id == cite.passage_id else one for one in now.cites]
        return now.model_copy(update={"cites": tuple(cites)})

    desk.change_draft(draft, change)


def _uncite(desk: Desk, draft: Draft, passage_id: str) -> None:
    def change(now: Draft) -> Draft:
        return now.model_copy(update={"cites": tuple(one for one in now.cites if one.passage_id != passage_id)})

    desk.change_draft(draft, change)
