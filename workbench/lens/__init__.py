"""The lens: a claim and a passage laid side by side; what agrees, what differs, what is not mentioned.

What lives here: the one door, `look`, and the order of its findings. What does not: any judgement. A difference is shown to a
person, who decides what it means; silence is told apart from it. Rules are tables with their reasons, nothing is learned from
data.

words, concepts: a text and the company its words keep; seen: all that is read from one text. numerals, figures, units, scripts:
figures; amounts, numbers: set side by side. dates, date_readers, when, calendar_words: dates; moments: side by side. names,
name_words, gazetteer: names and places; same_name, roles: side by side. denials, quantifiers: themselves; negation: denials
side by side. pairing: what goes with what. Every kind is bounded in number, every word's company in width: the time is linear.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workbench.lens.figures import Figure
from workbench.lens.gazetteer import lies_in
from workbench.lens.moments import judge_dates, shown
from workbench.lens.names import Entity
from workbench.lens.negation import Met, meet, prefixed
from workbench.lens.numbers import judge_figures
from workbench.lens.pairing import Pair, pair_up
from workbench.lens.quantifiers import Only, judge_quantities, lets_others_in
from workbench.lens.roles import counterparts, exchanged
from workbench.lens.same_name import same_entity
from workbench.lens.seen import Seen, against, both, finding, see
from workbench.lens.when import When
from workbench.lens.words import Text, likeness
from workbench.models import Finding, PartialDate, Stands

# How sure the lens must be that two things are about the same matter; found by trying on made pairs (benchmark/contrast.py).
NUMBER_AGREES, NUMBER_DIFFERS = 0.4, 2.2
DATE_AGREES, DATE_DIFFERS = 0.3, 2.0
QUANTITY_AGREES, QUANTITY_DIFFERS = 1.6, 2.2
NAME_DIFFERS = 2.45
DENIAL_AGREES, DENIAL_DIFFERS, WIDE_DENIAL_DIFFERS = 1.4, 2.1, 1.9


def look(
    claim: str,
    passage: str,
    *,
    claim_date: PartialDate | None = None,
    source_date: PartialDate | None = None,
    language: str = "en",
) -> tuple[Finding, ...]:
    """What a claim and a passage have in common and where they part, in the order of the claim.

    Spans are offsets into the two texts as given. Only what the claim speaks of is reported, and what the passage denies of it;
    "not mentioned" has no passage_span. claim_date, source_date: the dates of the two texts, for "yesterday" and "last June".
    language: ISO 639-1, of a text that is not plainly English, French or Spanish. Pure; the same arguments, the same findings.
    """
    mine, theirs = see(claim, claim_date, language), see(passage, source_date, language)
    numbers, dates = list(_numbers(mine, theirs)), list(_dates(mine, theirs))
    found = [
        *numbers,
        *_without_as_of(dates, numbers),
        *_negations(mine, theirs),
        *_quantifiers(mine, theirs),
        *_only(mine, theirs),
        *_names(mine, theirs),
    ]
    return tuple(sorted(found, key=_order))


def stands(findings: Sequence[Finding]) -> Stands:
    """The group a passage belongs to: differs where any finding does, else agrees where any does; silence is neither."""
    relations = {one.relation for one in findings}
    return "differs" if "differs" in relations else "agrees" if "agrees" in relations else "silent"


def _order(finding: Finding) -> tuple[int, int, str, str]:
    start = finding.claim_span.start if finding.claim_span else 0
    return start, finding.passage_span.start if finding.passage_span else -1, finding.kind, finding.relation


# --- numbers and dates -----------------------------------------------------------------------------------------------


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
        place = (one.figure.start, one.figure.end)
        pair = pairs.get(number)
        if pair is None:
            yield finding("number", "not mentioned", place, None, f"no figure here to set beside {one.figure.spelled}")
            continue
        other = theirs.figures[pair.passage].figure
        there = (other.start, other.end)
        yield _number(one.figure, other, pair, place, there)


def _number(one: Figure, other: Figure, pair: Pair, place: tuple[int, int], there: tuple[int, int]) -> Finding:
    if pair.judged.relation == "apart":
        return finding("number", "not mentioned", place, there, pair.judged.detail)
    if pair.judged.relation == "agrees":
        return finding("number", "agrees", place, there, both(one.spelled, other.spelled))
    return finding("number", "differs", place, there, against(one.spelled, other.spelled))


def _dates(mine: Seen, theirs: Seen) -> Iterator[Finding]:
    pairs = pair_up(
        mine.dates, theirs.dates, judge_dates, enough_to_agree=DATE_AGREES, enough_to_differ=DATE_DIFFERS, agreeing_first=0.6
    )
    for number, one in enumerate(mine.dates):
        place = (one.when.start, one.when.end)
        pair = pairs.get(number)
        if pair is None:
            yield finding("date", "not mentioned", place, None, f"no date here to set beside {shown(one.when)}")
            continue
        other: When = theirs.dates[pair.passage].when
        words = (shown(one.when), shown(other))
        same = pair.judged.relation == "agrees"
        detail = both(*words) if same else against(*words)
        yield finding("date", "agrees" if same else "differs", place, (other.start, other.end), detail)


def _without_as_of(dates: Sequence[Finding], numbers: Sequence[Finding]) -> Iterator[Finding]:
    """The findings on dates, with no difference where the dates only say to which day two figures were counted."""
    apart = any(number.detail.startswith("different dates") for number in numbers)
    for one in dates:
        if apart and one.relation == "differs":
            yield one.model_copy(update={"relation": "not mentioned", "detail": f"different dates: {one.detail}"})
        else:
            yield one


# --- denials ---------------------------------------------------------------------------------------------------------


def _negations(mine: Seen, theirs: Seen) -> Iterator[Finding]:
    met_words: set[tuple[int, int]] = set()
    for denial in mine.denied.denials:
        start, end = mine.text.words[denial.cue[0]].start, mine.text.words[denial.cue[1]].end
        met = meet(denial, mine.denied, theirs.denied)
        least = (DENIAL_AGREES if met.same else WIDE_DENIAL_DIFFERS if denial.wide else DENIAL_DIFFERS) if met else 0.0
        if met is None or met.sureness < least:
            yield finding("negation", "not mentioned", (start, end), None, "what the claim denies is not spoken of here")
            continue
        met_words.add((met.mine, met.theirs))
        yield _negation(mine, theirs, met, (start, end), None)
    for denial in theirs.denied.denials:
        met = meet(denial, theirs.denied, mine.denied)
        if met is None or met.same or (met.theirs, met.mine) in met_words:
            continue
        if met.sureness < (WIDE_DENIAL_DIFFERS if denial.wide else DENIAL_DIFFERS):
            continue
        met_words.add((met.theirs, met.mine))
        cue = (theirs.text.words[denial.cue[0]].start, theirs.text.words[denial.cue[1]].end)
        yield _negation(mine, theirs, Met(met.theirs, met.mine, met.sureness, False), None, cue)
    yield from _prefixes(mine, theirs)


def _negation(mine: Seen, theirs: Seen, met: Met, cue: tuple[int, int] | None, there: tuple[int, int] | None) -> Finding:
    word, other = mine.text.words[met.mine], theirs.text.words[met.theirs]
    spelled = mine.text.raw[word.start : word.end]
    if met.same:
        detail = f"“{spelled}” is denied in both" if mine.denied.denied(met.mine) else f"“{spelled}” stands in both"
        return finding("negation", "agrees", cue, (other.start, other.end), detail)
    here = theirs.denied.denied(met.theirs)
    detail = f"“{spelled}” is denied here" if here else f"“{spelled}” is denied in the claim, not here"
    return finding("negation", "differs", cue or (word.start, word.end), there or (other.start, other.end), detail)


def _prefixes(mine: Seen, theirs: Seen) -> Iterator[Finding]:
    found = [*((met.mine, met.theirs, met) for met in prefixed(mine.denied, theirs.denied))]
    found += [(met.theirs, met.mine, met) for met in prefixed(theirs.denied, mine.denied)]
    for first, second, met in found:
        if not met.same and met.sureness >= DENIAL_DIFFERS:
            word, other = mine.text.words[first], theirs.text.words[second]
            words = mine.text.raw[word.start : word.end], theirs.text.raw[other.start : other.end]
            yield finding("negation", "differs", (word.start, word.end), (other.start, other.end), against(*words))


# --- how many --------------------------------------------------------------------------------------------------------


def _quantifiers(mine: Seen, theirs: Seen) -> Iterator[Finding]:
    pairs = pair_up(
        mine.quantities, theirs.quantities, judge_quantities, enough_to_agree=QUANTITY_AGREES, enough_to_differ=QUANTITY_DIFFERS
    )
    for number, one in enumerate(mine.quantities):
        pair = pairs.get(number)
        place = (one.start, one.end)
        if pair is None:
            yield finding("quantifier", "not mentioned", place, None, f"nothing here says “{one.spelled}” or otherwise")
            continue
        other = theirs.quantities[pair.passage]
        same = pair.judged.relation == "agrees"
        detail = both(one.spelled, other.spelled) if same else against(f"“{one.spelled}”", f"“{other.spelled}”")
        yield finding("quantifier", "agrees" if same else "differs", place, (other.start, other.end), detail)


def _only(mine: Seen, theirs: Seen) -> Iterator[Finding]:
    others = {(theirs.text.words[one.focus].root, one.opened): one for one in theirs.only}
    for one in mine.only:
        cue = mine.text.words[one.cue]
        focus = mine.text.words[one.focus]
        place = (cue.start, cue.end)
        other = others.get((focus.root, one.opened)) or others.get((focus.root, not one.opened))
        if other is not None:
            there = theirs.text.words[other.cue]
            same = one.opened == other.opened
            detail = f"“{cue.low}” in both" if same else f"“{cue.low}” in the claim, not only here"
            yield finding("quantifier", "agrees" if same else "differs", place, (there.start, there.end), detail)
            continue
        yield _opened(mine, theirs, one, place)


def _opened(mine: Seen, theirs: Seen, one: Only, place: tuple[int, int]) -> Finding:
    """What the passage says of a word the claim singles out: that there are others, or nothing."""
    company = mine.text.company(one.focus, one.focus)
    for number in theirs.denied.places(mine.text.words[one.focus].root):
        shared, part = likeness(company, theirs.text.company(number, number))
        also = lets_others_in(theirs.text, number)
        if also is not None and not one.opened and min(shared, 4.0) * 0.6 + part * 2.0 >= QUANTITY_DIFFERS:
            word = theirs.text.words[also]
            return finding("quantifier", "differs", place, (word.start, word.end), f"only in the claim, “{word.low}” here")
    return finding("quantifier", "not mentioned", place, None, "nothing here says that there is no other")


# --- names and places ------------------------------------------------------------------------------------------------


def _names(mine: Seen, theirs: Seen) -> Iterator[Finding]:
    swapped = {(one.start, one.end): other for one, other in exchanged(mine.text, theirs.text, mine.entities, theirs.entities)}
    others = counterparts(mine.entities, theirs.entities, enough=NAME_DIFFERS)
    paired = {(one.start, one.end): other for one, other in others.items()}
    for one in mine.entities:
        place = (one.start, one.end)
        spelled = _spelled(mine.text, one)
        if place in swapped or place in paired:
            other = swapped.get(place) or paired[place]
            there = _spelled(theirs.text, other)
            detail = f"{spelled} and {there} have changed places here" if place in swapped else against(spelled, there)
            yield finding(one.kind, "differs", place, (other.start, other.end), detail)
            continue
        same = next((other for other in theirs.entities if same_entity(one, other)), None) or _around(one, theirs.entities)
        if same is None:
            yield finding(one.kind, "not mentioned", place, None, f"{spelled} is not named here")
        else:
            detail = both(spelled, _spelled(theirs.text, same))
            yield finding(one.kind, "agrees", place, (same.start, same.end), detail)


def _around(one: Entity, others: Sequence[Entity]) -> Entity | None:
    """The country a town lies in, or a town of the country, where the passage names only that."""
    return next((other for other in others if one.place and other.place and lies_in(one.place, other.place)), None)


def _spelled(text: Text, entity: Entity) -> str:
    return " ".join(text.raw[entity.start : entity.end].split())
