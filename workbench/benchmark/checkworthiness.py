"""How well sentences worth checking are ranked, beside chance and length, on transcripts whose checked sentences are marked.

What lives here: the layout (sentences.jsonl[.gz]: `doc`, `text`, `label` 1 where a fact-checker picked the sentence), average
precision, the table. What does not: ranking (checkworthy.py). Run: `python -m workbench.benchmark.checkworthiness FOLDER`.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from statistics import fmean

from workbench.benchmark.beir import bad, json_lines
from workbench.checkworthy import score
from workbench.errors import WorkbenchError

HALVES = ("read", "held out")
SHUFFLES = 50  # of the random order, whose mean is shown

Scorer = Callable[[str], float]


def read_transcripts(folder: Path) -> dict[str, list[tuple[str, bool]]]:
    """(sentence, whether it was picked) in order, by document. Raises: WorkbenchError `bad_benchmark`."""
    transcripts: dict[str, list[tuple[str, bool]]] = {}
    for place, line in json_lines(folder, "sentences.jsonl"):
        if not isinstance(line.get("text"), str) or line.get("label") not in (0, 1):
            raise bad(f"{place} has no text with a label of 0 or 1.")
        transcripts.setdefault(str(line.get("doc")), []).append((line["text"], line["label"] == 1))
    return transcripts


def average_precision(ranked: Sequence[bool]) -> float:
    """The mean, over the picked sentences, of the share of picked ones down to each; 0 where none was picked."""
    shares, seen = [], 0
    for place, picked in enumerate(ranked, start=1):
        if picked:
            seen += 1
            shares.append(seen / place)
    return fmean(shares) if shares else 0.0


def half_of(document: str) -> str:
    """The half a document belongs to, by the parity of the sha256 of its name: signs were read off the even half only."""
    return HALVES[int(sha256(document.encode()).hexdigest(), 16) % 2]


def measure(transcripts: Mapping[str, Sequence[tuple[str, bool]]], scorer: Scorer) -> dict[str, float]:
    """Mean average precision of a scorer over all documents and over each half; ties keep the order of the text."""
    by_part: dict[str, list[float]] = {"all": [], **{half: [] for half in HALVES}}
    for document, lines in transcripts.items():
        ranked = sorted(lines, key=lambda line: -scorer(line[0]))
        precision = average_precision([picked for _, picked in ranked])
        by_part["all"].append(precision)
        by_part[half_of(document)].append(precision)
    return {part: fmean(values) if values else 0.0 for part, values in by_part.items()}


def compared(transcripts: Mapping[str, Sequence[tuple[str, bool]]]) -> dict[str, dict[str, float]]:
    """Ours, the longest sentence first, and a random order (the mean of many)."""
    chance = random.Random(0)  # noqa: S311
    shuffled = [measure(transcripts, lambda _: chance.random()) for _ in range(SHUFFLES)]
    return {
        "workbench": measure(transcripts, lambda sentence: score(sentence)[0]),
        "longest first": measure(transcripts, lambda sentence: len(sentence.split())),
        "random": {part: fmean(one[part] for one in shuffled) for part in shuffled[0]},
    }


def table(measured: Mapping[str, Mapping[str, float]]) -> str:
    """Markdown: mean average precision, a line for each order."""
    lines = ["| order | " + " | ".join(HALVES) + " | all |", "| --- | --- | --- | --- |"]
    lines += [
        f"| {name} | " + " | ".join(f"{parts[part]:.3f}" for part in (*HALVES, "all")) + " |"
        for name, parts in measured.items()
    ]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command: prints the table."""
    parser = argparse.ArgumentParser(prog="python -m workbench.benchmark.checkworthiness", description="Score the ranking.")
    parser.add_argument("folder", type=Path, help="a folder with sentences.jsonl or sentences.jsonl.gz")
    given = parser.parse_args(arguments)
    try:
        measured = compared(read_transcripts(given.folder))
    except WorkbenchError as error:
        sys.stderr.write(f"{error}\n{error.hint}\n")
        return 1
    sys.stdout.write(table(measured) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
