"""A data set as a folder: its files, a manifest with the counts, and a datasheet; and the one file of those that are one.

What lives here: bytes. What does not: what a record says (averitec.py, fever.py, beir.py), who may be in it (judged.py).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from workbench.copying import new_folder

MANIFEST, DATASHEET = "manifest.json", "datasheet.md"
FORMAT, VERSION = "workbench-data-set", 1
Files = Mapping[str, Iterable[bytes]]
_LINE_ENDS = {ord(one): f"\\u{ord(one):04x}" for one in "\x85\u2028\u2029"}  # some readers split lines there


def line_of(record: Mapping[str, Any]) -> bytes:
    """A record as a line of JSON."""
    return (json.dumps(record, ensure_ascii=False, allow_nan=False).translate(_LINE_ENDS) + "\n").encode("utf-8")


def lines_of(records: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """Records as JSON, a line each."""
    return map(line_of, records)


def array_of(records: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """Records as one JSON array, a line each."""
    before = b"[\n"
    for one in records:
        yield before + line_of(one).rstrip(b"\n")
        before = b",\n"
    yield b"[]\n" if before == b"[\n" else b"\n]\n"


def table_of(header: str, rows: Iterable[tuple[object, ...]]) -> Iterator[bytes]:
    """Rows with tabs between the cells, which hold ids and numbers only."""
    yield (header + "\n").encode()
    for row in rows:
        yield ("\t".join(map(str, row)) + "\n").encode()


def write_folder(target: Path, files: Iterable[tuple[str, Iterable[bytes]]], told: Any, datasheet: Any) -> dict[str, Any]:
    """Write the files one after the other, then the manifest that `told` makes of their lines; the manifest.

    Raises: WorkspaceError where something is there, or it cannot be written; then nothing is left.
    """
    with new_folder(target) as folder:
        listed = [_written(folder, name, pieces) for name, pieces in files]
        manifest: dict[str, Any] = {"format": FORMAT, "version": VERSION, **told(), "files": listed}
        _written(folder, DATASHEET, [datasheet(manifest).encode("utf-8")])
        _written(folder, MANIFEST, [(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n").encode("utf-8")])
    return manifest


def _written(folder: Path, name: str, pieces: Iterable[bytes]) -> dict[str, Any]:
    digest, size, ends = hashlib.sha256(), 0, 0
    with (folder / name).open("xb") as file:
        for piece in pieces:
            digest.update(piece)
            size += file.write(piece)
            ends += piece.count(b"\n")
    return {"path": name, "bytes": size, "lines": ends, "sha256": digest.hexdigest()}
