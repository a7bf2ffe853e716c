"""Words found again in a text, however the two happen to be typed: the folded view of a text, with its way back.

What lives here: folding (letter case, quote marks, dashes, ligatures, hidden characters, broken lines) with an offset map, and
the two questions asked of it: where do these words stand, and which words of the query are here. What does not: scores,
fuzzy likeness, or anything that changes a stored text (display and hashes always use the original).
"""

from __future__ import annotations

import unicodedata
from array import array
from collections.abc import Iterator, Set
from dataclasses import dataclass
from functools import lru_cache

import regex

from workbench.models import Span

SHORT = 2_000  # characters: what is as short as a passage or a claim is folded once and remembered
LONGEST_CLUSTER = 64  # code points normalised at once: putting marks in order costs the square of their number (case 17)

# One pass, first match wins: a word broken over a line end, white space, plain ASCII, then any one grapheme.
_PIECE = regex.compile(
    r"(?P<broken>(?<=\p{L})[-\u2010\u00AD][^\S\n]*\n[^\S\n]*(?=\p{Ll}))"
    r"|(?P<space>\s+)"
    r"|(?P<plain>[!-,.-~]+(?![^\x00-\x7F]))"  # not before a mark that would combine with its last letter
    r"|(?P<cluster>\X)",
    regex.DOTALL,
)
_HIDDEN = regex.compile(r"\p{Default_Ignorable_Code_Point}+")  # soft hyphen, zero-width, bidi, tags, variation selectors

_LOOKALIKES = str.maketrans(
    dict.fromkeys("‘’‚‛′ʼ＇", "'") | dict.fromkeys("“”„‟″«»＂", '"') | dict.fromkeys("‐‑‒–—―−﹘﹣－", "-")
)

# Compatibility forms that say something of their own: 883² is not 8832, 5½ is not 51/2, ① is not 1.
_KEPT_FORMS = ("<super>", "<sub>", "<fraction>", "<circle>")


@dataclass(frozen=True, slots=True)
class Folded:
    """A text as it is compared. Character i of `text` comes from [starts[i], ends[i]) of the original, `length` long."""

    text: str
    starts: array[int]
    ends: array[int]
    length: int

    def span(self, start: int, end: int) -> Span:
        """The stretch of the original that [start, end) of the folded text came from; whole graphemes only."""
        if start < end:
            return Span(start=self.starts[start], end=self.ends[end - 1])
        place = self.starts[start] if start < len(self.starts) else self.length
        return Span(start=place, end=place)


@lru_cache(maxsize=8192)
def _fold_cluster(cluster: str) -> str:
    visible = _HIDDEN.sub("", cluster)
    if not visible:
        return ""
    if unicodedata.decomposition(visible[0]).startswith(_KEPT_FORMS):
        return unicodedata.normalize("NFC", visible).casefold()
    compared = unicodedata.normalize("NFKC", visible.translate(_LOOKALIKES)).casefold()
    return unicodedata.normalize("NFKC", compared).translate(_LOOKALIKES)  # casefolding can undo the composition


def fold(text: str) -> Folded:
    """The text as it is compared: case, compatibility forms and look-alike marks folded, hidden characters gone.

    White space runs become one space; a word broken by a hyphen at a line end is joined (a `non-` there makes `nonprofit`).
    """
    return _fold_short(text) if len(text) <= SHORT else _fold(text)


def folded_text(text: str) -> str:
    """The text of `fold` without white space at its ends and without the way back: plain text takes a twentieth of the time."""
    if text.isascii() and "\n" not in text:
        return " ".join(text.lower().split())
    return fold(text).text.strip()


@lru_cache(maxsize=512)
def _fold_short(text: str) -> Folded:
    """A page is drawn again and again with the same passages."""
    return _fold(text)


def _fold(text: str) -> Folded:
    parts: list[str] = []
    starts, ends = array("L"), array("L")
    for piece in _PIECE.finditer(text):
        start, end = piece.span()
        if piece.lastgroup == "plain":
            parts.append(piece[0].lower())
            starts.extend(range(start, end))
            ends.extend(range(start + 1, end + 1))
        elif piece.lastgroup == "space":
            if not parts or parts[-1] != " ":
                parts.append(" ")
                starts.append(start)
                ends.append(end)
        elif piece.lastgroup == "cluster":
            for at in range(start, end, LONGEST_CLUSTER):
                stop = min(end, at + LONGEST_CLUSTER)
                if folded := _fold_cluster(text[at:stop]):
                    parts.append(folded)
                    starts.extend([at] * len(folded))
                    ends.extend([stop] * len(folded))
    return Folded("".join(parts), starts, ends, len(text))


def _places(needle: str, haystack: str) -> Iterator[tuple[int, int]]:
    at = haystack.find(needle)
    while at >= 0:
        yield at, at + len(needle)
        at = haystack.find(needle, at + len(needle))


def find_words(words: str, text: str) -> list[Span]:
    """Where the words stand in the text, in order, not overlapping: letter for letter, or where that fails, folded.

    Parts of words count too ("art" stands in "party"). [] where they do not stand, and for no words at all.
    """
    if words and (exact := list(_places(words, text))):
        return [Span(start=start, end=end) for start, end in exact]
    wanted = fold(words).text.strip()
    if not wanted:
        return []
    folded = fold(text)
    return [folded.span(start, end) for start, end in _places(wanted, folded.text)]


# --- the words of a query ------------------------------------------------------------------------------------------

_SPACELESS = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"  # scripts that put no space between words
_WORD = regex.compile(
    rf"(?V1)(?P<run>[{_SPACELESS}]+)"
    r"|(?P<number>\d+(?:[.,]\d+)*)(?!\w)"
    rf"|(?P<word>[\w--[{_SPACELESS}]]+(?:'[\w--[{_SPACELESS}]]+)*)",
)
_HAN = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}]")
HAN_CHARACTERS = 2  # most Chinese words are two characters long
OTHER_SYLLABLES = 3  # written syllables of Burmese, Khmer, Thai: two would match by chance

# Words that say nothing about what a sentence is about. "no" and "not" are here too: the lens looks at negation, not this.
_STOP = """
a about above after again against all also although am among an and any are around as at back be became because become been
before being below between both but by came can cannot could did do does doing done down during each either else ever every
few for from further get gets got had has have having he her here hers herself him himself his how however i if in into is
it its itself just let like made make makes many may me might mine more most much must my myself near neither no nor not now
of off often on once only onto or other others ought our ours out over own per quite rather same shall she should since so
some such than that the their theirs them themselves then there these they this those though through thus till to too toward
towards under until up upon us very via was we well went were what when where whether which while who whom whose why will
with within without would yet you your yours
"""
STOP_WORDS = frozenset(_STOP.split())

# (ending, what takes its place, shortest word it applies to). First match wins; both sides are stemmed alike, so a stem need
# only be the same for the forms of one word, never be a word.
_ENDINGS = (
    ("'s", "", 3),
    ("ies", "y", 5),
    ("sses", "ss", 6),
    ("shes", "sh", 6),
    ("ches", "ch", 6),
    ("ss", "ss", 3),
    ("us", "us", 3),
    ("is", "is", 3),
    ("s", "", 4),
)
_VERB_ENDINGS = (("ing", 6), ("ed", 5), ("ly", 6))


@lru_cache(maxsize=8192)
def _stem(word: str) -> str:
    if not word.isascii() or len(word) < 3:
        return word
    for ending, replacement, shortest in _ENDINGS:
        if word.endswith(ending) and len(word) >= shortest:
            word = word[: -len(ending)] + replacement
            break
    for ending, shortest in _VERB_ENDINGS:
        if word.endswith(ending) and len(word) >= shortest:
            word = word[: -len(ending)]
            if word[-1] == word[-2] and word[-1] not in "lsz":  # stopped, stop; but called, call
                word = word[:-1]
            break
    return word[:-1] if len(word) > 3 and word.endswith("e") else word  # make, making


def _syllables(run: str) -> list[tuple[int, int]]:
    return [piece.span() for piece in regex.finditer(r"\X", run)]


def _windows(run: str) -> Iterator[tuple[int, int]]:
    pieces = _syllables(run)
    width = min(len(pieces), HAN_CHARACTERS if _HAN.match(run) else OTHER_SYLLABLES)
    for first in range(len(pieces) - width + 1):
        yield pieces[first][0], pieces[first + width - 1][1]


@lru_cache(maxsize=64)
def _keys(query: str) -> frozenset[str]:
    """What tells whether a word of a text is one of the query; a search asks it of each of its passages."""
    keys: set[str] = set()
    for word in _WORD.finditer(fold(query).text):
        if word.lastgroup == "run":
            keys.update(word[0][start:end] for start, end in _windows(word[0]))
        elif word[0] not in STOP_WORDS:
            keys.add(_key(word))
    return frozenset(keys)


def _key(word: regex.Match[str]) -> str:
    return word[0].replace(",", "") if word.lastgroup == "number" else _stem(word[0])


def _covered(run: str, keys: Set[str]) -> Iterator[tuple[int, int]]:
    """The stretches of a run without spaces that the keys cover; a query of one syllable is looked for by itself."""
    widths = {len(key) for key in keys}
    start = end = -1
    for at, _ in _syllables(run):
        reach = max((at + width for width in widths if at + width <= len(run) and run[at : at + width] in keys), default=-1)
        if reach < 0:
            continue
        if at > end:
            if end > start:
                yield start, end
            start = at
        end = max(end, reach)
    if end > start:
        yield start, end


def matched_spans(query: str, text: str) -> tuple[Span, ...]:
    """Where the text has words of the query: stop words left out, forms of one English word alike, 1,400 like 1400.

    In order, not overlapping, one span a word; in scripts without spaces one span a stretch of shared syllables.
    """
    keys = _keys(query)
    run_keys = {key for key in keys if regex.match(rf"[{_SPACELESS}]", key)}
    folded = fold(text)
    spans: list[Span] = []
    for word in _WORD.finditer(folded.text):
        if word.lastgroup == "run":
            found = [(word.start() + start, word.start() + end) for start, end in _covered(word[0], run_keys)]
        else:
            found = [word.span()] if _key(word) in keys else []
        for start, end in found:
            span = folded.span(start, end)
            if not spans or span.start >= spans[-1].end:  # one character may fold to two words
                spans.append(span)
    return tuple(spans)


def phrase_spans(phrase: str, text: str, *, is_open: bool = False) -> tuple[Span, ...]:
    """Where the words of a phrase stand in a text one after the other, whatever is between them that is no word; accents aside.

    In scripts without spaces a phrase may begin and end anywhere in a run. is_open: its last word may go on.
    """
    wanted = [word for word, _, _ in _pieces(fold(phrase).text)]
    if not wanted:
        return ()
    folded = fold(text)
    pieces = list(_pieces(folded.text))
    spans: list[Span] = []
    at = 0
    while at + len(wanted) <= len(pieces):
        here = [word for word, _, _ in pieces[at : at + len(wanted)]]
        if here[:-1] == wanted[:-1] and (here[-1] == wanted[-1] or (is_open and here[-1].startswith(wanted[-1]))):
            spans.append(folded.span(pieces[at][1], pieces[at + len(wanted) - 1][2]))
            at += len(wanted)
        else:
            at += 1
    return tuple(spans)


def syllables(run: str) -> list[str]:
    """A run of a script without spaces, cut where a reader may point between two signs."""
    return [run[start:end] for start, end in _syllables(run)]


def _pieces(folded: str) -> Iterator[tuple[str, int, int]]:
    """(word, start, end) of each word of a folded text; of each syllable in scripts without spaces."""
    for word in _WORD.finditer(folded):
        if word.lastgroup == "run":
            yield from ((word[0][start:end], word.start() + start, word.start() + end) for start, end in _syllables(word[0]))
        elif word.lastgroup == "number":
            yield word[0].replace(",", ""), *word.span()
        else:
            yield from (
                (_plain(part[0]), word.start() + part.start(), word.start() + part.end()) for part in _PART.finditer(word[0])
            )


_PART = regex.compile(r"[^']+")  # "don't" is two words in the index


@lru_cache(maxsize=8192)
def _plain(word: str) -> str:
    """A word without its accents."""
    if word.isascii():
        return word
    return "".join(one for one in unicodedata.normalize("NFD", word) if not unicodedata.combining(one))
