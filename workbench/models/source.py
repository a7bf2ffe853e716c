"""Evidence: a source, its passages, and what taking files in reports."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field, field_validator, model_validator

from workbench.models.media import Described
from workbench.models.record import (
    MAX_TEXT,
    UNKNOWN_DATE,
    Access,
    Offset,
    PartialDate,
    Record,
    Sha256,
    SourceKind,
    Span,
)
from workbench.tongue import _

OCR_UNSURE = 60  # percent of confidence: below it a page has a wrong letter in most of its lines


class Place(Span):
    """A named stretch of a Source's text: page 3, paragraph 12, 00:01:02.500. Offsets into `Source.text`.

    row: of a table inside a document. record: of a data table, a passage of its own (`Sheet1!12`). timecode: when a subtitle
    is first seen. described, heard: what a colleague saw in a photo or recording, or heard said in it; the label names the
    place (models/media.py), and no passage crosses it. ocr_confidence: of a page that OCR read, 0 to 100; None for text that
    stands in the file.
    """

    kind: Literal["page", "paragraph", "heading", "timecode", "row", "record", "described", "heard"]
    label: str
    ocr_confidence: Annotated[int, Field(ge=0, le=100)] | None = None


class ReportsOn(Record):
    """What a digest was made from: the body whose findings it digests, and the article or document they were read in."""

    body: str
    article: str
    publisher: str | None = None
    url: str | None = None
    date: PartialDate = UNKNOWN_DATE


class ReliabilityNote(Record):
    """How far a source may be relied on, in the words of a colleague, who signs and dates them.

    A plain string, as files may have it and older records do, is a note nobody signed.
    """

    text: Annotated[str, Field(min_length=1)]
    signed_by: str | None = None
    signed_on: PartialDate = UNKNOWN_DATE

    @model_validator(mode="before")
    @classmethod
    def _unsigned(cls, data: Any) -> Any:
        return {"text": data} if isinstance(data, str) else data

    def __str__(self) -> str:
        """`Owned by the ministry. (Ana, 1 May 2026)`."""
        day = str(self.signed_on) if self.signed_on.value else None
        signed = ", ".join(part for part in (self.signed_by or "unsigned", day) if part)
        return f"{self.text} ({signed})"


def known_on(kind: SourceKind | None, published_on: PartialDate, reports_on: ReportsOn | None) -> PartialDate:
    """The day from which what a source says was known: of a digest that of the article it was made from, where it is known."""
    is_told = kind == "digest" and reports_on is not None and reports_on.date.value is not None
    return reports_on.date if is_told and reports_on is not None else published_on


class SourceMeta(Record):
    """What NAME.meta.yaml, an upload form or a person may say about a file. None: not said. topics: in the newsroom's words."""

    title: str | None = None
    publisher: str | None = None
    author: str | None = None
    published_on: PartialDate = UNKNOWN_DATE
    url: str | None = None
    archived_url: str | None = None
    retrieved_at: AwareDatetime | None = None
    captured_by: str | None = None
    language: str | None = None
    kind: SourceKind | None = None
    topics: tuple[str, ...] = ()
    access: Access = "public"
    reports_on: ReportsOn | None = None
    reliability_note: ReliabilityNote | None = None

    @property
    def known_on(self) -> PartialDate:
        """The day from which what it says was known."""
        return known_on(self.kind, self.published_on, self.reports_on)

    @property
    def needs_archiving(self) -> bool:
        """Whether it is a page of the web that nobody named an archived copy of: it may change any day (rule W1)."""
        return bool(self.url and self.url.startswith(("https://", "http://")) and not self.archived_url)


class ToldAs(Record):
    """What may be said of a source that is protected, in the words of the colleague who answers for them. by: their name."""

    words: Annotated[str, Field(min_length=1, max_length=200)]
    by: str
    at: AwareDatetime


class Purged(Record):
    """That a source was erased for good, why, by whom and when. reason: readers may be told it."""

    reason: str
    by: str
    at: AwareDatetime

    @property
    def words(self) -> str:
        """`Erased on 12 May 2026: by order of a court.`"""
        return erased_words(self.reason, self.at)


def erased_words(reason: str, at: datetime) -> str:
    """What is said of a source that was erased."""
    return f"Erased on {at.day} {at:%B %Y}: {reason.rstrip('.')}."


NoteTerms = Literal["on-the-record", "background"]


class Note(Record):
    """What somebody said or saw, as a colleague writes it down. words: exactly what was said, or what was seen."""

    who: Annotated[str, Field(min_length=1, max_length=200)]
    role: Annotated[str, Field(max_length=200)] | None = None
    when: PartialDate = UNKNOWN_DATE
    how: Literal["interview", "call", "message", "observation"] = "interview"
    terms: NoteTerms
    words: Annotated[str, Field(min_length=1, max_length=MAX_TEXT)]

    @field_validator("who", "words")
    @classmethod
    def _says_something(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("say something here")
        return value

    @field_validator("who", "role")
    @classmethod
    def _one_line(cls, value: str | None) -> str | None:
        return " ".join(value.split()) or None if value is not None else None


class Source(SourceMeta):
    """An Original read into one canonical text. `source_id` is the Original's sha256.

    text: what every offset counts into: newlines as line ends, no NUL, otherwise the characters of the file as they are.
    script: what most of its letters are in (ISO 15924, `Mymr`), None without letters. language_identified: what it seems to be
    written in (ISO 639-1), where the file does not state it and it can be told. places: page, paragraph and other marks,
    in order. warnings: what a reader of the passage should know. describes: what it is a colleague's description of.
    """

    source_id: Sha256
    text: str
    text_sha256: Sha256
    media_type: str
    script: str | None = None
    language_identified: str | None = None
    places: tuple[Place, ...] = ()
    reader: str
    reader_version: str
    warnings: tuple[str, ...] = ()
    describes: Described | None = None


class Passage(Record):
    """A span of a Source, some sentences long. `source.text[start:end] == text`, always (promise 2).

    page: the label of the page, record or described place it lies in, or the timecode it begins at; None where there is none.
    ocr_confidence: of the page, where OCR read it, 0 to 100.
    """

    passage_id: str
    source_id: Sha256
    ordinal: Offset
    start: Offset
    end: Offset
    text: str
    text_hash: Sha256
    page: str | None = None
    language: str | None = None
    ocr_confidence: int | None = None

    @staticmethod
    def id_of(source_id: str, start: int, end: int) -> str:
        """`<first 16 hex of the source sha256>-<start>-<end>`, the same in every engine."""
        return f"{source_id[:16]}-{start}-{end}"


# How the warnings begin that are about the very words of a source, and so stand at its passages and citations.
WORDS_IN_DOUBT = (
    *("the text may be cut off", "quotation marks may be lost", "the article itself may be missing"),
    *("replacement characters", "unreadable characters", "encoding guessed", "the file is UTF-8 with invalid bytes"),
    *("words with Latin and Cyrillic letters", "text that the page does not show", "text under a picture"),
    *("text that the page's style sheet hides",),
)


class LibraryEntry(Record):
    """One Source as the library lists it: what is known of it without its text.

    replaces: the source whose path it took. part_of: the source it was found inside (an e-mail, an archive). describes: the
    photo, video or sound file it is a description of. told_as: what reports say of it where it is confidential.
    purged: that it was erased, and why; nothing else is then known of it.
    """

    source_id: Sha256
    paths: tuple[str, ...]
    meta: SourceMeta
    media_type: str
    script: str | None = None
    language_identified: str | None = None
    text_sha256: Sha256
    characters: int
    passages: int | None = None
    reader: str
    warnings: tuple[str, ...] = ()
    added_at: AwareDatetime
    removed: bool = False
    replaces: Sha256 | None = None
    part_of: Sha256 | None = None
    describes: Described | None = None
    told_as: ToldAs | None = None
    purged: Purged | None = None

    @property
    def doubts(self) -> tuple[str, ...]:
        """The warnings that bear on its very words, to be said wherever these stand."""
        return tuple(warning for warning in self.warnings if warning.startswith(WORDS_IN_DOUBT))

    @property
    def language(self) -> str | None:
        """The language as somebody stated it, else as it was identified."""
        return self.meta.language or self.language_identified

    @property
    def title(self) -> str:
        """The title as stated, else the file's own name, safe to show."""
        if self.purged:
            return f"Erased source {self.source_id[:8]}"
        return self.meta.title or (display_name(self.paths[0]) if self.paths else self.source_id[:12])


class ChangedWords(Record):
    """Words of one document beside those that stand in their place in another."""

    here: str
    there: str


class NearCopy(Record):
    """A source that shares much of its words, in their order, with another. share: of the other's; share_there: of its own.

    changes: where figures, quantities or denials differ between stretches that both have.
    """

    source_id: Sha256
    share: float
    share_there: float
    changes: tuple[ChangedWords, ...] = ()


class Failure(Record):
    """A file that could not be taken in: a stable code, what happened, what to do next."""

    path: str
    code: str
    message: str
    hint: str


class AddedFile(Record):
    """One line of `evidence add --json`. path: as given; stored: as in the workspace; passages: how many."""

    path: str
    stored: str
    source_id: Sha256
    sha256: Sha256
    passages: int
    warnings: tuple[str, ...] = ()
    replaces: Sha256 | None = None


class KnownFile(Record):
    """A file that needed no work."""

    path: str


class IngestReport(Record):
    """What taking in files did; every file is in exactly one list."""

    added: tuple[AddedFile, ...] = ()
    unchanged: tuple[KnownFile, ...] = ()
    replaced: tuple[AddedFile, ...] = ()
    removed: tuple[KnownFile, ...] = ()
    failed: tuple[Failure, ...] = ()

    @property
    def exit_code(self) -> int:
        """0 all taken in, 3 some failed, 1 nothing was taken in and something failed."""
        if not self.failed:
            return 0
        return 3 if self.added or self.unchanged or self.replaced or self.removed else 1


def page_words(label: str | None) -> str | None:
    """`page 3` for the label of a page, `pages 3–4` for two; a row, a timecode or a heading as it is named."""
    first, dash, last = (label or "").partition("–")
    if first.isdecimal() and last.isdecimal():
        return _("pages {label}", label=label)
    return _("page {label}", label=label) if first.isdecimal() and not dash else label


def ocr_words(confidence: int | None) -> str | None:
    """`read by OCR, 87%`; None for words that stand in the file as text."""
    if confidence is None:
        return None
    if confidence < OCR_UNSURE:
        return _("read by OCR, {confidence}%, unsure", confidence=confidence)
    return _("read by OCR, {confidence}%", confidence=confidence)


def spelled_out(name: str) -> str:
    """A name or path with its control and direction characters spelled out: `gpj.<U+202E>exe` (RELIABILITY.md case 3)."""
    return "".join(each if each.isprintable() else f"<U+{ord(each):04X}>" for each in name)


def display_name(name: str) -> str:
    """The last part of a file name, safe to show: control and direction characters spelled out, cut to 120 characters."""
    last = name.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    shown = spelled_out(last)
    return shown if len(shown) <= 120 else f"{shown[:100]}…{shown[-19:]}"
