"""A process of its own that takes evidence in until it is done or killed: `python -m tests.intake_child HOME LOG`.

Every text it encodes is a line of LOG, written before the vectors are kept.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tests.conftest import FakeEncoder
from workbench.desk import Desk

SECONDS_PER_TEXT = 0.002  # as a model would take its time: the kill shall fall while something is being encoded


class Logging(FakeEncoder):
    """Writes down what it encodes."""

    def __init__(self, log: str) -> None:
        self._log = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def encode(self, texts: Sequence[str], *, query: bool = False) -> NDArray[np.float32]:
        os.write(self._log, "".join(f"{text}\n" for text in texts).encode())
        time.sleep(SECONDS_PER_TEXT * len(texts))
        return super().encode(texts, query=query)


if __name__ == "__main__":
    with Desk.open(sys.argv[1], encoder=lambda: Logging(sys.argv[2])) as desk:
        os.write(1, b"READY\n")
        report = desk.sync_evidence()
        done, failed, unchanged = (len(lines) for lines in (report.added, report.failed, report.unchanged))
        os.write(1, f"{done} {failed} {unchanged}\n".encode())
