"""Whole words of a text: where the ones somebody typed or selected stand, and that none of them is cut. Pure.

What lives here: the one rule for words that are picked out of a text, be it of a file or of a claim's statement. What does
not: how two spellings are one (matching.py), what is done with the words (citing.py, fragments.py).
"""

from __future__ import annotations

import regex

from workbench.errors import Refused
from workbench.models import Span

MOST = 20_000  # characters that can be cited at once: more than this is a document, not a quotation
_HAS_WORD = regex.compile(r"[\p{L}\p{N}]")
# Scripts that write words without spaces: there, every character may begin or end a word.
_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tai_Tham}\p{Tibetan}"
_SPACED = rf"[[\p{{L}}\p{{N}}\p{{M}}]--[{_UNSPACED}]]"
# Inside a word, before a combining mark, inside a joined emoji, or under a consonant that is stacked (Burmese, Khmer).
_CUT = regex.compile(
    rf"(?V1)(?<={_SPACED})(?={_SPACED})|(?=[\p{{M}}\p{{Emoji_Modifier}}\u200C\u200D])|(?<=[\u200D\u1039\u17D2])"
)


def whole_words(text: str, span: Span) -> Span:
    """The span without white space at its edges. Raises: Refused where it holds no word, cuts one, or is a whole document."""
    words = text[span.start : span.end]
    start = span.start + len(words) - len(words.lstrip())
    end = span.start + len(words.rstrip())
    if start >= end or not _HAS_WORD.search(text, start, end):
        raise Refused(f"“{words.strip()}” holds no word.", hint="Select a word at least.", code="no_words")
    if end - start > MOST:
        raise Refused(
            f"{end - start:,} characters are more than can be cited at once ({MOST:,}).",
            hint="Select the sentences that matter.",
            code="too_many_words",
        )
    if _cuts(text, Span(start=start, end=end)):
        raise Refused(
            f"“{shortened(text[start:end])}” begins or ends inside a word.",
            hint="A part of a word may say something else. Select whole words.",
            code="cut_word",
        )
    return Span(start=start, end=end)


def _cuts(text: str, span: Span) -> bool:
    """Whether the span begins or ends inside a word, or parts a letter from its marks."""
    return any(_CUT.match(text, at) for at in (span.start, span.end) if 0 < at < len(text))


def only_place(words: str, text: str, where: str = "here") -> Span:
    """Where the words stand in the text, whole ones; quotation marks, dashes and letter case may be typed otherwise.

    where: what a message calls the text. Raises: Refused where they are not there, or more than once.
    """
    from workbench.matching import find_words

    found = [span for span in find_words(words.strip(), text) if not _cuts(text, span)]
    if len(found) != 1:
        said = f"do not stand {where}" if not found else f"stand {where} {len(found)} times"
        raise Refused(
            f"The words “{shortened(words)}” {said}." if words.strip() else "No words were given.",
            hint="Type them as they stand there, and enough of them to be found once.",
            code="words_not_found",
        )
    return found[0]


def shortened(text: str) -> str:
    """The text in one line of at most 80 characters, for a message that names it."""
    folded = " ".join(text.split())
    return folded if len(folded) <= 80 else f"{folded[:60].rstrip()} … {folded[-15:].lstrip()}"
