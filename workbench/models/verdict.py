"""Judging: marks, citations, ratings, verdicts, and the request and draft they come from."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, model_validator

from workbench.models.claim import Fragment
from workbench.models.media import Described
from workbench.models.publishing import Change, RevisedBy
from workbench.models.record import (
    MAX_STATEMENT,
    MAX_TEXT,
    UNKNOWN_DATE,
    Access,
    Ground,
    Offset,
    PartialDate,
    Record,
    Reviewer,
    Sha256,
    Slug,
    SourceKind,
    Stance,
)
from workbench.models.search import SearchReceipt
from workbench.models.source import Passage, ReliabilityNote, ReportsOn


class Mark(Record):
    """A reviewer's judgement of a hit that is not a citation."""

    passage_id: str
    judgement: Literal["not-relevant", "look-again"]
    reason: str | None = None


CONTEXT_CHARACTERS = 32  # kept on either side of the quoted words, so that a moved passage can be told from a look-alike


class Citation(Record):
    """The quoted words themselves, where they stand, and what they do to the claim. Readable when the file is gone.

    quote: the words, verbatim. before, after: up to 32 characters either side. title to page: as they were then.
    ocr_confidence: of the page, where OCR read it: the words are then a machine's reading, not the letter of the document.
    warnings: what made the words doubtful then.
    describes: the photo or recording the words are a colleague's description of; heard: they are spoken in it.
    attributed_to: whose reported speech the words stand in. repeats_claim: that speaker is the claimant, and nobody named
    another who knows. by_claimant: the claimant published the file. All three as they were seen when it was cited.
    """

    source_id: Sha256
    text_sha256: Sha256
    start: Offset
    end: Offset
    quote: Annotated[str, Field(min_length=1)]
    before: str = ""
    after: str = ""
    translation: str | None = None
    stance: Stance
    origin: str | None = None
    note: str | None = None
    path: str | None = None
    title: str | None = None
    publisher: str | None = None
    published_on: PartialDate = UNKNOWN_DATE
    url: str | None = None
    archived_url: str | None = None
    kind: SourceKind | None = None
    access: Access = "public"
    reports_on: ReportsOn | None = None
    reliability_note: ReliabilityNote | None = None
    page: str | None = None
    ocr_confidence: int | None = None
    warnings: tuple[str, ...] = ()
    describes: Described | None = None
    heard: bool = False
    attributed_to: str | None = None
    repeats_claim: bool = False
    by_claimant: bool = False

    @property
    def is_quotation(self) -> bool:
        """Whether the words are somebody's own, not a colleague's description of what is seen (promise 10)."""
        return self.describes is None or self.heard

    @property
    def file_sha256(self) -> str:
        """The file that knows: of a description, the photo or recording described."""
        return self.describes.sha256 if self.describes else self.source_id

    @property
    def passage_id(self) -> str:
        """The name of these very words: of a passage where they fill one."""
        return Passage.id_of(self.source_id, self.start, self.end)

    @property
    def only_repeats(self) -> bool:
        """Whether it is cited as support and only repeats the claim: by policy neither a supporting citation nor an origin."""
        return self.repeats_claim and self.stance == "supports"


class Rating(Record):
    """One value of a scale. order: 1 is the falsest; None is off the true-false axis and carries no number."""

    slug: Slug
    label: Annotated[str, Field(min_length=1)]
    definition: str = ""
    order: int | None = None
    decisive: bool = True
    colour: Annotated[str, Field(pattern=r"^#[0-9A-Fa-f]{6}$")] = "#5B6770"
    same_as: str | None = None


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
    """The rating as it stood when it was given: a later edit of the scale changes no verdict."""

    scale: Slug
    slug: Slug
    label: str
    definition: str = ""
    order: int | None = None
    worst: int | None = None
    best: int | None = None


class FragmentVerdict(Record):
    """The rating of one fragment of the statement, with those of the verdict's citations that it rests on.

    words: the fragment itself, as the statement had it then, so that it can be read when the claim was reworded.
    """

    fragment: Fragment
    words: Annotated[str, Field(min_length=1, max_length=MAX_STATEMENT)]
    rating: RatingSnapshot
    citations: tuple[Citation, ...] = ()


class Cite(Record):
    """A wish to cite a passage, or exactly the words its id names, as given on the command line or in the app."""

    passage_id: str
    stance: Stance
    origin: str | None = None
    note: str | None = None


class FragmentRating(Record):
    """A wish to judge words of the statement apart, as typed or selected. passage_ids: those of the citations it rests on.

    rating: None in a draft where none is chosen yet.
    """

    words: Annotated[str, Field(min_length=1, max_length=MAX_STATEMENT)]
    rating: Slug | None = None
    passage_ids: tuple[str, ...] = ()


class Departure(Record):
    """A verdict that does not follow that of a like claim, and why. hash: of the verdict it departs from."""

    claim_id: Slug
    hash: Sha256
    reason: Annotated[str, Field(min_length=1, max_length=MAX_TEXT)]


class VerdictRequest(Record):
    """What a reviewer asks to have recorded. based_on: the revision they saw; None: their latest, read in the transaction.

    weighing: how the rating of the whole follows from those of its fragments, in the reviewer's words. searched_elsewhere:
    places searched outside the tool, one a line. change: what the revision does to the published one, where there is one.
    adjudicates: hashes of the verdicts that disagree, as the referee read them; with any, this one settles the claim.
    """

    claim_id: Slug
    rating: Slug
    rationale: Annotated[str, Field(max_length=MAX_TEXT)] = ""
    explanation: Annotated[str, Field(max_length=MAX_TEXT)] | None = None
    headline: str | None = None
    ground: Ground | None = None
    confidence: Annotated[float, Field(ge=0, le=1)] | None = None
    cites: tuple[Cite, ...] = ()
    fragments: tuple[FragmentRating, ...] = ()
    weighing: Annotated[str, Field(max_length=MAX_TEXT)] | None = None
    reviewer: Reviewer
    token: Annotated[str, Field(min_length=1, max_length=200)]
    based_on: Offset | None = None
    receipt: SearchReceipt | None = None
    searched_elsewhere: Annotated[str, Field(max_length=MAX_TEXT)] = ""
    departures: tuple[Departure, ...] = ()
    change: Change | None = None
    adjudicates: tuple[Sha256, ...] = ()

    @model_validator(mode="after")
    def _cited_once(self) -> VerdictRequest:
        ids = [cite.passage_id for cite in self.cites]
        doubled = sorted({one for one in ids if ids.count(one) > 1})
        if doubled:
            raise ValueError(f"cited twice: {', '.join(doubled)}; give each one stance")
        return self

    @model_validator(mode="after")
    def _fragments_of_this_verdict(self) -> VerdictRequest:
        cited = {cite.passage_id for cite in self.cites}
        for one in self.fragments:
            if one.rating is None:
                raise ValueError(f"the fragment {one.words!r} has no rating; give it one, or take it out")
            strange = [passage_id for passage_id in one.passage_ids if passage_id not in cited]
            if strange:
                raise ValueError(
                    f"the fragment {one.words!r} rests on {strange[0]}, which is not cited; cite it with its stance"
                )
        if self.weighing and not self.fragments:
            raise ValueError("the sentence on how the fragments weigh has no fragments; judge some, or leave it out")
        return self


class Verdict(Record):
    """What one reviewer concluded about one claim, with everything needed to read it alone.

    revision and based_on count within (claim, reviewer), from 1; based_on 0 means nothing was there before.
    rationale is for colleagues and is never published; explanation, headline, weighing and searched_elsewhere are.
    rejected: what this reviewer had looked at and marked by then; with the receipt the record of the search. reviews: how many
    people had to judge the claim when it was given. adjudicates: hashes of the verdicts a referee decided between.
    """

    claim_id: Slug
    claim_hash: Sha256
    rating: RatingSnapshot
    ground: Ground | None = None
    confidence: float | None = None
    rationale: str = ""
    explanation: str | None = None
    headline: str | None = None
    fragments: tuple[FragmentVerdict, ...] = ()
    weighing: str | None = None
    citations: tuple[Citation, ...] = ()
    receipt: SearchReceipt | None = None
    rejected: tuple[Mark, ...] = ()
    searched_elsewhere: str = ""
    departures: tuple[Departure, ...] = ()
    change: Change | None = None
    policy_hash: Sha256
    reviews: Annotated[int, Field(ge=1)] = 1
    adjudicates: tuple[Sha256, ...] = ()
    reviewer: Reviewer
    revision: Annotated[int, Field(ge=1)]
    based_on: Offset
    token: str
    created_at: AwareDatetime
    software: str
    model: str | None = None


class StoredVerdict(Verdict):
    """A verdict as the ledger gives it back. hash: of its event, which covers every word of it."""

    seq: int
    hash: Sha256
    state: Literal["current", "superseded", "void"] = "current"
    void_reason: str | None = None


class Draft(Record):
    """A review that was begun. Kept for (claim, reviewer) until the verdict that ends it is stored."""

    claim_id: Slug
    reviewer: Reviewer
    token: str
    based_on: Offset = 0
    rating: Slug | None = None
    ground: Ground | None = None
    confidence: float | None = None
    rationale: str = ""
    explanation: str = ""
    headline: str = ""
    cites: tuple[Cite, ...] = ()
    fragments: tuple[FragmentRating, ...] = ()
    weighing: str = ""
    searched_elsewhere: Annotated[str, Field(max_length=MAX_TEXT)] = ""
    departures: tuple[Departure, ...] = ()
    change_kind: RevisedBy | None = None
    change_note: Annotated[str, Field(max_length=MAX_TEXT)] = ""
    updated_at: AwareDatetime
