"""How well search finds: `workbench eval` on a BEIR folder, through the same catalog, indexes and fusion as the app.

What lives here: which modes are asked, the figures of a run with their intervals, runs compared query by query. What does not:
asking (exam.py), the measures (metrics.py), why something was missed (misses.py), stance (stance.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from workbench.benchmark.beir import diluted, read_collection
from workbench.benchmark.exam import Exam, Progress, WordsOnly, sitting
from workbench.benchmark.metrics import MEASURES, intervals, rrf, scores
from workbench.benchmark.misses import check_writable, missed, write_misses
from workbench.encoders import Encoder, load_encoder
from workbench.models import SearchMode
from workbench.settings import Settings

MODES: tuple[SearchMode, ...] = ("dense", "lexical", "hybrid")
BASELINE = "rrf"
WITH_INTERVALS = ("ndcg@10", "recall@100")
DECIMALS = 4  # more says nothing about a mean over a thousand queries


def evaluate(
    folder: Path,
    *,
    mode: SearchMode | Literal["all"],
    split: str | None = None,
    encoder: Callable[[], Encoder] | None = None,
    settings: Settings | None = None,
    progress: Progress | None = None,
    misses: Path | None = None,
    distractors: Path | None = None,
) -> dict[str, Any]:
    """The figures of one mode, or with mode `all` of each under its name, as `workbench eval --json` prints them.

    settings: the defaults where none are given. encoder: the one they name; asked for only where meaning is searched or misses
    are looked at. misses: a file that gets a line for every query without a relevant document in the first ten (of hybrid, with
    `all`). distractors: a folder whose corpus is mixed in, relevant to nothing. p50_ms and p95_ms are of single queries, from
    text to ranked passages; `passages` counts the lines of the corpus; `model` is null for lexical; `ci95` holds intervals of
    the means. With `all`, `rrf` is reciprocal rank fusion of the dense and the lexical list, a baseline with no latency of its
    own, and `minus` of hybrid how far it lies above the others, paired.
    Raises: WorkbenchError (`bad_benchmark`) naming file and line, (`unwritable`) for misses; ModelError.
    """
    settings = settings or Settings()
    collection = read_collection(folder, split=split)
    if distractors is not None:
        collection = diluted(collection, distractors)
    if misses is not None:
        check_writable(misses)
    tell = progress or (lambda what, done, total: None)
    modes = MODES if mode == "all" else (mode,)
    needs_model = modes != ("lexical",) or misses is not None
    made_by = (encoder or partial(load_encoder, settings.search))() if needs_model else WordsOnly()
    with sitting(collection, settings, made_by, tell) as exam:
        runs = _runs(exam, modes, tell)
        found = figures({run: scores(listed, collection.relevant) for run, listed in runs.items()})
        times: dict[str, list[float]] = {one: exam.milliseconds(one) for one in modes}
        for run, values in found.items():
            values |= _latency(times.get(run))
            values |= {"passages": len(collection.documents), "queries": len(collection.relevant)}
            values |= {"model": None if run == "lexical" else made_by.fingerprint}
            values |= {"settings": _settings_in_force(settings), "notes": list(collection.notes)}
        measured: SearchMode = "hybrid" if mode == "all" else mode
        if misses is not None:
            lines = list(missed(exam, measured, runs[measured], tell))
            write_misses(misses, lines)
            found[measured]["missed"] = dict(Counter(line.reason for line in lines).most_common())
    return found if mode == "all" else found[mode]


def figures(scored: Mapping[str, NDArray[np.float64]]) -> dict[str, dict[str, Any]]:
    """The means of each run with intervals, and for hybrid beside others `minus`: how far it lies above each, paired.

    scored: (queries, measures) by run, the same queries in the same rows.
    """
    picked = [MEASURES.index(name) for name in WITH_INTERVALS]
    columns = {(run, ""): rows[:, picked] for run, rows in scored.items()}
    if "hybrid" in scored:
        columns |= {("hybrid", run): scored["hybrid"][:, picked] - rows[:, picked] for run, rows in scored.items()}
        columns.pop(("hybrid", "hybrid"))
    ends = intervals(np.hstack(list(columns.values()))).reshape(len(columns), len(picked), 2)
    found: dict[str, dict[str, Any]] = {}
    for (run, other), sample, low_high in zip(columns, columns.values(), ends, strict=True):
        ci95 = {name: _rounded(pair) for name, pair in zip(WITH_INTERVALS, low_high, strict=True)}
        if other:
            means = dict(zip(WITH_INTERVALS, _rounded(sample.mean(axis=0)), strict=True))
            found[run].setdefault("minus", {})[other] = {**means, "ci95": ci95}
        else:
            found[run] = {**dict(zip(MEASURES, _rounded(scored[run].mean(axis=0)), strict=True)), "ci95": ci95}
    return found


def _runs(exam: Exam, modes: tuple[SearchMode, ...], tell: Progress) -> dict[str, dict[str, list[str]]]:
    """Ranked documents by run and query: the modes, and where all were asked the baseline."""
    runs: dict[str, dict[str, list[str]]] = {mode: exam.rankings(mode, tell) for mode in modes}
    if modes == MODES:
        runs[BASELINE] = {query: rrf(found, runs["lexical"][query]) for query, found in runs["dense"].items()}
    return runs


def _latency(times: list[float] | None) -> dict[str, float | None]:
    p50, p95 = np.percentile(times, [50, 95]).round(2).tolist() if times else (None, None)
    return {"p50_ms": p50, "p95_ms": p95}


def _settings_in_force(settings: Settings) -> dict[str, Any]:
    """What of the settings decides these figures."""
    return settings.model_dump(mode="json", include={"evidence": {"passage_sentences", "passage_words"}, "search": True})


def _rounded(values: NDArray[np.float64]) -> list[float]:
    return [round(float(one), DECIMALS) for one in values]
