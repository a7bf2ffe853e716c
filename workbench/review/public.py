"""What the events say of the public side of a verdict: signed off, ready, embargoed, published, changed, retracted. Pure.

What lives here: the fold of those events. What does not: what they must satisfy (publishing.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from workbench.models import (
    Embargo,
    Event,
    Publication,
    PublicChange,
    Readiness,
    SignOff,
    StoredVerdict,
)


@dataclass
class Public:
    """What has been read so far of one claim's public side, oldest first."""

    publications: dict[str, Publication] = field(default_factory=dict)  # the newest of each verdict, by its hash
    live: Publication | None = None
    ready: dict[str, Readiness] = field(default_factory=dict)
    sign_offs: dict[str, SignOff] = field(default_factory=dict)
    embargo: Embargo | None = None
    retractions: list[PublicChange] = field(default_factory=list)

    def take(self, event: Event) -> None:
        """Count one more event, whatever its kind."""
        payload, who = event.payload, {"by": event.actor, "at": event.created_at}
        match event.kind:
            case "verdict-published":
                self.live = Publication(url=payload["url"], hash=payload["hash"], **who)
                self.publications[payload["hash"]] = self.live
            case "verdict-ready":
                self.ready[payload["hash"]] = Readiness(hash=payload["hash"], **who)
            case "signed-off":
                self.sign_offs[payload["signs_as"]] = SignOff(signs_as=payload["signs_as"], hash=payload["hash"], **who)
            case "sign-off-withdrawn":
                self.sign_offs.pop(payload["signs_as"], None)
            case "embargo-set":
                self.embargo = Embargo(until=payload["until"], reason=payload["reason"], **who)
            case "embargo-lifted":
                self.embargo = None
            case "verdict-retracted":
                self._retract(event)

    def _retract(self, event: Event) -> None:
        url = self.live.url if self.live else None
        self.retractions.append(
            PublicChange(
                claim_id=event.subject_id,
                kind="retraction",
                note=event.payload["note"],
                at=event.created_at,
                by=event.actor,
                hash=event.payload["hash"],
                url=url,
                is_public=True,
            )
        )
        self.live = None

    def told(self, verdicts: Sequence[StoredVerdict], counting: StoredVerdict | None) -> dict[str, Any]:
        """The fields of a Case that say all this."""
        void = {one.hash for one in verdicts if one.state == "void"}
        counts = counting.hash if counting else ""
        changes = [*_changes(verdicts, self.publications, counts), *self.retractions]
        return {
            "publication": self.publications.get(counts),
            "live": self.live if self.live and self.live.hash not in void else None,
            "ready": self.ready.get(counts),
            "embargo": self.embargo,
            "sign_offs": tuple(self.sign_offs.values()),
            "changes": tuple(sorted(changes, key=lambda one: one.at)),
        }


def _changes(verdicts: Sequence[StoredVerdict], publications: Mapping[str, Publication], counts: str) -> Iterator[PublicChange]:
    """The changes that readers have, and the one they are to get; of a revision nobody ever published they hear nothing."""
    for one in verdicts:
        published = publications.get(one.hash)
        if one.change and (published or one.hash == counts):
            yield PublicChange(
                claim_id=one.claim_id,
                kind=one.change.kind,
                note=one.change.note,
                at=published.at if published else one.created_at,
                by=one.reviewer,
                hash=one.hash,
                url=published.url if published else None,
                is_public=published is not None,
            )
