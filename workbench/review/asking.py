"""Asking people about a claim: the checks of what the contacts log is told, and whether somebody named was asked.

The log is corrected by further events, each with the contact as it should read; what stood before stays in the history.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from workbench.errors import Conflict, TokenReused, UnknownId
from workbench.models import Claim, Contact, Event, NewEvent
from workbench.review.fold import fold_case
from workbench.tongue import _, day

KINDS = ("contact-asked", "contact-changed", "contact-withdrawn")


def check_asked(event: NewEvent, events: Sequence[Event]) -> NewEvent | Event:
    """The check that stores a new contact under the next number of the claim; numbers of withdrawn ones are not used again.

    A token that stored one already answers with it: a double click asks once. Raises: TokenReused where it stored another.
    """
    before = next((one for one in events if event.token is not None and one.token == event.token), None)
    if before is not None:
        same = {**before.payload["contact"], "number": 0} == {**event.payload["contact"], "number": 0}
        if before.kind == event.kind and before.actor == event.actor and same:
            return before
        raise TokenReused(f"The token {event.token!r} was already used for another save.", hint="Nothing was written.")
    taken = [one.payload["contact"]["number"] for one in events if one.kind == "contact-asked"]
    contact = {**event.payload["contact"], "number": max(taken, default=0) + 1}
    return event.model_copy(update={"payload": {**event.payload, "contact": contact}})


def check_changed(number: int, change: Callable[[Contact], Contact], *, seen: Contact | None = None) -> Any:
    """The check that stores a contact as it should read from now on; `change` is asked inside the transaction.

    seen: the contact as the person who changes it saw it. Raises: UnknownId for no such contact; Conflict where it was changed
    since it was seen; what `change` raises.
    """

    def check(event: NewEvent, events: Sequence[Event]) -> NewEvent:
        known = _known(number, event, events)
        if seen is not None and seen != known:
            raise Conflict(
                f"Contact {number} of {event.subject_id} was changed since you opened it.",
                hint="Nothing was written. Read it as it stands now, then change it again.",
                code="contact_changed",
            )
        changed = Contact.model_validate({**change(known).model_dump(), "number": number})
        return event.model_copy(update={"payload": {**event.payload, "contact": changed.model_dump(mode="json")}})

    return check


def check_withdrawn(number: int) -> Any:
    """The check that takes a contact out of the log; it stays in the history. Raises: UnknownId."""

    def check(event: NewEvent, events: Sequence[Event]) -> NewEvent:
        _known(number, event, events)
        return event

    return check


def _known(number: int, event: NewEvent, events: Sequence[Event]) -> Contact:
    for contact in fold_case(events).contacts:
        if contact.number == number:
            return contact
    raise UnknownId(
        f"There is no contact {number} of {event.subject_id}.",
        hint=f"List them with: workbench claims contacts {event.subject_id}",
        code="unknown_contact",
    )


def asks_named_person(claim: Claim, contacts: Sequence[Contact], at: datetime) -> tuple[bool, str] | None:
    """Whether the person the claim names as its claimant was heard, as (done, sentence); None where it names nobody to ask.

    Heard: they replied, it was recorded that they did not, or the time they were given is over.
    """
    if claim.claimant is None or claim.claimant.kind == "organization":
        return None
    mine = [one for one in contacts if one.party == "claimant"]
    sentence = _("{name} was asked, and replied or had the time to", name=claim.claimant.name)
    if any(one.reply or one.no_reply_by or (one.deadline is not None and one.deadline <= at) for one in mine):
        return True, sentence
    waiting = [one.deadline for one in mine if one.deadline is not None]
    if waiting:
        ends = f"{day(min(waiting))}, {min(waiting):%H:%M}"
        return False, _("{sentence} (asked; the time given ends {when} UTC)", sentence=sentence, when=ends)
    if mine:
        return False, _("{sentence} (asked without a deadline, and no reply is recorded)", sentence=sentence)
    return False, _("{sentence} (not asked yet)", sentence=sentence)
