"""Rating scales: the values a verdict may take, and what they mean to a reader.

What lives here: the shipped scales and the snapshot a verdict keeps. What does not: who may rate, or when (review/).
Colours survive colour blindness and are never shown without their word (UI.md).
"""

from workbench.errors import UnknownId
from workbench.models import Ground, Rating, RatingScale, RatingSnapshot

AVERITEC_4 = RatingScale(
    id="averitec-4",
    name="Four verdicts after AVeriTeC (Schlichtkrull et al. 2023)",
    ratings=(
        Rating(
            slug="supported",
            label="Supported",
            definition="The evidence found bears the claim out.",
            order=2,
            colour="#00785A",
        ),
        Rating(
            slug="refuted",
            label="Refuted",
            definition="The evidence found contradicts the claim.",
            order=1,
            colour="#B84A00",
        ),
        Rating(
            slug="not-enough-evidence",
            label="Not enough evidence",
            definition="What was found neither bears the claim out nor contradicts it.",
            decisive=False,
            colour="#5B6770",
        ),
        Rating(
            slug="conflicting-evidence",
            label="Conflicting evidence",
            definition="Sound evidence points both ways, or the claim is true only by leaving out what matters.",
            colour="#8A4B85",
        ),
    ),
)

SCALES: dict[str, RatingScale] = {scale.id: scale for scale in (AVERITEC_4,)}

# What a reader sees instead of the bare label when the reviewer named the ground (issue 6, item 3).
GROUND_WORDING: dict[Ground, str] = {
    "claimant-gave-no-evidence": "Unsubstantiated",
    "nothing-found-in-this-search": "Nothing found either way",
    "cannot-be-known": "Cannot be known",
    "not-yet-known": "Not yet known",
}

GROUND_MEANING: dict[Ground, str] = {
    "claimant-gave-no-evidence": "The person who made the claim gave no evidence for it, and none was found.",
    "nothing-found-in-this-search": "The files searched say nothing for or against it.",
    "cannot-be-known": "No evidence could settle it.",
    "not-yet-known": "The evidence that could settle it does not exist yet.",
}


def find_rating(scale: RatingScale, slug: str) -> Rating:
    """The rating of that slug. Raises: UnknownId naming the scale's ratings."""
    for rating in scale.ratings:
        if rating.slug == slug:
            return rating
    known = ", ".join(rating.slug for rating in scale.ratings)
    raise UnknownId(
        f"There is no rating {slug!r} in the scale {scale.id}.", hint=f"Use one of: {known}.", code="unknown_rating"
    )


def snapshot(scale: RatingScale, rating: Rating) -> RatingSnapshot:
    """The rating as a verdict keeps it; worst and best are None off the axis."""
    orders = [one.order for one in scale.ratings if one.order is not None]
    on_axis = rating.order is not None
    return RatingSnapshot(
        scale=scale.id,
        slug=rating.slug,
        label=rating.label,
        definition=rating.definition,
        order=rating.order,
        worst=min(orders) if on_axis else None,
        best=max(orders) if on_axis else None,
    )


def public_label(rating: RatingSnapshot, ground: Ground | None) -> str:
    """The words a reader sees: the ground's wording for an off-axis rating that names one, else the label."""
    return GROUND_WORDING[ground] if ground is not None and rating.order is None else rating.label
