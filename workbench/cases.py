"""Claims as events: taken in from files, added, imported, and folded into cases as the ledger grows.

What lives here: which claims there are and what state each is in. What does not: reading claim files (claims.py), the fold of
one claim (review/), how events are stored (ledger/).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import chain
from typing import Any

from workbench import review
from workbench.casebook import AT_ONCE, HELD, Casebook, CaseList
from workbench.claims import (
    ClaimFile,
    custom_faults,
    is_as_written,
    load_claim_files,
    slug_for,
    write_claim_file,
    write_claims,
)
from workbench.claims.touched import Mark, Stamps, TakenIn, stamps_of
from workbench.errors import ClaimFileError, UnknownId, WorkspaceError
from workbench.folders import one_process
from workbench.ledger import Ledger
from workbench.models import WORKBENCH, Case, Claim, Event, NewEvent, Reviewer, Status
from workbench.register import RegisterCopy, Row, row_of, row_of_new
from workbench.settings import CustomField, Workspace

FILES_AT_MOST = 200  # claims added at once that get a file each
CLAIMS_TO_A_FILE = 1_000
LOOK_AGAIN = 20  # times as long as a look at claims/ took, its answer is kept: one part in twenty of a page's time
KEPT_FROM = 0.005  # seconds: where a look takes less, every drawing takes one
KEPT_AT_MOST = 5.0  # seconds
NEVER: dict[str, Any] = {"sha256": None, "ids": []}  # what was taken in of a claim file that is new


class Cases:
    """Every claim of one workspace with what its events add up to. takes_in: whether claims/ is here, or another server's."""

    def __init__(
        self,
        workspace: Workspace,
        ledger: Ledger,
        now: Callable[[], datetime],
        *,
        fields: Sequence[CustomField] = (),
        takes_in: bool = True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._workspace = workspace
        self._ledger = ledger
        self._now = now
        self._fields = fields
        self._lock = threading.RLock()
        self._copy = RegisterCopy(workspace.derived / "register.json", ledger)
        self._book = Casebook({}, self._fold)
        self._drafted: frozenset[tuple[str, str]] = frozenset()
        self._drafters: dict[str, tuple[str, ...]] = {}
        self._seq = 0
        self._unfolded: dict[str, None] = {}  # claims with news: kept until they are folded, whatever fails meanwhile
        self._beat: object = None
        self._takes_in, self._clock, self._kept_until = takes_in, clock, 0.0
        self._taken: Stamps | None = None
        self._touched = TakenIn(workspace.derived / "claim-files.json")
        self._citing: tuple[object, dict[str, list[str]]] = (None, {})  # the cases, and the claims that cite each source
        self._judged: tuple[object, list[Case]] = ("", [])  # the cases, or the ledger's last hash; what was judged up to it

    def sync_files(self) -> None:
        """Take in claim files whose content changed since last time. Raises: ClaimFileError listing every problem.

        What is new is worked out again under a lock that all processes share, so that two of them never take a file in twice.
        Where the folder is large, that nothing changed is believed for 20 times as long as it took to see, 5 seconds at most.
        """
        with self._lock:
            began = self._clock()
            if began < self._kept_until or not self._takes_in:
                return
            stamps = stamps_of(self._workspace.claims)
            took = self._clock() - began
            if stamps != self._taken:  # pages ask on every drawing: nothing is read where nothing was touched
                if not self._are_taken_in(stamps):
                    if self._news():
                        with one_process(self._workspace.records / "claims.lock"):
                            self._ledger.append_all(self._news())
                    self._touched.remember(stamps, Mark(self._ledger.workspace_id, *self._ledger.head()))
                self._taken = stamps
            self._kept_until = began + min(took * (1 + LOOK_AGAIN), KEPT_AT_MOST) if took >= KEPT_FROM else 0.0

    def _are_taken_in(self, stamps: Stamps) -> bool:
        """Whether an earlier process took in the files with these stamps, and the ledger still holds what it saw then."""
        mark = self._touched.mark_of(stamps)
        return mark is not None and mark.ledger == self._ledger.workspace_id and self._ledger.hash_at(mark.seq) == mark.hash

    def _taken_files(self) -> dict[str, dict[str, Any]]:
        """What was last taken in of each claim file, by path: its sha256 (None: it was gone) and the ids in it."""
        return {
            event.payload["path"]: event.payload
            for event in self._ledger.since(0, subject_kind="workspace")
            if event.kind == "claim-file-taken-in"
        }

    def _news(self) -> list[NewEvent]:
        """What the claim files say that the ledger does not: claims added, changed, found again, ids no file has any more.

        Raises: ClaimFileError.
        """
        taken = self._taken_files()
        known = {self._workspace.root / path: (was["sha256"], was["ids"]) for path, was in taken.items()}
        files = load_claim_files(self._workspace.claims, self._fields, known=known)
        latest = self._ledger.latest("claim", ("claim-missing", "claim-found-again"))
        missing = {claim_id for claim_id, event in latest.items() if event.kind == "claim-missing"}
        paths = {file.path.relative_to(self._workspace.root).as_posix(): file for file in files}
        here = {claim_id for file in files for claim_id in file.ids}
        changed = {path: file for path, file in paths.items() if taken.get(path, NEVER)["sha256"] != file.sha256}
        cases = self.all() if changed else {}  # every claim is folded only here: it costs more than recording a verdict
        events = []
        for path, file in paths.items():
            if path in changed:
                events += self._file_news(file, cases)
                events += self._missing(path, set(taken.get(path, NEVER)["ids"]) - here)
                events.append(self._taken_in(path, file.sha256, file.ids))
            found = [claim_id for claim_id in file.ids if claim_id in missing]
            events += [self.event(one, "claim-found-again", {"file": path}) for one in found]
        for path, was in taken.items():
            if path not in paths and was["sha256"] is not None:
                events += self._missing(path, set(was["ids"]) - here)
                events.append(self._taken_in(path, None, []))
        return events

    def _file_news(self, file: ClaimFile, cases: Mapping[str, Case]) -> list[NewEvent]:
        events = []
        for claim in file.claims:
            case = cases.get(claim.id)
            if case is None or review.claim_as_stated(case.events) != claim:
                kind = "claim-added" if case is None else "claim-changed"
                events.append(self.event(claim.id, kind, {"claim": claim.model_dump(mode="json")}))
        return events

    def _missing(self, path: str, ids: Collection[str]) -> list[NewEvent]:
        return [self.event(one, "claim-missing", {"file": path}) for one in sorted(ids)]

    def _taken_in(self, path: str, sha256: str | None, ids: Sequence[str]) -> NewEvent:
        return NewEvent(
            subject_kind="workspace",
            subject_id="claims",
            kind="claim-file-taken-in",
            actor=WORKBENCH,
            created_at=self._now(),
            payload={"path": path, "sha256": sha256, "ids": list(ids)},
        )

    def event(
        self,
        claim_id: str,
        kind: str,
        payload: dict[str, Any],
        *,
        actor: Reviewer = WORKBENCH,
        token: str | None = None,
        at: datetime | None = None,
    ) -> NewEvent:
        """A fact about a claim, not yet stored. at: when it happened; now where nobody says."""
        return NewEvent(
            subject_kind="claim",
            subject_id=claim_id,
            kind=kind,
            actor=actor,
            created_at=at or self._now(),
            payload=payload,
            token=token,
        )

    def select(
        self, *, status: Status | None = None, text: str = "", topic: str | None = None, claimant: str | None = None
    ) -> CaseList:
        """The cases that pass every condition, in the order their claims were added; retired claims are left out."""
        book, words = self.all(), text.casefold().split()
        passing = [row for row in book.rows.values() if not row.retired]
        if status is not None:
            passing = [row for row in passing if row.status == status]
        if topic is not None:
            passing = [row for row in passing if topic in row.topics]
        if claimant is not None:
            passing = [row for row in passing if row.claimant == claimant]
        for word in words:
            passing = [row for row in passing if word in row.words]
        return book.of([row.claim_id for row in passing])

    @property
    def hidden(self) -> frozenset[str]:
        """The claims that whoever reads these cases is blind on: none, where they are read whole."""
        return frozenset()

    def rows(self) -> Mapping[str, Row]:
        """What lists ask of every claim, by id, in the order they were added: the same mapping while nothing was stored."""
        return self.all().rows

    def get(self, claim_id: str) -> Case:
        """The case of one claim. Raises: UnknownId."""
        case = self._alone(claim_id) if self._seq == 0 else self.all().get(claim_id)
        if case is None:
            raise UnknownId(
                f"There is no claim {claim_id!r}.", hint="List them with: workbench claims list", code="unknown_claim"
            )
        return case

    def _alone(self, claim_id: str) -> Case | None:
        """The case of one claim from its own events: a command that asks for one need not fold ten thousand."""
        events = self._ledger.events("claim", claim_id)
        if not events:
            return None
        drafts = [draft for draft in self._ledger.drafts() if draft.claim_id == claim_id]
        return review.fold_case(events, drafted_by=[draft.reviewer.display_name for draft in drafts])

    def all(self) -> Casebook:
        """Every case by claim id, in the order they were added: the same mapping while nothing was stored.

        Only claims with events or drafts since the last call are folded again, and since the copy on disk by a new process.
        """
        with self._lock:
            beat = self._ledger.beat()
            if beat != self._beat:
                if not self._seq:
                    self._begin()
                self._seq, news = self._ledger.news_of("claim", self._seq)
                self._unfolded |= dict.fromkeys(news)  # in the order of events: a list of claims never shuffles
                self._unfolded |= self._with_other_drafts()
                if self._unfolded:
                    self._renew()
                self._beat = beat
            return self._book

    def _begin(self) -> None:
        """Take the rows from the copy on disk, where it holds what the ledger does."""
        copied = self._copy.read()
        self._book, self._seq = Casebook(copied.rows, self._fold), copied.seq
        self._unfolded |= {row.claim_id: None for row in copied.rows.values() if row.drafted_by}

    def _renew(self) -> None:
        """Make the rows of the unfolded claims anew, some at a time."""
        before, now = self._book, dict(self._book.rows)
        folded: dict[str, Case] = {}
        unfolded = list(self._unfolded)
        for start in range(0, len(unfolded), AT_ONCE):
            for claim_id, case in self._fold(unfolded[start : start + AT_ONCE]).items():
                held = now.get(claim_id)
                now[claim_id] = row_of(held.number if held else len(now), case)
                if len(folded) < HELD:
                    folded[claim_id] = case
        opened = {**before.opened(but=self._unfolded), **folded}
        self._unfolded = {}
        self._hold(now, opened, self._seq, len(unfolded))

    def _hold(self, rows: Mapping[str, Row], opened: Mapping[str, Case], seq: int, news: int) -> None:
        """Have these be the rows of the ledger up to `seq`. news: how many of them are new or changed."""
        self._book, self._seq = Casebook(rows, self._fold, opened), seq
        self._copy.renew(seq, rows, news=news)

    def _fold(self, claim_ids: Sequence[str]) -> dict[str, Case]:
        events = self._ledger.events_of("claim", claim_ids)
        return {
            one: review.fold_case(events[one], drafted_by=self._drafters.get(one, ())) for one in claim_ids if one in events
        }

    def judged(self) -> list[Case]:
        """The cases with a verdict, whose claims are not retired. A process that has folded nothing yet folds only these."""
        if self._seq:
            cases = self.all()
            if self._judged[0] is not cases:
                judged = [row.claim_id for row in cases.rows.values() if row.has_verdict and not row.retired]
                self._judged = (cases, list(cases.walk(judged)))
            return self._judged[1]
        head = self._ledger.head()[1]
        if self._judged[0] != head:
            self._judged = (head, self._fold_judged())
        return self._judged[1]

    def citing(self, source_id: str) -> list[str]:
        """Ids of the claims whose current verdicts cite the source. A library asks it for every row."""
        cases = self.all()
        if self._citing[0] is not cases:
            citing: dict[str, list[str]] = {}
            for case in cases.walk([row.claim_id for row in cases.rows.values() if row.has_verdict]):
                cited = {cited.source_id for one in case.verdicts if one.state == "current" for cited in one.citations}
                for one in cited:
                    citing.setdefault(one, []).append(case.claim.id)
            self._citing = (cases, citing)
        return self._citing[1].get(source_id, [])

    def _fold_judged(self) -> list[Case]:
        events: dict[str, list[Event]] = {}
        for event in self._ledger.of_subjects_with("claim", "verdict-recorded"):
            events.setdefault(event.subject_id, []).append(event)
        return [case for case in map(review.fold_case, events.values()) if not case.retired]

    def _with_other_drafts(self) -> dict[str, None]:
        """The claims on which drafts began or ended since the last time."""
        drafted = self._ledger.drafted()
        changed = {claim_id: None for claim_id, _ in drafted ^ self._drafted}
        if changed:
            drafters: dict[str, tuple[str, ...]] = {}
            for draft in self._ledger.drafts():
                drafters[draft.claim_id] = (*drafters.get(draft.claim_id, ()), draft.reviewer.display_name)
            self._drafted, self._drafters = drafted, drafters
        return {claim_id: None for claim_id in changed if claim_id in self._book or claim_id in self._unfolded}

    def new_id(self, statement: str) -> str:
        """A free id made from the words of the statement."""
        return slug_for(statement, self.rows())

    def is_as_written(self, case: Case) -> bool:
        """Whether the claim's file is the one the workbench wrote for it. What people confirmed since stands in no file."""
        stated = review.claim_as_stated(case.events)
        return stated is not None and is_as_written(self._workspace.claims, stated)

    def add(self, claims: Sequence[Claim], *, actor: Reviewer, changed: Sequence[Claim] = ()) -> None:
        """Store new and changed claims, all or none, each also as a file in claims/.

        Raises: ClaimFileError if an id is taken, or a changed claim's file is no longer as it was written.
        """
        with self._lock:
            self._add(claims, changed, actor)

    def _add(self, claims: Sequence[Claim], changed: Sequence[Claim], actor: Reviewer) -> None:
        self._refuse_what_cannot_be(claims, changed)
        said = chain((("claim-added", one) for one in claims), (("claim-changed", one) for one in changed))
        now = self._now()
        events = (self.event(one.id, kind, {"claim": one.model_dump(mode="json")}, actor=actor, at=now) for kind, one in said)
        stored = self._ledger.append_many(events, begins=("claim-added",))
        if stored.start == self._seq + 1 and not changed:
            self._take_new(claims, now, stored)
        try:
            self._write(claims if self._takes_in else ())
            for claim in changed:
                write_claim_file(self._workspace.claims, claim, replace=True)
        except OSError as error:
            raise WorkspaceError(
                f"The claims are recorded, but not every one has its file in claims/ ({error.strerror}).",
                hint="Do not add them again. Check the folder and the free space; a claim can be used without a file.",
                code="claim_file_unwritten",
            ) from error
        self._kept_until = 0.0
        with suppress(ClaimFileError):  # these claims are stored; a mistake in another file is said by what reads that file
            self.sync_files()

    def _take_new(self, claims: Sequence[Claim], added: datetime, stored: range) -> None:
        """Give claims that were stored a moment ago their rows: folding a hundred thousand from the ledger takes a minute."""
        rows = dict(self._book.rows)
        rows |= {one.id: row_of_new(number, one, added) for number, one in enumerate(claims, len(rows))}
        self._hold(rows, self._book.opened(but={}), stored.stop - 1, len(claims))

    def _refuse_what_cannot_be(self, claims: Sequence[Claim], changed: Sequence[Claim]) -> None:
        """Raises: ClaimFileError; many claims are walked and not held."""
        faults = [f"{one.id}: {said}" for one in chain(claims, changed) for _, said in custom_faults(one.custom, self._fields)]
        if faults:
            hint = "Nothing was stored. The fields are in workbench.toml, under [[claims.fields]]."
            raise ClaimFileError("; ".join(faults), hint=hint, code="bad_field")
        cases = self.all()
        edited = sorted(one.id for one in changed if one.id not in cases or not self.is_as_written(cases[one.id]))
        if edited:
            raise ClaimFileError(
                f"These claims were changed meanwhile: {', '.join(edited)}. Nothing was stored.",
                hint="Look at the file again, and import it anew.",
                code="claim_changed",
            )
        taken = sorted(claim.id for claim in claims if claim.id in cases)
        if taken:
            raise ClaimFileError(
                f"These ids are taken: {', '.join(taken)}. Nothing was added.",
                hint="Give the new claims other ids.",
                code="claim_exists",
            )
        in_the_way = sorted(claim.id for claim in claims if (self._workspace.claims / f"{claim.id}.yaml").exists())
        if in_the_way:
            raise ClaimFileError(
                f"claims/ already has a file for {', '.join(in_the_way)}. Nothing was added.",
                hint="Give the new claims other ids, or rename those files.",
                code="name_taken",
            )

    def _write(self, claims: Sequence[Claim]) -> None:
        """A file for each claim; of a large import a file for a thousand, since every file costs two syncs of the disk."""
        folder = self._workspace.claims
        if len(claims) <= FILES_AT_MOST:
            for claim in claims:
                write_claim_file(folder, claim)
            return
        for start in range(0, len(claims), CLAIMS_TO_A_FILE):
            part = claims[start : start + CLAIMS_TO_A_FILE]
            path, sha256 = write_claims(folder, part, name=f"imported-{self._now():%Y-%m-%d}")
            place = path.relative_to(self._workspace.root).as_posix()
            self._ledger.append(self._taken_in(place, sha256, [claim.id for claim in part]))  # need not be read to be known
