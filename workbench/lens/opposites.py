"""Words that stand at different ends of one scale: rose and fell, accepted and rejected, north and south.

What lives here: one table, finding its words in a text, and setting them side by side. A difference is only seen where both
texts say it of the same thing, and the passage does not also say what the claim says. What comes one after the other (began
and ended, arrested and freed) is on no scale: both may be true.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from workbench.lens.denials import Denied
from workbench.lens.moments import Dated, fits
from workbench.lens.words import PHRASE_NAMES, Text, likeness, stem

MOST_POLES = 60
NEIGHBOURS = 2  # words of weight on either side that say of what it is said
AS_LIKELY = 0.4  # a place that says the same, this little less sure, is the one the claim speaks of

# The ends of a scale, in bases, behind the kind of scale: of a statement, a place, or the order of two things. Inflections are
# stripped before.
_SCALES = """
statement: high highest | low lowest
statement: higher greater rise increase grow growth climb soar surge jump gain | fall decrease decline drop shrink reduce lower
statement: win victory victorious triumph | lose loss
statement: accept approve approval endorse adopt ratify uphold | reject rejection refuse refusal veto overturn dismiss
statement: support back welcome praise favour | oppose condemn criticise denounce resist criticism
statement: allow permit let authorise legalise | ban forbid prohibit bar outlaw prevent block
statement: lift repeal | impose reinstate keep retain
statement: success succeed successful successfully | failure fail unsuccessful
statement: convict guilty | acquit innocent exonerate
statement: survive survival alive survivor | die dead death kill
statement: peaceful peacefully nonviolent | violent violently
statement: public publicly open openly | secret secretly private privately covert
statement: voluntary voluntarily willingly | forced forcibly compulsory involuntary
statement: strong strength strengthen stronger strongest | weak weaken weaker weakest weakness
statement: improve improvement better best | worsen worse worst deteriorate deterioration
statement: tighten harden toughen | ease loosen relax soften
statement: widen expand extend expansion | narrow
statement: warm warmer warming hot hotter heat hottest warmest | cool cooler cooling cold colder coldest
statement: large larger largest big bigger | small smaller smallest tiny
statement: long longer longest | short shorter shortest
statement: old older oldest | young younger youngest
statement: rich wealthy richer richest | poor poorer poorest
statement: fast faster fastest quick quickly rapid rapidly | slow slower slowest slowly
statement: early earlier earliest | late later latest
statement: more most | less fewer least fewest
statement: safe safer safely | dangerous risky hazardous
statement: helpful beneficial benefit useful | harmful damaging
statement: positive positively | negative negatively
statement: encourage | discourage deter
statement: include | exclude omit
statement: present attend presence | absent absence boycott
statement: obey honour respect comply fulfil | defy violate breach break flout
statement: friend ally friendly | enemy foe rival hostile
order: before | after
statement: urban | rural
statement: maximum | minimum
statement: optimistic hopeful | pessimistic
statement: willing eager ready | reluctant
statement: same identical equal | different
place: north northern northward northwards | south southern southward southwards | east eastern eastward | west western westward
place: northeast northeastern north-east | northwest northwestern north-west | southeast southeastern | southwest southwestern
"""


Sort = Literal["statement", "place", "order"]


class _End(NamedTuple):
    sort: Sort
    scale: int
    pole: int


def _ends() -> dict[str, _End]:
    ends: dict[str, _End] = {}
    for number, row in enumerate(_SCALES.strip().splitlines()):
        said, _, poles = row.partition(": ")
        sort: Sort = "place" if said == "place" else "order" if said == "order" else "statement"
        for pole, words in enumerate(poles.split(" | ")):
            for word in words.split():
                end = _End(sort, number, pole)
                ends[word] = ends.get(word, end)
                ends.setdefault(stem(word), end)
    return ends


_ENDS = _ends()


@dataclass(frozen=True)
class Pole:
    """A word at one end of a scale, whether it is denied or left open there, what stands before and after it, its days."""

    word: int
    sentence: int
    end: _End
    denied: bool
    open: bool
    before: frozenset[str]
    after: frozenset[str]
    company: dict[str, float]
    dates: tuple[Dated, ...]


class Opposed(NamedTuple):
    """Two words of the two texts at different ends of one scale, and how sure it is that both speak of the same thing."""

    mine: Pole
    theirs: Pole
    sureness: float


def find_poles(denied: Denied, dates: Sequence[Dated], taken: frozenset[int]) -> list[Pole]:
    """The words of an English text that stand on a scale. taken: numbers of words that are a date, a figure or a name."""
    text = denied.text
    if text.language != "en":
        return []
    found = []
    for number, word in enumerate(text.words):
        end = _ENDS.get(word.low) or _ENDS.get(word.stem) or (_ENDS.get(stem(word.root)) if word.root in PHRASE_NAMES else None)
        if end is None or number in taken or not _means_it(text, number):
            continue
        near = tuple(one for one in dates if text.words[text.at(one.when.start)].sentence == word.sentence)
        sides = (_neighbours(text, number, -1), _neighbours(text, number, 1))
        found.append(
            Pole(
                number,
                word.sentence,
                end,
                denied.denied(number),
                number in denied.open,
                *sides,
                text.company(number, number),
                near,
            )
        )
        if len(found) == MOST_POLES:
            break
    return found


def _means_it(text: Text, number: int) -> bool:
    """Whether the word is on its scale here: not "failed to", "more than 20", "the most senior", "at least", "let alone"."""
    word = text.words[number]
    before = text.words[number - 1].low if number else ""
    after = text.words[number + 1].low if number + 1 < len(text.words) else ""
    if after in ("than", "to") and word.stem in ("fail", "more", "less", "fewer", "long", "refus"):
        return False
    if word.low in ("most", "least", "more") and before in ("at", "the", "or", "not", "no", "once"):
        return False
    return not (word.low in ("longer", "later", "long", "well", "late") and before in ("no", "as", "or", "so"))


def _neighbours(text: Text, number: int, step: int) -> frozenset[str]:
    own = text.words[number]
    found: list[str] = []
    place = number + step
    while 0 <= place < len(text.words) and abs(place - number) < 10 and len(found) < NEIGHBOURS:
        word = text.words[place]
        if word.sentence != own.sentence or word.low in (".", ";", ":"):
            break
        if word.root and word.root != own.root:
            found.append(word.root)
        place += step
    return frozenset(found)


def opposed(mine: Sequence[Pole], theirs: Sequence[Pole], *, enough: float) -> Iterator[Opposed]:
    """The words of the claim whose opposite the passage says of the same thing, each with the surest such word."""
    for one in mine:
        met = [(_sureness(one, other), other) for other in theirs if other.end.scale == one.end.scale]
        apart = [(sureness, other) for sureness, other in met if _are_apart(one, other) and _of_the_same(one, other)]
        if not apart:
            continue
        sureness, other = max(apart, key=lambda found: found[0])
        also = [_likelier(again, same, other) for again, same in met if not _are_apart(one, same)]
        also += [_likelier(_sureness(again, other), again, one) for again in mine if _says(again, other)]
        if sureness >= enough and max(also, default=0.0) < sureness - AS_LIKELY:
            yield Opposed(one, other, sureness)


def _says(one: Pole, other: Pole) -> bool:
    return one.end.scale == other.end.scale and not _are_apart(one, other)


def _likelier(sureness: float, one: Pole, other: Pole) -> float:
    """How sure one place of a text is against another one of it; in one sentence ("rose, then fell") neither goes before."""
    return sureness + (1.0 if one.sentence == other.sentence else 0.0)


def _are_apart(one: Pole, other: Pole) -> bool:
    return (one.end.pole != other.end.pole) != (one.denied != other.denied)


def _sureness(one: Pole, other: Pole) -> float:
    shared, part = likeness(one.company, other.company)
    return min(shared, 4.0) * 0.6 + part * 2.0 + 0.6


def _of_the_same(one: Pole, other: Pole) -> bool:
    """Whether the words right beside both are the same, in either order, and no day tells the two apart."""
    if one.end.pole == other.end.pole or one.open != other.open:
        return False  # the same word, denied in one text: that is for the denials
    if one.dates and other.dates and all(fits(a.when, b.when) is False for a in one.dates for b in other.dates):
        return False
    if one.end.sort == "order":
        return bool(one.before & other.before and one.after & other.after)
    mine, theirs = one.before | one.after, other.before | other.after
    return len(mine & theirs) >= min(NEIGHBOURS, len(mine), len(theirs)) > 0
