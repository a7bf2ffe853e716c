"""`workbench verdict ...` after a verdict: its search made again, its history, and its way to readers."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from workbench.cli.console import (
    JsonOption,
    WorkspaceOption,
    declared,
    moment,
    open_desk,
    plain,
    print_json,
    say,
    stderr,
    table,
)
from workbench.errors import UsageError
from workbench.models import OPERATOR, Case, Reviewer

Who = Annotated[str | None, typer.Option("--reviewer", help="Who does it; the operator of the command line by default.")]
Signs = Annotated[str, typer.Option("--as", help="One of the roles under [review.policy] sign_offs: editor, legal, copy ...")]


def _who(name: str | None) -> Reviewer:
    return declared(name) if name and name.strip() else OPERATOR


def _tell(case: Case, done: str, hindered: list[Any], *, as_json: bool) -> None:
    """What was done, and what still keeps the verdict from readers."""
    if as_json:
        print_json(
            {
                "claim_id": case.claim.id,
                "status": case.status,
                "publication": case.publication,
                "live": case.live,
                "ready": case.ready,
                "embargo": case.embargo,
                "sign_offs": case.sign_offs,
                "hindrances": [{"code": one.code, "told": one.told} for one in hindered],
            }
        )
        return
    say(done)
    for one in hindered:
        say(f"Not for readers yet: {one.told}.")


def sign_off(
    claim_id: str,
    signs_as: Signs,
    reviewer: Annotated[str, typer.Option("--reviewer", help="Your name; self-declared in local mode.")],
    seen: Annotated[
        str | None, typer.Option("--hash", help="Of the verdict you read; refused if another counts by now.")
    ] = None,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Take the sign-off back instead.")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Sign the verdict that counts, or take the signature back. A later edit of the verdict takes it back by itself."""
    with open_desk(workspace) as desk:
        if withdraw:
            case = desk.publishing.withdraw_sign_off(claim_id, signs_as, actor=_who(reviewer))
        else:
            case = desk.publishing.sign_off(claim_id, signs_as, actor=_who(reviewer), seen=seen)
        hindered = desk.publishing.hindrances(case)
    _tell(case, f"{signs_as} {'took back the signature' if withdraw else 'signed'}.", hindered, as_json=as_json)


def ready(claim_id: str, reviewer: Who = None, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Say that the verdict that counts is ready to be published."""
    with open_desk(workspace) as desk:
        case = desk.publishing.call_ready(claim_id, actor=_who(reviewer))
        hindered = desk.publishing.hindrances(case)
    _tell(case, f"{claim_id} is ready to be published.", hindered, as_json=as_json)


def embargo(
    claim_id: str,
    until: Annotated[str | None, typer.Option(help="When it ends, with its zone: 2026-05-01T12:00+02:00.")] = None,
    reason: Annotated[str, typer.Option(help="Why; kept in the records.")] = "",
    lift: Annotated[bool, typer.Option("--lift", help="End the embargo now.")] = False,
    reviewer: Who = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Keep the verdict from readers until a time, whatever revision counts then; or lift the embargo."""
    if lift == (until is not None):
        raise UsageError("Give either --until TIME or --lift.", hint="For example: --until 2026-05-01T12:00+02:00")
    with open_desk(workspace) as desk:
        if until is None:
            case = desk.publishing.lift_embargo(claim_id, actor=_who(reviewer))
        else:
            case = desk.publishing.embargo(claim_id, moment(until, "--until"), actor=_who(reviewer), reason=reason)
        hindered = desk.publishing.hindrances(case)
    _tell(case, f"The embargo on {claim_id} is {'lifted' if lift else 'set'}.", hindered, as_json=as_json)


def publish(
    claim_id: str,
    url: Annotated[str, typer.Option(help="Where the fact-check can be read.")],
    reviewer: Who = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Record where the verdict was published."""
    with open_desk(workspace) as desk:
        case = desk.publish(claim_id, url, actor=_who(reviewer))
        hindered = desk.publishing.hindrances(case)
        given_away = desk.reporting.given_away(case) if desk.protection.is_needed else []
    _tell(case, f"{claim_id} is published at {url}.", hindered, as_json=as_json)
    for gap in given_away:
        stderr.print(f"note: {gap.told} {gap.hint}")


def retract(
    claim_id: str,
    note: Annotated[str, typer.Option(help="What readers are told; printed with the date.")],
    reviewer: Who = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take back what was published, with a note for its readers. No verdict recorded before counts any more."""
    with open_desk(workspace) as desk:
        case = desk.publishing.retract(claim_id, note, actor=_who(reviewer))
    _tell(case, f"{claim_id} is retracted.", [], as_json=as_json)


def replay(
    claim_id: str,
    reviewer: Annotated[str | None, typer.Option("--reviewer", help="Whose verdict; the one that counts by default.")] = None,
    revision: Annotated[
        int | None, typer.Option(min=1, help="Which revision; the newest that kept its search by default.")
    ] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make the search that a verdict kept again, and say what has changed since."""
    with open_desk(workspace) as desk:
        whose = desk.people.named(reviewer) if reviewer and reviewer.strip() else None
        found = desk.receipts.replay(claim_id, reviewer=whose, revision=revision)
    if as_json:
        print_json({**plain(found), "same": found.is_same, "told": found.told})
        return
    for sentence in found.told:
        say(sentence)
    for hit in found.hits:
        place = f"{hit.rank}" if hit.rank else "gone"
        was = "new" if hit.was is None else f"was {hit.was}"
        say(f"{place:>4}  ({was}) {hit.title}{f': {hit.why}' if hit.why else ''}")


def history(claim_id: str, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Print who did what to a claim and when, oldest first."""
    from workbench.history import happenings

    with open_desk(workspace) as desk:
        steps = happenings(desk.case(claim_id).events)
    if as_json:
        print_json({"claim_id": claim_id, "history": steps})
        return
    for one in steps:
        say(f"{one.at:%Y-%m-%d %H:%M}Z  {one.who} {one.words}")


def compare(
    claim_id: str,
    older: Annotated[int, typer.Argument(min=1, help="A revision.")],
    newer: Annotated[int, typer.Argument(min=1, help="Another revision.")],
    reviewer: Annotated[str | None, typer.Option("--reviewer", help="Whose; needed where several have that revision.")] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print what differs between two revisions: fields word by word, citations added and taken out."""
    from workbench.revisions import compared, revision_of

    with open_desk(workspace) as desk:
        whose = desk.people.named(reviewer) if reviewer and reviewer.strip() else None
        case = desk.case(claim_id)
    found = compared(revision_of(case, whose, older), revision_of(case, whose, newer))
    if as_json:
        print_json(found)
        return
    if found.is_same:
        say("They say the same, and rest on the same passages.")
    for field in found.fields:
        signs = {"both": "{}", "older": "[-{}-]", "newer": "{{+{}+}}"}
        say(f"{field.label}: {' '.join(signs[run.where].format(run.words) for run in field.runs)}")
    for sign, citations in (("-", found.removed), ("+", found.added)):
        for one in citations:
            say(f"{sign} {one.stance}: {one.quote} ({one.title})")
    for other in found.restanced:
        say(f"{other.was} became {other.citation.stance}: {other.citation.quote} ({other.citation.title})")


def restore(
    claim_id: str,
    revision: Annotated[int, typer.Argument(min=1, help="The revision to begin from.")],
    reviewer: Annotated[str, typer.Option("--reviewer", help="Whose draft it becomes; self-declared in local mode.")],
    of: Annotated[str | None, typer.Option("--of", help="Whose revision it is; your own by default.")] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Begin a new revision from an old one: a draft, based on your newest. It counts once you save it on Check."""
    from workbench.revisions import begun_from, revision_of

    mine = declared(reviewer)
    with open_desk(workspace) as desk:
        old = revision_of(desk.case(claim_id), desk.people.named(of) if of else mine, revision)
        draft = desk.change_draft(desk.draft(claim_id, mine), lambda now: begun_from(now, old))
    if as_json:
        print_json(draft)
    else:
        say(f"Your draft on {claim_id} says what revision {revision} says. Read it on Check and save it there.")


def corrections(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """List every correction, clarification, update and retraction that readers were told of, newest first."""
    with open_desk(workspace) as desk:
        changes = desk.publishing.corrections()
    if as_json:
        print_json({"corrections": changes})
        return
    rows = [[f"{one.at:%Y-%m-%d %H:%M}", one.claim_id, one.kind, one.note, one.url or ""] for one in changes]
    table(["when", "claim", "what", "note", "where"], rows, empty="Nothing that was published has been changed.")
