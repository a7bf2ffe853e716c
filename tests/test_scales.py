"""Scales: what a rating is to a reviewer, to a record, to a reader and to another scale."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from pydantic import ValidationError

from workbench.models import Rating, RatingScale, RatingSnapshot
from workbench.ratings import SCALES, confidence_word, counterpart, find_rating, ink_on, public_label, snapshot
from workbench.ratings.colours import PAPERS, contrast, nearest_visible, too_faint_on
from workbench.settings import CustomRating, Policy, ReviewSettings

EVERY = [pytest.param(scale, rating, id=f"{scale.id}:{rating.slug}") for scale in SCALES.values() for rating in scale.ratings]
OURS = (
    CustomRating(slug="holds", label="Holds", definition="It holds.", order=2, averitec="supported"),
    CustomRating(slug="fails", label="Fails", definition="It does not hold.", order=1),
)


def given(scale_id: str, slug: str, wording: str | None = None) -> RatingSnapshot:
    return snapshot(SCALES[scale_id], find_rating(SCALES[scale_id], slug), wording)


# presets


def test_the_presets_are_the_published_scales_and_one_of_a_newsroom() -> None:
    labels = {scale.id: [rating.label for rating in scale.ratings if rating.order is not None] for scale in SCALES.values()}

    assert labels["averitec-4"] == ["Supported", "Refuted"]
    assert labels["google-5"] == ["True", "Mostly true", "Half true", "Mostly false", "False"]
    assert labels["politifact-6"] == ["True", "Mostly true", "Half true", "Mostly false", "False", "Pants on fire"]
    assert {"Misleading", "Missing context", "Satire"} <= {rating.label for rating in SCALES["newsroom"].ratings}


@pytest.mark.parametrize(("scale", "rating"), EVERY)
def test_every_rating_is_defined_in_a_sentence_and_its_colour_is_seen_on_both_papers(
    scale: RatingScale, rating: Rating
) -> None:
    assert rating.definition.endswith(".")
    assert rating.definition.count(".") == 1
    assert all(contrast(rating.colour, paper) >= 3 for paper in PAPERS.values())
    assert contrast(rating.colour, ink_on(rating.colour)) >= 4.5


@pytest.mark.parametrize("scale", SCALES.values(), ids=SCALES)
def test_nobody_is_made_to_decide(scale: RatingScale) -> None:
    assert [rating.order for rating in scale.ratings if not rating.decisive] == [None]


def test_the_papers_are_those_of_the_app() -> None:
    themes = tomllib.loads(Path(__file__).parents[1].joinpath(".streamlit/config.toml").read_text(encoding="utf-8"))["theme"]

    assert {name: themes[name]["backgroundColor"] for name in PAPERS} == PAPERS


# scales of one's own


def test_a_colour_that_is_lost_on_dark_paper_is_refused_with_one_that_is_not() -> None:
    with pytest.raises(ValidationError, match="hardly be seen on the dark paper") as caught:
        CustomRating(slug="false", label="False", colour="#400000")

    assert too_faint_on(nearest_visible("#400000")) is None
    assert nearest_visible("#400000") in str(caught.value)


@pytest.mark.parametrize("colour", ["#000000", "#FFFFFF", "#FFFF00", "#0000FF", "#7F0000"])
def test_every_colour_has_a_shade_near_it_that_is_seen_on_both_papers(colour: str) -> None:
    assert too_faint_on(nearest_visible(colour)) is None


def test_a_scale_of_ones_own_is_not_called_by_the_name_of_a_preset() -> None:
    with pytest.raises(ValidationError, match="a name of its own"):
        ReviewSettings(scale="newsroom", ratings=OURS)


def test_labels_are_shown_in_the_language_of_the_desk_and_elsewhere_as_written() -> None:
    rating = {"slug": "fails", "label": "Fails", "definition": "It does not hold.", "order": 1}
    words = [{"language": "pt", "label": "Falso", "definition": "Não é assim."}]
    both = (OURS[0], CustomRating.model_validate({**rating, "translations": words}))
    scale = ReviewSettings(scale="ours", language="pt-BR", ratings=both).rating_scale

    assert [(one.label, one.definition) for one in scale.ratings] == [("Holds", "It holds."), ("Falso", "Não é assim.")]


# what a verdict keeps


def test_an_edited_scale_changes_no_rating_already_given() -> None:
    scale = RatingScale(id="ours", name="Ours", ratings=OURS)
    kept = snapshot(scale, OURS[1])

    assert (kept.label, kept.definition, kept.order, kept.worst, kept.best) == ("Fails", "It does not hold.", 1, 1, 2)
    assert (kept.colour, kept.decisive) == (OURS[1].colour, True)


def test_a_record_from_before_colours_were_kept_still_reads() -> None:
    old = RatingSnapshot.model_validate({"scale": "averitec-4", "slug": "refuted", "label": "Refuted", "order": 1})

    assert (public_label(old, None), old.colour, old.decisive) == ("Refuted", None, None)


def test_the_ground_chooses_the_printed_words_and_a_rating_in_ones_own_words_is_printed_as_written() -> None:
    assert public_label(given("averitec-4", "not-enough-evidence"), "claimant-gave-no-evidence") == "Unsubstantiated"
    assert public_label(given("conclusion", "conclusion", "The figure is from 2019."), None) == "The figure is from 2019."


def test_two_conclusions_agree_only_in_the_same_words() -> None:
    said = given("conclusion", "conclusion", "It is from  2019.").says

    assert said == given("conclusion", "conclusion", "it is from 2019.").says
    assert said != given("conclusion", "conclusion", "It is from 2020.").says


@pytest.mark.parametrize(
    ("value", "word"), [(None, None), (0.0, "low"), (0.44, "low"), (0.45, "medium"), (0.8, "high"), (1.0, "high")]
)
def test_confidence_is_a_word(value: float | None, word: str | None) -> None:
    assert confidence_word(value) == word


# counterparts


@pytest.mark.parametrize(("scale", "rating"), EVERY)
def test_every_preset_names_its_counterpart_or_says_what_is_lost(scale: RatingScale, rating: Rating) -> None:
    found = counterpart(snapshot(scale, rating, "In words." if rating.own_words else None), SCALES["averitec-4"])

    assert found.averitec or found.loses


def test_a_counterpart_says_where_it_loses_meaning() -> None:
    assert counterpart(given("averitec-4", "refuted"), SCALES["averitec-4"]) == ("refuted", "")
    assert counterpart(given("google-5", "half-true"), SCALES["google-5"]).averitec == "conflicting-evidence"
    assert "half right" in counterpart(given("google-5", "half-true"), SCALES["google-5"]).loses
    assert counterpart(given("newsroom", "satire"), SCALES["newsroom"]).averitec is None


def test_a_scale_of_ones_own_has_the_counterparts_it_names_and_no_other() -> None:
    scale = ReviewSettings(scale="ours", ratings=OURS).rating_scale

    assert counterpart(snapshot(scale, scale.ratings[0]), scale).averitec == "supported"
    assert counterpart(snapshot(scale, scale.ratings[1]), scale) == (
        None,
        "The scale ours names no counterpart for “Fails”.",
    )


# the hash of what is in force


def test_the_hash_changes_with_scale_policy_and_guidelines_and_with_nothing_else() -> None:
    plain = ReviewSettings(scale="ours", ratings=OURS)
    colour = OURS[0].model_copy(update={"colour": "#2B6CB0"})
    meaning = OURS[0].model_copy(update={"definition": "It holds, all of it."})

    assert plain.policy_hash == ReviewSettings(scale="ours", ratings=(colour, OURS[1])).policy_hash
    others = (
        ReviewSettings(scale="ours", ratings=(meaning, OURS[1])),
        ReviewSettings(scale="ours", ratings=OURS, policy=Policy(origins=2)),
        ReviewSettings(scale="ours", ratings=OURS, guidelines="Read twice."),
    )
    assert len({one.policy_hash for one in (plain, *others)}) == 4
