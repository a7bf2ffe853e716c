"""How well search finds: `workbench eval` on a BEIR folder, through the same catalog, indexes and fusion as the app.

What lives here: turning the documents into sources, asking every query, the metrics. What does not: any search of its own, and
reading the folder (beir.py). A document is title + " " + text, cut into passages as evidence is; it scores by its best passage.
The metrics are those of the benchmarks' README: nDCG with linear gains, unjudged is not relevant, means over the queries that
have a relevant document.
"""

from __future__ import annotations

import math
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from workbench.benchmark.beir import Collection, read_collection
from workbench.catalog import Catalog
from workbench.encoders import Encoder, load_encoder
from workbench.models import Passage, SearchMode, Source, canonical_json, sha256_hex
from workbench.passages import split_passages
from workbench.search import Searcher
from workbench.settings import Settings

Progress = Callable[[str, int, int], None]  # (what is being done, how much is done, of how much)

MODES: tuple[SearchMode, ...] = ("dense", "lexical", "hybrid")
DEEPEST = 100  # documents a metric looks at: recall@100
TIMED_QUERIES = 100  # asked one by one, encoding included, for the latency


def evaluate(
    folder: Path,
    *,
    mode: SearchMode | Literal["all"],
    split: str | None = None,
    encoder: Callable[[], Encoder] | None = None,
    settings: Settings | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """The metrics of one mode, or with mode `all` of each under its name, as `workbench eval --json` prints them.

    settings: the defaults where none are given. encoder: the one they name; asked for only where meaning is searched.
    p50_ms and p95_ms are of single queries, from text to ranked documents; `passages` counts the lines of the corpus; `model`
    is null for lexical. Passages and vectors are kept under WORKBENCH_CACHE where that is set, else forgotten.
    Raises: WorkbenchError (`bad_benchmark`) naming file and line; ModelError.
    """
    settings = settings or Settings()
    load = encoder or partial(load_encoder, settings.search)
    collection = read_collection(folder, split=split)
    tell = progress or (lambda what, done, total: None)
    modes = MODES if mode == "all" else (mode,)
    made_by = _WordsOnly() if modes == ("lexical",) else load()
    with _workplace(collection, settings) as place:
        catalog = Catalog(place)
        _fill(catalog, collection, settings)
        if not catalog.is_current(made_by.fingerprint, settings):
            catalog.build(made_by, settings, progress=lambda done, total: tell("Encoding", done, total))
        exam = _Exam(catalog, collection, settings, made_by)
        results: dict[str, Any] = {one: exam.sit(one, tell) for one in modes}
        catalog.close()
    return results if mode == "all" else results[mode]


def metrics(found: Sequence[str], relevant: Mapping[str, float]) -> dict[str, float]:
    """The five metrics of one query. found: document ids, best first; relevant: grades above 0 by document id.

    Source: Jaervelin and Kekaelaeinen 2002 for nDCG, here with the grade itself as gain.
    """
    gains = [relevant.get(one, 0.0) for one in found[:DEEPEST]]
    ideal = _dcg(sorted(relevant.values(), reverse=True)[:10])
    first = next((rank for rank, gain in enumerate(gains[:10], start=1) if gain > 0), None)
    recalls = {f"recall@{k}": sum(gain > 0 for gain in gains[:k]) / len(relevant) for k in (5, 10, 100)}
    return {"ndcg@10": _dcg(gains[:10]) / ideal, **recalls, "mrr@10": 1 / first if first else 0.0}


def _dcg(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))


class _Exam:
    """A catalog of the collection, and all its queries encoded at once."""

    def __init__(self, catalog: Catalog, collection: Collection, settings: Settings, encoder: Encoder) -> None:
        self._collection = collection
        self._encoder = encoder
        self._texts = [collection.queries[one] for one in collection.relevant]
        self._vectors = encoder.encode(self._texts, query=True)
        roster = catalog.roster()
        names = {_source_id(name, text): name for name, text in collection.documents.items()}
        self._document = {
            row: names[roster.sources[at]] for row, at in zip(roster.ids.tolist(), roster.source_of.tolist(), strict=True)
        }
        pieces = len(roster.ids) / len(collection.documents)  # long documents need more passages for as many documents
        self._depth = max(settings.search.candidates, math.ceil(2 * DEEPEST * pieces))
        deeper = settings.search.model_copy(update={"candidates": self._depth})
        self._searcher = Searcher(catalog, settings.model_copy(update={"search": deeper}), lambda: encoder)

    def sit(self, mode: SearchMode, tell: Progress) -> dict[str, Any]:
        """Every query asked in one mode: the means of the metrics, and what goes with them."""
        rows = []
        for at, relevant in enumerate(self._collection.relevant.values()):
            if at % 50 == 0:
                tell(f"Asking, {mode}", at, len(self._texts))
            rows.append(metrics(self._found(self._texts[at], self._vectors[at], mode), relevant))
        tell(f"Asking, {mode}", len(rows), len(rows))
        p50, p95 = np.percentile(self._milliseconds(mode), [50, 95]).tolist()
        return {
            **{name: round(float(np.mean([row[name] for row in rows])), 4) for name in rows[0]},
            "p50_ms": round(p50, 2),
            "p95_ms": round(p95, 2),
            "passages": len(self._collection.documents),
            "queries": len(rows),
            "model": None if mode == "lexical" else self._encoder.fingerprint,
        }

    def _found(self, text: str, vector: NDArray[np.float32], mode: SearchMode) -> list[str]:
        """Documents, best first, each where its best passage stands."""
        index = self._searcher.open()
        if index is None:
            return []
        ranked = self._searcher.rank(index, text, vector, mode=mode, k=self._depth).candidates
        return list(dict.fromkeys(self._document[one.id] for one in ranked))[:DEEPEST]

    def _milliseconds(self, mode: SearchMode) -> list[float]:
        """How long single queries took, spread over the set, each encoded by itself where meaning is searched."""
        times = []
        for at in range(0, len(self._texts), math.ceil(len(self._texts) / TIMED_QUERIES)):
            start = time.perf_counter()
            alone = self._vectors[at] if mode == "lexical" else self._encoder.encode([self._texts[at]], query=True)[0]
            self._found(self._texts[at], alone, mode)
            times.append(1000 * (time.perf_counter() - start))
        return times


class _WordsOnly:
    """In place of a model where only words are searched: one number for every text, so that building costs nothing."""

    dimension = 1
    fingerprint = "no-model"
    max_words = 1_000_000
    notice: str | None = None

    def encode(self, texts: Sequence[str], *, query: bool = False) -> NDArray[np.float32]:
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


def _fill(catalog: Catalog, collection: Collection, settings: Settings) -> None:
    if not catalog.counts():  # one transaction: all of it is there, or nothing
        catalog.put_all(_source(name, text, settings) for name, text in collection.documents.items())


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
