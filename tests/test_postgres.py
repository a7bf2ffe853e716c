"""Records on a PostgreSQL server: every fault is one clear error, nothing is lost, nothing doubled, the draft is kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url

from tests.conftest import ANA, NOON
from tests.poor_line import Cut, PoorLine
from tests.reliability.upgrade import a_newer_schema
from tests.verdicts_like import next_revision, verdict_like
from workbench.errors import LedgerDamaged, LedgerError, SettingsError
from workbench.ledger import Ledger, server
from workbench.models import Draft, Event, NewEvent
from workbench.settings import Workspace, load_settings


@pytest.fixture
def ledger(on_server: str) -> Iterator[Ledger]:
    opened = Ledger.open(on_server)
    yield opened
    opened.close()


@pytest.fixture
def line(on_server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[PoorLine]:
    monkeypatch.setattr(server, "PAUSES", (0.01, 0.05))
    url = make_url(on_server)
    folder, port = url.query.get("host"), url.port or 5432
    opened = PoorLine(f"{folder}/.s.PGSQL.{port}" if folder else (url.host or "127.0.0.1", port))
    yield opened
    opened.close()


@pytest.fixture
def far(on_server: str, line: PoorLine) -> Iterator[Ledger]:
    """The ledger at the other end of a poor line."""
    url = make_url(on_server)
    query = {name: value for name, value in url.query.items() if name != "host"} | {"sslmode": "disable"}
    opened = Ledger.open(url.set(host="127.0.0.1", port=line.port, query=query).render_as_string(hide_password=False))
    yield opened
    opened.close()


def said(ledger: Ledger, statement: str) -> None:
    ledger.database.write(lambda connection: connection.exec_driver_sql(statement))


# --- lost in the middle of a save ----------------------------------------------------------------------------------


def remark(number: int) -> NewEvent:
    """An event that no check would know again: it has no token."""
    return NewEvent(
        subject_kind="claim", subject_id="c", kind="commented", actor=ANA, created_at=NOON, payload={"reason": f"{number}"}
    )


CUTS: list[Cut] = ["before the commit", "before its answer"]


@pytest.mark.parametrize("cut", CUTS)
def test_a_save_whose_line_is_cut_in_the_commit_is_stored_once_and_acknowledged(far: Ledger, line: PoorLine, cut: Cut) -> None:
    far.save_draft(Draft(claim_id="c", reviewer=ANA, token="t", updated_at=NOON))
    line.cut = cut

    stored = far.append(verdict_like("c", "Ana", "t"), next_revision)

    assert list(far.since()) == [stored]
    assert (far.drafts(), far.verify()) == ([], [])


@pytest.mark.parametrize("cut", CUTS)
def test_events_without_a_token_are_not_doubled_either(far: Ledger, line: PoorLine, cut: Cut) -> None:
    line.cut = cut
    far.append_all([remark(1), remark(2)])
    line.cut = cut
    assert far.append_many([remark(3), remark(4)]) == range(3, 5)

    assert [event.payload["reason"] for event in far.since()] == ["1", "2", "3", "4"]


@pytest.mark.parametrize("cut", CUTS)
def test_a_server_that_stays_away_leaves_the_save_unconfirmed_and_the_same_save_is_stored_once(
    far: Ledger, line: PoorLine, ledger: Ledger, cut: Cut
) -> None:
    far.save_draft(Draft(claim_id="c", reviewer=ANA, token="t", updated_at=NOON, rationale="Half a thought"))

    def going_away(event: NewEvent, events: Sequence[Event]) -> NewEvent:
        line.cut, line.closed = cut, True
        return next_revision(event, events)

    with pytest.raises(LedgerError) as told:
        far.append(verdict_like("c", "Ana", "t"), going_away)
    assert (told.value.code, "Save again" in told.value.hint) == ("not_confirmed", True)
    assert bool(ledger.drafts()) == (cut == "before the commit")  # it goes with the verdict, not before

    line.closed = False
    known = lambda event, events: next((one for one in events if one.token == event.token), next_revision(event, events))  # noqa: E731
    far.append(verdict_like("c", "Ana", "t"), known)
    assert [event.token for event in ledger.since()] == ["t"]
    assert (ledger.drafts(), ledger.verify()) == ([], [])


SAVING = """
    SELECT pid FROM pg_stat_activity
    WHERE pid <> pg_backend_pid() AND application_name = 'workbench' AND state = 'idle in transaction'
    AND backend_xid IS NOT NULL
"""


def test_a_backend_that_is_ended_while_it_saves_is_tried_again(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "PAUSES", (0.01, 0.05))
    ended: list[int] = []

    def end_it(event: NewEvent, events: Sequence[Event]) -> NewEvent:
        if not ended:
            with ledger.database.reading() as connection:
                ended.extend(connection.scalars(sa.text(SAVING)))
                connection.execute(sa.text("SELECT pg_terminate_backend(:pid)"), {"pid": ended[0]})
        return next_revision(event, events)

    ledger.append(verdict_like("c", "Ana", "t"), end_it)

    assert len(ended) == 1
    assert ([event.token for event in ledger.since()], ledger.verify()) == (["t"], [])


def test_a_server_that_is_away_is_one_error_for_a_reader_and_nobody_misses_it_afterwards(far: Ledger, line: PoorLine) -> None:
    far.append(verdict_like("c", "Ana", "t"), next_revision)
    far.database.close()  # the connections that were kept
    line.closed = True

    with pytest.raises(LedgerError) as told:
        far.events("claim", "c")
    assert (told.value.code, far.beat() == far.beat()) == ("ledger_unreachable", False)

    line.closed = False
    assert len(far.events("claim", "c")) == 1


# --- several at once -----------------------------------------------------------------------------------------------


def test_the_chain_does_not_fork_however_many_save(on_server: str) -> None:
    ledgers = [Ledger.open(on_server) for _ in range(2)]

    def save(number: int) -> Event:
        return ledgers[number % 2].append(verdict_like(f"c{number % 3}", "Ana", f"t{number}"), next_revision)

    with ThreadPoolExecutor(8) as threads:
        saved = list(threads.map(save, range(40)))

    assert sorted(event.seq for event in saved) == list(range(1, 41))
    assert ledgers[0].verify() == []
    for one in ledgers:
        one.close()


def test_a_save_behind_one_that_stands_still_is_told_busy(on_server: str, ledger: Ledger) -> None:
    with (other := Ledger.open(on_server, busy_seconds=0.05)).database.holding(), pytest.raises(LedgerError) as told:
        Ledger(other.database).append(verdict_like("c", "Bo", "bo"))
    other.close()

    assert (told.value.code, "Try again" in told.value.hint) == ("ledger_busy", True)
    assert ledger.append(verdict_like("c", "Bo", "bo")).seq == 1


def test_a_beat_tells_of_what_another_server_saved_and_of_nothing_else(on_server: str, ledger: Ledger) -> None:
    other = Ledger.open(on_server)
    before = ledger.beat()
    assert (ledger.beat(), other.beat()) == (before, before)

    other.save_draft(Draft(claim_id="c", reviewer=ANA, token="t", updated_at=NOON))
    drafted = ledger.beat()
    other.append(verdict_like("c", "Ana", "t"))
    other.close()

    assert len({before, drafted, ledger.beat()}) == 3


# --- what is not our ledger ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("beside", "code", "told"),
    [
        ({"host": "127.0.0.1", "port": 1}, "ledger_unreachable", "Check that the server runs"),
        ({"database": "nowhere"}, "ledger_absent", "CREATE DATABASE"),
        ({"username": "nobody"}, "ledger_login", "Check the user and the password"),
    ],
)
def test_a_wrong_address_is_told_with_the_next_step_and_without_the_password(
    on_server: str, beside: dict[str, str], code: str, told: str
) -> None:
    url = make_url(on_server).set(password="open-sesame", **beside)  # type: ignore[arg-type]
    if "host" in beside:
        url = url.set(query={})

    with pytest.raises(LedgerError) as refusal:
        Ledger.open(url.render_as_string(hide_password=False))

    assert (refusal.value.code, told in refusal.value.hint) == (code, True)
    assert "sesame" not in f"{refusal.value.message} {refusal.value.hint}"


def until_asked(address: str) -> None:
    """Open a place without a ledger until the login is refused: the server reads its file again in its own time."""
    for _ in range(1_000):
        try:
            Ledger.open(address, begin=False).close()
        except LedgerError as error:
            if error.code == "ledger_login":
                raise


def test_a_wrong_password_is_told_and_not_shown(ledger: Ledger, on_server: str) -> None:
    with ledger.database.reading() as connection:
        file = Path(connection.exec_driver_sql("SHOW hba_file").scalar_one())
    try:
        before = file.read_text(encoding="utf-8")
    except OSError:
        pytest.skip("the server is another machine's: whom it asks for a password is not ours to say")
    said(ledger, "CREATE ROLE with_a_password LOGIN PASSWORD 'right'")
    asked = "".join(f"{way} scram-sha-256\n" for way in ("local all with_a_password", "host all with_a_password all"))
    file.write_text(asked + before, encoding="utf-8")
    said(ledger, "SELECT pg_reload_conf()")
    url = make_url(on_server).set(username="with_a_password", password="open-sesame")
    try:
        with pytest.raises(LedgerError) as refusal:
            until_asked(url.render_as_string(hide_password=False))
    finally:
        file.write_text(before, encoding="utf-8")
        said(ledger, "DROP ROLE with_a_password")
        said(ledger, "SELECT pg_reload_conf()")

    assert refusal.value.code == "ledger_login"
    assert "sesame" not in f"{refusal.value.message} {refusal.value.hint}"


@pytest.mark.parametrize(
    "address", ["postgresql://ana:open-sesame@", "postgresql://a:open@sesame@db/x", "postgres://a:open/sesame:x@h/"]
)
def test_an_address_that_cannot_be_taken_apart_is_not_repeated(address: str) -> None:
    with pytest.raises(LedgerError, match="is not the address of a database") as refusal:
        Ledger.open(address)

    assert "sesame" not in f"{refusal.value.message} {refusal.value.hint}"


def test_the_address_in_the_settings_is_shown_nowhere(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    workspace.config.write_text('[records]\nurl = "postgresql://ana:open-sesame@db/x"\n', encoding="utf-8")
    assert "sesame" not in f"{load_settings(workspace)!r} {load_settings(workspace).model_dump_json()}"

    workspace.config.write_text('[records]\nurl = "mysql://ana:open-sesame@db/x"\n', encoding="utf-8")
    with pytest.raises(SettingsError, match=r"records\.url: .*not the address of a PostgreSQL server") as refusal:
        load_settings(workspace)
    assert "sesame" not in f"{refusal.value.message} {refusal.value.hint}"


def test_a_missing_driver_is_told_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "psycopg", None)

    with pytest.raises(LedgerError, match="needs psycopg") as refusal:
        Ledger.open("postgresql://ana@db.example.org/x")

    assert (refusal.value.code, "[postgres]" in refusal.value.hint) == ("driver_missing", True)


def test_tables_of_another_program_are_refused_and_left_alone(on_server: str, ledger: Ledger) -> None:
    said(ledger, "DROP TABLE drafts")

    with pytest.raises(LedgerDamaged, match="no drafts") as refusal:
        Ledger.open(on_server)

    assert refusal.value.hint.startswith("Nothing was changed.")


def test_a_newer_schema_is_refused_and_an_older_one_migrated_with_all_it_holds(
    on_server: str, ledger: Ledger, tmp_path: Path
) -> None:
    stored = ledger.append(verdict_like("c", "Ana", "t"))
    with a_newer_schema(tmp_path / "steps"):
        migrated = Ledger.open(on_server)
    assert (list(migrated.since()), migrated.verify()) == ([stored], [])
    migrated.close()

    with pytest.raises(LedgerDamaged, match="has the schema 9999") as refusal:
        Ledger.open(on_server)

    assert refusal.value.code == "ledger_newer"


def test_a_place_without_a_ledger_is_not_made_one_where_none_may_be_begun(on_server: str) -> None:
    for _ in range(2):
        with pytest.raises(LedgerError) as refusal:
            Ledger.open(on_server, begin=False)
        assert refusal.value.code == "ledger_absent"


MAY_ONLY_ADD = """
    GRANT USAGE ON SCHEMA {schema} TO only_adds;
    GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO only_adds;
    GRANT INSERT ON events, event_values, drafts TO only_adds;
    GRANT UPDATE (value, salt) ON event_values TO only_adds;
    GRANT UPDATE (beats) ON pulse TO only_adds;
    GRANT UPDATE, DELETE ON drafts TO only_adds;
"""


def test_a_user_that_may_only_add_reviews_and_cannot_switch_the_protection_off(on_server: str, ledger: Ledger) -> None:
    schema = on_server.rpartition("%3D")[2]
    said(ledger, "CREATE ROLE only_adds")
    try:
        said(ledger, MAY_ONLY_ADD.format(schema=schema))
        adding = Ledger.open(f"{on_server}%20-crole%3Donly_adds")
        adding.save_draft(Draft(claim_id="c", reviewer=ANA, token="t", updated_at=NOON))
        adding.append(verdict_like("c", "Ana", "t"), next_revision)
        with pytest.raises(LedgerError, match="does not let this user write") as refusal:
            said(adding, "ALTER TABLE events DISABLE TRIGGER events_no_update")
        adding.erase(lambda event, words: words.pointer.startswith("/actor"), lambda draft: draft, lambda _: [])
        left = [*adding.database.left_behind()]
        adding.close()
    finally:
        said(ledger, "DROP OWNED BY only_adds")
        said(ledger, "DROP ROLE only_adds")

    assert (refusal.value.code, len(left), "VACUUM (FULL)" in left[0]) == ("ledger_unwritable", 2, True)
    assert len([*ledger.database.left_behind()]) == 1  # the owner has nothing to run any more
    assert (ledger.events("claim", "c")[0].actor.subject, ledger.verify(), ledger.drafts()) == ("[erased]", [], [])


def test_a_server_that_a_power_cut_could_make_forget_is_told_by_doctor(ledger: Ledger) -> None:
    (fact,) = ledger.database.facts()

    assert fact.ok == ("fsync on" in fact.value)
    assert fact.ok or "A power cut may undo what was acknowledged" in fact.hint


def test_what_keeps_records_from_being_changed_is_looked_for(ledger: Ledger) -> None:
    assert ledger.database.unsound() == []

    said(ledger, "ALTER TABLE events DISABLE TRIGGER events_no_update")

    assert ledger.database.unsound() == [
        "The database no longer refuses to change records: the trigger events_no_update is off."
    ]
