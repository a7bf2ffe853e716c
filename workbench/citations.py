"""From a passage to a Citation, and from a request to a Verdict: pure, word for word.

What lives here: what a citation copies from its passage and source, what a verdict takes over from the settings in force. What
does not: whether the verdict may be saved (review/), or storing it (ledger/).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from workbench.fragments import judged
from workbench.models import (
    CONTEXT_CHARACTERS,
    Citation,
    Cite,
    Claim,
    LibraryEntry,
    Passage,
    Source,
    Verdict,
    VerdictRequest,
)
from workbench.questions import answered
from workbench.ratings import find_rating, snapshot
from workbench.settings import ReviewSettings
from workbench.version import VERSION

if TYPE_CHECKING:
    from workbench.attribution import Attribution


def cite_passage(cite: Cite, passage: Passage, entry: LibraryEntry, source: Source, whose: Attribution) -> Citation:
    """The words of a passage with 32 characters either side, and what is known of where they stand and whose they are."""
    meta = entry.meta
    return Citation(
        source_id=source.source_id,
        text_sha256=source.text_sha256,
        start=passage.start,
        end=passage.end,
        quote=source.text[passage.start : passage.end],
        before=source.text[max(0, passage.start - CONTEXT_CHARACTERS) : passage.start],
        after=source.text[passage.end : passage.end + CONTEXT_CHARACTERS],
        stance=cite.stance,
        origin=cite.origin,
        note=cite.note,
        group=cite.group,
        policy_hash=cite.policy_hash,
        path=entry.paths[0] if entry.paths else None,
        title=entry.title,
        publisher=meta.publisher,
        published_on=meta.published_on,
        url=meta.url,
        archived_url=meta.archived_url,
        kind=meta.kind,
        access=meta.access,
        reports_on=meta.reports_on,
        reliability_note=meta.reliability_note,
        page=passage.page,
        ocr_confidence=passage.ocr_confidence,
        describes=entry.describes,
        heard=any(place.kind == "heard" and place.start <= passage.start < place.end for place in source.places),
        attributed_to=whose.speaker,
        repeats_claim=whose.repeats_claim,
        by_claimant=whose.by_claimant,
        warnings=entry.doubts,
    )


def compose_verdict(
    request: VerdictRequest, claim: Claim, citations: Sequence[Citation], settings: ReviewSettings, *, now: datetime
) -> Verdict:
    """The verdict a request asks for, under the scale and policy in force. Its revision is numbered in the transaction.

    Raises: UnknownId for a rating the scale does not have, Refused for a fragment whose words are not in the statement once or
    an answer that is not of its kind.
    """
    scale, in_force = settings.rating_scale, settings.policy_hash
    cited = tuple(one.model_copy(update={"policy_hash": one.policy_hash or in_force}) for one in citations)
    return Verdict(
        claim_id=claim.id,
        claim_hash=claim.content_hash,
        rating=snapshot(scale, find_rating(scale, request.rating), request.wording),
        ground=request.ground,
        confidence=request.confidence,
        rationale=request.rationale,
        explanation=request.explanation,
        headline=request.headline,
        fragments=judged(request.fragments, claim, cited, scale),
        weighing=request.weighing,
        questions=answered(request.questions, cited),
        citations=cited,
        receipt=request.receipt,
        searched_elsewhere=request.searched_elsewhere.strip(),
        departures=request.departures,
        change=request.change,
        policy_hash=in_force,
        reviews=settings.reviews_of(claim.id),
        adjudicates=request.adjudicates,
        reviewer=request.reviewer,
        revision=1,
        based_on=0,
        token=request.token,
        created_at=now,
        software=f"workbench {VERSION}",
        model=request.receipt.model_fingerprint if request.receipt else None,
    )
