"""A workspace too large to encode, in a process of its own, asked as `rival.py` is.

Its passages go into the catalog of a Desk without files or a ledger entry, under made-up vectors; the indexes are built, opened
and ranked by the code that serves the app. The ten best by brute force, in single precision, are the truth of recall.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.benchmark.speed.ours import encoder_of, resident_mb
from workbench.benchmark.speed.rival import answer, stopwatch
from workbench.benchmark.speed.texts import PER_FILE, MadeUpEncoder, Texts
from workbench.desk import Desk
from workbench.errors import WorkbenchError
from workbench.models import Passage, SearchMode, Source, sha256_hex

BASE = 1_000  # real embeddings the made-up vectors are made of
BLOCK = 50_000  # passages multiplied at once
TOP = 10
TRUTH = "truth.npz"


class Program:
    """The requests of one process: build in one, search in another, so that building is not in the memory of searching."""

    def build(
        self, workspace: str, count: int, queries: int, seed: int, texts: str | None, made_up: int | None
    ) -> dict[str, Any]:
        """Fill the catalog, build the indexes, and keep the truth beside them. `made_up`: no model is loaded at all."""
        made = texts_of(texts, seed)
        asked = made.asked(queries)
        with Desk.open(workspace, encoder=encoder_of(made_up)) as desk:
            vectors = desk.encoder().encode(asked, query=True)
            base = desk.encoder().encode(list(made.passages(min(BASE, count))))
            encoder = MadeUpEncoder(base)
            with desk.catalog.writing(), stopwatch() as filled:
                desk.catalog.put_all(_sources(made.passages(count)))
            with stopwatch() as built:
                desk.catalog.build(encoder, desk.settings)
        found = {
            "vectors": vectors,
            "every": _best(made, count, encoder, vectors),
            "half": _best(made, count, encoder, vectors, 2),
        }
        np.savez(Path(workspace) / TRUTH, **found)  # type: ignore[arg-type]  # numpy's stub takes the names for options
        return {"filled": filled, "built": built}

    def open(self, workspace: str, queries: int, seed: int, texts: str | None, made_up: int | None) -> dict[str, Any]:
        """Open the workspace for searching, its model loaded."""
        self.asked = texts_of(texts, seed).asked(queries)
        self.desk = Desk.open(workspace, encoder=encoder_of(made_up))
        self.desk.encoder().encode(self.asked[:1], query=True)
        index = self.desk.searcher.open()
        if index is None:
            raise SystemExit("nothing was built")
        self.index = index
        roster = index.roster
        files = np.array([int(one[:16], 16) for one in roster.sources])[roster.source_of]
        first = np.searchsorted(roster.source_of, roster.source_of)  # where the passages of its source begin
        self.numbers = files * PER_FILE + np.arange(len(files)) - first  # as they were made, in roster order
        self.half = np.sort(roster.ids[files % 2 == 0])
        self.truth = np.load(Path(workspace) / TRUTH, allow_pickle=False)
        return {"passages": len(roster.ids), "vectors": index.generation.manifest.dense_kind}

    def ask(self, mode: SearchMode, half: bool) -> dict[str, Any]:
        """Every query in one mode: seconds of each, the share of the true ten nearest among those found, and the memory."""
        ids, true = self.half if half else None, self.truth["half" if half else "every"]
        vectors, rows, recalls = self.truth["vectors"], [], []
        for at, query in enumerate(self.asked):
            with stopwatch() as taken:
                vector = self.desk.encoder().encode([query], query=True)[0] if mode == "hybrid" else vectors[at]
                found = self.desk.searcher.rank(self.index, query, vector, mode=mode, k=TOP, ids=ids).candidates
                self.desk.catalog.passages_by_id([one.id for one in found])
            rows.append(taken)
            places = self.index.roster.positions([one.id for one in found]).values()
            recalls.append(len(set(true[at].tolist()) & set(self.numbers[list(places)].tolist())) / true.shape[1])
        return {"queries": rows, "recall": float(np.mean(recalls)), "resident_mb": resident_mb()}


def texts_of(folder: str | None, seed: int) -> Texts:
    """The texts of a BEIR folder, else made-up ones."""
    return Texts.made_up(seed) if folder is None else Texts.of_folder(Path(folder), seed)


def _sources(texts: Iterator[str]) -> Iterator[tuple[Source, list[Passage]]]:
    """Sources of PER_FILE passages each. The first 16 digits of a source id are the number of its file."""
    for number, page in enumerate(iter(lambda: list(islice(texts, PER_FILE)), [])):
        source_id = f"{number:016x}" + sha256_hex(str(number))[16:]
        text = "\n\n".join(page)
        source = Source(
            source_id=source_id,
            text=text,
            text_sha256=sha256_hex(text),
            media_type="text/plain",
            reader="bench",
            reader_version="1",
        )
        yield source, _passages(source_id, page)


def _passages(source_id: str, page: Sequence[str]) -> list[Passage]:
    passages, start = [], 0
    for ordinal, text in enumerate(page):
        end = start + len(text)
        passages.append(
            Passage(
                passage_id=Passage.id_of(source_id, start, end),
                source_id=source_id,
                ordinal=ordinal,
                start=start,
                end=end,
                text=text,
                text_hash=sha256_hex(text),
            )
        )
        start = end + len("\n\n")
    return passages


def _best(made: Texts, count: int, encoder: MadeUpEncoder, queries: NDArray[np.float32], every: int = 1) -> NDArray[np.int64]:
    """The numbers of the TOP passages nearest each query, by brute force; only of every so-manieth file."""
    scores = np.full((len(queries), 0), -np.inf, dtype=np.float32)
    numbers = np.zeros((len(queries), 0), dtype=np.int64)
    for start in range(0, count, BLOCK):
        block = list(made.passages(min(BLOCK, count - start), skip=start))
        here = np.arange(start, start + len(block))
        kept = here // PER_FILE % every == 0
        near = queries @ encoder.encode(block).T
        scores = np.hstack([scores, near[:, kept]])
        numbers = np.hstack([numbers, np.broadcast_to(here[kept], (len(queries), int(kept.sum())))])
        best = np.argsort(-scores, axis=1)[:, :TOP]
        scores, numbers = np.take_along_axis(scores, best, 1), np.take_along_axis(numbers, best, 1)
    return numbers


if __name__ == "__main__":
    try:
        answer(Program())
    except WorkbenchError as error:
        sys.exit(f"{error.message} {error.hint}")
