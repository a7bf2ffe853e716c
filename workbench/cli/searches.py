"""`workbench searches ...`: searches kept under a name, and what is new in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

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
from workbench.cli.console import JsonOption, WorkspaceOption, declared, open_desk, print_json, say, stderr, table
from workbench.cli.search import show_result
from workbench.errors import WorkbenchError
from workbench.models import OPERATOR, News, Reviewer

if TYPE_CHECKING:
    from workbench.desk import Desk

app = typer.Typer(no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="The name of a saved search, or its id.")]
Who = Annotated[str | None, typer.Option("--reviewer", help="Your name; self-declared in local mode.")]


@app.command()
def save(
    name: Annotated[str, typer.Argument(help="What to call it.")],
    text: Annotated[str, typer.Argument(help="What to look for: a sentence, or words.")],
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
    reviewer: Who = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Keep a search under a name; new files that match it are announced from now on."""
    included = conditions(publisher=publisher, language=language, kind=kind, file_type=file_type, topic=topic)
    excluded = conditions(
        publisher=exclude_publisher,
        language=exclude_language,
        kind=exclude_kind,
        file_type=exclude_type,
        topic=exclude_topic,
    )
    wanted = filters(included, excluded, after=after, before=before)
    with open_desk(workspace, claims=False) as desk:
        kept = desk.searches.save(name, (text, *(also or ())), mode=mode, filters=wanted, k=k, actor=_actor(reviewer))
        notes = desk.searches.doubts(kept)
    for note in notes:
        stderr.print(note)
    if as_json:
        print_json(kept)
        return
    say(f"Saved {kept.name!r}. New files that match it are announced after each intake and by: workbench searches news")


@app.command("list")
def list_(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """List the saved searches."""
    with open_desk(workspace, claims=False) as desk:
        kept = desk.searches.all()
    if as_json:
        print_json({"searches": kept})
        return
    rows = [[one.name, " | ".join(one.queries), one.mode, "no" if one.filters.is_empty else "yes"] for one in kept]
    table(["name", "search", "mode", "filters"], rows, empty="No search is saved. Save one: workbench searches save NAME TEXT")


@app.command()
def run(name: Name, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Search as saved. What is new in it stays new until `workbench searches seen`."""
    with open_desk(workspace, claims=False) as desk:
        result = desk.searches.run(name)
    show_result(result, as_json)


@app.command()
def rename(
    name: Name,
    to: Annotated[str, typer.Argument(help="What to call it.")],
    reviewer: Who = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Give a saved search another name."""
    with open_desk(workspace, claims=False) as desk:
        renamed = desk.searches.rename(name, to, actor=_actor(reviewer))
    if as_json:
        print_json(renamed)
    else:
        say(f"It is called {renamed.name!r} now.")


@app.command()
def remove(name: Name, reviewer: Who = None, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Take a saved search off the list; it stays in the history."""
    with open_desk(workspace, claims=False) as desk:
        retired = desk.searches.retire(name, actor=_actor(reviewer))
    if as_json:
        print_json({"removed": retired})
    else:
        say(f"{retired.name!r} is no longer announced.")


@app.command()
def news(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Say which saved searches new files match since somebody last looked."""
    with open_desk(workspace, claims=False) as desk:
        found = desk.searches.news()
    if as_json:
        print_json({"news": found})
        return
    for one in found:
        say(f"{one.told}.")
        for hit in one.hits:
            say(f"   {hit.title}  [{hit.passage_id}]  {' '.join(hit.text.split())[:160]}")
    say("Mark them as looked at with: workbench searches seen [NAME]" if found else "Nothing new in the saved searches.")


@app.command()
def seen(
    name: Annotated[str | None, typer.Argument(help="Only this saved search; all of them without a name.")] = None,
    reviewer: Who = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Record that somebody looked at what is new; only later files are announced again."""
    with open_desk(workspace, claims=False) as desk:
        wanted = desk.searches.get(name).id if name is not None else None
        found = [one for one in desk.searches.news() if wanted in (None, one.search.id)]
        for one in found:
            desk.searches.see(one, actor=_actor(reviewer))
    if as_json:
        print_json({"seen": found})
        return
    for one in found:
        say(f"Looked at: {one.told}.")
    if not found:
        say("Nothing new in the saved searches.")


def announce(desk: Desk) -> None:
    """Say on stderr what an intake brought for the saved searches; where they cannot be searched, that."""
    try:
        found: list[News] = desk.searches.news()
    except WorkbenchError as error:
        stderr.print(f"The saved searches were not looked through: {error.message} {error.hint}")
        return
    for one in found:
        stderr.print(f"{one.told}: workbench searches news")


def _actor(reviewer: str | None) -> Reviewer:
    return OPERATOR if reviewer is None else declared(reviewer)
