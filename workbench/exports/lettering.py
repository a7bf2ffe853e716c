"""Which characters the fonts of pdf reports have letters for, and text made ready for them.

What lives here: text in, text out that typst can set. What does not: setting it (pdf.py), the fonts (fonts/README.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import regex

FONTS = Path(__file__).parent / "fonts"
LONG = 45  # letters in a row after which a line may break: a digest or an address that nothing else breaks
_LINE_END = regex.compile(r"\r\n|[\r\v\f\x85\u2028\u2029]")
# Controls, and the marks that would turn the words after them round (shown as one would not be seen).
_HARMFUL = regex.compile(r"[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069]")
_UNSEEN = regex.compile(r"[\n\p{Default_Ignorable_Code_Point}\p{Zs}]")
_UNBROKEN = regex.compile(
    rf"[^\s\u200b\p{{Han}}\p{{Hiragana}}\p{{Katakana}}\p{{Thai}}\p{{Lao}}\p{{Khmer}}\p{{Myanmar}}]{{{LONG},}}"
)


class Lettering:
    """Makes text ready to be set, and remembers which characters had no letter."""

    def __init__(self) -> None:
        self.missing: set[str] = set()

    def words(self, text: str) -> str:
        """Harmful characters as U+FFFD, those without a letter as `[U+1F469]`, and room to break in long words."""
        plain = _HARMFUL.sub("\ufffd", _LINE_END.sub("\n", text.replace("\t", " ")))
        absent = {one for one in set(plain) if ord(one) not in _covered() and not _UNSEEN.match(one)}
        self.missing |= absent
        named = plain.translate({ord(one): f"[U+{ord(one):04X}]" for one in absent})
        broken: str = _UNBROKEN.sub(lambda found: "\u200b".join(_pieces(found.group())), named)
        return broken

    @property
    def note(self) -> str:
        """What the report says of characters it could not set; empty where there were none."""
        if not self.missing:
            return ""
        return "This form has no letter for some characters and prints their numbers, as [U+1F469]; the html form has them all."


def _pieces(word: str) -> Iterator[str]:
    return (word[at : at + LONG // 3] for at in range(0, len(word), LONG // 3))


@lru_cache(maxsize=1)
def _covered() -> frozenset[int]:
    found: set[int] = set()
    for line in (FONTS / "coverage.txt").read_text(encoding="ascii").splitlines():
        if not line.startswith("#"):
            first, _, last = line.partition("-")
            found.update(range(int(first, 16), int(last or first, 16) + 1))
    return frozenset(found)
