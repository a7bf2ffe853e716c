"""What was acknowledged is there, once, whatever is raised, and however many threads save; tests/reliability kills."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import ANA, NOON
from tests.reliability.faults import Interrupted
from tests.verdicts_like import next_revision, verdict_like
from workbench.ledger import Ledger, sealing, sqlite
from workbench.models import Draft, Event, NewEvent, canonical_json


def test_threads_may_share_one_open_ledger(tmp_path: Path) -> None:
    ledger = Ledger.open(f"sqlite:///{tmp_path}/ledger.sqlite")

    with ThreadPoolExecutor(8) as threads:
        saved = list(
            threads.map(lambda n: ledger.append(verdict_like(f"claim-{n % 3}", "Ana", f"t{n}"), next_revision), range(80))
        )

    assert sorted(event.seq for event in saved) == list(range(1, 81))
    assert ledger.verify() == []


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
    record, words = sealing.sealed_record(saying(payload))
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

    engine = sqlite.open_engine(Path(shared_ledger.database.where), busy_seconds=1)
    with engine.begin() as connection:
        found = connection.exec_driver_sql("SELECT pointer FROM event_values WHERE seq = ?", (stored.seq,)).scalars().all()
        for pointer in data.draw(st.sets(st.sampled_from(sorted(found)))):
            connection.exec_driver_sql(f"{ERASE} WHERE seq = ? AND pointer = ?", (stored.seq, pointer))

    assert shared_ledger.verify() == []
    assert shared_ledger.events("claim", "a-claim")[-1].hash == stored.hash
