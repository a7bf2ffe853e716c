"""Everything the lens reads from one text, read once; and how a finding is put in words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from workbench.lens.dates import find_dates
from workbench.lens.denials import Denied
from workbench.lens.figures import find_figures
from workbench.lens.moments import Dated, dated
from workbench.lens.names import Entity, find_entities, with_matter
from workbench.lens.numbers import Counted, counted
from workbench.lens.opposites import Pole, find_poles
from workbench.lens.quantifiers import Only, Quantity, find_only, find_quantities
from workbench.lens.saying import AGAINST, IN_BOTH, THEY_FIT
from workbench.lens.scripts import script_figures
from workbench.lens.words import Text, read
from workbench.models import Finding, PartialDate, Span

Kind = Literal["number", "date", "negation", "quantifier", "name", "place"]
Relation = Literal["agrees", "differs", "different dates", "not mentioned"]


@dataclass(frozen=True)
class Seen:
    """Everything the lens reads from one text."""

    text: Text
    dates: list[Dated]
    figures: list[Counted]
    denied: Denied
    quantities: list[Quantity]
    only: list[Only]
    entities: list[Entity]
    poles: list[Pole]


@lru_cache(maxsize=256)
def see(raw: str, day: PartialDate | None, language: str) -> Seen:
    """The findings' raw matter of one text; kept for the next passage the same claim is held against."""
    text = read(raw, language)
    dates = find_dates(text, day)
    places = [(when.start, when.end) for when in dates]
    in_scripts = list(script_figures(text, places))
    places += [(figure.start, figure.end) for figure in in_scripts]
    taken = frozenset(number for start, end in places for number in _words_between(text, start, end))
    figures = sorted([*in_scripts, *find_figures(text, taken)], key=lambda figure: figure.start)
    counted_words = frozenset(number for figure in figures for number in range(figure.first, figure.last + 1))
    entities = find_entities(text, taken | counted_words)
    named = {number: one.last + 1 - one.first for one in entities for number in range(one.first, one.last + 1)}
    denied = Denied(text, skipped=taken | counted_words, named=frozenset(named))
    days = dated(text, dates, named, counted_words)
    entities = with_matter(text, entities, named, taken | counted_words)
    return Seen(
        text,
        days,
        counted(text, figures, dates, day),
        denied,
        find_quantities(text, figures),
        find_only(text),
        entities,
        find_poles(denied, days, taken | counted_words | frozenset(named)),
    )


def _words_between(text: Text, start: int, end: int) -> range:
    first, last = text.covering(start, end)
    return range(first, last + 1)


def finding(
    kind: Kind, relation: Relation, mine: tuple[int, int] | None, theirs: tuple[int, int] | None, detail: str
) -> Finding:
    """A finding; mine and theirs are [start, end) in the claim and in the passage."""
    return Finding(
        kind=kind,
        relation=relation,
        claim_span=Span(start=mine[0], end=mine[1]) if mine else None,
        passage_span=Span(start=theirs[0], end=theirs[1]) if theirs else None,
        detail=detail,
    )


def both(one: str, other: str) -> str:
    """The words for two things that agree."""
    return IN_BOTH.format(one=one) if one.casefold() == other.casefold() else THEY_FIT.format(one=one, other=other)


def against(one: str, other: str) -> str:
    """The words for two things that differ; "here" is the passage."""
    return AGAINST.format(one=one, other=other)
