"""`workbench eval`: finding quality on a labelled BEIR folder, through the code that serves the app."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from workbench.cli.console import JsonOption, WorkspaceOption, near_settings, print_json, progress, say, stderr, table
from workbench.errors import UsageError

if TYPE_CHECKING:
    from workbench.settings import Settings


def evaluate(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="A BEIR folder: corpus.jsonl[.gz], queries.jsonl[.gz], qrels.tsv.")
    ],
    mode: Annotated[Literal["hybrid", "dense", "lexical", "all"], typer.Option(help="Which search to measure.")] = "hybrid",
    split: Annotated[str | None, typer.Option(help="Only queries with this split.")] = None,
    misses: Annotated[
        Path | None, typer.Option(help="Write a line of JSON here for every query that was missed, with the reason.")
    ] = None,
    distractors: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Mix in the corpus of this folder, relevant to nothing.")
    ] = None,
    stance: Annotated[
        bool, typer.Option("--stance", help="Measure the stance model of the settings on stance.jsonl[.gz] instead.")
    ] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Measure nDCG, recall, MRR and latency on a labelled set, with the settings of the workspace if there is one.

    Writes to no workspace.
    """
    settings = near_settings(workspace)
    if stance:
        if misses is not None or distractors is not None:
            said = "--misses and --distractors are about searching; with --stance nothing is searched."
            raise UsageError(said, hint="Leave one out.")
        _measure_stance(folder, split, settings, as_json=as_json)
        return
    from workbench.benchmark.evaluate import evaluate as measure

    with progress() as report:
        found = measure(
            folder, mode=mode, split=split, settings=settings, progress=report, misses=misses, distractors=distractors
        )
    if as_json:
        print_json(found)
        return
    _show(found if mode == "all" else {mode: found})
    if misses is not None:
        say(f"Written: {misses}")


def _measure_stance(folder: Path, split: str | None, settings: Settings, *, as_json: bool) -> None:
    from workbench.benchmark.stance import evaluate_stance
    from workbench.encoders import load_stance_model

    judge = load_stance_model(settings.stance)
    with progress() as report:
        found = evaluate_stance(folder, judge=judge, split=split, progress=report)
    if as_json:
        print_json(found)
    else:
        _show_stance(found)


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


def _show_stance(found: Mapping[str, Any]) -> None:
    low, high = found["ci95"]["macro_f1"]
    calibration, majority = found["calibration"], found["majority"]
    say(f"{found['model']} on {found['pairs']} pairs of {found['claims']} claims\n")
    rows = [
        ["the model", f"{found['macro_f1']:.3f} [{low:.3f}, {high:.3f}]", f"{found['accuracy']:.3f}"],
        [f"always {majority['label']}", f"{majority['macro_f1']:.3f}", f"{majority['accuracy']:.3f}"],
    ]
    table(["", "macro-F1", "accuracy"], rows, empty="")
    say("")
    labels = list(found["confusion"])
    counts = [[true, *map(str, row.values())] for true, row in found["confusion"].items()]
    table(["people said", *(f"taken for {label}" for label in labels)], counts, empty="")
    before, after, other = calibration["before"], calibration["after"], calibration["reported_on"]
    say(
        f"\nExpected calibration error {found['ece']:.3f}. With temperature {calibration['temperature']:.2f}, fitted on "
        f"{calibration['fitted_on']['claims']} claims, it falls from {before['ece']:.3f} to {after['ece']:.3f} on the "
        f"other {other['claims']}."
    )
