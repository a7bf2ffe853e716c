"""The licences of everything that is installed with the workbench, read from what each package says of itself.

Permissive ones, MPL and LGPL (as a library that can be replaced) may come along; GPL, AGPL and what nobody names may not.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

PROJECT = tomllib.loads((Path(__file__).resolve().parents[1] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
FINE = {
    *(
        "0BSD",
        "Apache-2.0",
        "Apache-2.0 WITH LLVM-exception",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "BSL-1.0",
        "CC0-1.0",
        "CNRI-Python",
    ),
    *(
        "ISC",
        "MIT",
        "MIT-0",
        "MIT-CMU",
        "MPL-1.1",
        "MPL-2.0",
        "LGPL-2.1-only",
        "LGPL-2.1-or-later",
        "LGPL-3.0-only",
        "LGPL-3.0-or-later",
    ),
    *("OFL-1.1", "PSF-2.0", "Python-2.0", "Unicode-3.0", "Unlicense", "Zlib", "ZPL-2.1"),
}
SAID = {  # other words for the same, in classifiers and in the older field
    "Apache 2.0 License": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "OSI Approved :: Apache Software License": "Apache-2.0",
    "3-Clause BSD License": "BSD-3-Clause",
    "BSD License": "BSD-3-Clause",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
READ = {  # packages whose words are no licence, or not the whole of it: what reading them showed
    "orjson": "MPL-2.0 AND Apache-2.0",  # "MPL-2.0 AND (Apache-2.0 OR MIT)", one of the two chosen
    "pypdfium2": "Apache-2.0 OR BSD-3-Clause",  # PDFium inside it has the same two, FreeType its own (FTL)
}


def closure(names: list[str]) -> dict[str, metadata.Distribution]:
    """Every package these need, by its name."""
    found: dict[str, metadata.Distribution] = {}
    waiting = [Requirement(name) for name in names]
    while waiting:
        wanted = waiting.pop()
        name = re.sub(r"[-_.]+", "-", wanted.name).lower()
        if name in found or (wanted.marker and not any(wanted.marker.evaluate({"extra": one}) for one in ("", *wanted.extras))):
            continue
        found[name] = metadata.distribution(name)
        for line in found[name].requires or ():
            needed = Requirement(line)
            if needed.marker is None or any(needed.marker.evaluate({"extra": one}) for one in ("", *wanted.extras)):
                waiting.append(Requirement(str(needed).partition(";")[0]))
    return found


def licences(name: str, given: metadata.Distribution) -> str:
    """The licence a package names, as SPDX writes it; empty where it names none."""
    said = given.metadata
    if name in READ:
        return READ[name]
    if "License-Expression" in said:
        return said["License-Expression"]
    classes = [one.rpartition(" :: ")[2] for one in said.get_all("Classifier", []) if one.startswith("License ::")]
    named = [SAID.get(one, one) for one in classes if one != "OSI Approved"]
    written = said["License"] if "License" in said else ""  # noqa: SIM401  its type has no get
    return " AND ".join(named) or SAID.get(written, written)


def is_fine(expression: str) -> bool:
    """Whether one of the choices of an expression without brackets is fine in all its parts."""
    return any(all(part.strip() in FINE for part in choice.split(" AND ")) for choice in expression.split(" OR "))


def refused(names: list[str]) -> Iterator[str]:
    for name, given in sorted(closure(names).items()):
        if not is_fine(licences(name, given)):
            yield f"{name}: {licences(name, given)!r}"


def test_everything_that_is_installed_with_the_workbench_has_a_licence_that_lets_it() -> None:
    assert list(refused(PROJECT["dependencies"])) == []


@pytest.mark.parametrize("extra", sorted(set(PROJECT["optional-dependencies"]) - {"dev"}))
def test_so_has_what_an_extra_brings(extra: str) -> None:
    try:
        found = list(refused(PROJECT["optional-dependencies"][extra]))
    except metadata.PackageNotFoundError as missing:
        pytest.skip(f"the extra {extra} is not installed here: {missing}")

    assert found == []


def test_no_reading_of_a_licence_is_kept_for_a_package_that_is_gone() -> None:
    named = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["milvus"]]

    assert set(READ) - set(closure(named)) == set()


@pytest.mark.parametrize(
    ("expression", "fine"),
    [
        ("MIT", True),
        ("MPL-1.1 OR GPL-2.0-only OR LGPL-2.1-or-later", True),
        ("BSD-3-Clause AND MIT", True),
        ("GPL-3.0-or-later", False),
        ("AGPL-3.0-only", False),
        ("MIT AND GPL-2.0-only", False),
        ("GNU Affero General Public License v3", False),
        ("Proprietary", False),
        ("", False),
    ],
)
def test_a_choice_must_be_fine_in_all_its_parts(expression: str, fine: bool) -> None:
    assert is_fine(expression) is fine
