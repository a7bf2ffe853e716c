"""How fresh the evidence of a verdict is, in sentences. Pure: from what the events say, so that a report is the same anywhere.

What lives here: states in, sentences out. What does not: how a state is found (freshness.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from workbench.models import MAY_READ, Audience, Case, Citation, CitationCondition, CitationState, StoredVerdict
from workbench.tongue import _, counted, day

SAID: dict[CitationCondition, Callable[[int], str]] = {
    "changed": lambda many: counted(many, "{count} changed", "{count} changed"),
    "gone": lambda many: counted(many, "{count} gone", "{count} gone"),
    "moved": lambda many: counted(many, "{count} moved within its file", "{count} moved within its file"),
}


def states_of(case: Case, verdict: StoredVerdict) -> list[tuple[Citation, CitationState | None]]:
    """The citations of a verdict, each with what became of it; None where it is intact."""
    known = {(one.hash, one.passage_id): one for one in case.citation_states if one.state != "intact"}
    return [(one, known.get((verdict.hash, one.passage_id))) for one in verdict.citations]


def fresh_words(states: Sequence[tuple[Citation, CitationState | None]]) -> str:
    """`3 of 4 citations intact; 1 changed since 12 May 2026.`; "" where nothing is cited."""
    if not states:
        return ""
    intact = sum(state is None for _, state in states)
    if intact == len(states):
        return counted(intact, "The citation is intact.", "All {count} citations are intact.")
    parts = [counted(len(states), "{intact} of {count} citation intact", "{intact} of {count} citations intact", intact=intact)]
    for condition in SAID:
        such = [state for _, state in states if state is not None and state.state == condition]
        if such:
            parts.append(SAID[condition](len(such)) + since(min((one.at for one in such if one.at), default=None)))
    return f"{'; '.join(parts)}."


def since(at: datetime | None) -> str:
    """` since 12 May 2026`."""
    return " " + _("since {day}", day=day(at)) if at else ""


def fresh_notes(case: Case, verdict: StoredVerdict, audience: Audience = "public") -> Iterator[str]:
    """What readers are told of citations that changed or are gone; nothing where none did. The words printed stay as read."""
    states = states_of(case, verdict)
    if all(state is None or state.state == "moved" for _, state in states):
        return
    yield f"{fresh_words(states)} The words printed are those that were read."
    for number, (cited, state) in enumerate(states, 1):
        if state is None or state.state == "moved":
            continue
        told = "is no longer in the evidence" if state.state == "gone" else "has changed in its file"
        now = ""
        if state.now and cited.access in MAY_READ[audience]:
            now = f" There stands now: {' '.join(state.now.split())}"
        looked = " It was looked at again, and the verdict stands." if state.confirmed else ""
        yield f"Passage {number} {told}{since(state.at)}.{looked}{now}"
