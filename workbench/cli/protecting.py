"""`workbench evidence protect`, `purge`: who may read of a source, what reports say of it instead; one erased for good."""

from __future__ import annotations

from typing import Annotated

import typer

from workbench.cli.console import JsonOption, WorkspaceOption, declared, open_desk, print_json, say
from workbench.models import OPERATOR, Access


def protect(
    source_id: Annotated[str, typer.Argument(metavar="ID")],
    access: Annotated[str, typer.Option(help="confidential, internal, or public again.")] = "confidential",
    told_as: Annotated[
        str | None, typer.Option(help="What reports may say of it: an officer who saw the count. Empty takes the words back.")
    ] = None,
    by: Annotated[str | None, typer.Option(help="Your name; who approves words answers for them.")] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Keep a source from readers: from reports, feeds, routes, data sets and case files made from now on."""
    from workbench.metadata import Edit, typed
    from workbench.protection import MEANING

    said = typed({"access": access})
    actor = declared(by) if by else OPERATOR
    with open_desk(workspace, claims=False) as desk:
        if told_as is not None:  # first: where the words are refused, nothing is changed
            desk.protection.tell_as(source_id, told_as, actor=actor)
        entry = desk.metadata.edit(source_id, Edit(said), actor=actor).entry
        level: Access = desk.evidence.protected().get(entry.source_id, "public")
        cited_by = desk.cited_by(entry.source_id)
    if as_json:
        print_json({"source": entry, "access": level, "meaning": MEANING[level], "cited_by": cited_by})
        return
    say(f"{entry.title} is {level}. {MEANING[level]}")
    if level == "confidential":
        say(f"Reports say of it: {entry.told_as.words if entry.told_as else 'a source we protect'}.")
    if level != "public" and cited_by:
        say(f"Cited by {', '.join(cited_by)}: what was exported or published before now is out, and cannot be called back.")


def purge(
    source_id: Annotated[str, typer.Argument(metavar="ID")],
    reason: Annotated[str, typer.Option(help="Why, in words anybody may read: reports print it where its words stood.")],
    by: Annotated[str | None, typer.Option(help="Your name.")] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Erase a source for good: the file, its text, its index, its words in verdicts, drafts and notes. Nothing brings it back.

    Verdicts that cite it stay, and say that it was erased. Broken off, it is finished by asking again. Backups keep it.
    """
    with open_desk(workspace, claims=False) as desk:
        done = desk.erasing.purge(source_id, reason, actor=declared(by) if by else OPERATOR)
    if as_json:
        print_json(done)
        return
    say(f"Erased {done.source_id[:12]}: {len(done.files)} files of evidence/, {done.words} words and drafts in the records.")
    say(f"Reason kept: {done.reason}")
    if done.claims:
        say(f"Look again at {', '.join(done.claims)}: words in their records were of this source.")
    for sentence in done.elsewhere:
        say(f"note: {sentence}")
