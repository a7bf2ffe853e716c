"""The dense index: exact enough, filtered inside the search, closed to nonsense."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from workbench.errors import ModelError, StaleIndex
from workbench.vectors import DenseIndex, joined, mergeable, segment, segment_of


def unit(*numbers: float) -> NDArray[np.float32]:
    vector = np.array(numbers, dtype=np.float32)
    return vector / np.linalg.norm(vector)


@pytest.fixture
def index() -> DenseIndex:
    return DenseIndex(
        2, [segment_of([20, 70], [np.stack([unit(1, 1), unit(1, 0)])], 2), segment_of([900], [unit(0, 1)[None]], 2)]
    )


def random_units(count: int, dimension: int, seed: int = 0) -> NDArray[np.float32]:
    rows = np.random.default_rng(seed).standard_normal((count, dimension)).astype(np.float32)
    units: NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return units


def test_the_nearest_come_first_with_their_cosine(index: DenseIndex) -> None:
    found = index.search(unit(1, 0), 2)

    assert [one for one, _ in found] == [70, 20]
    assert [score for _, score in found] == pytest.approx([1.0, 0.7071], abs=1e-3)


def test_a_filter_acts_inside_the_search(index: DenseIndex) -> None:
    found = index.search(unit(1, 0), 1, ids=np.array([900]))

    assert [one for one, _ in found] == [900]


def test_ids_that_are_not_in_the_index_are_never_found(index: DenseIndex) -> None:
    assert [one for one, _ in index.search(unit(1, 0), 9, ids=np.array([5, 20, 5000]))] == [20]


def test_equal_vectors_come_in_the_order_of_their_ids_whatever_segment_they_are_in() -> None:
    same = [np.stack([unit(1, 2)] * 2)]
    index = DenseIndex(2, [segment_of([3, 5], same, 2), segment_of([8, 9], same, 2)])

    assert [one for one, _ in index.search(unit(1, 2), 3)] == [3, 5, 8]


def test_what_is_gone_is_never_found_and_not_counted(index: DenseIndex) -> None:
    less = DenseIndex(2, index.segments, gone=np.array([70]))

    assert [one for one, _ in less.search(unit(1, 0), 3)] == [20, 900]
    assert less.search(unit(1, 0), 3, ids=np.array([70])) == []
    assert (len(less), less.ids().tolist()) == (2, [20, 900])
    with pytest.raises(StaleIndex, match="not in the index: 70"):
        less.rows([20, 70])


def test_an_empty_index_finds_nothing(index: DenseIndex) -> None:
    assert DenseIndex(2).search(unit(1, 0), 5) == []
    assert index.search(unit(1, 0), 5, ids=np.array([], dtype=np.int64)) == []
    assert index.search(unit(1, 0), 0) == []


def test_a_written_index_is_the_same_when_read(index: DenseIndex, tmp_path: Path) -> None:
    for name, part in zip("ab", index.segments, strict=True):
        part.write(tmp_path, name)

    again = DenseIndex.read(tmp_path, ["a", "b"], 2)

    assert (len(again), again.dimension, again.ids().tolist()) == (3, 2, [20, 70, 900])
    assert again.search(unit(1, 3), 3) == index.search(unit(1, 3), 3)


def test_segments_in_another_order_or_of_another_dimension_are_not_one_index(index: DenseIndex, tmp_path: Path) -> None:
    for name, part in zip("ab", index.segments, strict=True):
        part.write(tmp_path, name)

    for names, dimension in ((["b", "a"], 2), (["a", "a"], 2), (["a", "b"], 3)):
        with pytest.raises(StaleIndex, match="not of one index"):
            DenseIndex.read(tmp_path, names, dimension)


def test_segments_merge_into_the_same_index_without_what_is_gone(index: DenseIndex) -> None:
    merged = DenseIndex(2, [joined(index.segments, gone=np.array([70]))])

    assert merged.search(unit(1, 3), 9) == DenseIndex(2, index.segments, gone=np.array([70])).search(unit(1, 3), 9)
    assert [len(one) for one in merged.segments] == [2]


@pytest.mark.parametrize(
    ("sizes", "most", "count"),
    [
        ([], 100, 0),
        ([5], 100, 1),
        ([80, 16, 4], 999, 1),
        ([80, 20, 5], 999, 3),
        ([200, 1, 200, 1], 999, 4),
        ([80, 20, 6], 999, 3),
        ([1000, 20, 6], 999, 2),
        ([80, 20, 6], 100, 2),
        ([80, 20, 6], 20, 1),
    ],
)
def test_segments_are_merged_until_each_is_four_times_all_after_it(sizes: list[int], most: int, count: int) -> None:
    assert mergeable(sizes, most=most) == count


def test_a_million_passages_added_twenty_at_a_time_stay_in_seven_segments() -> None:
    sizes: list[int] = []
    most = 0
    for _ in range(50_000):
        sizes.append(20)
        last = len(sizes) - mergeable(sizes, most=1 << 62)
        sizes[last:] = [sum(sizes[last:])]
        most = max(most, len(sizes))

    assert (most, sum(sizes)) == (most, 1_000_000)
    assert most <= 7


@pytest.fixture
def coded(monkeypatch: pytest.MonkeyPatch) -> DenseIndex:
    """An index whose large segment has codes, and whose small one has none."""
    monkeypatch.setattr(segment, "CODED_FROM", 5_000)
    monkeypatch.setattr(segment, "LEAST_SHORTLIST", 800)
    rows = random_units(6_200, 128)
    return DenseIndex(
        128, [segment_of(np.arange(6_000), [rows[:6_000]], 128), segment_of(np.arange(7_000, 7_200), [rows[6_000:]], 128)]
    )


def exact(index: DenseIndex, vector: NDArray[np.float32], k: int, ids: NDArray[np.int64]) -> list[int]:
    scores = index.rows(ids.tolist()) @ vector
    return [int(one) for one in ids[np.lexsort((ids, -scores))][:k]]


@pytest.mark.parametrize("share", [1.0, 0.5, 0.02])
def test_a_coded_segment_finds_nearly_what_a_scan_of_everything_does(coded: DenseIndex, share: float) -> None:
    ids = coded.ids()[np.random.default_rng(1).random(len(coded)) < share]
    queries = random_units(50, 128, seed=2)

    found = [{one for one, _ in coded.search(query, 10, ids=None if share == 1 else ids)} for query in queries]

    assert coded.segments[0].codes is not None
    assert coded.segments[1].codes is None
    wanted = [exact(coded, query, 10, ids) for query in queries]
    assert np.mean([len(got & set(want)) / 10 for got, want in zip(found, wanted, strict=True)]) >= 0.99
    assert all(got <= set(ids.tolist()) for got in found)


def test_a_filter_that_leaves_out_all_that_is_near_still_finds_the_best_of_the_rest(coded: DenseIndex) -> None:
    query, noise = random_units(1, 128, seed=4)[0], random_units(6_000, 128, seed=5)
    near = np.array([1.5] * 2_000 + [0.7] * 10 + [0.0] * 3_990, dtype=np.float32)[:, None]  # in this order
    rows = near * query + noise
    index = DenseIndex(128, [segment_of(np.arange(6_000), [rows / np.linalg.norm(rows, axis=1, keepdims=True)], 128)])

    found = [one for one, _ in index.search(query, 10, ids=np.arange(2_000, 6_000))]

    assert index.segments[0].codes is not None
    assert sorted(found) == list(range(2_000, 2_010))


def test_a_coded_segment_is_the_same_when_read(coded: DenseIndex, tmp_path: Path) -> None:
    coded.segments[0].write(tmp_path, "big")
    query = random_units(1, 128, seed=3)[0]

    again = DenseIndex.read(tmp_path, ["big"], 128)

    assert again.segments[0].codes is not None
    assert again.search(query, 20) == DenseIndex(128, coded.segments[:1]).search(query, 20)


def test_stored_rows_come_back_by_id(index: DenseIndex) -> None:
    rows = index.rows([900, 70])

    assert rows == pytest.approx(np.array([[0, 1], [1, 0]]), abs=1e-3)
    assert index.rows([]).shape == (0, 2)


def test_the_row_of_an_unknown_id_is_an_error(index: DenseIndex) -> None:
    with pytest.raises(StaleIndex, match="not in the index"):
        index.rows([71])


@pytest.mark.parametrize(
    "rows", [[[np.nan, 1.0]], [[np.inf, 0.0]], [[1.0, 0.0, 0.0]]], ids=["nan", "infinity", "wrong dimension"]
)
def test_nonsense_is_not_indexed(rows: list[list[float]]) -> None:
    with pytest.raises(ModelError):
        segment_of([1], [np.array(rows, dtype=np.float32)], 2)


def test_fewer_vectors_than_ids_are_not_indexed() -> None:
    with pytest.raises(ModelError, match="1 vectors came for 2 passages"):
        segment_of([1, 2], [unit(1, 0)[None]], 2)


def test_ids_that_do_not_rise_are_refused() -> None:
    with pytest.raises(ValueError, match="must rise"):
        segment_of([2, 1], [np.stack([unit(1, 0)] * 2)], 2)


@pytest.mark.parametrize("query", [np.array([np.nan, 1]), np.array([1, 0, 0])], ids=["nan", "another dimension"])
def test_a_query_that_does_not_fit_is_refused(index: DenseIndex, query: NDArray[np.float32]) -> None:
    with pytest.raises(ModelError):
        index.search(query.astype(np.float32), 1)


@pytest.mark.parametrize("name", ["a.rows.faiss", "a.ids.npy"])
def test_a_file_that_is_no_index_is_one_clear_error(index: DenseIndex, tmp_path: Path, name: str) -> None:
    index.segments[0].write(tmp_path, "a")
    (tmp_path / name).write_text("<html>not here</html>")

    with pytest.raises(StaleIndex, match="cannot be read"):
        DenseIndex.read(tmp_path, ["a"], 2)


def test_ids_that_are_an_object_array_are_never_unpickled(index: DenseIndex, tmp_path: Path) -> None:
    index.segments[0].write(tmp_path, "a")
    np.save(tmp_path / "a.ids.npy", np.array([{"a": 1}, 2], dtype=object), allow_pickle=True)

    with pytest.raises(StaleIndex, match="cannot be read"):
        DenseIndex.read(tmp_path, ["a"], 2)


def test_a_folder_that_is_not_there_cannot_be_written(index: DenseIndex, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="a:"):
        index.segments[0].write(tmp_path / "missing", "a")
