from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.conftest import ANA, BO, NOON, make_claim
from workbench.errors import Conflict, Refused, TokenReused, UnknownId
from workbench.fragments import are_same, fragment_of, judged, needs, of_draft
from workbench.models import Citation, Event, FragmentRating, NewEvent, Reviewer, Verdict, VerdictRequest
from workbench.ratings import AVERITEC_4, find_rating, snapshot
from workbench.review import Judgement, check_publish, check_verdict, check_void, checklist, fold_case
from workbench.settings import Policy, ReviewSettings

CLAIM = make_claim()
SOURCE = "a" * 64
SETTINGS = ReviewSettings()


def stored(seq: int, kind: str, payload: dict[str, Any], actor: Reviewer = ANA, **fields: Any) -> Event:
    return Event(
        seq=seq,
        subject_kind="claim",
        subject_id=CLAIM.id,
        subject_revision=seq,
        kind=kind,
        actor=actor,
        created_at=NOON + timedelta(minutes=seq),
        payload=payload,
        subject_prev="0" * 64,
        prev_hash="0" * 64,
        hash=f"{seq:064x}",
        **fields,
    )


def verdict(
    reviewer: Reviewer = ANA, *, revision: int = 1, rating: str = "supported", token: str = "t1", cited: bool = True
) -> Verdict:
    words = Citation(source_id=SOURCE, text_sha256=SOURCE, start=0, end=5, quote="Words", stance="supports")
    return Verdict(
        claim_id=CLAIM.id,
        claim_hash=CLAIM.content_hash,
        rating=snapshot(AVERITEC_4, find_rating(AVERITEC_4, rating)),
        citations=(words,) if cited else (),
        policy_hash=SETTINGS.policy_hash,
        reviewer=reviewer,
        revision=revision,
        based_on=revision - 1,
        token=token,
        created_at=NOON,
        software="test",
    )


ADDED = stored(1, "claim-added", {"claim": CLAIM.model_dump(mode="json")})


def recorded(seq: int, reviewer: Reviewer = ANA, *, revision: int = 1, rating: str = "supported") -> Event:
    given_verdict = verdict(reviewer, revision=revision, rating=rating, token=f"t{seq}")
    payload = {"verdict": given_verdict.model_dump(mode="json")}
    return stored(seq, "verdict-recorded", payload, reviewer, revision=revision, token=f"t{seq}")


def voided(seq: int, reviewer: Reviewer = ANA, *, revision: int = 1) -> Event:
    return stored(
        seq, "verdict-voided", {"reviewer": reviewer.model_dump(mode="json"), "revision": revision, "reason": "wrong"}, reviewer
    )


def request(**fields: Any) -> VerdictRequest:
    cites = ({"passage_id": f"{SOURCE[:16]}-0-5", "stance": "supports"},)
    return VerdictRequest.model_validate(
        {"claim_id": CLAIM.id, "rating": "supported", "reviewer": ANA, "token": "t9", "cites": cites, **fields}
    )


def run(
    wanted: VerdictRequest, events: list[Event], *, given_verdict: Verdict | None = None, settings: ReviewSettings = SETTINGS
) -> NewEvent | Event:
    rating = find_rating(AVERITEC_4, wanted.rating)
    body = given_verdict or verdict(wanted.reviewer, rating=wanted.rating, token=wanted.token)
    event = NewEvent(
        subject_kind="claim",
        subject_id=CLAIM.id,
        kind="verdict-recorded",
        actor=wanted.reviewer,
        created_at=NOON,
        token=wanted.token,
    )
    result: NewEvent | Event = check_verdict(wanted, body, settings, rating)(event, events)
    return result


# the fold


def test_a_claim_without_events_does_not_exist() -> None:
    with pytest.raises(UnknownId):
        fold_case([])


@pytest.mark.parametrize(
    ("events", "status"),
    [
        ([ADDED], "todo"),
        ([ADDED, recorded(2)], "settled"),
        ([ADDED, recorded(2), recorded(3, BO)], "settled"),
        ([ADDED, recorded(2), recorded(3, BO, rating="refuted")], "disagreement"),
        ([ADDED, recorded(2), voided(3)], "void"),
        ([ADDED, recorded(2), stored(3, "verdict-published", {"url": "https://x.org/a", "hash": f"{2:064x}"})], "published"),
        (
            [
                ADDED,
                recorded(2),
                stored(3, "claim-changed", {"claim": make_claim(statement="Other words.").model_dump(mode="json")}),
            ],
            "recheck",
        ),
    ],
    ids=["nothing", "one", "two agree", "two differ", "voided", "published", "claim reworded"],
)
def test_status_is_what_the_events_add_up_to(events: list[Event], status: str) -> None:
    assert fold_case(events).status == status


def test_a_draft_shows_until_a_verdict_stands() -> None:
    assert fold_case([ADDED], drafted_by=["Ana"]).status == "draft"
    assert fold_case([ADDED, recorded(2)], drafted_by=["Ana"]).status == "settled"


def test_the_newest_revision_is_current_and_older_ones_stay_readable() -> None:
    case = fold_case([ADDED, recorded(2), recorded(3, revision=2, rating="refuted")])

    assert [(one.revision, one.state) for one in case.verdicts] == [(1, "superseded"), (2, "current")]
    assert case.counting is not None
    assert case.counting.rating.slug == "refuted"


def test_voiding_the_newest_revision_lets_the_one_before_count() -> None:
    case = fold_case([ADDED, recorded(2), recorded(3, revision=2, rating="refuted"), voided(4, revision=2)])

    assert [(one.revision, one.state) for one in case.verdicts] == [(1, "current"), (2, "void")]


def test_a_new_verdict_after_publication_is_not_published_by_itself() -> None:
    published = stored(3, "verdict-published", {"url": "https://x.org/a", "hash": f"{2:064x}"})

    assert fold_case([ADDED, recorded(2), published, recorded(4, revision=2)]).status == "settled"


def test_a_mark_taken_back_is_gone_from_the_case() -> None:
    mark = stored(2, "hit-marked", {"mark": {"passage_id": "p", "judgement": "not-relevant", "reason": "other country"}})
    case = fold_case([ADDED, mark])

    assert [(who.display_name, one.reason) for who, one in case.marks] == [("Ana", "other country")]
    assert fold_case([ADDED, mark, stored(3, "mark-cleared", {"passage_id": "p"})]).marks == ()


@given(st.lists(st.sampled_from(["ana", "bo"]), max_size=6), st.integers(0, 6))
def test_folding_a_prefix_never_loses_a_verdict_that_the_whole_has(names: list[str], cut: int) -> None:
    events = [ADDED]
    for number, name in enumerate(names):
        reviewer = ANA if name == "ana" else BO
        events.append(recorded(number + 2, reviewer, revision=names[: number + 1].count(name)))

    whole, prefix = fold_case(events), fold_case(events[: cut + 1])

    assert [one.hash for one in prefix.verdicts] == [one.hash for one in whole.verdicts][: len(prefix.verdicts)]


# the checks


def test_the_first_save_is_revision_one() -> None:
    event = run(request(), [ADDED])

    assert (event.revision, event.payload["verdict"]["revision"], event.payload["verdict"]["based_on"]) == (1, 1, 0)


def test_revisions_count_within_one_reviewer() -> None:
    assert run(request(reviewer=BO), [ADDED, recorded(2), recorded(3, revision=2)]).revision == 1


def test_the_same_save_again_is_answered_with_the_stored_event() -> None:
    first = recorded(2)

    assert run(request(token="t2"), [ADDED, first]) is first


@pytest.mark.parametrize(
    "change",
    [
        {"rationale": "other"},
        {"rating": "refuted"},
        {"reviewer": BO},
        {"cites": ()},
        {"based_on": 5},
        {"fragments": [{"words": "fraud", "rating": "not-enough-evidence"}]},
    ],
)
def test_a_token_with_anything_else_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(TokenReused):
        run(request(token="t2", **change), [ADDED, recorded(2)])


def test_a_save_based_on_an_older_revision_is_a_conflict() -> None:
    with pytest.raises(Conflict, match="already has revision 1"):
        run(request(based_on=0), [ADDED, recorded(2)])


def test_a_verdict_on_a_claim_that_was_reworded_meanwhile_is_a_conflict() -> None:
    reworded = stored(2, "claim-changed", {"claim": make_claim(statement="Other words.").model_dump(mode="json")})

    with pytest.raises(Conflict) as caught:
        run(request(), [ADDED, reworded])

    assert caught.value.code == "claim_changed"


def test_a_decisive_rating_needs_a_citation() -> None:
    with pytest.raises(Refused, match="Supported needs at least one citation"):
        run(request(cites=()), [ADDED], given_verdict=verdict(cited=False))


@pytest.mark.parametrize("repeats_count", [False, True])
def test_a_citation_that_only_repeats_the_claim_counts_only_where_the_policy_says_so(repeats_count: bool) -> None:
    given_verdict = verdict()
    own = given_verdict.citations[0].model_copy(update={"repeats_claim": True, "attributed_to": "Min Aung Hlaing"})
    given_verdict = given_verdict.model_copy(update={"citations": (own,)})
    settings = ReviewSettings(policy=Policy(repeats_count=repeats_count))

    if repeats_count:
        assert run(request(), [ADDED], given_verdict=given_verdict, settings=settings).revision == 1
    else:
        with pytest.raises(Refused, match="1 cited in support, which only repeats the claim"):
            run(request(), [ADDED], given_verdict=given_verdict, settings=settings)


def test_not_enough_evidence_needs_no_citation() -> None:
    wanted = request(rating="not-enough-evidence", cites=())

    assert run(wanted, [ADDED], given_verdict=verdict(rating="not-enough-evidence", cited=False)).revision == 1


def test_the_checklist_fills_as_the_reviewer_works() -> None:
    settings = ReviewSettings(policy=Policy(rationale_words=3, off_axis_needs_ground=True))
    off_axis = find_rating(AVERITEC_4, "not-enough-evidence")

    done = Judgement(rating=off_axis, rationale="one two three", ground="not-yet-known")

    assert [line for line, _ in checklist(settings, Judgement(rating=None))] == [False, False, False]
    assert all(line for line, _ in checklist(settings, done))


def test_a_void_names_the_newest_standing_revision_by_default() -> None:
    event = NewEvent(subject_kind="claim", subject_id=CLAIM.id, kind="verdict-voided", actor=ANA, created_at=NOON)
    done = check_void(ANA, None, "wrong")(event, [ADDED, recorded(2), recorded(3, revision=2)])

    assert done.payload["revision"] == 2


@pytest.mark.parametrize(("revision", "error"), [(7, UnknownId), (1, Refused)])
def test_a_void_of_nothing_or_of_what_is_void_is_refused(revision: int, error: type[Exception]) -> None:
    event = NewEvent(subject_kind="claim", subject_id=CLAIM.id, kind="verdict-voided", actor=ANA, created_at=NOON)

    with pytest.raises(error):
        check_void(ANA, revision, "wrong")(event, [ADDED, recorded(2), voided(3)])


def test_only_a_verdict_that_counts_can_be_published() -> None:
    event = NewEvent(subject_kind="claim", subject_id=CLAIM.id, kind="verdict-published", actor=ANA, created_at=NOON)

    with pytest.raises(Refused):
        check_publish("https://x.org")(event, [ADDED, recorded(2), recorded(3, BO, rating="refuted")])


# fragments


def test_a_decisive_fragment_needs_a_citation_of_its_own() -> None:
    wanted = request(fragments=[{"words": "marred by fraud", "rating": "refuted"}])
    given_verdict = verdict()
    bare = judged(wanted.fragments, CLAIM, given_verdict.citations, AVERITEC_4)

    with pytest.raises(Refused, match="Refuted needs at least one citation for the fragment “marred by fraud”"):
        run(wanted, [ADDED], given_verdict=given_verdict.model_copy(update={"fragments": bare}))


def test_a_fragment_rests_on_citations_of_the_verdict_word_for_word() -> None:
    wanted = request(fragments=[{"words": "the ELECTION", "rating": "refuted", "passage_ids": [f"{SOURCE[:16]}-0-5"]}])
    given_verdict = verdict()
    made = judged(wanted.fragments, CLAIM, given_verdict.citations, AVERITEC_4)
    event = run(wanted, [ADDED], given_verdict=given_verdict.model_copy(update={"fragments": made}))

    assert [(one.words, one.fragment.start, one.rating.slug, one.citations) for one in made] == [
        ("The election", 0, "refuted", given_verdict.citations)
    ]
    assert are_same(wanted.fragments, made)
    assert event.payload["verdict"]["fragments"][0]["citations"][0]["quote"] == "Words"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("fraudulent", "do not stand in the statement"),
        ("elect", "do not stand"),
        ("the vote", "stand in the statement 2 times"),
    ],
)
def test_the_words_of_a_fragment_are_whole_and_once_in_the_statement(words: str, told: str) -> None:
    with pytest.raises(Refused, match=told):
        fragment_of(words, "The election was no fraud: the vote was counted, and the vote stood.")


def test_the_same_words_cannot_have_two_ratings() -> None:
    wanted = request(fragments=[{"words": "fraud", "rating": "refuted"}, {"words": "Fraud", "rating": "supported"}])

    with pytest.raises(Refused, match="judged twice"):
        judged(wanted.fragments, CLAIM, (), AVERITEC_4)


@pytest.mark.parametrize(
    "fields",
    [
        {"fragments": [{"words": "fraud"}]},
        {"fragments": [{"words": "fraud", "rating": "refuted", "passage_ids": ["bbbbbbbbbbbbbbbb-0-5"]}]},
        {"weighing": "The one part outweighs the other."},
    ],
    ids=["no rating", "rests on what is not cited", "nothing to weigh"],
)
def test_a_request_with_half_a_fragment_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        request(**fields)


def test_a_fragment_whose_words_were_reworded_keeps_a_draft_from_being_saved() -> None:
    asked = [FragmentRating(words="mass fraud", rating="not-enough-evidence")]
    lines = needs(of_draft(asked, CLAIM.statement, (), AVERITEC_4), Policy())

    assert [done for done, _ in lines] == [False]
