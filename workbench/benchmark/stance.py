"""How well a model tells support from denial, and how far its probabilities can be believed: `workbench eval --stance`.

What lives here: the scores of a stance model on labelled pairs, its calibration, and the floor it has to beat. What does not:
running a model (workbench.encoders), reading the pairs (beir.py). Pairs of one claim stay together wherever pairs are divided
or resampled: what a model gets wrong about a claim it gets wrong about all its passages.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from workbench.benchmark.beir import STANCES, Pair, Stance, bad, read_pairs
from workbench.benchmark.metrics import SEED, middle_95, resampled
from workbench.errors import ModelError, WorkbenchError

BINS = 15  # of equal width, as in Guo et al. 2017
TEMPERATURES = np.geomspace(0.05, 20, 601)  # neighbours differ by one in a hundred
SMALLEST = 1e-12  # probability: a model that is sure and wrong has a bad likelihood, not an infinite one
TOLERANCE = 1e-3  # how far from 1 the three may add up
DECIMALS = 4

Progress = Callable[[str, int, int], None]


class StanceJudge(Protocol):
    """What is measured: a model that gives each passage its probabilities of supporting, refuting or neither, for a claim."""

    @property
    def fingerprint(self) -> str:
        """A short name and a hash of what decides the probabilities."""

    def probabilities(self, claim: str, passages: Sequence[str]) -> NDArray[np.float32]:
        """One row per passage, in order: (n, 3) in the order of STANCES, each adding up to 1."""


@dataclass(frozen=True)
class Labelled:
    """Pairs as numbers. labels: the k stances that occur; probabilities: (n, k); truth: (n,) into labels; claim: (n,)."""

    labels: tuple[Stance, ...]
    probabilities: NDArray[np.float64]
    truth: NDArray[np.int64]
    claim: NDArray[np.int64]

    def of(self, claims: NDArray[np.int64]) -> Labelled:
        """The pairs of these claims only."""
        kept = np.isin(self.claim, claims)
        return Labelled(self.labels, self.probabilities[kept], self.truth[kept], self.claim[kept])


def evaluate_stance(
    folder: Path, *, judge: StanceJudge | None, split: str | None = None, progress: Progress | None = None
) -> dict[str, Any]:
    """Scores and calibration on stance.jsonl[.gz] of a folder, as `workbench eval --stance --json` prints them.

    Only stances that occur in the set are scored; the probabilities of the others are left out and the rest scaled to 1. The
    temperature is fitted on one half of the claims and reported on the other. judge: None where the settings name no model.
    Raises: WorkbenchError (`no_stance_model`, `bad_benchmark`); ModelError where the model returns no probabilities.
    """
    if judge is None:
        raise WorkbenchError(
            "No stance model is named, so there is nothing to measure.",
            hint="Set [stance] model in workbench.toml, or WORKBENCH_STANCE__MODEL, to the folder of an NLI CrossEncoder.",
            code="no_stance_model",
        )
    pairs = read_pairs(folder, split=split)
    if len({pair.claim_id for pair in pairs}) < 2:
        raise bad(f"{folder.name} has pairs of one claim only; a temperature is fitted on some claims and tried on others.")
    judged = _judged(pairs, judge, progress or (lambda what, done, total: None))
    made = confusion(judged)
    majority = np.zeros_like(made)
    majority[:, made.sum(axis=1).argmax()] = made.sum(axis=1)
    return {
        **_scores(made),
        "ci95": {"macro_f1": _rounded(_spread(judged))[0]},
        "ece": _rounded(calibration_error(judged)),
        "confusion": {
            true: dict(zip(judged.labels, row, strict=True)) for true, row in zip(judged.labels, made.tolist(), strict=True)
        },
        "majority": {"label": judged.labels[int(made.sum(axis=1).argmax())], **_scores(majority)},
        "calibration": _calibrated(judged),
        "pairs": len(pairs),
        "claims": len(np.unique(judged.claim)),
        "model": judge.fingerprint,
    }


def confusion(judged: Labelled) -> NDArray[np.int64]:
    """How often each stance (row) was taken for each (column): (k, k)."""
    count = len(judged.labels)
    at = judged.truth * count + judged.probabilities.argmax(axis=1)
    found: NDArray[np.int64] = np.bincount(at, minlength=count * count).reshape(count, count)
    return found


def macro_f1(made: NDArray[Any]) -> NDArray[np.float64]:
    """The mean over stances of 2 * right / (true + said), for confusions of shape (..., k, k). Never said counts 0."""
    right = np.diagonal(made, axis1=-2, axis2=-1).astype(np.float64)
    shares = 2 * right / np.maximum(made.sum(axis=-1) + made.sum(axis=-2), SMALLEST)
    mean: NDArray[np.float64] = shares.mean(axis=-1)
    return mean


def calibration_error(judged: Labelled) -> float:
    """How far confidence and accuracy lie apart, over 15 bins of confidence, weighted by the pairs in each (0 is perfect).

    Source: expected calibration error, Guo et al. 2017.
    """
    confidence = judged.probabilities.max(axis=1)
    right = judged.probabilities.argmax(axis=1) == judged.truth
    bins = np.minimum((confidence * BINS).astype(np.int64), BINS - 1)
    apart = np.bincount(bins, weights=confidence, minlength=BINS) - np.bincount(bins, weights=right, minlength=BINS)
    return float(np.abs(apart).sum() / len(confidence))


def tempered(judged: Labelled, temperature: float) -> Labelled:
    """The same pairs with probabilities softened (above 1) or sharpened: softmax of log p / temperature. The order stays."""
    logits = np.log(np.maximum(judged.probabilities, SMALLEST)) / temperature
    weights = np.exp(logits - logits.max(axis=1, keepdims=True))
    return Labelled(judged.labels, weights / weights.sum(axis=1, keepdims=True), judged.truth, judged.claim)


def fitted_temperature(judged: Labelled) -> float:
    """The temperature under which what people saw is most likely. Source: temperature scaling, Guo et al. 2017."""
    return float(min(TEMPERATURES, key=lambda one: _surprise(tempered(judged, float(one)))))


def _judged(pairs: Sequence[Pair], judge: StanceJudge, tell: Progress) -> Labelled:
    """Every pair asked, the passages of one claim together."""
    of_claim: dict[tuple[str, str], list[int]] = {}
    for at, pair in enumerate(pairs):
        of_claim.setdefault((pair.claim_id, pair.claim), []).append(at)
    rows = np.empty((len(pairs), len(STANCES)))
    done = 0
    for (_, claim), places in of_claim.items():
        tell("Judging", done, len(pairs))
        rows[places] = _probable(judge.probabilities(claim, [pairs[at].passage for at in places]), len(places))
        done += len(places)
    tell("Judging", done, len(pairs))
    columns = [at for at, stance in enumerate(STANCES) if any(pair.stance == stance for pair in pairs)]
    kept = np.maximum(rows[:, columns], SMALLEST)
    labels = tuple(STANCES[at] for at in columns)
    numbers = {name: at for at, name in enumerate(sorted({pair.claim_id for pair in pairs}))}
    return Labelled(
        labels,
        kept / kept.sum(axis=1, keepdims=True),
        np.array([labels.index(pair.stance) for pair in pairs]),
        np.array([numbers[pair.claim_id] for pair in pairs]),
    )


def _probable(made: NDArray[Any], count: int) -> NDArray[np.float64]:
    rows = np.asarray(made, dtype=np.float64)
    wanted = (count, len(STANCES))
    if rows.shape != wanted or not np.isfinite(rows).all() or (rows < 0).any() or (abs(rows.sum(axis=1) - 1) > TOLERANCE).any():
        raise ModelError(
            f"The stance model returned an array of {rows.shape} where {wanted} probabilities were due, or no probabilities.",
            hint="Set [stance] model to the folder of an NLI CrossEncoder with three labels.",
        )
    return rows


def _calibrated(judged: Labelled) -> dict[str, Any]:
    """The temperature of one half of the claims, and what it does on the other half."""
    claims = np.unique(judged.claim)
    shuffled = np.random.default_rng(SEED).permutation(claims)
    fitting, other = judged.of(shuffled[: len(claims) // 2]), judged.of(shuffled[len(claims) // 2 :])
    temperature = fitted_temperature(fitting)
    after = tempered(other, temperature)
    return {
        "temperature": _rounded(temperature),
        "fitted_on": {"claims": len(claims) // 2, "pairs": len(fitting.truth)},
        "reported_on": {"claims": len(claims) - len(claims) // 2, "pairs": len(other.truth), **_scores(confusion(other))},
        "before": {"ece": _rounded(calibration_error(other)), "log_loss": _rounded(_surprise(other))},
        "after": {"ece": _rounded(calibration_error(after)), "log_loss": _rounded(_surprise(after))},
    }


def _surprise(judged: Labelled) -> float:
    """The mean negative log likelihood of what people saw."""
    given = judged.probabilities[np.arange(len(judged.truth)), judged.truth]
    return float(-np.log(np.maximum(given, SMALLEST)).mean())


def _spread(judged: Labelled) -> NDArray[np.float64]:
    """The 95 % interval of macro-F1 when claims are resampled: (1, 2)."""
    count, claims = len(judged.labels), np.unique(judged.claim, return_inverse=True)[1]
    cells = claims * count**2 + judged.truth * count + judged.probabilities.argmax(axis=1)
    by_claim = np.bincount(cells, minlength=(claims.max() + 1) * count**2).reshape(-1, count**2)
    drawn = macro_f1(resampled(by_claim.astype(np.float64)).reshape(-1, count, count))
    return middle_95(drawn[:, np.newaxis])


def _scores(made: NDArray[np.int64]) -> dict[str, Any]:
    return {"macro_f1": _rounded(macro_f1(made)), "accuracy": _rounded(np.trace(made) / made.sum())}


def _rounded(value: Any) -> Any:
    return np.round(np.asarray(value, dtype=np.float64), DECIMALS).tolist()
