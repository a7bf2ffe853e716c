"""What goes into a generation: everything, or only what changed since the one it extends.

What lives here: vectors and words of passages into the files of a draft, tombstones, and when segments are merged. What does
not: encoding, publishing (generations.py), which rows there are (roster.py).

The policy. New passages become one new segment, merged at once with the segments before it while that copies at most INLINE
rows; each segment is to be GROWTH times as large as all after it, so a million are in seven at most. Passages that go become
tombstones: they stay in the files and are left out of every search. Larger merges, and taking tombstones out of the files once
they are a fifth of all rows, are left to compacting: they are never on the path of adding one file. tantivy merges its own
segments, about eight of a size into one, when something is added; nearly always small ones.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from workbench import lexical
from workbench.catalog import kept
from workbench.catalog.generations import DENSE, GONE, LEXICAL, ROSTER, Draft, Generation, Manifest
from workbench.catalog.roster import Places
from workbench.catalog.rows import parts, texts_of
from workbench.encoders import checked
from workbench.vectors import NO_IDS, Segment, joined, mergeable, segment_of

INLINE = 20_000  # rows copied at most while somebody waits for a file: 15 MB, some 50 ms
UNLIMITED = 1 << 62
MOST_GONE = 0.2  # share of rows that are tombstones before they are taken out of the files


class Opening(Protocol):
    """How to get a connection to the catalog for one reading."""

    def __call__(self) -> AbstractContextManager[sqlite3.Connection]:
        """A connection."""


@dataclass(frozen=True)
class Base:
    """The generation that is extended, and where its files are."""

    generation: Generation
    folder: Path


@dataclass(frozen=True)
class Change:
    """Where a new generation starts from, the places of all its passages, and the rows to add and to take out."""

    base: Base | None
    places: Places
    new: NDArray[np.int64]
    gone: NDArray[np.int64]


def write_generation(draft: Draft, change: Change, manifest: Manifest, opening: Opening) -> list[str]:
    """Fill a draft; the names of its dense segments, oldest first. Raises: StaleIndex, ModelError, OSError."""
    base = change.base.generation if change.base else None
    gone = np.union1d(base.gone, change.gone) if base else NO_IDS
    older = list(base.dense.segments) if base else []
    if len(change.new):
        older.append(segment_of(change.new, _vectors(change.new.tolist(), manifest, opening), manifest.dimension))
    count = mergeable([len(one) for one in older], most=INLINE)
    names = _write_dense(draft, change.base, older, merged=count, gone=NO_IDS)
    _write_words(draft, change, opening)
    _write_arrays(draft, change.places, gone)
    return names


def is_worth_compacting(generation: Generation) -> bool:
    """Whether `write_compacted` would change anything."""
    sizes = [len(segment) for segment in generation.dense.segments]
    return mergeable(sizes, most=UNLIMITED) > 1 or len(generation.gone) > MOST_GONE * sum(sizes)


def write_compacted(draft: Draft, base: Base) -> list[str]:
    """Fill a draft with the passages of a generation in fewer files, and with no tombstones where there were many."""
    generation = base.generation
    segments = list(generation.dense.segments)
    sizes = [len(segment) for segment in segments]
    if len(generation.gone) > MOST_GONE * sum(sizes):
        names = _write_dense(draft, base, segments, merged=len(segments), gone=generation.gone)
        _extend_words(draft, base, [], without=generation.gone)
        _write_arrays(draft, generation.places, NO_IDS)
        return names
    names = _write_dense(draft, base, segments, merged=mergeable(sizes, most=UNLIMITED), gone=NO_IDS)
    draft.share(base.folder, _names(generation, LEXICAL))
    _write_arrays(draft, generation.places, generation.gone)
    return names


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
        lexical.write_index(draft.folder / LEXICAL, _texts(rows, opening))
    elif rows:
        _extend_words(draft, change.base, _texts(rows, opening), without=NO_IDS)
    else:
        draft.share(change.base.folder, _names(change.base.generation, LEXICAL))


def _extend_words(draft: Draft, base: Base, rows: Iterable[tuple[int, str]], *, without: NDArray[np.int64]) -> None:
    draft.share(base.folder, _names(base.generation, LEXICAL))
    lexical.extend_index(draft.folder / LEXICAL, rows, without=without)


def _write_arrays(draft: Draft, places: Places, gone: NDArray[np.int64]) -> None:
    np.save(draft.folder / ROSTER, places, allow_pickle=False)
    np.save(draft.folder / GONE, gone, allow_pickle=False)


def _names(generation: Generation, folder: str) -> list[str]:
    return [name for name in generation.manifest.files if name.startswith(f"{folder}/")]


def _vectors(rows: Sequence[int], manifest: Manifest, opening: Opening) -> Iterator[NDArray[np.float32]]:
    """Unit vectors in parts. One reading each: whoever reads for minutes keeps every writer waiting."""
    for part in parts(rows):
        with opening() as db:
            found = kept.vectors_of(db, manifest.model_fingerprint, part, manifest.dimension)
        yield checked(found, len(part), manifest.dimension)


def _texts(rows: Sequence[int], opening: Opening) -> Iterator[tuple[int, str]]:
    for part in parts(rows):
        with opening() as db:
            found = texts_of(db, part)
        yield from found
