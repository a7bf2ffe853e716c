"""A BEIR folder, read strictly: corpus.jsonl[.gz], queries.jsonl[.gz], qrels.tsv.

What lives here: the layout and its faults, each with file and line. What does not: searching.
"""

from __future__ import annotations

import gzip
import json
import math
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.errors import WorkbenchError

LAYOUT = "A BEIR folder holds corpus.jsonl[.gz], queries.jsonl[.gz] and qrels.tsv (query id, document id, score)."


@dataclass(frozen=True)
class Collection:
    """Document texts by id, query texts by id, and the judgements above 0 of every query that has one."""

    documents: Mapping[str, str]
    queries: Mapping[str, str]
    relevant: Mapping[str, Mapping[str, float]]


def read_collection(folder: Path, *, split: str | None = None) -> Collection:
    """The documents (title + " " + text), the queries (of one split where named), and what is relevant to them.

    Judgements of queries that are not asked are left out; a relevant document that is not in the corpus counts as missed.
    Raises: WorkbenchError `bad_benchmark`.
    """
    if not folder.is_dir():
        raise _bad(f"{folder} is not a folder.")
    documents: dict[str, str] = {}
    for place, line in objects(folder, "corpus.jsonl"):
        title, text = line.get("title") or "", line.get("text")
        if not isinstance(title, str) or not isinstance(text, str):
            raise _bad(f"{place}: title and text must be text.")
        _put(documents, line, f"{title} {text}".strip(), place)
    queries: dict[str, str] = {}
    splits = set()
    for place, line in objects(folder, "queries.jsonl"):
        text = line.get("text")
        if not isinstance(text, str) or not text.strip():
            raise _bad(f"{place}: a query needs a text.")
        splits.add(str(line.get("split")))
        if split is None or line.get("split") == split:
            _put(queries, line, text, place)
    if split is not None and not queries:
        raise _bad(f"No query in {folder.name} has split {split!r}; there are: {', '.join(sorted(splits))}.")
    relevant = {query: found for query, found in _judgements(folder / "qrels.tsv").items() if query in queries}
    if not documents or not relevant:
        raise _bad(f"{folder.name} has {len(documents)} documents and {len(relevant)} queries with a relevant document.")
    return Collection(documents, queries, relevant)


def _put(texts: dict[str, str], line: Mapping[str, Any], text: str, place: str) -> None:
    name = line.get("_id")
    if not isinstance(name, str) or not name:
        raise _bad(f'{place}: no "_id".')
    if name in texts:
        raise _bad(f"{place}: the id {name!r} is there already.")
    if any(one == "\x00" or "\ud800" <= one <= "\udfff" for one in text):
        raise _bad(f"{place}: the text of {name!r} holds a NUL or half a surrogate pair.")
    texts[name] = text


def objects(folder: Path, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The place and the object of every line of one file of the folder. Raises: WorkbenchError `bad_benchmark`."""
    path = folder / name if (folder / name).is_file() else folder / f"{name}.gz"
    for number, text in _lines(path):
        place = f"{path.name} line {number}"
        try:
            line = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise _bad(f"{place} is not JSON: {error}") from error
        if not isinstance(line, dict):
            raise _bad(f"{place} is not an object.")
        yield place, line


def _judgements(path: Path) -> dict[str, dict[str, float]]:
    relevant: dict[str, dict[str, float]] = {}
    for number, text in _lines(path):
        parts = text.rstrip("\n").split("\t")
        if number == 1 and not _is_number(parts[-1]):
            continue  # the header
        if len(parts) != 3 or not _is_number(parts[2]):
            raise _bad(f"{path.name} line {number}: {text.strip()[:80]!r} is not query id, document id and score.")
        if float(parts[2]) > 0:
            relevant.setdefault(parts[0], {})[parts[1]] = float(parts[2])
    return relevant


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Numbered lines that are not blank."""
    if not path.is_file():
        raise _bad(f"{path.parent} has no {path.name.removesuffix('.gz')}.")
    number = 0
    try:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield number, line
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise _bad(f"{path.name} cannot be read after line {number}: {error}") from error


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _bad(message: str) -> WorkbenchError:
    return WorkbenchError(message, hint=LAYOUT, code="bad_benchmark")
