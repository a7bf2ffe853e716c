"""The history of a claim in words: who did what when, two revisions beside each other, and an old one begun anew. Pure.

What lives here: events to sentences, the difference of two verdicts, a verdict as a draft. What does not: what readers are told
of it (report/standing.py), storing anything.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from workbench import questions
from workbench.errors import UnknownId
from workbench.fragments import asked_for
from workbench.models import Case, Citation, Draft, Event, Record, Reviewer, Stance, StoredVerdict
from workbench.ratings import public_label

WORDS_COMPARED = 3_000  # of one text, besides what both begin and end with; a longer stretch is shown as replaced
SHORT = 160  # characters of a free text in a sentence of the history


class Happening(Record):
    """One thing that was done to a claim: when, by whom, and a clause that goes on after the name."""

    seq: int
    at: datetime
    who: str
    words: str
    kind: str


class Run(Record):
    """Words of two texts, run by run: in both, only in the older one, only in the newer one."""

    where: Literal["both", "older", "newer"]
    words: str


class FieldChange(Record):
    """A field of a verdict that differs between two revisions, word by word."""

    label: str
    runs: tuple[Run, ...]


class Restanced(Record):
    """Words cited by both verdicts, with another stance. citation: as the newer has it; was: the stance of the older."""

    citation: Citation
    was: Stance


class Comparison(Record):
    """What differs between two verdicts: the fields, and the citations they rest on."""

    fields: tuple[FieldChange, ...]
    added: tuple[Citation, ...]
    removed: tuple[Citation, ...]
    restanced: tuple[Restanced, ...]

    @property
    def is_same(self) -> bool:
        """Whether both say the same and rest on the same."""
        return not (self.fields or self.added or self.removed or self.restanced)


# --- who did what when -----------------------------------------------------------------------------------------------


def happenings(events: Sequence[Event]) -> list[Happening]:
    """Everything that was done to a claim, oldest first, each in a sentence."""
    verdicts = {event.hash: event for event in events if event.kind == "verdict-recorded"}
    return [
        Happening(
            seq=event.seq,
            at=event.created_at,
            who=event.actor.display_name,
            words=_told(event, verdicts),
            kind=event.kind,
        )
        for event in events
    ]


def _told(event: Event, verdicts: Mapping[str, Event]) -> str:
    """The clause of an event; of a kind that has none here, its name in words: nothing that was done is left out."""
    clause = CLAUSES.get(event.kind)
    if clause is None:
        return event.kind.replace("-", " ")
    payload = dict(event.payload)
    of = verdicts.get(payload.get("hash", ""))
    payload["verdict of hash"] = f"revision {of.revision} by {of.actor.display_name}" if of else "a verdict"
    return clause(payload)


def _quoted(text: str | None) -> str:
    """` “the words”`, cut where they are long; nothing where there are none."""
    folded = " ".join((text or "").split())
    if not folded:
        return ""
    return f" “{folded if len(folded) <= SHORT else folded[: SHORT - 1].rstrip() + '…'}”"


def _recorded(payload: dict[str, Any]) -> str:
    verdict = payload["verdict"]
    cited = len(verdict.get("citations", ()))
    words = f"recorded revision {verdict['revision']}: {verdict['rating']['label']}, {cited:,} cited"
    change = verdict.get("change")
    return f"{words}; {change['kind']}:{_quoted(change['note'])}" if change else words


def _person(payload: dict[str, Any]) -> str:
    return str(Reviewer.model_validate(payload["reviewer"]).display_name)


# One clause for each kind of event of a claim, from its payload. A kind that is added belongs here too (a test says so).
CLAUSES: dict[str, Callable[[dict[str, Any]], str]] = {
    "claim-added": lambda said: f"added the claim{_quoted(said['claim'].get('statement'))}",
    "claim-changed": lambda said: f"changed the claim, which says{_quoted(said['claim'].get('statement'))}",
    "claim-missing": lambda said: f"found the claim no longer in {said['file']}",
    "claim-found-again": lambda said: f"found the claim again in {said['file']}",
    "claim-retired": lambda _: "retired the claim",
    "quote-confirmed": lambda said: f"confirmed as the speaker's own words{_quoted(said['quote'])}",
    "similarity-judged": lambda said: f"called {said['claim_id']} {_same_or_not(said['judgement'])}",
    "hit-marked": lambda said: _marked(said["mark"]),
    "mark-cleared": lambda said: f"took the mark on passage {said['passage_id']} back",
    "reviewer-recused": lambda said: f"recused:{_quoted(said['reason'])}",
    "recusal-withdrawn": lambda _: "took the recusal back",
    "verdict-recorded": _recorded,
    "verdict-voided": lambda said: f"declared revision {said['revision']} by {_person(said)} void:{_quoted(said['reason'])}",
    "signed-off": lambda said: f"signed {said['verdict of hash']} as {said['signs_as']}",
    "sign-off-withdrawn": lambda said: f"took the signature as {said['signs_as']} back",
    "verdict-ready": lambda said: f"called {said['verdict of hash']} ready to be published",
    "embargo-set": lambda said: f"embargoed the claim until {_utc(said['until'])}{_because(said['reason'])}",
    "embargo-lifted": lambda _: "lifted the embargo",
    "verdict-published": lambda said: f"published {said['verdict of hash']} at {said['url']}",
    "verdict-retracted": lambda said: f"retracted what was published:{_quoted(said['note'])}",
    "citations-checked": lambda _: "set the citations beside their files again",
    "citation-confirmed": lambda _: "confirmed a citation whose file had changed",
}


def _same_or_not(judgement: str) -> str:
    return "the same claim" if judgement == "same" else "another claim"


def _marked(mark: dict[str, Any]) -> str:
    judged = {"not-relevant": "not relevant", "look-again": "to be looked at again"}[mark["judgement"]]
    return f"marked passage {mark['passage_id']} as {judged}{_because(mark.get('reason'))}"


def _because(reason: str | None) -> str:
    return f":{_quoted(reason)}" if reason else ""


def _utc(moment: str) -> str:
    return f"{datetime.fromisoformat(moment):%Y-%m-%d %H:%M} UTC"


# --- two revisions ---------------------------------------------------------------------------------------------------


def revision_of(case: Case, reviewer: Reviewer | None, revision: int) -> StoredVerdict:
    """One revision of a reviewer; of the only one who has it where nobody is named. Raises: UnknownId."""
    fitting = [
        one
        for one in case.verdicts
        if one.revision == revision
        and (reviewer is None or (one.reviewer.issuer, one.reviewer.subject) == (reviewer.issuer, reviewer.subject))
    ]
    if len(fitting) == 1:
        return fitting[0]
    told = f"{len(fitting)} reviewers have a revision {revision}" if fitting else f"There is no revision {revision}"
    hint = f"Name the reviewer; they are listed by: workbench verdict show {case.claim.id}"
    raise UnknownId(f"{told} on {case.claim.id}.", hint=hint, code="unknown_revision")


def compared(older: StoredVerdict, newer: StoredVerdict) -> Comparison:
    """What differs between two verdicts, word by word; what is the same is left out."""
    was, now = _fields(older), _fields(newer)
    labels = dict.fromkeys([*was, *now])
    before = {one.passage_id: one for one in older.citations}
    after = {one.passage_id: one for one in newer.citations}
    return Comparison(
        fields=tuple(
            FieldChange(label=label, runs=tuple(word_runs(was.get(label, ""), now.get(label, ""))))
            for label in labels
            if was.get(label, "") != now.get(label, "")
        ),
        added=tuple(one for key, one in after.items() if key not in before),
        removed=tuple(one for key, one in before.items() if key not in after),
        restanced=tuple(
            Restanced(citation=one, was=before[key].stance)
            for key, one in after.items()
            if key in before and before[key].stance != one.stance
        ),
    )


def _fields(one: StoredVerdict) -> dict[str, str]:
    """What a verdict says, by what a page calls it; fragments by their words."""
    said = {
        "Rating": public_label(one.rating, one.ground),
        "Confidence": "" if one.confidence is None else f"{one.confidence:g}",
        "Headline": one.headline or "",
        "Public explanation": one.explanation or "",
        "How it follows from the fragments": one.weighing or "",
        "Rationale": one.rationale,
        "Searched elsewhere": one.searched_elsewhere,
    }
    said |= {f"Fragment “{part.words}”": part.rating.label for part in one.fragments}
    return said | {
        f"Question “{asked.text}”": "; ".join(answer.text or answer.kind for answer in asked.answers) for asked in one.questions
    }


def word_runs(older: str, newer: str) -> Iterator[Run]:
    """Two texts as runs of words, in order: what both have, what only the older has, what only the newer has."""
    was, now = older.split(), newer.split()
    start = next((at for at, (one, other) in enumerate(zip(was, now, strict=False)) if one != other), min(len(was), len(now)))
    room = min(len(was), len(now)) - start
    end = next((at for at in range(room) if was[-1 - at] != now[-1 - at]), room)
    middle, other_middle = was[start : len(was) - end], now[start : len(now) - end]
    if start:
        yield Run(where="both", words=" ".join(was[:start]))
    yield from _middle(middle, other_middle)
    if end:
        yield Run(where="both", words=" ".join(was[len(was) - end :]))


def _middle(was: list[str], now: list[str]) -> Iterator[Run]:
    """The runs of what differs. Comparing costs the product of both lengths: a long stretch counts as replaced."""
    if max(len(was), len(now)) > WORDS_COMPARED:
        opcodes: Sequence[tuple[str, int, int, int, int]] = [("replace", 0, len(was), 0, len(now))]
    else:
        opcodes = difflib.SequenceMatcher(None, was, now, autojunk=False).get_opcodes()
    for kind, a, b, c, d in opcodes:
        if kind == "equal":
            yield Run(where="both", words=" ".join(now[c:d]))
            continue
        if a < b:
            yield Run(where="older", words=" ".join(was[a:b]))
        if c < d:
            yield Run(where="newer", words=" ".join(now[c:d]))


# --- begun anew ------------------------------------------------------------------------------------------------------


def begun_from(draft: Draft, verdict: StoredVerdict) -> Draft:
    """The draft with everything a verdict says: what is saved from it is a new revision, and the old one stays as it is.

    The draft keeps its token and the revision it is based on: restoring an old revision hides none that came after it.
    """
    return draft.model_copy(
        update={
            "rating": verdict.rating.slug,
            "ground": verdict.ground,
            "confidence": verdict.confidence,
            "rationale": verdict.rationale,
            "explanation": verdict.explanation or "",
            "headline": verdict.headline or "",
            "cites": tuple(one.as_asked for one in verdict.citations),
            "wording": verdict.rating.wording or "",
            "questions": questions.asked_for(verdict.questions),
            "fragments": asked_for(verdict.fragments),
            "weighing": verdict.weighing or "",
            "searched_elsewhere": verdict.searched_elsewhere,
            "departures": verdict.departures,
        }
    )
