"""The restore drill of H12: a workspace of a size a newsroom reaches is backed up, restored, and compared byte by byte."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.conftest import ANA, NOON, FakeEncoder, make_claim
from workbench.backup import backup, restore
from workbench.desk import Desk
from workbench.models import NewEvent, VerdictRequest

BATCH = 500
REVISIONS = 50  # of one claim


class Drilled(NamedTuple):
    """What differs after a restore ([]: nothing), and the seconds both took (wall and CPU)."""

    differences: list[str]
    events: int
    files: int
    seconds: float
    cpu_seconds: float


def drill(folder: Path, *, verdicts: int, files: int) -> Drilled:
    """Back up and restore a workspace of so many verdicts and files."""
    home = folder / "desk"
    (home / "evidence").mkdir(parents=True)
    (home / "workbench.toml").write_text('name = "Drill"\n', encoding="utf-8")
    with Desk.open(home, encoder=FakeEncoder, now=lambda: NOON) as desk:
        events = [*_verdicts(desk, verdicts)]
        for start in range(0, len(events), BATCH):
            desk.ledger.append_all(events[start : start + BATCH])
        for number in range(files):
            data = f"Observer {number} counted {number} votes. ".encode() * 200
            (home / "evidence" / f"{number}.txt").write_bytes(data)
            desk.originals.keep_bytes(data)
        began, cpu = time.monotonic(), time.process_time()
        made = backup(desk, folder / "backup", now=NOON)
        back = restore(folder / "backup", folder / "again")
        took, used = time.monotonic() - began, time.process_time() - cpu
        head = desk.ledger.head()
    differences = [] if (made.head, made.events) == (back.head, back.events) == head[::-1] else ["the newest record differs"]
    with Desk.open(folder / "again", encoder=FakeEncoder) as again:
        differences += again.ledger.verify() + ([] if again.ledger.head() == head else ["the restored head differs"])
    differences += [
        f"{part} differs"
        for part in ("evidence", "claims", "records/originals", "records/texts")
        if _bytes_of(home / part) != _bytes_of(folder / "again" / part)
    ]
    return Drilled(differences, head[0], made.files, took, used)


def _verdicts(desk: Desk, count: int) -> Iterator[NewEvent]:
    """So many more verdicts like one that was recorded on each claim, each the next revision of its reviewer."""
    for number in range(max(1, count // REVISIONS)):
        claim_id = f"claim-{number}"
        desk.add_claim(make_claim(claim_id), actor=ANA)
        request = VerdictRequest(
            claim_id=claim_id, rating="not-enough-evidence", reviewer=ANA, token=f"t{number}", rationale="Why."
        )
        desk.record(request)
        first = desk.ledger.events("claim", claim_id)[-1]
        for revision in range(2, REVISIONS + 1):
            values = first.model_dump(include=set(NewEvent.model_fields))
            yield NewEvent.model_validate({**values, "revision": revision, "token": f"t{number}-{revision}"})


def _bytes_of(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }
