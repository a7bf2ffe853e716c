"""Very many claims, in processes of their own: `python -m workbench.benchmark.speed.many_claims`.

What lives here: a file of made-up claims, importing it, opening a desk that holds them, and asking it as people do, beside an
exact scan of as many vectors by numpy. What does not: what the times are held against (claims_row.py).
"""

from __future__ import annotations

import json
import random
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from workbench.benchmark.speed.ours import encoder_of, resident_mb
from workbench.benchmark.speed.rival import answer, stopwatch
from workbench.benchmark.speed.texts import MadeUpEncoder
from workbench.desk import Desk
from workbench.errors import WorkbenchError
from workbench.models import OPERATOR, QueueFilter

WORDS = 20_000  # of the vocabulary claims are made of
PEOPLE = 2_000
TOPICS = ("vote", "war", "health")
SHOWN = 25  # claims of a page, which are opened
BASE = 1_000  # different vectors of the scan
NEAREST = 10


class Program:
    """The requests of one process, by name."""

    def make(self, file: str, count: int, seed: int) -> dict[str, Any]:
        """Write a file of `count` claims, each of some twelve words."""
        draw = random.Random(seed)  # noqa: S311
        with Path(file).open("w", encoding="utf-8") as out:
            for number in range(count):
                words = " ".join(f"word{draw.randrange(WORDS)}" for _ in range(12))
                statement = f"{words} {draw.randrange(1, 9_999)} votes."
                claimant, topics = f"Speaker {draw.randrange(PEOPLE)}", [draw.choice(TOPICS)]
                line = {"id": f"c-{number}", "statement": statement, "claimant": claimant, "topics": topics}
                out.write(json.dumps(line) + "\n")
        return {"bytes": Path(file).stat().st_size}

    def take(self, workspace: str, file: str, seed: int) -> dict[str, Any]:
        """Import the file: what planning and storing took, and the memory before and at most."""
        with Desk.open(workspace, encoder=encoder_of(seed)) as desk:
            desk.cases.rows()
            before = resident_mb()
            with stopwatch() as planned:
                plan = desk.imports.plan(Path(file))
            with stopwatch() as stored:
                desk.imports.carry_out(plan, actor=OPERATOR)
            return {"planned": planned, "stored": stored, "added": len(plan.added), "before": before, "most": _most_mb()}

    def index(self, workspace: str, seed: int) -> dict[str, Any]:
        """Fold what was imported, without a copy of the register, and index it: what each took."""
        (Path(workspace) / ".workbench" / "register.json").unlink(missing_ok=True)
        with Desk.open(workspace, encoder=encoder_of(seed)) as desk:
            with stopwatch() as folded:
                desk.cases.rows()
            with stopwatch() as indexed:
                desk.precedents.keep_index()
            return {"folded": folded, "indexed": indexed, "most": _most_mb()}

    def ask(self, workspace: str, seed: int, rounds: int) -> dict[str, Any]:
        """What a new process takes to know every claim, then seconds of each question in turn; memory at the end."""
        draw = random.Random(seed)  # noqa: S311
        with Desk.open(workspace, encoder=encoder_of(seed)) as desk:
            with stopwatch() as began:
                many = len(desk.cases.rows())
            scan = _scan(many, seed)

            def word() -> str:
                return f"word{draw.randrange(WORDS)}"

            questions: dict[str, Callable[[], object]] = {
                "list them, and open a page": lambda: list(desk.claims()[:SHOWN]),
                "filter by two words": lambda: list(desk.claims(text=f"{word()} votes")[:SHOWN]),
                "filter by claimant and topic": lambda: list(desk.claims(claimant="Speaker 7", topic="vote")[:SHOWN]),
                "filter the queue": lambda: desk.queue.find(QueueFilter(topic="vote", text=word())),
                "what is like a text": lambda: desk.precedents.like(f"{word()} {word()} counted again."),
                "what is like a claim": lambda: desk.precedents.of(f"c-{draw.randrange(many)}"),
                "exact scan by numpy": scan,
            }
            times = {name: [_timed(question) for _ in range(rounds)] for name, question in questions.items()}
            return {"began": began, "times": times, "memory": resident_mb()}


def _scan(many: int, seed: int) -> Callable[[], object]:
    """The ten nearest of `many` vectors to one of them, exactly."""
    base = MadeUpEncoder.of_seed(seed).encode([str(number) for number in range(BASE)])
    vectors = np.resize(base, (many, base.shape[1]))
    return lambda: np.argpartition(-(vectors @ base[7]), min(NEAREST, many - 1))[:NEAREST]


def _timed(question: Callable[[], object]) -> dict[str, float]:
    with stopwatch() as taken:
        question()
    return taken


def _most_mb() -> float:
    """The most memory this process held, in MB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


if __name__ == "__main__":
    try:
        answer(Program())
    except WorkbenchError as error:
        sys.exit(f"{error.message} {error.hint}")
