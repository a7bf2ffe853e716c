"""The ledger keeps what it was given, in order, unalterably; and says clearly when it cannot."""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, get_origin

import pytest
import sqlalchemy as sa

from tests.conftest import ANA, BO, NOON, make_claim
from workbench import models
from workbench.errors import Conflict, LedgerDamaged, LedgerError, TokenReused
from workbench.ledger import Ledger, sealing, sqlite
from workbench.ledger.file import LedgerFile
from workbench.ledger.migrations import HEAD
from workbench.ledger.records import TABLES
from workbench.models import (
    Citation,
    Claim,
    Draft,
    Event,
    Filters,
    NewEvent,
    PartialDate,
    RatingSnapshot,
    ReportsOn,
    Reviewer,
    SearchReceipt,
    ShownHit,
    SourceMeta,
    Verdict,
    sha256_hex,
)

ZERO = "0" * 64
ROOT = Path(__file__).parent.parent


def url_of(folder: Path) -> str:
    return f"sqlite:///{folder}/ledger.sqlite"


@pytest.fixture
def ledger(address: str) -> Iterator[Ledger]:
    opened = Ledger.open(address)
    yield opened
    opened.close()


@pytest.fixture
def in_a_file(tmp_path: Path) -> Iterator[LedgerFile]:
    """What holds of a ledger file only."""
    opened = LedgerFile.open(tmp_path / "ledger.sqlite", busy_seconds=10)
    yield opened
    opened.close()


def event(subject_id: str = "a-claim", payload: dict[str, Any] | None = None, **fields: Any) -> NewEvent:
    wanted = {"subject_kind": "claim", "subject_id": subject_id, "kind": "claim-added", "actor": ANA, "created_at": NOON}
    return NewEvent(**wanted | {"payload": payload or {}} | fields)


def by_hand(ledger: Ledger, *statements: str) -> None:
    """What somebody with the database and a program for it can do."""

    def work(connection: sa.Connection) -> None:
        for statement in statements:
            connection.exec_driver_sql(statement)

    ledger.database.write(work)


def is_file(ledger: Ledger) -> bool:
    return isinstance(ledger.database, LedgerFile)


def sealed_values(ledger: Ledger) -> dict[str, str]:
    with ledger.database.reading() as connection:
        return {row.pointer: row.value for row in connection.exec_driver_sql("SELECT pointer, value FROM event_values")}


ERASE = "UPDATE event_values SET value = NULL, salt = NULL"

# --- storing and giving back -------------------------------------------------------------------------------------------


def test_an_event_is_given_back_as_it_was_saved(ledger: Ledger) -> None:
    wanted = event(payload={"claim": make_claim(quote="marred by fraud").model_dump(mode="json")}, token="t1", revision=1)

    stored = ledger.append(wanted)

    assert stored.model_dump(include=set(NewEvent.model_fields)) == wanted.model_dump()
    assert ledger.events("claim", "a-claim") == [stored]


def test_events_are_numbered_and_linked_in_the_ledger_and_in_their_subject(ledger: Ledger) -> None:
    first, other, second = (ledger.append(event(subject)) for subject in ("one", "two", "one"))

    assert [(e.seq, e.subject_revision) for e in (first, other, second)] == [(1, 1), (2, 1), (3, 2)]
    assert [e.prev_hash for e in (first, other, second)] == [ZERO, first.hash, other.hash]
    assert [e.subject_prev for e in (first, other, second)] == [ZERO, ZERO, first.hash]


def test_the_hash_is_that_of_the_canonical_json_of_the_sealed_record(ledger: Ledger) -> None:
    stored = ledger.append(event("a-claim", {"revision": 2, "hash": "ab" * 32}, actor=ANA, token="t", revision=7))
    with ledger.database.reading() as connection:
        actor = connection.exec_driver_sql("SELECT actor FROM events").scalar_one()

    covered = (
        f'{{"actor":{actor},"created_at":"2026-05-01T12:00:00.000000+00:00","kind":"claim-added",'
        f'"payload":{{"hash":"{"ab" * 32}","revision":2}},"prev_hash":"{ZERO}","revision":7,"seq":1,'
        f'"subject_id":"a-claim","subject_kind":"claim","subject_prev":"{ZERO}","subject_revision":1,"token":"t"}}'
    )

    assert stored.hash == sha256_hex(covered)


def test_times_are_kept_in_utc_to_the_microsecond(ledger: Ledger) -> None:
    local = datetime(2026, 5, 1, 14, 30, 0, 123456, tzinfo=timezone(timedelta(hours=2)))

    assert ledger.append(event(created_at=local)).created_at.isoformat() == "2026-05-01T12:30:00.123456+00:00"


def test_an_empty_ledger_has_a_head_of_zeros(ledger: Ledger) -> None:
    assert (ledger.head(), ledger.verify(), list(ledger.since())) == ((0, ZERO), [], [])


def test_bulk_intake_is_all_or_nothing(ledger: Ledger) -> None:
    ledger.append_all([event("one"), event("two"), event("one")])

    with pytest.raises(TokenReused):
        ledger.append_all([event("three", token="t"), event("four", token="t")])

    assert [(e.subject_id, e.subject_revision) for e in ledger.since()] == [("one", 1), ("two", 1), ("one", 2)]
    assert ledger.append_all([]) == []


def test_the_latest_event_of_some_kinds_is_found_for_each_subject(ledger: Ledger) -> None:
    ledger.append_all([event("one"), event("two"), event("one", kind="claim-changed"), event("one", kind="hit-marked")])

    latest = ledger.latest("claim", {"claim-added", "claim-changed"})

    assert {subject: found.seq for subject, found in latest.items()} == {"one": 3, "two": 2}


def test_events_are_read_on_from_a_seq_over_page_borders_while_others_save(ledger: Ledger) -> None:
    ledger.append_all([event(f"claim-{n}") for n in range(1001)])
    reader = ledger.since(498)
    first = next(reader)

    ledger.append(event("late"))

    assert (first.seq, [e.seq for e in reader]) == (499, list(range(500, 1003)))
    assert next(ledger.since(subject_kind="source"), None) is None


def test_an_event_is_found_by_its_token(ledger: Ledger) -> None:
    stored = ledger.append(event(token="t1"))

    assert (ledger.by_token("t1"), ledger.by_token("t2")) == (stored, None)


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param({"score": float("nan")}, id="not a number"),
        pytest.param({"when": NOON}, id="a date"),
        pytest.param({"text": "half a character \ud800"}, id="a lone surrogate"),
        pytest.param({"text": "a\x00b"}, id="NUL"),
        pytest.param({"a\x00b": "text"}, id="NUL in a key"),
    ],
)
def test_what_cannot_be_stored_exactly_is_refused(ledger: Ledger, payload: dict[str, Any]) -> None:
    with pytest.raises(LedgerError) as refusal:
        ledger.append(event(payload=payload))

    assert (refusal.value.code, ledger.head()[0]) == ("not_json", 0)


# --- rules -------------------------------------------------------------------------------------------------------------


def test_the_check_sees_the_events_of_the_subject_and_may_complete_the_event(ledger: Ledger) -> None:
    ledger.append_all([event("one"), event("two"), event("one")])

    def numbered(wanted: NewEvent, events: Sequence[Event]) -> NewEvent:
        return wanted.model_copy(update={"revision": len(events) + 1})

    assert ledger.append(event("one"), numbered).revision == 3


def test_a_check_that_answers_with_a_stored_event_writes_nothing(ledger: Ledger) -> None:
    stored = ledger.append(event(token="t"))

    assert ledger.append(event(token="t"), lambda wanted, events: events[0]) == stored
    assert ledger.head()[0] == 1


def test_a_check_that_refuses_writes_nothing(ledger: Ledger) -> None:
    def refuse(wanted: NewEvent, events: Sequence[Event]) -> NewEvent:
        raise Conflict("somebody was faster")

    with pytest.raises(Conflict, match="somebody was faster"):
        ledger.append(event(), refuse)

    assert ledger.head()[0] == 0


def test_a_token_of_another_subject_is_refused_before_the_check(ledger: Ledger) -> None:
    ledger.append(event("one", token="t"))

    with pytest.raises(TokenReused, match="claim 'one'"):
        ledger.append(event("two", token="t"), lambda wanted, events: pytest.fail("the check was asked"))


def test_a_token_is_unique_where_no_check_looks_for_it(ledger: Ledger) -> None:
    ledger.append(event(token="t"))

    with pytest.raises(TokenReused):
        ledger.append(event(token="t"))


def test_a_revision_is_unique_within_claim_and_reviewer(ledger: Ledger) -> None:
    ledger.append_all([event("one", revision=1), event("one", revision=1, actor=BO), event("two", revision=1)])

    with pytest.raises(Conflict):
        ledger.append(event("one", revision=1, actor=Reviewer(subject="Ana", display_name="Ana of another name")))

    assert ledger.head()[0] == 3


CHANGES = [
    "UPDATE events SET kind = 'other'",
    "DELETE FROM events",
    "DELETE FROM event_values",
    "UPDATE event_values SET value = 'Somebody else'",
    "UPDATE event_values SET value = NULL",
    "UPDATE event_values SET pointer = '/x', value = NULL, salt = NULL",
]
CHANGES_IN_A_FILE = ["INSERT OR REPLACE INTO events SELECT * FROM events WHERE seq = 1"]
CHANGES_ON_A_SERVER = [
    "INSERT INTO events SELECT * FROM events WHERE seq = 1 ON CONFLICT (seq) DO UPDATE SET kind = 'other'",
    "TRUNCATE events CASCADE",
    "TRUNCATE event_values",
]


def test_the_database_itself_refuses_to_change_a_record(ledger: Ledger) -> None:
    ledger.append(event(payload={"reason": "words"}))

    for statement in (*CHANGES, *(CHANGES_IN_A_FILE if is_file(ledger) else CHANGES_ON_A_SERVER)):
        with pytest.raises(LedgerError, match=r"append-only|never (deleted|changed)"):
            by_hand(ledger, statement)

    assert ledger.verify() == []


# --- sealing and erasing -----------------------------------------------------------------------------------------------


def test_names_paths_and_free_text_never_stand_in_the_event_itself(ledger: Ledger) -> None:
    claim = make_claim(claimant={"name": "Min Aung Hlaing"}, custom={"Ko Ko": "a witness"}, topics=["Yangon"], language="en")
    ledger.append(event(payload={"claim": claim.model_dump(mode="json"), "file": "claims/Ko Ko.yaml"}))
    with ledger.database.reading() as connection:
        row = " ".join(str(value) for value in connection.exec_driver_sql("SELECT * FROM events").one())

    assert not [words for words in ("Ana", "Min Aung", "Ko Ko", "witness", "Yangon", "fraud") if words in row]
    assert sealed_values(ledger)["/payload/claim/custom"] == '{"Ko Ko":"a witness"}'


def test_a_word_in_an_id_field_that_does_not_look_like_one_is_sealed(ledger: Ledger) -> None:
    ledger.append(event(payload={"before": "said Ko Ko, a", "id": "Ko Ko", "sha256": "/home/koko", "after": "2021-02-01"}))

    assert {"/payload/before", "/payload/id", "/payload/sha256"} == {p for p in sealed_values(ledger) if "/payload" in p}


def test_erased_words_read_as_erased_and_the_rest_stays(ledger: Ledger) -> None:
    ledger.append(event(payload={"reason": "Ko Ko said so", "revision": 1, "custom": {"Ko Ko": "a witness"}}))

    by_hand(ledger, ERASE)

    found = ledger.events("claim", "a-claim")[0]
    assert found.payload == {"reason": "[erased]", "revision": 1, "custom": {}}
    assert (found.actor.subject, found.actor.display_name) == ("[erased]", "[erased]")
    assert ledger.verify() == []


def test_an_erased_reviewer_still_cannot_save_a_revision_twice(ledger: Ledger) -> None:
    ledger.append(event(revision=1))
    by_hand(ledger, ERASE)

    with pytest.raises(Conflict):
        ledger.append(event(revision=1))


def whole_verdict() -> Verdict:
    digest = "ab" * 32
    about = ReportsOn(body="UN", article="A report", date=PartialDate(value="2021-06"))
    citation = Citation(
        source_id=digest, text_sha256=digest, start=3, end=9, quote="words", before="2021", after="said", stance="refutes",
        translation="t", origin="o", note="n", path="p.txt", title="t", publisher="P", published_on=PartialDate(value="2021"),
        url="https://example.org/a", kind="digest", reports_on=about, page="3",
    )  # fmt: skip
    receipt = SearchReceipt(
        queries=("fraud",), mode="lexical", asked_mode="hybrid", filters=Filters(after=NOON.date(), kinds=("digest",)), k=10,
        model_fingerprint=digest, generation="gen-1", corpus_digest=digest, waiting=("a b.txt",),
        languages_unchecked={"my": 2}, shown=(ShownHit(passage_id="ab-1-2", rank=1, score=0.5),), created_at=NOON,
    )  # fmt: skip
    rating = RatingSnapshot(scale="averitec-4", slug="refuted", label="Refuted", definition="d", order=1, worst=1, best=2)
    return Verdict(
        claim_id="a-claim", claim_hash=digest, rating=rating, ground="not-yet-known", confidence=0.9, rationale="r",
        explanation="e", headline="h", citations=(citation,), receipt=receipt, policy_hash=digest, reviewer=ANA,
        revision=1, based_on=0, token="t", created_at=NOON, software="workbench 1", model="m",
    )  # fmt: skip


def test_a_verdict_whose_words_were_all_erased_is_still_a_verdict(ledger: Ledger) -> None:
    claim = make_claim(due="2026-06-01", claimed_on="not before 2021-02", custom={"desk": "asia"}, appearances=[{"via": "VOA"}])
    meta = SourceMeta(title="t", kind="wire", access="internal", retrieved_at=NOON, language="my")
    nouns = {"verdict": whole_verdict(), "claim": claim, "meta": meta}
    ledger.append(event(payload={name: noun.model_dump(mode="json") for name, noun in nouns.items()}))

    by_hand(ledger, ERASE)

    payload = ledger.events("claim", "a-claim")[0].payload
    verdict = Verdict.model_validate(payload["verdict"])
    assert (verdict.rating.slug, verdict.citations[0].stance, verdict.rationale) == ("refuted", "refutes", "[erased]")
    assert Claim.model_validate(payload["claim"]).claimed_on == PartialDate(value="2021-02", bound="not-before")
    assert SourceMeta.model_validate(payload["meta"]).access == "internal"


def only_takes_some_words(schema: Any) -> bool:
    """Whether a JSON schema has an enum, a pattern or a date in it: an erased value would not pass."""
    if isinstance(schema, list):
        return any(only_takes_some_words(part) for part in schema)
    if not isinstance(schema, dict):
        return False
    deeper = [schema[key] for key in ("anyOf", "items") if key in schema]
    return bool({"enum", "const", "pattern", "format"} & schema.keys()) or only_takes_some_words(deeper)


def test_every_field_that_takes_only_some_words_stays_in_the_clear() -> None:
    nouns = [noun for noun in vars(models).values() if isinstance(noun, type) and issubclass(noun, models.Record)]
    fields = [(name, schema) for noun in nouns for name, schema in noun.model_json_schema().get("properties", {}).items()]

    sealed = {name for name, schema in fields if only_takes_some_words(schema)} - sealing.CLEAR_KEYS - sealing.DATE_KEYS

    # of findings of the lens, a hit, a precedent, a quotation checked, a note, a description and a draft, which no event stores
    assert sealed == {"relation", "stands", "how", "terms", "judged", "likeness", "where", "manner", "field"}


def test_every_dict_with_keys_of_its_own_is_sealed_whole() -> None:
    nouns = [noun for noun in vars(models).values() if isinstance(noun, type) and issubclass(noun, models.Record)]

    free = {name for noun in nouns for name, field in noun.model_fields.items() if get_origin(field.annotation) is dict}

    assert free - {"payload"} == sealing.FREE_KEYS
    assert not {sealing.TEXT, sealing.DICT} & sealing.FIELD_NAMES


# --- verify ------------------------------------------------------------------------------------------------------------

LOCKS = (
    ("events", ("events_no_update", "events_no_delete", "events_in_order")),
    ("event_values", ("event_values_no_delete", "event_values_only_erased")),
)


def unlocked(ledger: Ledger) -> list[str]:
    on = "" if is_file(ledger) else " ON {table}"
    return [f"DROP TRIGGER {one}{on.format(table=table)}" for table, triggers in LOCKS for one in triggers]


@pytest.mark.parametrize(
    ("tampering", "sentence"),
    [
        (["UPDATE events SET kind = 'claim-retired' WHERE seq = 2"], "Record 2 was changed"),
        (["UPDATE events SET payload = 'x' WHERE seq = 2"], "Record 2 cannot be read"),
        (["DELETE FROM event_values WHERE seq = 2", "DELETE FROM events WHERE seq = 2"], "Record 2 is missing"),
        (["UPDATE events SET prev_hash = hash WHERE seq = 3"], "Record 3 does not follow from the record before it"),
        (
            ["UPDATE events SET subject_prev = hash WHERE seq = 3"],
            "Record 3 does not follow from the one before it of claim one",
        ),
        (["UPDATE events SET actor_key = 'x' WHERE seq = 2"], "Record 2 is filed under another person"),
        (["UPDATE event_values SET value = 'Bo' WHERE seq = 2 AND pointer = '/actor/subject'"], "Record 2 was changed"),
        (["DELETE FROM event_values WHERE seq = 2"], "Record 2 cannot be read"),
        (["INSERT INTO event_values VALUES (2, '/x', NULL, NULL)"], "Record 2 has sealed words"),
    ],
)
def test_verify_names_the_record_that_was_tampered_with(ledger: Ledger, tampering: list[str], sentence: str) -> None:
    ledger.append_all([event("one"), event("two"), event("one"), event("two")])

    by_hand(ledger, *unlocked(ledger), *tampering)

    assert [found for found in ledger.verify() if found.startswith(sentence)]


def test_verify_says_so_when_the_file_is_broken(in_a_file: LedgerFile) -> None:
    ledger = Ledger(in_a_file)
    ledger.append_all([event(f"claim-{n}", {"reason": "words " * 50}) for n in range(200)])
    data = bytearray(in_a_file.path.read_bytes())
    data[4096 * 5 : 4096 * 40] = b"\xff" * (4096 * 35)
    in_a_file.path.write_bytes(data)

    assert "is not a sound ledger" in " ".join(ledger.verify())


# --- drafts ------------------------------------------------------------------------------------------------------------


def draft(**fields: Any) -> Draft:
    return Draft(**{"claim_id": "a-claim", "reviewer": ANA, "token": "t", "updated_at": NOON} | fields)


def test_a_draft_is_kept_for_its_claim_and_reviewer(ledger: Ledger) -> None:
    mine, theirs = draft(rationale="first thoughts"), draft(reviewer=BO)

    ledger.save_draft(mine.model_copy(update={"rationale": "before"}))
    ledger.save_draft(mine)
    ledger.save_draft(theirs)

    assert (ledger.draft("a-claim", ANA), ledger.draft("a-claim", BO), ledger.draft("other", ANA)) == (mine, theirs, None)
    assert len(ledger.drafts()) == 2


def test_saving_the_verdict_ends_the_draft_of_that_reviewer_only(ledger: Ledger) -> None:
    ledger.save_draft(draft())
    ledger.save_draft(draft(reviewer=BO))

    ledger.append(event(kind="verdict-recorded", token="t"))

    assert [kept.reviewer for kept in ledger.drafts()] == [BO]


def test_a_draft_that_arrives_after_its_verdict_is_not_kept(ledger: Ledger) -> None:
    ledger.append(event(kind="verdict-recorded", token="t"))

    ledger.save_draft(draft())
    assert ledger.drafts() == []

    ledger.save_draft(draft(token="the next one"))
    assert len(ledger.drafts()) == 1


# --- opening -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("folder", ["with space", "100%name", "what?", "a#b", "ဗမာ"])
def test_a_ledger_is_made_and_found_again_in_any_folder(tmp_path: Path, folder: str) -> None:
    made = Ledger.open(url_of(tmp_path / folder))
    made.append(event())

    found = Ledger.open(url_of(tmp_path / folder))

    assert (found.workspace_id, found.head()) == (made.workspace_id, made.head())
    assert [path.name for path in (tmp_path / folder).iterdir()] == ["ledger.sqlite"]


def a_text_file(path: Path) -> None:
    path.write_text("<html>not a database</html>" * 100)


def an_empty_file(path: Path) -> None:
    path.touch()


def another_database(path: Path) -> None:
    with sqlite.open_engine(path, busy_seconds=1, mode="rwc").begin() as connection:
        connection.exec_driver_sql("CREATE TABLE events (seq)")


def a_newer_ledger(path: Path) -> None:
    by_hand(Ledger.open(f"sqlite:///{path}"), "UPDATE alembic_version SET version_num = '9999'")


def a_ledger_without_a_schema(path: Path) -> None:
    by_hand(Ledger.open(f"sqlite:///{path}"), "DROP TABLE alembic_version")


def a_ledger_without_its_key(path: Path) -> None:
    by_hand(Ledger.open(f"sqlite:///{path}"), "DELETE FROM meta")


@pytest.mark.parametrize(
    "something",
    [a_text_file, an_empty_file, another_database, a_newer_ledger, a_ledger_without_a_schema, a_ledger_without_its_key],
)
def test_what_is_not_our_ledger_is_refused_with_a_way_out_and_never_touched(tmp_path: Path, something: Any) -> None:
    path = tmp_path / "ledger.sqlite"
    something(path)
    before = path.read_bytes()

    with pytest.raises(LedgerDamaged, match=re.escape(str(path))) as refusal:
        Ledger.open(f"sqlite:///{path}")

    assert refusal.value.hint.startswith("Nothing was changed.")
    assert path.read_bytes() == before
    assert [found.name for found in tmp_path.iterdir()] == ["ledger.sqlite"]


def test_a_folder_in_place_of_the_ledger_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ledger.sqlite").mkdir()

    with pytest.raises(LedgerDamaged, match="is not a file"):
        Ledger.open(url_of(tmp_path))


def test_a_ledger_that_vanished_and_left_its_journal_is_not_begun_anew(tmp_path: Path) -> None:
    (tmp_path / "ledger.sqlite-wal").write_bytes(b"committed, perhaps")

    with pytest.raises(LedgerDamaged, match=r"ledger\.sqlite-wal is still there"):
        Ledger.open(url_of(tmp_path))

    assert not (tmp_path / "ledger.sqlite").exists()


def test_a_ledger_that_is_deleted_while_open_is_reported_and_not_recreated(in_a_file: LedgerFile) -> None:
    in_a_file.path.unlink()

    with pytest.raises(LedgerError) as refusal:
        Ledger(in_a_file).append(event())

    assert (refusal.value.code, in_a_file.path.exists()) == ("ledger_unwritable", False)


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "ledger.sqlite", "mysql://u:pw@host/x"])
def test_an_address_of_no_ledger_is_refused(url: str) -> None:
    with pytest.raises(LedgerError, match="is not the address of a ledger"):
        Ledger.open(url)


def test_a_place_that_cannot_be_written_is_named() -> None:
    with pytest.raises(LedgerError, match="cannot be made") as refusal:
        Ledger.open("sqlite:////proc/nowhere/ledger.sqlite")

    assert refusal.value.code == "ledger_unwritable"


def test_a_save_into_a_read_only_ledger_is_refused_and_reading_goes_on() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ledger = Ledger.open(url_of(folder))
        ledger.append(event())
        (folder / "ledger.sqlite").chmod(0o444)
        folder.chmod(0o555)
        root = os.geteuid() == 0
        try:
            if root:
                os.seteuid(65534)  # permissions do not bind root
            with pytest.raises(LedgerError) as refusal:
                ledger.append(event())
            assert (refusal.value.code, ledger.head()[0], ledger.verify()) == ("ledger_unwritable", 1, [])
        finally:
            if root:
                os.seteuid(0)
            folder.chmod(0o755)


SAVE_UNTIL_FULL = """
import resource, sys
from tests.test_ledger import event, Ledger, LedgerError
ledger = Ledger.open(sys.argv[1])
size = ledger.database.path.stat().st_size
resource.setrlimit(resource.RLIMIT_FSIZE, (size + 20_000, size + 20_000))
for number in range(100):
    try:
        print(ledger.append(event(payload={"reason": "words " * 200})).hash)
    except LedgerError as error:
        print(error.code)
        break
"""


@pytest.mark.process
@pytest.mark.skipif(not hasattr(resource, "RLIMIT_FSIZE"), reason="this system cannot limit the size of a file")
def test_a_full_disk_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    command = [sys.executable, "-c", SAVE_UNTIL_FULL, url_of(tmp_path)]

    *acked, code = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()

    ledger = Ledger.open(url_of(tmp_path))
    assert code in {"ledger_io", "disk_full"}
    assert [found.hash for found in ledger.since()] == acked
    assert (ledger.verify(), ledger.append(event()).seq) == ([], len(acked) + 1)


# --- schema and settings -----------------------------------------------------------------------------------------------


def test_the_migrations_make_the_tables_that_are_used_and_end_at_head(ledger: Ledger) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    ours = {"include_name": lambda name, kind, parents: kind != "table" or name in TABLES.tables}
    with ledger.database.reading() as connection:
        context = MigrationContext.configure(connection, opts=ours)

        assert (compare_metadata(context, TABLES), context.get_current_revision()) == ([], HEAD)


def test_every_commit_is_synced_and_every_reference_checked(in_a_file: LedgerFile) -> None:
    with in_a_file.reading() as connection:
        names = ("synchronous", "foreign_keys", "busy_timeout", "application_id")
        found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in names}

    assert found == {"synchronous": 3, "foreign_keys": 1, "busy_timeout": 10_000, "application_id": 0x77626C67}


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False), ((3, 44, 5), False), ((3, 44, 6), True), ((3, 45, 0), False), ((3, 50, 6), False),
        ((3, 50, 7), True), ((3, 51, 2), False), ((3, 51, 3), True), ((3, 52, 0), False), ((3, 53, 0), True), ((4, 0, 0), True),
    ],
)  # fmt: skip
def test_the_write_ahead_log_is_used_only_where_sqlite_is_fixed(version: tuple[int, int, int], safe: bool) -> None:
    assert sqlite.may_use_wal(version) is safe


def test_the_journal_mode_is_the_one_this_sqlite_allows(in_a_file: LedgerFile) -> None:
    dbapi: Any = sa.create_engine("sqlite://").dialect.dbapi

    assert in_a_file.journal_mode == ("wal" if sqlite.may_use_wal(dbapi.sqlite_version_info) else "delete")


@pytest.mark.process
def test_opening_a_current_ledger_loads_no_alembic_no_driver_and_no_interface(in_a_file: LedgerFile) -> None:
    code = f"""
import sys
from workbench.ledger import Ledger
Ledger.open({url_of(in_a_file.path.parent)!r})
names = ("alembic", "sqlalchemy.orm", "sqlalchemy.dialects.postgresql", "psycopg", "streamlit", "torch")
print([name for name in names if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"
