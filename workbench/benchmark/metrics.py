"""What a ranking is worth, query by query, and how far the means may be off. The only door to ir-measures.

What lives here: nDCG, recall and MRR of ranked document ids, reciprocal rank fusion as a baseline to compare with, bootstrap
intervals. What does not: searching. The measures are those of the benchmarks' README: nDCG with the grade itself as gain,
unjudged is not relevant, and every query with a relevant document counts, one that found nothing as 0.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

MEASURES = ("ndcg@10", "recall@5", "recall@10", "recall@100", "mrr@10")
DEEPEST = 100  # documents a measure looks at: recall@100
RRF_K = 60  # Cormack et al. 2009; the constant of the baselines in the benchmarks' README
RESAMPLES = 10_000
SEED = 20261125
RESAMPLED_AT_ONCE = 2_000_000  # draws held in memory together: 16 MB


def scores(rankings: Mapping[str, Sequence[str]], relevant: Mapping[str, Mapping[str, int]]) -> NDArray[np.float64]:
    """The measures of every query: (queries, measures), rows in the order of `relevant`, columns in that of MEASURES.

    rankings: document ids by query, best first, each once; a query without one scores 0. relevant: grades above 0.
    """
    import ir_measures
    from ir_measures import RR, R, nDCG

    measures = (nDCG @ 10, R @ 5, R @ 10, R @ 100, RR @ 10)
    # trec_eval sorts by score and breaks ties by name, so that each place gets a score of its own
    run = {query: {one: float(-place) for place, one in enumerate(rankings.get(query, ())[:DEEPEST])} for query in relevant}
    row = {query: at for at, query in enumerate(relevant)}
    found = np.zeros((len(relevant), len(measures)))
    grades = {query: dict(judged) for query, judged in relevant.items()}
    for metric in ir_measures.iter_calc(list(measures), grades, run):
        found[row[metric.query_id], measures.index(metric.measure)] = metric.value
    return found


def rrf(*rankings: Sequence[str]) -> list[str]:
    """Document ids by the sum of 1 / (60 + rank) over the rankings, best first, ties in the order of the first ranking.

    Source: Cormack, Clarke and Buettcher 2009.
    """
    total: defaultdict[str, float] = defaultdict(float)
    for ranking in rankings:
        for rank, one in enumerate(ranking, start=1):
            total[one] += 1 / (RRF_K + rank)
    return sorted(total, key=lambda one: -total[one])


def intervals(samples: NDArray[np.float64]) -> NDArray[np.float64]:
    """Where the mean of each column lies in 95 of 100 resamplings of the rows: (columns, 2), low and high.

    samples: (queries, columns). A column of differences between two runs compares them query by query.
    """
    return middle_95(resampled(samples))


def resampled(samples: NDArray[np.float64]) -> NDArray[np.float64]:
    """The mean of every column in 10,000 resamplings of the rows with a fixed seed: (10,000, columns).

    samples: (rows, columns). All columns see the same rows drawn. Source: the bootstrap, Efron 1979.
    """
    chance = np.random.default_rng(SEED)
    count = len(samples)
    step = max(1, RESAMPLED_AT_ONCE // count)
    means = []
    for start in range(0, RESAMPLES, step):
        rows = min(step, RESAMPLES - start)
        drawn = chance.integers(count, size=(rows, count)) + np.arange(rows)[:, np.newaxis] * count
        times = np.bincount(drawn.ravel(), minlength=rows * count).reshape(rows, count)
        means.append(times.astype(np.float64) @ samples / count)
    return np.concatenate(means)


def middle_95(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The 2.5th and the 97.5th percentile of each column: (columns, 2)."""
    ends: NDArray[np.float64] = np.percentile(values, [2.5, 97.5], axis=0).T
    return ends
