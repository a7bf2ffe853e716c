"""The root command: global options, the groups, and what an error turns into."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from workbench.cli import (
    agreement,
    bench,
    care,
    casefile,
    claims,
    comments,
    contacts,
    datasets,
    evidence,
    fresh,
    measure,
    model,
    people,
    protecting,
    queue,
    records,
    report,
    search,
    searches,
    verdict,
    workspace,
)
from workbench.cli.asked import made_when_asked
from workbench.cli.console import begin_call, fail, invalid
from workbench.errors import WorkbenchError
from workbench.version import VERSION

app = typer.Typer(
    name="workbench",
    help="A workbench for fact-checkers: claims, passages of your own evidence, verdicts with their citations. Offline.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for keeping in (protecting.protect, protecting.purge):
    evidence.app.command()(keeping)
app.add_typer(evidence.app, name="evidence", help="Take in, list, read and remove evidence files.")
claims.app.add_typer(queue.app)  # without a name of its own: its commands stand under `claims`
app.add_typer(claims.app, name="claims", help="List, add, import and extract claims.")
app.add_typer(verdict.app, name="verdict", help="Record, adjudicate, list, void and publish verdicts.")
app.add_typer(comments.app, name="comment", help="Say something to colleagues about a claim; list it, take it back.")
app.add_typer(searches.app, name="searches", help="Keep searches under a name; see what new files match them.")
app.add_typer(people.app, name="people", help="In team mode: who may log in, with which roles; tokens of programs.")
app.add_typer(records.app, name="records", help="Move the records between a file and a PostgreSQL server.")
app.add_typer(model.app, name="model", help="Try a model before the switch.")
for command in (workspace.init, workspace.serve, workspace.status, workspace.verify, care.doctor, care.backup, care.restore):
    app.command()(command)
for asking in (contacts.ask, contacts.reply, contacts.contacts, contacts.correct_contact, contacts.withdraw_contact):
    claims.app.command()(asking)
app.command("search")(search.search)
app.command("match")(search.match)
app.command("fresh")(fresh.fresh)
verdict.app.command("stands")(fresh.verdict_stands)
app.command("agreement")(agreement.agreement)
app.command("export")(report.export)
app.command("casefile")(casefile.casefile)
app.command("hydrate")(datasets.hydrate)
app.command("eval")(measure.evaluate)
app.command("bench")(bench.bench)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"workbench {VERSION}")
        raise typer.Exit


@app.callback()
def root(
    workspace: Annotated[
        Path | None, typer.Option("--workspace", "-w", help="Folder of the workspace.", show_default=False)
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Remember what was said before the command."""
    begin_call(workspace)


def main() -> None:
    """Run the command line; errors become two sentences and an exit code, never a traceback."""
    as_json = "--json" in sys.argv
    try:
        made_when_asked(app)()
    except WorkbenchError as error:
        sys.exit(fail(error, as_json=as_json))
    except ValidationError as error:
        sys.exit(fail(invalid(error), as_json=as_json))
    except KeyboardInterrupt:
        sys.exit(130)
