"""python -m tests.reliability [TRIAL...] [--short] [--seed N] [--url URL] [--figures DIR]: the harnesses and their figures.

Prints a line for each figure: what was tried and what was reached. --figures keeps them in a folder, a file a trial, with the
promise each backs, the seed and the commit: docs/reliability.md is written from it. Exit code 1: a figure is missed.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import servers
from tests.reliability.trials import SHORT, TRIALS, Figure, Scale, scratch

SEED = 20261126  # a failing seed is kept
LONG = tuple(name for name in TRIALS if name != "disk-inside")


def main() -> int:
    """Run the trials that are named, else all."""
    wanted = argparse.ArgumentParser(prog="python -m tests.reliability", description=__doc__)
    wanted.add_argument("trials", nargs="*", choices=[*TRIALS, []], default=[], metavar="TRIAL", help=", ".join(TRIALS))
    wanted.add_argument("--short", action="store_true", help="what `make test` runs")
    wanted.add_argument("--seed", type=int, default=SEED)
    wanted.add_argument(
        "--url", help="the address of a ledger to contend for, in place of a new SQLite file; `postgres`: on a new server"
    )
    wanted.add_argument("--figures", type=Path, help="keep the figures in this folder, one JSON file a trial")
    wanted.add_argument("--part", default="1/1", help="2/4: the second of four parts of a long trial")
    wanted.add_argument("--table", type=Path, help="print what a folder of figures holds as the table of docs/reliability.md")
    given = wanted.parse_args()
    if given.table is not None:
        print(table(given.table))
        return 0
    missed = False
    for name in given.trials or (SHORT if given.short else LONG):
        with tempfile.TemporaryDirectory(dir=scratch()) as folder, _address(given.url) as url:
            began = time.monotonic()
            part, parts = map(int, given.part.split("/"))
            scale = Scale(long=not given.short, seed=given.seed, url=url, part=(part, parts))
            figures = list(TRIALS[name](Path(folder), scale))
        for one in figures:
            print(f"{'ok  ' if one.ok else 'MISS'}  {name}: {one.what}: {one.reached}", flush=True)
        missed = missed or not all(one.ok for one in figures)
        if given.figures is not None:
            keep(
                given.figures,
                name if parts == 1 else f"{name}-{part}-of-{parts}",
                figures,
                seed=given.seed,
                seconds=time.monotonic() - began,
            )
    return int(missed)


@contextmanager
def _address(url: str | None) -> Iterator[str | None]:
    """Where the ledger of one trial is to lie: as it was named, or on a server that is there for this trial only."""
    if url != "postgres":
        yield url
        return
    with servers.a_server(fsync=True) as address:
        yield address


def keep(folder: Path, trial: str, figures: list[Figure], *, seed: int, seconds: float) -> None:
    """Put the figures of one trial in the place of those it had before."""
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False).stdout.strip()
    told = {"seed": seed, "commit": commit, "seconds": round(seconds), "figures": [one._asdict() for one in figures]}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{trial}.json").write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def table(folder: Path) -> str:
    """The figures kept in a folder, by the row of RELIABILITY.md section 1 that each backs."""
    lines = ["| row | trial | tried | reached | seed | commit |", "| --- | --- | --- | --- | --- | --- |"]
    found = []
    for file in sorted(folder.glob("*.json")):
        kept = json.loads(file.read_text(encoding="utf-8"))
        for one in kept["figures"]:
            miss = "" if one["ok"] else "**missed:** "
            told = f"| {file.stem} | {one['what']} | {miss}{one['reached']} | {kept['seed']} | {kept['commit']} |"
            found.append((one["row"], file.stem, f"| {one['row']} {told}"))
    return "\n".join([*lines, *(line for _, _, line in sorted(found, key=lambda item: item[:2]))])


if __name__ == "__main__":
    sys.exit(main())
