"""What a text leaves open: what is asked, wanted, planned or supposed, so neither said nor denied.

What lives here: the words that open, and how far. "She was not released" and "they asked whether she would be released" do not
part; "they called for her release" neither. Where both texts leave a thing open they can be compared again.
"""

from __future__ import annotations

from collections.abc import Iterator

from workbench.lens.words import Text, Word, stem
from workbench.quotes.words import word_set

REACH = 30  # words that are left open at most
CLAUSE_ENDS = frozenset(";:.!?()—。，；,")
_SUPPOSING = word_set("whether if unless should must ought might")
# These open what follows their "to", "for" or "that": "called for her release", "asked him to go".
_WANTING = frozenset(
    map(
        stem,
        word_set(
            "ask urge tell advise warn beg request order instruct call want plead persuade threaten promise agree decide "
            "demand appeal hope plan propose intend expect seek try attempt aim wish consider"
        ),
    )
)
_OPENS_WHAT_FOLLOWS = word_set("to for that not whether")
_NEAR = 6  # words between "asked" and its "to"


def left_open(text: Text) -> set[int]:
    """The numbers of the words that are asked, wanted or supposed."""
    found: set[int] = set()
    for number, word in enumerate(text.words):
        if word.kind == "mark":
            if word.low == "?":
                found.update(_sentence_before(text.words, number))
        elif word.low in _SUPPOSING:
            found.update(to_clause_end(text.words, number + 1))
        elif word.stem in _WANTING and (start := _wanted(text.words, number)):
            found.update(to_clause_end(text.words, start))
    return found


def _wanted(words: tuple[Word, ...], number: int) -> int:
    """Where what is wanted starts; 0 where nothing is."""
    for place in range(number + 1, min(number + 1 + _NEAR, len(words))):
        if words[place].low in CLAUSE_ENDS or words[place].sentence != words[number].sentence:
            return 0
        if words[place].low in _OPENS_WHAT_FOLLOWS:
            return place + 1
    return 0


def to_clause_end(words: tuple[Word, ...], start: int) -> range:
    """From a word to the mark that ends its clause."""
    end = start
    while end < min(len(words), start + REACH) and words[end].low not in CLAUSE_ENDS:
        if end > start and words[end].sentence != words[start].sentence:
            break
        end += 1
    return range(start, end)


def _sentence_before(words: tuple[Word, ...], mark: int) -> Iterator[int]:
    number = mark - 1
    while number >= max(0, mark - REACH) and words[number].sentence == words[mark].sentence:
        yield number
        number -= 1
