"""Photos, videos and sound files as a colleague describes them: the file, the places in it, and the words."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from workbench.models.record import MAX_TEXT, UNKNOWN_DATE, PartialDate, Record, Sha256
from workbench.tongue import N_

MediaKind = Literal["photo", "video", "sound"]
Manner = Literal["described", "heard"]
Percent = Annotated[float, Field(ge=0, le=100)]

MANNERS: dict[Manner, str] = {"described": "described", "heard": "words heard"}
MEDIA_WORDS: dict[MediaKind, str] = {"photo": N_("photo"), "video": N_("video"), "sound": N_("recording")}
WHOLE: dict[MediaKind, str] = {"photo": N_("whole photo"), "video": N_("whole video"), "sound": N_("whole recording")}
LONGEST = 360_000_000  # milliseconds: a hundred hours; a longer time is a slip
SIDES = ("left", "top", "width", "height")

_NUMBER = r"(\d{1,3}(?:\.\d{1,2})?)"
_REGION = re.compile(",".join(rf"\s*(?:{side} )?{_NUMBER}\s?%?\s*" for side in SIDES))
_TIME = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})(?:\.(\d{1,3}))?"
_TIMES = re.compile(rf"\s*{_TIME}(?:\s*[-–]\s*{_TIME})?\s*")
SEGMENT_HEAD = re.compile(rf"\s*\[([^\[\]]{{1,120}})\]\s+({'|'.join(MANNERS.values())})\s*")


class Region(Record):
    """A rectangle of a photo as it is seen upright, in percent of its width and height, from the top left corner.

    Also read from `10,20,30,40` and from how it prints.
    """

    left: Percent
    top: Percent
    width: Percent
    height: Percent

    @model_validator(mode="before")
    @classmethod
    def _read_shorthand(cls, data: Any) -> Any:
        if not isinstance(data, str):
            return data
        found = _REGION.fullmatch(data)
        if not found:
            raise ValueError(f"{data!r} is no part of a photo; write LEFT,TOP,WIDTH,HEIGHT in percent, such as 10,20,30,40")
        return dict(zip(SIDES, map(float, found.groups()), strict=True))

    @model_validator(mode="after")
    def _lies_on_the_photo(self) -> Region:
        if not self.width or not self.height or self.left + self.width > 100 or self.top + self.height > 100:
            raise ValueError(f"{self} does not lie on the photo; left and width, top and height add up to 100 at most")
        return self

    def __str__(self) -> str:
        """`left 10 %, top 20 %, width 30 %, height 40 %`."""
        return ", ".join(f"{side} {getattr(self, side):g} %" for side in SIDES)


class TimeSpan(Record):
    """From a moment of a recording to another, in milliseconds; end: None for a moment alone.

    Also read from `1:05-1:20`, `00:01:05` and from how it prints.
    """

    start: Annotated[int, Field(ge=0, le=LONGEST)]
    end: Annotated[int, Field(ge=0, le=LONGEST)] | None = None

    @model_validator(mode="before")
    @classmethod
    def _read_shorthand(cls, data: Any) -> Any:
        if not isinstance(data, str):
            return data
        found = _TIMES.fullmatch(data)
        if not found:
            raise ValueError(f"{data!r} is no time; write FROM-TO as hours, minutes and seconds, such as 00:01:05-00:01:20")
        groups = found.groups()
        return {"start": _milliseconds(*groups[:4]), "end": _milliseconds(*groups[4:]) if groups[5] else None}

    @model_validator(mode="after")
    def _goes_forward(self) -> TimeSpan:
        if self.end is not None and self.end <= self.start:
            raise ValueError(f"{self} ends before it begins")
        return self

    def __str__(self) -> str:
        """`00:01:05–00:01:20`, `00:01:05`; thousandths only where there are any."""
        return "–".join(_clock(one) for one in (self.start, self.end) if one is not None)


Spot = Region | TimeSpan | None  # None: the whole of it


class Described(Record):
    """What a description describes: the file as it was called and its sha256; who: looked or listened; on: when."""

    kind: MediaKind
    file: Annotated[str, Field(min_length=1, max_length=300)]
    sha256: Sha256
    who: Annotated[str, Field(min_length=1, max_length=200)]
    on: PartialDate = UNKNOWN_DATE

    @field_validator("who", "file")
    @classmethod
    def _one_line(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("say something here")
        return " ".join(value.split())


class Segment(Record):
    """What is seen or heard at one place. manner: `heard` for words that are spoken there, written down word for word."""

    spot: Spot = None
    manner: Manner = "described"
    words: Annotated[str, Field(min_length=1, max_length=MAX_TEXT)]

    @field_validator("words")
    @classmethod
    def _only_words(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("say something here")
        for line in value.splitlines():
            if SEGMENT_HEAD.fullmatch(line):
                raise ValueError(f"the line {line.strip()!r} names a place of its own; describe that place by itself")
        return value.strip()

    def label(self, kind: MediaKind) -> str:
        """The place and the manner as a citation names them: `00:01:05–00:01:20, words heard`."""
        return f"{self.spot or WHOLE[kind]}, {MANNERS[self.manner]}"


class Description(Record):
    """What one colleague saw or heard in one file. dated: when it was taken, as far as somebody or the file says."""

    title: Annotated[str, Field(min_length=1, max_length=500)]
    of: Described
    dated: PartialDate = UNKNOWN_DATE
    segments: Annotated[tuple[Segment, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _places_fit(self) -> Description:
        for segment in self.segments:
            if self.of.kind == "photo" and (segment.manner == "heard" or isinstance(segment.spot, TimeSpan)):
                raise ValueError("a photo has no times and no words that are heard; give a part of it, or none")
            if self.of.kind != "photo" and isinstance(segment.spot, Region):
                raise ValueError(f"the place in a {MEDIA_WORDS[self.of.kind]} is a time; parts are given of photos")
        return self


def spot_of(label: str | None) -> Spot:
    """The place that a label names; None for the whole, and for what is no such label."""
    place = (label or "").rpartition(", ")[0]
    for kind in (Region, TimeSpan):
        try:
            return kind.model_validate(place)
        except ValueError:
            continue
    return None


def _milliseconds(hours: str | None, minutes: str, seconds: str, fraction: str | None) -> int:
    if int(seconds) > 59 or (hours and int(minutes) > 59):
        raise ValueError("an hour has 60 minutes and a minute 60 seconds")
    return ((int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int((fraction or "").ljust(3, "0"))


def _clock(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    thousandths = f".{rest:03}" if rest else ""
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{thousandths}"
