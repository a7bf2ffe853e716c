"""Any words of a source as a citation: a whole passage, or exactly the words somebody selected.

What lives here: what an id of the form `<16 hex>-start-end` names, the check of selected words against the source, and the
citation made of them with what is known of them. What does not: what a citation holds (citations.py), whose words they are
(attribution.py), whether a verdict may be saved (review/). What reads speech and matches words is imported where it is used:
a verdict without a citation needs none of it.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import regex

from workbench.catalog import Catalog
from workbench.citations import cite_passage
from workbench.errors import Refused, UnknownId
from workbench.library import Library
from workbench.models import Citation, Cite, Claim, LibraryEntry, Passage, Source, Span, sha256_hex
from workbench.originals import Originals
from workbench.whole_words import only_place, shortened, whole_words

if TYPE_CHECKING:
    from workbench.attribution import Attribution

KEPT = 8  # texts held in memory
_ID = regex.compile(r"(?P<source>[0-9a-f]{16})-(?P<start>[0-9]{1,9})-(?P<end>[0-9]{1,9})")


class Citing:
    """The words of one workspace that can be cited. Safe to share between threads."""

    def __init__(self, evidence: Library, catalog: Catalog, originals: Originals) -> None:
        self._evidence = evidence
        self._catalog = catalog
        self._originals = originals
        self._lock = threading.Lock()
        self._read: OrderedDict[tuple[str, str, str], Source] = OrderedDict()  # pages ask for the same ones at every drawing

    def passage(self, passage_id: str) -> Passage:
        """What an id names: the stored passage, else the words between its two offsets. Raises: UnknownId."""
        stored = self._catalog.passage(passage_id)
        if stored is not None:
            return stored
        named = _ID.fullmatch(passage_id)
        if named is None:
            raise _unknown(passage_id)
        try:
            source = self.source(named["source"])[1]
        except UnknownId as error:
            raise _unknown(passage_id) from error
        try:
            found = self._passage_of(source, _inside(source, int(named["start"]), int(named["end"])))
        except Refused as error:
            raise UnknownId(f"{passage_id} cannot be cited: {error.message}", hint=error.hint, code=error.code) from error
        if found.passage_id != passage_id:
            hint = f"These words are {found.passage_id}."
            raise UnknownId(f"{passage_id} is not the id of these words, without white space around them.", hint=hint)
        return found

    def source(self, id_or_prefix: str) -> tuple[LibraryEntry, Source]:
        """What is known of a source, and its text. Raises: UnknownId."""
        entry = self._evidence.find(id_or_prefix)
        key = (entry.source_id, entry.text_sha256, entry.reader)  # what decides text and places
        with self._lock:
            source = self._read.get(key) if self._catalog.has(entry.source_id) else None
        source = source or self._catalog.source(entry.source_id)
        if entry.purged:
            hint = "Its words are nowhere in this workspace; verdicts that cited it say so."
            raise UnknownId(f"{entry.title}: {entry.purged.words}", hint=hint, code="purged")
        if source is None:
            raise UnknownId(
                f"The text of {entry.title} is not at hand.",
                hint="It was removed, or the derived files were deleted: run workbench evidence sync.",
                code="no_text_at_hand",
            )
        with self._lock:
            self._read[key] = source
            self._read.move_to_end(key)
            if len(self._read) > KEPT:
                self._read.popitem(last=False)
        return entry, source

    def selected(self, source_id: str, span: Span, words: str) -> Passage:
        """The words somebody selected, once they are the words that stand there; white space may differ, as pages fold it.

        Raises: UnknownId, Refused where other words stand there.
        """
        source = self.source(source_id)[1]
        there = source.text[span.start : span.end]
        if " ".join(there.split()) != " ".join(words.split()):
            raise Refused(
                f"Other words stand at characters {span.start:,} to {span.end:,}: “{shortened(there)}”.",
                hint="Nothing was cited. Reload the page and select them again.",
                code="other_words",
            )
        return self._passage_of(source, span)

    def between(self, passage: Passage, first: str, last: str) -> Passage:
        """The words from the first ones to the last ones as somebody typed them; only the first: those alone.

        They are looked for in the passage (or the one the words lie in), then in the whole text. Quotation marks, dashes and
        letter case may be typed otherwise. Raises: Refused where they are not there, or more than once.
        """
        from workbench.matching import find_words

        source = self.source(passage.source_id)[1]
        around = self._catalog.passages_over(passage.source_id, Span(start=passage.start, end=passage.end)) or [passage]
        begin, text = around[0].start, source.text[around[0].start : around[-1].end]
        if not find_words(first, text):
            begin, text = 0, source.text
        begins = only_place(first, text)
        ends = only_place(last, text[begins.start :]) if last.strip() else Span(start=0, end=begins.end - begins.start)
        at = begin + begins.start
        return self._passage_of(source, Span(start=at, end=at + ends.end))

    def plain(self, passage_id: str) -> Citation:
        """The words of an id with what is known of their file, for whoever copies them: without a claim, so as context.

        Raises: UnknownId.
        """
        from workbench.attribution import Attribution

        passage = self.passage(passage_id)
        entry, source = self.source(passage.source_id)
        return cite_passage(Cite(passage_id=passage_id, stance="context"), passage, entry, source, Attribution())

    def kept(self, cites: Iterable[Cite], claim: Claim) -> list[Citation]:
        """The citations of a verdict, as the words stand now; each whole text is kept before any verdict refers to it.

        Raises: UnknownId.
        """
        found = []
        for cite in cites:
            citation, source = self._citation(cite, claim)
            self._originals.keep_text(source.text)
            found.append(citation)
        return found

    def at_hand(self, cites: Iterable[Cite], claim: Claim) -> list[Citation]:
        """The citations of a draft, as the words stand now; what is gone from the library is left out."""
        found = []
        for cite in cites:
            with suppress(UnknownId):
                found.append(self._citation(cite, claim)[0])
        return found

    def suggested_origin(self, cite: Cite, claim: Claim) -> str | None:
        """Who seems to know what is cited, from the phrases that attribute it; None where nothing says. Raises: UnknownId."""
        from workbench.attribution import suggested_origin

        passage = self.passage(cite.passage_id)
        entry, source = self.source(passage.source_id)
        text, spans = self._in_context(passage, source, claim)
        meta = entry.meta
        body = meta.reports_on.body if meta.reports_on else None
        return suggested_origin(text, spans, opening=source.text, publisher=meta.publisher, body=body)

    # the parts ------------------------------------------------------------------------------------------------------

    def _citation(self, cite: Cite, claim: Claim) -> tuple[Citation, Source]:
        passage = self.passage(cite.passage_id)
        entry, source = self.source(passage.source_id)
        text, spans = self._in_context(passage, source, claim)
        return cite_passage(cite, passage, entry, source, _whose(cite, text, spans, entry, claim)), source

    def _in_context(self, passage: Passage, source: Source, claim: Claim) -> tuple[str, tuple[Span, ...]]:
        """A text that may say who speaks, and what in it to ask about: of a passage the words it shares with the claim.

        Of selected words it is those words, in the passages they were selected from.
        """
        from workbench.matching import matched_spans

        overlapping = self._catalog.passages_over(passage.source_id, Span(start=passage.start, end=passage.end))
        if not overlapping or any(one.passage_id == passage.passage_id for one in overlapping):
            return passage.text, matched_spans(claim.statement, passage.text)
        start, end = min(passage.start, overlapping[0].start), max(passage.end, overlapping[-1].end)
        return source.text[start:end], (Span(start=passage.start - start, end=passage.end - start),)

    def _passage_of(self, source: Source, span: Span) -> Passage:
        """The span as a passage; white space at its edges is left out. Raises: Refused for less than a word."""
        from workbench.passages import ocr_confidence_of, place_label

        span = whole_words(source.text, span)
        around = self._catalog.passages_over(source.source_id, span)
        text = source.text[span.start : span.end]
        return Passage(
            passage_id=Passage.id_of(source.source_id, span.start, span.end),
            source_id=source.source_id,
            ordinal=around[0].ordinal if around else 0,
            start=span.start,
            end=span.end,
            text=text,
            text_hash=sha256_hex(text),
            page=place_label(source, span),
            language=around[0].language if around else None,
            ocr_confidence=ocr_confidence_of(source, span),
        )


def _whose(cite: Cite, text: str, spans: Sequence[Span], entry: LibraryEntry, claim: Claim) -> Attribution:
    """Whose words they are. A person who names another origin than the claimant has the last word."""
    from workbench.attribution import attribution, is_by, without_via

    claimant = claim.claimant.name if claim.claimant else None
    found = attribution(text, spans, claimant=claimant, publisher=entry.meta.publisher)
    named = without_via(cite.origin)
    if found.repeats_claim and named and not is_by(claimant, named, surname=True):
        return replace(found, repeats_claim=False)
    return found


def _inside(source: Source, start: int, end: int) -> Span:
    if not start < end <= len(source.text):
        raise Refused(
            f"Its text has {len(source.text):,} characters.",
            hint="Name a passage, or a stretch inside the text.",
            code="no_such_words",
        )
    return Span(start=start, end=end)


def _unknown(passage_id: str) -> UnknownId:
    return UnknownId(
        f"There is no passage {passage_id!r}.",
        hint="Find passages with: workbench search or workbench match",
        code="unknown_passage",
    )
