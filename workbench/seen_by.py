"""A workspace's cases and ledger as one person may read them: what everything on the pages is read through.

What lives here: the two stores with what the person is blind on left out of every read; writing is as ever. What does not: who
is blind on what (review/blind.py). A page, an export or a chart that is made of these cannot show what they leave out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from workbench import review
from workbench.casebook import Casebook
from workbench.cases import Cases
from workbench.errors import UnknownId
from workbench.ledger import Ledger
from workbench.models import Case, Draft, Event, Reviewer, SubjectKind
from workbench.register import row_of
from workbench.settings import ReviewSettings


class _Shown(NamedTuple):
    """A case as it is, and as it is seen."""

    whole: Case
    seen: Case


class CasesSeenBy(Cases):
    """The cases of a workspace as one person may read them. It shares the stores of `whole`, and its lock."""

    def __init__(self, whole: Cases, who: Reviewer | None, settings: ReviewSettings) -> None:
        vars(self).update(vars(whole))
        self._whole = whole
        self._who = who
        self._settings = settings
        self._shown: dict[str, _Shown] = {}
        self._group: Mapping[str, Collection[str]] = {}
        self._seen_now = Casebook({}, self._open)
        self._hidden: frozenset[str] = frozenset()
        self._whole_then: Casebook | None = None

    def sync_files(self) -> None:
        """Take in claim files whose content changed since last time. Raises: ClaimFileError listing every problem."""
        self._whole.sync_files()

    def get(self, claim_id: str) -> Case:
        """The case of one claim, as this person may read it. Raises: UnknownId."""
        case = self.all().get(claim_id)
        if case is None:
            raise UnknownId(
                f"There is no claim {claim_id!r}.", hint="List them with: workbench claims list", code="unknown_claim"
            )
        return case

    def all(self) -> Casebook:
        """Every case by claim id, as this person may read it; worked out again where something changed."""
        with self._lock:
            whole = self._whole.all()
            if whole is not self._whole_then:
                self._look_at(whole)
                self._whole_then = whole
            return self._seen_now

    def judged(self) -> list[Case]:
        """The cases with a verdict that this person may read, whose claims are not retired."""
        book = self.all()
        return list(book.walk([row.claim_id for row in book.rows.values() if row.has_verdict and not row.retired]))

    @property
    def hidden(self) -> frozenset[str]:
        """The claims this person is blind on."""
        with self._lock:
            self.all()
            return self._hidden

    def _look_at(self, whole: Casebook) -> None:
        """The rows as this person may read them. A claim of which nothing was said but what everybody may read stays closed."""
        joined = [row.claim_id for row in whole.rows.values() if review.SIMILARITY_JUDGED in row.kinds]
        self._group = review.called_the_same({one: whole[one] for one in joined})
        rows, hidden, shown = dict(whole.rows), set(), {}
        for claim_id, row in whole.rows.items():
            if row.kinds <= review.NEUTRAL and not row.drafted_by and claim_id not in self._group:
                is_hidden = self._settings.is_blind_on(claim_id)
            else:
                one = shown[claim_id] = self._one(claim_id, whole)
                rows[claim_id] = row_of(row.number, one.seen)
                is_hidden = one.seen.is_blind
            if is_hidden:
                hidden.add(claim_id)
        self._shown, self._hidden = shown, frozenset(hidden)
        self._seen_now = Casebook(rows, self._open, {claim_id: one.seen for claim_id, one in shown.items()})

    def _one(self, claim_id: str, whole: Casebook) -> _Shown:
        case, held = whole[claim_id], self._shown.get(claim_id)
        others = [whole[one] for one in self._group.get(claim_id, ()) if one in whole]
        is_hidden = review.is_hidden(case, self._who, self._settings, group=others)
        if held is None or held.whole is not case or held.seen.is_blind != is_hidden:
            held = _Shown(case, review.seen_by(case, self._who, self._settings, group=others))
        return held

    def _open(self, claim_ids: Sequence[str]) -> dict[str, Case]:
        whole = self._whole.all()
        return {one: self._one(one, whole).seen for one in claim_ids if one in whole}


class LedgerSeenBy(Ledger):
    """The ledger of a workspace as one person may read it. Checks of a save, and `verify`, see everything."""

    def __init__(self, whole: Ledger, who: Reviewer | None, cases: CasesSeenBy) -> None:
        vars(self).update(vars(whole))
        self._who = who
        self._cases = cases

    def events(self, subject_kind: SubjectKind, subject_id: str) -> list[Event]:
        """The subject's events that this person may read, oldest first; none for an unknown subject."""
        return list(self._readable(super().events(subject_kind, subject_id)))

    def of_subjects_with(self, subject_kind: SubjectKind, kind: str) -> list[Event]:
        """All events that this person may read of the subjects that have one of that kind."""
        return list(self._readable(super().of_subjects_with(subject_kind, kind)))

    def events_of(self, subject_kind: SubjectKind, subject_ids: Sequence[str]) -> dict[str, list[Event]]:
        """The events of some subjects that this person may read, by id, oldest first."""
        return {one: list(self._readable(events)) for one, events in super().events_of(subject_kind, subject_ids).items()}

    def latest(self, subject_kind: SubjectKind, kinds: Collection[str]) -> dict[str, Event]:
        """The newest event of these kinds of each subject that has one, where this person may read it."""
        found = super().latest(subject_kind, kinds)
        return {event.subject_id: event for event in self._readable(found.values())}

    def since(self, seq: int = 0, *, subject_kind: SubjectKind | None = None) -> Iterator[Event]:
        """The events after `seq` that this person may read, in order."""
        return self._readable(super().since(seq, subject_kind=subject_kind))

    def draft(self, claim_id: str, reviewer: Reviewer) -> Draft | None:
        """The review this person began and has not saved; nobody else's where they are blind."""
        is_mine = self._who is not None and review.reviewer_key(reviewer) == review.reviewer_key(self._who)
        return super().draft(claim_id, reviewer) if is_mine or claim_id not in self._cases.hidden else None

    def drafts(self) -> list[Draft]:
        """The drafts this person may know of, by claim, then the one touched longest ago first."""
        hidden, mine = self._cases.hidden, self._who and review.reviewer_key(self._who)
        return [one for one in super().drafts() if one.claim_id not in hidden or review.reviewer_key(one.reviewer) == mine]

    def _readable(self, events: Iterable[Event]) -> Iterator[Event]:
        hidden = self._cases.hidden
        for event in events:
            if event.subject_kind != "claim" or event.subject_id not in hidden or review.may_read(event, self._who):
                yield event
