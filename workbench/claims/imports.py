"""Claims from elsewhere: csv, jsonl, yaml, and the claims other fact-checkers published as ClaimReview JSON-LD.

All or nothing per file, every problem named by its row. What a file says of ratings and reviewers is never ours: another
fact-checker's review is kept as theirs, anything else is left out, and `Imported.notes` says so. Nothing is fetched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from workbench.claims.columns import Problems, Row
from workbench.claims.custom import custom_faults, unknown_fields
from workbench.claims.files import slug_for, with_claimant
from workbench.claims.json_rows import json_rows, jsonl_rows
from workbench.claims.table_rows import csv_rows
from workbench.claims.yamltree import YamlProblem, problems_of, read_yaml
from workbench.errors import ClaimFileError
from workbench.matching import fold
from workbench.models import Claim
from workbench.settings import CustomField

MAX_IMPORT = 200_000_000  # bytes; a million claims of one sentence are less
MAX_SHOWN = 50  # problems listed; the rest are counted


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file gave: claims in its order, where each stands in it, and what was left out of it, in words.

    named: the ids the file itself gives; the others were made from the words.
    """

    claims: tuple[Claim, ...]
    places: tuple[str, ...]
    named: frozenset[str]
    notes: tuple[str, ...]


def _yaml_rows(text: str, notes: list[str]) -> Iterator[Row]:
    try:
        node = read_yaml(text)
    except YamlProblem as error:
        raise Problems(f"line {error.line}: {error.problem}") from error
    for item in node.value if isinstance(node.value, list) else [node]:
        if not isinstance(item.value, dict):
            raise Problems(f"line {item.line}: a claim must be keys and values")
        yield Row(f"line {item.line}", with_claimant(item.plain))


READERS: dict[str, Callable[[str, list[str]], Iterator[Row]]] = {
    ".csv": csv_rows,
    ".tsv": csv_rows,
    ".jsonl": jsonl_rows,
    ".ndjson": jsonl_rows,
    ".json": json_rows,
    ".jsonld": json_rows,
    ".yaml": _yaml_rows,
    ".yml": _yaml_rows,
}


def _text_of(path: Path) -> str:
    try:
        data = path.read_bytes() if path.stat().st_size <= MAX_IMPORT else None
    except OSError as error:
        raise Problems(f"cannot be read ({error.strerror})") from error
    if data is None:
        raise Problems(f"larger than {MAX_IMPORT // 1_000_000} MB; split it")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Problems(f"line {data[: error.start].count(10) + 1}: not UTF-8 text; save the file as UTF-8") from error
    if "\x00" in text:
        raise Problems(f"line {text[: text.index(chr(0))].count(chr(10)) + 1}: a NUL character; remove it")
    if not text.strip():
        raise Problems("the file is empty")
    return text


def _web_problems(claim: Claim) -> Iterator[str]:
    shown = [url for place in claim.appearances for url in (place.url, place.archived_url)]
    for url in [*shown, *(review.url for review in claim.reviews)]:
        if url is not None and not url.startswith(("https://", "http://")):
            yield f"{url[:80]!r} is not a web address (https://...)"


def wording_of(claim: Claim) -> tuple[str, str, str]:
    """What makes two claims one however they were typed: the folded statement, the claimant and the date."""
    return fold(claim.statement).text.strip(), claim.claimant.name if claim.claimant else "", str(claim.claimed_on)


def _claims_from(rows: Iterator[Row], notes: list[str], fields: Sequence[CustomField]) -> Imported:
    claims: list[Claim] = []
    named: set[str] = set()
    strange: set[str] = set()
    problems: list[str] = []
    places: dict[str, str] = {}
    wordings: dict[tuple[str, ...], str] = {}
    for place, values in rows:
        try:
            made = values if values.get("id") else values | {"id": slug_for(str(values.get("statement", "")), places)}
            claim = Claim.model_validate(made)
        except ValidationError as error:
            problems += [f"{place}: {said}" for _, said in problems_of(error, Claim)]
            continue
        problems += [f"{place}: {said}" for said in _web_problems(claim)]
        problems += [f"{place}: {said}" for _, said in custom_faults(claim.custom, fields)]
        strange.update(unknown_fields(claim.custom, fields))
        wording = wording_of(claim)
        if wording in wordings and not values.get("id"):
            notes.append(f"{place} repeats {wordings[wording]} and was left out.")
            continue
        if claim.id in places:
            problems.append(f"{place}: the id {claim.id!r} is already used in {places[claim.id]}")
        wordings.setdefault(wording, place)
        places.setdefault(claim.id, place)
        claims.append(claim)
        named |= {claim.id} if values.get("id") else set()
    if problems:
        raise Problems(*problems)
    if strange:
        notes.append(f"No fields of this workspace, kept as they are: {', '.join(sorted(strange))}.")
    return Imported(tuple(claims), tuple(places[claim.id] for claim in claims), frozenset(named), tuple(notes))


def read_import(path: Path, fields: Sequence[CustomField] = ()) -> Imported:
    """The claims of a csv, jsonl, json, ClaimReview or yaml file, with notes on what was left out of it.

    A claim without an id gets one from its first words; a row that repeats another (same words, claimant and date) is left out.
    fields: of the workspace, which custom values are held to. Raises: ClaimFileError listing the problems by row; then nothing
    is taken.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise ClaimFileError(
            f"{path.name} is not a format claims are imported from.",
            hint=f"Use one of: {', '.join(READERS)}.",
            code="unknown_format",
        )
    notes: list[str] = []
    try:
        return _claims_from(reader(_text_of(path), notes), notes, fields)
    except Problems as error:
        shown = [f"{path.name} {problem}" for problem in error.problems[:MAX_SHOWN]]
        more = len(error.problems) - len(shown)
        head = f"{len(error.problems)} problems:\n" if len(shown) > 1 else ""
        message = head + "\n".join(shown) + (f"\nand {more} more" if more else "")
        raise ClaimFileError(message, hint="Mend the rows named; nothing was imported.", code="import") from error
