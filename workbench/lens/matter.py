"""What a figure, a date or a name of a text is said of: its sentence whole, whatever the order and the words in between.

What lives here: the second way to tell that two texts speak of one matter. The first, a word's company (words.py), looks at
what stands near and serves texts worded alike. This one serves texts worded differently: most of what the one says must be in
the other's sentence or beside it, and of what happened, names apart, at least half must be in that very sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from workbench.lens.words import Text, likeness, weight
from workbench.quotes.words import word_set

REACHES = 45  # words on either side that are looked at
NEXT_SENTENCE = 0.5  # what a word of the sentence before or after is worth
ASIDE = 0.3  # what the rest of the sentence is worth to a date in its "before" clause
ENOUGH, ENOUGH_UNNAMED = 0.6, 0.75  # the part of the smaller matter that is shared, with a name in both and without
AT_LEAST = 1.4  # words that are shared
_MEANT = word_set("he she it they this its his her their there")
_GIVEN = word_set("figure figures number numbers toll count tally total estimate list statement remark remarks words")
_ASIDES = word_set("before after since until")


@dataclass(frozen=True, slots=True)
class Matter:
    """What is said around a place. words: roots with their worth; names: those that are part of a name.

    deeds: those of the sentence itself that are no names, and whether each stands before the place; None in the one before,
    where "The figure comes from" goes on from it.
    """

    words: Mapping[str, float]
    names: frozenset[str]
    deeds: Mapping[str, bool | None]


NO_MATTER = Matter({}, frozenset(), {})


def matter_of(text: Text, first: int, last: int, *, leave_out: frozenset[int], named: Mapping[int, int]) -> Matter:
    """What a text says around its words first..last. leave_out: numbers of words that do not count (figures and dates).

    named: how many words the name has that a word belongs to: a name counts once, however long it is.
    """
    words: dict[str, float] = {}
    names: set[str] = set()
    deeds: dict[str, bool | None] = {}
    own = text.words[first]
    aside = is_aside(text, first)
    same = {own.sentence, own.sentence - 1} if _goes_on(text, first) else {own.sentence}
    for step, start in ((-1, first - 1), (1, last + 1)):
        for number in range(start, start + step * REACHES, step):
            if not 0 <= number < len(text.words) or abs(text.words[number].sentence - own.sentence) > 1:
                break
            word = text.words[number]
            if not word.root or number in leave_out:
                continue
            inside = word.sentence in same
            worth = weight(word.root) / named.get(number, 1) * (1.0 if inside else NEXT_SENTENCE)
            worth *= ASIDE if aside and word.clause != own.clause else 1.0
            words[word.root] = max(words.get(word.root, 0.0), worth)
            if number in named:
                names.add(word.root)
            elif inside and weight(word.root) == 1.0 and not (aside and word.clause != own.clause):
                deeds.setdefault(word.root, step < 0 if word.sentence == own.sentence else None)
    return Matter(words, frozenset(names), deeds)


def one_matter(one: Matter, other: Matter) -> bool:
    """Whether two places are about the same matter, by what is said around them. The same both ways round."""
    shared, part = likeness(one.words, other.words)
    if part < (ENOUGH if one.names & other.names else ENOUGH_UNNAMED) or shared < AT_LEAST:
        return False
    return 2 * len(one.deeds.keys() & other.deeds.keys()) >= max(1, min(len(one.deeds), len(other.deeds)))


def same_deeds(one: Matter, other: Matter) -> bool:
    """Whether at least half of all that either tells is in both, not only of what the shorter one tells."""
    return 2 * len(one.deeds.keys() & other.deeds.keys()) >= max(1, len(one.deeds), len(other.deeds))


def same_side(one: Matter, other: Matter) -> bool:
    """Whether both places stand on the same side of everything that both sentences tell: who did it, or to whom."""
    sides = [(one.deeds[deed], other.deeds[deed]) for deed in one.deeds.keys() & other.deeds.keys()]
    return all(mine == theirs for mine, theirs in sides if mine is not None and theirs is not None)


def _goes_on(text: Text, number: int) -> bool:
    """Whether the sentence of a word opens with what the one before gave: "The figure comes from", "The group says"."""
    sentence = text.words[number].sentence
    opening = number
    while opening and text.words[opening - 1].sentence == sentence:
        opening -= 1
    if text.words[opening].low in _MEANT:
        return True
    return text.words[opening].low == "the" and opening < number and text.words[opening + 1].low in _GIVEN


def is_aside(text: Text, number: int) -> bool:
    """Whether a word stands in a clause that "before", "after", "since" opens, and so dates another thing than its sentence."""
    own = text.words[number]
    opening = number
    while opening and text.words[opening - 1].clause == own.clause:
        opening -= 1
    told = any(word.root for word in text.words[opening + 1 : number])  # "until 30 November" opens no clause
    return told and text.words[opening].low in _ASIDES
