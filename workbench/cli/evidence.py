"""`workbench evidence ...`: files in, listed, read, removed, indexed again."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from workbench.cli.console import JsonOption, WorkspaceOption, open_desk, print_json, progress, say, stderr, table
from workbench.models import OPERATOR, IngestReport, Note, PartialDate, Reviewer, SourceMeta, page_words

if TYPE_CHECKING:
    from workbench.desk import Desk

app = typer.Typer(no_args_is_help=True)


def _finish(report: IngestReport, as_json: bool) -> None:
    """Show what was done with every file, and leave with the exit code that says so."""
    if as_json:
        print_json(report)
    else:
        for line in (*report.added, *report.replaced):
            say(f"{'replaced' if line.replaces else 'added'}  {line.stored}  {line.passages} passages")
            for warning in line.warnings:
                stderr.print(f"         note: {warning}")
        for gone in report.removed:
            say(f"gone   {gone.path}")
        for failure in report.failed:
            stderr.print(f"failed {failure.path} [{failure.code}] {failure.message} {failure.hint}")
        counts = {name: len(getattr(report, name)) for name in IngestReport.model_fields}
        say(", ".join(f"{count} {name}" for name, count in counts.items()))
    raise typer.Exit(report.exit_code)


def _announce(desk: Desk, report: IngestReport) -> None:
    """Say which saved searches new files match."""
    if report.added or report.replaced:
        from workbench.cli.searches import announce

        announce(desk)


@app.command()
def add(
    paths: Annotated[list[Path], typer.Argument(help="Files or folders; a folder keeps its name and inner paths.")],
    title: Annotated[str | None, typer.Option(help="Title, where the file does not say.")] = None,
    publisher: Annotated[str | None, typer.Option(help="Who published it.")] = None,
    author: Annotated[str | None, typer.Option(help="Who wrote it.")] = None,
    date: Annotated[str | None, typer.Option(help="When it was published: 2021, 2021-06 or 2021-06-23.")] = None,
    url: Annotated[str | None, typer.Option(help="Where it was published.")] = None,
    kind: Annotated[str | None, typer.Option(help="What it is, for example news-report, official-statement, digest.")] = None,
    topic: Annotated[list[str] | None, typer.Option(help="What it is about; may be repeated.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Let a file of the same name become a new version.")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Copy files into evidence/ and make them searchable."""
    said: dict[str, object] = {
        "title": title,
        "publisher": publisher,
        "author": author,
        "url": url,
        "kind": kind,
        "topics": topic,
    }
    said = {name: value for name, value in said.items() if value is not None}
    if date is not None:
        said["published_on"] = PartialDate.model_validate(date)
    meta = SourceMeta.model_validate(said) if said else None
    with open_desk(workspace, claims=False) as desk, progress() as report:
        done = desk.add_evidence(paths, meta=meta, replace=replace, actor=OPERATOR, progress=report)
        _announce(desk, done)
    _finish(done, as_json)


@app.command()
def note(
    who: Annotated[str, typer.Option(help="Who said or saw it.")],
    words: Annotated[str, typer.Option(help="Exactly what was said, or what was seen; - reads it from standard input.")],
    terms: Annotated[Literal["on-the-record", "background"], typer.Option(help="How it may be used.")],
    reviewer: Annotated[str, typer.Option(help="Your name; self-declared in local mode.")],
    role: Annotated[str | None, typer.Option(help="In what role.")] = None,
    when: Annotated[str | None, typer.Option(help="When: 2021, 2021-06 or 2021-06-23.")] = None,
    how: Annotated[
        Literal["interview", "call", "message", "observation"], typer.Option(help="How you came by it.")
    ] = "interview",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write down an interview, a call, a message or an observation as evidence, in evidence/notes/."""
    said = sys.stdin.read() if words == "-" else words
    heard = Note.model_validate({"who": who, "role": role, "when": when, "how": how, "terms": terms, "words": said})
    with open_desk(workspace, claims=False) as desk, progress() as report:
        done = desk.add_note(heard, actor=Reviewer.self_declared(reviewer), progress=report)
    _finish(done, as_json)


@app.command()
def sync(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Take in what was dropped into, changed in or taken from evidence/."""
    with open_desk(workspace, claims=False) as desk, progress() as report:
        done = desk.sync_evidence(progress=report)
        _announce(desk, done)
    _finish(done, as_json)


@app.command("list")
def list_(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """List the sources, and the files that could not be read."""
    with open_desk(workspace, claims=False) as desk:
        entries, failures, waiting = desk.library(), desk.failures(), desk.waiting()
    if as_json:
        print_json({"sources": entries, "failed": failures, "waiting": waiting})
        return
    rows = [
        [
            entry.source_id[:12],
            entry.title,
            entry.meta.publisher or "publisher unknown",
            str(entry.meta.published_on),
            str(entry.passages or 0),
        ]
        for entry in entries
    ]
    table(
        ["id", "title", "publisher", "date", "passages"],
        rows,
        empty="No evidence yet. Add some: workbench evidence add FILE...",
    )
    for failure in failures:
        say(f"could not be read: {failure.path} [{failure.code}] {failure.message} {failure.hint}")
    if waiting:
        say(f"{len(waiting)} file(s) in evidence/ are waiting; take them in with: workbench evidence sync")


@app.command()
def formats(as_json: JsonOption = False) -> None:
    """List the kinds of file that can be read."""
    from workbench.reading import formats_by_label

    kinds = formats_by_label()
    if as_json:
        print_json({"formats": [{"kind": kind, "suffixes": suffixes} for kind, suffixes in kinds.items()]})
        return
    table(["kind", "suffixes"], [[kind, " ".join(suffixes)] for kind, suffixes in kinds.items()], empty="")


@app.command()
def show(
    source_id: Annotated[str, typer.Argument(metavar="ID")], workspace: WorkspaceOption = None, as_json: JsonOption = False
) -> None:
    """Show what is known of one source, and its passages."""
    with open_desk(workspace, claims=False) as desk:
        entry, source = desk.source(source_id)
        passages, cited_by = desk.passages(entry.source_id), desk.cited_by(entry.source_id)
    if as_json:
        print_json({"source": entry, "text": source.text, "places": source.places, "passages": passages, "cited_by": cited_by})
        return
    say(f"{entry.title}\n{entry.meta.publisher or 'publisher unknown'}, {entry.meta.published_on}\nsha256 {entry.source_id}")
    for warning in entry.warnings:
        say(f"note: {warning}")
    for passage in passages:
        say(f"\n[{passage.passage_id}]{f' {page_words(passage.page)}' if passage.page else ''}\n{passage.text}")


@app.command()
def remove(
    source_id: Annotated[str, typer.Argument(metavar="ID")],
    reason: Annotated[str, typer.Option(help="Why; kept in the records.")] = "",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take a source out of every search. The original is kept, and verdicts that cite it stay readable."""
    with open_desk(workspace, claims=False) as desk:
        entry = desk.remove_source(source_id, actor=OPERATOR, reason=reason)
        cited_by = desk.cited_by(entry.source_id)
    if as_json:
        print_json({"removed": entry, "original_kept": True, "cited_by": cited_by})
        return
    say(f"{entry.title} is no longer searched. Its original is kept in records/, and sync will not take these bytes in again.")
    if cited_by:
        say(f"Cited by {', '.join(cited_by)}: those verdicts stay as they are and readable.")


@app.command()
def reindex(
    source_id: Annotated[str | None, typer.Argument(metavar="[ID]")] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Read the originals again (one, or all) and build the index afresh."""
    with open_desk(workspace, claims=False) as desk, progress() as report:
        done = desk.reindex(source_id, progress=report)
    _finish(done, as_json)
