"""A labelled collection in a catalog of its own, and its queries asked of the very search that serves the app.

What lives here: turning documents into sources, encoding the queries at once, from ranked passages to ranked documents, latency
of single queries. What does not: any search of its own, what a ranking is worth (metrics.py). A document is title + " " + text,
cut into passages as evidence is; it stands where its best passage stands.
"""

from __future__ import annotations

import math
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from workbench.benchmark.beir import Collection
from workbench.catalog import Catalog
from workbench.encoders import Encoder, checked
from workbench.engines import engine_of
from workbench.errors import ModelError
from workbench.models import Passage, SearchMode, Source, canonical_json, sha256_hex
from workbench.passages import split_passages
from workbench.posts import read_post
from workbench.search import Candidate, Index, Searcher
from workbench.settings import Settings

Progress = Callable[[str, int, int], None]  # (what is being done, how much is done, of how much)

LISTED = 200  # documents of a ranking: what the baselines of the benchmarks' README fused
TIMED_QUERIES = 100  # asked one by one, encoding included, for the latency
TOLD_EVERY = 50  # queries between two moves of the progress bar


@dataclass(frozen=True, slots=True)
class Placed:
    """A document in a ranking: its rank from 1, and the candidate that is its best passage."""

    rank: int
    best: Candidate


class Exam:
    """A catalog of the collection and all its queries encoded. Open it with `sitting`.

    index: what is searched; None where no document has a word.
    """

    def __init__(
        self, catalog: Catalog, collection: Collection, settings: Settings, encoder: Encoder, vectors: NDArray[np.float32]
    ) -> None:
        self.collection = collection
        self.catalog = catalog
        self._encoder = encoder
        self._texts = _asked(collection)
        self._vectors = dict(zip(self._texts, vectors, strict=True))
        pieces = max(1, len(self._document) / len(collection.documents))  # split documents need more passages to be as many
        self._depth = max(settings.search.candidates, math.ceil(LISTED * pieces))
        deeper = settings.search.model_copy(update={"candidates": self._depth})
        self._searcher = Searcher(catalog, settings.model_copy(update={"search": deeper}), lambda: encoder)
        self.index = self._searcher.open()  # once: nobody changes it, and looking whether somebody did costs half a search

    def rankings(self, mode: SearchMode, tell: Progress) -> dict[str, list[str]]:
        """Of every query, up to 200 documents, best first."""
        found: dict[str, list[str]] = {}
        for at, (query, text) in enumerate(self._texts.items()):
            if at % TOLD_EVERY == 0:
                tell(f"Asking, {mode}", at, len(self._texts))
            ranked = self._candidates(self.index, text, self._vectors[query], mode)
            found[query] = list(dict.fromkeys(self._document[one.id] for one in ranked))[:LISTED]
        tell(f"Asking, {mode}", len(found), len(found))
        return found

    def ranking(self, query: str, mode: SearchMode) -> dict[str, Placed]:
        """Up to 200 documents for one query, best first, each where its best passage stands."""
        best: dict[str, Candidate] = {}
        for one in self._candidates(self.index, self._texts[query], self._vectors[query], mode):
            best.setdefault(self._document[one.id], one)
        return {document: Placed(rank, one) for rank, (document, one) in enumerate(best.items(), start=1) if rank <= LISTED}

    def milliseconds(self, mode: SearchMode) -> list[float]:
        """How long single queries took, spread over the set, each encoded by itself where meaning is searched."""
        times = []
        queries = list(self._texts)
        for query in [queries[0], *queries[:: math.ceil(len(queries) / TIMED_QUERIES)]]:
            text = self._texts[query]
            start = time.perf_counter()
            alone = self._vectors[query] if mode == "lexical" else self._encoder.encode([text], query=True)[0]
            self._candidates(self._searcher.open(), text, alone, mode)
            times.append(1000 * (time.perf_counter() - start))
        return times[1:]  # the first one may have loaded the model

    def vector(self, query: str) -> NDArray[np.float32]:
        """The unit vector of a query: (d,)."""
        row: NDArray[np.float32] = self._vectors[query]
        return row

    @cached_property
    def passages(self) -> dict[str, list[int]]:
        """The ids in the indexes of every document's passages."""
        found: dict[str, list[int]] = {document: [] for document in self.collection.documents}
        for row, document in self._document.items():
            found[document].append(row)
        return found

    @cached_property
    def _document(self) -> dict[int, str]:
        roster = self.catalog.roster()
        names = {_source_id(name, text): name for name, text in self.collection.documents.items()}
        return {row: names[roster.sources[at]] for row, at in zip(roster.ids.tolist(), roster.source_of.tolist(), strict=True)}

    def _candidates(self, index: Index | None, text: str, vector: NDArray[np.float32], mode: SearchMode) -> list[Candidate]:
        if index is None:
            return []
        return self._searcher.rank(index, text, vector, mode=mode, k=self._depth).candidates


@contextmanager
def sitting(collection: Collection, settings: Settings, encoder: Encoder, tell: Progress) -> Iterator[Exam]:
    """The collection taken in, encoded and indexed: kept under WORKBENCH_CACHE where that is set, else forgotten afterwards.

    Raises: ModelError where the encoder returns no unit vectors.
    """
    with _workplace(collection, settings) as place:
        catalog = Catalog(place, engine_of(settings.search, apart=f"eval_{sha256_hex(place.as_posix())[:12]}"))
        if not catalog.counts():  # one transaction: all of it is there, or nothing
            catalog.put_all(_source(name, text, settings) for name, text in collection.documents.items())
        if not catalog.is_current(encoder.fingerprint, settings):
            catalog.build(encoder, settings, progress=lambda done, total: tell("Encoding", done, total))
        try:
            yield Exam(
                catalog, collection, settings, encoder, _query_vectors(place, encoder, list(_asked(collection).values()))
            )
        finally:
            catalog.close()


def _asked(collection: Collection) -> dict[str, str]:
    """The texts of the queries that have a relevant document, as a search reads them."""
    return {query: read_post(collection.queries[query]) for query in collection.relevant}


def _query_vectors(place: Path, encoder: Encoder, texts: list[str]) -> NDArray[np.float32]:
    """One unit vector a query, from the file of an earlier run where these were encoded with this model: (n, d)."""
    path = place / f"queries-{sha256_hex(canonical_json([encoder.fingerprint, texts]))[:16]}.npy"
    with suppress(OSError, EOFError, ValueError, ModelError):  # none yet, or one that was cut off: made again
        return checked(np.load(path, allow_pickle=False), len(texts), encoder.dimension)
    vectors = checked(encoder.encode(texts, query=True), len(texts), encoder.dimension)
    with suppress(OSError):  # a full disk costs the next run its time, not this one its result
        np.save(path, vectors, allow_pickle=False)
    return vectors


class WordsOnly:
    """In place of a model where only words are searched: one number for every text, so that building costs nothing."""

    dimension = 1
    fingerprint = "no-model"
    max_words = 1_000_000
    notice: str | None = None

    def encode(self, texts: Sequence[str], *, query: bool = False) -> NDArray[np.float32]:
        """The same unit vector for every text: (n, 1)."""
        return np.ones((len(texts), 1), dtype=np.float32)


@contextmanager
def _workplace(collection: Collection, settings: Settings) -> Iterator[Path]:
    """A folder for the catalog: under WORKBENCH_CACHE one for this corpus, cut this way; else one that goes away again."""
    cache = os.environ.get("WORKBENCH_CACHE")
    if not cache:
        with tempfile.TemporaryDirectory(prefix="workbench-eval-") as name:
            yield Path(name)
        return
    cut = [settings.evidence.passage_sentences, settings.evidence.passage_words]
    yield Path(cache).expanduser() / "eval" / sha256_hex(canonical_json([cut, dict(collection.documents)]))[:16]


def _source(name: str, text: str, settings: Settings) -> tuple[Source, list[Passage]]:
    source = Source(
        source_id=_source_id(name, text),
        text=text,
        text_sha256=sha256_hex(text),
        media_type="text/plain",
        reader="beir",
        reader_version="1",
    )
    return source, split_passages(source, sentences=settings.evidence.passage_sentences, words=settings.evidence.passage_words)


def _source_id(name: str, text: str) -> str:
    """Two documents may have the same text; their passages must not have the same id."""
    return sha256_hex(f"{name}\n{text}")
