"""What a file of claims gives, whole: what tests of small files look at."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from workbench.claims import read_import
from workbench.models import Claim
from workbench.settings import CustomField


class Imported(NamedTuple):
    claims: tuple[Claim, ...]
    notes: tuple[str, ...]


def imported(path: Path, fields: Sequence[CustomField] = ()) -> Imported:
    notes: list[str] = []
    claims = tuple(found.claim for found in read_import(path, fields, notes=notes))
    return Imported(claims, tuple(notes))
