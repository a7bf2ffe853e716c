"""What Check says where several people judge a claim: blind, waiting, or the verdicts that disagree beside one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from workbench.agreement.evidence import CitedPassage, cited_passages
from workbench.models import Case, Citation, Reviewer, StoredVerdict
from workbench.review import current_verdicts, disputed, reviews_missing
from workbench.tongue import _, counted
from workbench.ui import session, show, words
from workbench.ui.show import Safe, tag

if TYPE_CHECKING:
    from workbench.desk import Desk

SHORT = 240  # characters of a cited passage


def where_it_stands(case: Case) -> None:
    """A quiet line for a reviewer: that they are blind on the claim, or that another review is awaited."""
    if case.is_blind:
        show.small(_("You judge it without reading what colleagues did. That is shown once your verdict is saved."))
    elif missing := reviews_missing(case.verdicts):
        given = len(current_verdicts(case.verdicts))
        show.small(
            counted(
                given,
                "{count} of {all} reviews is in. Nothing counts before all are.",
                "{count} of {all} reviews are in. Nothing counts before all are.",
                all=given + missing,
            )
        )


def between(desk: Desk, case: Case, who: Reviewer) -> tuple[str, ...]:
    """The hashes of the verdicts that this person's save decides between, as they are shown; none where it is one of them."""
    if case.status != "disagreement":
        return ()
    theirs = disputed(case.verdicts, who)
    is_theirs = any(one.reviewer == who for one in theirs)
    if is_theirs and not desk.settings.review.referee_may_review:
        return ()
    if is_theirs and not st.checkbox(_("This settles the disagreement"), key=f"ruling-{case.claim.id}"):
        return ()
    return tuple(one.hash for one in theirs)


def draw(desk: Desk, case: Case) -> None:
    """The verdicts that disagree beside one another, and what they cite; nothing where they do not disagree."""
    if case.status != "disagreement":
        return
    who = session.reviewer()
    theirs = disputed(case.verdicts, who) if who else current_verdicts(case.verdicts)
    with st.container(key="adjudication", gap="xsmall"):
        st.subheader(_("The reviewers disagree"), anchor=False)
        show.show_text(case.claim.statement)
        show.small(_what_now(desk, theirs, who))
        for column, verdict in zip(st.columns(len(theirs), gap="medium"), theirs, strict=True):
            with column:
                show.draw(*_verdict(desk, verdict))
        _evidence(desk, case, theirs, who)


def _what_now(desk: Desk, theirs: list[StoredVerdict], who: Reviewer | None) -> str:
    if who is None or all(one.reviewer != who for one in theirs):
        return _("Read both, then save a verdict of your own under Verdict: it counts, and names those it decides between.")
    if desk.settings.review.referee_may_review:
        return _("Revise yours where a colleague convinced you, or settle it.")
    return _("Revise yours where a colleague convinced you; else somebody who has not judged it settles it.")


def _verdict(desk: Desk, verdict: StoredVerdict) -> list[Safe]:
    colour = words.rating_colour(verdict.rating, desk.settings.review.rating_scale)
    who = _(
        "{who}, revision {revision}, {when}",
        who=verdict.reviewer.display_name,
        revision=verdict.revision,
        when=session.day_and_clock(verdict.created_at),
    )
    sure = _("Confidence: {confidence}", confidence=words.confidence_word(verdict.confidence).lower())
    parts = [
        tag("p", "", show.pill(words.rating(verdict.rating, verdict.ground), colour)),
        tag("p", "quiet", f"{who} · {sure}", dir="auto"),
    ]
    for label, text in ((_("Rationale"), verdict.rationale), (_("Public explanation"), verdict.explanation)):
        parts += [tag("p", "label", label), tag("p", "plain", text or _("None was written."), dir="auto")]
    for one in verdict.fragments:
        parts += [
            tag("p", "label", _("Fragment: {label}", label=words.rating(one.rating))),
            tag("p", "plain", one.words, dir="auto"),
        ]
    return parts


def _evidence(desk: Desk, case: Case, theirs: list[StoredVerdict], who: Reviewer | None) -> None:
    """What more than one of them cites, those taken for different things first; then what only one does."""
    passages = cited_passages([verdict.citations for verdict in theirs])
    names = [verdict.reviewer.display_name for verdict in theirs]
    shared = sorted((one for one in passages if one.is_shared), key=lambda one: len(set(one.stances.values())) == 1)
    show.draw(tag("p", "label", _("Passages in common: {shared} of {all}", shared=len(shared), all=len(passages))))
    if passages and not shared:
        show.small(_("They rest on other evidence: each may have missed what the other read."))
    for passage in shared:
        show.draw(_passage(passage, names))
    if shared and who is not None and all(one.reviewer != who for one in theirs):
        cites = [next(iter(passage.by.values()))[0] for passage in shared if len(set(passage.stances.values())) == 1]
        if cites:
            take = (desk, case, who, cites)
            st.button(_("Cite what they agree on"), key="cite-shared", on_click=session.act, args=(lambda: _take_over(*take),))
    for place, name in enumerate(names):
        only = [passage for passage in passages if not passage.is_shared and place in passage.by]
        if only:
            with st.expander(show.literal(_("Only {name} cites ({count})", name=name, count=len(only))), type="compact"):
                show.draw(*(_passage(passage, names) for passage in only))


def _passage(passage: CitedPassage, names: list[str]) -> Safe:
    stances = passage.stances
    differ = len(set(stances.values())) > 1
    said = " · ".join(f"{names[place]}: {words.STANCE[stance].lower()}" for place, stance in sorted(stances.items()))
    first = next(iter(passage.by.values()))[0]
    text = " ".join(first.quote.split())
    text = text if len(text) <= SHORT else f"{text[: SHORT - 10].rstrip()} …"
    return tag(
        "div",
        "cited",
        tag(
            "p",
            "quiet",
            tag("span", "stance", f"≠ {said}" if differ else said),
            f" · {first.title or first.path or ''}",
            dir="auto",
        ),
        tag("p", "words plain" if first.is_quotation else "plain", text, dir="auto"),
    )


def _take_over(desk: Desk, case: Case, who: Reviewer, citations: list[Citation]) -> None:
    """Cite in the referee's draft what the reviewers take for the same; what it cites already stays as it is."""
    draft = session.draft(desk, case.claim.id, who)
    held = {cite.passage_id for cite in draft.cites}
    added = tuple(one.as_asked for one in citations if one.passage_id not in held)
    desk.change_draft(draft, lambda now: now.model_copy(update={"cites": (*now.cites, *added)}))
