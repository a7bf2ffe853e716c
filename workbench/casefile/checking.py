"""Whether a case file is whole, says one thing everywhere, and quotes its originals: asked without the workspace.

What lives here: the questions about the files and the chain. What does not: reading a case file that may be hostile
(unpacking.py), what the files say of each other (retelling.py), a quotation beside its original (quoting.py). Nothing here
changes the case file.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field, ValidationError

from workbench.casefile.disclosure import WITHHELD
from workbench.casefile.layout import (
    CASE,
    CLAIMREVIEW,
    EVENTS,
    EXCERPTS,
    FORMAT,
    MANIFEST,
    MANIFEST_SHA256,
    ORIGINAL,
    OWN,
    REPORT,
    VERSION,
)
from workbench.casefile.quoting import CitationCheck, Quoting
from workbench.casefile.retelling import retold, told_of
from workbench.casefile.unpacking import Fault, Packed, Unreadable, json_of, unpacked
from workbench.ledger import SealedEvent, chain_faults
from workbench.ledger.sealing import Words
from workbench.models import Citation, Offset, Record, Sha256, sha256_hex, spelled_out
from workbench.reading import ReadingRoom
from workbench.settings import EvidenceSettings

_SEAL = re.compile(rf"([0-9a-f]{{64}}) [ *]{re.escape(MANIFEST)}\r?\n?")
_RECORD = {
    *("seq", "subject_kind", "subject_id", "subject_revision", "kind", "created_at", "revision", "token"),
    *("subject_prev", "prev_hash", "actor", "payload"),
}


class Listed(Record):
    """A line of the manifest."""

    path: str
    bytes: Offset
    sha256: Sha256


class Chain(Record):
    """The last link of the claim's history, and of the whole ledger when the case file was made."""

    events: Annotated[int, Field(ge=1)]
    hash: Sha256
    ledger_seq: Offset
    ledger_hash: Sha256


class Manifest(Record):
    """manifest.json."""

    format: Literal["workbench-case-file"]
    version: Annotated[int, Field(ge=1)]
    software: str
    made_at: AwareDatetime
    workspace_id: str
    claim_id: str
    chain: Chain
    files: tuple[Listed, ...]


class Failed(Record):
    """A file of the case file that is not what it should be, and why."""

    file: str
    message: str


class CaseFileCheck(Record):
    """What `workbench verify CASEFILE` found. hash: the last link of the claim's chain, to be compared with one kept elsewhere.

    withheld: words of the events that were left out; of those the chain holds only salted digests.
    """

    path: str
    passed: bool
    failures: tuple[Failed, ...]
    citations: tuple[CitationCheck, ...]
    files: int
    events: int
    withheld: int
    claim_id: str | None = None
    made_at: AwareDatetime | None = None
    software: str | None = None
    hash: Sha256 | None = None


def check_case_file(path: Path, *, expected_hash: str | None = None, room: ReadingRoom | None = None) -> CaseFileCheck:
    """Whether the case file is whole. expected_hash: the last link of its chain as somebody else gave it.

    room: what reads the originals; None makes one for this case file. Raises: ExportError where there is no case file at all.
    """
    with unpacked(path) as packed, nullcontext(room) if room else ReadingRoom(EvidenceSettings()) as reading:
        return _Checking(packed, reading, expected_hash).result(path)


class _Checking:
    """One case file being looked at; faults are gathered, so that every bad file is named."""

    def __init__(self, packed: Packed, room: ReadingRoom, expected_hash: str | None) -> None:
        self._packed = packed
        self._room = room
        self._expected = expected_hash
        self._faults = list(packed.faults)

    def result(self, path: Path) -> CaseFileCheck:
        manifest = self._manifest()
        bad = self._files(manifest) if manifest else set()
        events = self._events(manifest)
        case = self._object(CASE)
        citations = self._citations(case, events, bad) if events else ()
        self._faults += [Fault(CASE, f"citation {one.number}: {one.message}") for one in citations if one.result == "FAIL"]
        failures = tuple(Failed(file=one.file, message=one.message) for one in dict.fromkeys(self._faults))
        return CaseFileCheck(
            path=str(path),
            passed=not failures,
            failures=failures,
            citations=citations,
            files=len(self._packed.sizes),
            events=len(events),
            withheld=sum(one.withheld for one in events),
            claim_id=spelled_out(manifest.claim_id) if manifest else None,
            made_at=manifest.made_at if manifest else None,
            software=spelled_out(manifest.software) if manifest else None,
            hash=events[-1].hash if events else None,
        )

    def _fault(self, file: str, message: str) -> None:
        self._faults.append(Fault(file, spelled_out(message)[:500]))

    def _missing(self, name: str) -> None:
        if all(one.file != name for one in self._faults):  # else it is known why it cannot be read
            self._fault(name, "it is missing")

    def _object(self, name: str) -> dict[str, Any]:
        """The object in a JSON file; empty, with the fault noted, where there is none."""
        if name not in self._packed.sizes:
            self._missing(name)
            return {}
        try:
            value = json_of(self._packed.whole(name))
        except Unreadable as error:
            self._fault(name, str(error))
            return {}
        if isinstance(value, dict):
            return value
        self._fault(name, "it is no JSON object")
        return {}

    def _text(self, name: str) -> str:
        try:
            return self._packed.whole(name).decode("utf-8", "replace") if name in self._packed.sizes else ""
        except Unreadable as error:
            self._fault(name, str(error))
            return ""

    # the files -----------------------------------------------------------------------------------------------------

    def _manifest(self) -> Manifest | None:
        value = self._object(MANIFEST)
        if not value:
            return None
        sealed = _SEAL.fullmatch(self._text(MANIFEST_SHA256))
        if MANIFEST_SHA256 not in self._packed.sizes:
            self._missing(MANIFEST_SHA256)
        elif sealed is None:
            self._fault(MANIFEST_SHA256, "it does not hold the sha256 of manifest.json")
        elif sealed[1] != sha256_hex(self._packed.whole(MANIFEST)):
            self._fault(MANIFEST, f"it was changed: its sha256 is not the one in {MANIFEST_SHA256}")
        if value.get("format") == FORMAT and isinstance(value.get("version"), int) and value["version"] > VERSION:
            self._fault(MANIFEST, f"it has the version {value['version']}; this workbench reads {VERSION}. Update it")
            return None
        try:
            return Manifest.model_validate(value)
        except ValidationError as error:
            first = error.errors()[0]
            self._fault(MANIFEST, f"it is no manifest: {'.'.join(map(str, first['loc']))}: {first['msg']}")
            return None

    def _files(self, manifest: Manifest) -> set[str]:
        """Every file beside its line in the manifest; the names of those that are not as listed."""
        before = len(self._faults)
        listed = {one.path: one for one in manifest.files}
        if len(listed) != len(manifest.files):
            self._fault(MANIFEST, "it lists a file twice")
        for name in (*listed, *(own for own in OWN if own not in listed)):
            if name not in self._packed.sizes:
                self._missing(name)
            elif name in listed:
                self._compare(listed[name])
        for name in self._packed.sizes:
            if name not in listed and name not in (MANIFEST, MANIFEST_SHA256):
                self._fault(name, "the manifest does not list it")
        return {one.file for one in self._faults[before:]}

    def _compare(self, one: Listed) -> None:
        try:
            digest = self._packed.sha256(one.path)
        except Unreadable as error:
            self._fault(one.path, str(error))
            return
        if (self._packed.sizes[one.path], digest) != (one.bytes, one.sha256):
            self._fault(one.path, "it was changed: it does not have the sha256 that the manifest lists")
        named = ORIGINAL.fullmatch(one.path)
        if named and named[1] != digest:
            self._fault(one.path, "its bytes are not those of the sha256 it is named by")

    # the chain -----------------------------------------------------------------------------------------------------

    def _events(self, manifest: Manifest | None) -> tuple[SealedEvent, ...]:
        """The events, where the file holds nothing else; their chain is followed."""
        if EVENTS not in self._packed.sizes:
            self._missing(EVENTS)
            return ()
        try:
            events = tuple(
                _event(number, line) for number, line in enumerate(self._packed.whole(EVENTS).splitlines(), 1) if line.strip()
            )
        except Unreadable as error:
            self._fault(EVENTS, str(error))
            return ()
        for sentence in chain_faults(events):
            self._fault(EVENTS, sentence)
        if manifest:
            self._chain(manifest, events)
        last = events[-1].hash if events else None
        if self._expected is not None and self._expected != last:
            self._fault(EVENTS, f"its last link is {last}, not {self._expected}")
        return events

    def _chain(self, manifest: Manifest, events: tuple[SealedEvent, ...]) -> None:
        chain = manifest.chain
        if (len(events), events[-1].hash if events else None) != (chain.events, chain.hash):
            self._fault(EVENTS, f"the manifest tells of {chain.events} events, and of another last one: events are missing")
        for one in events:
            if (one.record["subject_kind"], one.record["subject_id"]) != ("claim", manifest.claim_id):
                self._fault(EVENTS, f"record {one.record['seq']} is not about the claim {manifest.claim_id}")
        if events and events[-1].record["seq"] > chain.ledger_seq:
            self._fault(MANIFEST, "the ledger it tells of ends before the last event of the claim")

    # what they say -------------------------------------------------------------------------------------------------

    def _citations(self, case: dict[str, Any], events: tuple[SealedEvent, ...], bad: set[str]) -> tuple[CitationCheck, ...]:
        """Every citation of the verdict in the events, once the other files say what the events do."""
        try:
            told = told_of(events, case)
        except (ValueError, IndexError, KeyError, TypeError, AttributeError):
            self._fault(EVENTS, "its events are not those of a claim, or of the verdict that case.json names")
            return ()
        texts = {name: self._text(name) for name in (REPORT, EXCERPTS)}
        for file, message in retold(told, case, texts, self._object(CLAIMREVIEW)):
            if file in self._packed.sizes:
                self._fault(file, message)
        self._uncited(told.citations)
        return Quoting(self._packed, bad, self._room).check(told.citations)

    def _uncited(self, cited: Sequence[Citation]) -> None:
        known = {one.source_id for one in cited}
        for name in self._packed.sizes:
            named = ORIGINAL.fullmatch(name)
            if named and named[1] not in known:
                self._fault(name, "no citation names it")


class _Given(Record):
    pointer: str
    salt: Annotated[str, Field(pattern=r"^([0-9a-f]{2}){1,64}$")]
    value: str


class _Line(Record):
    record: dict[str, Any]
    hash: Sha256
    words: tuple[_Given, ...]
    people: dict[str, str]


def _event(number: int, data: bytes) -> SealedEvent:
    """The event of one line. Raises: Unreadable."""
    try:
        line = _Line.model_validate(json_of(data))
        words = tuple(Words(one.pointer, bytes.fromhex(one.salt), one.value) for one in line.words)
        found = SealedEvent(line.record, line.hash, words)
        if line.record.keys() != _RECORD:
            raise ValueError("its fields are not those of an event")
        found.event(blank=WITHHELD)
        return found
    except (ValueError, KeyError, TypeError) as error:
        raise Unreadable(f"line {number} is no event ({str(error).splitlines()[0]})") from error
    except Unreadable as error:
        raise Unreadable(f"line {number}: {error}") from error
