"""The coefficients reproduce their papers' worked examples; a workspace of 20 claims and 3 reviewers, worked out by hand."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import ANA, BO, NOON, make_claim
from tests.test_cli import Run, run
from workbench.agreement import Round
from workbench.agreement.coefficients import alpha, counted, gwet, identity, interval, kappa, ordinal, percent, quadratic
from workbench.agreement.evidence import cited_passages, share_in_common
from workbench.desk import Desk
from workbench.models import Citation, NewEvent, Reviewer, Stance, Verdict, sha256_hex
from workbench.ratings import snapshot

__all__ = ["run"]  # a fixture

Unit = Sequence[Any]  # what each person gave it
N = None
CY, DEE = Reviewer.self_declared("Cy"), Reviewer.self_declared("Dee")

# the papers ----------------------------------------------------------------------------------------------------------------

# Krippendorff 2011, example C; the same data in Gwet 2014 (irrCAC's cac.raw4raters)
FOUR_OBSERVERS: list[Unit] = [
    [1, 1, N, 1],
    [2, 2, 3, 2],
    [3, 3, 3, 3],
    [3, 3, 3, 3],
    [2, 2, 2, 2],
    [1, 2, 3, 4],
    [4, 4, 4, 4],
    [1, 1, 2, 1],
    [2, 2, 2, 2],
    [N, 5, 5, 5],
    [N, N, 1, 1],
    [N, 3, N, N],
]
# the computational example of three coders and fifteen units that goes with the 2011 paper's description of alpha
THREE_CODERS: list[Unit] = list(
    zip(
        [N, N, N, N, N, 3, 4, 1, 2, 1, 1, 3, 3, N, 3],
        [1, N, 2, 1, 3, 3, 4, 3, N, N, N, N, N, N, N],
        [N, N, 2, 1, 3, 4, 4, N, 2, 1, 1, 3, 3, N, 4],
        strict=True,
    )
)


def test_alpha_of_two_observers_and_two_values() -> None:
    """Krippendorff 2011, example A."""
    units: list[Unit] = list(zip("0100000010", "1110010000", strict=True))

    assert alpha(counted(units, "01")) == pytest.approx(0.095, abs=5e-4)


def test_alpha_of_two_observers_and_five_values() -> None:
    """Krippendorff 2011, example B."""
    units: list[Unit] = list(zip("aabbdcccedda", "babbbccceddd", strict=True))

    assert alpha(counted(units, "abcde")) == pytest.approx(0.692, abs=5e-4)


def test_alpha_of_four_observers_with_values_missing() -> None:
    """Krippendorff 2011, example C: nominal and ordinal."""
    counts = counted(FOUR_OBSERVERS, [1, 2, 3, 4, 5])

    assert alpha(counts) == pytest.approx(0.743, abs=5e-4)
    assert alpha(counts, in_order=True) == pytest.approx(0.815, abs=5e-4)


def test_alpha_of_three_coders_and_fifteen_units() -> None:
    counts = counted(THREE_CODERS, [1, 2, 3, 4])

    assert alpha(counts) == pytest.approx(0.691, abs=5e-4)
    assert alpha(counts, in_order=True) == pytest.approx(0.807, abs=5e-4)


def test_ac1_and_ac2_of_four_raters_with_values_missing() -> None:
    """Gwet 2014, as irrCAC prints it: 0.81818, 0.77544 and, with quadratic weights, 0.914."""
    counts = counted(FOUR_OBSERVERS, [1, 2, 3, 4, 5])

    assert percent(counts) == pytest.approx(0.81818, abs=5e-6)
    assert gwet(counts) == pytest.approx(0.77544, abs=5e-6)
    assert percent(counts, quadratic(5)) == pytest.approx(0.97538, abs=5e-6)
    assert gwet(counts, quadratic(5)) == pytest.approx(0.914, abs=5e-4)


def table(cells: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    return [(one, other) for one, row in enumerate(cells) for other, times in enumerate(row) for _ in range(times)]


def test_kappa_falls_where_nearly_all_agree_and_ac1_does_not() -> None:
    """The paradox Gwet's papers begin from: 118 of 125 agreed on the common value, none on the rare one."""
    pairs = table([[118, 5], [2, 0]])

    assert kappa(pairs, identity(2)) == pytest.approx(-0.0234, abs=5e-5)
    assert gwet(counted(pairs, [0, 1])) == pytest.approx(0.9408, abs=5e-5)


def test_kappa_and_weighted_kappa_of_two_diagnosticians() -> None:
    """Cohen 1968, table 1: 200 cases, disagreements weighted 1, 3 and 6. Unweighted it is the kappa of Cohen 1960."""
    pairs = table([[88, 10, 2], [14, 40, 6], [18, 10, 12]])
    disagreement = np.array([[0, 1, 3], [1, 0, 6], [3, 6, 0]])

    assert kappa(pairs, identity(3)) == pytest.approx(0.492, abs=5e-4)
    assert kappa(pairs, 1 - disagreement / 6) == pytest.approx(0.348, abs=5e-4)


# laws ----------------------------------------------------------------------------------------------------------------------

UNITS = st.lists(st.lists(st.sampled_from(["a", "b", "c", None]), min_size=3, max_size=3), min_size=2, max_size=12)


@given(UNITS, st.randoms(use_true_random=False))
def test_neither_the_order_of_units_nor_of_people_matters(units: list[list[str | None]], chance: object) -> None:
    shuffled = [sorted(unit, key=str) for unit in reversed(units)]
    before, after = counted(units, "abc"), counted(shuffled, "abc")

    for coefficient in (percent, alpha, gwet):
        assert coefficient(before) == pytest.approx(coefficient(after))


@given(UNITS)
def test_no_coefficient_passes_one_and_nobody_disagrees_with_themselves(units: list[list[str | None]]) -> None:
    alone = [[unit[0], unit[0]] for unit in units]

    for coefficient in (percent, alpha, gwet):
        assert (coefficient(counted(units, "abc")) or 0) <= 1 + 1e-9
        assert coefficient(counted(alone, "abc")) in (None, pytest.approx(1))


def test_what_cannot_be_told_is_none_and_never_a_number() -> None:
    nobody_twice = counted([["a", N], [N, "b"]], "ab")
    all_the_same = counted([["a", "a"], ["a", "a"]], "ab")

    assert [percent(nobody_twice), alpha(nobody_twice), gwet(nobody_twice), interval(nobody_twice, percent)] == [N] * 4
    assert (alpha(all_the_same), kappa([(0, 0), (0, 0)], identity(2)), kappa([], identity(2))) == (N, N, N)
    assert gwet(all_the_same) == 1
    with pytest.raises(ValueError, match="none of the values"):
        counted([["z"]], "ab")


def test_ordinal_weights_fall_with_what_lies_between() -> None:
    assert ordinal(4)[0].round(4).tolist() == [1, 0.8333, 0.5, 0]


def test_an_interval_is_the_same_each_time_and_narrower_for_more_units() -> None:
    few = counted(FOUR_OBSERVERS, [1, 2, 3, 4, 5])
    many = np.vstack([few] * 8)
    low, high = interval(few, alpha) or (0, 0)
    narrow = interval(many, alpha) or (0, 0)

    assert interval(few, alpha) == (low, high)
    assert low < 0.743 < high
    assert narrow[1] - narrow[0] < high - low


# a workspace of 20 claims and 3 reviewers -------------------------------------------------------------------------------------

SCALE = """
[[review.ratings]]
slug = "false"
label = "False"
order = 1
[[review.ratings]]
slug = "mixed"
label = "Mixed"
order = 2
[[review.ratings]]
slug = "true"
label = "True"
order = 3
[[review.ratings]]
slug = "unproven"
label = "Unproven"
decisive = false
"""
TEXT = sha256_hex("text")
FALSE, MIXED, TRUE, UNPROVEN = "false", "mixed", "true", "unproven"
# what Ana, Bo and Cy said first of each claim
SAID = (
    [(FALSE, FALSE, FALSE)] * 10
    + [(TRUE, TRUE, TRUE)] * 4
    + [(MIXED, MIXED, MIXED)] * 2
    + [(FALSE, FALSE, MIXED), (TRUE, TRUE, FALSE), (MIXED, TRUE, N), (UNPROVEN, UNPROVEN, FALSE)]
)


def cite(start: int, end: int, stance: Stance) -> Citation:
    return Citation(source_id=TEXT, text_sha256=TEXT, start=start, end=end, quote=f"words {start} to {end}", stance=stance)


def cites_of(number: int, who: int) -> tuple[Citation, ...]:
    """Claims 0 to 9: all three cite one passage, Bo part of it. 10 and 11: Ana two, Bo one of them, Cy another. Else none."""
    if number < 10:
        stance: Stance = "context" if (number, who) == (0, 2) else "refutes"
        return (cite(0, 50, stance) if who != 1 else cite(10, 30, stance),)
    if number < 12:
        first, second, third = cite(0, 50, "supports"), cite(60, 90, "context"), cite(100, 150, "supports")
        return ((first, second), (first,), (third,))[who]
    return ()


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("judged")
    (home / "workbench.toml").write_text(f'[review]\nscale = "four"\nreviews = 3\n{SCALE}', encoding="utf-8")
    with Desk.open(home) as desk:
        claims = [make_claim(f"claim-{number:02}", f"Statement number {number}.") for number in range(20)]
        desk.cases.add(claims, actor=DEE)
        review = desk.settings.review
        ratings = {rating.slug: snapshot(review.rating_scale, rating) for rating in review.rating_scale.ratings}

        def recorded(number: int, by: Reviewer, slug: str, *, revision: int = 1, **more: object) -> NewEvent:
            verdict = Verdict(
                claim_id=claims[number].id,
                claim_hash=claims[number].content_hash,
                rating=ratings[slug],
                policy_hash=review.policy_hash,
                reviewer=by,
                revision=revision,
                based_on=revision - 1,
                token=f"{number}-{by.subject}-{revision}",
                created_at=NOON,
                software="test",
            ).model_copy(update=more)
            payload = {"verdict": verdict.model_dump(mode="json")}
            event = desk.cases.event(claims[number].id, "verdict-recorded", payload, actor=by, token=verdict.token)
            return event.model_copy(update={"revision": revision})

        events = [
            recorded(number, by, slug, citations=cites_of(number, who))
            for number, said in enumerate(SAID)
            for who, (by, slug) in enumerate(zip((ANA, BO, CY), said, strict=True))
            if slug is not None
        ]
        # none of these is a first judgement that counts: a revision, a ruling, and one that was declared void
        events += [
            recorded(16, CY, FALSE, revision=2),
            recorded(17, DEE, TRUE, adjudicates=("a" * 64,)),
            recorded(18, CY, TRUE),
        ]
        void = {"reviewer": CY.model_dump(mode="json"), "revision": 1, "reason": "The wrong claim."}
        events.append(desk.cases.event("claim-18", "verdict-voided", void, actor=CY))
        desk.ledger.append_all(events)
    return home


@pytest.fixture(scope="module")
def the_round(judged: Path) -> Round:
    with Desk.open(judged) as desk:
        (found,) = desk.agreement.rounds()
    return found


def test_the_agreement_on_ratings_is_that_worked_out_by_hand(the_round: Round) -> None:
    """16 claims agreed on; one pair of three on three; none of one. Of 59 judgements 34 false, 8 mixed, 15 true, 2 unproven."""
    ratings = the_round.fields[0]

    assert (the_round.claims, ratings.units, ratings.judgements) == (20, 20, 59)
    assert ratings.percent.value == pytest.approx((16 + 3 / 3) / 20)
    assert ratings.alpha.value == pytest.approx(1 - 58 * (3 * 2 + 2) / (59**2 - 34**2 - 8**2 - 15**2 - 2**2))
    shares = ((10 + 4 / 3) / 20, (2 + 1 / 3 + 1 / 2) / 20, (4 + 2 / 3 + 1 / 2) / 20, 2 / 3 / 20)
    by_chance = sum(share * (1 - share) for share in shares) / 3
    assert ratings.ac1.value == pytest.approx((0.85 - by_chance) / (1 - by_chance))


def test_the_rating_off_the_axis_is_left_out_of_the_order(the_round: Round) -> None:
    """In order, unit 19 keeps one judgement and is not compared. Of 56 judgements 33 false, 8 mixed, 15 true: their middles at
    16.5, 37 and 48.5. Apart: false-mixed 2, false-true 2, mixed-true 2, each counted in both directions and over m - 1.
    """
    assert the_round.fields[0].ordinal_alpha is not None
    observed = 2 * (37 - 16.5) ** 2 + 2 * (48.5 - 16.5) ** 2 + 2 * (48.5 - 37) ** 2
    expected = 2 * (33 * 8 * 20.5**2 + 33 * 15 * 32**2 + 8 * 15 * 11.5**2)

    assert the_round.fields[0].ordinal_alpha.value == pytest.approx(1 - 55 * observed / expected)


def test_each_pair_of_reviewers_has_its_kappa(the_round: Round) -> None:
    """Ana and Bo agree on 19 of 20; Ana said false 11 times, true 5, mixed 3, unproven 1; Bo 11, 6, 2, 1."""
    pairs = {(one.one, one.other): one for one in the_round.pairs}

    assert (pairs["Ana", "Bo"].claims, pairs["Ana", "Bo"].percent) == (20, 0.95)
    assert pairs["Ana", "Bo"].kappa == pytest.approx((0.95 - 158 / 400) / (1 - 158 / 400))
    assert pairs["Bo", "Cy"].claims == 19


def test_the_evidence_they_share_is_that_worked_out_by_hand(the_round: Round) -> None:
    """Ten claims on one passage by three pairs; on two claims Ana and Bo share one of two, and Cy nothing with either."""
    assert the_round.evidence == pytest.approx((10 * 3 + 2 * 0.5) / (10 * 3 + 2 * 3))
    assert next(one.evidence for one in the_round.pairs if one.other == "Bo") == pytest.approx((10 + 2 * 0.5) / 12)
    assert [(one.claim_id, one.one, one.other) for one in the_round.apart] == [
        (claim_id, name, "Cy") for claim_id in ("claim-10", "claim-11") for name in ("Ana", "Bo")
    ]


def test_the_agreement_on_what_a_passage_is_taken_for_is_that_worked_out_by_hand(the_round: Round) -> None:
    """Twelve passages are cited by two or more: nine taken for the same by three, one by two of three, two by both."""
    stances = the_round.fields[1]

    assert (stances.field, stances.units, stances.judgements) == ("stance", 12, 34)
    assert stances.percent.value == pytest.approx((9 + 1 / 3 + 2) / 12)


def test_the_command_line_prints_one_document_and_a_table(run: Run, judged: Path, the_round: Round) -> None:
    told = json.loads(run("agreement", "--json", "-w", judged)[1])
    text = run("agreement", "-w", judged)[1]

    assert told["rounds"] == [the_round.model_dump(mode="json")]
    assert "same verdict, other evidence: claim-10 (Ana, Cy)" in text
    assert "0.850" in text


def test_a_desk_of_one_has_nothing_to_compare(desk: Desk) -> None:
    assert desk.agreement.rounds() == ()


def test_the_same_words_in_two_files_are_one_passage() -> None:
    here = cite(0, 9, "supports")
    there = here.model_copy(update={"source_id": "b" * 64, "text_sha256": "b" * 64, "start": 400, "end": 409})

    assert share_in_common(cited_passages([(here,), (there,)])) == 1
    assert share_in_common(cited_passages([])) is None
