"""Two nodes on this machine read and encode, one of them is killed in the middle, and every passage arrives once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.scale.files import write_files
from workbench.desk import Desk

pytestmark = [
    pytest.mark.scale,
    pytest.mark.skipif(find_spec("ray") is None, reason="not installed: ray (make scale installs it)"),
]
FILES = int(os.environ.get("SCALE_FILES", "160"))


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Any, Any]]:
    """(a cluster of a head node and a second one, that second one)."""
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    Cluster: Any = import_module("ray.cluster_utils").Cluster  # noqa: N806  # a class

    one = {"num_cpus": 1, "object_store_memory": 80_000_000}
    running = Cluster(initialize_head=True, head_node_args={**one, "include_dashboard": False})
    try:
        yield running, running.add_node(**one)
    finally:
        running.shutdown()


def test_a_lost_node_costs_its_batches_and_every_passage_arrives_once(
    cluster: tuple[Any, Any], home: Path, tmp_path: Path
) -> None:
    running, second = cluster
    expected = write_files(tmp_path / "news", FILES)
    command = [sys.executable, "-m", "workbench", "--workspace", str(home), "evidence", "add", str(tmp_path / "news"), "--json"]
    began = time.monotonic()
    adding = subprocess.Popen([*command, "--on", f"ray={running.address}"], stdout=subprocess.PIPE, text=True)
    while not list(home.rglob(".workbench/bulk/*/*.parquet")) and adding.poll() is None:
        time.sleep(0.1)
    was_under_way = adding.poll() is None
    os.kill(second.all_processes["raylet"][0].process.pid, signal.SIGKILL)
    said, _ = adding.communicate(timeout=500)
    took = time.monotonic() - began

    assert was_under_way
    assert adding.returncode == 0, said
    assert len(json.loads(said)["added"]) == FILES
    with Desk.open(home) as desk:
        assert desk.catalog.corpus().passages == expected == sum(desk.catalog.counts().values())
        assert len(desk.library()) == FILES
        assert desk.catalog.problems(desk.settings) == []
    print(f"\nRay, two nodes of one CPU, one killed: {expected} passages, {expected / took:.0f} passages/s, start included")
