"""When two names may mean the same person, body or place.

What lives here: comparing names by themselves. Nothing is known of any person beforehand; a surname is taken for the fuller
name that ends in it, initials for the words they are the first letters of.
"""

from __future__ import annotations

import difflib
from itertools import groupby

import regex

from workbench.lens.name_words import KNOWN_SHORT
from workbench.lens.names import Entity
from workbench.quotes.words import word_set

ALIKE = 0.86  # of 1: Shoigu and Shoygu, Bachelet and Bachellet
_NICKNAMES = {
    nick: full
    for full, nicks in {
        "joseph": "joe", "william": "bill billy will", "robert": "bob bobby", "michael": "mike", "edward": "ted ed",
        "anthony": "tony",
        "richard": "dick rick", "james": "jim jimmy", "john": "jack", "thomas": "tom", "elizabeth": "liz beth",
        "margaret": "maggie",
        "katherine": "kate", "rafael": "ted", "daniel": "dan", "benjamin": "ben", "bernard": "bernie", "donald": "don",
    }.items()
    for nick in nicks.split()
}  # fmt: skip
_LINKS = word_set("of the and for de la du in on")


def same_entity(one: Entity, other: Entity) -> bool:
    """Whether two names may mean the same person, body or place."""
    if one.place and other.place:
        return one.place == other.place
    if "place" in (one.sort, other.sort) and {one.sort, other.sort} & {"body"}:
        return False
    if one.words == other.words:
        return True
    if one.words[0][0] != other.words[0][0] and set(one.words).isdisjoint(other.words):
        return False  # neither initials, nor a part, nor another spelling
    if _stands_for(one, other) or _stands_for(other, one):
        return True
    short, long = sorted((one.words, other.words), key=lambda words: (len(words), words))
    if len(short) < len(long) and _within(short, long):
        return True
    return _variant(short, long)


def _stands_for(short: Entity, long: Entity) -> bool:
    """Whether the one is the initials of the other: AAPP, U.N., or known by a table (ASEAN)."""
    if len(short.words) != 1 or (len(long.words) == 1 and long.words[0] not in KNOWN_SHORT):
        return False
    initials, words = short.words[0], [word for word in long.words if word not in _LINKS]
    known = KNOWN_SHORT.get(initials, "")
    if known and (long.spelled in known or known in long.spelled) and len(words) >= 2:
        return True
    letters = "".join(word[0] for word in words)
    return (
        len(initials) >= 2
        and len(words) >= 2
        and (letters == initials or (len(initials) >= 3 and letters.startswith(initials[:3]) and letters in initials))
    )


def _within(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    if len(short) == 1:
        return (short[0] in (long[0], long[-1]) and len(short[0]) > 1) or (
            len(long) == 3 and short[0] == long[1] and len(short[0]) > 3
        )
    return any(long[at : at + len(short)] == short for at in range(len(long) - len(short) + 1)) or (
        short[-1] == long[-1] and _same_first(short[0], long[0])
    )


def _same_first(one: str, other: str) -> bool:
    if one == other or (min(len(one), len(other)) == 1 and one[0] == other[0]):
        return True
    return _NICKNAMES.get(one, one) == _NICKNAMES.get(other, other)


_SPELLINGS = (("kh", "h"), ("ph", "f"), ("ck", "k"), ("w", "v"), ("y", "i"), ("j", "i"), ("q", "k"), ("x", "ks"), ("oo", "u"),
              ("ou", "u"), ("ee", "i"), ("dh", "d"), ("sch", "sh"))  # fmt: skip


def _sound(name: str) -> str:
    """The name with one letter for each sound that is written in several ways, and no letter twice in a row."""
    for written, instead in _SPELLINGS:
        name = name.replace(written, instead)
    return "".join(letter for letter, _ in groupby(name))


def _variant(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """The same name in another spelling (Shoigu, Shoygu), or the same surname with a short first name."""
    if len(one) > 1 and len(other) > 1 and one[-1] == other[-1] and _same_first(one[0], other[0]):
        return True
    mine, theirs = _sound(" ".join(one)), _sound(" ".join(other))
    if mine == theirs:
        return True
    if (
        min(len(mine), len(theirs)) < 6
        or mine[0] != theirs[0]
        or abs(len(mine) - len(theirs)) > 2
        or regex.search(r"\d", mine + theirs)
    ):
        return False
    return difflib.SequenceMatcher(None, mine, theirs, autojunk=False).ratio() >= ALIKE
