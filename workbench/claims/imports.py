"""Claims from elsewhere: csv, jsonl, yaml, and the claims other fact-checkers published as ClaimReview JSON-LD.

All or nothing per file, every problem named by its row. What a file says of ratings and reviewers is never ours: another
fact-checker's review is kept as theirs, anything else is left out, and the notes say so. Nothing is fetched.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Container, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from workbench.claims.columns import MAX_SHOWN, Faults, Given, Problems, Row
from workbench.claims.custom import custom_faults, unknown_fields
from workbench.claims.files import slug_for, with_claimant
from workbench.claims.json_rows import json_rows, jsonl_rows
from workbench.claims.seen import Seen
from workbench.claims.table_rows import csv_rows
from workbench.claims.yamltree import YamlProblem, problems_of, read_yaml
from workbench.errors import ClaimFileError
from workbench.matching import folded_text
from workbench.models import Claim, sha256_hex
from workbench.settings import CustomField

MAX_IMPORT = 200_000_000  # bytes; a million claims of one sentence are less
MAX_REPEATS = 20  # repeated rows that are named; the rest are counted
CHUNK = 65_536  # bytes looked through at once


class FoundClaim(NamedTuple):
    """A claim of a file, where it stands there, and the digest of its wording.

    is_named: whether the file gives its id; else it was made from the words.
    """

    place: str
    claim: Claim
    wording: str
    is_named: bool


def _yaml_rows(given: Given, notes: list[str]) -> Iterator[Row]:
    try:
        node = read_yaml(given.text())
    except YamlProblem as error:
        raise Problems(f"line {error.line}: {error.problem}") from error
    for item in node.value if isinstance(node.value, list) else [node]:
        if not isinstance(item.value, dict):
            raise Problems(f"line {item.line}: a claim must be keys and values")
        yield Row(f"line {item.line}", with_claimant(item.plain))


READERS: dict[str, Callable[[Given, list[str]], Iterator[Row]]] = {
    ".csv": csv_rows,
    ".tsv": csv_rows,
    ".jsonl": jsonl_rows,
    ".ndjson": jsonl_rows,
    ".json": json_rows,
    ".jsonld": json_rows,
    ".yaml": _yaml_rows,
    ".yml": _yaml_rows,
}


def _looked_through(path: Path) -> Given:
    """The file, some at a time. Raises: Problems for what is no text that can be read."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    lines, has_words = 1, False
    try:
        if path.stat().st_size > MAX_IMPORT:
            raise Problems(f"larger than {MAX_IMPORT // 1_000_000} MB; split it")
        with path.open("rb") as file:
            while True:
                data = file.read(CHUNK)
                text = _decoded(decoder, data, lines)
                if "\x00" in text:
                    raise Problems(f"line {lines + text[: text.index(chr(0))].count(chr(10))}: a NUL character; remove it")
                lines += text.count("\n")
                has_words = has_words or bool(text.strip())
                if not data:
                    break
    except OSError as error:
        raise Problems(f"cannot be read ({error.strerror})") from error
    if not has_words:
        raise Problems("the file is empty")
    return Given(path)


def _decoded(decoder: codecs.IncrementalDecoder, data: bytes, lines: int) -> str:
    try:
        return decoder.decode(data, final=not data)
    except UnicodeDecodeError as error:
        line = lines + error.object[: error.start].count(10)
        raise Problems(f"line {line}: not UTF-8 text; save the file as UTF-8") from error


def _web_problems(claim: Claim) -> Iterator[str]:
    shown = [url for place in claim.appearances for url in (place.url, place.archived_url)]
    for url in [*shown, *(review.url for review in claim.reviews)]:
        if url is not None and not url.startswith(("https://", "http://")):
            yield f"{url[:80]!r} is not a web address (https://...)"


def wording_of(claim: Claim) -> tuple[str, str, str]:
    """What makes two claims one however they were typed: the folded statement, the claimant and the date."""
    return folded_text(claim.statement), claim.claimant.name if claim.claimant else "", str(claim.claimed_on)


def wording_digest(claim: Claim) -> str:
    """What is equal for two claims of one wording: short, since a hundred thousand are held."""
    return sha256_hex("\x1f".join(wording_of(claim)))[:24]


def _claims_from(
    rows: Iterator[Row], notes: list[str], fields: Sequence[CustomField], seen: Seen, taken: Container[str]
) -> Iterator[FoundClaim]:
    faults, strange, repeats = Faults(), set[str](), 0
    try:
        for place, values in rows:
            try:
                made = (
                    values
                    if values.get("id")
                    else values | {"id": slug_for(str(values.get("statement", "")), _Either(seen, taken))}
                )
                claim = Claim.model_validate(made)
            except ValidationError as error:
                faults.add(*(f"{place}: {said}" for _, said in problems_of(error, Claim)))
                continue
            faults.add(*(f"{place}: {said}" for said in _web_problems(claim)))
            faults.add(*(f"{place}: {said}" for _, said in custom_faults(claim.custom, fields)))
            strange.update(unknown_fields(claim.custom, fields))
            wording = wording_digest(claim)
            earlier = None if values.get("id") else seen.place_of_wording(wording)
            if earlier is not None:
                repeats += 1
                if repeats <= MAX_REPEATS:
                    notes.append(f"{place} repeats {earlier} and was left out.")
                continue
            if claim.id in seen:
                faults.add(f"{place}: the id {claim.id!r} is already used in {seen.place_of(claim.id)}")
            seen.note(claim.id, wording, place)
            if not faults.count:
                yield FoundClaim(place, claim, wording, is_named=bool(values.get("id")))
    except Problems as error:
        faults.add(*error.problems, more=error.more)
    faults.check()
    if repeats > MAX_REPEATS:
        notes.append(f"{repeats - MAX_REPEATS:,} more rows repeat earlier ones and were left out.")
    if strange:
        notes.append(f"No fields of this workspace, kept as they are: {', '.join(sorted(strange))}.")


@dataclass(frozen=True)
class _Either:
    """Ids of which one may be in either."""

    one: Container[str]
    other: Container[str]

    def __contains__(self, claim_id: object) -> bool:
        return claim_id in self.one or claim_id in self.other


def read_import(
    path: Path, fields: Sequence[CustomField] = (), *, notes: list[str], taken: Container[str] = ()
) -> Iterator[FoundClaim]:
    """The claims of a csv, jsonl, json, ClaimReview or yaml file, one at a time; what was left out of it is added to `notes`.

    A claim without an id gets one from its first words that is not `taken`; a row that repeats another (same words, claimant
    and date) is left out.
    fields: of the workspace, which custom values are held to. A table and lines of JSON are read in flat memory.
    Raises: ClaimFileError listing the problems by row, at the end: nothing of what came before may be taken then.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise ClaimFileError(
            f"{path.name} is not a format claims are imported from.",
            hint=f"Use one of: {', '.join(READERS)}.",
            code="unknown_format",
        )
    try:
        with closing(Seen()) as seen:
            yield from _claims_from(reader(_looked_through(path), notes), notes, fields, seen, taken)
    except Problems as error:
        shown = [f"{path.name} {problem}" for problem in error.problems[:MAX_SHOWN]]
        more = len(error.problems) - len(shown) + error.more
        head = f"{len(shown) + more} problems:\n" if len(shown) > 1 else ""
        message = head + "\n".join(shown) + (f"\nand {more} more" if more else "")
        raise ClaimFileError(message, hint="Mend the rows named; nothing was imported.", code="import") from error
