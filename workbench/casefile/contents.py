"""What the files of a case file say, made of nothing but what leaves.

What lives here: from a disclosed history to bytes by name. What does not: which words leave (disclosure.py), writing
(packing.py).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from workbench.casefile.disclosure import WITHHELD, Disclosed
from workbench.casefile.layout import CASE, CLAIMREVIEW, EVENTS, EXCERPTS, FORMAT, README, REPORT, VERSION
from workbench.casefile.packing import json_bytes
from workbench.exports import exporter
from workbench.ledger import SealedEvent
from workbench.models import Citation
from workbench.report import ClaimReport, build_report
from workbench.review import CLAIM_STATED
from workbench.settings import Settings

_CLOSED = f"{WITHHELD} The words are left out here: the source is not public, or was erased."
_README = """This is a case file of the claim-workbench: one fact-check, with what it rests on.

report.html       the report; it opens in any browser, without a network
excerpts.txt      the cited words, each with its place in its file
case.json         the claim and the verdict, for programs
claimreview.json  schema.org ClaimReview
events.jsonl      everything that was recorded of this claim, one event a line, each linked to the one before by its sha256
originals/        the cited files under their sha256, where they were given
manifest.json     the sha256 of every file here, and the last link of the chain

To check it, without the workspace it came from:

    workbench verify THIS_FOLDER_OR_ZIP

It reads every file again, looks for every quotation in the originals, follows the chain, and says PASS or FAIL of each
citation. Without the workbench:  sha256sum -c manifest.sha256  checks the manifest, and the manifest names the sha256 of every
other file.

Whoever makes a case file could make another one. Compare the last link of the chain, "hash" under "chain" in manifest.json,
with one that the newsroom gave you at another time or by another way.

Words that were left out stand as [withheld]. The events hold a salted digest of each, so the chain can be followed without
them.
"""


def contents(
    told: Disclosed, originals: Mapping[str, str], settings: Settings, *, software: str, now: datetime
) -> dict[str, bytes]:
    """The bytes of every file but the originals, by name. originals: the name in the case file of each source that is given."""
    report = build_report(told.case, settings, now=now)
    return {
        README: _README.encode("utf-8"),
        REPORT: exporter("html").write([report], settings, edition="full"),
        CLAIMREVIEW: exporter("claimreview").write([report], settings),
        EXCERPTS: _excerpts(report, told).encode("utf-8"),
        CASE: json_bytes(_case(told, report, originals, software)),
        EVENTS: "".join(
            json.dumps(_line(one, people), ensure_ascii=False, allow_nan=False) + "\n"
            for one, people in zip(told.events, told.people, strict=True)
        ).encode("utf-8"),
    }


def as_given(event: SealedEvent, noun: str) -> Any:
    """The claim or verdict that an event holds, with `[withheld]` for words that are not given."""
    return event.event(blank=WITHHELD).payload.get(noun)


def claim_event(events: tuple[SealedEvent, ...]) -> SealedEvent:
    """The event that states the claim as it stands."""
    return [one for one in events if one.record["kind"] in CLAIM_STATED][-1]


def _case(told: Disclosed, report: ClaimReport, originals: Mapping[str, str], software: str) -> dict[str, Any]:
    page, verdict, stated = report.page, told.standing, claim_event(told.events)
    given = next((one for one in told.events if verdict and one.hash == verdict.hash), None)
    return {
        "format": FORMAT,
        "version": VERSION,
        "software": software,
        "claim_id": page.id,
        "statement": page.statement,
        "status": page.status,
        "draft": page.draft,
        "rating": page.verdict_words,
        "claim": {"event": stated.hash, "as_given": as_given(stated, "claim")},
        "verdict": {"event": given.hash, "as_given": as_given(given, "verdict")} if given else None,
        "citations": [
            _cited(place, one, originals, place in told.closed)
            for place, one in enumerate(verdict.citations if verdict else ())
        ],
        "left_out": {
            "words": sum(one.withheld for one in told.events),
            "people": sorted({name for people in told.people for name in people.values()}),
        },
    }


def _cited(place: int, one: Citation, originals: Mapping[str, str], is_closed: bool) -> dict[str, Any]:
    return {
        "number": place + 1,
        "passage_id": one.passage_id,
        "sha256": one.source_id,
        "start": one.start,
        "end": one.end,
        "stance": one.stance,
        "quote": None if is_closed else one.quote,
        "original": originals.get(one.source_id),
    }


def _excerpts(report: ClaimReport, told: Disclosed) -> str:
    """Every cited passage with the characters around it, the cited words between ⟦ and ⟧."""
    verdict = told.standing
    parts = [report.page.statement]
    for place, one in enumerate(verdict.citations if verdict else ()):
        said = f"{one.before}⟦{one.quote}⟧{one.after}" if place not in told.closed else _CLOSED
        file = ", ".join(part for part in (one.title, one.publisher, one.page) if part and part != WITHHELD)
        is_open = place not in told.closed
        where = f"sha256 {one.source_id}, characters {one.start} to {one.end} of its text" if is_open else None
        parts.append("\n".join(line for line in (f"{place + 1}. {one.stance}", file, where, "", said) if line is not None))
    return "\n\n---\n\n".join(parts) + "\n"


def _line(one: SealedEvent, people: Mapping[str, str]) -> dict[str, Any]:
    words = [
        {"pointer": said.pointer, "salt": said.salt.hex(), "value": said.value} for said in one.words if said.salt is not None
    ]
    return {"record": dict(one.record), "hash": one.hash, "words": words, "people": dict(people)}
