"""One original, read and cut: from its bytes to the Source and its passages, as every intake does it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from workbench.languages import identified
from workbench.models import Passage, Source
from workbench.passages import split_passages
from workbench.reading import ReadingRoom
from workbench.reading.text import Part
from workbench.settings import EvidenceSettings


def read_and_cut(
    room: ReadingRoom, path: Path, *, name: str, sha256: str, limits: EvidenceSettings, language: str | None = None
) -> tuple[Source, Sequence[Passage], tuple[Part, ...]]:
    """The Source, the passages and the files inside of the bytes at a path. language: as somebody states it.

    name: what people call the file. Raises: FileFailure.
    """
    source, parts = room.read_with_parts(path, name=name, source_id=sha256, language=language)
    if source.language is None:  # here, not in the reading process: loading what tells it writes a file, and takes a second
        source = source.model_copy(update={"language_identified": identified(source.text, source.script)})
    return source, split_passages(source, sentences=limits.passage_sentences, words=limits.passage_words), parts
