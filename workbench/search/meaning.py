"""The wordings of a query as vectors, and what is said where one has none.

What lives here: which wordings the model may read, asking it, and reading a list of queries ahead in one go. What does not:
models (encoders/), searching.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from workbench.encoders import Encoder, checked
from workbench.errors import ModelError
from workbench.languages import is_among, named, script_of
from workbench.models import SearchMode
from workbench.tongue import ENGLISH

AHEAD = 1_000  # vectors of queries that are about to be asked: 1.5 MB of them
REINDEX = "Run: workbench evidence reindex"


@dataclass
class Asked:
    """What became of one search so far, for the receipt."""

    mode: SearchMode
    warnings: list[str] = field(default_factory=list)
    fingerprint: str | None = None
    reranker: str | None = None
    dense_weight: float | None = None


class Meaning:
    """The vectors of queries. languages: what the model was checked for. Safe from several threads."""

    def __init__(self, encoder: Callable[[], Encoder], languages: Sequence[str]) -> None:
        self._encoder = encoder
        self._languages = languages
        self._lock = threading.Lock()
        self._ahead: dict[tuple[str, str], NDArray[np.float32]] = {}

    def read_ahead(self, texts: Sequence[str]) -> None:
        """Have the vectors of many queries made at once. Without a model nothing is read, and each search says so."""
        readable = [text for text in texts if text.strip() and self._is_readable(text)]
        wanted = list(dict.fromkeys(readable))[-AHEAD:]
        try:
            encoder = self._encoder()
            rows = self._rows(encoder, wanted, encoder.dimension)
        except ModelError:
            return
        with self._lock:
            self._ahead = {(encoder.fingerprint, text): row for text, row in zip(wanted, rows, strict=True)}

    def of(self, wordings: Sequence[str], asked: Asked, *, made_with: str, dimension: int) -> list[NDArray[np.float32] | None]:
        """A unit vector, (dimension,) float32, for each wording; None where it is searched by words: `asked` says why.

        made_with, dimension: the fingerprint and the width of the vectors they are compared with.
        """
        nothing: list[NDArray[np.float32] | None] = [None] * len(wordings)
        if asked.mode == "lexical":
            return nothing
        readable = [self._is_readable(wording) for wording in wordings]
        unread = [script_of(wording) for wording, can in zip(wordings, readable, strict=True) if not can]
        for script in dict.fromkeys(filter(None, unread)):
            letters = named(script, spoken=ENGLISH)  # kept with the search, whoever makes it
            asked.warnings.append(f"The model was not checked for {letters}: what is written in it was searched by words only.")
        texts = [wording for wording, can in zip(wordings, readable, strict=True) if can]
        try:
            encoder = self._encoder()
            if encoder.fingerprint != made_with:
                said = f"Searched by words only: the index was made with {made_with}, the settings name {encoder.fingerprint}."
                asked.warnings.append(f"{said} {REINDEX}")
                asked.mode = "lexical"
                return nothing
            rows = iter(self._rows(encoder, texts, dimension))
        except ModelError as error:
            asked.warnings.append(f"Searched by words only: {error.message} {error.hint}")
            asked.mode = "lexical"
            return nothing
        asked.warnings += [encoder.notice] if encoder.notice and texts else []
        asked.fingerprint = encoder.fingerprint if texts else None
        asked.mode = asked.mode if texts else "lexical"
        longest = max((len(text.split()) for text in texts), default=0)
        if longest > encoder.max_words:
            rest = (
                f"The model read about the first {encoder.max_words} of {longest} words; the rest was searched by words only."
            )
            asked.warnings.append(rest)
        return [next(rows) if can else None for can in readable]

    def _is_readable(self, wording: str) -> bool:
        return is_among(self._languages, language=None, script=script_of(wording))

    def _rows(self, encoder: Encoder, texts: Sequence[str], dimension: int) -> list[NDArray[np.float32]]:
        """The vectors of some texts, those that were not read ahead made in one batch. Raises: ModelError."""
        with self._lock:
            known = {text: row for text in texts if (row := self._ahead.get((encoder.fingerprint, text))) is not None}
        new = list(dict.fromkeys(text for text in texts if text not in known))
        if new:
            known |= zip(new, checked(encoder.encode(new, query=True), len(new), dimension), strict=True)
        return [known[text] for text in texts]
