"""Whether a search finds by meaning yet, and why not.

What lives here: loading the model ahead of the first search, and what is said meanwhile. What does not: when that is begun
(ui/app.py), or searching by words, which waits for nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from workbench.cases import Cases
from workbench.catalog import Catalog
from workbench.errors import StaleIndex, WorkbenchError
from workbench.library import Library
from workbench.tongue import N_, _

if TYPE_CHECKING:
    from workbench.encoders import Encoder
    from workbench.search import Searcher

LOADING = N_("the model is being loaded")


class Readiness:
    """One for everybody in a process; safe from several threads. searcher: asked for when it is needed."""

    def __init__(
        self, encoder: Callable[[], Encoder], searcher: Callable[[], Searcher], stores: tuple[Library, Catalog, Cases]
    ) -> None:
        self._encoder, self._searcher = encoder, searcher
        self._evidence, self._catalog, self._cases = stores
        self._warm = threading.Event()
        self._failure = ""

    def warm_up(self) -> None:
        """Load the model, take in changed claim files, open the index. Slow: seconds. Raises: ModelError, ClaimFileError."""
        try:
            self._encoder().encode(["The first sentence loads the model."], query=True)
        except WorkbenchError as error:
            self._failure = f"{error.message} {error.hint}"
            raise
        except Exception:
            self._failure = "the model could not be loaded; the log of the server says more"
            raise
        self._evidence.searchable()
        with suppress(StaleIndex):  # `told` says what is wrong with it, and every search does
            self._searcher().open()
        self._warm.set()
        self._cases.sync_files()

    @property
    def is_warm(self) -> bool:
        """Whether the model is loaded: what needs it answers at once."""
        return self._warm.is_set()

    @property
    def is_coming(self) -> bool:
        """Whether the model is still to be loaded, and nothing is known that keeps it from being."""
        return not self.is_warm and not self._failure

    def told(self) -> tuple[bool, str]:
        """(ready to search, why not)."""
        if not self.is_warm:
            return False, self._failure or _(LOADING)
        try:
            index = self._searcher().open()
            self._catalog.check()
        except StaleIndex as error:
            return False, f"{error.message} {error.hint}"
        if index is None:
            return False, _("no evidence has been taken in yet; run: workbench evidence sync")
        made_with = index.generation.manifest.model_fingerprint
        if made_with != self._encoder().fingerprint:
            return False, _("the index is being made anew: it was made with {model}", model=made_with)
        return True, ""
