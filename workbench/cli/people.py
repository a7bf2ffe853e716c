"""`workbench people ...`: who may log in to a team's workspace, with which roles; and the tokens of programs."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from workbench.cli.console import JsonOption, WorkspaceOption, open_desk, print_json, say, table
from workbench.models import Person

app = typer.Typer(no_args_is_help=True)

Named = Annotated[str, typer.Argument(metavar="PERSON", help="Their id or its beginning, name, address, or subject.")]
Roles = Annotated[list[str], typer.Option("--role", help="viewer, reviewer, adjudicator or admin; may be repeated.")]


def _line(person: Person) -> dict[str, Any]:
    """A person as JSON. Of a token what it is revoked by; its hash is nobody's business."""
    tokens = [one.model_dump(mode="json", include={"token_id", "made_at"}) for one in person.tokens]
    return {
        "id": person.id,
        "name": person.who.display_name,
        "issuer": person.who.issuer,
        "subject": person.who.subject,
        "email": person.email,
        "roles": list(person.roles),
        "disabled": person.disabled,
        "tokens": tokens,
    }


def _told(person: Person, sentence: str, as_json: bool) -> None:
    if as_json:
        print_json(_line(person))
    else:
        say(f"{person.who.display_name} ({person.id[:12]}) {sentence}")


@app.command()
def add(
    issuer: Annotated[str, typer.Option(help="The login's provider, as its metadata says under `issuer`.")],
    subject: Annotated[str, typer.Option(help="Who they are to that provider: the claim `sub`, never an e-mail address.")],
    name: Annotated[str, typer.Option(help="The name colleagues know them by; it stands beside their verdicts.")],
    role: Roles,
    email: Annotated[str | None, typer.Option(help="For display only; nobody is known by it.")] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let somebody log in. The first admin is made here, and only here."""
    with open_desk(workspace, claims=False) as desk:
        person = desk.people.add(issuer, subject, name=name, roles=role, email=email)
    _told(person, f"may log in as {', '.join(person.roles)}.", as_json)


@app.command("list")
def list_(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """List everybody who was ever added, by name."""
    with open_desk(workspace, claims=False) as desk:
        people = desk.people.all()
    if as_json:
        print_json({"people": [_line(person) for person in people]})
        return
    rows = [
        [
            person.id[:12],
            person.who.display_name,
            ", ".join(person.roles),
            f"disabled: {person.disabled}" if person.disabled else "",
            ", ".join(one.token_id for one in person.tokens),
            f"{person.who.subject} of {person.who.issuer}",
        ]
        for person in people
    ]
    columns = ["id", "name", "roles", "", "tokens", "identity"]
    table(columns, rows, empty="Nobody yet. Add the first admin: workbench people add --role admin ...")


@app.command()
def roles(person: Named, role: Roles, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Give somebody these roles and no others; it holds from their next save on."""
    with open_desk(workspace, claims=False) as desk:
        changed = desk.people.give_roles(desk.people.find(person), role)
    _told(changed, f"is {', '.join(changed.roles)} now.", as_json)


@app.command()
def disable(
    person: Named,
    reason: Annotated[str, typer.Option(help="Why; it stands in the records, and they are told.")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let somebody neither log in nor save any more, from their next click on; what they did stays."""
    with open_desk(workspace, claims=False) as desk:
        changed = desk.people.disable(desk.people.find(person), reason)
    _told(changed, "is disabled; their tokens open nothing.", as_json)


@app.command()
def enable(person: Named, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Let somebody who was disabled log in again, with the roles they had."""
    with open_desk(workspace, claims=False) as desk:
        changed = desk.people.enable(desk.people.find(person))
    _told(changed, f"may log in again as {', '.join(changed.roles)}.", as_json)


@app.command()
def token(person: Named, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Make a token by which a program reads the routes and feeds as this person. It is shown once."""
    with open_desk(workspace, claims=False) as desk:
        made, shown = desk.people.make_token(desk.people.find(person))
    if as_json:
        print_json({"token_id": made.token_id, "token": shown})
    else:
        say(f"{shown}\nSend it as `Authorization: Bearer ...`. It is not stored: this is the only time it is shown.")


@app.command()
def revoke(token_id: str, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Have a token open nothing any more. TOKEN_ID: as `workbench people list` gives it."""
    with open_desk(workspace, claims=False) as desk:
        owner = desk.people.revoke_token(token_id)
    _told(owner, f"has the token {token_id} no more.", as_json)
