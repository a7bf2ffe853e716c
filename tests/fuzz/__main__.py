"""`python -m tests.fuzz [--seconds S] [--seed N] [TARGET...]`: each target given to libFuzzer for so long; exit 1 if one finds.

What lives here: the run. What does not: what is asked (targets.py). All targets share one start, in which our readers and the
parsers written in Python are instrumented, and each has a process of its own; parsers in C are called as they are. libFuzzer
stops an input that takes longer than a file may, or more memory. A find is printed so that it can be made a test.
"""

from __future__ import annotations

import argparse
import base64
import importlib
import os
import re
import sys
import tempfile
import traceback
from pathlib import Path
from typing import NoReturn

import atheris

INSTRUMENTED = ["workbench.reading", "workbench.passages", "email", "docx", "trafilatura", "htmldate", "pypdfium2"]

with atheris.instrument_imports(include=INSTRUMENTED):
    from tests.fuzz.targets import TARGETS, Target, ask
    from workbench.reading.formats import FORMATS

    for name in {found.module for found in FORMATS.values()}:
        importlib.import_module(f"workbench.reading.{name}")
    for name in ("trafilatura.metadata", "pypdfium2"):  # readers import them when they are needed
        importlib.import_module(name)

SECONDS_PER_INPUT = 20  # as seconds_per_file under [evidence]
MEMORY_MB = 1_400  # as memory_mb under [evidence], and what Python and its libraries take
FOUND = 77  # exit status, as libFuzzer has it
LARGEST = 20_000  # bytes of an input: enough for every seed, small enough for many of them


def main() -> int:
    """Run the targets; 1 if any of them found something."""
    asked = argparse.ArgumentParser(prog="python -m tests.fuzz")
    asked.add_argument("targets", nargs="*", choices=[*TARGETS, []], metavar="TARGET")
    asked.add_argument("--seconds", type=int, default=10, help="for each target")
    asked.add_argument("--seed", type=int, default=0, help="the same one tries the same inputs; 0: another one each time")
    options = asked.parse_args()
    finds = [name for name in options.targets or TARGETS if not _run(name, options.seconds, options.seed)]
    print(f"{len(finds)} finds{': ' if finds else ''}{', '.join(finds)}", flush=True)
    return 1 if finds else 0


def _run(name: str, seconds: int, seed: int) -> bool:
    """Fuzz a target in a child; whether nothing was found."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "seeds").mkdir()
        for number, data in enumerate(TARGETS[name].seeds()):
            (home / "seeds" / str(number)).write_bytes(data)
        child = os.fork()
        if child == 0:
            _fuzz(TARGETS[name], home, seconds, seed)
        _, status = os.waitpid(child, 0)
        said = (home / "log").read_text("utf-8", "replace")
        tried = re.search(r"number_of_executed_units: (\d+)", said)
        print(f"{name}: {tried[1] if tried else 'unknown number of'} inputs tried", flush=True)
        if status:
            print(f"{name}: a find (status {status})\n{said[-6_000:]}")
            for found in sorted(home.glob("find-*")):
                print(f"{name}: the input, base64: {base64.b64encode(found.read_bytes()).decode()}", flush=True)
    return status == 0


def _fuzz(target: Target, home: Path, seconds: int, seed: int) -> NoReturn:
    """Become libFuzzer, which ends this process; so does the first find."""
    log = os.open(home / "log", os.O_WRONLY | os.O_CREAT)
    os.dup2(log, 1)
    os.dup2(log, 2)

    def one_input(data: bytes) -> None:
        try:
            ask(target, data)
        except BaseException:  # whatever it is: no reader may do this
            traceback.print_exc()
            (home / "find-exception").write_bytes(data)
            os._exit(FOUND)

    limits = [
        f"-max_total_time={seconds}",
        f"-timeout={SECONDS_PER_INPUT}",
        f"-rss_limit_mb={MEMORY_MB}",
        f"-max_len={LARGEST}",
    ]
    kept = [f"-artifact_prefix={home}/find-", f"-seed={seed}", "-print_final_stats=1", "-verbosity=0", str(home / "seeds")]
    try:
        atheris.Setup([sys.argv[0], *limits, *kept], one_input)
        atheris.Fuzz()
    finally:
        os._exit(FOUND)  # not reached where all is well


if __name__ == "__main__":
    sys.exit(main())
