"""The queue: which claims are shown, in what order, and which one is next."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import ANA, BO, NOON, FakeEncoder, make_claim
from workbench.desk import Desk
from workbench.models import ME, NOBODY, QueueFilter, VerdictRequest
from workbench.queue import as_address, from_address
from workbench.ui import session
from workbench.ui.app import MAIN_PAGE

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
    return [row.claim_id for row in desk.queue.find(QueueFilter(**asked), who=ANA)]


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

    assert [row.claim_id for row in kept.queue.next_for(ANA)] == ["mine", "nobodys"]


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


def test_the_overlap_sample_is_listed_and_left_out(home: Path) -> None:
    (home / "workbench.toml").write_text("[review]\noverlap = 50\n", encoding="utf-8")
    with Desk.open(home, encoder=FakeEncoder) as desk:
        add(desk, *((f"claim-{number}", {}) for number in range(12)))
        drawn = {one for one in desk.cases.all() if desk.settings.review.reviews_of(one) == 2}

        listed = {row.claim_id for row in desk.queue.find(QueueFilter(sample="overlap"))}
        others = {row.claim_id for row in desk.queue.find(QueueFilter(sample="no-overlap"))}

    assert (listed, listed | others, listed & others) == (drawn, {f"claim-{number}" for number in range(12)}, set())
    assert 0 < len(listed) < 12


def test_lists_are_kept_under_a_name_for_everybody_and_taken_away(kept: Desk, home: Path) -> None:
    saved = kept.queue.lists.save(" Overdue  at the UN ", filter=QueueFilter(topic="UN", due="overdue"), actor=ANA)
    with Desk.open(home, encoder=FakeEncoder) as other:
        assert other.queue.lists.get("overdue at the un") == saved
        other.queue.lists.rename(saved.id, "Late", actor=BO)

    assert [one.name for one in kept.queue.lists.all()] == ["Late"]
    kept.queue.lists.retire("late", actor=BO)
    assert kept.queue.lists.all() == []


def test_rows_are_kept_while_nothing_is_stored_and_only_the_changed_one_is_made_anew(kept: Desk) -> None:
    add(kept, ("a", {}), ("b", {}))
    before = {row.claim_id: row for row in kept.queue.find(QueueFilter())}
    assert kept.queue.find(QueueFilter()) is kept.queue.find(QueueFilter())

    kept.matters.set_due(["b"], date(2026, 5, 20), actor=ANA)

    after = {row.claim_id: row for row in kept.queue.find(QueueFilter())}
    assert (after["a"] is before["a"], after["b"] is before["b"]) == (True, False)


# --- the page ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def shown(desk: Desk) -> Iterator[Desk]:
    """A desk with three claims, handed to the pages."""
    add(desk, ("vote", {"topics": ["UN"]}), ("fraud", {"due": "2020-01-01"}), ("toll", {"priority": "high"}))
    session.use_desk(desk)
    yield desk
    session.use_desk(None)


def visit(**address: str) -> AppTest:
    app = AppTest.from_file(MAIN_PAGE, default_timeout=30)
    app.session_state["reviewer"] = "Ana"
    app.switch_page("views/queue.py")
    for name, value in address.items():
        app.query_params[name] = value
    return app.run()


def rows_of(app: AppTest) -> list[str]:
    return [link.proto.query_string.split("claim=")[1] for link in app.get("page_link") if "claim=" in link.proto.query_string]


def html(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


def test_the_page_shows_what_its_address_asks_for_and_a_choice_is_in_the_address(shown: Desk) -> None:
    assert rows_of(visit(due="overdue")) == ["fraud"]
    told = visit(status="done")
    assert (rows_of(told), "status “done”" in html(told)) == (["fraud", "toll", "vote"], True)

    app = visit()
    app.selectbox(key="queue_topic").set_value("UN").run()

    assert (rows_of(app), app.query_params["topic"]) == (["vote"], "UN")


def test_claims_chosen_together_are_assigned_together_and_what_was_left_out_is_told(shown: Desk) -> None:
    shown.impartiality.recuse("toll", ANA, "I work there.")
    app = visit()
    app.toggle(key="queue_choosing").set_value(True).run()
    app.button(key="choose-all").click().run()
    app.multiselect(key="bulk-people").set_value(["Ana"]).run()
    app.button(key="do-assign").click().run()

    assert "Assigned to Ana: 2 claims." in html(app)
    assert "Ana recused from toll." in html(app)
    assert ids(shown, person=ME) == ["fraud", "vote"]


def test_the_next_one_is_taken_and_opened(shown: Desk) -> None:
    app = visit()
    app.button(key="take-next").click().run()

    assert [one.reviewer for one in shown.case("fraud").assignments] == [ANA]
    assert not app.exception


def test_progress_is_drawn_with_a_table_behind_each_chart(shown: Desk) -> None:
    judge(shown, "vote")
    app = visit()
    app.segmented_control(key="queue_view").set_value("Progress").run()

    assert not app.exception
    assert "1 verdict in twelve weeks, 1 of them yours. 2 claims wait." in html(app)
    assert len(app.dataframe) == 3
