"""How near a passage lies to everything: some are close to any query, whatever it asks, and crowd out the one that answers it.

What lives here: measuring that against a sample of the same corpus, kept while the generation is. What does not: what a score
makes of it (fusion.py). Source: Radovanović et al. 2010 (hubs in high dimensions); Chowdhury et al. 2024 (nearest neighbour
normalisation: subtract the mean similarity to the nearest of a reference set).
"""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from workbench.catalog.engine import DenseSide

SAMPLE = 1_000  # passages that stand for the corpus; 500 to 4,000 gave the same means (docs/benchmarks.md)
NEAREST = 10
COPY = 0.9  # from this cosine on two passages say the same: a report that was reprinted ten times is no hub


class Hubness:
    """The hubness of the passages of one dense index, each worked out once. Safe from several threads."""

    def __init__(self, dense: DenseSide, passage_order: NDArray[np.int64]) -> None:
        """passage_order: every id of the index. Sources stand in it by their sha256, so that an even sample is a random one."""
        self._dense = dense
        even = np.linspace(0, len(passage_order) - 1, min(SAMPLE, len(passage_order)), dtype=np.int64)
        self._sample_ids = passage_order[even]
        self._sample: NDArray[np.float32] | None = None
        self._known: dict[int, float] = {}
        self._lock = threading.Lock()

    def of(self, ids: Sequence[int], rows: NDArray[np.float32]) -> dict[int, float]:
        """The mean cosine of each passage to its NEAREST in the sample, copies of it left out: in [-1, 1].

        rows: (n, d), the stored vectors of `ids`. 0 where the sample holds nothing but the passage and its copies.
        """
        with self._lock:
            new = [at for at, one in enumerate(ids) if one not in self._known]
            if new:
                if self._sample is None:
                    self._sample = self._dense.rows(self._sample_ids.tolist())
                self._known |= zip((ids[at] for at in new), mean_of_nearest(rows[new] @ self._sample.T).tolist(), strict=True)
            return {one: self._known[one] for one in ids}


def mean_of_nearest(cosines: NDArray[np.float32]) -> NDArray[np.float32]:
    """The mean of the NEAREST highest of every row, those above COPY left out: (n, sample) -> (n,); 0 where none is left."""
    kept = np.where(cosines > COPY, -np.inf, cosines)
    count = min(NEAREST, kept.shape[1])
    highest = np.partition(kept, kept.shape[1] - count, axis=1)[:, kept.shape[1] - count :]
    found = np.isfinite(highest)
    total: NDArray[np.float32] = np.where(found, highest, 0).sum(axis=1) / np.maximum(found.sum(axis=1), 1)
    return total
