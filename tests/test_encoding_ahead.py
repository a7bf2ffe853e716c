from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.conftest import FakeEncoder
from workbench.catalog import Catalog
from workbench.encoding_ahead import AT_ONCE, WAITING, EncodingAhead
from workbench.errors import ModelError
from workbench.models import Passage, sha256_hex
from workbench.progress import no_progress


class Watched(FakeEncoder):
    """Remembers every text it was given, and where; fails or waits when told to."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.threads: set[str] = set()
        self.failure: Exception | None = None
        self.may_go_on = threading.Event()
        self.may_go_on.set()

    def encode(self, texts: Sequence[str], *, query: bool = False) -> NDArray[np.float32]:
        assert self.may_go_on.wait(30)
        self.threads.add(threading.current_thread().name)
        self.texts += texts
        if self.failure is not None:
            raise self.failure
        return super().encode(texts, query=query)


def passages(count: int) -> list[Passage]:
    source_id = "a" * 64
    return [
        Passage(
            passage_id=f"p-{number}",
            source_id=source_id,
            ordinal=number,
            start=0,
            end=9,
            text=f"Text {number}.",
            text_hash=sha256_hex(f"Text {number}."),
        )
        for number in range(count)
    ]


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return Catalog(tmp_path / ".workbench")


def test_every_text_is_encoded_once_whoever_hands_it_over_again(catalog: Catalog) -> None:
    encoder = Watched()

    for _ in range(2):
        with EncodingAhead(catalog, encoder, no_progress) as ahead:
            ahead.put(passages(AT_ONCE + 5))
            ahead.put(passages(10))

    assert sorted(encoder.texts) == sorted(one.text for one in passages(AT_ONCE + 5))


def test_encoding_goes_on_in_another_thread_and_progress_in_this_one(catalog: Catalog) -> None:
    encoder = Watched()
    seen: list[tuple[str, int, int, str]] = []

    def progress(what: str, done: int, total: int) -> None:
        seen.append((what, done, total, threading.current_thread().name))

    with EncodingAhead(catalog, encoder, progress) as ahead:
        ahead.put(passages(2 * AT_ONCE + 1))

    here = threading.current_thread().name
    assert here not in encoder.threads
    assert {name for *_, name in seen} == {here}
    assert seen[-1][:3] == ("Encoding", 2 * AT_ONCE + 1, 2 * AT_ONCE + 1)


def test_reading_waits_when_the_encoder_is_far_behind(catalog: Catalog) -> None:
    encoder = Watched()
    encoder.may_go_on.clear()
    most = (WAITING + 1) * AT_ONCE  # in the queue, and in the encoder's hands
    totals: list[int] = []

    def progress(what: str, done: int, total: int) -> None:
        totals.append(total)
        if total > most:  # one more chunk is offered than can be held: it waits for this
            encoder.may_go_on.set()

    with EncodingAhead(catalog, encoder, progress) as ahead:
        ahead.put(passages(most + 2 * AT_ONCE))

    assert most + AT_ONCE in totals
    assert len(encoder.texts) == most + 2 * AT_ONCE


def test_a_model_that_fails_is_said_when_the_reading_is_done(catalog: Catalog) -> None:
    encoder = Watched()
    encoder.failure = ModelError("no", hint="set another")
    read = []

    def read_all() -> None:
        with EncodingAhead(catalog, encoder, no_progress) as ahead:
            for passage in passages(4 * AT_ONCE):
                ahead.put([passage])
                read.append(passage)

    with pytest.raises(ModelError):
        read_all()

    assert len(read) == 4 * AT_ONCE
    assert len(encoder.texts) == AT_ONCE


def test_when_the_reading_is_interrupted_nothing_more_is_encoded(catalog: Catalog) -> None:
    encoder = Watched()

    def interrupted() -> None:
        with EncodingAhead(catalog, encoder, no_progress) as ahead:
            ahead.put(passages(5))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()

    assert encoder.texts == []
