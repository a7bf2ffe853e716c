"""What an EPUB says of itself: its chapters in reading order, their titles, its metadata, and whether it is locked.

What lives here: META-INF and the package document (.opf) of a checked archive, the table of contents. What does not: the words
of the chapters (epub.py). An entry is always looked up among the names in the archive: no path leaves it.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote
from zipfile import ZipFile

from workbench.errors import FileFailure
from workbench.models import UNKNOWN_DATE, PartialDate, SourceMeta
from workbench.reading.markup import decoded_markup, parse_xhtml
from workbench.reading.packed import Packed
from workbench.reading.stated import iso_date, language_code, one_line

EPUB = Packed(
    suffix="epub",
    label="e-book of the EPUB kind",
    remedy="Open it in a reading program, save it as EPUB or print it to PDF, and add that.",
    xml=(".xml", ".opf", ".ncx", ".xhtml", ".xht", ".html", ".htm"),
    has_doctypes=True,
)
CONTAINER = "META-INF/container.xml"
ENCRYPTION = "META-INF/encryption.xml"

_DC = "{http://purl.org/dc/elements/1.1/}"
_OPF = "{http://www.idpf.org/2007/opf}"
_NO_DATE = "0101-01-01"  # what a widespread e-book program writes where it knows no date


@dataclass(frozen=True)
class Package:
    """chapters: entries of the archive in reading order, each once; missing: chapters that are not in it.

    titles: what the table of contents calls a chapter, by its entry; the first name where it has several.
    """

    chapters: tuple[str, ...]
    missing: tuple[str, ...]
    titles: dict[str, str]
    meta: SourceMeta


def open_package(archive: ZipFile, name: str) -> Package:
    """The package of an archive that EPUB.open gave. Raises: FileFailure not_a_epub, malformed_epub, encrypted."""
    entries = _Entries(archive, name)
    container = entries.find("", CONTAINER)
    if not container:
        raise EPUB.not_one(name, f"it is a zip archive without {CONTAINER}")
    opf = _package_entry(entries, container, name)
    locked = _locked(entries)
    if opf in locked:
        raise _encrypted(name, "the list of its chapters is")
    root = entries.xml(opf)
    manifest = {item.get("id"): item for item in root.iter("{*}item")}
    found: dict[str, None] = {}  # in order; a chapter named a thousand times is read once
    missing: dict[str, None] = {}
    for reference in root.iter("{*}itemref"):
        item = manifest.get(reference.get("idref"))
        href = (item.get("href") if item is not None else None) or reference.get("idref") or "a chapter without a name"
        entry = entries.find(opf, href) if item is not None else None
        (found if entry else missing)[entry or href] = None
    sealed = sum(entry in locked for entry in found)
    if sealed:
        raise _encrypted(name, f"{sealed:,} of its {len(found):,} chapters are")
    return Package(tuple(found), tuple(missing), dict(_titles(entries, opf, manifest)), _metadata(root))


class _Entries:
    """The entries of an archive, found as a package names them: relative to the entry that names them, in any case."""

    def __init__(self, archive: ZipFile, name: str) -> None:
        self._archive = archive
        self._name = name
        self._by_path = {each.replace("\\", "/").lower(): each for each in archive.namelist()}

    def find(self, base: str, href: str) -> str | None:
        path = href.partition("#")[0]
        for each in (unquote(path), path):
            found = self._by_path.get(posixpath.normpath(posixpath.join(posixpath.dirname(base), each)).lower())
            if found:
                return found
        return None

    def xml(self, entry: str) -> Any:
        """The root of an entry that is XML; nothing outside it is fetched and no entity resolved."""
        from lxml.etree import XMLParser, XMLSyntaxError, fromstring

        parser = XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
        if not entry.lower().endswith(EPUB.xml):
            raise EPUB.malformed(self._name, f"{entry[:80]} is used as XML and not named so")
        try:
            return fromstring(self._archive.read(entry), parser)
        except (XMLSyntaxError, ValueError) as error:
            raise EPUB.malformed(self._name, f"{entry[:80]} is no XML") from error

    def page(self, entry: str) -> Any:
        return parse_xhtml(decoded_markup(self._archive.read(entry), self._name)[0], self._name)


def _package_entry(entries: _Entries, container: str, name: str) -> str:
    roots = [root.get("full-path") or "" for root in entries.xml(container).iter("{*}rootfile")]
    found = entries.find("", roots[0]) if roots else None
    if not found:
        raise EPUB.malformed(name, f"its package {roots[0][:80]!r} is not in it" if roots else "it names no package")
    return found


def _locked(entries: _Entries) -> frozenset[str]:
    """The entries that are encrypted; of an ordinary book with its own fonts these are the fonts."""
    listed = entries.find("", ENCRYPTION)
    if not listed:
        return frozenset()
    references = entries.xml(listed).iter("{*}CipherReference")
    return frozenset(filter(None, (entries.find("", reference.get("URI") or "") for reference in references)))


def _encrypted(name: str, what: str) -> FileFailure:
    return FileFailure(
        f"{name}: this e-book is locked (DRM); {what} encrypted.",
        hint="Ask the publisher for a copy without a lock, or add a PDF or text of the pages you need.",
        code="encrypted",
    )


# --- titles and metadata -------------------------------------------------------------------------------------------


def _titles(entries: _Entries, opf: str, manifest: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(entry, title) as the table of contents has them, last first, so that a dict keeps the first of each entry."""
    named: list[tuple[str, str, str]] = []  # base, href, title
    for item in manifest.values():
        entry = entries.find(opf, item.get("href") or "")
        if not entry or not entry.lower().endswith(EPUB.xml):
            continue
        try:
            if "nav" in (item.get("properties") or "").split():
                named += ((entry, link.get("href") or "", link.text_content()) for link in _links(entries.page(entry)))
            elif item.get("media-type") == "application/x-dtbncx+xml":
                for point in entries.xml(entry).iter("{*}navPoint"):
                    named.append((entry, *_ncx_point(point)))
        except FileFailure:
            continue  # a table of contents that cannot be read names no chapter; the chapters are read all the same
    for base, href, words in reversed(named):
        title, found = one_line(words), entries.find(base, href)
        if title and found:
            yield found, title


def _links(page: Any) -> Iterator[Any]:
    """The links of the table of contents on a navigation page, not those of its list of landmarks or printed pages."""
    for nav in page.iter("nav"):
        if any(key.endswith("type") and "toc" in value.split() for key, value in nav.items()):
            yield from nav.iter("a")


def _ncx_point(point: Any) -> tuple[str, str]:
    content, label = point.find("{*}content"), point.find("{*}navLabel/{*}text")
    return (content.get("src") or "") if content is not None else "", (label.text or "") if label is not None else ""


def _metadata(root: Any) -> SourceMeta:
    """What the package states as Dublin Core. Other roles than the author's (translator, illustrator) are no authors."""
    authors = [_words(each) for each in root.iter(f"{_DC}creator") if each.get(f"{_OPF}role", "aut") == "aut"]
    languages = (language_code(_words(each)) for each in root.iter(f"{_DC}language"))
    return SourceMeta(
        title=next(filter(None, map(_words, root.iter(f"{_DC}title"))), None),
        author=", ".join(filter(None, authors)) or None,
        publisher=next(filter(None, map(_words, root.iter(f"{_DC}publisher"))), None),
        published_on=_published_on(root),
        language=next(filter(None, languages), None),
    )


def _published_on(root: Any) -> PartialDate:
    for each in root.iter(f"{_DC}date"):
        words = _words(each) or ""
        if each.get(f"{_OPF}event", "publication") == "publication" and not words.startswith(_NO_DATE):
            return iso_date(words) or UNKNOWN_DATE
    return UNKNOWN_DATE


def _words(element: Any) -> str | None:
    return one_line("".join(element.itertext()))
