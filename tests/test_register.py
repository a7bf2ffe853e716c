"""The register: what lists ask of a claim, equal to the fold of its events, and kept so that no process folds them again."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from tests.conftest import ANA, BO, FakeEncoder, make_claim
from workbench.casebook import AT_ONCE, HELD, Casebook
from workbench.desk import Desk
from workbench.models import Case, QueueFilter, VerdictRequest
from workbench.register import RegisterCopy, Row, row_of


def judge(desk: Desk, claim_id: str) -> None:
    desk.record(VerdictRequest(claim_id=claim_id, rating="not-enough-evidence", reviewer=ANA, token=f"{claim_id}-1"))


@pytest.fixture
def busy(home: Path) -> Iterator[Desk]:
    """A workspace in which something was done to every claim but one."""
    with Desk.open(home, encoder=FakeEncoder) as desk:
        ids = ("plain", "judged", "drafted", "given", "retired", "recused")
        wordings = [
            make_claim(one, f"{one} votes were counted.", claimant={"name": "Ana Ruiz"}, topics=["vote"]) for one in ids
        ]
        desk.cases.add(wordings, actor=ANA)
        judge(desk, "judged")
        desk.save_draft(desk.draft("drafted", BO).model_copy(update={"rationale": "So far."}))
        desk.assignments.assign(["given"], [BO], actor=ANA)
        desk.assignments.retire(["retired"], "Not checkable.", actor=ANA)
        desk.impartiality.recuse("recused", BO, "My cousin.")
        yield desk


def put_copy(desk: Desk) -> Path:
    """The register of a desk on disk, as a process leaves it that has folded many claims."""
    file = desk.workspace.derived / "register.json"
    RegisterCopy(file, desk.ledger).write(desk.ledger.head()[0], desk.cases.rows())
    return file


def of_the_fold(desk: Desk) -> dict[str, Row]:
    """What the rows are when every claim's own events are folded."""
    return {one: row_of(number, desk.cases.all()[one]) for number, one in enumerate(desk.cases.all())}


def test_a_later_process_lists_what_the_copy_holds_and_it_is_what_the_fold_says(busy: Desk) -> None:
    put_copy(busy)
    with Desk.open(busy.workspace.root, encoder=FakeEncoder) as later:
        assert dict(later.cases.rows()) == of_the_fold(busy)


def test_claims_are_listed_from_the_copy_without_folding_one(busy: Desk) -> None:
    put_copy(busy)
    with Desk.open(busy.workspace.root, encoder=FakeEncoder) as later:
        found = [row.claim_id for row in later.queue.find(QueueFilter(text="plain votes"))]
        opened = set(later.cases.all().opened(but={}))
    assert (found, opened) == (["plain"], {"drafted"}), "a draft is no event: whether it still is one has to be asked"


def test_what_was_stored_and_begun_after_the_copy_counts(busy: Desk) -> None:
    put_copy(busy)
    judge(busy, "plain")
    judge(busy, "drafted")
    busy.add_claim(make_claim("new"), actor=ANA)
    busy.save_draft(busy.draft("given", BO).model_copy(update={"rationale": "So far."}))
    with Desk.open(busy.workspace.root, encoder=FakeEncoder) as later:
        assert dict(later.cases.rows()) == of_the_fold(busy)
        assert list(later.cases.rows()) == ["plain", "judged", "drafted", "given", "retired", "recused", "new"]


def test_a_draft_that_ended_after_the_copy_is_ended_for_the_next_process(busy: Desk) -> None:
    put_copy(busy)
    before = busy.cases.rows()["drafted"].status
    judge_token = busy.draft("drafted", BO).token
    request = VerdictRequest(claim_id="drafted", rating="not-enough-evidence", reviewer=BO, token=judge_token)
    busy.record(request)
    busy.void("drafted", BO, reason="A slip.")
    with Desk.open(busy.workspace.root, encoder=FakeEncoder) as later:
        assert (before, later.cases.rows()["drafted"].status) == ("draft", "void")


@pytest.mark.parametrize("harm", [lambda data: data.replace(b"votes", b"voles", 1), lambda data: data[:-9], lambda data: b""])
def test_a_damaged_copy_is_made_afresh(busy: Desk, harm: object) -> None:
    file = put_copy(busy)
    file.write_bytes(harm(file.read_bytes()))  # type: ignore[operator]
    assert RegisterCopy(file, busy.ledger).read() == (0, {})
    with Desk.open(busy.workspace.root, encoder=FakeEncoder) as later:
        assert dict(later.cases.rows()) == of_the_fold(busy)


def test_a_copy_of_a_ledger_that_went_another_way_is_not_believed(busy: Desk, tmp_path: Path) -> None:
    other = shutil.copytree(busy.workspace.root, tmp_path / "fork")
    with Desk.open(other, encoder=FakeEncoder) as fork:
        judge(fork, "given")
        copied = put_copy(fork)
    judge(busy, "plain")
    shutil.copy(copied, busy.workspace.derived / "register.json")
    with Desk.open(busy.workspace.root, encoder=FakeEncoder) as later:
        assert {one: row.status for one, row in later.cases.rows().items() if row.has_verdict} == {
            "plain": "settled",
            "judged": "settled",
        }


def test_a_claim_nobody_judged_stays_closed_for_a_blind_reader_and_is_still_blind_when_opened(home: Path) -> None:
    (home / "workbench.toml").write_text("[review]\nreviews = 2\n", encoding="utf-8")
    with Desk.open(home, encoder=FakeEncoder) as desk:
        desk.cases.add([make_claim("plain"), make_claim("judged", "Another.")], actor=ANA)
        judge(desk, "judged")
        bo = desk.seen_by(BO)
        assert {one: row.status for one, row in bo.cases.rows().items()} == {"plain": "todo", "judged": "todo"}
        assert (bo.cases.rows()["judged"].rating, bo.cases.rows()["judged"].has_verdict) == (None, False)
        assert (bo.case("plain").is_blind, bo.cases.hidden) == (True, frozenset({"plain", "judged"}))


# --- the casebook -----------------------------------------------------------------------------------------------------------


class Opener:
    """Opens copies of one case, and counts."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.asked: list[int] = []

    def __call__(self, claim_ids: Sequence[str]) -> Mapping[str, Case]:
        self.asked.append(len(claim_ids))
        return {one: self.case.model_copy(update={"claim": make_claim(one)}) for one in claim_ids}


@pytest.fixture
def opener(busy: Desk) -> Opener:
    return Opener(busy.case("plain"))


def book_of(many: int, opener: Opener) -> Casebook:
    row = row_of(0, opener.case)
    return Casebook({f"c-{n}": row._replace(number=n, claim_id=f"c-{n}") for n in range(many)}, opener)


def test_how_many_claims_there_are_and_which_pass_opens_none(opener: Opener) -> None:
    book = book_of(5_000, opener)
    chosen = book.of([row.claim_id for row in book.rows.values() if row.number % 2])
    assert (len(book), len(chosen), "c-4" in book, opener.asked) == (5_000, 2_500, True, [])
    assert [case.claim.id for case in chosen[:2]] == ["c-1", "c-3"]


def test_a_walk_opens_some_at_a_time_and_keeps_few(opener: Opener) -> None:
    book = book_of(HELD + 3 * AT_ONCE, opener)
    assert [case.claim.id for case in book.values()] == list(book)
    assert (max(opener.asked), len(book.opened(but={}))) == (AT_ONCE, HELD)
