"""Rows about judging and drawing: verdicts saved, and the Check page drawn again."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from workbench.benchmark.speed.children import Finished
from workbench.benchmark.speed.figures import Cost, Line, Spread, Target, clocks, milliseconds, percentile, timed
from workbench.benchmark.speed.site import Site

RERUNS = 20


def saves(site: Site) -> Iterator[Line]:
    """Verdicts saved in a loop, each committed and read back, and `verdict record` as a whole process."""
    workspace = site.workspace("saves")
    _, told = site.once("ours", "add_claims", workspace=str(workspace), statement=site.texts.asked(1)[0])
    rounds = []
    with site.child("ours") as ours:
        ours.ask("open", workspace=str(workspace), made_up=site.plan.seed)
        for number in range(site.plan.rounds):
            site.tell(f"verdicts, round {number + 1} of {site.plan.rounds}")
            rounds.append(Cost(**ours.ask("save", claims=told["claims"], count=site.plan.saves)))
    wall, cpu = (Spread.of([site.plan.saves / taken for taken in clock]) for clock in clocks(rounds))
    note = f"{site.plan.saves} a round on {len(told['claims'])} claims, one after the other, each committed and read back"
    yield Line("saves", "verdicts saved", "per s", wall.median, wall=wall, cpu=cpu, note=note)
    costs = [_record(site, told["claims"][number], workspace).cost for number in range(-1, site.plan.records)][1:]
    for share in (0.5, 0.95):
        at = Cost(*(percentile(clock, share) for clock in clocks(costs)))
        limit = Target(1, "s", "at most") if share == 0.5 else None
        yield timed(
            "saves", f"`verdict record`, p{100 * share:.0f}", [at], target=limit, note=f"{site.plan.records} whole processes"
        )


def _record(site: Site, claim: str, workspace: Path) -> Finished:
    rating = ("--rating", "not-enough-evidence", "--rationale", "Recorded to see how long it takes.", "--reviewer", "Bench")
    return site.command("verdict", "record", claim, *rating, "--json", workspace=workspace)


def pages(site: Site) -> Iterator[Line]:
    """The Check page by Streamlit's AppTest, in a copy of the small workspace with a claim: no browser, no network."""
    workspace = site.home / "pages"
    shutil.copytree(site.small, workspace)
    site.tell("the Check page")
    _, told = site.once("ours", "add_claims", workspace=str(workspace), statement=site.texts.asked(1)[0])
    _, drawn = site.once("ours", "pages", workspace=str(workspace), claim=told["claims"][0], reruns=RERUNS)
    note = f"AppTest, a claim and 40 passages; {RERUNS} reruns"
    yield timed("pages", "Check page, first run", [milliseconds([drawn["first"]], 0.5)], unit="ms", note=note)
    for share in (0.5, 0.95):
        times = [milliseconds(drawn["reruns"], share)]
        yield timed("pages", f"Check page, rerun p{100 * share:.0f}", times, unit="ms", note=note)
