"""Web pages: the article's text without menus and banners, and what the page states about itself.

What lives here: HTML -> Reading. What does not: any fetching (no image, style sheet, frame or redirect is followed), what of
the markup can be seen (markup.py; what the page itself hides is counted in a warning). The only door to trafilatura.
"""

from __future__ import annotations

import re
from typing import Any

from workbench.errors import FileFailure
from workbench.models import UNKNOWN_DATE, PartialDate, SourceMeta
from workbench.reading.capture import noted_when_saved
from workbench.reading.markup import decoded_markup, parse_html, take_out_what_is_not_text, visible_text
from workbench.reading.stated import iso_date, language_code, one_line
from workbench.reading.style_sheet import hidden_blocks, hidden_in_text
from workbench.reading.text import Reading, mark_paragraphs, remarks, version

REVISION = 2  # of this reader; raise it when the text it gives for some file changes
FEW = 0.1  # share of the visible text below which the reader is told that much was left out
LONG_PAGE = 3_000  # characters; on shorter pages the share says little
HEAVY_FILE = 100_000  # bytes; from here on a page with next to no text is suspicious (an unclosed attribute swallows the rest)

_PUBLISHED = re.compile(
    r"(?:article|og):published_time|datepublished|date|pubdate|publish-?date|publication_date|dc\.date(?:\.issued)?"
    r"|dcterms\.issued|parsely-pub-date|sailthru\.date|citation_publication_date"
)
_JSON_DATE = re.compile(r'"datePublished"\s*:\s*"(\d{4}(?:-\d{2}(?:-\d{2})?)?)(?!\d)')
# Markup that says: this page is a fact-check (schema.org). A page that only links to fact-checks carries none.
_CLAIM_REVIEW = re.compile(r'"@type"\s*:\s*(?:\[[^\]]{0,200})?"ClaimReview"')


def read(data: bytes, name: str, *, charset: str | None = None) -> Reading:
    """A web page as saved. charset: where something outside the page states it.

    A page that says where it was saved from (capture.py) has that address; another one that it gives itself is in a warning.
    Raises: FileFailure no_text, too_complex, bad_encoding.
    """
    markup, nuls, warnings = decoded_markup(data, name, charset=charset)
    tree = parse_html(markup, name)
    meta = noted_when_saved(markup).described(_metadata(tree, markup), warnings)
    styled_away = hidden_blocks(tree)
    _take_out(tree, warnings)
    text = _text(tree, warnings)
    warnings += hidden_in_text(styled_away, text)
    if not text:
        raise FileFailure(
            f"{name}: this web page has no text that a visitor could read.",
            hint="If it fills itself by script, open it in a browser and save it from there (as text or PDF).",
            code="no_text",
        )
    if len(data) > HEAVY_FILE and len(text) * 1000 < len(data):
        warnings.append(f"only {len(text):,} characters of text in {len(data):,} bytes: parts may be missing")
    places = mark_paragraphs(text, warnings)
    reader_version = f"trafilatura {version('trafilatura')} + {REVISION}"
    return Reading(text, places, "html", reader_version, meta, (*warnings, *remarks(text, nuls)))


def all_text(data: bytes, name: str, *, charset: str | None = None) -> tuple[str, list[str]]:
    """(all text a visitor sees, warnings), nothing taken for a menu: of HTML that is no page, such as an e-mail.

    Who reads the text cannot see what is quoted in it as a visitor does, by indents; a warning counts the quotations.
    Raises: FileFailure too_complex, bad_encoding; the text of HTML without any is empty.
    """
    if not data.strip():
        return "", []
    markup, _, warnings = decoded_markup(data, name, charset=charset)
    tree = parse_html(markup, name)
    _take_out(tree, warnings)
    quoted = sum(quotation.getparent().tag != "blockquote" for quotation in tree.iter("blockquote"))
    if quoted:
        warnings.append(f"quoted blocks (an earlier message, perhaps) that the text does not set apart: {quoted}")
    return _seen(tree), warnings


# --- text ----------------------------------------------------------------------------------------------------------


def _take_out(tree: Any, warnings: list[str]) -> None:
    hidden = take_out_what_is_not_text(tree)
    if hidden:
        warnings.append(f"text the page itself hides was left out: {hidden:,} characters")


def _seen(tree: Any) -> str:
    body = tree.find("body")
    return visible_text(body if body is not None else tree)


def _text(tree: Any, warnings: list[str]) -> str:
    """The article's text; the whole visible text (and a warning) where no article can be told from the rest."""
    from trafilatura import bare_extraction

    visible = _seen(tree)
    found = bare_extraction(tree, include_comments=False, include_tables=True, with_metadata=False)
    article = visible_text(found.body) if found is not None and found.body is not None else ""  # type: ignore[union-attr]
    if not article.strip():
        if visible:
            warnings.append("no article was found in the page: all its visible text was taken, menus included")
        return visible
    if len(visible) > LONG_PAGE and len(article) < FEW * len(visible):
        warnings.append(f"the article found is {len(article):,} of the page's {len(visible):,} visible characters")
    return article


# --- metadata ------------------------------------------------------------------------------------------------------


def _metadata(tree: Any, markup: str) -> SourceMeta:
    """What the page states: title, author, publisher, date, address, language, and that it is a fact-check.

    Nothing is made up from the address.
    """
    from trafilatura.metadata import extract_metadata

    options = {"original_date": True, "extensive_search": False, "max_date": "9999-12-31"}  # a fixed bound: no clock here
    found = extract_metadata(tree, date_config=options)
    url = found.url if found.url and re.match(r"https?://", found.url) else None
    publisher = found.sitename
    if publisher and url and publisher.lower().removeprefix("www.") in url.lower().split("/")[2]:
        publisher = None  # the host of the address, which is no publisher's name
    return SourceMeta(
        title=one_line(found.title),
        author=one_line(found.author),
        publisher=one_line(publisher),
        published_on=_published_on(tree, markup, found.date),
        url=url,
        language=language_code(tree.get("lang")),
        kind="fact-check" if _CLAIM_REVIEW.search(markup) else None,
    )


def _published_on(tree: Any, markup: str, found: str | None) -> PartialDate:
    """The stated day, month or year of publication; else a day trafilatura found, if it stands in the page ("inferred").

    htmldate completes "2021-06" with today's day and takes a date of change for one of publication: both are refused here.
    """
    for element in tree.iter("meta", "time", "span"):
        key = (element.get("property") or element.get("name") or element.get("itemprop") or "").lower()
        if _PUBLISHED.fullmatch(key) and (date := iso_date(element.get("content") or element.get("datetime"))):
            return date
    in_json = _JSON_DATE.search(markup)
    if in_json and (date := iso_date(in_json[1])):
        return date
    if found and not re.search(r"modified|updated", markup, re.IGNORECASE):
        year, month, day = found.split("-")
        day_and_year = rf"\b0?{int(day)}\b[^<>\d]{{1,20}}{year}\b"  # 12 March 2021; March 12, 2021
        if re.search(rf"{year}[-/]?{month}[-/]?{day}|{day_and_year}", markup):
            return iso_date(found, "inferred") or UNKNOWN_DATE
    return UNKNOWN_DATE
