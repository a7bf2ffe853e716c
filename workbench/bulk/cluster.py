"""A Ray cluster, given batches and asked what became of them. The only door to ray.

What lives here: connecting, how many batches are under way, and what is made of nodes that are lost. What does not: the work
(batch.py). A batch is a plain task: no actor holds the CPUs that another step waits for, and a task of a lost node is begun
again on one that is left.
"""

from __future__ import annotations

import logging
import os
import socket
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import redirect_stdout
from itertools import islice
from types import TracebackType
from typing import Any, Self

from workbench import log
from workbench.bulk.batch import Made, Sent, Wanted, work
from workbench.errors import ModelError, WorkbenchError
from workbench.version import VERSION

TRIES = 5  # a batch is begun again so often where its node is lost; then it is read on this machine
UNDER_WAY = 2  # batches for each CPU: one worked on, one on its way
ANSWERS_WITHIN = 5.0  # seconds; Ray itself waits for minutes for a head node that is not there
INSTALL = 'Run: pip install "claim-workbench[ray]". Or leave out --on: the files are then read on this machine.'


class Cluster:
    """The nodes, while the block lasts. address: of the head node; "" starts one on this machine for as long.

    Raises on entering: WorkbenchError `missing_extra`, `cluster_down`.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        self._quiet = redirect_stdout(sys.stderr)  # Ray prints what happened to nodes, and a command may print JSON

    def __enter__(self) -> Self:
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing leaves the machine unasked
        try:
            import ray
        except ImportError as error:
            raise WorkbenchError("Ray is not installed.", hint=INSTALL, code="missing_extra") from error
        self._ray: Any = ray
        self._quiet.__enter__()
        place = {"address": self._address} if self._address else {"include_dashboard": False}
        try:
            if self._address:
                _knock(self._address)
            ray.init(**place, log_to_driver=False, logging_level=logging.ERROR)
        except (ConnectionError, RuntimeError, ValueError, OSError) as error:
            self._quiet.__exit__(None, None, None)
            message = f"No Ray cluster answers at {self._address or 'this machine'}: {' '.join(str(error).split())[:200]}"
            hint = "See whether the head node runs (ray status) and give its address: --on ray=HOST:6379"
            raise WorkbenchError(message, hint=hint, code="cluster_down") from error
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._ray.shutdown()
        self._quiet.__exit__(kind, error, trace)

    def each(self, batches: Iterable[Sequence[Sent]], wanted: Wanted, *, fingerprint: str) -> Iterator[tuple[int, Made | None]]:
        """(how many files, what came of them) for each batch as it is done; None where every node that had it was lost.

        Raises: ModelError where a node has no such model; WorkbenchError `other_node` where one has another version or model.
        """
        task = self._ray.remote(max_retries=TRIES, num_cpus=1)(work)
        most = UNDER_WAY * max(1, int(self._ray.cluster_resources().get("CPU", 1)))
        left = iter(batches)
        under_way = {task.remote(batch, wanted): len(batch) for batch in islice(left, most)}
        while under_way:
            done, _ = self._ray.wait(list(under_way), num_returns=1)
            count = under_way.pop(done[0])
            yield count, self._made(done[0], fingerprint)
            under_way |= {task.remote(batch, wanted): len(batch) for batch in islice(left, 1)}

    def _made(self, reference: Any, fingerprint: str) -> Made | None:
        from ray.exceptions import RayError, RayTaskError

        try:
            made: Made = self._ray.get(reference)
        except RayTaskError as error:
            if isinstance(error.cause, ModelError):
                raise error.cause from error
            log.tell_error("batch failed", error.cause)
            return None
        except RayError as error:  # the node was lost, and so were those that tried again
            log.tell_error("batch lost", error)
            return None
        if (made.version, made.fingerprint) != (VERSION, fingerprint):
            said = f"A node works with version {made.version} and the model {made.fingerprint}"
            hint = 'Install one version and model on all nodes; where their processors differ, set [search] runtime = "torch".'
            raise WorkbenchError(f"{said}; here it is {VERSION} and {fingerprint}.", hint=hint, code="other_node")
        return made


def _knock(address: str) -> None:
    """See that something listens at HOST:PORT. Raises: OSError, ValueError."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    socket.create_connection((host, int(port)), ANSWERS_WITHIN).close()
