"""One immutable part of the dense index: ids, their vectors in half precision, and codes where a scan of all would be slow.

What lives here: making, writing, reading and searching one segment. What does not: which segments there are, and which ids
are gone. Small segments are searched exhaustively. Large ones also have RaBitQ codes (1 bit a number, 56 bytes a vector): a
fast scan of the codes names a shortlist, and its rows are scored with the half-precision vectors. FAISS can refine by itself,
but then takes no plain filter, and neither do these codes (PERFORMANCE.md section 2): here the shortlist is made so long that
enough of it passes the filter, and where that is too long, all that passes is scored.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.errors import ModelError, StaleIndex

KIND = "segments: SQfp16, RaBitQfs from 100,000, v1"  # part of the manifest
CODED_FROM = 100_000  # rows: below, a scan of the vectors themselves takes a few milliseconds
SHORTLIST = 10  # rows scored exactly for each one wanted
LEAST_SHORTLIST = 2_000
SPARE = 1.25  # times the shortlist a filter is expected to need: most searches scan once
SCANNED = 4  # where a filter leaves less than one in this many, scoring all of them is as quick as a scan of the codes
SAMPLE = 50_000  # rows whose mean the codes are relative to
ROWS_AT_ONCE = 20_000
ROWS, CODES, IDS = ".rows.faiss", ".codes.faiss", ".ids.npy"


@dataclass(frozen=True)
class Segment:
    """Vectors under ascending ids. name: of its files; "" before it is written."""

    name: str
    ids: NDArray[np.int64]
    vectors: Any
    codes: Any | None

    @classmethod
    def read(cls, folder: Path, name: str) -> Segment:
        """The segment of this name, its hashes already checked; large arrays are mapped. Raises: StaleIndex, OSError."""
        try:
            ids: NDArray[np.int64] = np.load(folder / f"{name}{IDS}", allow_pickle=False)
        except ValueError as error:
            raise StaleIndex(f"{name}{IDS} cannot be read: {error}", hint="Run: workbench evidence reindex") from error
        codes = folder / f"{name}{CODES}"
        segment = cls(name, ids, _read(folder / f"{name}{ROWS}"), _read(codes) if codes.exists() else None)
        if ids.dtype != np.int64 or ids.shape != (segment.vectors.ntotal,):
            raise StaleIndex(f"{name} holds other ids than vectors.", hint="Run: workbench evidence reindex")
        return segment

    def write(self, folder: Path, name: str) -> None:
        """Write the files of this segment. On a full disk FAISS reports no error for a small one: read it back.

        Raises: OSError where FAISS does notice.
        """
        import faiss

        try:
            faiss.write_index(self.vectors, str(folder / f"{name}{ROWS}"))
            if self.codes is not None:
                faiss.write_index(self.codes, str(folder / f"{name}{CODES}"))
        except RuntimeError as error:
            raise OSError(f"{name}: {_first_line(error)}") from error
        np.save(folder / f"{name}{IDS}", self.ids, allow_pickle=False)

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def dimension(self) -> int:
        """Numbers per vector."""
        return int(self.vectors.d)

    def search(
        self, vector: NDArray[np.float32], k: int, allowed: NDArray[np.bool_] | None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Ids and cosines of the k nearest, best first; fewer where fewer are allowed. vector: (dimension,) float32, unit.

        allowed: (n,) bool, for each id whether it may be found, at least up to the largest id here; None: all may.
        """
        import faiss

        library: Any = faiss  # its stubs describe the C++ classes, not the Python ones
        library.omp_set_num_threads(1)  # one query on two threads is five times slower on a busy machine (PERFORMANCE.md 1c)
        query = np.ascontiguousarray(vector.reshape(1, -1), dtype=np.float32)
        places = None if allowed is None else self._places(allowed)
        count = len(self.ids) if places is None else int(np.count_nonzero(places))
        if self.codes is not None:
            places = self._near(query, max(k * SHORTLIST, LEAST_SHORTLIST), places, count)
        if not count:
            return self.ids[:0], np.empty(0, dtype=np.float32)
        params = None if places is None else library.SearchParameters(sel=_selector(places))
        scores, found = self.vectors.search(query, min(k, count), params=params)
        return self.ids[found[0]], scores[0]

    def _places(self, allowed: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """For each row whether it may be found; not copied where the ids have no gaps."""
        first, last = (int(self.ids[0]), int(self.ids[-1])) if len(self.ids) else (0, -1)
        return allowed[first : last + 1] if last - first + 1 == len(self.ids) else allowed[self.ids]

    def places_of(self, ids: NDArray[np.int64]) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
        """Which of these ids, (n,) int64, are here, as (n,) bool, and the places of those that are."""
        places = np.minimum(np.searchsorted(self.ids, ids), max(len(self.ids) - 1, 0))
        here = self.ids[places] == ids if len(self.ids) else np.zeros(len(ids), dtype=bool)
        return here, places[here].astype(np.int64)

    def rows_at(self, places: NDArray[np.int64]) -> NDArray[np.float32]:
        """The vectors at these places: (n, dimension) float32."""
        if not len(places):
            return np.empty((0, self.dimension), dtype=np.float32)
        rows: NDArray[np.float32] = self.vectors.reconstruct_batch(places)
        return rows

    def _near(
        self, query: NDArray[np.float32], listed: int, places: NDArray[np.bool_] | None, count: int
    ) -> NDArray[np.bool_] | None:
        """Where the rows are that are worth scoring: `listed` or more of the `count` allowed ones, or all of these."""
        if count <= max(len(self.ids) // SCANNED, 2 * listed):
            return places
        wanted = listed if places is None else int(SPARE * listed * len(self.ids) / count)
        while wanted < len(self.ids) // 2:
            _, found = self.codes.search(query, wanted)  # type: ignore[union-attr]
            near = np.zeros(len(self.ids), dtype=bool)
            near[found[0][found[0] >= 0]] = True
            if places is not None:
                near &= places
            if np.count_nonzero(near) >= listed:
                return near
            wanted *= 2  # the filter leaves out what is near: look further
        return places


def segment_of(ids: Sequence[int] | NDArray[np.int64], parts: Iterable[NDArray[np.float32]], dimension: int) -> Segment:
    """A new segment of ascending ids and their unit vectors, which come in parts of (n, dimension) float32.

    Raises: ModelError for NaN, infinity or another shape; ValueError where the ids do not rise.
    """
    import faiss

    numbers = np.asarray(ids, dtype=np.int64)
    if (np.diff(numbers) <= 0).any():
        raise ValueError("ids of a segment must rise")
    vectors = faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
    for part in parts:
        vectors.add(_fitting(part, dimension))
    if vectors.ntotal != len(numbers):
        raise ModelError(f"{vectors.ntotal} vectors came for {len(numbers)} passages.", hint="Run: workbench evidence reindex")
    return Segment("", numbers, vectors, _codes_of(vectors) if len(numbers) >= CODED_FROM else None)


def joined(segments: Sequence[Segment], *, gone: NDArray[np.int64]) -> Segment:
    """One segment of the rows of several, in their order, without the ids that are gone, (n,) int64."""
    kept = [~np.isin(segment.ids, gone) for segment in segments]
    ids = np.concatenate([segment.ids[mask] for segment, mask in zip(segments, kept, strict=True)])

    def parts() -> Iterator[NDArray[np.float32]]:
        for segment, mask in zip(segments, kept, strict=True):
            places = np.flatnonzero(mask)
            for start in range(0, len(places), ROWS_AT_ONCE):
                yield segment.rows_at(places[start : start + ROWS_AT_ONCE])

    return segment_of(ids, parts(), segments[0].dimension)


def _codes_of(vectors: Any) -> Any:
    import faiss

    codes = faiss.IndexRaBitQFastScan(vectors.d, faiss.METRIC_INNER_PRODUCT)
    step = max(vectors.ntotal // SAMPLE, 1)
    codes.train(vectors.reconstruct_batch(np.arange(0, vectors.ntotal, step, dtype=np.int64)))
    for start in range(0, vectors.ntotal, ROWS_AT_ONCE):
        codes.add(vectors.reconstruct_n(start, min(ROWS_AT_ONCE, vectors.ntotal - start)))
    return codes


def _selector(places: NDArray[np.bool_]) -> Any:
    import faiss

    library: Any = faiss  # its stubs describe the C++ classes, not the Python ones
    return library.IDSelectorBitmap(np.packbits(places, bitorder="little"))


def _fitting(vectors: NDArray[np.float32], dimension: int) -> NDArray[np.float32]:
    """FAISS would take NaN and find anything near it. Unit length is checked where vectors come from (encoders.checked)."""
    if vectors.ndim != 2 or vectors.shape[1] != dimension or not np.isfinite(vectors).all():
        raise ModelError(
            f"Vectors of {dimension} numbers were due; an array of {vectors.shape} came, or one with NaN.",
            hint="Run: workbench evidence reindex",
        )
    return np.ascontiguousarray(vectors, dtype=np.float32)


def _read(path: Path) -> Any:
    """A FAISS index, its arrays left on disk and mapped. Raises: StaleIndex where FAISS cannot read it."""
    import faiss

    faiss.set_deserialization_vector_byte_limit(max(path.stat().st_size, 1 << 20))  # no array is larger than its file
    try:
        return faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
    except RuntimeError as error:
        raise StaleIndex(f"{path} cannot be read: {_first_line(error)}", hint="Run: workbench evidence reindex") from error


def _first_line(error: RuntimeError) -> str:
    return str(error).splitlines()[0][:200]
