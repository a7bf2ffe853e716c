"""What every command shares: the workspace option, one JSON document on stdout, everything else on stderr."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from pydantic import BaseModel, ValidationError
from rich.console import Console

from workbench import log
from workbench.errors import ClaimFileError, UsageError, WorkbenchError
from workbench.models import Reviewer
from workbench.progress import Progress as Report

if TYPE_CHECKING:
    from workbench.settings import Settings

stdout = Console(soft_wrap=True, highlight=False, markup=False)
stderr = Console(stderr=True, soft_wrap=True, highlight=False, markup=False)

WorkspaceOption = Annotated[
    Path | None,
    typer.Option(
        "--workspace",
        "-w",
        help="Folder of the workspace; else WORKBENCH_WORKSPACE, else the nearest folder up.",
        show_default=False,
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print exactly one JSON document on stdout.")]


@dataclass
class _Call:
    """What is known of this call so far. workspace: given before the command. declared: whether it names who acts."""

    workspace: Path | None = None
    declared: bool = False
    is_team: bool = False


_call = _Call()


def begin_call(workspace: Path | None) -> None:
    """A new call begins: keep the --workspace given before the command."""
    vars(_call).update(vars(_Call(workspace)))


def chosen(workspace: Path | None) -> Path | None:
    """The --workspace given after the command, else the one given before it."""
    return workspace or _call.workspace


def declared(name: str) -> Reviewer:
    """The reviewer somebody says they are: the only place where a command takes somebody's word for it.

    Raises: UsageError in team mode, here or when the desk is opened: a name on the command line is nobody's login.
    """
    _call.declared = True
    _refuse_declared()
    return Reviewer.self_declared(name)


def _refuse_declared() -> None:
    if _call.declared and _call.is_team:
        raise UsageError(
            "In team mode who somebody is comes from their login, and no command takes a name for it; --reviewer is refused.",
            hint="Log in on the pages and do it there; nothing was written.",
            code="reviewer_refused",
        )


def near_settings(workspace: Path | None) -> Settings:
    """Those of the workspace that was named or is near; the defaults where none is. Raises: UsageError for a wrong name."""
    from workbench.settings import Settings, find_workspace, load_settings  # here: `workbench --help` needs no settings

    named = chosen(workspace) or os.environ.get("WORKBENCH_WORKSPACE")
    try:
        found = find_workspace(named)
    except UsageError:
        if named:
            raise
        return Settings()
    return load_settings(found)


def open_desk(workspace: Path | None, *, claims: bool = True) -> Any:
    """The Desk of the workspace, its changed claim files taken in.

    A mistake in a claim file stops only the commands that list claims (they call `sync_claims` themselves); the others
    say it on stderr and go on with the claims already recorded.
    """
    from workbench.desk import Desk
    from workbench.settings import find_workspace

    found = find_workspace(chosen(workspace))
    log.open_log(found.derived)
    desk = Desk.open(found.root)
    _call.is_team = desk.people.is_team
    try:
        _refuse_declared()
    except UsageError:
        desk.close()
        raise
    if claims:
        try:
            desk.sync_claims()
        except ClaimFileError as error:
            warn(error)
    return desk


def plain(value: Any) -> Any:
    """JSON values of a record, a list of records, or a dict of them."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def print_json(value: Any) -> None:
    """The one JSON document of this call, on stdout."""
    write_bytes((json.dumps(plain(value), ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode("utf-8"))


def write_bytes(data: bytes) -> None:
    """Bytes on stdout as they are, whatever encoding the terminal claims."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def say(text: str) -> None:
    """One line on stdout, as text."""
    stdout.print(text)


def warn(error: WorkbenchError) -> None:
    """What happened and what to do next, on stderr."""
    stderr.print(error.message)
    if error.hint:
        stderr.print(error.hint)


def fail(error: WorkbenchError, *, as_json: bool) -> int:
    """Show an error the way the call asked for; returns its exit code."""
    log.tell_error("command failed", error)
    if as_json:
        print_json({"error": error.as_json()})
    else:
        warn(error)
    return error.exit_code


def invalid(error: ValidationError) -> WorkbenchError:
    """A value somebody gave that no record accepts, in one sentence per field."""
    problems = [f"{'.'.join(map(str, item['loc'])) or 'value'}: {item['msg']}" for item in error.errors()]
    return WorkbenchError("; ".join(problems) + ".", hint="Correct the value and try again.", code="invalid_value")


def moment(text: str, option: str) -> datetime:
    """A time with its zone, as an option gives it. Raises: UsageError."""
    hint = "Write day, time and zone: 2026-05-01T12:00Z or 2026-05-01T12:00+02:00."
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise UsageError(f"{option} {text!r} is not a time.", hint=hint) from error
    if at.tzinfo is None:
        raise UsageError(f"{option} {text!r} does not say its zone.", hint=hint)
    return at


def table(columns: list[str], rows: list[list[str]], *, empty: str) -> None:
    """A table on stdout, or the sentence that says what to do where there is nothing to list."""
    if not rows:
        say(empty)
        return
    from rich.table import Table

    grid = Table(*columns, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        grid.add_row(*row)
    stdout.print(grid)


@contextlib.contextmanager
def progress() -> Iterator[Report]:
    """One bar for each thing being done, with counts, rate, time passed and time left, on stderr.

    Where stderr is not a terminal, the bars are printed once, at the end.
    """
    from workbench.cli.bars import bars  # here: most commands show none, and theirs are the ones to start quickly

    with bars(stderr) as report:
        yield report
