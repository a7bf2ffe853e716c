"""A BEIR folder, read strictly: corpus.jsonl[.gz], queries.jsonl[.gz], qrels.tsv, and for stance stance.jsonl[.gz].

What lives here: the layout and its faults, each with file and line. What does not: searching, judging.
"""

from __future__ import annotations

import gzip
import json
import os
import zlib
from collections.abc import Collection as Ids
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, get_args

from workbench.errors import WorkbenchError

LAYOUT = (
    "A BEIR folder holds corpus.jsonl[.gz], queries.jsonl[.gz] and qrels.tsv (query id, document id, score); "
    "for --stance it holds stance.jsonl[.gz] (claim, passage, label)."
)
HIGHEST_GRADE = 1_000  # trec_eval makes room for every grade up to the highest one

Stance = Literal["supports", "refutes", "neutral"]
STANCES: tuple[Stance, ...] = get_args(Stance)


@dataclass(frozen=True)
class Collection:
    """Document texts by id, query texts by id, and the grades above 0 of every query that has one.

    notes: what is odd about the folder and was got over, a sentence each.
    """

    documents: Mapping[str, str]
    queries: Mapping[str, str]
    relevant: Mapping[str, Mapping[str, int]]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pair:
    """A claim and a passage with the stance a person saw. claim_id: equal for pairs that must not be told apart by chance."""

    claim_id: str
    claim: str
    passage: str
    stance: Stance


def read_collection(folder: Path, *, split: str | None = None) -> Collection:
    """The documents (title + " " + text), the queries (of one split where named), and what is relevant to them.

    Judgements of queries that are not asked are left out. A relevant document that is not in the corpus counts as missed, and a
    judgement of a query that is nowhere counts for nothing; `notes` says so.
    Raises: WorkbenchError `bad_benchmark`.
    """
    documents = _documents(folder)
    queries: dict[str, str] = {}
    splits: dict[str, str] = {}
    for place, line in json_lines(folder, "queries.jsonl"):
        text = line.get("text")
        if not isinstance(text, str) or not text.strip():
            raise bad(f"{place}: a query needs a text.")
        _put(queries, line, text, place)
        splits[line["_id"]] = str(line.get("split"))
    asked = {query for query in queries if split is None or splits[query] == split}
    if not asked:
        raise bad(f"No query in {folder.name} has split {split!r}; there are: {', '.join(sorted(set(splits.values())))}.")
    judged, notes = _judgements(folder / "qrels.tsv", queries, documents)
    relevant = {query: found for query, found in judged.items() if query in asked}
    if not relevant:
        raise bad(f"{folder.name} has {len(asked)} queries to ask, and qrels.tsv names a relevant document for none of them.")
    return Collection(documents, {query: text for query, text in queries.items() if query in asked}, relevant, notes)


def diluted(collection: Collection, folder: Path) -> Collection:
    """The collection with the documents of another folder among its own: relevant to nothing, and in the way.

    Only the corpus of that folder is read; it may come in parts (corpus_0.jsonl[.gz], ...). Its ids get the folder's name, so
    that none is taken for one of the collection. Raises: WorkbenchError `bad_benchmark`.
    """
    others = {f"{folder.name}/{name}": text for name, text in _documents(folder).items()}
    note = f"{len(others)} documents of {folder.name} were mixed in; none of them counts as relevant."
    return replace(collection, documents={**collection.documents, **others}, notes=(*collection.notes, note))


def read_pairs(folder: Path, *, split: str | None = None) -> list[Pair]:
    """The labelled pairs of stance.jsonl[.gz], of one split where named. Without a claim_id the claim's text stands for it.

    Raises: WorkbenchError `bad_benchmark`.
    """
    pairs: list[Pair] = []
    splits = set()
    for place, line in json_lines(folder, "stance.jsonl"):
        claim, passage, label = (line.get(key) for key in ("claim", "passage", "label"))
        if not isinstance(claim, str) or not isinstance(passage, str) or not claim.strip() or not passage.strip():
            raise bad(f"{place}: claim and passage must be text.")
        if label not in STANCES:
            raise bad(f"{place}: the label {label!r} is none of {', '.join(STANCES)}.")
        splits.add(str(line.get("split")))
        if split is None or str(line.get("split")) == split:
            pairs.append(Pair(str(line.get("claim_id") or claim), claim, passage, label))
    if not pairs:
        raise bad(f"No pair in {folder.name} has split {split!r}; there are: {', '.join(sorted(splits))}.")
    return pairs


def json_lines(folder: Path, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object of a file, plain or gzipped, with its place ("corpus.jsonl line 2").

    Raises: WorkbenchError `bad_benchmark` where folder or file is missing, empty, cut off, or a line is no object.
    """
    if not folder.is_dir():
        raise bad(f"{folder} is not a folder.")
    path = folder / name if os.path.isfile(folder / name) else folder / f"{name}.gz"  # no error where it may not be looked at
    place = ""
    for number, text in _lines(path):
        place = f"{path.name} line {number}"
        try:
            line = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise bad(f"{place} is not JSON: {error}") from error
        if not isinstance(line, dict):
            raise bad(f"{place} is not an object.")
        yield place, line
    if not place:
        raise bad(f"{path.name} in {folder.name} is empty.")


def _documents(folder: Path) -> dict[str, str]:
    """Title + " " + text by id, of corpus.jsonl[.gz] or of its parts."""
    parts = sorted(
        {path.name.removesuffix(".gz") for path in folder.glob("corpus_*.jsonl*")}, key=lambda name: (len(name), name)
    )
    whole = any((folder / f"corpus.jsonl{end}").exists() for end in ("", ".gz"))
    documents: dict[str, str] = {}
    for name in ["corpus.jsonl"] if whole or not parts else parts:
        for place, line in json_lines(folder, name):
            title, text = line.get("title") or "", line.get("text")
            if not isinstance(title, str) or not isinstance(text, str):
                raise bad(f"{place}: title and text must be text.")
            _put(documents, line, f"{title} {text}".strip(), place)
    return documents


def bad(message: str) -> WorkbenchError:
    """A fault of a labelled folder: the sentence, and how such a folder is laid out."""
    return WorkbenchError(message, hint=LAYOUT, code="bad_benchmark")


def _put(texts: dict[str, str], line: Mapping[str, Any], text: str, place: str) -> None:
    name = line.get("_id")
    if not isinstance(name, str) or not name:
        raise bad(f'{place}: no "_id".')
    if name in texts:
        raise bad(f"{place}: the id {name!r} is there already.")
    if any(one == "\x00" or "\ud800" <= one <= "\udfff" for one in name + text):
        raise bad(f"{place}: the id or text of {name!r} holds a NUL or half a surrogate pair.")
    texts[name] = text


def _judgements(path: Path, queries: Ids[str], documents: Ids[str]) -> tuple[dict[str, dict[str, int]], tuple[str, ...]]:
    """The grades above 0 by query and document, and what was odd about them."""
    grades: dict[str, dict[str, int]] = {}
    strangers: dict[str, list[tuple[int, str]]] = {"query": [], "document": []}
    for number, text in _lines(path):
        parts = text.rstrip("\r\n").split("\t")
        if number == 1 and parts[0] not in queries and not _is_number(parts[-1]):
            continue  # the header
        grade = _grade(parts[2]) if len(parts) == 3 else None
        if grade is None:
            said = f"is not query id, document id and a whole score up to {HIGHEST_GRADE}"
            raise bad(f"{path.name} line {number}: {text.strip()[:80]!r} {said}, with tabs between them.")
        query, document = parts[:2]
        if grades.setdefault(query, {}).setdefault(document, grade) != grade:
            raise bad(f"{path.name} line {number}: {document!r} was judged {grades[query][document]} for {query!r} before.")
        if query not in queries:
            strangers["query"].append((number, query))
        elif grade > 0 and document not in documents:
            strangers["document"].append((number, document))
    relevant = {query: {one: grade for one, grade in found.items() if grade > 0} for query, found in grades.items()}
    notes = tuple(_note(path.name, kind, found) for kind, found in strangers.items() if found)
    return {query: found for query, found in relevant.items() if found}, notes


def _note(name: str, kind: str, found: list[tuple[int, str]]) -> str:
    number, example = found[0]
    then = {"query": "that query is not asked", "document": "it counts as missed"}[kind]
    more = f" So it is with {len(found) - 1} more lines." if len(found) > 1 else ""
    where = {"query": "queries", "document": "corpus"}[kind]
    return f"{name} line {number}: the {kind} {example!r} is not in the {where}; {then}.{more}"


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Numbered lines that are not blank."""
    if not os.path.isfile(path):
        raise bad(f"{path.parent} has no {path.name.removesuffix('.gz')} that may be read.")
    number = 0
    try:
        with gzip.open(path, "rt", encoding="utf-8-sig") if path.suffix == ".gz" else path.open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield number, line
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise bad(f"{path.name} cannot be read after line {number}: {error}") from error


def _grade(text: str) -> int | None:
    """A whole number within bounds, also written 1.0; None for anything else."""
    if not _is_number(text):
        return None
    value = float(text)
    return int(value) if value == value // 1 and abs(value) <= HIGHEST_GRADE else None


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
