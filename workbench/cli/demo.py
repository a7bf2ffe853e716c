"""`make demo`: the whole line without a server, in a temporary workspace made from the sample claims and evidence.

Matches every sample claim, records one verdict, writes its report and prints where it is. Nothing in the checkout changes.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from workbench.cli.console import progress, say
from workbench.desk import Desk, new_token
from workbench.models import AnswerDraft, Cite, QuestionDraft, Reviewer, VerdictRequest
from workbench.ratings import public_label
from workbench.settings import find_workspace

QUESTION = "Did the person who made the claim give evidence for it?"
NO_EVIDENCE = "The files report the assertion and what others say against it; none reports evidence he gave."
EXPLANATION = "The claimant gave no evidence for it; what the files report calls the assertion unsubstantiated and disputed."


def run() -> None:
    """Copy the samples, match, record, export."""
    samples = find_workspace(start=Path(__file__).resolve().parent).root
    home = Path(tempfile.mkdtemp(prefix="workbench-demo-"))
    for name in ("claims", "evidence"):
        shutil.copytree(samples / name, home / name)
    shutil.copy(samples / "workbench.toml", home)
    with Desk.open(home) as desk, progress() as report:
        desk.sync_claims()
        desk.sync_evidence(progress=report)
        for case in desk.claims():
            best = desk.match(case.claim.id, k=1).hits
            say(
                f"{case.claim.headline}\n    {best[0].title}: {' '.join(best[0].text.split())[:160]} …"
                if best
                else f"{case.claim.headline}\n    nothing found"
            )
        claim = next(case.claim for case in desk.claims() if "fraud" in (case.claim.quote or ""))
        found = desk.match(claim.id)
        cited = found.hits[0].passage_id
        answer = AnswerDraft(kind="boolean", text="No", explanation=NO_EVIDENCE, passage_ids=(cited,))
        request = VerdictRequest(
            claim_id=claim.id,
            rating="not-enough-evidence",
            ground="claimant-gave-no-evidence",
            rationale="Recorded by the demonstration.",
            explanation=EXPLANATION,
            reviewer=Reviewer.self_declared("Demo"),
            cites=(Cite(passage_id=cited, stance="context"),),
            questions=(QuestionDraft(text=QUESTION, answers=(answer,)),),
            token=new_token(),
            receipt=found.receipt,
        )
        stored = desk.record(request)
        page = home / "report.html"
        page.write_bytes(desk.export("html", [claim.id]))
    rated = f"{public_label(stored.rating, stored.ground)} ({stored.rating.label})"
    say(f"\nRecorded {rated} on {claim.id} as revision {stored.revision}, {stored.hash[:12]}.\nThe report is {page}")


if __name__ == "__main__":
    run()
