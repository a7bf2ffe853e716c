"""Killed, full, at the same time: the generation before stays whole, and nothing that was encoded is encoded again."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.conftest import FakeEncoder
from tests.test_catalog import ONE, SETTINGS, TWO, CountingEncoder, make_source
from tests.test_catalog_growth import MODEL, THREE, built, current, folder, found
from workbench.catalog import Catalog, generations, on_disk
from workbench.errors import WorkspaceError

__all__ = ["built", "folder"]  # fixtures


class Killed(BaseException):
    """Stands for a SIGKILL: nothing of ours catches it."""


def kill_at(monkeypatch: pytest.MonkeyPatch, where: Any, name: str, nth: int, error: BaseException) -> None:
    """Have the nth call of a function raise instead of working; calls after it work."""
    whole: Callable[..., Any] = getattr(where, name)
    calls = iter(range(1, 1 << 30))

    def failing(*given: Any, **named: Any) -> Any:
        if next(calls) == nth:
            raise error
        return whole(*given, **named)

    monkeypatch.setattr(where, name, failing)


STEPS: list[tuple[Any, str, int]] = [
    (on_disk, "_write_dense", 1),
    (on_disk, "_write_words", 1),
    (on_disk, "write_arrays", 1),
    (os, "link", 1),
    (os, "link", 5),
    (generations, "sync_path", 1),
    (generations, "sync_path", 4),
    (generations, "write_whole", 1),
    (generations, "_try_out", 1),
    (Path, "rename", 1),
    (generations, "write_whole", 2),
    (os, "replace", 3),  # the first two write the manifest and checked.json
]


@pytest.mark.parametrize(("where", "name", "nth"), STEPS, ids=[f"{name} {nth}" for _, name, nth in STEPS])
@pytest.mark.parametrize("way", ["extended", "compacted"])
def test_a_kill_at_any_step_leaves_the_generation_before(
    built: Catalog, folder: Path, monkeypatch: pytest.MonkeyPatch, where: Any, name: str, nth: int, way: str
) -> None:
    built.drop(TWO[0].source_id)
    built.build(FakeEncoder(), SETTINGS)
    before = (folder / "generations" / "CURRENT").read_bytes()
    if way == "extended":
        built.put(*THREE)

    with monkeypatch.context() as patched:
        kill_at(patched, where, name, nth, Killed())
        try:
            built.build(FakeEncoder(), SETTINGS) if way == "extended" else built.compact()
        except Killed:
            assert (folder / "generations" / "CURRENT").read_bytes() == before
            assert found(Catalog(folder), "army fair") == {"The vote was fair.", "Nobody saw fraud."}
    again = Catalog(folder)
    again.build(FakeEncoder(), SETTINGS)

    assert again.problems(SETTINGS) == []
    assert again.is_current(MODEL, SETTINGS)
    assert list((folder / "generations").glob("*.tmp")) == []


@pytest.mark.parametrize(("where", "name", "nth"), STEPS, ids=[f"{name} {nth}" for _, name, nth in STEPS])
def test_a_full_disk_at_any_step_is_one_clear_error_and_changes_nothing(
    built: Catalog, folder: Path, monkeypatch: pytest.MonkeyPatch, where: Any, name: str, nth: int
) -> None:
    if name == "link":
        pytest.skip("a link that fails is a copy")
    built.put(*THREE)
    with monkeypatch.context() as patched:
        kill_at(patched, where, name, nth, OSError(28, "No space left on device"))

        with pytest.raises(WorkspaceError, match="No space left"):
            built.build(FakeEncoder(), SETTINGS)

    assert current(built).name == "gen-1"
    assert found(built, "fraud") == {one.text for one in ONE[1] + TWO[1]}
    built.build(FakeEncoder(), SETTINGS)
    assert built.problems(SETTINGS) == []


def test_a_small_file_cut_off_by_a_full_disk_is_never_published(
    built: Catalog, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = generations.write_arrays

    def cutting(draft: generations.Draft, *given: Any) -> None:
        whole(draft, *given)
        os.truncate(draft.folder / "roster.npy", 40)

    monkeypatch.setattr(on_disk, "write_arrays", cutting)
    built.put(*THREE)

    with pytest.raises(Exception, match=r"roster\.npy cannot be read"):
        built.build(FakeEncoder(), SETTINGS)

    assert current(built).name == "gen-1"


def test_searching_goes_on_while_a_generation_is_written(built: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    writing, go_on = threading.Event(), threading.Event()
    whole = on_disk._write_words

    def slow(*given: Any) -> None:
        writing.set()
        assert go_on.wait(30)
        whole(*given)

    monkeypatch.setattr(on_disk, "_write_words", slow)
    built.put(*THREE)
    builder = threading.Thread(target=built.build, args=(FakeEncoder(), SETTINGS))
    builder.start()
    assert writing.wait(30)

    meanwhile = current(built).name
    go_on.set()
    builder.join(30)

    assert (meanwhile, current(built).name) == ("gen-1", "gen-2")


# --- encoding ------------------------------------------------------------------------------------------------------


class Dying(FakeEncoder):
    """Kills its process with its fourth chunk."""

    chunks = 0

    def encode(self, texts: Sequence[str], *, query: bool = False) -> NDArray[np.float32]:
        self.chunks += 1
        if self.chunks == 4:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().encode(texts, query=query)


def _build_and_die(folder: Path) -> None:
    Catalog(folder).build(Dying(), SETTINGS)


@pytest.mark.process
def test_a_sigkill_while_encoding_loses_one_chunk_at_most(folder: Path) -> None:
    catalog, encoder = Catalog(folder), CountingEncoder()
    catalog.put(*make_source("long.txt", *(f"Sentence {number}." for number in range(600))))
    child = multiprocessing.get_context("spawn").Process(target=_build_and_die, args=(folder,))
    child.start()
    child.join(60)

    catalog.build(encoder, SETTINGS)

    assert child.exitcode == -signal.SIGKILL
    assert len(encoder.texts) == 600 - 3 * 128
    assert catalog.problems(SETTINGS) == []
