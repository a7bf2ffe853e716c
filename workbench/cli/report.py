"""`workbench export`: a report of the chosen claims, in one of the forms."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from workbench.cli.console import JsonOption, WorkspaceOption, open_desk, print_json, say, stderr
from workbench.errors import ExportError, UsageError
from workbench.exports import exporter


def export(
    form: Annotated[str, typer.Option("--format", help="json, jsonl, csv, md, html or claimreview.")],
    output: Annotated[str, typer.Option("--output", "-o", help="A file, or - for stdout.")],
    claim: Annotated[list[str] | None, typer.Option(help="Only this claim; may be repeated.")] = None,
    status: Annotated[str | None, typer.Option(help="Only claims of this status.")] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a report of the chosen claims (all of them by default)."""
    chosen = exporter(form)
    if output == "-" and not chosen.is_text:
        raise UsageError(f"{form} is not text and is not written to stdout.", hint="Give a file: -o report.bin")
    with open_desk(workspace) as desk:
        data = desk.export(form, claim, status=status)
        problems = desk.report_problems(claim) if form == "claimreview" else []
    for problem in problems:
        stderr.print(f"{problem.rule} ({problem.severity}): {problem.message} {problem.hint}")
    if output == "-":
        sys.stdout.write(data.decode("utf-8"))
        return
    _write(Path(output), data)
    if as_json:
        print_json({"path": output, "form": form, "bytes": len(data)})
    else:
        say(f"Wrote {output} ({len(data):,} bytes).")


def _write(path: Path, data: bytes) -> None:
    """Write the whole file or none of it. Raises: ExportError."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise ExportError(f"{path} could not be written: {error.strerror}.", hint="Choose another place with -o.") from error
