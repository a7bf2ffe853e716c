"""Rows about the model and finding: encoding, files to searchable, process start to first hit, queries one by one."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.benchmark.speed.children import Child, ChildFailed
from workbench.benchmark.speed.figures import Cost, Line, Spread, Target, compared, milliseconds, overlap
from workbench.benchmark.speed.site import Site

ASKED = 64  # queries whose ten nearest are compared
TOP = 10
LONG_ROUNDS = 2  # of whole intakes: each takes most of a minute
GEMM_KINDS = ("numpy fp32", "torch fp32", "torch bf16")
INTAKE_TARGETS = {"plain": 2.5, "txtai": 4.0, "chromadb": 2.9}
ENCODE = "sentence-transformers encode()"
NAMES = {"plain": "sentence-transformers + FAISS", "txtai": "txtai hybrid", "chromadb": "chromadb"}


def encoding(site: Site) -> Iterator[Line]:
    """Passages to vectors against sentence-transformers' encode(), how alike they are, and how near the machine's limit."""
    row, count = "encoding", min(site.plan.encoded, site.plan.passages)
    texts, queries = site.kept("encoded", list(site.texts.passages(count))), site.kept("asked", site.texts.asked(ASKED))
    warm = site.kept("warm", list(site.texts.passages(16)))
    with site.child("ours") as ours, site.child("plain") as plain:
        runtime = ours.ask("open", workspace=str(site.workspace("encoding")))["fingerprint"]
        plain.ask("load", rival="plain", model=site.model)
        sides = {"ours": ours, "plain": plain}
        for child in sides.values():
            child.ask("encode", texts=warm)
        costs: dict[str, list[Cost]] = {name: [] for name in sides}
        for number in range(site.plan.rounds):
            site.tell(f"encoding, round {number + 1} of {site.plan.rounds}")
            for name, child in sides.items():
                costs[name].append(Cost(**child.ask("encode", texts=texts, keep=_npy(site, name, "texts"))))
        for name, child in sides.items():
            child.ask("encode", texts=queries, keep=_npy(site, name, "asked"))
        note = f"{count} passages; ours is {runtime}"
        yield compared(
            row, f"encode {count} passages", ENCODE, costs["ours"], costs["plain"], target=Target(3.5, "x"), note=note
        )
        yield from _alike(site, row)
        yield from _ceiling(site, row, plain, texts, count, costs)


def _npy(site: Site, name: str, what: str) -> str:
    return str(site.home / f"{name}-{what}.npy")


def _alike(site: Site, row: str) -> Iterator[Line]:
    """How alike the two sides' vectors are: the ten nearest of each query by their own vectors, and the mean cosine."""
    names = ("ours", "plain")
    texts, asked = ({one: np.load(_npy(site, one, what), allow_pickle=False) for one in names} for what in ("texts", "asked"))
    found = {name: _nearest(asked[name], texts[name]) for name in texts}
    cosine = float((texts["ours"] * texts["plain"]).sum(axis=1).mean())
    note = f"{ASKED} queries, each side by its own vectors"
    share = overlap(found["ours"], found["plain"])
    yield Line(row, "top-10 overlap with it", reached=share, beside=ENCODE, target=Target(0.99, ""), note=note)
    yield Line(row, "mean cosine with it", reached=cosine, beside=ENCODE)


def _nearest(asked: NDArray[np.float32], texts: NDArray[np.float32]) -> list[list[int]]:
    found: list[list[int]] = np.argsort(-(asked @ texts.T), axis=1, kind="stable")[:, :TOP].tolist()
    return found


def _ceiling(site: Site, row: str, plain: Child, texts: str, count: int, costs: dict[str, list[Cost]]) -> Iterator[Line]:
    """What the machine's matrix product would allow if all time went into it, and the share of it that each side reaches."""
    work = statistics.fmean(passage_flops(plain.ask("shape", texts=texts))) / 1e9
    rate = {name: count / statistics.median(one.cpu for one in rounds) for name, rounds in costs.items()}
    for kind in GEMM_KINDS:
        site.tell(f"matrix product, {kind}")
        speed = Spread.of([plain.ask("gemm", kind=kind)["gflops"] for _ in range(site.plan.rounds)])
        reached = f"ours reached {rate['ours']:.1f}, the other {rate['plain']:.1f}"
        note = f"{speed.median / work:.1f} passages per processor second possible; {reached}"
        yield Line(row, f"GEMM, {kind}", unit="GFLOP/s a core", reached=speed.median, wall=speed, note=note)


def passage_flops(shape: dict[str, Any]) -> list[float]:
    """Floating point operations of each text of a BERT: the linear layers, and attention over its own length.

    shape: layers, hidden, inner, and `pieces`, the number of word pieces of each text.
    """
    layers, hidden, inner = shape["layers"], shape["hidden"], shape["inner"]
    linear = layers * 2 * (4 * hidden * hidden + 2 * hidden * inner)
    return [pieces * (linear + layers * 4 * hidden * pieces) for pieces in shape["pieces"]]


def intake(site: Site) -> Iterator[Line]:
    """Text files to searchable, the whole process, against rivals that are given the cut texts in one file."""
    row, rounds = "intake", min(site.plan.rounds, LONG_ROUNDS)
    _ = site.small  # the model is made ready outside the clock
    site.once("plain", "first_vector", model=site.model, query="A first sentence.")
    costs: dict[str, list[Cost]] = {"ours": [], **{name: [] for name in site.rivals}}
    for number in range(rounds):
        for name in ("ours", *site.rivals):
            site.tell(f"intake, round {number + 1} of {rounds}: {name}")
            with site.may_fail(name):
                costs[name].append(fill(site, name))
    pieces, words = len(site.pieces), round(statistics.fmean(len(one.split()) for one in site.pieces))
    what = f"{pieces} passages searchable"
    for name in site.rivals:
        target = Target(INTAKE_TARGETS[name], "x")
        speed = f"{pieces / statistics.median(one.wall for one in costs['ours']):.0f} passages/s of {words} words"
        yield compared(row, what, NAMES[name], costs["ours"], costs[name], target=target, note=speed)
    yield from _absent(site, row, what, INTAKE_TARGETS)


def fill(site: Site, who: str) -> Cost:
    """One whole process from files to a kept index, for a rival from our passages: ours is filled first. The store stays."""
    if who == "ours":
        workspace = site.workspace("store-ours")
        finished = site.command("evidence", "add", str(site.evidence), "--json", workspace=workspace)
    else:
        texts, folder = site.kept("pieces", site.pieces), site.folder(f"store-{who}")
        finished, _ = site.once(who, "fill", rival=who, model=site.model, texts=texts, folder=str(folder))
    site.filled.add(who)
    return finished.cost


def start(site: Site) -> Iterator[Line]:
    """A fresh process to the first hit, against importing sentence-transformers and encoding one query."""
    query, ours, theirs = site.texts.asked(1)[0], [], []
    for number in range(-1, site.plan.rounds):
        site.tell(f"cold start, round {number + 1} of {site.plan.rounds}" if number >= 0 else "cold start, warming up")
        finished = site.command("search", query, "--json", workspace=site.small)
        if not json.loads(finished.out)["hits"]:
            raise ChildFailed("The search found nothing in a workspace of one file.", hint="Report this.")
        other, _ = site.once("plain", "first_vector", model=site.model, query=query)
        if number >= 0:  # the round before the first fills the system's file cache
            ours.append(finished.cost)
            theirs.append(other.cost)
    note = "`workbench search` in a workspace of 40 passages"
    yield compared("start", "process start to first hit", "one query encoded", ours, theirs, target=Target(6, "x"), note=note)


def queries(site: Site) -> Iterator[Line]:
    """Queries one by one in an open store: hybrid with receipt and lens, against each rival's own search."""
    row = "queries"
    _ = site.small
    for who in ("ours", *site.rivals):
        if who not in site.filled:
            site.tell(f"a store to ask: {who}")
            with site.may_fail(who):
                fill(site, who)
    size = len(site.pieces)
    mine, theirs = _ask_in_turn(site)
    for name in site.rivals:
        for share in (0.5, 0.95):
            costs = [[milliseconds(one, share) for one in rounds] for rounds in (mine, theirs[name])]
            what = f"query p{100 * share:.0f}, {size} passages"
            yield compared(row, what, NAMES[name], *costs, unit="ms", note=f"{site.plan.queries} queries a round")
    yield from _absent(site, row, f"query, {size} passages", {})


Rounds = list[list[dict[str, float]]]


def _ask_in_turn(site: Site) -> tuple[Rounds, dict[str, Rounds]]:
    """(ours, each rival's) seconds of single queries by round; every rival is asked beside us in a process of its own."""
    asked = site.texts.asked(site.plan.queries * (site.plan.rounds + 1))
    parts = [asked[start : start + site.plan.queries] for start in range(0, len(asked), site.plan.queries)]
    mine: Rounds = []
    theirs: dict[str, Rounds] = {name: [] for name in site.rivals}
    with site.child("ours") as ours:
        ours.ask("open", workspace=str(site.home / "store-ours"))
        ours.ask("find", queries=parts[-1])
        with _opened(site) as others:
            for number, part in enumerate(parts[:-1]):
                site.tell(f"queries, round {number + 1} of {site.plan.rounds}")
                mine.append(ours.ask("find", queries=part)["queries"])
                for name in site.rivals:
                    with site.may_fail(name):
                        theirs[name].append(others[name].ask("find", queries=part)["queries"])
    return mine, theirs


@contextmanager
def _opened(site: Site) -> Iterator[dict[str, Child]]:
    """Every rival with its model loaded, its store open and a few questions behind it."""
    with ExitStack() as stack:
        children = {name: stack.enter_context(site.child(name)) for name in site.rivals}
        for name, child in children.items():
            with site.may_fail(name):
                child.ask("load", rival=name, model=site.model)
                child.ask("open", folder=str(site.home / f"store-{name}"))
                child.ask("find", queries=site.texts.asked(5))
        yield children


def _absent(site: Site, row: str, what: str, targets: Mapping[str, float]) -> Iterator[Line]:
    """A line for every peer that could not take part, with the reason."""
    for name, reason in site.absent().items():
        target = Target(targets[name], "x") if name in targets else None
        yield Line(row, what, beside=NAMES[name], target=target, note=f"skipped: {reason}")
