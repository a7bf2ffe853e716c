from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import ANA, NOON, FakeEncoder
from workbench.catalog import Catalog
from workbench.desk import Desk
from workbench.ledger import Ledger
from workbench.library import COPY_AFTER, Library
from workbench.models import SourceMeta, sha256_hex
from workbench.source_fold import SourceFold


def library_of(home: Path) -> Library:
    """A library opened afresh on the workspace's own stores."""
    ledger = Ledger.open(f"sqlite:///{home}/ledger.sqlite")
    return Library(ledger, Catalog(home / ".workbench"), lambda: NOON, copy=home / "library.json")


def added(library: Library, name: str, *, path: str | None = None, title: str | None = None) -> str:
    source_id = sha256_hex(name)
    source = {"title": title, "media_type": "text/plain", "text_sha256": source_id, "reader": "text", "reader_version": "1"}
    payload = {
        "path": path or f"evidence/{name}.txt",
        "source": {**source, "warnings": []},
        "characters": 3,
        "replaces": None,
    }
    library.append(source_id, "source-added", payload)
    return source_id


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def library(home: Path) -> Library:
    return library_of(home)


def changed_in_every_way(library: Library) -> None:
    for name in "abcd":
        added(library, name)
    a, b, c, _ = map(sha256_hex, "abcd")
    library.append(a, "source-moved", {"path": "evidence/moved.txt", "was": "evidence/a.txt"})
    library.append(b, "source-path-gone", {"path": "evidence/b.txt"})
    library.remove(c, actor=ANA, reason="")
    library.describe(a, SourceMeta(title="Typed"), by="person", actor=ANA)
    added(library, "e", path="evidence/b.txt")


def folded(library: Library) -> SourceFold:
    fold = SourceFold()
    for event in library._ledger.since(subject_kind="source"):
        fold.take(event)
    return fold


def test_the_copy_of_the_fold_equals_the_fold(library: Library, tmp_path: Path) -> None:
    changed_in_every_way(library)
    fold = folded(library)

    fold.write(tmp_path / "copy", ledger_id="x")
    again = SourceFold.read(tmp_path / "copy", ledger_id="x")

    assert (again.sources, again.seq, again.hash) == (fold.sources, fold.seq, fold.hash)
    assert sorted(again.places()) == sorted(fold.places()) == sorted(library.places())
    assert again.at("evidence/b.txt") == fold.at("evidence/b.txt") == [sha256_hex("e")]


def test_a_new_process_begins_from_the_copy_and_reads_only_what_came_after(library: Library, home: Path) -> None:
    for number in range(COPY_AFTER):
        added(library, str(number))
    library.sources()
    library.close()
    added(library, "later")

    began = SourceFold.read(home / "library.json", ledger_id=library._ledger.workspace_id)

    assert (len(began.sources), len(library_of(home).sources())) == (COPY_AFTER, COPY_AFTER + 1)
    assert library_of(home).entries() == library.entries()


def tampered(home: Path, **fields: object) -> None:
    copy = json.loads((home / "library.json").read_bytes().partition(b"\n")[2])
    body = json.dumps({**copy, **fields}).encode()
    (home / "library.json").write_bytes(f"{sha256_hex(body)}\n".encode() + body)


@pytest.mark.parametrize("what", [{"hash": "0" * 64}, {"seq": 99}, {"ledger": "another"}, {"format": 0}])
def test_a_copy_of_another_ledger_or_form_is_not_believed(library: Library, home: Path, what: dict[str, object]) -> None:
    source_id = added(library, "a")
    folded(library).write(home / "library.json", ledger_id=library._ledger.workspace_id)

    tampered(home, sources={}, **what)

    assert list(library_of(home).sources()) == [source_id]


def test_a_damaged_copy_is_not_believed(library: Library, home: Path) -> None:
    added(library, "a", title="As it was")
    folded(library).write(home / "library.json", ledger_id=library._ledger.workspace_id)
    file = home / "library.json"

    file.write_bytes(file.read_bytes().replace(b"As it was", b"As it is!"))

    assert [entry.title for entry in library_of(home).entries().values()] == ["As it was"]


def test_only_what_an_event_changed_is_made_anew(library: Library) -> None:
    one, other = added(library, "one"), added(library, "other")
    before = library.entries()

    library.describe(one, SourceMeta(title="Typed"), by="person", actor=ANA)
    after = library.entries()

    assert after[other] is before[other]
    assert (before[one].title, after[one].title) == ("one.txt", "Typed")
    assert library.searchable() is library.searchable()


def test_events_stored_together_are_all_stored_or_none(library: Library) -> None:
    def fail_halfway() -> None:
        with library.together():
            added(library, "one")
            assert len(library.sources()) == 1
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_halfway()

    assert (len(library.sources()), library._ledger.head()[0]) == (0, 0)


def test_what_another_process_stored_meanwhile_is_not_passed_over(library: Library, home: Path) -> None:
    other = library_of(home)
    added(library, "one")
    library.sources()

    with library.together():
        added(library, "two")
        added(other, "three")

    assert set(library.sources()) == set(map(sha256_hex, ("one", "two", "three")))


def test_a_source_is_found_by_the_beginning_of_its_id(desk_home: Path) -> None:
    (desk_home / "evidence" / "vote.txt").write_text("The vote was fair.", encoding="utf-8")
    with Desk.open(desk_home, encoder=FakeEncoder) as desk:
        source_id = desk.sync_evidence().added[0].source_id

        assert (desk.evidence.find(source_id[:6]).source_id, desk.evidence.find(source_id[:6]).passages) == (source_id, 1)


@pytest.fixture
def desk_home(tmp_path: Path) -> Path:
    folder = tmp_path / "desk"
    (folder / "evidence").mkdir(parents=True)
    (folder / "workbench.toml").write_text('name = "Test desk"\n', encoding="utf-8")
    return folder
