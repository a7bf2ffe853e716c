"""A quotation beside the file it is from: word for word, with an editor's marks, with another word, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import ANA, make_claim
from workbench.desk import Desk
from workbench.fidelity import quote_check
from workbench.models import Place, Source, Span, sha256_hex

TEXT = (
    "The general spoke at noon.\n\n“The protests broke out because of the election fraud,” he told the broadcaster. "
    "“We will hold elec-\ntions again, and the winner will be handed power,” he said later, in the capital."
)


def source(text: str = TEXT) -> Source:
    return Source(
        source_id=sha256_hex(text),
        text=text,
        text_sha256=sha256_hex(text),
        media_type="text/plain",
        reader="t",
        reader_version="1",
    )


@pytest.mark.parametrize(
    "words",
    [
        "because of the election fraud",
        "Because of the ELECTION fraud",
        "We will hold elections again",  # broken over a line end in the file
        "[T]he protests broke out because of the election fraud",
        "The protests … because of the election fraud",
        "The protests [in Myanmar] broke out because of [...] election fraud",
        "the winner will be handed power,",
    ],
)
def test_what_stands_in_the_file_is_verbatim_whatever_an_editor_marked(words: str) -> None:
    found = quote_check(words, source())
    assert found.state == "verbatim"
    assert found.span is not None
    assert found.span.end <= len(TEXT)


def test_another_word_is_shown_word_by_word() -> None:
    found = quote_check("The protests broke out because of the electoral fraud", source())
    assert found.state == "differs"
    assert [(one.where, one.words) for one in found.changes if one.where != "both"] == [
        ("quotation", "electoral"),
        ("file", "election"),
    ]


@pytest.mark.parametrize(
    "words",
    ["Ballots were burned in the northern provinces by night", "fraud election the of because", "… [sic] …", "power … fraud"],
)
def test_what_the_file_does_not_say_is_not_called_verbatim(words: str) -> None:
    assert quote_check(words, source()).state in {"not-found", "differs"}


def test_a_dropped_not_is_a_difference_and_never_verbatim() -> None:
    found = quote_check("We did order the shooting", source("He said: “We did not order the shooting.”"))
    assert found.state == "differs"
    assert ("file", "not") in [(one.where, one.words) for one in found.changes]


def test_what_a_colleague_describes_is_nobodys_words_and_what_is_heard_is_somebodys() -> None:
    seen, heard = "Soldiers burn the ballots in the yard.", "We counted them all."
    spots = [Place(start=0, end=len(seen), kind="described", label="00:10, described")]
    spots.append(Place(start=len(seen) + 2, end=len(seen) + 2 + len(heard), kind="heard", label="00:20, words heard"))
    recording = source(f"{seen}\n\n{heard}").model_copy(update={"places": tuple(spots)})

    assert quote_check("Soldiers burn the ballots", recording).state == "not-found"
    found = quote_check("counted them all", recording)
    assert (found.state, found.span) == ("verbatim", Span(start=len(seen) + 5, end=len(seen) + 21))


WHOLE = TEXT.replace("-\n", "")  # nobody quotes half of a word that a line end broke


@given(st.integers(0, len(WHOLE) - 20), st.integers(12, 120))
def test_any_words_of_the_file_are_verbatim_and_the_span_holds_them(start: int, length: int) -> None:
    words = WHOLE[start : start + length]
    found = quote_check(words, source(WHOLE))
    if any(letter.isalnum() for letter in words.strip(" ,;:.")):
        assert found.state == "verbatim"


SAID = st.characters(exclude_characters="\x00", exclude_categories=["Cs"])  # what a claim and a source may hold


@given(st.text(SAID, max_size=200), st.text(SAID, max_size=400))
def test_any_two_texts_are_compared_without_a_crash(words: str, text: str) -> None:
    found = quote_check(words, source(text))
    assert found.span is None or found.span.end <= len(text)


def test_the_file_is_found_by_where_it_was_lifted_from_or_by_the_address_of_the_appearance(desk: Desk, tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text(TEXT, encoding="utf-8")
    page.with_name("page.txt.meta.yaml").write_text("url: https://www.example.org/story/\ntitle: The story\n", encoding="utf-8")
    source_id = desk.add_evidence([page]).added[0].source_id
    at = TEXT.index("because")
    lifted = {"sha256": source_id, "start": at, "end": at + 29}
    claims = {
        "lifted": make_claim("lifted", quote="because of the election fraud", source_quote=lifted),
        "printed": make_claim(
            "printed", quote="because of election fraud", appearances=[{"url": "http://example.org/story#top"}]
        ),
        "elsewhere": make_claim("elsewhere", quote="because of it", appearances=[{"url": "https://example.org/other"}]),
        "translated": make_claim(
            "translated", quote="wegen des Wahlbetrugs", quote_original="the election fraud", source_quote=lifted
        ),
    }
    for claim in claims.values():
        desk.add_claim(claim, actor=ANA)
    checked = {name: desk.fidelity.of(claim) for name, claim in claims.items()}
    assert {name: one.state if one else None for name, one in checked.items()} == {
        "lifted": "verbatim",
        "printed": "differs",
        "elsewhere": "no-file",
        "translated": "verbatim",
    }
    assert desk.fidelity.of(make_claim("plain")) is None
