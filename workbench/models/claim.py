"""A claim: who said what, when, where it appeared."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from workbench.models.record import (
    MAX_STATEMENT,
    UNKNOWN_DATE,
    PartialDate,
    Record,
    Sha256,
    Slug,
    Span,
    canonical_json,
    sha256_hex,
)


class Claimant(Record):
    """Who made the claim: a person or a body, in the role they had then. kind: None where nobody said which.

    affiliation: the party, body or camp they are counted with in the balance of what is checked; it is printed nowhere else.
    """

    name: Annotated[str, Field(min_length=1)]
    role: str | None = None
    affiliation: str | None = None
    kind: Literal["person", "organization"] | None = None
    same_as: tuple[str, ...] = ()


class Appearance(Record):
    """A place where the claim was made or printed. `via`: known only through this other publisher."""

    url: str | None = None
    title: str | None = None
    publisher: str | None = None
    date: PartialDate = UNKNOWN_DATE
    archived_url: str | None = None
    via: str | None = None


class Fragment(Span):
    """A part of the statement that is judged apart; offsets into `Claim.statement`."""

    note: str | None = None


class SourceQuote(Span):
    """Where a quotation was lifted from: a span of the canonical text of the Source with this sha256."""

    sha256: Sha256


class ExternalReview(Record):
    """What another fact-checker published about the claim, as their file says it: unverified, and never a verdict of ours.

    rating: their own words for it.
    """

    publisher: str | None = None
    url: str | None = None
    title: str | None = None
    rating: str | None = None
    reviewed_on: PartialDate = UNKNOWN_DATE
    language: str | None = None


# How the words of a quotation came by their marks: they stood in some in the file, a person confirmed them, or they have none.
QuoteMarks = Literal["in-file", "confirmed", "none"]
Priority = Literal["low", "normal", "high"]
DESK_MATTERS = ("priority", "due", "topics", "why_checked", "context", "custom")  # what people may say of a claim at any time
# Changing these changes no verdict.
_UNJUDGED: dict[str, bool | set[str]] = {
    **dict.fromkeys((*DESK_MATTERS, "reviews", "quote_marks", "quote_marks_by"), True),
    "claimant": {"affiliation"},
}


class Claim(Record):
    """A checkable sentence somebody said. `quote` holds the exact words, without their quotation marks.

    quote_marks: what lets them be printed in some; None for words that a person typed as somebody's own. quote_marks_by: who
    confirmed it.
    """

    id: Slug
    statement: Annotated[str, Field(min_length=1, max_length=MAX_STATEMENT)]
    quote: str | None = None
    quote_original: str | None = None
    quote_language: str | None = None
    translator: str | None = None
    claimant: Claimant | None = None
    claimed_on: PartialDate = UNKNOWN_DATE
    appearances: tuple[Appearance, ...] = ()
    language: str | None = None
    topics: tuple[str, ...] = ()
    priority: Priority = "normal"
    due: date | None = None
    why_checked: str | None = None
    context: str | None = None
    fragments: tuple[Fragment, ...] = ()
    source_quote: SourceQuote | None = None
    reviews: tuple[ExternalReview, ...] = ()
    quote_marks: QuoteMarks | None = None
    quote_marks_by: str | None = None
    custom: dict[str, str] = Field(default_factory=dict)

    @field_validator("statement")
    @classmethod
    def _says_something(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("the statement is empty; write the sentence that is to be checked")
        return value

    @model_validator(mode="after")
    def _fragments_inside(self) -> Claim:
        for part in self.fragments:
            if not part.start < part.end <= len(self.statement):
                raise ValueError(
                    f"fragment {part.start}-{part.end} lies outside the {len(self.statement)} characters of the statement"
                )
        return self

    @model_validator(mode="after")
    def _confirmed_by_somebody(self) -> Claim:
        if self.quote_marks == "confirmed" and not (self.quote_marks_by or "").strip():
            raise ValueError("quote_marks is 'confirmed', but quote_marks_by does not say by whom")
        return self

    @property
    def content_hash(self) -> str:
        """sha256 of what is judged: a verdict records which wording it was about. Desk matters are left out."""
        return sha256_hex(canonical_json(self.model_dump(mode="json", exclude=_UNJUDGED)))

    @property
    def is_quoted(self) -> bool:
        """Whether the words of the quotation may stand in quotation marks (promise 10)."""
        if self.quote is None or self.quote_marks == "none":
            return False
        return self.quote_marks is not None or self.source_quote is None

    @property
    def reported_words(self) -> str | None:
        """The words of a quotation that may not: lifted from a file where they stood in none, and confirmed by nobody."""
        return None if self.is_quoted else self.quote

    @property
    def headline(self) -> str:
        """What a list shows first: the quotation in its marks, else the statement without any (promise 10)."""
        return f"“{self.quote}”" if self.is_quoted else self.statement


QuoteState = Literal["verbatim", "differs", "not-found", "no-file"]


class WordChange(Record):
    """A run of words of a quotation set beside a file: in both, or in one of them only."""

    where: Literal["both", "quotation", "file"]
    words: str


class QuoteCheck(Record):
    """What became of a quotation in the file it is from. span: of its words there, or of the nearest ones where they differ.

    "no-file": neither the file it was lifted from nor any appearance is in the library.
    """

    state: QuoteState
    source_id: Sha256 | None = None
    title: str | None = None
    span: Span | None = None
    changes: tuple[WordChange, ...] = ()


class ClaimChange(Record):
    """A claim that an import gives otherwise than it stands here. fields: the names of what differs."""

    claim: Claim
    fields: tuple[str, ...]


class NotImported(Record):
    """A claim of a file that is left out, where it stands in the file, and why."""

    place: str
    claim_id: Slug
    why: str
