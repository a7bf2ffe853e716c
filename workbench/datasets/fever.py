"""FEVER: a claim with a label of three and evidence sets of sentences (Thorne et al. 2018, fever.ai).

What lives here: the record of one judgement, and the documents its sentences are counted in. What has no class there (evidence
that conflicts, ratings without a counterpart) is told apart by a label of null. What does not: which judgements there are.

A set is what a reviewer said counts together; a citation in no such group is a set of its own.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from workbench.datasets.judged import Judged, Judgement, words_at
from workbench.errors import UnknownId
from workbench.models import Citation, Span, Stance
from workbench.originals import Originals
from workbench.passages import sentence_spans

LABELS: dict[str | None, tuple[str, Stance | None]] = {
    "supported": ("SUPPORTS", "supports"),
    "refuted": ("REFUTES", "refutes"),
    "not-enough-evidence": ("NOT ENOUGH INFO", None),
}


class Documents:
    """The texts that evidence is counted in, each split into sentences once."""

    def __init__(self, originals: Originals, judged: Judged) -> None:
        self._originals = originals
        self._judged = judged
        self._sentences: dict[tuple[str, str], list[Span]] = {}

    def ordinals(self, one: Citation) -> list[int]:
        """The sentences that hold cited words, counted from 0. Raises: UnknownId where the cited text was not kept."""
        key = (one.source_id, one.text_sha256)
        if key not in self._sentences:
            text = self._originals.text(one.text_sha256)
            self._sentences[key] = sentence_spans(text, language=self._judged.language(one.source_id))
        spans = self._sentences[key]
        return [number for number, span in enumerate(spans) if span.start < one.end and one.start < span.end]

    def records(self, *, with_text: bool) -> Any:
        """A line for each document that was asked about: its text, and its sentences as FEVER's `lines`."""
        for source_id, text_sha256 in sorted(self._sentences):
            text = self._originals.text(text_sha256)
            spans = [(span.start, span.end) for span in self._sentences[source_id, text_sha256]]
            yield {
                "id": document_id(source_id, text_sha256),
                "title": self._judged.stated_title(source_id) or None,
                "text": text if with_text else None,
                "lines": lines_of(text, spans) if with_text else None,
                "sentences": spans,
                "words": words_at(source_id, text_sha256, 0, len(text), text),
            }


def document_id(source_id: str, text_sha256: str) -> str:
    """The name of a text of a source: a file may be read otherwise one day."""
    return f"{source_id[:16]}-{text_sha256[:8]}"


def lines_of(text: str, spans: list[tuple[int, int]]) -> str:
    """`0<tab>First sentence.`, a line each; white space inside a sentence is one space."""
    return "\n".join(f"{number}\t{' '.join(text[start:end].split())}" for number, (start, end) in enumerate(spans))


def record_of(one: Judgement, judged: Judged, documents: Documents) -> dict[str, Any]:
    """The record of a judgement; label and verifiable are null where FEVER has no class for it."""
    label, stance = LABELS.get(one.label, (None, None))
    evidence: list[list[list[Any]]] = [[[None, None, None, None]]] if label == "NOT ENOUGH INFO" else []
    if stance:
        evidence = _sets(one, stance, judged, documents)
    record = {
        "id": one.claim.id,
        "verifiable": None if label is None else "VERIFIABLE" if stance else "NOT VERIFIABLE",
        "label": label,
        "claim": one.claim.statement,
        "evidence": evidence,
    }
    told = judged.tally(one)
    told.nulls_of(record)
    if stance and not evidence:
        told.null["evidence: labelled, but no sentence may be given"] += 1
    return record | {"workbench": judged.about(one)}


def _sets(one: Judgement, stance: Stance, judged: Judged, documents: Documents) -> list[list[list[Any]]]:
    """Of each group with a citation of that stance, the sentences of the whole group; each of the others is one by itself."""
    together: defaultdict[Any, list[Citation]] = defaultdict(list)
    for number, cited in enumerate(one.citations):
        together[(cited.group,) if cited.group is not None else number].append(cited)
    whole = {cited.group for cited in one.verdict.citations if not judged.is_public(cited)} - {None}
    sets = []
    for group in together.values():
        if group[0].group in whole or not any(each.stance == stance and not each.only_repeats for each in group):
            continue
        try:
            sentences = {(_id(each), ordinal) for each in group for ordinal in documents.ordinals(each)}
        except UnknownId:
            judged.tally(one).left_out["evidence whose text was not kept"] += 1
            continue
        sets.append([[None, None, document, ordinal] for document, ordinal in sorted(sentences)])
    return sets


def _id(one: Citation) -> str:
    return document_id(one.source_id, one.text_sha256)
