"""Zip archives of evidence: a list of what is in them, and the files themselves as parts.

What lives here: ZIP -> Reading. Its text is the list, so that the archive can be found by the names in it; every file of a type
that can be read becomes a source of its own (intake.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from zipfile import ZipFile

from workbench.reading.packed import Packed
from workbench.reading.parts import readable
from workbench.reading.text import Part, Reading, clean, mark_paragraphs, remarks

REVISION = 1  # of this reader; raise it when the text it gives for some file changes
ZIP = Packed(suffix="zip", label="zip archive", remedy="Unpack it with the program that made it, and add the folder.", xml=())


def read(data: bytes, name: str) -> Reading:
    """A zip archive. Raises: FileFailure not_a_zip, malformed_zip, decompression_limit."""
    with ZIP.open(data, name) as archive:
        parts, warnings = readable(_files(archive), name)
        names = [entry.filename for entry in archive.infolist() if not entry.is_dir()]
    text, nuls = clean("\n\n".join([f"Archive of {len(names)} files", *names]))
    places = mark_paragraphs(text, warnings)
    return Reading(text, places, "zip", f"zipfile + {REVISION}", warnings=(*warnings, *remarks(text, nuls)), parts=parts)


def _files(archive: ZipFile) -> Iterator[Part]:
    return (Part(entry.filename, archive.read(entry)) for entry in archive.infolist() if not entry.is_dir())
