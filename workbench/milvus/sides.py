"""Searching a collection: candidates of the server as ids of the catalog, with scores that the fusion understands.

What lives here: both sides of a generation that is kept in Milvus. What does not: speaking to the server (server.py), which
passages may be found (among.py).

A cosine is worked out again from the vector that the catalog keeps, so that it is the same number whatever way the server
stores and shortens vectors. What the server has and this generation has not, after a build that was broken off say, is dropped.
"""

from __future__ import annotations

import tempfile
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from workbench.catalog.generations import Manifest
from workbench.catalog.kept import texts_of_rows, vectors_of
from workbench.catalog.rows import ids_of, parts
from workbench.errors import EngineError, ModelError, StaleIndex, WorkbenchError
from workbench.lexical import LexicalIndex, query_terms, write_index
from workbench.milvus.among import Held
from workbench.milvus.server import MOST, Server
from workbench.milvus.terms import as_asked
from workbench.operators import Expression, words_asked_for

REINDEX = "Run: workbench evidence reindex"


class Shelf:
    """One collection as one generation sees it. Safe from several threads."""

    def __init__(self, server: Server, name: str, wanted: Mapping[str, str], held: Held) -> None:
        self._server = server
        self._name = name
        self._wanted = wanted
        self.held = held
        self._lock = threading.Lock()
        self._is_checked = False
        self._said: list[tuple[NDArray[np.int64], str | None]] = []  # the last filters, which hybrid search asks for twice

    def check(self) -> None:
        """Look whether the collection is there, and is the one of this generation. Raises: EngineError."""
        held = self._server.marks(self._name)
        if held is None:
            message = f"The collection {self._name} is not at {self._server.place} any more."
            raise EngineError(message, hint=REINDEX, code="no_collection")
        for what in ("model", "dimension", "kind"):
            if held[what] != self._wanted[what]:
                said = f"{what} {held[what] or 'unknown'}; this index was made with {self._wanted[what]}"
                message = f"The collection {self._name} at {self._server.place} is another one: {said}. It is not searched."
                raise EngineError(message, hint=REINDEX, code="other_collection")
        self._is_checked = True

    def find(self, field: str, asked: object, k: int, ids: NDArray[np.int64] | None) -> list[tuple[int, float]]:
        """(id, what the server scored it) of the best, as the server orders them. ids: (n,) int64. Raises: EngineError."""
        among = self._among(ids) if ids is not None else ""
        if k < 1 or among is None or not len(self.held.rows):
            return []
        try:
            if not self._is_checked:
                self.check()
            scored = self._server.search(self._name, field, asked, min(k, MOST), among)
        except EngineError:
            self._is_checked = False  # whatever comes back may be another collection
            raise
        with self.held.opening() as db:
            known = ids_of(db, list(scored))
        here = self.held.here(np.array(list(known.values()), dtype=np.int64))
        return [(one, scored[name]) for (name, one), is_here in zip(known.items(), here.tolist(), strict=True) if is_here]

    def _among(self, ids: NDArray[np.int64]) -> str | None:
        with self._lock:
            known = next((said for of, said in self._said if of is ids), NotImplemented)
        if known is not NotImplemented:
            return known
        said = self.held.expression(ids)
        with self._lock:
            self._said = [*self._said[-1:], (ids, said)]
        return said


class MilvusVectors:
    """The vectors of a collection."""

    def __init__(self, shelf: Shelf, manifest: Manifest) -> None:
        self.shelf = shelf
        self._dimension = manifest.dimension
        self._fingerprint = manifest.model_fingerprint

    def __len__(self) -> int:
        return len(self.shelf.held.rows)

    def ids(self) -> NDArray[np.int64]:
        """Every id that can be found, ascending: (n,) int64."""
        return self.shelf.held.rows

    def search(self, vector: NDArray[np.float32], k: int, *, ids: NDArray[np.int64] | None = None) -> list[tuple[int, float]]:
        """The k nearest (id, cosine), best first, ties by id; as near as the server finds them. ids: (n,) int64.

        Raises: ModelError for NaN, infinity or another dimension; EngineError.
        """
        if vector.shape != (self._dimension,) or not np.isfinite(vector).all():
            said = f"A vector of {self._dimension} numbers was due; an array of {vector.shape} came, or one with NaN."
            raise ModelError(said, hint=REINDEX)
        found = [one for one, _ in self.shelf.find("dense", vector, k, ids)]
        cosines = (self.rows(found) @ vector).tolist() if found else []
        return sorted(zip(found, cosines, strict=True), key=lambda pair: (-pair[1], pair[0]))

    def rows(self, ids: Sequence[int]) -> NDArray[np.float32]:
        """The kept vectors of these ids: (n, dimension) float32. Raises: StaleIndex where an id cannot be found here."""
        wanted = np.asarray(ids, dtype=np.int64)
        if not self.shelf.held.here(wanted).all():
            missing = int(wanted[~self.shelf.held.here(wanted)][0])
            raise StaleIndex(f"A passage is not in the index: {missing}", hint=REINDEX)
        ascending, places = np.unique(wanted, return_inverse=True)
        found = [np.empty((0, self._dimension), dtype=np.float32)]
        for part in parts(ascending.tolist()):
            with self.shelf.held.opening() as db:
                found.append(vectors_of(db, self._fingerprint, part, self._dimension))
        rows: NDArray[np.float32] = np.concatenate(found)[places]
        return rows


class MilvusWords:
    """The words of a collection."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def __len__(self) -> int:
        return len(self._shelf.held.rows)

    def search(self, wanted: str | Expression, k: int, *, ids: NDArray[np.int64] | None = None) -> list[tuple[int, float]]:
        """The k best (id, BM25) for the words of a text, best first, ties by id; scores are 0 or more. ids: (n,) int64.

        An expression finds every passage that it says: the server names those with one of its words, and the embedded index,
        made of these alone, reads it as ever. Raises: EngineError; WorkbenchError (`bad_query`) where it has no whole word, or
        more passages have one than a server names.
        """
        if not isinstance(wanted, str):
            return self._expressed(wanted, k, ids)
        terms = query_terms(wanted)
        found = self._shelf.find("sparse", as_asked(terms), k, ids) if terms else []
        # Milvus Lite gives BM25 below zero, a cluster above
        return sorted(((one, abs(score)) for one, score in found), key=lambda pair: (-pair[1], pair[0]))

    def _expressed(self, wanted: Expression, k: int, ids: NDArray[np.int64] | None) -> list[tuple[int, float]]:
        terms = sum(map(query_terms, words_asked_for(wanted) or ()), Counter[tuple[str, str]]())
        if not terms:
            message = "Milvus is asked for whole words, and this query has only beginnings of words."
            raise WorkbenchError(message, hint="Write one whole word beside them.", code="bad_query")
        rows = sorted(one for one, _ in self._shelf.find("sparse", as_asked(terms), MOST, ids))
        if len(rows) >= MOST:
            message = f"{MOST:,} passages or more have a word of this query: more than Milvus names at once."
            raise WorkbenchError(message, hint="Ask for a rarer word beside them, or filter the sources.", code="bad_query")
        with tempfile.TemporaryDirectory(prefix="workbench-words-") as folder:
            write_index(Path(folder, "few"), texts_of_rows(self._shelf.held.opening, rows))
            return LexicalIndex(Path(folder, "few")).search(wanted, k)
