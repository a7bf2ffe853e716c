"""A ledger moves between a file and a server with every hash, person and draft, or not at all; a workspace has either."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.conftest import ANA, NOON, FakeEncoder, make_claim
from tests.verdicts_like import next_revision, verdict_like
from workbench.backup import backup, restore
from workbench.care import verify
from workbench.cli.app import app
from workbench.desk import Desk
from workbench.desk.records import copy_records
from workbench.doctor import examine
from workbench.errors import LedgerDamaged, LedgerError
from workbench.ledger import Ledger, moving
from workbench.models import Cite, Draft, NewEvent, VerdictRequest


def filled(address: str) -> Ledger:
    """A ledger with verdicts, a person, a draft, erased words, and more events than are copied together."""
    ledger = Ledger.open(address)
    ledger.append(verdict_like("c", "Ana", "t1"), next_revision)
    ledger.append(verdict_like("c", "Aung ကိုကို", "t2"), next_revision)
    person = {"subject_kind": "person", "subject_id": "ab" * 32, "kind": "person-added", "actor": ANA, "created_at": NOON}
    ledger.append(NewEvent(**person, payload={"person": {"roles": ["reviewer"]}}))
    ledger.append_all([verdict_like(f"c{number}", "Ana", f"n{number}") for number in range(7)])
    ledger.erase(lambda event, words: event.seq == 2 and words.pointer.endswith("rationale"), lambda draft: draft, lambda _: [])
    ledger.save_draft(Draft(claim_id="c", reviewer=ANA, token="t3", updated_at=NOON, rationale="Half a thought"))
    return ledger


@pytest.fixture
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moving, "AT_ONCE", 4)


def test_a_ledger_moves_to_a_server_and_back_with_every_hash_word_person_and_draft(
    tmp_path: Path, on_server: str, few_at_once: None
) -> None:
    source = filled(f"sqlite:///{tmp_path}/ledger.sqlite")

    there = copy_records(str(tmp_path / "ledger.sqlite"), on_server)
    back = copy_records(on_server, str(tmp_path / "again.sqlite"))

    assert (there.events, there.head, there.drafts) == (back.events, back.head, back.drafts) == (*source.head(), 1)
    for address in (on_server, f"sqlite:///{tmp_path}/again.sqlite"):
        moved = Ledger.open(address)
        assert list(moved.since()) == list(source.since())
        assert (moved.drafts(), moved.verify(), moved.database.meta) == (source.drafts(), [], source.database.meta)
        assert moved.append(verdict_like("c", "Ana", "t3"), next_revision).revision == 2
        moved.close()


def test_a_ledger_is_never_copied_onto_another(tmp_path: Path, on_server: str) -> None:
    filled(on_server).close()
    other = filled(f"sqlite:///{tmp_path}/ledger.sqlite")

    for source, target in ((str(tmp_path / "ledger.sqlite"), on_server), (on_server, str(tmp_path / "ledger.sqlite"))):
        with pytest.raises(LedgerError) as refusal:
            copy_records(source, target)
        assert (refusal.value.code, "Nothing was changed" in refusal.value.hint) == ("ledger_there", True)

    assert other.head()[0] == 10


def test_a_ledger_that_is_not_whole_is_not_copied_and_nothing_is_made(tmp_path: Path, on_server: str) -> None:
    ledger = filled(f"sqlite:///{tmp_path}/ledger.sqlite")
    ledger.database.write(lambda connection: connection.exec_driver_sql("DROP TRIGGER events_no_update"))
    ledger.database.write(lambda connection: connection.exec_driver_sql("UPDATE events SET kind = 'other' WHERE seq = 2"))

    with pytest.raises(LedgerDamaged, match="Record 2 was changed"):
        copy_records(str(tmp_path / "ledger.sqlite"), on_server)

    with pytest.raises(LedgerError, match="There is no ledger at"):
        Ledger.open(on_server, begin=False)


@pytest.mark.parametrize("there", ["a file", "a server"])
def test_a_copy_that_is_broken_off_leaves_nothing_behind(
    tmp_path: Path, on_server: str, there: str, few_at_once: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(f"sqlite:///{tmp_path}/ledger.sqlite").close()
    target = on_server if there == "a server" else str(tmp_path / "copy.sqlite")
    monkeypatch.setattr(moving, "_refuse_unless_same", lambda source, target: (_ for _ in ()).throw(KeyboardInterrupt))

    with pytest.raises(KeyboardInterrupt):
        copy_records(str(tmp_path / "ledger.sqlite"), target)
    monkeypatch.undo()

    assert copy_records(str(tmp_path / "ledger.sqlite"), target).events == 10


def test_nobody_can_save_while_the_ledger_is_copied(tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(address).close()
    other = Ledger.open(address, busy_seconds=0.05)
    move = moving.move

    def meanwhile(source: object, target: object) -> None:
        with pytest.raises(LedgerError) as told:
            other.append(verdict_like("c", "Bo", "late"))
        assert told.value.code == "ledger_busy"
        move(source, target)  # type: ignore[arg-type]

    monkeypatch.setattr(moving, "move", meanwhile)

    assert copy_records(address, str(tmp_path / "copy.sqlite")).events == 10
    other.close()


# --- a workspace ---------------------------------------------------------------------------------------------------


@pytest.fixture
def served(home: Path, on_server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A workspace whose records lie on a server, with a claim, a verdict and a draft."""
    monkeypatch.setenv("WORKBENCH_RECORDS__URL", on_server)
    with Desk.open(home, encoder=FakeEncoder) as desk:
        desk.add_claim(make_claim("vote", "The resolution passed 119 to 1."), actor=ANA)
        desk.record(
            VerdictRequest(claim_id="vote", rating="not-enough-evidence", reviewer=ANA, token="t", rationale="Too soon.")
        )
        desk.originals.keep_bytes(b"119 votes to 1.")
        yield desk


def test_a_workspace_on_a_server_is_looked_after_as_one_with_a_file(served: Desk) -> None:
    lines = {line.name: line for line in examine(served.workspace)}

    assert verify(served).failures == ()
    assert (lines["ledger"].ok, lines["integrity"].value) == (True, "sound")
    assert (lines["postgresql"].value.split(" at ")[1].startswith("postgresql://"), lines["postgresql"].ok) == (
        True,
        "fsync on" in lines["postgresql"].value,
    )
    assert not served.workspace.ledger.exists()


def test_a_backup_of_a_workspace_on_a_server_holds_its_ledger_as_a_file(
    served: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = backup(served, tmp_path / "backup", now=NOON)
    restored = restore(tmp_path / "backup", tmp_path / "again")
    assert (made.events, made.head) == (restored.events, restored.head) == served.ledger.head()

    with pytest.raises(LedgerError) as refusal:  # the environment still names the server
        Desk.open(tmp_path / "again")
    assert (refusal.value.code, "records copy --from" in refusal.value.hint) == ("two_ledgers", True)

    monkeypatch.delenv("WORKBENCH_RECORDS__URL")
    with Desk.open(tmp_path / "again", encoder=FakeEncoder) as again:
        assert list(again.ledger.since()) == list(served.ledger.since())


def test_a_backup_of_damaged_records_on_a_server_is_made_and_says_so(served: Desk, tmp_path: Path) -> None:
    for statement in ("DROP TRIGGER events_no_update ON events", "UPDATE events SET prev_hash = hash WHERE seq = 2"):
        served.ledger.database.write(lambda connection, one=statement: connection.exec_driver_sql(one))  # type: ignore[misc]

    made = backup(served, tmp_path / "backup", now=NOON)

    assert any("Record 2 was changed" in problem for problem in made.problems)


def test_a_workspace_with_originals_is_not_begun_anew_at_an_address_without_a_ledger(served: Desk) -> None:
    tables = "DROP TABLE alembic_version, pulse, event_values, events, drafts, meta"
    served.ledger.database.write(lambda connection: connection.exec_driver_sql(tables))

    for _ in range(2):
        with pytest.raises(LedgerError) as refusal:
            Desk.open(served.workspace.root)
        assert refusal.value.code == "ledger_absent"


def test_a_workspace_that_moves_to_a_server_and_back_keeps_every_event_citation_and_hit(
    desk: Desk, on_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, file = desk.workspace.root, desk.workspace.ledger
    (home / "evidence" / "vote.txt").write_text("The resolution was adopted by 119 votes to 1.", encoding="utf-8")
    desk.sync_evidence()
    desk.add_claim(make_claim("vote", "The resolution passed 119 to 1."), actor=ANA)
    cites = (Cite(passage_id=desk.match("vote").hits[0].passage_id, stance="supports"),)
    desk.record(VerdictRequest(claim_id="vote", rating="supported", reviewer=ANA, token="t", rationale="Counted.", cites=cites))

    def seen(one: Desk) -> object:
        assert verify(one).failures == ()
        cited = [citation for verdict in one.case("vote").verdicts for citation in verdict.citations]
        return list(one.ledger.since()), cited, one.match("vote").hits, one.freshness.lines()

    before = seen(desk)
    desk.close()
    for source, target in ((str(file), on_server), (on_server, str(file))):
        copy_records(source, target)
        if target == on_server:
            file.unlink()
            monkeypatch.setenv("WORKBENCH_RECORDS__URL", on_server)
        else:
            monkeypatch.delenv("WORKBENCH_RECORDS__URL")
        with Desk.open(home, encoder=FakeEncoder) as moved:
            assert seen(moved) == before
            assert moved.waiting() == []


def test_the_command_moves_the_records_and_says_what_is_next(home: Path, on_server: str) -> None:
    filled(f"sqlite:///{home}/records/ledger.sqlite").close()
    call = ["--workspace", str(home), "records", "copy", "--to", on_server]

    copied, again = (CliRunner().invoke(app, [*call, *more]) for more in ([], ["--json"]))  # the second finds one there

    assert (copied.exit_code, "Copied 10 events and 1 drafts" in copied.stdout, "Next: set url" in copied.stdout) == (
        0,
        True,
        True,
    )
    assert isinstance(again.exception, LedgerError)
    assert again.exception.code == "ledger_there"
