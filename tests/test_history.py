"""Who did what when, what differs between two revisions, and an old one begun anew."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import workbench
from tests.conftest import ANA, BO, make_claim
from workbench.desk import Desk
from workbench.errors import UnknownId
from workbench.history import CLAUSES, happenings
from workbench.models import Mark, StoredVerdict, VerdictRequest
from workbench.review import latest_revision
from workbench.revisions import begun_from, compared, revision_of, rounds_of, word_runs


@pytest.fixture
def ready(desk: Desk) -> Desk:
    desk.add_claim(make_claim(), actor=ANA)
    return desk


def judge(desk: Desk, token: str, **fields: Any) -> StoredVerdict:
    given = {"claim_id": "a-claim", "rating": "not-enough-evidence", "reviewer": ANA, "token": token}
    return desk.record(VerdictRequest.model_validate({**given, **fields}))


def test_every_step_of_a_claim_is_a_sentence_with_its_author(ready: Desk) -> None:
    ready.mark("a-claim", BO, Mark(passage_id=f"{'a' * 16}-0-9", judgement="not-relevant", reason="another vote"))
    judge(ready, "1")
    ready.publish("a-claim", "https://check.example.org/x", actor=BO)
    judge(ready, "2", change={"kind": "correction", "note": "The year was 2020."})
    ready.publishing.retract("a-claim", "The file was forged.", actor=BO)

    told = [f"{one.who} {one.words}" for one in happenings(ready.case("a-claim").events)]

    assert told == [
        "Ana added the claim “The election was marred by fraud.”",
        "Bo marked passage aaaaaaaaaaaaaaaa-0-9 as not relevant: “another vote”",
        "Ana recorded revision 1: Not enough evidence, 0 cited",
        "Bo published revision 1 by Ana at https://check.example.org/x",
        "Ana recorded revision 2: Not enough evidence, 0 cited; correction: “The year was 2020.”",
        "Bo retracted what was published: “The file was forged.”",
    ]


def test_a_round_ends_where_the_rules_changed(ready: Desk) -> None:
    given = [judge(ready, token) for token in "123"]
    by_rules = ["a" * 64, "a" * 64, "b" * 64]
    verdicts = [one.model_copy(update={"policy_hash": rules}) for one, rules in zip(given, by_rules, strict=True)]

    assert rounds_of(given) == {}
    assert rounds_of(verdicts) == {given[1].seq: "Round 1", given[2].seq: "Round 2, under other rules than the one before"}


def test_a_kind_of_event_without_a_sentence_is_told_by_its_name(ready: Desk) -> None:
    event = ready.case("a-claim").events[0].model_copy(update={"kind": "tea-was-made"})

    assert happenings([event])[0].words == "tea was made"


def test_every_kind_of_event_that_the_fold_knows_has_a_sentence() -> None:
    review = Path(workbench.__file__).parent / "review"
    folded = {
        node.value
        for name in ("fold.py", "public.py")
        for case in ast.walk(ast.parse((review / name).read_text(encoding="utf-8")))
        if isinstance(case, ast.match_case)
        for node in ast.walk(case.pattern)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }

    assert folded - set(CLAUSES) == set()


def test_two_revisions_are_compared_word_by_word(ready: Desk) -> None:
    older = judge(ready, "1", rationale="Nobody counted the votes.", headline="No count")
    newer = judge(ready, "2", rationale="Nobody counted all the votes.", headline="No count", rating="not-enough-evidence")

    found = compared(older, newer)

    assert [(one.label, [(run.where, run.words) for run in one.runs]) for one in found.fields] == [
        ("Rationale", [("both", "Nobody counted"), ("newer", "all"), ("both", "the votes.")])
    ]
    assert compared(older, older).is_same


def test_a_very_long_text_is_compared_without_comparing_every_pair_of_words() -> None:
    runs = list(word_runs("a b " + "x y " * 200_000, "a b " + "y x " * 200_000 + "z"))

    assert [run.where for run in runs] == ["both", "older", "newer"]


@given(st.text(alphabet="ab ", max_size=30), st.text(alphabet="ab ", max_size=30))
def test_the_runs_of_two_texts_give_both_back(older: str, newer: str) -> None:
    runs = list(word_runs(older, newer))

    assert " ".join(run.words for run in runs if run.where != "newer").split() == older.split()
    assert " ".join(run.words for run in runs if run.where != "older").split() == newer.split()


def test_restoring_an_old_revision_begins_a_new_one_from_it(ready: Desk) -> None:
    judge(ready, "1", rationale="The first one.", explanation="First.")
    judge(ready, "2", rationale="A second one.")
    case = ready.case("a-claim")

    kept = ready.change_draft(ready.draft("a-claim", ANA), lambda now: begun_from(now, revision_of(case, ANA, 1)))

    assert (kept.rationale, kept.explanation, kept.based_on) == ("The first one.", "First.", 2)
    third = judge(ready, kept.token, rationale=kept.rationale, based_on=kept.based_on)
    assert (third.revision, latest_revision(ready.case("a-claim").events, ANA)) == (3, 3)
    with pytest.raises(UnknownId, match="There is no revision 7"):
        revision_of(case, ANA, 7)
    judge(ready, "b", reviewer=BO)
    with pytest.raises(UnknownId, match="2 reviewers have a revision 1"):
        revision_of(ready.case("a-claim"), None, 1)
