"""`workbench claims ...`: list, show, add, similar, why, recuse, balance, import, extract."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from workbench.cli.console import JsonOption, WorkspaceOption, declared, open_desk, print_json, say, stderr, table
from workbench.errors import UsageError
from workbench.models import OPERATOR, Case, Claim, ExtractedQuote, Judged

if TYPE_CHECKING:
    from workbench.checkworthy import Checkable

app = typer.Typer(no_args_is_help=True)


def _line(case: Case) -> dict[str, Any]:
    """One claim as `claims list` gives it: its own fields, and what its events add up to."""
    line = {
        **case.claim.model_dump(mode="json"),
        "status": case.status,
        "revisions": len(case.verdicts),
        "missing_from": case.missing_from,
    }
    line["assigned"] = [one.model_dump(mode="json") for one in case.assignments]
    line["said_at_the_desk"] = [one.model_dump(mode="json") for one in case.desk_words]
    line["recused"] = [one.model_dump(mode="json") for one in case.recusals]
    line["rating"] = case.counting.rating.slug if case.counting else None
    return line


@app.command("list")
def list_(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """List every claim with its status."""
    with open_desk(workspace, claims=False) as desk:
        desk.sync_claims()
        cases = desk.claims()
    if as_json:
        print_json({"claims": [_line(case) for case in cases]})
        return
    for case in cases:
        claimant = case.claim.claimant.name if case.claim.claimant else "claimant unknown"
        say(f"{case.claim.id}  [{case.status}]\n    {case.claim.headline}\n    {claimant} · {case.claim.claimed_on}")
    if not cases:
        say("No claims yet. Add one: workbench claims add --statement TEXT")


@app.command()
def show(
    claim_id: Annotated[str, typer.Argument(metavar="ID")], workspace: WorkspaceOption = None, as_json: JsonOption = False
) -> None:
    """Show one claim with its verdicts."""
    with open_desk(workspace, claims=False) as desk:
        desk.sync_claims()
        case = desk.case(claim_id)
        quoted = desk.fidelity.of(case.claim)
    if as_json:
        print_json({**_line(case), "verdicts": case.verdicts, "content_hash": case.claim.content_hash, "quotation": quoted})
        return
    claim = case.claim
    say(f"{claim.headline}\n{claim.statement}")
    if claim.reported_words:
        say(f"as reported, without quotation marks in the file: {claim.reported_words}")
    if claim.claimant:
        say(f"{claim.claimant.name}{f', {claim.claimant.role}' if claim.claimant.role else ''} · {claim.claimed_on}")
    if quoted is not None:
        say(f"quotation: {quoted.state}{f' in {quoted.title}' if quoted.title else ''}")
    if claim.why_checked:
        say(f"why it is checked: {claim.why_checked}")
    for name, value in claim.custom.items():
        say(f"{name}: {value}")
    for given in case.assignments:
        say(f"assigned to {given.reviewer.display_name} by {given.by.display_name}, {given.at:%Y-%m-%d}")
    if claim.due or claim.priority != "normal":
        say(f"due: {claim.due or 'no day'} · {claim.priority} priority")
    for word in case.desk_words:
        say(f"{word.field}: as {word.by.display_name} said, {word.at:%Y-%m-%d}")
    for one in case.recusals:
        say(f"recused: {one.reviewer.display_name}, {one.at:%Y-%m-%d}: {one.reason}")
    say(f"status: {case.status}")
    for verdict in case.verdicts:
        say(
            f"revision {verdict.revision} by {verdict.reviewer.display_name}: "
            f"{verdict.rating.label} ({verdict.state}), {verdict.created_at:%Y-%m-%d %H:%M}Z"
        )


@app.command()
def add(
    statement: Annotated[str, typer.Option(help="The sentence that is to be checked.")],
    quote: Annotated[str | None, typer.Option(help="The exact words, without quotation marks.")] = None,
    claimant: Annotated[str | None, typer.Option(help="Who made the claim.")] = None,
    role: Annotated[str | None, typer.Option(help="The claimant's role at the time.")] = None,
    affiliation: Annotated[str | None, typer.Option(help="The party or body the claimant is counted with.")] = None,
    why: Annotated[str | None, typer.Option(help="Why it is checked.")] = None,
    claimed_on: Annotated[str | None, typer.Option(help="When: 2021, 2021-06, 2021-06-23, 'not before 2021-06'.")] = None,
    url: Annotated[str | None, typer.Option(help="Where it appeared.")] = None,
    custom: Annotated[list[str] | None, typer.Option(help="NAME=VALUE: a field of the workspace; may be repeated.")] = None,
    claim_id: Annotated[str | None, typer.Option("--id", help="Its id; made from the statement if left out.")] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add a claim; a file of its own is written to claims/."""
    with open_desk(workspace) as desk:
        fields = {
            "id": claim_id or desk.new_claim_id(statement),
            "statement": statement,
            "quote": quote,
            "claimant": {"name": claimant, "role": role, "affiliation": affiliation} if claimant else None,
            "why_checked": why,
            "custom": dict(_field(one) for one in custom or ()),
            "claimed_on": claimed_on,
            "appearances": [{"url": url}] if url else [],
        }
        claim = desk.add_claim(Claim.model_validate(fields), actor=OPERATOR)
    if as_json:
        print_json(claim)
    else:
        say(f"Added {claim.id}.")


def _field(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise UsageError(f"--custom {text!r} is not NAME=VALUE.", hint="For example: --custom desk=Asia")
    return name.strip(), value.strip()


@app.command()
def similar(
    claim_id: Annotated[str | None, typer.Argument(metavar="[ID]", help="A claim that is here.")] = None,
    text: Annotated[str | None, typer.Option(help="A sentence that is not a claim yet.")] = None,
    k: Annotated[int, typer.Option(min=1, max=20, help="How many at most.")] = 5,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the claims that are like a claim or a sentence, with what was decided about them."""
    if (claim_id is None) == (text is None):
        raise UsageError("Name a claim, or give --text.", hint="For example: workbench claims similar --text 'A sentence.'")
    with open_desk(workspace) as desk:
        desk.precedents.keep_index()
        found = desk.precedents.of(claim_id, k=k) if claim_id else desk.precedents.like(text or "", k=k)
    if as_json:
        print_json({"claims": found})
        return
    for one in found:
        rated = one.counting.rating.label if one.counting else one.status
        say(f"{one.claim.id}  [{one.judged or one.likeness}]  {rated}\n    {one.claim.statement}")
        for finding in one.lens:
            if finding.relation == "differs":
                say(f"    differs: {finding.detail}")
    if not found:
        say("No claim here is like it.")


@app.command()
def same(
    claim_id: Annotated[str, typer.Argument(metavar="ID")],
    other_id: Annotated[str, typer.Argument(metavar="OTHER")],
    workspace: WorkspaceOption = None,
) -> None:
    """Record that two claims are the same, so that each shows the other's verdict."""
    _judge(claim_id, other_id, "same", workspace)


@app.command()
def different(
    claim_id: Annotated[str, typer.Argument(metavar="ID")],
    other_id: Annotated[str, typer.Argument(metavar="OTHER")],
    workspace: WorkspaceOption = None,
) -> None:
    """Record that two claims are not the same, so that they are not suggested to each other again."""
    _judge(claim_id, other_id, "different", workspace)


def _judge(claim_id: str, other_id: str, judged: Judged, workspace: Path | None) -> None:
    with open_desk(workspace) as desk:
        desk.precedents.judge(claim_id, other_id, judged, actor=OPERATOR)
    say(f"Recorded: {claim_id} and {other_id} are {'the same' if judged == 'same' else 'not the same'}.")


@app.command()
def confirm_quote(
    claim_id: Annotated[str, typer.Argument(metavar="ID")],
    reviewer: Annotated[str, typer.Option(help="Your name; self-declared in local mode.")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Confirm that reported words are the speaker's own, so that they are printed in quotation marks."""
    with open_desk(workspace) as desk:
        desk.quotations.confirm(claim_id, reviewer=declared(reviewer))
        claim = desk.case(claim_id).claim
    if as_json:
        print_json(claim)
    else:
        say(f"{claim.headline}\nconfirmed by {claim.quote_marks_by}")


@app.command()
def why(
    claim_id: Annotated[str, typer.Argument(metavar="ID")],
    text: Annotated[str, typer.Argument(help="Why it is checked; empty takes the reason out.")],
    workspace: WorkspaceOption = None,
) -> None:
    """Say why a claim is checked; a file the workbench wrote for it says it too."""
    with open_desk(workspace) as desk:
        edited = desk.matters.edit(claim_id, {"why_checked": text.strip() or None}, actor=OPERATOR)
    say(f"{claim_id} is checked because: {edited.case.claim.why_checked or 'not said'}")


@app.command()
def recuse(
    claim_id: Annotated[str, typer.Argument(metavar="ID")],
    reviewer: Annotated[str, typer.Option(help="Your name; self-declared in local mode.")],
    reason: Annotated[str | None, typer.Option(help="The conflict of interest, in a few words.")] = None,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Take your recusal back.")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Recuse yourself from a claim: no verdict of yours is recorded on it until you take that back."""
    if not withdraw and reason is None:
        raise UsageError("A recusal needs --reason.", hint="Say in a few words what the conflict of interest is.")
    who = declared(reviewer)
    with open_desk(workspace) as desk:
        rules = desk.impartiality
        case = rules.take_back(claim_id, who) if withdraw else rules.recuse(claim_id, who, reason or "")
    if as_json:
        print_json({"claim_id": claim_id, "recused": case.recusals})
    else:
        say(f"{who.display_name} {'may judge' if withdraw else 'recused from'} {claim_id}{' again' if withdraw else ''}.")
        standing = [one for one in case.verdicts if one.reviewer == who and one.state == "current"]
        if standing and not withdraw:
            say(f"Revision {standing[0].revision} of {who.display_name} still stands; to take it out: workbench verdict void")


@app.command()
def balance(
    by: Annotated[Literal["claimant", "affiliation", "topic"], typer.Option(help="What to count by.")] = "claimant",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Count claims and ratings by claimant, affiliation or topic: who is checked, and how it comes out."""
    with open_desk(workspace) as desk:
        counted = desk.impartiality.balance(by)
    if as_json:
        print_json(counted)
        return
    rows = [
        [row.name, str(row.claims), *(str(row.ratings.get(label, 0)) for label in counted.ratings), str(row.undecided)]
        for row in counted.rows
    ]
    table([by, "claims", *counted.ratings, "undecided"], rows, empty=f"No claim names its {by}.")
    say(f"{counted.unnamed} of {counted.claims} claims name no {by}.\n{counted.does_not_say}")


@app.command("import")
def import_(
    file: Annotated[
        Path, typer.Argument(help="csv, xlsx, jsonl, yaml, ClaimReview JSON-LD, or an answer of Google's Fact Check Tools.")
    ],
    preview: Annotated[bool, typer.Option("--preview", help="Say what would be done; store nothing.")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add the claims of a file: all of them, or none where a row is wrong. What is here already is left out and named."""
    with open_desk(workspace) as desk:
        plan = desk.imports.plan(file)
        if not preview:
            desk.imports.carry_out(plan, actor=OPERATOR)
    for note in plan.notes:
        stderr.print(note)
    if as_json:
        lists = {name: list(getattr(plan, name)) for name in ("added", "changed", "skipped")}
        print_json({**lists, "notes": plan.notes, "stored": not preview})
        return
    say(f"{'Would add' if preview else 'Added'} {len(plan.added):,} claim(s){':' if plan.added else ''}")
    for claim in plan.added:
        say(f"  {claim.id}")
    for change in plan.changed:
        say(f"{'Would change' if preview else 'Changed'} {change.claim.id}: {', '.join(change.fields)}")
    for left in plan.skipped:
        say(f"Left out {left.place}: {left.why}.")


@app.command()
def extract(
    files: Annotated[list[Path], typer.Argument(help="Texts, pages or documents to look for quotations in.")],
    worth_checking: Annotated[
        bool, typer.Option("--worth-checking", help="List the sentences worth checking as well, with the reasons.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Find quotations and who said them. Reads only the files given; needs no workspace and stores nothing."""
    from workbench.checkworthy import worth_checking as rank
    from workbench.extract import extract_from

    read, failed = extract_from(files)
    ranked = {path: rank(text) if worth_checking else [] for path, text, _ in read}
    if as_json:
        found: list[dict[str, Any]] = [{"path": path, "text": text, "quotes": quotes} for path, text, quotes in read]
        if worth_checking:
            for line in found:
                line["worth_checking"] = [_checkable(line["text"], one) for one in ranked[line["path"]]]
        print_json({"files": found, "failed": failed} if failed else {"files": found})
    else:
        for path, text, quotes in read:
            _say_quotes(path, quotes)
            for one in ranked[path]:
                say(f"  {text[one.span.start : one.span.end]}\n    {', '.join(one.reasons)}")
        for failure in failed:
            stderr.print(f"failed {failure.path} [{failure.code}] {failure.message} {failure.hint}")
    raise typer.Exit(0 if not failed else 3 if read else 1)


def _checkable(text: str, one: Checkable) -> dict[str, Any]:
    words = text[one.span.start : one.span.end]
    span = {"start": one.span.start, "end": one.span.end}
    return {"text": words, **span, "score": one.score, "reasons": one.reasons, "against": one.against}


def _say_quotes(path: str, quotes: list[ExtractedQuote]) -> None:
    say(f"{path}: {len(quotes)} quotation(s)")
    for quote in quotes:
        marks = ("“", "”") if quote.kind != "indirect" else ("", "")
        say(f"  {quote.speaker or 'speaker unknown'} [{quote.kind}] {marks[0]}{quote.quote}{marks[1]}")
