"""Files inside a file: which of them become sources of their own, and how many and how large they may be.

What lives here: the choice, and the limits that stop a bomb. What does not: finding them (one reader per format), or where they
are put (inbox.py). What is not taken is said in a warning, never dropped in silence.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from pathlib import PurePosixPath

from workbench.errors import FileFailure
from workbench.folders import is_evidence_name
from workbench.models import display_name
from workbench.reading.formats import FORMATS
from workbench.reading.text import Part

MAX_PARTS = 1_000  # of one file; more is a data set
MAX_TOTAL = 100_000_000  # bytes of all of them, unpacked
MAX_NAMED = 5  # names in a warning; the rest are counted


def readable(parts: Iterable[Part], name: str, *, besides: Container[str] = ()) -> tuple[tuple[Part, ...], list[str]]:
    """The parts that can be read, and what to say of the others. name: of the file they are in. besides: names not to take.

    Asks for no more parts once there are too many or they are too large. Raises: FileFailure decompression_limit.
    """
    kept: list[Part] = []
    left_out: list[str] = []
    total = 0
    for count, part in enumerate(parts, start=1):
        total += len(part.data)
        if count > MAX_PARTS or total > MAX_TOTAL:
            what = f"more than {MAX_PARTS:,} files" if count > MAX_PARTS else f"more than {MAX_TOTAL // 1_000_000} MB"
            raise FileFailure(
                f"{name}: it holds {what}.",
                hint="Unpack it yourself and add the folder with the files that matter.",
                code="decompression_limit",
            )
        last = PurePosixPath(part.name.replace("\\", "/")).name
        if PurePosixPath(last).suffix.lower() in FORMATS and is_evidence_name(last) and part.name not in besides:
            kept.append(part)
        else:
            left_out.append(part.name)
    return tuple(kept), [f"files inside that are not read: {some_names(left_out)}"] if left_out else []


def some_names(names: Sequence[str]) -> str:
    """The first names, safe to show, and how many more there are."""
    more = f" and {len(names) - MAX_NAMED} more" if len(names) > MAX_NAMED else ""
    return f"{', '.join(map(display_name, names[:MAX_NAMED]))}{more}"
