"""The hits of a claim inside one document, in the order of its text. What is searched is the claim's statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from workbench.errors import UnknownId, WorkbenchError
from workbench.models import Passage, SearchMode, Span

if TYPE_CHECKING:
    from workbench.desk import Desk

KEPT = "hits-here"


@dataclass(frozen=True)
class HitHere:
    """A passage of this document that bears on the claim. rank: among all hits of the claim; a reprint has its twin's."""

    passage: Passage
    rank: int


@dataclass(frozen=True)
class HitsHere:
    """Where a claim is spoken of in a document. False where it is not, or no claim is in hand."""

    found: tuple[HitHere, ...] = ()
    claim_is_known: bool = False

    def __len__(self) -> int:
        return len(self.found)

    @property
    def spans(self) -> Sequence[Span]:
        """Their places in the text."""
        return [Span(start=one.passage.start, end=one.passage.end) for one in self.found]

    @property
    def best(self) -> Passage | None:
        """The one that ranks first; None where there is none."""
        return min(self.found, key=lambda one: one.rank).passage if self.found else None

    def at(self, here: Passage | None) -> Passage | None:
        """The hit that `here` is or lies in; None where it lies in none."""
        number = self.around(here)[0]
        return None if number is None else self.found[number].passage

    def around(self, here: Passage | None) -> tuple[int | None, Passage | None, Passage | None]:
        """(the number of the hit that `here` is or lies in, the hit before it, the hit after it)."""
        at = here.start if here else -1
        inside = next((n for n, one in enumerate(self.found) if one.passage.start <= at < one.passage.end), None)
        before = [one.passage for one in self.found if one.passage.end <= at]
        after = [one.passage for one in self.found if one.passage.start > at]
        return inside, before[-1] if before else None, after[0] if after else None


def find(desk: Desk, claim_id: str | None, source_id: str) -> HitsHere:
    """The hits of the claim, as many as Check shows, that lie in this document; none while nothing can be searched.

    A reprint that Check folds into another file's hit is a hit here too. Kept until anything changed.
    """
    if not claim_id:
        return HitsHere()
    try:
        claim = desk.case(claim_id).claim
        mode: SearchMode = "hybrid" if desk.readiness.told()[0] else "lexical"
        k = int(st.session_state.get(f"k-{claim_id}", desk.settings.search.k))  # as many as Check shows
        asked = (claim_id, claim.content_hash, source_id, mode, k, desk.catalog.corpus_digest())
        kept = st.session_state.get(KEPT)
        if kept is None or kept[0] != asked:
            st.session_state[KEPT] = kept = (asked, _found(desk, claim_id, source_id, mode, k))
    except UnknownId:
        return HitsHere()
    except WorkbenchError:
        return HitsHere(claim_is_known=True)  # the document can be read without them; Check says what is the matter
    return HitsHere(kept[1], claim_is_known=True)


def _found(desk: Desk, claim_id: str, source_id: str, mode: SearchMode, k: int) -> tuple[HitHere, ...]:
    ranks: dict[str, int] = {}
    for hit in desk.match(claim_id, k=k, mode=mode).hits:
        for passage_id in (hit.passage_id, *(other.passage_id for other in hit.similar)):
            ranks.setdefault(passage_id, hit.rank)
    passages = [one for one in desk.passages(source_id) if one.passage_id in ranks]
    return tuple(HitHere(one, ranks[one.passage_id]) for one in passages)
