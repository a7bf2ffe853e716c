"""The history of a claim in words: who did what when. Pure.

What lives here: events to sentences. What does not: what readers are told of it (report/standing.py), what differs between two
revisions (revisions.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from workbench.models import Event, Record, Reviewer

SHORT = 160  # characters of a free text in a sentence of the history


class Happening(Record):
    """One thing that was done to a claim: when, by whom, and a clause that goes on after the name."""

    seq: int
    at: datetime
    who: str
    words: str
    kind: str


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


def _matters(payload: dict[str, Any]) -> str:
    """What was said of matters of the desk, or left to the claim file again."""
    said = [name.replace("_", " ") for name in payload.get("said", {})]
    left = [name.replace("_", " ") for name in payload.get("cleared", ())]
    parts = [f"said {', '.join(said)}"] if said else []
    parts += [f"left {', '.join(left)} to the claim file"] if left else []
    return " and ".join(parts) or "said nothing new of the claim"


def _contact(contact: dict[str, Any]) -> str:
    """What became of somebody who was asked."""
    reply = contact.get("reply")
    if reply:
        return f"noted the reply of {contact['name']}:{_quoted(reply['words'])}"
    silent = "no reply" if contact.get("no_reply_by") else "what changed"
    return f"noted {silent} of contact {contact['number']}, {contact['name']}"


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
    "desk-matters-said": _matters,
    "claim-restored": lambda _: "took the claim up again",
    "claim-assigned": lambda said: f"gave the claim to {_person(said)}" if "reviewer" in said else "took the claim",
    "assignment-ended": lambda said: f"took the claim back from {_person(said)}",
    "citations-checked": lambda said: f"found that {len(said['found']):,} cited in verdicts stood elsewhere or otherwise",
    "citation-confirmed": lambda said: f"let passage {said['passage_id']} stand as cited{_because(said['reason'])}",
    "evidence-found": lambda said: f"found {len(said['found']):,} new in the evidence that may bear on the verdict",
    "evidence-answered": lambda said: f"saw no change in passage {said['passage_id']}{_because(said['reason'])}",
    "contact-asked": lambda said: f"asked {said['contact']['name']}:{_quoted(said['contact']['question'])}",
    "contact-changed": lambda said: _contact(said["contact"]),
    "contact-withdrawn": lambda said: f"took contact {said['number']} out",
    "comment-made": lambda said: f"commented:{_quoted(said['comment'].get('text'))}",
    "words-erased": lambda said: f"erased the words of a source for good{_because(said['reason'])}",
    "comment-taken-back": lambda said: f"took comment {said['number']} back",
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
