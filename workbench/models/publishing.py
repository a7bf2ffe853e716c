"""The public side of a verdict: signed off, ready, embargoed, published, corrected, retracted."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, field_validator

from workbench.models.record import MAX_TEXT, Record, Reviewer, Sha256, Slug

RevisedBy = Literal["correction", "clarification", "update"]
ChangeKind = Literal["correction", "clarification", "update", "retraction"]


class Change(Record):
    """What a new revision does to the one readers have. note: for readers, printed with its date."""

    kind: RevisedBy
    note: Annotated[str, Field(max_length=MAX_TEXT)]

    @field_validator("note")
    @classmethod
    def _says_something(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("the note for readers is empty; say what changed")
        return value.strip()


class Publication(Record):
    """Where a verdict was published. hash: of that verdict."""

    url: str
    at: AwareDatetime
    by: Reviewer
    hash: Sha256 | None = None


class Readiness(Record):
    """Somebody called a verdict ready to be published. hash: of that verdict."""

    hash: Sha256
    by: Reviewer
    at: AwareDatetime


class SignOff(Record):
    """An editor, a lawyer, a copy desk: whoever the policy asks said yes to one verdict. hash: of that verdict."""

    signs_as: Slug
    hash: Sha256
    by: Reviewer
    at: AwareDatetime


class Embargo(Record):
    """Until when nothing of a claim's verdict may leave the desk; it holds for every revision."""

    until: AwareDatetime
    by: Reviewer
    at: AwareDatetime
    reason: str = ""


class PublicChange(Record):
    """A change of what readers have, as they are told of it.

    at: when readers got it; of a correction nobody published yet, when it was recorded, and is_public is false. hash: of the
    verdict that brings it, or of the one retracted. url: where it can be read.
    """

    claim_id: Slug
    kind: ChangeKind
    note: str
    at: AwareDatetime
    by: Reviewer
    hash: Sha256
    url: str | None = None
    is_public: bool
