"""A search takes one thread: the second would only wait, spinning, and cost more than the search."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from threadpoolctl import ThreadpoolController

from workbench.vectors import DenseIndex, segment_of


def test_an_index_that_was_opened_multiplies_on_one_thread(tmp_path: Path) -> None:
    segment_of([1, 2], [np.eye(8, dtype=np.float32)[:2]], 8).write(tmp_path, "seg-1")
    with ThreadpoolController().limit(limits=2, user_api="blas"):  # and as it was before, for the tests after this one
        index = DenseIndex.read(tmp_path, ["seg-1"], 8)

        found = index.search(np.eye(8, dtype=np.float32)[1], 1)
        threads = {library["num_threads"] for library in ThreadpoolController().info() if library["user_api"] == "blas"}

    assert found == [(2, 1.0)]
    assert threads == {1}
