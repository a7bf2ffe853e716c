"""`workbench search` and `workbench match`: passages for a text or a claim."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

import typer

from workbench.cli.console import JsonOption, WorkspaceOption, open_desk, print_json, say, stderr
from workbench.models import Filters, Hit, SearchResult, page_words

Mode = Annotated[
    Literal["hybrid", "dense", "lexical"], typer.Option("--mode", help="Meaning and words, meaning only, words only.")
]
K = Annotated[int | None, typer.Option("--k", min=1, max=1000, help="How many passages; [search] k by default.")]
Day = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only sources published then or after (before): 2021-06-23.")
]
Publisher = Annotated[list[str] | None, typer.Option(help="Only this publisher; may be repeated.")]
Language = Annotated[list[str] | None, typer.Option(help="Only this language, for example en; may be repeated.")]
Also = Annotated[
    list[str] | None, typer.Option(help="Search in other words as well, a translation for example; may be repeated.")
]
Kind = Annotated[list[str] | None, typer.Option(help="Only this kind, for example digest; may be repeated.")]


def _filters(
    after: datetime | None,
    before: datetime | None,
    publisher: list[str] | None,
    language: list[str] | None,
    kind: list[str] | None,
) -> Filters:
    def day(moment: datetime | None) -> date | None:
        return moment.date() if moment else None

    fields: dict[str, Any] = {"publishers": publisher or (), "languages": language or (), "kinds": kind or ()}
    return Filters.model_validate({"after": day(after), "before": day(before), **fields})


def _show(result: SearchResult, as_json: bool) -> None:
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
    for warning in receipt.warnings:
        stderr.print(warning)
    if receipt.languages_unchecked:
        from workbench.languages import named  # here: its patterns cost 15 ms, and every command imports this module
    for code, count in sorted(receipt.languages_unchecked.items()):
        stderr.print(f"{count} passage(s) in {named(code)} were searched by words only.")
    if receipt.unread:
        stderr.print(f"{len(receipt.unread)} file(s) could not be read: workbench evidence list")
    if receipt.waiting:
        stderr.print(f"{len(receipt.waiting)} file(s) are waiting to be taken in: workbench evidence sync")


def _say_hit(hit: Hit) -> None:
    told = f"described by {hit.describes.by}" if hit.describes else None
    where = ", ".join(part for part in (hit.publisher, told, str(hit.published_on), page_words(hit.page)) if part)
    say(f"{hit.rank}. {hit.title} ({where})  score {hit.score:.3f}  [{hit.passage_id}]\n   {' '.join(hit.text.split())}")
    for one in hit.lens:
        if one.relation != "not mentioned":
            say(f"   {one.relation}: {one.detail}")
    if hit.similar:
        say(f"   {len(hit.similar)} more say the same: {', '.join(other.title for other in hit.similar)}")
    say("")


def search(
    text: Annotated[str, typer.Argument(help="What to look for: a sentence, or words.")],
    also: Also = None,
    k: K = None,
    mode: Mode = "hybrid",
    after: Day = None,
    before: Day = None,
    publisher: Publisher = None,
    language: Language = None,
    kind: Kind = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find passages for a text."""
    with open_desk(workspace, claims=False) as desk:
        result = desk.find(text, also=also or (), k=k, mode=mode, filters=_filters(after, before, publisher, language, kind))
    _show(result, as_json)


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
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find passages for a claim."""
    with open_desk(workspace) as desk:
        result = desk.match(
            claim_id, also=also or (), k=k, mode=mode, filters=_filters(after, before, publisher, language, kind)
        )
    _show(result, as_json)
