"""Figures and dates of a claim and a passage as findings."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.lens.figures import Figure
from workbench.lens.moments import judge_dates, shown
from workbench.lens.numbers import judge_figures
from workbench.lens.pairing import Pair, pair_up
from workbench.lens.saying import NO_DATE, NO_FIGURE
from workbench.lens.seen import Seen, against, both, finding
from workbench.models import Finding

# How sure the lens must be that two things are about the same matter; found by trying on made pairs (benchmark/contrast.py).
NUMBER_AGREES, NUMBER_DIFFERS = 0.4, 2.2
DATE_AGREES, DATE_DIFFERS = 0.3, 2.0
DAYS_OF_A_COUNT = 1.0  # so much less sure need two days be that two figures were counted to


def measures(mine: Seen, theirs: Seen) -> Iterator[Finding]:
    """What the passage says of each figure and each date of the claim."""
    numbers = list(_numbers(mine, theirs))
    yield from numbers
    other_days = any(number.relation == "different dates" for number in numbers)
    for date in _dates(mine, theirs, DATE_DIFFERS - DAYS_OF_A_COUNT if other_days else DATE_DIFFERS):
        # where two figures were counted to different days, the days do not differ: they only say so
        yield date.model_copy(update={"relation": "different dates"}) if other_days and date.relation == "differs" else date


def _numbers(mine: Seen, theirs: Seen) -> Iterator[Finding]:
    pairs = pair_up(
        mine.figures,
        theirs.figures,
        judge_figures,
        enough_to_agree=NUMBER_AGREES,
        enough_to_differ=NUMBER_DIFFERS,
        agreeing_first=2.5,
    )
    for number, one in enumerate(mine.figures):
        pair = pairs.get(number)
        if pair is None:
            place = (one.figure.start, one.figure.end)
            yield finding("number", "not mentioned", place, None, NO_FIGURE.format(one=one.figure.spelled))
        else:
            yield _number(one.figure, theirs.figures[pair.passage].figure, pair)


def _number(one: Figure, other: Figure, pair: Pair) -> Finding:
    place, there = (one.start, one.end), (other.start, other.end)
    if pair.judged.relation == "apart":
        return finding("number", "different dates", place, there, pair.judged.detail)
    if pair.judged.relation == "agrees":
        return finding("number", "agrees", place, there, both(one.spelled, other.spelled))
    return finding("number", "differs", place, there, against(one.spelled, other.spelled))


def _dates(mine: Seen, theirs: Seen, enough: float) -> Iterator[Finding]:
    pairs = pair_up(
        mine.dates, theirs.dates, judge_dates, enough_to_agree=DATE_AGREES, enough_to_differ=enough, agreeing_first=0.6
    )
    for number, one in enumerate(mine.dates):
        place = (one.when.start, one.when.end)
        pair = pairs.get(number)
        if pair is None:
            yield finding("date", "not mentioned", place, None, NO_DATE.format(one=shown(one.when)))
            continue
        other = theirs.dates[pair.passage].when
        words = (shown(one.when), shown(other))
        same = pair.judged.relation == "agrees"
        detail = both(*words) if same else against(*words)
        yield finding("date", "agrees" if same else "differs", place, (other.start, other.end), detail)
