"""What a hit is to a reviewer: a mark, or a citation with the words themselves; and the wish to cite."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from workbench.models.media import Described
from workbench.models.record import (
    UNKNOWN_DATE,
    Access,
    Offset,
    PartialDate,
    Record,
    Sha256,
    SourceKind,
    Stance,
)
from workbench.models.source import Passage, ReliabilityNote, ReportsOn

Group = Annotated[int, Field(ge=1, le=1000)]


class Mark(Record):
    """A reviewer's judgement of a hit that is not a citation. policy_hash: of guidelines, scale and policy then in force."""

    passage_id: str
    judgement: Literal["not-relevant", "look-again"]
    reason: str | None = None
    policy_hash: Sha256 | None = None


CONTEXT_CHARACTERS = 32  # kept on either side of the quoted words, so that a moved passage can be told from a look-alike


class Citation(Record):
    """The quoted words themselves, where they stand, and what they do to the claim. Readable when the file is gone.

    quote: the words, verbatim. before, after: up to 32 characters either side. title to page: as they were then.
    ocr_confidence: of the page, where OCR read it: the words are then a machine's reading, not the letter of the document.
    warnings: what made the words doubtful then.
    describes: the photo or recording the words are a colleague's description of; heard: they are spoken in it.
    attributed_to: whose reported speech the words stand in. repeats_claim: that speaker is the claimant, and nobody named
    another who knows. by_claimant: the claimant published the file. All three as they were seen when it was cited.
    group: citations with the same number count only together. policy_hash: what was in force when the stance was given.
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
    group: Group | None = None
    policy_hash: Sha256 | None = None

    @property
    def as_asked(self) -> Cite:
        """The wish that this citation came from."""
        return Cite(
            passage_id=self.passage_id,
            stance=self.stance,
            origin=self.origin,
            note=self.note,
            group=self.group,
            policy_hash=self.policy_hash,
        )

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


class Cite(Record):
    """A wish to cite a passage, or exactly the words its id names, as given on the command line or in the app.

    policy_hash: what was in force when the stance was given; None: what is in force when the verdict is recorded.
    """

    passage_id: str
    stance: Stance
    origin: str | None = None
    note: str | None = None
    group: Group | None = None
    policy_hash: Sha256 | None = None
