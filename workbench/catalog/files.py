"""Files of the index on disk: listed, and written through.

What lives here: which files a generation is made of, and text that the disk holds before its name is given. What does not:
hashing them (workbench/hashing.py).
"""

from __future__ import annotations

import os
from pathlib import Path


def files_in(folder: Path) -> list[Path]:
    """Every file below but locks, which tantivy leaves empty and touches when it opens an index."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock")


def write_through(path: Path, text: str) -> None:
    """Write a file and have the disk hold it."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
