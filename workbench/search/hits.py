"""A candidate as a reader sees it: the passage, its place, why it is here, and what the lens saw. Pure.

What lives here: making a Hit. What does not: its rank and score, which were decided before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.lens import look, stands
from workbench.matching import matched_spans
from workbench.models import Finding, Hit, LibraryEntry, PartialDate, Passage, SimilarPassage, SourceMeta, Span
from workbench.operators import marks
from workbench.search.folding import Fold
from workbench.search.fusion import DECIMALS, Candidate
from workbench.search.query import Wording


@dataclass(frozen=True)
class Found:
    """A candidate with its passage and what is known of its source."""

    candidate: Candidate
    passage: Passage
    entry: LibraryEntry


def make_hit(rank: int, fold: Fold[Found], wordings: Sequence[Wording], *, claim: str, claim_date: PartialDate) -> Hit:
    """The hit for a candidate and those that say the same. wordings: what any of them asks for is underlined.

    claim: what the lens holds it against; "" leaves it out.
    """
    one, passage, meta = fold.shown.candidate, fold.shown.passage, fold.shown.entry.meta
    language = meta.language or passage.language or "en"
    seen = findings(claim, claim_date, passage.text, meta, language=language) if claim else ()
    return Hit(
        rank=rank,
        passage_id=passage.passage_id,
        source_id=passage.source_id,
        sha256=passage.source_id,
        path=_path(fold.shown.entry),
        title=fold.shown.entry.title,
        page=passage.page,
        ocr_confidence=passage.ocr_confidence,
        start=passage.start,
        end=passage.end,
        text=passage.text,
        score=one.score,
        dense_rank=one.dense_rank,
        lexical_rank=one.lexical_rank,
        cosine=None if one.cosine is None else round(one.cosine, DECIMALS),
        bm25=None if one.bm25 is None else round(one.bm25, DECIMALS),
        rerank_score=one.rerank_score,
        hubness=None if one.hubness is None else round(one.hubness, DECIMALS),
        dense_weight=None if one.dense_weight is None else round(one.dense_weight, 4),
        wording=one.wording,
        matched=_matched(wordings, passage.text),
        lens=seen,
        stands=stands(seen),
        similar=tuple(map(_similar, fold.others)),
        publisher=meta.publisher,
        published_on=meta.published_on,
        kind=meta.kind,
        language=meta.language or passage.language,
        url=meta.url,
        reports_on=meta.reports_on,
        reliability_note=meta.reliability_note,
        describes=fold.shown.entry.describes,
        warnings=fold.shown.entry.doubts,
        ordinal=passage.ordinal,
    )


def _similar(found: Found) -> SimilarPassage:
    passage = found.passage
    return SimilarPassage(
        passage_id=passage.passage_id,
        source_id=passage.source_id,
        path=_path(found.entry),
        title=found.entry.title,
        page=passage.page,
        publisher=found.entry.meta.publisher,
        published_on=found.entry.meta.published_on,
    )


def _path(entry: LibraryEntry) -> str:
    return entry.paths[0] if entry.paths else ""


def _matched(wordings: Sequence[Wording], text: str) -> tuple[Span, ...]:
    found = (marks(one.expression, text) if one.expression else matched_spans(one.text, text) for one in wordings)
    spans = {span for some in found for span in some}
    return tuple(sorted(spans, key=lambda span: (span.start, span.end)))


def findings(claim: str, claim_date: PartialDate, text: str, meta: SourceMeta, *, language: str) -> tuple[Finding, ...]:
    """What the lens sees in a text of a source, held against a claim of that day. language: of the text."""
    return look(
        claim,
        text,
        claim_date=claim_date if claim_date.value else None,
        source_date=_written_on(meta),
        language=language,
    )


def _written_on(meta: SourceMeta) -> PartialDate | None:
    """The day that words like "yesterday" in a source count from: of a digest, that of the article it was made from."""
    stated = meta.reports_on.date if meta.kind == "digest" and meta.reports_on else meta.published_on
    return stated if stated.value else None
