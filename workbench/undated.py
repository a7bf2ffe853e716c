"""What files without a date say, where a search looks only at what was published by some day: they are listed apart.

What lives here: searching these files alone. What does not: dates and their order (chronology.py), the filter itself
(search/scope.py), which leaves them out and counts them on the receipt.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from workbench.library import Library
from workbench.models import Claim, Filters, Hit, LibraryEntry
from workbench.search import Query, Searcher


class Undated:
    """The sources of one workspace that say no date."""

    def __init__(self, library: Library, searcher: Searcher, now: Callable[[], datetime]) -> None:
        self._library = library
        self._searcher = searcher
        self._now = now
        self._here: tuple[Mapping[str, LibraryEntry], Mapping[str, LibraryEntry]] = ({}, {})

    def find(self, text: str, claim: Claim, filters: Filters, *, k: int) -> tuple[Hit, ...]:
        """The passages of these sources nearest to a text, under the filters but their dates. Raises: as Searcher.search."""
        library = self._library.searchable()
        if self._here[0] is not library:
            undated = {one: entry for one, entry in library.items() if entry.meta.known_on.value is None}
            self._here = (library, undated)
        if not self._here[1]:
            return ()
        return self._searcher.search(
            Query((text,), claim.statement, claim.claimed_on, is_typed=text.strip() != claim.statement.strip()),
            k=k,
            mode="hybrid",
            filters=filters.model_copy(update={"after": None, "before": None}),
            library=self._here[1],
            unread=(),
            waiting=(),
            now=self._now(),
        ).hits
