"""Text to unit vectors, by a model that is named in workbench.toml and never downloaded.

What lives here: the encoder of the settings, one object whichever runtime it runs on: prompts, windows, truncation, the check
of what comes back. `folder` says what a model is, `torch_runtime` and `openvino_runtime` run it, `converted` keeps what was
made for the fast one, `cross` holds models that read two texts at once. What does not: storing vectors.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from workbench.encoders.converted import NoFastRuntime, expected_label, open_converted
from workbench.encoders.cross import Reranker, StanceModel, load_reranker, load_stance_model
from workbench.encoders.encoder import MEND, Encoder, Runtime, checked
from workbench.encoders.folder import ModelFolder, hash_again, model_folder, open_folder
from workbench.encoders.torch_runtime import LABEL as TORCH
from workbench.encoders.torch_runtime import TorchRuntime, gpu_at_hand
from workbench.errors import ModelError
from workbench.settings import SearchSettings

__all__ = [
    "Encoder",
    "ModelEncoder",
    "Reranker",
    "StanceModel",
    "checked",
    "hash_again",
    "load_encoder",
    "load_reranker",
    "load_stance_model",
    "model_fingerprint",
    "model_folder",
]

WORDS_PER_PIECE = 0.75  # English, this kind of tokenizer; used only to tell a reader how much of a long text was read
WINDOW = 1_024  # texts tokenised at once: memory stays flat however many are asked for


def load_encoder(search: SearchSettings) -> ModelEncoder:
    """The encoder of the settings, its files verified. Quick: a runtime is chosen and loaded by what first needs it.

    Raises: ModelError where the model is missing or altered.
    """
    return ModelEncoder(open_folder(search), search.runtime)


def model_fingerprint(search: SearchSettings) -> str:
    """The fingerprint `load_encoder(search)` would carry, without torch and without converting anything.

    Where the model was not converted yet, this supposes that it will be. Raises: ModelError.
    """
    folder = open_folder(search)
    return folder.fingerprint(TORCH if _torch_by_choice(search.runtime) else expected_label(folder) or TORCH)


class ModelEncoder:
    """A model on the runtime the settings ask for. `auto`: torch on a GPU, else OpenVINO, else torch, and `notice` says why.

    The runtime is chosen once, by what first asks for a vector, the fingerprint or the notice. Safe from several threads.
    """

    def __init__(self, folder: ModelFolder, runtime: str) -> None:
        self.folder = folder
        self._wanted = runtime
        self._lock = threading.RLock()

    @cached_property
    def _chosen(self) -> tuple[Runtime, str | None]:
        """(the runtime, why it is not the fast one)."""
        with self._lock:
            return self.__dict__.get("_chosen") or _choose(self.folder, self._wanted)

    @property
    def notice(self) -> str | None:
        """Why the model runs more slowly than it might, as a sentence. Raises: ModelError."""
        return self._chosen[1]

    @cached_property
    def fingerprint(self) -> str:
        """A short name and a hash of everything that decides the vectors, the runtime among it. Raises: ModelError."""
        return self.folder.fingerprint(self._chosen[0].label)

    @cached_property
    def dimension(self) -> int:
        """Numbers per vector. Raises: ModelError where the model cannot be loaded or has fewer than the settings keep."""
        own, wanted = self._chosen[0].dimension, self.folder.dimensions
        if wanted > own:
            said = f"[search] dimensions is {wanted}, but the model gives {own} numbers per vector."
            raise ModelError(said, hint=f"Set it to {own} or fewer, or take the line out.")
        return wanted or own

    @cached_property
    def max_words(self) -> int:
        """About how many words of a text the model reads."""
        return int(self._chosen[0].max_tokens * WORDS_PER_PIECE)

    def encode(self, texts: Sequence[str], *, query: bool = False) -> NDArray[np.float32]:
        """One unit row per text, in the order given: (n, dimension) float32. `query` picks the prompt for queries.

        Raises: ModelError where the model cannot be loaded or returns anything else.
        """
        rows = np.empty((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(texts), WINDOW):
            window = texts[start : start + WINDOW]
            rows[start : start + len(window)] = self._encode(window, query=query)
        return rows

    def _encode(self, texts: Sequence[str], *, query: bool) -> NDArray[np.float32]:
        runtime = self._chosen[0]
        prompt = self.folder.query_prompt if query else self.folder.passage_prompt
        try:
            made = runtime.rows(texts, prompt=prompt, query=query)
        except RuntimeError as error:
            raise ModelError(f"The model could not encode {len(texts)} texts: {error}", hint=MEND) from error
        rows = checked(made, len(texts), runtime.dimension)
        if self.dimension == runtime.dimension:
            return rows
        cut = rows[:, : self.dimension]  # Matryoshka models: the first numbers are a vector of their own (Kusupati et al. 2022)
        lengths = np.linalg.norm(cut, axis=1, keepdims=True)
        return checked(cut / np.where(lengths > 0, lengths, 1), len(texts), self.dimension)


def _choose(folder: ModelFolder, wanted: str) -> tuple[Runtime, str | None]:
    reference = TorchRuntime(folder.path)
    if _torch_by_choice(wanted):
        return reference, None
    try:
        return open_converted(folder, reference), None
    except NoFastRuntime as error:
        if wanted == "openvino":
            raise
        return reference, f"The model runs on torch, several times more slowly: {error.message}"


def _torch_by_choice(wanted: str) -> bool:
    return wanted == "torch" or (wanted == "auto" and gpu_at_hand())
