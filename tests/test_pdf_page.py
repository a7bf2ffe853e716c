"""A page of a PDF as a picture: the boxes lie on the words."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests import documents
from workbench.errors import FileFailure
from workbench.reading import ReadingRoom
from workbench.reading.pdf import canonical
from workbench.reading.pdf_page import Box, PageLook
from workbench.reading.text import clean

LINES = ["The vote was on Friday.", "It was not close at all.", "119 were in favour."]
Look = Callable[..., tuple[PageLook, Image.Image]]


@pytest.fixture
def look(room: ReadingRoom, tmp_path: Path) -> Look:
    """Looks at words of a page, given by the words themselves."""

    def at(data: bytes, words: str, page: int = 1) -> tuple[PageLook, Image.Image]:
        path = tmp_path / "a.pdf"
        path.write_bytes(data)
        source = room.read(path, name="a.pdf", source_id="ab" * 32)
        place = [one for one in source.places if one.kind == "page"][page - 1]
        start = source.text.index(words, place.start) - place.start if words else 0
        found, picture = room.look(path, name="a.pdf", page=page, start=start, end=start + len(words))
        return found, Image.open(io.BytesIO(picture))

    return at


def ink(picture: Image.Image, box: Box) -> float:
    """The share of dark points in a box."""
    left, top = box.left * picture.width, box.top * picture.height
    part = picture.convert("L").crop(
        (int(left), int(top), int(left + box.width * picture.width) + 1, int(top + box.height * picture.height) + 1)
    )
    grey = part.tobytes()
    return sum(point < 128 for point in grey) / len(grey)


def test_the_box_lies_on_the_words_and_nowhere_else(look: Look) -> None:
    found, picture = look(documents.pdf(LINES), "not close")

    assert (picture.format, picture.size) == ("PNG", (found.width, found.height))
    (box,) = found.boxes
    assert ink(picture, box) > 0.05
    whole = look(documents.pdf(LINES), LINES[1])[0].boxes[0]
    assert box.left > whole.left
    assert box.width < whole.width / 2
    assert abs(box.top - whole.top) < 0.01


def test_words_over_three_lines_have_three_boxes_from_top_to_bottom(look: Look) -> None:
    source_words = "Friday.\nIt was not close at all.\n119"

    found, picture = look(documents.pdf(LINES), source_words)

    tops = [box.top for box in found.boxes]
    assert len(tops) == 3
    assert tops == sorted(tops)
    assert all(ink(picture, box) > 0.03 for box in found.boxes)


def test_the_second_page_is_the_second_page(look: Look) -> None:
    found, picture = look(documents.pdf(LINES, ["Nothing but rain."]), "rain", page=2)

    assert ink(picture, found.boxes[0]) > 0.05


def test_a_page_that_is_not_there_is_one_failure(look: Look, room: ReadingRoom, tmp_path: Path) -> None:
    look(documents.pdf(LINES), "")

    with pytest.raises(FileFailure, match="has no page 2") as caught:
        room.look(tmp_path / "a.pdf", name="a.pdf", page=2, start=0, end=0)

    assert caught.value.code == "no_such_page"


def test_a_turned_page_has_its_box_on_the_words_too(look: Look) -> None:
    turned = documents.pdf(LINES).replace(b"/Type /Page ", b"/Rotate 90 /Type /Page ")
    assert turned != documents.pdf(LINES)

    found, picture = look(turned, "not close")

    assert found.boxes[0].height > found.boxes[0].width * 0.5
    assert ink(picture, found.boxes[0]) > 0.05


def test_what_is_no_pdf_is_refused_as_when_it_is_read(room: ReadingRoom, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.7 torn")

    with pytest.raises(FileFailure) as caught:
        room.look(path, name="a.pdf", page=1, start=0, end=1)

    assert caught.value.code == "malformed_pdf"


@given(st.text(st.sampled_from("ab \r\n\x00\ufeff\ufffe\ud800-")))
def test_the_way_back_leads_from_every_character_of_the_text_to_its_own(raw: str) -> None:
    text, places = canonical(raw)

    assert text == clean(raw.replace("\ufffe\r\n", "-\n").replace("\ufffe", "-\n"))[0]
    assert len(places) == len(text)
    for character, at in zip(text, places, strict=True):
        assert at == -1 or raw[at] == character or (raw[at], character) in {("\ufffe", "-"), ("\r", "\n"), ("\ud800", "\ufffd")}
