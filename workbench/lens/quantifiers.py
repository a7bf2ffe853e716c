"""How many of a kind a text speaks of: all, most, some, few, none, not all, only; set beside the same kind in the other text.

What lives here: the words, what they say apart from another, and what they say it of. A kind without such a word is silence.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from workbench.lens.concepts import ANYBODY, LIGHT, SOMEBODY
from workbench.lens.figures import Figure
from workbench.lens.pairing import Judged
from workbench.lens.words import Text, likeness
from workbench.quotes.words import word_set

MOST_QUANTIFIERS = 60
HEAD_WORDS = 3
HEAD_REACH = 6  # words of weight before "most of them" that may be what it means
MORE_THAN_THE_KIND = 0.5  # what two texts must share besides the kind that is counted

# phrase -> how many; the longest phrase at a place wins.
_PHRASES = {
    tuple(phrase.split()): level
    for level, phrases in {
        "all": "all|every|each|entire|whole|both|every single|all of|everyone|everybody|everything|each of|every one of|"
        "the entirety of|100 %|without exception|unanimously|unanimous|by consensus",
        "nearly all": "nearly all|almost all|virtually all|practically all|nearly every|almost every|all but|the vast majority|"
        "vast majority|overwhelming majority|almost everyone|nearly everyone|the great majority",
        "most": "most|most of|the majority|a majority|majority of|the bulk of|more than half|over half|by a majority|"
        "by majority|by a narrow majority|by a large majority",
        "many": "many|many of|numerous|scores of|a lot of|lots of|a large number of|large numbers of|plenty of",
        "half": "half of|half the|about half",
        "some": "some|some of|several|several of|a few|a number of|certain|part of|parts of|someone|somebody|various|"
        "a handful of|a few of|at least one|only one of|just one of|one of the two|only one|just one|a handful",
        "few": "few|few of|very few|hardly any|almost no|scarcely any|barely any|a minority|a small minority|little|only a few|"
        "only some|hardly anyone|almost none|less than half|fewer than half",
        "none": "no|none|none of|nobody|not a single|not one|not any|neither of|neither|no single|not a|nothing",
        "not all": "not all|not every|not everyone|not everybody|not each|not all of",
        "always": "always|invariably|at all times",
        "often": "often|usually|frequently|mostly|generally",
        "sometimes": "sometimes|occasionally|at times",
        "rarely": "rarely|seldom|hardly ever|almost never",
        "never": "never|not ever|at no time",
    }.items()
    for phrase in phrases.split("|")
}
_FIRST_WORDS = {phrase[0] for phrase in _PHRASES}
_LONGEST = max(len(phrase) for phrase in _PHRASES)
_APART = {
    frozenset(pair.split("/"))
    for pair in [
        "all/nearly all",
        "all/most",
        "all/many",
        "all/half",
        "all/some",
        "all/few",
        "all/none",
        "all/not all",
        "nearly all/half",
        "nearly all/some",
        "nearly all/few",
        "nearly all/none",
        "most/half",
        "most/some",
        "most/few",
        "most/none",
        "many/few",
        "many/none",
        "half/few",
        "half/none",
        "some/none",
        "none/not all",
        "always/sometimes",
        "always/rarely",
        "always/never",
        "always/often",
        "often/rarely",
        "often/never",
        "often/sometimes",
        "sometimes/never",
        "rarely/never",
    ]
} - {frozenset({"none", "not all"}), frozenset({"rarely", "never"})}
_PEOPLE = word_set("everyone everybody nobody someone somebody anyone anybody")
_MEANT_BEFORE = word_set("them these those")
_LOOSE = frozenset(  # say how a decision was taken, and stand behind it
    ("unanimously", "unanimous", "by consensus", "without exception", "by a majority", "by majority", "by a narrow majority",
     "by a large majority")
)  # fmt: skip
_TIMES = word_set("always often sometimes rarely never")
_SKIPPED = word_set("of in the its their his her these those our my this that a an who them other ' \" “ 's")
_NOT_PLURAL = word_set(
    "serious famous obvious various previous religious numerous dangerous prosperous generous ambitious populous notorious "
    "precious mysterious conscious delicious infectious"
)
_EXCLUSIVE = word_set("only solely exclusively alone sole entirely wholly purely")
_ALSO_PHRASES = (
    "not only|not just|not alone|not the only|among others|and others|as well as|as well|in addition|along with|together with|"
    "besides|too|also|partly|partially|in part|mainly|mostly|largely|alongside|alike"
)
_ALSO = tuple(tuple(phrase.split()) for phrase in _ALSO_PHRASES.split("|"))


@dataclass(frozen=True)
class Quantity:
    """A quantifier: how many, of what (roots), in what company."""

    start: int
    end: int
    level: str
    heads: tuple[str, ...]
    company: dict[str, float]
    number: int
    spelled: str


def find_quantities(text: Text, figures: Sequence[Figure]) -> list[Quantity]:
    """The quantifiers of an English text in order; a share of something (30 % of voters) counts as one."""
    if text.language != "en":
        return []
    counted = {figure: range(text.at(figure.start), figure.last + 1) for figure in figures}
    inside = {number for numbers in counted.values() for number in numbers}
    taken = {number for one, numbers in counted.items() for number in numbers if one.value > 2 or one.spelled[-1].isdigit()}
    found: list[Quantity] = []
    number = 0
    while number < len(text.words) and len(found) < MOST_QUANTIFIERS:
        length, level = _phrase_at(text, number, taken)
        if level:
            quantity = _quantity(text, number, number + length - 1, level, inside)
            found += [quantity] if quantity else []
        number += max(length, 1)
    return found + list(_shares(text, figures))


def _phrase_at(text: Text, number: int, taken: set[int]) -> tuple[int, str]:
    words = text.words
    if words[number].low not in _FIRST_WORDS:
        return 1, ""
    for length in range(min(_LONGEST, len(words) - number), 0, -1):
        phrase = tuple(word.low for word in words[number : number + length])
        if phrase in _PHRASES and not any(one in taken for one in range(number, number + length)):
            level = _PHRASES[phrase]
            if number > 1 and words[number - 1].low == "of" and number - 2 in taken:
                return length, ""  # 32 % of all programmes
            return (length, level) if _means_it(text, number, number + length, phrase) else (1, "")
    return 1, ""


def _means_it(text: Text, number: int, after: int, phrase: tuple[str, ...]) -> bool:
    """Whether the phrase counts: not "the most senior", "no longer", "no more than", "at all", "above all"."""
    words = text.words
    before = words[number - 1].low if number else ""
    follower = words[after] if after < len(words) else None
    if phrase[-1] == "most":
        return before != "the" and follower is not None and (_plural(follower.low) or _plural_soon(text, after))
    if phrase == ("all",):
        return (
            before not in ("at", "above", "after", "not") and follower is not None and follower.kind not in ("number", "mark")
        )
    if phrase[0] == "no" or phrase == ("not", "a"):
        return (
            follower is not None
            and bool(follower.root)
            and follower.low not in ("doubt", "longer", "matter", "wonder", "other", "single")
        )
    if phrase == ("little",):
        return (
            before not in ("a", "the")
            and follower is not None
            and follower.low in ("evidence", "proof", "doubt", "support", "change")
        )
    if phrase == ("not", "one"):
        return "but" not in [word.low for word in words[after : after + 6]]  # not one march, but several
    if phrase in (("each",), ("both",)):
        return follower is not None and follower.low not in ("other", "another")
    if phrase in (("whole",), ("entire",)):
        return before in ("the", "its", "their", "his", "her")
    if phrase in (("part", "of"), ("certain",), ("various",)):
        return before not in ("a", "the", "as", "be", "is", "was", "not")
    if phrase in (("some",), ("several",), ("many",)):
        return before not in ("as", "so", "how", "too") or phrase != ("many",)
    return True


def _plural(low: str) -> bool:
    return low in ("of", "people", "men", "women", "children", "police", "of the") or (
        low.endswith("s") and not low.endswith(("ss", "us", "is")) and low not in _NOT_PLURAL
    )


def _plural_soon(text: Text, after: int) -> bool:
    """Most international observers: a plural within two more words, and no noun phrase closed before."""
    for word in text.words[after + 1 : after + 3]:
        if not word.root:
            return False
        if _plural(word.low):
            return True
    return False


def _quantity(text: Text, first: int, last: int, level: str, taken: Collection[int] = ()) -> Quantity | None:
    words = text.words
    low = words[last].low
    heads: list[str] = ["person"] if low in _PEOPLE else []
    start, end = words[first].start, words[last].end
    spelled = text.raw[start:end]
    how = spelled.lower() in _LOOSE
    for number in () if how else range(last + 1, min(last + 8, len(words))):
        word = words[number]
        if number in taken:
            continue
        if word.root:
            heads.append(word.root)
        elif (
            word.low not in _SKIPPED
            or word.sentence != words[last].sentence
            or (len(heads) > (low in _PEOPLE) and word.low != "of")
        ):
            if heads or word.kind == "mark":
                break
            if level not in _TIMES:
                break
        if len(heads) == HEAD_WORDS:
            break
    if not heads and (level in _TIMES or how):
        heads = [
            word.root for word in words[max(0, first - 10) : first] if word.root and word.sentence == words[first].sentence
        ]
        heads = heads[-1:] if level in _TIMES else heads[-HEAD_WORDS:]
    if not heads and any(word.low in _MEANT_BEFORE for word in words[last + 1 : last + 4]):
        heads = [word.root for word in words[max(0, first - 2 * HEAD_REACH) : first] if word.root][-HEAD_REACH:]
    if not heads:
        return None
    return Quantity(start, end, level, tuple(heads), text.company(first, last), first, spelled)


def _shares(text: Text, figures: Sequence[Figure]) -> Iterator[Quantity]:
    """A share of something as a quantifier of its own: 20 % of voters are not most voters."""
    for figure in figures:
        if figure.unit.dimension != "share" or figure.is_range or figure.bound in ("vague",):
            continue
        following = text.words[figure.last + 1 : figure.last + 2]
        if not following or following[0].low != "of":
            continue
        value = figure.value
        if value > 100:
            continue
        if value == 100:
            level = "all"
        elif value > 55 or (value >= 50 and figure.bound == "least"):
            level = "most"
        elif value < 45 or (value <= 50 and figure.bound == "most"):
            level = "few" if value else "none"
        else:
            level = "half"
        found = _quantity(text, figure.first, figure.last, level)
        if found:
            yield Quantity(figure.start, figure.end, level, found.heads, found.company, found.number, figure.spelled)


def judge_quantities(one: Quantity, other: Quantity) -> Judged | None:
    """How two quantifiers relate, and how surely they speak of the same kind."""
    timed = {one.level in _TIMES, other.level in _TIMES}
    if len(timed) > 1:
        return None
    loose = {one.spelled.lower(), other.spelled.lower()} & _LOOSE  # said of a decision, not of a kind
    common = set(one.heads) & set(other.heads) or (loose and set(one.company) & set(other.company) - LIGHT)
    first = one.heads[0] == other.heads[0]
    everybody = ANYBODY | SOMEBODY if {one.heads[0], other.heads[0]} & {"person"} else ANYBODY
    people = bool(set(one.heads) & everybody) and bool(set(other.heads) & everybody)
    crossed = (
        not first and not loose and one.heads[0] in other.heads and other.heads[0] in one.heads
    )  # soldiers' rifles, rifles' soldiers
    if crossed or not (common or people):
        return None
    shared, part = likeness(one.company, other.company)
    beyond = shared - min(one.company.get(one.heads[0], 0.0), other.company.get(one.heads[0], 0.0))
    if beyond < MORE_THAN_THE_KIND and len(one.company) > 1 < len(other.company):
        return None  # some soldiers deserted; all soldiers get a uniform
    sureness = min(shared, 4.0) * 0.6 + part * 1.5 + (1.2 if first else 0.8 if common else 0.5)
    apart = frozenset({one.level, other.level}) in _APART
    return Judged("differs" if apart else "agrees", sureness)


# --- only --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Only:
    """A word that shuts others out. focus: the number of the word it singles out."""

    cue: int
    focus: int
    opened: bool  # "not only", "among others": others are let in


def find_only(text: Text) -> list[Only]:
    """The words of a text that single something out, and those that plainly do not."""
    if text.language != "en":
        return []
    found = []
    for number, word in enumerate(text.words[: 40 * MOST_QUANTIFIERS]):
        if word.low not in _EXCLUSIVE:
            continue
        before = [one.low for one in text.words[max(0, number - 2) : number]]
        opened = any(low == "not" or low.endswith("n't") for low in before) and before[-1] != ","
        focus = number - 1 if word.low == "alone" else number + 1
        step = -1 if word.low == "alone" else 1
        while (
            0 <= focus < len(text.words)
            and not text.words[focus].root
            and abs(focus - number) < 4
            and text.words[focus].kind != "number"
        ):
            focus += step
        if 0 <= focus < len(text.words) and text.words[focus].root:
            found.append(Only(number, focus, opened))
    return found


def also_others(claim: Text, only: Only, passage: Text) -> int | None:
    """The "also" of the passage that says of somebody else what the claim says of one alone; None where there is none."""
    focus = claim.words[only.focus].root
    company = claim.company(only.cue, only.cue, leave_out=frozenset({only.focus}))
    for number, word in enumerate(passage.words):
        if only.opened or word.low not in ("also", "too", "likewise") or passage.words[number - 1].low == "not":
            continue
        around = passage.company(number, number)
        if focus not in around and likeness(company, around)[0] >= ALSO_SHARES:
            return number
    return None


ALSO_SHARES = 1.7  # words of what the one alone is said to do: "only France is blamed", "Germany is also blamed"


def lets_others_in(text: Text, number: int) -> int | None:
    """The number of a word near another that says it is not alone (also, as well as, not only); None where there is none."""
    for start in range(max(0, number - 6), min(len(text.words), number + 7)):
        if text.words[start].sentence != text.words[number].sentence:
            continue
        for phrase in _ALSO:
            if tuple(word.low for word in text.words[start : start + len(phrase)]) == phrase:
                return start
    return _listed(text, number)


def _listed(text: Text, number: int) -> int | None:
    """The "and" that lists a word with another of its kind: students and workers; the army and the police."""
    words = text.words
    after, before = number + 1, number - 1
    while before > 0 and words[before].low in ("the", "a", "an"):
        before -= 1
    if before > 0 and words[before].low == "and" and words[before - 1].root:
        return before
    joined = after < len(words) - 2 and words[after].low in ("and", ",") and words[after].sentence == words[number].sentence
    if joined and words[after].low == ",":  # students, workers and monks
        return next((one for one in range(after + 1, min(after + 5, len(words))) if words[one].low == "and"), None)
    follower = words[after + 1].low if joined else ""
    return after if follower == "the" or (joined and bool(words[after + 1].root)) else None
