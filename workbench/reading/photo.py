"""A photo as a picture a page can show, upright and no larger than it need be, and the day it states it was taken.

What lives here: decoding. What does not: telling formats apart (media.py), drawing boxes (the page that shows it). Runs only in
the reading process, which may be killed.
"""

from __future__ import annotations

import io
import warnings

from pydantic import BaseModel

from workbench.errors import FileFailure
from workbench.models import PartialDate
from workbench.reading.stated import iso_date

WIDEST, TALLEST = 1_100, 1_600  # pixels: sharp on a column of 700
FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "GIF")  # the only decoders a file may choose
TAKEN, TAKEN_IN = 0x9003, 0x8769  # Exif's DateTimeOriginal and the directory it is in


class PhotoLook(BaseModel):
    """The picture's size in pixels, and when the file states that the photo was taken."""

    width: int
    height: int
    taken: PartialDate | None = None


def look(data: bytes, name: str) -> tuple[PhotoLook, bytes]:
    """The photo's look and a JPEG of it, turned as Exif says; of several pictures the first. Raises: FileFailure not_shown."""
    from PIL import Image, ImageOps

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
                taken = _taken(opened)
                opened.draft("RGB", (WIDEST, TALLEST))
                picture = ImageOps.exif_transpose(opened)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise FileFailure(
            f"{name}: no picture can be made of it ({type(error).__name__}: {str(error)[:120]}).",
            hint="It may be cut short or too large. If another program opens it, save it there as a JPEG and add that.",
            code="not_shown",
        ) from error
    picture.thumbnail((WIDEST, TALLEST))
    shown = Image.new("RGB", picture.size, "white")
    shown.paste(picture.convert("RGBA"), mask=picture.convert("RGBA").getchannel("A"))
    written = io.BytesIO()
    shown.save(written, "JPEG", quality=85)
    return PhotoLook(width=shown.width, height=shown.height, taken=taken), written.getvalue()


def _taken(opened: object) -> PartialDate | None:
    stated = opened.getexif().get_ifd(TAKEN_IN).get(TAKEN)  # type: ignore[attr-defined]  # Pillow is imported late
    return iso_date(str(stated)[:10].replace(":", "-")) if stated else None
