"""Pages of originals as pictures, for whoever looks at a passage where it stands.

What lives here: which page a passage lies on, a reading process of its own for pictures, the last few of them. What does not:
rendering (reading/pdf_page.py), drawing the boxes (ui/page_picture.py).
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.models import Source, Span
from workbench.originals import Originals
from workbench.reading import ReadingRoom
from workbench.settings import EvidenceSettings

if TYPE_CHECKING:
    from workbench.reading.pdf_page import PageLook

KEPT = 16  # pictures, some 200 kB each
PDF = "application/pdf"


@dataclass(frozen=True)
class PageView:
    """A page as a PNG, and the boxes of the words looked for. label: of the page; look: size and boxes."""

    label: str
    look: PageLook
    picture: bytes


class Pages:
    """The pictures of one workspace. Safe from several threads: one is made at a time."""

    def __init__(self, originals: Originals, limits: EvidenceSettings) -> None:
        self._originals = originals
        self._limits = limits
        self._lock = threading.Lock()
        self._room: ReadingRoom | None = None
        self._kept: OrderedDict[tuple[str, int, int], PageView] = OrderedDict()

    def view(self, source: Source, span: Span) -> PageView | None:
        """The page the span begins on, with the span's boxes; None for a source that has no pictures of its pages.

        Raises: FileFailure where the original cannot be shown.
        """
        pages = [place for place in source.places if place.kind == "page"]
        page = next((place for place in pages if place.start <= span.start < max(place.end, place.start + 1)), None)
        if source.media_type != PDF or page is None:
            return None
        key = (source.source_id, span.start, span.end)
        with self._lock:
            if key not in self._kept:
                self._room = self._room or ReadingRoom(self._limits)
                look, picture = self._room.look(
                    self._originals.path(source.source_id),
                    name=f"{source.source_id[:12]}.pdf",
                    page=pages.index(page) + 1,
                    start=span.start - page.start,
                    end=min(span.end, page.end) - page.start,
                )
                self._kept[key] = PageView(page.label, look, picture)
                while len(self._kept) > KEPT:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
            return self._kept[key]

    def close(self) -> None:
        """End the reading process. A later look starts another."""
        with self._lock:
            if self._room is not None:
                self._room.close()
                self._room = None
