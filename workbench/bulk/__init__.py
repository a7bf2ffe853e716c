"""Many files read and encoded on the nodes of a Ray cluster, before one machine takes them in.

What lives here: which files are sent, and what was made of them handed to the catalog. What does not: taking files in, which is
the same as ever (intake.py): originals, events and reports come from there, and whatever no node could read is read there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from workbench.bulk.batch import Sent, Wanted
from workbench.bulk.cluster import Cluster
from workbench.bulk.parts import Parts
from workbench.catalog import Catalog
from workbench.copying import hash_of
from workbench.encoders import Encoder
from workbench.progress import Progress
from workbench.reading.formats import FORMATS
from workbench.settings import Settings

__all__ = ["read_elsewhere"]

FILES_AT_ONCE = 32  # in a batch: what a lost node costs
BYTES_AT_ONCE = 16_000_000  # of a batch: a node has it in memory beside the model
LARGEST = 64_000_000  # bytes: a larger file is read here, where it is not sent through the network first


@contextmanager
def read_elsewhere(
    address: str,
    files: Iterable[Path],
    *,
    catalog: Catalog,
    encoder: Encoder,
    settings: Settings,
    folder: Path,
    progress: Progress,
) -> Iterator[Parts]:
    """What the nodes made of those files that are not in the catalog yet; their vectors are kept in it.

    address: of the head node; "" starts one on this machine. folder: where what was made is kept until the block ends well, so
    that a run that was broken off goes on where it was.
    Raises: WorkbenchError `missing_extra`, `cluster_down`, `other_node`; ModelError.
    """
    parts = Parts(folder, encoder.fingerprint, settings)
    known = catalog.counts().keys() | parts.held
    waiting = _batches(files, known)
    if waiting:
        with Cluster(address) as cluster:
            done = 0
            total = sum(map(len, waiting))
            progress("Reading on nodes", done, total)
            for count, made in cluster.each(_sent(waiting), Wanted.of(settings), fingerprint=encoder.fingerprint):
                if made is not None:
                    parts.keep(made)
                done += count
                progress("Reading on nodes", done, total)
    for hashes, vectors in parts.vectors():
        catalog.kept_texts.put(encoder.fingerprint, hashes, vectors)
    yield parts
    parts.forget()


def _batches(files: Iterable[Path], known: Iterable[str]) -> list[list[tuple[Path, str]]]:
    """The files worth sending with their sha256, each content once."""
    seen = set(known)
    batches: list[list[tuple[Path, str]]] = []
    size = BYTES_AT_ONCE
    for path in files:
        if path.suffix.lower() not in FORMATS or path.is_symlink() or not path.is_file():
            continue
        bytes_ = path.stat().st_size
        if not 0 < bytes_ <= LARGEST or (sha256 := hash_of(path)) in seen:
            continue
        seen.add(sha256)
        if size + bytes_ > BYTES_AT_ONCE or len(batches[-1]) >= FILES_AT_ONCE:
            batches.append([])
            size = 0
        batches[-1].append((path, sha256))
        size += bytes_
    return batches


def _sent(batches: Iterable[list[tuple[Path, str]]]) -> Iterator[list[Sent]]:
    """The batches with their bytes, read as they are asked for. A file that changed meanwhile is left to the intake."""
    for batch in batches:
        yield [Sent(path.name, sha256, path.read_bytes()) for path, sha256 in batch if path.is_file()]
