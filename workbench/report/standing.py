"""Where a claim stands with its readers: whether its report is for them, what happened to the verdict, what was changed.

What lives here: a Case in, sentences out. What does not: which of them a report prints (workbench.report).
"""

from __future__ import annotations

from datetime import datetime

from workbench.models import Case, ChangeKind, PublicChange, Reviewer, StoredVerdict
from workbench.ratings import public_label
from workbench.report.page import ChangeWords, HistoryLine
from workbench.report.words import time_words
from workbench.review import hindrances
from workbench.settings import Policy
from workbench.tongue import N_

CHANGE_WORDS: dict[ChangeKind, str] = {
    "correction": "Correction",
    "clarification": "Clarification",
    "update": "Update",
    "retraction": "Retraction",
}


NOT_FOR_READERS = N_("Draft, not for publication: {why}.")


def draft_words(case: Case, standing: StoredVerdict | None, policy: Policy, now: datetime | None) -> str | None:
    """Why this is not for readers; None where it is."""
    why = _not_for_readers(case, standing, policy, now)
    return NOT_FOR_READERS.format(why=why) if why else None


def _not_for_readers(case: Case, standing: StoredVerdict | None, policy: Policy, now: datetime | None) -> str | None:
    if case.retired:
        return N_("the claim was retired")
    if standing is None:
        return no_verdict(case)
    if case.status == "recheck" and case.stale and standing.claim_hash == case.claim.content_hash:
        if case.publication is not None:  # readers have it: it is said beside the passages what became of them
            return None
        return N_("words that this verdict rests on have changed in their files since, or are gone")
    if case.status == "recheck":
        return N_("the claim was changed after this verdict, which was given on other words")
    found = hindrances(case, policy, now)
    if found:
        return found[0].told
    if policy.second_person_publishes and case.status != "published":
        return N_("a second person has not published it yet")
    return None


def change_words(one: PublicChange) -> ChangeWords:
    """A change as readers are told of it."""
    when = time_words(one.at)
    return ChangeWords(
        kind=one.kind, label=CHANGE_WORDS[one.kind], at=one.at, when=when, note=one.note, is_public=one.is_public
    )


def no_verdict(case: Case) -> str:
    """Why no verdict stands, as a clause."""
    if case.status == "disagreement":
        return N_("the reviewers disagree and no verdict stands")
    if case.changes and case.changes[-1].kind == "retraction" and all(one.state == "void" for one in case.verdicts):
        return f"it was retracted on {time_words(case.changes[-1].at)} and no verdict stands"
    if case.verdicts and all(one.state == "void" for one in case.verdicts):
        return N_("the verdict was withdrawn and none stands")
    if case.status in ("submitted", "needs-review"):
        return N_("further reviews are asked for before a verdict stands")
    return N_("no verdict yet")


def history(case: Case, standing: StoredVerdict | None) -> tuple[HistoryLine, ...]:
    """Revisions, withdrawals and publications, oldest first. A rating is named only where it stands or was published."""
    named = {event.payload.get("hash") for event in case.events if event.kind == "verdict-published"}
    if standing:
        named.add(standing.hash)
    withdrawn = [event for event in case.events if event.kind == "verdict-voided"]
    lines = [(one.created_at, _recorded(one, one.hash in named, told=bool(withdrawn))) for one in case.verdicts]
    for event in withdrawn:
        whose = Reviewer.model_validate(event.payload["reviewer"]).display_name
        lines.append(
            (event.created_at, f"{event.actor.display_name} withdrew revision {event.payload['revision']} by {whose}.")
        )
    published = [
        (event.created_at, event.payload["url"], event.actor) for event in case.events if event.kind == "verdict-published"
    ]
    if case.publication and not published:
        published = [(case.publication.at, case.publication.url, case.publication.by)]
    lines += [(at, f"{actor.display_name} published the verdict at {url}.") for at, url, actor in published]
    return tuple(HistoryLine(at=at, when=time_words(at), words=words) for at, words in sorted(lines, key=lambda line: line[0]))


def _recorded(one: StoredVerdict, named: bool, *, told: bool) -> str:
    words = f"{one.reviewer.display_name} recorded revision {one.revision}"
    if named:
        words += f": {public_label(one.rating, one.ground)}"
    states = {"current": "", "superseded": " (replaced since)", "void": "" if told else " (withdrawn since)"}
    return f"{words}{states[one.state]}."
