"""BEIR: a corpus, queries and graded judgements, which `workbench eval` reads back (Thakur et al. 2021).

    corpus.jsonl       every passage of the public sources, and cited words that are no passage
    queries.jsonl      a claim each, with its split
    qrels.tsv          query, passage, grade: 2 for what supports or refutes, 1 for context, 0 for what was marked not relevant
    shown.tsv          query, passage, rank: shown to somebody who judged the claim, and neither cited nor marked by anybody
    judgements.jsonl   each reviewer's own word on each passage

A passage in none of the last three was never shown. What lives here: those files. What does not: which claims there are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from workbench.catalog import Catalog
from workbench.datasets.judged import Judged, words_at
from workbench.library import Library
from workbench.models import Case, Citation, Span, StoredVerdict

GRADES = {"supports": 2, "refutes": 2, "context": 1}
NOT_RELEVANT = 0
_ID = re.compile(r"(?P<source>[0-9a-f]{16})-(?P<start>[0-9]{1,9})-(?P<end>[0-9]{1,9})")


@dataclass
class Relevance:
    """What was judged of passages. loose: cited words that are no passage of the corpus, by id."""

    qrels: dict[tuple[str, str], int] = field(default_factory=dict)
    shown: dict[tuple[str, str], int] = field(default_factory=dict)
    own: list[dict[str, Any]] = field(default_factory=list)
    loose: dict[str, Citation] = field(default_factory=dict)


class Passages:
    """The passages of the public sources that are searched today."""

    def __init__(self, evidence: Library, catalog: Catalog) -> None:
        self._catalog = catalog
        self._sources = {one: entry for one, entry in evidence.searchable().items() if evidence.is_public(one)}
        self._short = {source_id[:16]: source_id for source_id in self._sources}

    def records(self, judged: Judged, loose: dict[str, Citation], *, with_text: bool) -> Iterator[dict[str, Any]]:
        """A line for each passage, by source; then the cited words that are none."""
        for source_id, entry in sorted(self._sources.items()):
            for one in self._catalog.passages(source_id):
                place = words_at(source_id, entry.text_sha256, one.start, one.end, one.text)
                yield _document(one.passage_id, judged, one.text if with_text else None, place)
        for passage_id, cited in sorted(loose.items()):
            place = words_at(cited.source_id, cited.text_sha256, cited.start, cited.end, cited.quote)
            yield _document(passage_id, judged, cited.quote if with_text else None, place)

    def of(self, one: Citation) -> list[str]:
        """The passages that hold cited words; [] where their source, or that reading of it, is searched no more."""
        entry = self._sources.get(one.source_id)
        if entry is None or entry.text_sha256 != one.text_sha256:
            return []
        return self.over(one.source_id, one.start, one.end)

    def named(self, passage_id: str) -> list[str]:
        """The passages that hold the words an id names; [] where their source is not public, or not here."""
        named = _ID.fullmatch(passage_id)
        source_id = self._short.get(named["source"]) if named else None
        return self.over(source_id, int(named["start"]), int(named["end"])) if named and source_id else []

    def over(self, source_id: str, start: int, end: int) -> list[str]:
        """Ids of the passages that share characters with a stretch of a source."""
        return [one.passage_id for one in self._catalog.passages_over(source_id, Span(start=start, end=end))]


def _document(passage_id: str, judged: Judged, text: str | None, place: dict[str, Any]) -> dict[str, Any]:
    return {"_id": passage_id, "title": judged.stated_title(place["source"]), "text": text, "metadata": {}, "words": place}


def queries_of(judged: Judged) -> Iterator[dict[str, Any]]:
    """A line for each claim."""
    for case in judged.cases:
        claim = case.claim
        told = {"group": judged.splits.group_of(claim.id), "claimed_on": claim.claimed_on.model_dump(mode="json")}
        yield {"_id": claim.id, "text": claim.statement, "split": judged.splits.split_of(claim.id), "metadata": told}


def relevance_of(judged: Judged, passages: Passages) -> Relevance:
    """What reviewers cited, marked and were shown, over all claims."""
    found = Relevance()
    standing = {one.claim.id: one for one in judged.adjudicated()}
    for case in judged.cases:
        claim_id, touched = case.claim.id, set[str]()
        for verdict in case.verdicts:
            if verdict.state == "current":
                touched |= _own(found, claim_id, judged, passages, verdict)
        marked = _marks(found, case, judged, passages)
        if claim_id in standing:
            for cited in standing[claim_id].citations:
                for one in _documents(found, passages, cited):
                    key = (claim_id, one)
                    found.qrels[key] = max(GRADES[cited.stance], found.qrels.get(key, 0))
        for one in sorted(marked):
            if (claim_id, one) in found.qrels or one in touched:
                judged.told.counts["passages marked not relevant that somebody cites"] += 1
            found.qrels.setdefault((claim_id, one), NOT_RELEVANT)
        _shown(found, case, touched | marked, passages)
    grades = [*found.qrels.values()]
    for grade in (2, 1, 0):
        judged.told.counts[f"judged {grade}"] = grades.count(grade)
    judged.told.counts["shown, not judged"] = len(found.shown)
    return found


def _documents(found: Relevance, passages: Passages, cited: Citation) -> list[str]:
    held = passages.of(cited)
    if not held:
        found.loose[cited.passage_id] = cited
    return held or [cited.passage_id]


def _own(found: Relevance, claim_id: str, judged: Judged, passages: Passages, verdict: StoredVerdict) -> set[str]:
    """Note a reviewer's citations; the passages they are."""
    touched = set()
    by, told = judged.pseudonym(verdict.reviewer), {"guidelines": verdict.policy_hash, "verdict": verdict.hash}
    for cited in filter(judged.is_public, verdict.citations):
        for one in _documents(found, passages, cited):
            touched.add(one)
            line = {"query": claim_id, "passage": one, "reviewer": by, "grade": GRADES[cited.stance], "stance": cited.stance}
            found.own.append({**line, **told, "words": [cited.start, cited.end]})
    return touched


def _marks(found: Relevance, case: Case, judged: Judged, passages: Passages) -> set[str]:
    """Note who marked what; the passages called not relevant. To look again at something is no judgement."""
    marked = set()
    for reviewer, mark in case.marks:
        if mark.judgement != "not-relevant":
            continue
        for one in passages.named(mark.passage_id):
            marked.add(one)
            line = {"query": case.claim.id, "passage": one, "reviewer": judged.pseudonym(reviewer), "grade": NOT_RELEVANT}
            found.own.append({**line, "stance": None, "guidelines": mark.policy_hash, "verdict": None, "words": None})
    return marked


def _shown(found: Relevance, case: Case, judged_passages: set[str], passages: Passages) -> None:
    for verdict in case.verdicts:
        for hit in verdict.receipt.shown if verdict.receipt else ():
            for passage_id in (hit.passage_id, *hit.folded):
                for one in passages.named(passage_id):
                    key = (case.claim.id, one)
                    if one not in judged_passages and key not in found.qrels:
                        found.shown[key] = min(hit.rank, found.shown.get(key, hit.rank))
