"""Plain text and Markdown, and what every reader needs: decoding, canonical text, its warnings, its paragraphs.

What lives here: bytes -> characters, kept as they are. What does not: Markdown rendering (Markdown is read as the text it is),
guessing titles. The only door to charset-normalizer.
"""

from __future__ import annotations

import codecs
import functools
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import metadata
from typing import NamedTuple

import regex

from workbench.errors import FileFailure
from workbench.models import Described, Place, SourceMeta

REVISION = 1  # of this reader; raise it when the text it gives for some file changes
MAX_CHARACTERS = 64_000_000  # a hundred thousand pages; beyond that a file is a data set, not a document
MAX_PARAGRAPH_MARKS = 200_000  # more would cost more memory than the text itself
DAMAGE_SHARE = 100  # of so many characters of a marked file one may be damaged
GUESSABLE = ["utf_8", "cp1252", "gb18030", "big5", "utf_16"]  # unrestricted, French cp1252 came out as cp1250

WIDEST_WRAP = 250  # characters: not even a landscape PDF wraps wider, so a longer line is a paragraph of its own
ENDS = ".!?…。！？។៕။۔؟।॥"  # what ends a sentence in the scripts we read
CLOSERS = "”’»›“‘」』）)】]\"'"  # what may follow it (“ and ‘ close in German)

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_UTF7_MARKS = (b"+/v8-", b"+/v9-", b"+/v+", b"+/v/")
_SAME_ON_THE_WEB = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030"}  # WHATWG's labels
_NOT_CHARSETS = {"unicode-escape", "raw-unicode-escape", "punycode", "idna", "undefined"}
_BLANK_LINE = re.compile(r"\n\s*\n")
_LINE = re.compile(r"[^\n]+")
_BULLET = re.compile(r"\s*[-*+•·‣]\s")
_OPENS = re.compile(
    r"\s*(?:[“«„「『]|[\"‘'](?=\w))"
)  # each paragraph of a long quotation opens it anew, only the last closes it
_ABBREVIATION = re.compile(r"(?:^|[\s(“\"'])(?:[A-Z][a-z]{0,3}|(?:\w\.)+\w)\.$")  # Gen. Nov. U.S.: perhaps no sentence end
_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile("[\x01-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ue000-\uf8ff]")
# Khmer, Burmese, Thai and Lao write ZWSP between words; Indic and Arabic letters and emoji need the joiners
_ORDINARY = regex.compile(
    r"(?<=[\p{Khmer}\p{Myanmar}\p{Thai}\p{Lao}])\u200b+|(?<=[\p{Indic_Syllabic_Category=Virama}\p{Arabic}])[\u200c\u200d]"
    r"|(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f])\u200d"
)
_TWO_ALPHABETS = regex.compile(r"(?:\p{Latin}\p{Cyrillic}|\p{Cyrillic}\p{Latin})\w*")  # pаypal: its second letter is no a
HIDDEN = regex.compile(r"[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\U000e0000-\U000e007f]")


class Part(NamedTuple):
    """A file inside a file: an attachment, an entry of an archive. name: as the file has it, with `/`; not to be trusted."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Reading:
    """What the reader of one format found in a file; the worker makes the Source of it. text: canonical.

    parts: files inside it that are sources of their own. describes: what it is a colleague's description of. scans: numbers,
    from 1, of pages without text, OCR not yet tried.
    """

    text: str
    places: tuple[Place, ...]
    reader: str
    reader_version: str
    meta: SourceMeta = field(default_factory=SourceMeta)
    warnings: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    describes: Described | None = None
    scans: tuple[int, ...] = ()


@functools.cache
def version(package: str) -> str:
    """The installed version of a package, looked up once: the package's whole description is parsed for it."""
    return metadata.version(package)


def read(data: bytes, name: str) -> Reading:
    """A text or Markdown file. Its text is the file's own, line ends made LF; no title is guessed."""
    decoded, warnings = decode(data, name)
    check_length(decoded, name)
    text, nuls = clean(decoded)
    warnings += web_page_by_its_looks(text, "plain text")
    places = mark_paragraphs(text, warnings)
    reader_version = f"charset-normalizer {version('charset-normalizer')} + {REVISION}"
    return Reading(text, places, "text", reader_version, warnings=(*warnings, *remarks(text, nuls)))


def check_length(text: str, name: str) -> None:
    """Refuse a text that is longer than a document can be. Raises: FileFailure too_complex."""
    if len(text) > MAX_CHARACTERS:
        raise FileFailure(
            f"{name}: {len(text):,} characters of text; at most {MAX_CHARACTERS:,} are read.",
            hint="Split the file into parts and add those.",
            code="too_complex",
        )


def clean(text: str) -> tuple[str, int]:
    """(canonical text, number of NUL characters removed): LF line ends, no BOM in front, lone surrogates as U+FFFD."""
    text = text.removeprefix("\ufeff")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    nuls = text.count("\x00")
    if nuls:
        text = text.replace("\x00", "")
    return _SURROGATE.sub("\ufffd", text), nuls


def remarks(text: str, nuls: int = 0) -> list[str]:
    """Warnings about what a reader of the text cannot see, or should not trust. The characters stay in the text."""
    is_plain = text.isascii()  # most long files are, and ASCII has none of what three of the searches look for
    hidden = 0 if is_plain else len(HIDDEN.findall(text)) - sum(len(found) for found in _ORDINARY.findall(text))
    counted = (
        (nuls, "NUL characters removed: {}"),
        (text.count("\ufffd"), "replacement characters: {} (the text is damaged there)"),
        (len(_CONTROL.findall(text)), "unreadable characters: {} (control codes or private use)"),
        (hidden, "hidden characters: {}"),
        (
            0 if is_plain else len(_TWO_ALPHABETS.findall(text)),
            "words with Latin and Cyrillic letters in one: {} (they look alike and are not)",
        ),
    )
    return [words.format(number) for number, words in counted if number]


def hidden_places(text: str) -> list[int]:
    """Where in a passage characters stand that show nothing; not those that a script or an emoji is written with."""
    if text.isascii() or not HIDDEN.search(text):
        return []
    ordinary = {at for found in _ORDINARY.finditer(text) for at in range(found.start(), found.end())}
    return [found.start() for found in HIDDEN.finditer(text) if found.start() not in ordinary]


def web_page_by_its_looks(text: str, read_as: str) -> list[str]:
    """A warning where a text begins like a web page; its bytes alone do not tell."""
    if not re.match(r"\s*<(?:!doctype html|html)[\s>]", text[:1000], re.IGNORECASE):
        return []
    return [f"begins like a web page, but was read as {read_as}; name it .html to read the article in it"]


def mark_paragraphs(text: str, warnings: list[str]) -> tuple[Place, ...]:
    """One Place per paragraph, labelled 1, 2, 3…; none (and a warning) where there are too many to be of use."""
    places: list[Place] = []
    for number, stretch in enumerate(paragraph_stretches(text), start=1):
        if number > MAX_PARAGRAPH_MARKS:
            warnings.append(f"paragraphs are not numbered: there are more than {MAX_PARAGRAPH_MARKS:,}")
            return ()
        places.append(Place(start=stretch.start, end=stretch.end, kind="paragraph", label=str(number)))
    return tuple(places)


# --- paragraphs -----------------------------------------------------------------------------------------------------


class Stretch(NamedTuple):
    """A Span as a plain tuple, because a long file has millions."""

    start: int
    end: int


def paragraph_stretches(text: str, start: int = 0, end: int | None = None) -> Iterator[Stretch]:
    """The paragraphs of text[start:end]: blocks between blank lines, or the lines of a block that has one paragraph a line."""
    end = len(text) if end is None else end
    for blank in itertools.chain(_BLANK_LINE.finditer(text, start, end), [None]):
        stop = blank.start() if blank else end
        yield from _paragraphs_of_block(text, start, stop)
        start = blank.end() if blank else end


def trimmed(text: str, start: int, end: int) -> Stretch | None:
    """The stretch without white space at its edges; None where nothing is left."""
    piece = text[start:end]
    kept = piece.lstrip()
    if not kept:
        return None
    start += len(piece) - len(kept)
    return Stretch(start, start + len(kept.rstrip()))


def _paragraphs_of_block(text: str, start: int, end: int) -> Iterator[Stretch]:
    if text.find("\n", start, end) == -1:
        only = trimmed(text, start, end)
        if only:
            yield only
        return
    lines = [text[m.start() : m.end()].rstrip() for m in _LINE.finditer(text, start, end)]
    starts = [m.start() for m in _LINE.finditer(text, start, end)]
    width = max(map(len, lines), default=0)
    one_each = any(len(line) > WIDEST_WRAP and not _is_one_token(line) for line in lines)
    listed = bool(lines) and bool(_BULLET.match(lines[0]))
    opened = start
    for number in range(1, len(lines)):
        if one_each or _breaks(lines[number - 1], lines[number], width) or (listed and _BULLET.match(lines[number])):
            found = trimmed(text, opened, starts[number])
            if found:
                yield found
            opened = starts[number]
    found = trimmed(text, opened, end)
    if found:
        yield found


def _is_one_token(line: str) -> bool:
    """Whether a long line is an address or the like, which no wrapping can shorten (perhaps behind a bullet or a number)."""
    return line.isascii() and len(line.split(maxsplit=3)) <= 2


def _breaks(line: str, following: str, width: int) -> bool:
    """Whether the line end after `line` ends a paragraph, in a block of short lines of which `width` is the longest."""
    if "\t" in line and "\t" in following:
        return True  # rows of a table
    bare = line.rstrip(CLOSERS)
    if not bare or bare[-1] not in ENDS:
        return False
    next_word = following.split(maxsplit=1)[:1]
    if not next_word or (len(line) + 1 + len(next_word[0]) > width and not _OPENS.match(following)):
        return False  # the next word had no room: an ordinary wrap, left to sentencex
    return not _ABBREVIATION.search(line)


# --- decoding ------------------------------------------------------------------------------------------------------


def decode(data: bytes, name: str, *, declared: str | None = None) -> tuple[str, list[str]]:
    """(characters, warnings): strict UTF-8, else byte order mark or declared charset, else a guess that is named.

    declared: the charset the file itself states. Raises: FileFailure bad_encoding, type_mismatch.
    """
    declared = known_charset(declared, name) if declared else None
    if data.startswith(_UTF7_MARKS):
        raise _utf7(name)
    wide = _wide_without_mark(data)
    if wide is None and not (declared and declared.startswith("iso2022") and b"\x1b" in data):
        try:
            return _not_binary(data.decode("utf-8"), name), _contradiction(data, declared)
        except UnicodeDecodeError:
            pass
    marked = next((encoding for mark, encoding in _BOMS if data.startswith(mark)), None)
    for encoding in filter(None, (marked, declared)):
        try:
            return data.decode(encoding), []
        except (UnicodeError, LookupError):  # LookupError: a codec of Python's that is no charset, such as "hex"
            continue
    return _guess(data, name, wide, marked)


def _guess(data: bytes, name: str, wide: str | None, marked: str | None) -> tuple[str, list[str]]:
    if wide:
        return data.decode(wide, errors="replace"), [_guessed(wide)]
    if marked and marked != "utf-8":
        mended = data.decode(marked, errors="replace")
        if mended.count("\ufffd") * DAMAGE_SHARE <= len(mended):  # more, and the mark stood there by chance
            return mended, [f"the file is {marked.upper()} with invalid bytes in it"]
    mended = data.decode("utf-8", errors="replace")
    bad = mended.count("\ufffd")
    if sum(map(len, re.findall(r"[^\x00-\x7f\ufffd]+", mended))) > 4 * bad:
        return mended, ["the file is UTF-8 with invalid bytes in it"]  # a few bad bytes must not turn the rest into mojibake
    from charset_normalizer import from_bytes

    best = from_bytes(data, cp_isolation=GUESSABLE).best()
    if best is None:
        raise FileFailure(
            f"{name}: the characters cannot be told from the bytes (not UTF-8, and none stated or likely).",
            hint="Save the file as UTF-8 text and add it again.",
            code="bad_encoding",
        )
    return _not_binary(str(best), name), [_guessed(best.encoding)]


def _guessed(encoding: str) -> str:
    return f"encoding guessed: {encoding.replace('_', '-')}; check accents and quotation marks against the original"


def _wide_without_mark(data: bytes) -> str | None:
    """UTF-16 or UTF-32 without a byte order mark, told by where the zero bytes of Latin text stand."""
    head = data[:4096]
    head = head[: len(head) // 4 * 4]
    if not head or head.count(0) * 5 < len(head) * 2 or data.startswith(tuple(mark for mark, _ in _BOMS)):
        return None
    zeros = [head[lane::4].count(0) * 10 >= len(head) // 4 * 7 for lane in range(4)]
    lanes = {
        (False, True, True, True): "utf-32-le",
        (True, True, True, False): "utf-32-be",
        (False, True, False, True): "utf-16-le",
        (True, False, True, False): "utf-16-be",
    }
    return lanes.get((zeros[0], zeros[1], zeros[2], zeros[3]))


def known_charset(declared: str, name: str) -> str | None:
    """Python's name of a stated charset; None where there is no such charset. Raises: FileFailure for UTF-7."""
    try:
        encoding = codecs.lookup(declared.strip()).name
    except (LookupError, ValueError):
        return None
    if encoding == "utf-7":
        raise _utf7(name)
    return None if encoding in _NOT_CHARSETS else _SAME_ON_THE_WEB.get(encoding, encoding)


def _contradiction(data: bytes, declared: str | None) -> list[str]:
    if declared is None or declared.startswith("utf-8") or data.isascii():
        return []
    return [f"the file says its charset is {declared}, but its bytes are UTF-8; read as UTF-8"]


def _not_binary(text: str, name: str) -> str:
    head = text[:4096]
    if len(re.findall("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]", head)) * 10 > len(head) and head.count("\x00") < len(head):
        raise FileFailure(
            f"{name}: its content is not text; more than one character in ten is a control code.",
            hint="Check what kind of file this is, give it the right suffix, and add it again.",
            code="type_mismatch",
        )
    return text


def _utf7(name: str) -> FileFailure:
    return FileFailure(
        f"{name}: its charset is UTF-7, which can hide markup and is refused.",
        hint="Save the file as UTF-8 and add it again.",
        code="bad_encoding",
    )
