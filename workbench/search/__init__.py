"""From a claim's wordings to ranked passages, and the receipt that says what was searched.

What lives here: the Searcher: the refusal to search an index that does not match, asking both sides, the receipt. What does
not: how scores are fused (fusion.py, hubness.py), what a search may look at (scope.py), which candidates become hits in which
order (folding.py, hits.py), making indexes. The receipt is complete: what was asked, what was left out and why.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from workbench.catalog import Catalog, Corpus
from workbench.catalog.generations import Generation
from workbench.catalog.roster import Roster
from workbench.encoders import Encoder
from workbench.errors import ModelError, StaleIndex
from workbench.models import (
    Failure,
    Filters,
    Hit,
    LibraryEntry,
    SearchMode,
    SearchReceipt,
    SearchResult,
    ShownHit,
    canonical_json,
    sha256_hex,
)
from workbench.search.facets import doubts, facets
from workbench.search.folding import fold_same
from workbench.search.fusion import DECIMALS, Candidate, Ranking, best_of, by_score, dense_share, fuse
from workbench.search.hits import Found, make_hit
from workbench.search.hubness import Hubness
from workbench.search.meaning import REINDEX, Asked, Meaning
from workbench.search.query import Query, Wording, read_as, read_wordings
from workbench.search.scope import NOTHING, Scope, scope_of
from workbench.settings import Settings

__all__ = ["Candidate", "Index", "Query", "Ranking", "Searcher", "fuse"]

TEXTS_AT_ONCE = 50  # candidates whose texts are fetched together, until enough of them say something new


class Reranker(Protocol):
    """What search needs of a model that reads a query and a passage together."""

    @property
    def fingerprint(self) -> str:
        """A short name and a hash of what decides the scores."""

    def score(self, query: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """How well each text answers the query: (n,) in [0, 1]."""


@dataclass(frozen=True)
class Index:
    """A generation that may be searched, and the roster of the passages it may show."""

    generation: Generation
    roster: Roster
    warnings: tuple[str, ...] = ()


class Searcher:
    """Search over one catalog. Safe from several threads; a model is asked for by the first search that needs it."""

    def __init__(
        self,
        catalog: Catalog,
        settings: Settings,
        encoder: Callable[[], Encoder],
        *,
        reranker: Callable[[], Reranker | None] = lambda: None,
    ) -> None:
        self._catalog = catalog
        self._settings = settings
        self._reranker = reranker
        self.meaning = Meaning(encoder, settings.search.languages)
        self._lock = threading.Lock()
        self._known: Roster | None = None
        self._hubs: tuple[Generation, Hubness] | None = None
        self._facets: tuple[Mapping[str, LibraryEntry], dict[str, Counter[str]]] | None = None
        self._scoped: tuple[Roster, Mapping[str, LibraryEntry], Filters, Scope] | None = None

    def search(
        self,
        query: Query,
        *,
        k: int,
        mode: SearchMode,
        filters: Filters,
        library: Mapping[str, LibraryEntry],
        unread: Sequence[Failure],
        waiting: Sequence[str],
        now: datetime,
        evidence_seq: int | None = None,
    ) -> SearchResult:
        """The k best passages for a query, best first, with the receipt; passages that say the same are one hit.

        library: the sources a search may show, by source id, as they were after the event `evidence_seq`. Without any evidence
        there are no hits and a warning.
        Raises: WorkbenchError (`empty_query`, `bad_query`), StaleIndex where the index is not of these files and settings.
        """
        asked = Asked(mode)
        wordings = read_wordings(query, mode, asked.warnings)
        query = replace(query, claim=(query.claim or wordings[0].text) if query.is_looked_at else "")
        index = self.open()
        hits: list[Hit] = []
        scope = NOTHING
        if index is None:
            asked.warnings.append(self._nothing_to_search())
        else:
            asked.warnings.extend(index.warnings)
            scope = self._scope(index, filters, library)
            asked.warnings.extend(doubts(filters, self.facets(library)) if not filters.is_empty else ())
            candidates = self._candidates(index, wordings, scope, asked, depth=max(self._settings.search.candidates, 2 * k))
            hits = list(self._hits(candidates, k, query, wordings, library))
        receipt = SearchReceipt(
            queries=query.wordings,
            read_as=read_as(wordings),
            asked_mode=mode,
            filters=filters,
            k=k,
            generation=index.generation.name if index else None,
            corpus_digest=index.generation.manifest.corpus_digest if index else None,
            unread=tuple(unread),
            waiting=tuple(waiting),
            shown=tuple(_shown(hit) for hit in hits),
            evidence_seq=evidence_seq,
            settings_hash=self.settings_hash,
            created_at=now,
            **_what_was_done(asked, scope),
        )
        return SearchResult(query=query.wordings[0], receipt=receipt, hits=tuple(hits))

    @cached_property
    def settings_hash(self) -> str:
        """sha256 of the settings that shape a search: models, fusion, how texts are cut."""
        evidence = self._settings.evidence
        cut = [evidence.passage_sentences, evidence.passage_words]
        return sha256_hex(canonical_json([self._settings.search.shaping, cut]))

    def matching(self, query: Query, *, filters: Filters, library: Mapping[str, LibraryEntry]) -> dict[str, int]:
        """How many passages of each source match a query by words: every one of them, however many. Raises: as `search`."""
        wordings = read_wordings(query, "lexical", [])
        index = self.open()
        if index is None:
            return {}
        scope = self._scope(index, filters, library)
        found = {
            one for each in wordings for one, _ in index.generation.lexical.search(each.wanted, scope.passages, ids=scope.ids)
        }
        counts = Counter(index.roster.source_of[list(index.roster.positions(list(found)).values())].tolist())
        return {index.roster.sources[at]: count for at, count in counts.items()}

    def facets(self, library: Mapping[str, LibraryEntry]) -> dict[str, Counter[str]]:
        """What sources say of themselves, counted (facets.py); the last answer where the library is the same object."""
        with self._lock:
            known = self._facets
        if known is None or known[0] is not library:
            known = (library, facets(library.values()))
            with self._lock:
                self._facets = known
        return known[1]

    def open(self) -> Index | None:
        """The current generation, once it is known to match; None where there is no evidence.

        While somebody takes in files, the generation before them is searched, without what was removed.
        Raises: StaleIndex where it does not match and nobody is about to mend it.
        """
        for _ in range(3):  # a generation may be published between two looks
            generation, corpus = self._catalog.generation(), self._catalog.corpus()
            if generation is None or (not generation.manifest.passages and not corpus.passages):
                return None
            found = generation.mismatch(corpus, self._settings.evidence)
            roster = self._roster(corpus)
            if roster.corpus != corpus:
                continue
            if found is None:
                return Index(generation, roster)
            if generation.manifest.catalog_id == corpus.catalog_id and self._catalog.is_being_written():
                return _while_written(generation, roster)
            if self._catalog.generation() is generation:
                hint = REINDEX if corpus.passages else "Run: workbench evidence sync"
                raise StaleIndex(f"{found} It is not searched.", hint=hint)
        raise StaleIndex("The index keeps changing.", hint="Search again.")

    def rank(
        self,
        index: Index,
        query: str,
        vector: NDArray[np.float32] | None,
        *,
        mode: SearchMode,
        k: int,
        ids: NDArray[np.int64] | None = None,
        dense_ids: NDArray[np.int64] | None = None,
    ) -> Ranking:
        """Up to k candidates, best first, ties in passage order. vector: (d,) unit length; None only where mode is lexical.

        ids, (n,) int64: the passages that may be ranked, dense_ids those the model may; None: all. Each side gives its best
        `candidates`; a passage only the words found gets its exact cosine from its stored vector, where the model may rank it.
        A re-ranking model, where the settings name one, has the last word. Raises: StaleIndex, ModelError.
        """
        ranking = self._fused(index, Wording(query), vector, mode=mode, k=k, ids=ids, dense_ids=dense_ids)
        reranker = self._reranker() if mode == "hybrid" else None
        return ranking if reranker is None else replace(ranking, candidates=self._reread(reranker, query, ranking.candidates))

    # one search ------------------------------------------------------------------------------------------------------

    def _fused(
        self,
        index: Index,
        wording: Wording,
        vector: NDArray[np.float32] | None,
        *,
        mode: SearchMode,
        k: int,
        ids: NDArray[np.int64] | None,
        dense_ids: NDArray[np.int64] | None,
    ) -> Ranking:
        depth = max(self._settings.search.candidates, k)
        found, both = index.generation, mode == "hybrid"
        dense_ids = ids if dense_ids is None else dense_ids
        dense = found.dense.search(vector, depth, ids=dense_ids) if vector is not None and mode != "lexical" else []
        lexical = found.lexical.search(wording.wanted, depth, ids=ids) if mode != "dense" else []
        cosine, bm25 = dict(dense), dict(lexical)
        hubness: dict[int, float] = {}
        if both and vector is not None:
            missing = _may_be_ranked([one for one, _ in lexical if one not in cosine], dense_ids)
            rows = found.dense.rows([*cosine, *missing])
            cosine |= zip(missing, (rows[len(cosine) :] @ vector).tolist(), strict=True)
            hubness = self._hubness(index).of(list(cosine), rows)
        weight = dense_share(mode, dense, lexical, usual=self._settings.search.dense_weight)
        scores = fuse(cosine, bm25, dense_weight=weight, hubness=hubness)
        position = index.roster.positions(list(scores))
        unlisted = 0.0 if both and len(lexical) < depth else None  # a full list says nothing of what it left out
        dense_rank, lexical_rank = by_score(dense, position), by_score(lexical, position)
        order = sorted(scores, key=lambda one: (-scores[one], position[one]))
        candidates = [
            Candidate(
                one,
                scores[one],
                cosine.get(one),
                bm25.get(one, unlisted),
                dense_rank.get(one),
                lexical_rank.get(one),
                hubness=hubness.get(one),
            )
            for one in order[:k]
        ]
        return Ranking(candidates, mode, weight if both else None)

    def _candidates(
        self, index: Index, wordings: Sequence[Wording], scope: Scope, asked: Asked, *, depth: int
    ) -> list[Candidate]:
        """Every wording ranked, and the best that each passage reaches in any of them, best first.

        depth: more than will be shown, since some say the same as others.
        """
        made_with = index.generation.manifest
        vectors = self.meaning.of(
            [one.text for one in wordings], asked, made_with=made_with.model_fingerprint, dimension=made_with.dimension
        )
        rankings: list[Ranking] = []
        for wording, vector in zip(wordings, vectors, strict=True):
            mode = asked.mode if vector is not None else "lexical"
            rankings.append(self._fused(index, wording, vector, mode=mode, k=depth, ids=scope.ids, dense_ids=scope.dense_ids))
        weights = [one.dense_weight for one in rankings if one.dense_weight is not None]
        asked.dense_weight = round(weights[0], 4) if weights else None
        candidates = best_of(rankings)
        try:
            reranker = self._reranker() if asked.mode == "hybrid" else None
            if reranker is not None:
                candidates = self._reread(reranker, wordings[0].text, candidates)
                asked.reranker = reranker.fingerprint
        except ModelError as error:
            asked.warnings.append(f"Not re-ranked: {error.message} {error.hint}")
        return candidates

    def _reread(self, reranker: Reranker, query: str, candidates: Sequence[Candidate]) -> list[Candidate]:
        """The first `rerank_depth` candidates in the order the model gives them, then the rest. Raises: ModelError."""
        first = candidates[: self._settings.search.rerank_depth]
        passages = self._catalog.passages_by_id([one.id for one in first])
        here = [one for one in first if one.id in passages]
        scores = reranker.score(query, [passages[one.id].text for one in here]).tolist()
        read = [replace(one, rerank_score=round(score, DECIMALS)) for one, score in zip(here, scores, strict=True)]
        return [*sorted(read, key=lambda one: -(one.rerank_score or 0.0)), *candidates[len(first) :]]

    def _hits(
        self,
        candidates: Sequence[Candidate],
        k: int,
        query: Query,
        wordings: Sequence[Wording],
        library: Mapping[str, LibraryEntry],
    ) -> Iterator[Hit]:
        """The first k candidates that say something new, as hits; the lens looks at these only."""
        folds = fold_same(
            self._found(candidates, library),
            text=lambda one: one.passage.text,
            score=lambda one: one.candidate.score,
            source=lambda one: one.passage.source_id,
            k=k,
            per_source=self._settings.search.per_source,
        )
        for rank, fold in enumerate(folds, start=1):
            yield make_hit(rank, fold, wordings, claim=query.claim, claim_date=query.claim_date)

    def _found(self, candidates: Sequence[Candidate], library: Mapping[str, LibraryEntry]) -> Iterator[Found]:
        """The candidates with their texts, fetched as they are asked for."""
        for start in range(0, len(candidates), TEXTS_AT_ONCE):
            part = candidates[start : start + TEXTS_AT_ONCE]
            passages = self._catalog.passages_by_id([one.id for one in part])
            for one in part:
                passage = passages.get(one.id)
                entry = library.get(passage.source_id) if passage else None
                if passage and entry:
                    yield Found(one, passage, entry)

    def _nothing_to_search(self) -> str:
        passages = self._catalog.corpus().passages
        if passages:
            return f"No index has been built yet of the {passages} passages here. Run: workbench evidence sync"
        return "There is no evidence to search yet. Add files with: workbench evidence add PATH"

    def _scope(self, index: Index, filters: Filters, library: Mapping[str, LibraryEntry]) -> Scope:
        """What the search may look at; the last answer where index, library and filters are still the same objects."""
        with self._lock:
            known = self._scoped
        if known and known[0] is index.roster and known[1] is library and known[2] == filters:
            return known[3]
        languages = self._settings.search.languages
        scope = scope_of(index.roster, filters, library, indexed=len(index.generation.dense), languages=languages)
        with self._lock:
            self._scoped = (index.roster, library, filters, scope)
        return scope

    def _hubness(self, index: Index) -> Hubness:
        with self._lock:
            if self._hubs is None or self._hubs[0] is not index.generation:
                self._hubs = (index.generation, Hubness(index.generation.dense, index.roster.ids))
            return self._hubs[1]

    def _roster(self, corpus: Corpus) -> Roster:
        with self._lock:
            if self._known is None or self._known.corpus != corpus:
                self._known = self._catalog.roster()
            return self._known


# --- the parts that touch no store ---------------------------------------------------------------------------------


def _while_written(generation: Generation, roster: Roster) -> Index:
    """The older generation, restricted to passages that are still in the catalog."""
    both = np.isin(roster.ids, generation.dense.ids())
    said = f"Evidence is being taken in: {int((~both).sum())} new passages cannot be found until that is done."
    return Index(generation, roster.only(both), (said,))


def _may_be_ranked(ids: list[int], dense_ids: NDArray[np.int64] | None) -> list[int]:
    if dense_ids is None or not ids:
        return ids
    may = np.isin(np.asarray(ids, dtype=np.int64), dense_ids)
    return [one for one, can in zip(ids, may.tolist(), strict=True) if can]


def _what_was_done(asked: Asked, scope: Scope) -> dict[str, Any]:
    """What a receipt says of how a search went, and of what it looked at."""
    return {
        "mode": asked.mode,
        "dense_weight": asked.dense_weight,
        "model_fingerprint": asked.fingerprint,
        "reranker_fingerprint": asked.reranker,
        "warnings": tuple(asked.warnings),
        "sources_searched": scope.sources,
        "passages_searched": scope.passages,
        "undated_left_out": scope.undated,
        "unsaid_left_out": scope.unsaid,
        "languages_unchecked": scope.by_words_only,
    }


def _shown(hit: Hit) -> ShownHit:
    return ShownHit(
        passage_id=hit.passage_id, rank=hit.rank, score=hit.score, folded=tuple(other.passage_id for other in hit.similar)
    )
