"""Names and places of a claim and a passage as findings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workbench.lens.gazetteer import lies_in
from workbench.lens.names import Entity
from workbench.lens.roles import counterparts, exchanged
from workbench.lens.same_name import same_entity
from workbench.lens.saying import NOT_NAMED, SWAPPED
from workbench.lens.seen import Seen, against, both, finding
from workbench.lens.words import Text
from workbench.models import Finding

NAME_DIFFERS = 2.45  # found by trying on made pairs (benchmark/contrast.py)


def namings(mine: Seen, theirs: Seen) -> Iterator[Finding]:
    """What the passage says of each name and place of the claim."""
    swapped = {(one.start, one.end): other for one, other in exchanged(mine.text, theirs.text, mine.entities, theirs.entities)}
    others = counterparts(mine.entities, theirs.entities, enough=NAME_DIFFERS)
    paired = {(one.start, one.end): other for one, other in others.items()}
    for one in mine.entities:
        place = (one.start, one.end)
        spelled = _spelled(mine.text, one)
        if place in swapped or place in paired:
            other = swapped.get(place) or paired[place]
            there = _spelled(theirs.text, other)
            detail = SWAPPED.format(one=spelled, other=there) if place in swapped else against(spelled, there)
            yield finding(one.kind, "differs", place, (other.start, other.end), detail)
            continue
        same = next((other for other in theirs.entities if same_entity(one, other)), None) or _around(one, theirs.entities)
        if same is None:
            yield finding(one.kind, "not mentioned", place, None, NOT_NAMED.format(one=spelled))
        else:
            detail = both(spelled, _spelled(theirs.text, same))
            yield finding(one.kind, "agrees", place, (same.start, same.end), detail)


def _around(one: Entity, others: Sequence[Entity]) -> Entity | None:
    """The country a town lies in, or a town of the country, where the passage names only that."""
    return next((other for other in others if one.place and other.place and lies_in(one.place, other.place)), None)


def _spelled(text: Text, entity: Entity) -> str:
    return " ".join(text.raw[entity.start : entity.end].split())
