"""Decided claims that new evidence bears on: every new passage is held against every decided claim.

What lives here: which passages are new to a claim, which of them a person should see and why, and a person's word that one
changes nothing. What does not: whether cited words still stand (freshness.py), ranking for a reader (search/).

A passage is new to a claim where its file was taken in after the verdict that counts, and its words were never in the evidence
before: the new version of a report brings only what it adds. It is shown where it differs from the claim under the lens, or
lies nearer to it than the weakest passage the verdict cites (than the best it was shown, where it cites none). What is found is
an event of the claim, once; nobody is asked about the same words again, whatever they answered.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from workbench import review
from workbench.cases import Cases
from workbench.catalog import Catalog
from workbench.folders import write_whole
from workbench.languages import is_among, script_of
from workbench.ledger import Ledger
from workbench.library import Library
from workbench.likeness import Likeness
from workbench.models import Case, LibraryEntry, NewEvent, NewEvidence, Passage, Reviewer, SourceMeta, Standing, StoredVerdict
from workbench.search.hits import findings
from workbench.settings import Settings

if TYPE_CHECKING:
    from workbench.catalog.generations import Generation
    from workbench.encoders import Encoder

LOOKED = "standing.json"  # up to where new passages were held against the claims
AT_MOST = 3  # passages a claim is shown of one look; the nearest ones
LENS_LEAST, LENS_SHARE = 100, 10  # pairs the lens is asked about in one look: so many, or a tenth of the new passages
CLAIMS_AT_ONCE = 512  # rows of the matrix of claims and passages that are in memory together
DECIDED = ("settled", "published", "recheck")
Vectors = NDArray[np.float32]


@dataclass(frozen=True)
class _Looked:
    """Up to where somebody looked: the ledger's last event, and the vector that was kept last, of one model."""

    seq: int = 0
    model: str = ""
    vector: int = 0


class _New(NamedTuple):
    """A new passage near a claim: whether it is nearer than what was cited, and whether the lens is asked about it."""

    passage: Passage
    is_nearer: bool
    is_for_lens: bool


@dataclass(frozen=True)
class _Decided:
    """A claim with its verdict that counts. asked: hashes of the texts somebody was asked about."""

    case: Case
    verdict: StoredVerdict
    asked: frozenset[str]

    @cached_property
    def quotes(self) -> list[str]:
        """The words that the verdict cites, in one line each."""
        return [" ".join(one.quote.split()) for one in self.verdict.citations]

    @property
    def shown(self) -> list[str]:
        """Names of the passages that the reviewer was shown."""
        return [one.passage_id for one in self.verdict.receipt.shown] if self.verdict.receipt else []

    @property
    def nearer_than(self) -> str:
        """Why a passage that lies nearer is shown."""
        if self.verdict.citations:
            return "nearer to the claim than the weakest passage that the verdict cites"
        return "nearer to the claim than any passage that was shown, and the verdict cites none"

    def differences(self, passage: Passage, entry: LibraryEntry) -> str:
        """What differs in a passage from the claim, in words; "" for nothing, or nothing that a cited passage did not say."""
        seen = self._differing(passage.text, entry.meta, entry.meta.language or passage.language or "en")
        return "; ".join(dict.fromkeys(each for each in seen if each not in self._cited_differences))

    @cached_property
    def _cited_differences(self) -> set[str]:
        return {each for quote in self.quotes for each in self._differing(quote, SourceMeta(), "en")}

    def _differing(self, text: str, meta: SourceMeta, language: str) -> list[str]:
        claim = self.case.claim
        seen = findings(claim.statement, claim.claimed_on, text, meta, language=language)
        return [one.detail for one in seen if one.relation == "differs"]

    def bearing(self, new: Sequence[_New], here: Mapping[str, LibraryEntry]) -> list[NewEvidence]:
        """What of the new passages near the claim a person should see, and why; those that differ first, then the nearest."""
        cited = [Likeness.of(quote) for quote in self.quotes]
        found = []
        for passage, is_nearer, is_for_lens in new:
            mine = Likeness.of(passage.text)
            if any(mine.is_same(other) for other in cited):
                continue
            differs = self.differences(passage, here[passage.source_id]) if is_for_lens else ""
            if differs:
                found.append(self.evidence(passage, "differs", f"differs from the claim: {differs}"))
            elif is_nearer and not any(quote in " ".join(passage.text.split()) for quote in self.quotes):
                found.append(self.evidence(passage, "nearer", self.nearer_than))
        return sorted(found, key=lambda each: each.kind)

    def evidence(self, passage: Passage, kind: Literal["differs", "nearer"], reason: str) -> NewEvidence:
        """The passage as what bears on this claim."""
        return NewEvidence(
            hash=self.verdict.hash,
            passage_id=passage.passage_id,
            source_id=passage.source_id,
            text_hash=passage.text_hash,
            kind=kind,
            reason=reason,
        )


class StandingClaims:
    """The decided claims of one workspace. derived: the folder `.workbench`. encoder: asked for only where files are new."""

    def __init__(
        self,
        cases: Cases,
        ledger: Ledger,
        library: Library,
        catalog: Catalog,
        encoder: Callable[[], Encoder],
        settings: Settings,
        *,
        derived: Path,
    ) -> None:
        self._cases = cases
        self._ledger = ledger
        self._library = library
        self._catalog = catalog
        self._encoder = encoder
        self._settings = settings
        self._looked = derived / LOOKED

    def waiting(self) -> list[tuple[Case, NewEvidence, LibraryEntry]]:
        """What nobody has answered yet, of files that are still in the evidence, in the order of the claims."""
        here = self._library.searchable()
        cases = self._cases.judged()
        return [(case, one, here[one.source_id]) for case in cases for one in case.new_evidence if one.source_id in here]

    def lines(self) -> list[Standing]:
        """The same, as `workbench fresh --json` prints it."""
        return [
            Standing(claim_id=case.claim.id, passage_id=one.passage_id, path=entry.paths[0], reason=one.reason)
            for case, one, entry in self.waiting()
        ]

    def no_change(self, claim_id: str, passage_id: str, reviewer: Reviewer, reason: str = "") -> Case:
        """Record that a new passage changes nothing about the verdict. Raises: UnknownId, Refused where it does not wait."""
        self._cases.get(claim_id)
        payload = {"passage_id": passage_id, "reason": reason.strip()}
        event = self._cases.event(claim_id, "evidence-answered", payload, actor=reviewer)
        self._ledger.append(event, review.check_answer)
        return self._cases.get(claim_id)

    # looking ---------------------------------------------------------------------------------------------------------

    def renew(self) -> None:
        """Hold what came in since somebody last looked against every decided claim, and record what bears on one.

        Call it while nobody else changes the evidence. Raises: StaleIndex, ModelError, LedgerError; it is then looked at later.
        """
        looked, head = self._kept(), self._ledger.head()[0]
        if head == looked.seq:
            return
        decided = self._decided()
        added = self._added_since(max(looked.seq, min((one.verdict.seq for one in decided), default=head)))
        if added:
            encoder = self._encoder()
            after = looked.vector if looked.model == encoder.fingerprint else 0
            ids = self._catalog.kept_texts.new_since(encoder.fingerprint, after, self._readable_ids(added))
            if ids:
                self._ledger.append_all(list(self._news(decided, ids, added, encoder)))
            looked = _Looked(model=encoder.fingerprint, vector=self._catalog.kept_texts.up_to())
        self._keep(replace(looked, seq=self._ledger.head()[0]))

    def _decided(self) -> list[_Decided]:
        """The decided claims in a language the model was checked for."""
        languages = self._settings.search.languages
        return [
            _Decided(case, case.counting, _asked_about(case))
            for case in self._cases.judged()
            if case.counting is not None and case.status in DECIDED
            if is_among(languages, language=None, script=script_of(case.claim.statement))
        ]

    def _added_since(self, seq: int) -> dict[str, int]:
        """The searchable sources that were added after an event, with the seq that added them; another path adds none."""
        here = self._library.searchable()
        return {
            event.subject_id: event.seq
            for event in self._ledger.since(seq, subject_kind="source")
            if event.kind == "source-added" and event.subject_id in here and here[event.subject_id].added_at == event.created_at
        }

    def _readable_ids(self, added: Mapping[str, int]) -> list[int]:
        """The ids of the passages of new sources that are in a language the model was checked for."""
        here, languages = self._library.searchable(), self._settings.search.languages
        readable = {one for one in added if is_among(languages, language=here[one].language, script=here[one].script)}
        roster = self._catalog.roster()
        wanted = np.array([source in readable for source in roster.sources], dtype=bool)
        found: list[int] = roster.ids[wanted[roster.source_of]].tolist() if len(roster.ids) else []
        return found

    def _news(
        self, decided: Sequence[_Decided], ids: Sequence[int], added: Mapping[str, int], encoder: Encoder
    ) -> Iterator[NewEvent]:
        """An event for each claim on which new passages bear."""
        generation = self._catalog.generation()
        if generation is None:
            return
        claims = self._catalog.kept_texts.vectors(encoder, [one.case.claim.statement for one in decided])
        least = self._settings.claims.bears_from
        near = _nearest(claims, generation.dense.rows(ids), least)
        bars, seen = self._bars(decided, claims, generation, encoder), _for_the_lens(near, len(ids))
        passages = self._catalog.passages_by_id(sorted({ids[at] for row in near for at, _ in row}))
        here = self._library.searchable()
        for number, (one, bar, row) in enumerate(zip(decided, bars, near, strict=True)):
            new = [_New(passages[ids[at]], cosine > bar, (number, at) in seen) for at, cosine in row if ids[at] in passages]
            since = [each for each in new if added[each.passage.source_id] > one.verdict.seq]
            found = one.bearing([each for each in since if each.passage.text_hash not in one.asked], here)
            if found:
                payload = {"found": [each.model_dump(mode="json", exclude={"at"}) for each in found]}
                yield self._cases.event(one.case.claim.id, "evidence-found", payload)

    def _bars(self, decided: Sequence[_Decided], claims: Vectors, generation: Generation, encoder: Encoder) -> list[float]:
        """What a passage has to lie nearer than, for each claim: the weakest passage cited; else the best that was shown."""
        cited = [(at, one.quote) for at, each in enumerate(decided) for one in each.verdict.citations]
        bars = np.full(len(decided), np.inf, dtype=np.float32)
        rows = [at for at, _ in cited]
        quotes = self._catalog.kept_texts.vectors(encoder, [quote for _, quote in cited])
        np.minimum.at(bars, rows, (claims[rows] * quotes).sum(axis=1))
        bars[np.isinf(bars)] = -1.0
        shown = [(at, name) for at, each in enumerate(decided) if not each.verdict.citations for name in each.shown]
        here = self._catalog.kept_texts.ids_of([name for _, name in shown])
        known = [(at, here[name]) for at, name in shown if name in here]
        rows = [at for at, _ in known]
        seen = generation.dense.rows([one for _, one in known])
        np.maximum.at(bars, rows, (claims[rows] * seen).sum(axis=1))
        found: list[float] = bars.tolist()
        return found

    # up to where -------------------------------------------------------------------------------------------------------

    def _kept(self) -> _Looked:
        try:
            kept = json.loads(self._looked.read_bytes())
            return _Looked(**kept["looked"]) if kept["ledger"] == self._ledger.workspace_id else _Looked()
        except (OSError, ValueError, TypeError, KeyError):
            return _Looked()

    def _keep(self, looked: _Looked) -> None:
        with suppress(OSError):  # then the same passages are looked at once more, and nothing is asked twice
            kept = {"ledger": self._ledger.workspace_id, "looked": asdict(looked)}
            write_whole(self._looked, json.dumps(kept).encode())


def _nearest(claims: Vectors, passages: Vectors, least: float) -> list[list[tuple[int, float]]]:
    """For each claim the (row, cosine) of the passages nearest to it, best first, none below `least`."""
    found: list[list[tuple[int, float]]] = []
    for start in range(0, len(claims), CLAIMS_AT_ONCE):
        for row in claims[start : start + CLAIMS_AT_ONCE] @ passages.T:
            enough = np.flatnonzero(row >= least)
            best = enough[np.argsort(-row[enough], kind="stable")][:AT_MOST]
            found.append([(int(at), float(row[at])) for at in best])
    return found


def _for_the_lens(near: Sequence[Sequence[tuple[int, float]]], count: int) -> set[tuple[int, int]]:
    """The (claim, passage) pairs that the lens is asked about, nearest first: looking takes a tenth of encoding, or less."""
    pairs = [(-cosine, number, at) for number, row in enumerate(near) for at, cosine in row]
    most = max(LENS_LEAST, count // LENS_SHARE)
    return {(number, at) for _, number, at in sorted(pairs)[:most]}


def _asked_about(case: Case) -> frozenset[str]:
    """Hashes of the texts that somebody was ever asked about for this claim."""
    events = (event for event in case.events if event.kind == "evidence-found")
    return frozenset(one["text_hash"] for event in events for one in event.payload["found"])
