"""How long work tells how far it is: one call per step, from the thread that was asked to do it."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, int, int], None]  # what is being done, how many are done, of how many


def no_progress(what: str, done: int, total: int) -> None:
    """The Progress that shows nothing."""
