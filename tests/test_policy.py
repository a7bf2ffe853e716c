"""Policy: what it forbids is refused inside the transaction with the reason, nothing is written and the draft is kept."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ANA, NOON, FakeEncoder, make_claim
from workbench.desk import Desk
from workbench.errors import Refused, UnknownId
from workbench.models import Cite, Draft, Passage, VerdictRequest
from workbench.ratings import SCALES
from workbench.review import rounds_of

COUNT = "The ministry counted 12 schools in 2021."
REPORT = "An audit found 12 schools. It was published in 2021, and nobody disputed it."
Open = Callable[..., Desk]


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a claim and two files, read once."""
    home = tmp_path_factory.mktemp("stocked")
    (home / "evidence").mkdir()
    (home / "workbench.toml").touch()
    for name, text in (("count.txt", COUNT), ("audit.txt", REPORT)):
        (home / "evidence" / name).write_text(text, encoding="utf-8")
    with Desk.open(home, encoder=FakeEncoder, now=lambda: NOON) as desk:
        desk.sync_evidence()
        claimant = {"name": "Min Aung Hlaing", "kind": "person"}
        desk.add_claim(make_claim("schools", "There were 12 schools in 2021.", claimant=claimant), actor=ANA)
    return home


@pytest.fixture
def opened(stocked: Path, tmp_path: Path) -> Iterator[Open]:
    """Opens a copy of it with settings of its own; each call is like another process with other settings."""
    home = shutil.copytree(stocked, tmp_path / "desk")
    desks: list[Desk] = []

    def open_with(review: str = "", now: int = 0) -> Desk:
        (home / "workbench.toml").write_text(review, encoding="utf-8")
        desks.append(Desk.open(home, encoder=FakeEncoder, now=lambda: NOON + timedelta(hours=now)))
        return desks[-1]

    yield open_with
    for one in desks:
        one.close()


def passages(desk: Desk) -> list[Passage]:
    return [passage for entry in desk.library() for passage in desk.passages(entry.source_id)]


def save(desk: Desk, *, cited: int = 0, **said: Any) -> None:
    """Keep a draft and save it, as the page does."""
    cites = tuple(Cite(passage_id=one.passage_id, stance="supports") for one in passages(desk)[:cited])
    draft = desk.save_draft(desk.draft("schools", ANA).model_copy(update={"cites": cites, **said}))
    fields = {
        name: value or None
        for name, value in draft.model_dump(include={"ground", "explanation", "headline", "wording"}).items()
    }
    same = draft.model_dump(include={"claim_id", "rating", "rationale", "reviewer", "token", "based_on", "cites"})
    desk.record(VerdictRequest.model_validate({**same, **fields}))


def kept(desk: Desk) -> Draft | None:
    return desk.ledger.draft("schools", ANA)


SWITCHES = [
    ("decisive_needs_citation = true", {"cited": 0}, "needs at least one citation", {"cited": 1}),
    ("rationale_words = 3", {"rationale": "Too short"}, "at least 3 words .now 2.", {"rationale": "Now long enough"}),
    ("origins = 2", {"cited": 1}, "2 independent origins or more .now 1.", {"cited": 2}),
    (
        "explanation_required = true",
        {"explanation": "  "},
        "explanation for readers is written",
        {"explanation": "Both say so."},
    ),
    ("headline_required = true", {"headline": ""}, "headline for readers is written", {"headline": "Twelve it was"}),
    (
        "off_axis_needs_ground = true",
        {"rating": "not-enough-evidence"},
        "names its ground",
        {"rating": "not-enough-evidence", "ground": "not-yet-known"},
    ),
]


@pytest.mark.parametrize(("switch", "forbidden", "reason", "allowed"), SWITCHES, ids=[one[0].split()[0] for one in SWITCHES])
def test_a_save_the_policy_forbids_is_refused_with_the_reason_and_the_draft_is_kept(
    opened: Open, switch: str, forbidden: dict[str, Any], reason: str, allowed: dict[str, Any]
) -> None:
    desk = opened(f"[review.policy]\n{switch}\n")
    usual = {"rating": "supported", "cited": 1}

    with pytest.raises(Refused, match=reason):
        save(desk, **{**usual, **forbidden})
    assert desk.case("schools").verdicts == ()
    assert kept(desk) is not None
    assert [sentence for done, sentence in desk.policy_checklist(kept(desk) or desk.draft("schools", ANA)) if not done]

    save(desk, **{**usual, **allowed})
    assert kept(desk) is None


def test_a_named_person_is_asked_before_a_decisive_rating_and_has_the_time_they_were_given(opened: Open) -> None:
    policy = "[review.policy]\nask_named_person = true\n"
    with pytest.raises(Refused, match=r"replied or had the time to [(]not asked yet"):
        save(opened(policy), rating="supported", cited=1)

    opened(policy).contacts.ask(
        "schools",
        party="claimant",
        name="Min Aung Hlaing",
        channel="email",
        question="Where is the count from?",
        deadline=NOON + timedelta(hours=48),
        by=ANA,
        token="ask",
    )
    with pytest.raises(Refused, match="the time given ends 3 May 2026"):
        save(opened(policy, now=1), rating="supported", cited=1)

    save(opened(policy, now=48), rating="supported", cited=1)


def test_nobody_need_be_asked_for_a_rating_that_decides_nothing(opened: Open) -> None:
    desk = opened("[review.policy]\nask_named_person = true\n")
    save(desk, rating="not-enough-evidence", ground="nothing-found-in-this-search")

    assert desk.case("schools").status == "settled"


# each preset

DECIDED = [(scale.id, rating.slug) for scale in SCALES.values() for rating in scale.ratings if rating.decisive]


@pytest.mark.parametrize("preset", SCALES)
def test_every_decisive_rating_of_a_preset_needs_a_citation_and_its_off_axis_one_does_not(opened: Open, preset: str) -> None:
    desk = opened(f'[review]\nscale = "{preset}"\n')
    for slug in (slug for scale, slug in DECIDED if scale == preset):
        with pytest.raises(Refused, match="needs at least one citation"):
            save(desk, rating=slug, wording="In words." if slug == "conclusion" else "")
    assert kept(desk) is not None

    undecided = next(rating.slug for rating in SCALES[preset].ratings if not rating.decisive)
    save(desk, rating=undecided, wording="")
    assert desk.case("schools").status == "settled"


def test_a_rating_of_another_preset_is_unknown_and_nothing_is_written(opened: Open) -> None:
    desk = opened('[review]\nscale = "newsroom"\n')

    with pytest.raises(UnknownId, match="no rating 'supported' in the scale newsroom"):
        save(desk, rating="supported", cited=1)
    assert kept(desk) is not None


def test_satire_is_a_decision_and_takes_no_ground(opened: Open) -> None:
    desk = opened('[review]\nscale = "newsroom"\n')

    with pytest.raises(Refused, match="Satire takes no ground: it is a decision"):
        save(desk, rating="satire", cited=1, ground="cannot-be-known")


def test_a_conclusion_is_put_into_words_and_those_are_what_is_printed(opened: Open) -> None:
    desk = opened('[review]\nscale = "conclusion"\n')
    with pytest.raises(Refused, match="Conclusion is put into words"):
        save(desk, rating="conclusion", cited=1)

    save(desk, rating="conclusion", cited=1, wording="Two counts agree on twelve.")

    (report,) = desk.reports(["schools"])
    assert report.page.verdict_words == "Two counts agree on twelve."


# a scale that is edited

OURS = """[review]
scale = "ours"
[[review.ratings]]
slug = "holds"
label = "{label}"
definition = "{definition}"
order = 2
colour = "#00785A"
[[review.ratings]]
slug = "fails"
label = "Fails"
definition = "It does not hold."
order = 1
"""


def test_an_edited_scale_changes_no_verdict_already_recorded_and_begins_a_round(opened: Open) -> None:
    before = opened(OURS.format(label="Holds", definition="It holds."))
    save(before, rating="holds", cited=1)
    (recorded,) = before.case("schools").verdicts
    text = OURS.format(label="Sound", definition="It is sound.").replace("#00785A", "#2B6CB0").replace("holds", "sound")
    after = opened(text, now=1)
    (page,) = [report.page for report in after.reports(["schools"])]

    assert after.case("schools").verdicts == (recorded,)
    assert (page.verdict_words, page.rating and page.rating.meaning, page.rating and page.rating.colour) == (
        "Holds",
        "It holds.",
        "#00785A",
    )

    save(after, rating="sound", cited=1, rationale="Read again.")

    rounds = rounds_of(after.case("schools").events)
    assert [(one.number, len(one.verdicts)) for one in rounds] == [(1, 1), (2, 1)]
    assert [one.policy_hash for one in after.rules.rounds()] == [one.policy_hash for one in rounds]
    assert "It is sound." in after.rules.rounds()[1].text


def test_a_stance_keeps_the_rules_it_was_given_under(opened: Open) -> None:
    before = opened()
    given = before.settings.review.policy_hash
    passage_id = passages(before)[0].passage_id
    cites = (Cite(passage_id=passage_id, stance="supports", policy_hash=given),)
    before.save_draft(before.draft("schools", ANA).model_copy(update={"rating": "supported", "cites": cites}))
    after = opened('[review]\nguidelines = "Read twice."\n')
    draft = after.draft("schools", ANA)
    stored = after.record(
        VerdictRequest(claim_id="schools", rating="supported", reviewer=ANA, token=draft.token, cites=draft.cites)
    )

    assert (stored.citations[0].policy_hash, stored.policy_hash) == (given, after.settings.review.policy_hash)
    assert given != stored.policy_hash


def test_passages_that_count_only_together_are_one_origin(opened: Open) -> None:
    desk = opened("[review.policy]\norigins = 2\n")
    together = tuple(Cite(passage_id=one.passage_id, stance="supports", group=1) for one in passages(desk)[:2])
    request = VerdictRequest(claim_id="schools", rating="supported", reviewer=ANA, token="t", cites=together)

    with pytest.raises(Refused, match="now 1"):
        desk.record(request)


def test_confidence_is_printed_in_a_word_and_only_where_the_policy_says_so(opened: Open) -> None:
    desk = opened()
    cites = (Cite(passage_id=passages(desk)[0].passage_id, stance="supports"),)
    desk.record(VerdictRequest(claim_id="schools", rating="supported", reviewer=ANA, token="t", cites=cites, confidence=0.8))

    assert b"onfidence" not in desk.export("md", ["schools"])
    assert b"Confidence of the reviewer: high" in opened("[review.policy]\npublish_confidence = true\n").export(
        "md", ["schools"]
    )
