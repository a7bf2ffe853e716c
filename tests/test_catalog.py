"""The derived store: nothing encoded twice, nothing damaged searched, nothing lost that is not rebuilt."""

import multiprocessing
import os
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.conftest import FakeEncoder
from workbench.catalog import Catalog, FileStamp
from workbench.errors import ModelError, StaleIndex, WorkbenchError
from workbench.models import Failure, Passage, Source, sha256_hex
from workbench.settings import EvidenceSettings, Settings

SETTINGS = Settings()


class CountingEncoder(FakeEncoder):
    """The fake encoder, remembering every text it was given."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def encode(self, texts: Sequence[str], *, query: bool = False) -> NDArray[np.float32]:
        self.texts.extend(texts)
        return super().encode(texts, query=query)


def make_source(name: str, *paragraphs: str, language: str = "en") -> tuple[Source, list[Passage]]:
    """A source whose passages are its paragraphs."""
    text, source_id = "\n".join(paragraphs), sha256_hex(name)
    source = Source(
        source_id=source_id, text=text, text_sha256=sha256_hex(text), media_type="text/plain", reader="test", reader_version="1"
    )
    passages: list[Passage] = []
    start = 0
    for ordinal, paragraph in enumerate(paragraphs):
        end = start + len(paragraph)
        passages.append(
            Passage(
                passage_id=Passage.id_of(source_id, start, end),
                source_id=source_id,
                ordinal=ordinal,
                start=start,
                end=end,
                text=paragraph,
                text_hash=sha256_hex(paragraph),
                language=language,
            )
        )
        start = end + 1
    return source, passages


ONE = make_source("one.txt", "The vote was fair.", "Nobody saw fraud.")
TWO = make_source("two.txt", "The army said there was fraud.")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / ".workbench"


@pytest.fixture
def catalog(folder: Path) -> Catalog:
    catalog = Catalog(folder)
    catalog.put_all([ONE, TWO])
    return catalog


@pytest.fixture
def built(catalog: Catalog) -> Catalog:
    catalog.build(FakeEncoder(), SETTINGS)
    return catalog


# --- sources, passages, stamps -------------------------------------------------------------------------------------


def test_a_source_comes_back_as_it_was_put(catalog: Catalog) -> None:
    assert catalog.source(ONE[0].source_id) == ONE[0]
    assert catalog.passages(ONE[0].source_id) == ONE[1]
    assert catalog.passage(TWO[1][0].passage_id) == TWO[1][0]
    assert catalog.counts() == {ONE[0].source_id: 2, TWO[0].source_id: 1}


def test_what_is_not_there_is_none(catalog: Catalog) -> None:
    assert catalog.source("0" * 64) is None
    assert catalog.passage("0" * 16 + "-0-5") is None
    assert not catalog.has("0" * 64)
    assert catalog.passages("0" * 64) == []


def test_a_dropped_source_is_gone_with_its_passages(catalog: Catalog) -> None:
    catalog.drop(ONE[0].source_id)

    assert not catalog.has(ONE[0].source_id)
    assert catalog.passage(ONE[1][0].passage_id) is None
    assert catalog.counts() == {TWO[0].source_id: 1}


def test_an_unchanged_passage_keeps_its_id_when_its_source_is_put_again(catalog: Catalog) -> None:
    before = catalog.roster().ids.tolist()

    catalog.put(ONE[0], ONE[1][1:])
    catalog.put(*ONE)

    after = catalog.roster()
    kept = {catalog.passages_by_id([one])[one].text for one in set(before) & set(after.ids.tolist())}
    assert kept == {"Nobody saw fraud.", "The army said there was fraud."}


def test_a_used_row_number_never_comes_back(catalog: Catalog) -> None:
    last = int(catalog.roster().ids.max())

    catalog.drop(TWO[0].source_id)
    catalog.put(*TWO)

    assert catalog.roster().ids.max() > last


def test_stamps_and_failures_are_remembered_until_taken_back(catalog: Catalog) -> None:
    stamp, failure = FileStamp(size=3, mtime_ns=5, sha256="a" * 64), Failure(path="b.pdf", code="c", message="m", hint="h")
    catalog.note({"evidence/a.txt": stamp}, {"b.pdf": failure})
    assert (catalog.seen(), catalog.failures()) == ({"evidence/a.txt": stamp}, [failure])

    catalog.note({"evidence/a.txt": None}, {"b.pdf": None})
    assert (catalog.seen(), catalog.failures()) == ({}, [])


# --- the digest ----------------------------------------------------------------------------------------------------


def test_the_digest_does_not_depend_on_the_order_or_the_machine(tmp_path: Path) -> None:
    one, other = Catalog(tmp_path / "a"), Catalog(tmp_path / "b")

    one.put_all([ONE, TWO])
    other.put(*TWO)
    other.put(*ONE)

    assert one.corpus_digest() == other.corpus_digest()
    assert one.corpus().rows_digest != other.corpus().rows_digest


def test_the_digest_follows_every_change_and_comes_back(catalog: Catalog) -> None:
    whole = catalog.corpus_digest()

    catalog.drop(ONE[0].source_id)
    less = catalog.corpus_digest()
    catalog.put(*ONE)

    assert less != whole
    assert catalog.corpus_digest() == whole


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.sampled_from(["x", "y", "z"]), st.integers(0, 3)), max_size=8))
def test_the_kept_sums_are_those_of_the_rows_whatever_was_put(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]]
) -> None:
    catalog = Catalog(tmp_path_factory.mktemp("sums"))
    for name, count in steps:
        source, passages = make_source(name, "first", "second", "third")
        if count == 3:
            catalog.drop(source.source_id)
        else:
            catalog.put(source, passages[:count])

    assert catalog.problems(SETTINGS) == []


# --- building ------------------------------------------------------------------------------------------------------


def test_only_text_without_a_vector_is_encoded(catalog: Catalog) -> None:
    encoder = CountingEncoder()
    catalog.build(encoder, SETTINGS)
    first, encoder.texts = sorted(encoder.texts), []
    catalog.put(*make_source("three.txt", "Nobody saw fraud.", "A new sentence."))

    catalog.build(encoder, SETTINGS)

    assert first == sorted(["The vote was fair.", "Nobody saw fraud.", "The army said there was fraud."])
    assert encoder.texts == ["A new sentence."]


def test_text_that_comes_back_is_not_encoded_again(built: Catalog) -> None:
    built.drop(ONE[0].source_id)
    built.build(FakeEncoder(), SETTINGS)
    built.put(*ONE)
    encoder = CountingEncoder()

    built.build(encoder, SETTINGS)

    assert encoder.texts == []


def test_another_model_encodes_everything_anew(built: Catalog) -> None:
    encoder = CountingEncoder()
    encoder.fingerprint = "another"

    built.build(encoder, SETTINGS)

    assert len(encoder.texts) == 3
    assert not built.is_current("fake-encoder-64", SETTINGS)
    assert built.is_current("another", SETTINGS)


def test_progress_counts_the_texts_to_encode(folder: Path) -> None:
    catalog = Catalog(folder)
    catalog.put(*make_source("long.txt", *(f"Sentence {number}." for number in range(300))))
    told: list[tuple[int, int]] = []

    catalog.build(FakeEncoder(), SETTINGS, progress=lambda done, total: told.append((done, total)))

    assert told == [(0, 300), (128, 300), (256, 300), (300, 300)]


def test_chunks_that_were_encoded_before_a_crash_are_kept(folder: Path) -> None:
    class Crashing(CountingEncoder):
        def encode(self, texts: Sequence[str], *, query: bool = False) -> NDArray[np.float32]:
            if len(self.texts) >= 128:
                raise KeyboardInterrupt
            return super().encode(texts, query=query)

    catalog = Catalog(folder)
    catalog.put(*make_source("long.txt", *(f"Sentence {number}." for number in range(300))))
    with pytest.raises(KeyboardInterrupt):
        catalog.build(Crashing(), SETTINGS)
    again = CountingEncoder()

    Catalog(folder).build(again, SETTINGS)

    assert len(again.texts) == 172


@pytest.mark.parametrize("bad", [np.nan, 0.0, 2.0], ids=["nan", "zero", "twice as long"])
def test_a_model_that_returns_nonsense_makes_no_generation(catalog: Catalog, bad: float) -> None:
    class Broken(FakeEncoder):
        def encode(self, texts: Sequence[str], *, query: bool = False) -> NDArray[np.float32]:
            return super().encode(texts) * np.float32(bad)

    with pytest.raises(ModelError):
        catalog.build(Broken(), SETTINGS)

    assert catalog.generation() is None


def test_an_empty_corpus_is_a_valid_generation(folder: Path) -> None:
    catalog = Catalog(folder)

    catalog.build(FakeEncoder(), SETTINGS)

    generation = catalog.generation()
    assert generation is not None
    assert generation.manifest.passages == len(generation.dense) == 0
    assert catalog.is_current("fake-encoder-64", SETTINGS)


def test_two_generations_are_kept_and_drafts_are_cleared(built: Catalog, folder: Path) -> None:
    (folder / "generations" / "gen-1.tmp").mkdir()

    names = [built.build(FakeEncoder(), SETTINGS) for _ in range(3)]

    assert names == ["gen-2", "gen-3", "gen-4"]
    assert sorted(path.name for path in (folder / "generations").iterdir()) == ["CURRENT", "checked.json", "gen-3", "gen-4"]


def test_a_new_generation_is_seen_without_a_restart(built: Catalog, folder: Path) -> None:
    before = built.generation()

    Catalog(folder).build(FakeEncoder(), SETTINGS)

    after = built.generation()
    assert before is not None
    assert after is not None
    assert (before.name, after.name) == ("gen-1", "gen-2")
    assert len(before.dense) == 3  # a reader may go on with the one it has


def test_an_unchanged_generation_is_opened_once(built: Catalog) -> None:
    assert built.generation() is built.generation()


def test_another_way_of_cutting_passages_cuts_them_again(folder: Path) -> None:
    catalog = Catalog(folder)
    catalog.put(*make_source("one.txt", "The vote was fair. Nobody saw fraud. The army disagreed."))
    catalog.build(FakeEncoder(), SETTINGS)
    shorter = Settings(evidence=EvidenceSettings(passage_sentences=1))

    stale = catalog.is_current("fake-encoder-64", shorter)
    catalog.build(FakeEncoder(), shorter)

    assert not stale
    assert catalog.is_current("fake-encoder-64", shorter)
    texts = [one.text for one in catalog.passages(sha256_hex("one.txt"))]
    assert texts == ["The vote was fair.", "Nobody saw fraud.", "The army disagreed."]


# --- one writer ----------------------------------------------------------------------------------------------------


def _hold(folder: Path, holding: "multiprocessing.synchronize.Event", done: "multiprocessing.synchronize.Event") -> None:
    with Catalog(folder).writing():
        holding.set()
        done.wait(30)


@pytest.mark.process
def test_a_second_builder_is_refused_until_the_first_is_done(catalog: Catalog, folder: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    holding, done = spawn.Event(), spawn.Event()
    other = spawn.Process(target=_hold, args=(folder, holding, done))
    other.start()
    assert holding.wait(60)

    with pytest.raises(StaleIndex, match="Another process is building") as caught:
        catalog.build(FakeEncoder(), SETTINGS)

    assert (caught.value.code, catalog.is_being_written()) == ("index_busy", True)
    done.set()
    other.join(30)
    assert not catalog.is_being_written()
    assert catalog.build(FakeEncoder(), SETTINGS) == "gen-1"


def test_one_thread_may_nest_its_writing(catalog: Catalog) -> None:
    with catalog.writing():
        catalog.build(FakeEncoder(), SETTINGS)

        assert catalog.is_being_written()
    assert not catalog.is_being_written()


# --- damage --------------------------------------------------------------------------------------------------------


def flip(path: Path, at: float) -> None:
    data = bytearray(path.read_bytes())
    data[int((len(data) - 1) * at)] ^= 0x10
    path.write_bytes(data)


def cut(path: Path, share: float) -> None:
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])


def term_file(generation: Path) -> Path:
    return next((generation / "lexical").glob("*.term"))


VECTORS = "dense/seg-1.rows.faiss"
DAMAGES: dict[str, Callable[[Path], object]] = {
    "first byte of vectors": lambda gen: flip(gen / VECTORS, 0),
    "header of vectors": lambda gen: flip(gen / VECTORS, 0.05),
    "payload of vectors": lambda gen: flip(gen / VECTORS, 0.6),
    "last byte of vectors": lambda gen: flip(gen / VECTORS, 1),
    "vectors cut in half": lambda gen: cut(gen / VECTORS, 0.5),
    "vectors emptied": lambda gen: cut(gen / VECTORS, 0),
    "vectors replaced by a page": lambda gen: (gen / VECTORS).write_text("<html></html>"),
    "vectors deleted": lambda gen: (gen / VECTORS).unlink(),
    "ids flipped": lambda gen: flip(gen / "dense/seg-1.ids.npy", 1),
    "roster flipped": lambda gen: flip(gen / "roster.npy", 1),
    "tombstones deleted": lambda gen: (gen / "gone.npy").unlink(),
    "words flipped": lambda gen: flip(term_file(gen), 0.5),
    "words deleted": lambda gen: term_file(gen).unlink(),
    "words meta edited": lambda gen: (gen / "lexical" / "meta.json").write_text("{}"),
    "words folder deleted": lambda gen: shutil.rmtree(gen / "lexical"),
    "manifest edited": lambda gen: (gen / "manifest.json").write_text(
        (gen / "manifest.json").read_text().replace("fake-encoder-64", "fake-encoder-65")
    ),
    "manifest emptied": lambda gen: cut(gen / "manifest.json", 0),
    "manifest deleted": lambda gen: (gen / "manifest.json").unlink(),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_damage_is_seen_before_any_library_reads_the_file(
    built: Catalog, folder: Path, monkeypatch: pytest.MonkeyPatch, damage: Callable[[Path], object]
) -> None:
    built.generation()
    damage(folder / "generations" / "gen-1")
    opened: list[Path] = []
    monkeypatch.setattr("faiss.read_index", lambda name, flags: opened.append(Path(name)))

    with pytest.raises(StaleIndex) as caught:
        built.generation()

    assert "workbench evidence reindex" in caught.value.hint
    assert opened == []
    assert [path.name[:13] for path in (folder / "generations").glob("gen-*")] == ["gen-1.corrupt"]


@pytest.mark.parametrize("damage", list(DAMAGES.values())[:3], ids=list(DAMAGES)[:3])
def test_a_damaged_index_is_mended_by_building_again(built: Catalog, folder: Path, damage: Callable[[Path], object]) -> None:
    damage(folder / "generations" / "gen-1")
    encoder = CountingEncoder()

    current = built.is_current(encoder.fingerprint, SETTINGS)
    built.build(encoder, SETTINGS)

    assert not current
    assert encoder.texts == []
    assert built.is_current(encoder.fingerprint, SETTINGS)


def test_files_swapped_between_two_generations_are_seen(built: Catalog, folder: Path) -> None:
    built.put(*make_source("three.txt", "Another sentence."))
    built.build(FakeEncoder(), SETTINGS)
    generations = folder / "generations"
    shutil.copy(generations / "gen-1" / "roster.npy", generations / "gen-2" / "roster.npy")

    with pytest.raises(StaleIndex, match=r"roster\.npy is not as it was written"):
        built.generation()


def test_an_older_manifest_and_its_files_put_in_place_of_the_current_ones_are_seen(built: Catalog, folder: Path) -> None:
    built.put(*make_source("three.txt", "Another sentence."))
    built.build(FakeEncoder(), SETTINGS)
    generations = folder / "generations"
    shutil.rmtree(generations / "gen-2")
    (generations / "gen-1").rename(generations / "gen-2")

    with pytest.raises(StaleIndex, match="not the one that was published"):
        built.generation()


@pytest.mark.parametrize("text", ["", "gen-7\n", "gen-1", "../../elsewhere " + "0" * 64 + "\n", "gen-9 " + "0" * 64 + "\n"])
def test_a_pointer_that_points_nowhere_is_seen_and_mended(built: Catalog, folder: Path, text: str) -> None:
    (folder / "generations" / "CURRENT").write_text(text)

    with pytest.raises(StaleIndex, match="points nowhere"):
        built.generation()

    assert built.build(FakeEncoder(), SETTINGS) == "gen-2"
    assert built.is_current("fake-encoder-64", SETTINGS)


def test_a_pickle_dropped_into_the_folder_is_never_opened(built: Catalog, folder: Path) -> None:
    (folder / "generations" / "gen-1" / "index.pkl").write_bytes(b"cos\nsystem\n(S'false'\ntR.")

    assert built.is_current("fake-encoder-64", SETTINGS)


def test_an_index_of_another_workspace_is_not_current(built: Catalog, tmp_path: Path) -> None:
    other = Catalog(tmp_path / "other")
    other.put_all([ONE, TWO])
    shutil.copytree(tmp_path / ".workbench" / "generations", tmp_path / "other" / "generations")

    assert other.corpus_digest() == built.corpus_digest()
    assert not other.is_current("fake-encoder-64", SETTINGS)


def test_an_index_is_not_current_when_the_same_source_came_back_under_other_ids(built: Catalog) -> None:
    built.drop(TWO[0].source_id)
    built.put(*TWO)

    assert not built.is_current("fake-encoder-64", SETTINGS)


@pytest.mark.parametrize("content", [b"not a database" * 100, b"SQLite format 3\x00" + b"\xff" * 4000], ids=["text", "header"])
def test_a_file_that_is_no_catalog_is_set_aside_and_begun_afresh(folder: Path, content: bytes) -> None:
    folder.mkdir()
    (folder / "catalog.sqlite").write_bytes(content)

    assert Catalog(folder).counts() == {}
    assert [path.read_bytes() for path in folder.glob("catalog.sqlite.corrupt-*")] == [content]


def test_a_catalog_of_another_version_is_set_aside(catalog: Catalog, folder: Path) -> None:
    with sqlite3.connect(folder / "catalog.sqlite") as db:
        db.execute("PRAGMA user_version = 99")
    db.close()

    assert catalog.counts() == {}
    assert len(list(folder.glob("catalog.sqlite.corrupt-*"))) == 1


def test_an_altered_text_is_never_shown(catalog: Catalog, folder: Path) -> None:
    with sqlite3.connect(folder / "catalog.sqlite") as db:
        db.execute("UPDATE passages SET text = replace(text, 'Nobody', 'Everybody')")
        db.execute("UPDATE sources SET text = replace(text, 'army', 'navy')")
    db.close()

    with pytest.raises(StaleIndex, match="altered") as caught:
        catalog.passages(ONE[0].source_id)

    assert "workbench evidence sync" in caught.value.hint
    assert catalog.counts() == {}


def test_passages_changed_behind_the_digest_are_found_by_a_full_check(built: Catalog, folder: Path) -> None:
    assert built.problems(SETTINGS) == []
    with sqlite3.connect(folder / "catalog.sqlite") as db:
        db.execute("DELETE FROM passages WHERE text = 'Nobody saw fraud.'")
    db.close()

    assert "do not add up" in built.problems(SETTINGS)[0]


def test_the_folder_may_be_deleted_while_it_is_in_use(built: Catalog, folder: Path) -> None:
    shutil.rmtree(folder)

    assert (built.counts(), built.generation(), built.seen()) == ({}, None, {})
    built.put_all([ONE, TWO])
    assert built.build(FakeEncoder(), SETTINGS) == "gen-1"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_one_clear_error(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)

    with pytest.raises(WorkbenchError, match="cannot be used"):
        Catalog(tmp_path / ".workbench").counts()


def test_a_file_in_place_of_the_folder_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / ".workbench").touch()

    with pytest.raises(WorkbenchError, match="cannot be used"):
        Catalog(tmp_path / ".workbench").counts()
