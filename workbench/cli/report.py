"""`workbench export`: a report of the chosen claims, in one of the forms."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast, get_args

import typer

from workbench.cli import datasets
from workbench.cli.console import JsonOption, WorkspaceOption, open_desk, print_json, say, stderr
from workbench.errors import ExportError, UsageError
from workbench.folders import written_whole
from workbench.models import Status

if TYPE_CHECKING:
    from workbench.reporting import Reporting, Selection

FORMS = "json, jsonl, csv, xlsx, md, html, pdf, docx, claimreview; for research averitec, fever or beir."


def export(
    form: Annotated[str, typer.Option("--format", help=FORMS)],
    output: Annotated[str, typer.Option("--output", "-o", help="A file, or - for stdout.")],
    claim: Annotated[list[str] | None, typer.Option(help="Only this claim; may be repeated.")] = None,
    status: Annotated[str | None, typer.Option(help="Only claims of this status.")] = None,
    topic: Annotated[str | None, typer.Option(help="Only claims on this topic.")] = None,
    since: Annotated[str | None, typer.Option(help="Only claims decided on this day (2021-06-23) or later.")] = None,
    until: Annotated[str | None, typer.Option(help="Only claims decided on this day or earlier.")] = None,
    edition: Annotated[
        str | None,
        typer.Option(help="reader (default: the story first, digests and ranks in an annex), full, or fragment (bare html)."),
    ] = None,
    split: Annotated[
        str | None, typer.Option(help="For research: train, dev and test by claim-group, claimant or time.")
    ] = None,
    seed: Annotated[int, typer.Option(help="For research: of the draw.")] = 0,
    text: Annotated[str, typer.Option(help="For research: full, or none for sha256 and offsets in place of words.")] = "full",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a report of the chosen claims (all of them by default), or a data set made of them."""
    from workbench.exports import exporter  # here, so that no other command pays for templates and rules
    from workbench.reporting import Selection

    if form in datasets.FORMS:
        named = Selection(tuple(claim or ()), _status(status), topic, _day(since), _day(until))
        datasets.export_data(form, output, named, split=split, seed=seed, text=text, workspace=workspace, as_json=as_json)
        return
    chosen = exporter(form, edition)
    if output == "-" and not chosen.is_text:
        raise UsageError(f"{form} is not text and is not written to stdout.", hint=f"Give a file: -o report{chosen.suffix}")
    selection = Selection(tuple(claim or ()), _status(status), topic, _day(since), _day(until))
    with open_desk(workspace) as desk:
        pieces = desk.reporting.pieces(form, selection, edition)
        size = to_stdout(pieces) if output == "-" else to_file(Path(output), pieces)
        if form == "claimreview":
            _say_what_keeps_drafts(desk.reporting, selection)
    if output == "-":
        return
    if as_json:
        print_json({"path": output, "form": form, "bytes": size})
    else:
        say(f"Wrote {output} ({size:,} bytes).")


def _say_what_keeps_drafts(reporting: Reporting, selection: Selection) -> None:
    for report in reporting.reports(selection):
        if report.page.draft:
            stderr.print(f"{report.page.id}: {report.page.draft}")
    for problem in reporting.problems(selection):
        stderr.print(f"{problem.rule} ({problem.severity}): {problem.message} {problem.hint}")


def _status(text: str | None) -> Status | None:
    if text is not None and text not in get_args(Status):
        raise UsageError(f"{text!r} is not a status.", hint=f"Use one of: {', '.join(get_args(Status))}.")
    return cast(Status | None, text)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise UsageError(f"{text!r} is no day.", hint="Write it as 2021-06-23.") from error


def to_stdout(pieces: Iterable[bytes]) -> int:
    """Write to stdout; how many bytes."""
    sys.stdout.flush()
    size = sum(sys.stdout.buffer.write(piece) for piece in pieces)
    sys.stdout.buffer.flush()
    return size


def to_file(path: Path, pieces: Iterable[bytes]) -> int:
    """Write the whole file or none of it; through a link or into a pipe where the path is one. Raises: ExportError."""
    try:
        target = path.resolve()
        if target.is_dir():
            raise ExportError(f"{str(path)!r} is a folder.", hint="Name a file: -o report.html")
        if target.exists() and not target.is_file():
            with target.open("wb") as pipe:
                return sum(pipe.write(piece) for piece in pieces)
        with written_whole(target) as file:
            return sum(file.write(piece) for piece in pieces)
    except OSError as error:
        raise ExportError(f"{path} could not be written: {error.strerror}.", hint="Choose another place with -o.") from error
