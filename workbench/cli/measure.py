"""`workbench eval`: finding quality on a labelled BEIR folder, through the code that serves the app."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from workbench.cli.console import JsonOption, print_json, progress, table


def evaluate(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="A BEIR folder: corpus.jsonl[.gz], queries.jsonl[.gz], qrels.tsv.")
    ],
    mode: Annotated[Literal["hybrid", "dense", "lexical", "all"], typer.Option(help="Which search to measure.")] = "hybrid",
    split: Annotated[str | None, typer.Option(help="Only queries with this split.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Measure nDCG, recall, MRR and latency on a labelled set. Writes to no workspace."""
    from workbench.benchmark.evaluate import evaluate as measure

    with progress() as report:
        found = measure(folder, mode=mode, split=split, progress=report)
    if as_json:
        print_json(found)
        return
    runs = found if mode == "all" else {mode: found}
    names = ["ndcg@10", "recall@5", "recall@10", "recall@100", "mrr@10", "p50_ms", "p95_ms"]
    rows = [
        [run, *(f"{values[name]:.3f}" if "@" in name else f"{values[name]:.1f}" for name in names)]
        for run, values in runs.items()
    ]
    table(["mode", *names], rows, empty="Nothing was measured.")
