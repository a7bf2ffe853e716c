"""`workbench evidence ...`: files in, listed, read, removed, indexed again."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from workbench.cli.console import JsonOption, WorkspaceOption, declared, open_desk, print_json, progress, say, stderr, table
from workbench.errors import ExportError, UsageError
from workbench.folders import write_whole
from workbench.models import (
    OPERATOR,
    IngestReport,
    Note,
    PartialDate,
    Region,
    Segment,
    SourceMeta,
    TimeSpan,
    ocr_words,
    page_words,
)

if TYPE_CHECKING:
    from workbench.desk import Desk
    from workbench.metadata import Said
    from workbench.tally import Run

app = typer.Typer(no_args_is_help=True)
PARTLY = 3  # exit code: done in part
ReportOption = Annotated[
    Path | None, typer.Option("--report", metavar="FILE", help="Write a row for every file there: .csv or .json.")
]


def _finish(report: IngestReport, as_json: bool, *, left: int = 0) -> None:
    """Show what was done with every file, and leave with the exit code that says so. left: files it was stopped before."""
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
    if left:
        stderr.print(f"Stopped: {left} files are left. Run the same command again to go on with them.")
    raise typer.Exit(report.exit_code or (PARTLY if left else 0))


@contextmanager
def _watched(desk: Desk, file: Path | None) -> Iterator[Run]:
    """A run that the first Ctrl-C ends after the file in hand; what it did with each file is written however it ends."""
    from workbench.exports.intake import form_of, write_rows
    from workbench.tally import Run

    form = form_of(file.suffix) if file else ""
    run = Run()

    def stop(*_: object) -> None:
        run.stop()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        stderr.print("Stopping after the file in hand. Press Ctrl-C again to end at once.")

    is_main = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGINT, stop) if is_main else None
    try:
        yield run
    finally:
        if is_main:
            signal.signal(signal.SIGINT, before)
        if file is not None:
            try:
                write_whole(file, write_rows(desk.stock.rows(run), form))
            except OSError as error:
                hint = "The files were taken in all the same. Check the folder and the free space."
                raise ExportError(f"{file} could not be written: {error.strerror}.", hint=hint) from error


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
    on: Annotated[
        str | None, typer.Option("--on", metavar="ray[=ADDRESS]", help="Read and encode on the nodes of a Ray cluster first.")
    ] = None,
    report_file: ReportOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Copy files into evidence/ and make them searchable."""
    from workbench.metadata import typed

    nodes = _nodes(on)
    given = {"title": title, "publisher": publisher, "author": author, "published_on": date, "url": url, "kind": kind}
    given["topics"] = "; ".join(topic) if topic else None
    said = typed({name: value for name, value in given.items() if value is not None})
    meta = SourceMeta.model_validate(said) if said else None
    with open_desk(workspace, claims=False) as desk, _watched(desk, report_file) as run, progress() as report:
        done = desk.stock.add(paths, meta=meta, replace=replace, actor=OPERATOR, progress=report, run=run, nodes=nodes)
        _announce(desk, done)
    _finish(done, as_json, left=run.left)


def _nodes(on: str | None) -> str | None:
    """The address that `ray=ADDRESS` names, "" for `ray`; None where nothing was said. Raises: UsageError."""
    engine, _, address = (on or "").partition("=")
    if on is not None and engine != "ray":
        raise UsageError(f"--on {on} is not known.", hint="Give --on ray for this machine, or --on ray=HOST:6379.")
    return None if on is None else address


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
        done = desk.add_note(heard, actor=declared(reviewer), progress=report)
    _finish(done, as_json)


@app.command()
def describe(
    file: Annotated[str, typer.Argument(help="A photo, video or sound file; one that is not in evidence/ is copied there.")],
    words: Annotated[str, typer.Argument(metavar="TEXT", help="What is seen, or heard; - reads it from standard input.")],
    by: Annotated[str, typer.Option(help="Who looked or listened.")],
    at: Annotated[str | None, typer.Option(help="From when to when in a recording, such as 00:01:05-00:01:20.")] = None,
    region: Annotated[str | None, typer.Option(help="LEFT,TOP,WIDTH,HEIGHT of a part of a photo, in percent.")] = None,
    heard: Annotated[bool, typer.Option("--heard", help="TEXT is what is said there, word for word.")] = False,
    date: Annotated[str | None, typer.Option(help="When it was taken: 2021, 2021-06 or 2021-06-23.")] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Describe a photo, video or sound file, or one more place in it, so that it can be found and cited."""
    if at and region:
        raise UsageError("--at and --region were both given.", hint="Give the time in a recording, or the part of a photo.")
    spot = TimeSpan.model_validate(at) if at else Region.model_validate(region) if region else None
    said = sys.stdin.read() if words == "-" else words
    segment = Segment(spot=spot, manner="heard" if heard else "described", words=said)
    dated = PartialDate.model_validate(date)
    with open_desk(workspace, claims=False) as desk, progress() as report:
        done = desk.descriptions.add(file, segment, by=declared(by), dated=dated, progress=report)
        _announce(desk, done)
    _finish(done, as_json)


@app.command()
def sync(report_file: ReportOption = None, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Take in what was dropped into, changed in or taken from evidence/."""
    with open_desk(workspace, claims=False) as desk, _watched(desk, report_file) as run, progress() as report:
        done = desk.stock.sync(progress=report, run=run)
        _announce(desk, done)
    _finish(done, as_json, left=run.left)


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
    """List the kinds of file that can be taken in."""
    from workbench.reading.formats import formats_by_label

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
        said = desk.metadata.said(entry.source_id)
        copies = desk.near_copies.of(entry)
    if as_json:
        about = {"source": entry, "said": said, "text": source.text, "places": source.places}
        print_json({**about, "passages": passages, "cited_by": cited_by, "near_copies": [one.copy_of for one in copies]})
        return
    say(f"{entry.title}\nsha256 {entry.source_id}")
    _say_known(said)
    if entry.meta.needs_archiving:
        say(
            "note: from the web, and no archived copy is named; name one: workbench evidence edit ID --archived-url https://..."
        )
    if entry.describes:
        fate = desk.descriptions.fate(entry.describes)
        say(f"describes {entry.describes.kind} sha256 {entry.describes.sha256}{f'; {fate}' if fate else ''}")
    for warning in entry.warnings:
        say(f"note: {warning}")
    for copy in copies:
        say(f"much of this text also stands in {copy.entry.title} [{copy.entry.source_id[:12]}]: {copy.words}")
        for change in copy.copy_of.changes:
            say(f"    here “{change.here}”\n    there “{change.there}”")
    for passage in passages:
        facts = ", ".join(fact for fact in (page_words(passage.page), ocr_words(passage.ocr_confidence)) if fact)
        say(f"\n[{passage.passage_id}]{f' {facts}' if facts else ''}\n{passage.text}")


def _say_known(said: Sequence[Said]) -> None:
    """Each value with whose word it is; one line for all that nobody says."""
    for one in said:
        if one.by != "nobody":
            say(f"{one.label}: {one.words} [{one.origin}]")
    unknown = [one.label.lower() for one in said if one.by == "nobody" and one.value in (None, [])]
    say(f"not known: {', '.join(unknown)}")


@app.command()
def edit(
    source_id: Annotated[str, typer.Argument(metavar="ID")],
    title: Annotated[str | None, typer.Option(help="Title; an empty value says that it is unknown, here and below.")] = None,
    author: Annotated[str | None, typer.Option(help="Who wrote it.")] = None,
    publisher: Annotated[str | None, typer.Option(help="Who published it.")] = None,
    date: Annotated[str | None, typer.Option(help="When it was published: 2021, 2021-06, 2021-06-23 or unknown.")] = None,
    language: Annotated[str | None, typer.Option(help="Its code: en, fr, my, pt-BR.")] = None,
    kind: Annotated[str | None, typer.Option(help="What it is, for example news-report, official-statement, digest.")] = None,
    url: Annotated[str | None, typer.Option(help="Where it was published.")] = None,
    archived_url: Annotated[str | None, typer.Option(help="Where an archive keeps that page.")] = None,
    retrieved_at: Annotated[str | None, typer.Option(help="When it was saved, with the zone: 2021-06-25T09:53Z.")] = None,
    captured_by: Annotated[str | None, typer.Option(help="Who saved it.")] = None,
    access: Annotated[str | None, typer.Option(help="public, internal or confidential.")] = None,
    reliability_note: Annotated[str | None, typer.Option(help="How far it may be relied on; signed and dated.")] = None,
    clear: Annotated[list[str] | None, typer.Option(help="Take people's word for this field back; may be repeated.")] = None,
    reviewer: Annotated[str | None, typer.Option(help="Your name; self-declared in local mode.")] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what a source is, or take that back. Only the fields given change; the file itself never does."""
    from workbench.metadata import LABELS, Edit, typed

    given = {
        **{"title": title, "author": author, "publisher": publisher, "published_on": date, "language": language, "kind": kind},
        **{"url": url, "archived_url": archived_url, "retrieved_at": retrieved_at, "captured_by": captured_by},
        **{"access": access, "reliability_note": reliability_note},
    }
    said = typed({name: value for name, value in given.items() if value is not None})
    cleared = ["published_on" if name == "date" else name.replace("-", "_") for name in clear or ()]
    if not said and not cleared:
        raise UsageError(
            "Nothing to change was given.", hint="Give a value, for example --publisher Reuters, or --clear FIELD."
        )
    actor = declared(reviewer) if reviewer else OPERATOR
    with open_desk(workspace, claims=False) as desk:
        done = desk.metadata.edit(source_id, Edit(said, cleared), actor=actor)
        known = desk.metadata.said(done.entry.source_id)
    if as_json:
        print_json({"source": done.entry, "written": done.written, "said": known})
        return
    say(f"{done.entry.title}: {', '.join(LABELS[name].lower() for name in done.written) or 'nothing'} changed.")
    _say_known(known)


@app.command()
def cite(
    passage_id: Annotated[str, typer.Argument(metavar="PASSAGE_ID", help="A passage, or words of one: <16 hex>-start-end.")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print a passage, or exactly the words an id names, as a citation to paste."""
    from workbench.report import citation_line

    with open_desk(workspace, claims=False) as desk:
        citation = desk.citing.plain(passage_id)
    if as_json:
        known = citation.model_dump(
            mode="json", exclude={"stance", "origin", "note", "attributed_to", "repeats_claim", "by_claimant"}
        )
        print_json({"passage_id": passage_id, "citation": citation_line(citation), **known})
        return
    say(citation_line(citation))


@app.command()
def remove(
    source_id: Annotated[str, typer.Argument(metavar="ID")],
    reason: Annotated[str, typer.Option(help="Why; kept in the records.")] = "",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take a source out of every search. The original is kept, and verdicts that cite it stay readable.

    To have the bytes themselves erased for good: workbench evidence purge ID --reason TEXT
    """
    with open_desk(workspace, claims=False) as desk:
        entry = desk.remove_source(source_id, actor=OPERATOR, reason=reason)
        cited_by = desk.cited_by(entry.source_id)
    if as_json:
        print_json({"removed": entry, "original_kept": True, "cited_by": cited_by})
        return
    say(f"{entry.title} is no longer searched. Its original is kept in records/, and sync will not take these bytes in again.")
    say(f"To erase the bytes for good: workbench evidence purge {entry.source_id[:12]} --reason TEXT")
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
