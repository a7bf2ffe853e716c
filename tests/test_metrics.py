"""What a ranking is worth, by hand: linear gains, our own order, and how far a mean may be off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from workbench.benchmark.evaluate import figures
from workbench.benchmark.metrics import MEASURES, intervals, rrf, scores


def measured(found: Sequence[str], relevant: Mapping[str, int]) -> dict[str, float]:
    return dict(zip(MEASURES, scores({"q": found}, {"q": relevant})[0].tolist(), strict=True))


def test_ndcg_is_linear_in_the_grades() -> None:
    found = measured(["x", "b", "a"], {"a": 2, "b": 1})

    # gains 0, 1, 2 against the ideal 2, 1: (1/log2(3) + 2/log2(4)) / (2/log2(2) + 1/log2(3))
    assert found["ndcg@10"] == pytest.approx((0.63093 + 1.0) / (2.0 + 0.63093), abs=1e-4)
    assert found["mrr@10"] == 0.5


def test_recall_counts_the_relevant_ones_that_were_found() -> None:
    found = measured([*"uvwxy", "a", *map(str, range(20)), "b"], {"a": 1, "b": 1, "c": 1})

    assert (found["recall@5"], found["recall@10"], found["recall@100"]) == pytest.approx((0, 1 / 3, 2 / 3))


def test_the_order_of_a_ranking_decides_and_never_the_names_in_it() -> None:
    first = measured(["a", "z"], {"a": 1})
    last = measured(["z", "a"], {"a": 1})

    assert (first["mrr@10"], last["mrr@10"]) == (1.0, 0.5)
    assert measured(["a", "z"], {"z": 1})["mrr@10"] == 0.5


def test_a_relevant_document_at_rank_eleven_counts_for_recall_at_100_only() -> None:
    found = measured([*map(str, range(10)), "a"], {"a": 1})

    assert list(found.values()) == [0, 0, 0, 1, 0]


def test_a_query_that_found_nothing_scores_zero_and_stays_in_the_mean() -> None:
    found = scores({"q1": ["a"], "q2": []}, {"q1": {"a": 1}, "q2": {"a": 1}, "q3": {"b": 3}})

    assert found[:, 0].tolist() == [1, 0, 0]


def test_reciprocal_ranks_are_added_up_with_k_60() -> None:
    # a: 1/61 + 1/63, b: 1/62 + 1/61, c: 1/63, d: 1/62
    assert rrf(["a", "b", "c"], ["b", "d", "a"]) == ["b", "a", "d", "c"]


def test_equal_sums_of_reciprocal_ranks_stay_in_the_order_of_the_first_list() -> None:
    assert rrf(["x", "a"], ["a", "x"]) == ["x", "a"]


def test_an_interval_of_a_mean_is_near_the_one_of_the_normal_law() -> None:
    sample = np.tile([0.0, 1.0], 200)[:, np.newaxis]  # mean 0.5, standard error 0.5 / 20

    low, high = intervals(sample)[0].tolist()

    assert (low, high) == pytest.approx((0.5 - 1.96 * 0.025, 0.5 + 1.96 * 0.025), abs=0.004)


def test_intervals_are_the_same_on_every_run() -> None:
    sample = np.linspace(0, 1, 50).reshape(25, 2)

    assert intervals(sample).tolist() == intervals(sample).tolist()


def test_runs_are_compared_query_by_query() -> None:
    easy_and_hard = np.tile([[0.9], [0.1]], (50, len(MEASURES)))

    found = figures({"dense": easy_and_hard, "hybrid": easy_and_hard + 0.05})

    # the means swing by 0.15 from sample to sample, the difference not at all
    assert found["dense"]["ci95"]["ndcg@10"][1] - found["dense"]["ci95"]["ndcg@10"][0] > 0.1
    assert found["hybrid"]["minus"] == {
        "dense": {"ndcg@10": 0.05, "recall@100": 0.05, "ci95": {"ndcg@10": [0.05, 0.05], "recall@100": [0.05, 0.05]}}
    }
