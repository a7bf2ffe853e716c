"""The progress bars of long commands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.text import Text

from workbench.progress import Progress as Report


class _Rate(ProgressColumn):
    """How many are done in a second and how long the rest takes at that rate, over all that was done so far.

    rich's own columns start anew whenever the total grows, as it does where texts are encoded while files are being read.
    """

    def render(self, task: Task) -> Text:
        """`18.4/s, 0:02:10 left`; nothing before the first ones are done."""
        if not task.elapsed or not task.completed or task.total is None:
            return Text()
        rate = task.completed / task.elapsed
        left = timedelta(seconds=round((task.total - task.completed) / rate))
        return Text(f"{rate:,.1f}/s, {left} left" if rate < 100 else f"{rate:,.0f}/s, {left} left")


@contextmanager
def bars(console: Console) -> Iterator[Report]:
    """One bar for each thing that is told of, while the block runs."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), _Rate())
    shown = Progress(*columns, console=console)
    tasks: dict[str, TaskID] = {}

    def report(what: str, done: int, total: int) -> None:
        if what not in tasks:
            tasks[what] = shown.add_task(what, total=total)
        shown.update(tasks[what], completed=done, total=total)

    with shown:
        yield report
