"""What may be told of the sources a case rests on, and to whom: the one place that turns a Citation into what may leave.

What lives here: a Case in, the same Case out with nothing in it that its audience may not read. Pure. What does not: which
sources are protected today (workbench.protection), what a report says (workbench.report).

A citation that is closed is made anew of the few fields named here, so a field that a Citation gets later is left out until
somebody decides otherwise. Its file is called by a pseudonym that only this workspace can make: two citations of one file still
count as one file, and nobody who has the file can tell that it is this one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from workbench.ledger.sealing import ERASED
from workbench.models import (
    MAY_READ,
    Access,
    Answer,
    Audience,
    Case,
    Citation,
    Claim,
    Conditions,
    Failure,
    Filters,
    FragmentVerdict,
    Mark,
    Question,
    SearchReceipt,
    ShownHit,
    StoredVerdict,
    stricter,
)

CLOSED = "[withheld]"  # what stands in place of words that do not leave
ON_BACKGROUND = "A note of what somebody said, not for attribution"
SHORT = 16  # hex digits of a source's id in the ids of its passages


@dataclass(frozen=True)
class Telling:
    """What is told to one audience.

    access: of the sources that are not public today, by the first 16 digits of their ids. told_as: what may be said of those
    for which somebody approved words, likewise. names: publishers and topics that only protected sources have. pseudonym: what
    an id is called instead, 64 hex digits.
    """

    audience: Audience
    access: Mapping[str, Access]
    told_as: Mapping[str, str]
    names: frozenset[str]
    pseudonym: Callable[[str], str]

    def case(self, case: Case) -> Case:
        """The case as this audience may know it. Its events are not: no form prints them."""
        closing = self._closing(case)
        verdicts = tuple(map(closing.verdict, case.verdicts))
        counting = case.counting and next((one for one in verdicts if one.seq == case.counting.seq), None)
        return case.model_copy(
            update={
                "claim": closing.claim(case.claim),
                "verdicts": verdicts,
                "counting": counting,
                "marks": tuple((who, closing.mark(mark)) for who, mark in case.marks),
                "citation_states": tuple(
                    one.model_copy(update={"passage_id": closing.passage(one.passage_id), "now": None})
                    if closing.hides(one.passage_id)
                    else one
                    for one in case.citation_states
                ),
                "erasures": tuple(
                    one.model_copy(update={"source_id": self.pseudonym(one.source_id[:SHORT])})
                    if closing.hides(one.source_id)
                    else one
                    for one in case.erasures
                ),
                "contacts": tuple(one for one in case.contacts if one.is_public),
                "comments": tuple(one for one in case.comments if not closing.hides(one.passage_id or "")),
                "new_evidence": tuple(one for one in case.new_evidence if not closing.hides(one.source_id)),
            }
        )

    def access_of(self, one: Citation) -> Access:
        """Who may read a cited source: no more than might when it was cited, nor than may today."""
        return stricter(one.access, self.access.get(one.source_id[:SHORT], "public"))

    def _closing(self, case: Case) -> _Closing:
        hidden = dict(self.access)
        for verdict in case.verdicts:
            for one in verdict.citations:
                short = one.source_id[:SHORT]
                hidden[short] = stricter(self.access_of(one), hidden.get(short, "public"))
        may_read = MAY_READ[self.audience]
        return _Closing(self, hidden, frozenset(one for one, access in hidden.items() if access not in may_read))


@dataclass(frozen=True)
class _Closing:
    """One case being told. access: of its sources, by the first digits of their ids; hidden: those whose words do not leave."""

    telling: Telling
    access: Mapping[str, Access]
    hidden: frozenset[str]

    def hides(self, of: str) -> bool:
        """Whether a source's id, or that of a passage of it, names a hidden one."""
        return of[:SHORT] in self.hidden

    def citation(self, one: Citation) -> Citation:
        """The citation as it may be told: whole where its source may be read, else what it does and nothing that names it."""
        access = self.access.get(one.source_id[:SHORT], one.access)
        if not self.hides(one.source_id):
            known = one if access == one.access else one.model_copy(update={"access": access})
            return known if access == "public" or one.kind != "note" else _unattributed(known)
        return Citation(
            source_id=self.telling.pseudonym(one.source_id[:SHORT]),
            text_sha256=self.telling.pseudonym(one.text_sha256),
            start=self._place(one.passage_id),
            end=self._place(one.passage_id),
            quote=ERASED if one.quote == ERASED else CLOSED,
            stance=one.stance,
            group=one.group,
            repeats_claim=one.repeats_claim,
            policy_hash=one.policy_hash,
            access=access,
            title=self.telling.told_as.get(one.source_id[:SHORT]),
        )

    def verdict(self, one: StoredVerdict) -> StoredVerdict:
        """The verdict with all it holds of sources as it may be told."""
        return one.model_copy(
            update={
                "citations": tuple(map(self.citation, one.citations)),
                "fragments": tuple(map(self._fragment, one.fragments)),
                "questions": tuple(map(self._question, one.questions)),
                "receipt": one.receipt and self._receipt(one.receipt),
                "rejected": tuple(map(self.mark, one.rejected)),
            }
        )

    def claim(self, one: Claim) -> Claim:
        """The claim; where it was lifted from a hidden file, without saying from which."""
        lifted = one.source_quote is not None and self.hides(one.source_quote.sha256)
        return one.model_copy(update={"source_quote": None}) if lifted else one

    def mark(self, one: Mark) -> Mark:
        """The mark; of a hidden passage, only that there is one."""
        if not self.hides(one.passage_id):
            return one
        return one.model_copy(update={"passage_id": self.passage(one.passage_id), "reason": CLOSED if one.reason else None})

    def passage(self, passage_id: str) -> str:
        """The id of a passage; of a hidden one the id its citation has here."""
        if not self.hides(passage_id):
            return passage_id
        place = self._place(passage_id)
        return f"{self.telling.pseudonym(passage_id[:SHORT])[:SHORT]}-{place}-{place}"

    def _place(self, passage_id: str) -> int:
        """A number that tells the passages of one source apart, and nothing of where they stand."""
        return int(self.telling.pseudonym(passage_id)[:7], 16)

    def _fragment(self, one: FragmentVerdict) -> FragmentVerdict:
        return one.model_copy(update={"citations": tuple(map(self.citation, one.citations))})

    def _question(self, one: Question) -> Question:
        return one.model_copy(update={"answers": tuple(map(self._answer, one.answers))})

    def _answer(self, one: Answer) -> Answer:
        """The answer; words of a source are closed where any of those it rests on is."""
        cited = tuple(map(self.citation, one.citations))
        is_words = one.kind == "extractive" and any(self.hides(each.source_id) for each in one.citations)
        return one.model_copy(update={"citations": cited, "text": CLOSED if is_words else one.text})

    def _receipt(self, one: SearchReceipt) -> SearchReceipt:
        """The receipt; of files that were not taken in nobody knows who may read of them, so they are counted and not named."""
        return one.model_copy(
            update={
                "shown": tuple(map(self._shown, one.shown)),
                "unread": tuple(Failure(path=CLOSED, code=each.code, message=CLOSED, hint=CLOSED) for each in one.unread),
                "waiting": (CLOSED,) * len(one.waiting),
                "filters": self._filters(one.filters),
            }
        )

    def _shown(self, one: ShownHit) -> ShownHit:
        ids = (one.passage_id, *one.folded)
        if not any(map(self.hides, ids)):
            return one
        first, *folded = map(self.passage, ids)
        return one.model_copy(update={"passage_id": first, "folded": tuple(folded)})

    def _filters(self, one: Filters) -> Filters:
        excluded = one.exclude.model_copy(update=self._conditions(one.exclude))
        return one.model_copy(update={**self._conditions(one), "exclude": excluded})

    def _conditions(self, one: Conditions) -> dict[str, tuple[str, ...]]:
        kept = {"publishers": one.publishers, "topics": one.topics}
        closed = self.telling.names
        return {name: tuple(CLOSED if each in closed else each for each in values) for name, values in kept.items()}


def _unattributed(one: Citation) -> Citation:
    """What colleagues may print among themselves of a note that was given on background: the words, and not whose they are."""
    unnamed = dict.fromkeys(("path", "publisher", "attributed_to", "url", "archived_url", "reliability_note"))
    return one.model_copy(update={**unnamed, "title": ON_BACKGROUND})
