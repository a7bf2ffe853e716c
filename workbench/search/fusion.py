"""Two searches made one: the score of a passage from its cosine and its BM25, and the share each has in it. Pure.

What lives here: the fusion and its constants, each with its reason, and the merging of several wordings. What does not:
searching, filters, texts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from workbench.models import SearchMode

DECIMALS = 6  # of a score: equal texts reached by different arithmetic must tie
# Found on the six development sets with 0.2 as the ordinary share of words; flat around these values (docs/benchmarks.md).
TENTH = 9  # position of the passage whose score says whether the best ones stand out
USUAL_LEXICAL_DROP = 0.5  # of the best BM25, from the first to the tenth: about the median query of the sets
USUAL_DENSE_DROP = 0.1  # of cosine, from the first to the tenth
LEAST, MOST = 0.5, 1.5  # how far either may move the share: no query is left to one side alone
HUB_SHARE = 0.2  # of a passage's hubness taken off its cosine; 0.1 to 0.3 gave the same means

Scored = tuple[int, float]  # passage id, score


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage id with its score and where each search ranked it (1-based; None where that search did not list it).

    dense_weight: the share of meaning in the score, None where one side was asked; wording: which of the query's it is for.
    """

    id: int
    score: float
    cosine: float | None
    bm25: float | None
    dense_rank: int | None
    lexical_rank: int | None
    rerank_score: float | None = None
    hubness: float | None = None
    dense_weight: float | None = None
    wording: int = 0


@dataclass(frozen=True, slots=True)
class Ranking:
    """Candidates, best first, how they were found, and the share of meaning in their scores (hybrid only)."""

    candidates: list[Candidate]
    mode: SearchMode
    dense_weight: float | None = None


def fuse(
    dense: Mapping[int, float], lexical: Mapping[int, float], *, dense_weight: float, hubness: Mapping[int, float] | None = None
) -> dict[int, float]:
    """The score of every id in either side, rounded to 6 decimals, in [-1.2, 1.2].

    dense_weight * (cosine - HUB_SHARE * hubness) + (1 - dense_weight) * BM25 / the best BM25 of this query. dense: cosine in
    [-1, 1]; lexical: BM25, 0 or more; hubness: [-1, 1]. What is missing counts 0.
    Source: Bruch et al. 2023, convex combination with one side normalised by its maximum; hubness.py.
    """
    best = max(lexical.values(), default=0.0) or 1.0
    near_all = hubness or {}
    return {
        one: round(
            dense_weight * (dense.get(one, 0.0) - HUB_SHARE * near_all.get(one, 0.0))
            + (1 - dense_weight) * lexical.get(one, 0.0) / best,
            DECIMALS,
        )
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


def dense_share(mode: SearchMode, dense: Sequence[Scored], lexical: Sequence[Scored], *, usual: float) -> float:
    """The share of meaning in the scores of one query: all or none of it where one side is asked, else what the query gives."""
    if mode != "hybrid":
        return float(mode == "dense")
    by_side = [[score for _, score in side] for side in (dense, lexical)]
    return 1 - weight_of_words(*by_side, dense_weight=usual)


def by_score(found: Sequence[Scored], position: Mapping[int, int]) -> dict[int, int]:
    """The rank of every id, from 1, best first; what ties in DECIMALS keeps passage order."""
    order = sorted(found, key=lambda pair: (-round(pair[1], DECIMALS), position[pair[0]]))
    return {one: rank for rank, (one, _) in enumerate(order, start=1)}


def best_of(rankings: Sequence[Ranking]) -> list[Candidate]:
    """Each passage once, with the best score any wording gave it, best first; `wording` says which.

    A wording searched by words only has no cosine in its scores: its best would always stand above every other wording's. Its
    scores are brought down to theirs, so that its best stands level with the best of them.
    """
    if len(rankings) == 1:
        return [replace(one, dense_weight=rankings[0].dense_weight) for one in rankings[0].candidates]
    tops = [ranking.candidates[0].score for ranking in rankings if ranking.mode != "lexical" and ranking.candidates]
    best: dict[int, Candidate] = {}
    for wording, ranking in enumerate(rankings):
        scale = max(tops, default=1.0) if ranking.mode == "lexical" else 1.0
        for one in ranking.candidates:
            score = round(one.score * scale, DECIMALS)
            if one.id not in best or score > best[one.id].score:
                best[one.id] = replace(one, score=score, dense_weight=ranking.dense_weight, wording=wording)
    return sorted(best.values(), key=lambda one: -one.score)
