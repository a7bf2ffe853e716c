"""What holds of every Source, whatever the file: the law that the Hypothesis tests and the fuzz targets both ask for."""

from __future__ import annotations

import itertools

from workbench.models import Source, sha256_hex
from workbench.passages import split_passages
from workbench.reading.text import HIDDEN

OVERLAPPING = {"heading"}  # of an e-book: a paragraph too


def hold_promises(source: Source) -> None:
    """Raises AssertionError where the text is not canonical, says nothing, cannot be kept, or an offset does not hold."""
    text = source.text
    assert not all(each.isspace() or HIDDEN.match(each) for each in text), "a silent empty: a Source that says nothing"
    assert not set("\r\x00") & set(text), "not canonical: CR or NUL in the text"
    assert source.text_sha256 == sha256_hex(text), "text_sha256 is of another text"
    assert Source.model_validate_json(source.model_dump_json()) == source, "what is stored is not what was read"
    _places_hold(source)
    _passages_hold(source)


def _places_hold(source: Source) -> None:
    """Places lie inside the text, in order; those of one kind do not overlap, nor do those of two unless one is a heading."""
    for place in source.places:
        assert 0 <= place.start <= place.end <= len(source.text), f"outside the text: {place}"
        assert place.label, f"without a label: {place}"
    starts = [place.start for place in source.places]
    assert starts == sorted(starts), "places out of order"
    for kinds in ({"heading"}, {place.kind for place in source.places} - OVERLAPPING):
        for before, after in itertools.pairwise(place for place in source.places if place.kind in kinds):
            assert before.end <= after.start, f"places overlap: {before}, {after}"


def _passages_hold(source: Source) -> None:
    """Promise 2, and nothing lost: passages are the text at their offsets, in order, and all of it but white space."""
    at = 0
    for number, passage in enumerate(split_passages(source, sentences=5, words=150)):
        assert passage.text == source.text[passage.start : passage.end] != "", f"another text than at its place: {passage}"
        assert passage.ordinal == number, f"out of order: {passage}"
        assert not source.text[at : passage.start].strip(), f"lost before {passage}: {source.text[at : passage.start]!r}"
        at = passage.end
    assert not source.text[at:].strip(), f"lost at the end: {source.text[at:]!r}"
