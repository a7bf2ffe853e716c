"""Whether the words a verdict rests on still stand where they were cited: intact, moved, changed or gone.

What lives here: what became of one citation (pure), the same of every current verdict, recording it when it changes, and a
person's word that a verdict stands all the same. What does not: when words are the same (found_again.py), what a case makes of
it (review/fold.py), new passages that bear on decided claims (standing.py). A citation is never changed: it says what was read.
Its state is an event of the claim, appended by whoever changes the evidence, so that the history says since when; what is
appended is only what differs from the last word on it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench import review
from workbench.cases import Cases
from workbench.catalog import Catalog
from workbench.errors import UnknownId
from workbench.folders import write_whole
from workbench.found_again import place_of, stands_instead
from workbench.ledger import Ledger
from workbench.library import Library
from workbench.models import (
    Case,
    Citation,
    CitationState,
    CitedNow,
    Found,
    LibraryEntry,
    NewEvent,
    Reviewer,
    Span,
    StoredVerdict,
    canonical_json,
    sha256_hex,
)
from workbench.register import Row

# What may make a verdict wait to be looked at again: what became of its citations, new evidence, other words of the claim.
MAKES_WAIT = frozenset({"citations-checked", "evidence-found", "claim-changed", "quote-confirmed", "words-erased"})
LOOKED = "freshness.json"  # up to which event of the ledger every citation was looked at
TWICE = "These words and what was around them stand there more than once."
ELSEWHERE = "The words stand there, but not what was around them."


@dataclass(frozen=True)
class Held:
    """What the library holds now in place of a cited file.

    is_same: the very bytes, read as they were read then. texts: (source id, text) of what is read there otherwise: the same
    bytes read again, else the file at the same path. is_there: whether a file is at the path at all. note: what is known of a
    file that is not, or cannot be read.
    """

    is_same: bool = False
    texts: tuple[tuple[str, str], ...] = ()
    is_there: bool = False
    note: str = ""


def look_again(citation: Citation, held: Held) -> Found:
    """What became of a citation in what the library holds now (DESIGN.md section 6, `fresh`). Pure."""
    if held.is_same:
        there = Span(start=citation.start, end=citation.end)
        return Found(state="intact", now=citation.quote, source_id=citation.source_id, span=there, note=held.note)
    for source_id, text in held.texts:
        if (span := _place_of(citation, text)) is not None:
            return Found(state="moved", now=text[span.start : span.end], source_id=source_id, span=span)
    for source_id, text in held.texts:
        if (span := stands_instead(citation, text)) is not None:
            now = text[span.start : span.end]
            is_elsewhere = now.split() == citation.quote.split()
            note = "" if not is_elsewhere else TWICE if text.count(now) > 1 else ELSEWHERE
            return Found(state="changed", now=now, source_id=source_id, span=span, note=note)
    if held.texts:
        return Found(state="changed", source_id=held.texts[0][0], note="Nothing like these words stands in the file now.")
    return Found(state="changed" if held.is_there else "gone", note=held.note)


def _place_of(citation: Citation, text: str) -> Span | None:
    if sha256_hex(text) == citation.text_sha256:  # other bytes that say the very same, in another encoding for example
        return Span(start=citation.start, end=citation.end)
    return place_of(citation, text)


@dataclass(frozen=True)
class Waiting:
    """Ids of decided claims that wait for somebody, in the order of the cases. stale: a citation changed or is gone.

    reworded: the claim was changed after its verdict. new_evidence: a new passage bears on it.
    """

    stale: tuple[str, ...]
    reworded: tuple[str, ...]
    new_evidence: tuple[str, ...]


@dataclass(frozen=True)
class _Seen:
    """What one state of a case says of itself. reworded: (claim id, revision) of current verdicts on other words."""

    case: Case
    is_stale: bool
    reworded: tuple[tuple[str, int], ...]


def _may_wait(row: Row) -> bool:
    """Whether a verdict may have gone stale, or new evidence have come for it, as far as the row of its claim tells."""
    return row.has_verdict and not row.retired and (row.status == "recheck" or not row.kinds.isdisjoint(MAKES_WAIT))


class Freshness:
    """The citations of one workspace beside its evidence. Safe to share between threads. derived: the folder `.workbench`."""

    def __init__(self, cases: Cases, ledger: Ledger, library: Library, catalog: Catalog, *, derived: Path) -> None:
        self._cases = cases
        self._ledger = ledger
        self._library = library
        self._catalog = catalog
        self._looked = derived / LOOKED
        self._kept: dict[str, _Seen] = {}
        self._waiting: tuple[object, object, Waiting] | None = None
        self._found: tuple[Mapping[str, LibraryEntry], dict[tuple[object, ...], Found]] | None = None

    # what became of citations ----------------------------------------------------------------------------------------

    def found(self, citation: Citation) -> Found:
        """What became of a citation; the last answer while the library is the same. Raises: UnknownId for a missing text."""
        return self._found_in(citation, self._library.entries())

    def _found_in(self, citation: Citation, entries: Mapping[str, LibraryEntry]) -> Found:
        if self._found is None or self._found[0] is not entries:
            self._found = (entries, {})
        known = self._found[1]
        key = (citation.text_sha256, citation.source_id, citation.start, citation.end, citation.path)
        if key not in known:
            known[key] = look_again(citation, self._held(citation, entries))
        return known[key]

    def _citations(self, cases: Iterable[Case]) -> Iterator[tuple[Case, StoredVerdict, Citation, Found]]:
        """The citations of the current verdicts on some claims, each with what became of it. The library is asked once."""
        entries = self._library.entries()
        for case in cases:
            for verdict in case.verdicts:
                if verdict.state == "current":
                    yield from ((case, verdict, one, self._found_in(one, entries)) for one in verdict.citations)

    def lines(self) -> list[CitedNow]:
        """What became of every citation of every current verdict. Raises: UnknownId, as `found`."""
        return [
            CitedNow(
                claim_id=case.claim.id,
                revision=verdict.revision,
                sha256=cited.source_id,
                path=cited.path,
                state=found.state,
                was=cited.quote,
                now=found.now,
            )
            for case, verdict, cited, found in self._citations(self._cases.judged())
        ]

    def reworded(self) -> list[tuple[str, int]]:
        """(claim id, revision) of every current verdict whose claim was changed since it was given."""
        return [told for case in self._cases.judged() for told in self._seen(case).reworded]

    def waiting(self) -> Waiting:
        """The claims whose verdicts are to be looked at again, as recorded: nothing is looked up.

        Only cases are opened to which something of that kind happened: of ten thousand decided claims, few.
        """
        book, here = self._cases.all(), self._library.searchable()
        if self._waiting is None or self._waiting[0] is not book or self._waiting[1] is not here:
            touched = [row.claim_id for row in book.rows.values() if _may_wait(row)]
            cases = list(book.walk(touched))
            waiting = Waiting(
                stale=tuple(case.claim.id for case in cases if self._seen(case).is_stale),
                reworded=tuple(case.claim.id for case in cases if self._seen(case).reworded),
                new_evidence=tuple(case.claim.id for case in cases if any(one.source_id in here for one in case.new_evidence)),
            )
            self._waiting = (book, here, waiting)
        return self._waiting[2]

    def _seen(self, case: Case) -> _Seen:
        """What is kept of a case; worked out once: a page asks of every decided claim, and few of them have changed."""
        seen = self._kept.get(case.claim.id)
        if seen is None or seen.case is not case:
            words = case.claim.content_hash
            current = [one for one in case.verdicts if one.state == "current"]
            reworded = tuple((case.claim.id, one.revision) for one in current if one.claim_hash != words)
            seen = self._kept[case.claim.id] = _Seen(case, bool(case.stale), reworded)
        return seen

    # what is recorded ------------------------------------------------------------------------------------------------

    def renew(self) -> None:
        """Record what became of citations since somebody last looked. Call it while nobody else changes the evidence.

        Raises: UnknownId where a text is not at hand, LedgerError.
        """
        if self._stamp() == self._kept_stamp():
            return
        self._ledger.append_all(self._news())
        with suppress(OSError):  # then every citation is looked at once more
            write_whole(self._looked, json.dumps(self._stamp()).encode())

    def confirm(self, claim_id: str, passage_id: str, reviewer: Reviewer, reason: str) -> Case:
        """Record that a verdict stands although a cited passage changed or is gone, and why.

        It counts until something else becomes of the passage. Raises: UnknownId, Refused.
        """
        self._cases.get(claim_id)
        payload = {"passage_id": passage_id, "reason": reason.strip()}
        event = self._cases.event(claim_id, "citation-confirmed", payload, actor=reviewer)
        self._ledger.append(event, review.check_confirmation)
        return self._cases.get(claim_id)

    def _news(self) -> list[NewEvent]:
        """An event for each claim of whose citations anything is to be said that was not said last."""
        cases = self._cases.judged()
        before = {(one.hash, one.passage_id): (one.state, one.now) for case in cases for one in case.citation_states}
        news: dict[str, list[dict[str, Any]]] = {}
        for case, verdict, cited, found in self._citations(cases):
            told = (found.state, found.now if found.state == "changed" else None)
            if told != before.get((verdict.hash, cited.passage_id), ("intact", None)):
                state = CitationState(hash=verdict.hash, passage_id=cited.passage_id, state=told[0], now=told[1])
                news.setdefault(case.claim.id, []).append(state.model_dump(mode="json", exclude={"at", "confirmed"}))
        return [self._cases.event(claim_id, "citations-checked", {"found": found}) for claim_id, found in news.items()]

    def _stamp(self) -> list[str]:
        """What decides every state: the ledger, and which files cannot be read."""
        failures = sorted(one.path for one in self._catalog.failures())
        return [self._ledger.workspace_id, self._ledger.head()[1], sha256_hex(canonical_json(failures))]

    def _kept_stamp(self) -> object:
        try:
            return json.loads(self._looked.read_bytes())
        except (OSError, ValueError):
            return None

    # what the library holds ------------------------------------------------------------------------------------------

    def _held(self, citation: Citation, entries: Mapping[str, LibraryEntry]) -> Held:
        same = entries.get(citation.source_id)
        if same is not None and same.paths and not same.removed:
            if same.text_sha256 == citation.text_sha256:
                note = "" if citation.path in (None, *same.paths) else f"The file lies at {same.paths[0]} now."
                return Held(is_same=True, note=note)
            return Held(texts=(self._text_of(same),), is_there=True)
        if citation.path is None:
            return Held(note=self._why_gone(citation, entries))
        here = [entries[one] for one in self._library.at(citation.path) if one in entries]
        if here:
            return Held(texts=tuple(map(self._text_of, here)), is_there=True)
        failure = next((one for one in self._catalog.failures() if one.path == citation.path), None)
        if failure is not None:
            return Held(is_there=True, note=f"The file at {failure.path} cannot be read: {failure.message}")
        return Held(note=self._why_gone(citation, entries))

    def _text_of(self, entry: LibraryEntry) -> tuple[str, str]:
        source = self._catalog.source(entry.source_id)
        if source is None:
            hint = "Run: workbench evidence sync"
            raise UnknownId(f"The text of {entry.title} is not at hand.", hint=hint, code="no_text_at_hand")
        return entry.source_id, source.text

    def _why_gone(self, citation: Citation, entries: Mapping[str, LibraryEntry]) -> str:
        """What the events say of a file that is not there any more: who took it out, or where it lay last."""
        for event in reversed(self._ledger.events("source", citation.source_id)):
            if event.kind == "source-purged" and (known := entries.get(citation.source_id)) and known.purged:
                return known.purged.words
            if event.kind == "source-removed":
                why = event.payload["reason"].strip()
                told = f"{event.actor.display_name} took the file out of the evidence on {event.created_at:%Y-%m-%d}"
                return f"{told}: {why}" if why else f"{told}."
            if event.kind == "source-path-gone" and event.payload["path"] != citation.path:
                path = event.payload["path"]
                here = [entries[one] for one in self._library.at(path) if one in entries]
                return f"The file was renamed to {path}, and other words stand there now." if here else ""
        return ""
