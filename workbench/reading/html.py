"""Web pages: the article's text without menus and banners, and what the page states about itself.

What lives here: HTML -> Reading. What does not: any fetching (no image, style sheet, frame or redirect is followed), markup
(only text leaves). Not evidence, so not in the text: script, style, noscript, template, comments, and what the page itself
hides by the hidden attribute or an inline style (counted in a warning). The only door to trafilatura; lxml comes with it.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from workbench.errors import FileFailure
from workbench.models import UNKNOWN_DATE, PartialDate, SourceMeta
from workbench.reading.capture import noted_when_saved
from workbench.reading.text import MAX_CHARACTERS, Reading, clean, decode, mark_paragraphs, one_line, remarks, version

REVISION = 2  # of this reader; raise it when the text it gives for some file changes
FEW = 0.1  # share of the visible text below which the reader is told that much was left out
LONG_PAGE = 3_000  # characters; on shorter pages the share says little
HEAVY_FILE = 100_000  # bytes; from here on a page with next to no text is suspicious (an unclosed attribute swallows the rest)

_RUNS = re.compile(r" {2,}")
_NO_XML = re.compile("[\x01-\x08\x0b\x0e-\x1f\ufffe\uffff]")  # lxml reads them and raises when trafilatura copies them
_DECLARED = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})|<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.-]{2,40})"
)
_NOT_TEXT = ("script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "math", "head", "title")
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_BREAKS = re.compile(
    "p|div|section|article|main|header|footer|nav|aside|h[1-6]|[uod]l|li|d[td]|blockquote|pre|table|tr|caption|thead|tbody"
    "|figure|figcaption|form|fieldset|address|details|summary|hr|option|button"
    "|head|quote|list|item|row|graphic|body"  # names of the tree trafilatura gives
)
_ROWS = frozenset({"tr", "row"})
_CELLS = frozenset({"td", "th", "cell"})
_LINE_ENDS = frozenset({"br", "lb"})
_SPACES = re.compile(r"[ \t\n\r\f]+")  # what HTML folds; a no-break space stays
_PUBLISHED = re.compile(
    r"(?:article|og):published_time|datepublished|date|pubdate|publish-?date|publication_date|dc\.date(?:\.issued)?"
    r"|dcterms\.issued|parsely-pub-date|sailthru\.date|citation_publication_date"
)
_ISO = re.compile(r"\s*(\d{4}(?:-\d{2}(?:-\d{2})?)?)(?!\d)")
_JSON_DATE = re.compile(r'"datePublished"\s*:\s*"(\d{4}(?:-\d{2}(?:-\d{2})?)?)(?!\d)')


class Page(NamedTuple):
    """A page in characters. nuls: how many were removed; warnings: so far."""

    markup: str
    tree: Any
    nuls: int
    warnings: list[str]


def read(data: bytes, name: str, *, charset: str | None = None) -> Reading:
    """A web page as saved. charset: where something outside the page states it.

    A page that says where it was saved from (capture.py) has that address; another one that it gives itself is in a warning.
    Raises: FileFailure no_text, too_complex, bad_encoding.
    """
    markup, tree, nuls, warnings = _opened(data, name, charset)
    meta = noted_when_saved(markup).described(_metadata(tree, markup), warnings)
    _take_out_what_is_not_text(tree, warnings)
    text = _text(tree, warnings)
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


def visible_text(data: bytes, name: str, *, charset: str | None = None) -> tuple[str, list[str]]:
    """(all text a visitor sees, warnings), nothing taken for a menu: of HTML that is no page, such as an e-mail.

    Who reads the text cannot see what is quoted in it as a visitor does, by indents; a warning counts the quotations.
    Raises: FileFailure too_complex, bad_encoding; the text of HTML without any is empty.
    """
    if not data.strip():
        return "", []
    _, tree, _, warnings = _opened(data, name, charset)
    _take_out_what_is_not_text(tree, warnings)
    quoted = sum(quotation.getparent().tag != "blockquote" for quotation in tree.iter("blockquote"))
    if quoted:
        warnings.append(f"quoted blocks (an earlier message, perhaps) that the text does not set apart: {quoted}")
    return _visible(tree), warnings


def _opened(data: bytes, name: str, charset: str | None) -> Page:
    declared = _DECLARED.search(data[:4096].lower())
    stated = (declared[1] or declared[2]).decode("ascii") if declared else None
    decoded, warnings = decode(data, name, declared=charset or stated)
    cleaned, nuls = clean(decoded)
    markup = _NO_XML.sub("\ufffd", cleaned)  # and so counted by `remarks`
    return Page(markup, _parse(markup, name), nuls, warnings)


def _parse(markup: str, name: str) -> Any:
    """The page's tree. Parts of a tree are never taken for the whole: what the parser gave up on is too_complex."""
    import lxml.etree
    import lxml.html

    if len(markup) > MAX_CHARACTERS:
        raise _too_complex(name, f"it has {len(markup):,} characters of markup")
    parser = lxml.html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        tree = lxml.html.document_fromstring(markup.encode("utf-8"), parser=parser)
    except lxml.etree.ParserError as error:  # "Document is empty"
        raise FileFailure(f"{name}: this web page is empty.", hint="Save the page again.", code="no_text") from error
    given_up = [entry.message.strip() for entry in parser.error_log if entry.type_name == "ERR_RESOURCE_LIMIT"]
    if given_up:
        raise _too_complex(name, given_up[0].split(",")[0])
    return tree


def _too_complex(name: str, why: str) -> FileFailure:
    return FileFailure(
        f"{name}: the page is too complex to be read whole ({why}).",
        hint="Print the page to PDF or copy its text into a .txt file, and add that.",
        code="too_complex",
    )


# --- text ----------------------------------------------------------------------------------------------------------


def _take_out_what_is_not_text(tree: Any, warnings: list[str]) -> None:
    """Remove what is not evidence from the tree; a warning counts the characters the page hid by attribute or style."""
    for element in list(tree.iter(*_NOT_TEXT)):
        if element.getparent() is not None and element.tag != "head":
            element.drop_tree()
    hidden = 0
    for element in list(tree.iter()):
        says_hidden = element.get("hidden") is not None or _HIDDEN_STYLE.search(element.get("style") or "")
        if says_hidden and element.tag not in ("html", "body") and element.getparent() is not None:
            hidden += len(_SPACES.sub(" ", element.text_content()).strip())
            element.drop_tree()
    if hidden:
        warnings.append(f"text the page itself hides was left out: {hidden:,} characters")


def _text(tree: Any, warnings: list[str]) -> str:
    """The article's text; the whole visible text (and a warning) where no article can be told from the rest."""
    from trafilatura import bare_extraction

    visible = _visible(tree)
    found = bare_extraction(tree, include_comments=False, include_tables=True, with_metadata=False)
    article = _as_text(found.body) if found is not None and found.body is not None else ""  # type: ignore[union-attr]
    if not article.strip():
        if visible:
            warnings.append("no article was found in the page: all its visible text was taken, menus included")
        return visible
    if len(visible) > LONG_PAGE and len(article) < FEW * len(visible):
        warnings.append(f"the article found is {len(article):,} of the page's {len(visible):,} visible characters")
    return article


def _visible(tree: Any) -> str:
    body = tree.find("body")
    return _as_text(body if body is not None else tree)


def _as_text(root: Any) -> str:
    """The text under an element: blocks set apart by a blank line, table rows by a line end, their cells by a tab."""
    from lxml.etree import iterwalk

    blocks: list[str] = []
    parts: list[str] = []

    def finish(joint: str) -> None:
        block = re.sub(r" *([\n\t]) *", r"\1", _RUNS.sub(" ", "".join(parts))).strip(" \n\t")
        parts.clear()
        if block:
            blocks.append((joint if blocks else "") + block)

    row_follows_row = False
    for event, element in iterwalk(root, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if _BREAKS.fullmatch(tag):
            is_row_end = event == "end" and tag in _ROWS
            finish("\n" if is_row_end and row_follows_row else "\n\n")
            row_follows_row = is_row_end or (row_follows_row and tag in _ROWS)
        elif event == "start" and tag in _LINE_ENDS:
            parts.append("\n")
        elif event == "end" and tag in _CELLS:
            parts.append("\t")
        loose = element.text if event == "start" else (element.tail if element is not root else None)
        if loose:
            parts.append(_SPACES.sub(" ", loose))
    finish("\n\n")
    return "".join(blocks)


# --- metadata ------------------------------------------------------------------------------------------------------


def _metadata(tree: Any, markup: str) -> SourceMeta:
    """What the page states: title, author, publisher, date, address, language. Nothing is made up from the address."""
    from trafilatura.metadata import extract_metadata

    options = {"original_date": True, "extensive_search": False, "max_date": "9999-12-31"}  # a fixed bound: no clock here
    found = extract_metadata(tree, date_config=options)
    url = found.url if found.url and re.match(r"https?://", found.url) else None
    publisher = found.sitename
    if publisher and url and publisher.lower().removeprefix("www.") in url.lower().split("/")[2]:
        publisher = None  # the host of the address, which is no publisher's name
    stated = re.fullmatch(r"\s*([A-Za-z]{2,3})(?:[-_][\w-]*)?\s*", tree.get("lang") or "")
    return SourceMeta(
        title=one_line(found.title),
        author=one_line(found.author),
        publisher=one_line(publisher),
        published_on=_published_on(tree, markup, found.date),
        url=url,
        language=stated[1].lower() if stated else None,
    )


def _published_on(tree: Any, markup: str, found: str | None) -> PartialDate:
    """The stated day, month or year of publication; else a day trafilatura found, if it stands in the page ("inferred").

    htmldate completes "2021-06" with today's day and takes a date of change for one of publication: both are refused here.
    """
    for element in tree.iter("meta", "time", "span"):
        key = (element.get("property") or element.get("name") or element.get("itemprop") or "").lower()
        if _PUBLISHED.fullmatch(key):
            stated = _ISO.match(element.get("content") or element.get("datetime") or "")
            if stated and (date := _date(stated[1], "stated")):
                return date
    in_json = _JSON_DATE.search(markup)
    if in_json and (date := _date(in_json[1], "stated")):
        return date
    if found and not re.search(r"modified|updated", markup, re.IGNORECASE):
        year, month, day = found.split("-")
        day_and_year = rf"\b0?{int(day)}\b[^<>\d]{{1,20}}{year}\b"  # 12 March 2021; March 12, 2021
        if re.search(rf"{year}[-/]?{month}[-/]?{day}|{day_and_year}", markup):
            return _date(found, "inferred") or UNKNOWN_DATE
    return UNKNOWN_DATE


def _date(value: str, basis: str) -> PartialDate | None:
    try:
        return PartialDate.model_validate({"value": value, "basis": basis})
    except ValueError:
        return None
