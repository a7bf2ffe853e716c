"""Judging: verdicts, and the request and draft they come from."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, model_validator

from workbench.models.citation import Citation, Cite, Mark
from workbench.models.claim import Fragment
from workbench.models.publishing import Change, RevisedBy
from workbench.models.question import Question, QuestionDraft
from workbench.models.rating import MAX_WORDING, RatingSnapshot
from workbench.models.record import MAX_STATEMENT, MAX_TEXT, Ground, Offset, Record, Reviewer, Sha256, Slug
from workbench.models.search import SearchReceipt


class FragmentVerdict(Record):
    """The rating of one fragment of the statement, with those of the verdict's citations that it rests on.

    words: the fragment itself, as the statement had it then, so that it can be read when the claim was reworded.
    """

    fragment: Fragment
    words: Annotated[str, Field(min_length=1, max_length=MAX_STATEMENT)]
    rating: RatingSnapshot
    citations: tuple[Citation, ...] = ()


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

    wording: the reviewer's own words for a rating that asks for some.
    weighing: how the rating of the whole follows from those of its fragments, in the reviewer's words. searched_elsewhere:
    places searched outside the tool, one a line. change: what the revision does to the published one, where there is one.
    adjudicates: hashes of the verdicts that disagree, as the referee read them; with any, this one settles the claim.
    """

    claim_id: Slug
    rating: Slug
    wording: Annotated[str, Field(min_length=1, max_length=MAX_WORDING)] | None = None
    rationale: Annotated[str, Field(max_length=MAX_TEXT)] = ""
    explanation: Annotated[str, Field(max_length=MAX_TEXT)] | None = None
    headline: str | None = None
    ground: Ground | None = None
    confidence: Annotated[float, Field(ge=0, le=1)] | None = None
    cites: tuple[Cite, ...] = ()
    fragments: tuple[FragmentRating, ...] = ()
    weighing: Annotated[str, Field(max_length=MAX_TEXT)] | None = None
    questions: tuple[QuestionDraft, ...] = ()
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

    @model_validator(mode="after")
    def _questions_of_this_verdict(self) -> VerdictRequest:
        cited = {cite.passage_id for cite in self.cites}
        for one in self.questions:
            if not one.answers:
                raise ValueError(f"the question {one.text!r} has no answer; answer it, call it unanswerable, or take it out")
            strange = [found for answer in one.answers for found in answer.passage_ids if found not in cited]
            if strange:
                raise ValueError(
                    f"an answer to {one.text!r} rests on {strange[0]}, which is not cited; cite it with its stance"
                )
        return self


class Verdict(Record):
    """What one reviewer concluded about one claim, with everything needed to read it alone.

    revision and based_on count within (claim, reviewer), from 1; based_on 0 means nothing was there before.
    rationale is for colleagues and is never published; explanation, headline, weighing and searched_elsewhere are.
    rejected: what this reviewer had looked at and found not relevant by then; with the receipt the record of the search.
    reviews: how many people had to judge the claim when it was given. adjudicates: hashes of the verdicts a referee decided
    between.
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
    questions: tuple[Question, ...] = ()
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


class SetAside(Record):
    """Words of a draft's field that another window wrote over without having shown them; kept until somebody chooses."""

    field: Literal["wording", "rationale", "explanation", "headline", "weighing", "searched_elsewhere", "change_note"]
    words: str


class Draft(Record):
    """A review that was begun. Kept for (claim, reviewer) until the verdict that ends it is stored."""

    claim_id: Slug
    reviewer: Reviewer
    token: str
    based_on: Offset = 0
    rating: Slug | None = None
    wording: Annotated[str, Field(max_length=MAX_WORDING)] = ""
    ground: Ground | None = None
    confidence: float | None = None
    rationale: str = ""
    explanation: str = ""
    headline: str = ""
    cites: tuple[Cite, ...] = ()
    fragments: tuple[FragmentRating, ...] = ()
    weighing: str = ""
    questions: tuple[QuestionDraft, ...] = ()
    searched_elsewhere: Annotated[str, Field(max_length=MAX_TEXT)] = ""
    departures: tuple[Departure, ...] = ()
    change_kind: RevisedBy | None = None
    change_note: Annotated[str, Field(max_length=MAX_TEXT)] = ""
    set_aside: tuple[SetAside, ...] = ()
    updated_at: AwareDatetime
