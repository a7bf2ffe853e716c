"""Index generations: an immutable pair of indexes, what it was made of, and the one pointer that publishes it.

What lives here: `generations/gen-N/` (roster.npy, gone.npy, manifest.json, and what the engine keeps there), CURRENT,
verifying, setting aside. What does not: the indexes (engine.py), who may write (writer.py), ranking.

A generation that extends another shares its unchanged files by hard links, so that it is still a whole folder of its own and
can be pruned or set aside alone. CURRENT names the manifest's sha256 and the manifest every file's, so neither FAISS nor
tantivy opens a byte that was not hashed first; there is no pickle path, and files the manifest does not name are never opened
(RELIABILITY.md section 3 rules 9 to 12, cases 77 to 79, 90).
"""

from __future__ import annotations

import re
import shutil
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, ValidationError

from workbench.catalog.engine import DenseSide, Engine, Opening, WordSide
from workbench.catalog.roster import PLACE, Places
from workbench.catalog.tables import Corpus
from workbench.errors import StaleIndex, WorkbenchError, WorkspaceError
from workbench.folders import sync_path, write_whole
from workbench.hashing import CheckedFiles, Identity, identity
from workbench.models import Record, Sha256, sha256_hex
from workbench.settings import EvidenceSettings

KEPT = 2  # the current generation and the one before it, for readers that still hold it
MANIFEST, ROSTER, GONE = "manifest.json", "roster.npy", "gone.npy"
POINTER = re.compile(r"(gen-[1-9]\d*) ([0-9a-f]{64})\n")
REINDEX = "Run: workbench evidence reindex"
OTHER_ENGINE = "other_engine"


class Manifest(Record):
    """What a generation is made of and from. dimension: numbers per vector (1 where there are no passages).

    engine: what keeps the indexes, as the settings call it. segments: names it gives its parts, oldest first.
    """

    format: Literal[2] = 2
    engine: str = "local"
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
    segments: tuple[str, ...] = ()
    files: dict[str, Sha256] = Field(default_factory=dict)

    def mismatch(self, corpus: Corpus, evidence: EvidenceSettings) -> str | None:
        """Why this generation must not be searched for this corpus, as a sentence; None where it may."""
        if (self.catalog_id, self.rows_digest) != (corpus.catalog_id, corpus.rows_digest):
            return f"The index was made from {self.passages} passages that are not the {corpus.passages} of the library now."
        if (self.passage_sentences, self.passage_words) != (evidence.passage_sentences, evidence.passage_words):
            return f"The index was made with passages of {self.passage_sentences} sentences or {self.passage_words} words."
        return None

    def is_of(self, corpus: Corpus, fingerprint: str) -> bool:
        """Whether it was made from this catalog with this model, of whatever passages."""
        return (self.catalog_id, self.model_fingerprint) == (corpus.catalog_id, fingerprint)

    def is_like(self, other: Manifest) -> bool:
        """Whether one of these may be extended into the other: the same catalog, model, ways of cutting and of indexing."""
        decide = ("format", "catalog_id", "model_fingerprint", "dimension", "passage_sentences", "passage_words", "engine")
        return all(getattr(self, one) == getattr(other, one) for one in (*decide, "dense_kind", "lexical_kind", "versions"))


@dataclass(frozen=True)
class Generation:
    """A published pair of indexes, verified and open. Safe from several threads, and still good while a newer one is made.

    places: of its passages, by row. gone: rows that are still in its segments and are not searched. kinds: of the dense and
    the lexical index as this version makes them.
    """

    name: str
    manifest: Manifest
    dense: DenseSide
    lexical: WordSide
    places: Places = field(repr=False)
    gone: NDArray[np.int64] = field(repr=False)
    kinds: tuple[str, str]

    def mismatch(self, corpus: Corpus, evidence: EvidenceSettings) -> str | None:
        """Why it must not be searched for this corpus, as a sentence; None where it may."""
        made = self.manifest
        if (made.dense_kind, made.lexical_kind) != self.kinds:
            return "The index was made by another version of the workbench."
        return made.mismatch(corpus, evidence)


@dataclass(frozen=True)
class Draft:
    """The folder of a generation that is being written, and how to share files with the one it extends."""

    folder: Path
    number: int
    _checked: CheckedFiles = field(repr=False)

    def share(self, base: Path, names: Sequence[str]) -> None:
        """Have these files of another generation stand here too, unchanged."""
        for name in names:
            (self.folder / name).parent.mkdir(exist_ok=True)
            self._checked.link(base / name, self.folder / name)
        self._checked.save()  # before another process finds the times changed and hashes gigabytes


def manifest_for(corpus: Corpus, evidence: EvidenceSettings, fingerprint: str, dimension: int, engine: Engine) -> Manifest:
    """The manifest of a generation still to be written: all but the hashes of its files."""
    return Manifest(
        engine=engine.name,
        model_fingerprint=fingerprint,
        dimension=dimension,
        passage_sentences=evidence.passage_sentences,
        passage_words=evidence.passage_words,
        catalog_id=corpus.catalog_id,
        corpus_digest=corpus.digest,
        rows_digest=corpus.rows_digest,
        passages=corpus.passages,
        dense_kind=engine.dense_kind,
        lexical_kind=engine.lexical_kind,
        versions=engine.versions(),
    )


class Generations:
    """The folder of generations and its pointer. opening: of the catalog they are of."""

    def __init__(self, folder: Path, engine: Engine, opening: Opening) -> None:
        self.folder = folder
        self.engine = engine
        self._opening = opening
        self._lock = threading.RLock()
        self._checked = CheckedFiles(folder / "checked.json")
        self._opened: tuple[str, list[Identity], Generation] | None = None

    def forget(self) -> None:
        """Let go of the open generation."""
        with self._lock:
            self._opened = None

    def recheck(self) -> None:
        """Let go of the open generation; the next look hashes every file again."""
        with self._lock:
            self._opened = None
            self._checked.forget()

    def current(self) -> Generation | None:
        """The generation CURRENT names, verified and open; None where none was ever published.

        Files are hashed when a size, time or inode changed since they last were, by whichever process.
        Raises: StaleIndex where it is damaged (it is then set aside), CURRENT points nowhere, or (`other_engine`) the settings
        name another engine than it was made for.
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
                    if isinstance(error, StaleIndex) and error.code == OTHER_ENGINE:
                        raise
                    if pointer == self._pointer():
                        raise self._set_aside(pointer, error) from error
            raise StaleIndex("The index kept changing while it was being opened.", hint="Search again.")

    def publish(self, manifest: Manifest, write: Callable[[Draft], Sequence[str]]) -> str:
        """Have `write` fill a new folder, verify what it wrote, and make it the current generation; its name.

        write: gives back the names of the dense segments. The order is: write, fsync, hash, read back and search, rename,
        replace CURRENT, prune. Until CURRENT is replaced nothing refers to the new folder, so it can be killed anywhere. Call
        it in the writer's place only. Raises: WorkspaceError where the folder cannot be written, StaleIndex.
        """
        number = max(self._numbers(), default=0) + 1
        final, folder = self.folder / f"gen-{number}", self.folder / f"gen-{number}.tmp"
        try:
            folder.mkdir(parents=True)
            pointer, generation = self._written(Draft(folder, number, self._checked), manifest, write)
            folder.rename(final)
            sync_path(self.folder)
            write_whole(self.folder / "CURRENT", pointer.encode())
        except OSError as error:
            shutil.rmtree(folder, ignore_errors=True)
            raise WorkspaceError(f"The index could not be written: {error}", hint="Free some space on this disk.") from error
        except WorkbenchError:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        with self._lock:
            self._prune(final)
            self._opened = (pointer, [identity(path) for path in files_in(final)], generation)
        self.engine.published(generation.manifest)
        return final.name

    def clear(self) -> None:
        """Delete every generation, damaged ones too: there is no index until one is built."""
        self.forget()
        shutil.rmtree(self.folder, ignore_errors=True)

    def folder_of(self, generation: Generation) -> Path:
        """Where the files of a generation are."""
        return self.folder / generation.name

    def _written(self, draft: Draft, manifest: Manifest, write: Callable[[Draft], Sequence[str]]) -> tuple[str, Generation]:
        """The line for CURRENT and the generation in the draft, written through, read back and tried."""
        segments = write(draft)
        files = files_in(draft.folder)
        for path in files:
            if path.stat().st_nlink == 1:  # a shared one was written through before
                sync_path(path)
        hashes = {path.relative_to(draft.folder).as_posix(): self._checked.sha256(path) for path in files}
        whole = manifest.model_copy(update={"files": hashes, "segments": tuple(segments)})
        text = whole.model_dump_json(indent=1)
        write_whole(draft.folder / MANIFEST, text.encode())
        generation = self._read(draft.folder, f"gen-{draft.number}", sha256_hex(text))
        _try_out(generation)
        for folder in sorted({draft.folder, *(path.parent for path in files)}, reverse=True):
            sync_path(folder)
        return f"{generation.name} {sha256_hex(text)}\n", generation

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
        signature = [identity(path) for path in files_in(self.folder / name)]
        if self._opened is None or self._opened[:2] != (pointer, signature):
            self._opened = (pointer, signature, self._read(self.folder / name, name, manifest_sha256))
            self._checked.keep(self._whole_files())
        return self._opened[2]

    def _read(self, folder: Path, name: str, manifest_sha256: str) -> Generation:
        """Open a generation, every file hashed before a library reads it. Raises: StaleIndex, OSError."""
        text = (folder / MANIFEST).read_bytes()
        if sha256_hex(text) != manifest_sha256:
            raise StaleIndex("manifest.json is not the one that was published.", hint=REINDEX)
        try:
            manifest = Manifest.model_validate_json(text)
        except ValidationError as error:
            raise StaleIndex(f"manifest.json is not of this version: {error.errors()[0]['msg']}", hint=REINDEX) from error
        if manifest.engine != self.engine.name:
            said = f"The index is one for {manifest.engine}, the settings name {self.engine.name}."
            raise StaleIndex(said, hint="Run: workbench evidence sync", code=OTHER_ENGINE)
        for file, wanted in manifest.files.items():
            if self._checked.sha256(folder / file) != wanted:
                raise StaleIndex(f"{file} is not as it was written.", hint=REINDEX)
        places, gone = _array(folder / ROSTER, PLACE), _array(folder / GONE, np.dtype(np.int64))
        dense, words = self.engine.read(folder, manifest, places, gone, self._opening)
        kinds = self.engine.dense_kind, self.engine.lexical_kind
        generation = Generation(name, manifest, dense, words, places, gone, kinds)
        counted = {len(dense), len(words), len(places)}
        if counted != {manifest.passages}:
            raise StaleIndex(f"The indexes hold {sorted(counted)} of {manifest.passages} passages.", hint=REINDEX)
        return generation

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

    def _prune(self, current: Path) -> None:
        """Two generations stay, and the last one set aside; drafts of a killed process go."""
        with self._checked.untouched(files_in(current)):
            for path in [*self._whole()[:-KEPT], *sorted(self.folder.glob("gen-*.corrupt-*"), key=_number)[:-1]]:
                shutil.rmtree(path, ignore_errors=True)
            for path in self.folder.glob("*.tmp"):
                shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
        self._checked.keep(self._whole_files())

    def _whole(self) -> list[Path]:
        return sorted((path for path in self.folder.glob("gen-*") if re.fullmatch(r"gen-\d+", path.name)), key=_number)

    def _whole_files(self) -> list[Path]:
        return [path for folder in self._whole() for path in files_in(folder)]


def _try_out(generation: Generation) -> None:
    """Search what was just read back: the newest passage must be found by its own vector. Raises: StaleIndex."""
    newest = generation.places["row"][-1:].astype(np.int64)
    if not len(newest):
        return
    vector = generation.dense.rows(newest.tolist())[0]
    best = generation.dense.search(vector / np.linalg.norm(vector), 1, ids=newest)
    if [one for one, _ in best] != newest.tolist() or best[0][1] < 0.99:
        raise StaleIndex("The new index does not find its own newest passage; the one before it stays.", hint=REINDEX)


def write_arrays(draft: Draft, places: Places, gone: NDArray[np.int64]) -> None:
    """The arrays of every generation: where its passages stand, and its tombstones, row numbers as (n,) int64."""
    np.save(draft.folder / ROSTER, places, allow_pickle=False)
    np.save(draft.folder / GONE, gone, allow_pickle=False)


def _array(path: Path, kind: np.dtype[Any]) -> NDArray[Any]:
    """An array file of ours, never an object array. Raises: StaleIndex, OSError."""
    try:
        found: NDArray[Any] = np.load(path, allow_pickle=False)
    except ValueError as error:
        raise StaleIndex(f"{path.name} cannot be read: {error}", hint=REINDEX) from error
    if found.dtype != kind or found.ndim != 1:
        raise StaleIndex(f"{path.name} is not of this version.", hint=REINDEX)
    return found


def _number(path: Path) -> tuple[int, str]:
    return int(re.findall(r"\d+", path.name)[0]), path.name


def files_in(folder: Path) -> list[Path]:
    """Every file below but locks, which tantivy leaves empty and touches when it opens an index."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock")
