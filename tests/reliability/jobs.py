"""What people do with a workspace, each done so that it can be killed and done again, and what must hold whatever happened.

A job prepares a folder, works in it, and is looked at twice: as it was left (`left`), and after it was done again (`done`).
Both give a sentence for each thing that does not hold.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ANA, NOON, FakeEncoder, make_claim
from tests.reliability.forks import Say
from tests.reliability.upgrade import a_newer_schema, old_ledger, tried
from workbench import intake
from workbench.backup import backup, check, restore
from workbench.care import verify
from workbench.cli import report
from workbench.desk import Desk
from workbench.errors import ClaimFileError, WorkbenchError, WorkspaceError
from workbench.ledger import Ledger, migrations
from workbench.models import Cite, Draft, Source, VerdictRequest
from workbench.reading import ReadingRoom, worker

VERDICTS = 3
TEXTS = {
    "vote.txt": "The resolution passed by 119 votes to 1.\n\nNobody abstained.",
    "un/fraud.txt": "Observers saw no fraud.\n\nThe army said otherwise.",
    "count.txt": "Eleven million votes were counted twice, the army said.",
}


class HereRoom(ReadingRoom):
    """Reads in this process: what is tried is writing, and a reading process takes longer to start than everything else."""

    def read_with_parts(self, path: Path, *, name: str, source_id: str, language: str | None = None) -> Any:
        source, reading = worker.read_file(str(path), name, Path(name).suffix, source_id)
        assert isinstance(source, Source)
        return source, reading.parts


@dataclass(frozen=True)
class Job:
    """One thing people do. folder: all it touches is below."""

    folder: Path

    @property
    def home(self) -> Path:
        """The workspace."""
        return self.folder / "desk"

    def prepare(self) -> None:
        """Make the folder as it is before the job."""
        for part in ("claims", "evidence"):
            (self.home / part).mkdir(parents=True)
        (self.home / "workbench.toml").write_text('name = "Crash"\n', encoding="utf-8")

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(intake, "ReadingRoom", HereRoom)
            with Desk.open(self.home, encoder=FakeEncoder, now=lambda: NOON) as opened:
                yield opened

    def work(self, say: Say) -> None:
        """Do it. `ACK token hash` for each verdict that was acknowledged."""
        raise NotImplementedError

    def left(self) -> Iterator[str]:
        """What does not hold of what an interrupted run left behind; reads only."""
        yield from ()

    def done(self, acked: dict[str, str]) -> Iterator[str]:
        """What does not hold after it was done again. acked: hash by token of every verdict that was acknowledged."""
        with self.desk() as desk:
            stored: dict[str, str] = {}
            for event in desk.ledger.since():
                if event.token in stored:
                    yield f"the token {event.token} is stored twice"
                if event.token:
                    stored[event.token] = event.hash
            yield from (f"the verdict {token} was acknowledged and lost" for token in acked if token not in stored)
            yield from (
                f"the verdict {token} was changed" for token in acked if stored.get(token, acked[token]) != acked[token]
            )
            yield from verify(desk).failures


class Saving(Job):
    """Verdicts with drafts before them."""

    def prepare(self) -> None:
        super().prepare()
        with self.desk() as desk:
            desk.add_claim(make_claim("c"), actor=ANA)

    def work(self, say: Say) -> None:
        with self.desk() as desk:
            for number in range(VERDICTS):
                token = f"t{number}"
                if desk.ledger.by_token(token) is None:
                    draft = Draft(claim_id="c", reviewer=ANA, token=token, updated_at=NOON, rationale="Half a thought")
                    desk.ledger.save_draft(draft)
                request = VerdictRequest(
                    claim_id="c", rating="not-enough-evidence", reviewer=ANA, token=token, rationale=f"Why {number}. " * 9
                )
                say("ACK", token, desk.record(request).hash)

    def done(self, acked: dict[str, str]) -> Iterator[str]:
        yield from super().done(acked)
        with self.desk() as desk:
            if [verdict.revision for verdict in desk.case("c").verdicts] != list(range(1, VERDICTS + 1)):
                yield "the verdicts are not three revisions"
            if desk.ledger.drafts():
                yield "a draft outlived its verdict"


class Beginning(Job):
    """A new workspace: its ledger is made, and a first claim and its file."""

    def work(self, say: Say) -> None:
        with self.desk() as desk:
            try:
                desk.add_claim(make_claim("first"), actor=ANA)
            except ClaimFileError:
                desk.sync_claims()  # it was stored before

    def done(self, acked: dict[str, str]) -> Iterator[str]:
        yield from super().done(acked)
        with self.desk() as desk:
            if [case.claim.id for case in desk.claims()] != ["first"]:
                yield "the claim is not there once"


class TakingIn(Job):
    """Files of evidence read, stored, encoded and indexed."""

    def prepare(self) -> None:
        super().prepare()
        (self.home / "evidence" / "un").mkdir()
        for name, text in TEXTS.items():
            (self.home / "evidence" / name).write_text(text, encoding="utf-8")

    def work(self, say: Say) -> None:
        with self.desk() as desk:
            failed = desk.sync_evidence().failed
            if failed:
                one = failed[0]
                raise WorkbenchError(one.message, code=one.code)

    def left(self) -> Iterator[str]:
        for name, text in TEXTS.items():
            if (self.home / "evidence" / name).read_text(encoding="utf-8") != text:
                yield f"{name} in evidence/ was changed"

    def done(self, acked: dict[str, str]) -> Iterator[str]:
        yield from super().done(acked)
        with self.desk() as desk:
            if len(desk.library()) != len(TEXTS) or desk.waiting() or desk.failures():
                yield f"{len(desk.library())} of {len(TEXTS)} files were taken in, {len(desk.waiting())} wait"
            if {hit.source_id for hit in desk.find("army fraud votes").hits} != {one.source_id for one in desk.library()}:
                yield "the search does not find every file"
            if list((self.home / ".workbench").glob("generations/gen-*.tmp")):
                yield "a draft of an index was left"


class Migrating(Job):
    """A ledger of the schema before, opened."""

    def prepare(self) -> None:
        super().prepare()
        old_ledger(migrations.HEAD, self.home / "records" / "ledger.sqlite")
        with a_newer_schema(self.folder / "steps"):
            pass  # the step is written before anything can go wrong

    @property
    def _ledger(self) -> Path:
        return self.home / "records" / "ledger.sqlite"

    def work(self, say: Say) -> None:
        with a_newer_schema(self.folder / "steps"):
            Ledger.open(f"sqlite:///{self._ledger}").close()

    def left(self) -> Iterator[str]:
        old, new = (migrations.HEAD, -1), ("9999", 8)
        copy = self.folder / "looked-at.sqlite"  # looking at it would roll back what a killed migration left
        for suffix in ("", "-journal", "-wal"):
            if Path(f"{self._ledger}{suffix}").exists():
                shutil.copy(f"{self._ledger}{suffix}", f"{copy}{suffix}")
        if (found := tried(copy)) not in (old, new):
            yield f"the schema is between two: {found}"

    def done(self, acked: dict[str, str]) -> Iterator[str]:
        if tried(self._ledger) != ("9999", 8):
            yield "the ledger was not migrated"
        kept = self._ledger.with_name(f"ledger.sqlite.before-migration-from-{migrations.HEAD}")
        before = Ledger.open(f"sqlite:///{kept}")
        if before.verify() or before.head()[0] != 8:
            yield "the copy from before is not whole"
        with a_newer_schema(self.folder / "steps"):
            after = Ledger.open(f"sqlite:///{self._ledger}")
            if after.verify() or after.head() != before.head():
                yield "records were lost on the way"


class Exporting(Job):
    """A report written over the one before."""

    def prepare(self) -> None:
        super().prepare()
        with self.desk() as desk:
            desk.add_claim(make_claim("c"), actor=ANA)
        self._report.write_bytes(b"the report before")

    @property
    def _report(self) -> Path:
        return self.folder / "report.md"

    def work(self, say: Say) -> None:
        with self.desk() as desk:
            report.to_file(self._report, desk.reporting.pieces("md"))

    def left(self) -> Iterator[str]:
        found = self._report.read_bytes()
        if found != b"the report before" and b"The election was marred by fraud." not in found:
            yield "the report is neither the old nor the new one"

    def done(self, acked: dict[str, str]) -> Iterator[str]:
        yield from super().done(acked)
        if b"The election was marred by fraud." not in self._report.read_bytes():
            yield "the report was not written"


class BackingUp(Saving):
    """A backup of a workspace with a verdict, an original and evidence."""

    def prepare(self) -> None:
        super().prepare()
        (self.home / "evidence" / "vote.txt").write_text(TEXTS["vote.txt"], encoding="utf-8")
        with self.desk() as desk:
            desk.sync_evidence()
            request = VerdictRequest(claim_id="c", rating="not-enough-evidence", reviewer=ANA, token="t0", rationale="Why.")
            desk.record(request)
        (self.folder / "before").write_text(self._seen(), encoding="utf-8")

    def _seen(self) -> str:
        """A hash over everything that a backup must leave alone."""
        digest = hashlib.sha256()
        for path in sorted(self.home.rglob("*")):
            if path.is_file() and ".workbench" not in path.parts and not path.name.endswith((".lock", "-journal")):
                digest.update(f"{path.relative_to(self.home)}\0".encode() + path.read_bytes())
        return digest.hexdigest()

    @property
    def _dest(self) -> Path:
        return self.folder / "backup"

    def work(self, say: Say) -> None:
        with self.desk() as desk:
            _unless_there(lambda: backup(desk, self._dest, now=NOON), self._dest)

    def left(self) -> Iterator[str]:
        if self._dest.exists():
            check(self._dest)
        if self._seen() != (self.folder / "before").read_text(encoding="utf-8"):
            yield "making a backup changed the workspace"

    def done(self, acked: dict[str, str]) -> Iterator[str]:
        yield from Job.done(self, acked)
        yield from self.left()
        if (problems := check(self._dest).problems) or list(self.folder.glob(".*.unfinished")):
            yield f"the backup is not whole or left something behind: {problems}"


class Restoring(BackingUp):
    """A workspace made from a backup."""

    def prepare(self) -> None:
        super().prepare()
        super().work(lambda *_: None)

    def work(self, say: Say) -> None:
        _unless_there(lambda: restore(self._dest, self.folder / "again"), self.folder / "again")

    def left(self) -> Iterator[str]:
        yield from super().left()
        if (self.folder / "again").exists():
            yield from self._restored()

    def done(self, acked: dict[str, str]) -> Iterator[str]:
        yield from super().done(acked)
        yield from self._restored()

    def _restored(self) -> Iterator[str]:
        copy = self.folder / "looked-at"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(self.folder / "again", copy)
        with Desk.open(copy, encoder=FakeEncoder) as desk:
            yield from verify(desk).failures
            if [verdict.token for verdict in desk.case("c").verdicts] != ["t0"] or len(desk.library()) != 1:
                yield "what was restored is not what was backed up"


class Purging(Job):
    """A cited source erased for good."""

    SECRET = "The ledgers were carried off at night by a zirconquokka."

    def prepare(self) -> None:
        super().prepare()
        (self.home / "evidence" / "secret.txt").write_text(f"{self.SECRET}\n\nNobody else was there.", encoding="utf-8")
        with self.desk() as desk:
            desk.sync_evidence()
            desk.add_claim(make_claim("c"), actor=ANA)
            (source,) = desk.library()
            cites = (Cite(passage_id=desk.passages(source.source_id)[0].passage_id, stance="refutes"),)
            said = {"rationale": self.SECRET, "cites": cites, "reviewer": ANA, "token": "t0"}
            desk.record(VerdictRequest.model_validate({"claim_id": "c", "rating": "refuted", **said}))

    def work(self, say: Say) -> None:
        with self.desk() as desk:
            desk.erasing.purge(next(iter(desk.evidence.entries())), "by order of a court", actor=ANA)

    def done(self, acked: dict[str, str]) -> Iterator[str]:
        yield from super().done(acked)
        with self.desk() as desk:
            if desk.case("c").verdicts[0].citations[0].quote != "[erased]":
                yield "the cited words were not erased"
        for path in self.home.rglob("*"):
            if path.is_file() and b"zirconquokka" in path.read_bytes():
                yield f"{path.relative_to(self.home)} still has its words"


def _unless_there(make: Any, place: Path) -> None:
    """Make it; a run before may have made it and been killed before it could say so."""
    try:
        make()
    except WorkspaceError as error:
        if error.code != "not_empty" or not place.exists():
            raise


JOBS: dict[str, type[Job]] = {
    "save": Saving,
    "begin": Beginning,
    "ingest": TakingIn,
    "migrate": Migrating,
    "export": Exporting,
    "backup": BackingUp,
    "restore": Restoring,
    "purge": Purging,
}
