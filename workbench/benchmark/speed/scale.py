"""Rows about size: a million passages, and one file more or less in a large workspace."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from workbench.benchmark.speed.figures import Cost, Line, Target, clocks, milliseconds, timed
from workbench.benchmark.speed.site import Site
from workbench.benchmark.speed.texts import PER_FILE, write_files

MILLION_QUERIES = 200
MILLION = "million"
CHANGE = "change"


def million(site: Site) -> Iterator[Line]:
    """Searches of a workspace with a million made-up passages: times, recall against brute force, memory."""
    plan = site.plan
    if not plan.million:
        yield Line(MILLION, "search of 1,000,000 passages", note="skipped: takes many minutes and about 10 GB; give --large")
        return
    same = {
        "workspace": str(site.workspace(MILLION)),
        "queries": MILLION_QUERIES,
        "seed": plan.seed,
        "texts": str(plan.texts.resolve()) if plan.texts else None,
        "made_up": plan.made_up,
    }
    site.tell(f"building {plan.million:,} passages")
    _, built = site.once(MILLION, "build", count=plan.million, **same)
    size = f"{plan.million:,} passages"
    yield timed(MILLION, f"build both indexes of {size}", [Cost(**built["built"])], note="made-up vectors, one round")
    with site.child(MILLION) as child:
        opened = child.ask("open", **same)
        child.ask("ask", mode="hybrid", half=False)  # the first round maps the files
        site.tell("searching them")
        asked = {
            (mode, half): child.ask("ask", mode=mode, half=half)
            for mode in ("hybrid", "dense", "lexical")
            for half in (False, True)
        }
    yield from _searches(asked, size, opened["vectors"])
    memory = max(one["resident_mb"] for one in asked.values()) / 1024
    note = "model, roster and mapped files included"
    yield Line(MILLION, "memory while searching", "GiB", memory, target=Target(2, "GiB", "at most"), note=note)


def _searches(asked: dict[tuple[str, bool], Any], size: str, kind: str) -> Iterator[Line]:
    for (mode, half), found in asked.items():
        filtered = ", half of them allowed" if half else ""
        for share in (0.5, 0.95):
            limit = Target(50, "ms", "at most") if (mode, share) == ("hybrid", 0.95) else None
            note = "the query's encoding included" if mode == "hybrid" else ""
            times = [milliseconds(found["queries"], share)]
            yield timed(MILLION, f"{mode} p{100 * share:.0f}{filtered}", times, unit="ms", target=limit, note=note)
        if mode == "dense":
            note = f"{MILLION_QUERIES} queries against brute force over {size}; {kind}"
            yield Line(MILLION, f"dense recall@10{filtered}", reached=found["recall"], target=Target(0.99, ""), note=note)


def change(site: Site) -> Iterator[Line]:
    """One file added to a large workspace until it is found, and removed until it is not, beyond what every start costs.

    That start is a process that opens a workspace of one file and asks the same question. Both have the made-up encoder.
    """
    plan = site.plan
    large, little = site.workspace("large"), site.workspace("little")
    files = site.home / "many"
    write_files(files, site.texts.passages(plan.changed))
    site.tell(f"a workspace of {plan.changed:,} passages with made-up vectors")
    _, filled = site.once("ours", "fill", workspace=str(large), folder=str(files), made_up=plan.seed)
    alone = _page(site, plan.rounds + 1)
    site.once("ours", "fill", workspace=str(little), folder=str(alone.parent), made_up=plan.seed)
    added, removed = _in_and_out(site, str(large), str(little))
    size = f"{filled['passages']:,} passages"
    beyond = "process minus the median process that asks the same of one file; made-up encoder"
    yield timed(CHANGE, f"fill a workspace of {size}", [Cost(filled["wall"], filled["cpu"])], note="made-up encoder, one round")
    seconds = Target(1, "s", "at most"), Target(0.5, "s", "at most")
    yield timed(CHANGE, f"add one file of {PER_FILE} to {size}", added, target=seconds[0], note=beyond)
    yield timed(CHANGE, "remove it again", removed, target=seconds[1], note=beyond)
    yield from _asking(site, str(large), size)


def _page(site: Site, number: int) -> Path:
    """A file of PER_FILE passages that no other file holds."""
    folder = site.home / f"page-{number}"
    write_files(folder, site.texts.passages(PER_FILE, skip=site.plan.changed + number * PER_FILE))
    file = folder / f"page-{number}.txt"
    next(folder.iterdir()).rename(file)
    return file


def _in_and_out(site: Site, large: str, little: str) -> tuple[list[Cost], list[Cost]]:
    """What adding and removing cost beyond the start, a file of its own in each round."""
    starts, adds, removals = [], [], []
    for number in range(site.plan.rounds):
        site.tell(f"one file in and out, round {number + 1} of {site.plan.rounds}")
        file = _page(site, number)
        seed = site.plan.seed
        finished, told = site.once("ours", "add_one", workspace=large, file=str(file), made_up=seed)
        gone, _ = site.once("ours", "remove_one", workspace=large, made_up=seed, **told)
        looked, _ = site.once("ours", "look", workspace=little, query=told["query"], made_up=seed)
        adds.append(finished.cost)
        removals.append(gone.cost)
        starts.append(looked.cost)
    return _beyond(adds, starts), _beyond(removals, starts)


def _beyond(costs: Sequence[Cost], starts: Sequence[Cost]) -> list[Cost]:
    """Each cost without the median start; not below nothing."""
    wall, cpu = map(statistics.median, clocks(starts))
    return [Cost(max(one.wall - wall, 0.0), max(one.cpu - cpu, 0.0)) for one in costs]


def _asking(site: Site, workspace: str, size: str) -> Iterator[Line]:
    asked = site.texts.asked(site.plan.queries)
    with site.child("ours") as ours:
        ours.ask("open", workspace=workspace, made_up=site.plan.seed)
        ours.ask("find", queries=asked)
        found = ours.ask("find", queries=asked)
    for share in (0.5, 0.95):
        times = [milliseconds(found["queries"], share)]
        yield timed(CHANGE, f"query p{100 * share:.0f} in {size}", times, unit="ms", note="receipt and lens included, no model")
