"""Searches asked again: the same answer while nothing changed, and another as soon as something did."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import ANA, make_claim
from tests.test_saved_searches import OLD, take_in
from workbench.desk import Desk
from workbench.metadata import Edit
from workbench.models import Filters

ASKED = "election observers"


@pytest.fixture
def filled(desk: Desk) -> Desk:
    take_in(desk, old=OLD)
    return desk


def drop_a_file(desk: Desk) -> None:
    (desk.workspace.evidence / "waiting.txt").write_text("Nobody took this in yet.", encoding="utf-8")


CHANGES: dict[str, Callable[[Desk], object]] = {
    "a file is taken in": lambda desk: take_in(desk, new="The election observers left."),
    "a file waits": drop_a_file,
    "a source is described": lambda desk: desk.metadata.edit(desk.library()[0].source_id, Edit({"title": "Other"}), actor=ANA),
    "a source is removed": lambda desk: desk.remove_source(desk.library()[0].source_id, actor=ANA),
}


def test_while_nothing_changed_the_search_is_not_made_again(filled: Desk) -> None:
    found = filled.answers.find(ASKED)

    assert found.hits
    assert filled.answers.find(ASKED) is found


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_an_answer_is_given_anew_once(filled: Desk, change: Callable[[Desk], object]) -> None:
    before = filled.answers.find(ASKED)

    change(filled)

    after = filled.answers.find(ASKED)
    assert after.receipt.model_dump(exclude={"created_at"}) != before.receipt.model_dump(exclude={"created_at"}) or (
        after.hits != before.hits
    )


def test_another_question_is_another_search(filled: Desk) -> None:
    claim = make_claim("a", "Nobody observed the election.")
    asked = [
        filled.answers.find(ASKED),
        filled.answers.find(ASKED, k=1),
        filled.answers.find(ASKED, mode="lexical"),
        filled.answers.find(ASKED, about=claim),
        filled.answers.find(ASKED, about=claim.model_copy(update={"statement": "Observers came."})),
        filled.answers.find(ASKED, also=("monitors",)),
        filled.answers.find(ASKED, filters=Filters(languages=("en",))),
    ]

    assert len({id(one) for one in asked}) == len(asked)
