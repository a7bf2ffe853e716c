"""`workbench claims queue, next, assign, unassign, due, priority, topics, retire, restore` and `claims lists ...`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cli.console import JsonOption, WorkspaceOption, declared, open_desk, print_json, say, stderr, table
from workbench.cli.gathered import takes
from workbench.errors import Refused, UsageError
from workbench.models import ME, OPERATOR, Age, Case, DueIn, Order, Priority, QueueFilter, Reviewer, Sample, Shown

if TYPE_CHECKING:
    from workbench.assignments import Done
    from workbench.desk import Desk
    from workbench.queue import Row

app = typer.Typer()
lists = typer.Typer(no_args_is_help=True)
app.add_typer(lists, name="lists", help="Keep filters of the queue under a name.")

Ids = Annotated[list[str], typer.Argument(metavar="ID...", help="Claims; several at once are stored together or not at all.")]
By = Annotated[str | None, typer.Option("--by", help="Your name, for the history.")]
Me = Annotated[str, typer.Option("--reviewer", help="Your name; self-declared in local mode.")]

ListOption = Annotated[str | None, typer.Option("--list", help="The filter kept under this name, instead.")]


def filter_of(
    status: Annotated[Shown | None, typer.Option("--status", help="Of a case; or waiting, or retired.")] = None,
    person: Annotated[str | None, typer.Option("--person", help="Assigned to NAME; @me (with --reviewer) or @nobody.")] = None,
    topic: Annotated[str | None, typer.Option("--topic", help="On this topic.")] = None,
    claimant: Annotated[str | None, typer.Option("--claimant", help="Said by NAME, as it is written in the claim.")] = None,
    age: Annotated[Age | None, typer.Option("--age", help="Since it was added.")] = None,
    due: Annotated[DueIn | None, typer.Option("--due", help="How soon it is due.")] = None,
    priority: Annotated[Priority | None, typer.Option("--priority", help="Of this priority.")] = None,
    words: Annotated[str, typer.Option("--words", help="All of them in the claim, or who said it.")] = "",
    sample: Annotated[Sample | None, typer.Option("--sample", help="Whether two people judge it as a sample.")] = None,
    order: Annotated[Order, typer.Option("--order", help="Which come first.")] = "urgent",
) -> QueueFilter:
    """The filter that the options of a command ask for."""
    return QueueFilter(
        status=status,
        text=words,
        person=person,
        topic=topic,
        claimant=claimant,
        age=age,
        due=due,
        priority=priority,
        sample=sample,
        order=order,
    )


@app.command()
@takes(asked=filter_of)
def queue(
    asked: QueueFilter,
    kept: ListOption = None,
    reviewer: Annotated[str | None, typer.Option(help="Who looks, for what is theirs.")] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the claims a filter lets pass, the most urgent first: overdue, due within a week, then by priority."""
    who = declared(reviewer) if reviewer else None
    with open_desk(workspace) as desk:
        wanted = desk.queue.lists.get(kept).filter if kept else asked
        if wanted.person == ME and who is None:
            raise UsageError("@me is nobody yet.", hint="Say who you are with --reviewer NAME.")
        found = desk.queue.find(wanted, who=who)
        cases = desk.cases.all().of([row.claim_id for row in found])
    if as_json:
        print_json({"filter": wanted, "claims": [_line(row, case) for row, case in zip(found, cases, strict=True)]})
        return
    for case in cases:
        say(f"{case.claim.id}  [{case.status}]{facts(case)}\n    {case.claim.headline}")
    if not found:
        say("No claim fits this filter.")


def _line(row: Row, case: Case) -> dict[str, Any]:
    said = {one.field: one.by.display_name for one in case.desk_words}
    return {
        "id": case.claim.id,
        "headline": case.claim.headline,
        "status": case.status,
        "priority": case.claim.priority,
        "due": case.claim.due.isoformat() if case.claim.due else None,
        "topics": case.claim.topics,
        "claimant": case.claim.claimant.name if case.claim.claimant else None,
        "added_on": row.added.isoformat(),
        "assigned": [one.model_dump(mode="json") for one in case.assignments],
        "said_by": said,
        "retired": case.retired,
    }


def facts(case: Case) -> str:
    """`  due 2026-05-01, high, assigned to Ana, retired`, as far as there is anything to say."""
    claim = case.claim
    told = [f"due {claim.due}"] if claim.due else []
    told += [f"{claim.priority} priority"] if claim.priority != "normal" else []
    told += [f"assigned to {' and '.join(one.reviewer.display_name for one in case.assignments)}"] if case.assignments else []
    told += ["retired"] if case.retired else []
    return f"  {', '.join(told)}" if told else ""


@app.command("next")
def next_(
    reviewer: Me,
    kept: ListOption = None,
    preview: Annotated[bool, typer.Option("--preview", help="Say which it would be; assign nothing.")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take the next claim: yours first, then nobody's; overdue, due within a week, by priority, the oldest first."""
    who = declared(reviewer)
    with open_desk(workspace) as desk:
        among = desk.queue.lists.get(kept).filter if kept else QueueFilter()
        found = [desk.case(row.claim_id) for row in desk.queue.next_for(who, among)[:1]]
        if not preview:
            taken = desk.queue.take_next(who, among)
            found = [taken] if taken else []
    if as_json:
        print_json({"claim": found[0].claim if found else None, "taken": bool(found) and not preview})
        return
    for case in found:
        say(f"{case.claim.id}  [{case.status}]\n    {case.claim.headline}")
        say("Nothing was assigned." if preview else f"Assigned to {who.display_name}.")
    if not found:
        say(f"Nothing waits for {who.display_name}.")


@app.command()
def assign(
    claim_ids: Ids,
    to: Annotated[list[str], typer.Option("--to", help="Who is to judge them; may be repeated.")],
    instead: Annotated[bool, typer.Option("--instead", help="In place of whoever they are assigned to now.")] = False,
    by: By = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Assign claims to people."""
    _on_each(
        workspace,
        lambda desk, actor: desk.assignments.assign(claim_ids, _people(desk, to), actor=actor, instead=instead),
        f"Assigned to {', '.join(to)}:",
        by=by,
        as_json=as_json,
    )


@app.command()
def unassign(
    claim_ids: Ids,
    from_: Annotated[list[str] | None, typer.Option("--from", help="Only this person; may be repeated.")] = None,
    by: By = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """End assignments: of everybody, or of the people named."""
    _on_each(
        workspace,
        lambda desk, actor: desk.assignments.end(claim_ids, _people(desk, from_ or ()), actor=actor),
        "No longer assigned:",
        by=by,
        as_json=as_json,
    )


@app.command()
def due(
    claim_ids: Ids,
    on: Annotated[str | None, typer.Option("--on", metavar="YYYY-MM-DD", help="The day they are to be decided.")] = None,
    no_day: Annotated[bool, typer.Option("--no-day", help="They have none.")] = False,
    as_in_file: Annotated[bool, typer.Option("--as-in-file", help="Take back what was said; the claim file counts.")] = False,
    by: By = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say by when claims are to be decided; or that they have no day; or take that back."""
    if (on is not None) + no_day + as_in_file != 1:
        raise UsageError("Say one of --on, --no-day and --as-in-file.", hint="For example: --on 2026-05-01")
    day = _day(on) if on else None

    def say_due(desk: Desk, actor: Reviewer) -> Done:
        if as_in_file:
            return desk.matters.take_back(claim_ids, ["due"], actor=actor)
        return desk.matters.set_due(claim_ids, day, actor=actor)

    told = "Due as the claim file says:" if as_in_file else f"Due {day}:" if day else "Without a due day:"
    _on_each(workspace, say_due, told, by=by, as_json=as_json)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{text!r} is not a day.", hint="Write it as 2026-05-01.") from error


@app.command()
def priority(
    claim_ids: Ids,
    to: Annotated[Priority | None, typer.Option("--to", help="How urgent they are.")] = None,
    as_in_file: Annotated[bool, typer.Option("--as-in-file", help="Take back what was said; the claim file counts.")] = False,
    by: By = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say how urgent claims are, or take that back."""
    if (to is None) != as_in_file:
        raise UsageError("Say one of --to and --as-in-file.", hint="For example: --to high")

    def say_priority(desk: Desk, actor: Reviewer) -> Done:
        if to is None:
            return desk.matters.take_back(claim_ids, ["priority"], actor=actor)
        return desk.matters.set_priority(claim_ids, to, actor=actor)

    _on_each(workspace, say_priority, f"Priority {to}:" if to else "Priority as in the file:", by=by, as_json=as_json)


@app.command()
def topics(
    claim_ids: Ids,
    add: Annotated[list[str] | None, typer.Option("--add", help="A topic; may be repeated.")] = None,
    remove: Annotated[list[str] | None, typer.Option("--remove", help="A topic; may be repeated.")] = None,
    by: By = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put claims on topics, or take them off."""
    _on_each(
        workspace,
        lambda desk, actor: desk.matters.change_topics(claim_ids, add=add or (), remove=remove or (), actor=actor),
        "Topics changed:",
        by=by,
        as_json=as_json,
    )


@app.command()
def retire(
    claim_ids: Ids,
    reason: Annotated[str, typer.Option(help="Why they are not checked any more.")],
    by: By = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take claims out of the queue; their records stay, and they can be restored."""
    _on_each(
        workspace,
        lambda desk, actor: desk.assignments.retire(claim_ids, reason, actor=actor),
        "Retired:",
        by=by,
        as_json=as_json,
    )


@app.command()
def restore(claim_ids: Ids, by: By = None, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Put retired claims back into the queue."""
    _on_each(
        workspace, lambda desk, actor: desk.assignments.restore(claim_ids, actor=actor), "Restored:", by=by, as_json=as_json
    )


def _people(desk: Desk, names: Sequence[str]) -> list[Reviewer]:
    return [desk.people.named(name) for name in names]


def _on_each(
    workspace: WorkspaceOption, action: Callable[[Desk, Reviewer], Done], told: str, *, by: str | None, as_json: bool
) -> None:
    """Do it to the claims named, say what was left out and why. Exits 3 where some were, 1 where all were."""
    with open_desk(workspace) as desk:
        done = action(desk, declared(by) if by else OPERATOR)
    if not done.claim_ids and not as_json:
        raise Refused(" ".join(one.why for one in done.left_out), hint="Nothing was written.", code="left_out")
    if as_json:
        print_json(done)
    else:
        say(f"{told} {', '.join(done.claim_ids)}")
        for left in done.left_out:
            stderr.print(f"Left out {left.claim_id}: {left.why}")
    raise typer.Exit(0 if not done.left_out else 3 if done.claim_ids else 1)


# --- saved lists ----------------------------------------------------------------------------------------------------------

ListName = Annotated[str, typer.Argument(metavar="NAME", help="Its name or its id.")]


@lists.command("save")
@takes(asked=filter_of)
def save_list(
    name: ListName,
    asked: QueueFilter,
    by: By = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Keep a filter of the queue under a name, for everybody here."""
    with open_desk(workspace, claims=False) as desk:
        saved = desk.queue.lists.save(name, filter=asked, actor=declared(by) if by else OPERATOR)
    if as_json:
        print_json(saved)
    else:
        say(f"Saved {saved.name!r}. Look at it with: workbench claims queue --list {saved.id}")


@lists.command("list")
def list_lists(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """List the saved lists."""
    from workbench.queue import as_address

    with open_desk(workspace, claims=False) as desk:
        saved = desk.queue.lists.all()
    if as_json:
        print_json({"lists": saved})
        return
    rows = [[one.name, one.id, " ".join(f"{name}={value}" for name, value in as_address(one.filter).items())] for one in saved]
    table(["name", "id", "filter"], rows, empty="No list is saved. Save one: workbench claims lists save NAME --due overdue")


@lists.command("remove")
def remove_list(name: ListName, by: By = None, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Take a saved list away; it stays in the history."""
    with open_desk(workspace, claims=False) as desk:
        gone = desk.queue.lists.retire(name, actor=declared(by) if by else OPERATOR)
    if as_json:
        print_json({"removed": gone})
    else:
        say(f"{gone.name!r} is no longer listed.")
