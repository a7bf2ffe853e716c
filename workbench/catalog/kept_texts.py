"""Texts and their vectors, whether or not they are passages: what a claim says, what was cited, and which passages are new.

What lives here: asking for vectors by text, and telling new texts from those that were here before. What does not: searching,
and what a vector is for (standing.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from workbench.catalog import kept, rows
from workbench.catalog.tables import Database
from workbench.encoders import Encoder, checked
from workbench.models import sha256_hex

AT_ONCE = 128  # texts encoded and kept in one go


class KeptTexts:
    """The kept vectors of one catalog. encode: keeps the vectors of some texts, by text hash, that have none yet."""

    def __init__(self, database: Database, encode: Callable[[Encoder, Mapping[str, str]], int]) -> None:
        self._database = database
        self._encode = encode

    def vectors(self, encoder: Encoder, texts: Sequence[str]) -> NDArray[np.float32]:
        """The vectors of these texts, as passages have them: (n, dimension). A text is encoded once with a model, ever.

        Raises: ModelError where the encoder returns no unit vectors.
        """
        by_hash = {sha256_hex(text): text for text in texts}
        names = list(by_hash)
        for start in range(0, len(names), AT_ONCE):
            self._encode(encoder, {name: by_hash[name] for name in names[start : start + AT_ONCE]})
        hashes = [bytes.fromhex(sha256_hex(text)) for text in texts]
        with self._database.open() as db:
            known = kept.by_hash(db, encoder.fingerprint, hashes)
        return np.stack([known[one] for one in hashes]) if hashes else np.empty((0, encoder.dimension), dtype=np.float32)

    def put(self, fingerprint: str, text_hashes: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Keep vectors that were made elsewhere with this model, (n, dimension) float32, under the hashes of their n texts.

        Raises: ModelError where they are no unit vectors.
        """
        rows = checked(vectors, len(text_hashes), vectors.shape[1])
        with self._database.open(write=True) as db:
            kept.put_vectors(db, fingerprint, [bytes.fromhex(one) for one in text_hashes], rows)

    def up_to(self) -> int:
        """The number of the vector that was kept last; it only grows."""
        with self._database.open() as db:
            return kept.last_row(db)

    def new_since(self, fingerprint: str, after: int, ids: Sequence[int]) -> list[int]:
        """Which of these passages, by their ids in the indexes, have a text that was never here up to that number."""
        with self._database.open() as db:
            return kept.kept_since(db, fingerprint, after, ids)

    def ids_of(self, passage_ids: Sequence[str]) -> dict[str, int]:
        """The ids in the indexes of passages by name; those that are not here are left out."""
        with self._database.open() as db:
            return rows.ids_of(db, passage_ids)
