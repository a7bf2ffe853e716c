"""Coefficients of agreement, from the papers: percent, Cohen's kappa, Krippendorff's alpha, Gwet's AC1 and AC2. Pure.

What lives here: values given to units, in; one number, out. None: the coefficient is not defined for these, for example where
nobody gave the same unit a value twice, or everybody always gave the same one. What does not: which verdicts are compared
(of_verdicts.py).

counts: (units, values), how many people gave the unit that value. weights: (values, values) in [0, 1], how far two values
agree: 1 on the diagonal. A value that nobody gave is kept: chance is worked out over the values there are to give. times: how
often each row of the counts stands for a unit; once where it is left out.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.float64]
Weights = NDArray[np.float64]
Times = NDArray[np.float64]
RESAMPLES = 1_000  # Efron and Tibshirani 1993: enough for the limits of an interval of 95 %
INTERVAL = (2.5, 97.5)  # percentiles


class Coefficient(Protocol):
    """One of the coefficients below, of units of which some stand several times."""

    def __call__(self, counts: Counts, *, times: Times | None = None) -> float | None:
        """The coefficient, or None."""
        ...


def counted(units: Sequence[Sequence[Hashable | None]], values: Sequence[Hashable]) -> Counts:
    """How often each unit was given each value. units: for each, what each person gave it; None where somebody gave nothing.

    Raises: ValueError for a value that is not among `values`.
    """
    place = {value: number for number, value in enumerate(values)}
    table = np.zeros((len(units), len(values)))
    for row, given in enumerate(units):
        for value in given:
            if value is not None:
                if value not in place:
                    raise ValueError(f"{value!r} is none of the values: {', '.join(map(str, values))}")
                table[row, place[value]] += 1
    return table


def identity(values: int) -> Weights:
    """Two values agree or they do not."""
    return np.eye(values)


def ordinal(values: int) -> Weights:
    """Values in an order: the more values lie between two of them, the less they agree. Source: Gwet 2014."""
    apart = np.abs(np.subtract.outer(np.arange(values), np.arange(values)))
    between = (apart + 1) * apart / 2
    return 1 - between / max(float(between.max()), 1.0)


def quadratic(values: int) -> Weights:
    """Values at equal distances: agreement falls with the square of the distance. Source: Fleiss and Cohen 1973."""
    apart = np.subtract.outer(np.arange(values), np.arange(values)) / max(values - 1, 1)
    return 1 - apart.astype(np.float64) ** 2


def percent(counts: Counts, weights: Weights | None = None, *, times: Times | None = None) -> float | None:
    """The share of pairs of judgements of one unit that agree, averaged over units that two people or more judged."""
    judged, times = _with_at_least(2, counts, times)
    if not times.sum():
        return None
    people = judged.sum(axis=1)
    agreeing = (judged * (judged @ _or_identity(counts, weights) - 1)).sum(axis=1)
    return float(np.average(agreeing / (people * (people - 1)), weights=times))


def kappa(pairs: Sequence[tuple[int, int]], weights: Weights) -> float | None:
    """Cohen's kappa of two people; weighted where `weights` are not those of identity. pairs: places of the values each gave.

    Source: Cohen 1960; weighted, Cohen 1968.
    """
    table = np.zeros_like(weights)
    for one, other in pairs:
        table[one, other] += 1
    if not pairs:
        return None
    table /= len(pairs)
    by_chance = np.outer(table.sum(axis=1), table.sum(axis=0))
    return _beyond_chance(float((weights * table).sum()), float((weights * by_chance).sum()))


def gwet(counts: Counts, weights: Weights | None = None, *, times: Times | None = None) -> float | None:
    """Gwet's AC1; AC2 with weights. It stays where kappa falls though nearly everybody agrees on nearly everything.

    Source: Gwet 2008; with missing values and weights, Gwet 2014.
    """
    agreed = percent(counts, weights, times=times)
    if agreed is None:
        return None
    weights = _or_identity(counts, weights)
    rated, times = _with_at_least(1, counts, times)
    share = np.average(rated / rated.sum(axis=1, keepdims=True), axis=0, weights=times)
    values = len(share)
    by_chance = float(weights.sum() / (values * (values - 1)) * (share * (1 - share)).sum()) if values > 1 else 0.0
    return _beyond_chance(agreed, by_chance)


def alpha(counts: Counts, *, in_order: bool = False, times: Times | None = None) -> float | None:
    """Krippendorff's alpha for any number of people and missing values; in_order: values whose order counts (ordinal metric).

    Source: Krippendorff 2011, Computing Krippendorff's Alpha-Reliability.
    """
    pairable, times = _with_at_least(2, counts, times)
    each = pairable * (times / (pairable.sum(axis=1) - 1))[:, None]
    coincidences = each.T @ pairable - np.diag(each.sum(axis=0))
    totals = coincidences.sum(axis=1)
    apart = _ordinal_metric(totals) if in_order else 1 - np.eye(len(totals))
    expected = float((np.outer(totals, totals) * apart).sum())
    if expected == 0:
        return None
    return 1 - (float(totals.sum()) - 1) * float((coincidences * apart).sum()) / expected


def interval(counts: Counts, coefficient: Coefficient, *, seed: int = 0) -> tuple[float, float] | None:
    """The 95 % interval of a coefficient, by drawing units again and again with replacement; None where most draws have none.

    The same counts and seed give the same interval. Units that were judged alike are drawn together: ten thousand claims cost
    what a hundred do. Source: Efron and Tibshirani 1993, the percentile method.
    """
    judged, _ = _with_at_least(2, counts, None)
    if len(judged) < 2:
        return None
    alike, times = np.unique(judged, axis=0, return_counts=True)
    draws = np.random.default_rng(seed).multinomial(len(judged), times / len(judged), size=RESAMPLES)
    found = [value for draw in draws if (value := coefficient(alike, times=draw.astype(np.float64))) is not None]
    if len(found) <= RESAMPLES // 2:
        return None
    low, high = np.percentile(found, INTERVAL)
    return float(low), float(high)


def _with_at_least(people: int, counts: Counts, times: Times | None) -> tuple[Counts, Times]:
    """The units that so many people judged, and how often each of them stands."""
    enough = counts.sum(axis=1) >= people
    return counts[enough], np.ones(int(enough.sum())) if times is None else times[enough]


def _or_identity(counts: Counts, weights: Weights | None) -> Weights:
    return identity(counts.shape[1]) if weights is None else weights


def _beyond_chance(agreed: float, by_chance: float) -> float | None:
    return None if np.isclose(by_chance, 1) else (agreed - by_chance) / (1 - by_chance)


def _ordinal_metric(totals: NDArray[np.float64]) -> NDArray[np.float64]:
    """The square of how many judgements lie between two values, half of those at either end counted."""
    upto = np.concatenate([[0.0], np.cumsum(totals)])
    middle = np.array([(low + high) / 2 for low, high in pairwise(upto)])
    apart: NDArray[np.float64] = np.subtract.outer(middle, middle) ** 2
    return apart
