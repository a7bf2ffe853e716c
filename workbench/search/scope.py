"""What one search may look at: filters become row numbers that are allowed inside both searches, never a cut afterwards. Pure.

What lives here: the filters, and which passages the model may rank. What does not: searching.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from workbench.catalog.roster import Roster
from workbench.languages import is_among, is_same_language
from workbench.models import Filters, LibraryEntry, PartialDate


@dataclass(frozen=True)
class Scope:
    """What one search may look at. ids: row numbers, None where every passage may; passages, sources: how many there are in it.

    by_words_only: how many of them, by language or script, the model was not checked for; dense_ids leaves those out.
    """

    ids: NDArray[np.int64] | None
    dense_ids: NDArray[np.int64] | None
    passages: int
    sources: int
    undated: int
    by_words_only: dict[str, int]


NOTHING = Scope(None, None, 0, 0, 0, {})


def scope_of(
    roster: Roster, filters: Filters, library: Mapping[str, LibraryEntry], *, indexed: int, languages: Sequence[str]
) -> Scope:
    """The passages a search may look at: of sources that are in the library, were not removed, and pass the filters.

    indexed: how many passages the indexes hold. languages: what the model was checked for.
    """
    undated = 0
    allowed = np.zeros(len(roster.sources), dtype=bool)
    known = np.ones(len(roster.sources), dtype=bool)
    unknown: dict[int, str] = {}
    for at, source_id in enumerate(roster.sources):
        entry = library.get(source_id)
        if entry is None or entry.removed or not _passes(entry, filters):
            continue
        if (filters.after or filters.before) and entry.meta.published_on.value is None:
            undated += 1
            continue
        allowed[at] = _may_lie_within(entry.meta.published_on, filters.after, filters.before)
        if allowed[at] and not is_among(languages, language=entry.language, script=entry.script):
            known[at] = False
            unknown[at] = entry.language or entry.script or ""
    counted = np.bincount(roster.source_of, minlength=len(roster.sources)) if len(roster.sources) else np.zeros(0, dtype=int)
    by_words_only: Counter[str] = Counter()
    for at, code in unknown.items():
        by_words_only[code] += int(counted[at])
    passages = int(counted[allowed].sum())
    ids = None if passages == indexed else roster.ids[allowed[roster.source_of]]
    dense_ids = roster.ids[(allowed & known)[roster.source_of]] if unknown else ids
    return Scope(ids, dense_ids, passages, int((counted[allowed] > 0).sum()), undated, dict(by_words_only))


def _passes(entry: LibraryEntry, filters: Filters) -> bool:
    meta = entry.meta
    publishers = {_folded(one) for one in filters.publishers}
    if publishers and _folded(meta.publisher or "") not in publishers:
        return False
    if filters.languages and not any(is_same_language(entry.language, wanted) for wanted in filters.languages):
        return False
    return not filters.kinds or meta.kind in filters.kinds


def _may_lie_within(when: PartialDate, after: date | None, before: date | None) -> bool:
    if after and when.latest and when.latest < after:
        return False
    return not (before and when.earliest and when.earliest > before)


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
