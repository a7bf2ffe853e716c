"""What the library says of documents that stand in one another to a large part: how much, whose, how many days apart.

What lives here: a near copy joined with what is known of the other file, and the words for it. What does not: finding them
(catalog/sketches.py, reprints.py), folding reprints in a search (search/folding.py), counting origins (origins.py).
"""

from __future__ import annotations

from datetime import date

from workbench.catalog import Catalog
from workbench.library import Library
from workbench.models import LibraryEntry, NearCopy, PartialDate, Record, spelled_out

SHOWN = 3  # changes named in one sentence


class CopyElsewhere(Record):
    """A near copy with the file it is in. days: how many that was published after this one (negative: before), if known."""

    entry: LibraryEntry
    copy_of: NearCopy
    days: int | None = None

    @property
    def words(self) -> str:
        """`87 % of its words, published 3 days earlier by Reuters`."""
        parts = [share_words(self.copy_of)]
        by = f" by {self.entry.meta.publisher}" if self.entry.meta.publisher else ""
        if self.days is not None:
            count = abs(self.days)
            apart = f"{count} day{'' if count == 1 else 's'} {'later' if self.days > 0 else 'earlier'}"
            parts.append(f"published {apart if count else 'on the same day'}{by}")
        elif by:
            parts.append(f"published{by}")
        return ", ".join(parts)


class NearCopies:
    """The near copies among the sources a search may show."""

    def __init__(self, library: Library, catalog: Catalog) -> None:
        self._library = library
        self._catalog = catalog

    def of(self, entry: LibraryEntry) -> list[CopyElsewhere]:
        """The files that much of this one's words stand in, or whose words much of it is; most first."""
        known = self._library.searchable()
        return [
            CopyElsewhere(entry=known[copy.source_id], copy_of=copy, days=_days(entry, known[copy.source_id]))
            for copy in self._catalog.sketches.near(entry.source_id)
            if copy.source_id in known
        ]

    def sources(self) -> set[str]:
        """Ids of the sources that have near copies among those a search may show."""
        return self._library.searchable().keys() & self._catalog.sketches.sources()


def share_words(copy: NearCopy) -> str:
    """`87 % of its words`, or of whose words they are where the other is the smaller part."""
    if copy.share >= copy.share_there:
        return f"{copy.share:.0%} of its words".replace("%", " %")
    return f"{copy.share:.0%} of its words, which are {copy.share_there:.0%} of that file's".replace("%", " %")


def copy_words(copy: NearCopy, path: str) -> str:
    """The sentence of an intake report."""
    return f"much of this text also stands in {path}: {share_words(copy)}{change_words(copy)}"


def change_words(copy: NearCopy) -> str:
    """`; changed: here “12 were killed”, there “21 were killed”`; nothing where no figure or denial differs."""
    if not copy.changes:
        return ""
    pairs = [(spelled_out(one.here), spelled_out(one.there)) for one in copy.changes[:SHOWN]]
    named = "; ".join(f"here “{here}”, there “{there}”" for here, there in pairs)
    more = len(copy.changes) - SHOWN
    return f"; changed: {named}" + (f"; and {more} more" if more > 0 else "")


def _days(entry: LibraryEntry, other: LibraryEntry) -> int | None:
    mine, theirs = _day(entry.meta.published_on), _day(other.meta.published_on)
    return (theirs - mine).days if mine and theirs else None


def _day(when: PartialDate) -> date | None:
    """The day, where it is known to the day."""
    return date.fromisoformat(when.value) if when.value and when.bound == "on" and len(when.value) == 10 else None
