"""What colleagues say to one another about a claim or a passage: said once, taken back by whoever said it, both in the history.

What lives here: the verbs, and what a comment must satisfy. What does not: what is heard by somebody who is blind on the claim
(review/blind.py): of colleagues' comments, nothing. No comment is published.
"""

from __future__ import annotations

from collections.abc import Sequence

from workbench import review
from workbench.cases import Cases
from workbench.errors import Refused, TokenReused, UnknownId
from workbench.ledger import Ledger
from workbench.models import MAX_TEXT, Comment, Event, NewEvent, Reviewer


class Comments:
    """The comments of one workspace."""

    def __init__(self, cases: Cases, ledger: Ledger) -> None:
        self._cases = cases
        self._ledger = ledger

    def say(
        self,
        claim_id: str,
        text: str,
        *,
        by: Reviewer,
        token: str,
        passage_id: str | None = None,
        to: str | None = None,
    ) -> Comment:
        """The comment as stored. The same token and text answer with the same comment: a double click says it once.

        to: the name of whom it is for. Raises: UnknownId, Refused for an empty or a very long text, TokenReused.
        """
        said = _worth_storing(text)
        claim = self._cases.get(claim_id).claim
        comment = {"text": said, "passage_id": passage_id, "to": " ".join((to or "").split()) or None}
        event = self._cases.event(claim.id, "comment-made", {"comment": comment}, actor=by, token=token)
        stored = self._ledger.append(event, _once)
        return next(one for one in self._cases.get(claim_id).comments if one.number == stored.subject_revision)

    def take_back(self, claim_id: str, number: int, *, by: Reviewer) -> None:
        """Record that a comment is taken back: nobody is shown it any more. Raises: UnknownId, Refused for somebody else's."""
        claim = self._cases.get(claim_id).claim
        self._ledger.append(self._cases.event(claim.id, "comment-taken-back", {"number": number}, actor=by), _by_its_writer)


def _worth_storing(text: str) -> str:
    said = text.strip()
    if not said:
        raise Refused("A comment needs words.", hint="Write what a colleague should know.", code="no_words")
    if len(said) > MAX_TEXT:
        raise Refused(
            f"This comment has {len(said):,} characters; at most {MAX_TEXT:,} are kept.",
            hint="Put the text into a file of evidence, and point to it here.",
            code="too_long",
        )
    return said


def _once(event: NewEvent, events: Sequence[Event]) -> NewEvent | Event:
    """The check that stores a comment, or answers with the one that this token stored."""
    before = next((one for one in events if one.token == event.token), None)
    if before is None:
        return event
    if (before.kind, before.payload, before.actor) != (event.kind, event.payload, event.actor):
        raise TokenReused(
            f"The token {event.token!r} was already used for another save.",
            hint="Nothing was written. Use a fresh one for each new comment.",
        )
    return before


def _by_its_writer(event: NewEvent, events: Sequence[Event]) -> NewEvent:
    """The check that takes a comment back. Raises: UnknownId, Refused."""
    standing = review.fold_case(events).comments
    comment = next((one for one in standing if one.number == event.payload["number"]), None)
    if comment is None:
        raise UnknownId(
            f"There is no comment {event.payload['number']} on {event.subject_id}.",
            hint=f"List them with: workbench comment list {event.subject_id}",
            code="unknown_comment",
        )
    if review.reviewer_key(comment.by) != review.reviewer_key(event.actor):
        raise Refused(
            f"Comment {comment.number} is {comment.by.display_name}'s, and theirs to take back.",
            hint="Nothing was written. Answer it with a comment of your own.",
            code="not_yours",
        )
    return event
