"""200,000 made-up passages in a collection of Milvus Lite, beside the files of the workspace, in one run."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from tests.milvus import LiteServer, lite_server, needs_milvus
from workbench.benchmark.speed.million import _sources
from workbench.benchmark.speed.texts import MadeUpEncoder, Texts
from workbench.catalog import Catalog
from workbench.engines import engine_of
from workbench.search import Index, Searcher
from workbench.settings import SearchSettings, Settings

pytestmark = [pytest.mark.scale, needs_milvus]
PASSAGES = int(os.environ.get("SCALE_PASSAGES", "200000"))
QUERIES = int(os.environ.get("SCALE_QUERIES", "15"))
SEED = 20261126


@pytest.fixture
def server(tmp_path: Path) -> Iterator[LiteServer]:
    yield from lite_server(tmp_path)


def test_a_large_collection_is_filled_without_encoding_and_finds_what_the_files_find(
    tmp_path: Path, server: LiteServer
) -> None:
    made = Texts.made_up(SEED)
    asked = made.asked(QUERIES)
    made_up = MadeUpEncoder.of_seed(SEED)
    queries = list(zip(asked, made_up.encode(asked, query=True), strict=True))
    place = {"url": server.url, "seconds": 300}
    remote = Settings(search=SearchSettings.model_validate({"engine": "milvus", "milvus": place}))
    folder = tmp_path / ".workbench"
    here, there = Catalog(folder), Catalog(folder, engine_of(remote.search))
    with here.writing():
        here.put_all(_sources(made.passages(PASSAGES)))
    here.build(made_up, Settings())

    embedded = _seconds(lambda: here.build(made_up, Settings(), whole=True))
    finds_here = _Finding(Searcher(here, Settings(), lambda: made_up))
    filled = _seconds(lambda: there.build(Refusing(made_up), remote))
    finds_there = _Finding(Searcher(there, remote, lambda: made_up))
    same = []
    for text, vector in queries:  # in turns, so that what else the machine does is the same for both
        same.append(len(set(finds_here(text, vector)) & set(finds_there(text, vector))) / 10)

    count = there.corpus().passages
    print(f"\n{count} made-up passages of {sum(len(text.split()) for text in asked) / len(asked):.0f}-word queries")
    print(f"embedded engine: {count / embedded:.0f} passages/s indexed, {finds_here}")
    print(f"Milvus Lite:     {count / filled:.0f} passages/s filled, {finds_there}")
    print(f"the same among the first ten: {np.mean(same):.3f}")
    assert np.mean(same) >= 0.9
    there.close()


class Refusing(MadeUpEncoder):
    """An encoder that has nothing left to encode."""

    def __init__(self, like: MadeUpEncoder) -> None:
        self.__dict__.update(like.__dict__)

    def encode(self, texts: Sequence[str], *, query: bool = False) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
        raise AssertionError(f"{len(texts)} texts were to be encoded again")


class _Finding:
    """The ten best of both sides fused, and how long each took."""

    def __init__(self, searcher: Searcher) -> None:
        index = searcher.open()
        assert index is not None
        self._searcher: Searcher = searcher
        self._index: Index = index
        self._took: list[float] = []

    def __call__(self, text: str, vector: np.ndarray[tuple[int], np.dtype[np.float32]]) -> list[int]:
        began = time.perf_counter()
        found = self._searcher.rank(self._index, text, vector, mode="hybrid", k=10).candidates
        self._took.append(time.perf_counter() - began)
        return [one.id for one in found]

    def __str__(self) -> str:
        p50, p95 = np.percentile(self._took[1:], [50, 95])  # the first opens files, or loads the collection
        return f"hybrid p50 {1000 * p50:.0f} ms, p95 {1000 * p95:.0f} ms (the first {self._took[0]:.1f} s)"


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
