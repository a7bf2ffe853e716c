"""claims/*.yaml read and written, and NAME.meta.yaml beside an evidence file.

Reading is strict and reports every problem of every file by its line. Writing makes one new file per claim and never touches
one that is there.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import regex
from pydantic import BaseModel, ValidationError

from workbench.claims.custom import custom_faults
from workbench.claims.yamltree import Node, YamlProblem, problems_of, read_yaml, write_yaml
from workbench.errors import ClaimFileError, FileFailure
from workbench.folders import write_whole
from workbench.models import Claim, PartialDate, SourceMeta, sha256_hex
from workbench.settings import CustomField

MAX_FILE = 5_000_000  # bytes of one claim file: some ten thousand claims
SLUG_WORDS = 8
SLUG_LENGTH = 60


@dataclass(frozen=True, slots=True)
class ClaimFile:
    """A claim file. path: as found under the folder; sha256: of its bytes; claims: () where it is known, and was not read."""

    path: Path
    sha256: str
    ids: tuple[str, ...]
    claims: tuple[Claim, ...]


# --- reading ------------------------------------------------------------------------------------------------------------


def _decoded(data: bytes) -> str:
    if len(data) > MAX_FILE:
        raise YamlProblem(1, f"the file has {len(data):,} bytes; the most is {MAX_FILE:,}: split it")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise YamlProblem(line, "not UTF-8 text; save the file as UTF-8") from error


def _claims_of(node: Node) -> Iterator[tuple[Node, Claim | list[tuple[int, str]]]]:
    """Each claim of a document, or what is wrong with it as (line, problem)."""
    items = node.value if isinstance(node.value, list) else [node]
    if not items:
        raise YamlProblem(node.line, "the list is empty; write a claim, or remove the file")
    for item in items:
        if not isinstance(item.value, dict):
            yield item, [(item.line, "a claim must be keys and values (id: ..., statement: ...)")]
            continue
        try:
            yield item, Claim.model_validate(with_claimant(item.plain))
        except ValidationError as error:
            yield item, [(item.line_of(place), problem) for place, problem in problems_of(error, Claim)]


def with_claimant(values: dict[str, Any]) -> dict[str, Any]:
    """The values with `claimant: Ana Ruiz` read as a claimant of that name."""
    if isinstance(values.get("claimant"), str):
        return values | {"claimant": {"name": values["claimant"]}}
    return values


def load_claim_files(
    folder: Path,
    fields: Sequence[CustomField] = (),
    *,
    known: Mapping[Path, tuple[str | None, Sequence[str]]] | None = None,
) -> list[ClaimFile]:
    """Every claim file in the folder and below, by path; [] where there is no folder. Hidden files are left alone.

    fields: of the workspace, which custom values of what is read are held to.
    known: (sha256, ids) of files that were read before; one with those bytes is not read again: a thousand claims take seconds.
    Raises: ClaimFileError listing all problems of all files, each with its line; then nothing was taken.
    """
    files: list[ClaimFile] = []
    problems: list[str] = []
    first_seen: dict[str, str] = {}
    for path in _files(folder):
        shown = f"{folder.name}/{path.relative_to(folder).as_posix()}"
        claims: list[Claim] = []
        try:
            data = path.read_bytes()
            sha256 = sha256_hex(data)
            was, ids = (known or {}).get(path, (None, ()))
            if was == sha256:
                problems += [
                    f"{shown}: the id {one!r} is already used in {first_seen[one]}" for one in ids if one in first_seen
                ]
                first_seen |= {one: shown for one in ids if one not in first_seen}
                files.append(ClaimFile(path, sha256, tuple(ids), ()))
                continue
            for node, outcome in _claims_of(read_yaml(_decoded(data))):
                if not isinstance(outcome, Claim):
                    problems += [f"{shown} line {line}: {problem}" for line, problem in outcome]
                    continue
                faults = custom_faults(outcome.custom, fields)
                problems += [f"{shown} line {node.line_of(['custom', name])}: {said}" for name, said in faults]
                place = f"{shown} line {node.line_of(['id'])}"
                if outcome.id in first_seen:
                    problems.append(f"{place}: the id {outcome.id!r} is already used in {first_seen[outcome.id]}")
                first_seen.setdefault(outcome.id, place)
                claims.append(outcome)
            files.append(ClaimFile(path, sha256, tuple(claim.id for claim in claims), tuple(claims)))
        except YamlProblem as error:
            problems.append(f"{shown} line {error.line}: {error.problem}")
        except OSError as error:
            problems.append(f"{shown}: cannot be read ({error.strerror})")
    if problems:
        raise ClaimFileError(_listed(problems), hint="Mend the lines named; nothing was taken in until all of them are right.")
    return files


def _files(folder: Path) -> list[Path]:
    found = [path for path in folder.rglob("*") if path.suffix.lower() in (".yaml", ".yml") and path.is_file()]
    return sorted(path for path in found if not any(part.startswith(".") for part in path.relative_to(folder).parts))


def _listed(problems: list[str]) -> str:
    return problems[0] if len(problems) == 1 else f"{len(problems)} problems in claim files:\n" + "\n".join(problems)


def load_meta(path: Path) -> SourceMeta:
    """What NAME.meta.yaml says about the file beside it. Raises: FileFailure `bad_metadata` with every problem and its line."""
    try:
        node = read_yaml(_decoded(path.read_bytes()))
        if not isinstance(node.value, dict):
            raise YamlProblem(node.line, "metadata must be keys and values (title: ..., publisher: ...)")
        problems = []
        try:
            return SourceMeta.model_validate(node.plain)
        except ValidationError as error:
            problems = [f"{path.name} line {node.line_of(place)}: {said}" for place, said in problems_of(error, SourceMeta)]
    except YamlProblem as error:
        problems = [f"{path.name} line {error.line}: {error.problem}"]
    except OSError as error:
        problems = [f"{path.name}: cannot be read ({error.strerror})"]
    raise FileFailure("\n".join(problems), hint=f"Mend {path.name}, or remove it.", code="bad_metadata")


# --- writing ------------------------------------------------------------------------------------------------------------


def _date_words(value: PartialDate) -> Any:
    """The shorthand of a date, or its keys where the shorthand would lose something."""
    words = value.value or "unknown"
    words = words if value.bound == "on" else f"{value.bound.replace('-', ' ')} {words}"
    words += "" if value.basis == "typed" else f" ({value.basis})"
    try:
        same = PartialDate.model_validate(words) == value
    except ValidationError:
        same = False
    return words if same else {"value": value.value, "bound": value.bound, "basis": value.basis}


def _plain(value: Any) -> Any:
    """A record as plain values in model order, what was never set left out."""
    if isinstance(value, PartialDate):
        return _date_words(value)
    if isinstance(value, BaseModel):
        fields = type(value).model_fields
        return {
            name: _plain(getattr(value, name))
            for name, info in fields.items()
            if info.is_required() or getattr(value, name) != info.get_default(call_default_factory=True)
        }
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def write_claims(folder: Path, claims: Sequence[Claim], *, name: str) -> tuple[Path, str]:
    """Write many claims as one list to a new file `<name>.yaml`, or `<name>-2.yaml`; gives back its path and its sha256.

    Raises: ClaimFileError where a claim holds what YAML cannot keep.
    """
    data = b"".join(b"- " + _written(claim).rstrip(b"\n").replace(b"\n", b"\n  ") + b"\n" for claim in claims)
    folder.mkdir(parents=True, exist_ok=True)
    number = 1
    while True:
        path = folder / (f"{name}.yaml" if number == 1 else f"{name}-{number}.yaml")
        with suppress(FileExistsError):
            write_whole(path, data, replace=False)
            return path, sha256_hex(data)
        number += 1


def write_claim_file(folder: Path, claim: Claim, *, replace: bool = False) -> Path:
    """Write the claim to a file `<id>.yaml`, a new one unless `replace`, and give back its path; it is whole or not there.

    Raises: ClaimFileError where a file of that name exists, or the claim holds what YAML cannot keep.
    """
    path = folder / f"{claim.id}.yaml"
    data = _written(claim)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        write_whole(path, data, replace=replace)
    except FileExistsError as error:
        raise ClaimFileError(
            f"{path.name} is already in {folder.name}/; it was not changed.",
            hint="Give the claim another id.",
            code="name_taken",
        ) from error
    return path


def is_as_written(folder: Path, claim: Claim) -> bool:
    """Whether the file of a claim is the very one that was written for it: nobody has edited it since."""
    try:
        return (folder / f"{claim.id}.yaml").read_bytes() == _written(claim)
    except OSError:
        return False


def _written(claim: Claim) -> bytes:
    try:
        return write_yaml(_plain(claim)).encode("utf-8")
    except (ValueError, UnicodeEncodeError) as error:
        raise ClaimFileError(
            f"The claim {claim.id!r} cannot be written: {error}.", hint="Remove the odd characters."
        ) from error


def slug_for(statement: str, taken: Container[str]) -> str:
    """An id for a new claim: its first words in plain letters, numbered where that id is taken.

    A statement without Latin letters or digits gets `claim-` and eight hex digits of its sha256.
    """
    letters = unicodedata.normalize("NFKD", statement.casefold()).encode("ascii", "ignore").decode("ascii").replace("'", "")
    words = regex.findall(r"[a-z0-9]+", letters[: 4 * SLUG_LENGTH])
    slug = ""
    for word in words[:SLUG_WORDS]:
        if len(slug) + len(word) >= SLUG_LENGTH:
            break
        slug = f"{slug}-{word}".lstrip("-")
    slug = slug or f"claim-{sha256_hex(statement.encode('utf-8', 'replace'))[:8]}"
    number, numbered = 2, slug
    while numbered in taken:
        numbered, number = f"{slug}-{number}", number + 1
    return numbered
