"""Photos, videos and sound files: which there are, and what to do with one that has no words of its own.

What lives here: the table of their suffixes, and telling by the first bytes whether a file is what its name says. What does
not: any decoding (photo.py makes pictures of photos, in the reading process). No more than the first bytes are ever read here.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path, PurePath

from workbench.errors import FileFailure
from workbench.models import MediaKind, display_name

HEAD = 64  # bytes that tell the formats apart
WORDLESS = (
    "no_text",
    "no_text_layer",
    "ocr_failed",
    "ocr_language_missing",
)  # codes of pictures that could not be read as text


@dataclass(frozen=True)
class Medium:
    """A format. is_shown: whether browsers show or play it (photos: whether a picture can be made of it)."""

    kind: MediaKind
    label: str
    media_type: str
    marks: tuple[str, ...]
    is_shown: bool = True


_MARKS: dict[str, re.Pattern[bytes]] = {
    "JPEG photo": re.compile(rb"\xff\xd8\xff"),
    "PNG picture": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "WebP picture": re.compile(rb"RIFF....WEBP", re.DOTALL),
    "TIFF picture": re.compile(rb"II[*+]\x00|MM\x00[*+]"),
    "GIF picture": re.compile(rb"GIF8[79]a"),
    "HEIC photo": re.compile(rb"....ftyp(?:hei[cxms]|hev[cxms]|mif1|msf1)", re.DOTALL),
    "MPEG-4 file": re.compile(rb"....ftyp(?!hei|hev|mif1|msf1|avif)", re.DOTALL),
    "QuickTime video": re.compile(rb"....(?:moov|mdat|wide|free|skip|pnot)", re.DOTALL),
    "Matroska or WebM video": re.compile(rb"\x1a\x45\xdf\xa3"),
    "AVI video": re.compile(rb"RIFF....AVI ", re.DOTALL),
    "MP3 sound file": re.compile(rb"ID3|\xff[\xe2\xe3\xf2\xf3\xfa-\xfd]"),
    "WAV sound file": re.compile(rb"(?:RIFF|RF64)....WAVE", re.DOTALL),
    "Ogg sound file": re.compile(rb"OggS"),
    "FLAC sound file": re.compile(rb"fLaC"),
}
_OTHERS = {
    "PDF": re.compile(rb"%PDF-"),
    "zip archive (or an Office document)": re.compile(rb"PK\x03\x04"),
    "web page or drawing in XML": re.compile(rb"(?:\xef\xbb\xbf)?\s*<"),
    "program": re.compile(rb"\x7fELF|MZ"),
}

_JPEG = Medium("photo", "photo", "image/jpeg", ("JPEG photo",))
_TIFF = Medium("photo", "photo", "image/tiff", ("TIFF picture",))
MEDIA: dict[str, Medium] = {
    ".jpg": _JPEG,
    ".jpeg": _JPEG,
    ".png": Medium("photo", "photo", "image/png", ("PNG picture",)),
    ".webp": Medium("photo", "photo", "image/webp", ("WebP picture",)),
    ".tif": _TIFF,
    ".tiff": _TIFF,
    ".gif": Medium("photo", "photo", "image/gif", ("GIF picture",)),
    ".heic": Medium("photo", "photo", "image/heic", ("HEIC photo",), is_shown=False),
    ".mp4": Medium("video", "video", "video/mp4", ("MPEG-4 file",)),
    ".mov": Medium("video", "video", "video/quicktime", ("MPEG-4 file", "QuickTime video")),
    ".webm": Medium("video", "video", "video/webm", ("Matroska or WebM video",)),
    ".mkv": Medium("video", "video", "video/x-matroska", ("Matroska or WebM video",), is_shown=False),
    ".avi": Medium("video", "video", "video/x-msvideo", ("AVI video",), is_shown=False),
    ".mp3": Medium("sound", "sound file", "audio/mpeg", ("MP3 sound file",)),
    ".wav": Medium("sound", "sound file", "audio/wav", ("WAV sound file",)),
    ".m4a": Medium("sound", "sound file", "audio/mp4", ("MPEG-4 file",)),
    ".ogg": Medium("sound", "sound file", "audio/ogg", ("Ogg sound file",)),
    ".opus": Medium("sound", "sound file", "audio/ogg", ("Ogg sound file",)),
    ".flac": Medium("sound", "sound file", "audio/flac", ("FLAC sound file",)),
}


def medium_of(name: str) -> Medium | None:
    """The format a file's name says; None for what is no photo, video or sound file."""
    return MEDIA.get(PurePath(name).suffix.lower())


def check_medium(path: Path, name: str, medium: Medium) -> None:
    """Refuse a file whose first bytes are not of the format its name says. Raises: FileFailure type_mismatch, missing_file."""
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
    except OSError as error:
        message = f"{name}: the file cannot be opened ({error.strerror})."
        raise FileFailure(message, hint="Check that it is still there.", code="missing_file") from error
    if any(_MARKS[mark].match(head) for mark in medium.marks):
        return
    found = next((label for label, mark in (_MARKS | _OTHERS).items() if mark.match(head)), None)
    suffix = next((one for one, other in MEDIA.items() if found in other.marks), None)
    what = f"the file is a {found}" if found else "its first bytes are of another kind, or damaged"
    raise FileFailure(
        f"{name}: the name says {medium.marks[0]}, but {what}.",
        hint=f"If you trust it, give it its right suffix{f' ({suffix})' if suffix else ''}, or fetch it again.",
        code="type_mismatch",
    )


def needs_description(name: str, medium: Medium) -> FileFailure:
    """The failure of a photo, video or sound file that nobody has described yet."""
    return FileFailure(
        f"{name}: a {medium.label} has no words that could be searched or cited until somebody describes it.",
        hint=describe_hint(name),
        code="needs_description",
    )


def also_describe(failure: FileFailure, name: str) -> FileFailure:
    """The failure of a file, with the other remedy where it is a photo in which no words were found: it needs a description."""
    if medium_of(name) is None or failure.code not in WORDLESS:
        return failure
    code = "needs_description" if failure.code in ("no_text", "no_text_layer") else failure.code
    remedy = describe_hint(display_name(name))
    return FileFailure(failure.message, hint=f"{failure.hint} Or {remedy[0].lower()}{remedy[1:]}", code=code)


def describe_hint(name: str) -> str:
    """How a photo, video or sound file is described."""
    return f"Describe what is seen or heard: workbench evidence describe {shlex.quote(name)} --by NAME TEXT"
