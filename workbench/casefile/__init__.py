"""The case file: one fact-check with what it rests on, which a stranger can check without the workspace.

    layout.py       the names of its files, and what is too much
    disclosure.py   which words leave
    contents.py     what each file says
    packing.py      writing a folder or a zip, with the manifest
    unpacking.py    reading one that anybody may have made
    checking.py     whether it is whole, and whether every quotation stands in its original

What does not live here: what a report says (workbench.report), how events are sealed and chained (workbench.ledger).
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path, PurePath

from workbench.casefile.disclosure import Disclosed, Disclosure, disclose
from workbench.casefile.layout import FORMAT, VERSION
from workbench.casefile.packing import pack
from workbench.cases import Cases
from workbench.errors import Refused
from workbench.ledger import Ledger
from workbench.library import Library
from workbench.models import Case, Citation, Record, Sha256, canonical_json
from workbench.originals import Originals
from workbench.protection import Protection
from workbench.reading.formats import FORMATS
from workbench.review import is_hidden
from workbench.settings import Settings
from workbench.version import VERSION as SOFTWARE_VERSION

__all__ = ["CaseFileWritten", "CaseFiles", "Disclosure"]


class CaseFileWritten(Record):
    """What a case file holds. hash: the last link of the claim's chain, for whoever wants to compare it later.

    citations: how many; closed: how many of them without their words. without_original: sha256 of cited files not given.
    withheld: words of the events that are left out.
    """

    path: str
    claim_id: str
    bytes: int
    files: int
    events: int
    hash: Sha256
    citations: int
    closed: int
    without_original: tuple[Sha256, ...]
    withheld: int


class CaseFiles:
    """The case files of one workspace."""

    def __init__(
        self,
        cases: Cases,
        ledger: Ledger,
        evidence: Library,
        protection: Protection,
        originals: Originals,
        settings: Settings,
        now: Callable[[], datetime],
    ) -> None:
        self._cases = cases
        self._ledger = ledger
        self._evidence = evidence
        self._protection = protection
        self._originals = originals
        self._settings = settings
        self._now = now

    def packed(self, claim_id: str, wanted: Disclosure | None = None) -> bytes:
        """The case file of a claim as the bytes of a zip. Raises: as `write` does."""
        with tempfile.TemporaryDirectory(prefix="workbench-casefile-") as folder:
            target = Path(folder) / f"{claim_id}.zip"
            self.write(claim_id, target, wanted)
            return target.read_bytes()

    def write(self, claim_id: str, target: Path, wanted: Disclosure | None = None) -> CaseFileWritten:
        """Write the case file of a claim: a zip where the target's name ends in .zip, else a new folder.

        Raises: UnknownId, Refused under an embargo or while reviewers are blind, ExportError, LedgerDamaged; then nothing is
        written.
        """
        from workbench.casefile.contents import contents  # templates and markup: only where a case file is made

        wanted = wanted or Disclosure()
        now = self._now()
        self._refuse_what_may_not_leave(self._cases.get(claim_id), now)
        sealed = self._ledger.sealed("claim", claim_id)
        seq, head = self._ledger.head()  # after them: it is never older than they are
        told = disclose(sealed, wanted, self._is_public, self._protection.telling("public").names)
        if not wanted.confidential:
            self._refuse_what_is_named(claim_id, told)
        software = f"workbench {SOFTWARE_VERSION}"
        cited = {one.source_id: one for one in self._open_citations(told)}
        given = {source_id: self._name(one) for source_id, one in cited.items() if wanted.originals and self._has(one)}
        files: dict[str, bytes | Path] = {**contents(told, given, self._settings, software=software, now=now)}
        files |= {name: self._originals.path(source_id) for source_id, name in given.items()}
        manifest = {
            "format": FORMAT,
            "version": VERSION,
            "software": software,
            "made_at": now.astimezone(UTC).isoformat(timespec="seconds"),
            "workspace_id": self._ledger.workspace_id,
            "claim_id": claim_id,
            "chain": {"events": len(sealed), "hash": sealed[-1].hash, "ledger_seq": seq, "ledger_hash": head},
        }
        size = pack(target, files, manifest)
        return CaseFileWritten(
            path=str(target),
            claim_id=claim_id,
            bytes=size,
            files=len(files) + 2,
            events=len(sealed),
            hash=sealed[-1].hash,
            citations=len(told.standing.citations) if told.standing else 0,
            closed=len(told.closed),
            without_original=tuple(sorted(cited.keys() - given.keys())),
            withheld=sum(one.withheld for one in told.events),
        )

    def _refuse_what_may_not_leave(self, case: Case, now: datetime) -> None:
        """Raises: Refused. A history cannot be given in part: what each reviewer rated stands in the clear in it."""
        if case.is_blind or is_hidden(case, None, self._settings.review):
            hint = "Nothing was written. Wait until all of its reviews are in: the history shows what each of them is."
            raise Refused(f"Reviewers of {case.claim.id} are still blind to one another.", hint=hint, code="blind")
        if case.embargo is not None and case.is_embargoed(now):
            hint = "Nothing was written. Wait until then, or lift the embargo."
            raise Refused(f"{case.claim.id} is under embargo until {case.embargo.until}.", hint=hint, code="embargoed")

    def _refuse_what_is_named(self, claim_id: str, told: Disclosed) -> None:
        """Raises: Refused where a record names a source that is confidential today and was not when it was stored.

        Its id is then part of what the hash covers, and cannot be left out.
        """
        secret = {one[:16] for one, access in self._evidence.protected().items() if access == "confidential"}
        named = [
            one.record["seq"] for one in told.events if secret and any(each in canonical_json(one.record) for each in secret)
        ]
        if named:
            hint = (
                "Nothing was written. Give a report instead, or the case file with --with-confidential to whoever may have it."
            )
            told_of = f"A source became confidential after record {named[0]} of {claim_id} named its sha256 in the clear."
            raise Refused(told_of, hint=hint, code="names_protected")

    def _open_citations(self, told: Disclosed) -> Iterator[Citation]:
        for place, one in enumerate(told.standing.citations if told.standing else ()):
            if place not in told.closed:
                yield one

    def _is_public(self, one: Citation) -> bool:
        """Whether a source was public when it was cited, and still is."""
        return one.access == "public" and self._evidence.is_public(one.source_id)

    def _has(self, one: Citation) -> bool:
        return self._originals.has(one.source_id)

    def _name(self, one: Citation) -> str:
        """The name of an original in the case file: its sha256, and the suffix that says how to read it."""
        entry = self._evidence.entries().get(one.source_id)
        named = [PurePath(path).suffix.lower() for path in (*(entry.paths if entry else ()), one.path or "")]
        of_type = [suffix for suffix, form in FORMATS.items() if entry and form.media_type == entry.media_type]
        suffix = next((each for each in (*named, *of_type) if each in FORMATS), ".bin")
        return f"originals/{one.source_id}{suffix}"
