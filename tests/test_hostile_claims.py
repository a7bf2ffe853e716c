"""The hostile-input catalogue, F (docs/hostile.md): files of claims, as far as no other test of claims holds a case."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import ANA, FakeEncoder
from tests.imported import imported
from workbench.desk import Desk
from workbench.errors import ClaimFileError, WorkbenchError
from workbench.models import MAX_STATEMENT, PartialDate


def write(folder: Path, text: str, name: str = "claims.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode("utf-8"))
    return path


def test_line_ends_of_several_kinds_part_the_same_rows(tmp_path: Path) -> None:
    found = imported(write(tmp_path, "id,statement\r\na,One.\nb,Two.\r\n"))

    assert [claim.statement for claim in found.claims] == ["One.", "Two."]


def test_a_claim_that_is_a_pasted_book_is_refused_by_its_row(tmp_path: Path) -> None:
    path = write(tmp_path, '{"statement": "' + "x" * (MAX_STATEMENT + 1) + '"}', "claims.jsonl")

    with pytest.raises(ClaimFileError, match=r"claims\.jsonl line 1.*statement"):
        imported(path)


def test_the_same_file_twice_adds_nothing_the_second_time_and_says_so(desk: Desk, tmp_path: Path) -> None:
    path = write(tmp_path, "id,statement\na,One.\nb,Two.\n")
    desk.import_claims(path, actor=ANA)

    again = desk.import_claims(path, actor=ANA)

    assert (len(again.added), len(again.changed), [left.claim_id for left in again.skipped]) == (0, 0, ["a", "b"])
    assert [case.claim.id for case in desk.claims()] == ["a", "b"]


def test_an_import_that_breaks_off_half_way_leaves_no_claim(home: Path, tmp_path: Path) -> None:
    path = write(tmp_path, "id,statement\na,One.\nb,Two.\n")
    with Desk.open(home, encoder=FakeEncoder) as desk:
        with closing(sqlite3.connect(desk.workspace.ledger)) as database, database:
            database.execute(
                "CREATE TRIGGER power_cut BEFORE INSERT ON events WHEN NEW.subject_id = 'b' "
                "BEGIN SELECT RAISE(ABORT, 'cut'); END"
            )
        with pytest.raises(WorkbenchError):
            desk.import_claims(path, actor=ANA)

    with Desk.open(home, encoder=FakeEncoder) as desk:
        assert desk.claims() == []
    assert list((home / "claims").iterdir()) == []


@pytest.mark.parametrize("day", ["0000-00-00", "99999-01-01", "2023-02-29", "2021-13", "2021-06-23T10:00:00", "tomorrow"])
def test_a_date_that_is_none_is_named_and_never_guessed(tmp_path: Path, day: str) -> None:
    with pytest.raises(ClaimFileError, match="claimed_on"):
        imported(write(tmp_path, f"id,statement,claimed_on\na,One.,{day}\n"))


def test_a_date_left_empty_is_unknown(tmp_path: Path) -> None:
    assert imported(write(tmp_path, "id,statement,claimed_on\na,One.,\n")).claims[0].claimed_on == PartialDate()


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//evil.example/x"])
def test_an_address_that_is_no_web_page_is_refused_by_its_row(tmp_path: Path, address: str) -> None:
    with pytest.raises(ClaimFileError, match="is not a web address"):
        imported(write(tmp_path, f'id,statement,url\na,One.,"{address}"\n'))
