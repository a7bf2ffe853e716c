"""The scales that come with the workbench, in words of our own, each rating with its counterpart among those of AVeriTeC.

None of the published five and six value scales has a value for a claim that cannot be decided. Each preset has one, off the
true-false axis and without a number, so that nobody is made to decide. Colours survive colour blindness, are seen on both
papers (colours.py) and are never shown without their word (UI.md).
"""

from __future__ import annotations

from workbench.models import Averitec, Rating, RatingScale
from workbench.tongue import N_

GREEN, TEAL, GREY, OCHRE, ORANGE, RED, PURPLE, BLUE = (
    "#00785A", "#1F7A7A", "#5B6770", "#96652B", "#B84A00", "#C0392B", "#8E4F89", "#2B6CB0"
)  # fmt: skip


def _on_axis(
    order: int, slug: str, label: str, definition: str, colour: str, averitec: Averitec | None, loses: str = ""
) -> Rating:
    return Rating(
        slug=slug, label=label, definition=definition, order=order, colour=colour, averitec=averitec, loses=loses
    )  # fmt: skip


UNPROVEN = Rating(
    slug="unproven",
    label=N_("Unproven"),
    definition=N_("What was found neither bears the claim out nor contradicts it."),
    decisive=False,
    colour=GREY,
    averitec="not-enough-evidence",
)
SOME_WRONG = "That something in it is wrong or left out is not said."
SOME_RIGHT = "That something in it is right is not said."
HALVES = "That it is half right is not the same as evidence that conflicts."

AVERITEC_4 = RatingScale(
    id="averitec-4",
    name=N_("Four verdicts after AVeriTeC (Schlichtkrull et al. 2023)"),
    ratings=(
        _on_axis(2, "supported", N_("Supported"), N_("The evidence found bears the claim out."), GREEN, "supported"),
        _on_axis(1, "refuted", N_("Refuted"), N_("The evidence found contradicts the claim."), ORANGE, "refuted"),
        UNPROVEN.model_copy(update={"slug": "not-enough-evidence", "label": N_("Not enough evidence")}),
        Rating(
            slug="conflicting-evidence",
            label=N_("Conflicting evidence"),
            definition=N_("Sound evidence points both ways, or the claim is true only by leaving out what matters."),
            colour=PURPLE,
            averitec="conflicting-evidence",
        ),
    ),
)

GOOGLE_5 = RatingScale(
    id="google-5",
    name=N_("Five ratings with the numbers of Google's ClaimReview default"),
    ratings=(
        _on_axis(5, "true", N_("True"), N_("The claim holds as it was made."), GREEN, "supported"),
        _on_axis(4, "mostly-true", N_("Mostly true"), N_("The claim holds but for details."), TEAL, "supported", SOME_WRONG),
        _on_axis(3, "half-true", N_("Half true"), N_("Part of the claim holds and part does not."),
                 PURPLE,
                 "conflicting-evidence", HALVES),
        _on_axis(2, "mostly-false", N_("Mostly false"), N_("The claim does not hold but for details."),
                 OCHRE, "refuted", SOME_RIGHT),
        _on_axis(1, "false", N_("False"), N_("The claim does not hold."), ORANGE, "refuted"),
        UNPROVEN,
    ),
)  # fmt: skip

POLITIFACT_6 = RatingScale(
    id="politifact-6",
    name=N_("Six ratings after PolitiFact's Truth-O-Meter"),
    ratings=(
        _on_axis(6, "true", N_("True"), N_("The claim is accurate and leaves out nothing that matters."),
                 GREEN, "supported"),
        _on_axis(5, "mostly-true", N_("Mostly true"),
                 N_("The claim is accurate and needs a clarification or more information."), TEAL,
                 "supported", SOME_WRONG),
        _on_axis(4, "half-true", N_("Half true"),
                 N_("The claim is partly accurate and leaves out or bends what matters."), PURPLE,
                 "conflicting-evidence", HALVES),
        _on_axis(3, "mostly-false", N_("Mostly false"),
                 N_("Some of the claim is true, and it passes over facts that would give another impression."), OCHRE,
                 "refuted", SOME_RIGHT),
        _on_axis(2, "false", N_("False"), N_("The claim is not accurate."), ORANGE, "refuted"),
        _on_axis(1, "pants-on-fire", N_("Pants on fire"),
                 N_("The claim is not accurate and makes a ridiculous assertion."), RED, "refuted",
                 "That it is ridiculous beyond being false is not said."),
        UNPROVEN,
    ),
)  # fmt: skip

NEWSROOM = RatingScale(
    id="newsroom",
    name=N_("A newsroom's ratings, with misleading claims, missing context and satire"),
    ratings=(
        _on_axis(3, "true", N_("True"), N_("The claim holds as it was made."), GREEN, "supported"),
        _on_axis(2, "partly-false", N_("Partly false"), N_("The claim mixes what holds with what does not."), PURPLE,
                 "conflicting-evidence", HALVES),
        _on_axis(1, "false", N_("False"), N_("The claim does not hold."), ORANGE, "refuted"),
        Rating(slug="misleading", label=N_("Misleading"),
               definition=N_("What is said may hold word for word, and it is said so that it gives a false impression."),
               colour=OCHRE, averitec="conflicting-evidence", loses="That it misleads by how it is put is not said."),
        Rating(slug="missing-context", label=N_("Missing context"),
               definition=N_("What is said holds, and something left out would change how it is understood."),
               colour=TEAL, averitec="conflicting-evidence", loses="That only context is missing is not said."),
        Rating(slug="satire", label=N_("Satire"), definition=N_("It was made as a joke, and is passed on as if it were meant."),
               colour=BLUE, loses="A joke is neither borne out nor contradicted by evidence: it has no counterpart."),
        UNPROVEN,
    ),
)  # fmt: skip

CONCLUSION = RatingScale(
    id="conclusion",
    name=N_("A conclusion in one sentence instead of a label"),
    ratings=(
        Rating(slug="conclusion", label=N_("Conclusion"), definition=N_("What was found, in one sentence of the reviewer's."),
               own_words=True, colour=BLUE, loses="A sentence of the reviewer's own has no counterpart."),
        UNPROVEN.model_copy(update={"slug": "no-conclusion", "label": N_("No conclusion")}),
    ),
)  # fmt: skip

SCALES: dict[str, RatingScale] = {one.id: one for one in (AVERITEC_4, GOOGLE_5, POLITIFACT_6, NEWSROOM, CONCLUSION)}
