"""Files read on other nodes and taken in here: what a node makes of them, and that nothing comes twice. No cluster runs."""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.conftest import FakeEncoder, KeptRoom
from workbench import bulk
from workbench.bulk import batch, cluster
from workbench.bulk.batch import Made
from workbench.bulk.parts import Parts
from workbench.cli.evidence import _nodes
from workbench.desk import Desk
from workbench.encoders import Encoder
from workbench.errors import UsageError, WorkbenchError
from workbench.settings import SearchSettings


class OneNode(cluster.Cluster):
    """In place of a cluster: the same work, one batch after the other, the second of which is lost."""

    lost: int | None = None
    sent: list[str]

    def __enter__(self) -> "OneNode":
        OneNode.sent = []
        return self

    def __exit__(self, *_: object) -> None:
        return

    def each(self, batches, wanted, *, fingerprint):  # type: ignore[no-untyped-def]
        for number, files in enumerate(batches):
            OneNode.sent += [one.name for one in files]
            yield len(files), None if number == self.lost else batch.work(files, wanted)


class Counting(FakeEncoder):
    encoded: list[str]

    def encode(self, texts, *, query=False):  # type: ignore[no-untyped-def]
        if not query:
            Counting.encoded += texts
        return super().encode(texts, query=query)


@pytest.fixture
def nodes(monkeypatch: pytest.MonkeyPatch) -> type[OneNode]:
    def load(_: SearchSettings) -> Encoder:
        return FakeEncoder()

    batch._encoder.cache_clear()
    monkeypatch.setattr(batch, "load_encoder", load)
    monkeypatch.setattr(batch, "_room", KeptRoom)
    monkeypatch.setattr(bulk, "Cluster", OneNode)
    monkeypatch.setattr(bulk, "FILES_AT_ONCE", 2)
    monkeypatch.setattr(OneNode, "lost", None)
    Counting.encoded = []
    return OneNode


@pytest.fixture
def desk(home: Path) -> Iterator[Desk]:
    with Desk.open(home, encoder=Counting) as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "given"
    place.mkdir()
    for number in range(5):
        (place / f"{number}.txt").write_text(f"The army alleged fraud number {number}.\n\nRain fell.\n", encoding="utf-8")
    (place / "again.txt").write_bytes((place / "0.txt").read_bytes())
    (place / "empty.txt").write_text("")
    return place


def passages(desk: Desk) -> list[str]:
    roster = desk.catalog.roster()
    return sorted(one.text for one in desk.catalog.passages_by_id(roster.ids.tolist()).values())


def test_what_nodes_read_is_taken_in_as_if_it_had_been_read_here(
    desk: Desk, folder: Path, nodes: type[OneNode], tmp_path: Path
) -> None:
    done = desk.stock.add([folder], nodes="")

    assert (len(done.added), [one.code for one in done.failed]) == (6, ["empty_file"])
    assert Counting.encoded == []
    assert sorted(nodes.sent) == ["0.txt", "1.txt", "2.txt", "3.txt", "4.txt"]
    (tmp_path / "other" / "evidence").mkdir(parents=True)
    (tmp_path / "other" / "workbench.toml").write_text("")
    with Desk.open(tmp_path / "other", encoder=FakeEncoder) as plain:
        plain.stock.add([folder])
        assert passages(plain) == passages(desk)
        assert plain.find("fraud number 3").hits[0].text == desk.find("fraud number 3").hits[0].text
        assert plain.catalog.corpus_digest() == desk.catalog.corpus_digest()


def test_a_lost_batch_is_read_here_and_nothing_comes_twice(desk: Desk, folder: Path, nodes: type[OneNode]) -> None:
    nodes.lost = 1

    done = desk.stock.add([folder], nodes="")

    assert len(done.added) == 6
    assert sorted(Counting.encoded) == [f"The army alleged fraud number {one}.\n\nRain fell." for one in (2, 3)]
    assert len(passages(desk)) == 5
    assert desk.catalog.problems(desk.settings) == []


def test_a_run_that_was_broken_off_goes_on_with_what_was_made(
    desk: Desk, folder: Path, nodes: type[OneNode], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole: Any = OneNode.each

    def broken(self, batches, wanted, *, fingerprint):  # type: ignore[no-untyped-def]
        yield next(whole(self, batches, wanted, fingerprint=fingerprint))
        raise KeyboardInterrupt

    monkeypatch.setattr(OneNode, "each", broken)
    with pytest.raises(KeyboardInterrupt):
        desk.stock.add([folder], nodes="")
    assert desk.library() == []
    monkeypatch.setattr(OneNode, "each", whole)

    desk.stock.add([folder], nodes="")

    assert nodes.sent == ["2.txt", "3.txt", "4.txt"]
    assert len(passages(desk)) == 5
    assert not (desk.workspace.derived / "bulk").exists()


def test_adding_again_sends_nothing(desk: Desk, folder: Path, nodes: type[OneNode]) -> None:
    desk.stock.add([folder], nodes="")
    nodes.sent = []

    again = desk.stock.add([folder], nodes="")

    assert (nodes.sent, len(again.unchanged)) == ([], 6)


def test_a_table_of_another_node_is_kept_once(tmp_path: Path, desk: Desk) -> None:
    made = Made(batch._parquet([{"sha256": "ab" * 32, "source": "{}", "passages": "[]", "vectors": b""}]), 0, "1", "m")
    parts = Parts(tmp_path, "m", desk.settings)

    parts.keep(made)
    parts.keep(made)

    assert (parts.held, len(list(tmp_path.rglob("*.parquet")))) == (frozenset({"ab" * 32}), 1)


def test_no_address_and_no_token_travels_to_a_node(desk: Desk) -> None:
    place = {"url": "http://root:secret@127.0.0.1:1", "token": "hunter2"}
    search = SearchSettings.model_validate({"engine": "milvus", "milvus": place})

    wanted = batch.Wanted.of(desk.settings.model_copy(update={"search": search}))

    assert "secret" not in repr(wanted)
    assert wanted.search.milvus.token.get_secret_value() == ""


def test_without_ray_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)

    with pytest.raises(WorkbenchError) as caught, cluster.Cluster(""):
        pass

    assert (caught.value.code, "claim-workbench[ray]" in caught.value.hint) == ("missing_extra", True)


def test_the_option_names_ray_and_may_name_its_head_node() -> None:
    assert [_nodes(None), _nodes("ray"), _nodes("ray=10.0.0.1:6379")] == [None, "", "10.0.0.1:6379"]
    with pytest.raises(UsageError):
        _nodes("dask")


def test_a_cluster_that_is_not_there_is_one_error_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", ModuleType("ray"))

    for address in ("127.0.0.1:9", "no-port"):
        with pytest.raises(WorkbenchError, match=address) as caught, cluster.Cluster(address):
            pass
        assert caught.value.code == "cluster_down"
