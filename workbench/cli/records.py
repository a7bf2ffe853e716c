"""`workbench records copy`: the ledger moved between a file and a server."""

from __future__ import annotations

from typing import Annotated

import typer

from workbench.cli.console import JsonOption, WorkspaceOption, chosen, print_json, say

app = typer.Typer(no_args_is_help=True)


@app.command()
def copy(
    to: Annotated[
        str,
        typer.Option("--to", metavar="PLACE", help="postgresql+psycopg://USER@HOST/DATABASE, or a file; no ledger there yet."),
    ],
    source: Annotated[
        str | None,
        typer.Option("--from", metavar="PLACE", help="Where it lies now; else where the workspace has it.", show_default=False),
    ] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Copy the ledger to another place, every event with its hash, and prove it there. All of it arrives, or nothing is made.

    Events, people, sealed words and drafts; originals and texts stay where they are. Nobody can save meanwhile. The ledger
    it was copied from is left as it is: point records.url at the new one and put the old one away before anybody saves again.
    """
    from workbench.desk.records import copy_records
    from workbench.settings import find_workspace, ledger_address, load_settings

    if source is None:
        found = find_workspace(chosen(workspace))
        source = ledger_address(found, load_settings(found))
    done = copy_records(source, to)
    if as_json:
        print_json(done)
        return
    say(f"Copied {done.events} events and {done.drafts} drafts from {done.source} to {done.target}; newest event {done.head}.")
    if done.target.startswith("postgresql:"):
        say(f"Next: set url under [records] in workbench.toml, and move {done.source} out of the records folder.")
    else:
        say("Next: take url out of [records] in workbench.toml, if this is records/ledger.sqlite of the workspace.")
