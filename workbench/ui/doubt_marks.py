"""What makes the words of a passage doubtful: badges for its first line, and the same in whole sentences."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from workbench.models import Hit, spelled_out
from workbench.reading.text import hidden_places
from workbench.tongue import _
from workbench.ui.show import Safe, tag

SHOWN = 5  # hidden characters named one by one; the rest are counted
BEFORE = 12  # letters before a hidden character that say where it stands


def badges(hit: Hit) -> Iterator[Safe]:
    """A badge for doubts about the file's text, one for hidden characters in this passage."""
    if hit.warnings:
        yield tag("span", "badge", _("check the original"), title="; ".join(map(spelled_out, hit.warnings)))
    hidden = hidden_places(hit.text)
    if hidden:
        yield tag("span", "badge", _("hidden characters: {count}", count=len(hidden)), title=_named(hit.text, hidden))


def lines(hit: Hit) -> Iterator[Safe]:
    """The sentences behind the badges."""
    for warning in hit.warnings:
        yield tag("p", "quiet", _("Of this file: {warning}", warning=spelled_out(warning)), dir="auto")
    hidden = hidden_places(hit.text)
    if hidden:
        yield tag("p", "quiet", _("In this passage: {named}", named=_named(hit.text, hidden)), dir="auto")


def _named(text: str, hidden: list[int]) -> str:
    """`zero width space (U+200B) after “kil”`, for each of the first few."""
    named = [
        _("{character} after “{words}”", character=_name(text[at]), words=_words_before(text, at)) if at else _name(text[at])
        for at in hidden[:SHOWN]
    ]
    more = len(hidden) - SHOWN
    return "; ".join([*named, *([_("and {count} more", count=more)] if more > 0 else [])])


def _name(character: str) -> str:
    return f"{unicodedata.name(character, 'unnamed character').lower()} (U+{ord(character):04X})"


def _words_before(text: str, at: int) -> str:
    return "".join(each for each in text[max(0, at - BEFORE) : at] if each.isprintable())
