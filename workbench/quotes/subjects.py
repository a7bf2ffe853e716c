"""Who does what a verb says: the subject of a verb of speech, as the span of a name, a pronoun or a noun phrase.

A subject is looked for where English news text puts it: before the verb, past helpers and an apposition between commas; after
"said" or "according to". Where none stands there, there is none: nobody is guessed.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import NamedTuple

import regex

from workbench.quotes.marks import MASK, Area
from workbench.quotes.names import Name
from workbench.quotes.words import (
    ARTICLES,
    CLAUSE_STARTS,
    DETERMINERS,
    FORMS,
    HELPERS,
    NOUNLIKE,
    PREPOSITIONS,
    PRONOUNS,
    TO_BE,
    word_set,
)

BEFORE, AFTER = 320, 200  # characters looked at on either side of a quotation: some two lines of print
PARTICIPLES = word_set("known shown written sworn spoken")  # a cue only after "has": "the army, known as the Tatmadaw"

_WORD = regex.compile(r"(?:\p{Lu}\.){2,4}|[\p{L}\p{M}\p{N}]+(?:[.'’-][\p{L}\p{M}\p{N}]+)*")
_BREAK = regex.compile(r"[,;:—–(]")


class Word(NamedTuple):
    """A word of the masked text."""

    start: int
    end: int
    text: str


class Page:
    """A masked text as the rules read it: its words and names by place."""

    def __init__(self, cover: str, names: list[Name]) -> None:
        self.cover = cover
        self.words = [Word(found.start(), found.end(), found[0]) for found in _WORD.finditer(cover)]
        self.word_starts = [word.start for word in self.words]
        self.names = names
        self.name_starts = [name.start for name in names]

    def between(self, start: int, end: int) -> list[Word]:
        """The words that lie within [start, end)."""
        first = bisect_left(self.word_starts, start)
        last = bisect_left(self.word_starts, end, first)
        return [word for word in self.words[first:last] if word.end <= end]

    def names_between(self, start: int, end: int) -> list[Name]:
        """The names that lie within [start, end)."""
        first = bisect_left(self.name_starts, start)
        return [name for name in self.names[first : bisect_left(self.name_starts, end)] if name.end <= end]

    def is_cue(self, words: list[Word], number: int) -> bool:
        """Whether that word is a verb of speech here, and not a noun of the same form."""
        word = words[number].text.lower()
        if word not in FORMS or words[number].text[0].isupper():
            return False
        if number == 0:
            return word not in PARTICIPLES
        before = words[number - 1].text.lower()
        gap = self.cover[words[number - 1].end : words[number].start].strip()
        if gap:
            return word not in PARTICIPLES and not (word in NOUNLIKE and MASK in gap)
        if before in DETERMINERS or (word in PARTICIPLES and before not in ("has", "have", "had")):
            return False  # "an estimated 5,224", "the accused"
        if word in NOUNLIKE and words[number - 1].text[0].isupper() and not word.endswith(("s", "ed")):
            return False  # "Myanmar state security forces"
        joined = before in PREPOSITIONS - {"to"} or before in TO_BE or before.endswith(("'s", "’s", "’", "ed", "ing"))
        return not (word in NOUNLIKE and joined)


def gap_between(page: Page, left: int, right: int) -> str:
    """What stands between two places, without the white space around it."""
    return page.cover[left:right].strip()


def subject_before(page: Page, left: int, verb: Word) -> Area | None:
    """Who does that verb, looked for to its left and not further than `left`."""
    left = max(left, verb.start - BEFORE)
    words = page.between(left, verb.start)
    while words and (words[-1].text.lower() in HELPERS or words[-1].text.endswith("ly")) and not words[-1].text[0].isupper():
        words.pop()
    if not words:
        return None
    last, end = words[-1], words[-1].end
    gap = gap_between(page, end, page.word_starts[bisect_left(page.word_starts, end)])
    if last.text.lower() in PRONOUNS:
        return Area(last.start, end)
    if gap.startswith(",") and (found := _before_apposition(page, left, words)):
        return found
    if last.text.lower() in ("and", "but"):
        return first_mention(page, words[:-1])  # "He praised them but said"
    names = page.names_between(left, end)
    if names and names[-1].end >= end:
        return _joined(page, names)
    return _phrase(page, _last_clause(page, words))


def _before_apposition(page: Page, left: int, words: list[Word]) -> Area | None:
    """`Smith, a senator from Utah, said` -> Smith; `the party's chairman, John Smith, said` -> John Smith."""
    end = words[-1].end
    comma = page.cover.rfind(",", left, end)
    if comma < 0:
        return None
    head = page.names_between(left, comma)
    if head and not gap_between(page, head[-1].end, comma):
        return Area(head[-1].start, head[-1].end)
    tail = [name for name in page.names_between(comma, end) if not gap_between(page, comma + 1, name.run_start)]
    if tail and tail[0].end == end:
        return Area(tail[0].start, end)
    before = page.between(left, comma)
    return _phrase(page, _last_clause(page, before)) if before else None


def _joined(page: Page, names: list[Name]) -> Area:
    """The last name, from the one on that is joined to it by "and" where two speak together."""
    last = names[-1]
    for first in names[-4:-1]:
        if _joins(page, first, last):
            return Area(first.start, last.end)
    return Area(last.start, last.end)


def _joins(page: Page, first: Name, last: Name) -> bool:
    between = page.between(first.end, last.start)
    if not between or between[0].text != "and" or _BREAK.search(page.cover, first.end, last.start):
        return False
    return all(word.text[0].isupper() or word.text in PREPOSITIONS or word.text == "the" for word in between[1:])


def _phrase(page: Page, clause: list[Word]) -> Area | None:
    """The subject of a clause: its first name, pronoun, or noun phrase with an article."""
    for number, word in enumerate(clause):
        lower = word.text.lower()
        if lower in PRONOUNS:
            return Area(word.start, word.end)
        names = [name for name in page.names_between(word.start, clause[-1].end) if name.run_start == word.start]
        if names:
            return Area(names[0].start, names[0].end)
        bare = number == 0 and len(clause) <= 6 and lower not in PREPOSITIONS | CLAUSE_STARTS and not lower.endswith("ing")
        if lower in DETERMINERS or bare:
            stop = next((item for item in clause[number + 1 :] if _ends_phrase(item.text)), None)
            end = clause[clause.index(stop) - 1].end if stop else clause[-1].end
            return None if end == word.end and lower in ARTICLES else Area(word.start, end)
    return None


def _ends_phrase(word: str) -> bool:
    return word in PREPOSITIONS or word in HELPERS or (word.islower() and word.endswith("ed"))


def _last_clause(page: Page, words: list[Word]) -> list[Word]:
    for number in range(len(words) - 1, -1, -1):
        if words[number].text.lower() in CLAUSE_STARTS:
            return words[number + 1 :]
        if number and _BREAK.search(page.cover, words[number - 1].end, words[number].start):
            return words[number:]
    return words


def subject_after(page: Page, start: int, end: int) -> Area | None:
    """Who stands right of "said" or "according to": `a spokesman, John Smith` -> John Smith; `the report` -> the report."""
    words = page.between(start, min(end, start + AFTER))
    while words and words[0].text.lower() in HELPERS:
        words = words[1:]
    if not words:
        return None
    if words[0].text.lower() in PRONOUNS:
        return Area(words[0].start, words[0].end)
    stop = _phrase_end(page, words)
    names = page.names_between(words[0].start, stop)
    if names and names[0].run_start == words[0].start and not page.cover.startswith(("'s", "’s"), names[0].end):
        further = [name for name in names[1:] if _joins(page, names[0], name)]
        return Area(names[0].start, further[-1].end if further else names[0].end)
    after = page.names_between(stop, stop + AFTER)
    if after and page.cover[stop : after[0].run_start].strip() == "," and after[0].may_be_a_person:
        return Area(after[0].start, after[0].end)  # "Amnesty's deputy director, Emerlynne Gil"
    bodies = [name for name in names if not page.cover.startswith(("'s", "’s"), name.end)]
    if bodies and bodies[-1].end == stop:
        return Area(bodies[-1].start, bodies[-1].end)
    return Area(words[0].start, stop)


def _phrase_end(page: Page, words: list[Word]) -> int:
    for number, word in enumerate(words[1:], 1):
        lower = word.text.lower()
        gap = page.cover[words[number - 1].end : word.start]
        if (
            _BREAK.search(gap)
            or MASK in gap
            or gap.startswith((". ", ".\n"))
            or lower in CLAUSE_STARTS
            or lower in ("published", "released")
        ):
            return words[number - 1].end
    return words[-1].end


def first_mention(page: Page, words: list[Word]) -> Area | None:
    """The first name, pronoun or noun phrase with an article of a sentence's words."""
    if words and words[0].text.lower() in PREPOSITIONS | CLAUSE_STARTS:  # "In an interview on Monday, Smith ..."
        comma = next(
            (number for number in range(1, len(words)) if "," in page.cover[words[number - 1].end : words[number].start]), 0
        )
        words = words[comma:]
    return _phrase(page, words)
