"""`workbench bench`: the rows in turn, and the one document of a run.

What lives here: which rows there are, their order, and what is said around them. What does not: how each is measured.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from workbench.benchmark.speed import claims_row, finding, judging, scale, standing
from workbench.benchmark.speed.children import ChildFailed
from workbench.benchmark.speed.figures import Line
from workbench.benchmark.speed.machine import describe_machine, load_average
from workbench.benchmark.speed.site import Plan, Site, Tell
from workbench.errors import UsageError

ROWS: dict[str, Callable[[Site], Iterator[Line]]] = {
    "encoding": finding.encoding,
    "intake": finding.intake,
    "start": finding.start,
    "queries": finding.queries,
    "million": scale.million,
    "change": scale.change,
    "saves": judging.saves,
    "standing": standing.standing,
    "claims": claims_row.claims,
    "pages": judging.pages,
    "clicks": judging.clicks,
}


def chosen_rows(names: str | None) -> list[str]:
    """The rows a comma-separated list names, in the order of the table; all of them where none is given. Raises: UsageError."""
    if names is None:
        return list(ROWS)
    wanted = {name.strip() for name in names.split(",") if name.strip()}
    unknown = sorted(wanted - ROWS.keys())
    if unknown or not wanted:
        said = f"There is no row {unknown[0]!r}." if unknown else "--rows names no row."
        raise UsageError(said, hint=f"The rows are: {', '.join(ROWS)}.", code="unknown_row")
    return [name for name in ROWS if name in wanted]


def bench(plan: Plan, rows: Sequence[str], *, tell: Tell) -> dict[str, Any]:
    """Measure the rows; the document `workbench bench --json` prints, its `lines` as `figures.Line`.

    Works in a folder that goes away again, with every process it started. tell: a sentence on what is being done now.
    A row whose process fails is listed under `failed`, and the others go on. Raises: UsageError, ModelError, `bad_benchmark`.
    """
    began, load = datetime.now(UTC), load_average()
    with tempfile.TemporaryDirectory(prefix="workbench-bench-", ignore_cleanup_errors=True) as name:
        site = Site(plan, Path(name).resolve(), tell)
        lines, failed = _measured(site, rows)
        peers = site.rival_versions() if plan.peers else {}
    return {
        "began": began.isoformat(timespec="seconds"),
        "machine": describe_machine(),
        "load_before": load,
        "load_after": load_average(),
        "peers": peers,
        "passages": plan.passages,
        "changed": plan.changed,
        "million": plan.million,
        "rounds": plan.rounds,
        "seed": plan.seed,
        "texts": str(plan.texts) if plan.texts else "made up",
        "lines": lines,
        "failed": failed,
    }


def _measured(site: Site, rows: Sequence[str]) -> tuple[list[Line], list[dict[str, str]]]:
    """The lines of every row, and the rows that ended early, each with its error."""
    lines: list[Line] = []
    failed = []
    for row in rows:
        try:
            lines.extend(ROWS[row](site))
        except ChildFailed as error:
            failed.append({"row": row, **error.as_json()})
    return lines, failed
