"""What an engine is: whatever keeps the vectors and the words of a generation, and gives candidates out of them.

What lives here: the promises that search and catalog rest on. What does not: the engines. There are two: files of this
workspace (on_disk.py), and a Milvus server (workbench/milvus/). Ids are the row numbers of the catalog in both, texts and
vectors of passages stay in the catalog, and scores are fused in one place (search/fusion.py).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from workbench.catalog.roster import Places
from workbench.operators import Expression

if TYPE_CHECKING:
    from workbench.catalog.generations import Draft, Generation, Manifest


class Opening(Protocol):
    """How to get a connection to the catalog for one reading."""

    def __call__(self) -> AbstractContextManager[sqlite3.Connection]:
        """A connection."""


class DenseSide(Protocol):
    """The vectors of a generation, searched by cosine."""

    def __len__(self) -> int:
        """How many passages it holds."""

    def ids(self) -> NDArray[np.int64]:
        """Every id that can be found, ascending: (n,) int64."""

    def search(self, vector: NDArray[np.float32], k: int, *, ids: NDArray[np.int64] | None = None) -> list[tuple[int, float]]:
        """The k nearest (id, cosine), best first, ties by id; only among `ids`, (n,) int64, where given, inside the search."""

    def rows(self, ids: Sequence[int]) -> NDArray[np.float32]:
        """The stored vectors of these ids: (n, dimension) float32. Raises: StaleIndex where an id cannot be found here."""


class WordSide(Protocol):
    """The words of a generation, searched by BM25."""

    def __len__(self) -> int:
        """How many passages it holds."""

    def search(self, wanted: str | Expression, k: int, *, ids: NDArray[np.int64] | None = None) -> list[tuple[int, float]]:
        """The k best (id, BM25), best first, ties by id; only among `ids`, (n,) int64, where given, inside the search.

        Scores are 0 or more and comparable within one query only.
        """


@dataclass(frozen=True)
class Base:
    """The generation that is extended, and where its files are."""

    generation: Generation
    folder: Path


@dataclass(frozen=True)
class Change:
    """Where a new generation starts from, the places of all its passages, and the rows to add and to take out.

    is_whole: everything is to be made anew, whatever there is.
    """

    base: Base | None
    places: Places
    new: NDArray[np.int64]
    gone: NDArray[np.int64]
    is_whole: bool = False


class Engine(Protocol):
    """What keeps the indexes of one catalog. name: as the settings call it; the kinds are part of the manifest."""

    name: str
    dense_kind: str
    lexical_kind: str

    def versions(self) -> dict[str, str]:
        """The libraries that wrote the index: with another one it is made anew."""

    def write(self, draft: Draft, change: Change, manifest: Manifest, opening: Opening) -> list[str]:
        """Fill a draft; the names of its segments. Raises: StaleIndex, ModelError, OSError."""

    def read(
        self, folder: Path, manifest: Manifest, places: Places, gone: NDArray[np.int64], opening: Opening
    ) -> tuple[DenseSide, WordSide]:
        """Both sides of a generation, its files already checked. gone: row numbers, (n,) int64. Raises: StaleIndex, OSError."""

    def published(self, manifest: Manifest) -> None:
        """Know that this generation is the current one."""

    def reach(self) -> None:
        """Look whether it can be written to now, whatever it holds. Raises: StaleIndex."""

    def check(self, generation: Generation) -> None:
        """Look whether it can be searched now. Raises: StaleIndex."""

    def holds(self, generation: Generation) -> set[int]:
        """The ids of what is really kept, for `verify`. Raises: StaleIndex."""

    def is_worth_compacting(self, generation: Generation) -> bool:
        """Whether `write_compacted` would change anything."""

    def write_compacted(self, draft: Draft, base: Base) -> list[str]:
        """Fill a draft with the passages of a generation in fewer files."""

    def close(self) -> None:
        """Let go of what is open."""

    def clear(self) -> None:
        """Leave nothing of any passage. Raises: StaleIndex."""
