"""The models the settings name, each loaded by what first needs it: the encoder, the re-ranker, the one that suggests a stance.

What lives here: that there is one of each in a process. What does not: loading and running them (encoders/), or what a page
does with a suggestion.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from workbench.models import StanceSuggestion
from workbench.settings import Settings

if TYPE_CHECKING:
    from workbench.encoders import Encoder, Reranker, StanceModel

SUGGESTIONS = 256  # kept: a page is drawn again on every click


class ModelsAtHand:
    """Safe from several threads. encoder: in place of the one the settings name."""

    def __init__(self, settings: Settings, *, encoder: Callable[[], Encoder] | None = None) -> None:
        self._settings = settings
        self._load = encoder
        self._encoder: Encoder | None = None
        self._lock = threading.RLock()
        self._suggested = lru_cache(maxsize=SUGGESTIONS)(self._suggest)

    def encoder(self) -> Encoder:
        """The encoder; it loads its model when something is first encoded. Raises: ModelError."""
        with self._lock:
            if self._encoder is None:
                from workbench.encoders import load_encoder

                self._encoder = self._load() if self._load else load_encoder(self._settings.search)
            return self._encoder

    def reranker(self) -> Reranker | None:
        """The re-ranker; None where the settings name none. Raises: ModelError."""
        return self._reranker

    def suggest_stance(self, statement: str, passage: str) -> StanceSuggestion | None:
        """What the stance model makes of a passage, evened out by the temperature; None where the settings name none.

        Raises: ModelError.
        """
        return self._suggested(statement, passage) if self._settings.stance.model else None

    def _suggest(self, statement: str, passage: str) -> StanceSuggestion | None:
        model = self._stance_model
        if model is None:
            return None
        tempered = model.probabilities(statement, [passage])[0].astype(float) ** (1 / self._settings.stance.temperature)
        supports, refutes, neutral = (tempered / tempered.sum()).tolist()
        return StanceSuggestion(model=model.name, supports=supports, refutes=refutes, neutral=neutral)

    @cached_property
    def _reranker(self) -> Reranker | None:
        from workbench.encoders import load_reranker

        return load_reranker(self._settings.search)

    @cached_property
    def _stance_model(self) -> StanceModel | None:
        from workbench.encoders import load_stance_model

        return load_stance_model(self._settings.stance)
