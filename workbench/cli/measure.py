"""`workbench eval`: finding quality on a labelled BEIR folder, through the code that serves the app."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from workbench.cli.console import JsonOption, WorkspaceOption, chosen, print_json, progress, say, stderr, table
from workbench.errors import UsageError
from workbench.settings import Settings, find_workspace, load_settings


def evaluate(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="A BEIR folder: corpus.jsonl[.gz], queries.jsonl[.gz], qrels.tsv.")
    ],
    mode: Annotated[Literal["hybrid", "dense", "lexical", "all"], typer.Option(help="Which search to measure.")] = "hybrid",
    split: Annotated[str | None, typer.Option(help="Only queries with this split.")] = None,
    misses: Annotated[
        Path | None, typer.Option(help="Write a line of JSON here for every query that was missed, with the reason.")
    ] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Measure nDCG, recall, MRR and latency on a labelled set, with the settings of the workspace if there is one.

    Writes to no workspace.
    """
    from workbench.benchmark.evaluate import evaluate as measure

    settings = _settings(workspace)
    with progress() as report:
        found = measure(folder, mode=mode, split=split, settings=settings, progress=report, misses=misses)
    if as_json:
        print_json(found)
        return
    _show(found if mode == "all" else {mode: found})
    if misses is not None:
        say(f"Written: {misses}")


def _settings(workspace: Path | None) -> Settings:
    """Those of the workspace that was named or is near; the defaults where none is, for measuring needs none."""
    named = chosen(workspace) or os.environ.get("WORKBENCH_WORKSPACE")
    try:
        found = find_workspace(named)
    except UsageError:
        if named:
            raise
        return Settings()
    return load_settings(found)


def _show(runs: Mapping[str, Mapping[str, Any]]) -> None:
    names = ["ndcg@10", "recall@5", "recall@10", "recall@100", "mrr@10", "p50_ms", "p95_ms"]
    table(["mode", *names], [[run, *(_cell(name, values[name]) for name in names)] for run, values in runs.items()], empty="")
    first = next(iter(runs.values()))
    say(
        f"\n{first['queries']} queries, {first['passages']} documents. In 95 of 100 resamplings of the queries the means lie in"
    )
    spread = [[run, *_intervals(values, values["ci95"], "")] for run, values in runs.items()]
    for run, values in runs.items():
        spread += [
            [f"{run} - {other}", *_intervals(less, less["ci95"], "+")] for other, less in values.get("minus", {}).items()
        ]
    table(["", *first["ci95"]], spread, empty="")
    for values in runs.values():
        for reason, count in values.get("missed", {}).items():
            say(f"{count:5} missed: {reason}")
    for note in first["notes"]:
        stderr.print(note)


def _cell(name: str, value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.1f}" if name.endswith("_ms") else f"{value:.3f}"


def _intervals(means: Mapping[str, float], ends: Mapping[str, list[float]], sign: str) -> list[str]:
    return [f"{means[name]:{sign}.3f} [{low:{sign}.3f}, {high:{sign}.3f}]" for name, (low, high) in ends.items()]
