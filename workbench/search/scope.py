"""What one search may look at: filters become row numbers that are allowed inside both searches, never a cut afterwards. Pure.

What lives here: the filters, and which passages the model may rank. What does not: searching, values that no source has
(facets.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from workbench.catalog.roster import Roster
from workbench.languages import is_among, is_same_language
from workbench.models import Conditions, Filters, LibraryEntry, PartialDate
from workbench.search.facets import folded

CONDITIONS = tuple(Conditions.model_fields)


@dataclass(frozen=True)
class Scope:
    """What one search may look at. ids: row numbers, None where every passage may; passages, sources: how many there are in it.

    undated, unsaid: sources left out because they do not say what a filter asks for. by_words_only: how many passages, by
    language or script, the model was not checked for; dense_ids leaves those out.
    """

    ids: NDArray[np.int64] | None
    dense_ids: NDArray[np.int64] | None
    passages: int
    sources: int
    undated: int = 0
    unsaid: dict[str, int] = field(default_factory=dict)
    by_words_only: dict[str, int] = field(default_factory=dict)


NOTHING = Scope(None, None, 0, 0)


def scope_of(
    roster: Roster, filters: Filters, library: Mapping[str, LibraryEntry], *, indexed: int, languages: Sequence[str]
) -> Scope:
    """The passages a search may look at: of sources that are in the library, were not removed, and pass the filters.

    indexed: how many passages the indexes hold. languages: what the model was checked for.
    """
    undated, unsaid = 0, Counter[str]()
    allowed = np.zeros(len(roster.sources), dtype=bool)
    known = np.ones(len(roster.sources), dtype=bool)
    unknown: dict[int, str] = {}
    wanted = _Wanted(filters)
    for at, source_id in enumerate(roster.sources):
        entry = library.get(source_id)
        if entry is None or entry.removed:
            continue
        silent = wanted.silent_on(entry)
        if silent is None:
            continue
        known_on = entry.meta.known_on
        if not _may_lie_within(known_on, filters.after, filters.before):
            continue
        unsaid.update(silent)
        is_undated = bool(filters.after or filters.before) and known_on.value is None
        undated += is_undated and not silent
        allowed[at] = not silent and not is_undated
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
    return Scope(ids, dense_ids, passages, int((counted[allowed] > 0).sum()), undated, dict(unsaid), dict(by_words_only))


class _Wanted:
    """The conditions of some filters, made ready to be asked of many sources."""

    def __init__(self, filters: Filters) -> None:
        self._included = _named(filters)
        self._excluded = _named(filters.exclude)

    def silent_on(self, entry: LibraryEntry) -> list[str] | None:
        """The conditions on which a source says nothing and passes all others; None where it fails one, or is excluded."""
        if any(_holds(name, entry, values) for name, values in self._excluded):
            return None
        silent = [name for name, _ in self._included if not _said(name, entry)]
        if not all(name in silent or _holds(name, entry, values) for name, values in self._included):
            return None
        return silent


def _named(conditions: Conditions) -> list[tuple[str, frozenset[str]]]:
    found = ((name, getattr(conditions, name)) for name in CONDITIONS)
    return [(name, frozenset(map(folded, values))) for name, values in found if values]


def _said(name: str, entry: LibraryEntry) -> tuple[str, ...]:
    """What a source says of a condition."""
    match name:
        case "topics":
            return entry.meta.topics
        case "languages":
            said = entry.language
        case "kinds":
            said = entry.meta.kind
        case "media":
            said = entry.media_type
        case _:
            said = entry.meta.publisher
    return (said,) if said and said.strip() else ()


def _holds(name: str, entry: LibraryEntry, values: frozenset[str]) -> bool:
    if name == "languages":
        return any(is_same_language(entry.language, wanted) for wanted in values)
    return any(folded(said) in values for said in _said(name, entry))


def _may_lie_within(when: PartialDate, after: date | None, before: date | None) -> bool:
    if after and when.latest and when.latest < after:
        return False
    return not (before and when.earliest and when.earliest > before)
