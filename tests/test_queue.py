"""The queue: which claims are shown, in what order, and which one is next."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ANA, BO, NOON, FakeEncoder, make_claim
from workbench.desk import Desk
from workbench.models import ME, NOBODY, QueueFilter, VerdictRequest
from workbench.queue import as_address, from_address

TODAY = NOON.date()


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.at = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def kept(home: Path, clock: Clock) -> Iterator[Desk]:
    with Desk.open(home, encoder=FakeEncoder, now=clock) as desk:
        yield desk


def add(desk: Desk, *claims: tuple[str, dict[str, Any]]) -> None:
    desk.cases.add([make_claim(one, **fields) for one, fields in claims], actor=ANA)


def ids(desk: Desk, **asked: Any) -> list[str]:
    return [row.case.claim.id for row in desk.queue.find(QueueFilter(**asked), who=ANA)]


def judge(desk: Desk, claim_id: str, rating: str = "not-enough-evidence", reviewer: Any = ANA) -> None:
    token = f"{claim_id}-{reviewer.subject}"
    desk.record(VerdictRequest(claim_id=claim_id, rating=rating, reviewer=reviewer, token=token))


def test_what_is_overdue_comes_first_then_what_is_due_in_a_week_then_priority_then_age(kept: Desk) -> None:
    day = TODAY.isoformat
    add(
        kept,
        ("decided", {"due": "2026-04-01"}),
        ("low", {"priority": "low"}),
        ("old", {}),
        ("new", {}),
        ("far-off", {"due": "2026-09-01"}),
        ("high", {"priority": "high"}),
        ("soon", {"due": (TODAY + timedelta(days=7)).isoformat(), "priority": "low"}),
        ("today", {"due": day()}),
        ("overdue", {"due": (TODAY - timedelta(days=1)).isoformat(), "priority": "low"}),
    )
    judge(kept, "decided")

    assert ids(kept) == ["overdue", "today", "soon", "high", "far-off", "old", "new", "low", "decided"]
    assert ids(kept, order="newest")[:2] == ["overdue", "today"]


FILTERS: list[tuple[dict[str, Any], list[str]]] = [
    ({"status": "todo"}, ["b", "c"]),
    ({"status": "settled"}, ["a"]),
    ({"status": "waiting"}, ["b", "c"]),
    ({"status": "retired"}, ["d"]),
    ({"text": "FRAUD hlaing"}, ["c"]),
    ({"person": ME}, ["b"]),
    ({"person": "Bo"}, ["c"]),
    ({"person": NOBODY}, ["a"]),
    ({"topic": "UN"}, ["b"]),
    ({"claimant": "Min Aung Hlaing"}, ["c"]),
    ({"due": "overdue"}, ["c"]),
    ({"due": "no-day"}, ["a", "b"]),
    ({"priority": "high"}, ["b"]),
    ({"age": "over-30-days"}, ["a", "b", "c"]),
    ({"age": "last-7-days"}, []),
    ({"priority": "high", "person": "Bo"}, []),
]


def test_every_filter_lets_its_claims_pass(kept: Desk, clock: Clock) -> None:
    add(
        kept,
        ("a", {}),
        ("b", {"topics": ["UN"], "priority": "high"}),
        ("c", {"claimant": {"name": "Min Aung Hlaing"}, "due": "2026-06-01"}),
        ("d", {}),
    )
    kept.assignments.assign(["b"], [ANA], actor=BO)
    kept.assignments.assign(["c"], [BO], actor=BO)
    kept.assignments.retire(["d"], "Nobody repeats it.", actor=BO)
    judge(kept, "a")
    clock.at += timedelta(days=40)

    assert [(asked, sorted(ids(kept, **asked))) for asked, _ in FILTERS] == FILTERS


def test_a_filter_has_an_address_and_what_an_address_asks_for_that_there_is_not_is_named() -> None:
    wanted = QueueFilter(status="waiting", text="fraud", person=ME, due="overdue", priority="high", order="newest")

    assert from_address(as_address(wanted)) == (wanted, [])
    assert as_address(QueueFilter()) == {}
    assert from_address({"status": "done", "due": "overdue", "other": "x"}) == (QueueFilter(due="overdue"), ["status “done”"])


def test_the_next_claim_is_mine_before_nobodys_and_never_a_colleagues(kept: Desk) -> None:
    add(
        kept,
        ("theirs", {"due": "2026-04-01"}),
        ("nobodys", {"priority": "high"}),
        ("mine", {}),
        ("recused", {"priority": "high"}),
    )
    add(kept, ("begun", {"priority": "high"}), ("judged", {"priority": "high"}))
    kept.assignments.assign(["theirs"], [BO], actor=ANA)
    kept.assignments.assign(["mine"], [ANA], actor=BO)
    kept.impartiality.recuse("recused", ANA, "I work there.")
    kept.save_draft(kept.draft("begun", BO))
    judge(kept, "judged", reviewer=ANA)

    assert [row.case.claim.id for row in kept.queue.next_for(ANA)] == ["mine", "nobodys"]


def test_two_who_ask_for_the_next_claim_get_one_each(kept: Desk) -> None:
    add(kept, ("first", {"priority": "high"}), ("second", {}))

    taken = [kept.queue.take_next(who) for who in (ANA, BO)]

    assert [case.claim.id for case in taken if case] == ["first", "second"]
    assert kept.queue.take_next(BO, QueueFilter(priority="high")) is None


def test_what_waits_for_somebody_is_counted(kept: Desk) -> None:
    add(kept, ("late", {"due": "2026-04-30"}), ("decided", {}), ("begun", {}), ("nobodys", {"due": "2026-04-30"}))
    kept.assignments.assign(["late", "decided"], [ANA], actor=BO)
    judge(kept, "decided")
    kept.save_draft(kept.draft("begun", ANA))

    today = kept.queue.waits_for(ANA)

    assert (today.assigned, today.overdue, today.drafts, today.unclaimed) == (1, 1, 1, 1)


def test_lists_are_kept_under_a_name_for_everybody_and_taken_away(kept: Desk, home: Path) -> None:
    saved = kept.queue.lists.save(" Overdue  at the UN ", QueueFilter(topic="UN", due="overdue"), actor=ANA)
    with Desk.open(home, encoder=FakeEncoder) as other:
        assert other.queue.lists.get("overdue at the un") == saved
        other.queue.lists.rename(saved.id, "Late", actor=BO)

    assert [one.name for one in kept.queue.lists.all()] == ["Late"]
    kept.queue.lists.retire("late", actor=BO)
    assert kept.queue.lists.all() == []


def test_rows_are_kept_while_nothing_is_stored_and_only_the_changed_one_is_made_anew(kept: Desk) -> None:
    add(kept, ("a", {}), ("b", {}))
    before = {row.case.claim.id: row for row in kept.queue.find(QueueFilter())}
    assert kept.queue.find(QueueFilter()) is kept.queue.find(QueueFilter())

    kept.matters.set_due(["b"], date(2026, 5, 20), actor=ANA)

    after = {row.case.claim.id: row for row in kept.queue.find(QueueFilter())}
    assert (after["a"] is before["a"], after["b"] is before["b"]) == (True, False)
