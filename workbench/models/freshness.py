"""Verdicts that may have gone stale: what became of a citation in its file, and new passages that bear on a decided claim."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from workbench.models.record import MAX_TEXT, Record, Sha256, Slug, Span

CitationCondition = Literal["intact", "moved", "changed", "gone"]
STALE: frozenset[CitationCondition] = frozenset({"changed", "gone"})  # what sends a verdict to be checked again


class Confirmation(Record):
    """A person who looked at a citation that changed or is gone, and holds that the verdict stands. by: display name."""

    by: str
    reason: Annotated[str, Field(min_length=1, max_length=MAX_TEXT)]
    at: AwareDatetime


class CitationState(Record):
    """What became of a citation, as events tell it. hash: of the verdict that cites; passage_id: the cited words.

    now: what stands there instead, of a changed one; None where nothing like it does. at: since when. confirmed: of this very
    state: where something else becomes of the citation, it no longer holds.
    """

    hash: Sha256
    passage_id: str
    state: CitationCondition
    now: str | None = None
    at: AwareDatetime | None = None
    confirmed: Confirmation | None = None

    @property
    def is_stale(self) -> bool:
        """Whether a person has to look at it."""
        return self.state in STALE and self.confirmed is None


class CitedNow(Record):
    """A citation of a current verdict beside the files as they are now: one line of `workbench fresh --json`.

    sha256, path: of the file as it was cited. was: the quoted words; now: those that stand there, None where none do.
    """

    claim_id: Slug
    revision: int
    sha256: Sha256
    path: str | None
    state: CitationCondition
    was: str
    now: str | None


class Found(Record):
    """Where the words of a citation stand now. source_id, span: the place, None where it is not known or nobody knows it.

    note: what else a person should know, "" where nothing.
    """

    state: CitationCondition
    now: str | None = None
    source_id: Sha256 | None = None
    span: Span | None = None
    note: str = ""


class NewEvidence(Record):
    """A passage that came in after a verdict and bears on its claim. hash: of that verdict. text_hash: of the passage.

    kind: it differs from the claim as the lens sees it, or lies nearer to it than what was cited. reason: which, in words. at:
    when it was found.
    """

    hash: Sha256
    passage_id: str
    source_id: Sha256
    text_hash: Sha256
    kind: Literal["differs", "nearer"]
    reason: str
    at: AwareDatetime | None = None


class Standing(Record):
    """A decided claim that waits for a look at a new passage: one line of `workbench fresh --json`."""

    claim_id: Slug
    passage_id: str
    path: str
    reason: str
