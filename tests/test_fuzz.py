"""Whatever is changed in a file, its reader gives a Source that holds the promises, or refuses it: tests/fuzz asks."""

from __future__ import annotations

import functools
import importlib.util
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.targets import TARGETS, ask, gathered, spread
from workbench.reading.formats import FORMATS

HAS_ATHERIS = importlib.util.find_spec("atheris") is not None
EXAMPLES = 25 if HAS_ATHERIS else 100  # of each target; where libFuzzer does not run, Hypothesis does its work
SECONDS = 1  # of each target under libFuzzer; the last line of `make reliability` gives it more


@functools.cache
def seeds_of(name: str) -> Sequence[bytes]:
    return TARGETS[name].seeds()


def test_every_reader_is_fuzzed() -> None:
    fuzzed = {FORMATS["." + target.file.rpartition(".")[2]].module for target in TARGETS.values()}

    assert fuzzed == {found.module for found in FORMATS.values()}


@pytest.mark.parametrize("name", TARGETS)
def test_every_seed_is_read_or_refused_and_at_least_one_is_read(name: str) -> None:
    target = TARGETS[name]

    read = [ask(target, data) for data in seeds_of(name)]

    assert any(read)


def test_an_archive_spread_out_is_put_together_again() -> None:
    (entries,) = seeds_of("docx")

    assert spread(gathered(entries)) == entries


@pytest.mark.parametrize("name", TARGETS)
@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.too_slow])
@given(choice=st.data())
def test_a_file_with_something_changed_is_read_or_refused(name: str, choice: st.DataObject) -> None:
    seeds = seeds_of(name)
    data = choice.draw(st.sampled_from(seeds))
    pieces = st.one_of(st.binary(max_size=4), st.sampled_from(seeds).flatmap(lambda seed: st.sampled_from(seed.split(b"\n"))))
    for at, length, piece in choice.draw(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 60), pieces), max_size=6)):
        start = int(at * len(data))
        data = data[:start] + piece + data[start + length :]

    ask(TARGETS[name], data)


@pytest.mark.long
@pytest.mark.process
@pytest.mark.skipif(
    not HAS_ATHERIS,
    reason=f"atheris has no wheel for this machine or Python {sys.version_info.major}.{sys.version_info.minor}: "
    f"Hypothesis tries {EXAMPLES} changed files of each kind instead",
)
def test_libfuzzer_finds_nothing_in_any_reader() -> None:
    command = [sys.executable, "-m", "tests.fuzz", "--seconds", str(SECONDS), "--seed", "1"]

    done = subprocess.run(command, cwd=Path(__file__).parents[1], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout.splitlines()[-1:]) == (0, ["0 finds"]), done.stdout[-8_000:] + done.stderr[-2_000:]
