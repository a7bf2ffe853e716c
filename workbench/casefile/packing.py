"""A case file on its way out: files with their manifest, as a folder or as one zip, whole or not at all.

What lives here: the manifest, and writing. What does not: what the files say (contents.py), reading one back (unpacking.py).
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from workbench.casefile.layout import MANIFEST, MANIFEST_SHA256, MOST_BYTES, MOST_WORDS
from workbench.copying import new_folder
from workbench.errors import ExportError
from workbench.folders import written_whole

CHUNK = 1 << 20  # bytes in memory at a time, however large an original is
EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip can hold: the same files make the same zip

Files = Mapping[str, bytes | Path]  # by name in the case file: the bytes, or a file to copy them from


def json_bytes(value: Any) -> bytes:
    """The JSON of a file that people may open too."""
    return (json.dumps(value, ensure_ascii=False, allow_nan=False, indent=2) + "\n").encode("utf-8")


def pack(target: Path, files: Files, manifest: Mapping[str, Any]) -> int:
    """Write the files and the manifest that lists them; how many bytes that made. `target` ending in .zip makes a zip.

    A name of the form `originals/<sha256>.suffix` is held to: other bytes are refused. Raises: ExportError, WorkspaceError;
    then nothing is left.
    """
    _refuse_too_large(files)
    try:
        if target.suffix.lower() == ".zip":
            with written_whole(target) as file, zipfile.ZipFile(file, "w") as archive:
                return _write(_ZipPlace(archive), files, manifest)
        with new_folder(target) as folder:
            return _write(_FolderPlace(folder), files, manifest)
    except OSError as error:
        hint = "Choose another place with -o, or free some space. Nothing was written."
        raise ExportError(f"{target} could not be written: {error.strerror or error}.", hint=hint) from error


def _refuse_too_large(files: Files) -> None:
    """Raises: ExportError for what `workbench verify` would not read."""
    sizes = {name: len(data) if isinstance(data, bytes) else data.stat().st_size for name, data in files.items()}
    for name, size in sizes.items():
        if isinstance(files[name], bytes) and size > MOST_WORDS:
            hint = "Nothing was written. It holds more than one fact-check can need."
            raise ExportError(f"{name} would have {size:,} bytes.", hint=hint, code="case_file_too_large")
    if sum(sizes.values()) > MOST_BYTES:
        message = f"The files of this case are larger than {MOST_BYTES:,} bytes together."
        hint = "Nothing was written. Leave the originals out: --no-originals"
        raise ExportError(message, hint=hint, code="case_file_too_large")


class _FolderPlace:
    """Files of a new folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        path = self._folder / name
        path.parent.mkdir(exist_ok=True)
        with path.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())


class _ZipPlace:
    """Members of a new zip. Originals are stored as they are: most are packed already."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    @contextmanager
    def open(self, name: str) -> Iterator[Any]:
        info = zipfile.ZipInfo(name, EPOCH)
        info.compress_type = zipfile.ZIP_STORED if "/" in name else zipfile.ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        with self._archive.open(info, "w", force_zip64=True) as file:
            yield file


def _write(place: _FolderPlace | _ZipPlace, files: Files, manifest: Mapping[str, Any]) -> int:
    listed = [_copied(place, name, files[name]) for name in sorted(files)]
    data = json_bytes({**manifest, "files": listed})
    seal = f"{hashlib.sha256(data).hexdigest()}  {MANIFEST}\n".encode()  # as sha256sum prints and checks it
    for name, own in ((MANIFEST, data), (MANIFEST_SHA256, seal)):
        _copied(place, name, own)
    return int(sum(one["bytes"] for one in listed)) + len(data) + len(seal)


def _copied(place: _FolderPlace | _ZipPlace, name: str, data: bytes | Path) -> dict[str, Any]:
    """Write one file; its line in the manifest, of the bytes that were written."""
    digest, size = hashlib.sha256(), 0
    with place.open(name) as file:
        for chunk in _chunks(data):
            file.write(chunk)
            digest.update(chunk)
            size += len(chunk)
    if isinstance(data, Path) and not name.startswith(f"originals/{digest.hexdigest()}"):
        raise ExportError(
            f"The stored original {data.name[:12]} no longer has the bytes it was kept with.",
            hint="Run workbench verify, and restore it from a backup.",
            code="altered",
        )
    return {"path": name, "bytes": size, "sha256": digest.hexdigest()}


def _chunks(data: bytes | Path) -> Iterator[bytes]:
    if isinstance(data, bytes):
        yield data
        return
    with data.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk
