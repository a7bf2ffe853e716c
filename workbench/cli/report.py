"""`workbench export`: a report of the chosen claims, in one of the forms."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, get_args

import typer

from workbench.cli.console import JsonOption, WorkspaceOption, open_desk, print_json, say, stderr, write_bytes
from workbench.errors import ExportError, UsageError
from workbench.folders import write_whole
from workbench.models import Status


def export(
    form: Annotated[str, typer.Option("--format", help="json, jsonl, csv, md, html or claimreview.")],
    output: Annotated[str, typer.Option("--output", "-o", help="A file, or - for stdout.")],
    claim: Annotated[list[str] | None, typer.Option(help="Only this claim; may be repeated.")] = None,
    status: Annotated[str | None, typer.Option(help="Only claims of this status.")] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a report of the chosen claims (all of them by default)."""
    from workbench.claimreview import broken_rules  # here, so that no other command pays for templates and rules
    from workbench.exports import exporter

    chosen = exporter(form)
    if output == "-" and not chosen.is_text:
        raise UsageError(f"{form} is not text and is not written to stdout.", hint="Give a file: -o report.bin")
    if status is not None and status not in get_args(Status):
        raise UsageError(f"{status!r} is not a status.", hint=f"Use one of: {', '.join(get_args(Status))}.")
    with open_desk(workspace) as desk:
        reports = desk.reports(claim, status=status)
        data = chosen.write(reports, desk.settings)
        problems = broken_rules(reports, desk.settings) if form == "claimreview" else []
    for report in reports if form == "claimreview" else []:
        if report.page.draft:
            stderr.print(f"{report.page.id}: {report.page.draft}")
    for problem in problems:
        stderr.print(f"{problem.rule} ({problem.severity}): {problem.message} {problem.hint}")
    if output == "-":
        write_bytes(data)
        return
    _write(Path(output), data)
    if as_json:
        print_json({"path": output, "form": form, "bytes": len(data)})
    else:
        say(f"Wrote {output} ({len(data):,} bytes).")


def _write(path: Path, data: bytes) -> None:
    """Write the whole file or none of it; through a link or into a pipe where the path is one. Raises: ExportError."""
    try:
        target = path.resolve()
        if target.is_dir():
            raise ExportError(f"{str(path)!r} is a folder.", hint="Name a file: -o report.html")
        if target.exists() and not target.is_file():
            target.write_bytes(data)
            return
        write_whole(target, data)
    except OSError as error:
        raise ExportError(f"{path} could not be written: {error.strerror}.", hint="Choose another place with -o.") from error
