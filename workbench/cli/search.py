"""`workbench search` and `workbench match`: passages for a text or a claim."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbench.cli.conditions import (
    Also,
    Day,
    FileType,
    K,
    Kind,
    Language,
    Mode,
    NotKind,
    NotLanguage,
    NotPublisher,
    NotTopic,
    NotType,
    Publisher,
    Topic,
    conditions,
    filters,
)
from workbench.cli.console import JsonOption, WorkspaceOption, open_desk, print_json, say, stderr
from workbench.errors import UsageError
from workbench.models import CONDITION_NAMES, Hit, SearchReceipt, SearchResult, ocr_words, page_words


def show_result(result: SearchResult, as_json: bool) -> None:
    """Print what a search found, as JSON or for a reader."""
    if as_json:
        print_json(result)
        return
    differing = [hit for hit in result.hits if hit.stands == "differs"]
    for hit in result.hits:
        if hit not in differing:
            _say_hit(hit)
    if differing:
        say("Similar but differs:\n")
    for hit in differing:
        _say_hit(hit)
    receipt = result.receipt
    say(
        f"{len(result.hits)} of {receipt.passages_searched} passages in {receipt.sources_searched} sources, "
        f"searched by {receipt.mode}."
    )
    for read in receipt.read_as:
        say(f"Read as: {read}")
    for warning in receipt.warnings:
        stderr.print(warning)
    for line in left_out(receipt):
        stderr.print(line)
    if receipt.languages_unchecked:
        from workbench.languages import named  # here: its patterns cost 15 ms, and every command imports this module
    for code, count in sorted(receipt.languages_unchecked.items()):
        stderr.print(f"{count} passage(s) in {named(code)} were searched by words only.")
    if receipt.unread:
        stderr.print(f"{len(receipt.unread)} file(s) could not be read: workbench evidence list")
    if receipt.waiting:
        stderr.print(f"{len(receipt.waiting)} file(s) are waiting to be taken in: workbench evidence sync")


def left_out(receipt: SearchReceipt) -> list[str]:
    """A line for each condition that sources were left out by because they do not say."""
    unsaid = {CONDITION_NAMES[name]: count for name, count in receipt.unsaid_left_out.items()}
    counts = {"date": receipt.undated_left_out} | unsaid
    return [f"{count} source(s) left out: their {name} is unknown." for name, count in counts.items() if count]


def _say_hit(hit: Hit) -> None:
    told = f"described by {hit.describes.who}" if hit.describes else None
    facts = (hit.publisher, told, str(hit.published_on), page_words(hit.page), ocr_words(hit.ocr_confidence))
    where = ", ".join(fact for fact in facts if fact)
    say(f"{hit.rank}. {hit.title} ({where})  score {hit.score:.3f}  [{hit.passage_id}]\n   {' '.join(hit.text.split())}")
    for one in hit.lens:
        if one.relation != "not mentioned":
            say(f"   {one.relation}: {one.detail}")
    if hit.similar:
        say(f"   {len(hit.similar)} more say the same: {', '.join(other.title for other in hit.similar)}")
    say("")


def search(
    text: Annotated[str | None, typer.Argument(help="What to look for: a sentence, or words.", show_default=False)] = None,
    queries: Annotated[
        Path | None, typer.Option(help="Search for every row of a csv file: query, also, after, publisher, id, k and so on.")
    ] = None,
    output: Annotated[str | None, typer.Option("--output", "-o", help="With --queries: a csv file, or -.")] = None,
    also: Also = None,
    k: K = None,
    mode: Mode = "hybrid",
    after: Day = None,
    before: Day = None,
    publisher: Publisher = None,
    language: Language = None,
    kind: Kind = None,
    file_type: FileType = None,
    topic: Topic = None,
    exclude_publisher: NotPublisher = None,
    exclude_language: NotLanguage = None,
    exclude_kind: NotKind = None,
    exclude_type: NotType = None,
    exclude_topic: NotTopic = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find passages for a text."""
    included = conditions(publisher=publisher, language=language, kind=kind, file_type=file_type, topic=topic)
    excluded = conditions(
        publisher=exclude_publisher,
        language=exclude_language,
        kind=exclude_kind,
        file_type=exclude_type,
        topic=exclude_topic,
    )
    wanted = filters(included, excluded, after=after, before=before)
    if queries is not None:
        from workbench.cli.queries import search_table  # here: most searches are of one text

        _refuse_both(text, also)
        search_table(queries, output, k=k, mode=mode, usual=wanted, workspace=workspace, as_json=as_json)
        return
    if text is None or output is not None:
        raise UsageError(
            "There is nothing to search for." if text is None else "-o goes with --queries.",
            hint="Give a sentence, or --queries FILE.csv -o hits.csv",
        )
    with open_desk(workspace, claims=False) as desk:
        result = desk.find(text, also=also or (), k=k, mode=mode, filters=wanted)
    show_result(result, as_json)


def _refuse_both(text: str | None, also: list[str] | None) -> None:
    if text is not None or also:
        raise UsageError("A text, or other words for it, and --queries were given.", hint="Give one of the two.")


def match(
    claim_id: str,
    also: Also = None,
    k: K = None,
    mode: Mode = "hybrid",
    after: Day = None,
    before: Day = None,
    publisher: Publisher = None,
    language: Language = None,
    kind: Kind = None,
    file_type: FileType = None,
    topic: Topic = None,
    exclude_publisher: NotPublisher = None,
    exclude_language: NotLanguage = None,
    exclude_kind: NotKind = None,
    exclude_type: NotType = None,
    exclude_topic: NotTopic = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find passages for a claim. Its statement is words: no sign in it is an operator."""
    included = conditions(publisher=publisher, language=language, kind=kind, file_type=file_type, topic=topic)
    excluded = conditions(
        publisher=exclude_publisher,
        language=exclude_language,
        kind=exclude_kind,
        file_type=exclude_type,
        topic=exclude_topic,
    )
    wanted = filters(included, excluded, after=after, before=before)
    with open_desk(workspace) as desk:
        result = desk.match(claim_id, also=also or (), k=k, mode=mode, filters=wanted)
    show_result(result, as_json)
