"""Rating scales: the values a verdict may take, and a value as a verdict keeps it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from workbench.models.record import Record, Slug

MAX_LABEL = 80  # characters: it stands in a pill and in a column of a table
MAX_DEFINITION = 400  # characters: one sentence
MAX_WORDING = 200  # characters: a conclusion in one sentence, printed where others print a label
Averitec = Literal["supported", "refuted", "not-enough-evidence", "conflicting-evidence"]


class RatingTranslation(Record):
    """A rating in another language. language: an ISO 639 code, for example `my`."""

    language: Annotated[str, Field(min_length=2, max_length=35)]
    label: Annotated[str, Field(min_length=1, max_length=MAX_LABEL)]
    definition: Annotated[str, Field(max_length=MAX_DEFINITION)] = ""


class Rating(Record):
    """One value of a scale. order: 1 is the falsest; None is off the true-false axis and carries no number.

    definition: one sentence for the public. own_words: the reviewer words the rating, and that is what readers see.
    averitec: its counterpart among the four of AVeriTeC; loses: what that leaves out, in a sentence, "" where nothing.
    """

    slug: Slug
    label: Annotated[str, Field(min_length=1, max_length=MAX_LABEL)]
    definition: Annotated[str, Field(max_length=MAX_DEFINITION)] = ""
    order: int | None = None
    decisive: bool = True
    own_words: bool = False
    colour: Annotated[str, Field(pattern=r"^#[0-9A-Fa-f]{6}$")] = "#5B6770"
    translations: tuple[RatingTranslation, ...] = ()
    averitec: Averitec | None = None
    loses: str = ""

    @property
    def takes_ground(self) -> bool:
        """Whether it says that nothing could be decided, and so names why. Satire is off the axis and decided all the same."""
        return self.order is None and not self.decisive


class RatingScale(Record):
    """The ordered set of ratings a workspace uses."""

    id: Slug
    name: str
    ratings: Annotated[tuple[Rating, ...], Field(min_length=2)]

    @model_validator(mode="after")
    def _distinct(self) -> RatingScale:
        slugs = [rating.slug for rating in self.ratings]
        if len(set(slugs)) != len(slugs):
            raise ValueError(f"two ratings share a slug: {', '.join(slugs)}")
        return self


class RatingSnapshot(Record):
    """The rating as it stood when it was given: a later edit of the scale changes no verdict.

    wording: the reviewer's own words for it, where the rating asks for some. decisive, colour: None in records from before
    they were kept.
    """

    scale: Slug
    slug: Slug
    label: str
    definition: str = ""
    order: int | None = None
    worst: int | None = None
    best: int | None = None
    decisive: bool | None = None
    wording: Annotated[str, Field(min_length=1, max_length=MAX_WORDING)] | None = None
    colour: Annotated[str, Field(pattern=r"^#[0-9A-Fa-f]{6}$")] | None = None
    translations: tuple[RatingTranslation, ...] = ()

    @property
    def says(self) -> tuple[str, str, str]:
        """What two reviewers must have in common to agree: the scale, the rating, and its wording where it is their own."""
        return self.scale, self.slug, " ".join((self.wording or "").casefold().split())
