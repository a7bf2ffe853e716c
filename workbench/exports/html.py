"""html: reports for readers as one self-contained page, for the screen and for paper.

No script, nothing remote, a content security policy that allows its own style and no more; jinja2 escapes every value. What
does not live here: what a report says (workbench.report). The template is given the page of a report, never the record.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import regex

from workbench.report import FRAGMENTS, NO_EXPLANATION, NO_HEADLINE, REPORTED_WORDS, ClaimPage, ClaimReport, one_per_scale
from workbench.settings import Settings

if TYPE_CHECKING:
    from jinja2 import Template

TEMPLATES = Path(__file__).parent / "templates"
OFF_SCALE_COLOUR = "#5B6770"  # what a rating has that this workspace's scale no longer holds
_LANGUAGE = regex.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def write_html(reports: Sequence[ClaimReport], settings: Settings) -> bytes:
    """One page: of one claim, or of several after a table of them."""
    colours = {one.slug: one.colour for one in settings.review.rating_scale.ratings}
    pages = [report.page for report in reports]
    text = _template().render(
        pages=pages,
        methods=one_per_scale(pages),
        publisher=settings.organisation.name or settings.name,
        licence=settings.organisation.licence,
        title=_title(pages, settings),
        colour_of=lambda rating: colours.get(rating.slug, OFF_SCALE_COLOUR) if rating else OFF_SCALE_COLOUR,
        ink_on=ink_on,
        language=lambda code: code if code and _LANGUAGE.fullmatch(code) else None,
        fragments=FRAGMENTS,
        no_headline=NO_HEADLINE,
        no_explanation=NO_EXPLANATION,
        reported_words=REPORTED_WORDS,
    )
    return text.encode("utf-8")


def ink_on(colour: str) -> str:
    """Black or white, whichever reads better on this #rrggbb colour: at least 4.5:1 on any (WCAG 2.2, relative luminance)."""
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "#FFFFFF" if 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.05 else "#000000"


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _title(pages: Sequence[ClaimPage], settings: Settings) -> str:
    if len(pages) == 1:
        return pages[0].headline or pages[0].title
    return f"Fact-checks by {settings.organisation.name or settings.name}"


@lru_cache(maxsize=1)
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    loader = FileSystemLoader(TEMPLATES)
    env = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return env.get_template("report.html.j2")
