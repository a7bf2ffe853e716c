"""Denials, opposites and quantifiers of a claim and a passage as findings."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.lens.negation import Met, meet, prefixed
from workbench.lens.opposites import Opposed, opposed
from workbench.lens.pairing import pair_up
from workbench.lens.quantifiers import Only, also_others, judge_quantities, lets_others_in
from workbench.lens.saying import (
    DENIED_HERE,
    DENIED_IN_BOTH,
    DENIED_THERE,
    NO_OTHER,
    NOT_SPOKEN_OF,
    NOTHING_SAYS,
    ONLY_IN_BOTH,
    ONLY_THERE,
    STANDS_IN_BOTH,
)
from workbench.lens.seen import Kind, Seen, against, both, finding
from workbench.lens.words import likeness
from workbench.models import Finding

# How sure the lens must be that two things are about the same matter; found by trying on made pairs (benchmark/contrast.py).
DENIAL_AGREES, DENIAL_DIFFERS = 1.4, 1.9
OPPOSITE_DIFFERS = 2.1
QUANTITY_AGREES, QUANTITY_DIFFERS, ONLY_DIFFERS = 1.6, 2.2, 1.6


def statements(mine: Seen, theirs: Seen) -> Iterator[Finding]:
    """What the passage denies of the claim and the claim of the passage, turns into its opposite, or says of how many."""
    yield from _negations(mine, theirs)
    yield from _opposites(mine, theirs)
    yield from _quantifiers(mine, theirs)
    yield from _only(mine, theirs)


def _negations(mine: Seen, theirs: Seen) -> Iterator[Finding]:
    met_words: set[tuple[int, int]] = set()
    for denial in mine.denied.denials:
        start, end = mine.text.words[denial.cue[0]].start, mine.text.words[denial.cue[1]].end
        met = meet(denial, mine.denied, theirs.denied)
        least = (DENIAL_AGREES if met.same else DENIAL_DIFFERS) if met else 0.0
        if met is None or met.sureness < least:
            yield finding("negation", "not mentioned", (start, end), None, NOT_SPOKEN_OF)
            continue
        met_words.add((met.mine, met.theirs))
        yield _negation(mine, theirs, met, (start, end), None)
    for denial in theirs.denied.denials:
        met = meet(denial, theirs.denied, mine.denied)
        if met is None or met.same or (met.theirs, met.mine) in met_words:
            continue
        if met.sureness < DENIAL_DIFFERS:
            continue
        met_words.add((met.theirs, met.mine))
        cue = (theirs.text.words[denial.cue[0]].start, theirs.text.words[denial.cue[1]].end)
        yield _negation(mine, theirs, Met(met.theirs, met.mine, met.sureness, False), None, cue)
    yield from _prefixes(mine, theirs)


def _negation(mine: Seen, theirs: Seen, met: Met, cue: tuple[int, int] | None, there: tuple[int, int] | None) -> Finding:
    word, other = mine.text.words[met.mine], theirs.text.words[met.theirs]
    spelled = mine.text.raw[word.start : word.end]
    if met.same:
        detail = (DENIED_IN_BOTH if mine.denied.denied(met.mine) else STANDS_IN_BOTH).format(word=spelled)
        return finding("negation", "agrees", cue, (other.start, other.end), detail)
    here = theirs.denied.denied(met.theirs)
    detail = (DENIED_HERE if here else DENIED_THERE).format(word=spelled)
    return finding("negation", "differs", cue or (word.start, word.end), there or (other.start, other.end), detail)


def _prefixes(mine: Seen, theirs: Seen) -> Iterator[Finding]:
    found = [*((met.mine, met.theirs, met) for met in prefixed(mine.denied, theirs.denied))]
    found += [(met.theirs, met.mine, met) for met in prefixed(theirs.denied, mine.denied)]
    for first, second, met in found:
        if not met.same and met.sureness >= DENIAL_DIFFERS:
            word, other = mine.text.words[first], theirs.text.words[second]
            words = mine.text.raw[word.start : word.end], theirs.text.raw[other.start : other.end]
            yield finding("negation", "differs", (word.start, word.end), (other.start, other.end), against(*words))


def _opposites(mine: Seen, theirs: Seen) -> Iterator[Finding]:
    for found in opposed(mine.poles, theirs.poles, enough=OPPOSITE_DIFFERS):
        yield _opposite(mine, theirs, found)


def _opposite(mine: Seen, theirs: Seen, found: Opposed) -> Finding:
    word, other = mine.text.words[found.mine.word], theirs.text.words[found.theirs.word]
    detail = against(mine.text.raw[word.start : word.end], theirs.text.raw[other.start : other.end])
    kind: Kind = "place" if found.mine.end.sort == "place" else "negation"
    return finding(kind, "differs", (word.start, word.end), (other.start, other.end), detail)


def _quantifiers(mine: Seen, theirs: Seen) -> Iterator[Finding]:
    pairs = pair_up(
        mine.quantities, theirs.quantities, judge_quantities, enough_to_agree=QUANTITY_AGREES, enough_to_differ=QUANTITY_DIFFERS
    )
    for number, one in enumerate(mine.quantities):
        pair = pairs.get(number)
        place = (one.start, one.end)
        if pair is None:
            yield finding("quantifier", "not mentioned", place, None, NOTHING_SAYS.format(word=one.spelled))
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
            detail = (ONLY_IN_BOTH if same else ONLY_THERE).format(word=cue.low)
            yield finding("quantifier", "agrees" if same else "differs", place, (there.start, there.end), detail)
            continue
        yield _opened(mine, theirs, one, place)


def _opened(mine: Seen, theirs: Seen, one: Only, place: tuple[int, int]) -> Finding:
    """What the passage says of a word the claim singles out: that there are others, or nothing."""
    also = also_others(mine.text, one, theirs.text)
    if also is not None:
        word = theirs.text.words[also]
        return finding("quantifier", "differs", place, (word.start, word.end), f"only in the claim, “{word.low}” here")
    company = mine.text.company(one.focus, one.focus, leave_out=frozenset({one.cue}))
    for number in theirs.denied.places(mine.text.words[one.focus].root):
        shared, part = likeness(company, theirs.text.company(number, number))
        also = lets_others_in(theirs.text, number)
        if also is not None and not one.opened and min(shared, 4.0) * 0.6 + part * 2.0 >= ONLY_DIFFERS:
            word = theirs.text.words[also]
            return finding("quantifier", "differs", place, (word.start, word.end), f"only in the claim, “{word.low}” here")
    return finding("quantifier", "not mentioned", place, None, NO_OTHER)
