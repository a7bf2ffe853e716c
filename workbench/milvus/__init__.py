"""The same search on a Milvus server: what an engine of the catalog promises, kept in a collection instead of in files.

What lives here: bringing a collection up to the catalog, and the alias that says which collection is the current one. What does
not: speaking to the server (server.py, the only door to pymilvus), searching (sides.py), filters (among.py), words (terms.py).

The catalog stays the truth: it has the texts and the vectors, and a generation on this machine says which passages may be
found. A collection is filled in place by what changed. Another model, another way of cutting or a whole rebuild makes a new
collection beside it; the alias moves once that one is full, and the old one goes. Whatever is killed halfway is done again by
the next build: passages are put by their id, and taken out by source.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Collection, Iterator, Mapping
from importlib.metadata import version
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from workbench import lexical
from workbench.catalog.engine import Base, Change, Opening
from workbench.catalog.generations import Draft, Generation, Manifest, write_arrays
from workbench.catalog.kept import texts_of_rows, vectors_of_rows
from workbench.catalog.roster import Places
from workbench.catalog.rows import ids_of, marks, names_of, parts
from workbench.errors import EngineError
from workbench.milvus.among import KEY, Held, key_of
from workbench.milvus.server import Row, Server
from workbench.milvus.sides import MilvusVectors, MilvusWords, Shelf
from workbench.milvus.terms import as_stored
from workbench.settings import MilvusSettings
from workbench.vectors import NO_IDS

__all__ = ["MilvusEngine"]

SOURCES = "sources.npy"  # beside roster.npy: what Milvus calls each source
AT_ONCE = 500  # passages in one call: half a megabyte of vectors and words
FLUSHED_FROM = 1_000  # passages: a cluster allows one flush in ten seconds, and a few new passages are found without
BEING_FILLED = ""  # in place of the digest of what a collection holds


class MilvusEngine:
    """One collection of a Milvus server under an alias. Safe from several threads."""

    name = "milvus"
    dense_kind = "milvus: float32 IP, v1"
    lexical_kind = f"milvus: BM25 over {lexical.KIND}, v1"

    def __init__(self, settings: MilvusSettings) -> None:
        self._alias = settings.collection
        self._server = Server(settings)

    def versions(self) -> dict[str, str]:
        """Of what makes terms of a text."""
        return {"tantivy": version("tantivy")}

    def reach(self) -> None:
        """Look whether the server answers. Raises: EngineError."""
        self._server.collections()

    def close(self) -> None:
        """Let go of the connection."""
        self._server.close()

    # writing -----------------------------------------------------------------------------------------------------------

    def write(self, draft: Draft, change: Change, manifest: Manifest, opening: Opening) -> list[str]:
        """Bring a collection up to the catalog; its name. Raises: StaleIndex, ModelError, OSError."""
        with opening() as db:
            sources = _sources(db, change.places)
        wanted = _marks(manifest)
        name = self._extended(change.base, wanted) or (None if change.is_whole else self._adopted(wanted))
        new, stale = change.new, _changed_sources(change)
        if name is None:
            name, new, stale = self._begun(wanted, manifest.dimension), change.places["row"].astype(np.int64), []
        elif change.base is None:
            new = NO_IDS  # the alias named a collection of just these passages
        if len(new) or stale:
            self._server.mark(name, wanted | {"digest": BEING_FILLED})
            rows = _rows(new, sources, manifest, opening)
            while part := list(islice(rows, AT_ONCE)):
                self._server.upsert(name, part)
            self._take_out(name, stale, sources, opening)
            if len(new) >= FLUSHED_FROM:
                self._server.flush(name)
        self._server.mark(name, wanted)
        write_arrays(draft, change.places, NO_IDS)
        np.save(draft.folder / SOURCES, sources, allow_pickle=False)
        return [name]

    def published(self, manifest: Manifest) -> None:
        """Have the alias name the collection of this generation, and drop those it named before. Raises: EngineError."""
        name = manifest.segments[0]
        if self._server.named_by(self._alias) != name:
            self._server.point(self._alias, name)
        for other in self._ours():
            if other != name:
                self._server.drop(other)

    def is_worth_compacting(self, generation: Generation) -> bool:
        """Never: the server compacts by itself."""
        return False

    def write_compacted(self, draft: Draft, base: Base) -> list[str]:
        """Never asked for."""
        raise NotImplementedError

    def clear(self) -> None:
        """Drop the collections of this alias with everything in them. Raises: EngineError."""
        if self._server.named_by(self._alias) is not None:
            self._server.drop_alias(self._alias)
        for name in self._ours():
            self._server.drop(name)

    def _extended(self, base: Base | None, wanted: Mapping[str, str]) -> str | None:
        """The collection of the generation before, where it is still there and is one of this model."""
        if base is None or base.generation.manifest.engine != self.name:
            return None
        name = base.generation.manifest.segments[0]
        held = self._server.marks(name)
        return name if held is not None and _alike(held, wanted) else None

    def _adopted(self, wanted: Mapping[str, str]) -> str | None:
        """The collection the alias names, where it holds just these passages: another server of this workspace made it.

        Raises: EngineError where it is another workspace's, as far as can be told.
        """
        name = self._server.named_by(self._alias)
        held = self._server.marks(name) if name else None
        if name is None or held is None:
            return None
        if _alike(held, wanted) and held["digest"] == wanted["digest"] and self._server.count(name) == int(wanted["passages"]):
            return name
        if held["catalog"] == wanted["catalog"]:
            return None
        message = f"The collection {self._alias} at {self._server.place} was filled from another catalog: {_told(held)}."
        own = "Name one for this workspace (collection under [search.milvus])"
        hint = f"{own}, or replace what is in it: workbench evidence reindex"
        raise EngineError(message, hint=hint, code="collection_taken")

    def _begun(self, wanted: Mapping[str, str], dimension: int) -> str:
        numbers = [int(name.rpartition("_")[2]) for name in self._ours()]
        name = f"{self._alias}_{max(numbers, default=0) + 1}"
        self._server.create(name, dimension, {**wanted, "digest": BEING_FILLED})
        return name

    def _ours(self) -> list[str]:
        return [one for one in self._server.collections() if re.fullmatch(rf"{self._alias}_\d+", one)]

    def _take_out(self, name: str, stale: Collection[int], sources: NDArray[np.void], opening: Opening) -> None:
        """The passages that are no longer of a source; of those that are gone, all of them."""
        here = dict(zip(sources["key"].tolist(), sources["row"].tolist(), strict=True))
        gone = [key for key in stale if key not in here]
        if gone:
            self._server.delete(name, f"source in {gone}")
        for key in stale:
            if key in here:
                with opening() as db:
                    select = "SELECT passage_id FROM passages WHERE source = ?"
                    kept = [passage_id for (passage_id,) in db.execute(select, (here[key],))]
                self._server.delete(name, f"source == {key} and passage_id not in {kept}")

    # reading -----------------------------------------------------------------------------------------------------------

    def read(
        self, folder: Path, manifest: Manifest, places: Places, gone: NDArray[np.int64], opening: Opening
    ) -> tuple[MilvusVectors, MilvusWords]:
        """Both sides of a collection. Nothing is asked of the server before the first search.

        gone: row numbers, (n,) int64. Raises: OSError, StaleIndex.
        """
        shelf = Shelf(self._server, manifest.segments[0], _marks(manifest), _held(folder, places, opening))
        return MilvusVectors(shelf, manifest), MilvusWords(shelf)

    def check(self, generation: Generation) -> None:
        """Look whether the server answers and has the collection of this generation. Raises: StaleIndex."""
        _shelf(generation).check()

    def holds(self, generation: Generation) -> set[int]:
        """The ids of the passages that are in the collection; what no catalog knows is -1. Raises: StaleIndex."""
        shelf = _shelf(generation)
        shelf.check()
        found: set[int] = set()
        for names in self._server.every_id(generation.manifest.segments[0]):
            with shelf.held.opening() as db:
                known = ids_of(db, names)
            found |= set(known.values()) | ({-1} if len(known) < len(names) else set())
        return found


def _shelf(generation: Generation) -> Shelf:
    assert isinstance(generation.dense, MilvusVectors)  # noqa: S101  # what `read` made
    return generation.dense.shelf


def _marks(manifest: Manifest) -> dict[str, str]:
    """What is kept with a collection: what it was made with, and from what."""
    return {
        "model": manifest.model_fingerprint,
        "dimension": str(manifest.dimension),
        "kind": f"{manifest.dense_kind}; {manifest.lexical_kind}",
        "catalog": manifest.catalog_id,
        "passages": str(manifest.passages),
        "digest": manifest.corpus_digest,
    }


def _alike(held: Mapping[str, str], wanted: Mapping[str, str]) -> bool:
    """Whether passages of one may stand in the other."""
    return all(held[one] == wanted[one] for one in ("model", "dimension", "kind"))


def _told(held: Mapping[str, str]) -> str:
    return f"{held['passages'] or 'some'} passages, model {held['model'] or 'not known'}"


def _sources(db: sqlite3.Connection, places: Places) -> NDArray[np.void]:
    """(row, key) of every source with a passage, by row."""
    found = [
        (row, key_of(source_id))
        for part in parts(np.unique(places["source"]).tolist())
        for row, source_id in db.execute(f"SELECT row, source_id FROM sources WHERE row IN ({marks(part)})", part)  # noqa: S608
    ]
    return np.array(sorted(found), dtype=KEY)


def _changed_sources(change: Change) -> list[int]:
    """The keys of sources that lost a passage since the generation before."""
    if change.base is None or not len(change.gone):
        return []
    before = change.base.generation.places
    sources = np.load(change.base.folder / SOURCES, allow_pickle=False)
    rows = np.unique(before["source"][np.isin(before["row"], change.gone)])
    keys: list[int] = sources["key"][np.isin(sources["row"], rows)].tolist()
    return keys


def _rows(new: NDArray[np.int64], sources: NDArray[np.void], manifest: Manifest, opening: Opening) -> Iterator[Row]:
    """What is put for each new passage. Raises: StaleIndex, ModelError."""
    numbers = new.tolist()
    texts = texts_of_rows(opening, numbers)
    found = vectors_of_rows(opening, manifest.model_fingerprint, numbers, manifest.dimension)
    vectors = (row for part in found for row in part)
    key = dict(sources.tolist())
    for part in parts(numbers):
        with opening() as db:
            names = names_of(db, part)
        for number in part:
            passage_id, source = names[number]
            _, text = next(texts)
            yield {
                "passage_id": passage_id,
                "source": key[source],
                "terms": as_stored(lexical.passage_terms(text)),
                "dense": next(vectors),
            }


def _held(folder: Path, places: Places, opening: Opening) -> Held:
    sources = np.load(folder / SOURCES, allow_pickle=False)
    return Held(places, sources, opening)
