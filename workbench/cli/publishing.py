"""`workbench verdict ...` after a verdict: its search made again, sign-off, ready, embargo, publish, retract, corrections."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from workbench.cli.console import JsonOption, WorkspaceOption, moment, open_desk, plain, print_json, say, table
from workbench.errors import UsageError
from workbench.models import OPERATOR, Case, Reviewer

Who = Annotated[str | None, typer.Option("--reviewer", help="Who does it; the operator of the command line by default.")]
Signs = Annotated[str, typer.Option("--as", help="One of the roles under [review.policy] sign_offs: editor, legal, copy ...")]


def _who(name: str | None) -> Reviewer:
    return Reviewer.self_declared(name) if name and name.strip() else OPERATOR


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
    _tell(case, f"{claim_id} is published at {url}.", hindered, as_json=as_json)


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
        whose = Reviewer.self_declared(reviewer) if reviewer and reviewer.strip() else None
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


def corrections(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """List every correction, clarification, update and retraction that readers were told of, newest first."""
    with open_desk(workspace) as desk:
        changes = desk.publishing.corrections()
    if as_json:
        print_json({"corrections": changes})
        return
    rows = [[f"{one.at:%Y-%m-%d %H:%M}", one.claim_id, one.kind, one.note, one.url or ""] for one in changes]
    table(["when", "claim", "what", "note", "where"], rows, empty="Nothing that was published has been changed.")
