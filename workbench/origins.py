"""How many independent origins stand behind some citations. An origin is who knows, not who prints. Pure.

What lives here: which citations come from one origin, as far as can be told, and what a person should look at. What does not:
any decision. A person's word comes first; the same publisher, or a digest of the same body, is a hint and joins nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from workbench.attribution import without_via
from workbench.likeness import Likeness
from workbench.models import Citation
from workbench.tongue import N_, _


@dataclass(frozen=True)
class Origin:
    """Citations (by place in the list) that come from one origin. name: as a person named it, None where nobody did."""

    citations: tuple[int, ...]
    name: str | None = None


@dataclass(frozen=True)
class Origins:
    """The origins of some citations, in the order of the first citation of each. hints: sentences for whoever decides.

    repeating: citations (by place in the list) that only repeat the claim and are no origin. independent: how many origins
    stand behind it each by itself: those whose citations count only together are one.
    """

    found: tuple[Origin, ...]
    hints: tuple[str, ...] = ()
    repeating: tuple[int, ...] = ()
    independent: int = 0

    def __len__(self) -> int:
        return len(self.found)


def origins_of(citations: Sequence[Citation]) -> Origins:
    """Who stands behind these citations; those that only repeat the claim are no origin.

    One origin: the same name given by a person (what follows "via" aside), passages of one file or descriptions of one, and
    passages of which one is mostly a copy of the other. Two different names are never one origin, whatever else is equal.
    """
    groups: list[list[int]] = []
    repeating = tuple(number for number, one in enumerate(citations) if one.only_repeats)
    likeness = [Likeness.of(one.quote) for one in citations]
    for number, one in enumerate(citations):
        if number in repeating:
            continue
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
    found = tuple(_origin(sorted(group), citations) for group in groups)
    return Origins(found, tuple(_hints(groups, citations)), repeating, _independent(groups, citations))


def _independent(groups: Sequence[Sequence[int]], citations: Sequence[Citation]) -> int:
    """How many are left once origins that share a group of citations are one, and with it what they share others with."""
    alone = 0
    apart: list[set[int]] = []  # numbers of the citations' groups
    for group in groups:
        mine = {number for one in group if (number := citations[one].group) is not None}
        if not mine:
            alone += 1
            continue
        sharing = [other for other in apart if other & mine]
        apart = [other for other in apart if not other & mine] + [mine.union(*sharing)]
    return alone + len(apart)


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
    return without_via(one.origin).casefold()


def _origin(group: Sequence[int], citations: Sequence[Citation]) -> Origin:
    said = next((citations[number].origin for number in group if _named(citations[number])), None)
    return Origin(tuple(group), without_via(said) or None)


SHARED_PUBLISHER = N_("{count} of these origins share the publisher {name}: name who knows it, if that is one.")
SHARED_BODY = N_("{count} of these origins share the body {name}: name who knows it, if that is one.")


def _hints(groups: Sequence[Sequence[int]], citations: Sequence[Citation]) -> Iterable[str]:
    """What several origins have in common, so that a person may say that they are one."""
    for what, of in ((SHARED_PUBLISHER, lambda one: one.publisher), (SHARED_BODY, lambda one: _body(one))):
        sharing: dict[str, set[int]] = defaultdict(set)
        for at, group in enumerate(groups):
            for number in group:
                if (value := of(citations[number])) and not _named(citations[number]):
                    sharing[value].add(at)
        for value, several in sharing.items():
            if len(several) > 1:
                yield _(what, count=len(several), name=value)


def _body(one: Citation) -> str | None:
    return one.reports_on.body if one.reports_on else None
