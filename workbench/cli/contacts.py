"""`workbench claims ask`, `reply`, `contacts`, `correct-contact`, `withdraw-contact`: who was asked, and what they replied."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated, Any, get_args

import typer

from workbench.cli.console import JsonOption, WorkspaceOption, declared, moment, open_desk, print_json, say
from workbench.errors import UsageError
from workbench.models import Contact, Party

ClaimId = Annotated[str, typer.Argument(metavar="ID")]
Number = Annotated[int, typer.Argument(metavar="NUMBER", min=1, help="Of the entry, as `claims contacts` shows it.")]
Who = Annotated[str, typer.Option("--reviewer", help="Your name; self-declared in local mode.")]
AskedAt = Annotated[str | None, typer.Option("--at", help="When they were asked, with its zone; now by default.")]
Deadline = Annotated[str | None, typer.Option(help="Until when they may reply, with its zone: 2026-05-03T18:00+02:00.")]
PartyOption = Annotated[str, typer.Option("--as", help=f"What they are to the claim: {', '.join(get_args(Party))}.")]


def ask(
    claim_id: ClaimId,
    name: Annotated[str, typer.Option(help="Who was asked.")],
    question: Annotated[str, typer.Option(help="What they were asked.")],
    reviewer: Who,
    party: PartyOption = "claimant",
    channel: Annotated[str, typer.Option("--by", help="How: email, telephone, letter ...")] = "email",
    asked_at: AskedAt = None,
    deadline: Deadline = None,
    in_confidence: Annotated[bool, typer.Option("--in-confidence", help="Reports do not print it.")] = False,
    token: Annotated[str | None, typer.Option(help="A name for this save: repeating it gives the same entry back.")] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Record that somebody was asked about the claim."""
    with open_desk(workspace) as desk:
        contact = desk.contacts.ask(
            claim_id,
            party=_party(party),
            name=name,
            channel=channel,
            question=question,
            asked_at=_at(asked_at, "--at"),
            deadline=_at(deadline, "--deadline"),
            is_public=not in_confidence,
            by=declared(reviewer),
            token=token or uuid.uuid4().hex,
        )
    _tell(claim_id, contact, as_json=as_json)


def reply(
    claim_id: ClaimId,
    number: Number,
    reviewer: Who,
    words: Annotated[str | None, typer.Option(help="What they replied, word for word.")] = None,
    summary: Annotated[bool, typer.Option("--summary", help="These are not their words but a summary of them.")] = False,
    none_by: Annotated[
        str | None, typer.Option("--none-by", help="There was no reply by this time (with its zone), or by the `deadline`.")
    ] = None,
    at: Annotated[str | None, typer.Option(help="When they replied, with its zone; now by default.")] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Record what somebody replied, or that they did not."""
    if (words is None) == (none_by is None):
        raise UsageError("Give --words, or --none-by.", hint="For example: --none-by deadline")
    who = declared(reviewer)
    with open_desk(workspace) as desk:
        if words is not None:
            when = _at(at, "--at")
            contact = desk.contacts.reply(claim_id, number, words, at=when, is_verbatim=not summary, by=who)
        else:
            by_then = None if none_by == "deadline" else _at(none_by, "--none-by")
            contact = desk.contacts.no_reply(claim_id, number, by_then=by_then, by=who)
    _tell(claim_id, contact, as_json=as_json)


def contacts(claim_id: ClaimId, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """List who was asked about a claim, and what they replied."""
    with open_desk(workspace) as desk:
        found = desk.case(claim_id).contacts
    if as_json:
        print_json({"claim_id": claim_id, "contacts": found})
        return
    for contact in found:
        _say(contact)
    if not found:
        say(f"Nobody was asked yet. Record it: workbench claims ask {claim_id} --name NAME --question TEXT --reviewer YOU")


def correct_contact(
    claim_id: ClaimId,
    number: Number,
    reviewer: Who,
    name: Annotated[str | None, typer.Option(help="Who was asked.")] = None,
    question: Annotated[str | None, typer.Option(help="What they were asked.")] = None,
    party: Annotated[str | None, typer.Option("--as", help=f"One of {', '.join(get_args(Party))}.")] = None,
    channel: Annotated[str | None, typer.Option("--by", help="How.")] = None,
    asked_at: Annotated[str | None, typer.Option("--at", help="When they were asked, with its zone.")] = None,
    deadline: Deadline = None,
    words: Annotated[str | None, typer.Option("--reply", help="What they replied.")] = None,
    in_confidence: Annotated[bool | None, typer.Option("--in-confidence/--public", help="Whether reports print it.")] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Correct an entry; what stood before stays in the history."""
    said: dict[str, Any] = {
        "name": name,
        "question": question,
        "party": _party(party) if party else None,
        "channel": channel,
        "asked_at": _at(asked_at, "--at"),
        "deadline": _at(deadline, "--deadline"),
        "reply_words": words,
        "is_public": None if in_confidence is None else not in_confidence,
    }
    changed = {field: value for field, value in said.items() if value is not None}
    if not changed:
        raise UsageError("Nothing to correct was given.", hint="For example: --deadline 2026-05-03T18:00Z")
    with open_desk(workspace) as desk:
        contact = desk.contacts.correct(claim_id, number, changed, by=declared(reviewer))
    _tell(claim_id, contact, as_json=as_json)


def withdraw_contact(
    claim_id: ClaimId,
    number: Number,
    reviewer: Who,
    reason: Annotated[str, typer.Option(help="Why it does not belong there; kept in the records.")],
    workspace: WorkspaceOption = None,
) -> None:
    """Take an entry out of the log that should not be there; it stays in the history."""
    with open_desk(workspace) as desk:
        desk.contacts.withdraw(claim_id, number, reason, by=declared(reviewer))
    say(f"Contact {number} of {claim_id} is taken out.")


def _party(text: str) -> Party:
    known: dict[str, Party] = {party: party for party in get_args(Party)}
    if text not in known:
        raise UsageError(f"--as {text!r} is nothing somebody is to a claim.", hint=f"Use one of: {', '.join(known)}.")
    return known[text]


def _at(text: str | None, option: str) -> datetime | None:
    return moment(text, option) if text is not None else None


def _tell(claim_id: str, contact: Contact, *, as_json: bool) -> None:
    if as_json:
        print_json({"claim_id": claim_id, "contact": contact})
    else:
        _say(contact)


def _say(contact: Contact) -> None:
    until = f", until {contact.deadline:%Y-%m-%d %H:%M %Z}" if contact.deadline else ""
    kept = "" if contact.is_public else " (in confidence: reports do not print it)"
    asked = f"by {contact.channel}, {contact.asked_at:%Y-%m-%d %H:%M %Z}{until}{kept}"
    say(f"{contact.number}. {contact.name} [{contact.party}] {asked}")
    say(f"   asked: {contact.question}")
    if contact.reply:
        how = "replied" if contact.reply.is_verbatim else "replied, summed up"
        say(f"   {how} {contact.reply.replied_at:%Y-%m-%d %H:%M %Z}: {contact.reply.words}")
    elif contact.no_reply_by:
        say(f"   no reply by {contact.no_reply_by:%Y-%m-%d %H:%M %Z}")
    else:
        say("   no reply yet")
