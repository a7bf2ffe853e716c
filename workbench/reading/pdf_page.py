"""A page of a PDF as a picture: for people, with the boxes its words stand in, and for OCR.

What lives here: rendering, and the way from the canonical text back to the page. What does not: reading (pdf.py), pictures that
are files of their own (image.py), drawing the boxes (the page that shows it). Runs only in the reading process, as pdf.py does.
"""

from __future__ import annotations

import ctypes
import io
import math
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from workbench.errors import FileFailure
from workbench.reading.pdf import canonical, open_checked

WIDEST, TALLEST = 1_100, 2_200  # pixels: sharp on a column of 700, and 10 MB at most while it is drawn
DPI = 300  # what tesseract was trained on
MOST_PIXELS = 20_000_000  # of a page given to OCR; one of A3 at 300 dpi has 17 million
PAPER = 16  # shades of grey: what differs by less is paper with nothing on it


class PageRequest(BaseModel):
    """Which page, from 1, and which characters of its canonical text; none for the page alone."""

    page: int
    start: int = 0
    end: int = 0


class Box(BaseModel):
    """A rectangle on the picture as parts of its width and height, from the top left corner."""

    left: float
    top: float
    width: float
    height: float


class PageLook(BaseModel):
    """A picture's size in pixels and the boxes of the words; none where the page does not tell where they stand."""

    width: int
    height: int
    boxes: tuple[Box, ...]


def look(data: bytes, name: str, wanted: PageRequest) -> tuple[PageLook, bytes]:
    """The page's look and the picture as PNG. Raises: FileFailure as `pdf.read` does, no_such_page."""
    document = open_checked(data, name)
    try:
        page = _page(document, name, wanted.page)
        width, height = page.get_size()
        picture = page.render(scale=min(WIDEST / max(width, 1), TALLEST / max(height, 1))).to_pil()
        boxes = tuple(_boxes(page, wanted, picture.size)) if wanted.end > wanted.start else ()
    finally:
        document.close()
    return PageLook(width=picture.width, height=picture.height, boxes=boxes), as_png(picture, colours=64)


def scan(data: bytes, name: str, page: int, blur: float = 0.0) -> bytes:
    """A page (from 1) as OCR is given it, in grey, as `scan_of` gives it. Raises: FileFailure as `look` does."""
    document = open_checked(data, name)
    try:
        found = _page(document, name, page)
        width, height = found.get_size()
        scale = min(DPI / 72, math.sqrt(MOST_PIXELS / max(width * height, 1)))
        return scan_of(found.render(scale=scale, grayscale=True).to_pil().convert("L"), blur)
    finally:
        document.close()


def scan_of(picture: Any, blur: float) -> bytes:
    """A grey picture as OCR is given it: a PGM file; empty where nothing is on it. blur: by how many pixels."""
    from PIL import ImageFilter

    darkest, lightest = picture.getextrema()
    if lightest - darkest < PAPER:
        return b""
    picture = picture.filter(ImageFilter.GaussianBlur(blur)) if blur else picture
    return b"P5 %d %d 255\n" % picture.size + bytes(picture.tobytes())


def as_png(picture: Any, *, colours: int) -> bytes:
    """A picture as people are shown it. 64 colours are enough for print and its grey edges: a third of the bytes."""
    written = io.BytesIO()
    picture.convert("RGB").quantize(colours).save(written, "PNG")
    return written.getvalue()


def no_such_page(name: str, page: int, pages: int) -> FileFailure:
    """What to raise for a page that is not there."""
    return FileFailure(
        f"{name} has no page {page}; it has {pages:,}.", hint="Open the document from a passage again.", code="no_such_page"
    )


def _page(document: Any, name: str, page: int) -> Any:
    if not 1 <= page <= len(document):
        raise no_such_page(name, page, len(document))
    return document[page - 1]


def _boxes(page: Any, wanted: PageRequest, size: tuple[int, int]) -> Iterator[Box]:
    """A box for each line of the words, in reading order."""
    textpage = page.get_textpage()
    raw = textpage.get_text_range()
    if len(raw) != textpage.count_chars():  # letters beyond the basic plane: its numbers are not those of the text
        return
    _, places = canonical(raw)
    chosen = [at for at in places[wanted.start : wanted.end] if at >= 0]
    if not chosen:
        return
    first, last = chosen[0], chosen[-1]
    for number in range(textpage.count_rects(first, last - first + 1)):
        left, bottom, right, top = textpage.get_rect(number)
        corners = [_on_picture(page, size, x, y) for x, y in ((left, top), (right, bottom))]
        xs, ys = sorted(x for x, _ in corners), sorted(y for _, y in corners)
        yield Box(left=xs[0] / size[0], top=ys[0] / size[1], width=(xs[1] - xs[0]) / size[0], height=(ys[1] - ys[0]) / size[1])


def _on_picture(page: Any, size: tuple[int, int], x: float, y: float) -> tuple[int, int]:
    """A point of the page on the picture, whatever the page's rotation and crop."""
    from pypdfium2 import raw

    across, down = ctypes.c_int(), ctypes.c_int()
    raw.FPDF_PageToDevice(page, 0, 0, *size, 0, x, y, across, down)
    return across.value, down.value
