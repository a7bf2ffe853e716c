"""H14: the guards fail too. What protects the records may refuse; it never takes anything away (webanno#1878).

Each guard is a job like any other, and is killed, failed and interrupted at every door to the disk: the quarantine of a damaged
index or catalog, the refusal of a save that was overtaken, the answer to a token used before. Restoring is a job already.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from tests.conftest import ANA
from tests.reliability.forks import Say
from tests.reliability.jobs import JOBS, Job, Saving, TakingIn
from workbench.errors import Conflict
from workbench.models import VerdictRequest


class Guard(Job):
    """A job that must leave records, claims and evidence as they are."""

    def prepare(self) -> None:
        super().prepare()
        self.arm()
        (self.folder / "before").write_text(self._kept(), encoding="utf-8")

    def arm(self) -> None:
        """Make what the guard is there for."""

    def _kept(self) -> str:
        """A hash over what must stay: every record and draft, and every file that is no ledger."""
        with self.desk() as desk:
            digest = hashlib.sha256(repr((desk.ledger.head(), desk.ledger.drafts())).encode())
        for part in ("claims", "evidence", "records/originals", "records/texts"):
            for path in sorted((self.home / part).rglob("*")):
                if path.is_file():
                    digest.update(f"{path.relative_to(self.home)}\0".encode() + path.read_bytes())
        return digest.hexdigest()

    def left(self) -> Iterator[str]:
        yield from super().left()
        if self._kept() != (self.folder / "before").read_text(encoding="utf-8"):
            yield "the guard changed what it guards"


class SettingAsideAnIndex(Guard, TakingIn):
    """A damaged index is set aside and made anew."""

    def arm(self) -> None:
        self.work(lambda *_: None)
        for path in (self.home / ".workbench" / "generations").rglob("roster.npy"):
            data = bytearray(path.read_bytes())
            data[-1] ^= 1
            path.unlink()
            path.write_bytes(data)


class SettingAsideACatalog(Guard, TakingIn):
    """A damaged catalog is set aside, and the files are read again."""

    def arm(self) -> None:
        self.work(lambda *_: None)
        catalog = self.home / ".workbench" / "catalog.sqlite"
        catalog.write_bytes(b"no database" * 500)


class RefusingAnOvertakenSave(Guard, Saving):
    """A save that was based on an older revision is refused."""

    def arm(self) -> None:
        Saving.work(self, lambda *_: None)

    def work(self, say: Say) -> None:
        with self.desk() as desk:
            late = VerdictRequest(
                claim_id="c", rating="not-enough-evidence", reviewer=ANA, token="late", rationale="Late.", based_on=1
            )
            try:
                desk.record(late)
            except Conflict:
                return
        raise AssertionError("an overtaken save was taken")


class AnsweringAReplay(Guard, Saving):
    """Tokens that were used before are answered with their records."""

    def arm(self) -> None:
        Saving.work(self, lambda *_: None)


GUARDS: dict[str, type[Job]] = {
    "index set aside": SettingAsideAnIndex,
    "catalog set aside": SettingAsideACatalog,
    "overtaken save": RefusingAnOvertakenSave,
    "replayed token": AnsweringAReplay,
}
JOBS.update(GUARDS)
