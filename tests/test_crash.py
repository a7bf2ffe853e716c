"""What was acknowledged is there, once, whatever is killed or raised, and however many save at the same time."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import ANA, NOON
from tests.crash_child import next_revision, verdict_like
from workbench.ledger import Ledger, sealing, sqlite
from workbench.models import Draft, Event, NewEvent, canonical_json

CHILD = Path(__file__).with_name("crash_child.py")
ROOT = CHILD.parent.parent
SEED = 20261121
KILLS_WHILE_SAVING = 50
KILLS_WHILE_MAKING = 20


class Nursery:
    """Starts savers that are ready in milliseconds, and kills them."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.crash_child", "nursery"]
        self._process = subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def save_until_killed(self, url: str, seed: str, *, after: float) -> dict[str, str]:
        """The hash of each token that was acknowledged before the kill."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{url} {seed}\n")
        self._process.stdin.flush()
        _, pid = self._line()
        time.sleep(after)  # not a wait for something to happen: the moment of the kill is what is tested
        os.kill(int(pid), signal.SIGKILL)
        acked: dict[str, str] = {}
        while (line := self._line())[0] != "GONE":
            acked[line[1]] = line[2]
        return acked

    def _line(self) -> list[str]:
        assert self._process.stdout is not None
        return self._process.stdout.readline().split()

    def close(self) -> None:
        self._process.communicate()


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    started = Nursery()
    yield started
    started.close()


def stored_hashes(ledger: Ledger) -> dict[str | None, str]:
    found = [(event.token, event.hash) for event in ledger.since()]
    assert len(dict(found)) == len(found), "a token was stored twice"
    return dict(found)


@pytest.mark.process
def test_a_kill_while_saving_loses_no_acknowledged_verdict(tmp_path: Path, nursery: Nursery) -> None:
    url = f"sqlite:///{tmp_path}/ledger.sqlite"
    moments = random.Random(SEED)
    acked: dict[str, str] = {}

    for kill in range(KILLS_WHILE_SAVING):
        acked |= nursery.save_until_killed(url, f"run{kill}", after=moments.uniform(0.005, 0.25))

    ledger = Ledger.open(url)
    found = stored_hashes(ledger)
    assert len(acked) > KILLS_WHILE_SAVING, "the savers were killed before they saved: nothing was tested"
    assert {token: found.get(token) for token in acked} == acked
    assert len(found) - len(acked) <= KILLS_WHILE_SAVING  # at most one per kill: committed, killed before it could say so
    assert ledger.verify() == []


@pytest.mark.process
def test_a_kill_while_the_ledger_is_made_leaves_one_that_opens(tmp_path: Path, nursery: Nursery) -> None:
    moments = random.Random(SEED)

    for kill in range(KILLS_WHILE_MAKING):
        url = f"sqlite:///{tmp_path}/{kill}/records/ledger.sqlite"
        acked = nursery.save_until_killed(url, "first", after=moments.uniform(0, 0.12))
        acked |= nursery.save_until_killed(url, "second", after=moments.uniform(0, 0.12))
        ledger = Ledger.open(url)
        assert acked.items() <= stored_hashes(ledger).items()
        assert ledger.verify() == []


@pytest.mark.process
def test_four_savers_at_once_never_overwrite_each_other(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/ledger.sqlite"
    command = [sys.executable, "-m", "tests.crash_child", "contend", url]

    savers = [
        subprocess.Popen([*command, f"saver{n}", "50"], cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for n in range(4)
    ]
    outputs = [saver.communicate() for saver in savers]
    lines = [line.split() for out, _ in outputs for line in out.splitlines()]

    ledger = Ledger.open(url)
    assert [errors for _, errors in outputs] == [""] * 4
    assert len(lines) == 200
    assert {token: digest for word, token, digest in lines if word == "ACK"} == stored_hashes(ledger)
    assert [event.revision for event in ledger.since()] == list(range(1, ledger.head()[0] + 1))
    assert ledger.verify() == []


def test_threads_may_share_one_open_ledger(tmp_path: Path) -> None:
    ledger = Ledger.open(f"sqlite:///{tmp_path}/ledger.sqlite")

    with ThreadPoolExecutor(8) as threads:
        saved = list(
            threads.map(lambda n: ledger.append(verdict_like(f"claim-{n % 3}", "Ana", f"t{n}"), next_revision), range(80))
        )

    assert sorted(event.seq for event in saved) == list(range(1, 81))
    assert ledger.verify() == []


def test_a_hundred_replays_of_one_token_make_one_record(tmp_path: Path) -> None:
    ledger = Ledger.open(f"sqlite:///{tmp_path}/ledger.sqlite")

    def saved_before(event: NewEvent, events: Sequence[Event]) -> NewEvent | Event:
        return next((known for known in events if known.token == event.token), event)

    answers = [ledger.append(verdict_like("a-claim", "Ana", "one-token"), saved_before) for _ in range(100)]

    assert len({answer.hash for answer in answers}) == 1
    assert ledger.head()[0] == 1


class Interrupted(BaseException):
    """What a page's rerun looks like to the code it interrupts."""


def test_an_interruption_inside_the_check_leaves_no_record_and_no_lock(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/ledger.sqlite"
    ledger = Ledger.open(url, busy_seconds=0)
    ledger.save_draft(Draft(claim_id="a-claim", reviewer=ANA, token="t", updated_at=NOON))

    def interrupted(event: NewEvent, events: Sequence[Event]) -> NewEvent:
        raise Interrupted

    with pytest.raises(Interrupted):
        ledger.append(verdict_like("a-claim", "Ana", "t"), interrupted)

    assert (ledger.head()[0], len(ledger.drafts())) == (0, 1)
    assert Ledger.open(url, busy_seconds=0).append(verdict_like("a-claim", "Ana", "t"), next_revision).seq == 1


def test_a_held_lock_is_reported_as_busy_and_nothing_is_written(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/ledger.sqlite"
    ledger, other = Ledger.open(url, busy_seconds=0), Ledger.open(url, busy_seconds=0)
    codes: list[str] = []

    def while_locked(event: NewEvent, events: Sequence[Event]) -> NewEvent:
        with pytest.raises(Exception, match="in use by another program") as refusal:
            other.append(verdict_like("a-claim", "Bo", "bo"))
        codes.append(refusal.value.code)  # type: ignore[attr-defined]
        return event

    ledger.append(verdict_like("a-claim", "Ana", "ana"), while_locked)

    assert codes == ["ledger_busy"]
    assert [event.token for event in ledger.since()] == ["ana"]


# --- whatever is said, and whatever of it is erased ----------------------------------------------------------------------

ERASE = "UPDATE event_values SET value = NULL, salt = NULL"


def saying(payload: dict[str, Any]) -> NewEvent:
    return NewEvent(subject_kind="claim", subject_id="a-claim", kind="said", actor=ANA, created_at=NOON, payload=payload)


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)
KEYS = TEXTS | st.sampled_from(
    ["claim", "id", "token", "before", "value", "custom", "sealed", "sealed_object", "quote", "a/b~c"]
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS
FORGED = st.sampled_from([{"sealed": "0" * 64}, {"sealed_object": "0" * 64}, {"sealed": ""}, {"id": {"sealed": "0" * 64}}])
JSON = st.recursive(
    LEAVES | FORGED, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=12
)
PAYLOADS = st.dictionaries(KEYS, JSON, max_size=4)


@given(PAYLOADS)
def test_any_payload_comes_out_of_its_seals_as_it_went_in(payload: dict[str, Any]) -> None:
    record, words = sealing.sealed_record(saying(payload), {})
    values = {one.pointer: one.value for one in words}
    sealed = {"actor": record["actor"], "payload": record["payload"]}

    assert sealing.unseal(sealed, values) == {"actor": ANA.model_dump(), "payload": payload}
    assert dict(sealing.seals(sealed)).keys() == values.keys()


@pytest.fixture(scope="module")
def shared_ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    opened = Ledger.open(f"sqlite:///{tmp_path_factory.mktemp('ledger')}/ledger.sqlite")
    yield opened
    opened.close()


@settings(max_examples=30, deadline=None)
@given(payload=PAYLOADS, data=st.data())
def test_every_hash_verifies_after_any_words_were_erased(
    shared_ledger: Ledger, payload: dict[str, Any], data: st.DataObject
) -> None:
    stored = shared_ledger.append(saying(payload))
    assert canonical_json(stored.payload) == canonical_json(payload)

    engine = sqlite.open_engine(shared_ledger.path, busy_seconds=1)
    with engine.begin() as connection:
        found = connection.exec_driver_sql("SELECT pointer FROM event_values WHERE seq = ?", (stored.seq,)).scalars().all()
        for pointer in data.draw(st.sets(st.sampled_from(sorted(found)))):
            connection.exec_driver_sql(f"{ERASE} WHERE seq = ? AND pointer = ?", (stored.seq, pointer))

    assert shared_ledger.verify() == []
    assert shared_ledger.events("claim", "a-claim")[-1].hash == stored.hash
