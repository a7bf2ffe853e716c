"""The log tells which claim and which job, and nothing that anybody wrote."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import FakeEncoder, make_claim
from tests.reliability.jobs import HereRoom
from workbench import intake, log
from workbench.backup import backup
from workbench.desk import Desk
from workbench.errors import ClaimFileError
from workbench.models import Cite, Claimant, Draft, Reviewer, SourceMeta, VerdictRequest

CANARY = "kanarienvogel"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    log.open_log(tmp_path / "logs")
    yield tmp_path / "logs"
    log.close_log()


def lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / log.NAME).read_text(encoding="utf-8").splitlines()]


def test_no_word_of_a_claim_a_file_or_a_person_gets_into_the_log(
    home: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "ReadingRoom", HereRoom)
    person = Reviewer.self_declared(f"Ana {CANARY}")
    (home / "evidence" / f"{CANARY}.txt").write_text(f"The {CANARY} resolution passed by 119 votes to 1.", encoding="utf-8")
    (home / "evidence" / f"{CANARY}-empty.txt").write_text(" ", encoding="utf-8")
    with Desk.open(home, encoder=FakeEncoder) as desk:
        claimant = Claimant(name=f"Minister {CANARY}")
        desk.add_claim(make_claim("c-1", f"The {CANARY} said so.", quote=CANARY, claimant=claimant), actor=person)
        desk.sync_evidence()
        hit = desk.match("c-1").hits[0]
        desk.ledger.save_draft(Draft(claim_id="c-1", reviewer=person, token="t", updated_at=desk._now(), rationale=CANARY))
        cites = (Cite(passage_id=hit.passage_id, stance="supports"),)
        desk.record(
            VerdictRequest(claim_id="c-1", rating="supported", reviewer=person, token="t", rationale=CANARY, cites=cites)
        )
        desk.void("c-1", person, reason=CANARY)
        backup(desk, tmp_path / CANARY, now=desk._now())
        with pytest.raises(ClaimFileError) as refusal:
            desk.add_claim(make_claim("c-1", CANARY), actor=person)
        log.tell_error("command failed", ClaimFileError(f"{CANARY} is not a claim.", code=refusal.value.code))
        source_id = desk.library()[0].source_id
        desk.stock.add([home / "workbench.toml"], meta=SourceMeta(title=CANARY))

    text = (folder / log.NAME).read_text(encoding="utf-8")
    assert CANARY not in text
    assert source_id not in text  # the hash of a confidential file tells whoever has the file that we do
    told = lines(folder)
    assert ("verdict-recorded", "c-1", 1) in [(one.get("kind"), one.get("claim"), one.get("revision")) for one in told]
    assert {one["event"] for one in told} == {
        "recorded",
        "intake begun",
        "intake ended",
        "index built",
        "backed up",
        "command failed",
    }
    begun = next(number for number, one in enumerate(told) if one["event"] == "intake begun")
    ended = next(number for number, one in enumerate(told) if one["event"] == "intake ended")
    assert len({one["job"] for one in told[begun : ended + 1]}) == 1
    assert (told[ended]["added"], told[ended]["failed"]) == (1, 1)


def test_what_is_told_under_a_strange_key_or_in_a_sentence_is_withheld(folder: Path) -> None:
    log.tell("tried", rationale="Because of the votes.", claim="a claim", kind="verdict-recorded", events=True, files="many")

    (line,) = lines(folder)
    assert {key: line[key] for key in line if key != "timestamp"} == {
        "event": "tried",
        "level": "info",
        "claim": "withheld",
        "kind": "verdict-recorded",
        "events": True,
    }


def test_an_error_is_told_by_its_type_code_and_place_only(folder: Path, home: Path) -> None:
    with Desk.open(home, encoder=FakeEncoder) as desk, pytest.raises(Exception, match="no") as refusal:
        desk.case("a-name-that-nobody-gave")
    log.tell_error("a page failed", refusal.value)

    (line,) = lines(folder)
    assert (line["error"], line["code"], "cases.get" in line["at"]) == ("UnknownId", "unknown_claim", True)


def test_a_full_log_is_turned_over_and_five_are_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "TURNED_AT", 200)
    for number in range(30):
        log.tell("tried", seq=number)

    kept = sorted(path.name for path in folder.iterdir())
    assert kept == [log.NAME, *(f"{log.NAME}.{number}" for number in range(1, 5))]
    assert lines(folder)[-1]["seq"] == 29


def test_a_log_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("a file in place of the folder", encoding="utf-8")
    log.open_log(tmp_path / "logs")
    try:
        log.tell("tried", seq=1)
    finally:
        log.close_log()
