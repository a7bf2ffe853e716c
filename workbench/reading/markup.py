"""HTML markup -> tree -> visible text, the same for a saved page and a chapter of an e-book.

What lives here: the charset markup states, its tree, what of it a reader would see, in blocks. What does not: which part of a
page is the article (html.py), the order of chapters (epub.py). Not evidence, so not in the text: script, style, noscript,
template, comments, and what the page itself hides by the hidden attribute or an inline style.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from workbench.errors import FileFailure
from workbench.reading.text import MAX_CHARACTERS, clean, decode

_RUNS = re.compile(r" {2,}")
_DECLARED = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})|<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.-]{2,40})"
)
_NAMED = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)[A-Za-z][A-Za-z0-9]{0,31};")
_NO_XML = re.compile(
    "[\x01-\x08\x0b\x0e-\x1f\ufffe\uffff]"  # and references to them:
    r"|&#0*(?:[1-8]|1[124-9]|2\d|3[01]|6553[45])(?!\d);?|&#[xX]0*(?:[1-8bcefBCEF]|1[\da-fA-F]|[fF]{3}[eEfF])(?![\da-fA-F]);?"
)
_NOT_TEXT = ("script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "math", "title")
_AWAY = "hidden-by-the-page"
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_BREAKS = re.compile(
    "p|div|section|article|main|header|footer|nav|aside|h[1-6]|[uod]l|li|d[td]|blockquote|pre|table|tr|caption|thead|tbody"
    "|figure|figcaption|form|fieldset|address|details|summary|hr|option|button"
    "|head|quote|list|item|row|graphic|body"  # names of the tree trafilatura gives
)
_ROWS = frozenset({"tr", "row"})
_HEADINGS = frozenset({"h1", "h2"})
_CELLS = frozenset({"td", "th", "cell"})
_LINE_ENDS = frozenset({"br", "lb"})
_SPACES = re.compile(r"[ \t\n\r\f]+")  # what HTML folds; a no-break space stays


class Block(NamedTuple):
    """A paragraph, list entry, table row or the like. joint: what parts it from the one before; is_heading: in h1 or h2."""

    text: str
    joint: str
    is_heading: bool


def decoded_markup(data: bytes, name: str, *, charset: str | None = None) -> tuple[str, int, list[str]]:
    """(canonical markup, number of NUL characters removed, warnings), decoded with the charset the markup states.

    charset: where something outside the markup states it, which comes first.

    What no tree can hold (control codes) is U+FFFD in it: lxml and trafilatura fail where they come upon one.
    """
    declared = _DECLARED.search(data[:4096].lower())
    stated = (declared[1] or declared[2]).decode("ascii") if declared else None
    decoded, warnings = decode(data, name, declared=charset or stated)
    markup, nuls = clean(decoded)
    return _NO_XML.sub("\ufffd", markup.replace("\f", " ")), nuls, warnings


def parse_html(markup: str, name: str) -> Any:
    """The page's tree. Parts of a tree are never taken for the whole: what the parser gave up on is too_complex.

    Raises: FileFailure.
    """
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


def parse_xhtml(markup: str, name: str) -> Any:
    """The tree of an XHTML document, its names without a namespace: as XML where it is well-formed, else as a browser would.

    Read as HTML, `<title/>` or `<script/>` would take the rest of the document for a title or a script.
    """
    import lxml.etree
    import lxml.html

    parser = lxml.html.XHTMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        tree = lxml.etree.fromstring(_NAMED.sub(_as_character, markup).encode("utf-8"), parser)
    except lxml.etree.XMLSyntaxError:
        return parse_html(markup, name)
    for element in tree.iter("{*}*"):
        element.tag = lxml.etree.QName(element).localname
    return tree


def _as_character(named: re.Match[str]) -> str:
    """The characters of a reference that HTML knows and XML does not; one that neither knows as it is written."""
    return html.escape(html.unescape(named[0]), quote=False)


def _too_complex(name: str, why: str) -> FileFailure:
    return FileFailure(
        f"{name}: the page is too complex to be read whole ({why}).",
        hint="Print the page to PDF or copy its text into a .txt file, and add that.",
        code="too_complex",
    )


def take_out_what_is_not_text(tree: Any) -> int:
    """Remove what is not evidence from the tree; the number of characters the page hid by attribute or style."""
    from lxml.etree import strip_elements  # drop_tree fails where a control character follows the element

    strip_elements(tree, *_NOT_TEXT, with_tail=False)
    hidden = 0
    for element in list(tree.iter()):
        says_hidden = element.get("hidden") is not None or _HIDDEN_STYLE.search(element.get("style") or "")
        if (
            says_hidden
            and element.tag not in ("html", "body")
            and not any(each.tag == _AWAY for each in element.iterancestors())
        ):
            hidden += len(_SPACES.sub(" ", element.text_content()).strip())
            element.tag = _AWAY
    strip_elements(tree, _AWAY, with_tail=False)
    return hidden


def visible_text(root: Any) -> str:
    """The text under an element: blocks set apart by a blank line, table rows by a line end, their cells by a tab."""
    return "".join(block.joint + block.text for block in visible_blocks(root))


def visible_blocks(root: Any) -> Iterator[Block]:
    """The blocks under an element in order; the joint of the first is empty."""
    from lxml.etree import iterwalk

    parts: list[str] = []
    is_first = True
    headings = 0  # how many the walk is inside of
    row_follows_row = False
    for event, element in iterwalk(root, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if _BREAKS.fullmatch(tag):
            is_row_end = event == "end" and tag in _ROWS
            text = _folded(parts)
            if text:
                yield Block(text, "" if is_first else "\n" if is_row_end and row_follows_row else "\n\n", headings > 0)
                is_first = False
            row_follows_row = is_row_end or (row_follows_row and tag in _ROWS)
            headings += (1 if event == "start" else -1) if tag in _HEADINGS else 0
        elif event == "start" and tag in _LINE_ENDS:
            parts.append("\n")
        elif event == "end" and tag in _CELLS:
            parts.append("\t")
        loose = element.text if event == "start" else (element.tail if element is not root else None)
        if loose:
            parts.append(_SPACES.sub(" ", loose))
    text = _folded(parts)
    if text:
        yield Block(text, "" if is_first else "\n\n", False)


def _folded(parts: list[str]) -> str:
    """The block the parts make, and no parts any more."""
    block = re.sub(r" *([\n\t]) *", r"\1", _RUNS.sub(" ", "".join(parts))).strip(" \n\t")
    parts.clear()
    return block
