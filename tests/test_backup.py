"""A backup holds everything that cannot be made again and proves it; what comes back from one is whole or is not there."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.conftest import ANA, BO, NOON, FakeEncoder, make_claim
from tests.reliability.upgrade import a_newer_schema, old_ledger, tried
from tests.verdicts_like import next_revision, verdict_like
from workbench import backup as backups
from workbench.backup import Outcome, backup, restore
from workbench.care import verify
from workbench.cli.app import app
from workbench.desk import Desk
from workbench.errors import LedgerDamaged, LedgerError, WorkspaceError
from workbench.ledger import Ledger, copies, migrations
from workbench.models import Draft, VerdictRequest


@pytest.fixture
def kept(desk: Desk) -> Desk:
    """A desk with a claim, a verdict, a draft, an original, a cited text and a file of evidence."""
    desk.add_claim(make_claim("vote", "The resolution passed 119 to 1."), actor=ANA)
    desk.record(VerdictRequest(claim_id="vote", rating="not-enough-evidence", reviewer=ANA, token="t", rationale="Too soon."))
    desk.ledger.save_draft(Draft(claim_id="vote", reviewer=BO, token="u", updated_at=NOON, rationale="Half a thought"))
    (desk.workspace.evidence / "un").mkdir()
    (desk.workspace.evidence / "un" / "vote.txt").write_text("119 votes to 1.", encoding="utf-8")
    desk.originals.keep_bytes(b"119 votes to 1.")
    desk.originals.keep_text("119 votes to 1.")
    return desk


def made(desk: Desk, dest: Path) -> Outcome:
    return backup(desk, dest, now=NOON)


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_what_is_restored_is_what_was_backed_up(kept: Desk, tmp_path: Path) -> None:
    outcome = made(kept, tmp_path / "backup")

    restore(tmp_path / "backup", tmp_path / "again")

    with Desk.open(tmp_path / "again", encoder=FakeEncoder) as again:
        assert again.ledger.head() == kept.ledger.head() == (outcome.events, outcome.head)
        assert [draft.rationale for draft in again.ledger.drafts()] == ["Half a thought"]
        assert verify(again).failures == ()
        assert again.originals.stored() == kept.originals.stored()
    before, after = files(kept.workspace.root), files(tmp_path / "again")
    same = [name for name in before if not name.startswith((".workbench/", "records/ledger", "records/claims.lock"))]
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    assert (tmp_path / "again/evidence/un/vote.txt").stat().st_mtime_ns == (
        kept.workspace.evidence / "un/vote.txt"
    ).stat().st_mtime_ns


def test_saving_goes_on_while_a_backup_is_made_and_the_copy_is_of_one_moment(kept: Desk, tmp_path: Path) -> None:
    done = threading.Event()

    def save() -> None:
        number = 0
        while not done.is_set():
            kept.ledger.append(verdict_like("other", "Bo", f"s{number}"), next_revision)
            number += 1

    saver = threading.Thread(target=save)
    saver.start()
    outcomes = [made(kept, tmp_path / f"backup{number}") for number in range(3)]
    done.set()
    saver.join()

    for number, outcome in enumerate(outcomes):
        assert kept.ledger.hash_at(outcome.events) == outcome.head
        with closing(sqlite3.connect(tmp_path / f"backup{number}" / "records/ledger.sqlite")) as copy:
            assert copy.execute("SELECT max(seq) FROM events").fetchone() == (outcome.events,)


def test_a_file_that_cannot_be_copied_is_told(kept: Desk, tmp_path: Path) -> None:
    (kept.workspace.evidence / "link.txt").symlink_to("/etc/hostname")
    os.mkfifo(kept.workspace.evidence / "pipe.txt")

    outcome = made(kept, tmp_path / "backup")

    assert [(one.path, one.reason) for one in outcome.left_out] == [
        ("evidence/link.txt", "is a link"),
        ("evidence/pipe.txt", "is no regular file"),
    ]


def test_the_files_that_the_settings_name_are_backed_up(home: Path, tmp_path: Path) -> None:
    (home / "workbench.toml").write_text(
        '[organisation]\nlogo = "house/logo.svg"\n[report]\ntemplate = "../gone.html"\n', encoding="utf-8"
    )
    (home / "house").mkdir()
    (home / "house" / "logo.svg").write_text("<svg/>", encoding="utf-8")
    with Desk.open(home, encoder=FakeEncoder) as desk:
        (tmp_path / "gone.html").write_text("not in the workspace", encoding="utf-8")
        outcome = made(desk, tmp_path / "backup")

    restore(tmp_path / "backup", tmp_path / "again")

    assert (tmp_path / "again" / "house" / "logo.svg").read_text(encoding="utf-8") == "<svg/>"
    assert [one.path for one in outcome.left_out] == ["../gone.html"]


def test_records_that_are_broken_already_are_backed_up_and_said_to_be_broken(kept: Desk, tmp_path: Path) -> None:
    (stored,) = kept.originals.stored()
    kept.originals.path(stored).chmod(0o644)
    kept.originals.path(stored).write_text("Something else.", encoding="utf-8")

    outcome = made(kept, tmp_path / "backup")

    assert any(stored[:12] in problem for problem in outcome.problems)
    assert restore(tmp_path / "backup", tmp_path / "again").problems == outcome.problems


def test_a_copy_that_is_worse_than_the_workspace_is_no_backup(
    kept: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backups, "_problems", lambda *_: ("Record 2 was changed after it was saved.",))

    with pytest.raises(WorkspaceError) as refusal:
        made(kept, tmp_path / "backup")

    assert refusal.value.code == "backup_unsound"
    assert not (tmp_path / "backup").exists()


@pytest.mark.parametrize("inside", ["evidence", "records/backup", ".workbench/b", "claims/x"])
def test_a_backup_is_not_made_inside_of_what_it_copies(kept: Desk, inside: str) -> None:
    with pytest.raises(WorkspaceError) as refusal:
        made(kept, kept.workspace.root / inside)

    assert refusal.value.code == "inside_workspace"


def test_a_folder_that_holds_something_is_never_written_into(kept: Desk, tmp_path: Path) -> None:
    made(kept, tmp_path / "backup")
    before = files(tmp_path / "backup")

    with pytest.raises(WorkspaceError) as again:
        made(kept, tmp_path / "backup")
    with pytest.raises(WorkspaceError) as over:
        restore(tmp_path / "backup", kept.workspace.root)

    assert (again.value.code, over.value.code) == ("not_empty", "not_empty")
    assert files(tmp_path / "backup") == before
    assert not list(tmp_path.glob(".*.unfinished"))


def altered(backup: Path) -> None:
    original = next(path for path in (backup / "records/originals").rglob("*") if path.is_file())
    original.chmod(0o644)
    original.write_bytes(b"119 votes to 2.")


def resealed(backup: Path, change: str) -> None:
    manifest = json.loads((backup / "manifest.json").read_text(encoding="utf-8"))
    manifest["files"][0]["path"] = change
    (backup / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


DAMAGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "changed": (altered, "was changed"),
    "missing": (lambda backup: (backup / "evidence/un/vote.txt").unlink(), "is missing"),
    "added": (lambda backup: (backup / "evidence/more.txt").write_text("x", encoding="utf-8"), "was added"),
    "link": (lambda backup: (backup / "evidence/a").symlink_to("/etc/hostname"), "is a link"),
    "manifest": (lambda backup: resealed(backup, "../../escaped"), "was changed"),
    "no manifest": (lambda backup: (backup / "manifest.json").unlink(), "no backup"),
    "no folder": (shutil.rmtree, "no backup"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_backup_that_was_changed_is_refused_and_nothing_is_restored(kept: Desk, tmp_path: Path, damage: str) -> None:
    made(kept, tmp_path / "backup")
    do, told = DAMAGES[damage]
    do(tmp_path / "backup")

    with pytest.raises(WorkspaceError, match=told):
        restore(tmp_path / "backup", tmp_path / "again")

    assert not (tmp_path / "again").exists()


def test_a_backup_of_a_later_version_is_refused_by_name(kept: Desk, tmp_path: Path) -> None:
    with a_newer_schema(tmp_path / "steps"), Desk.open(kept.workspace.root, encoder=FakeEncoder) as newer:
        made(newer, tmp_path / "backup")

    with pytest.raises(LedgerDamaged) as refusal:
        restore(tmp_path / "backup", tmp_path / "again")

    assert refusal.value.code == "ledger_newer"
    assert not (tmp_path / "again").exists()


def test_too_little_room_is_said_first(kept: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 10**9, 10**6))

    with pytest.raises(WorkspaceError) as refusal:
        made(kept, tmp_path / "backup")

    assert refusal.value.code == "disk_full"
    assert not (tmp_path / "backup").exists()


def test_the_commands_print_one_document_and_say_by_their_exit_code_what_is_wrong(kept: Desk, tmp_path: Path) -> None:
    (kept.workspace.evidence / "link.txt").symlink_to("/etc/hostname")
    at_home = ["--workspace", str(kept.workspace.root)]

    made = CliRunner().invoke(app, [*at_home, "backup", str(tmp_path / "b"), "--json"])
    back = CliRunner().invoke(app, ["restore", str(tmp_path / "b"), "--into", str(tmp_path / "again"), "--json"])
    seen = CliRunner().invoke(app, ["--workspace", str(tmp_path / "again"), "doctor", "--json"])

    assert (made.exit_code, json.loads(made.stdout)["left_out"][0]["path"]) == (3, "evidence/link.txt")
    assert (back.exit_code, json.loads(back.stdout)["head"]) == (3, json.loads(made.stdout)["head"])
    assert (seen.exit_code, {line["ok"] for line in json.loads(seen.stdout)["checks"]}) == (0, {True})


# --- upgrades ------------------------------------------------------------------------------------------------------

HEADS = {"0001": (8, "b5d2003848c069555dd904c8d84d2bc6b7341697f78343e9cd5d66b6cf6e4ccc")}


def test_every_released_schema_has_an_old_ledger() -> None:
    assert tuple(HEADS) == migrations.REVISIONS


@pytest.mark.parametrize("revision", HEADS)
def test_an_old_ledger_opens_with_every_record_and_draft(tmp_path: Path, revision: str) -> None:
    ledger = Ledger.open(f"sqlite:///{old_ledger(revision, tmp_path / 'ledger.sqlite')}")

    assert ledger.verify() == []
    assert ledger.head() == HEADS[revision]
    assert [draft.rationale for draft in ledger.drafts()] == ["Half a thought"]


def test_a_ledger_is_copied_and_the_copy_checked_before_it_is_migrated(tmp_path: Path) -> None:
    path = old_ledger(migrations.HEAD, tmp_path / "ledger.sqlite")
    with a_newer_schema(tmp_path / "steps") as newer:
        migrated = Ledger.open(f"sqlite:///{path}")

    copy = Ledger.open(f"sqlite:///{path}.before-migration-from-{migrations.HEAD}")
    assert tried(path) == (newer, 8)
    assert (copy.head(), copy.verify()) == (migrated.head(), [])


def test_without_a_sound_copy_nothing_is_migrated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = old_ledger(migrations.HEAD, tmp_path / "ledger.sqlite")
    before = path.read_bytes()
    monkeypatch.setattr(copies, "unsound", lambda _: ["The database file is damaged: page 3."])

    with a_newer_schema(tmp_path / "steps"), pytest.raises(LedgerError) as refusal:
        Ledger.open(f"sqlite:///{path}")

    assert refusal.value.code == "copy_unsound"
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.glob("*.sqlite*")] == ["ledger.sqlite"]
