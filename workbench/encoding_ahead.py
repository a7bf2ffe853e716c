"""Passages encoded in a thread of their own while more files are still being read.

What lives here: a short queue between who reads and who encodes, and one progress for both. What does not: reading
(intake.py), keeping vectors and building the index (catalog). What is encoded is kept chunk by chunk, so a kill loses one chunk
at most; what is not encoded here, whatever the reason, `Catalog.build` encodes.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable
from contextlib import suppress
from types import TracebackType

from workbench.catalog import Catalog
from workbench.encoders import Encoder
from workbench.models import Passage
from workbench.progress import Progress

AT_ONCE = 128  # texts per chunk: what one commit keeps and a kill can lose
WAITING = 8  # chunks in the queue; reading waits when it is full, so that memory stays flat
BEAT = 0.2  # seconds between two looks at the other thread while waiting for it


class EncodingAhead:
    """Use it as a context manager around the reading; leaving it waits until everything handed over is encoded.

    progress is only ever called from the thread that reads: pages may draw from no other. Raises on leaving: whatever the
    encoder raised; the files read meanwhile are taken in all the same.
    """

    def __init__(self, catalog: Catalog, encoder: Encoder, progress: Progress) -> None:
        self._catalog = catalog
        self._encoder = encoder
        self._progress = progress
        self._gathered: dict[str, str] = {}
        self._chunks: queue.Queue[dict[str, str] | None] = queue.Queue(WAITING)
        self._done = self._total = 0
        self._is_abandoned = False
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._encode, name="workbench-encoding", daemon=True)

    def put(self, passages: Iterable[Passage]) -> None:
        """Hand passages over. Waits while the encoder is far behind."""
        for passage in passages:
            self._gathered.setdefault(passage.text_hash, passage.text)
            if len(self._gathered) == AT_ONCE:
                self._hand_over()

    def _hand_over(self) -> None:
        chunk, self._gathered = self._gathered, {}
        self._total += len(chunk)
        is_waiting = True
        while is_waiting:
            with suppress(queue.Full):
                self._chunks.put(chunk, timeout=BEAT)
                is_waiting = False
            self._progress("Encoding", self._done, self._total)

    def _encode(self) -> None:
        while (chunk := self._chunks.get()) is not None:
            try:
                if self._failure is None and not self._is_abandoned:
                    self._catalog.encode(self._encoder, chunk)
            except BaseException as error:  # given to the thread that reads, when it has read
                self._failure = error
            self._done += len(chunk)

    def __enter__(self) -> EncodingAhead:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._is_abandoned = error is not None
        if self._gathered and not self._is_abandoned:
            self._hand_over()
        self._chunks.put(None)
        while self._thread.is_alive():
            self._thread.join(BEAT)
            if self._total and not self._is_abandoned:
                self._progress("Encoding", self._done, self._total)
        if self._failure is not None and not self._is_abandoned:
            raise self._failure
