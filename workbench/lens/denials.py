"""What a text denies: the words that deny, and how far they reach.

What lives here: English negation by rule. A word within reach of an odd number of denials is denied, so "did not deny" asserts.
Set phrases ("not only", "no doubt") deny nothing. "Did he go? He did not." denies the sentence before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice

from workbench.lens.open_words import left_open
from workbench.lens.units import ORDINALS
from workbench.lens.words import Text, Word, stem
from workbench.quotes.words import word_set


def stems(words: str) -> frozenset[str]:
    """The stems of a table of words, which is written in the words themselves."""
    return frozenset(stem(word) for word in words.split())


MOST_DENIALS = 40
REACH = 30  # words a denial reaches at most
MOST_PLACES = 12  # places of one word in the other text that are looked at

_SIMPLE = word_set(
    "not never no none nobody nothing neither nor without cannot hardly scarcely barely nowhere n't unable unlikely ain't"
)
_TO = stems("fail refuse decline omit neglect cease")  # deny what follows their "to"
TURNS_DOWN = stems("deny refute dismiss reject dispute debunk disprove contradict disavow repudiate contest")
_FALSE = word_set(
    "false falsely untrue unsubstantiated unproven unfounded baseless groundless incorrect wrong wrongly fabricated "
    "fake hoax myth "
    "misinformation disinformation inaccurate unsupported disputed debunked bogus fictitious unverified unconfirmed "
    "fiction scam mistaken fabrication invention lie nonsense"
)
_FALSE_STEMS = stems("false untrue fake hoax myth fabrication invention")
_FROM = stems("prevent bar block stop keep ban prohibit discourage forbid exclude")  # deny what follows their "from"
_PROOF = word_set("evidence proof sign indication trace hint basis confirmation record truth grounds reason support")
_OF = word_set("of that for to in")
_NOT_A_DENIAL = {
    "not": word_set("only just least merely simply necessarily until all every everyone everybody everything each both"),
    "no": word_set("doubt matter fewer less more later sooner wonder stranger other"),
    "nothing": word_set("but less to"),
    "none": word_set("other too"),
    "without": word_set("doubt question"),
    "hardly": word_set("any anyone anybody anything ever"),
    "scarcely": word_set("any anyone anybody anything ever"),
    "barely": word_set("any anyone anybody anything ever"),
}
_NO_WAY = word_set("point time way means circumstances stage")  # "at no point", "by no means"
_FEW = word_set("almost virtually practically nearly next")  # "almost no", like "hardly any", is a quantifier and no denial
_BEFORE_NOT = word_set("whether or if why than")
_PHRASES = {  # deny what follows them
    ("yet", "to"), ("stop", "short", "of"), ("instead", "of"), ("rather", "than"), ("far", "from"),
}  # fmt: skip
_PHRASE_STARTS = frozenset(phrase[0] for phrase in _PHRASES)
_STOPS = frozenset(";:.!?()—。，；") | {
    "but",
    "although",
    "though",
    "because",
    "while",
    "whereas",
    "unless",
    "except",
    "however",
}
_AGAIN = word_set("it them this these that")
_BE = word_set("is are was were be been being as")
_HELPERS = stems("yet even always longer able manage try seem appear ever still have be do get want intend plan begin start")
_SUBJECTS = word_set("he she it they we i you")
_MODALS = word_set("would will could can may might must should")
_NEW_CLAUSE = word_set("he she it they we i you the a an this that his her its their who which there")


@dataclass(frozen=True, slots=True)
class Denial:
    """Words that deny. cue: their numbers; reach: the numbers of the words denied; focus: those that say what is denied."""

    cue: tuple[int, int]
    reach: range
    focus: tuple[int, ...]
    wide: bool  # denies a whole statement ("false", "no evidence"), not one verb
    answers: bool = False  # stands for a statement of the clause or sentence before: "he did not."


class Denied:
    """All denials of a text, and how often each word is denied."""

    def __init__(self, text: Text, *, skipped: frozenset[int], named: frozenset[int]) -> None:
        """skipped: numbers of words that are dates and figures; named: of those in names, which are not what is denied."""
        self.text = text
        self.skipped = skipped | named
        found = _find(text) if text.language == "en" else ()
        self.denials = [_past_names(text, denial, named) for denial in islice(found, MOST_DENIALS)]
        self.counts = [0] * len(text.words)
        for denial in self.denials:
            for number in self._reaches(denial):
                self.counts[number] += not denial.cue[0] <= number <= denial.cue[1]
        self.open = left_open(text) - {number for denial in self.denials if denial.answers for number in denial.reach}
        self.cues = {number for denial in self.denials for number in range(denial.cue[0], denial.cue[1] + 1)}

    def _reaches(self, denial: Denial) -> set[int]:
        """What a denial reaches, and what the denials in its reach do: "not false" denies what "false" would have denied."""
        near = (other for other in self.denials if other is not denial and other.cue[0] in denial.reach)
        return set(denial.reach).union(*(other.reach for other in near))

    def denied(self, number: int) -> bool:
        """Whether a word is denied, all in all."""
        return self.counts[number] % 2 == 1

    def places(self, of_root: str) -> list[int]:
        """Where a root stands, denials themselves left out."""
        return self._by_root.get(of_root, [])

    @cached_property
    def _by_root(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for number, word in enumerate(self.text.words):
            if (
                word.root
                and number not in self.cues
                and number not in self.skipped
                and len(found.get(word.root, ())) < MOST_PLACES
            ):
                found.setdefault(word.root, []).append(number)
        return found


def _past_names(text: Text, denial: Denial, named: frozenset[int]) -> Denial:
    """The denial of what stands behind a name, where it would deny the name: "did not let the envoy come"."""
    if not denial.focus or not named.issuperset(denial.focus):
        return denial
    others = (one for one in denial.reach if one not in named and one > denial.cue[1] and text.words[one].root)
    return replace(denial, focus=tuple(islice(others, 1)) or denial.focus)


def _find(text: Text) -> Iterator[Denial]:
    words = text.words
    seen_neither = last_false = -9
    for number, word in enumerate(words):
        if word.kind != "word":
            continue
        low, short = word.low, word.stem
        follower = words[number + 1] if number + 1 < len(words) else None
        simple = low in _SIMPLE or low.endswith("n't")
        if low == "neither":
            seen_neither = word.sentence
        if simple and (start := _answer(words, number)) is not None:
            before = _before_clause(words, start)
            if before:
                yield replace(_denial(text, (number, number), before, wide=True), answers=True)
        elif simple and not _is_set_phrase(words, number, follower) and not (low == "nor" and seen_neither == word.sentence):
            yield _simple(text, number)
        elif (low in _FALSE or short in _FALSE_STEMS) and _says_false(words, number):
            joined = number - last_false <= 3 and all(one.low in ("and", "or", ",") for one in words[last_false + 1 : number])
            last_false = number
            if not joined:  # "unsubstantiated and disputed" is one denial
                yield _false(text, number)
        elif short in TURNS_DOWN and not (low.startswith("contest") and low != "contested"):
            yield _content(text, number)
        elif short in _TO and follower and follower.low == "to":
            yield _denial(text, (number, number + 1), _forward(words, number + 2))
        elif short in _PHRASE_STARTS and (length := _phrase_length(words, number)):
            yield _denial(text, (number, number + length - 1), _forward(words, number + length))
        elif short in _FROM and (start := _after_from(words, number)):
            yield _denial(text, (number, number), _forward(words, start))
        elif (
            short == "lack"
            and follower
            and (follower.low != "of" or any(one.low in _PROOF for one in words[number + 1 : number + 4]))
        ):
            yield _denial(text, (number, number), _what_is_lacking(words, number + 1), most=4)
        elif (low in ("ruled", "rules") and follower and follower.low == "out") or (
            short == "turn" and follower and follower.low == "down"
        ):
            yield _content(text, number, length=2)


def _is_set_phrase(words: tuple[Word, ...], number: int, follower: Word | None) -> bool:
    low = "not" if words[number].low.endswith("n't") else words[number].low
    if follower and (follower.low in _NOT_A_DENIAL.get(low, ()) or (low == "no" and follower.kind in ("number", "mark"))):
        return True
    before = words[number - 1].low if number else ""
    if (low == "not" and before in _BEFORE_NOT) or (low == "no" and before in _FEW):
        return True
    return (
        low == "no"
        and bool(follower and follower.low == "longer")
        and [word.low for word in words[number + 2 : number + 3]] == ["than"]
    )


def _says_false(words: tuple[Word, ...], number: int) -> bool:
    """Whether the word calls something false: not "science fiction" or "went wrong"."""
    low, before = words[number].low, words[number - 1].low if number else ""
    if low == "fiction":
        return before in _BE or before in ("pure", "mere", "a")
    return not (low == "wrong" and (words[number - 1].stem == "go" or before == "something"))


def _what_is_lacking(words: tuple[Word, ...], start: int) -> range:
    """The noun behind "lack": "any external validity" of "lacked any external validity in the end"."""
    end = start
    reach = _forward(words, start)
    while end in reach and (words[end].root or words[end].low in ("of", "a", "an", "any", "the", "their", "its", "-")):
        end += 1
    return range(start, end)


def _phrase_length(words: tuple[Word, ...], number: int) -> int:
    """How many words of a phrase that denies stand here; 0 where none does."""
    for length in (3, 2):
        if (words[number].stem, *(word.low for word in words[number + 1 : number + length])) in _PHRASES:
            return length
    return 0


def _answer(words: tuple[Word, ...], number: int) -> int | None:
    """Where the clause starts that says no more than "he did not", "there were none", "no"; None where it says more."""
    after = words[number + 1] if number + 1 < len(words) else None
    if after is not None and after.kind != "mark":
        return None
    start = number
    while start and words[start - 1].sentence == words[number].sentence and words[start - 1].low not in _CLAUSE_STARTS:
        start -= 1
        if words[start].root:
            return None
    return start


_CLAUSE_STARTS = _STOPS | {",", "and"}


def _before_clause(words: tuple[Word, ...], start: int) -> range:
    """What stands before a clause: the rest of its sentence, or the sentence before where it opens one."""
    if not start:
        return range(0)
    last = start - 1
    first = last
    while first and last - first < REACH and words[first - 1].sentence == words[last].sentence:
        first -= 1
    return range(first, last + 1)


def _forward(words: tuple[Word, ...], start: int) -> range:
    """From a word on to the end of its clause."""
    end = start
    while end < min(len(words), start + REACH):
        word = words[end]
        if word.low in _STOPS or word.low == "," or (end > start and word.sentence != words[start].sentence):
            break
        if word.low == "and" and end + 1 < len(words) and words[end + 1].low in _NEW_CLAUSE and end > start + 1:
            break
        end += 1
    return range(start, end)


def _without(words: tuple[Word, ...], start: int) -> range:
    """What "without" takes away: up to the sentence's own subject, "without such backing they would", "the others would"."""
    reach = _forward(words, start)
    for number in reach:
        if words[number].low in _SUBJECTS and number > start:
            return range(start, number)
        if words[number].low in _MODALS:
            article = (one for one in range(number - 1, start, -1) if words[one].low in ("the", "a", "an", "this", "these"))
            return range(start, next(article, number))
    return reach


def _backward(words: tuple[Word, ...], end: int) -> range:
    start = end
    while start > max(0, end - REACH):
        word = words[start - 1]
        if word.low in _STOPS or word.sentence != words[end].sentence:
            break
        start -= 1
    return range(start, end)


def _simple(text: Text, number: int) -> Denial:
    words = text.words
    low = words[number].low
    reach = _without(words, number + 1) if low == "without" else _forward(words, number + 1)
    if low == "not" or low.endswith("n't"):
        truth = next(
            (one for one in range(number + 1, min(number + 3, len(words))) if words[one].low in ("true", "correct", "case")),
            None,
        )
        if truth is not None:
            return _denial(text, (number, truth), _forward(words, truth + 1), wide=True)
    proof = next((one for one in range(number + 1, min(number + 5, len(words))) if words[one].low in _PROOF), None)
    if proof is not None and proof in reach and (low == "no" or words[proof - 1].low in ("any", "no") or proof <= number + 2):
        if proof + 1 in reach and words[proof + 1].low in _OF:
            return _denial(text, (number, number), reach, wide=True)
        return _denial(text, (number, number), range(_backward(words, number).start, reach.stop), wide=True)
    if (
        low == "no"
        and words[number - 1].low in ("at", "in", "by", "under")
        and number + 1 in reach
        and words[number + 1].low in _NO_WAY
    ):
        return _denial(text, (number, number + 1), _forward(words, number + 2))
    if low in ("no", "nobody", "none", "neither", "nothing", "nor"):
        opens = (
            number == 0
            or words[number - 1].sentence != words[number].sentence
            or words[number - 1].low in (",", "that", "and", ":")
        )
        return _denial(text, (number, number), reach, most=5 if opens else 3, run=not opens)
    return _denial(text, (number, number), reach)


def _false(text: Text, number: int) -> Denial:
    forward, backward = _forward(text.words, number + 1), _backward(text.words, number)
    before = text.words[number - 1].low if number else ""
    predicate = before in _BE or not any(text.words[one].root for one in forward)
    start = backward.start if predicate or before in ("and", "or") else number
    again = [one for one in range(start, number - 1) if text.words[one].low == "and" and text.words[one + 2].low in _AGAIN]
    start = again[-1] + 1 if again else start  # rejects the claim "and finds it untrue"
    return _denial(text, (number, number), range(start, forward.stop), wide=True)


def _content(text: Text, number: int, *, length: int = 1) -> Denial:
    words = text.words
    last = number + length - 1
    before = [word.low for word in words[max(0, number - 3) : number]]
    passive = (any(low in _BE for low in before) and words[number].low.endswith(("ed", "out", "down"))) or (
        last + 1 < len(words) and words[last + 1].low == "by"
    )
    if passive:
        return _denial(text, (number, last), _backward(words, number), wide=length == 1, most=4)
    return _denial(
        text, (number, last), _forward(words, last + 1), wide=not words[number].low.startswith("reject") and length == 1, most=4
    )


def _after_from(words: tuple[Word, ...], number: int) -> int:
    for place in range(number + 1, min(len(words) - 1, number + 8)):
        if words[place].low in _STOPS or words[place].sentence != words[number].sentence:
            return 0
        if words[place].low == "from" and words[place + 1].low.endswith("ing"):
            return place + 1
    return 0


def _denial(text: Text, cue: tuple[int, int], reach: range, *, wide: bool = False, most: int = 1, run: bool = False) -> Denial:
    """run: only the unbroken row of weighty words after the cue says what is denied ("no benefit" for something)."""
    focus: list[int] = []
    for number in reach:
        word = text.words[number]
        if run and focus and not word.root:
            break
        if word.kind == "number" or word.low in ORDINALS:
            continue  # not the first author
        if cue[0] <= number <= cue[1] or not word.root or word.stem in _HELPERS or (word.low.endswith("ly") and not wide):
            continue
        if word.stem in TURNS_DOWN or word.low in _FALSE or (wide and word.root in ("claim", "charge")):
            continue
        focus.append(number)
        if len(focus) >= (10 if wide else most):
            break
    telling = tuple(number for number in focus if text.words[number].root != "say")
    return Denial(cue, reach, telling or tuple(focus), wide)
