"""Text of a page that the page's own style sheet hides: told, and left in.

What lives here: the rules of the page's <style> elements that hide a class or an id, and nothing else of CSS. What does not:
the hidden attribute and inline styles, which say what one element is (markup.py). A rule is no proof that a visitor does not
see the text, because a script may show it, so it stays in the text and is warned of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from workbench.reading.markup import visible_text

MOST = 500_000  # characters of style sheets that are looked at
SHORTEST = 15  # characters of a block that can be found again in the text
SHOWN = 60

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_BRACES = re.compile(r"([{}])")
_SIMPLE = re.compile(r"(?P<tag>[a-zA-Z][a-zA-Z0-9]*)?(?P<mark>[.#])(?P<name>[\w-]+)")
_HIDES = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_SHOWS = re.compile(r"(?:^|;)\s*(?:display|visibility)\s*:", re.IGNORECASE)


def hidden_blocks(tree: Any) -> list[str]:
    """The blocks of text inside elements that a rule hides, as they would stand in the text. The tree is not changed."""
    hidden = {rule for sheet in _sheets(tree) for rule, hides in _rules(sheet).items() if hides}
    if not hidden:
        return []
    found = []
    for element in tree.iter():
        if _names(element) & hidden and not any(_names(each) & hidden for each in element.iterancestors()):
            found += visible_text(element).split("\n")
    return [block for block in found if len(block) >= SHORTEST]


def hidden_in_text(blocks: list[str], text: str) -> list[str]:
    """A warning where these blocks are in the text that was read."""
    inside = [block for block in blocks if block in text]
    if not inside:
        return []
    begins = inside[0][:SHOWN].strip()
    count = sum(map(len, inside))
    return [f"text that the page's style sheet hides, unless a script shows it: {count:,} characters (“{begins}…”)"]


def _sheets(tree: Any) -> Iterator[str]:
    left = MOST
    for style in tree.iter("style"):
        sheet = (style.text or "")[:left]
        left -= len(sheet)
        if "print" not in (style.get("media") or ""):
            yield sheet


def _rules(sheet: str) -> dict[tuple[str, str, str], bool]:
    """(tag or nothing, mark, name) of simple selectors, and whether the last rule for each hides; @-rules are left out."""
    rules: dict[tuple[str, str, str], bool] = {}
    depth, selector, last = 0, "", ""
    for piece in _BRACES.split(_COMMENT.sub("", sheet)):
        if piece == "{":
            selector = last if depth == 0 else selector
            depth += 1
        elif piece == "}":
            if depth == 1 and not selector.lstrip().startswith("@") and _SHOWS.search(last):
                rules.update(dict.fromkeys(_simple(selector), bool(_HIDES.search(last))))
            depth = max(0, depth - 1)
        else:
            last = piece.rsplit(";", 1)[-1] if depth == 0 else piece  # @import …; before a selector
    return rules


def _simple(selectors: str) -> Iterator[tuple[str, str, str]]:
    for one in selectors.split(","):
        if found := _SIMPLE.fullmatch(one.strip()):
            yield (found["tag"] or "").lower(), found["mark"], found["name"]


def _names(element: Any) -> set[tuple[str, str, str]]:
    """What simple selectors an element answers to."""
    if not isinstance(element.tag, str):
        return set()
    marks = [(".", name) for name in (element.get("class") or "").split()]
    marks += [("#", element.get("id"))] if element.get("id") else []
    return {(tag, mark, name) for mark, name in marks for tag in ("", element.tag)}
