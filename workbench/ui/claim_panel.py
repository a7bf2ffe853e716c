"""The left column of Check: the claim, who made it, when and where, and what was decided before."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from workbench.claims import unknown_fields
from workbench.models import Appearance, Case, Claim, ExternalReview, Hit, QuoteCheck
from workbench.tongue import N_, Words, _
from workbench.ui import lens_marks, session, show, stances, words
from workbench.ui.show import Safe, tag

if TYPE_CHECKING:
    from workbench.desk import Desk


def draw(desk: Desk, case: Case, hit: Hit | None, quoted: QuoteCheck | None) -> None:
    """Draw the claim of a case, its statement marked with what the lens saw in the current hit.

    quoted: what became of its quotation in the file it is from.
    """
    claim = case.claim
    seen = lens_marks.marked(claim.statement, hit.lens if hit else (), "claim")
    statement = tag("span", "", seen, data_source=stances.STATEMENT, data_start="0")  # its words can be selected, to be judged
    headline = claim.headline if claim.is_quoted else statement
    parts = [tag("p", "quotation", headline, dir="auto"), tag("p", "quiet", _who_and_when(claim), dir="auto")]
    if case.missing_from:
        parts.append(tag("p", "", tag("span", "badge", _("no longer in its claim file"))))
    if quoted is not None:
        parts += _fidelity(quoted)
    if claim.is_quoted:
        parts += _labelled(_("The statement that is checked"), tag("p", "plain", statement, dir="auto"))
    if hit and any(one.claim_span for one in hit.lens):
        told = _("Marked by what passage {rank} says: {legend}.", rank=hit.rank, legend=lens_marks.legend(hit.lens))
        parts.append(tag("p", "quiet", told))
    parts += _whose_words(claim)
    if claim.appearances:
        parts += _labelled(_("Where it appeared"), *(_appearance(place) for place in claim.appearances))
    if claim.reviews:
        parts += _labelled(_("Checked by others, external and unverified"), *(_external(one) for one in claim.reviews))
    for label, text in ((_("Context"), claim.context), (_("Why it is checked"), claim.why_checked)):
        if text:
            parts += _labelled(label, tag("p", "plain", text, dir="auto"))
    parts += _own_fields(desk, claim)
    if claim.topics:
        parts += _labelled(_("Topics"), tag("p", "", ", ".join(claim.topics), dir="auto"))
    show.draw(*parts)
    if guidelines := desk.settings.review.guidelines.strip():
        with st.expander(_("Guidelines of this workspace"), type="compact", key="guidelines"):
            show.show_text(guidelines)
    if claim.reported_words and (who := session.reviewer()) is not None:
        confirm = partial(desk.quotations.confirm, claim.id, reviewer=who)
        hint = _("Reports then print them in quotation marks, with your name in the record")
        own = _("These are the speaker's own words")
        st.button(own, key="confirm-quote", help=hint, on_click=session.act, args=(confirm,))


def _whose_words(claim: Claim) -> list[Safe]:
    """Whether the quotation is in the speaker's own words, as far as somebody said so, and what they are in the original."""
    parts: list[Safe] = []
    if claim.reported_words:
        told = _("Nobody has confirmed these as the speaker's own words: reports print them without quotation marks.")
        reported = tag("p", "plain", claim.reported_words, dir="auto")
        parts += _labelled(_("As reported"), reported, tag("p", "quiet", told))
    if claim.quote_marks == "confirmed":
        told = _("Confirmed as the speaker's own words by {who}.", who=claim.quote_marks_by)
        parts.append(tag("p", "quiet", told, dir="auto"))
    if claim.quote_original:
        parts += _labelled(_original_label(claim), tag("p", "plain", claim.quote_original, dir="auto"))
    return parts


def _own_fields(desk: Desk, claim: Claim) -> list[Safe]:
    """What the claim says in the fields of the workspace, and under names that are none of them."""
    labels = {field.name: field.label or field.name for field in desk.settings.claims.fields}
    strange = unknown_fields(claim.custom, desk.settings.claims.fields)
    parts: list[Safe] = []
    for name, value in claim.custom.items():
        label = _("{name} (no field of this workspace)", name=name) if name in strange else labels.get(name, name)
        parts += _labelled(label, tag("p", "plain", value, dir="auto"))
    return parts


def _labelled(label: str, *content: Safe) -> list[Safe]:
    return [tag("p", "label", label), *content]


def _who_and_when(claim: Claim) -> str:
    who = claim.claimant.name if claim.claimant else _("Claimant unknown")
    if claim.claimant and claim.claimant.role:
        who = f"{who}, {claim.claimant.role}"
    return f"{who} · {words.known_date(claim.claimed_on) or words.no_date()}"


def _external(review: ExternalReview) -> Safe:
    """Another fact-checker's review, in their words; no verdict of this workspace."""
    title = review.title or review.url or _("their review")
    linked = tag("a", "", title, href=review.url) if review.url else title
    facts = " · ".join(
        one for one in (f"“{review.rating}”" if review.rating else "", words.known_date(review.reviewed_on)) if one
    )
    publisher = review.publisher or _("Publisher unknown")
    return tag("p", "", f"{publisher}: ", linked, f" · {facts}" if facts else "", dir="auto")


def _original_label(claim: Claim) -> str:
    label = _("In the original") + (f" ({claim.quote_language})" if claim.quote_language else "")
    return _("{label}, translated by {translator}", label=label, translator=claim.translator) if claim.translator else label


QUOTED = Words(
    {
        "verbatim": N_("The quotation stands word for word in {file}."),
        "differs": N_("The quotation differs from {file}."),
        "not-found": N_("The quotation was not found in {file}."),
    }
)


CHANGED = {"quotation": "del", "file": "ins"}


def _fidelity(check: QuoteCheck) -> list[Safe]:
    """Whether the quotation is in its file, and what differs; nothing where the file is not here is said quietly too."""
    if check.state == "no-file" or check.source_id is None:
        return [tag("p", "quiet", _("The quotation was not checked: where it appeared is not among the evidence."))]
    where = f"/document?source={check.source_id}"
    if check.span is not None:
        where += f"&at={check.span.start}"
    said = show.woven(QUOTED[check.state], file=tag("a", "", check.title or _("the file"), href=where))
    if check.state != "differs":
        return [tag("p", "quiet", said)]
    if all(one.where == "both" for one in check.changes):
        return [tag("p", "quiet", said, " ", _("Only its punctuation does."))]
    words = [one.words if one.where == "both" else tag(CHANGED[one.where], "", one.words) for one in check.changes]
    legend = tag("p", "quiet", said, " ", _("Struck out: only in the quotation; underlined: only in the file."))
    return [legend, tag("p", "plain", show.together(words, " "), dir="auto")]


def _appearance(place: Appearance) -> Safe:
    title = place.title or place.publisher or place.url or _("Untitled")
    linked = tag("a", "", title, href=place.url) if place.url else title
    facts = [fact for fact in (place.publisher if place.title else None, words.known_date(place.date)) if fact]
    if place.via:
        facts.append(_("known only via {via}", via=place.via))
    tail = f" · {' · '.join(facts)}" if facts else ""
    copy = [" · ", tag("a", "", _("archived copy"), href=place.archived_url)] if place.archived_url else []
    return tag("p", "", linked, tail, *copy, dir="auto")
