"""The arithmetic of the speed table: spreads, ratios, targets, and whether one was reached. Pure."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Spread:
    """Least, median and most of a figure over the rounds."""

    least: float
    median: float
    most: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """The spread of one value per round; at least one."""
        return cls(min(values), statistics.median(values), max(values))


@dataclass(frozen=True)
class Ratio:
    """How many times as much the other needed: of the medians, and the least and most of single rounds."""

    of_medians: float
    least: float
    most: float

    @classmethod
    def of(cls, ours: Sequence[float], theirs: Sequence[float]) -> Ratio:
        """Theirs / ours of rounds run in turn: one value of each per round, all above 0."""
        pairs = [other / own for own, other in zip(ours, theirs, strict=True)]
        return cls(statistics.median(theirs) / statistics.median(ours), min(pairs), max(pairs))


@dataclass(frozen=True)
class Cost:
    """What one round of one side took, in seconds: by the clock, and of every processor by it and its children."""

    wall: float
    cpu: float


@dataclass(frozen=True)
class Target:
    """What a figure should reach. Source: the issue "Fast where it counts", with its machine idle."""

    value: float
    unit: str
    kind: Literal["at least", "at most"] = "at least"

    def met(self, reached: float) -> bool:
        """Whether a figure reaches it; exactly on it counts."""
        return reached >= self.value if self.kind == "at least" else reached <= self.value

    def __str__(self) -> str:
        return f"{self.kind} {shown(self.value, self.unit)}"


@dataclass(frozen=True)
class Line:
    """One line of the table. `reached` is what the target is held against; None where the line was skipped.

    wall, cpu: ours; their_wall, their_cpu: what stands `beside`; in `unit`. A comparison reaches the lower of its two ratios,
    so that neither a busy neighbour nor a second core can flatter it.
    """

    row: str
    what: str
    unit: str = ""
    reached: float | None = None
    wall: Spread | None = None
    cpu: Spread | None = None
    beside: str = ""
    their_wall: Spread | None = None
    their_cpu: Spread | None = None
    wall_ratio: Ratio | None = None
    cpu_ratio: Ratio | None = None
    target: Target | None = None
    note: str = ""

    @property
    def verdict(self) -> str:
        """pass, short, skipped, or nothing where no target was set."""
        if self.reached is None:
            return "skipped"
        if self.target is None:
            return ""
        return "pass" if self.target.met(self.reached) else "short"

    def as_json(self) -> dict[str, Any]:
        """Every field, and the verdict."""
        return {**asdict(self), "target": str(self.target) if self.target else None, "verdict": self.verdict}


def compared(
    row: str,
    what: str,
    beside: str,
    ours: Sequence[Cost],
    theirs: Sequence[Cost],
    *,
    unit: str = "s",
    target: Target | None = None,
    note: str = "",
) -> Line:
    """The line of two sides that did the same in turn: one cost of each per round, in `unit`."""
    (our_wall, our_cpu), (their_wall, their_cpu) = clocks(ours), clocks(theirs)
    wall, cpu = Ratio.of(our_wall, their_wall), Ratio.of(our_cpu, their_cpu)
    return Line(
        row=row,
        what=what,
        unit=unit,
        reached=min(wall.of_medians, cpu.of_medians),
        wall=Spread.of(our_wall),
        cpu=Spread.of(our_cpu),
        beside=beside,
        their_wall=Spread.of(their_wall),
        their_cpu=Spread.of(their_cpu),
        wall_ratio=wall,
        cpu_ratio=cpu,
        target=target,
        note=note,
    )


def timed(row: str, what: str, costs: Sequence[Cost], *, unit: str = "s", target: Target | None = None, note: str = "") -> Line:
    """The line of a time nobody stands beside. What is reached is processor time: it means most on a shared machine."""
    wall, cpu = map(Spread.of, clocks(costs))
    return Line(row=row, what=what, unit=unit, reached=cpu.median, wall=wall, cpu=cpu, target=target, note=note)


def clocks(costs: Sequence[Cost]) -> tuple[list[float], list[float]]:
    """(by the clock, of the processors), each a value per cost."""
    return [one.wall for one in costs], [one.cpu for one in costs]


def milliseconds(queries: Sequence[Mapping[str, float]], share: float) -> Cost:
    """The percentile of single times in seconds, each with `wall` and `cpu`, in milliseconds."""
    return Cost(*(1000 * percentile([one[clock] for one in queries], share) for clock in ("wall", "cpu")))


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0 to 1) of the values lie, between neighbours in proportion; at least one value."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def overlap(ours: Sequence[Sequence[int]], theirs: Sequence[Sequence[int]]) -> float:
    """The mean share of each of their lists that ours holds too."""
    return statistics.fmean(len(set(a) & set(b)) / len(b) for a, b in zip(ours, theirs, strict=True))


def shown(value: float, unit: str) -> str:
    """A figure as the table shows it: three digits that mean something, and its unit."""
    size = abs(value)
    digits = 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 1 or not size else 3 if size < 0.995 else 2
    gap = "" if unit in ("x", "") else " "
    return f"{value:.{digits}f}{gap}{unit}"
