"""`workbench fresh`, `verdict stands`: which verdicts have gone stale, what new evidence bears on; that a verdict stands."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

import typer

from workbench.cli.console import JsonOption, WorkspaceOption, declared, open_desk, print_json, say, stderr
from workbench.errors import UsageError
from workbench.models import CitedNow

SAID = {"moved": "the same words, elsewhere in the file", "changed": "other words stand there", "gone": "the file is gone"}


def fresh(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Say of every citation whether its words still stand, as of the last sync; and which claims were reworded."""
    with open_desk(workspace) as desk:
        citations, reworded, standing = desk.freshness.lines(), desk.freshness.reworded(), desk.standing.lines()
        waiting = desk.waiting()
    if waiting:
        stderr.print(f"{len(waiting)} file(s) are not taken in as they are now: workbench evidence sync")
    if as_json:
        claims = [{"claim_id": one, "revision": revision, "state": "changed"} for one, revision in reworded]
        print_json({"citations": citations, "claims": claims, "standing": standing})
        return
    counts = Counter(one.state for one in citations)
    told = ", ".join(f"{counts[state]} {state}" for state in ("intact", "moved", "changed", "gone") if counts[state])
    say(f"{len(citations)} citation(s): {told}" if citations else "No citation of a current verdict.")
    for one in citations:
        if one.state != "intact":
            _tell(one)
    for claim_id, revision in reworded:
        say(f"{claim_id}, revision {revision}: the claim was changed after this verdict")
    for new in standing:
        say(f"{new.claim_id}: new evidence {new.passage_id} ({new.path}), {new.reason}")


def verdict_stands(
    claim_id: str,
    passage_id: Annotated[str, typer.Argument(help="The cited passage that changed or is gone, or the new one.")],
    reviewer: Annotated[str, typer.Option("--reviewer", help="Your name; self-declared in local mode.")],
    reason: Annotated[str, typer.Option(help="Why the verdict stands; kept in the records.")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say that the verdict stands, although a cited passage changed or is gone, or a new passage came in."""
    if not reviewer.strip():
        raise UsageError("--reviewer is empty.", hint="Give the name it is to be recorded under.")
    who = declared(reviewer)
    with open_desk(workspace) as desk:
        is_cited = any(one.passage_id == passage_id for one in desk.case(claim_id).stale)
        record = desk.freshness.confirm if is_cited else desk.standing.no_change
        case = record(claim_id, passage_id, who, reason)
    waiting = [one.passage_id for one in (*case.stale, *case.new_evidence)]
    if as_json:
        print_json({"claim_id": claim_id, "status": case.status, "waiting": waiting})
    else:
        say(f"Recorded. {claim_id} is {case.status}; {len(waiting)} passage(s) of it still wait for a look.")


def _tell(one: CitedNow) -> None:
    say(f"{one.claim_id}, revision {one.revision}: {one.state}, {SAID[one.state]} ({one.path or one.sha256[:12]})")
    if one.state == "changed":
        say(f"  was: {' '.join(one.was.split())}")
        say(f"  now: {' '.join(one.now.split()) if one.now else 'nothing like it'}")
