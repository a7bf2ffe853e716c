"""The engine that needs no server: FAISS and tantivy in the files of a generation, all of them or only what changed.

What lives here: vectors and words of passages into the files of a draft, tombstones, and when segments are merged. What does
not: encoding, publishing (generations.py), which rows there are (roster.py).

The policy. New passages become one new segment, merged at once with the segments before it while that copies at most INLINE
rows; each segment is to be GROWTH times as large as all after it, so a million are in seven at most. Passages that go become
tombstones: they stay in the files and are left out of every search. Larger merges, and taking tombstones out of the files once
they are a fifth of all rows, are left to compacting: they are never on the path of adding one file. tantivy merges its own
segments, about eight of a size into one, when something is added; nearly always small ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from workbench import lexical, vectors
from workbench.catalog.engine import Base, Change, Opening
from workbench.catalog.generations import Draft, Generation, Manifest, write_arrays
from workbench.catalog.kept import texts_of_rows, vectors_of_rows
from workbench.catalog.roster import Places
from workbench.lexical import LexicalIndex
from workbench.vectors import NO_IDS, DenseIndex, Segment, joined, mergeable, segment_of

DENSE, LEXICAL = "dense", "lexical"
INLINE = 20_000  # rows copied at most while somebody waits for a file: 15 MB, some 50 ms
UNLIMITED = 1 << 62
MOST_GONE = 0.2  # share of rows that are tombstones before they are taken out of the files


class OnDisk:
    """FAISS and tantivy over files of one generation folder; what did not change is shared with the one before."""

    name = "local"
    dense_kind = vectors.KIND
    lexical_kind = lexical.KIND

    def versions(self) -> dict[str, str]:
        """Of both libraries."""
        return {name: version(name) for name in ("faiss-cpu", "tantivy")}

    def write(self, draft: Draft, change: Change, manifest: Manifest, opening: Opening) -> list[str]:
        """Fill a draft; the names of its dense segments, oldest first. Raises: StaleIndex, ModelError, OSError."""
        base = change.base.generation if change.base else None
        gone = np.union1d(base.gone, change.gone) if base else NO_IDS
        older = list(_segments(base)) if base else []
        if len(change.new):
            parts = vectors_of_rows(opening, manifest.model_fingerprint, change.new.tolist(), manifest.dimension)
            older.append(segment_of(change.new, parts, manifest.dimension))
        count = mergeable([len(one) for one in older], most=INLINE)
        names = _write_dense(draft, change.base, older, merged=count, gone=NO_IDS)
        _write_words(draft, change, opening)
        write_arrays(draft, change.places, gone)
        return names

    def read(
        self, folder: Path, manifest: Manifest, places: Places, gone: NDArray[np.int64], opening: Opening
    ) -> tuple[DenseIndex, LexicalIndex]:
        """Both indexes, open. gone: row numbers, (n,) int64. Raises: StaleIndex, OSError."""
        dense = DenseIndex.read(folder / DENSE, manifest.segments, manifest.dimension, gone=gone)
        return dense, LexicalIndex(folder / LEXICAL, gone=gone)

    def published(self, manifest: Manifest) -> None:
        """Nothing: the files are the index."""

    def reach(self) -> None:
        """Nothing: it is where the catalog is."""

    def check(self, generation: Generation) -> None:
        """Nothing: it was opened."""

    def holds(self, generation: Generation) -> set[int]:
        """The ids of the vectors; that there are as many words was checked when it was opened."""
        return set(generation.dense.ids().tolist())

    def is_worth_compacting(self, generation: Generation) -> bool:
        """Whether `write_compacted` would change anything."""
        sizes = [len(segment) for segment in _segments(generation)]
        return mergeable(sizes, most=UNLIMITED) > 1 or len(generation.gone) > MOST_GONE * sum(sizes)

    def write_compacted(self, draft: Draft, base: Base) -> list[str]:
        """Fill a draft with the passages of a generation in fewer files, and with no tombstones where there were many."""
        generation = base.generation
        segments = _segments(generation)
        sizes = [len(segment) for segment in segments]
        if len(generation.gone) > MOST_GONE * sum(sizes):
            names = _write_dense(draft, base, segments, merged=len(segments), gone=generation.gone)
            _extend_words(draft, base, [], without=generation.gone)
            write_arrays(draft, generation.places, NO_IDS)
            return names
        names = _write_dense(draft, base, segments, merged=mergeable(sizes, most=UNLIMITED), gone=NO_IDS)
        draft.share(base.folder, _names(generation, LEXICAL))
        write_arrays(draft, generation.places, generation.gone)
        return names

    def close(self) -> None:
        """Nothing: whoever holds a generation holds its files."""

    def clear(self) -> None:
        """Nothing: the folder of generations is deleted with all its files."""


def _segments(generation: Generation) -> tuple[Segment, ...]:
    dense = generation.dense
    assert isinstance(dense, DenseIndex)  # noqa: S101  # what `read` made: a generation of another engine is no base
    return dense.segments


def _write_dense(
    draft: Draft, base: Base | None, segments: Sequence[Segment], *, merged: int, gone: NDArray[np.int64]
) -> list[str]:
    """The last `merged` segments become one, without `gone`; those that have files already are shared."""
    (draft.folder / DENSE).mkdir()
    last = len(segments) - merged
    whole = list(segments[:last])
    if merged > 1 or len(gone):
        whole.append(joined(segments[last:], gone=gone))
    else:
        whole.extend(segments[last:])
    names = []
    for segment in filter(len, whole):
        names.append(segment.name or f"seg-{draft.number}")
        if segment.name and base is not None:
            draft.share(base.folder, [one for one in _names(base.generation, DENSE) if f"/{segment.name}." in one])
        else:
            segment.write(draft.folder / DENSE, names[-1])
    return names


def _write_words(draft: Draft, change: Change, opening: Opening) -> None:
    rows = change.new.tolist()
    if change.base is None:
        lexical.write_index(draft.folder / LEXICAL, texts_of_rows(opening, rows))
    elif rows:
        _extend_words(draft, change.base, texts_of_rows(opening, rows), without=NO_IDS)
    else:
        draft.share(change.base.folder, _names(change.base.generation, LEXICAL))


def _extend_words(draft: Draft, base: Base, rows: Iterable[tuple[int, str]], *, without: NDArray[np.int64]) -> None:
    draft.share(base.folder, _names(base.generation, LEXICAL))
    lexical.extend_index(draft.folder / LEXICAL, rows, without=without)


def _names(generation: Generation, folder: str) -> list[str]:
    return [name for name in generation.manifest.files if name.startswith(f"{folder}/")]
