"""The desk matters of a claim: what people say of it beside its claim file, and whose word counts.

What lives here: the fold of that word. What does not: what one must satisfy (assignment.py), saying it (desk_matters.py).
The latest word counts, whoever's it is: a person's stands over the claim file until it is taken back, or until the file says
something else in that very field. A claim restated in the app holds every word said before, and so needs none beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from workbench.models import DESK_MATTERS, WORKBENCH, Claim, DeskWord, Event

AFFILIATION = "affiliation"  # of the claimant; every other matter is a field of the claim
MATTERS = (*DESK_MATTERS, AFFILIATION)


@dataclass
class DeskMatters:
    """What was said so far of one claim, while its events are walked. said: values as JSON that stand over the stated ones."""

    stated: Claim | None = None
    said: dict[str, Any] = field(default_factory=dict)
    words: dict[str, DeskWord] = field(default_factory=dict)

    def state(self, claim: Claim, event: Event) -> None:
        """Take the claim as a file or a person states it whole."""
        before, stood = self.stated, self.over(self.stated) if self.stated else None
        self.stated = claim
        if before is None or stood is None:
            return
        now = values_of(claim)
        if event.actor == WORKBENCH:  # a file was taken in: only where it says something new is it the later word
            was = values_of(before)
            for name in [name for name in self.words if now[name] != was[name]]:
                self.said.pop(name, None)
                del self.words[name]
            return
        self.said.clear()
        known = values_of(stood)
        for name in MATTERS:
            if now[name] != known[name]:
                self.words[name] = DeskWord(field=name, by=event.actor, at=event.created_at)
            elif name in self.words:
                self.words[name] = self.words[name].model_copy(update={"beside_file": False})

    def take(self, event: Event) -> None:
        """Take a person's word on some matters, or that it is taken back."""
        for name, value in event.payload.get("said", {}).items():
            self.said[name] = value
            self.words[name] = DeskWord(field=name, by=event.actor, at=event.created_at, beside_file=True)
        for name in event.payload.get("cleared", ()):
            self.said.pop(name, None)
            self.words.pop(name, None)

    def over(self, claim: Claim) -> Claim:
        """The claim with what was said of it."""
        return with_matters(claim, self.said) if self.said else claim


def values_of(claim: Claim) -> dict[str, Any]:
    """The desk matters of a claim as JSON."""
    values = claim.model_dump(mode="json", include=set(DESK_MATTERS))
    return {**values, AFFILIATION: claim.claimant.affiliation if claim.claimant else None}


def with_matters(claim: Claim, said: Mapping[str, Any]) -> Claim:
    """The claim with these values of its desk matters. Raises: ValidationError for one that cannot be.

    An affiliation of nobody is left out: the file that named the claimant no longer does.
    """
    values = claim.model_dump(mode="json")
    values |= {name: value for name, value in said.items() if name != AFFILIATION}
    if AFFILIATION in said and values["claimant"] is not None:
        values["claimant"] = values["claimant"] | {AFFILIATION: said[AFFILIATION]}
    return Claim.model_validate(values)
