"""The history of a claim in words: who did what when. Pure.

What lives here: events to sentences. What does not: what readers are told of it (report/standing.py), what differs between two
revisions (revisions.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from workbench.models import Event, Record, Reviewer
from workbench.tongue import _

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
    payload["verdict of hash"] = (
        _("revision {revision} by {who}", revision=of.revision, who=of.actor.display_name) if of else _("a verdict")
    )
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
    words = _(
        "recorded revision {revision}: {rating}, {cited} cited",
        revision=verdict["revision"],
        rating=verdict["rating"]["label"],
        cited=cited,
    )
    change = verdict.get("change")
    return f"{words}; {change['kind']}:{_quoted(change['note'])}" if change else words


def _matters(payload: dict[str, Any]) -> str:
    """What was said of matters of the desk, or left to the claim file again."""
    said = [name.replace("_", " ") for name in payload.get("said", {})]
    left = [name.replace("_", " ") for name in payload.get("cleared", ())]
    parts = [_("said {fields}", fields=", ".join(said))] if said else []
    parts += [_("left {fields} to the claim file", fields=", ".join(left))] if left else []
    if len(parts) > 1:
        return _("{names} and {last}", names=parts[0], last=parts[1])
    return parts[0] if parts else _("said nothing new of the claim")


def _contact(contact: dict[str, Any]) -> str:
    """What became of somebody who was asked."""
    reply = contact.get("reply")
    if reply:
        return _("noted the reply of {name}:{words}", name=contact["name"], words=_quoted(reply["words"]))
    of = {"number": contact["number"], "name": contact["name"]}
    if contact.get("no_reply_by"):
        return _("noted no reply of contact {number}, {name}", **of)
    return _("noted what changed of contact {number}, {name}", **of)


def _assigned(said: dict[str, Any]) -> str:
    return _("gave the claim to {who}", who=_person(said)) if "reviewer" in said else _("took the claim")


def _voided(said: dict[str, Any]) -> str:
    words = _quoted(said["reason"])
    return _("declared revision {revision} by {who} void:{words}", revision=said["revision"], who=_person(said), words=words)


def _person(payload: dict[str, Any]) -> str:
    return str(Reviewer.model_validate(payload["reviewer"]).display_name)


# One clause for each kind of event of a claim, from its payload. A kind that is added belongs here too (a test says so).
CLAUSES: dict[str, Callable[[dict[str, Any]], str]] = {
    "claim-added": lambda it: _("added the claim{words}", words=_quoted(it["claim"].get("statement"))),
    "claim-changed": lambda it: _("changed the claim, which says{words}", words=_quoted(it["claim"].get("statement"))),
    "claim-missing": lambda it: _("found the claim no longer in {file}", file=it["file"]),
    "claim-found-again": lambda it: _("found the claim again in {file}", file=it["file"]),
    "claim-retired": lambda it: _("retired the claim"),
    "quote-confirmed": lambda it: _("confirmed as the speaker's own words{words}", words=_quoted(it["quote"])),
    "similarity-judged": lambda it: _same_or_not(it),
    "hit-marked": lambda it: _marked(it["mark"]),
    "mark-cleared": lambda it: _("took the mark on passage {passage} back", passage=it["passage_id"]),
    "reviewer-recused": lambda it: _("recused:{words}", words=_quoted(it["reason"])),
    "recusal-withdrawn": lambda it: _("took the recusal back"),
    "verdict-recorded": _recorded,
    "verdict-voided": _voided,
    "signed-off": lambda it: _("signed {verdict} as {role}", verdict=it["verdict of hash"], role=it["signs_as"]),
    "sign-off-withdrawn": lambda it: _("took the signature as {role} back", role=it["signs_as"]),
    "verdict-ready": lambda it: _("called {verdict} ready to be published", verdict=it["verdict of hash"]),
    "embargo-set": lambda it: _("embargoed the claim until {until}{why}", until=_utc(it["until"]), why=_because(it["reason"])),
    "embargo-lifted": lambda it: _("lifted the embargo"),
    "verdict-published": lambda it: _("published {verdict} at {url}", verdict=it["verdict of hash"], url=it["url"]),
    "verdict-retracted": lambda it: _("retracted what was published:{words}", words=_quoted(it["note"])),
    "desk-matters-said": _matters,
    "claim-restored": lambda it: _("took the claim up again"),
    "claim-assigned": _assigned,
    "assignment-ended": lambda it: _("took the claim back from {who}", who=_person(it)),
    "citations-checked": lambda it: _(
        "found that {count} cited in verdicts stood elsewhere or otherwise", count=len(it["found"])
    ),
    "citation-confirmed": lambda it: _(
        "let passage {passage} stand as cited{why}", passage=it["passage_id"], why=_because(it["reason"])
    ),
    "evidence-found": lambda it: _("found {count} new in the evidence that may bear on the verdict", count=len(it["found"])),
    "evidence-answered": lambda it: _(
        "saw no change in passage {passage}{why}", passage=it["passage_id"], why=_because(it["reason"])
    ),
    "contact-asked": lambda it: _("asked {name}:{words}", name=it["contact"]["name"], words=_quoted(it["contact"]["question"])),
    "contact-changed": lambda it: _contact(it["contact"]),
    "contact-withdrawn": lambda it: _("took contact {number} out", number=it["number"]),
    "comment-made": lambda it: _("commented:{words}", words=_quoted(it["comment"].get("text"))),
    "words-erased": lambda it: _("erased the words of a source for good{why}", why=_because(it["reason"])),
    "comment-taken-back": lambda it: _("took comment {number} back", number=it["number"]),
}


def _same_or_not(said: dict[str, Any]) -> str:
    if said["judgement"] == "same":
        return _("called {claim} the same claim", claim=said["claim_id"])
    return _("called {claim} another claim", claim=said["claim_id"])


def _marked(mark: dict[str, Any]) -> str:
    of = {"passage": mark["passage_id"], "why": _because(mark.get("reason"))}
    if mark["judgement"] == "not-relevant":
        return _("marked passage {passage} as not relevant{why}", **of)
    return _("marked passage {passage} as to be looked at again{why}", **of)


def _because(reason: str | None) -> str:
    return f":{_quoted(reason)}" if reason else ""


def _utc(moment: str) -> str:
    return f"{datetime.fromisoformat(moment):%Y-%m-%d %H:%M} UTC"
