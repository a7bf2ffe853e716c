"""Doubts about a text as a whole: it ends in mid-sentence, it seems to have lost its quotation marks, it is only a paywall.

What lives here: what such damage looks like in prose. What does not: which warnings stand at every passage
(LibraryEntry.doubts), characters that are damaged or hidden (text.py), what one format leaves out (its reader). Each rule says
nothing where it cannot tell: a doubt that stands at every second file would be read at none. How often each is wrong:
docs/faithful.md.
"""

from __future__ import annotations

import regex

from workbench.models import spelled_out
from workbench.quotes.words import FORMS, word_set
from workbench.reading.text import CLOSERS, ENDS, paragraph_stretches

PROSE = frozenset(
    {"text/plain", "text/markdown", "text/html", "multipart/related", "application/pdf"}
    | {"application/vnd.openxmlformats-officedocument.wordprocessingml.document"}
)
MID_SENTENCE = "the text may be cut off: it ends in mid-sentence"
ASKS_FOR_MORE = "the text may be cut off: it ends with"
NO_MARKS = "quotation marks may be lost"
ONLY_A_STUB = "the article itself may be missing"
TAIL = 6_000  # characters at the end that tell whether prose ends there
LONG = 12  # words: a shorter paragraph may be a headline, a label, a list entry or a signature
CUT = 6  # words of a last paragraph that can be said to be cut
WHOLE = 3  # long paragraphs, most of them ending as sentences do, make prose
STUB = 120  # words: a shorter web page that asks for a subscription holds little else
LEAST = 80  # words below which speech verbs tell nothing
SPOKEN = 3  # speech verbs, and as many words of a speaker about himself or to somebody
SAID = word_set("say tell add ask reply recall insist warn")

_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+(?:['’][\p{L}]+)?")
_MARKS = regex.compile(r"[“”„‟«»‹›「」『』《》\"＂]|(?<![\p{L}\p{N}])['‘‚](?=\p{L})|(?<=\p{P})['’](?!\p{L})")
_ONESELF = frozenset(
    {"i", "i'm", "i've", "i'd", "i'll", "we", "we're", "we've", "we'll", "my", "our", "us", "me", "you", "your"}
)
_NO_PROSE = regex.compile(
    r"\s*(?:[-*+•·‣#>|\[]|\d{1,3}[.)]\s)|.*(?:\t|\||://|www\.|@|©|\(c\)|copyright|all rights reserved)"
    r"|\s*(?:source|photo|image|credit|by|caption|tags?|topics|filed under|contact|follow|related|with)\b",
    regex.IGNORECASE | regex.DOTALL,
)
_MORE = regex.compile(
    r"[\s\[(>»→…]*(?:read|see|show|view|learn) (?:more|the (?:full|rest)[\w ]{0,20})|(?:continue|keep) reading"
    r"|(?:subscribe|sign (?:in|up)|log in|register)(?: now| here)? to (?:continue|read|keep|unlock|view|access)[\w ]{0,30}"
    r"|(?:already|not) a (?:subscriber|member)"
    r"|this (?:article|story|content) is (?:for|only)[\w ]{0,40}(?:subscribers|members)",
    regex.IGNORECASE,
)
_WALL = regex.compile(
    r"subscri(?:be|ption|ber)|sign in|log in|create (?:a free |an )?account|accept (?:all )?cookies|cookie (?:policy|settings)"
    r"|enable (?:javascript|cookies)|you are (?:a human|not a robot)|ad ?blocker|free trial|unlimited access",
    regex.IGNORECASE,
)


def doubts(text: str, media_type: str) -> list[str]:
    """Warnings of what a text may have lost; none for tables, subtitles, mail and other files that are no running prose."""
    if media_type not in PROSE:
        return []
    found = (_stub(text), _ending(text), _lost_marks(text))
    return [warning for warning in found if warning]


def _stub(text: str) -> str | None:
    """A page of a few words, and these ask for something."""
    if len(text) > 40 * STUB:
        return None
    words = len(_WORD.findall(text))
    asked = [found[0].lower() for found in _WALL.finditer(text)]
    if words > STUB or not asked or (len(asked) == 1 and words > STUB // 2):
        return None
    return f"{ONLY_A_STUB}: only {words} words, and they ask to “{asked[0]}”"


def _ending(text: str) -> str | None:
    start = max(0, len(text) - TAIL)
    paragraphs = [text[one.start : one.end] for one in paragraph_stretches(text, start)]
    if not paragraphs:
        return None
    last = paragraphs[-1].strip()
    if len(last) <= 120 and (asks := _MORE.fullmatch(last.rstrip(" .…>»→])!?"))):
        return f"{ASKS_FOR_MORE} “{' '.join(asks[0].split())}”"
    long = [one for one in paragraphs[:-1] if len(_WORD.findall(one)) >= LONG and not _NO_PROSE.match(one)]
    ended = sum(_is_ended(one) for one in long)
    if len(long) < WHOLE or ended * 5 < len(long) * 4 or _is_ended(last) or _NO_PROSE.match(last):
        return None
    words = _WORD.findall(last)
    lower = sum(word[0].islower() for word in words)
    if len(words) < CUT or lower * 2 < len(words) or not _breaks_off(last):
        return None
    return f"{MID_SENTENCE} (“…{spelled_out(' '.join(last.split())[-40:])}”)"


def _is_ended(paragraph: str) -> bool:
    bare = paragraph.rstrip().rstrip(CLOSERS + "*_ ")
    return not bare or bare[-1] in ENDS or paragraph.rstrip()[-1] in ":;"


def _breaks_off(last: str) -> bool:
    """Whether what follows a last sentence end, or the whole paragraph, is words of a sentence: not a place or a name."""
    return last[-1].isalnum() or last[-1] in "-–—,\u00ad"


def _lost_marks(text: str) -> str | None:
    """Somebody speaks for himself, verbs say that people spoke, and nothing is quoted."""
    if _MARKS.search(text):
        return None
    words = [word.lower().replace("’", "'") for word in _WORD.findall(text[: 20 * TAIL])]
    said = sum(FORMS.get(word) in SAID for word in words)
    oneself = sum(word in _ONESELF for word in words)
    if len(words) < LEAST or said < SPOKEN or oneself < SPOKEN:
        return None
    return f"{NO_MARKS}: {said} verbs of speech, words like “I” and “we”, and no quotation mark anywhere"
