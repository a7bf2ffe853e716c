"""Searches that are asked again and again while nothing has changed: a page asks on every click.

What lives here: the last few answers, and what each rests on. What does not: searching (search/__init__.py). A receipt says
when its search was made: the answer that was kept is that search, and its receipt keeps that time.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from typing import Protocol

from workbench.catalog import Catalog
from workbench.library import Library
from workbench.models import Claim, Failure, Filters, SearchMode, SearchResult

HELD = 32  # answers: of the claims that a desk has open at once


class Find(Protocol):
    """The search itself, as `Desk.find`."""

    def __call__(
        self,
        text: str,
        *,
        also: Sequence[str],
        about: Claim | None,
        k: int | None,
        mode: SearchMode,
        filters: Filters | None,
    ) -> SearchResult:
        """Passages for a text."""


class Answers:
    """The last answers of one workspace's searches. Safe to share between threads."""

    def __init__(
        self,
        find: Find,
        library: Library,
        catalog: Catalog,
        *,
        unread: Callable[[], Sequence[Failure]],
        waiting: Callable[[], Sequence[str]],
    ) -> None:
        self._find = find
        self._library = library
        self._catalog = catalog
        self._unread = unread
        self._waiting = waiting
        self._lock = threading.Lock()
        self._held: OrderedDict[Hashable, SearchResult] = OrderedDict()

    def find(
        self,
        text: str,
        *,
        also: Sequence[str] = (),
        about: Claim | None = None,
        k: int | None = None,
        mode: SearchMode = "hybrid",
        filters: Filters | None = None,
    ) -> SearchResult:
        """As `Desk.find`; the answer that was given before, where nothing it rests on is another now.

        An answer with a warning is not kept: what was the matter may be mended. Raises: as `Desk.find`.
        """
        asked = (text, tuple(also), about and (about.id, about.content_hash), k, mode, filters, self._rests_on())
        with self._lock:
            held = self._held.get(asked)
            if held is not None:
                self._held.move_to_end(asked)
                return held
        result = self._find(text, also=also, about=about, k=k, mode=mode, filters=filters)
        if not result.receipt.warnings and result.receipt.mode == mode:
            with self._lock:
                self._held[asked] = result
                while len(self._held) > HELD:
                    self._held.popitem(last=False)
        return result

    def _rests_on(self) -> Hashable:
        """The evidence as it is now: what is known of the sources, their passages, the index, what is not in it."""
        generation = self._catalog.generation()
        self._library.searchable()  # brings the fold up to date, and with it the number of its last event
        unread = tuple((one.path, one.code) for one in self._unread())
        name = generation.name if generation else None
        return self._library.seq, self._catalog.corpus(), name, unread, tuple(self._waiting())
