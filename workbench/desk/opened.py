"""Everything of one workspace, opened from its settings: the stores, the models, and each area of work as one object.

What lives here: opening, wiring and closing. What does not: verbs (desk/__init__.py), whether it finds by meaning yet
(readiness.py), rules (review/), rendering (report/, exports/). Holds no user: whoever acts is an argument. Safe to share
between threads.

What only some verbs need (searching with its lens, taking files in, reports) is imported by those properties: a verdict
recorded from the command line is a process of its own, and importing all of it would take longer than the save.
"""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from workbench import review
from workbench.cases import Cases
from workbench.catalog import Catalog
from workbench.citing import Citing
from workbench.desk.readiness import Readiness
from workbench.desk.records import open_ledger
from workbench.engines import engine_of
from workbench.errors import ModelError, StaleIndex, UnknownId
from workbench.library import Library
from workbench.models import Reviewer
from workbench.models_at_hand import ModelsAtHand
from workbench.originals import Originals
from workbench.people import People
from workbench.protection import Protection
from workbench.seen_by import CasesSeenBy, LedgerSeenBy
from workbench.settings import Settings, Workspace, find_workspace, load_settings, prepare
from workbench.stock import Stock

if TYPE_CHECKING:
    from workbench.agreement import Agreement
    from workbench.articles import Articles
    from workbench.assignments import Assignments
    from workbench.casefile import CaseFiles
    from workbench.claim_index import ClaimIndex
    from workbench.comments import Comments
    from workbench.contacts import Contacts
    from workbench.datasets import Datasets
    from workbench.descriptions import Descriptions
    from workbench.desk_matters import DeskMatters
    from workbench.encoders import Encoder
    from workbench.fidelity import Fidelity
    from workbench.freshness import Freshness
    from workbench.impartiality import Impartiality
    from workbench.imports import Imports
    from workbench.metadata import Metadata
    from workbench.near_copies import NearCopies
    from workbench.pages import Pages
    from workbench.precedents import Precedents
    from workbench.published import Published
    from workbench.publishing import Publishing
    from workbench.queue import Queue
    from workbench.quotations import Quotations
    from workbench.reporting import Reporting
    from workbench.rules import Rules
    from workbench.search import Searcher
    from workbench.standing import StandingClaims
    from workbench.undated import Undated


# Areas that hold no case: one of each serves everybody, whatever they are blind on. All others are made for each person.
FOR_EVERYBODY = ("searcher", "claim_index", "fidelity", "metadata", "near_copies", "pages", "descriptions", "searches")


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Opened:
    """Everything of one workspace, but for the verbs. A new area of work is one cached property here."""

    def __init__(
        self,
        workspace: Workspace,
        settings: Settings,
        *,
        encoder: Callable[[], Encoder] | None = None,
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        self.workspace, self.settings, self._now = workspace, settings, now
        self.ledger = open_ledger(workspace, settings)
        self.people = People(self.ledger, now, is_team=settings.mode == "team")
        self.originals = Originals(workspace.records)
        self.catalog = Catalog(workspace.derived, engine_of(settings.search))
        self.cases = Cases(workspace, self.ledger, now, fields=settings.claims.fields, takes_in=settings.records.takes_in)
        self.evidence = Library(self.ledger, self.catalog, now, copy=workspace.derived / "library.json")
        self.ledger.secrets = self.evidence.secrets
        self.protection = Protection(self.evidence, self.catalog, self.ledger)
        self.models = ModelsAtHand(settings, encoder=encoder)
        self.encoder = self.models.encoder
        self.citing = Citing(self.evidence, self.catalog, self.originals)
        self.stock = Stock(
            workspace, settings, self.evidence, self.originals, self.catalog, self.encoder, after=self._after_change
        )
        self.readiness = Readiness(self.encoder, lambda: self.searcher, (self.evidence, self.catalog, self.cases))
        self._lock = threading.Lock()
        self._seen_by: dict[str, tuple[CasesSeenBy, frozenset[str], Self]] = {}

    @cached_property
    def searcher(self) -> Searcher:
        """What searches."""
        from workbench.search import Searcher

        return Searcher(self.catalog, self.settings, self.encoder, reranker=self.models.reranker)

    @cached_property
    def claim_index(self) -> ClaimIndex:
        """The claims in an index of their own."""
        from workbench.claim_index import ClaimIndex

        return ClaimIndex(self.workspace.derived / "claims", self.settings, self.encoder)

    @cached_property
    def precedents(self) -> Precedents:
        """What claims are like, and what people said of it."""
        from workbench.precedents import Precedents

        return Precedents(self.cases, self.ledger, self.claim_index, self.settings.claims)

    @cached_property
    def imports(self) -> Imports:
        """Files of claims beside the claims that are here."""
        from workbench.imports import Imports

        return Imports(self.cases, self.settings.claims.fields, folder=self.workspace.derived)

    @cached_property
    def fidelity(self) -> Fidelity:
        """Quotations beside the files they are from."""
        from workbench.fidelity import Fidelity

        return Fidelity(self.evidence, self.catalog)

    @cached_property
    def freshness(self) -> Freshness:
        """Whether what verdicts rest on still stands where it was cited."""
        from workbench.freshness import Freshness

        return Freshness(self.cases, self.ledger, self.evidence, self.catalog, derived=self.workspace.derived)

    def _after_change(self) -> None:
        """What follows from other evidence: verdicts that have gone stale, decided claims that new passages bear on.

        What cannot be looked at now is looked at after the next change; the change itself is done.
        """
        with suppress(StaleIndex, UnknownId):
            self.freshness.renew()
        with suppress(StaleIndex, ModelError):
            self.standing.renew()

    @cached_property
    def undated(self) -> Undated:
        """What files without a date say."""
        from workbench.undated import Undated

        return Undated(self.evidence, self.searcher, self._now)

    @cached_property
    def standing(self) -> StandingClaims:
        """Decided claims that new evidence bears on."""
        from workbench.standing import StandingClaims

        stores = (self.cases, self.ledger, self.evidence, self.catalog)
        return StandingClaims(*stores, self.encoder, self.settings, derived=self.workspace.derived)

    @cached_property
    def metadata(self) -> Metadata:
        """What is known of the sources, by whose word; and edits of it."""
        from workbench.metadata import Metadata

        return Metadata(self.evidence, self._now)

    @cached_property
    def quotations(self) -> Quotations:
        """Whether the words of claims may stand in quotation marks."""
        from workbench.quotations import Quotations

        return Quotations(self.cases, self.ledger, self.catalog)

    @cached_property
    def impartiality(self) -> Impartiality:
        """Why claims are checked, who must not judge them, and whether those who are checked are few."""
        from workbench.impartiality import Impartiality

        return Impartiality(self.cases, self.ledger, self.settings.review.rating_scale)

    @cached_property
    def published(self) -> Published:
        """What readers may see: the published verdicts, and their feeds."""
        from workbench.published import Published

        return Published(self.cases, self.settings, self.publishing.corrections, self.protection.told)

    @cached_property
    def publishing(self) -> Publishing:
        """From a settled verdict to its readers."""
        from workbench.publishing import Publishing

        return Publishing(self.cases, self.ledger, self.settings.review.policy, self._now)

    @cached_property
    def agreement(self) -> Agreement:
        """How far reviewers agree, and on which evidence."""
        from workbench.agreement import Agreement

        return Agreement(self.cases, self.settings.review.rating_scale)

    @cached_property
    def comments(self) -> Comments:
        """What colleagues say to one another about claims."""
        from workbench.comments import Comments

        return Comments(self.cases, self.ledger)

    @cached_property
    def assignments(self) -> Assignments:
        """Who is to judge which claims, and which are checked no more."""
        from workbench.assignments import Assignments

        return Assignments(self.cases, self.ledger)

    @cached_property
    def matters(self) -> DeskMatters:
        """What people say of claims at the desk: due days, priorities, topics, reasons."""
        from workbench.desk_matters import DeskMatters

        return DeskMatters(self.cases, self.ledger, self.assignments, fields=self.settings.claims.fields)

    @cached_property
    def queue(self) -> Queue:
        """Which claims wait for whom, and in what order."""
        from workbench.queue import Queue

        return Queue(self.cases, self.ledger, self.assignments, self._now, is_in_overlap=self.settings.review.is_in_overlap)

    @cached_property
    def contacts(self) -> Contacts:
        """Who was asked about claims, and what they replied."""
        from workbench.contacts import Contacts

        return Contacts(self.cases, self.ledger, self._now)

    @cached_property
    def rules(self) -> Rules:
        """The guidelines, scale and policy in force, and those of before."""
        from workbench.rules import Rules

        return Rules(self.ledger, self.settings.review, self._now)

    @cached_property
    def near_copies(self) -> NearCopies:
        """Which files stand in one another to a large part."""
        from workbench.near_copies import NearCopies

        return NearCopies(self.evidence, self.catalog)

    @cached_property
    def pages(self) -> Pages:
        """Pictures of the pages of originals."""
        from workbench.pages import Pages

        return Pages(self.originals, self.settings.evidence, ocr_pages=self.workspace.ocr_pages)

    @cached_property
    def articles(self) -> Articles:
        """What is looked through for claims."""
        from workbench.articles import Articles

        return Articles(self.stock, self.cases, self.quotations, self.citing.source)

    @cached_property
    def reporting(self) -> Reporting:
        """Reports of the claims, in every form."""
        from workbench.reporting import Reporting

        return Reporting(self.cases, self.settings, self.workspace, self.protection, self._now)

    @cached_property
    def descriptions(self) -> Descriptions:
        """What colleagues saw or heard in photos, videos and sound files."""
        from workbench.descriptions import Descriptions

        return Descriptions(self.workspace, self.stock, self.evidence, self.catalog, self.originals, self.pages, self._now)

    @cached_property
    def casefiles(self) -> CaseFiles:
        """Case files, which a stranger can check."""
        from workbench.casefile import CaseFiles

        return CaseFiles(self.cases, self.ledger, self.evidence, self.protection, self.originals, self.settings, self._now)

    @cached_property
    def datasets(self) -> Datasets:
        """What people judged, as data for research."""
        from workbench.datasets import Datasets

        stores = (self.ledger, self.evidence, self.catalog, self.originals)
        return Datasets(self.cases, self.reporting, *stores, self.settings, self._now)

    @classmethod
    def open(
        cls,
        path: str | Path | None = None,
        *,
        encoder: Callable[[], Encoder] | None = None,
        now: Callable[[], datetime] = _utc_now,
    ) -> Self:
        """The desk of the workspace at `path`, else of the nearest one.

        Raises: UsageError, SettingsError, WorkspaceError, LedgerError.
        """
        workspace = find_workspace(path)
        settings = load_settings(workspace)
        prepare(workspace, settings.records)
        return cls(workspace, settings, encoder=encoder, now=now)

    def close(self) -> None:
        """Let go of the stores."""
        for opened in ("pages", "claim_index"):
            if opened in self.__dict__:
                getattr(self, opened).close()
        self.stock.background.close()
        self.evidence.close()
        self.catalog.close()
        self.ledger.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def seen_by(self, who: Reviewer | None) -> Self:
        """The desk as one person may read it: whatever they are blind on is left out of all it gives back (review/blind.py).

        who: None for somebody who has not said. Where the policy makes nobody blind, the desk itself. It needs no closing.
        """
        if not self.settings.review.is_ever_blind:
            return self
        key = review.reviewer_key(who) if who else ""
        with self._lock:
            held = self._seen_by.get(key)
            cases = held[0] if held else CasesSeenBy(self.cases, who, self.settings.review)
            hidden = cases.hidden
            if held is None or held[1] != hidden:  # what an area kept of its reading is no longer what may be read
                self._seen_by[key] = held = (cases, hidden, self._for(who, cases))
            return held[2]

    def _for(self, who: Reviewer | None, cases: CasesSeenBy) -> Self:
        seen = copy.copy(self)
        made = [name for name in vars(self) if isinstance(getattr(type(self), name, None), cached_property)]
        for name in made:
            del vars(seen)[name]
        for name in FOR_EVERYBODY:
            vars(seen)[name] = getattr(self, name)
        seen.cases, seen.ledger = cases, LedgerSeenBy(self.ledger, who, cases)
        return seen
