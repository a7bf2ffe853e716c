"""OpenVINO: a converted model run fast on the processor. The only door to openvino.

What lives here: the device, converting a torch module, tokenising, batches of like length on streams of one thread. What does
not: where converted models are kept and whether they may be trusted (converted.py).

Nothing is ever reported to anybody (promise 7; tested). OpenVINO's Python package makes a telemetry object as soon as it is
imported, and sends an event for that and several for a conversion. Where its telemetry package cannot be imported it uses a
stub that does nothing; so it cannot be imported here.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import sys
import threading
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.models import sha256_hex

TELEMETRY = "openvino_telemetry"
CONVERTER = "openvino.tools.ovc"
STREAMS = 2  # one thread each: two texts side by side beat one text over two cores (PERFORMANCE.md 1c)
BATCH_TOKENS = 512  # small batches stay in the processor's cache; 4,096 are slower
STEP = 8  # lengths are rounded up to this, so that few shapes are ever compiled
PRECISIONS = {"bf16": "BF16", "fp32": "FP32"}  # ours, and what OpenVINO calls the capability

Ids = NDArray[np.int64]


@dataclass(frozen=True)
class Device:
    """The processor as OpenVINO sees it. precision: `bf16` where it computes that, else `fp32`."""

    name: str
    precision: str
    version: str

    @property
    def digest(self) -> str:
        """A short hash: what was compiled for one device is not used on another."""
        return sha256_hex(f"{self.name} {self.precision} {self.version}")[:8]

    @property
    def label(self) -> str:
        """Runtime and precision, as they stand in a fingerprint."""
        return f"openvino-{self.precision}"


def cores() -> int:
    """Processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def load_openvino() -> Any:
    """The openvino package, its telemetry shut out before it is imported. Raises: ImportError where it is not installed.

    Its converter waits until something is converted: a third of the import, and numpy.ma with it.
    """
    sys.modules[TELEMETRY] = None  # type: ignore[assignment]  # an import of it now fails, and openvino takes its stub
    if "openvino" not in sys.modules:
        sys.modules[CONVERTER] = None  # type: ignore[assignment]  # openvino does without
    try:
        import openvino
    finally:
        if CONVERTER in sys.modules and sys.modules[CONVERTER] is None:
            del sys.modules[CONVERTER]
    return openvino


def find_device() -> Device:
    """The processor, and the fastest precision it has that keeps the ranking. Raises: ImportError, RuntimeError."""
    openvino = load_openvino()
    core = openvino.Core()
    can = core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    precision = "bf16" if PRECISIONS["bf16"] in can else "fp32"
    return Device(str(core.get_property("CPU", "FULL_DEVICE_NAME")), precision, str(openvino.__version__))


def convert(module: Any, example: Mapping[str, Any], path: Path) -> None:
    """Write a torch module as OpenVINO's model.xml and model.bin, weights in fp32. Slow: seconds.

    Raises: whatever the tracer or the converter raises for a module they cannot follow; OSError where it cannot be written.
    """
    openvino = load_openvino()
    from openvino.tools.ovc import convert_model

    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")  # the tracer's remarks are about this code, not about the reader's model
        model = convert_model(module, example_input=tuple(example.values()))
    try:
        openvino.save_model(model, str(path), compress_to_fp16=False)
    except RuntimeError as error:  # what it makes of a full disk
        raise OSError(errno.EIO, str(error)) from error


class OpenVinoRuntime:
    """A converted model, compiled for this processor. Safe from several threads.

    A few texts (a query) are run at once, beside a long encoding in another thread; a long encoding has the streams to itself.
    Each stream costs a compilation, so the second is made for the first long encoding: a process that asks once needs none.
    """

    def __init__(
        self,
        model: Path,
        tokenizer: Path,
        *,
        device: Device,
        inputs: Sequence[str],
        dimension: int,
        max_tokens: int,
        pad_id: int,
        compiled: Path | None = None,
    ) -> None:
        """inputs: names of the model's inputs in their order. compiled: a folder where OpenVINO keeps what it compiled.

        Raises: RuntimeError where the model cannot be compiled here.
        """
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # the cores are the streams'
        from tokenizers import Tokenizer

        self.label = device.label
        self.dimension = dimension
        self.max_tokens = max_tokens
        self._inputs = tuple(inputs)
        self._pad_id = pad_id
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(max_tokens)
        self._lock = threading.Lock()
        self._openvino = load_openvino()
        self._core = self._openvino.Core()
        if compiled is not None:
            self._core.set_property({"CACHE_DIR": str(compiled)})
        self._compile = partial(self._core.compile_model, str(model), "CPU")
        self._precision = device.precision
        self._single = self._compile(_configuration(device.precision, streams=1))

    def rows(self, texts: Sequence[str], *, prompt: str, query: bool) -> NDArray[np.float32]:
        """One row per text, in the order given: (n, dimension) float32. Raises: RuntimeError where OpenVINO fails."""
        encodings = self._tokenizer.encode_batch_fast([prompt + text for text in texts])
        ids = [one.ids for one in encodings]
        kinds = [one.type_ids for one in encodings] if "token_type_ids" in self._inputs else []
        rows = np.empty((len(texts), self.dimension), dtype=np.float32)
        batches = list(batches_by_length([len(one) for one in ids]))
        if len(batches) == 1:
            request = self._single.create_infer_request()
            request.infer(self._padded(batches[0], ids, kinds))
            _keep(request, (rows, batches[0]))
            return rows
        with self._lock:
            for batch in batches:
                self._queue.start_async(self._padded(batch, ids, kinds), (rows, batch))
            self._queue.wait_all()
        return rows

    @cached_property
    def _queue(self) -> Any:
        """What runs many batches, a stream for each core up to STREAMS; made with the lock held."""
        streams = min(STREAMS, cores())
        model = self._single if streams == 1 else self._compile(_configuration(self._precision, streams=streams))
        queue = self._openvino.AsyncInferQueue(model, streams)
        queue.set_callback(_keep)
        return queue

    def _padded(self, batch: Sequence[int], ids: Sequence[list[int]], kinds: Sequence[list[int]]) -> dict[int, Ids]:
        """The inputs of one batch by their place: (texts, length) each, the length rounded up to a multiple of 8."""
        longest = max(len(ids[at]) for at in batch)
        length = min(self.max_tokens, -(-longest // STEP) * STEP)
        values = {name: np.zeros((len(batch), length), dtype=np.int64) for name in self._inputs}
        values["input_ids"][:] = self._pad_id
        for row, at in enumerate(batch):
            count = len(ids[at])
            values["input_ids"][row, :count] = ids[at]
            values["attention_mask"][row, :count] = 1
            if kinds:
                values["token_type_ids"][row, :count] = kinds[at]
        return {place: values[name] for place, name in enumerate(self._inputs)}


def batches_by_length(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Positions in batches of like length and about BATCH_TOKENS tokens, longest first."""
    order = sorted(range(len(lengths)), key=lambda at: -lengths[at])
    start = 0
    while start < len(order):
        padded = max(STEP, -(-lengths[order[start]] // STEP) * STEP)
        stop = start + max(1, BATCH_TOKENS // padded)
        yield order[start:stop]
        start = stop


def _keep(request: Any, place: tuple[NDArray[np.float32], list[int]]) -> None:
    rows, batch = place
    rows[batch] = request.get_output_tensor(0).data


def _configuration(precision: str, *, streams: int) -> dict[str, Any]:
    return {
        "INFERENCE_PRECISION_HINT": {"bf16": "bf16", "fp32": "f32"}[precision],
        "NUM_STREAMS": streams,
        "INFERENCE_NUM_THREADS": streams,
        "ENABLE_CPU_PINNING": False,  # a pinned thread waits for its core where neighbours are busy
    }
