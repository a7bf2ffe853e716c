"""Any words of a source as a citation: exactly those, checked against the text, in every script."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import pytest

from tests.conftest import ANA, FakeEncoder, make_claim
from workbench.desk import Desk
from workbench.errors import Refused, UnknownId
from workbench.models import Citation, Cite, Passage, Span, VerdictRequest
from workbench.report import citation_line

pytestmark = pytest.mark.process  # files are read in a process of their own

SPEECH = (
    "Senior General Min Aung Hlaing said: “There was massive election fraud in Myanmar in 2020.” "
    "He offered no evidence 👨‍👩‍👧 for it.\n\n"
    "According to the AAPP, 883 people have been killed since the coup of 1 February 2021.\n"
)
SCRIPTS = unicodedata.normalize("NFD", "Un café fermé 🙂 à Rangoun.") + "\n\nမဲမသမာမှု မရှိဟု လေ့လာသူများက ပြောသည်။\n"
SUBTITLES = (
    "1\n00:00:01,000 --> 00:00:03,000\nThe ballots were counted.\n\n"
    "2\n00:00:09,000 --> 00:00:12,000\nNobody saw a fraud here.\n"
)
CLAIM = make_claim("fraud", "There was massive election fraud in Myanmar.", claimant={"name": "Min Aung Hlaing"})


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    home = tmp_path_factory.mktemp("desk")
    (home / "workbench.toml").write_text("[review.policy]\nrepeats_count = false\n", encoding="utf-8")
    (home / "evidence").mkdir()
    for name, text in (("speech.txt", SPEECH), ("scripts.txt", SCRIPTS), ("film.srt", SUBTITLES)):
        (home / "evidence" / name).write_text(text, encoding="utf-8")
    with Desk.open(home, encoder=FakeEncoder) as opened:
        opened.sync_evidence()
        opened.add_claim(CLAIM, actor=ANA)
        yield opened


def source_of(desk: Desk, name: str) -> tuple[str, str]:
    """(id, canonical text) of a file."""
    entry = next(one for one in desk.library() if one.paths[0].endswith(name))
    return entry.source_id, desk.source(entry.source_id)[1].text


def select(desk: Desk, name: str, words: str) -> Passage:
    """Select words as a browser would."""
    source_id, text = source_of(desk, name)
    start = text.index(words)
    return desk.citing.selected(source_id, Span(start=start, end=start + len(words)), words)


def cited(desk: Desk, name: str, words: str, **more: str) -> Citation:
    cite = Cite.model_validate({"passage_id": select(desk, name, words).passage_id, "stance": "supports", **more})
    return desk.citing.kept([cite], CLAIM)[0]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("speech.txt", "883 people have been killed"),
        ("speech.txt", "no evidence 👨‍👩‍👧 for it.\n\nAccording to the AAPP"),
        ("scripts.txt", unicodedata.normalize("NFD", "café fermé 🙂")),
        ("scripts.txt", "လေ့လာသူများ"),
    ],
    ids=["words", "across paragraphs", "combining marks and an emoji", "Burmese"],
)
def test_selected_words_are_cited_exactly_as_they_stand(desk: Desk, name: str, words: str) -> None:
    citation = cited(desk, name, words)

    text = source_of(desk, name)[1]
    start = text.index(words)
    assert (citation.quote, citation.start, citation.end) == (words, start, start + len(words))
    assert citation.before == text[max(0, start - 32) : start]


def test_what_the_id_of_words_names_can_be_cited_and_opened_again(desk: Desk) -> None:
    passage = select(desk, "speech.txt", "883 people")

    assert desk.passage(passage.passage_id) == passage
    assert passage.passage_id not in {one.passage_id for one in desk.passages(passage.source_id)}


def test_other_words_than_those_that_stand_there_are_refused(desk: Desk) -> None:
    source_id, text = source_of(desk, "speech.txt")
    start = text.index("883 people")

    with pytest.raises(Refused, match="Other words stand at characters") as caught:
        desk.citing.selected(source_id, Span(start=start, end=start + 10), "21 people!")
    assert caught.value.code == "other_words"


@pytest.mark.parametrize(
    ("name", "words", "code"),
    [
        ("speech.txt", "lection fraud", "cut_word"),
        ("speech.txt", "88", "cut_word"),
        ("speech.txt", "evidence 👨", "cut_word"),
        ("scripts.txt", "cafe", "cut_word"),
        ("speech.txt", "👨‍👩‍👧", "no_words"),
    ],
    ids=["half a word", "half a figure", "half an emoji", "a letter without its accent", "no word"],
)
def test_less_than_whole_words_is_refused(desk: Desk, name: str, words: str, code: str) -> None:
    with pytest.raises(Refused) as caught:
        select(desk, name, words)

    assert caught.value.code == code


@pytest.mark.parametrize("place", ["5-5", "9-4", "0-99999999", "07-19", "0-7 "])
def test_an_id_that_names_no_words_is_unknown(desk: Desk, place: str) -> None:
    source_id, _ = source_of(desk, "speech.txt")

    with pytest.raises(UnknownId):
        desk.passage(f"{source_id[:16]}-{place}")


def test_words_in_a_subtitle_are_cited_by_their_own_timecode(desk: Desk) -> None:
    assert cited(desk, "film.srt", "Nobody saw a fraud").page == "00:00:09.000"


def test_words_are_chosen_without_a_mouse_from_their_first_to_their_last(desk: Desk) -> None:
    source_id, _ = source_of(desk, "speech.txt")
    first = desk.passages(source_id)[0]

    chosen = desk.citing.between(first, "883 people", "KILLED")

    assert chosen.text == "883 people have been killed"
    with pytest.raises(Refused, match="do not stand here"):
        desk.citing.between(first, "nobody wrote this", "")
    with pytest.raises(Refused, match="stand here 2 times"):
        desk.citing.between(first, "in", "2020")


# --- whose words they are -------------------------------------------------------------------------------------------


def test_words_inside_the_claimants_speech_repeat_the_claim_unless_a_person_names_who_knows(desk: Desk) -> None:
    words = "massive election fraud in Myanmar"

    own, named = cited(desk, "speech.txt", words), cited(desk, "speech.txt", words, origin="Union Election Commission")

    assert (own.attributed_to, own.repeats_claim) == ("Min Aung Hlaing", True)
    assert (named.attributed_to, named.repeats_claim) == ("Min Aung Hlaing", False)
    assert cited(desk, "speech.txt", "883 people have been killed").attributed_to == "AAPP"


def test_a_save_whose_only_support_repeats_the_claim_is_refused_and_says_why(desk: Desk) -> None:
    words = select(desk, "speech.txt", "There was massive election fraud in Myanmar in 2020.")
    cite = Cite(passage_id=words.passage_id, stance="supports")
    request = VerdictRequest(claim_id="fraud", rating="supported", cites=(cite,), reviewer=ANA, token="t-repeats")

    with pytest.raises(Refused, match=r"needs at least one citation \(1 cited in support, which only repeats the claim\)"):
        desk.record(request)
    assert desk.case("fraud").verdicts == ()
    as_context = request.model_copy(update={"cites": (cite.model_copy(update={"stance": "context"}),), "token": "t-context"})
    assert desk.record(as_context).citations[0].repeats_claim


def test_who_seems_to_know_is_suggested_from_what_stands_around_the_words(desk: Desk) -> None:
    words = select(desk, "speech.txt", "883 people have been killed")

    assert desk.citing.suggested_origin(Cite(passage_id=words.passage_id, stance="context"), CLAIM) == "AAPP"


# --- to copy ---------------------------------------------------------------------------------------------------------


def test_a_citation_to_copy_holds_the_words_and_what_finds_them_again(desk: Desk) -> None:
    words = select(desk, "film.srt", "Nobody saw a fraud here.")

    line = citation_line(desk.citing.plain(words.passage_id))

    assert line == f"“Nobody saw a fraud here.” film.srt, date unknown, 00:00:09.000. sha256 {words.source_id[:12]}"
