"""H5: hostile files by the hundred through the real reading process: none ends it, keeps it, or is read as nothing.

The seeds are the files of the hostile tests (docs/hostile.md) and those that the fuzz targets begin with. Each is tried as it
is and altered as a disk, a careless program and an attacker alter files; archives are altered inside as well, since a changed
byte outside is only ever a wrong checksum. After every tenth a good file is read.
"""

from __future__ import annotations

import itertools
import os
import random
import resource
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import NamedTuple

from tests.promises import hold_promises
from workbench.errors import FileFailure
from workbench.models import sha256_hex
from workbench.reading import ReadingRoom
from workbench.settings import EvidenceSettings

GOOD = b"Read normally."
NEIGHBOURS = 10  # a good file is read after so many
Alteration = Callable[[bytes, random.Random], bytes]


class Seed(NamedTuple):
    """A file to alter. made: what is read, from the bytes that are altered."""

    name: str
    file: str
    data: Callable[[], bytes]
    made: Callable[[bytes], bytes] = bytes


class Tried(NamedTuple):
    """What one file came to. code: of the failure, or "read". cpu: seconds. peak_mb: the most the process held."""

    name: str
    code: str
    cpu: float
    peak_mb: int
    problem: str = ""


def seeds() -> Iterator[Seed]:
    """Every file to begin with, each with the suffix it is read under."""
    # Here, since they load the pages and every reader, which the processes forked by other trials have no use for.
    from tests import test_hostile, test_reading
    from tests.fuzz.targets import TARGETS

    for name, (file, make, *_) in {**test_hostile.READ, **test_hostile.REFUSED}.items():
        yield Seed(name, file, make)  # type: ignore[arg-type]  # a table of two shapes
    for name, (file, make, _) in test_reading.HOSTILE.items():
        yield Seed(name, file, make)
    for name, target in TARGETS.items():
        for number, data in enumerate(target.seeds()):
            yield Seed(f"{name} {number}", target.file, lambda data=data: data, target.made)  # type: ignore[misc]


def _as_it_is(data: bytes, _: random.Random) -> bytes:
    return data


def _cut(data: bytes, luck: random.Random) -> bytes:
    return data[: luck.choice((1, len(data) // 10, len(data) // 2, len(data) - 1))]


def _flipped(data: bytes, luck: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(8 if changed else 0):
        changed[luck.randrange(len(changed))] ^= 1 << luck.randrange(8)
    return bytes(changed)


def _blanked(data: bytes, luck: random.Random) -> bytes:
    start = luck.randrange(len(data) + 1)
    return data[:start] + b"\0" * 64 + data[start + 64 :]


def _repeated(data: bytes, luck: random.Random) -> bytes:
    start = luck.randrange(len(data) + 1)
    return data[:start] + data[start : start + 5_000] * 40 + data[start:]


def _grown(data: bytes, luck: random.Random) -> bytes:
    """Its numbers become huge: counts, lengths and sizes that lie."""
    digits = [place for place, byte in enumerate(data[:200_000]) if chr(byte).isdigit()]
    if not digits:
        return data + b"9" * 5_000
    place = luck.choice(digits)
    return data[:place] + b"4294967297" + data[place + 1 :]


ALTERATIONS: dict[str, Alteration] = {
    "as it is": _as_it_is,
    "cut": _cut,
    "bits flipped": _flipped,
    "64 bytes blank": _blanked,
    "a part forty times": _repeated,
    "a huge number": _grown,
}
SUFFIXES = (".pdf", ".docx", ".html", ".txt", ".csv", ".eml", ".zip", ".xlsx", ".epub", ".srt", ".png")


def cases(seed: int) -> Iterator[tuple[str, str, Callable[[], bytes]]]:
    """(what it is, name of the file, its bytes): every seed with every alteration, and once under a suffix that lies."""
    for one in seeds():
        for how, altered in ALTERATIONS.items():
            luck = random.Random(f"{seed} {one.name} {how}")
            yield f"{one.name}: {how}", one.file, partial(_made, one, altered, luck)
        lie = random.Random(f"{seed} {one.name}").choice([suffix for suffix in SUFFIXES if not one.file.endswith(suffix)])
        yield f"{one.name}: as {lie}", f"a{lie}", partial(_made, one, _as_it_is, random.Random(seed))


def _made(one: Seed, altered: Alteration, luck: random.Random) -> bytes:
    data = altered(one.data(), luck)
    try:
        return one.made(data)
    except ValueError:  # an archive that cannot even be put together so
        return data


def try_all(folder: Path, *, seed: int, first: int = 1, every: int = 1) -> Iterator[Tried]:
    """Each case from the first on (or every so many-th), as its file, and a good one now and then."""
    limits = EvidenceSettings()
    with ReadingRoom(limits) as room:
        for number, (what, file, made) in enumerate(itertools.islice(cases(seed), first - 1, None, every)):
            yield _tried(room, folder / file, what, made())
            if number % NEIGHBOURS == 0:
                good = _tried(room, folder / "good.txt", "the next file", GOOD)
                if good.code != "read" or good.problem:
                    yield good._replace(problem=f"after {what} a good file is not read: {good.code} {good.problem}")


def _tried(room: ReadingRoom, path: Path, what: str, data: bytes) -> Tried:
    path.write_bytes(data)
    before = _used(room)
    try:
        source = room.read(path, name=path.name, source_id=sha256_hex(data))
        hold_promises(source)
        code, problem = "read", ""
    except FileFailure as failure:
        code = failure.code
        clear = failure.message.startswith(path.name) and failure.hint
        problem = "" if clear and code != "reader_crashed" else f"{code}: {failure.message}"
    except AssertionError as error:
        code, problem = "read", f"a promise is broken: {error}"
    path.unlink()
    return Tried(what, code, _used(room) - before, _peak_mb(room), problem)


def _used(room: ReadingRoom) -> float:
    """CPU seconds of the reading processes so far, those that ended included."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = ended.ru_utime + ended.ru_stime
    with suppress(OSError):
        fields = Path(f"/proc/{room.process_id}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        used += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return used


def _peak_mb(room: ReadingRoom) -> int:
    """The most that the reading process held since it was last asked; 0 where none is left."""
    try:
        status = Path(f"/proc/{room.process_id}/status").read_text(encoding="ascii")
        Path(f"/proc/{room.process_id}/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return 0
    return next(int(line.split()[1]) // 1024 for line in status.splitlines() if line.startswith("VmHWM"))
