"""What a row of an import may hold, and how flat columns become a claim's values."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple, TextIO

# Columns that fill more than a field of their own: an appearance, a claimant.
APPEARANCE = {
    "url": "url",
    "title": "title",
    "publisher": "publisher",
    "published_on": "date",
    "archived_url": "archived_url",
    "via": "via",
}
_DIRECT = "id statement quote quote_original quote_language translator claimed_on language priority due why_checked context"
DIRECT = tuple(_DIRECT.split())  # columns that are fields of a claim
MAX_SHOWN = 50  # problems of a file that are listed; the rest are counted
CUSTOM = "custom."  # a column custom.desk fills the field desk of the workspace
KNOWN = {*DIRECT, *APPEARANCE, "claimant", "role", "affiliation", "topics"}


class Row(NamedTuple):
    """One claim of a file before it is checked: where it stands, its values."""

    place: str
    values: dict[str, Any]


class Problems(Exception):
    """What is wrong with the file as a whole. more: problems that are not listed."""

    def __init__(self, *problems: str, more: int = 0) -> None:
        super().__init__(*problems)
        self.problems = list(problems)
        self.more = more


class Faults:
    """Problems as they are found: the first are listed, the rest are counted, since a file may be wrong in every row."""

    def __init__(self) -> None:
        self.shown: list[str] = []
        self.count = 0

    def add(self, *problems: str, more: int = 0) -> None:
        """Note some more."""
        self.count += len(problems) + more
        self.shown += problems[: max(MAX_SHOWN - len(self.shown), 0)]

    def check(self) -> None:
        """Raises: Problems where there are any."""
        if self.count:
            raise Problems(*self.shown, more=self.count - len(self.shown))


class Given(NamedTuple):
    """A file of claims that was looked through: UTF-8 text without NUL, not empty."""

    path: Path

    def lines(self, newline: str = "") -> TextIO:
        """The text to be read line by line, every line end as it is. newline: the only one that ends a line, else any."""
        return self.path.open(encoding="utf-8-sig", newline=newline)

    def text(self) -> str:
        """The whole text, every line end as it is."""
        with self.lines() as lines:
            return lines.read()


def from_columns(cells: dict[str, str]) -> dict[str, Any]:
    """A claim's values from its cells by column name; empty cells are left out, a lone quotation states itself."""
    filled = {name: cell for name, cell in cells.items() if cell.strip()}
    values: dict[str, Any] = {name: filled[name] for name in DIRECT if name in filled}
    if "statement" not in values and "quote" in values:
        values["statement"] = values["quote"]
    if "claimant" in filled:
        values["claimant"] = {"name": filled["claimant"]} | {
            name: filled[name] for name in ("role", "affiliation") if name in filled
        }
    if "topics" in filled:
        values["topics"] = [topic.strip() for topic in filled["topics"].split(";") if topic.strip()]
    custom = {name.removeprefix(CUSTOM): cell for name, cell in filled.items() if name.startswith(CUSTOM)}
    if custom:
        values["custom"] = custom
    appearance = {key: filled[name] for name, key in APPEARANCE.items() if name in filled}
    return values | ({"appearances": [appearance]} if appearance else {})
