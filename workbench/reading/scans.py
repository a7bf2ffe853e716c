"""What OCR made of pages that have no text: the values, and their place in a document's text.

What lives here: words with their boxes, a page's text and confidence, and documents put together from pages. What does not:
running tesseract (ocr.py), making pictures of pages (pdf_page.py, image.py). Pure: both sides of the reading process use it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from workbench.errors import FileFailure
from workbench.models import OCR_UNSURE, Place

PAGE_BREAK = "\n\n"  # so that no paragraph runs from one page to the next
LEGIBLE = 30  # percent: below it what was found is the grain of the picture; a page of a photo gave 10 to 25
NAMED = 10  # pages in a warning; the rest are counted


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True)


class Word(NamedTuple):
    """A word on a page: [start, end) in the page's text; its box as parts of the picture, from the top left corner."""

    start: int
    end: int
    left: float
    top: float
    width: float
    height: float


class OcrPage(_Value):
    """A page as OCR read it. confidence: the mean of its words', each weighed by its length; None where it has no words."""

    text: str = ""
    confidence: int | None = None
    words: tuple[Word, ...] = ()


class OcrResult(_Value):
    """What OCR made of the pages of a file that have no text, by page number from 1. The words' boxes are left out.

    engine: the program, its version and its languages. unread: pages it could not be tried on or did not finish, and why.
    """

    engine: str
    pages: dict[int, OcrPage] = {}
    unread: dict[int, str] = {}


def page_of(text: str, tsv: str) -> OcrPage:
    """A page of what tesseract writes: `text` as it sets it, `tsv` with a line for each word. Nothing legible: an empty one."""
    words: list[Word] = []
    width = height = 1
    at = letters = 0
    weighed = 0.0
    for line in tsv.splitlines()[1:]:
        cells = line.split("\t", 11)
        if cells[0] == "1":
            width, height = max(1, int(cells[8])), max(1, int(cells[9]))
        if cells[0] != "5" or len(cells) < 12 or not cells[11].strip():
            continue
        found = text.find(cells[11], at)
        if found < 0:  # marks that tesseract puts into right-to-left lines only: the word stays without a box
            continue
        at = found + len(cells[11])
        left, top, wide, high = (int(cell) for cell in cells[6:10])
        box = (left / width, top / height, wide / width, high / height)
        words.append(Word(found, at, *(round(part, 5) for part in box)))
        letters += len(cells[11])
        weighed += len(cells[11]) * max(0.0, float(cells[10]))
    sureness = round(weighed / letters) if letters else 0
    if sureness < LEGIBLE or not any(letter.isalnum() for letter in text):
        return OcrPage()
    return OcrPage(text=text, confidence=sureness, words=tuple(words))


def with_ocr(texts: Sequence[str], ocr: OcrResult | None) -> tuple[str, tuple[Place, ...]]:
    """The text of all pages, and a place for each. A page that has a text layer keeps it, whatever OCR says (aleph#2122)."""
    pages = [(ocr.pages.get(number) if ocr and not text.strip() else None) for number, text in enumerate(texts, start=1)]
    shown = [page.text if page else text for text, page in zip(texts, pages, strict=True)]
    places, at = [], 0
    for number, (text, page) in enumerate(zip(shown, pages, strict=True), start=1):
        sureness = page.confidence if page else None
        places.append(Place(start=at, end=at + len(text), kind="page", label=str(number), ocr_confidence=sureness))
        at += len(text) + len(PAGE_BREAK)
    return PAGE_BREAK.join(shown), tuple(places)


def ocr_warnings(ocr: OcrResult) -> list[str]:
    """What a reader of the pages that OCR read should know: which they are, how sure it was, and what it could not read."""
    read = {number: page.confidence for number, page in ocr.pages.items() if page.confidence is not None}
    warnings = []
    unsure = [number for number, sureness in read.items() if sureness < OCR_UNSURE]
    if unsure:
        warnings.append(f"OCR is unsure of pages {listed(unsure)} (under {OCR_UNSURE}%): do not quote them unseen")
    if read:
        mean = round(sum(read.values()) / len(read))
        pages = listed([f"{number} ({sureness}%)" for number, sureness in read.items()])
        warnings.append(f"read by OCR ({ocr.engine}), mean confidence {mean}%: pages {pages}; compare with the picture")
    nothing = [number for number, page in ocr.pages.items() if page.confidence is None]
    if nothing:
        warnings.append(f"pages without text, in which OCR found none either: {listed(nothing)}")
    for why in dict.fromkeys(ocr.unread.values()):
        pages = listed([number for number, reason in ocr.unread.items() if reason == why])
        warnings.append(f"pages without text that OCR could not read ({why}): {pages}")
    return warnings


def counted(pages: int) -> str:
    """`1 page`, `12 pages`."""
    return "1 page" if pages == 1 else f"{pages:,} pages"


def refuse_nothing_found(name: str, pages: int, ocr: OcrResult) -> None:
    """Refuse a file that has no text on any of its pages. Raises: FileFailure no_text_layer, ocr_failed."""
    if any(page.confidence is not None for page in ocr.pages.values()):
        return
    if ocr.pages:
        raise FileFailure(
            f"{name}: {counted(pages)} without a text layer, and OCR ({ocr.engine}) found no text in it.",
            hint="If it shows text in another language, name it as ocr_languages under [evidence] in workbench.toml and add "
            "the file again.",
            code="no_text_layer",
        )
    why = "; ".join(dict.fromkeys(ocr.unread.values()))
    raise FileFailure(
        f"{name}: {counted(pages)} without a text layer, and OCR ({ocr.engine}) could not read it: {why}.",
        hint="Raise ocr_seconds_per_page under [evidence] in workbench.toml and add it again.",
        code="ocr_failed",
    )


def listed(pages: Sequence[int | str]) -> str:
    """The first pages, and how many more there are."""
    shown = ", ".join(map(str, pages[:NAMED]))
    return shown if len(pages) <= NAMED else f"{shown} and {len(pages) - NAMED} more"
