"""Quote marks paired, paragraph by paragraph, and sentences outside them.

A mark that never closes swallows at most its paragraph, unless the next paragraph opens with the same mark: then the speaker
goes on. Of nested quotations the outer one counts. Apostrophes are left alone: ’ closes too many words that quote nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import regex

from workbench.models import Span

# What may close a mark. Mixed pairs occur in real files (“systematic"), so a straight mark may close a curly one.
CLOSERS = {"“": '”"', '"': '"”', "«": "»", "„": '“”"', "‟": "”"}
MASK = "\ue000"  # stands for each character of a quotation, so that quoted words attribute nothing
LONGEST_SENTENCE = 2000  # characters; a longer one is a list or a table, and is cut so that time stays linear
WRAPPED = 50  # a line at least so long that ends in mid-sentence is a line of a wrapped paragraph

_MARK = regex.compile(r"[“”\"«»„‟]")
_ABBREVIATION = regex.compile(
    r"\b(?:\p{Lu}|Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen|Lt|Col|Maj|Sgt|Capt|Adm|Rev|Prof|Hon|St|Jr|Sr|vs|No|Nov|Dec|Oct|Sept|Aug|Jan|Feb)\.$"
)
_SENTENCE_END = regex.compile(rf"(?:[.!?…][)\]’'{MASK}]*|{MASK})[ \t\u00A0]+(?=[\p{{Lu}}\p{{N}}\[({MASK}])")


class Area(NamedTuple):
    """Code points [start, end) of the text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Marked:
    """A stretch in quote marks: [start, end) the words, [outer, close) with their marks. starts: it begins its paragraph."""

    outer: int
    start: int
    end: int
    close: int
    starts: bool


def paragraphs(text: str) -> list[Area]:
    """The paragraphs of a text: a line each, or the lines of a wrapped one together."""
    areas: list[Area] = []
    at, line_before = 0, ""
    for line in text.splitlines(keepends=True):
        start, end = at + len(line) - len(line.lstrip()), at + len(line.rstrip())
        at += len(line)
        words = line.strip()
        wrapped = bool(line_before and words) and (
            words[0].islower() or (len(line_before) >= WRAPPED and line_before[-1].isalpha())
        )
        if wrapped:
            areas[-1] = Area(areas[-1].start, end)
        elif words:
            areas.append(Area(start, end))
        line_before = words  # a blank line ends a paragraph whatever stands around it
    return areas


def _may_open(text: str, at: int) -> bool:
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    return bool(after.strip()) and not before.isalnum() and before not in tuple(".,!?…=")  # = stands before a value in markup


def _may_close(text: str, at: int) -> bool:
    return bool(text[at - 1 : at].strip()) and not text[at + 1 : at + 2].isalnum()


def _pairs(text: str, area: Area, opened: tuple[int, str] | None) -> tuple[list[Area], tuple[int, str] | None]:
    """The outer pairs of one paragraph as (opening, closing) places, and the mark left open at its end."""
    stack: list[tuple[int, str]] = [opened] if opened else []
    outer: list[Area] = []
    inner: list[Area] = []
    for found in _MARK.finditer(text, area.start, area.end):
        at, mark = found.start(), found[0]
        if opened and at == area.start and mark == opened[1]:
            continue  # the mark that says: still quoting
        if stack and mark in CLOSERS[stack[-1][1]] and (mark != '"' or _may_close(text, at)):
            pair = Area(stack.pop()[0], at)
            (inner if stack else outer).append(pair)
        elif mark in CLOSERS and (mark != '"' or _may_open(text, at)):
            stack.append((at, mark))
    if not stack:
        return outer, None
    if inner and stack[0] != opened:  # the first mark closes nothing: what closed inside it stands by itself
        return sorted(outer + [pair for pair in inner if pair.start > stack[0][0]]), None
    return outer, stack[0]


def find_marked(text: str, areas: list[Area]) -> list[Marked]:
    """The stretches in quote marks, in order, not overlapping."""
    found: list[Marked] = []
    opened: tuple[int, str] | None = None
    first_places = {area.start for area in areas}
    for number, area in enumerate(areas):
        pairs, left_open = _pairs(text, area, opened)
        for pair in pairs:
            found += _marked(text, pair.start, pair.end, pair.end + 1, pair.start in first_places)
        opened = left_open
        follows = text[areas[number + 1].start] if number + 1 < len(areas) else ""
        if left_open and follows != left_open[1]:
            found += _marked(text, left_open[0], area.end, area.end, left_open[0] in first_places)
            opened = None
    return found


def _marked(text: str, opening: int, end: int, close: int, starts: bool) -> Iterator[Marked]:
    words = text[opening + 1 : end]
    start = opening + 1 + len(words) - len(words.lstrip())
    stop = start + len(words.strip())
    if any(character.isalnum() for character in words):
        yield Marked(opening, start, stop, close, starts)


def stand_in_marks(text: str, span: Span) -> bool:
    """Whether all of these words stand inside one pair of quotation marks in the text."""
    return any(one.start <= span.start and span.end <= one.end for one in find_marked(text, paragraphs(text)))


def masked(text: str, found: list[Marked]) -> str:
    """The text with every quotation and its marks covered, of the same length."""
    parts, at = [], 0
    for quote in found:
        parts += [text[at : quote.outer], MASK * (quote.close - quote.outer)]
        at = quote.close
    return "".join([*parts, text[at:]])


def sentences(cover: str, text: str, areas: list[Area]) -> list[Area]:
    """The sentences of a masked text, in order; a quotation ends one only where its last character does."""
    result: list[Area] = []
    for area in areas:
        start = area.start
        for end in _SENTENCE_END.finditer(cover, area.start, area.end):
            stop = end.end() - (len(end[0]) - len(end[0].rstrip()))
            last = end[0].strip()[0]
            if last == MASK and text[stop - 2 : stop - 1] not in tuple(".!?…"):
                continue
            if last == "." and _ABBREVIATION.search(cover, max(start, end.start() - 6), end.start() + 1):
                continue
            result.append(Area(start, stop))
            start = end.end()
        if start < area.end:
            result.append(Area(start, area.end))
    return [Area(at, min(end, at + LONGEST_SENTENCE)) for start, end in result for at in range(start, end, LONGEST_SENTENCE)]
