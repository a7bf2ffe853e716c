"""What an encoder is, and the check of what one returns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from workbench.errors import ModelError

UNIT_TOLERANCE = 1e-3  # how far from 1 the length of a "unit" vector may be
MEND = 'Set [search] model to "packaged", or to a folder that a sentence-transformers model was saved into.'


class Encoder(Protocol):
    """What search needs of a model. Two runtimes must never share a fingerprint: their vectors are not mixed."""

    @property
    def dimension(self) -> int:
        """Numbers per vector."""

    @property
    def fingerprint(self) -> str:
        """A short name and a hash of everything that decides the vectors."""

    @property
    def max_words(self) -> int:
        """About how many words of a text the model reads; the rest is cut off by its tokenizer."""

    @property
    def notice(self) -> str | None:
        """What a reader should know of how it runs, as a sentence; None where it runs as the settings wish."""

    def encode(self, texts: Sequence[str], *, query: bool = False) -> NDArray[np.float32]:
        """One row per text, unit length, in the order of `texts`: (n, dimension) float32."""


class Runtime(Protocol):
    """One way to run one model. `label` names runtime and precision, and goes into the fingerprint."""

    label: str

    @property
    def dimension(self) -> int:
        """Numbers per vector, before any truncation."""

    @property
    def max_tokens(self) -> int:
        """Word pieces of a text that are read, marks of beginning and end included."""

    def rows(self, texts: Sequence[str], *, prompt: str, query: bool) -> NDArray[np.float32]:
        """One row per text as the model gives it, in the order of `texts`: (n, dimension). Nothing is checked yet."""


def checked(vectors: NDArray[Any], count: int, dimension: int) -> NDArray[np.float32]:
    """The same vectors as float32, once they are known to be (count, dimension), finite and of unit length.

    Raises: ModelError otherwise; nothing of such a batch may be stored (RELIABILITY.md case 76).
    """
    if vectors.shape != (count, dimension):
        raise ModelError(f"The model returned an array of {vectors.shape} where ({count}, {dimension}) was due.", hint=MEND)
    rows = np.asarray(vectors, dtype=np.float32)
    if not np.isfinite(rows).all():
        bad = int((~np.isfinite(rows)).any(axis=1).sum())
        raise ModelError(f"The model returned NaN or infinity for {bad} of {count} texts.", hint=MEND)
    lengths = np.linalg.norm(rows, axis=1)
    if count and float(np.abs(lengths - 1).max()) > UNIT_TOLERANCE:
        worst = float(lengths[int(np.abs(lengths - 1).argmax())])
        raise ModelError(f"The model returned a vector of length {worst:.4f} where 1 was due.", hint=MEND)
    return rows
