"""From a text to ranked passages, and the receipt that says what was searched.

What lives here: fusing the two searches, filters, ranks, the receipt, and the refusal to search an index that does not match.
What does not: making indexes, judging what a passage says. Filters become ids that are allowed inside both searches, never a
cut afterwards. The receipt is complete: what was asked, what was left out and why.
"""

from __future__ import annotations

import threading
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from workbench.catalog import Catalog, Corpus, Generation, Roster
from workbench.encoders import Encoder, checked
from workbench.errors import ModelError, StaleIndex, WorkbenchError
from workbench.lens import look
from workbench.matching import matched_spans
from workbench.models import (
    Failure,
    Filters,
    Hit,
    LibraryEntry,
    PartialDate,
    Passage,
    SearchMode,
    SearchReceipt,
    SearchResult,
    ShownHit,
    SourceMeta,
)
from workbench.settings import Settings

MAX_QUERY_WORDS = 2_000  # more is a pasted article; both searches look at these
DECIMALS = 6  # of a score: equal texts reached by different arithmetic must tie
CHECKED_LANGUAGES = frozenset({"en"})  # what the packaged model was tried on; others are found, but no figure says how well
REINDEX = "Run: workbench evidence reindex"
# Fusion: found on the six development sets with 0.2 as the ordinary share of words; flat around these values.
TENTH = 9  # position of the passage whose score says whether the best ones stand out
USUAL_LEXICAL_DROP = 0.5  # of the best BM25, from the first to the tenth: about the median query of the sets
USUAL_DENSE_DROP = 0.1  # of cosine, from the first to the tenth
LEAST, MOST = 0.5, 1.5  # how far either may move the share: no query is left to one side alone

Scored = tuple[int, float]  # passage id, score


def fuse(dense: Mapping[int, float], lexical: Mapping[int, float], *, dense_weight: float) -> dict[int, float]:
    """The score of every id in either: dense_weight * cosine + (1 - dense_weight) * BM25 / the best BM25 of this query.

    dense: cosine in [-1, 1]; lexical: BM25, 0 or more. What is missing counts 0. Scores lie in [-1, 1], rounded to 6 decimals.
    Source: Bruch et al. 2023, convex combination with one side normalised by its maximum.
    """
    best = max(lexical.values(), default=0.0) or 1.0
    return {
        one: round(dense_weight * dense.get(one, 0.0) + (1 - dense_weight) * lexical.get(one, 0.0) / best, DECIMALS)
        for one in dense.keys() | lexical.keys()
    }


def weight_of_words(dense: Sequence[float], lexical: Sequence[float], *, dense_weight: float) -> float:
    """The share of words in the score of one query: 1 - dense_weight for an ordinary one, from 0 to 2.25 times that.

    Words count for more where BM25 singles a few passages out, and where meaning does not. Both are read off how far the
    tenth best lies below the best; a list of fewer than ten ends in 0 for words (no other passage has any of them) and in its
    last for meaning. dense, lexical: the scores of each side, best first. With the constants the six development sets gave,
    one setting is within 0.005 nDCG@10 of the best single method on every one of them (docs/benchmarks.md).
    """
    if not dense or not lexical or lexical[0] <= 0:
        return 1 - dense_weight
    tenth = lexical[TENTH] if len(lexical) > TENTH else 0.0
    words_stand_out = min((lexical[0] - tenth) / lexical[0] / USUAL_LEXICAL_DROP, MOST)
    drop = max(dense[0] - dense[min(TENTH, len(dense) - 1)], 1e-3)
    meaning_does_not = min(max(USUAL_DENSE_DROP / drop, LEAST), MOST)
    return min((1 - dense_weight) * words_stand_out * meaning_does_not, 1.0)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage id with its score and where each search ranked it (1-based; None where that search did not list it)."""

    id: int
    score: float
    cosine: float | None
    bm25: float | None
    dense_rank: int | None
    lexical_rank: int | None


@dataclass(frozen=True, slots=True)
class Ranking:
    """Candidates, best first, and the share of meaning in their scores; None where only one side was asked."""

    candidates: list[Candidate]
    dense_weight: float | None = None


@dataclass(frozen=True)
class Scope:
    """What one search may look at. ids: None where every passage may; passages, sources: how many there are in it."""

    ids: NDArray[np.int64] | None
    passages: int
    sources: int
    undated: int
    unchecked: dict[str, int]


@dataclass(frozen=True)
class Index:
    """A generation that may be searched, and the roster of the passages it may show."""

    generation: Generation
    roster: Roster
    warnings: tuple[str, ...] = ()


class Searcher:
    """Search over one catalog. Safe from several threads; the encoder is asked for on the first search that needs it."""

    def __init__(self, catalog: Catalog, settings: Settings, encoder: Callable[[], Encoder]) -> None:
        self._catalog = catalog
        self._settings = settings
        self._encoder = encoder
        self._lock = threading.Lock()
        self._known: Roster | None = None

    def search(
        self,
        text: str,
        *,
        k: int,
        mode: SearchMode,
        filters: Filters,
        library: Mapping[str, LibraryEntry],
        unread: Sequence[Failure],
        waiting: Sequence[str],
        now: datetime,
    ) -> SearchResult:
        """The k best passages for a text, best first, ties in passage order, with the receipt.

        library: the sources a search may show, by source id. Without any evidence there are no hits and a warning.
        Raises: WorkbenchError (`empty_query`, `bad_query`), StaleIndex where the index is not of these files and settings.
        """
        query, warnings = _checked_query(text)
        index = self.open()
        hits: list[Hit] = []
        ranking = Ranking([])
        used, fingerprint = mode, None
        scope = Scope(None, 0, 0, 0, {})
        if index is None:
            warnings.append(self._nothing_to_search())
        else:
            warnings.extend(index.warnings)
            scope = scope_of(index, filters, library)
            vector, fingerprint, said = self._vector(query, mode, index.generation)
            warnings.extend(said)
            used = mode if vector is not None else "lexical"
            ranking = self.rank(index, query, vector, mode=used, k=k, ids=scope.ids)
            hits = self._hits(ranking.candidates, k, query, library)
        receipt = SearchReceipt(
            queries=(text,),
            mode=used,
            asked_mode=mode,
            filters=filters,
            k=k,
            dense_weight=round(ranking.dense_weight, 4) if ranking.dense_weight is not None else None,
            model_fingerprint=fingerprint,
            generation=index.generation.name if index else None,
            corpus_digest=index.generation.manifest.corpus_digest if index else None,
            sources_searched=scope.sources,
            passages_searched=scope.passages,
            undated_left_out=scope.undated,
            unread=tuple(unread),
            waiting=tuple(waiting),
            languages_unchecked=scope.unchecked,
            shown=tuple(ShownHit(passage_id=hit.passage_id, rank=hit.rank, score=hit.score) for hit in hits),
            warnings=tuple(warnings),
            created_at=now,
        )
        return SearchResult(query=text, receipt=receipt, hits=tuple(hits))

    def open(self) -> Index | None:
        """The current generation, once it is known to match; None where there is no evidence.

        While somebody takes in files, the generation before them is searched, without what was removed.
        Raises: StaleIndex where it does not match and nobody is about to mend it.
        """
        for _ in range(3):  # a generation may be published between two looks
            generation, corpus = self._catalog.generation(), self._catalog.corpus()
            if generation is None or (not generation.manifest.passages and not corpus.passages):
                return None
            found = generation.manifest.mismatch(corpus, self._settings.evidence)
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
    ) -> Ranking:
        """Up to k candidates, best first, ties in passage order. vector: (d,) unit length; None only where mode is lexical.

        Each side gives its best `candidates`; a passage only the words found gets its exact cosine from its stored vector.
        """
        depth = max(self._settings.search.candidates, k)
        found, both = index.generation, mode == "hybrid"
        dense = found.dense.search(vector, depth, ids=ids) if vector is not None and mode != "lexical" else []
        lexical = found.lexical.search(query, depth, ids=ids) if mode != "dense" else []
        cosine, bm25 = dict(dense), dict(lexical)
        missing = [one for one, _ in lexical if one not in cosine]
        if both and vector is not None and missing:
            cosine |= zip(missing, (found.dense.rows(missing) @ vector).tolist(), strict=True)
        weight = self._dense_weight(mode, dense, lexical)
        scores = fuse(cosine, bm25, dense_weight=weight)
        unlisted = 0.0 if both and len(lexical) < depth else None  # a full list says nothing of what it left out
        position = index.roster.positions(list(scores))
        dense_rank, lexical_rank = _ranks(dense, position), _ranks(lexical, position)
        order = sorted(scores, key=lambda one: (-scores[one], position[one]))
        found_ones = [
            Candidate(one, scores[one], cosine.get(one), bm25.get(one, unlisted), dense_rank.get(one), lexical_rank.get(one))
            for one in order[:k]
        ]
        return Ranking(found_ones, weight if both else None)

    def _dense_weight(self, mode: SearchMode, dense: Sequence[Scored], lexical: Sequence[Scored]) -> float:
        if mode != "hybrid":
            return float(mode == "dense")
        by_side = [[score for _, score in side] for side in (dense, lexical)]
        return 1 - weight_of_words(*by_side, dense_weight=self._settings.search.dense_weight)

    def _nothing_to_search(self) -> str:
        passages = self._catalog.corpus().passages
        if passages:
            return f"No index has been built yet of the {passages} passages here. Run: workbench evidence sync"
        return "There is no evidence to search yet. Add files with: workbench evidence add PATH"

    def _roster(self, corpus: Corpus) -> Roster:
        with self._lock:
            if self._known is None or self._known.corpus != corpus:
                self._known = self._catalog.roster()
            return self._known

    def _vector(
        self, query: str, mode: SearchMode, generation: Generation
    ) -> tuple[NDArray[np.float32] | None, str | None, list[str]]:
        """(query vector, fingerprint of the model that made it, warnings). No vector: search by words."""
        if mode == "lexical":
            return None, None, []
        made_with = generation.manifest.model_fingerprint
        try:
            encoder = self._encoder()
            if encoder.fingerprint != made_with:
                other = f"the index was made with {made_with}, the settings name {encoder.fingerprint}."
                return None, None, [f"Searched by words only: {other} {REINDEX}"]
            vector = checked(encoder.encode([query], query=True), 1, generation.manifest.dimension)[0]
        except ModelError as error:
            return None, None, [f"Searched by words only: {error.message} {error.hint}"]
        said = [encoder.notice] if encoder.notice else []
        words = len(query.split())
        if words > encoder.max_words:
            read = f"The model read about the first {encoder.max_words} of {words} words; the rest was searched by words only."
            said.append(read)
        return vector, encoder.fingerprint, said

    def _hits(self, ranked: Sequence[Candidate], k: int, query: str, library: Mapping[str, LibraryEntry]) -> list[Hit]:
        passages = self._catalog.passages_by_id([one.id for one in ranked])
        here = [(one, passages[one.id]) for one in ranked if one.id in passages]
        known = [(one, passage, library[passage.source_id]) for one, passage in here if passage.source_id in library]
        return [_hit(rank, one, passage, entry, query) for rank, (one, passage, entry) in enumerate(known[:k], start=1)]


# --- the parts that touch no store ---------------------------------------------------------------------------------


def scope_of(index: Index, filters: Filters, library: Mapping[str, LibraryEntry]) -> Scope:
    """The passages a search may look at: of sources that are in the library, were not removed, and pass the filters."""
    roster = index.roster
    undated = 0
    allowed = np.zeros(len(roster.sources), dtype=bool)
    for at, source_id in enumerate(roster.sources):
        entry = library.get(source_id)
        if entry is None or entry.removed or not _passes(entry, filters):
            continue
        if (filters.after or filters.before) and entry.meta.published_on.value is None:
            undated += 1
            continue
        allowed[at] = _may_lie_within(entry.meta.published_on, filters.after, filters.before)
    mask = allowed[roster.source_of]
    count, sources = int(mask.sum()), len(np.unique(roster.source_of[mask]))
    whole = count == len(index.generation.dense)
    return Scope(None if whole else roster.ids[mask], count, sources, undated, _unchecked(roster, mask, library))


def _passes(entry: LibraryEntry, filters: Filters) -> bool:
    meta = entry.meta
    publishers = {_folded(one) for one in filters.publishers}
    if publishers and _folded(meta.publisher or "") not in publishers:
        return False
    if filters.languages and not any(_same_language(meta.language, wanted) for wanted in filters.languages):
        return False
    return not filters.kinds or meta.kind in filters.kinds


def _may_lie_within(when: PartialDate, after: date | None, before: date | None) -> bool:
    if after and when.latest and when.latest < after:
        return False
    return not (before and when.earliest and when.earliest > before)


def _same_language(language: str | None, wanted: str) -> bool:
    """Whether `en-GB` is wanted by `en` or `en-gb`."""
    have, want = (language or "").casefold(), wanted.casefold()
    return have == want or have.startswith(f"{want}-")


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _unchecked(roster: Roster, mask: NDArray[np.bool_], library: Mapping[str, LibraryEntry]) -> dict[str, int]:
    counted = np.bincount(roster.source_of[mask], minlength=len(roster.sources)).tolist()
    found: Counter[str] = Counter()
    for source_id, count in zip(roster.sources, counted, strict=True):
        language = library[source_id].meta.language if count else None
        if language and not any(_same_language(language, one) for one in CHECKED_LANGUAGES):
            found[language] += count
    return dict(found)


def _while_written(generation: Generation, roster: Roster) -> Index:
    """The older generation, restricted to passages that are still in the catalog."""
    both = np.isin(roster.ids, generation.dense.ids())
    said = f"Evidence is being taken in: {int((~both).sum())} new passages cannot be found until that is done."
    return Index(generation, roster.only(both), (said,))


def _ranks(found: Sequence[tuple[int, float]], position: Mapping[int, int]) -> dict[int, int]:
    order = sorted(found, key=lambda pair: (-round(pair[1], DECIMALS), position[pair[0]]))
    return {one: rank for rank, (one, _) in enumerate(order, start=1)}


def _checked_query(text: str) -> tuple[str, list[str]]:
    """The words to search for, and what to say about them. Raises: WorkbenchError."""
    words = text.split()
    if not words:
        raise WorkbenchError("There are no words to search for.", hint="Give the sentence to be checked.", code="empty_query")
    if any(one == "\x00" or "\ud800" <= one <= "\udfff" for one in text):
        raise WorkbenchError(
            "The search text holds a character that is not text (NUL or half a surrogate pair).",
            hint="Copy the sentence again, or type it.",
            code="bad_query",
        )
    if len(words) <= MAX_QUERY_WORDS:
        return text, []
    return " ".join(words[:MAX_QUERY_WORDS]), [f"Only the first {MAX_QUERY_WORDS} of {len(words)} words were searched for."]


def _written_on(meta: SourceMeta) -> PartialDate | None:
    """The day that words like "yesterday" in a source count from: of a digest, that of the article it was made from."""
    stated = meta.reports_on.date if meta.kind == "digest" and meta.reports_on else meta.published_on
    return stated if stated.value else None


def _hit(rank: int, one: Candidate, passage: Passage, entry: LibraryEntry, query: str) -> Hit:
    meta = entry.meta
    return Hit(
        rank=rank,
        passage_id=passage.passage_id,
        source_id=passage.source_id,
        sha256=passage.source_id,
        path=entry.paths[0] if entry.paths else "",
        title=entry.title,
        page=passage.page,
        start=passage.start,
        end=passage.end,
        text=passage.text,
        score=one.score,
        dense_rank=one.dense_rank,
        lexical_rank=one.lexical_rank,
        cosine=None if one.cosine is None else round(one.cosine, DECIMALS),
        bm25=None if one.bm25 is None else round(one.bm25, DECIMALS),
        matched=matched_spans(query, passage.text),
        lens=look(query, passage.text, source_date=_written_on(meta), language=meta.language or passage.language or "en"),
        publisher=meta.publisher,
        published_on=meta.published_on,
        kind=meta.kind,
        language=meta.language or passage.language,
        url=meta.url,
        reports_on=meta.reports_on,
        ordinal=passage.ordinal,
    )
