"""The derived store: texts, passages, vectors, and the index generations made of them. Delete it any time.

What lives here: `.workbench/` as one object: what was read and cut, what sync saw, and building a generation of indexes from
it. What does not: the truth, which is files and ledger, and ranking. Row numbers of passages are the ids in both indexes; one
never comes back once it was used, and a generation is only searched where its catalog and its rows are these ones
(`Manifest.mismatch`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from workbench import lexical
from workbench.catalog import rows as stored
from workbench.catalog import tables
from workbench.catalog.generations import Generation, Generations, Manifest, manifest_for
from workbench.catalog.rows import Roster
from workbench.catalog.tables import Corpus, Database, FileStamp
from workbench.catalog.writer import Writer
from workbench.encoders import Encoder, checked
from workbench.errors import StaleIndex
from workbench.models import Failure, Passage, Source, sha256_hex
from workbench.settings import EvidenceSettings, Settings
from workbench.vectors import DenseIndex

__all__ = ["Catalog", "Corpus", "FileStamp", "Generation", "Manifest", "Roster"]

Progress = Callable[[int, int], None]
ENCODED_AT_ONCE = 128  # texts per commit: all that a SIGKILL can lose
IN_ORDER = "SELECT p.row, text_hash FROM passages p JOIN sources s ON s.row = p.source ORDER BY source_id, ordinal"


class Catalog:
    """The derived store of one workspace, in its `.workbench` folder. Safe from several threads."""

    def __init__(self, folder: Path) -> None:
        self._database = Database(folder / "catalog.sqlite")
        self._generations = Generations(folder / "generations")
        self._writer = Writer(folder / "index.lock")

    def close(self) -> None:
        """Let go of the open generation."""
        self._generations.forget()

    # sources and passages ------------------------------------------------------------------------------------------

    def put(self, source: Source, passages: Sequence[Passage]) -> None:
        """Remember a source and its passages in place of what was known of it. An unchanged passage keeps its id."""
        self.put_all([(source, passages)])

    def put_all(self, sources: Iterable[tuple[Source, Sequence[Passage]]]) -> None:
        """Remember many sources in one transaction."""
        with self._database.open(write=True) as db:
            for source, passages in sources:
                stored.put_source(db, source, passages)

    def drop(self, source_id: str) -> None:
        """Forget a source and its passages; vectors stay, in case the text comes back."""
        with self._database.open(write=True) as db:
            found = db.execute("SELECT row FROM sources WHERE source_id = ?", (source_id,)).fetchone()
            if found is not None:
                stored.set_passages(db, found[0], [])
                db.execute("DELETE FROM sources WHERE row = ?", found)

    def source(self, source_id: str) -> Source | None:
        """The source with its canonical text; None where it is not here. Raises: StaleIndex where the text was altered."""
        with self._database.open() as db:
            found = db.execute("SELECT record, text FROM sources WHERE source_id = ?", (source_id,)).fetchone()
        if found is None:
            return None
        source = stored.source_from(*found)
        if sha256_hex(source.text) != source.text_sha256:
            raise self._database.set_aside(f"the text of source {source_id[:12]} was altered")
        return source

    def has(self, source_id: str) -> bool:
        """Whether the source's text is here."""
        with self._database.open() as db:
            return db.execute("SELECT 1 FROM sources WHERE source_id = ?", (source_id,)).fetchone() is not None

    def counts(self) -> dict[str, int]:
        """Passages per source id, 0 included."""
        select = "SELECT source_id, COUNT(p.row) FROM sources s LEFT JOIN passages p ON p.source = s.row GROUP BY s.row"
        with self._database.open() as db:
            return dict(db.execute(select))

    def passages(self, source_id: str) -> list[Passage]:
        """The passages of a source, in order. Raises: StaleIndex where a text was altered."""
        return list(self._passages("s.source_id = ? ORDER BY p.ordinal", (source_id,)).values())

    def passage(self, passage_id: str) -> Passage | None:
        """One passage; None where it is not here."""
        return next(iter(self._passages("p.passage_id = ?", (passage_id,)).values()), None)

    def passages_by_id(self, ids: Sequence[int]) -> dict[int, Passage]:
        """Passages by their id in the indexes; ids that are no longer here are left out."""
        found: dict[int, Passage] = {}
        for part in stored.parts(ids):
            found |= self._passages(f"p.row IN ({stored.marks(part)})", part)
        return found

    def _passages(self, where: str, values: Sequence[str | int]) -> dict[int, Passage]:
        with self._database.open() as db:
            found = dict(stored.passages_where(db, where, values))
        if any(sha256_hex(passage.text) != passage.text_hash for passage in found.values()):
            raise self._database.set_aside("the text of a passage was altered")
        return found

    def roster(self) -> Roster:
        """Every passage in passage order: what filters, ties and counts need, without the texts."""
        with self._database.open() as db:
            return stored.roster(db)

    def corpus(self) -> Corpus:
        """What is here now, from sums kept beside the passages: cheap at any size."""
        with self._database.open() as db:
            return tables.corpus(db)

    def corpus_digest(self) -> str:
        """A hash over every passage id and text hash, in any order: equal for equal passages on any machine."""
        return self.corpus().digest

    # what sync saw -------------------------------------------------------------------------------------------------

    def seen(self) -> dict[str, FileStamp]:
        """What sync last saw of each file, by path."""
        with self._database.open() as db:
            rows = db.execute("SELECT path, size, mtime_ns, sha256 FROM stamps").fetchall()
        return {path: FileStamp(size=size, mtime_ns=mtime_ns, sha256=sha256) for path, size, mtime_ns, sha256 in rows}

    def note(self, stamps: Mapping[str, FileStamp | None], failures: Mapping[str, Failure | None]) -> None:
        """Remember what was seen of many files, and which could not be read, in one transaction; None forgets."""
        with self._database.open(write=True) as db:
            db.executemany("DELETE FROM stamps WHERE path = ?", [(path,) for path in stamps])
            seen = [(path, stamp.size, stamp.mtime_ns, stamp.sha256) for path, stamp in stamps.items() if stamp is not None]
            db.executemany("INSERT INTO stamps VALUES (?, ?, ?, ?)", seen)
            db.executemany("DELETE FROM failures WHERE path = ?", [(path,) for path in failures])
            failed = [(path, one.code, one.message, one.hint) for path, one in failures.items() if one is not None]
            db.executemany("INSERT INTO failures VALUES (?, ?, ?, ?)", failed)

    def failures(self) -> list[Failure]:
        """Files that could not be read, by path."""
        with self._database.open() as db:
            rows = db.execute("SELECT path, code, message, hint FROM failures ORDER BY path").fetchall()
        return [Failure(path=path, code=code, message=message, hint=hint) for path, code, message, hint in rows]

    # generations ---------------------------------------------------------------------------------------------------

    def generation(self) -> Generation | None:
        """The current generation, verified and open; None where none was ever built. A newer one is picked up at once.

        Whether it matches the corpus and the settings is another question: `Manifest.mismatch`, `is_current`.
        Raises: StaleIndex where it is damaged (it is then set aside) or CURRENT points nowhere.
        """
        return self._generations.current()

    def is_current(self, fingerprint: str, settings: Settings) -> bool:
        """Whether the current generation is whole and made with this model from what is here now. Damage counts as no."""
        try:
            generation = self.generation()
        except StaleIndex:
            return False
        if generation is None or generation.manifest.model_fingerprint != fingerprint:
            return False
        return generation.manifest.mismatch(self.corpus(), settings.evidence) is None

    def writing(self) -> AbstractContextManager[None]:
        """Hold the one writer's place across processes: around many `put`s and their `build`.

        Searches meanwhile use the generation before instead of being refused.
        Raises: StaleIndex with code `index_busy` where somebody else holds it.
        """
        return self._writer.writing()

    def is_being_written(self) -> bool:
        """Whether somebody holds `writing()` now."""
        return self._writer.is_being_written()

    def build(self, encoder: Encoder, settings: Settings, *, progress: Progress | None = None) -> str:
        """Encode what has no vector yet, write and publish a new generation; its name.

        Text that was ever encoded with this model is not encoded again, and each chunk is kept as soon as it is done. Passages
        cut by other settings are cut again first. The encoder is asked for its dimension only where something is encoded.
        progress: (texts encoded, texts to encode).
        Raises: StaleIndex where somebody else builds; ModelError where the encoder returns no unit vectors.
        """
        with self.writing():
            self._cut_again(settings.evidence)
            with self._database.open() as db:
                corpus = tables.corpus(db)
                rows: list[tuple[int, str]] = db.execute(IN_ORDER).fetchall()
            self._encode_missing(encoder, rows, progress)
            with self._database.open() as db:
                model = stored.model_row(db, encoder.fingerprint)
            dimension = model[1] if model and rows else 1
            manifest = manifest_for(corpus, settings.evidence, encoder.fingerprint, dimension)
            return self._generations.publish(manifest, lambda draft: self._write_indexes(draft, rows, manifest))

    def encode(self, encoder: Encoder, texts: Mapping[str, str]) -> int:
        """Keep the vectors of these texts (by text hash) ahead of a `build`, all at once; how many had none yet.

        Needs no writer's place: a vector belongs to a text and a model, and waits there for whoever builds.
        Raises: ModelError where the encoder returns no unit vectors.
        """
        with self._database.open() as db:
            known = stored.known_hashes(db, encoder.fingerprint, list(texts))
        missing = [text_hash for text_hash in texts if text_hash not in known]
        if missing:
            wanted = [texts[text_hash] for text_hash in missing]
            encoded = checked(encoder.encode(wanted), len(wanted), encoder.dimension)
            with self._database.open(write=True) as db:
                stored.put_vectors(db, encoder.fingerprint, missing, encoded)
        return len(missing)

    def problems(self, settings: Settings) -> list[str]:
        """What is wrong with catalog and index, as sentences; [] if nothing. Every file is hashed, every sum added up again."""
        self._generations.forget()
        try:
            with self._database.open() as db:
                rows = db.execute("SELECT row, passage_id, text_hash FROM passages").fetchall()
                added_up = tables.sums(rows) == tables.kept_sums(db)
            if not added_up:
                raise self._database.set_aside("its passages do not add up to its digest")
            generation = self.generation()
        except StaleIndex as error:
            return [f"{error.message} {error.hint}"]
        if generation is None:
            return []
        found = generation.manifest.mismatch(self.corpus(), settings.evidence)
        if found is None and sorted(generation.dense.ids().tolist()) != sorted(row[0] for row in rows):
            found = "The index holds other passages than its manifest says."
        return [f"{found} Run: workbench evidence reindex"] if found else []

    def _cut_again(self, evidence: EvidenceSettings) -> None:
        """Make the passages anew where the settings that decide them changed since the last build."""
        wanted = f"{evidence.passage_sentences} sentences, {evidence.passage_words} words"
        with self._database.open() as db:
            before = tables.meta(db, "passages_of")
            sources = [row[0] for row in db.execute("SELECT source_id FROM sources")]
        if before not in (None, wanted):
            from workbench.passages import split_passages

            for source in filter(None, map(self.source, sources)):
                self.put(source, split_passages(source, sentences=evidence.passage_sentences, words=evidence.passage_words))
        if before != wanted:
            with self._database.open(write=True) as db:
                tables.put_meta(db, "passages_of", wanted)

    def _encode_missing(self, encoder: Encoder, rows: Sequence[tuple[int, str]], progress: Progress | None) -> None:
        by_hash = {text_hash: row for row, text_hash in rows}
        with self._database.open() as db:
            known = stored.known_hashes(db, encoder.fingerprint, list(by_hash))
        missing = [text_hash for text_hash in by_hash if text_hash not in known]
        for start in range(0, len(missing), ENCODED_AT_ONCE):
            chunk = missing[start : start + ENCODED_AT_ONCE]
            texts = self._texts([by_hash[text_hash] for text_hash in chunk])
            if progress is not None:
                progress(start, len(missing))
            encoded = checked(encoder.encode(texts), len(texts), encoder.dimension)
            with self._database.open(write=True) as db:
                stored.put_vectors(db, encoder.fingerprint, chunk, encoded)
        if progress is not None and missing:
            progress(len(missing), len(missing))

    def _texts(self, rows: Sequence[int]) -> list[str]:
        found = self.passages_by_id(rows)
        if len(found) < len(rows):
            raise StaleIndex("The evidence changed while the index was being built.", hint="Run: workbench evidence sync")
        return [found[row].text for row in rows]

    def _write_indexes(self, draft: Path, rows: Sequence[tuple[int, str]], manifest: Manifest) -> None:
        dense = DenseIndex(manifest.dimension)
        for part in stored.parts(rows):
            hashes = [text_hash for _, text_hash in part]
            with self._database.open() as db:
                kept = stored.vectors_of(db, manifest.model_fingerprint, hashes, manifest.dimension)
            dense.add([row for row, _ in part], checked(kept, len(part), manifest.dimension))
        dense.write(draft / "vectors.faiss")
        lexical.write_index(draft / "lexical", self._in_order(rows))

    def _in_order(self, rows: Sequence[tuple[int, str]]) -> Iterator[tuple[int, str]]:
        for part in stored.parts([row for row, _ in rows]):
            yield from zip(part, self._texts(part), strict=True)
