"""Pages that a browser saved with everything on them in one file (MHTML: .mht, .mhtml).

What lives here: MHTML -> Reading: the page itself through the reader of web pages, where it was saved from and when. What does
not: its pictures, styles and scripts, which are not looked at; nothing is fetched. Frames are pages of their own and not read;
a warning counts them.
"""

from __future__ import annotations

import dataclasses

from workbench.errors import FileFailure
from workbench.reading import html
from workbench.reading.capture import Capture, web_address
from workbench.reading.mime import Entity, defects, entity, moment
from workbench.reading.stated import one_line
from workbench.reading.text import Reading

REVISION = 1  # of this reader; raise it when the text it gives for some file changes
PAGES = ("text/html", "application/xhtml+xml")


def read(data: bytes, name: str) -> Reading:
    """A page saved as MHTML; what the page reader finds, with the address and the moment it was saved.

    Raises: FileFailure not_a_saved_page, and what html.read and mime.entity raise.
    """
    archive = entity(data, name, kind="saved page")
    pages = [leaf for leaf in archive.leaves if leaf.media_type in PAGES]
    if "Content-Type" not in archive or not pages:
        raise FileFailure(
            f"{name}: not a page saved as MHTML (no web page is in it).",
            hint="Save the page again as MHTML or HTML. If this file is an e-mail, name it .eml; if it is plain HTML, .html.",
            code="not_a_saved_page",
        )
    page = _root(archive, pages)
    found = html.read(page.data(), name, charset=page.charset)
    warnings = list(found.warnings)
    if len(pages) > 1:
        warnings.append(f"frames saved with the page are not read: {len(pages) - 1}")
    meta = _captured(archive, page).described(found.meta, warnings)
    if meta.title is None:
        meta = meta.model_copy(update={"title": one_line(archive.first("Subject"))})
    warnings += defects(archive)
    return dataclasses.replace(
        found,
        reader="mhtml",
        reader_version=f"{found.reader_version}; mhtml + {REVISION}",
        meta=meta,
        warnings=tuple(dict.fromkeys(warnings)),
    )


def _root(archive: Entity, pages: list[Entity]) -> Entity:
    """The page itself: the part the start parameter names (RFC 2387), else the one of the saved address, else the first."""
    start = (archive.parameter("start") or "").strip("<>")
    address = archive.stated("Snapshot-Content-Location") or archive.stated("Content-Location")
    named = [page for page in pages if start and start == (page.first("Content-ID") or "").strip("<>")]
    located = [page for page in pages if address and page.stated("Content-Location") == address]
    return [*named, *located, *pages][0]


def _captured(archive: Entity, page: Entity) -> Capture:
    addresses = [
        *archive.stated("Snapshot-Content-Location"),
        *page.stated("Content-Location"),
        *archive.stated("Content-Location"),
    ]
    url = next(filter(None, map(web_address, addresses)), None)
    return Capture(url, moment(archive.first("Date")))
