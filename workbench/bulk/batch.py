"""What one node does with one batch of files: read, cut, encode, and hand back a parquet file of what came of it.

What lives here: the work, and the table it makes. What does not: how batches reach a node (cluster.py), and what becomes of the
tables (parts.py). It runs wherever this version of the workbench and its model are installed, and writes temporary files only.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow
import pyarrow.parquet
from pydantic import TypeAdapter

from workbench.cutting import read_and_cut
from workbench.encoders import ModelEncoder, load_encoder
from workbench.errors import FileFailure
from workbench.models import Passage
from workbench.reading import ReadingRoom
from workbench.settings import EvidenceSettings, MilvusSettings, SearchSettings, Settings
from workbench.version import VERSION

PASSAGES = TypeAdapter(list[Passage])
# A row for each file that was read: its Source and its passages as JSON, their vectors in half precision, one after the other.
TABLE = pyarrow.schema(
    [("sha256", pyarrow.string()), ("source", pyarrow.string()), ("passages", pyarrow.string()), ("vectors", pyarrow.binary())]
)


class Sent(NamedTuple):
    """A file as it is sent to a node."""

    name: str
    sha256: str
    data: bytes


class Wanted(NamedTuple):
    """What decides the result, and nothing else of the settings: no address, token or name travels."""

    evidence: EvidenceSettings
    search: SearchSettings

    @classmethod
    def of(cls, settings: Settings) -> Wanted:
        """That of these settings."""
        return cls(settings.evidence, settings.search.model_copy(update={"engine": "local", "milvus": MilvusSettings()}))


class Made(NamedTuple):
    """What came of a batch. table: parquet; version, fingerprint: of what read and encoded it."""

    table: bytes
    passages: int
    version: str
    fingerprint: str


def work(files: Sequence[Sent], wanted: Wanted) -> Made:
    """The files that could be read by themselves, cut and encoded. The others are left to whoever takes them in.

    Those are files with files inside them, and failures, which are found again where they are reported. Raises: ModelError.
    """
    encoder, room = _encoder(wanted.search), _room(wanted.evidence)
    rows: list[dict[str, object]] = []
    count = 0
    with tempfile.TemporaryDirectory(prefix="workbench-bulk-") as folder:
        for file in files:
            path = Path(folder, file.sha256)
            path.write_bytes(file.data)
            try:
                source, passages, inside = read_and_cut(room, path, name=file.name, sha256=file.sha256, limits=wanted.evidence)
            except FileFailure:
                continue
            finally:
                path.unlink()
            if inside:
                continue
            vectors = encoder.encode([one.text for one in passages])
            rows.append(
                {
                    "sha256": file.sha256,
                    "source": source.model_dump_json(),
                    "passages": PASSAGES.dump_json(list(passages)).decode(),
                    "vectors": vectors.astype("<f2").tobytes(),
                }
            )
            count += len(passages)
    return Made(_parquet(rows), count, VERSION, encoder.fingerprint)


@lru_cache(maxsize=1)
def _encoder(search: SearchSettings) -> ModelEncoder:
    """One model in a process, loaded by its first batch."""
    return load_encoder(search)


@lru_cache(maxsize=1)
def _room(limits: EvidenceSettings) -> ReadingRoom:
    """One reading process beside it."""
    return ReadingRoom(limits)


def _parquet(rows: Sequence[dict[str, object]]) -> bytes:
    file = BytesIO()
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(list(rows), schema=TABLE), file, compression="zstd")
    return file.getvalue()


def vectors_of(blob: bytes, count: int) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """The vectors of a row: (count, dimension) float32."""
    return np.frombuffer(blob, dtype="<f2").reshape(count, -1).astype(np.float32)
