"""Index generations: an immutable pair of indexes, what it was made of, and the one pointer that publishes it.

What lives here: `generations/gen-N/` (vectors.faiss, lexical/, manifest.json), CURRENT, verifying, setting aside.
What does not: which passages go in (the catalog), who may write (writer.py), ranking.

CURRENT names the manifest's sha256 and the manifest every file's, so neither FAISS nor tantivy opens a byte that was not hashed
first; there is no pickle path, and files the manifest does not name are never opened (RELIABILITY.md section 3 rules 9 to 12,
cases 77 to 79, 90).
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import Field, ValidationError

from workbench import lexical, vectors
from workbench.catalog.tables import Corpus
from workbench.errors import StaleIndex, WorkbenchError, WorkspaceError
from workbench.lexical import LexicalIndex
from workbench.models import Record, Sha256, sha256_hex
from workbench.settings import EvidenceSettings
from workbench.vectors import DenseIndex

KEPT = 2  # the current generation and the one before it, for readers that still hold it
DENSE_FILE, LEXICAL_FOLDER, MANIFEST = "vectors.faiss", "lexical", "manifest.json"
POINTER = re.compile(r"(gen-[1-9]\d*) ([0-9a-f]{64})\n")
REINDEX = "Run: workbench evidence reindex"

Signature = list[tuple[str, int, int, int]]  # name, size, mtime_ns, inode of every file


class Manifest(Record):
    """What a generation is made of and from. dimension: numbers per vector (1 where there are no passages)."""

    format: Literal[1] = 1
    model_fingerprint: str
    dimension: int
    passage_sentences: int
    passage_words: int
    catalog_id: str
    corpus_digest: Sha256
    rows_digest: Sha256
    passages: int
    dense_kind: str
    lexical_kind: str
    versions: dict[str, str]
    files: dict[str, Sha256] = Field(default_factory=dict)

    def mismatch(self, corpus: Corpus, evidence: EvidenceSettings) -> str | None:
        """Why this generation must not be searched for this corpus, as a sentence; None where it may."""
        if (self.catalog_id, self.rows_digest) != (corpus.catalog_id, corpus.rows_digest):
            return f"The index was made from {self.passages} passages that are not the {corpus.passages} of the library now."
        if (self.passage_sentences, self.passage_words) != (evidence.passage_sentences, evidence.passage_words):
            return f"The index was made with passages of {self.passage_sentences} sentences or {self.passage_words} words."
        if (self.dense_kind, self.lexical_kind) != (vectors.KIND, lexical.KIND):
            return "The index was made by another version of the workbench."
        return None


@dataclass(frozen=True)
class Generation:
    """A published pair of indexes, verified and open. Safe from several threads, and still good while a newer one is made."""

    name: str
    manifest: Manifest
    dense: DenseIndex
    lexical: LexicalIndex


def manifest_for(corpus: Corpus, evidence: EvidenceSettings, fingerprint: str, dimension: int) -> Manifest:
    """The manifest of a generation still to be written: all but the hashes of its files."""
    return Manifest(
        model_fingerprint=fingerprint,
        dimension=dimension,
        passage_sentences=evidence.passage_sentences,
        passage_words=evidence.passage_words,
        catalog_id=corpus.catalog_id,
        corpus_digest=corpus.digest,
        rows_digest=corpus.rows_digest,
        passages=corpus.passages,
        dense_kind=vectors.KIND,
        lexical_kind=lexical.KIND,
        versions={name: version(name) for name in ("faiss-cpu", "tantivy")},
    )


class Generations:
    """The folder of generations and its pointer."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.RLock()
        self._opened: tuple[str, Signature, Generation] | None = None

    def forget(self) -> None:
        """Let go of the open generation; the next look hashes every file again."""
        with self._lock:
            self._opened = None

    def current(self) -> Generation | None:
        """The generation CURRENT names, verified and open; None where none was ever published.

        Files are hashed when it is opened, and again only when a size, time or inode changed.
        Raises: StaleIndex where it is damaged (it is then set aside) or CURRENT points nowhere.
        """
        with self._lock:
            for _ in range(3):  # another process may publish, and prune what CURRENT named, between two steps here
                pointer = self._pointer()
                if pointer is None:
                    self._opened = None
                    return None
                try:
                    return self._open(pointer)
                except (StaleIndex, OSError) as error:
                    if pointer == self._pointer():
                        raise self._set_aside(pointer, error) from error
            raise StaleIndex("The index kept changing while it was being opened.", hint="Search again.")

    def publish(self, manifest: Manifest, write: Callable[[Path], None]) -> str:
        """Have `write` fill a new folder, verify what it wrote, and make it the current generation; its name.

        The order is: write, fsync, hash, read back and search, rename, replace CURRENT, prune. Until CURRENT is replaced
        nothing refers to the new folder, so it can be killed anywhere. Call it in the writer's place only.
        """
        number = max(self._numbers(), default=0) + 1
        draft, final = self.folder / f"gen-{number}.tmp", self.folder / f"gen-{number}"
        try:
            draft.mkdir(parents=True)
            write(draft)
            for path in _files(draft):
                _sync(path)
            whole = manifest.model_copy(update={"files": {name: _sha256(draft / name) for name in _names(draft)}})
            text = whole.model_dump_json(indent=1)
            _write(draft / MANIFEST, text)
            _try_out(_read(draft, draft.name, sha256_hex(text)))
            for folder in (draft / LEXICAL_FOLDER, draft):
                _sync(folder)
            draft.rename(final)
            _sync(self.folder)
            _write(self.folder / "CURRENT.tmp", f"{final.name} {sha256_hex(text)}\n")
            (self.folder / "CURRENT.tmp").replace(self.folder / "CURRENT")
            _sync(self.folder)
        except OSError as error:
            shutil.rmtree(draft, ignore_errors=True)
            raise WorkspaceError(f"The index could not be written: {error}", hint="Free some space on this disk.") from error
        except WorkbenchError:
            shutil.rmtree(draft, ignore_errors=True)
            raise
        self._prune()
        return final.name

    def _pointer(self) -> str | None:
        try:
            return (self.folder / "CURRENT").read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return None

    def _open(self, pointer: str) -> Generation:
        found = POINTER.fullmatch(pointer)
        if found is None:
            raise StaleIndex("CURRENT does not name a generation.", hint=REINDEX)
        name, manifest_sha256 = found.groups()
        folder = self.folder / name
        signature = [(path.name, *_stat(path)) for path in _files(folder)]
        if self._opened is None or self._opened[:2] != (pointer, signature):
            self._opened = (pointer, signature, _read(folder, name, manifest_sha256))
        return self._opened[2]

    def _set_aside(self, pointer: str, error: Exception) -> StaleIndex:
        self._opened = None
        name = pointer.split(" ")[0]
        folder = self.folder / name
        if not POINTER.fullmatch(pointer) or not folder.is_dir():
            return StaleIndex(f"CURRENT points nowhere ({name[:40]!r}).", hint=REINDEX, code="index_damaged")
        aside = folder.with_name(f"{name}.corrupt-{time.strftime('%Y%m%dT%H%M%S')}")
        what = error.message if isinstance(error, StaleIndex) else str(error)
        try:
            folder.rename(aside)
        except OSError:  # a read-only workspace: it is refused all the same
            return StaleIndex(f"The index is damaged: {what}", hint=REINDEX, code="index_damaged")
        return StaleIndex(f"The index was damaged and set aside as {aside.name}: {what}", hint=REINDEX, code="index_damaged")

    def _numbers(self) -> list[int]:
        names = [path.name for path in self.folder.iterdir()] if self.folder.is_dir() else []
        return [int(found[1]) for name in names if (found := re.match(r"gen-(\d+)", name))]

    def _prune(self) -> None:
        """Two generations stay, and the last one set aside; drafts of a killed process go."""
        whole = sorted((path for path in self.folder.glob("gen-*") if re.fullmatch(r"gen-\d+", path.name)), key=_number)
        aside = sorted(self.folder.glob("gen-*.corrupt-*"), key=_number)
        for path in [*whole[:-KEPT], *aside[:-1], *self.folder.glob("gen-*.tmp")]:
            shutil.rmtree(path, ignore_errors=True)


def _read(folder: Path, name: str, manifest_sha256: str) -> Generation:
    """Open a generation, every file hashed before a library reads it. Raises: StaleIndex, OSError."""
    text = (folder / MANIFEST).read_bytes()
    if sha256_hex(text) != manifest_sha256:
        raise StaleIndex("manifest.json is not the one that was published.", hint=REINDEX)
    try:
        manifest = Manifest.model_validate_json(text)
    except ValidationError as error:
        raise StaleIndex(f"manifest.json is not of this version: {error.errors()[0]['msg']}", hint=REINDEX) from error
    for file, wanted in manifest.files.items():
        if _sha256(folder / file) != wanted:
            raise StaleIndex(f"{file} is not as it was written.", hint=REINDEX)
    generation = Generation(name, manifest, DenseIndex.read(folder / DENSE_FILE), LexicalIndex(folder / LEXICAL_FOLDER))
    counted = (len(generation.dense), len(generation.lexical), generation.dense.dimension)
    if counted != (manifest.passages, manifest.passages, manifest.dimension):
        raise StaleIndex(f"The indexes hold {counted[0]} and {counted[1]} of {manifest.passages} passages.", hint=REINDEX)
    return generation


def _try_out(generation: Generation) -> None:
    """Search what was just read back: the first passage must be found by its own vector. Raises: StaleIndex."""
    ids = generation.dense.ids()
    if not len(ids):
        return
    vector = generation.dense.rows([int(ids[0])])[0]
    best = generation.dense.search(vector / np.linalg.norm(vector), 1, ids=ids[:1])
    if [one for one, _ in best] != [int(ids[0])] or best[0][1] < 0.99:
        raise StaleIndex("The new index does not find its own first passage; the one before it stays.", hint=REINDEX)


def _names(folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in _files(folder)]


def _files(folder: Path) -> list[Path]:
    """Every file but locks, which tantivy leaves empty and touches when it opens an index."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock")


def _number(path: Path) -> tuple[int, str]:
    return int(re.findall(r"\d+", path.name)[0]), path.name


def _stat(path: Path) -> tuple[int, int, int]:
    found = path.stat()
    return found.st_size, found.st_mtime_ns, found.st_ino


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _sync(path: Path) -> None:
    """Have the disk hold a file's bytes or a folder's names."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
