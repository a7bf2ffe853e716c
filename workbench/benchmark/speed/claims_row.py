"""The row about very many claims: imported in flat memory, there at once in a new process, listed without a wait."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.benchmark.speed.figures import Cost, Line, Target, milliseconds, timed
from workbench.benchmark.speed.site import Site

ROW = "claims"
PROGRAM = "many_claims"
QUESTIONS = 20  # each asked so often in a round
PAGE = Target(200, "ms", "at most")
START = Target(5, "s", "at most")
FLAT = Target(1.25, "x", "at most")  # memory that four times the file takes


def claims(site: Site) -> Iterator[Line]:
    """`plan.many_claims` made-up claims and a quarter of them, each imported by a process of its own; then they are asked."""
    many, seed = site.plan.many_claims, site.plan.seed
    few, workspace = many // 4, site.workspace("claims-many")
    told = {}
    for count, folder in ((few, site.workspace("claims-few")), (many, workspace)):
        site.tell(f"{count:,} claims are imported")
        file = str(site.home / f"claims-{count}.jsonl")
        site.once(PROGRAM, "make", file=file, count=count, seed=seed)
        told[count] = site.once(PROGRAM, "take", workspace=str(folder), file=file, seed=seed)[1]
    note = f"{many:,} claims in one file of lines"
    yield timed(ROW, "look what a file would add", [Cost(**told[many]["planned"])], note=note)
    yield timed(ROW, "store it", [Cost(**told[many]["stored"])], note="one transaction, read back; claims/ written")
    grown = told[many]["most"] / told[few]["most"]
    sizes = f"{told[many]['most']:,.0f} MB at most, {told[few]['most']:,.0f} MB for a quarter of the file"
    yield Line(ROW, "memory of four times the file", "x", grown, target=FLAT, note=sizes)
    site.tell("the claims are indexed")
    _, kept = site.once(PROGRAM, "index", workspace=str(workspace), seed=seed)
    yield timed(
        ROW, "a process without the register folds them", [Cost(**kept["folded"])], note=f"{kept['most']:,.0f} MB at most"
    )
    site.tell("the claims are asked")
    _, asked = site.once(PROGRAM, "ask", workspace=str(workspace), seed=seed, rounds=QUESTIONS * site.plan.rounds)
    yield timed(ROW, "a later process knows them", [Cost(**asked["began"])], target=START, note=f"{asked['memory']:,.0f} MB")
    for what, times in asked["times"].items():
        first = milliseconds(times[:1], 0.5)
        limit = None if what.startswith("exact") else PAGE
        note = f"the first one {first.cpu:,.0f} ms of the processor"
        yield timed(ROW, f"{what}, p95", [milliseconds(times[1:] or times, 0.95)], unit="ms", target=limit, note=note)
