"""The search that a verdict kept, made again: the same hits, or what has changed since.

What lives here: which search a verdict stores, asking it again, and setting both beside each other. What does not: searching
(search/), what a receipt says in a report (report/words.py). Replaying records nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from workbench.cases import Cases
from workbench.errors import Refused, UnknownId
from workbench.ledger import Ledger
from workbench.library import Library
from workbench.models import (
    Case,
    Hit,
    LibraryEntry,
    Record,
    Reviewer,
    SearchReceipt,
    SearchResult,
    ShownHit,
    StoredVerdict,
    display_name,
)
from workbench.tongue import N_, Words, _, counted

Find = Callable[..., SearchResult]


class ReplayedHit(Record):
    """A passage that was or is shown. was, rank: its place then and now; None where it was not among the hits.

    why: of one that is gone, what became of it, as far as it is recorded.
    """

    passage_id: str
    was: int | None
    rank: int | None
    title: str
    page: str | None = None
    text: str = ""
    why: str = ""


class EvidenceChanges(Record):
    """What became of the evidence since a search, file by file: titles, or paths of what could not be read."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    read_again: tuple[str, ...] = ()
    described: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    unread_no_more: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    taken_in: tuple[str, ...] = ()


class Replay(Record):
    """A stored search beside the same search made now. hits: those of now, best first, then those that are gone."""

    claim_id: str
    reviewer: Reviewer
    revision: int
    then: SearchReceipt
    now: SearchReceipt
    hits: tuple[ReplayedHit, ...]
    evidence: EvidenceChanges
    settings: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        """Whether the same passages are shown in the same order."""
        return all(one.was == one.rank for one in self.hits)

    @property
    def told(self) -> tuple[str, ...]:
        """What changed, in sentences: the hits, then the evidence, then models and settings."""
        return (*_of_hits(self), *_of_evidence(self), *self.settings)


@dataclass
class _News:
    """What happened to one source: the kinds of events, and where it lay last."""

    kinds: set[str] = field(default_factory=set)
    path: str | None = None


class Receipts:
    """The searches that the verdicts of one workspace kept."""

    def __init__(self, cases: Cases, evidence: Library, ledger: Ledger, find: Find) -> None:
        self._cases = cases
        self._evidence = evidence
        self._ledger = ledger
        self._find = find

    def replay(self, claim_id: str, *, reviewer: Reviewer | None = None, revision: int | None = None) -> Replay:
        """Search again as a verdict's receipt says: by default of the verdict that counts, else of the newest with a receipt.

        Raises: UnknownId for a claim or verdict there is not, Refused where it kept no search; what a search raises.
        """
        case = self._cases.get(claim_id)
        verdict = _wanted(case, reviewer, revision)
        then = verdict.receipt
        if then is None:
            hint = "A verdict saved on Check keeps its search; on the command line: workbench verdict record --keep-search."
            raise Refused(f"Revision {verdict.revision} on {claim_id} kept no search.", hint=hint, code="no_receipt")
        found = self._find(
            then.queries[0],
            also=then.queries[1:],
            about=case.claim,
            k=then.k,
            mode=then.asked_mode,
            filters=then.filters,
        )
        news = self._news(then)
        return Replay(
            claim_id=claim_id,
            reviewer=verdict.reviewer,
            revision=verdict.revision,
            then=then,
            now=found.receipt,
            hits=tuple(self._hits(then, found, news)),
            evidence=self._changes(then, found.receipt, news),
            settings=tuple(_settings(then, found.receipt)),
        )

    def _news(self, then: SearchReceipt) -> dict[str, _News]:
        """What happened to each source since the search. A receipt that names no event goes by the clock."""
        since = then.evidence_seq
        news: dict[str, _News] = {}
        for event in self._ledger.since(since or 0, subject_kind="source"):
            if since is not None or event.created_at > then.created_at:
                one = news.setdefault(event.subject_id, _News())
                one.kinds.add(event.kind)
                one.path = event.payload.get("path", one.path)
        return news

    def _hits(self, then: SearchReceipt, found: SearchResult, news: Mapping[str, _News]) -> Iterator[ReplayedHit]:
        was = {one.passage_id: one.rank for one in then.shown}
        for hit in found.hits:
            yield _as_found(hit, was.get(hit.passage_id))
        here = {hit.passage_id for hit in found.hits}
        folded = {other.passage_id: hit.rank for hit in found.hits for other in hit.similar}
        for one in then.shown:
            if one.passage_id not in here:
                yield self._gone(one, folded.get(one.passage_id), news)

    def _gone(self, one: ShownHit, under: int | None, news: Mapping[str, _News]) -> ReplayedHit:
        entry = None
        with suppress(UnknownId):
            entry = self._evidence.find(one.passage_id.partition("-")[0])
        if under is not None:
            why = _("now folded into hit {rank}, which says the same", rank=under)
        elif entry is None or entry.removed or not entry.paths:
            why = _("its file was removed")
        elif entry.source_id in news and "source-read-again" in news[entry.source_id].kinds:
            why = _("its file was read again, and its text is cut otherwise")
        else:
            why = _("others come before it")
        title = _title(entry, news.get(entry.source_id)) if entry else _("a file that is not in the library")
        return ReplayedHit(passage_id=one.passage_id, was=one.rank, rank=None, title=title, why=why)

    def _changes(self, then: SearchReceipt, now: SearchReceipt, news: Mapping[str, _News]) -> EvidenceChanges:
        entries, here = self._evidence.entries(), self._evidence.searchable()
        known = [(one in here, news[one].kinds, _title(entries[one], news[one])) for one in news if one in entries]
        added = {title for is_here, kinds, title in known if is_here and "source-added" in kinds}
        kept = [(kinds, title) for is_here, kinds, title in known if is_here and "source-added" not in kinds]
        was, now_unread = {one.path for one in then.unread}, {one.path for one in now.unread}
        return EvidenceChanges(
            added=tuple(sorted(added)),
            removed=tuple(sorted(title for is_here, kinds, title in known if not is_here and "source-added" not in kinds)),
            read_again=tuple(sorted(title for kinds, title in kept if "source-read-again" in kinds)),
            described=tuple(sorted(title for kinds, title in kept if "source-described" in kinds)),
            unread=tuple(sorted(now_unread - was)),
            unread_no_more=tuple(sorted(was - now_unread)),
            waiting=tuple(sorted(set(now.waiting) - set(then.waiting))),
            taken_in=tuple(sorted(set(then.waiting) - set(now.waiting))),
        )


BY: Words[str] = Words({"hybrid": N_("by meaning and by words"), "dense": N_("by meaning"), "lexical": N_("by words")})

# --- pure ------------------------------------------------------------------------------------------------------------


def _wanted(case: Case, reviewer: Reviewer | None, revision: int | None) -> StoredVerdict:
    """The verdict asked for. Raises: UnknownId."""
    fitting = [
        one
        for one in case.verdicts
        if (reviewer is None or (one.reviewer.issuer, one.reviewer.subject) == (reviewer.issuer, reviewer.subject))
        and revision in (None, one.revision)
    ]
    if not fitting:
        hint = f"List them with: workbench verdict show {case.claim.id}"
        raise UnknownId(f"There is no such verdict on {case.claim.id}.", hint=hint, code="unknown_revision")
    if reviewer is None and revision is None and case.counting is not None:
        return case.counting
    return next((one for one in reversed(fitting) if one.receipt), fitting[-1])


def _as_found(hit: Hit, was: int | None) -> ReplayedHit:
    return ReplayedHit(passage_id=hit.passage_id, was=was, rank=hit.rank, title=hit.title, page=hit.page, text=hit.text)


def _title(entry: LibraryEntry, news: _News | None) -> str:
    """The title of a source; of one without a file any more, what that was called."""
    if entry.paths or entry.meta.title or news is None or news.path is None:
        return entry.title
    return display_name(news.path)


def _settings(then: SearchReceipt, now: SearchReceipt) -> Iterator[str]:
    """What differs in how the search was made."""
    if then.mode != now.mode:
        yield _("It was searched {then} then, {now} now.", then=BY[then.mode], now=BY[now.mode])
    for what, was, is_now in (
        (_("The model"), then.model_fingerprint, now.model_fingerprint),
        (_("The re-ranking model"), then.reranker_fingerprint, now.reranker_fingerprint),
    ):
        if was != is_now:
            none = _("none")
            yield _("{what} was {was}, and is {now}.", what=what, was=was or none, now=is_now or none)
    if then.settings_hash not in (None, now.settings_hash):
        yield _("The settings of the search were changed since.")


def _of_hits(replay: Replay) -> Iterator[str]:
    hits = replay.hits
    if replay.is_same:
        told = counted(len(hits), "The same {count} passage in the same order.", "The same {count} passages in the same order.")
        yield told if hits else _("No passage then, and none now.")
        return
    new = [one for one in hits if one.was is None]
    gone = [one for one in hits if one.rank is None]
    moved = [one for one in hits if one.was and one.rank and one.was != one.rank]
    parts = (
        (len(new), counted(len(new), "{count} new", "{count} new")),
        (len(gone), counted(len(gone), "{count} gone", "{count} gone")),
        (len(moved), counted(len(moved), "{count} moved in rank", "{count} moved in rank")),
    )
    same = len(hits) - len(new) - len(gone) - len(moved)
    told = ", ".join(what for number, what in parts if number)
    as_before = counted(same, "{count} passage as before, {told}.", "{count} passages as before, {told}.", told=told)
    yield as_before if same else f"{told[0].upper()}{told[1:]}."
    if not any(replay.evidence.model_dump().values()) and not replay.settings:
        yield _("Nothing that is recorded of the evidence or the settings explains the difference.")


def _of_evidence(replay: Replay) -> Iterator[str]:
    said = (
        ("added", N_("{files} added since: {names}.")),
        ("removed", N_("{files} removed since: {names}.")),
        ("read_again", N_("{files} read again since, with another text or other doubts: {names}.")),
        ("described", N_("{files} described otherwise since: {names}.")),
        ("unread", N_("{files} that cannot be read now: {names}.")),
        ("unread_no_more", N_("{files} could not be read then and cannot be named so now: {names}.")),
        ("waiting", N_("{files} waiting to be taken in now: {names}.")),
        ("taken_in", N_("{files} waiting then and not now: {names}.")),
    )
    for name, sentence in said:
        named = getattr(replay.evidence, name)
        if named:
            yield _(sentence, files=counted(len(named), "{count} file", "{count} files"), names=_listed(named))
    if not any(replay.evidence.model_dump().values()):
        yield _("No file was added, removed or read again since.")


def _listed(names: tuple[str, ...]) -> str:
    shown, more = names[:5], len(names) - 5
    return _("{names} and {count} more", names=", ".join(shown), count=more) if more > 0 else ", ".join(shown)
