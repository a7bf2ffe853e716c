"""The dense index: exact enough, filtered inside the search, closed to nonsense."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from workbench.errors import ModelError, StaleIndex
from workbench.vectors import DenseIndex


def unit(*numbers: float) -> NDArray[np.float32]:
    vector = np.array(numbers, dtype=np.float32)
    return vector / np.linalg.norm(vector)


@pytest.fixture
def index() -> DenseIndex:
    index = DenseIndex(2)
    index.add([70, 20, 900], np.stack([unit(1, 0), unit(1, 1), unit(0, 1)]))
    return index


def test_the_nearest_come_first_with_their_cosine(index: DenseIndex) -> None:
    found = index.search(unit(1, 0), 2)

    assert [one for one, _ in found] == [70, 20]
    assert [score for _, score in found] == pytest.approx([1.0, 0.7071], abs=1e-3)


def test_a_filter_acts_inside_the_search(index: DenseIndex) -> None:
    found = index.search(unit(1, 0), 1, ids=np.array([900]))

    assert [one for one, _ in found] == [900]


def test_ids_that_are_not_in_the_index_are_never_found(index: DenseIndex) -> None:
    assert [one for one, _ in index.search(unit(1, 0), 9, ids=np.array([5, 20, 5000]))] == [20]


def test_equal_vectors_come_in_the_order_of_their_ids() -> None:
    index = DenseIndex(2)
    index.add([9, 3, 5], np.stack([unit(1, 2)] * 3))

    assert [one for one, _ in index.search(unit(1, 2), 3)] == [3, 5, 9]


def test_an_empty_index_finds_nothing(index: DenseIndex) -> None:
    assert DenseIndex(2).search(unit(1, 0), 5) == []
    assert index.search(unit(1, 0), 5, ids=np.array([], dtype=np.int64)) == []


def test_a_written_index_is_the_same_when_read(index: DenseIndex, tmp_path: Path) -> None:
    index.write(tmp_path / "vectors.faiss")

    again = DenseIndex.read(tmp_path / "vectors.faiss")

    assert (len(again), again.dimension, again.ids().tolist()) == (3, 2, [70, 20, 900])
    assert again.search(unit(1, 3), 3) == index.search(unit(1, 3), 3)


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
def test_nonsense_is_not_indexed(index: DenseIndex, rows: list[list[float]]) -> None:
    with pytest.raises(ModelError):
        index.add([1], np.array(rows, dtype=np.float32))

    assert len(index) == 3


def test_a_query_of_nan_is_refused(index: DenseIndex) -> None:
    with pytest.raises(ModelError):
        index.search(np.array([np.nan, 1], dtype=np.float32), 1)


def test_a_file_that_is_no_index_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "vectors.faiss").write_text("<html>not here</html>")

    with pytest.raises(StaleIndex, match="cannot be read"):
        DenseIndex.read(tmp_path / "vectors.faiss")


def test_a_folder_that_is_not_there_cannot_be_written(index: DenseIndex, tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"vectors\.faiss"):
        index.write(tmp_path / "missing" / "vectors.faiss")
