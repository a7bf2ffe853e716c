"""Whether a page of a PDF shows the text it holds: invisible, without colour, off the page, too small, under a picture.

What lives here: looking at the objects of a page as they are drawn. What does not: leaving anything out (the text stays as it
is; pdf.py), OCR. Text under a picture of the whole page is what an OCR program or a scanner put there: somebody's reading of
the picture, and not a trick; anything else that cannot be seen is warned of. Text of the colour of what lies behind it is only
told on bare paper, as white on white; characters whose shapes say something else than they stand for are not told at all.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, field
from typing import Any, NamedTuple

MAX_OBJECTS = 60_000  # of a document, about 2 s; pages after that are not looked at, and that is said
MOST = 0.8  # of a page that a picture fills, to be a picture of the page
LAYER = 0.9  # of a page's letters that cannot be seen, to be a layer
WHITE = 250  # of 255 in every colour
SMALLEST = 1.5  # points: a letter of half a millimetre
DEEPEST = 3  # forms inside forms that are looked into

Colour = tuple[int, int, int, int]  # red, green, blue, opacity


class _Area(NamedTuple):
    left: float
    bottom: float
    right: float
    top: float

    def holds(self, x: float, y: float) -> bool:
        return self.left <= x <= self.right and self.bottom <= y <= self.top

    def share_of(self, other: _Area) -> float:
        """How much of the other area lies in this one."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.top, other.top) - max(self.bottom, other.bottom)
        whole = (other.right - other.left) * (other.top - other.bottom)
        return max(0.0, width) * max(0.0, height) / whole if whole > 0 else 0.0


@dataclass
class _Page:
    """A page while its objects are looked at, in the order they are drawn."""

    area: _Area
    behind: list[_Area] = field(default_factory=list)  # coloured or unknown: white text on them may well be seen
    seen: list[Any] = field(default_factory=list)  # text objects; their letters are only counted where it matters
    unseen: list[Any] = field(default_factory=list)
    has_picture: bool = False


@dataclass
class Sight:
    """What was seen of the pages of one document."""

    layers: list[int] = field(default_factory=list)
    unseen: dict[int, int] = field(default_factory=dict)
    objects: int = 0
    stopped_at: int | None = None

    def look(self, number: int, page: Any, textpage: Any) -> None:
        """Look at one page (from 1) and remember what it does not show."""
        from pypdfium2 import raw

        if self.stopped_at is not None:
            return
        if self.objects + raw.FPDFPage_CountObjects(page) > MAX_OBJECTS:
            self.stopped_at = number
            return
        found = _Page(_Area(*page.get_bbox()))
        for at in range(raw.FPDFPage_CountObjects(page)):
            self._take(raw, raw.FPDFPage_GetObject(page, at), found)
        unseen = sum(_letters(raw, item, textpage) for item in found.unseen)
        is_layer = found.has_picture and _is_layer(unseen, sum(_letters(raw, item, textpage) for item in found.seen))
        if unseen and is_layer:
            self.layers.append(number)
        elif unseen:
            self.unseen[number] = unseen

    def _take(self, raw: Any, item: Any, found: _Page) -> None:
        self.objects += 1
        kind = raw.FPDFPageObj_GetType(item)
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            (found.unseen if _is_unseen(raw, item, found) else found.seen).append(item)
            return
        area = _bounds(raw, item)
        if kind == raw.FPDF_PAGEOBJ_FORM:
            self._take_form(raw, item, found, depth=1)
        if kind == raw.FPDF_PAGEOBJ_IMAGE and area and area.share_of(found.area) >= MOST:
            found.has_picture = True
            if not raw.FPDFPageObj_HasTransparency(item):
                found.unseen, found.seen = found.unseen + found.seen, []  # what was drawn before lies under it
        if area and not (kind == raw.FPDF_PAGEOBJ_PATH and _is_bare(raw, item)):
            found.behind.append(area)

    def _take_form(self, raw: Any, form: Any, found: _Page, *, depth: int) -> None:
        """The text in a form: its places are the form's own, so only its way of drawing is looked at."""
        for at in range(raw.FPDFFormObj_CountObjects(form)):
            if self.objects >= MAX_OBJECTS:
                return
            self.objects += 1
            item = raw.FPDFFormObj_GetObject(form, at)
            kind = raw.FPDFPageObj_GetType(item)
            if kind == raw.FPDF_PAGEOBJ_FORM and depth < DEEPEST:
                self._take_form(raw, item, found, depth=depth + 1)
            elif kind == raw.FPDF_PAGEOBJ_TEXT:
                (found.unseen if _is_undrawn(raw, item, _fill(raw, item)) else found.seen).append(item)


def _is_layer(unseen: int, seen: int) -> bool:
    return unseen >= LAYER * (unseen + seen)


def _is_unseen(raw: Any, text: Any, found: _Page) -> bool:
    colour = _fill(raw, text)
    if _is_undrawn(raw, text, colour):
        return True
    area = _bounds(raw, text)
    if area is None:
        return False
    if not _touches(area, found.area) or _size(raw, text) < SMALLEST:
        return True
    if colour is None or min(colour[:3]) < WHITE:
        return False
    x, y = (area.left + area.right) / 2, (area.bottom + area.top) / 2
    return not any(one.holds(x, y) for one in found.behind)


def _touches(area: _Area, page: _Area) -> bool:
    return area.left < page.right and area.right > page.left and area.bottom < page.top and area.top > page.bottom


def _is_undrawn(raw: Any, text: Any, colour: Colour | None) -> bool:
    """Whether the letters are put on the page without any ink."""
    mode = raw.FPDFTextObj_GetTextRenderMode(text)
    if mode in (raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP):
        return True
    return mode == raw.FPDF_TEXTRENDERMODE_FILL and colour is not None and colour[3] == 0


def _is_bare(raw: Any, path: Any) -> bool:
    """Whether a path leaves the paper as it is behind what follows: not filled, or filled white."""
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    if raw.FPDFPath_GetDrawMode(path, mode, stroke) and mode.value == raw.FPDF_FILLMODE_NONE:
        return True
    colour = _fill(raw, path)
    return colour is not None and (min(colour[:3]) >= WHITE or colour[3] == 0)


def _fill(raw: Any, item: Any) -> Colour | None:
    red, green, blue, alpha = ctypes.c_uint(), ctypes.c_uint(), ctypes.c_uint(), ctypes.c_uint()
    if not raw.FPDFPageObj_GetFillColor(item, red, green, blue, alpha):
        return None
    return red.value, green.value, blue.value, alpha.value


def _bounds(raw: Any, item: Any) -> _Area | None:
    left, bottom, right, top = ctypes.c_float(), ctypes.c_float(), ctypes.c_float(), ctypes.c_float()
    if not raw.FPDFPageObj_GetBounds(item, left, bottom, right, top):
        return None
    return _Area(left.value, bottom.value, right.value, top.value)


def _size(raw: Any, text: Any) -> float:
    """The height of the letters on the page in points, as the font and its matrix make it; large where it cannot be told."""
    size, matrix = ctypes.c_float(), raw.FS_MATRIX()
    if not raw.FPDFTextObj_GetFontSize(text, size) or not raw.FPDFPageObj_GetMatrix(text, matrix):
        return 100.0
    return abs(float(size.value)) * float((matrix.c**2 + matrix.d**2) ** 0.5)


def _letters(raw: Any, text: Any, textpage: Any) -> int:
    """How many characters a text object has, white space left out."""
    length = raw.FPDFTextObj_GetText(text, textpage, None, 0)
    if length <= 2:  # a NUL ends it
        return 0
    buffer = (ctypes.c_ushort * (length // 2))()
    raw.FPDFTextObj_GetText(text, textpage, buffer, length)
    return len("".join(bytes(buffer)[:-2].decode("utf-16-le", "replace").split()))
