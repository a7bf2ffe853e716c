"""Looking after a workspace: `verify` (are the records whole?) and `doctor` (what is this machine made of?).

What lives here: reading and judging, never mending. What does not: the checks of single stores, which the stores do
themselves (Ledger.verify, Originals.altered, Catalog.generation).
"""

from __future__ import annotations

import platform
import shutil
import sqlite3
from collections.abc import Iterator

from workbench.desk import Desk
from workbench.errors import LedgerDamaged, StaleIndex, WorkbenchError
from workbench.models import Citation, Record
from workbench.reading.ocr import installed

LOW_SPACE = 1_000_000_000  # bytes: below this an index generation of a large workspace may not fit


class Verification(Record):
    """What `verify` found. failures: the records are not whole. notes: true, but no failure."""

    failures: tuple[str, ...]
    notes: tuple[str, ...]
    events: int
    originals: int
    citations: int


class Check(Record):
    """One line of `doctor`."""

    name: str
    value: str
    ok: bool = True
    hint: str = ""


def verify(desk: Desk) -> Verification:
    """Check the chain, every original's bytes, every quoted word, and an index that claims to match."""
    failures = list(desk.ledger.verify())
    altered = desk.originals.altered()
    failures += [f"The stored file {name[:12]} no longer has the bytes it was kept with." for name in altered]
    notes: list[str] = []
    try:
        cited = list(_citations(desk))
    except LedgerDamaged as error:
        cited = []
        failures.append(error.message)
    failures += [problem for claim_id, citation in cited if (problem := _misquoted(desk, claim_id, citation))]
    problems = desk.catalog.problems(desk.settings)
    failures += problems
    if not problems and desk.catalog.generation() is None:
        notes.append("No index has been built yet: workbench evidence sync")
    waiting = desk.waiting()
    if waiting:
        notes.append(f"{len(waiting)} file(s) in evidence/ are not taken in: workbench evidence sync")
    entries = desk.evidence.entries()
    missing = [one for one in entries if not desk.originals.has(one)]
    failures += [f"The original of {entries[one].title} ({one[:12]}) is missing from records/originals." for one in missing]
    described = [one.describes for one in entries.values() if one.describes and not desk.originals.has(one.describes.sha256)]
    notes += [f"{one.file} ({one.sha256[:12]}), which {one.who} described, is not in records/originals." for one in described]
    return Verification(
        failures=tuple(failures), notes=tuple(notes), events=desk.ledger.head()[0], originals=len(entries), citations=len(cited)
    )


def _citations(desk: Desk) -> Iterator[tuple[str, Citation]]:
    for case in desk.claims():
        for verdict in case.verdicts:
            for citation in verdict.citations:
                yield case.claim.id, citation


def _misquoted(desk: Desk, claim_id: str, citation: Citation) -> str | None:
    """A sentence if the quoted words do not stand in the kept text at their place, else None."""
    try:
        text = desk.originals.text(citation.text_sha256)
    except WorkbenchError:
        return f"The text cited for {claim_id} ({citation.title}) is missing from records/texts."
    if text[citation.start : citation.end] != citation.quote:
        place = f"{citation.start}-{citation.end}"
        return f"The words cited for {claim_id} from {citation.title} differ from the kept text at {place}."
    return None


def doctor(desk: Desk) -> list[Check]:
    """What the machine and the workspace are made of, each line with what to do where it is not well."""
    free = shutil.disk_usage(desk.workspace.root).free
    try:
        index_now = desk.searcher.open()
        index = Check(name="index", value=index_now.generation.name if index_now else "not built yet")
    except StaleIndex as error:
        index = Check(name="index", value=error.message, ok=False, hint=error.hint)
    chain = desk.ledger.verify()
    return [
        Check(name="python", value=platform.python_version()),
        Check(name="sqlite", value=f"{sqlite3.sqlite_version}, journal {desk.ledger.journal_mode}"),
        Check(
            name="ledger",
            value=f"{desk.ledger.head()[0]} events" if not chain else chain[0],
            ok=not chain,
            hint="" if not chain else "Restore a backup.",
        ),
        Check(name="drafts", value=str(len(desk.ledger.drafts()))),
        Check(
            name="evidence",
            value=f"{len(desk.library())} sources, {len(desk.failures())} unreadable, {len(desk.waiting())} waiting",
        ),
        index,
        _ocr(),
        Check(
            name="free space",
            value=f"{free / 1e9:.1f} GB",
            ok=free > LOW_SPACE,
            hint="" if free > LOW_SPACE else "Free some space on this disk.",
        ),
    ]


def _ocr() -> Check:
    """Whether scans and pictures can be read. They need not: without tesseract each is a failure that says so."""
    found = installed()
    if found is None:
        hint = "To read scans and pictures, install tesseract (Debian and Ubuntu: apt-get install tesseract-ocr)."
        return Check(name="ocr", value="no tesseract", hint=hint)
    return Check(name="ocr", value=f"tesseract {found.version}: {', '.join(found.languages)}")
