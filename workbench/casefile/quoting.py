"""Every quotation of a case file beside the original it is from, which is read again in a reading process.

What lives here: PASS, FAIL, NOT CHECKED or WITHHELD for one citation. What does not: whether the files are whole (checking.py).
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from workbench.casefile.disclosure import WITHHELD
from workbench.casefile.layout import ORIGINAL
from workbench.casefile.unpacking import Packed, Unreadable
from workbench.errors import FileFailure
from workbench.matching import find_words
from workbench.models import Citation, Record, Sha256, Source, spelled_out
from workbench.reading import ReadingRoom

Result = Literal["PASS", "FAIL", "NOT CHECKED", "WITHHELD"]


class CitationCheck(Record):
    """What became of one citation. PASS only where its words were found in the original that is here."""

    number: int
    result: Result
    sha256: Sha256
    stance: str
    message: str


class Quoting:
    """The originals of one case file, read one after the other. bad: names of files that are not as the manifest lists them."""

    def __init__(self, packed: Packed, bad: set[str], room: ReadingRoom) -> None:
        self._packed = packed
        self._bad = bad
        self._room = room
        self._names = {found[1]: name for name in packed.sizes if (found := ORIGINAL.fullmatch(name))}
        self._read: dict[str, Source | FileFailure] = {}  # the last one only: a text may be large

    def check(self, cited: Sequence[Citation]) -> tuple[CitationCheck, ...]:
        """Each citation beside its original, in their order. Those of one original are looked up together: it is read once."""
        found = []
        for number, one in sorted(enumerate(cited, 1), key=lambda each: each[1].source_id):
            result, message = self._looked_up(one)
            found.append(CitationCheck(number=number, result=result, sha256=one.source_id, stance=one.stance, message=message))
        return tuple(sorted(found, key=lambda each: each.number))

    def _looked_up(self, one: Citation) -> tuple[Result, str]:
        if one.quote == WITHHELD:
            return "WITHHELD", "its words were left out of this case file"
        name = self._names.get(one.source_id)
        if name is None:
            return "NOT CHECKED", "its original is not in this case file"
        if name in self._bad:
            return "FAIL", f"{name} is not the file that was cited"
        try:
            source = self._source(name, one.source_id)
        except Unreadable as error:
            return "FAIL", f"{name}: {error}"
        if isinstance(source, FileFailure):
            return "NOT CHECKED", spelled_out(f"its original cannot be read here: {source.message} {source.hint}")
        return _beside(one, source)

    def _source(self, name: str, sha256: str) -> Source | FileFailure:
        if sha256 not in self._read:
            with tempfile.TemporaryDirectory(prefix="workbench-verify-") as folder:
                self._read = {sha256: self._read_again(name, sha256, Path(folder) / "original")}
        return self._read[sha256]

    def _read_again(self, name: str, sha256: str, copy: Path) -> Source | FileFailure:
        if self._packed.sha256(name, copy_to=copy) != sha256:
            raise Unreadable("its bytes are not those that were cited")
        try:
            return self._room.read(copy, name=f"original{Path(name).suffix}", source_id=sha256)
        except FileFailure as failure:
            return failure


def _beside(one: Citation, source: Source) -> tuple[Result, str]:
    """The words beside the text of their original as it is read here."""
    if source.text_sha256 == one.text_sha256:
        if source.text[one.start : one.end] == one.quote:
            return "PASS", f"its words stand in the original at characters {one.start} to {one.end}"
        return "FAIL", "other words stand in the original at its place"
    if one.before + one.quote + one.after in source.text:
        return (
            "PASS",
            "its words stand in the original, with those around them; this workbench reads the file a little otherwise",
        )
    if one.quote in source.text or find_words(one.quote, source.text):
        return "PASS", "its words stand in the original; this workbench reads those around them otherwise"
    if one.ocr_confidence is not None:
        return "NOT CHECKED", "a machine read its words in a picture, and reads others there on this computer"
    return "FAIL", "its words are not in the original as it is read here"
