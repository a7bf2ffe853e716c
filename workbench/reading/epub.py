"""E-books (.epub): the chapters in reading order, their titles as headings.

What lives here: EPUB -> Reading. The text of a chapter is what a web page of it would show (markup.py), all of it: a book has
no menus to leave out. What does not: what the book says of itself (package.py), pictures, page numbers of a printed edition.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from zipfile import ZipFile

from workbench.errors import FileFailure
from workbench.models import Place
from workbench.reading.markup import Block, decoded_markup, parse_xhtml, take_out_what_is_not_text, visible_blocks
from workbench.reading.package import EPUB, open_package
from workbench.reading.parts import some_names
from workbench.reading.text import Reading, check_length, mark_paragraphs, remarks, version

REVISION = 1  # of this reader; raise it when the text it gives for some file changes


@dataclass
class _Book:
    """The chapters read so far. silent: those without text; unread: those that cannot be read."""

    parts: list[str] = field(default_factory=list)
    headings: list[Place] = field(default_factory=list)
    length: int = 0
    nuls: int = 0
    hidden: int = 0
    silent: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    warnings: dict[str, None] = field(default_factory=dict)  # in order, each once

    def add(self, blocks: list[Block], title: str | None) -> None:
        """Put a chapter at the end. title: of the table of contents, for one that has no heading of its own."""
        has_heading = any(block.is_heading for block in blocks)
        for number, block in enumerate(blocks):
            joint = block.joint or ("\n\n" if self.parts else "")
            start, end = self.length + len(joint), self.length + len(joint) + len(block.text)
            label = block.text if block.is_heading else title if number == 0 and not has_heading else None
            if label:
                self.headings.append(Place(start=start, end=end, kind="heading", label=" ".join(label.split())))
            self.parts += [joint, block.text]
            self.length = end


def read(data: bytes, name: str) -> Reading:
    """An e-book. Raises: FileFailure not_a_epub, malformed_epub, decompression_limit, encrypted, no_text, too_complex.

    A heading is an h1 or h2; in a chapter without one, its first paragraph carries the title of the table of contents.
    """
    book = _Book()
    with EPUB.open(data, name) as archive:
        package = open_package(archive, name)
        for entry in package.chapters:
            _read_chapter(book, archive, entry, package.titles.get(entry))
    text = "".join(book.parts)
    check_length(text, name)
    if not text:
        raise FileFailure(
            f"{name}: none of the {len(package.chapters) + len(package.missing):,} chapters of this e-book has text to read.",
            hint="If its pages are pictures, run them through OCR and add the result.",
            code="no_text",
        )
    warnings = [*_said(book, package.missing), *book.warnings]
    paragraphs = mark_paragraphs(text, warnings)
    places = sorted((*book.headings, *paragraphs), key=lambda place: (place.start, place.kind != "heading"))
    reader_version = f"lxml {version('lxml')} + {REVISION}"
    warnings += remarks(text, book.nuls)
    return Reading(text, tuple(places), "epub", reader_version, package.meta, tuple(warnings))


def _read_chapter(book: _Book, archive: ZipFile, entry: str, title: str | None) -> None:
    if not entry.lower().endswith(EPUB.xml):
        book.unread.append(entry)
        return
    try:
        markup, nuls, warnings = decoded_markup(archive.read(entry), entry)
        tree = parse_xhtml(markup, entry)
    except FileFailure:
        book.unread.append(entry)
        return
    book.hidden += take_out_what_is_not_text(tree)
    body = tree.find("body")
    blocks = list(visible_blocks(body if body is not None else tree))
    if not blocks:
        book.silent.append(entry)
    book.nuls += nuls
    book.warnings.update(dict.fromkeys(warnings))
    book.add(blocks, title)


def _said(book: _Book, missing: tuple[str, ...]) -> list[str]:
    """What a reader of the text should know is not in it."""
    said = [
        f"{words}: {some_names(names)}"
        for words, names in (
            ("chapters missing from the file", missing),
            ("chapters that cannot be read", book.unread),
            ("chapters without text (empty, or pictures)", book.silent),
        )
        if names
    ]
    return [*said, f"text the book itself hides was left out: {book.hidden:,} characters"] if book.hidden else said
