"""Quotations and sentences worth checking in files somebody names: read, looked through, nothing stored."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from workbench.errors import FileFailure
from workbench.models import ExtractedQuote, Failure, sha256_hex
from workbench.quotes import extract_quotes
from workbench.reading import ReadingRoom
from workbench.settings import EvidenceSettings


def extract_from(files: Sequence[Path]) -> tuple[list[tuple[str, str, list[ExtractedQuote]]], list[Failure]]:
    """(path as given, canonical text, its quotations) of every file that could be read, and the failures. Stores nothing."""
    read, failed = [], []
    with ReadingRoom(EvidenceSettings()) as room:
        for file in files:
            try:
                if not file.is_file():
                    raise FileFailure(f"There is no file {file}.", hint="Check the path and try again.", code="not_found")
                text = room.read(file, name=file.name, source_id=sha256_hex(file.read_bytes())).text
                read.append((str(file), text, extract_quotes(text)))
            except FileFailure as error:
                failed.append(Failure(path=str(file), code=error.code, message=error.message, hint=error.hint))
    return read, failed
