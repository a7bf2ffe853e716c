"""The ledger's facts, and the case that the facts about one claim add up to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, Field

from workbench.models.citation import Mark
from workbench.models.claim import Claim
from workbench.models.contact import Contact
from workbench.models.freshness import CitationState, NewEvidence
from workbench.models.publishing import Embargo, Publication, PublicChange, Readiness, SignOff
from workbench.models.record import MAX_TEXT, Record, Reviewer, Sha256, Slug, Status, SubjectKind
from workbench.models.verdict import StoredVerdict


class NewEvent(Record):
    """A fact on its way into the ledger, before it has a place in the chain. payload: JSON values only.

    revision, token: unique per (subject, actor) and per workspace; only saves that may be repeated carry them.
    """

    subject_kind: SubjectKind
    subject_id: Annotated[str, Field(min_length=1, max_length=200)]
    kind: Slug
    actor: Reviewer
    created_at: AwareDatetime
    payload: dict[str, Any] = Field(default_factory=dict)
    revision: int | None = None
    token: str | None = None


class Event(NewEvent):
    """A stored fact. `hash` covers both links, so one subject's events verify without their neighbours.

    subject_revision counts the subject's events from 1. subject_prev, prev_hash: the hash before this one, of the same
    subject and of the whole ledger; the first has 64 zeros.
    """

    seq: Annotated[int, Field(ge=1)]
    subject_revision: Annotated[int, Field(ge=1)]
    subject_prev: Sha256
    prev_hash: Sha256
    hash: Sha256


class Recusal(Record):
    """A reviewer who does not judge a claim, for a conflict of interest of theirs."""

    reviewer: Reviewer
    reason: str
    at: AwareDatetime


class Comment(Record):
    """What one colleague says to others about a claim, or about a passage. number: its place among the claim's events.

    to: whom it is for, as its writer named them; everybody where it says nobody.
    """

    number: int
    by: Reviewer
    at: AwareDatetime
    text: Annotated[str, Field(min_length=1, max_length=MAX_TEXT)]
    passage_id: str | None = None
    to: str | None = None


class Assignment(Record):
    """A reviewer who is to judge a claim. by, at: who gave it to them, and when."""

    reviewer: Reviewer
    by: Reviewer
    at: AwareDatetime


class Erasure(Record):
    """That the words of a source were erased from what is recorded of a claim, and why."""

    source_id: Sha256
    reason: str
    at: AwareDatetime


class DeskWord(Record):
    """Whose word a desk matter of a claim is, where a person said it later than the claim file. field: as Claim has it.

    beside_file: the claim file says otherwise, and counts again once the word is taken back.
    """

    field: str
    by: Reviewer
    at: AwareDatetime
    beside_file: bool = False


class Case(Record):
    """What the events of one claim add up to.

    counting: the verdict that stands for the claim: the newest current one while the reviewers agree, else None.
    verdicts: every revision, oldest first. marks: of each reviewer, by passage. missing_from: the claim file it vanished from.
    recusals: those that hold, one for each reviewer who recused. citation_states: what became of citations, of every revision;
    one that nothing is said of is intact. contacts: who was asked, in the order it was recorded, with what was corrected since;
    those taken back are left out.

    comments: those not taken back, oldest first. is_blind: it is as one reviewer may read it, who has not judged the claim
    yet: what colleagues did is left out, in everything here.
    new_evidence: passages that came in after the verdict that counts, bear on the claim and wait for an answer.

    publication, ready: of the verdict that counts. live: what readers have, perhaps an older revision, until it is retracted.
    sign_offs: the newest of each role, with the verdict it was given to. changes: what readers were told, or are to be, oldest
    first.
    assignments: those that hold, the oldest first.
    erasures: of the sources whose words were erased from it, and why.
    claim: with the latest word on its desk matters; desk_words: whose that is, where people said it after the claim file.
    """

    claim: Claim
    status: Status
    verdicts: tuple[StoredVerdict, ...] = ()
    counting: StoredVerdict | None = None
    marks: tuple[tuple[Reviewer, Mark], ...] = ()
    recusals: tuple[Recusal, ...] = ()
    citation_states: tuple[CitationState, ...] = ()
    contacts: tuple[Contact, ...] = ()
    comments: tuple[Comment, ...] = ()
    is_blind: bool = False
    new_evidence: tuple[NewEvidence, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    desk_words: tuple[DeskWord, ...] = ()
    erasures: tuple[Erasure, ...] = ()
    drafted_by: tuple[str, ...] = ()
    publication: Publication | None = None
    live: Publication | None = None
    ready: Readiness | None = None
    embargo: Embargo | None = None
    sign_offs: tuple[SignOff, ...] = ()
    changes: tuple[PublicChange, ...] = ()
    missing_from: str | None = None
    retired: bool = False
    events: tuple[Event, ...] = ()

    def is_embargoed(self, now: datetime | None) -> bool:
        """Whether an embargo holds at that moment; without a clock it does not end."""
        return self.embargo is not None and (now is None or now < self.embargo.until)

    @property
    def holding_sign_offs(self) -> tuple[SignOff, ...]:
        """Those given to the very verdict that counts."""
        return tuple(one for one in self.sign_offs if self.counting is not None and one.hash == self.counting.hash)

    @property
    def stale(self) -> tuple[CitationState, ...]:
        """The citations of current verdicts that somebody has to look at."""
        return stale_of(self.verdicts, self.citation_states)


def stale_of(verdicts: Iterable[StoredVerdict], states: Iterable[CitationState]) -> tuple[CitationState, ...]:
    """The states of citations of current verdicts that somebody has to look at."""
    current = {one.hash for one in verdicts if one.state == "current"}
    return tuple(one for one in states if one.is_stale and one.hash in current)
