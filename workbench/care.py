"""Whether the records of a workspace are whole: `verify`.

What lives here: reading and judging, never mending. What does not: the checks of single stores, which the stores do
themselves (Ledger.verify, Originals.altered, Catalog.generation), and what the machine is made of (doctor.py).
"""

from __future__ import annotations

from collections.abc import Iterator

from workbench.desk import Desk
from workbench.errors import LedgerDamaged, WorkbenchError
from workbench.ledger.sealing import ERASED
from workbench.models import Citation, Record


class Verification(Record):
    """What `verify` found. failures: the records are not whole. notes: true, but no failure."""

    failures: tuple[str, ...]
    notes: tuple[str, ...]
    events: int
    originals: int
    citations: int


def verify(desk: Desk) -> Verification:
    """Check the chain, every original's bytes, every quoted word, and an index that claims to match."""
    failures = list(desk.ledger.verify())
    altered = desk.originals.altered()
    failures += [f"The stored file {name[:12]} no longer has the bytes it was kept with." for name in altered]
    notes: list[str] = []
    try:
        cited = list(_citations(desk))
        rows = desk.cases.rows()
        unread = sum(not rows[claim_id].retired for claim_id in desk.cases.hidden)
        if unread:
            notes.append(f"What colleagues cited for {unread} claim(s) under blind review: only workbench verify reads it.")
    except LedgerDamaged as error:
        cited = []
        failures.append(error.message)
    erased = [one for _, one in cited if one.quote == ERASED]
    if erased:
        notes.append(f"{len(erased)} citation(s) are of sources that were erased for good; their words are not looked for.")
    here = ((claim_id, one) for claim_id, one in cited if one.quote != ERASED)
    failures += [problem for claim_id, citation in here if (problem := _misquoted(desk, claim_id, citation))]
    problems = desk.catalog.problems(desk.settings)
    failures += problems
    if not problems and desk.catalog.generation() is None:
        notes.append("No index has been built yet: workbench evidence sync")
    waiting = desk.waiting()
    if waiting:
        notes.append(f"{len(waiting)} file(s) in evidence/ are not taken in: workbench evidence sync")
    entries = desk.evidence.entries()
    missing = [one for one, entry in entries.items() if not entry.purged and not desk.originals.has(one)]
    failures += [f"The original of {entries[one].title} ({one[:12]}) is missing from records/originals." for one in missing]
    described = [one.describes for one in entries.values() if one.describes and not desk.originals.has(one.describes.sha256)]
    notes += [f"{one.file} ({one.sha256[:12]}), which {one.who} described, is not in records/originals." for one in described]
    return Verification(
        failures=tuple(failures), notes=tuple(notes), events=desk.ledger.head()[0], originals=len(entries), citations=len(cited)
    )


def _citations(desk: Desk) -> Iterator[tuple[str, Citation]]:
    for case in desk.cases.judged():
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
