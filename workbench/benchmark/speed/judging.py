"""Rows about judging and drawing: verdicts saved, the Check page drawn again, clicks on every page of a large workspace."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from workbench.benchmark.speed.children import Finished
from workbench.benchmark.speed.figures import Cost, Line, Spread, Target, clocks, milliseconds, percentile, timed
from workbench.benchmark.speed.site import Site
from workbench.benchmark.speed.texts import write_files

RERUNS = 20
CLICKS = "clicks"
CLICK = Target(150, "ms", "at most")
EMPTY = {"passages": 100, "claims": 40, "verdicts": 4}  # a desk on its first day: every page has rows to draw


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


def clicks(site: Site) -> Iterator[Line]:
    """Every page clicked through in a large workspace and in one of the first day, in turn; what growing costs is the ratio."""
    plan = site.plan
    large = {"passages": 5 * plan.claims, "claims": plan.claims, "verdicts": plan.claims // 2}
    told = ", ".join(f"{count:,} {what}" for what, count in large.items())
    sizes = {name: _filled(site, name, **size) for name, size in (("first-day", EMPTY), ("grown", large))}
    times = {
        name: site.once(CLICKS, "pages", workspace=str(folder), seed=plan.seed, rounds=plan.rounds)[1]["clicks"]
        for name, folder in sizes.items()
    }
    note = f"AppTest, made-up encoder; {told}; beside {EMPTY['claims']} claims"
    for view, grown in times["grown"].items():
        at = {name: milliseconds(found[view], 0.95) for name, found in times.items()}
        yield timed(CLICKS, f"{view} page, click p95", [milliseconds(grown, 0.95)], unit="ms", target=CLICK, note=note)
        ratio = at["grown"].cpu / at["first-day"].cpu
        yield Line(CLICKS, f"{view} page, as long as on the first day", "x", ratio, note=note)


def _filled(site: Site, name: str, *, passages: int, claims: int, verdicts: int) -> Path:
    """A workspace with so much in it."""
    workspace, files = site.workspace(f"clicks-{name}"), site.home / f"clicks-files-{name}"
    site.tell(f"a workspace of {claims:,} claims")
    write_files(files, site.texts.passages(passages))
    site.once(CLICKS, "fill", workspace=str(workspace), files=str(files), seed=site.plan.seed, claims=claims, verdicts=verdicts)
    return workspace
