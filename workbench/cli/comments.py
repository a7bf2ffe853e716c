"""`workbench comment ...`: say something to colleagues about a claim or a passage, list what was said, take it back."""

from __future__ import annotations

import uuid
from typing import Annotated

import typer

from workbench.cli.console import JsonOption, WorkspaceOption, declared, open_desk, print_json, say, table
from workbench.errors import UsageError
from workbench.models import Reviewer

app = typer.Typer(no_args_is_help=True)

ReviewerName = Annotated[str, typer.Option("--reviewer", help="Your name; self-declared in local mode.")]


def _reviewer(name: str) -> Reviewer:
    if not name.strip():
        raise UsageError("--reviewer is empty.", hint="Give the name the comment is to stand under.")
    return declared(name)


@app.command()
def add(
    claim_id: str,
    text: Annotated[str, typer.Option(help="What a colleague should know; never published.")],
    reviewer: ReviewerName,
    passage: Annotated[str | None, typer.Option(help="The passage it is about, by its id.")] = None,
    to: Annotated[str | None, typer.Option(help="The name of whom it is for; everybody where it is left out.")] = None,
    token: Annotated[str | None, typer.Option(help="A name for this comment: repeating it says it once.")] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say something to colleagues about a claim, or about a passage."""
    with open_desk(workspace) as desk:
        said = desk.comments.say(
            claim_id, text, by=_reviewer(reviewer), token=token or uuid.uuid4().hex, passage_id=passage, to=to
        )
    if as_json:
        print_json({"claim_id": claim_id, "comment": said})
    else:
        say(f"Comment {said.number} on {claim_id} is kept.")


@app.command("list")
def list_(claim_id: str, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """List the comments on a claim that were not taken back, oldest first."""
    with open_desk(workspace) as desk:
        comments = desk.case(claim_id).comments
    if as_json:
        print_json({"claim_id": claim_id, "comments": comments})
        return
    rows = [
        [str(one.number), one.by.display_name, one.to or "", one.passage_id or "", f"{one.at:%Y-%m-%d %H:%M}", one.text]
        for one in comments
    ]
    table(
        ["number", "by", "to", "passage", "when", "comment"],
        rows,
        empty=f"Nobody has commented on it. Say something: workbench comment add {claim_id} --text ... --reviewer ...",
    )


@app.command("take-back")
def take_back(
    claim_id: str, number: int, reviewer: ReviewerName, workspace: WorkspaceOption = None, as_json: JsonOption = False
) -> None:
    """Take one of your comments back; nobody is shown it any more."""
    with open_desk(workspace) as desk:
        desk.comments.take_back(claim_id, number, by=_reviewer(reviewer))
    if as_json:
        print_json({"claim_id": claim_id, "taken_back": number})
    else:
        say(f"Comment {number} on {claim_id} is taken back.")
