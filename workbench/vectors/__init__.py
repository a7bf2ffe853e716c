"""The dense index: unit vectors under whole-number ids, searched by inner product, which is cosine for unit vectors.

What lives here: searching immutable segments (segment.py) as one, without the ids that are gone, and which of them to merge.
What does not: what an id means, and whether a file may be trusted (the catalog hashes it before it is read here). The only door
to faiss and threadpoolctl.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from workbench.errors import ModelError, StaleIndex
from workbench.vectors.segment import KIND, Segment, joined, segment_of

__all__ = ["KIND", "DenseIndex", "Segment", "joined", "mergeable", "segment_of"]

GROWTH = 4  # a segment this many times as large as all after it stays apart: at most log5(n / 20) + 1, 7 at a million
NO_IDS: NDArray[np.int64] = np.empty(0, dtype=np.int64)


class DenseIndex:
    """Segments searched as one. Safe from several threads; it never changes.

    gone: ids that are still in a segment and never found. Ids rise within a segment, and from each segment to the next.
    """

    def __init__(self, dimension: int, segments: Sequence[Segment] = (), *, gone: NDArray[np.int64] = NO_IDS) -> None:
        self.dimension = dimension
        self.segments = tuple(segments)
        self._gone = gone

    @classmethod
    def read(cls, folder: Path, names: Sequence[str], dimension: int, *, gone: NDArray[np.int64] = NO_IDS) -> DenseIndex:
        """The index of these segments of a folder, their hashes already checked; large arrays stay on disk, mapped.

        gone: ids that are found no more, (n,) int64. Raises: StaleIndex where one cannot be read or does not fit the others.
        """
        index = cls(dimension, [Segment.read(folder, name) for name in names], gone=gone)
        _multiply_on_one_thread()
        every = np.concatenate([NO_IDS, *(segment.ids for segment in index.segments)])
        if any(segment.dimension != dimension for segment in index.segments) or (np.diff(every) <= 0).any():
            raise StaleIndex(f"The segments of {folder} are not of one index.", hint="Run: workbench evidence reindex")
        return index

    def __len__(self) -> int:
        return sum(len(segment) for segment in self.segments) - len(self._gone)

    def ids(self) -> NDArray[np.int64]:
        """Every id that can be found, ascending: (n,) int64."""
        every = np.concatenate([NO_IDS, *(segment.ids for segment in self.segments)])
        return every if self._alive is None else every[self._alive[every]]

    def search(self, vector: NDArray[np.float32], k: int, *, ids: NDArray[np.int64] | None = None) -> list[tuple[int, float]]:
        """The k nearest (id, cosine), best first, ties by id; only among `ids`, (n,) int64, where given, inside the search.

        Exact below 100,000 passages and wherever few ids are allowed; else as near to it as segment.py says.
        Raises: ModelError for NaN, infinity, or another dimension.
        """
        if vector.shape != (self.dimension,) or not np.isfinite(vector).all():
            raise ModelError(
                f"A vector of {self.dimension} numbers was due; an array of {vector.shape} came, or one with NaN.",
                hint="Run: workbench evidence reindex",
            )
        allowed = self._alive if ids is None else self._allowed(ids)
        found = [segment.search(vector, k, allowed) for segment in self.segments] if k > 0 else []
        pairs = [pair for ids_, scores in found for pair in zip(ids_.tolist(), scores.tolist(), strict=True)]
        return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))[:k]

    def rows(self, ids: Sequence[int]) -> NDArray[np.float32]:
        """The stored vectors of these ids: (n, dimension) float32, as half precision kept them.

        Raises: StaleIndex where an id cannot be found here.
        """
        wanted = np.asarray(ids, dtype=np.int64)
        rows = np.empty((len(wanted), self.dimension), dtype=np.float32)
        missing = np.ones(len(wanted), dtype=bool)
        for segment in self.segments:
            here, places = segment.places_of(wanted)
            rows[here] = segment.rows_at(places)
            missing &= ~here
        if self._alive is not None:
            missing |= np.isin(wanted, self._gone)
        if missing.any():
            raise StaleIndex(
                f"A passage is not in the index: {int(wanted[missing][0])}", hint="Run: workbench evidence reindex"
            )
        return rows

    def _allowed(self, ids: NDArray[np.int64]) -> NDArray[np.bool_]:
        bits = np.zeros(self._span, dtype=bool)
        bits[ids if ids.max(initial=0) < self._span else ids[ids < self._span]] = True
        return bits if self._alive is None else bits & self._alive

    @property
    def _span(self) -> int:
        """One more than the largest id."""
        return int(self.segments[-1].ids[-1]) + 1 if self.segments else 0

    @cached_property
    def _alive(self) -> NDArray[np.bool_] | None:
        """For each id whether it may be found; None where all may."""
        if not len(self._gone):
            return None
        bits = np.ones(self._span, dtype=bool)
        bits[self._gone] = False
        return bits


def _multiply_on_one_thread() -> None:
    """Have the matrix products of this process (numpy's, FAISS's) take one thread from here on.

    Those of a query are small. On two threads one took 37 ms of the processors instead of 6, and longer by the clock on a busy
    machine: the second thread spins while it waits for the next product.
    """
    from threadpoolctl import ThreadpoolController

    ThreadpoolController().limit(limits=1, user_api="blas")


def mergeable(sizes: Sequence[int], *, most: int) -> int:
    """How many of the last segments to merge into one, so that each is GROWTH times all after it; 1 or 0: none.

    sizes: rows of each segment, oldest first. most: rows that may be copied for it.
    """
    for at, size in enumerate(sizes):
        later = sum(sizes[at + 1 :])
        if size < GROWTH * later and size + later <= most:
            return len(sizes) - at
    return min(1, len(sizes))
