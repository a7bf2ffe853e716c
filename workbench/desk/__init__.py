"""The desk: one object that opens everything from the settings and offers the verbs every interface uses.

What lives here: short methods. What does not: opening and wiring (opened.py), rules (review/), rendering (report/, exports/),
anything a page or a command decides. A new area of work is an object of its own in opened.py, not more verbs here.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench import review
from workbench.citations import compose_verdict
from workbench.desk.opened import Opened
from workbench.errors import WorkbenchError
from workbench.fragments import of_draft
from workbench.models import (
    MAY_READ,
    OPERATOR,
    Audience,
    Case,
    Claim,
    Draft,
    Event,
    Failure,
    Filters,
    Hit,
    IngestReport,
    LibraryEntry,
    Mark,
    Note,
    Passage,
    Reviewer,
    SearchMode,
    SearchResult,
    Source,
    SourceMeta,
    StanceSuggestion,
    Status,
    StoredVerdict,
    VerdictRequest,
)
from workbench.progress import Progress, no_progress
from workbench.ratings import find_rating

if TYPE_CHECKING:
    from workbench.answers import Answers
    from workbench.imports import ImportPlan
    from workbench.purge import Purge
    from workbench.receipts import Receipts
    from workbench.report import ClaimReport
    from workbench.saved_searches import SavedSearches


class Desk(Opened):
    """Everything of one workspace. `Desk.open(path)`; close it, or use it as a context manager."""

    # claims --------------------------------------------------------------------------------------------------------

    def sync_claims(self) -> None:
        """Take in claim files whose content changed since last time. Raises: ClaimFileError listing every problem."""
        self.cases.sync_files()

    def claims(
        self, *, status: Status | None = None, text: str = "", topic: str | None = None, claimant: str | None = None
    ) -> Sequence[Case]:
        """The cases that pass every condition, in the order their claims were added, each opened when it is reached."""
        return self.cases.select(status=status, text=text, topic=topic, claimant=claimant)

    def case(self, claim_id: str) -> Case:
        """The case of one claim. Raises: UnknownId."""
        return self.cases.get(claim_id)

    def new_claim_id(self, statement: str) -> str:
        """A free id made from the words of the statement."""
        return self.cases.new_id(statement)

    def add_claim(self, claim: Claim, *, actor: Reviewer) -> Claim:
        """Store a new claim, and write it to claims/ as a file of its own. Raises: ClaimFileError if the id is taken."""
        claim = self.quotations.looked_up(claim)
        self.cases.add([claim], actor=actor)
        return claim

    def import_claims(self, path: Path, *, actor: Reviewer) -> ImportPlan:
        """Store the claims of a csv, xlsx, jsonl, yaml or ClaimReview file, all or none; gives back what was done and what not.

        Raises: ClaimFileError.
        """
        plan = self.imports.plan(path)
        self.imports.carry_out(plan, actor=actor)
        return plan

    # evidence ------------------------------------------------------------------------------------------------------

    def add_evidence(
        self,
        paths: Sequence[Path],
        *,
        meta: SourceMeta | None = None,
        replace: bool = False,
        actor: Reviewer = OPERATOR,
        progress: Progress = no_progress,
    ) -> IngestReport:
        """Copy files or folders into evidence/, take them in and make them searchable."""
        return self.stock.add(paths, meta=meta, replace=replace, actor=actor, progress=progress)

    def add_note(self, note: Note, *, actor: Reviewer, progress: Progress = no_progress) -> IngestReport:
        """Write down what somebody said or saw as a file in evidence/notes/, and make it searchable."""
        return self.stock.add_note(note, actor=actor, progress=progress)

    def sync_evidence(self, *, progress: Progress = no_progress) -> IngestReport:
        """Take in what was dropped into, changed in or taken from evidence/, and make it searchable."""
        return self.stock.sync(progress=progress)

    def reindex(self, source_id: str | None = None, *, progress: Progress = no_progress) -> IngestReport:
        """Read one original (or all) again and build the index afresh."""
        return self.stock.read_again(source_id, progress=progress)

    def remove_source(self, source_id: str, *, actor: Reviewer, reason: str = "") -> LibraryEntry:
        """Take a source out of every search; the original and every citation of it stay."""
        return self.stock.remove(source_id, actor=actor, reason=reason)

    def library(self) -> Sequence[LibraryEntry]:
        """The sources a search can show, by title."""
        return self.evidence.shelf().entries

    def facets(self) -> dict[str, Counter[str]]:
        """What the sources a search can show say of themselves, counted: what a person may filter by."""
        return self.searcher.facets(self.evidence.searchable())

    def failures(self) -> list[Failure]:
        """Files in evidence/ that could not be read, each with its remedy."""
        return self.evidence.failures()

    def waiting(self) -> list[str]:
        """Files in evidence/ that have not been taken in as they are now."""
        return self.stock.waiting()

    def source(self, id_or_prefix: str) -> tuple[LibraryEntry, Source]:
        """What is known of a source, and its text. Raises: UnknownId."""
        return self.citing.source(id_or_prefix)

    def passages(self, source_id: str) -> list[Passage]:
        """The passages of a source, in order."""
        return self.catalog.passages(source_id)

    def passage(self, passage_id: str) -> Passage:
        """One passage, or the very words its id names. Raises: UnknownId."""
        return self.citing.passage(passage_id)

    def cited_by(self, source_id: str) -> list[str]:
        """Ids of the claims whose current verdicts cite the source."""
        return self.cases.citing(source_id)

    # finding -------------------------------------------------------------------------------------------------------

    def find(
        self,
        text: str,
        *,
        also: Sequence[str] = (),
        about: Claim | None = None,
        k: int | None = None,
        mode: SearchMode = "hybrid",
        filters: Filters | None = None,
        audience: Audience | None = None,
    ) -> SearchResult:
        """Passages for a text, best first, with the receipt. Raises: StaleIndex, WorkbenchError for an empty text or one that
        cannot be read.

        also: other wordings of the same, each searched as well, a translation for example. about: the claim the lens holds
        passages against; the text itself where none is given. By words only, operators in a text other than the statement of
        that claim count ("a phrase", AND OR NOT, -word, prefix*). audience: sources that they may not read stay out; None for
        whoever is at the desk.
        """
        from workbench.search import Query

        query = Query((text, *also), is_typed=True)
        if about is not None:
            query = Query(query.wordings, about.statement, about.claimed_on, is_typed=text.strip() != about.statement.strip())
        library = self.evidence.searchable()
        if audience is not None:
            protected, may_read = self.evidence.protected(), MAY_READ[audience]
            library = {one: entry for one, entry in library.items() if protected.get(one, "public") in may_read}
        return self.searcher.search(
            query,
            k=k or self.settings.search.k,
            mode=mode,
            filters=filters or Filters(),
            library=library,
            unread=self.failures(),
            waiting=self.waiting(),
            now=self._now(),
            evidence_seq=self.evidence.seq,
        )

    def match(
        self,
        claim_id: str,
        *,
        also: Sequence[str] = (),
        k: int | None = None,
        mode: SearchMode = "hybrid",
        filters: Filters | None = None,
    ) -> SearchResult:
        """Passages for a claim: its statement is what is searched for, and any other wording given."""
        claim = self.case(claim_id).claim
        return self.find(claim.statement, also=also, about=claim, k=k, mode=mode, filters=filters)

    def suggest_stance(self, claim: Claim, hit: Hit) -> StanceSuggestion | None:
        """What the stance model of the settings makes of a passage; None where they name none. Raises: ModelError."""
        return self.models.suggest_stance(claim.statement, hit.text)

    @cached_property
    def searches(self) -> SavedSearches:
        """The searches people keep, and what is new in them."""
        from workbench.saved_searches import SavedSearches

        usual_k = self.settings.search.k
        return SavedSearches(self.ledger, self.evidence, self.catalog, self.searcher, self.find, self._now, usual_k=usual_k)

    @cached_property
    def answers(self) -> Answers:
        """Searches as a page asks them, on every click."""
        from workbench.answers import Answers

        return Answers(self.find, self.evidence, self.catalog, unread=self.failures, waiting=self.waiting)

    @cached_property
    def receipts(self) -> Receipts:
        """Searches that verdicts kept, made again."""
        from workbench.receipts import Receipts

        return Receipts(self.cases, self.evidence, self.ledger, self.find)

    @cached_property
    def erasing(self) -> Purge:
        """Sources erased for good."""
        from workbench.purge import Purge

        stores = (self.cases, self.ledger, self.evidence, self.originals, self.catalog, self.stock)
        return Purge(self.workspace, self.settings, *stores, self._now)

    # judging -------------------------------------------------------------------------------------------------------

    def record(self, request: VerdictRequest) -> StoredVerdict:
        """Store a verdict: acknowledged after commit and read-back. The same token and payload answer with the same record.

        Raises: UnknownId, Refused, Conflict, TokenReused.
        """
        replayed = self.ledger.by_token(request.token)
        if replayed is not None:
            return self._as_stored(review.answer_replay(request, replayed))
        claim = self.case(request.claim_id).claim
        rating = find_rating(self.settings.review.rating_scale, request.rating)
        citations = self.citing.kept(request.cites, claim)
        verdict = compose_verdict(request, claim, citations, self.settings.review, now=self._now())
        check = review.check_verdict(request, verdict, self.settings.review, rating)
        event = self.cases.event(claim.id, "verdict-recorded", {}, actor=request.reviewer, token=request.token)
        self.rules.keep()
        return self._as_stored(self.ledger.append(event, check))

    def _as_stored(self, event: Event) -> StoredVerdict:
        stored = review.stored_verdict(event)
        return next(one for one in self.case(stored.claim_id).verdicts if one.seq == stored.seq)

    def void(self, claim_id: str, reviewer: Reviewer, *, revision: int | None = None, reason: str) -> StoredVerdict:
        """Declare a reviewer's verdict void: it stays readable and counts no more. Raises: UnknownId, Refused."""
        self.case(claim_id)
        event = self.ledger.append(
            self.cases.event(claim_id, "verdict-voided", {}, actor=reviewer), review.check_void(reviewer, revision, reason)
        )
        voided = event.payload["revision"]
        mine = [one for one in self.case(claim_id).verdicts if one.revision == voided]
        return next(one for one in mine if review.reviewer_key(one.reviewer) == review.reviewer_key(reviewer))

    def publish(self, claim_id: str, url: str, *, actor: Reviewer = OPERATOR) -> Case:
        """Record where the verdict that counts was published. Raises: Refused where something keeps it from readers."""
        return self.publishing.publish(claim_id, url, actor=actor)

    def mark(self, claim_id: str, reviewer: Reviewer, mark: Mark) -> None:
        """Record that a hit is not relevant, or is to be looked at again."""
        self.case(claim_id)
        kept = mark.model_copy(update={"policy_hash": self.rules.keep()})
        self.ledger.append(self.cases.event(claim_id, "hit-marked", {"mark": kept.model_dump(mode="json")}, actor=reviewer))

    def clear_mark(self, claim_id: str, reviewer: Reviewer, passage_id: str) -> None:
        """Take a mark back; both stay in the history."""
        self.ledger.append(self.cases.event(claim_id, "mark-cleared", {"passage_id": passage_id}, actor=reviewer))

    def draft(self, claim_id: str, reviewer: Reviewer) -> Draft:
        """The review this person began, else a fresh one (not stored until something is saved) with a token of its own."""
        stored = self.ledger.draft(claim_id, reviewer)
        if stored is not None:
            return stored
        based_on = review.latest_revision(self.case(claim_id).events, reviewer)
        return Draft(claim_id=claim_id, reviewer=reviewer, token=new_token(), based_on=based_on, updated_at=self._now())

    def save_draft(self, draft: Draft) -> Draft:
        """Keep a review that was begun, whatever was kept before; returns it with the time it was kept."""
        return self.change_draft(draft, lambda _: draft)

    def change_draft(self, shown: Draft, change: Callable[[Draft], Draft]) -> Draft:
        """Change the draft as it is stored now (or as it was shown, where none is): changes that cross both stay."""
        now = self._now()
        return self.ledger.change_draft(shown, lambda stored: change(stored).model_copy(update={"updated_at": now}))

    def policy_checklist(self, draft: Draft) -> list[tuple[bool, str]]:
        """What a save of this draft needs, as (done, sentence)."""
        settings, case = self.settings.review, self.case(draft.claim_id)
        citations = self.citing.at_hand(draft.cites, case.claim)
        rating = next((one for one in settings.rating_scale.ratings if one.slug == draft.rating), None)
        judgement = review.Judgement(
            rating=rating,
            citations=citations,
            fragments=of_draft(draft.fragments, case.claim.statement, citations, settings.rating_scale),
            questions=draft.questions,
            wording=draft.wording if rating is not None and rating.own_words else None,
            ground=draft.ground if rating is not None and rating.takes_ground else None,
            rationale=draft.rationale,
            explanation=draft.explanation,
            headline=draft.headline,
            claim=case.claim,
            contacts=case.contacts,
            at=self._now(),
        )
        return review.checklist(settings, judgement) + review.change_needs(case, draft.change_kind, draft.change_note)

    # telling -------------------------------------------------------------------------------------------------------

    def reports(self, claim_ids: Sequence[str] | None = None, *, status: Status | None = None) -> Sequence[ClaimReport]:
        """What a report says of each chosen claim (all of them where none is named); more to choose by: desk.reporting."""
        from workbench.reporting import Selection

        return self.reporting.reports(Selection(tuple(claim_ids or ()), status))

    def export(self, form: str, claim_ids: Sequence[str] | None = None, *, status: Status | None = None) -> bytes:
        """The report of the chosen claims in one of the forms of `exports.EXPORTERS`. Raises: ExportError, UnknownId."""
        from workbench.reporting import Selection

        return b"".join(self.reporting.pieces(form, Selection(tuple(claim_ids or ()), status)))

    def status(self) -> dict[str, Any]:
        """Counts, failures and the index generation, for `workbench status`."""
        entries = self.library()
        by_status = Counter(row.status for row in self.cases.rows().values() if not row.retired)
        try:
            found = self.searcher.open()
            index = found.generation.name if found else None
            problem = None
        except WorkbenchError as error:
            index, problem = None, f"{error.message} {error.hint}"
        return {
            "workspace": str(self.workspace.root),
            "records": self.ledger.database.where,
            "sources": len(entries),
            "passages": sum(entry.passages or 0 for entry in entries),
            "claims": {"total": by_status.total(), **by_status},
            "failures": [failure.model_dump(mode="json") for failure in self.failures()],
            "waiting": self.waiting(),
            "stale_verdicts": by_status["recheck"],
            "new_evidence": len(self.freshness.waiting().new_evidence),
            "index_generation": index,
            "index_problem": problem,
            "searches": self.searches.summary(),
        }


def new_token() -> str:
    """A save token no other save has."""
    return uuid.uuid4().hex
