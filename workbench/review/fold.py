"""The fold: what the events of one claim add up to, oldest first.

What lives here: events to a Case, and its status. What does not: its public side (public.py), what a save must satisfy
(policy.py, recusal.py, withdrawal.py, publishing.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import ValidationError

from workbench.errors import LedgerDamaged, UnknownId
from workbench.models import (
    Assignment,
    Case,
    CitationState,
    Claim,
    Comment,
    Confirmation,
    Contact,
    Erasure,
    Event,
    Mark,
    NewEvidence,
    Publication,
    Recusal,
    Reviewer,
    Status,
    StoredVerdict,
    stale_of,
)
from workbench.review.desk_matters import DeskMatters
from workbench.review.public import Public

CLAIM_STATED = ("claim-added", "claim-changed")


@dataclass
class _Tally:
    """What has been read so far while the events of one claim are walked, oldest first."""

    matters: DeskMatters = field(default_factory=DeskMatters)
    verdicts: list[StoredVerdict] = field(default_factory=list)
    void: dict[tuple[str, int], str] = field(default_factory=dict)
    marks: dict[tuple[str, str], tuple[Reviewer, Mark]] = field(default_factory=dict)
    public: Public = field(default_factory=Public)
    recusals: dict[str, Recusal] = field(default_factory=dict)
    comments: dict[int, Comment] = field(default_factory=dict)
    contacts: dict[int, Contact] = field(default_factory=dict)
    assignments: dict[str, Assignment] = field(default_factory=dict)
    erasures: list[Erasure] = field(default_factory=list)
    missing_from: str | None = None
    retired: bool = False
    confirmed: dict[str, str] = field(default_factory=dict)  # quotations by their words, and who confirmed each
    citation_states: dict[tuple[str, str], CitationState] = field(default_factory=dict)  # by verdict and passage
    new_evidence: dict[tuple[str, str], NewEvidence] = field(default_factory=dict)  # by verdict and passage

    @property
    def claim(self) -> Claim | None:
        """The claim as it was last stated, with what people said of it since."""
        stated = self.matters.stated
        return _with_marks(self.matters.over(stated), self.confirmed) if stated else None


def reviewer_key(reviewer: Reviewer) -> str:
    """What tells two reviewers apart: issuer and subject, never the display name."""
    return f"{reviewer.issuer}\x1f{reviewer.subject}"


def fold_case(events: Sequence[Event], *, drafted_by: Sequence[str] = ()) -> Case:
    """The Case of one claim. events: all of its events, oldest first. Folding is a plain walk: order is all that counts.

    Raises: UnknownId where the events never state a claim, LedgerDamaged where one is not what was written.
    """
    tally = _Tally()
    for event in events:
        try:
            _take(tally, event)
        except (KeyError, TypeError, ValidationError) as error:
            raise LedgerDamaged(
                f"Event {event.seq} ({event.kind} of {event.subject_id}) is not what was written: {type(error).__name__}.",
                hint="Run workbench verify; it names what was altered. Then restore a backup.",
            ) from error
    claim = tally.claim
    if claim is None:
        raise UnknownId("No such claim.", hint="List them with: workbench claims list", code="unknown_claim")
    verdicts = _with_states(tally)
    counting = _counting(verdicts)
    public = tally.public.told(verdicts, counting)
    return Case(
        claim=claim,
        status=_status(tally, claim, verdicts, counting, public["publication"], drafted_by),
        verdicts=tuple(verdicts),
        counting=counting,
        marks=tuple(tally.marks.values()),
        recusals=tuple(tally.recusals.values()),
        citation_states=tuple(tally.citation_states.values()),
        comments=tuple(tally.comments.values()),
        contacts=tuple(tally.contacts.values()),
        new_evidence=tuple(one for one in tally.new_evidence.values() if counting and one.hash == counting.hash),
        assignments=tuple(tally.assignments.values()),
        desk_words=tuple(tally.matters.words.values()),
        drafted_by=tuple(drafted_by),
        **public,
        erasures=tuple(tally.erasures),
        missing_from=tally.missing_from,
        retired=tally.retired,
        events=tuple(events),
    )


# --- what each kind of event changes -------------------------------------------------------------------------------------


def _take(tally: _Tally, event: Event) -> None:
    take = _TAKES.get(event.kind)
    if take is None:
        tally.public.take(event)
    else:
        take(tally, event)


def _state(tally: _Tally, event: Event) -> None:
    tally.matters.state(Claim.model_validate(event.payload["claim"]), event)


def _say_matters(tally: _Tally, event: Event) -> None:
    tally.matters.take(event)


def _confirm_quote(tally: _Tally, event: Event) -> None:
    tally.confirmed[event.payload["quote"]] = event.actor.display_name


def _miss(tally: _Tally, event: Event) -> None:
    tally.missing_from = event.payload["file"] if event.kind == "claim-missing" else None


def _retire(tally: _Tally, event: Event) -> None:
    tally.retired = event.kind == "claim-retired"


def _assign(tally: _Tally, event: Event) -> None:
    given = Assignment(reviewer=Reviewer.model_validate(event.payload["reviewer"]), by=event.actor, at=event.created_at)
    tally.assignments[reviewer_key(given.reviewer)] = given


def _end_assignment(tally: _Tally, event: Event) -> None:
    tally.assignments.pop(reviewer_key(Reviewer.model_validate(event.payload["reviewer"])), None)


def _record(tally: _Tally, event: Event) -> None:
    tally.verdicts.append(stored_verdict(event))


def _void(tally: _Tally, event: Event) -> None:
    owner = Reviewer.model_validate(event.payload["reviewer"])
    tally.void[reviewer_key(owner), event.payload["revision"]] = event.payload["reason"]


def _retract(tally: _Tally, event: Event) -> None:
    for verdict in tally.verdicts:  # all that led to it: an older revision that was corrected must not stand again
        tally.void.setdefault((reviewer_key(verdict.reviewer), verdict.revision), f"Retracted: {event.payload['note']}")
    tally.public.take(event)


def _recuse(tally: _Tally, event: Event) -> None:
    recusal = Recusal(reviewer=event.actor, reason=event.payload["reason"], at=event.created_at)
    tally.recusals[reviewer_key(event.actor)] = recusal


def _withdraw_recusal(tally: _Tally, event: Event) -> None:
    tally.recusals.pop(reviewer_key(event.actor), None)


def _check_citations(tally: _Tally, event: Event) -> None:
    for found in event.payload["found"]:
        state = CitationState.model_validate({**found, "at": event.created_at})
        tally.citation_states[state.hash, state.passage_id] = state


def _confirm_citation(tally: _Tally, event: Event) -> None:
    by = Confirmation(by=event.actor.display_name, reason=event.payload["reason"], at=event.created_at)
    for key in ((one, event.payload["passage_id"]) for one in event.payload["hashes"]):
        if key in tally.citation_states:  # not where a blind reviewer's own events are folded alone
            tally.citation_states[key] = tally.citation_states[key].model_copy(update={"confirmed": by})


def _contact(tally: _Tally, event: Event) -> None:
    contact = Contact.model_validate(event.payload["contact"])
    tally.contacts[contact.number] = contact


def _withdraw_contact(tally: _Tally, event: Event) -> None:
    tally.contacts.pop(event.payload["number"], None)


def _find_evidence(tally: _Tally, event: Event) -> None:
    for found in event.payload["found"]:
        new = NewEvidence.model_validate({**found, "at": event.created_at})
        tally.new_evidence[new.hash, new.passage_id] = new


def _answer_evidence(tally: _Tally, event: Event) -> None:
    for key in [key for key in tally.new_evidence if key[1] == event.payload["passage_id"]]:
        del tally.new_evidence[key]


def _mark(tally: _Tally, event: Event) -> None:
    mark = Mark.model_validate(event.payload["mark"])
    tally.marks[reviewer_key(event.actor), mark.passage_id] = (event.actor, mark)


def _clear_mark(tally: _Tally, event: Event) -> None:
    tally.marks.pop((reviewer_key(event.actor), event.payload["passage_id"]), None)


def _comment(tally: _Tally, event: Event) -> None:
    said = {"number": event.subject_revision, "by": event.actor, "at": event.created_at}
    tally.comments[event.subject_revision] = Comment.model_validate({**event.payload["comment"], **said})


def _take_back_comment(tally: _Tally, event: Event) -> None:
    tally.comments.pop(event.payload["number"], None)


def _erase(tally: _Tally, event: Event) -> None:
    told = {name: event.payload[name] for name in ("source_id", "reason")}
    tally.erasures.append(Erasure(**told, at=event.created_at))


_TAKES: Mapping[str, Callable[[_Tally, Event], None]] = {  # all other kinds are of the claim's public side
    "claim-added": _state,
    "claim-changed": _state,
    "desk-matters-said": _say_matters,
    "quote-confirmed": _confirm_quote,
    "words-erased": _erase,
    "claim-missing": _miss,
    "claim-found-again": _miss,
    "claim-retired": _retire,
    "claim-restored": _retire,
    "claim-assigned": _assign,
    "assignment-ended": _end_assignment,
    "verdict-recorded": _record,
    "verdict-voided": _void,
    "verdict-retracted": _retract,
    "reviewer-recused": _recuse,
    "recusal-withdrawn": _withdraw_recusal,
    "citations-checked": _check_citations,
    "citation-confirmed": _confirm_citation,
    "contact-asked": _contact,
    "contact-changed": _contact,
    "contact-withdrawn": _withdraw_contact,
    "evidence-found": _find_evidence,
    "evidence-answered": _answer_evidence,
    "hit-marked": _mark,
    "mark-cleared": _clear_mark,
    "comment-made": _comment,
    "comment-taken-back": _take_back_comment,
}


def _with_marks(claim: Claim, confirmed: Mapping[str, str]) -> Claim:
    """The claim with the marks that a person gave its words; other words need another confirmation."""
    by = confirmed.get(claim.reported_words or "")
    return claim.model_copy(update={"quote_marks": "confirmed", "quote_marks_by": by}) if by else claim


def stored_verdict(event: Event) -> StoredVerdict:
    """The verdict an event holds, with its place in the ledger; its state is worked out by the fold."""
    return StoredVerdict.model_validate({**event.payload["verdict"], "seq": event.seq, "hash": event.hash})


def _with_states(tally: _Tally) -> list[StoredVerdict]:
    """A reviewer's newest revision that is not void is current; the void ones say why; the others are superseded."""
    newest: dict[str, int] = {}
    for verdict in tally.verdicts:
        key = reviewer_key(verdict.reviewer)
        if (key, verdict.revision) not in tally.void:
            newest[key] = max(verdict.revision, newest.get(key, 0))
    stated = []
    for verdict in tally.verdicts:
        key = reviewer_key(verdict.reviewer)
        reason = tally.void.get((key, verdict.revision))
        state = "void" if reason is not None else "current" if newest[key] == verdict.revision else "superseded"
        stated.append(verdict.model_copy(update={"state": state, "void_reason": reason}))
    return stated


def current_verdicts(verdicts: Iterable[StoredVerdict]) -> list[StoredVerdict]:
    """Each reviewer's word as it stands, oldest first."""
    return sorted((verdict for verdict in verdicts if verdict.state == "current"), key=lambda verdict: verdict.seq)


def ruling_of(verdicts: Iterable[StoredVerdict]) -> StoredVerdict | None:
    """The newest referee's verdict that holds: nobody has said otherwise in words that the referee had not read."""
    current = current_verdicts(verdicts)
    for ruling in reversed(current):
        unread = [one for one in current if one is not ruling and one.hash not in ruling.adjudicates]
        if ruling.adjudicates and all(one.rating.says == ruling.rating.says for one in unread):
            return ruling
    return None


def reviews_missing(verdicts: Iterable[StoredVerdict]) -> int:
    """How many reviews a claim with verdicts waits for, of those asked for when the newest one was given; 0 once ruled on.

    A desk that asks for more reviews from today on does not unsettle what was settled.
    """
    current = current_verdicts(verdicts)
    if not current or ruling_of(current) is not None:
        return 0
    return max(current[-1].reviews - len(current), 0)


def _counting(verdicts: Iterable[StoredVerdict]) -> StoredVerdict | None:
    """The referee's verdict, else the newest one once all reviews are in and while they agree on the rating (DESIGN.md, 6)."""
    current = current_verdicts(verdicts)
    ruling = ruling_of(current)
    if ruling is not None:
        return ruling
    agree = len({verdict.rating.says for verdict in current}) == 1
    return current[-1] if agree and not reviews_missing(current) else None


def _status(
    tally: _Tally,
    claim: Claim,
    verdicts: Sequence[StoredVerdict],
    counting: StoredVerdict | None,
    publication: Publication | None,
    drafted_by: Sequence[str],
) -> Status:
    """needs-review: further reviews are asked for, and nobody is at one; submitted: somebody is."""
    current = current_verdicts(verdicts)
    if not current:
        return "draft" if drafted_by else "void" if verdicts else "todo"
    if reviews_missing(current):
        submitted = {verdict.reviewer.display_name for verdict in current}
        return "submitted" if set(drafted_by) - submitted else "needs-review"
    if counting is None:
        return "disagreement"
    if _are_of_other_words(claim, current, counting) or stale_of(verdicts, tally.citation_states.values()):
        return "recheck"
    return "published" if publication else "settled"


def _are_of_other_words(claim: Claim | None, current: Sequence[StoredVerdict], counting: StoredVerdict) -> bool:
    """Whether the claim was changed under what counts, or under so many of the reviews that too few are of its words now."""
    if claim is None or counting.claim_hash != claim.content_hash:
        return claim is not None
    of_these_words = sum(verdict.claim_hash == claim.content_hash for verdict in current)
    return not counting.adjudicates and of_these_words < min(counting.reviews, len(current))


def claim_as_stated(events: Sequence[Event]) -> Claim | None:
    """The claim in the words last stated of it, without what people confirmed since; None where none was."""
    stated = [event for event in events if event.kind in CLAIM_STATED]
    return Claim.model_validate(stated[-1].payload["claim"]) if stated else None


def latest_revision(events: Iterable[Event], reviewer: Reviewer) -> int:
    """The number of that reviewer's newest verdict on the claim; 0 before the first."""
    mine = (
        event.revision or 0
        for event in events
        if event.kind == "verdict-recorded" and reviewer_key(event.actor) == reviewer_key(reviewer)
    )
    return max(mine, default=0)
