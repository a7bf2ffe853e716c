"""`workbench doctor`, `backup`, `restore`: looking after a workspace."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.console import JsonOption, WorkspaceOption, chosen, open_desk, print_json, progress, say

if TYPE_CHECKING:
    from workbench.backup import Outcome


def doctor(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Say what this machine and this workspace are made of, and what needs care."""
    from workbench.doctor import examine
    from workbench.settings import find_workspace

    found = examine(find_workspace(chosen(workspace)))
    if as_json:
        print_json({"checks": found})
    else:
        for line in found:
            say(f"{'ok  ' if line.ok else 'LOOK'}  {line.name}: {line.value}{f'  {line.hint}' if line.hint else ''}")
    raise typer.Exit(0 if all(line.ok for line in found) else 1)


def backup(
    dest: Annotated[Path, typer.Argument(metavar="DEST", help="A new or empty folder, best on another disk.")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Copy everything that cannot be made again to a new folder, and prove that the copy is whole. Work may go on meanwhile."""
    from workbench.backup import backup as make

    with open_desk(workspace) as desk, progress() as report:
        made = make(desk, dest, now=datetime.now(UTC), progress=report)
    _tell(made, as_json, f"Backed up {made.events} events in {made.files} files ({made.bytes / 1e6:,.1f} MB) to {made.path}.")


def restore(
    source: Annotated[Path, typer.Argument(metavar="SRC", help="A folder that `workbench backup` made.")],
    into: Annotated[Path, typer.Option("--into", metavar="DIR", help="The new or empty folder it becomes.")],
    as_json: JsonOption = False,
) -> None:
    """Make a new workspace from a backup, checked before it has its name. The backup is only read."""
    from workbench.backup import restore as make

    with progress() as report:
        made = make(source, into, progress=report)
    next_step = f"Next: workbench --workspace {made.path} evidence sync"
    _tell(made, as_json, f"Restored {made.events} events in {made.files} files to {made.path}. {next_step}")


def _tell(made: Outcome, as_json: bool, sentence: str) -> None:
    """Exit 3 where something could not be copied, or was broken in the records before."""
    if as_json:
        print_json(made)
    else:
        say(sentence)
        for one in made.left_out:
            say(f"left out: {one.path}: {one.reason}")
        for problem in made.problems:
            say(f"not whole, before as now: {problem}")
    if made.left_out or made.problems:
        raise typer.Exit(3)
