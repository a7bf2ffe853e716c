"""Pictures: photos, screenshots and scans, as text that OCR read in them. The only door to Pillow, beside pdf_page.py.

What lives here: picture -> Reading with a page Place for each picture in the file, and a picture made small enough to be read
or shown. What does not: OCR itself (ocr.py). One that is too large is refused before it is unpacked: its head tells the size.
"""

from __future__ import annotations

import io
import math
from typing import Any

from workbench.errors import FileFailure
from workbench.reading.pdf_page import MOST_PIXELS, TALLEST, WIDEST, PageLook, PageRequest, as_png, no_such_page, scan_of
from workbench.reading.scans import OcrResult, ocr_warnings, refuse_nothing_found, with_ocr
from workbench.reading.text import Reading, remarks, version

REVISION = 1  # of this reader; raise it when the text it gives for some file changes
KINDS = ("PNG", "JPEG", "TIFF", "WEBP")
PAGED = ("TIFF",)  # the others hold one picture, or a moving one
MAX_PIXELS = 100_000_000  # of one picture, unpacked 400 MB; a page of A2 at 300 dpi has 35 million, a large camera's photo 60
MAX_PAGES = 1_000
SMALL = 1_500_000  # pixels: a picture of a screen, whose letters are 10 points high; OCR wants 20


def read(data: bytes, name: str, ocr: OcrResult | None = None) -> Reading:
    """A picture. ocr: of its pages; without it, they are the `scans` of the Reading. Raises: FileFailure."""
    picture = _open(data, name)
    pages = _pages(picture, name)
    moving = getattr(picture, "is_animated", False) and picture.format not in PAGED
    warnings = ["it moves; only its first picture was looked at"] if moving else []
    if ocr is not None:
        refuse_nothing_found(name, pages, ocr)
        warnings += ocr_warnings(ocr)
    text, places = with_ocr([""] * pages, ocr)
    reader_version = f"pillow {version('pillow')} + {REVISION}{f', {ocr.engine}' if ocr is not None else ''}"
    scans = () if ocr else tuple(range(1, pages + 1))
    return Reading(text, places, "image", reader_version, warnings=(*warnings, *remarks(text)), scans=scans)


def scan(data: bytes, name: str, page: int, blur: float = 0.0) -> bytes:
    """A picture (from 1) of the file as OCR is given it, as `scan_of` gives it. Raises: FileFailure."""
    found = _upright(data, name, page, "L")
    pixels = max(1, found.width * found.height)
    scale = 2 if pixels < SMALL else min(1, math.sqrt(MOST_PIXELS / pixels))
    size = (max(1, round(found.width * scale)), max(1, round(found.height * scale)))
    return scan_of(found.resize(size) if size != found.size else found, blur)


def look(data: bytes, name: str, wanted: PageRequest) -> tuple[PageLook, bytes]:
    """A picture (from 1) of the file as people are shown it, a PNG, without boxes. Raises: FileFailure."""
    found = _upright(data, name, wanted.page, "RGB")
    found.thumbnail((WIDEST, TALLEST))
    return PageLook(width=found.width, height=found.height, boxes=()), as_png(found, colours=256)


def _upright(data: bytes, name: str, page: int, mode: str) -> Any:
    """A picture of the file, turned as its camera was held, what is see-through in it as on white paper."""
    from PIL import Image, ImageOps

    picture = _open(data, name)
    if not 1 <= page <= _pages(picture, name):
        raise no_such_page(name, page, _pages(picture, name))
    try:
        picture.seek(page - 1)
        _check_size(picture, name)
        picture.load()
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise _malformed(name, f"picture {page} cannot be unpacked; it may have been cut short") from error
    if "A" in picture.getbands() or "transparency" in picture.info:
        seen = picture.convert("RGBA")
        picture = Image.new("RGB", seen.size, "white")
        picture.paste(seen, mask=seen.getchannel("A"))
    if picture.mode.startswith(("I", "F")):  # 16 or 32 bits of grey, which a plain conversion would cut off
        low, high = picture.getextrema()
        picture = picture.convert("F").point(lambda grey: (grey - low) * 255 / max(high - low, 1))
    return ImageOps.exif_transpose(picture).convert(mode)


def _open(data: bytes, name: str) -> Any:
    """The picture, not unpacked yet. Raises: FileFailure malformed_image, too_large."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None  # its own limit is a warning below twice as many; ours is a refusal
    try:
        picture = Image.open(io.BytesIO(data), formats=KINDS)
    except (OSError, ValueError, SyntaxError) as error:
        raise _malformed(name, "its head is damaged, or it is no picture") from error
    _check_size(picture, name)
    return picture


def _check_size(picture: Any, name: str) -> None:
    if picture.width * picture.height > MAX_PIXELS:
        raise FileFailure(
            f"{name}: {picture.width:,} by {picture.height:,} pixels; at most {MAX_PIXELS // 1_000_000} million are read.",
            hint="Save it smaller (300 dots per inch are enough to read a page) and add that.",
            code="too_large",
        )


def _pages(picture: Any, name: str) -> int:
    """How many pictures of the file are read."""
    try:
        pages = int(getattr(picture, "n_frames", 1)) if picture.format in PAGED else 1
    except (OSError, ValueError, SyntaxError, EOFError, KeyError) as error:
        raise _malformed(name, "the list of its pages is damaged") from error
    if pages > MAX_PAGES:
        raise FileFailure(
            f"{name}: {pages:,} pages; at most {MAX_PAGES:,} are read.",
            hint="Split it into parts and add those.",
            code="too_complex",
        )
    return pages


def _malformed(name: str, why: str) -> FileFailure:
    return FileFailure(
        f"{name}: not a readable picture: {why}.",
        hint="Fetch or save it again. If a viewer opens it, save it there as PNG and add that.",
        code="malformed_image",
    )
