"""How many independent origins stand behind some citations. An origin is who knows, not who prints. Pure.

What lives here: which citations come from one origin, as far as can be told, and what a person should look at. What does not:
any decision. A person's word comes first; the same publisher, or a digest of the same body, is a hint and joins nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import regex

from workbench.likeness import Likeness
from workbench.models import Citation, Span
from workbench.quotes import extract_quotes

MOST_INSIDE = 0.5  # of the words in common that stand inside the claimant's own speech: more of them, and it repeats the claim
_VIA = regex.compile(r"\s*[,;(]?\s*\bvia\b.*$", regex.IGNORECASE)  # "AAPP, via VOA": VOA only prints it
_ARTICLES = frozenset({"the", "a", "an"})
_NAME_WORD = regex.compile(r"\w+")


@dataclass(frozen=True)
class Origin:
    """Citations (by place in the list) that come from one origin. name: as a person named it, None where nobody did."""

    citations: tuple[int, ...]
    name: str | None = None


@dataclass(frozen=True)
class Origins:
    """The origins of some citations, in the order of the first citation of each. hints: sentences for whoever decides."""

    found: tuple[Origin, ...]
    hints: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.found)


def origins_of(citations: Sequence[Citation]) -> Origins:
    """Who stands behind these citations.

    One origin: the same name given by a person (what follows "via" aside), passages of one file or descriptions of one, and
    passages of which one is mostly a copy of the other. Two different names are never one origin, whatever else is equal.
    """
    groups: list[list[int]] = []
    likeness = [Likeness.of(one.quote) for one in citations]
    for number, one in enumerate(citations):
        mine = _named(one)
        joined = [number]
        for group in [group for group in groups if _is_one(group, number, citations, likeness)]:
            if (theirs := _name_of(group, citations)) and mine and theirs != mine:
                continue
            mine = mine or theirs
            groups.remove(group)
            joined = group + joined
        groups.append(joined)
    groups.sort(key=min)
    return Origins(tuple(_origin(sorted(group), citations) for group in groups), tuple(_hints(groups, citations)))


def is_by(name: str | None, said: str | None, *, surname: bool = False) -> bool:
    """Whether a publisher or speaker is the person or body of that name: the same words, or two of them and no others.

    surname: whether the last word of a longer name is enough, as for a speaker in a text that names him whole. Only words with
    a capital count, and those of scripts without: "the report" is nobody's name, and Myanmar Now is not Myanmar.
    """
    mine, theirs = _words(name), _words(said)
    if not mine or not theirs:
        return False
    if surname and len(mine) > 1 and len(theirs) == 1:
        return theirs == _words((name or "").split()[-1])
    return mine == theirs or (min(len(mine), len(theirs)) > 1 and (mine <= theirs or theirs <= mine))


def repeats(text: str, matched: Iterable[Span], claimant: str | None) -> bool:
    """Whether most words a passage shares with the claim stand inside speech of the claimant: it repeats the claim.

    matched: spans of the passage's text.
    """
    spans = list(matched)
    if claimant is None or not spans:
        return False
    own = [quote for quote in extract_quotes(text) if is_by(claimant, quote.speaker, surname=True)]
    total = sum(span.end - span.start for span in spans)
    inside = sum(max(0, min(span.end, quote.end) - max(span.start, quote.start)) for span in spans for quote in own)
    return inside > MOST_INSIDE * total


def _is_one(group: list[int], number: int, citations: Sequence[Citation], likeness: Sequence[Likeness]) -> bool:
    one, mine = citations[number], _named(citations[number])
    for other in group:
        if mine and mine == _named(citations[other]):
            return True
        if citations[other].file_sha256 == one.file_sha256 or likeness[other].is_copy_of(likeness[number]):
            return True
    return False


def _name_of(group: Iterable[int], citations: Sequence[Citation]) -> str:
    return next((name for number in group if (name := _named(citations[number]))), "")


def _named(one: Citation) -> str:
    return " ".join(_VIA.sub("", one.origin or "").split()).casefold()


def _origin(group: Sequence[int], citations: Sequence[Citation]) -> Origin:
    said = next((citations[number].origin for number in group if _named(citations[number])), None)
    return Origin(tuple(group), " ".join(_VIA.sub("", said).split()) if said else None)


def _hints(groups: Sequence[Sequence[int]], citations: Sequence[Citation]) -> Iterable[str]:
    """What several origins have in common, so that a person may say that they are one."""
    for what, of in (("the publisher", lambda one: one.publisher), ("the body", lambda one: _body(one))):
        sharing: dict[str, set[int]] = defaultdict(set)
        for at, group in enumerate(groups):
            for number in group:
                if (value := of(citations[number])) and not _named(citations[number]):
                    sharing[value].add(at)
        for value, several in sharing.items():
            if len(several) > 1:
                yield f"{len(several)} of these origins share {what} {value}: name who knows it, if that is one."


def _body(one: Citation) -> str | None:
    return one.reports_on.body if one.reports_on else None


def _words(name: str | None) -> frozenset[str]:
    found = (word for word in _NAME_WORD.findall(name or "") if not word[0].islower() and not word[0].isdigit())
    return frozenset(folded for word in found if (folded := word.casefold()) not in _ARTICLES)
