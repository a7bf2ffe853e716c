"""A page or a photo as it looks, boxes around the words of a passage or what was described, and the badge of words OCR read."""

from __future__ import annotations

from base64 import b64encode

from workbench.models import Region, ocr_words
from workbench.pages import PageView, PhotoView
from workbench.tongue import _
from workbench.ui.show import Safe, tag


def draw(view: PageView, title: str) -> Safe:
    """The picture, as wide as its place, with the boxes over it; the first box has the id `here`."""
    boxes = [
        _box(f"left:{box.left:.4%};top:{box.top:.4%};width:{box.width:.4%};height:{box.height:.4%}", is_first=number == 0)
        for number, box in enumerate(view.look.boxes)
    ]
    return _framed("page-picture", "image/png", view.picture, _("Page {page} of {title}", page=view.label, title=title), boxes)


def photo(view: PhotoView, region: Region | None, alt: str) -> Safe:
    """The photo, no larger than its place, with a box around the region; the box has the id `here`."""
    boxes = []
    if region is not None:
        style = f"left:{region.left:g}%;top:{region.top:g}%;width:{region.width:g}%;height:{region.height:g}%"
        boxes = [_box(style, is_first=True)]
    return _framed("photo", "image/jpeg", view.picture, alt, boxes)


def ocr_badge(confidence: int | None) -> Safe | None:
    """The badge of words that OCR read; None for words that stand in the file as text."""
    told = ocr_words(confidence)
    return tag("span", "badge", told, title=_("A machine's reading of a picture; letters may be wrong")) if told else None


def _box(style: str, *, is_first: bool) -> Safe:
    return tag("i", "box", style=style, **({"id": "here"} if is_first else {}))


def _framed(css: str, media_type: str, picture: bytes, alt: str, boxes: list[Safe]) -> Safe:
    source = f"data:{media_type};base64,{b64encode(picture).decode('ascii')}"
    return tag("div", css, tag("img", "", src=source, alt=alt), *boxes)
