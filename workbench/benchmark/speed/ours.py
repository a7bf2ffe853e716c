"""Our side of the table, in a process of its own: `python -m workbench.benchmark.speed.ours`, asked as `rival.py` is.

What is measured here is the Desk, as pages and commands use it. Where the model would drown what is measured, the Desk is
opened with a made-up encoder, in the open: the commands themselves have no such door.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from workbench.benchmark.speed.rival import answer, stopwatch
from workbench.benchmark.speed.texts import MadeUpEncoder
from workbench.desk import Desk, new_token
from workbench.encoders import Encoder
from workbench.errors import WorkbenchError
from workbench.models import OPERATOR, Cite, Claim, Reviewer, VerdictRequest

REVIEWER = Reviewer.self_declared("Bench")
CLAIMS = 50


class Program:
    """The requests of one process, by name; the Desk stays open between them."""

    def open(self, workspace: str, made_up: int | None = None) -> dict[str, Any]:
        """Open a workspace, its model loaded; `made_up`: the seed of the encoder that takes the model's place."""
        self.desk = Desk.open(workspace, encoder=encoder_of(made_up))
        self.desk.encoder().encode(["The first sentence loads the model."], query=True)
        return {"fingerprint": self.desk.encoder().fingerprint}

    # encoding and asking -------------------------------------------------------------------------------------------

    def encode(self, texts: str, keep: str | None = None) -> dict[str, Any]:
        """Encode the texts of a JSON file; `keep`: where the rows go as .npy."""
        wanted = json.loads(Path(texts).read_text(encoding="utf-8"))
        encoder = self.desk.encoder()
        with stopwatch() as taken:
            rows = encoder.encode(wanted)
        if keep is not None:
            np.save(keep, rows, allow_pickle=False)
        return taken

    def find(self, queries: list[str]) -> dict[str, Any]:
        """Ask one by one: seconds of each, by the clock and of the processors."""
        rows = []
        for query in queries:
            with stopwatch() as taken:
                found = self.desk.find(query).hits
            if not found:
                raise SystemExit(f"nothing found for {query!r}")
            rows.append(taken)
        return {"queries": rows, "resident_mb": resident_mb()}

    # evidence in and out -------------------------------------------------------------------------------------------

    def fill(self, workspace: str, folder: str, made_up: int | None = None) -> dict[str, Any]:
        """Take in a folder; how many passages there are now."""
        with Desk.open(workspace, encoder=encoder_of(made_up)) as desk, stopwatch() as taken:
            report = desk.add_evidence([Path(folder)])
        if report.failed:
            raise SystemExit(f"{report.failed[0].path}: {report.failed[0].message}")
        return {**taken, "passages": sum(line.passages for line in report.added)}

    def pieces(self, workspace: str, to: str) -> dict[str, Any]:
        """Write the text of every passage into a JSON file."""
        with Desk.open(workspace, encoder=encoder_of(0)) as desk:
            texts = [passage.text for entry in desk.library() for passage in desk.passages(entry.source_id)]
        Path(to).write_text(json.dumps(texts), encoding="utf-8")
        return {"passages": len(texts)}

    def look(self, workspace: str, query: str, made_up: int) -> dict[str, Any]:
        """Open, ask once, close: the start every process has, whatever it then does."""
        with Desk.open(workspace, encoder=encoder_of(made_up)) as desk:
            return {"hits": len(desk.find(query).hits)}

    def add_one(self, workspace: str, file: str, made_up: int) -> dict[str, Any]:
        """Add a file and find it by the words of its first passage: only they have its made-up vector."""
        with Desk.open(workspace, encoder=encoder_of(made_up)) as desk:
            added = desk.add_evidence([Path(file)]).added
            source_id = added[0].source_id if added else ""
            query = desk.passages(source_id)[0].text if added else file
            found = [hit.source_id for hit in desk.find(query).hits]
        if source_id not in found:
            raise SystemExit(f"{Path(file).name} was added and is not found")
        return {"source_id": source_id, "query": query}

    def remove_one(self, workspace: str, source_id: str, query: str, made_up: int) -> dict[str, Any]:
        """Remove a source and ask for it again."""
        with Desk.open(workspace, encoder=encoder_of(made_up)) as desk:
            desk.remove_source(source_id, actor=OPERATOR)
            found = [hit.source_id for hit in desk.find(query).hits]
        if source_id in found:
            raise SystemExit(f"{source_id[:12]} was removed and is still found")
        return {}

    # standing claims -------------------------------------------------------------------------------------------------

    def decide(self, workspace: str, statements: str) -> dict[str, Any]:
        """A decided claim of each statement of a JSON file, each citing a passage of its own as far as they go."""
        wanted = json.loads(Path(statements).read_text(encoding="utf-8"))
        with Desk.open(workspace, encoder=encoder_of(0)) as desk:
            cited = [passage.passage_id for entry in desk.library() for passage in desk.passages(entry.source_id)]
            claims = [Claim(id=f"bench-{at:05d}", statement=statement) for at, statement in enumerate(wanted)]
            desk.cases.add(claims, actor=OPERATOR)
            for at, claim in enumerate(claims):
                cite = Cite(passage_id=cited[at % len(cited)], stance="context")
                desk.record(_verdict(claim.id).model_copy(update={"cites": (cite,)}))
        return {}

    def watch(self, workspace: str, folder: str) -> dict[str, Any]:
        """Take a folder in; what that took, and what of it the look at citations and decided claims took."""
        with Desk.open(workspace) as desk:
            desk.encoder().encode(["The first sentence loads the model."])
            looks: list[dict[str, float]] = []
            with _watched(desk, looks), stopwatch() as taken:
                desk.add_evidence([Path(folder)])
            found = len(desk.freshness.waiting().new_evidence)
        looked = {clock: sum(one[clock] for one in looks) for clock in ("wall", "cpu")}
        return {"looked": looked, "intake": {clock: taken[clock] - looked[clock] for clock in looked}, "found": found}

    # judging and drawing -------------------------------------------------------------------------------------------

    def add_claims(self, workspace: str, statement: str) -> dict[str, Any]:
        """Claims to judge; their ids."""
        ids = [f"bench-{number:03d}" for number in range(CLAIMS)]
        with Desk.open(workspace, encoder=encoder_of(0)) as desk:
            for number, one in enumerate(ids):
                desk.add_claim(Claim.model_validate({"id": one, "statement": f"{statement} ({number})"}), actor=OPERATOR)
        return {"claims": ids}

    def save(self, claims: list[str], count: int) -> dict[str, Any]:
        """Record `count` verdicts, the claims in turn."""
        requests = [_verdict(claims[at % len(claims)]) for at in range(count)]
        with stopwatch() as taken:
            for request in requests:
                self.desk.record(request)
        return taken

    def pages(self, workspace: str, claim: str, reruns: int) -> dict[str, Any]:
        """The Check page of a claim drawn for the first time, then again: seconds of each. No browser is involved."""
        os.environ["WORKBENCH_WORKSPACE"] = workspace
        from streamlit.testing.v1 import AppTest

        from workbench.ui import session
        from workbench.ui.app import MAIN_PAGE

        self.open(workspace)
        self.desk.readiness.warm_up()
        session.use_desk(self.desk)
        page = AppTest.from_file(MAIN_PAGE, default_timeout=120)
        page.session_state["reviewer"] = REVIEWER.display_name
        page.switch_page("views/check.py")
        page.query_params["claim"] = claim
        times = []
        for _ in range(reruns + 1):
            with stopwatch() as taken:
                page.run()
            if page.exception:
                raise SystemExit(f"the page failed: {page.exception[0].message}")
            times.append(taken)
        return {"first": times[0], "reruns": times[1:]}


@contextmanager
def _watched(desk: Desk, looks: list[dict[str, float]]) -> Iterator[None]:
    """Add to `looks` what each look of the desk at citations and decided claims takes, inside the intake that asks for it."""
    areas = (desk.freshness, desk.standing)

    def watched(look: Callable[[], None]) -> Callable[[], None]:
        def timed() -> None:
            with stopwatch() as taken:
                look()
            looks.append(taken)

        return timed

    for area in areas:
        vars(area)["renew"] = watched(area.renew)
    yield
    for area in areas:
        del vars(area)["renew"]


def resident_mb() -> float:
    """Memory this process holds now, mapped files included; its peak where the system does not tell the present."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak / (2**20 if sys.platform == "darwin" else 2**10)
    return pages * resource.getpagesize() / 2**20


def encoder_of(made_up: int | None) -> Callable[[], Encoder] | None:
    """What `Desk.open` takes: a made-up encoder of that seed, else None for the one of the settings."""
    return None if made_up is None else lambda: MadeUpEncoder.of_seed(made_up)


def _verdict(claim: str) -> VerdictRequest:
    return VerdictRequest(
        claim_id=claim,
        rating="not-enough-evidence",
        rationale="Nothing in the files bears on it either way; recorded to see how long that takes.",
        reviewer=REVIEWER,
        token=new_token(),
    )


if __name__ == "__main__":
    try:
        answer(Program())
    except WorkbenchError as error:
        sys.exit(f"{error.message} {error.hint}")
