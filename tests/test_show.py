from __future__ import annotations

import pytest

from workbench.models import Hit, Place, Source, Span, page_words, sha256_hex
from workbench.ui import doubt_marks, sheet, show


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "vbscript:x", " https://x"])
def test_only_web_addresses_become_links(address: str) -> None:
    assert "href" not in show.tag("a", "", "here", href=address)


def test_a_link_out_opens_apart_and_says_nothing_of_where_it_came_from() -> None:
    link = show.tag("a", "", "here", href='https://example.org/?a="b"')

    assert link == ('<a href="https://example.org/?a=&quot;b&quot;" target="_blank" rel="noopener noreferrer">here</a>')


def test_matched_words_are_marked_and_everything_else_is_escaped() -> None:
    spans = [Span(start=4, end=8), Span(start=6, end=10), Span(start=90, end=99)]

    assert (
        show.marked("<b> fraud & more", spans)
        == '&lt;b&gt; <mark class="matched">frau</mark><mark class="matched">d </mark>&amp; more'
    )


def test_only_plain_values_are_acted_on() -> None:
    with pytest.raises(ValueError, match="percent-encoded"):
        show.keep_cookie("name", "a'; alert(1)")
    with pytest.raises(ValueError, match="cannot be scrolled"):
        show.scroll_to("x'); alert(1)", token="t")
    with pytest.raises(ValueError, match="cannot be focused"):
        show.focus_link("x a, body", token="t")


# --- a document as a sheet -------------------------------------------------------------------------------------------


def a_source(text: str, *places: Place) -> Source:
    digest = sha256_hex(text)
    return Source(
        source_id=digest,
        text=text,
        text_sha256=digest,
        media_type="text/plain",
        places=places,
        reader="test",
        reader_version="1",
    )


def test_a_sheet_has_a_block_for_each_paragraph_and_its_place_in_the_margin() -> None:
    pages = (Place(kind="page", label="1", start=0, end=5), Place(kind="page", label="2", start=7, end=13))
    source = a_source("First\n\nSecond", *pages)

    drawn = sheet.draw(source, Span(start=0, end=13), [sheet.Layer("here", [Span(start=7, end=13)])])

    assert drawn == (
        f'<div class="sheet" data-source="{source.source_id}"><div class="para"><div class="margin">p. 1</div>'
        '<div class="body" dir="auto" data-start="0">First</div></div><div class="para break"><div class="margin">p. 2</div>'
        '<div class="body" dir="auto" data-start="7"><mark class="here" id="here">Second</mark></div></div></div>'
    )


def test_a_long_document_is_shown_in_a_window_around_the_passage() -> None:
    source = a_source("\n\n".join(f"Paragraph {number} of many." for number in range(3000)))

    part = sheet.window(source, 40_000)

    assert part.start < 40_000 < part.end
    assert part.end - part.start <= sheet.WINDOW
    assert source.text[part.start :].startswith("Paragraph")


def test_a_page_is_called_a_page_and_other_places_keep_their_name() -> None:
    assert [page_words("3"), page_words("00:01:02"), page_words(None)] == ["page 3", "00:01:02", None]


def test_a_passage_names_its_hidden_characters_and_where_they_stand() -> None:
    hit = make_hit("They were kil\u200bled by 883\u202e shots.", "the text may be cut off: it ends in mid-sentence")

    text = "".join([*doubt_marks.badges(hit), *doubt_marks.lines(hit)])

    assert "check the original" in text
    assert "hidden characters: 2" in text
    assert "zero width space (U+200B) after “hey were kil”; right-to-left override (U+202E) after “lled by 883”" in text


def test_an_ordinary_passage_has_no_badge() -> None:
    assert list(doubt_marks.badges(make_hit("ខ្មែរ\u200bនិយាយ 👩\u200d🚀"))) == []


def make_hit(text: str, *warnings: str) -> Hit:
    given = {"rank": 1, "passage_id": "a-0-9", "source_id": "a" * 64, "sha256": "a" * 64, "path": "a.txt", "title": "A"}
    ranks = {"page": None, "start": 0, "end": len(text), "score": 0.5, "dense_rank": 1, "lexical_rank": 1}
    return Hit.model_validate(given | ranks | {"text": text, "warnings": warnings})
