"""Rating scales: the values a verdict may take, and what they mean to a reader. Pure.

    presets.py    the scales that come with the workbench
    colours.py    whether a colour can be read

What lives here: from a value of a scale to what a verdict keeps of it, to the words a reader sees, and to its counterpart on
another scale for an export. What does not: who may rate, or when (review/).
"""

from __future__ import annotations

from typing import NamedTuple

from workbench.errors import UnknownId
from workbench.models import Averitec, Ground, Rating, RatingScale, RatingSnapshot, RatingTranslation
from workbench.ratings.colours import ink_on
from workbench.ratings.presets import AVERITEC_4, SCALES
from workbench.tongue import N_, _, language

__all__ = [
    "AVERITEC_4",
    "CONFIDENCE",
    "GROUND_MEANING",
    "GROUND_WORDING",
    "SCALES",
    "Counterpart",
    "confidence_word",
    "counterpart",
    "definition_of",
    "find_rating",
    "in_language",
    "ink_on",
    "label_of",
    "public_label",
    "snapshot",
    "translated",
]

# What a reader sees instead of the bare label when the reviewer named the ground (issue 6, item 3).
GROUND_WORDING: dict[Ground, str] = {
    "claimant-gave-no-evidence": N_("Unsubstantiated"),
    "nothing-found-in-this-search": N_("Nothing found either way"),
    "cannot-be-known": N_("Cannot be known"),
    "not-yet-known": N_("Not yet known"),
}

GROUND_MEANING: dict[Ground, str] = {
    "claimant-gave-no-evidence": N_("The person who made the claim gave no evidence for it, and none was found."),
    "nothing-found-in-this-search": N_("The files searched say nothing for or against it."),
    "cannot-be-known": N_("No evidence could settle it."),
    "not-yet-known": N_("The evidence that could settle it does not exist yet."),
}

# Confidence is a number only where a command takes one; people say and read a word. From the lowest, each up to its bound.
CONFIDENCE: dict[str, float] = {"low": 0.3, "medium": 0.6, "high": 0.9}
_UP_TO = {"low": 0.45, "medium": 0.75}


def find_rating(scale: RatingScale, slug: str) -> Rating:
    """The rating of that slug. Raises: UnknownId naming the scale's ratings."""
    for rating in scale.ratings:
        if rating.slug == slug:
            return rating
    known = ", ".join(rating.slug for rating in scale.ratings)
    raise UnknownId(
        f"There is no rating {slug!r} in the scale {scale.id}.", hint=f"Use one of: {known}.", code="unknown_rating"
    )


def in_language(scale: RatingScale, language: str) -> RatingScale:
    """The scale with labels and definitions in that language where they were translated; elsewhere as they were written."""
    return scale.model_copy(update={"ratings": tuple(_in_language(rating, language) for rating in scale.ratings)})


def _in_language(rating: Rating, language: str) -> Rating:
    found = translated(rating.translations, language)
    if found is None:
        return rating
    return rating.model_copy(update={"label": found.label, "definition": found.definition or rating.definition})


def translated(translations: tuple[RatingTranslation, ...], language: str | None) -> RatingTranslation | None:
    """The translation into a language, or into its main form: `pt-BR` is served by `pt`. None where there is none."""
    wanted = (language or "").casefold()
    by_language = {one.language.casefold(): one for one in translations}
    return by_language.get(wanted) or by_language.get(wanted.partition("-")[0])


def snapshot(scale: RatingScale, rating: Rating, wording: str | None = None) -> RatingSnapshot:
    """The rating as a verdict keeps it; worst and best are None off the axis. wording: the reviewer's own, if asked for."""
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
        decisive=rating.decisive,
        wording=wording,
        colour=rating.colour,
        translations=rating.translations,
    )


def public_label(rating: RatingSnapshot, ground: Ground | None) -> str:
    """The words a reader sees: the ground's for an off-axis rating that names one, the reviewer's own, else the label."""
    if ground is not None and rating.order is None:
        return GROUND_WORDING[ground]
    return rating.wording or rating.label


_PRESET = frozenset((one.slug, one.label) for scale in SCALES.values() for one in scale.ratings)


def label_of(one: Rating | RatingSnapshot) -> str:
    """What a rating is called in the language spoken: as workbench.toml translates it, a preset's by us, else as written."""
    own = translated(one.translations, language()) if isinstance(one, Rating) else None
    return own.label if own else _(one.label) if (one.slug, one.label) in _PRESET else one.label


def definition_of(one: Rating) -> str:
    """What a rating means, likewise."""
    own = translated(one.translations, language())
    return (
        own.definition if own and own.definition else _(one.definition) if (one.slug, one.label) in _PRESET else one.definition
    )


def confidence_word(value: float | None) -> str | None:
    """`low`, `medium` or `high` for a stored confidence; None where none was said."""
    if value is None:
        return None
    return next((word for word, bound in _UP_TO.items() if value < bound), "high")


class Counterpart(NamedTuple):
    """What a rating is called on the scale of AVeriTeC (None: nothing is its like), and what that loses, in a sentence."""

    averitec: Averitec | None
    loses: str = ""


def counterpart(rating: RatingSnapshot, scale: RatingScale) -> Counterpart:
    """The counterpart of a rating for an export, after the scale in force or the preset it was given on; no verdict is changed.

    scale: the one in force here. Where neither names a counterpart there is none, and `loses` says so.
    """
    known = scale if rating.scale == scale.id else SCALES.get(rating.scale)
    for one in known.ratings if known else ():
        if one.slug == rating.slug and (one.averitec or one.loses):
            return Counterpart(one.averitec, one.loses)
    return Counterpart(None, f"The scale {rating.scale} names no counterpart for “{rating.label}”.")
