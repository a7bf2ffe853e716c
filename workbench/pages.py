"""Pages of originals and photos as pictures, for whoever looks at a passage where it stands.

What lives here: which page a passage lies on, a reading process of its own for pictures, the last few of them. What does not:
rendering (reading/pdf_page.py, reading/photo.py), drawing the boxes (ui/page_picture.py).
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar, cast

from workbench.models import Source, Span
from workbench.originals import Originals
from workbench.reading import ReadingRoom
from workbench.settings import EvidenceSettings

if TYPE_CHECKING:
    from workbench.reading.pdf_page import PageLook
    from workbench.reading.photo import PhotoLook

KEPT = 16  # pictures, some 200 kB each
PDF = "application/pdf"


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
    """The pictures of one workspace. Safe from several threads: one is made at a time."""

    def __init__(self, originals: Originals, limits: EvidenceSettings) -> None:
        self._originals = originals
        self._limits = limits
        self._lock = threading.Lock()
        self._room: ReadingRoom | None = None
        self._kept: OrderedDict[tuple[str, int, int], PageView | PhotoView] = OrderedDict()

    def view(self, source: Source, span: Span) -> PageView | None:
        """The page the span begins on, with the span's boxes; None for a source that has no pictures of its pages.

        Raises: FileFailure where the original cannot be shown.
        """
        pages = [place for place in source.places if place.kind == "page"]
        page = next((place for place in pages if place.start <= span.start < max(place.end, place.start + 1)), None)
        if source.media_type != PDF or page is None:
            return None
        original = self._originals.path(source.source_id)

        def made(room: ReadingRoom) -> PageView:
            number, name = pages.index(page) + 1, f"{source.source_id[:12]}.pdf"
            start, end = span.start - page.start, min(span.end, page.end) - page.start
            return PageView(page.label, *room.look(original, name=name, page=number, start=start, end=end))

        return self._view((source.source_id, span.start, span.end), made)

    def photo(self, sha256: str, name: str) -> PhotoView:
        """A photo, upright and no larger than a page needs. Raises: FileFailure where it cannot be shown, UnknownId."""
        original = self._originals.path(sha256)
        return self._view((sha256, -1, -1), lambda room: PhotoView(*room.look_at_photo(original, name=name)))

    def _view(self, key: tuple[str, int, int], made: Callable[[ReadingRoom], View]) -> View:
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

    def close(self) -> None:
        """End the reading process. A later look starts another."""
        with self._lock:
            if self._room is not None:
                self._room.close()
                self._room = None
