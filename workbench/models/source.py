"""Evidence: a source, its passages, and what taking files in reports."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, field_validator

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


class Place(Span):
    """A named stretch of a Source's text: page 3, paragraph 12, 00:01:02.500. Offsets into `Source.text`.

    row: of a table inside a document. record: of a data table, a passage of its own (`Sheet1!12`). timecode: when a subtitle
    is first seen.
    """

    kind: Literal["page", "paragraph", "heading", "timecode", "row", "record"]
    label: str


class ReportsOn(Record):
    """What a digest was made from: the body whose findings it digests, and the article or document they were read in."""

    body: str
    article: str
    publisher: str | None = None
    url: str | None = None
    date: PartialDate = UNKNOWN_DATE


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
    reliability_note: str | None = None


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
    in order. warnings: what a reader of the passage should know.
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


class Passage(Record):
    """A span of a Source, some sentences long. `source.text[start:end] == text`, always (promise 2).

    page: the label of the page or record it lies in, or of the timecode it begins at; None where there is none.
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

    @staticmethod
    def id_of(source_id: str, start: int, end: int) -> str:
        """`<first 16 hex of the source sha256>-<start>-<end>`, the same in every engine."""
        return f"{source_id[:16]}-{start}-{end}"


class LibraryEntry(Record):
    """One Source as the library lists it: what is known of it without its text.

    replaces: the source whose path it took. part_of: the source it was found inside (an e-mail, an archive).
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

    @property
    def language(self) -> str | None:
        """The language as somebody stated it, else as it was identified."""
        return self.meta.language or self.language_identified

    @property
    def title(self) -> str:
        """The title as stated, else the file's own name, safe to show."""
        return self.meta.title or (display_name(self.paths[0]) if self.paths else self.source_id[:12])


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
    """`page 3` for the label of a page; a row, a timecode or a heading as it is named."""
    return f"page {label}" if label and label.isdecimal() else label


def spelled_out(name: str) -> str:
    """A name or path with its control and direction characters spelled out: `gpj.<U+202E>exe` (RELIABILITY.md case 3)."""
    return "".join(each if each.isprintable() else f"<U+{ord(each):04X}>" for each in name)


def display_name(name: str) -> str:
    """The last part of a file name, safe to show: control and direction characters spelled out, cut to 120 characters."""
    last = name.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    shown = spelled_out(last)
    return shown if len(shown) <= 120 else f"{shown[:100]}…{shown[-19:]}"
