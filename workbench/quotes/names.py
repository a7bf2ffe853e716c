"""The names in a text: runs of capital words without their titles, and the fullest form of each.

Nothing is known of any person beforehand: "Aung Hlaing" becomes "Min Aung Hlaing" only because the text says so elsewhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import regex

from workbench.quotes.words import BODIES, NOT_NAMES, SUBJECTS, TITLES

ALIKE = 50  # full names ending in one word that are looked at; a text with more of them is a list of relatives
LONGEST = 6  # words of a name; a longer run is a headline
_SHORT = (
    r"(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen|Lt|Col|Maj|Sgt|Capt|Adm|Rev|Prof|Hon|St|Jr|Sr|Inc|Corp|Jan|Feb|Aug|Sept|Oct|Nov|Dec)\."
)
_CAPITAL = rf"(?:(?:\p{{Lu}}\.){{1,4}}|{_SHORT}|\p{{Lu}}[\p{{L}}\p{{M}}\p{{N}}]*(?:(?:-|['’](?!s\b))[\p{{L}}\p{{M}}\p{{N}}]+)*)"
_LINK = r"(?:(?:de|da|del|der|den|van|von|bin|ben|al|el|la|le|du|of)[ \u00A0])?"
_RUN = regex.compile(rf"(?<![\p{{L}}\p{{N}}]){_CAPITAL}(?:[ \u00A0]{{1,2}}{_LINK}{_CAPITAL}){{0,9}}")
_TOKEN = regex.compile(r"[^ \u00A0]+")
_ACRONYM = regex.compile(r" \((\p{Lu}{2,8})\)")


@dataclass(frozen=True, slots=True)
class Name:
    """A name in the text: [start, end) the name, run_start where its titles start."""

    run_start: int
    start: int
    end: int
    words: tuple[str, ...]

    @property
    def may_be_a_person(self) -> bool:
        """Whether "he" or "she" could mean it: no body, no place, no abbreviation."""
        return len(self.words) <= 4 and not BODIES & set(self.words) and not (len(self.words) == 1 and self.words[0].isupper())


def _pieces(tokens: Sequence[tuple[str, int, int]]) -> Iterator[list[tuple[str, int, int]]]:
    """A run cut at words that name nobody, and at an "of" that does not belong to a body's own name."""
    piece: list[tuple[str, int, int]] = []
    for token in tokens:
        cut_of = token[0] == "of" and piece and piece[-1][0] not in BODIES
        if token[0] in NOT_NAMES or cut_of:
            yield piece
            piece = []
        else:
            piece.append(token)
    yield piece


def _without_titles(piece: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    last = max((number for number, token in enumerate(piece) if token[0] in TITLES), default=-1)
    rest = piece[last + 1 :]
    if not rest or rest[0][0] in BODIES:
        rest = piece  # "General Assembly", "the President"
    cut = max((number for number, token in enumerate(rest) if token[0] in SUBJECTS), default=-1) + 1
    return rest[cut:] if len(rest) - cut >= 2 else rest


def _name(run_start: int, tokens: list[tuple[str, int, int]]) -> Name:
    last, _, end = tokens[-1]
    if len(tokens) > 1 and last in TITLES and last.endswith("."):
        last, end = last[:-1], end - 1  # "Hun Sen." ends a sentence; no senator follows
    return Name(run_start, tokens[0][1], end, (*(token[0] for token in tokens[:-1]), last))


def find_names(cover: str) -> list[Name]:
    """The names of a (masked) text in order."""
    names: list[Name] = []
    for run in _RUN.finditer(cover):
        tokens = [(word[0], run.start() + word.start(), run.start() + word.end()) for word in _TOKEN.finditer(run[0])]
        for piece in _pieces(tokens):
            kept = _without_titles(piece)
            if kept and len(kept) <= LONGEST and kept[0][0] != "of":
                names.append(_name(piece[0][1], kept))
    return names


class NameBook:
    """Every name of a text by its words: what `fullest` looks in."""

    def __init__(self, text: str, names: Sequence[Name]) -> None:
        self.text = text
        self.counts = Counter(name.words for name in names)
        self.by_edge: dict[tuple[bool, str], list[tuple[str, ...]]] = {}
        for words in self.counts:
            if len(words) > 1:
                self.by_edge.setdefault((True, words[-1]), []).append(words)
                self.by_edge.setdefault((False, words[0]), []).append(words)
        self.spelled_out: dict[str, str] = {}
        for name in names:
            if found := _ACRONYM.match(text, name.end):
                self.spelled_out.setdefault(found[1], text[name.start : found.end()])

    def _alike(self, last: bool, word: str) -> list[tuple[str, ...]]:
        return self.by_edge.get((last, word), [])[:ALIKE]

    def fullest(self, words: tuple[str, ...]) -> str:
        """The longest form of a name the text knows; among several the most frequent, then the first."""
        if len(words) == 1 and words[0] in self.spelled_out:
            return self.spelled_out[words[0]]
        longer = len(words)
        ends = [full for full in self._alike(True, words[-1]) if len(full) > longer and full[-longer:] == words]
        begins = [full for full in self._alike(False, words[0]) if len(full) > longer and full[:longer] == words]
        choice = [
            full
            for full in ends or [full for full in begins if not TITLES & set(full)]
            if not (BODIES & set(full)) or BODIES & set(words)
        ]
        if choice:
            often: tuple[str, ...] = max(choice, key=lambda full: self.counts[full])
            return " ".join(often)
        spelled = " ".join(words)
        return next((long for long in self.spelled_out.values() if long.startswith(spelled + " (")), spelled)
