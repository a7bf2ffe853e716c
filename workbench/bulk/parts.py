"""What nodes made, kept until it is taken in: one parquet file for each batch, in `.workbench/bulk/`.

What lives here: keeping, finding again after a run that was broken off, and handing over to an intake. What does not: the work
(batch.py). What was made with another version, model or way of cutting lies in another folder, and is never mixed in.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow.parquet
from numpy.typing import NDArray

from workbench.bulk.batch import PASSAGES, Made, vectors_of
from workbench.folders import write_whole
from workbench.models import Passage, Source, canonical_json, sha256_hex
from workbench.settings import Settings
from workbench.version import VERSION

Found = tuple[Source, Sequence[Passage]]


class Parts:
    """What was made with this version, model and way of cutting."""

    def __init__(self, folder: Path, fingerprint: str, settings: Settings) -> None:
        cut = settings.evidence.model_dump(mode="json")
        self._home = folder
        self._folder = folder / sha256_hex(canonical_json([VERSION, fingerprint, cut]))[:16]
        self._folder.mkdir(parents=True, exist_ok=True)
        self._at: dict[str, tuple[Path, int]] = {}
        self._open: tuple[Path, list[dict[str, str]]] | None = None
        for path in sorted(self._folder.glob("*.parquet")):
            self._list(path)

    @property
    def held(self) -> frozenset[str]:
        """The sha256 of every file that was read."""
        return frozenset(self._at)

    def keep(self, made: Made) -> None:
        """Keep what came of one batch, whole or not at all; what comes twice is kept once."""
        path = self._folder / f"{sha256_hex(made.table)[:32]}.parquet"
        write_whole(path, made.table)
        self._list(path)

    def of(self, sha256: str) -> Found | None:
        """What reading this file gave; None where it was not read here."""
        if sha256 not in self._at:
            return None
        path, number = self._at[sha256]
        if self._open is None or self._open[0] != path:
            self._open = (path, pyarrow.parquet.read_table(path, columns=["source", "passages"]).to_pylist())
        row = self._open[1][number]
        return Source.model_validate_json(row["source"]), PASSAGES.validate_json(row["passages"])

    def vectors(self) -> Iterator[tuple[list[str], NDArray[np.float32]]]:
        """(n text hashes, their vectors, (n, dimension) float32), a file at a time."""
        for path in sorted({path for path, _ in self._at.values()}):
            for row in pyarrow.parquet.read_table(path, columns=["passages", "vectors"]).to_pylist():
                passages = PASSAGES.validate_json(row["passages"])
                if passages:
                    yield [one.text_hash for one in passages], vectors_of(row["vectors"], len(passages))

    def forget(self) -> None:
        """Delete all of it, also of other kinds: it was taken in."""
        shutil.rmtree(self._home, ignore_errors=True)

    def _list(self, path: Path) -> None:
        names = pyarrow.parquet.read_table(path, columns=["sha256"])["sha256"].to_pylist()
        for number, sha256 in enumerate(names):
            self._at.setdefault(sha256, (path, number))
