"""Cited words looked for in a text as it is now: at their place, elsewhere, or as other words. Pure.

What lives here: when words are the same ones, and when a place is theirs. What does not: which text is looked at
(freshness.py). Words are the same whatever white space is between them, and however their letters are composed; nothing else is
forgiven, since a look-alike is another sentence.
"""

from __future__ import annotations

import unicodedata
from itertools import islice

import regex

from workbench.fidelity import nearest_wording
from workbench.models import Citation, Span

FAR = 200  # characters that may stand between the two edges of a citation, beyond four times its length


def place_of(citation: Citation, text: str) -> Span | None:
    """Where the cited words stand in the text; None where that is not certain.

    It is certain where they stand with their context once, or once at all and at most one edge of them changed. An edge that
    was the beginning or the end of the file says nothing.
    """
    before, quote, after = citation.before, citation.quote, citation.after
    whole = _places(before, quote, after, text)
    if len(whole) == 1:
        return whole[0]
    alone = _places("", quote, "", text)
    if len(alone) != 1:
        return None
    has_edge = alone[0] in _places(before, quote, "", text) or alone[0] in _places("", quote, after, text)
    return alone[0] if has_edge else None


def stands_instead(citation: Citation, text: str) -> Span | None:
    """What stands in the text in place of the cited words: between the edges they had, else the nearest wording, else None."""
    before = _places("", citation.before, "", text) if citation.before else [Span(start=0, end=0)]
    after = _places("", citation.after, "", text) if citation.after else [Span(start=len(text), end=len(text))]
    if len(before) == len(after) == 1:
        start, end = before[0].end, after[0].start
        if start < end <= start + 4 * len(citation.quote) + FAR:
            return _trimmed(text, start, end)
    return nearest_wording(citation.quote, text)


def _trimmed(text: str, start: int, end: int) -> Span | None:
    words = text[start:end]
    start, end = start + len(words) - len(words.lstrip()), end - (len(words) - len(words.rstrip()))
    return Span(start=start, end=end) if start < end else None


def _places(before: str, words: str, after: str, text: str) -> list[Span]:
    """The first two places of the words with that context; one says that it is the only one. None for no words."""
    if not words.strip():
        return []
    pattern = f"{_pattern(before)}{_gap(before, words)}({_pattern(words)}){_gap(words, after)}{_pattern(after)}"
    found = regex.finditer(pattern, text, overlapped=True)
    return [Span(start=one.start(1), end=one.end(1)) for one in islice(found, 2)]


def _gap(left: str, right: str) -> str:
    """White space, where any parts two neighbours of a citation."""
    is_apart = left.strip() and right.strip() and (left[-1:].isspace() or right[:1].isspace())
    return r"\s+" if is_apart else ""


def _pattern(text: str) -> str:
    return r"\s+".join(_word(word) for word in text.split())


def _word(word: str) -> str:
    """A word, each of its letters composed in any way."""
    return regex.escape(word) if word.isascii() else "".join(map(_letter, regex.findall(r"\X", word)))


def _letter(letter: str) -> str:
    forms = {letter, unicodedata.normalize("NFC", letter), unicodedata.normalize("NFD", letter)}
    return regex.escape(letter) if len(forms) == 1 else f"(?:{'|'.join(map(regex.escape, sorted(forms)))})"
