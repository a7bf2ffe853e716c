"""`workbench search --queries FILE.csv`: a table of queries in, a table of hits out. Confidential sources stay out of it."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TextIO

import typer

from workbench.cli.console import open_desk, print_json, say, stderr
from workbench.errors import ExportError, UsageError
from workbench.folders import written_whole
from workbench.models import Filters, SearchMode
from workbench.query_table import Answer, AskedRow, HitTable, answered, batches, read_queries


def search_table(
    queries: Path,
    output: str | None,
    *,
    k: int | None,
    mode: SearchMode,
    usual: Filters,
    workspace: Path | None,
    as_json: bool,
) -> None:
    """Search for every row; leaves with exit 3 where some could not be searched for, each listed, and 1 where none could."""
    if output is None and not as_json:
        raise UsageError("The hits of many queries go into a file.", hint="Say where: -o hits.csv (or - for stdout).")
    if output == "-" and as_json:
        raise UsageError("Standard output cannot hold both a table and JSON.", hint="Give a file: -o hits.csv")
    notes: list[str] = []
    answers: list[Answer] = []
    hits = 0
    with open_desk(workspace, claims=False) as desk, _opened(queries) as table, _written(output) as written:
        hit_table = HitTable(written) if written is not None else None
        for rows in batches(read_queries(table, usual=usual, notes=notes)):
            if mode != "lexical":
                desk.searcher.meaning.read_ahead(
                    [text for one in rows if isinstance(one, AskedRow) for text in (one.query, *one.also)]
                )
            for answer in answered(rows, partial(desk.find, mode=mode, audience="team")):
                hits += len(answer.result.hits) if answer.result else 0
                if hit_table is not None:
                    hit_table.add(answer)
                answers.append(answer if hit_table is None else Answer(answer.asked, None, answer.error))
    _finish(answers, notes, hits=hits, output=output, as_json=as_json)


def _finish(answers: list[Answer], notes: list[str], *, hits: int, output: str | None, as_json: bool) -> None:
    failed = [answer for answer in answers if answer.error is not None]
    for note in notes:
        stderr.print(note)
    for answer in failed:
        assert answer.error is not None  # noqa: S101  # for the type checker: they were chosen for it
        stderr.print(f"row {answer.asked.row}: {answer.error.message} {answer.error.hint}")
    if as_json:
        print_json(_document(answers, failed, hits, output))
    elif output != "-":
        say(f"{len(answers) - len(failed)} queries searched, {len(failed)} failed, {hits} hits: wrote {output}.")
    raise typer.Exit(0 if not failed else 3 if len(failed) < len(answers) else 1)


def _document(answers: list[Answer], failed: list[Answer], hits: int, output: str | None) -> dict[str, Any]:
    """What --json prints: where the hits are, or the hits themselves where no file was named."""
    lines = [{"row": one.asked.row, "id": one.asked.id, "query": one.asked.query} for one in failed]
    errors = [line | (one.error.as_json() if one.error else {}) for line, one in zip(lines, failed, strict=True)]
    document: dict[str, Any] = {"queries": len(answers), "hits": hits, "output": output, "failed": errors}
    if output is None:
        document["results"] = [
            {"row": one.asked.row, "id": one.asked.id, **one.result.model_dump(mode="json")} for one in answers if one.result
        ]
    return document


@contextmanager
def _opened(queries: Path) -> Iterator[TextIO]:
    try:
        file = queries.open(encoding="utf-8-sig", newline="")
    except OSError as error:
        raise UsageError(f"{queries} cannot be read: {error.strerror}.", hint="Name a csv file with a column query.") from error
    with file:
        yield file


@contextmanager
def _written(output: str | None) -> Iterator[TextIO | None]:
    """Where the rows go: nowhere, standard output, or a file that takes its name when all of them are there."""
    if output is None:
        yield None
    elif output == "-":
        text = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="", write_through=True)
        yield text
        text.detach()
    else:
        try:
            with written_whole(Path(output).resolve()) as file:
                text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
                yield text
                text.flush()
                text.detach()
        except OSError as error:
            raise ExportError(
                f"{output} cannot be written: {error.strerror}.", hint="Name a file in a folder that is there."
            ) from error
