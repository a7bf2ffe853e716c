"""What a colleague saw in a photo or video, or heard in a recording (.described): a text file that anyone can read and write.

What lives here: the layout of such a file, both ways. What does not: taking it in (descriptions.py), or looking at the photo.

    # Photo protest.jpg, described by Ann Lee

    Describes: protest.jpg
    SHA-256: 3f0c…
    Kind: photo
    Described by: Ann Lee
    On: 2026-11-26

    [left 10 %, top 20 %, width 30 %, height 40 %] described
    Two men hold a banner.

The canonical text is the words alone, a blank line between places; what is in brackets is the Place the words are cited by.
"""

from __future__ import annotations

import re
from typing import Any

from pydantic import ValidationError

from workbench.errors import FileFailure
from workbench.models import (
    MANNERS,
    MEDIA_WORDS,
    SEGMENT_HEAD,
    UNKNOWN_DATE,
    WHOLE,
    Described,
    Description,
    PartialDate,
    Place,
    Segment,
    SourceMeta,
    display_name,
    spot_of,
)
from workbench.reading.text import Reading, check_length, clean, decode, remarks

REVISION = 1  # of this reader; raise it when the text it gives for some file changes
MAX_SEGMENTS = 20_000  # a day of speech, a place every few seconds

_LINE = re.compile(r"\s*(Describes|SHA-256|Kind|Described by|On|Dated)\s*:\s*(.*?)\s*")
_FIELDS = {"Describes": "file", "SHA-256": "sha256", "Kind": "kind", "Described by": "who", "On": "on"}


def read(data: bytes, name: str) -> Reading:
    """A description file. Raises: FileFailure malformed_description, too_complex, bad_encoding, type_mismatch."""
    decoded, warnings = decode(data, name)
    check_length(decoded, name)
    text, nuls = clean(decoded)
    description = parsed(text, name)
    parts: list[str] = []
    places: list[Place] = []
    at = 0
    for segment in description.segments:
        label = segment.label(description.of.kind)
        places.append(Place(start=at, end=at + len(segment.words), kind=segment.manner, label=label))
        parts.append(segment.words)
        at += len(segment.words) + 2
    words = "\n\n".join(parts)
    meta = SourceMeta(title=description.title, published_on=description.dated)
    told = (*warnings, *remarks(words, nuls))
    return Reading(words, tuple(places), "description", str(REVISION), meta, told, describes=description.of)


def title_for(of: Described) -> str:
    """`Photo protest.jpg, described by Ann Lee`."""
    return f"{MEDIA_WORDS[of.kind].capitalize()} {of.file}, described by {of.who}"


def written(description: Description) -> str:
    """The description as a file."""
    of = description.of
    head = [f"Describes: {of.file}", f"SHA-256: {of.sha256}", f"Kind: {of.kind}", f"Described by: {of.who}"]
    head += [f"On: {of.on.value}"] if of.on.value else []
    head += [f"Dated: {_shorthand(description.dated)}"] if description.dated.value else []
    segments = [_segment(one, of) for one in description.segments]
    return "\n\n".join([f"# {description.title}", "\n".join(head), *segments]) + "\n"


def with_segment(text: str, segment: Segment, of: Described, *, on: PartialDate, dated: PartialDate = UNKNOWN_DATE) -> str:
    """The file with one more place at its end and the day it was written; dated only where it is said. All else stays."""
    head, places = _parted(text)
    head = _with_line(head, "On", str(on.value))
    if dated.value:
        head = _with_line(head, "Dated", _shorthand(dated))
    return f"{head}{places.rstrip()}\n\n{_segment(segment, of)}\n"


def parsed(text: str, name: str) -> Description:
    """What a description file says. Raises: FileFailure malformed_description, too_complex."""
    title, said, segments = "", dict[str, str](), list[dict[str, Any]]()
    for number, line in enumerate(text.split("\n"), start=1):
        opened = SEGMENT_HEAD.fullmatch(line)
        if opened:
            if len(segments) >= MAX_SEGMENTS:
                raise _too_many(name)
            segments.append({"label": f"{opened[1]}, {opened[2]}", "place": opened[1], "manner": opened[2], "lines": []})
        elif segments:
            segments[-1]["lines"].append(line)
        elif found := _LINE.fullmatch(line):
            said[found[1]] = found[2]
        elif line.startswith("# ") and not title:
            title = line[2:].strip()
        elif line.strip():
            raise _malformed(name, f"line {number} stands before any place: {display_name(line)}")
    if not segments:
        raise _malformed(name, "it names no place, not even the whole")
    try:
        of = Described.model_validate({field: said[key] for key, field in _FIELDS.items() if key in said})
        return Description.model_validate(
            {
                "title": title or title_for(of),
                "of": of,
                "dated": said.get("Dated", "unknown"),
                "segments": [_validated(one, of, name) for one in segments],
            }
        )
    except ValidationError as error:
        raise _malformed(name, _reasons(error)) from error


def _parted(text: str) -> tuple[str, str]:
    """What stands before the first place, and the places."""
    at = 0
    for line in text.split("\n"):
        if SEGMENT_HEAD.fullmatch(line):
            break
        at += len(line) + 1
    return text[:at], text[at:]


def _with_line(head: str, key: str, value: str) -> str:
    line, pattern = f"{key}: {value}", re.compile(rf"^[ \t]*{key}[ \t]*:.*$", re.MULTILINE)
    if pattern.search(head):
        return pattern.sub(lambda _: line, head, count=1)
    return f"{head.rstrip()}\n{line}\n\n"


def _shorthand(date: PartialDate) -> str:
    """`not before 2021-06 (typed)`, as PartialDate reads it."""
    bound = "" if date.bound == "on" else f"{date.bound.replace('-', ' ')} "
    return f"{bound}{date.value} ({date.basis})"


def _segment(segment: Segment, of: Described) -> str:
    return f"[{segment.spot or WHOLE[of.kind]}] {MANNERS[segment.manner]}\n{segment.words}"


def _validated(found: dict[str, Any], of: Described, name: str) -> Segment:
    spot = spot_of(found["label"])
    if spot is None and found["place"] != WHOLE[of.kind]:
        raise _malformed(name, f"[{display_name(found['place'])}] is no place in a {MEDIA_WORDS[of.kind]}")
    manner = next(key for key, words in MANNERS.items() if words == found["manner"])
    return Segment(spot=spot, manner=manner, words="\n".join(found["lines"]))


def _reasons(error: ValidationError) -> str:
    keys = {field: key for key, field in _FIELDS.items()} | {"dated": "Dated", "words": "the words of a place"}
    problem = error.errors()[0]
    field = next((keys[str(part)] for part in reversed(problem["loc"]) if str(part) in keys), "")
    said = str(problem["msg"]).removeprefix("Value error, ")
    return f"{field}: {said}" if field else said


def _malformed(name: str, why: str) -> FileFailure:
    return FileFailure(
        f"{name}: it is no description of a photo, video or sound file: {why}.",
        hint="Mend that line; or make it anew with: workbench evidence describe FILE --by NAME TEXT",
        code="malformed_description",
    )


def _too_many(name: str) -> FileFailure:
    return FileFailure(
        f"{name}: it names more than {MAX_SEGMENTS:,} places.", hint="Split it into several files.", code="too_complex"
    )
