"""Large files of claims: read, planned and stored in flat memory, all or nothing, while colleagues go on saving."""

from __future__ import annotations

import json
import tracemalloc
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import ANA, BO, FakeEncoder, make_claim
from workbench.desk import Desk
from workbench.errors import ClaimFileError, Conflict
from workbench.matching import fold, folded_text
from workbench.models import NewEvent, VerdictRequest
from workbench.spool import Spool


def lines_of(folder: Path, many: int, *, name: str = "many.jsonl") -> Path:
    path = folder / name
    rows = (
        json.dumps({"id": f"c-{n}", "statement": f"Ward {n} counted {n} votes twice. {'It is said. ' * 20}"})
        for n in range(many)
    )
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


def peak(work: Callable[[], object]) -> int:
    """Bytes that were held at once during the work, of what Python holds."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_four_times_the_file_takes_no_more_memory_to_plan(desk: Desk, tmp_path: Path) -> None:
    few, many = (lines_of(tmp_path, number, name=f"{number}.jsonl") for number in (400, 1_600))
    desk.imports.plan(few)  # what is made once is made now
    small, large = peak(lambda: desk.imports.plan(few)), peak(lambda: desk.imports.plan(many))
    assert large < 1.3 * small, f"{small:,} bytes for 400 claims, {large:,} for 1,600"


def added(desk: Desk, beginning: str, many: int) -> Iterator[NewEvent]:
    for number in range(many):
        claim = make_claim(f"{beginning}-{number}", "It is said. " * 20)
        yield desk.cases.event(claim.id, "claim-added", {"claim": claim.model_dump(mode="json")})


def test_of_many_events_that_are_stored_together_one_is_held_at_a_time(desk: Desk) -> None:
    alive: list[int] = [0, 0]  # now, and at most

    def watched() -> Iterator[NewEvent]:
        for event in added(desk, "c", 450):
            weakref.finalize(event, lambda: alive.__setitem__(0, alive[0] - 1))
            alive[:] = [alive[0] + 1, max(alive[0] + 1, alive[1])]
            yield event

    assert len(desk.ledger.append_many(watched(), begins=("claim-added",))) == 450
    assert alive[1] <= 3
    assert desk.ledger.verify() == []


@pytest.mark.long
def test_three_times_the_events_take_no_more_memory_to_store(desk: Desk) -> None:
    small, large = (
        peak(lambda one=one, many=many: desk.ledger.append_many(added(desk, one, many)))  # type: ignore[misc]
        for one, many in (("b", 700), ("c", 2_100))
    )
    assert large < 1.3 * small, f"{small:,} bytes for 700 events, {large:,} for 2,100"


def test_an_id_that_a_colleague_takes_between_look_and_save_stores_nothing(desk: Desk) -> None:
    desk.add_claim(make_claim("taken"), actor=BO)
    events = [
        desk.cases.event(one, "claim-added", {"claim": make_claim(one).model_dump(mode="json")}, actor=ANA)
        for one in ("free", "taken")
    ]
    with pytest.raises(Conflict, match="taken"):
        desk.ledger.append_many(events, begins=("claim-added",))
    assert [case.claim.id for case in desk.claims()] == ["taken"]


def test_a_colleague_saves_while_a_large_import_is_being_sealed(desk: Desk) -> None:
    desk.add_claim(make_claim("vote"), actor=BO)
    request = VerdictRequest(claim_id="vote", rating="not-enough-evidence", reviewer=BO, token="b-1")

    def sealed() -> Iterator[NewEvent]:
        for number, event in enumerate(added(desk, "c", 3)):
            if number == 2:
                desk.record(request)  # with the ledger held, it would wait until it gave up
            yield event

    assert len(desk.ledger.append_many(sealed(), begins=("claim-added",))) == 3
    assert (desk.case("vote").status, desk.ledger.verify()) == ("settled", [])


def test_the_same_large_file_again_is_left_out_claim_by_claim(desk: Desk, tmp_path: Path) -> None:
    path = lines_of(tmp_path, 450)
    desk.import_claims(path, actor=ANA)
    again = desk.imports.plan(path)
    assert (len(again.added), len(again.changed), len(again.skipped)) == (0, 0, 450)
    assert {left.why for left in again.skipped} == {"it is here already, as it is"}


def test_the_rows_of_what_was_imported_are_those_of_the_fold(desk: Desk, home: Path, tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    quoted = {
        "statement": "883 died.",
        "quote": "“many”",
        "claimant": {"name": "Ana", "affiliation": "A"},
        "topics": ["x"],
        "due": "2026-06-01",
    }
    path.write_text("\n".join(map(json.dumps, [quoted, {"statement": "Two."}])), encoding="utf-8")
    desk.cases.rows()
    desk.import_claims(path, actor=ANA)
    with Desk.open(home, encoder=FakeEncoder) as later:
        assert dict(desk.cases.rows()) == dict(later.cases.rows()) != {}


def test_a_plan_is_looked_at_by_pages_and_from_any_place(desk: Desk, tmp_path: Path) -> None:
    plan = desk.imports.plan(lines_of(tmp_path, 30))
    assert [one.id for one in plan.added[28:]] == ["c-28", "c-29"]
    assert (plan.added[-1].id, len(plan.added), [one.id for one in plan.added][7]) == ("c-29", 30, "c-7")


def test_of_a_file_that_is_wrong_in_every_row_the_first_are_named_and_the_rest_counted(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "wrong.csv"
    path.write_text("statement,claimant\n" + "One cell.\n" * 120, encoding="utf-8")
    with pytest.raises(ClaimFileError) as caught:
        desk.imports.plan(path)
    assert caught.value.message.startswith("120 problems:\nwrong.csv row 1 (line 2): 1 cells where the header has 2\n")
    assert caught.value.message.endswith("\nand 70 more")


def test_what_a_spool_is_given_it_gives_back_also_what_is_not_written_yet(tmp_path: Path) -> None:
    spool: Spool[str] = Spool(tmp_path, dump=str.encode, load=bytes.decode)
    for word in ("vote", "", "မြန်မာ"):
        spool.append(word)
    assert ([*spool], spool[1:], spool[-1], len(spool)) == (["vote", "", "မြန်မာ"], ["", "မြန်မာ"], "မြန်မာ", 3)
    assert list(tmp_path.iterdir()) == [], "nothing of it is left, however the process ends"


@given(st.text(st.characters(max_codepoint=0x17F), max_size=60))
def test_folded_text_is_the_text_of_the_fold(text: str) -> None:
    assert folded_text(text) == fold(text).text.strip()


# --- workbooks --------------------------------------------------------------------------------------------------------------


def workbook_of(folder: Path, rows: list[list[str | int]], name: str = "claims.xlsx") -> Path:
    from xlsxwriter import Workbook

    path = folder / name
    with Workbook(path) as book:
        sheet = book.add_worksheet("Claims")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return path


def test_the_claims_of_a_workbook_are_imported_and_its_bad_row_is_named(desk: Desk, tmp_path: Path) -> None:
    rows: list[list[str | int]] = [
        ["Statement", "claimant", "claimed_on"],
        ["883 people were killed.", "AAPP", 2021],
        [],
        ["", "Bo", ""],
    ]
    with pytest.raises(ClaimFileError, match=r"claims\.csv row 2 \(line 4\)"):
        desk.imports.plan(workbook_of(tmp_path, rows))
    (claim,) = desk.imports.plan(workbook_of(tmp_path, rows[:3])).added
    assert (claim.statement, claim.claimant and claim.claimant.name, str(claim.claimed_on)) == (
        "883 people were killed.",
        "AAPP",
        "2021",
    )


def test_what_is_no_workbook_is_refused_in_words(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "claims.xlsx"
    path.write_bytes(b"statement\nOne.\n")
    with pytest.raises(ClaimFileError, match=r"claims\.xlsx") as caught:
        desk.imports.plan(path)
    assert "csv" in caught.value.hint


def test_an_exported_workbook_comes_back_with_what_looks_like_a_formula(desk: Desk, home: Path, tmp_path: Path) -> None:
    desk.add_claim(make_claim("sum", "=1+1 is what he said", claimant={"name": "'Ana"}), actor=ANA)
    path = tmp_path / "export.xlsx"
    path.write_bytes(desk.export("xlsx"))
    with Desk.open(_empty(tmp_path), encoder=FakeEncoder) as other:
        (claim,) = other.imports.plan(path).added
    assert claim.model_dump() == desk.case("sum").claim.model_dump()


def _empty(folder: Path) -> Path:
    other = folder / "other"
    other.mkdir()
    (other / "workbench.toml").write_text("", encoding="utf-8")
    return other
