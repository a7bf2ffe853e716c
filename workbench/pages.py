"""Pages of originals and photos as pictures, for whoever looks at a passage where it stands.

What lives here: which page a passage lies on, a reading process of its own for pictures, the last few of them, and the boxes of
words that OCR read. What does not: rendering (reading/), drawing the boxes (ui/page_picture.py).
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

from workbench.models import Place, Source, Span
from workbench.originals import Originals
from workbench.reading import ReadingRoom
from workbench.reading.formats import FORMATS
from workbench.reading.ocr import page_as_read
from workbench.reading.scans import Word
from workbench.settings import EvidenceSettings

if TYPE_CHECKING:
    from workbench.reading.pdf_page import Box, PageLook
    from workbench.reading.photo import PhotoLook

KEPT = 16  # pictures, some 200 kB each
_SUFFIX_OF = {found.media_type: suffix for suffix, found in FORMATS.items() if found.module in ("pdf", "image")}


@dataclass(frozen=True)
class PageView:
    """A page as a PNG, and the boxes of the words looked for. label: of the page; look: size and boxes."""

    label: str
    look: PageLook
    picture: bytes


@dataclass(frozen=True)
class PhotoView:
    """A photo as a JPEG. look: its size, and what the file states of it."""

    look: PhotoLook
    picture: bytes


View = TypeVar("View", PageView, PhotoView)


class Pages:
    """The pictures of one workspace. Safe from several threads: one is made at a time. ocr_pages: where pages OCR read are."""

    def __init__(self, originals: Originals, limits: EvidenceSettings, *, ocr_pages: Path) -> None:
        self._originals = originals
        self._limits = limits
        self._ocr_pages = ocr_pages
        self._lock = threading.Lock()
        self._room: ReadingRoom | None = None
        self._kept: OrderedDict[tuple[str, str, int, int], PageView | PhotoView] = OrderedDict()

    def view(self, source: Source, span: Span) -> PageView | None:
        """The page the span begins on, with the span's boxes; None for a source that has no pictures of its pages.

        Raises: FileFailure where the original cannot be shown.
        """
        pages = [place for place in source.places if place.kind == "page"]
        page = next((place for place in pages if place.start <= span.start < max(place.end, place.start + 1)), None)
        if not has_pages(source.media_type) or page is None:
            return None
        key = (source.source_id, source.text_sha256, span.start, span.end)
        return self._view(key, lambda room: self._made(room, source, span, page, pages.index(page) + 1))

    def photo(self, sha256: str, name: str) -> PhotoView:
        """A photo, upright and no larger than a page needs. Raises: FileFailure where it cannot be shown, UnknownId."""
        original = self._originals.path(sha256)
        return self._view((sha256, "", -1, -1), lambda room: PhotoView(*room.look_at_photo(original, name=name)))

    def _view(self, key: tuple[str, str, int, int], made: Callable[[ReadingRoom], View]) -> View:
        """One of the last pictures, or a new one."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is None:
                self._room = self._room or ReadingRoom(self._limits)
                kept = made(self._room)
                self._kept[key] = kept
                while len(self._kept) > KEPT:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
            return cast(View, kept)  # a key is of one kind of picture

    def _made(self, room: ReadingRoom, source: Source, span: Span, page: Place, number: int) -> PageView:
        start, end = span.start - page.start, min(span.end, page.end) - page.start
        look, picture = room.look(
            self._originals.path(source.source_id),
            name=f"{source.source_id[:12]}{_SUFFIX_OF[source.media_type]}",
            page=number,
            start=start,
            end=end,
        )
        if page.ocr_confidence is not None:
            read = page_as_read(self._ocr_pages, source.source_id, number, source.text[page.start : page.end])
            look = look.model_copy(update={"boxes": tuple(_line_boxes(read.words, start, end)) if read else ()})
        return PageView(page.label, look, picture)

    def close(self) -> None:
        """End the reading process. A later look starts another."""
        with self._lock:
            if self._room is not None:
                self._room.close()
                self._room = None


def has_pages(media_type: str) -> bool:
    """Whether files of that type have pages that can be shown as they look."""
    return media_type in _SUFFIX_OF


def _line_boxes(words: Sequence[Word], start: int, end: int) -> Iterator[Box]:
    """A box for each line of the words within [start, end), in reading order."""
    from workbench.reading.pdf_page import Box

    line: Box | None = None
    for word in words:
        if word.end <= start or word.start >= end:
            continue
        right, bottom = word.left + word.width, word.top + word.height
        if line is not None and word.left >= line.left and line.top <= (word.top + bottom) / 2 <= line.top + line.height:
            top = min(line.top, word.top)
            height = max(line.top + line.height, bottom) - top
            line = Box(left=line.left, top=top, width=max(line.left + line.width, right) - line.left, height=height)
            continue
        if line is not None:
            yield line
        line = Box(left=word.left, top=word.top, width=word.width, height=word.height)
    if line is not None:
        yield line
