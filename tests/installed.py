"""The workbench as somebody has it who installed the wheel: an environment that knows nothing of this checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

from tests.conftest import CHECKOUT

APART = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "WORKBENCH_WORKSPACE")}


def build(into: Path) -> Path:
    """The wheel that `make wheel` builds, in a folder of its own."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(into)]
    subprocess.run(command, cwd=CHECKOUT, check=True, capture_output=True)
    return next(into.glob("*.whl"))


def install(wheel: Path, home: Path) -> Path:
    """The `bin` of a new environment that has the wheel; what it depends on is borrowed from the one that runs the tests.

    A .pth file names the packages of that one as a folder: the .pth in there that leads to the checkout is not read.
    """
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(home)], check=True)
    packages = next(home.glob("lib/python*/site-packages"))
    (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    wanted = ["install", "--quiet", "--no-deps", "--no-index", "--no-compile", str(wheel)]
    subprocess.run([sys.executable, "-m", "pip", "--python", str(home / "bin" / "python"), *wanted], check=True)
    return home / "bin"
