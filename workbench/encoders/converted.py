"""Converted models in the user's cache folder: made once, written whole or not at all, verified before every use.

What lives here: the place of one (by model, precision and processor), what was recorded of it, the golden sentences both
runtimes must agree on, and why a model has no fast runtime. What does not: OpenVINO itself. It may be deleted at any time.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from workbench.encoders import openvino_runtime
from workbench.encoders.encoder import checked
from workbench.encoders.folder import ModelFolder, file_sha256, remember_hashes
from workbench.encoders.openvino_runtime import Device, OpenVinoRuntime
from workbench.encoders.torch_runtime import TorchRuntime, traceable
from workbench.errors import ModelError
from workbench.folders import cache_folder
from workbench.models import Record, Sha256

MANIFEST, REFUSED = "manifest.json", "refused.txt"
MODEL, TOKENIZER, GOLDEN_ROWS, COMPILED = "model.xml", "tokenizer.json", "golden.npy", "compiled"
LEAST_COSINE = 0.9999  # of each golden sentence with its fp32 vector; issue 3
AT_LOAD = slice(
    2, 3
)  # of the golden sentences, compared whenever a converted model is opened: costs no shape a query would not
ABANDONED_SECONDS = 24 * 3600  # a draft this old was left by a process that was killed
MODULES = {"Transformer", "Pooling", "Dense", "Normalize", "Dropout", "LayerNorm"}  # what a trace is known to follow
TORCH_INSTEAD = 'Set [search] runtime to "auto" or "torch".'
GOLDEN = (  # ours; many lengths, scripts and signs, because a tokenizer or a mask that is off shows on some of them only
    "A golden sentence.",
    "No.",
    "The ministry said 1,204 people were detained; lawyers counted 1,487.",
    "Did observers find evidence of fraud in the November vote?",
    "She never said that the vaccine causes infertility, and the clip leaves out the next sentence.",
    "Rainfall in the delta fell by 37.5% between 1990 and 2020, according to the hydrological service.",
    "¿Quién firmó el decreto del 12 de marzo?",
    "Le ministre n'a pas annoncé de hausse des impôts, contrairement à ce qu'affirme la publication.",
    "选举委员会否认存在大规模舞弊。",
    "ရွေးကောက်ပွဲကော်မရှင်က မဲမသမာမှု မရှိဟု ထုတ်ပြန်သည်။",
    "គណៈកម្មាធិការបោះឆ្នោតបានបដិសេធការចោទប្រកាន់នេះ។",
    "UPPER CASE CLAIM!!! share before they delete it",
    "  spaces   at the\tedges and   between  ",
    "https://factcheck.example.org/2021/03/claim?id=42&lang=en",
    "“We counted every ballot twice,” the clerk told the court — and the court believed her.",
    "e = mc², 5 µg/m³, −40 °C, £3.2bn, 50–60%, №7, ½ cup",
    "Photograph: the bridge in 2009, not after the flood of 2022 as the post says 😀",
    "The word supercalifragilisticexpialidocious is in no election law.",
    "A long sentence follows its subject through many clauses, " * 12 + "and ends.",
    "A text that is longer than most models read is cut at the same word piece by both runtimes. " * 40,
)


class NoFastRuntime(ModelError):
    """Why the converted model cannot be used here, as one sentence. lasting: it would be so again next time."""

    def __init__(self, message: str, *, hint: str = TORCH_INSTEAD, lasting: bool = False) -> None:
        super().__init__(message, hint=hint)
        self.lasting = lasting


class Conversion(Record):
    """What was recorded of a converted model: its inputs in order, its limits, and the sha256 of each of its files."""

    format: Literal[1] = 1
    inputs: tuple[str, ...]
    dimension: int
    max_tokens: int
    pad_id: int
    files: dict[str, Sha256]


def expected_label(folder: ModelFolder) -> str | None:
    """The label the fast runtime of a model would have; None where there is none here. Converts and loads nothing."""
    try:
        device = _device()
        _refuse_known(folder, _place(folder, device))
    except NoFastRuntime:
        return None
    return device.label


def open_converted(folder: ModelFolder, reference: TorchRuntime) -> OpenVinoRuntime:
    """The fast runtime of a model, converted first where that was not done yet (about ten seconds).

    reference: the same model on torch; loaded only for a conversion.
    Raises: NoFastRuntime saying why not; ModelError where the model itself returns nonsense.
    """
    device = _device()
    place = _place(folder, device)
    _refuse_known(folder, place)
    if not (place / MANIFEST).is_file():
        _make(folder, reference, device, place)
    try:
        return _open(place, device)
    except (OSError, ValueError):  # damaged since it was written: it is only a cache
        shutil.rmtree(place, ignore_errors=True)
        _make(folder, reference, device, place)
    try:
        return _open(place, device)
    except (OSError, ValueError) as error:
        raise _not_kept(place, error) from error


def _device() -> Device:
    try:
        return openvino_runtime.find_device()
    except ImportError as error:
        raise NoFastRuntime("OpenVINO is not installed.", hint=f"Run: pip install openvino. Or: {TORCH_INSTEAD}") from error
    except Exception as error:  # a processor it does not know, a broken installation: all the same to the reader
        raise NoFastRuntime(f"OpenVINO does not run on this processor: {_line(error)}") from error


def _place(folder: ModelFolder, device: Device) -> Path:
    return cache_folder() / "models" / f"{folder.name}-{folder.digest[:16]}-{device.precision}-{device.digest}"


def _refuse_known(folder: ModelFolder, place: Path) -> None:
    """Nothing, unless the model is of a kind that is not converted, or was tried and found wanting."""
    odd = sorted(set(folder.modules) - MODULES)
    if odd:
        raise NoFastRuntime(f"The model has a module that is not converted: {', '.join(odd)}.")
    prompts = folder.query_prompt or folder.passage_prompt
    if prompts and not folder.pools_prompts:
        raise NoFastRuntime("The model leaves its prompt out of the pooling, which is not converted.")
    if (place / REFUSED).is_file():
        raise NoFastRuntime((place / REFUSED).read_text(encoding="utf-8").strip(), lasting=True)


def _make(folder: ModelFolder, reference: TorchRuntime, device: Device, place: Path) -> None:
    """Convert into a folder of its own, check it, then give it its name: a kill or a full disk leaves nothing by that name."""
    draft: Path | None = None
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        _clear_abandoned(place.parent)
        draft = Path(tempfile.mkdtemp(prefix=".making-", dir=place.parent))
        _write(draft, reference, device)
        _open(draft, device, fresh=True)
        _give_name(draft, place)
    except NoFastRuntime as error:
        if error.lasting:
            _remember_refusal(place, error.message)
        raise
    except (OSError, ValueError) as error:  # a full disk may also show as a file that is not as it was written
        raise _not_kept(place, error) from error
    finally:
        if draft is not None:
            shutil.rmtree(draft, ignore_errors=True)


def _not_kept(place: Path, error: Exception) -> NoFastRuntime:
    return NoFastRuntime(
        f"The converted model could not be kept in {place.parent}: {_line(error)}.",
        hint=f"Free some space there, or set WORKBENCH_CACHE to another folder. Or: {TORCH_INSTEAD}",
    )


def _write(draft: Path, reference: TorchRuntime, device: Device) -> None:
    """Fill a folder with the converted model, its tokenizer, the golden vectors and what was recorded of them."""
    model = reference.model
    golden = reference.rows(GOLDEN, prompt="", query=False)
    checked(golden, len(GOLDEN), reference.dimension)
    try:
        module, example = traceable(model)
        openvino_runtime.convert(module, example, draft / MODEL)
        tokenizer = model.tokenizer.backend_tokenizer.to_str()
    except OSError:
        raise
    except Exception as error:  # the tracer and the converter raise what they like
        raise NoFastRuntime(f"OpenVINO cannot convert this model: {_line(error)}.", lasting=True) from error
    (draft / TOKENIZER).write_text(tokenizer, encoding="utf-8")
    np.save(draft / GOLDEN_ROWS, golden, allow_pickle=False)
    conversion = Conversion(
        inputs=tuple(example),
        dimension=golden.shape[1],
        max_tokens=reference.max_tokens,
        pad_id=model.tokenizer.pad_token_id or 0,
        files={path.name: file_sha256(path) for path in sorted(draft.iterdir())},
    )
    (draft / MANIFEST).write_text(conversion.model_dump_json(indent=1), encoding="utf-8")


def _open(place: Path, device: Device, *, fresh: bool = False) -> OpenVinoRuntime:
    """The converted model of a folder, every file hashed first and golden sentences compared: all of them where it is fresh.

    Raises: OSError or ValueError where it is damaged; NoFastRuntime where it does not run or not alike.
    """
    try:
        conversion = Conversion.model_validate_json((place / MANIFEST).read_bytes())
    except ValidationError as error:
        raise ValueError(f"{place / MANIFEST} is not of this version") from error
    for name, wanted in conversion.files.items():
        if file_sha256(place / name) != wanted:
            raise ValueError(f"{place / name} is not as it was written")
    remember_hashes()
    try:
        runtime = OpenVinoRuntime(
            place / MODEL,
            place / TOKENIZER,
            device=device,
            inputs=conversion.inputs,
            dimension=conversion.dimension,
            max_tokens=conversion.max_tokens,
            pad_id=conversion.pad_id,
            compiled=None if fresh or not os.access(place, os.W_OK) else place / COMPILED,
        )
        part = slice(None) if fresh else AT_LOAD
        rows = runtime.rows(GOLDEN[part], prompt="", query=False)
    except Exception as error:  # a processor it cannot compile for, an operation it does not have
        raise NoFastRuntime(f"OpenVINO cannot run this model here: {_line(error)}.", lasting=fresh) from error
    _compare(rows, np.load(place / GOLDEN_ROWS, allow_pickle=False)[part], lasting=fresh)
    return runtime


def _compare(rows: NDArray[np.float32], wanted: NDArray[Any], *, lasting: bool) -> None:
    cosines = (rows * wanted).sum(axis=1)
    worst = int(np.argmin(np.nan_to_num(cosines, nan=-1.0)))
    if not cosines[worst] >= LEAST_COSINE:
        said = f"OpenVINO's vectors are not those of torch (cosine {cosines[worst]:.4f} for {GOLDEN[worst][:40]!r})."
        raise NoFastRuntime(said, lasting=lasting)


def _give_name(draft: Path, place: Path) -> None:
    try:
        draft.rename(place)
    except OSError:
        if not place.is_dir():  # else another process was first, with the same files
            raise


def _remember_refusal(place: Path, why: str) -> None:
    with contextlib.suppress(OSError):  # it is only tried again next time
        place.mkdir(exist_ok=True)
        (place / REFUSED).write_text(why + "\n", encoding="utf-8")


def _clear_abandoned(folder: Path) -> None:
    for path in folder.glob(".making-*"):
        if time.time() - path.stat().st_mtime > ABANDONED_SECONDS:
            shutil.rmtree(path, ignore_errors=True)


def _line(error: BaseException) -> str:
    """The first line of what a library said, short enough to be read."""
    said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    first = next((line.strip() for line in said.splitlines() if line.strip()), "")
    return f"{type(error).__name__}: {first[:200]}".rstrip(".: ") if first else type(error).__name__
