"""Claims that were here before: which are like a claim, which a person called the same, and where verdicts do not go together.

What lives here: the two thresholds and the lens's gate between them, what people said of a pair, groups, alarms. What does not:
ranking (claim_index.py), the lens, recording a verdict. Nothing is decided by likeness: a person confirms or rejects a pair and
is not asked again, and a group's verdict is only ever offered.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from functools import lru_cache
from typing import Literal

from workbench import review
from workbench.cases import Cases
from workbench.claim_index import ClaimIndex, NearClaim
from workbench.errors import Refused
from workbench.ledger import Ledger
from workbench.lens import look, stands
from workbench.models import Case, Finding, Judged, Likeness, PartialDate, Precedent, PrecedentAlarm, Reviewer
from workbench.register import Row, said
from workbench.settings import ClaimSettings

DEPTH = 20  # claims that are looked at through the lens
HELD = 64  # look-ups kept: a page is drawn again on every click


class Precedents:
    """What is like a claim, in one workspace. Safe to share between threads."""

    def __init__(self, cases: Cases, ledger: Ledger, index: ClaimIndex, settings: ClaimSettings) -> None:
        self._cases = cases
        self._ledger = ledger
        self._index = index
        self._settings = settings
        self._lock = threading.RLock()
        self._judged: dict[frozenset[str], Judged] = {}
        self._joined: list[Row] = []  # of the claims of which somebody said so
        self._held: dict[tuple[str, str | None], tuple[Mapping[str, str], tuple[NearClaim, ...]]] = {}
        self._said: dict[str, str] = {}
        self._standing_of: Mapping[str, Row] | None = None

    def keep_index(self) -> None:
        """Bring the index of claims up to them. For the background. Raises: ModelError, StaleIndex."""
        self._index.keep(self._standing())

    def like(self, text: str, *, said_on: PartialDate | None = None, k: int = 5) -> tuple[Precedent, ...]:
        """The claims that say nearly what a text says, nearest first: what is asked before a claim is added.

        Raises: ModelError, StaleIndex.
        """
        return self._precedents(text, text, None, said_on)[:k]

    def of(self, claim_id: str, *, k: int = 5) -> tuple[Precedent, ...]:
        """The claims that are like a claim: those a person called the same first, those called different left out.

        Where the reader is blind on the claim, nothing is said of what was decided about the others.
        Raises: UnknownId, ModelError, StaleIndex.
        """
        case = self._cases.get(claim_id)
        claim = case.claim
        found = [
            one.model_copy(update={"status": "todo", "counting": None}) if case.is_blind else one
            for one in self._precedents(said(claim), claim.statement, claim.id, claim.claimed_on)
            if one.judged != "different"
        ]
        return tuple(sorted(found, key=lambda one: one.judged != "same"))[:k]

    def judge(self, claim_id: str, other_id: str, judged: Judged, *, actor: Reviewer) -> None:
        """Record that two claims are the same, or are not. Both words stay in the history; the later one counts.

        Raises: UnknownId, Refused for a claim beside itself, or for one that the lens sees a difference in called the same.
        """
        one, other = self._cases.get(claim_id).claim, self._cases.get(other_id).claim
        if one.id == other.id:
            raise Refused(f"{one.id} is that claim itself.", hint="Name another claim.", code="same_claim")
        findings, _ = _side_by_side(one.statement, one.claimed_on, other.statement, other.claimed_on)
        differing = [finding for finding in findings if finding.relation == "differs"]
        if judged == "same" and differing:
            what = "; ".join(finding.detail or finding.kind for finding in differing)
            raise Refused(
                f"{one.id} and {other.id} were not joined: they differ ({what}).",
                hint="Claims with another figure, date, name or a denial are rated each for itself.",
                code="claims_differ",
            )
        self._ledger.append(
            self._cases.event(one.id, review.SIMILARITY_JUDGED, {"claim_id": other.id, "judgement": judged}, actor=actor)
        )

    def group(self, claim_id: str) -> tuple[str, ...]:
        """The claims a person called the same as this one, or as one of those; by id, without the claim itself."""
        judged, group, edge = self._pairs(), {claim_id}, {claim_id}
        while edge:
            edge = {one for pair, word in judged.items() if word == "same" and pair & edge for one in pair} - group
            group |= edge
        return tuple(sorted(group - {claim_id}))

    def alarms(self, claim_id: str, rating: str | None) -> tuple[PrecedentAlarm, ...]:
        """What does not go together with rating this claim so: the same claim rated apart, its opposite rated alike.

        rating: the slug of the rating about to be given. Raises: UnknownId, ModelError, StaleIndex.
        """
        if rating is None:
            return ()
        found = []
        for one in self.of(claim_id, k=DEPTH):
            theirs = one.counting.rating.slug if one.counting else None
            kind = None if theirs is None else _alarming(one, is_alike=theirs == rating)
            if kind is not None:
                found.append(PrecedentAlarm(kind=kind, precedent=one))
        return tuple(found)

    # ----------------------------------------------------------------------------------------------------------------

    def _precedents(self, wording: str, statement: str, mine: str | None, said_on: PartialDate | None) -> tuple[Precedent, ...]:
        cases, judged = self._cases.all(), self._pairs()
        found = [one for one in self._near(wording, mine) if one.claim_id in cases]
        confirmed = set(self.group(mine)) if mine else set()
        missed = confirmed - {one.claim_id for one in found}
        found += [NearClaim(one, 0.0, None) for one in sorted(missed) if one in cases]
        made = []
        for near in found:
            other = cases[near.claim_id]
            word: Judged | None = "same" if near.claim_id in confirmed else judged.get(frozenset((mine or "", near.claim_id)))
            if word is None and (near.cosine or 0.0) < self._settings.similar_from:
                continue
            findings, back = _side_by_side(statement, said_on, other.claim.statement, other.claim.claimed_on)
            likeness = self._likeness(near, findings, back)
            made.append(_precedent(other, near, likeness, findings, word))
        return tuple(made)

    def _near(self, text: str, mine: str | None) -> tuple[NearClaim, ...]:
        """What the index finds, kept while no claim changes."""
        claims = self._standing()
        with self._lock:
            held = self._held.get((text, mine))
        if held is not None and held[0] is claims:
            return held[1]
        near = tuple(one for one in self._index.near(text, claims, k=DEPTH) if one.claim_id != mine)
        with self._lock:
            if len(self._held) >= HELD:
                self._held.pop(next(iter(self._held)))
            self._held[text, mine] = (claims, near)
        return near

    def _standing(self) -> dict[str, str]:
        """What every claim says that is not retired, by id; the same object while none of it changed."""
        with self._lock:
            rows = self._cases.rows()
            if self._standing_of is not rows:
                now = {row.claim_id: row.said for row in rows.values() if not row.retired}
                if now != self._said:
                    self._said = now
                self._standing_of = rows
            return self._said

    def _pairs(self) -> dict[frozenset[str], Judged]:
        """What people said of pairs; read again once a claim changes of which somebody said so, and of no other claim."""
        with self._lock:
            joined = [row for row in self._cases.rows().values() if review.SIMILARITY_JUDGED in row.kinds]
            if len(joined) != len(self._joined) or any(one is not was for one, was in zip(joined, self._joined, strict=True)):
                said = self._ledger.of_subjects_with("claim", review.SIMILARITY_JUDGED)
                judged = [event for event in said if event.kind == review.SIMILARITY_JUDGED]
                self._judged = {
                    frozenset((one.subject_id, one.payload["claim_id"])): one.payload["judgement"] for one in judged
                }
                self._joined = joined
            return self._judged

    def _likeness(self, near: NearClaim, findings: tuple[Finding, ...], back: tuple[Finding, ...]) -> Likeness:
        """What a pair may be called; `findings` and `back`: what the lens says of each beside the other.

        Never near-certain where either names a figure, date, name or denial that the other does not.
        """
        relations = {finding.relation for finding in (*findings, *back)}
        if "differs" in relations:
            return "differs"
        certain = (near.cosine or 0.0) >= self._settings.near_certain_from and relations <= {"agrees"}
        return "near-certain" if certain else "similar"


@lru_cache(maxsize=1_024)  # a page is drawn again on every click, with the same claims beside each other
def _side_by_side(
    one: str, said_on: PartialDate | None, other: str, other_said_on: PartialDate | None
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """What the lens says of each of two statements beside the other."""
    return (
        look(one, other, claim_date=said_on, source_date=other_said_on),
        look(other, one, claim_date=other_said_on, source_date=said_on),
    )


def _precedent(
    case: Case, near: NearClaim, likeness: Likeness, findings: tuple[Finding, ...], judged: Judged | None
) -> Precedent:
    return Precedent(
        claim=case.claim,
        status=case.status,
        counting=case.counting,
        score=near.score,
        cosine=near.cosine,
        likeness=likeness,
        lens=findings,
        stands=stands(findings),
        judged=judged,
    )


def _alarming(one: Precedent, *, is_alike: bool) -> Literal["rated-apart", "opposites-rated-alike"] | None:
    decisive = one.counting is not None and one.counting.rating.order is not None
    if (one.judged == "same" or one.likeness == "near-certain") and not is_alike:
        return "rated-apart"
    denied = any(finding.kind == "negation" and finding.relation == "differs" for finding in one.lens)
    return "opposites-rated-alike" if denied and is_alike and decisive else None
