"""What a printed report is made of: a few kinds of blocks, which every form for readers prints in its own way.

What lives here: frozen values, text in them as it came. What does not: which blocks a report has (compose.py, summary.py), and
any markup (workbench.exports): a form that prints every kind here prints every report, and what is added to a report stands in
all of them.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

Edition = Literal["reader", "full", "fragment"]
Mark = Literal["plain", "strong", "quiet", "title", "words", "code"]
Role = Literal[
    "plain",  # an ordinary sentence
    "small",  # a quiet one under something
    "change",  # a correction readers are told of
    "draft",  # why this is not for publication
    "statement",  # the claim where it is no quotation
    "who",  # the claimant and the date
    "meaning",  # what the rating means
    "explanation",  # the public explanation, paragraphs kept
    "weighing",  # how the fragments add up, in the reviewer's words
    "missing",  # that something has not been written
    "stance",  # what a citation does to the claim
    "caution",  # what a reader must know of a source
    "description",  # a colleague's words on a photo or recording, which are no quotation
    "source",  # where cited words stand
]


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of words. link: an address that is safe to follow, or `#id` of an article of this report. at: of a date."""

    text: str
    mark: Mark = "plain"
    link: str | None = None
    at: datetime | None = None


Runs = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """words: set it as words from outside, not as a title of ours."""

    kind: ClassVar[str] = "heading"
    level: int
    text: str
    words: bool = False


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph; line ends in its words are kept where the role is one of several lines."""

    kind: ClassVar[str] = "para"
    role: Role
    runs: Runs


@dataclass(frozen=True, slots=True)
class Quote:
    """Words as they stand somewhere, word for word. claim: print quotation marks round them; cited, original: none."""

    kind: ClassVar[str] = "quote"
    role: Literal["claim", "cited", "original"]
    text: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Items:
    """A list without an order."""

    kind: ClassVar[str] = "items"
    role: Literal["plain", "history", "queries", "fragments"]
    items: tuple[Runs, ...]


@dataclass(frozen=True, slots=True)
class Rated:
    """The rating as the eye finds it first. slug: None where no verdict stands. colour: as it was given; None: as today."""

    kind: ClassVar[str] = "rated"
    label: str
    slug: str | None
    colour: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head. marked: the row to point out; numbers: columns set to the right."""

    kind: ClassVar[str] = "table"
    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Runs, ...], ...]
    marked: int | None = None
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and values, for whoever checks: digests, places, revisions."""

    kind: ClassVar[str] = "facts"
    rows: tuple[tuple[str, Runs], ...]


@dataclass(frozen=True, slots=True)
class Cited:
    """One citation with its number."""

    kind: ClassVar[str] = "cited"
    number: int
    blocks: tuple[Para | Quote, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of an article. name: what a screen reader calls it; titled: whether it is printed, as a heading of this level.

    colour: of its edge, as the rating was given in; else that of the rating `colour_of` today.
    """

    kind: ClassVar[str] = "section"
    key: str
    name: str
    blocks: tuple[Block, ...]
    titled: bool = True
    colour_of: str | None = None
    colour: str | None = None
    level: int = 2


@dataclass(frozen=True, slots=True)
class Article:
    """Everything a report prints of one claim, in order."""

    kind: ClassVar[str] = "article"
    id: str
    blocks: tuple[Block, ...]


Block = Heading | Para | Quote | Items | Rated | Table | Facts | Cited | Section


def plain(text: str) -> Runs:
    """The text as one run."""
    return (Run(text),)


def said(role: Role, text: str) -> Para:
    """A paragraph of one run."""
    return Para(role, plain(text))


def reads_from_right(text: str) -> bool:
    """Whether the first letter that has a direction is read from right to left (as HTML's dir=auto decides)."""
    strong = (unicodedata.bidirectional(character) for character in text)
    return next((direction for direction in strong if direction in ("L", "R", "AL")), "L") != "L"
