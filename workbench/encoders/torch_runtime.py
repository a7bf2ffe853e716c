"""sentence-transformers on torch: the reference every faster runtime is compared with, and the way a model is loaded.

The door to sentence_transformers and torch for everything that makes vectors. Both are imported when something is encoded.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.encoders.encoder import MEND
from workbench.errors import ModelError

LABEL = "torch-fp32"
THREADS = 2  # more than the cores one reviewer's laptop can spare makes a barrier wait, not a faster answer
BATCH_CHARACTERS = 4_500  # about 1,024 word pieces: small batches stay in the processor's cache (PERFORMANCE.md 1b)
OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TOKENIZERS_PARALLELISM": "false",  # its threads and our forked reading processes do not go together
}


class TorchRuntime:
    """A sentence-transformers model in fp32 on torch, on the GPU where there is one.

    Loaded (seconds) by what first needs it, so that a workspace whose texts are all encoded opens at once. One call at a
    time: the tokenizers of transformers refuse to be used by two threads at once.
    """

    label = LABEL

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.RLock()

    @cached_property
    def model(self) -> Any:
        """The SentenceTransformer, in fp32 and ready to encode. Raises: ModelError where it cannot be loaded."""
        with self._lock:
            return self.__dict__.get("model") or _load(self._folder)

    @cached_property
    def dimension(self) -> int:
        """Numbers per vector. Raises: ModelError where the model cannot be loaded or encodes nothing."""
        return int(self.rows(["A golden sentence."], prompt="", query=False).shape[1])

    @cached_property
    def max_tokens(self) -> int:
        """Word pieces of a text that are read."""
        return int(self.model.max_seq_length or 512)

    def rows(self, texts: Sequence[str], *, prompt: str, query: bool) -> NDArray[np.float32]:
        """One row per text: (n, dimension). `query` matters to a model that treats the two apart beyond the prompt.

        Raises: ModelError where the model cannot be loaded or does not encode.
        """
        run = self.model.encode_query if query else self.model.encode_document
        made: list[tuple[list[int], NDArray[np.float32]]] = []
        with self._lock:
            for batch in length_sorted_batches(texts):
                wanted = [texts[at] for at in batch]
                try:
                    got = run(wanted, prompt=prompt, batch_size=len(wanted), normalize_embeddings=True, show_progress_bar=False)
                except Exception as error:  # whatever a foreign model makes torch raise is one thing to the reader
                    said = f"{self._folder} cannot encode a sentence: {type(error).__name__}: {error}"
                    raise ModelError(said, hint=MEND) from error
                made.append((batch, np.asarray(got, dtype=np.float32)))
        rows = np.empty((len(texts), made[0][1].shape[1] if made else self.dimension), dtype=np.float32)
        for batch, got in made:
            rows[batch] = got
        return rows


def gpu_at_hand() -> bool:
    """Whether this machine shows an NVIDIA GPU and torch is a build that can use one. Imports nothing heavy."""
    try:
        return Path("/dev/nvidia0").exists() and not version("torch").endswith("+cpu")
    except PackageNotFoundError:
        return False


def length_sorted_batches(texts: Sequence[str]) -> Iterator[list[int]]:
    """Positions of texts in batches of like length, longest first, so that little is padding and memory peaks at once."""
    order = sorted(range(len(texts)), key=lambda at: -len(texts[at]))
    batch: list[int] = []
    for at in order:
        longest = len(texts[batch[0]]) if batch else 0
        if batch and longest * (len(batch) + 1) > BATCH_CHARACTERS:
            yield batch
            batch = []
        batch.append(at)
    if batch:
        yield batch


def prepare_torch() -> None:
    """torch, offline, quiet and on few threads, imported now. Later imports of it are of this one."""
    os.environ.update(OFFLINE)
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # before torch: spinning beside busy neighbours costs 12 times more
    import torch
    from transformers.utils import logging as chatter

    chatter.set_verbosity_error()  # type: ignore[no-untyped-call]
    chatter.disable_progress_bar()  # type: ignore[no-untyped-call]  # stderr belongs to our own progress
    torch.set_num_threads(max(1, min(THREADS, os.cpu_count() or 1)))


def _load(folder: Path) -> Any:
    prepare_torch()
    import torch
    from sentence_transformers import SentenceTransformer

    try:
        model = SentenceTransformer(
            str(folder),
            local_files_only=True,
            trust_remote_code=False,
            model_kwargs={"use_safetensors": True, "dtype": torch.float32},
        )
    except Exception as error:  # whatever a foreign folder makes the library raise is one thing to the reader
        raise ModelError(f"{folder} could not be loaded: {type(error).__name__}: {error}", hint=MEND) from error
    return model.float().eval()


def traceable(model: Any) -> tuple[Any, dict[str, Any]]:
    """(a torch module from token ids to unit vectors, an example of its inputs by name) of a loaded SentenceTransformer.

    Its modules run one after the other as they do in encode(); the vectors are made unit length inside. The example holds
    two texts of unlike length, so that a trace sees padding.
    """
    import torch

    names = [name for name in model.tokenizer.model_input_names if name in ("input_ids", "attention_mask", "token_type_ids")]

    class TextToVector(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.parts = torch.nn.ModuleList(list(model))

        def forward(self, *values: Any) -> Any:
            features = dict(zip(names, values, strict=True))
            for part in self.parts:
                features = part(features)
            return torch.nn.functional.normalize(features["sentence_embedding"], dim=-1)

    features = model.preprocess(["A sentence of several words, for the trace.", "Two."])
    return TextToVector().cpu().eval(), {name: features[name].cpu() for name in names}
