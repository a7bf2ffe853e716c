"""The doctor names what has gone wrong with other people's records, with what to do about it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import ANA, BO, NOON, FakeEncoder, make_claim
from workbench.backup import backup
from workbench.desk import Desk
from workbench.doctor import Check, _sqlite, doctor, examine, file_system
from workbench.models import Draft
from workbench.settings import Workspace


def lines(checks: list[Check]) -> dict[str, Check]:
    return {check.name: check for check in checks}


def test_a_sound_workspace_needs_no_care(desk: Desk) -> None:
    found = examine(desk.workspace)

    assert [check.name for check in found if not check.ok] == []
    assert {"sqlite", "file system", "free space", "ledger", "integrity", "originals", "stored files"} <= lines(found).keys()


@pytest.mark.parametrize(
    ("version", "journal", "ok", "told"),
    [
        ((3, 40, 1), "delete", True, "rollback journal"),
        ((3, 40, 1), "wal", False, "use a newer Python"),
        ((3, 51, 3), "wal", True, ""),
        ((3, 52, 0), "wal", False, "use a newer Python"),
    ],
)
def test_the_known_fault_of_an_sqlite_is_told_and_counts_where_it_can_strike(
    version: tuple[int, ...], journal: str, ok: bool, told: str
) -> None:
    check = _sqlite(version, journal)

    assert (check.ok, told in check.hint) == (ok, True)


def test_the_file_system_is_the_one_mounted_last_over_the_folder(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(
        f"/dev/a / ext4 rw 0 0\nserver:/x {tmp_path}/with\\040space nfs4 rw 0 0\nserver:/y /elsewhere cifs rw 0 0\n",
        encoding="utf-8",
    )

    assert [file_system(tmp_path / name, mounts) for name in ("with space/desk", "with")] == ["nfs4", "ext4"]
    assert file_system(tmp_path, tmp_path / "absent") == ""


def test_originals_that_are_gone_and_those_nobody_names_are_counted(desk: Desk) -> None:
    desk.originals.keep_bytes(b"Nobody names these bytes.")

    assert lines(doctor(desk))["originals"].value == "1 stored, 0 missing, 1 that no record names"


def test_an_altered_file_fails_the_thorough_look(desk: Desk) -> None:
    stored = desk.originals.path(desk.originals.keep_bytes(b"As received."))
    stored.chmod(0o644)
    stored.write_bytes(b"As altered.")

    found = lines(examine(desk.workspace))["stored files"]

    assert (found.ok, stored.name[:12] in found.value) == (False, True)


def test_drafts_and_the_last_backup_are_told_with_their_day(desk: Desk, tmp_path: Path) -> None:
    desk.add_claim(make_claim("c"), actor=ANA)
    desk.ledger.save_draft(Draft(claim_id="c", reviewer=BO, token="t", updated_at=NOON))
    assert lines(doctor(desk))["backup"].value == "none known of"

    backup(desk, tmp_path / "backup", now=NOON)

    found = lines(doctor(desk))
    assert found["drafts"].value == "1, the oldest since 2026-05-01"
    assert found["backup"].value.startswith("2026-05-01 12:00 UTC, 2 events")


def test_a_workspace_that_does_not_open_is_still_looked_at(home: Path) -> None:
    with Desk.open(home, encoder=FakeEncoder) as desk:
        ledger = desk.workspace.ledger
    with closing(sqlite3.connect(ledger)) as connection:
        connection.execute("PRAGMA application_id = 7")

    found = lines(examine(Workspace(home)))

    assert not found["workspace"].ok
    assert "no ledger of the workbench" in found["workspace"].value
    assert found["workspace"].hint
    assert found["free space"].ok
