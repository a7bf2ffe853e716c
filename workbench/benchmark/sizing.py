"""python -m workbench.benchmark.sizing: what a million, a hundred million and a billion passages need: docs/scaling.md.

What lives here: the figures everything is worked out from, each with where it is from, and a small simulation of a long
encoding run on nodes that fail. What does not: measuring (speed/). A test holds the tables of the page to what this prints.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

SIZES = {"1 million": 1_000_000, "100 million": 100_000_000, "1 billion": 1_000_000_000}
DIMENSION = 384  # of the packaged model

# Measured here: docs/speed.md, and the 4,106 passages of politihop, of 419 bytes each.
PER_CORE = 39.0  # passages per processor second, 204,384 real ones, reading and cutting included; AVX2 without bf16
RESIDENT = 1_028  # bytes per passage while the embedded engine searches a million: 1,028 MB
CATALOG = 2_840  # bytes per passage in catalog.sqlite: the text twice (source and passage), the vector, keys, what stands twice
INDEXES = 1_119 + 56  # bytes per passage of both embedded indexes, and its codes from 100,000 passages on
TERMS = 367  # bytes per passage as Milvus keeps its terms, stems with blanks between
POSTINGS = 53 * 8  # bytes: 53 different terms of a passage, each an id and a count in the sparse index
# Counted: the arrays of a roster (catalog/roster.py), and its second order.
ROSTER = 16 + 12 + 16
# Stated by others.
GPU = 14_200.0 / 5  # sbert.net: 14,200 sentences/s on a V100; a passage has about five sentences' tokens
EDGES = 16 * 8  # bytes per vector of an HNSW graph with M = 16 (sizing pages of Tencent Cloud and ScyllaDB: M x 8, M x 16)
SPARE = 1.2  # the same pages: a fifth more than the index itself
# Supposed.
NODE_GB, NODE_CORES = 64, 16
USABLE = 0.7  # of a node's memory, for what is not the system, the server and growing segments
CORES, GPUS = (16, 256), (1, 8)
LOST_EVERY = 50.0  # node hours between two losses of a node: interruptible machines
AWAY = 0.25  # hours until another node stands in for it
BATCH = 1_000  # passages of a batch: 32 files of some 30
UNDER_WAY = 2  # batches of each CPU that a lost node takes with it
SEED = 20261126


@dataclass(frozen=True)
class VectorType:
    """One way to keep vectors. bytes: of one vector in memory, the graph or the lists included."""

    name: str
    bytes: float


TYPES = (
    VectorType("float32, HNSW", DIMENSION * 4 + EDGES),
    VectorType("float16, HNSW", DIMENSION * 2 + EDGES),
    VectorType("SQ8 (one byte a number), HNSW", DIMENSION + EDGES),
    VectorType("RaBitQ (one bit a number), IVF", DIMENSION / 8 + 8),
)


def memory() -> Iterator[list[str]]:
    """GB of memory for one copy of the vectors, and nodes that hold it with the index of words, by vector type."""
    yield ["vectors as", *(f"{size}: GB, nodes" for size in SIZES)]
    for kind in TYPES:
        yield [kind.name, *(f"{_gb(count * kind.bytes * SPARE)}, {nodes(kind, count)}" for count in SIZES.values())]


def nodes(kind: VectorType, passages: int) -> int:
    """Query nodes of NODE_GB for one copy of vectors and words."""
    needed = passages * (kind.bytes + POSTINGS) * SPARE / 1e9
    return max(1, int(np.ceil(needed / (NODE_GB * USABLE))))


def disks() -> Iterator[list[str]]:
    """GB that have to lie somewhere."""
    yield ["what lies where", *SIZES]
    rows = {
        "embedded engine: memory while searching": RESIDENT,
        "embedded engine: `.workbench` on disk": CATALOG + INDEXES,
        "Milvus: object store (float32 vectors, terms, ids)": DIMENSION * 4 + TERMS + 40,
        "Milvus: the catalog of each app server, on disk": CATALOG,
        "Milvus: the roster of each app server, in memory": ROSTER,
    }
    for what, each in rows.items():
        yield [what, *(_gb(count * each) for count in SIZES.values())]


def encoding() -> Iterator[list[str]]:
    """Hours to encode everything once."""
    yield ["encoded by", *SIZES]
    for cores in CORES:
        yield [f"{cores} cores", *(_hours(count / (PER_CORE * cores) / 3600) for count in SIZES.values())]
    for gpus in GPUS:
        yield [f"{gpus} GPU{'s' * (gpus > 1)}", *(_hours(count / (GPU * gpus) / 3600) for count in SIZES.values())]


def losses() -> Iterator[list[str]]:
    """The same on 256 cores whose nodes fail: simulated hours, nodes lost, and what was worked twice."""
    yield ["256 cores, a node lost every 50 node hours", *SIZES]
    runs = [simulated(count) for count in SIZES.values()]
    yield ["hours", *(_hours(run.hours) for run in runs)]
    yield ["nodes lost", *(str(run.lost) for run in runs)]
    yield ["passages encoded twice", *(f"{run.again:,} ({run.again / count:.3%})" for run, count in _with(runs))]


@dataclass(frozen=True)
class LongRun:
    """How a simulated run went. again: passages whose batch was under way on a node that was lost."""

    hours: float
    lost: int
    again: int


def simulated(passages: int) -> LongRun:
    """A run of 256 cores, minute by minute, in which nodes fail at random and are stood in for; the same at every call."""
    draw = np.random.default_rng(SEED)
    machines = CORES[-1] // NODE_CORES
    back = np.zeros(machines)  # when each node works again, in hours
    hours, left, lost, again = 0.0, float(passages), 0, 0
    step = 1 / 60
    while left > 0:
        working = back <= hours
        fails = working & (draw.random(machines) < step / LOST_EVERY)
        back[fails] = hours + AWAY
        count = int(fails.sum())
        taken = int(draw.integers(0, UNDER_WAY * BATCH * NODE_CORES, size=count).sum())
        lost, again = lost + count, again + taken
        done = PER_CORE * NODE_CORES * 3600 * step * int(working.sum()) - taken
        hours += step * (min(1.0, left / done) if done > 0 else 1.0)
        left -= done
    return LongRun(hours, lost, again)


def drivers() -> Iterator[list[str]]:
    """What is paid for, in units that every provider has a price for."""
    yield ["paid for", *SIZES]
    counts = SIZES.values()
    yield ["encoding once: core hours", *(f"{count / PER_CORE / 3600:,.0f}" for count in counts)]
    yield ["or GPU hours", *(_hours(count / GPU / 3600) for count in counts)]
    yield ["query nodes, SQ8, two copies: node months a month", *(str(2 * nodes(TYPES[2], count)) for count in counts)]
    yield ["query nodes, RaBitQ, two copies: node months a month", *(str(2 * nodes(TYPES[3], count)) for count in counts)]
    yield ["object store: GB months a month", *(_gb(count * (DIMENSION * 4 + TERMS + 40)) for count in counts)]


def tables() -> str:
    """All of them as Markdown, in the order of the page."""
    made = (memory, disks, encoding, losses, drivers)
    return "\n\n".join(_markdown(list(one())) for one in made) + "\n"


def _with(runs: list[LongRun]) -> Iterator[tuple[LongRun, int]]:
    yield from zip(runs, SIZES.values(), strict=True)


def _gb(amount: float) -> str:
    gb = amount / 1e9
    return f"{gb:,.0f} GB" if gb >= 10 else f"{gb:.1f} GB"


def _hours(hours: float) -> str:
    if hours < 1:
        return f"{60 * hours:.0f} min"
    return f"{hours:.1f} h" if hours < 48 else f"{hours / 24:,.1f} days"


def _markdown(rows: list[list[str]]) -> str:
    head, *rest = rows
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, ["---"] * len(head), *rest])


if __name__ == "__main__":
    sys.stdout.write(tables())
