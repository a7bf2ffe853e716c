"""Subtitles and captions (.srt, .vtt): the words that are spoken, each cue with the time it is first seen at.

What lives here: cues -> Reading. The text is the words as the cues have them, without tags and positions. Cues that follow one
another are one utterance, a line each; a blank line stands where the speaker changes, as far as the file shows it (`<v Name>`,
`NAME:`, a dash, `>>`), where nobody speaks for two seconds, and where the time jumps back. Whom a `<v Name>` names is set
before the words as "Name: ", the only characters that are not the file's. What does not: finding the cues (cues.py).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import NamedTuple

from workbench.errors import FileFailure
from workbench.models import Place, SourceMeta
from workbench.reading.cues import Cue, Line, Track, subrip, timecode, webvtt
from workbench.reading.stated import language_code
from workbench.reading.text import CLOSERS, ENDS, Reading, check_length, clean, decode, remarks

REVISION = 1  # of this reader; raise it when the text it gives for some file changes
PAUSE = 2_000  # milliseconds without a cue after which somebody begins anew
MAX_CUES = 200_000  # a week of speech; the marks of more would cost more memory than the text

SCREEN_LINES = 4  # no more lines are shown at once, so no more are repeated from the cue before
SEAM = 100  # milliseconds: a caption that rolls on shows the old line again at once
ROLLING = 5  # one cue in this many repeats a line where captions roll; in a film somebody says "No." twice

_DASH = re.compile(r"(?:>>+|[-‐‑–—―](?!\d))\s*(?P<letter>\S)")
_NAMED = re.compile(r"(?P<name>[^\W\d_][^:：.!?。…\n]{0,39})(?:：|:(?=\s|$))")


class _Row(NamedTuple):
    """A line of the text on its way there. opens: whether somebody begins to speak; first: whether its cue begins with it."""

    line: Line
    opens: bool
    first: bool
    start: int


def read(data: bytes, name: str) -> Reading:
    """A subtitle file. Raises: FileFailure malformed_subtitles, no_text, too_complex, bad_encoding, type_mismatch."""
    decoded, warnings = decode(data, name)
    check_length(decoded, name)
    markup, nuls = clean(decoded)
    _check_size(markup, name)
    track = webvtt(markup) if markup.startswith("WEBVTT") or name.lower().endswith(".vtt") else subrip(markup)
    if not track.cues:
        raise _malformed(track, name)
    repeated = _repeated(track.cues)
    text, places = _put_together(_rows(track.cues, repeated))
    if not text:
        raise FileFailure(
            f"{name}: none of its {len(track.cues):,} subtitles has words in it.",
            hint="If the subtitles are pictures, run them through OCR and add the result.",
            code="no_text",
        )
    warnings += _remarks(track, sum(repeated))
    meta = SourceMeta(language=language_code(track.language))
    return Reading(text, places, "subtitles", f"cues + {REVISION}", meta, (*warnings, *remarks(text, nuls)))


def _check_size(markup: str, name: str) -> None:
    """Refuse a file of too many cues before they are made."""
    arrows = markup.count("-->")
    if arrows > MAX_CUES:
        raise FileFailure(
            f"{name}: it has {arrows:,} subtitles; at most {MAX_CUES:,} are read.",
            hint="Split the file and add the parts.",
            code="too_complex",
        )


def _malformed(track: Track, name: str) -> FileFailure:
    why = f"the times of its {track.untimed:,} subtitles cannot be read" if track.untimed else "it has no line of times"
    return FileFailure(
        f"{name}: no subtitle was found in it; {why}.",
        hint="A subtitle begins with a line such as 00:00:01,000 --> 00:00:04,000. If this is plain text, name it .txt.",
        code="malformed_subtitles",
    )


def _remarks(track: Track, repeated: int) -> list[str]:
    """What a reader of the text should know about the track it was made of."""
    starts = [cue.start for cue in track.cues]
    counted = (
        (track.untimed, "subtitles left out because their times cannot be read: {:,}"),
        (track.left_out, "lines outside any subtitle left out: {:,}"),
        (repeated, "lines that roll on from the subtitle before are kept once: {:,}"),
        (sum(b < a for a, b in itertools.pairwise(starts)), "subtitles out of order: {:,}; the file's order is kept"),
        (sum(start < 0 for start in starts), "subtitles timed before the beginning: {:,}; marked 00:00:00.000"),
    )
    said = [words.format(number) for number, words in counted if number]
    if any(line.speaker for cue in track.cues for line in cue.lines):
        said.append('the names the file gives its speakers are set before their words as "Name: "')
    return said


# --- rows ----------------------------------------------------------------------------------------------------------


def _repeated(cues: list[Cue]) -> list[int]:
    """For each cue how many of its first lines are the last ones of the cue before, shown again; zeros where few are."""
    counts = [0] * len(cues)
    before = Cue(0, 0, ())
    for number, cue in enumerate(cues):
        if not cue.lines:
            continue
        if before.end - cue.start >= -SEAM and before.start <= cue.start:
            shown = range(min(SCREEN_LINES, len(before.lines), len(cue.lines)), 0, -1)
            counts[number] = next((count for count in shown if before.lines[-count:] == cue.lines[:count]), 0)
        before = cue
    return counts if sum(map(bool, counts)) * ROLLING >= len(cues) else [0] * len(cues)


def _rows(cues: list[Cue], repeated: list[int]) -> Iterator[_Row]:
    """The lines of the text, in the file's order."""
    before: Line | None = None
    start, end = 0, 0
    for cue, old in zip(cues, repeated, strict=True):
        is_apart = not start <= cue.start < end + PAUSE
        for number, line in enumerate(cue.lines[old:]):
            opens = before is None or (is_apart and number == 0) or _opens(line, before)
            yield _Row(line, opens, number == 0, cue.start)
            before = line
        if cue.lines:
            start, end = cue.start, cue.end


def _opens(line: Line, before: Line) -> bool:
    """Whether somebody else begins to speak with this line. In mid-sentence a dash or a colon alone does not say so."""
    if line.speaker != before.speaker:
        return True
    has_ended = before.words.rstrip(CLOSERS)[-1:] in ENDS
    dash = _DASH.match(line.words)
    if dash:
        return has_ended or not dash["letter"].islower()
    named = _NAMED.match(line.words)
    return named is not None and (has_ended or named["name"].isupper())


def _put_together(rows: Iterator[_Row]) -> tuple[str, tuple[Place, ...]]:
    """(text, a Place for each cue that brings words)."""
    parts: list[str] = []
    places: list[tuple[int, int, int]] = []  # start, end, milliseconds
    at = 0
    for row in rows:
        joint = "" if not parts else "\n\n" if row.opens else "\n"
        words = _with_speaker(row.line) if row.opens else row.line.words
        parts += [joint, words]
        start, at = at + len(joint), at + len(joint) + len(words)
        places.append((start, at, row.start) if row.first else (places.pop()[0], at, row.start))
    text = "".join(parts)
    return text, tuple(Place(start=start, end=end, kind="timecode", label=timecode(when)) for start, end, when in places)


def _with_speaker(line: Line) -> str:
    if not line.speaker or line.words.lower().startswith(f"{line.speaker.lower()}:"):
        return line.words
    return f"{line.speaker}: {line.words}"
