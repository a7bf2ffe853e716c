"""Words of sources put back into a data set that was written without them, from the files at hand.

What lives here: reading such a folder, which anybody may have made, and writing it anew. What does not: which words may leave.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from workbench.catalog import Catalog
from workbench.copying import hash_of
from workbench.datasets.datasheet import datasheet_of
from workbench.datasets.fever import lines_of
from workbench.datasets.writing import FORMAT, MANIFEST, VERSION, line_of, write_folder
from workbench.errors import FileFailure, StaleIndex, UnknownId, WorkbenchError
from workbench.models import Record, sha256_hex
from workbench.originals import Originals

LAYOUT = "Name a folder that workbench export --text none wrote, as it was written."
_NAME = re.compile(r"[a-z-]{1,40}\.(jsonl?|tsv)")
MOST_LINE = 64_000_000  # bytes of one record
MOST_MANIFEST = 1_000_000


class Hydrated(Record):
    """What came of it. missing: words that are not at hand here, by the sha256 of their file."""

    path: str
    filled: int
    missing: dict[str, int]


class Texts:
    """The texts of sources in one workspace: those cited, and those searched today."""

    def __init__(self, originals: Originals, catalog: Catalog) -> None:
        self._originals = originals
        self._catalog = catalog
        self._last: tuple[str, str | None] = ("", None)

    def words(self, place: Mapping[str, Any]) -> str | None:
        """The words at a place; None where their text is not here, or holds others."""
        name = str(place["text_sha256"])
        if self._last[0] != name:
            self._last = (name, self._text(str(place["source"]), name))
        text = self._last[1]
        words = text[int(place["start"]) : int(place["end"])] if text is not None else None
        return words if words is not None and sha256_hex(words) == place["sha256"] else None

    def _text(self, source_id: str, text_sha256: str) -> str | None:
        try:
            return self._originals.text(text_sha256)
        except (UnknownId, FileFailure):
            pass
        try:
            source = self._catalog.source(source_id)
        except StaleIndex:
            return None
        return source.text if source and source.text_sha256 == text_sha256 else None


def hydrate(folder: Path, target: Path, texts: Texts) -> Hydrated:
    """Write the data set in `folder` anew at `target`, with the words that are at hand; the rest stays null, and is counted.

    Raises: WorkbenchError `bad_data_set` for what is no data set, or was changed; WorkspaceError where it cannot be written.
    """
    manifest = _manifest(folder)
    tally = _Tally(texts)
    files = ((one["path"], tally.filled_lines(folder / one["path"])) for one in manifest["files"])

    def told() -> dict[str, Any]:
        kept = {name: value for name, value in manifest.items() if name not in ("format", "version", "files")}
        return {**kept, "text": "part" if tally.missing else "full"}

    write_folder(target, files, told, datasheet_of)
    return Hydrated(path=str(target), filled=tally.filled, missing=dict(sorted(tally.missing.items())))


class _Tally:
    """What was put back so far."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self.filled = 0
        self.missing: Counter[str] = Counter()

    def filled_lines(self, path: Path) -> Iterator[bytes]:
        """The lines of a file, each record with its words."""
        with path.open("rb") as file:
            for number, line in enumerate(iter(lambda: file.readline(MOST_LINE), b""), 1):
                if path.suffix == ".tsv" or line.strip() in (b"[", b"]", b"[]"):
                    yield line
                    continue
                end = line[len(line.rstrip(b",\n")) :]
                try:
                    record = json.loads(line[: len(line) - len(end)])
                    self._fill(record)
                except (ValueError, KeyError, TypeError, RecursionError) as error:
                    raise bad(f"{path.name} line {number} is no record of a data set ({type(error).__name__}).") from error
                yield line_of(record).rstrip(b"\n") + end

    def _fill(self, node: Any) -> None:
        for child in node if isinstance(node, list) else node.values() if isinstance(node, dict) else ():
            self._fill(child)
        place = node.get("words") if isinstance(node, dict) else None
        if not isinstance(place, dict) or node.get(place["fills"]) is not None:
            return
        words = self._texts.words(place)
        if words is None:
            self.missing[str(place["source"])] += 1
            return
        self.filled += 1
        node[place["fills"]] = words
        if "sentences" in node:
            node["lines"] = lines_of(words, node["sentences"])


def bad(message: str) -> WorkbenchError:
    """A fault of a folder that should be a data set."""
    return WorkbenchError(message, hint=LAYOUT, code="bad_data_set")


def _manifest(folder: Path) -> dict[str, Any]:
    """The manifest, once every file it lists is as listed."""
    path = folder / MANIFEST
    try:
        if path.stat().st_size > MOST_MANIFEST:
            raise bad(f"{path} is too large to be a manifest.")
        manifest = json.loads(path.read_bytes())
        if (manifest["format"], manifest["version"]) != (FORMAT, VERSION):
            raise bad(f"{path} is of another format, or of a newer version.")
        datasheet_of(manifest)
        for one in manifest["files"]:
            if not _NAME.fullmatch(one["path"]) or (folder / one["path"]).is_symlink():
                raise bad(f"{path} lists {str(one['path'])[:80]!r}, which is no file of a data set.")
            if hash_of(folder / one["path"]) != one["sha256"]:
                raise bad(f"{folder / one['path']} was changed since it was written.")
    except OSError as error:
        raise bad(f"{folder} is no data set: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise bad(f"{path} is no manifest of a data set ({type(error).__name__}).") from error
    found: dict[str, Any] = manifest
    return found
