from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import ANA, FakeEncoder, make_claim
from workbench.care import verify
from workbench.desk import Desk
from workbench.doctor import doctor
from workbench.models import Cite, VerdictRequest

pytestmark = pytest.mark.process  # files are read in a process of their own


@pytest.fixture
def kept(desk: Desk) -> Desk:
    """A desk with one cited verdict."""
    (desk.workspace.evidence / "vote.txt").write_text("The resolution passed by 119 votes to 1.", encoding="utf-8")
    desk.sync_evidence()
    desk.add_claim(make_claim("vote", "The resolution passed 119 to 1."), actor=ANA)
    cites = (Cite(passage_id=desk.match("vote").hits[0].passage_id, stance="supports"),)
    desk.record(VerdictRequest(claim_id="vote", rating="supported", reviewer=ANA, token="t", cites=cites))
    return desk


def test_whole_records_verify(kept: Desk) -> None:
    found = verify(kept)

    assert (found.failures, found.originals, found.citations) == ((), 1, 1)


def test_an_altered_original_is_named(kept: Desk) -> None:
    source_id = kept.library()[0].source_id
    original = kept.originals.path(source_id)
    original.chmod(0o644)
    original.write_text("The resolution failed.", encoding="utf-8")

    assert any(source_id[:12] in problem for problem in verify(kept).failures)


def test_a_row_edited_by_hand_is_named(kept: Desk) -> None:
    with closing(sqlite3.connect(kept.workspace.ledger)) as connection:
        for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {trigger}")
        connection.execute("UPDATE events SET kind = 'claim-retired' WHERE seq = 1")
        connection.commit()

    assert verify(kept).failures


def test_a_verdict_that_was_emptied_by_hand_is_a_failure_and_no_traceback(kept: Desk, home: Path) -> None:
    kept.close()
    with closing(sqlite3.connect(kept.workspace.ledger)) as connection:
        for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {trigger}")
        connection.execute("UPDATE events SET payload = '{}' WHERE kind = 'verdict-recorded'")
        connection.commit()

    with Desk.open(home, encoder=FakeEncoder) as again:
        assert any("verdict-recorded" in problem for problem in verify(again).failures)
        assert len(verify(again).failures) >= 2


def test_evidence_that_waits_is_a_note_and_no_failure(kept: Desk) -> None:
    (kept.workspace.evidence / "new.txt").write_text("New words.", encoding="utf-8")

    found = verify(kept)

    assert found.failures == ()
    assert any("not taken in" in note for note in found.notes)


def test_the_doctor_names_sqlite_and_its_journal(kept: Desk) -> None:
    lines = {line.name: line for line in doctor(kept)}

    assert sqlite3.sqlite_version in lines["sqlite"].value
    assert lines["ledger"].ok
