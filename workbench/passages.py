"""Sentence spans and passages of a text. The only door to sentencex.

What lives here: where paragraphs, sentences and passages begin and end. What does not: any change to a text. Every span is
[start, end) in code points of the text handed in, and holds no white space at its edges.
"""

from __future__ import annotations

import itertools
import math
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from workbench.models import Passage, Place, Source, Span, sha256_hex
from workbench.reading.text import CLOSERS, ENDS, Stretch, paragraph_stretches, trimmed

WINDOW = 4_000  # characters given to sentencex at once: its pairing of quotation marks is quadratic (100,000 marks: 3 s)
ENOUGH_SENTENCES = 2  # from here on a passage rather ends with its paragraph than take in the next one
ENOUGH_WORDS = 40  # about two sentences of a news text: one such sentence says enough to be judged by itself
LEAD_WORDS = 12  # headlines and crossheads are shorter than this and have no full stop
LETTERS_PER_WORD = 8  # longer tokens (addresses, "aaaa…") count as several words; English averages 5
HAN_PER_WORD = 2  # Chinese and Japanese write no spaces; a word is about two characters there,
MAINLAND_PER_WORD = 4  # and about four in Thai, Lao, Khmer and Burmese
UNCROSSED = ("page", "record", "described", "heard")  # places that no passage runs out of

_WORD = re.compile(r"\S+")
_KHMER_END = re.compile(r"។ល។|[។៕][”’»›\"')\]]*")  # ។ល។ is "etc."
_STRAY_CLOSERS = re.compile(r"(?:[”»›」』）)】\]]|’(?!\w)|[\"'](?=\s|$))+")
# sentencex 1.0.32 splits these in one language or another; a number or a name follows, so the sentence goes on
_BEFORE_NUMBER = re.compile(r"(?:^|[\s(«“\"'])(?:vol|janv|févr|avr|juil|sept|oct|nov|déc|dec|n)\.\s*$", re.IGNORECASE)
_BEFORE_NAME = re.compile(r"(?:^|[\s(«“\"'])(?:M|MM)\.\s*$")
_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_MAINLAND = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\ua9e0-\ua9ff\uaa60-\uaa7f]")


class _Unit(NamedTuple):
    """A sentence, or a piece of a very long one, on its way into a passage."""

    start: int
    end: int
    words: int
    paragraph: int  # running number
    ends_paragraph: bool
    is_lead: bool


def sentence_spans(text: str, *, language: str = "en") -> list[Span]:
    """The sentences of a text, in order, not overlapping, covering every character that is not white space.

    language: an ISO 639-1 code (sentencex's abbreviations); an unknown one gets its general rules. A blank line always ends
    a sentence. So does a line of a file that has one paragraph a line; a wrapped line does not. None exceeds WINDOW characters.
    """
    paragraphs = paragraph_stretches(text)
    return [Span(start=s.start, end=s.end) for p in paragraphs for s in _sentences(text, p, language)]


def split_passages(source: Source, *, sentences: int, words: int) -> list[Passage]:
    """The passages of a source: consecutive sentences of one paragraph, or neighbouring short paragraphs, of one page.

    A record of a data table is a passage of its own, of however many sentences. At most `sentences` sentences and `words` words
    each (letters of scripts without spaces are counted into words). In order, not overlapping, covering every character that is
    not white space.
    """
    timecodes = [place for place in source.places if place.kind == "timecode"]
    language = source.language or source.language_identified
    rules = (language or "en").split("-")[0]
    passages: list[Passage] = []
    for place, start, end in _regions(source):
        units = list(_units(source.text, Stretch(start, end), rules, words))
        is_record = place is not None and place.kind == "record"
        most = len(units) if is_record else sentences  # a full stop in a cell is no reason to part it from its row
        for stretch in _grouped(units, most, words):
            text = source.text[stretch.start : stretch.end]
            passages.append(
                Passage(
                    passage_id=Passage.id_of(source.source_id, stretch.start, stretch.end),
                    source_id=source.source_id,
                    ordinal=len(passages),
                    start=stretch.start,
                    end=stretch.end,
                    text=text,
                    text_hash=sha256_hex(text),
                    page=place.label if place else _timecode(timecodes, stretch.start),
                    language=language,
                    ocr_confidence=place.ocr_confidence if place else None,
                )
            )
    return passages


def place_label(source: Source, span: Span) -> str | None:
    """Where some words stand: the label of their page, record or described place, else of the subtitle they begin in.

    None where there is none. Words that begin on one page and end on another have both: `3–4`.
    """
    pages = [place for place in source.places if place.kind in UNCROSSED]
    labels = [place.label for at in (span.start, span.end - 1) for place in pages if place.start <= at < place.end]
    if labels:
        return "–".join(dict.fromkeys(labels))
    return _timecode([place for place in source.places if place.kind == "timecode"], span.start)


def ocr_confidence_of(source: Source, span: Span) -> int | None:
    """How sure OCR is of some words, 0 to 100: as of the least sure of their pages; None where it read none of them."""
    read = [place for place in source.places if place.start < span.end and span.start < place.end]
    return min((place.ocr_confidence for place in read if place.ocr_confidence is not None), default=None)


# --- sentences -----------------------------------------------------------------------------------------------------


def _boundaries(text: str, language: str) -> list[int]:
    """Where sentencex lets each sentence start."""
    from sentencex import get_sentence_boundaries

    return [found["start_index"] for found in get_sentence_boundaries(language, text)]


def _sentences(text: str, paragraph: Stretch, language: str) -> Iterator[Stretch]:
    """The sentences of a paragraph. Linear time: a window moves on by its whole sentences, or is cut where it has only one."""
    start, end = paragraph
    while start < end:
        stop = min(start + WINDOW, end)
        piece = text[start:stop]
        starts = _starts(piece, language)
        if stop == end:
            moved = len(piece)
        elif len(starts) > 1:
            moved = starts.pop()  # the last sentence may go on: the next window begins with it
        else:
            moved = _cut_at(piece)
        for first, last in itertools.pairwise([*starts, moved]):
            found = trimmed(text, start + first, start + last)
            if found:
                yield found
        start += moved


def _starts(piece: str, language: str) -> list[int]:
    """Sentence starts in a piece, 0 first: sentencex's and Khmer's, without false ones, after any closing marks."""
    starts = {0, *_boundaries(piece, language)}
    starts.update(m.end() for m in _KHMER_END.finditer(piece) if m[0] != "។ល។")
    kept = [0]
    for start in sorted(starts - {0}):
        closing = _STRAY_CLOSERS.match(piece, start)
        start = closing.end() if closing else start
        before = piece[max(kept[-1], start - 12) : start]
        following = piece[start : start + 1]
        number_follows = following.isdigit() and _BEFORE_NUMBER.search(before)
        name_follows = following.isupper() and _BEFORE_NAME.search(before)
        if not number_follows and not name_follows and kept[-1] < start < len(piece):
            kept.append(start)
    return kept


def _cut_at(piece: str) -> int:
    """Where a piece without any sentence end is cut: at its last white space, else at its end (not before a combining mark)."""
    spaces = [m.end() for m in re.finditer(r"\s(?=\S)", piece)]
    return spaces[-1] if spaces else _before_marks(piece, 0, len(piece) - 1)


def _before_marks(text: str, start: int, stop: int) -> int:
    """`stop`, moved back to the base letter when text[stop] is a mark or joiner; as it was where marks pile up without end."""
    for at in range(stop, max(start, stop - 32), -1):
        if not (unicodedata.category(text[at]).startswith("M") or text[at] in "\u200c\u200d" or text[at - 1] == "\u200d"):
            return at
    return stop


# --- passages ------------------------------------------------------------------------------------------------------


def _timecode(timecodes: list[Place], at: int) -> str | None:
    """The label of the subtitle that a passage begins in."""
    before = bisect_right(timecodes, at, key=lambda place: place.start)
    return timecodes[before - 1].label if before else None


def _regions(source: Source) -> Iterator[tuple[Place | None, int, int]]:
    """(place, start, end) of what no passage may cross: pages, records, described places, and what lies between."""
    at = 0
    for place in source.places:
        if place.kind in UNCROSSED:
            if at < place.start:
                yield None, at, place.start
            yield place, max(at, place.start), place.end
            at = max(at, place.end)
    if at < len(source.text):
        yield None, at, len(source.text)


def _size(text: str) -> int:
    """How many words a stretch counts as: its tokens, or more where tokens are long or the script writes no spaces."""
    tokens = text.split()
    letters = sum(map(len, tokens))
    if text.isascii():
        return max(len(tokens), math.ceil(letters / LETTERS_PER_WORD))
    spaceless = len(_HAN.findall(text)) / HAN_PER_WORD + len(_MAINLAND.findall(text)) / MAINLAND_PER_WORD
    return max(len(tokens), math.ceil(letters / LETTERS_PER_WORD), math.ceil(spaceless))


def _units(text: str, region: Stretch, language: str, words: int) -> Iterator[_Unit]:
    for number, paragraph in enumerate(paragraph_stretches(text, *region)):
        found = list(_sentences(text, paragraph, language))
        is_lead = len(found) == 1 and text[paragraph.end - 1] not in ENDS + CLOSERS
        for sentence in found:
            size = _size(text[sentence.start : sentence.end])
            pieces = [sentence] if size <= words else list(_pieces(text, sentence, words))
            for piece in pieces:
                size = size if piece is sentence else _size(text[piece.start : piece.end])
                yield _Unit(*piece, size, number, piece.end == paragraph.end, is_lead and size <= LEAD_WORDS)


def _pieces(text: str, sentence: Stretch, words: int) -> Iterator[Stretch]:
    """A sentence of more than `words` words in pieces, cut after a full stop or comma where there is one, else at a space."""
    tokens = [part for m in _WORD.finditer(text, *sentence) for part in _token_parts(text, Stretch(*m.span()), words)]
    sizes = [_size(text[token.start : token.end]) for token in tokens]
    first = 0
    while first < len(tokens):
        after, total = first + 1, sizes[first]
        while after < len(tokens) and total + sizes[after] <= words:
            total += sizes[after]
            after += 1
        if after < len(tokens):
            after = _natural_end(text, tokens, first, after)
        yield Stretch(tokens[first].start, tokens[after - 1].end)
        first = after


def _token_parts(text: str, token: Stretch, words: int) -> Iterator[Stretch]:
    """A token, cut where it alone counts more than `words` words (never inside a base letter with its marks)."""
    if _size(text[token.start : token.end]) <= words:
        yield token
        return
    step = words if _HAN.search(text, *token) or _MAINLAND.search(text, *token) else words * LETTERS_PER_WORD
    start = token.start
    while start < token.end:
        stop = start + step
        stop = token.end if stop >= token.end else _before_marks(text, start, stop)
        yield Stretch(start, stop)
        start = stop


def _natural_end(text: str, tokens: list[Stretch], first: int, after: int) -> int:
    """Where to end a piece that could reach to `after`: after a full stop, else a comma, in its second half; else there."""
    for marks in (ENDS, ",;:—–，；：、၊"):
        for candidate in range(after, first + (after - first) // 2, -1):
            last = text[tokens[candidate - 1].start : tokens[candidate - 1].end].rstrip(CLOSERS)
            if last and last[-1] in marks:
                return candidate
    return after


def _grouped(units: list[_Unit], sentences: int, words: int) -> Iterator[Stretch]:
    """The units of one region put together into passages."""
    sizes: dict[int, tuple[int, int]] = {}  # paragraph -> (sentences, words): may the next paragraph come in whole?
    for unit in units:
        count, total = sizes.get(unit.paragraph, (0, 0))
        sizes[unit.paragraph] = (count + 1, total + unit.words)
    current: list[_Unit] = []
    for unit in units:
        if current and _closes(current, unit, sizes[unit.paragraph], sentences=sentences, words=words):
            yield Stretch(current[0].start, current[-1].end)
            current = []
        current.append(unit)
    if current:
        yield Stretch(current[0].start, current[-1].end)


def _closes(current: list[_Unit], unit: _Unit, paragraph: tuple[int, int], *, sentences: int, words: int) -> bool:
    """Whether a passage ends before `unit`. paragraph: (sentences, words) of the paragraph the unit stands in."""
    count, total = len(current), sum(each.words for each in current)
    if count + 1 > sentences or total + unit.words > words:
        return True
    if not current[-1].ends_paragraph or all(each.is_lead for each in current):
        return False  # in mid-paragraph, or only headlines so far: they go with what follows
    if unit.is_lead or count >= ENOUGH_SENTENCES or total >= ENOUGH_WORDS:
        return True
    return count + paragraph[0] > sentences or total + paragraph[1] > words
