"""The right column of Check: the draft of a verdict, kept on every change, and what was recorded before."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from workbench import fragments, questions, roles
from workbench.errors import Conflict
from workbench.models import MAX_WORDING, Case, Draft, SearchReceipt, StoredVerdict, VerdictRequest
from workbench.ratings import GROUND_MEANING, GROUND_WORDING, definition_of, find_rating, label_of
from workbench.revisions import begun_from
from workbench.tongue import _, counted
from workbench.ui import (
    adjudication_panel,
    cited_panel,
    fragments_panel,
    gate,
    history_panel,
    impartiality_panel,
    keys,
    precedents_panel,
    publishing_panel,
    questions_panel,
    session,
    show,
    steps,
    undo,
    words,
)
from workbench.ui.kept_fields import KeptFields, draw_set_aside, set_aside
from workbench.ui.show import tag

if TYPE_CHECKING:
    from workbench.desk import Desk

CONFLICT = "conflict_of_the_last_save"


def draw(desk: Desk, case: Case, receipt: SearchReceipt | None) -> None:
    """Draw the review of whoever is here, then the history of everybody's.

    What comes and goes has a container of its own that stays: a field whose place on the page changes is made anew by the
    browser, and what somebody is typing into it at that moment would be gone.
    """
    with st.container(key="verdict-news", gap="xsmall"):
        session.shown_confirmation()
        session.shown_problem()
    who = session.reviewer()
    impartiality_panel.others(case, who)
    adjudication_panel.where_it_stands(case)
    if who is None:
        st.subheader(_("Verdict"), anchor=False)
        show.small(_("Say who you are at the top of the page to begin a review."))
    elif not session.may("verdict-recorded") and not session.may(roles.RULING) and who.display_name not in case.drafted_by:
        st.subheader(_("Verdict"), anchor=False)
        show.small(_("A verdict takes the role of a reviewer, which an admin can give you."))
    elif (recusal := impartiality_panel.recusal_of(case, who)) is not None:
        impartiality_panel.recused(desk, case, recusal)
    else:
        draft = session.draft(desk, case.claim.id, who)
        mine = next((one for one in reversed(case.verdicts) if one.reviewer == who and one.state == "current"), None)
        if mine is not None and who.display_name not in case.drafted_by:
            _decided(desk, case, mine)
        else:
            _form(desk, case, draft, receipt)
        impartiality_panel.offer(desk, case, who)
    with st.container(key="verdict-publishing", gap="xsmall"):
        publishing_panel.draw(desk, case)
    with st.container(key="verdict-history", gap="xsmall"):
        history_panel.draw(desk, case)


# --- after a verdict ------------------------------------------------------------------------------------------------------


def _decided(desk: Desk, case: Case, mine: StoredVerdict) -> None:
    scale = desk.settings.review.rating_scale
    label, colour = words.rating(mine.rating, mine.ground, scale), words.rating_colour(mine.rating, scale)
    st.subheader(_("Verdict"), anchor=False)
    told = _("Yours, revision {revision}, {when}.", revision=mine.revision, when=session.day_and_clock(mine.created_at))
    show.draw(tag("p", "", show.pill(label, colour)), tag("p", "quiet", told))
    with st.container(horizontal=True, gap="xsmall"):
        st.button(_("Revise it"), key="revise", on_click=session.act, args=(lambda: _revise(desk, case, mine),))
        if st.button(_("See the report"), key="to-report", type="primary"):
            st.switch_page("views/reports.py", query_params={"claim": case.claim.id})


def _revise(desk: Desk, case: Case, mine: StoredVerdict) -> None:
    """Begin the next revision from what the last one says."""
    draft = session.draft(desk, case.claim.id, mine.reviewer)
    desk.change_draft(draft, lambda now: begun_from(now, mine))


# --- the draft --------------------------------------------------------------------------------------------------------------


def _form(desk: Desk, case: Case, draft: Draft, receipt: SearchReceipt | None) -> None:
    fields, aside = _Fields(desk, draft), draft.set_aside
    with st.container(key="verdict-aside", gap="xsmall"):
        draw_set_aside(desk, draft, fields.kept_fields)
    gate.keep_before_leaving(fields.keep)
    with st.container(key="verdict-conflict", gap="xsmall"):
        _conflict(desk, case, draft)
    with st.container(key="verdict-rating", gap="xsmall"):
        fields.rating()
    with st.container(key="verdict-cited", gap="xsmall"):
        cited_panel.draw(desk, case, draft, fields.kept_fields)
    with st.container(key="verdict-fragments", gap="xsmall"):
        fragments_panel.draw(desk, case, draft, fields.kept_fields)
    with st.container(key="verdict-questions", gap="xsmall"):
        questions_panel.draw(desk, draft)
    fields.writing(is_published=case.live is not None)
    draft = fields.keep()
    with st.container(key="verdict-alarms", gap="xsmall"), session.calm():
        draft = precedents_panel.alarms(desk, draft, fields.kept_fields)
    if draft.set_aside != aside:
        st.rerun()
    fields.kept_fields.settle()
    with st.container(key="verdict-ruling", gap="xsmall"):
        ruling = adjudication_panel.between(desk, case, draft.reviewer)
    checklist = desk.policy_checklist(draft)
    lines = [
        tag("li", "done" if done else "open", tag("span", "sign", "✓" if done else "–"), tag("span", "", sentence, dir="auto"))
        for done, sentence in checklist
    ]
    show.draw(tag("ul", "checklist", *lines))
    _rules(desk, draft)
    _saving(desk, fields, draft, receipt, ruling, allowed=all(done for done, _ in checklist))
    kept = draft.reviewer.display_name in desk.case(case.claim.id).drafted_by
    show.small(
        _("Draft saved {clock}.", clock=session.clock(draft.updated_at, seconds=True))
        if kept
        else _("What you choose and write is kept as a draft.")
    )


def _saving(
    desk: Desk, fields: _Fields, draft: Draft, receipt: SearchReceipt | None, ruling: tuple[str, ...], *, allowed: bool
) -> None:
    """The buttons that save, and the one that takes the last step back."""
    st.button(
        _("Save the ruling") if ruling else _("Save the verdict"),
        key="save-verdict",
        type="primary",
        shortcut=keys.of("save"),
        width="stretch",
        disabled=not allowed,
        on_click=session.act,
        args=(lambda: _save(desk, fields, receipt, ruling),),
    )
    with st.container(horizontal=True, horizontal_alignment="distribute", gap="xsmall"):
        st.button(
            _("Save and next"),
            key="save-and-next",
            shortcut=keys.of("save_and_next"),
            type="tertiary",
            disabled=not allowed,
            on_click=session.act,
            args=(lambda: _save_and_next(desk, fields, receipt, ruling),),
        )
        undo.button(draft)


def _rules(desk: Desk, draft: Draft) -> None:
    """Say where stances of the draft were given under other rules than those in force."""
    in_force = desk.settings.review.policy_hash
    earlier = sum(cite.policy_hash not in (None, in_force) for cite in draft.cites)
    if earlier:
        show.small(
            counted(
                earlier,
                "{count} stance was given before the guidelines, the scale or the policy changed. "
                "Press it again if it still holds.",
                "{count} stances were given before the guidelines, the scale or the policy changed. "
                "Press it again if it still holds.",
            )
        )


FIELDS = (
    *("rating", "wording", "ground", "rationale", "explanation", "headline", "confidence", "weighing"),
    *("searched_elsewhere", "change_kind", "change_note"),
)


class _Fields:
    """The widgets of one draft; what is chosen or typed is kept at every drawing (kept_fields.py)."""

    def __init__(self, desk: Desk, draft: Draft) -> None:
        self.desk = desk
        self.draft = draft
        self.kept_fields = KeptFields(draft.token, {field: self.kept(field) for field in FIELDS})

    def kept(self, field: str) -> Any:
        """What the draft holds, as the widget of the field shows it."""
        value = getattr(self.draft, field)
        if field == "rating" and all(one.slug != value for one in self.desk.settings.review.rating_scale.ratings):
            return None  # the scale was changed since: the draft has it until another is chosen
        return words.confidence(value) if field == "confidence" else value

    def key(self, field: str) -> str:
        """The key of the field's widget, to be drawn with `kept` as its default."""
        return self.kept_fields.key(field, self.kept(field))

    def keep(self) -> Draft:
        """Write what was chosen or typed since the last time; other fields may have changed in another window."""
        new = [field for field in FIELDS if self.kept_fields.written(field, self.kept(field))]
        changed = {field: self.value(field) for field in new}
        if changed:
            named = ", ".join(words.DRAFT_FIELD[field] for field in changed)
            before = {field: getattr(self.draft, field) for field in changed}

            def change(now: Draft) -> Draft:
                aside = set_aside(now, changed, self.kept_fields)
                return Draft.model_validate({**now.model_dump(), **changed, "set_aside": aside})

            self.draft = self.desk.change_draft(self.draft, change)
            undo.remember(self.draft, named, partial(self.put_back, before))
            for field in changed:
                self.kept_fields.saw(field, self.kept(field))
        return self.draft

    def put_back(self, before: dict[str, Any]) -> None:
        """Undo what was chosen or written: in the draft and on the page; it is no new change."""
        self.draft = self.desk.change_draft(self.draft, lambda now: now.model_copy(update=before))
        for field in before:
            self.kept_fields.put(field, self.kept(field))

    def value(self, field: str) -> Any:
        """What the widget of a field holds now, as the draft keeps it."""
        value = self.kept_fields.value(field)
        if field == "confidence":
            return words.CONFIDENCE[value or words.NOT_SAID]
        return value if field in ("rating", "ground", "change_kind") else value or ""

    def rating(self) -> None:
        """The rating, what it means, and its ground where it is not a decision."""
        in_force = self.desk.settings.review.rating_scale
        scale = {rating.slug: rating for rating in in_force.ratings}
        labels = {slug: show.literal(label_of(rating)) for slug, rating in scale.items()}
        key, kept = self.key("rating"), self.draft.rating
        if kept is not None and kept not in scale:  # the scale was changed since
            show.small(_("“{kept}” is no longer on the scale of this workspace; choose again.", kept=kept))
        if st.session_state.get(key) not in (None, *scale):
            st.session_state[key] = None
        at = list(scale).index(kept) if kept in scale else None
        chosen = st.radio(_("Verdict"), list(scale), index=at, format_func=labels.__getitem__, key=key)
        with st.container(key="rating-keys"):  # not shown: the radio is what the eye and the mouse use
            for place, slug in enumerate(scale):
                shortcut = keys.of_rating(place)
                st.button(labels[slug], key=f"rate-{place}", shortcut=shortcut, on_click=_choose, args=(key, slug))
        if chosen is None:
            return
        if scale[chosen].definition:
            show.small(definition_of(scale[chosen]))
        if scale[chosen].own_words:
            told = _("Printed as you write it, in place of a label")
            key = self.key("wording")
            st.text_input(_("In your words"), self.draft.wording, key=key, max_chars=MAX_WORDING, placeholder=told)
        if scale[chosen].takes_ground:
            ground = st.selectbox(
                _("Because"),
                list(GROUND_MEANING),
                index=list(GROUND_MEANING).index(self.draft.ground) if self.draft.ground else None,
                format_func=lambda one: _(GROUND_WORDING[one]),
                placeholder=_("Choose why"),
                key=self.key("ground"),
            )
            if ground:
                show.small(_(GROUND_MEANING[ground]))

    def writing(self, *, is_published: bool) -> None:
        """What the reviewer writes. No form around it: what is typed reaches the draft as soon as the field is left."""
        self.text("rationale", _("Rationale, for colleagues"), _("How you got there"), height=100)
        self.text("explanation", _("Explanation, for readers"), _("What the report prints"), height=100)
        st.text_input(_("Headline, for readers"), self.draft.headline, key=self.key("headline"))
        if self.draft.fragments:
            self.text(
                "weighing",
                _("How the verdict follows from its parts, for readers"),
                _("Printed as you write it; nothing is added"),
            )
        self.text("searched_elsewhere", _("Searched elsewhere, for readers"), _("Places outside this workspace, one a line"))
        with st.container(key="verdict-change", gap="xsmall"):
            if is_published:
                publishing_panel.change_fields(self.draft, self.key)
        chosen = self.kept("confidence")
        st.segmented_control(
            _("Confidence"), list(words.CONFIDENCE), format_func=_, default=chosen, required=True, key=self.key("confidence")
        )

    def text(self, field: str, label: str, placeholder: str, height: int = 68) -> None:
        """A field of several lines. height: pixels."""
        st.text_area(label, getattr(self.draft, field), height=height, placeholder=placeholder, key=self.key(field))


def _choose(key: str, slug: str) -> None:
    st.session_state[key] = slug


# --- saving -------------------------------------------------------------------------------------------------------------------


def _save(desk: Desk, fields: _Fields, receipt: SearchReceipt | None, ruling: tuple[str, ...]) -> None:
    """Record the draft as it is stored now; say it is saved from what came back, never before.

    ruling: the verdicts it decides between, as they were on the screen.
    """
    token = fields.draft.token
    saved = next((one for one in desk.case(fields.draft.claim_id).verdicts if one.token == token), None)
    draft = fields.keep() if saved is None else fields.draft
    if saved is not None or draft.rating is None:  # a second click, or a second window: one record
        if saved is not None:
            session.say(
                _("Saved as revision {revision} at {clock}.", revision=saved.revision, clock=session.clock(saved.created_at))
            )
        return
    rating = find_rating(desk.settings.review.rating_scale, draft.rating)
    request = VerdictRequest(
        claim_id=draft.claim_id,
        rating=draft.rating,
        wording=(draft.wording.strip() or None) if rating.own_words else None,
        rationale=draft.rationale,
        explanation=draft.explanation or None,
        headline=draft.headline or None,
        ground=draft.ground if rating.takes_ground else None,
        confidence=draft.confidence,
        cites=draft.cites,
        fragments=fragments.resting_on(draft.fragments, draft.cites),
        weighing=(draft.weighing or None) if draft.fragments else None,
        questions=questions.resting_on(draft.questions, draft.cites),
        reviewer=draft.reviewer,
        token=draft.token,
        based_on=draft.based_on,
        receipt=receipt,
        searched_elsewhere=draft.searched_elsewhere,
        departures=draft.departures,
        change=publishing_panel.change_of(draft, desk.case(draft.claim_id)),
        adjudicates=ruling,
    )
    try:
        stored = desk.record(request)
    except Conflict:
        st.session_state[CONFLICT] = draft.token
        raise
    _say_saved(stored)


def _say_saved(stored: StoredVerdict) -> None:
    at = session.clock(stored.created_at)
    session.say(_("Saved as revision {revision} at {clock}.", revision=stored.revision, clock=at))


def _save_and_next(desk: Desk, fields: _Fields, receipt: SearchReceipt | None, ruling: tuple[str, ...]) -> None:
    """Record the draft, and open the claim that the queue would give this reviewer next."""
    _save(desk, fields, receipt, ruling)
    go_on(desk, fields.draft)


def go_on(desk: Desk, draft: Draft) -> None:
    """Open the next claim that waits for a reviewer; say so where there is none."""
    waiting = (row.claim_id for row in desk.queue.next_for(draft.reviewer))
    following = next((one for one in waiting if one != draft.claim_id), None)
    if following is None:
        session.say(_("Saved. No other claim waits for you."))
        return
    st.session_state["check_claim"] = following
    steps.go("passage", None)
    steps.go("claim", following)


def _conflict(desk: Desk, case: Case, draft: Draft) -> None:
    """Show what was saved meanwhile beside the draft, and let the reviewer base the draft on it."""
    if st.session_state.get(CONFLICT) != draft.token:
        return
    theirs = next((one for one in reversed(case.verdicts) if one.reviewer == draft.reviewer), None)
    if theirs is None or theirs.revision == draft.based_on:
        return
    named = {
        "revision": theirs.revision,
        "label": words.rating(theirs.rating),
        "when": session.day_and_clock(theirs.created_at),
    }
    told = tag("p", "stance", _("Saved meanwhile, revision {revision}: {label}, {when}.", **named))
    show.draw(
        tag("div", "cited", told, tag("p", "words plain", theirs.rationale or _("No rationale."), dir="auto")),
        tag("p", "quiet", _("Your own version is below, untouched.")),
    )

    def rebase() -> None:
        desk.change_draft(draft, lambda now: now.model_copy(update={"based_on": theirs.revision}))
        st.session_state.pop(CONFLICT, None)

    label = _("Base mine on revision {revision}", revision=theirs.revision)
    st.button(label, key="rebase", on_click=session.act, args=(rebase,))
