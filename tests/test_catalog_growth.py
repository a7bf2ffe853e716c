"""Growing a library: a file costs that file, what is gone is never found, and nothing is hashed twice."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import FakeEncoder
from tests.test_catalog import ONE, SETTINGS, TWO, CountingEncoder, flip, make_source
from workbench import hashing
from workbench.catalog import Catalog, on_disk
from workbench.catalog.generations import Generation
from workbench.settings import EvidenceSettings, Settings

THREE = make_source("three.txt", "Observers called the election free and fair.")
MODEL = FakeEncoder.fingerprint


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / ".workbench"


@pytest.fixture
def built(folder: Path) -> Catalog:
    catalog = Catalog(folder)
    catalog.put_all([ONE, TWO])
    catalog.build(FakeEncoder(), SETTINGS)
    return catalog


def current(catalog: Catalog) -> Generation:
    generation = catalog.generation()
    assert generation is not None
    return generation


def found(catalog: Catalog, text: str, k: int = 9) -> set[str]:
    """The texts that words or meaning find, in either index."""
    generation = current(catalog)
    vector = FakeEncoder().encode([text])[0]
    ids = [one for one, _ in generation.lexical.search(text, k) + generation.dense.search(vector, k)]
    return {passage.text for passage in catalog.passages_by_id(ids).values()}


def meant(catalog: Catalog, text: str) -> dict[str, float]:
    """The score of every text by meaning."""
    scores = dict(current(catalog).dense.search(FakeEncoder().encode([text])[0], 99))
    return {passage.text: round(scores[one], 6) for one, passage in catalog.passages_by_id(list(scores)).items()}


def linked(folder: Path, name: str) -> set[str]:
    """Files of a generation that it shares with another."""
    whole = folder / "generations" / name
    return {path.relative_to(whole).as_posix() for path in whole.rglob("*") if path.is_file() and path.stat().st_nlink > 1}


def fresh(catalog: Catalog, folder: Path) -> Catalog:
    """The same passages in a catalog that was built at once."""
    other = Catalog(folder)
    other.put_all(
        (source, catalog.passages(source_id)) for source_id in catalog.counts() if (source := catalog.source(source_id))
    )
    other.build(FakeEncoder(), SETTINGS)
    return other


# --- adding and removing -------------------------------------------------------------------------------------------


def test_a_new_file_becomes_a_part_of_its_own_and_the_rest_is_shared(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(on_disk, "INLINE", 0)
    catalog = Catalog(folder)
    catalog.put_all([ONE, TWO])
    catalog.build(FakeEncoder(), SETTINGS)
    catalog.put(*THREE)

    catalog.build(FakeEncoder(), SETTINGS)

    assert current(catalog).manifest.segments == ("seg-1", "seg-2")
    assert {"dense/seg-1.rows.faiss", "dense/seg-1.ids.npy"} < linked(folder, "gen-2")
    assert THREE[1][0].text in found(catalog, "free and fair")
    assert catalog.is_current(MODEL, SETTINGS)
    assert catalog.problems(SETTINGS) == []


def test_what_is_removed_is_never_found_and_no_vector_is_written(built: Catalog, folder: Path) -> None:
    built.drop(TWO[0].source_id)

    built.build(FakeEncoder(), SETTINGS)

    assert found(built, "The army said there was fraud.") == {"The vote was fair.", "Nobody saw fraud."}
    assert {"dense/seg-1.rows.faiss"} < linked(folder, "gen-2")
    assert current(built).manifest.passages == len(current(built).dense) == len(current(built).lexical) == 2
    assert built.problems(SETTINGS) == []


def test_a_file_that_comes_back_is_found_again(built: Catalog) -> None:
    built.drop(TWO[0].source_id)
    built.build(FakeEncoder(), SETTINGS)
    built.put(*TWO)

    built.build(FakeEncoder(), SETTINGS)

    assert found(built, "army") == {"The vote was fair.", "Nobody saw fraud.", "The army said there was fraud."}
    assert built.problems(SETTINGS) == []


def test_many_changes_find_what_one_build_of_the_same_files_finds(folder: Path, tmp_path: Path) -> None:
    catalog = Catalog(folder)
    for number in range(12):
        catalog.put(*make_source(f"{number}.txt", *(f"File {number} says fraud {line} times." for line in range(5))))
        if number % 3 == 2:
            catalog.drop(make_source(f"{number - 2}.txt", "x")[0].source_id)
        catalog.build(FakeEncoder(), SETTINGS)

    other = fresh(catalog, tmp_path / "other")

    assert catalog.problems(SETTINGS) == []
    assert len(current(catalog).manifest.segments) <= 3
    assert catalog.roster().sources == other.roster().sources
    assert meant(catalog, "File 7 says fraud 3 times.") == meant(other, "File 7 says fraud 3 times.")
    assert found(catalog, "File 10 says fraud", k=99) == found(other, "File 10 says fraud", k=99)


def test_the_roster_follows_what_came_and_went_since_the_index_was_built(built: Catalog) -> None:
    built.drop(ONE[0].source_id)
    built.put(*THREE)

    roster = built.roster()

    assert roster.corpus == built.corpus()
    assert set(roster.sources) == {TWO[0].source_id, THREE[0].source_id}
    assert list(roster.sources) == sorted(roster.sources)
    texts = built.passages_by_id(roster.ids.tolist())
    assert [texts[one].source_id for one in roster.ids.tolist()] == [roster.sources[at] for at in roster.source_of]


def test_passages_stand_in_the_order_of_their_text_also_after_some_came_later(folder: Path) -> None:
    source, passages = make_source("long.txt", *(f"Sentence {number}." for number in range(6)))
    catalog = Catalog(folder)
    catalog.put(source, passages[::2])
    catalog.build(FakeEncoder(), SETTINGS)
    catalog.put(source, passages)
    catalog.build(FakeEncoder(), SETTINGS)

    ids = catalog.roster().ids.tolist()

    assert [catalog.passages_by_id([one])[one].ordinal for one in ids] == [0, 1, 2, 3, 4, 5]


def test_only_an_index_of_the_same_kind_is_extended(built: Catalog, folder: Path) -> None:
    other = CountingEncoder()
    other.fingerprint = "another"
    built.build(other, SETTINGS)
    by_model = linked(folder, "gen-2")
    built.build(FakeEncoder(), Settings(evidence=EvidenceSettings(passage_words=40)))
    by_settings = linked(folder, "gen-3")

    built.build(FakeEncoder(), Settings(evidence=EvidenceSettings(passage_words=40)), whole=True)

    assert by_model == by_settings == linked(folder, "gen-4") == set()


def test_a_generation_of_another_catalog_is_not_extended(built: Catalog, folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder / "generations", tmp_path / "other" / "generations")
    other = Catalog(tmp_path / "other")
    other.put(*THREE)

    other.build(FakeEncoder(), SETTINGS)

    assert current(other).dense.ids().tolist() == other.roster().ids.tolist()
    assert linked(tmp_path / "other", "gen-2") == set()


def test_a_file_system_without_links_gets_copies(built: Catalog, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    built.put(*THREE)
    built.drop(TWO[0].source_id)

    built.build(FakeEncoder(), SETTINGS)

    assert built.problems(SETTINGS) == []
    assert found(built, "army election") == {one.text for one in ONE[1] + THREE[1]}


def test_the_generation_before_outlives_the_pruning_of_the_one_it_extends(built: Catalog, folder: Path) -> None:
    for number in range(4):
        built.put(*make_source(f"{number}.txt", f"More fraud, the {number}th time."))
        built.build(FakeEncoder(), SETTINGS)

    assert sorted(path.name for path in (folder / "generations").glob("gen-*")) == ["gen-4", "gen-5"]
    assert built.problems(SETTINGS) == []


# --- compaction ----------------------------------------------------------------------------------------------------


def test_many_parts_are_merged_in_the_background(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(on_disk, "INLINE", 0)
    catalog = Catalog(folder)
    for number in range(6):
        catalog.put(*make_source(f"{number}.txt", f"Fraud, the {number}th time."))
        catalog.build(FakeEncoder(), SETTINGS)
    before = found(catalog, "fraud")

    name = catalog.compact()

    assert (len(current(catalog).manifest.segments), current(catalog).name) == (1, name)
    assert found(catalog, "fraud") == before
    assert catalog.problems(SETTINGS) == []
    assert catalog.compact() is None


def test_tombstones_leave_the_files_once_they_are_a_fifth(built: Catalog) -> None:
    built.drop(TWO[0].source_id)
    built.build(FakeEncoder(), SETTINGS)
    before = [len(one) for one in on_disk._segments(current(built))]

    built.compact()

    assert (before, [len(one) for one in on_disk._segments(current(built))]) == ([3], [2])
    assert len(current(built).gone) == 0
    assert found(built, "army") == {"The vote was fair.", "Nobody saw fraud."}
    assert built.problems(SETTINGS) == []


def test_an_index_of_nothing_is_compacted_and_extended(built: Catalog) -> None:
    for source in (ONE, TWO):
        built.drop(source[0].source_id)
    built.build(FakeEncoder(), SETTINGS)
    built.compact()
    assert current(built).manifest.segments == ()

    built.put(*THREE)
    built.build(FakeEncoder(), SETTINGS)

    assert found(built, "election") == {THREE[1][0].text}


def test_nothing_is_compacted_where_there_is_no_index(folder: Path) -> None:
    assert Catalog(folder).compact() is None


# --- hashing once --------------------------------------------------------------------------------------------------


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are hashed from here on."""
    names: list[str] = []
    whole = hashing._sha256

    def counting(path: Path) -> str:
        names.append(path.name)
        return whole(path)

    monkeypatch.setattr(hashing, "_sha256", counting)
    return names


def test_another_process_hashes_nothing_that_was_hashed_before(built: Catalog, folder: Path, hashed: list[str]) -> None:
    for number in range(3):  # with links made and links pruned in between
        built.put(*make_source(f"{number}.txt", f"More fraud, the {number}th time."))
        built.build(FakeEncoder(), SETTINGS)
    hashed.clear()

    current(Catalog(folder))

    assert hashed == []


def test_extending_hashes_only_what_is_new(
    built: Catalog, folder: Path, monkeypatch: pytest.MonkeyPatch, hashed: list[str]
) -> None:
    monkeypatch.setattr(on_disk, "INLINE", 0)
    catalog = Catalog(folder)
    catalog.put(*THREE)

    catalog.build(FakeEncoder(), SETTINGS)

    assert "seg-2.rows.faiss" in hashed
    assert "seg-1.rows.faiss" not in hashed


def test_a_full_check_hashes_everything(built: Catalog, hashed: list[str]) -> None:
    assert built.problems(SETTINGS) == []

    assert {"seg-1.rows.faiss", "seg-1.ids.npy", "roster.npy", "gone.npy", "meta.json"} <= set(hashed)


def test_a_byte_changed_without_changing_size_and_time_is_seen(built: Catalog, folder: Path) -> None:
    path = folder / "generations" / "gen-1" / "dense" / "seg-1.rows.faiss"
    before, data = path.stat(), bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    assert not Catalog(folder).is_current(MODEL, SETTINGS)


def test_a_byte_changed_in_a_shared_file_is_seen_and_mended(built: Catalog, folder: Path) -> None:
    built.drop(TWO[0].source_id)
    built.build(FakeEncoder(), SETTINGS)
    path = folder / "generations" / "gen-1" / "dense" / "seg-1.rows.faiss"
    flip(path, 0.6)
    encoder = CountingEncoder()

    was = built.is_current(MODEL, SETTINGS)
    built.build(encoder, SETTINGS)

    assert (was, encoder.texts, built.problems(SETTINGS)) == (False, [], [])
    assert linked(folder, "gen-3") == set()


@pytest.mark.parametrize("text", ["", "{", "[[1]]", '[["a", 1, 1, 1, "x"]]', "7", "[" * 5000, "\0"], ids=range(7))
def test_a_record_that_cannot_be_read_only_means_hashing_again(
    built: Catalog, folder: Path, hashed: list[str], text: str
) -> None:
    (folder / "generations" / "checked.json").write_text(text)

    assert Catalog(folder).is_current(MODEL, SETTINGS)
    assert "seg-1.rows.faiss" in hashed


def test_a_record_that_lies_about_a_hash_sets_nothing_right(built: Catalog, folder: Path) -> None:
    record = folder / "generations" / "checked.json"
    record.write_text(record.read_text().replace("a", "b"))

    assert not Catalog(folder).is_current(MODEL, SETTINGS)


def test_a_text_that_stands_twice_is_encoded_once(folder: Path) -> None:
    catalog, encoder = Catalog(folder), CountingEncoder()
    catalog.put_all(make_source(f"{number}.txt", "The same words.", f"Other words {number}.") for number in range(90))

    catalog.build(encoder, SETTINGS)

    assert len(encoder.texts) == len(set(encoder.texts)) == 91
    generation = current(catalog)
    assert np.ptp(generation.dense.rows(catalog.roster().ids.tolist())[::2], axis=0).max() == 0
