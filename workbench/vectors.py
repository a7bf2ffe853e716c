"""The dense index: unit vectors under whole-number ids, searched by inner product, which is cosine for unit vectors.

What lives here: one exhaustive index in half precision ("IDMap2,SQfp16": recall 0.999 and at most 4 ms below 100,000
passages, with no training and no tuning, PERFORMANCE.md section 2). What does not: what an id means, and whether a file may
be trusted (catalog.py hashes it before it is read here). The only door to faiss.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.errors import ModelError, StaleIndex

KIND = "IDMap2,SQfp16"


class DenseIndex:
    """Vectors by id. Searching is safe from several threads; adding is not."""

    def __init__(self, dimension: int) -> None:
        import faiss

        self._index: Any = faiss.index_factory(dimension, KIND, faiss.METRIC_INNER_PRODUCT)

    @classmethod
    def read(cls, path: Path) -> DenseIndex:
        """The index in a file of our own, its hash already checked. Raises: StaleIndex where FAISS cannot read it."""
        import faiss

        faiss.set_deserialization_vector_byte_limit(max(path.stat().st_size, 1 << 20))  # no array is larger than its file
        index = cls.__new__(cls)
        try:
            index._index = faiss.read_index(str(path))
        except RuntimeError as error:
            raise StaleIndex(f"{path} cannot be read: {_first_line(error)}", hint="Run: workbench evidence reindex") from error
        return index

    def write(self, path: Path) -> None:
        """Write the index to a file. On a full disk FAISS reports no error for a small one: read it back before trusting it.

        Raises: OSError where FAISS does notice.
        """
        import faiss

        try:
            faiss.write_index(self._index, str(path))
        except RuntimeError as error:
            raise OSError(f"{path.name}: {_first_line(error)}") from error

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """Numbers per vector."""
        return int(self._index.d)

    def ids(self) -> NDArray[np.int64]:
        """Every id, in the order they were added: (n,) int64."""
        import faiss

        library: Any = faiss
        found: NDArray[np.int64] = library.vector_to_array(self._index.id_map)
        return found

    def add(self, ids: Sequence[int], vectors: NDArray[np.float32]) -> None:
        """Add (n, dimension) unit rows under n new ids. Raises: ModelError for NaN, infinity, or another shape."""
        rows = self._fitting(vectors, len(ids))
        if len(ids):
            self._index.add_with_ids(rows, np.asarray(ids, dtype=np.int64))

    def search(self, vector: NDArray[np.float32], k: int, *, ids: NDArray[np.int64] | None = None) -> list[tuple[int, float]]:
        """The k nearest (id, cosine), best first, ties by id; only among `ids` where given, decided inside the search."""
        import faiss

        library: Any = faiss  # its stubs describe the C++ classes, not the Python ones
        query = self._fitting(vector.reshape(1, -1), 1)
        k = min(k, len(self) if ids is None else len(ids))
        if k < 1:
            return []
        faiss.omp_set_num_threads(1)  # one query on two threads is five times slower on a busy machine (PERFORMANCE.md 1c)
        params = None
        if ids is not None:
            bits = np.zeros(int(ids.max()) + 1, dtype=bool)
            bits[ids] = True
            packed = np.packbits(bits, bitorder="little")
            params = library.SearchParameters(sel=library.IDSelectorBitmap(packed))
        scores, found = self._index.search(query, k, params=params)
        pairs = [(int(i), float(score)) for i, score in zip(found[0], scores[0], strict=True) if i >= 0]
        return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))

    def rows(self, ids: Sequence[int]) -> NDArray[np.float32]:
        """The stored vectors of these ids: (n, dimension) float32, as half precision kept them.

        Raises: StaleIndex where an id is not in the index.
        """
        if not len(ids):
            return np.empty((0, self.dimension), dtype=np.float32)
        try:
            rows: NDArray[np.float32] = self._index.reconstruct_batch(np.asarray(ids, dtype=np.int64))
        except RuntimeError as error:
            raise StaleIndex(
                f"A passage is not in the index: {_first_line(error)}", hint="Run: workbench evidence reindex"
            ) from error
        return rows

    def _fitting(self, vectors: NDArray[np.float32], count: int) -> NDArray[np.float32]:
        """FAISS would take NaN and find anything near it. Unit length is checked where vectors come from (encoders.checked)."""
        if vectors.shape != (count, self.dimension) or not np.isfinite(vectors).all():
            raise ModelError(
                f"{count} vectors of {self.dimension} numbers were due; an array of {vectors.shape} came, or one with NaN.",
                hint="Run: workbench evidence reindex",
            )
        return np.ascontiguousarray(vectors, dtype=np.float32)


def _first_line(error: RuntimeError) -> str:
    return str(error).splitlines()[0][:200]
