"""`workbench fresh`: which verdicts have gone stale since they were given."""

from __future__ import annotations

from collections import Counter

from workbench.cli.console import JsonOption, WorkspaceOption, open_desk, print_json, say, stderr
from workbench.models import CitedNow

SAID = {"moved": "the same words, elsewhere in the file", "changed": "other words stand there", "gone": "the file is gone"}


def fresh(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Say of every citation whether its words still stand, as of the last sync; and which claims were reworded."""
    with open_desk(workspace) as desk:
        citations, reworded, waiting = desk.freshness.lines(), desk.freshness.reworded(), desk.waiting()
    if waiting:
        stderr.print(f"{len(waiting)} file(s) are not taken in as they are now: workbench evidence sync")
    if as_json:
        claims = [{"claim_id": one, "revision": revision, "state": "changed"} for one, revision in reworded]
        print_json({"citations": citations, "claims": claims, "standing": []})
        return
    counts = Counter(one.state for one in citations)
    told = ", ".join(f"{counts[state]} {state}" for state in ("intact", "moved", "changed", "gone") if counts[state])
    say(f"{len(citations)} citation(s): {told}" if citations else "No citation of a current verdict.")
    for one in citations:
        if one.state != "intact":
            _tell(one)
    for claim_id, revision in reworded:
        say(f"{claim_id}, revision {revision}: the claim was changed after this verdict")


def _tell(one: CitedNow) -> None:
    say(f"{one.claim_id}, revision {one.revision}: {one.state}, {SAID[one.state]} ({one.path or one.sha256[:12]})")
    if one.state == "changed":
        say(f"  was: {' '.join(one.was.split())}")
        say(f"  now: {' '.join(one.now.split()) if one.now else 'nothing like it'}")
