"""A denial of one text set beside what the other says of the same thing: denied in both, or in one.

What lives here: finding the word that both share, in like company, and comparing. What does not: telling that something is
denied (denials.py). A difference is only seen where each text's word is the other's best counterpart.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from workbench.lens.denials import TURNS_DOWN, Denial, Denied, stems
from workbench.lens.words import likeness, root, stem, weight
from workbench.quotes.words import word_set

MOST_PLACES = 12  # places of one word in the other text that are looked at
SAME_PLACE = 0.4  # two places whose sureness is nearer than this are as likely
_OPPOSED = stems(  # other words that turn a thing down: beside one of them a "rejected" is no news
    "ignore refuse reject oppose condemn criticise object block resist boycott protest decline deny dismiss dispute cancel turn"
)
_PROOF = root("evidence")
_MEANT_BEFORE = frozenset(map(root, word_set("evidence allegation accusation claim assertion statement story theory find")))
TOPIC = 0.8  # two words that both texts use, "proof" among them
NO_PROOF = 2.0  # how sure it is that two texts without proof lack the same
_ACCEPTING = stems("accept approve endorse confirm admit agree support welcome adopt acknowledge back")
_NO_PREFIX = word_set(
    "unless until under union unique united universe unknown university indicate increase include discover display discharge "
    "dispatch disease distress disguise dispose disposal dispute discount discourse disclose disclosure disperse disband"
)
_ADJECTIVES = ("able", "ible", "ent", "ant", "ete", "ate", "al", "ive", "ect", "ular", "ure")
_NEGATIVE_PREFIXES = ("un", "non", "dis", "in", "im", "il", "ir")


class Met(NamedTuple):
    """A denial of one text met with a word of the other: mine, theirs are numbers of words."""

    mine: int
    theirs: int
    sureness: float
    same: bool


def meet(denial: Denial, mine: Denied, theirs: Denied) -> Met | None:
    """The surest place of the other text that speaks of what is denied, and whether it is denied there too.

    For a denial of a whole statement, what the two texts share anywhere counts as well: "the claims are unsubstantiated".
    """
    best: Met | None = None
    roots = {word.root for word in mine.text.words}, {word.root for word in theirs.text.words}
    together = min(3.0, sum(map(weight, (roots[0] & roots[1]) - {""}))) * 0.4 if denial.wide else 0.0
    if denial.wide and len(denial.focus) > 2 and len({mine.text.words[one].root for one in denial.focus} & roots[1]) < 2:
        return None  # one word out of a long statement is not the statement
    if together >= TOPIC and (echo := _no_proof_either(denial, mine, theirs)):
        return echo
    for number in denial.focus:
        met = _surest(denial, number, mine, theirs) if number not in mine.skipped else None
        if met and (best is None or met.sureness + together > best.sureness):
            best = met._replace(sureness=met.sureness + together)
    return best


def _no_proof_either(denial: Denial, mine: Denied, theirs: Denied) -> Met | None:
    """The other text's denial of proof, where it names what is unproven no more than "the allegation" or "this"."""
    number = next((one for one in denial.focus if mine.text.words[one].root == _PROOF), None)
    if number is None:
        return None
    for other in theirs.denials:
        roots = {theirs.text.words[one].root: one for one in other.focus}
        if other.wide and _PROOF in roots and roots.keys() <= _MEANT_BEFORE:
            return Met(number, roots[_PROOF], NO_PROOF, True)
    return None


def _surest(denial: Denial, number: int, mine: Denied, theirs: Denied) -> Met | None:
    """The likeliest place of one denied word in the other text; of two as likely, the one that agrees."""
    company = mine.text.company(number, number)
    places = theirs.places(mine.text.words[number].root)
    found = [_met(mine, theirs, number, place, company) for place in places if (place in theirs.open) == (number in mine.open)]
    if not found:
        return None
    top = max(found, key=lambda met: (met.sureness, met.same))
    top = next((met for met in found if met.same and met.sureness >= top.sureness - SAME_PLACE), top)
    if top.same:
        return top
    if _spoken_of_elsewhere(mine, theirs, top) or _denied_there_too(denial, mine, theirs, top):
        return None
    return top._replace(sureness=top.sureness + 0.8) if _turned(denial, mine, theirs, top) else top


def _spoken_of_elsewhere(mine: Denied, theirs: Denied, met: Met) -> bool:
    """Whether the other text's word goes better with another place of this text, where it is denied, or not, just as there."""
    of_root = mine.text.words[met.mine].root
    company = theirs.text.company(met.theirs, met.theirs)
    others = (_met(theirs, mine, met.theirs, place, company) for place in mine.places(of_root) if place != met.mine)
    return any(other.same and other.sureness >= met.sureness - 0.2 for other in others)


def _denied_there_too(denial: Denial, mine: Denied, theirs: Denied, met: Met) -> bool:
    """Whether the other sentence denies, in other words, something this denial reaches; or turns down what this one rejects."""
    sentence = theirs.text.words[met.theirs].sentence
    reached = {mine.text.words[number].root for number in denial.reach} - {""}
    for other in theirs.denials:
        near = theirs.text.words[other.cue[0]].sentence == sentence and mine.denied(met.mine)
        if near and any(theirs.text.words[number].root in reached and theirs.denied(number) for number in other.focus):
            return True
        if near and _is_subject(theirs, met.theirs, other):
            return True
    turned_down = mine.text.words[denial.cue[0]].stem in TURNS_DOWN or mine.text.words[denial.cue[0]].stem == "turn"
    around = theirs.text.words[max(0, met.theirs - 8) : met.theirs + 8]
    own = {word.root for word in mine.text.words}  # "the protests" of both texts turn nothing down
    return turned_down and any(word.stem in _OPPOSED and word.sentence == sentence and word.root not in own for word in around)


def _is_subject(denied: Denied, number: int, denial: Denial) -> bool:
    """Whether a word stands in the clause of a denial, before it: "the festivals were not held"."""
    cue = denial.cue[0]
    return number < cue and denied.text.words[number].clause == denied.text.words[cue].clause and not denied.denied(number)


def _turned(denial: Denial, mine: Denied, theirs: Denied, met: Met) -> bool:
    """Whether this text rejects what the other accepts: the verbs themselves are each other's opposite."""
    if mine.text.words[denial.cue[0]].stem not in TURNS_DOWN | {"turn", stem("refuse")}:
        return False
    near = theirs.text.words[max(0, met.theirs - 8) : met.theirs + 8]
    return any(word.stem in _ACCEPTING and word.sentence == theirs.text.words[met.theirs].sentence for word in near)


def _met(mine: Denied, theirs: Denied, number: int, place: int, company: dict[str, float]) -> Met:
    other = theirs.text.company(place, place)
    shared, part = likeness(company, other)
    part = part if company and other else 1.0  # "He can be released": there is no other word to share
    sureness = min(shared, 4.0) * 0.6 + part * 2.0 + 0.6 * weight(mine.text.words[number].root)
    return Met(number, place, sureness, mine.denied(number) == theirs.denied(place))


def prefixed(mine: Denied, theirs: Denied) -> Iterator[Met]:
    """The words of one text that the other has with a negative beginning: confirmed and unconfirmed, lawful and unlawful."""
    own = {word.stem for word in mine.text.words}
    also = {word.stem for word in theirs.text.words}
    bare: dict[str, list[int]] = {}
    for number, word in enumerate(theirs.text.words):
        if word.root and word.stem not in own:
            bare.setdefault(word.stem, []).append(number)
    for number, word in enumerate(mine.text.words):
        if not word.root or word.stem in also:
            continue
        for place in bare.get(_without_prefix(word.low), [])[:MOST_PLACES]:
            met = _met(mine, theirs, number, place, mine.text.company(number, number))
            yield met._replace(same=not met.same)


def _without_prefix(low: str) -> str:
    """The stem of a word without its negative beginning; "" where it has none."""
    if len(low) < 6 or low in _NO_PREFIX:
        return ""
    for prefix in _NEGATIVE_PREFIXES:
        rest = low.removeprefix(prefix)
        telling = prefix in ("un", "non", "dis") or low.endswith(_ADJECTIVES)
        if rest != low and telling and len(stem(rest)) >= 3 and root(rest) != root(low):
            return stem(rest)
    return ""
