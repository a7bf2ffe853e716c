"""Models that read two texts at once: a re-ranker of hits, and one that suggests whether a passage supports a claim.

Both are named by path in workbench.toml, off by default, checked like the encoder's folder before anything is loaded, and run
on torch. What does not live here: the order of hits, and what a page does with a suggestion (promise 9: it names the model).
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.encoders.folder import folder_fingerprint, read_config, refuse_code_and_pickles
from workbench.encoders.torch_runtime import LABEL, prepare_torch
from workbench.errors import ModelError
from workbench.settings import SearchSettings, StanceSettings

PAIRS_AT_ONCE = 16
STANCES = ("supports", "refutes", "neutral")
LABELS = {  # what published models call their labels, folded
    "supports": {"entailment", "entails", "supports", "support", "supported"},
    "refutes": {"contradiction", "contradicts", "refutes", "refute", "refuted"},
    "neutral": {"neutral", "notenoughinfo", "nei", "notenoughinformation"},
}


class Reranker:
    """A CrossEncoder with one label: how well a passage answers a query. Loaded by the first call; one call at a time."""

    def __init__(self, folder: Path) -> None:
        self._pairs = _Pairs(folder, mend='Set [search] reranker to the folder of a CrossEncoder, or to "".')
        if self._pairs.labels != 1:
            said = f"{folder} gives {self._pairs.labels} numbers per pair; a re-ranker gives one."
            raise ModelError(said, hint=self._pairs.mend)
        self.fingerprint = folder_fingerprint(folder, f"cross-{LABEL}")

    def score(self, query: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """How well each text answers the query, in the order given: (n,) float32 in [0, 1], the sigmoid of what the model says.

        Raises: ModelError where it cannot be loaded or returns NaN; no score of such a batch may be used.
        """
        return _sigmoid(self._pairs.logits([(query, text) for text in texts])[:, 0])


class StanceModel:
    """A three-label NLI CrossEncoder. Its own label names say which number is which; a model without them is refused."""

    def __init__(self, folder: Path) -> None:
        self._pairs = _Pairs(folder, mend='Set [stance] model to the folder of an NLI CrossEncoder, or to "".')
        self._columns = _stance_columns(folder, self._pairs.mend)
        self.name = folder.name
        self.fingerprint = folder_fingerprint(folder, f"stance-{LABEL}")

    def probabilities(self, claim: str, passages: Sequence[str]) -> NDArray[np.float32]:
        """What the model gives each passage: (n, 3) float32, columns as in STANCES, each row adding up to 1.

        The passage is the premise and the claim the hypothesis, as in NLI. A suggestion, uncalibrated. Raises: ModelError.
        """
        logits = self._pairs.logits([(passage, claim) for passage in passages])[:, self._columns]
        weights = np.exp(logits - logits.max(axis=1, keepdims=True, initial=-np.inf))
        return np.asarray(weights / weights.sum(axis=1, keepdims=True), dtype=np.float32)


def load_reranker(search: SearchSettings) -> Reranker | None:
    """The re-ranker of the settings, its folder checked; None where they name none. Quick. Raises: ModelError."""
    return Reranker(_cross_folder(search.reranker, "[search] reranker")) if search.reranker else None


def load_stance_model(stance: StanceSettings) -> StanceModel | None:
    """The stance model of the settings, its folder and labels checked; None where they name none. Raises: ModelError."""
    return StanceModel(_cross_folder(stance.model, "[stance] model")) if stance.model else None


class _Pairs:
    """A CrossEncoder folder, loaded by the first pair."""

    def __init__(self, folder: Path, *, mend: str) -> None:
        self.mend = mend
        self.labels = len(read_config(folder / "config.json").get("id2label") or {"0": "", "1": ""})
        self._folder = folder
        self._lock = threading.RLock()

    @cached_property
    def _model(self) -> Any:
        prepare_torch()
        import torch
        from sentence_transformers import CrossEncoder

        loading = {"use_safetensors": True, "dtype": torch.float32}
        try:
            return CrossEncoder(str(self._folder), local_files_only=True, trust_remote_code=False, model_kwargs=loading)
        except Exception as error:  # whatever a foreign folder makes the library raise is one thing to the reader
            said = f"{self._folder} could not be loaded: {type(error).__name__}: {error}"
            raise ModelError(said, hint=self.mend) from error

    def logits(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """What the model says of each pair, before any scaling: (n, labels) float32, finite. Raises: ModelError."""
        if not pairs:
            return np.empty((0, self.labels), dtype=np.float32)
        with self._lock:
            model = self._model
            import torch

            as_it_is = torch.nn.Identity()
            try:
                made = model.predict(list(pairs), batch_size=PAIRS_AT_ONCE, activation_fn=as_it_is, show_progress_bar=False)
            except Exception as error:  # as above
                said = f"{self._folder} cannot read a pair of texts: {type(error).__name__}: {error}"
                raise ModelError(said, hint=self.mend) from error
        rows = np.asarray(made, dtype=np.float32).reshape(len(pairs), -1)
        if rows.shape[1] != self.labels or not np.isfinite(rows).all():
            said = f"{self._folder} returned NaN, infinity or another number of labels than the {self.labels} it names."
            raise ModelError(said, hint=self.mend)
        return rows


def _cross_folder(named: str, setting: str) -> Path:
    """The folder a setting names, checked for what loading needs. Raises: ModelError."""
    folder = Path(named).expanduser()
    hint = f"Set {setting} to a folder that a CrossEncoder was saved into, or to nothing."
    if not folder.is_dir():
        raise ModelError(f"{named!r} is not a folder on this machine; the workbench downloads no models.", hint=hint)
    if not (folder / "config.json").is_file():
        raise ModelError(f"{folder} holds no model: it has no config.json.", hint=hint)
    refuse_code_and_pickles(folder)
    return folder


def _stance_columns(folder: Path, mend: str) -> list[int]:
    """Where the model's numbers for supports, refutes and neutral stand. Raises: ModelError where its names do not say."""
    named = {int(at): str(label) for at, label in (read_config(folder / "config.json").get("id2label") or {}).items()}
    folded = {at: "".join(sign for sign in label.casefold() if sign.isalpha()) for at, label in named.items()}
    found = {stance: [at for at, label in folded.items() if label in LABELS[stance]] for stance in STANCES}
    if len(named) != len(STANCES) or any(len(places) != 1 for places in found.values()):
        said = f"The labels of {folder} are {', '.join(named.values()) or 'not named'}; they are not three stances."
        raise ModelError(said, hint=f"Name entailment, contradiction and neutral in its config.json (id2label). {mend}")
    return [found[stance][0] for stance in STANCES]


def _sigmoid(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(0.5 * (1 + np.tanh(logits / 2)), dtype=np.float32)  # this form does not overflow
