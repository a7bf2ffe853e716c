"""What was decided before, on Check: every revision, two of them side by side, and everything that was done to the claim."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from workbench.history import Happening, happenings
from workbench.models import Case, Citation, StoredVerdict, ocr_words, page_words
from workbench.revisions import Comparison, FieldChange, begun_from, compared, rounds_of
from workbench.tongue import _, counted
from workbench.ui import media, receipt_panel, session, show, words
from workbench.ui.show import Safe, tag

if TYPE_CHECKING:
    from workbench.desk import Desk

SHOWN = 200  # steps of the history on the page; the command line prints all of them
CHANGED = {"both": "", "older": "del", "newer": "ins"}


def draw(desk: Desk, case: Case) -> None:
    """Draw the revisions, newest first, then the comparison of two, then the steps."""
    if case.verdicts:
        st.subheader(_("History"), anchor=False)
    rounds = rounds_of(case.verdicts)
    for verdict in sorted(case.verdicts, key=lambda one: -one.seq):
        if verdict.seq in rounds:
            show.small(rounds[verdict.seq])
        with st.expander(show.literal(_named(verdict))):
            _revision(desk, case, verdict)
    if len(case.verdicts) > 1:
        with st.expander(_("Compare two revisions"), type="compact", key=f"compare-{case.claim.id}"):
            _comparison(case)
    with st.expander(_("Everything that was done"), type="compact", key=f"steps-{case.claim.id}"):
        _steps(happenings(case.events))


# --- one revision ----------------------------------------------------------------------------------------------------


def _named(verdict: StoredVerdict) -> str:
    state = "" if verdict.state == "current" else f" ({words.STATE[verdict.state]})"
    return _(
        "{rating}{state} · {who}, revision {revision}",
        rating=words.rating(verdict.rating, verdict.ground),
        state=state,
        who=verdict.reviewer.display_name,
        revision=verdict.revision,
    )


def _listed(verdict: StoredVerdict) -> str:
    """What tells a revision from the others first: the list is narrow, and shows it as it is."""
    return _(
        "Revision {revision} by {who}: {rating}",
        revision=verdict.revision,
        who=verdict.reviewer.display_name,
        rating=words.rating(verdict.rating, verdict.ground),
    )


def _revision(desk: Desk, case: Case, verdict: StoredVerdict) -> None:
    show.small(
        _(
            "{when} · confidence: {confidence}",
            when=session.day_and_clock(verdict.created_at),
            confidence=words.confidence_word(verdict.confidence).lower(),
        )
    )
    show.draw(*([tag("p", "quiet", _ruled(case, verdict), dir="auto")] if verdict.adjudicates else []), *_said(verdict))
    receipt_panel.draw(desk, case, verdict)
    who = session.reviewer()
    if who is None or any(one.reviewer == who for one in case.recusals):
        return

    def restore() -> None:
        desk.change_draft(session.draft(desk, case.claim.id, who), lambda now: begun_from(now, verdict))
        session.say(
            _(
                "Your draft now says what revision {revision} by {who} says.",
                revision=verdict.revision,
                who=verdict.reviewer.display_name,
            )
        )

    hint = _("What your draft holds is replaced; what was recorded stays")
    label = _("Begin my next revision from this")
    st.button(label, key=f"restore-{verdict.seq}", help=hint, on_click=session.act, args=(restore,))


def _ruled(case: Case, ruling: StoredVerdict) -> str:
    """Whose verdicts a referee decided between."""
    theirs = [one for one in case.verdicts if one.hash in ruling.adjudicates]
    said = ", ".join(
        _(
            "{who}, revision {revision} ({label})",
            who=one.reviewer.display_name,
            revision=one.revision,
            label=words.rating(one.rating),
        )
        for one in theirs
    )
    return _("Settles the disagreement between {said}.", said=said)


def _said(verdict: StoredVerdict) -> Iterator[Safe]:
    """The words of a verdict and what it rests on."""
    change = _("{kind}, for readers", kind=words.CHANGE[verdict.change.kind]) if verdict.change else ""
    for label, text in (
        (_("Void because"), verdict.void_reason),
        (change, verdict.change.note if verdict.change else None),
        (_("Headline"), verdict.headline),
        (_("How the verdict follows from the fragments"), verdict.weighing),
        (_("Public explanation"), verdict.explanation),
        (_("Rationale"), verdict.rationale),
    ):
        if text:
            yield from _labelled(label, text)
    for one in verdict.fragments:
        yield from _labelled(
            _(
                "Fragment: {label} · {passages}",
                label=words.rating(one.rating),
                passages=counted(len(one.citations), "{count} passage", "{count} passages"),
            ),
            one.words,
        )
    for other in verdict.departures:
        yield from _labelled(_("Departs from {claim_id} because", claim_id=other.claim_id), other.reason)
    yield from map(_cited, verdict.citations)
    if not verdict.citations:
        yield tag("p", "quiet", _("No passage was cited."))


def _labelled(label: str, text: str) -> tuple[Safe, Safe]:
    return tag("p", "label", label), tag("p", "plain", text, dir="auto")


def _cited(cited: Citation) -> Safe:
    facts = (cited.title, words.known_date(cited.published_on), page_words(cited.page))
    where = " · ".join(one for one in (*facts, ocr_words(cited.ocr_confidence)) if one)
    told = [media.badge(cited.describes)] if cited.describes else []
    stance = tag("p", "quiet", tag("span", "stance", words.STANCE[cited.stance]), f" · {where} ", *told, dir="auto")
    return tag("div", "cited", stance, tag("p", "words plain" if cited.is_quotation else "plain", cited.quote, dir="auto"))


# --- two revisions ---------------------------------------------------------------------------------------------------


def _comparison(case: Case) -> None:
    newest_first = sorted(case.verdicts, key=lambda one: -one.seq)
    by_seq = {one.seq: one for one in newest_first}
    pick = partial(st.selectbox, options=list(by_seq), format_func=lambda seq: _listed(by_seq[seq or 0]))
    older = by_seq.get(pick(_("Older"), index=1, key=f"older-{case.claim.id}") or 0)
    newer = by_seq.get(pick(_("Newer"), index=0, key=f"newer-{case.claim.id}") or 0)
    if older and newer:
        show.draw(*_differences(compared(older, newer)))


def _differences(found: Comparison) -> Iterator[Safe]:
    """What differs, word by word: struck out what only the older has, underlined what only the newer has."""
    if found.is_same:
        yield tag("p", "quiet", _("They say the same, and rest on the same passages."))
        return
    if found.fields:
        yield tag("p", "quiet", _("Struck out: only in the older; underlined: only in the newer."))
    for field in found.fields:
        yield tag("p", "label", field.label, dir="auto")
        yield tag("p", "plain", _runs(field), dir="auto")
    for label, citations in ((_("No longer cited"), found.removed), (_("Cited since"), found.added)):
        if citations:
            yield tag("p", "label", label)
            yield from map(_cited, citations)
    for one in found.restanced:
        yield tag(
            "p",
            "label",
            _("{was} became {now}", was=words.STANCE[one.was], now=words.STANCE[one.citation.stance].lower()),
        )
        yield _cited(one.citation)


def _runs(field: FieldChange) -> Safe:
    return show.together(
        [tag(CHANGED[one.where], "", one.words) if CHANGED[one.where] else one.words for one in field.runs], " "
    )


# --- every step ------------------------------------------------------------------------------------------------------


def _steps(steps: list[Happening]) -> None:
    rows = [
        tag(
            "tr",
            "",
            tag("td", "when", session.day_and_clock(one.at)),
            tag("td", "", tag("bdi", "", one.who), " ", tag("bdi", "", one.words)),
        )
        for one in reversed(steps[-SHOWN:])
    ]
    head = tag("tr", "", tag("th", "", _("When"), scope="col"), tag("th", "", _("Who did what"), scope="col"))
    show.draw(tag("table", "steps", tag("thead", "", head), tag("tbody", "", *rows)))
    if len(steps) > SHOWN:
        show.small(_("And {count} earlier ones; workbench verdict history prints them all.", count=len(steps) - SHOWN))
