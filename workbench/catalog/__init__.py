"""The derived store: texts, passages, vectors, and the index generations made of them. Delete it any time.

What lives here: `.workbench/` as one object: what was read and cut, what sync saw, and building a generation of indexes from
it. What does not: the truth, which is files and ledger, and ranking. Row numbers of passages are the ids in both indexes; one
never comes back once it was used, and a generation is only searched where its catalog and its rows are these ones
(`Manifest.mismatch`).

What makes and opens indexes loads numpy, FAISS and tantivy, and is imported by what does that: a verdict recorded from the
command line looks one passage up, and would take a fifth longer for them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.catalog import rows as stored
from workbench.catalog import tables
from workbench.catalog.tables import Corpus, Database, FileStamp
from workbench.catalog.writer import Writer
from workbench.errors import StaleIndex
from workbench.models import Failure, Passage, Source, Span, sha256_hex
from workbench.settings import EvidenceSettings, Settings

if TYPE_CHECKING:
    from workbench.catalog.engine import Change, Engine
    from workbench.catalog.generations import Generation, Generations, Manifest
    from workbench.catalog.kept_texts import KeptTexts
    from workbench.catalog.roster import Roster
    from workbench.catalog.sketches import Sketches
    from workbench.encoders import Encoder

__all__ = ["Catalog", "Corpus", "FileStamp"]

Progress = Callable[[int, int], None]
ENCODED_AT_ONCE = 128  # texts per commit: all that a SIGKILL can lose


class Catalog:
    """The derived store of one workspace, in its `.workbench` folder. Safe from several threads.

    engine: makes what keeps the indexes, once it is needed; files in the same folder where none is given.
    """

    def __init__(self, folder: Path, engine: Callable[[], Engine] | None = None) -> None:
        self._folder = folder
        self._engine = engine
        self._database = Database(folder / "catalog.sqlite")
        self._writer = Writer(folder / "index.lock")

    def close(self) -> None:
        """Let go of the open generation."""
        if "_generations" in self.__dict__:
            self._generations.forget()
            self._generations.engine.close()

    @cached_property
    def _generations(self) -> Generations:
        from workbench.catalog.generations import Generations
        from workbench.catalog.on_disk import OnDisk

        return Generations(self._folder / "generations", (self._engine or OnDisk)(), self._database.open)

    @cached_property
    def sketches(self) -> Sketches:
        """Which sources stand in one another to a large part."""
        from workbench.catalog.sketches import Sketches

        return Sketches(self._database)

    @cached_property
    def kept_texts(self) -> KeptTexts:
        """The vectors of any texts, and which texts are new."""
        from workbench.catalog.kept_texts import KeptTexts

        return KeptTexts(self._database, self.encode)

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
            stored.drop_source(db, source_id)

    def erase(self, source_id: str) -> None:
        """Leave nothing of a source: no text, passage or vector, in no page of the file, in no index and no damaged copy.

        There is no index after it; `build` makes one. Vectors of what is no passage are made again when they are asked for.
        Raises: StaleIndex where the server that keeps the index does not answer; nothing was erased here then.
        """
        self._generations.engine.clear()
        with self._database.open(write=True) as db:
            stored.erase_source(db, source_id)
        self._database.leave_nothing()
        self._generations.clear()

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
        return list(self._passages('s.source_id = ? ORDER BY p."start"', (source_id,)).values())

    def passages_over(self, source_id: str, span: Span) -> list[Passage]:
        """The passages that share characters with a span of a source, in order. Raises: StaleIndex where a text was altered."""
        where = 's.source_id = ? AND p."start" < ? AND p."end" > ? ORDER BY p."start"'
        return list(self._passages(where, (source_id, span.end, span.start)).values())

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
        """Every passage in passage order: what filters, ties and counts need, without the texts.

        Read from the arrays of the current generation; SQLite is asked only for what came or went since.
        """
        from workbench.catalog.roster import NO_PLACES, places_now, roster

        generation = self._whole_generation()
        with self._database.open() as db:
            now = tables.corpus(db)
            if generation is None or generation.manifest.catalog_id != now.catalog_id:
                return roster(db, places_now(db, NO_PLACES)[0])
            if generation.manifest.rows_digest == now.rows_digest:
                return roster(db, generation.places)
            return roster(db, places_now(db, generation.places)[0])

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

    def reach(self) -> None:
        """Look whether what keeps the index answers, before something that must not stop halfway. Raises: EngineError."""
        self._generations.engine.reach()

    def check(self) -> None:
        """Look whether the current generation can be searched now. Raises: StaleIndex."""
        generation = self.generation()
        if generation is not None:
            self._generations.engine.check(generation)

    def is_current(self, fingerprint: str, settings: Settings) -> bool:
        """Whether the current generation is whole and made with this model from what is here now. Damage counts as no."""
        try:
            generation = self.generation()
        except StaleIndex:
            return False
        if generation is None or generation.manifest.model_fingerprint != fingerprint:
            return False
        return generation.mismatch(self.corpus(), settings.evidence) is None

    def writing(self) -> AbstractContextManager[None]:
        """Hold the one writer's place across processes: around many `put`s and their `build`.

        Searches meanwhile use the generation before instead of being refused.
        Raises: StaleIndex with code `index_busy` where somebody else holds it.
        """
        return self._writer.writing()

    def is_being_written(self) -> bool:
        """Whether somebody holds `writing()` now."""
        return self._writer.is_being_written()

    def build(self, encoder: Encoder, settings: Settings, *, whole: bool = False, progress: Progress | None = None) -> str:
        """Encode what has no vector yet, write and publish a new generation; its name.

        It extends the current one where that is undamaged and of the same catalog, model and settings, unless `whole` asks for
        everything anew: adding a file costs that file. Text that was ever encoded with this model is not encoded again, and
        each chunk is kept as soon as it is done. Passages cut by other settings are cut again first. The encoder is asked for
        its dimension only where something is encoded. progress: (texts encoded, texts to encode).
        Raises: StaleIndex where somebody else builds; ModelError where the encoder returns no unit vectors.
        """
        from workbench.catalog import kept
        from workbench.catalog.generations import manifest_for

        engine, opening = self._generations.engine, self._database.open
        with self.writing():
            self._cut_again(settings.evidence)
            base = None if whole else self._whole_generation()
            self._encode_missing(encoder, base, progress)
            with self._database.open() as db:
                corpus, model = tables.corpus(db), kept.model_row(db, encoder.fingerprint)
                dimension = model[1] if model and corpus.passages else 1
                manifest = manifest_for(corpus, settings.evidence, encoder.fingerprint, dimension, engine)
                change = self._change(db, base, manifest, whole)
            return self._generations.publish(manifest, lambda draft: engine.write(draft, change, manifest, opening))

    def compact(self) -> str | None:
        """Publish the current generation in fewer files; its name, or None where that is not worth it.

        on_disk.py has the policy. For the background: it may copy the whole index; searches go on, others cannot write.
        Raises: StaleIndex where somebody else builds, or the generation is damaged.
        """
        from workbench.catalog.engine import Base

        engine = self._generations.engine
        with self.writing():
            generation = self.generation()
            if generation is None or not engine.is_worth_compacting(generation):
                return None
            base = Base(generation, self._generations.folder_of(generation))
            return self._generations.publish(generation.manifest, lambda draft: engine.write_compacted(draft, base))

    def encode(self, encoder: Encoder, texts: Mapping[str, str]) -> int:
        """Keep the vectors of these texts (by text hash) ahead of a `build`, all at once; how many had none yet.

        Needs no writer's place: a vector belongs to a text and a model, and waits there for whoever builds.
        Raises: ModelError where the encoder returns no unit vectors.
        """
        from workbench.catalog import kept
        from workbench.encoders import checked

        by_hash = {bytes.fromhex(text_hash): text for text_hash, text in texts.items()}
        with self._database.open() as db:
            known = kept.known_hashes(db, encoder.fingerprint, list(by_hash))
        missing = [text_hash for text_hash in by_hash if text_hash not in known]
        if missing:
            encoded = checked(encoder.encode([by_hash[one] for one in missing]), len(missing), encoder.dimension)
            with self._database.open(write=True) as db:
                kept.put_vectors(db, encoder.fingerprint, missing, encoded)
        return len(missing)

    def problems(self, settings: Settings) -> list[str]:
        """What is wrong with catalog and index, as sentences; [] if nothing. Every file is hashed, every sum added up again."""
        self._generations.recheck()
        try:
            with self._database.open() as db:
                rows = db.execute("SELECT row, passage_id, text_hash FROM passages").fetchall()
                added_up = tables.sums(rows) == tables.kept_sums(db)
            if not added_up:
                raise self._database.set_aside("its passages do not add up to its digest")
            generation = self.generation()
            if generation is None:
                return []
            found = generation.mismatch(self.corpus(), settings.evidence)
            if found is None and self._generations.engine.holds(generation) != {row[0] for row in rows}:
                found = "The index holds other passages than its manifest says."
        except StaleIndex as error:
            return [f"{error.message} {error.hint}"]
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

    def _encode_missing(self, encoder: Encoder, base: Generation | None, progress: Progress | None) -> None:
        """Encode the texts without a vector, a chunk at a time; passages of the base have theirs and are not looked at."""
        from workbench.catalog import kept
        from workbench.encoders import checked

        after = 0
        with self._database.open() as db:
            if base and base.manifest.is_of(tables.corpus(db), encoder.fingerprint):
                after = int(base.places["row"].max(initial=0))
            total, done = kept.count_missing(db, encoder.fingerprint, after), 0
        while total:
            with self._database.open() as db:
                found = kept.missing(db, encoder.fingerprint, after, ENCODED_AT_ONCE)
            if not found:
                break
            texts = {text_hash: text for _, text_hash, text in found}
            if any(sha256_hex(text) != text_hash.hex() for text_hash, text in texts.items()):
                raise self._database.set_aside("the text of a passage was altered")
            if progress is not None:
                progress(done, total)
            encoded = checked(encoder.encode(list(texts.values())), len(texts), encoder.dimension)
            with self._database.open(write=True) as db:
                kept.put_vectors(db, encoder.fingerprint, list(texts), encoded)
            done, after = done + len(texts), found[-1][0]
        if progress is not None and total:
            progress(total, total)

    def _change(self, db: sqlite3.Connection, base: Generation | None, manifest: Manifest, is_whole: bool) -> Change:
        """What a generation of the catalog as it is now adds to the one before, or to nothing."""
        from workbench.catalog.engine import Base, Change
        from workbench.catalog.roster import NO_PLACES, places_now

        if base is None or not base.manifest.is_like(manifest):
            places, new, gone = places_now(db, NO_PLACES)
            return Change(None, places, new, gone[:0], is_whole)
        places, new, gone = places_now(db, base.places)
        return Change(Base(base, self._generations.folder_of(base)), places, new, gone)

    def _whole_generation(self) -> Generation | None:
        """The current generation; None where there is none or it is damaged."""
        try:
            return self.generation()
        except StaleIndex:
            return None
