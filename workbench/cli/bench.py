"""`workbench bench`: speed beside other tools, in one run, as ratios."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cli.console import JsonOption, print_json, say, stderr, table
from workbench.errors import UsageError

if TYPE_CHECKING:
    from workbench.benchmark.speed.figures import Line, Spread

SIZES = {False: (20_000, 0), True: (200_000, 1_000_000)}  # by --large: passages of the rows change and million


def bench(
    peers: Annotated[bool, typer.Option("--peers", help="Also txtai and chromadb, where they are installed.")] = False,
    passages: Annotated[int, typer.Option(min=20, help="Passages in the folder that is taken in.")] = 600,
    rows: Annotated[str | None, typer.Option(help="Only these rows, comma-separated.", show_default=False)] = None,
    large: Annotated[bool, typer.Option("--large", help="Also a million passages, and changes in 200,000: long.")] = False,
    size: Annotated[
        int | None, typer.Option(min=20, help="Passages of the workspace one file is added to.", show_default=False)
    ] = None,
    vectors: Annotated[
        int | None, typer.Option(min=20, help="Passages of the row million, where that is too many.", show_default=False)
    ] = None,
    rounds: Annotated[int, typer.Option(min=1, max=20, help="How often each side has its turn.")] = 3,
    texts: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Texts of a BEIR folder instead of made-up ones.", show_default=False)
    ] = None,
    peer_python: Annotated[
        Path | None, typer.Option(metavar="PYTHON", help="The Python of an environment that has the peers.", show_default=False)
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Measure speed against other tools. Needs no workspace and writes to none."""
    from workbench.benchmark.speed.bench import bench as measure
    from workbench.benchmark.speed.bench import chosen_rows
    from workbench.benchmark.speed.site import Plan

    chosen = chosen_rows(rows)
    python = _python(peer_python) if peer_python else Path(sys.executable)
    changed, million = SIZES[large]
    plan = Plan(
        passages=passages,
        encoded=192 if passages <= 600 else min(passages, 1_000),
        changed=size or changed,
        million=vectors or million,
        claims=10_000 if large else Plan.claims,
        many_claims=100_000 if large else Plan.many_claims,
        rounds=rounds,
        peers=peers,
        peer_python=python,
        texts=texts,
    )
    with _stoppable():
        found = measure(plan, chosen, tell=lambda text: stderr.print(f"… {text}"))
    if as_json:
        print_json({**found, "lines": [line.as_json() for line in found["lines"]]})
    else:
        _show(found)
    if found["failed"]:
        raise typer.Exit(3 if found["lines"] else 1)


@contextlib.contextmanager
def _stoppable() -> Iterator[None]:
    """Let a request to end or a lost terminal clean up as Ctrl-C does."""
    before = {one: signal.signal(one, signal.default_int_handler) for one in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def _python(given: Path) -> Path:
    """The program named, made absolute but not resolved: a virtual environment is known by its link."""
    named = shutil.which(str(given))
    if named is None:
        raise UsageError(f"--peer-python {given} is not a program.", hint="Give the bin/python of an environment.")
    return Path(os.path.abspath(named))


def _show(found: dict[str, Any]) -> None:
    from workbench.benchmark.speed.figures import shown

    cells = []
    for line in found["lines"]:
        reached = shown(line.reached, line.unit) if line.reached is not None else ""
        ours = _clocks(line.wall, line.cpu, line.unit) or reached
        theirs = _clocks(line.their_wall, line.their_cpu, line.unit)
        target = str(line.target) if line.target else ""
        cells.append([line.row, line.what, ours, f"{line.beside} {theirs}".strip(), _ratios(line), target, line.verdict])
    table(["row", "what", "ours", "beside", "times as fast", "target", ""], cells, empty="Nothing was measured.")
    for note in dict.fromkeys(_note(line) for line in found["lines"] if line.note):
        say(note)
    for failure in found["failed"]:
        stderr.print(f"{failure['row']} could not be measured: {failure['message']} {failure['hint']}")
    machine = found["machine"]
    say(
        f"{machine['processor']}, {machine['cores']} cores ({', '.join(machine['flags'])}), {machine['memory_gib']} GiB, "
        f"{machine['system']}, Python {machine['python']}; load {found['load_before']} before, {found['load_after']} after."
    )
    for name, packages in (("here", machine["packages"]), *found["peers"].items()):
        say(f"{name}: {', '.join(f'{package} {version}' for package, version in packages.items())}")


def _note(line: Line) -> str:
    return f"{line.row}, {f'beside {line.beside}: ' if line.beside else f'{line.what}: '}{line.note}"


def _clocks(wall: Spread | None, cpu: Spread | None, unit: str) -> str:
    """The median by the clock and of the processors; where only one was measured, its spread."""
    from workbench.benchmark.speed.figures import shown

    if wall is None:
        return ""
    if cpu is None:
        return f"{shown(wall.median, unit)} ({shown(wall.least, '')} to {shown(wall.most, '')})"
    return f"{shown(wall.median, unit)}, cpu {shown(cpu.median, unit)}"


def _ratios(line: Line) -> str:
    """Both ratios of the medians, each with the least and the most of single rounds."""
    from workbench.benchmark.speed.figures import shown

    if line.wall_ratio is None or line.cpu_ratio is None:
        return ""
    parts = [
        f"{name}{shown(one.of_medians, 'x')} ({shown(one.least, '')} to {shown(one.most, '')})"
        for name, one in (("", line.wall_ratio), ("cpu ", line.cpu_ratio))
    ]
    return ", ".join(parts)
