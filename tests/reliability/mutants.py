"""H7: files of an index altered in every way a disk, a program or a person does; none may be searched, all are mended."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.conftest import FakeEncoder
from tests.test_catalog import SETTINGS, make_source
from workbench import lexical, vectors
from workbench.catalog import Catalog, on_disk
from workbench.errors import StaleIndex

QUERY = "Observers counted ballot box seven."


class Mutated(NamedTuple):
    """Of so many mutations, how many were seen before a library read the file, and how many found the same after a rebuild."""

    tried: int
    caught: int
    mended: int
    missed: list[str]


def library(folder: Path, name: str = "a", files: int = 12) -> Catalog:
    """A catalog with a built index."""
    catalog = Catalog(folder)
    catalog.put_all(
        make_source(f"{name}{number}.txt", *(f"Observers {name} counted ballot box {number} {n}." for n in range(6)))
        for number in range(files)
    )
    catalog.build(FakeEncoder(), SETTINGS)
    return catalog


def mutate(folder: Path, *, count: int, seed: int) -> Mutated:
    """So many mutations of one index, each on a fresh copy."""
    first, other, older = folder / "first", folder / "other", folder / "older"
    catalog = library(first)
    library(other, "b")
    shutil.copytree(first, older)
    catalog.put(*make_source("new.txt", "A word that came later."))
    catalog.build(FakeEncoder(), SETTINGS)
    wanted = _top(catalog)
    catalog.close()
    choice = random.Random(seed)
    caught = mended = 0
    missed = []
    for number in range(count):
        place = folder / "mutant"
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(first, place)
        what = _mutation(place, other, older, choice, number)
        seen, found = _looked_at(place)
        caught, mended = caught + seen, mended + (found == wanted)
        if not seen or found != wanted:
            missed.append(what)
    return Mutated(count, caught, mended, missed)


def _top(catalog: Catalog) -> list[str]:
    """The ten best of both indexes, as texts."""
    generation = catalog.generation()
    assert generation is not None
    best = generation.dense.search(FakeEncoder().encode([QUERY])[0], 10) + generation.lexical.search(QUERY, 10)
    texts = catalog.passages_by_id([one for one, _ in best])
    return [f"{texts[one].text} {score:.4f}" for one, score in best]


def _looked_at(place: Path) -> tuple[bool, list[str]]:
    """Whether opening it was refused with no library called, and what is found once it was built again."""
    opened: list[str] = []

    class Watching(vectors.DenseIndex):
        @classmethod
        def read(cls, *given: object, **named: object) -> vectors.DenseIndex:
            opened.append("faiss")
            return super().read(*given, **named)  # type: ignore[arg-type]

    class WatchingWords(lexical.LexicalIndex):
        def __init__(self, *given: object, **named: object) -> None:
            opened.append("tantivy")
            super().__init__(*given, **named)  # type: ignore[arg-type]

    catalog = Catalog(place)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(on_disk, "DenseIndex", Watching)
        patch.setattr(on_disk, "LexicalIndex", WatchingWords)
        try:
            found = catalog.generation()
            seen = found is None or found.mismatch(catalog.corpus(), SETTINGS.evidence) is not None  # CURRENT was altered
        except StaleIndex:
            seen = not opened
    catalog.build(FakeEncoder(), SETTINGS)
    return seen, _top(catalog)


def _mutation(place: Path, other: Path, older: Path, choice: random.Random, number: int) -> str:
    """Alter one file of the current index; what was done."""
    home = place / "generations"
    current = home / (home / "CURRENT").read_text(encoding="utf-8").split()[0]
    named = [path for path in sorted(current.rglob("*")) if path.is_file() and path.suffix != ".lock"]
    file = (home / "CURRENT") if number % 25 == 0 else named[number % len(named)]
    ways = list(_ways(file, place, other, older))
    name, changed = ways[choice.randrange(len(ways))] if number % 3 else _flipped(file, choice)
    before = file.read_bytes()
    if changed == before:
        name, changed = _flipped(file, choice)
    file.unlink()  # it may be a link that another generation shares
    if changed is not None:
        file.write_bytes(changed)
    return f"{file.relative_to(home)}: {name}"


def _flipped(file: Path, choice: random.Random) -> tuple[str, bytes]:
    data = bytearray(file.read_bytes())
    if not data:
        return "a byte added", b"\0"
    at, bit = choice.randrange(len(data)), choice.randrange(8)
    data[at] ^= 1 << bit
    return f"bit {bit} of byte {at} flipped", bytes(data)


def _ways(file: Path, place: Path, other: Path, older: Path) -> Iterator[tuple[str, bytes | None]]:
    data = file.read_bytes()
    yield "deleted", None
    yield "emptied", b""
    yield "ten bytes left", data[:10]
    yield "cut in half", data[: len(data) // 2]
    yield "a byte short", data[:-1]
    yield "a byte more", data + b"\0"
    yield "a page in its place", b"<html>404</html>"
    yield "a pickle in its place", b"\x80\x04\x95\x00\x00\x00\x00\x00\x00\x00\x00."
    for what, elsewhere in (("of another workspace", other), ("from before", older)):
        twin = [path for path in (elsewhere / "generations").rglob(file.name) if path.is_file()]
        if twin:
            yield what, twin[0].read_bytes()
