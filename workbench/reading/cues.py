"""SubRip and WebVTT files -> cues: when each is shown, who speaks, and the lines of words.

What lives here: where a cue begins and ends, its times, its words without the markup. What does not: how cues make a text
(subtitles.py). pysubs2 1.8.1 was tried and not taken: it loses a last line that is a number ("How many were killed? / 36"),
makes words of NOTE blocks and cue names, drops `-` and the third digit of hours from times, and needs quadratic time for blank
lines. tests/test_subtitles.py reads ordinary files with both and compares.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

_STAMP = r"(-?)(?:(\d{1,9}):)?(\d{1,3}):(\d{1,3})(?:[.,](\d{1,9}))?"  # bounded: int() of thousands of digits is an error
_TIMING = re.compile(rf"\s*{_STAMP}\s*-->\s*{_STAMP}(?![\d:.,])")
_LIKE_TIMING = re.compile(r"\s*-?\d+\s*:[^>]*-->")
_NUMBER = re.compile(r"\s*\d+\s*")
_NOT_WORDS = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s|$)")
_LANGUAGE = re.compile(r"Language\s*:\s*(\S+)", re.IGNORECASE)

# Words in angle brackets that are no tag of HTML or WebVTT (`<inaudible>`, `a <b or c> d`) are words and stay.
_TAG = re.compile(
    r"</?(?:a|abbr|b|big|br|c|center|code|del|div|em|font|h[1-6]|hr|i|iframe|img|ins|lang|li|ol|p|pre|rp|rt|ruby|s|script|small"
    r"|span|strike|strong|style|sub|sup|svg|tt|u|ul|v)(?:\.[^\s/<>]*)?(?:[\s/][^<>]*)?>|<\d[\d:.]*>|\{\\[^{}]*\}",
    re.IGNORECASE,
)
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?\s+([^<>]+)>", re.IGNORECASE)
_LINE_BREAK = re.compile(r"<br\b", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


class Line(NamedTuple):
    """A line of a cue. speaker: whom a `<v Name>` names, None where none does."""

    speaker: str | None
    words: str


class Cue(NamedTuple):
    """One subtitle. start, end: milliseconds, end not before start; start may be negative. lines: those with words in them."""

    start: int
    end: int
    lines: tuple[Line, ...]


@dataclass
class Track:
    """The cues of a file, in its order. left_out: lines outside any cue; untimed: cues whose times cannot be read."""

    cues: list[Cue] = field(default_factory=list)
    language: str | None = None
    left_out: int = 0
    untimed: int = 0


def subrip(text: str) -> Track:
    """The cues of a SubRip file. A cue goes on to the next line of times, over blank lines as well; its number is no word."""
    track = Track()
    times: tuple[int, int] | None = None
    lines: list[str] = []
    number = ""
    for line in text.split("\n"):
        if not _is_of_times(line):
            lines.append(line)
            continue
        found = _times(line)
        ahead = _taken_number(lines, number)
        _close(track, times, lines, is_vtt=False)
        times, lines, number = found, [], ahead
        track.untimed += not found
    _close(track, times, lines, is_vtt=False)
    return track


def webvtt(text: str) -> Track:
    """The cues of a WebVTT file. A cue ends at an empty line; header, NOTE, STYLE, REGION and names of cues are no words."""
    header, _, body = text.partition("\n\n")
    if not text.startswith("WEBVTT") or "-->" in header:
        header, body = "", text
    stated = _LANGUAGE.search(header)
    track = Track(language=stated[1] if stated else None)
    for block in re.split(r"\n{2,}", body):
        _read_block(track, block.strip("\n").split("\n"))
    return track


def timecode(milliseconds: int) -> str:
    """`HH:MM:SS.mmm`; three digits or more for a hundred hours; a time before zero is zero."""
    seconds, rest = divmod(max(0, milliseconds), 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}"


# --- blocks and lines ----------------------------------------------------------------------------------------------


def _read_block(track: Track, block: list[str]) -> None:
    """What a block of a WebVTT file says: a cue (or several, where the empty line between them is missing)."""
    times: tuple[int, int] | None = None
    is_cue = False
    lines: list[str] = []
    for line in block:
        if not _is_of_times(line):
            lines.append(line)
            continue
        found = _times(line)
        if is_cue:
            if len(lines) > 1 and not lines[-2].strip():
                lines.pop()  # the name of the next cue, after a line of white space
            _close(track, times, lines, is_vtt=True)
        elif not (lines and _NOT_WORDS.match(lines[0])):
            track.left_out += sum(1 for each in lines[:-1] if each.strip())  # the last one is the name of the cue
        times, lines, is_cue = found, [], True
        track.untimed += not found
    if is_cue:
        _close(track, times, lines, is_vtt=True)
    elif not _NOT_WORDS.match(block[0]):
        track.left_out += sum(1 for each in lines if each.strip())


def _taken_number(lines: list[str], before: str) -> str:
    """The number of the cue whose times come next, taken from the end of `lines`; "" where there is none.

    A number without a blank line before it may be the last words of a cue, unless it goes on counting.
    """
    if not lines or not _NUMBER.fullmatch(lines[-1]):
        return ""
    number = lines[-1].strip()
    counts_on = before.isdecimal() and len(number) < 10 and len(before) < 10 and int(number) == int(before) + 1
    if len(lines) > 1 and lines[-2].strip() and not counts_on:
        return ""
    lines.pop()
    return number


def _close(track: Track, times: tuple[int, int] | None, lines: list[str], *, is_vtt: bool) -> None:
    """Put the cue that ends here on the track; lines that belong to none are counted."""
    if times is None:
        track.left_out += sum(1 for line in lines if line.strip())
        return
    track.cues.append(Cue(*times, tuple(_lines("\n".join(lines), is_vtt=is_vtt))))


def _is_of_times(line: str) -> bool:
    return "-->" in line and _LIKE_TIMING.match(line) is not None


def _times(line: str) -> tuple[int, int] | None:
    """(start, end) in milliseconds; None where they cannot be read."""
    found = _TIMING.match(line)
    if not found:
        return None
    groups = found.groups()
    start, end = _milliseconds(*groups[:5]), _milliseconds(*groups[5:])
    return start, max(start, end)


def _milliseconds(sign: str, hours: str | None, minutes: str, seconds: str, fraction: str | None) -> int:
    whole = (int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)
    total = whole * 1000 + int((fraction or "0")[:3].ljust(3, "0"))
    return -total if sign else total


# --- words ---------------------------------------------------------------------------------------------------------


def _lines(markup: str, *, is_vtt: bool) -> Iterator[Line]:
    """The lines of a cue that have words in them, without tags and white space at their edges; nothing else is changed."""
    speaker: str | None = None
    pending: list[str] = []
    at = 0
    for tag in _TAG.finditer(markup):
        pending.append(markup[at : tag.start()])
        at = tag.end()
        voice = _VOICE.fullmatch(tag[0])
        if voice or tag[0].lower() == "</v>":
            yield from _spoken(speaker, "".join(pending), is_vtt=is_vtt)
            pending.clear()
            speaker = " ".join(_decoded(voice[1]).split()) or None if voice else None
        elif _LINE_BREAK.match(tag[0]):
            pending.append("\n")
    pending.append(markup[at:])
    yield from _spoken(speaker, "".join(pending), is_vtt=is_vtt)


def _spoken(speaker: str | None, text: str, *, is_vtt: bool) -> Iterator[Line]:
    for line in (_decoded(text) if is_vtt else text).split("\n"):
        words = line.strip()
        if words:
            yield Line(speaker, words)


def _decoded(text: str) -> str:
    """The text with its character references as characters: those of HTML, as WebVTT has it."""
    return _ENTITY.sub(lambda found: html.unescape(found[0]), text).replace("\r", "\n")
