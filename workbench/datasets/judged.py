"""What people judged, as data: one record for what stands of a claim, and one for each reviewer, without a name in it.

What lives here: which claims and which words may be data, pseudonyms, and what every form says of a record. What does not: the
forms (averitec.py, fever.py, beir.py), which claims go together (splits.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from workbench import review
from workbench.datasets.splits import SplitBy, Splits
from workbench.ledger import Ledger
from workbench.ledger.sealing import ERASED
from workbench.library import Library
from workbench.models import Averitec, Case, Citation, Claim, Reviewer, StoredVerdict, sha256_hex
from workbench.ratings import counterpart
from workbench.settings import ReviewSettings


@dataclass(frozen=True)
class Judgement:
    """A verdict on a claim. kind: what stands of the claim, or what one reviewer said. label: its counterpart in AVeriTeC."""

    claim: Claim
    verdict: StoredVerdict
    kind: Literal["adjudicated", "reviewer"]
    label: Averitec | None
    loses: str
    citations: tuple[Citation, ...]
    withheld: int
    published_url: str | None


@dataclass
class Told:
    """What is said of a data set as it is written: nothing in it is guessed."""

    counts: Counter[str] = field(default_factory=Counter)
    null: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    loses: Counter[str] = field(default_factory=Counter)
    guidelines: Counter[str] = field(default_factory=Counter)

    def nulls_of(self, record: Mapping[str, Any]) -> None:
        """Count the fields of a record that nobody recorded."""
        self.null.update(name for name, value in record.items() if value is None)


class Judged:
    """The cases of one data set, and what may be told of them."""

    def __init__(
        self,
        cases: Iterable[Case],
        every: Mapping[str, Case],
        settings: ReviewSettings,
        ledger: Ledger,
        evidence: Library,
        now: datetime,
        *,
        by: SplitBy | None,
        seed: int,
    ) -> None:
        """every: all claims, which say what goes together. Splits are drawn of the claims of which a verdict stands."""
        self.told = Told()
        self._settings = settings
        self._ledger = ledger
        self._evidence = evidence
        self.cases = [case for case in cases if self._may_leave(case, now)]
        self.told.counts["claims"] = len(self.cases)
        self.splits = Splits(every, [case.claim.id for case in self.cases if _standing(case)], by=by, seed=seed)

    def _may_leave(self, case: Case, now: datetime) -> bool:
        reasons = {
            "claims that were retired": case.retired,
            "claims under an embargo": case.is_embargoed(now),
            "claims whose reviewers are still blind to one another": case.is_blind
            or review.is_hidden(case, None, self._settings),
        }
        why = next((reason for reason, holds in reasons.items() if holds), None)
        if why:
            self.told.left_out[why] += 1
        return why is None

    def adjudicated(self) -> Iterator[Judgement]:
        """What stands, claim by claim; a claim of which nothing stands is counted as left out."""
        for case in self.cases:
            standing = _standing(case)
            if standing is None:
                self.told.left_out["claims of which no verdict stands"] += 1
            else:
                yield self._judgement(case, standing, "adjudicated")

    def of_reviewers(self) -> Iterator[Judgement]:
        """Each reviewer's own verdict as it stands, claim by claim, oldest first."""
        for case in self.cases:
            yield from (self._judgement(case, one, "reviewer") for one in case.verdicts if one.state == "current")

    def _judgement(self, case: Case, verdict: StoredVerdict, kind: Literal["adjudicated", "reviewer"]) -> Judgement:
        found = counterpart(verdict.rating, self._settings.rating_scale)
        citations = tuple(one for one in verdict.citations if self.is_public(one))
        withheld = len(verdict.citations) - len(citations)
        self.told.counts[f"{kind} records"] += 1
        self.told.guidelines[verdict.policy_hash] += 1
        if kind == "adjudicated":
            self.told.counts[f"label {found.averitec or 'none'}"] += 1
            self.told.counts["citations"] += len(citations)
            self.told.left_out["citations of sources that are not public"] += withheld
        if found.loses:
            self.told.loses[f"{verdict.rating.label}: {found.loses}"] += 1
        url = case.publication.url if case.publication and case.publication.hash in (None, verdict.hash) else None
        return Judgement(case.claim, verdict, kind, found.averitec, found.loses, citations, withheld, url)

    def tally(self, one: Judgement) -> Told:
        """Where what is said of a record is counted: of what stands. A reviewer's own record repeats most of it."""
        return self.told if one.kind == "adjudicated" else Told()

    def is_public(self, one: Citation) -> bool:
        """Whether the words of a citation may leave: its source was public when it was cited, and still is."""
        return one.quote != ERASED and one.access == "public" and self._evidence.is_public(one.source_id)

    def pseudonym(self, reviewer: Reviewer) -> str:
        """What a reviewer is called in every data set of this workspace."""
        return self._ledger.pseudonyms.of_reviewer(reviewer)

    def about(self, one: Judgement) -> dict[str, Any]:
        """What every form says of a record beside its own fields, under one name of ours."""
        verdict = one.verdict
        return {
            "claim_id": one.claim.id,
            "record": one.kind,
            "reviewer": self.pseudonym(verdict.reviewer),
            "revision": verdict.revision,
            "verdict": verdict.hash,
            "decided_at": verdict.created_at.isoformat(),
            "guidelines": verdict.policy_hash,
            "rating": {"scale": verdict.rating.scale, "slug": verdict.rating.slug, "label": verdict.rating.label},
            "label_loses": one.loses or None,
            "ground": verdict.ground,
            "claimed_on": one.claim.claimed_on.model_dump(mode="json"),
            "group": self.splits.group_of(one.claim.id),
            "split": self.splits.split_of(one.claim.id),
            "citations_withheld": one.withheld,
        }

    def stated_title(self, source_id: str) -> str:
        """The title somebody stated for a source; "" where only its file has a name, which may betray a person."""
        entry = self._evidence.entries().get(source_id)
        return (entry.meta.title or "") if entry else ""

    def media_type(self, source_id: str) -> str | None:
        """What kind of file a source is."""
        entry = self._evidence.entries().get(source_id)
        return entry.media_type if entry else None

    def language(self, source_id: str) -> str:
        """The language whose rules end its sentences."""
        entry = self._evidence.entries().get(source_id)
        return ((entry.language if entry else None) or "en").split("-")[0]


def _standing(case: Case) -> StoredVerdict | None:
    return None if case.status in ("disagreement", "void") else case.counting


def words_at(source_id: str, text_sha256: str, start: int, end: int, words: str, *, fills: str = "text") -> dict[str, Any]:
    """Where words of a source stand, so that they can be left out and put back. fills: the field they are the value of."""
    return {
        "fills": fills,
        "source": source_id,
        "text_sha256": text_sha256,
        "start": start,
        "end": end,
        "sha256": sha256_hex(words),
    }
