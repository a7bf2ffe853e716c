"""The kinds of files that can be read: one table, which the app, the command line and the docs print.

What lives here: suffix, name, media type and module of each. What does not: reading (the modules), or what is described by
people (media.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from workbench.errors import UsageError
from workbench.reading.media import MEDIA
from workbench.tongue import N_, _


@dataclass(frozen=True)
class Format:
    """A kind of evidence file. module: the one in workbench.reading that reads it."""

    label: str
    media_type: str
    module: str


FORMATS: dict[str, Format] = {
    ".txt": Format(N_("plain text"), "text/plain", "text"),
    ".md": Format(N_("Markdown"), "text/markdown", "text"),
    ".markdown": Format(N_("Markdown"), "text/markdown", "text"),
    ".html": Format(N_("web page"), "text/html", "html"),
    ".htm": Format(N_("web page"), "text/html", "html"),
    ".pdf": Format(N_("PDF"), "application/pdf", "pdf"),
    ".docx": Format(N_("Word document"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    ".eml": Format(N_("e-mail"), "message/rfc822", "mail"),
    ".mht": Format(N_("saved web page"), "multipart/related", "mhtml"),
    ".mhtml": Format(N_("saved web page"), "multipart/related", "mhtml"),
    ".srt": Format(N_("subtitles"), "application/x-subrip", "subtitles"),
    ".vtt": Format(N_("subtitles"), "text/vtt", "subtitles"),
    ".epub": Format(N_("e-book"), "application/epub+zip", "epub"),
    ".csv": Format(N_("data table"), "text/csv", "table"),
    ".tsv": Format(N_("data table"), "text/tab-separated-values", "table"),
    ".xlsx": Format(N_("spreadsheet"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "spreadsheet"),
    ".png": Format(N_("photo or picture"), "image/png", "image"),
    **dict.fromkeys((".jpg", ".jpeg"), Format(N_("photo or picture"), "image/jpeg", "image")),
    **dict.fromkeys((".tif", ".tiff"), Format(N_("photo or picture"), "image/tiff", "image")),
    ".webp": Format(N_("photo or picture"), "image/webp", "image"),
    ".zip": Format(N_("archive of such files"), "application/zip", "archive"),
    ".described": Format(N_("description of a photo or recording"), "text/plain", "description"),
}


_DESCRIBED = (N_("described photo"), N_("described video"), N_("described sound file"))  # what is made of MEDIA's labels


def formats_by_label() -> dict[str, list[str]]:
    """The suffixes of each kind of file that can be taken in, as the command line, the pages and the docs list them."""
    kinds: dict[str, list[str]] = {}
    for suffix, found in FORMATS.items():
        kinds.setdefault(found.label, []).append(suffix)
    for suffix, medium in MEDIA.items():
        if suffix not in FORMATS:  # what OCR may read is listed with what is read
            kinds.setdefault(f"described {medium.label}", []).append(suffix)
    return kinds


def label_of(media_type: str) -> str:
    """What people call files of a media type; the type itself where none of FORMATS has it."""
    return next((found.label for found in FORMATS.values() if found.media_type == media_type), media_type)


def media_types(kind: str) -> tuple[str, ...]:
    """The media types of a kind of file as somebody names it: `pdf`, `.pdf`, `web page`, `mail`, `application/pdf`.

    Raises: UsageError listing the kinds there are.
    """
    wanted = " ".join(kind.casefold().split()).removeprefix(".")
    exact = [found.media_type for suffix, found in FORMATS.items() if wanted in (suffix[1:], found.media_type)]
    labels = [(found.label.casefold(), found.media_type) for found in FORMATS.values()]
    # what a description is of is not its kind
    named = [one for label, one in labels if len(wanted) > 2 and (wanted in label.partition(" of ")[0] or wanted == label)]
    if not exact and not named:
        hint = f"There are: {', '.join(formats_by_label())}."
        raise UsageError(f"{kind!r} is no kind of file that can be read.", hint=hint, code="unknown_type")
    return tuple(dict.fromkeys(exact or named))


def kinds_of_file() -> str:
    """The labels of FORMATS, each once: `plain text, Markdown, web page and Word document`."""
    *most, last = map(_, formats_by_label())
    return _("{names} and {last}", names=", ".join(most), last=last)


def supported_types() -> str:
    """The suffixes of FORMATS with their names, as every message prints them."""
    return ", ".join(f"{suffix} ({found.label})" for suffix, found in FORMATS.items())
