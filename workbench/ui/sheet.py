"""A stretch of a document as a page of text: paragraphs, their place in the margin, the passages marked. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from workbench.models import Place, Source, Span
from workbench.tongue import _
from workbench.ui import show
from workbench.ui.show import Safe, tag

WINDOW = 14_000  # characters shown at once: some six printed pages, drawn without a wait
BEFORE = 4_000  # of them, how many stand before what the page was opened at
_BLANK_LINES = re.compile(r"\n[ \t]*\n[ \t\n]*")
_NEW_BLOCK = ("page", "paragraph", "heading", "timecode", "row", "record", "described", "heard")


@dataclass(frozen=True)
class Layer:
    """Spans to mark, and how. Earlier layers lie on top."""

    css: str
    spans: Sequence[Span]


def window(source: Source, at: int) -> Span:
    """The stretch to show when a document is opened at a character: whole blocks, about WINDOW characters."""
    length = len(source.text)
    if length <= WINDOW + BEFORE:
        return Span(start=0, end=length)
    start = max(0, min(at, length) - BEFORE)
    starts = [block.start for block in blocks(source, Span(start=max(0, start - BEFORE), end=length)) if block.start <= start]
    first = starts[-1] if starts and start else start
    return Span(start=first, end=min(length, first + WINDOW))


def blocks(source: Source, part: Span) -> list[Span]:
    """The paragraphs of a part of the text, in order: parted by blank lines and by the marks the reader of the file made."""
    cuts = {part.start, part.end}
    cuts.update(found.end() for found in _BLANK_LINES.finditer(source.text, part.start, part.end))
    cuts.update(place.start for place in source.places if place.kind in _NEW_BLOCK and part.start < place.start < part.end)
    ordered = sorted(cuts)
    spans = [Span(start=start, end=end) for start, end in pairwise(ordered)]
    return [span for span in spans if source.text[span.start : span.end].strip()]


def draw(source: Source, part: Span, layers: Sequence[Layer]) -> Safe:
    """The part as HTML; where a span of the layer `here` begins stands the id `here`.

    data-source, data-start: whose text each paragraph holds and from which character, for words somebody selects.
    """
    written: list[Safe] = []
    inside = [place for place in source.places if part.start <= place.start < part.end]  # of 65,000 in a film's subtitles
    for block in blocks(source, part):
        text = source.text[block.start : block.end].rstrip()
        body = _layered(text, block.start, layers)
        opening = [place for place in inside if block.start <= place.start < block.end]
        is_new_page = any(place.kind == "page" for place in opening) and bool(written)
        margin = tag("div", "margin", " ".join(filter(None, map(_label, opening[:2]))))
        css = "para break" if is_new_page else "para"
        written.append(tag("div", css, margin, tag("div", "body", body, dir="auto", data_start=str(block.start))))
    return tag("div", "sheet", *written, data_source=source.source_id)


def ticks(length: int, here: Span | None, others: Sequence[Span]) -> Safe:
    """A strip that shows where in the document the passages lie."""
    marks = [(span, "") for span in others] + ([(here, "current")] if here else [])
    return tag(
        "div",
        "ticks",
        *(tag("i", css, style=f"top:{100 * span.start / max(1, length):.2f}%") for span, css in marks),
        aria_hidden="true",
    )


def _label(place: Place) -> str:
    if place.kind == "page":
        return place.label if not place.label.isdecimal() else _("p. {page}", page=place.label)
    if place.kind == "paragraph":
        return f"¶ {place.label}" if place.label.isdecimal() else place.label
    if place.kind in ("described", "heard"):
        return place.label.replace(" %", "\u00a0%")  # the margin is narrow
    return place.label if place.kind in ("timecode", "row", "record") else ""


def _layered(text: str, offset: int, layers: Sequence[Layer]) -> Safe:
    """The text with each character in the topmost layer that covers it."""
    edges = {0, len(text)}
    for layer in layers:
        for span in layer.spans:
            edges.update(edge for edge in (span.start - offset, span.end - offset) if 0 < edge < len(text))
    ordered = sorted(edges)
    parts: list[str | Safe] = []
    for start, end in pairwise(ordered):
        at = start + offset
        css, spans = next(
            ((layer.css, layer.spans) for layer in layers if any(span.start <= at < span.end for span in layer.spans)), ("", ())
        )
        target = {"id": "here"} if css == "here" and any(span.start == at for span in spans) else {}
        parts.append(tag("mark", css, text[start:end], **target) if css else text[start:end])
    return show.together(parts)
