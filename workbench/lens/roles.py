"""Names and places set side by side: in both, missing, or another one in the same role.

Another name is a difference only where it stands in the claim's place: under the same office, before the same verb, behind the
same preposition, in the same company, while the claim's own name is nowhere in the passage. All else is silence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from workbench.lens.gazetteer import may_be_one, place_of
from workbench.lens.matter import one_matter, same_side
from workbench.lens.names import Entity
from workbench.lens.pairing import Judged, pair_up
from workbench.lens.same_name import same_entity
from workbench.lens.words import Text, likeness, root
from workbench.quotes.words import word_set

_SMALL = word_set("of and , the a in on at for with as but")


def judge_entities(one: Entity, other: Entity) -> Judged | None:
    """Whether one entity stands where the other does; None where they are not of one sort."""
    if not _one_sort(one, other) or (one.place and other.place and may_be_one(one.place, other.place)):
        return None
    before = bool(one.before) and one.before == other.before
    after = bool(one.after) and one.after == other.after and one.after not in _SMALL
    roles = _one_office(one.roles, other.roles)
    if not (before or after or roles):
        return None
    if roles and not _beyond(one, other):
        return None
    sureness = _weighed(one.company, other.company)
    sureness = max(sureness, _weighed(one.matter.words, other.matter.words)) if roles else sureness
    governed = bool(one.governor) and one.governor == other.governor
    if one.before == other.before and one.governor and other.governor and not governed and not after:
        sureness -= 0.6  # villages in one place, students in another
    sureness += 0.8 * before * (0.5 if one.before in _SMALL and not governed else 1.0) + 1.0 * after + 1.2 * roles
    if one.roles and other.roles and not roles:
        sureness -= 1.5
    if one.before and other.before and not before:
        sureness -= 0.4
    return Judged("differs", sureness)


BESIDE_OFFICE = 0.5  # words shared, besides those of the office itself: every country has a president


def _beyond(one: Entity, other: Entity) -> bool:
    """Whether two holders of one sort of office share more than the office."""
    office = {root(word) for role in one.roles | other.roles for word in role.split()}
    return any(
        sum(min(mine[word], theirs[word]) for word in (mine.keys() & theirs.keys()) - office) >= BESIDE_OFFICE
        for mine, theirs in ((one.company, other.company), (one.matter.words, other.matter.words))
    )


def _one_office(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two people are called the same: a minister may be the foreign minister, who is not the prime minister."""
    return any(mine.endswith(theirs) or theirs.endswith(mine) for mine in one for theirs in other)


def _bases(roles: frozenset[str]) -> set[str]:
    """The offices without what tells one minister from another."""
    return {role.split()[-1] for role in roles}


def _weighed(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    shared, part = likeness(one, other)
    return min(shared, 4.0) * 0.5 + part * 2.0


def _one_sort(one: Entity, other: Entity) -> bool:
    sorts = {one.sort, other.sort}
    if "place" in sorts:
        return sorts == {"place"}
    return len(sorts) == 1 or "unknown" in sorts


ELSEWHERE = 0.8  # how much surer a name must be another one's counterpart when it is named in the claim as well


def left_over(mine: Sequence[Entity], theirs: Sequence[Entity]) -> list[Entity]:
    """The entities that are nowhere among the others."""
    return [one for one in mine if not any(same_entity(one, other) for other in theirs)]


def counterparts(mine: Sequence[Entity], theirs: Sequence[Entity], *, enough: float) -> dict[Entity, Entity]:
    """For each name of the claim that the passage lacks, the one that stands in its place.

    A name of the passage that the claim has too may be one only where it stands once more than the claim has it.
    """
    missing = left_over(mine, theirs)
    if not missing:
        return {}
    free = _unpaired(mine, theirs)
    named = {other for other in free if any(same_entity(one, other) for one in mine)}

    def judge(one: Entity, other: Entity) -> Judged | None:
        if _of_another(one, other, missing, free):
            return None
        judged = _surer(judge_entities(one, other), _said_otherwise(one, other, missing, free))
        return judged._replace(sureness=judged.sureness - ELSEWHERE) if judged and other in named else judged

    pairs = pair_up(missing, free, judge, enough_to_agree=enough, enough_to_differ=enough)
    return {missing[number]: free[pair.passage] for number, pair in pairs.items()}


SAID_OTHERWISE = 2.6  # how sure it is where two sentences say one thing in other words, each with one such name


def _said_otherwise(one: Entity, other: Entity, missing: Sequence[Entity], free: Sequence[Entity]) -> Judged | None:
    """The one name without a counterpart of either sentence, where both say one thing in other words."""
    if one.sort != other.sort or not one_matter(one.matter, other.matter):
        return None
    if not (_is_alone(one, missing) and _is_alone(other, free)):
        return None
    if one.place and other.place:
        known = place_of(one.spelled) and place_of(other.spelled) and not may_be_one(one.place, other.place)
        return Judged("differs", SAID_OTHERWISE) if known and other.before in _THERE else None
    whole = len(one.words) > 1 and len(other.words) > 1 and not any(word in other.matter.words for word in one.words)
    return Judged("differs", SAID_OTHERWISE) if whole and same_side(one.matter, other.matter) else None


_THERE = word_set("in at near to into")


def _of_another(one: Entity, other: Entity, missing: Sequence[Entity], free: Sequence[Entity]) -> bool:
    """Whether two names belong to two offices (foreign and prime minister) or two places to two owners (seats)."""
    if not one.place:
        return bool(_bases(one.roles) & _bases(other.roles)) and not _one_office(one.roles, other.roles)
    ours = any(name.sort in _WHO and name.sentence == one.sentence for name in missing)
    return ours and any(name.sort in _WHO and name.sentence == other.sentence for name in free)


_WHO = ("person", "body")


def _surer(one: Judged | None, other: Judged | None) -> Judged | None:
    return max((judged for judged in (one, other) if judged), key=lambda judged: judged.sureness, default=None)


def _is_alone(one: Entity, others: Sequence[Entity]) -> bool:
    """Whether no other name of its sort stands in its sentence; of places, only those that something happens in count."""
    near = (other for other in others if other is not one and other.sentence == one.sentence and other.sort == one.sort)
    return not any(other.before in _THERE if one.place else True for other in near)


def _unpaired(mine: Sequence[Entity], theirs: Sequence[Entity]) -> list[Entity]:
    """The names of the passage that are left when each name of the claim has taken its likeliest self."""

    def judge(one: Entity, other: Entity) -> Judged | None:
        return Judged("agrees", 1.0 + likeness_of(one, other)) if same_entity(one, other) else None

    taken = {pair.passage for pair in pair_up(mine, theirs, judge, enough_to_agree=0.0, enough_to_differ=0.0).values()}
    return [other for number, other in enumerate(theirs) if number not in taken]


def likeness_of(one: Entity, other: Entity) -> float:
    """How alike the places of two names are, in company and in the words right beside them."""
    shared, part = likeness(one.company, other.company)
    return shared + part + (one.before == other.before) + (one.after == other.after)


def exchanged(claim: Text, passage: Text, mine: Sequence[Entity], theirs: Sequence[Entity]) -> list[tuple[Entity, Entity]]:
    """The pairs of names that changed places, the claim's first and the passage's first: who praised whom."""
    found = []
    by_verb: dict[str, list[tuple[Entity, Entity]]] = {}
    for verb, left, right in _orders(passage, theirs):
        by_verb.setdefault(verb, []).append((left, right))
    for verb, left, right in _orders(claim, mine):
        options = by_verb.get(verb, [])
        kept = any(same_entity(left, one) and same_entity(right, other) for one, other in options)
        swapped = [one for one, other in options if same_entity(left, other) and same_entity(right, one)]
        if swapped and not kept and not same_entity(left, right):
            found.append((left, swapped[0]))
    return found


_NEAR = 6  # words between the two names of one verb
_MUTUAL = word_set("meeting meet marry agreement fight war conflict talks border near join vote and")


def _orders(text: Text, entities: Sequence[Entity]) -> list[tuple[str, Entity, Entity]]:
    """(verb, who does it, whom it is done to) for neighbouring names with one word of weight between them."""
    found = []
    for left, right in pairwise(entities):
        between = text.words[left.last + 1 : right.first]
        if text.words[left.last].sentence != text.words[right.first].sentence or len(between) > _NEAR:
            continue
        if any(word.kind == "mark" or word.kind == "owner" for word in between):
            continue
        if _nearest_is(text, left, "from") and between and between[-1].low == "to":
            found.append(("from to", left, right))
            continue
        verbs = [word.root for word in between if word.root]
        if len(verbs) != 1 or verbs[0] in _MUTUAL:
            continue
        passive = any(word.low == "by" for word in between) and any(
            word.low in ("was", "were", "been", "being", "is", "are") for word in between
        )
        found.append((verbs[0], right, left) if passive else (verbs[0], left, right))
    return found


def _nearest_is(text: Text, entity: Entity, word: str) -> bool:
    return entity.first > 0 and text.words[entity.first - 1].low == word
