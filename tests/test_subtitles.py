"""Subtitles through the real reading process: the words that are spoken, when they are first seen, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable

import pysubs2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import Read
from workbench.desk import Desk
from workbench.errors import FileFailure
from workbench.models import Source
from workbench.passages import sentence_spans, split_passages
from workbench.reading import subtitles as reader

pytestmark = pytest.mark.process


def stamp(seconds: float, mark: str) -> str:
    whole, thousandths = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}{mark}{thousandths:03}"


def srt(*cues: tuple[float, float, str]) -> str:
    shown = [f"{stamp(start, ',')} --> {stamp(end, ',')}\n{words}\n" for start, end, words in cues]
    return "\n".join(f"{number}\n{cue}" for number, cue in enumerate(shown, start=1))


def vtt(*cues: tuple[float, float, str], header: str = "WEBVTT") -> str:
    return "\n\n".join([header, *(f"{stamp(start, '.')} --> {stamp(end, '.')}\n{words}" for start, end, words in cues)]) + "\n"


def timed(source: Source) -> list[tuple[str, str]]:
    return [(place.label, source.text[place.start : place.end]) for place in source.places]


# --- words and times -----------------------------------------------------------------------------------------------


def test_each_subtitle_is_a_place_named_by_its_time_over_its_own_words(read: Read) -> None:
    source = read("a.srt", srt((62.5, 64, "The junta said"), (64, 66, "there was “fraud”.")))

    assert source.text == "The junta said\nthere was “fraud”."
    assert timed(source) == [("00:01:02.500", "The junta said"), ("00:01:04.000", "there was “fraud”.")]
    assert {place.kind for place in source.places} == {"timecode"}
    assert (source.media_type, source.reader, source.warnings) == ("application/x-subrip", "subtitles", ())


def test_a_found_passage_is_cited_by_the_time_it_begins_at(desk: Desk) -> None:
    speech = srt(
        (1, 3, "Good evening. Here is the news."), (62.5, 64, "The commission saw no fraud"), (64, 66, "in any polling place.")
    )
    (desk.workspace.evidence / "speech.srt").write_text(speech, encoding="utf-8")
    desk.sync_evidence()

    hit = desk.find("no fraud in any polling place").hits[0]

    assert (hit.page, hit.text) == ("00:01:02.500", "The commission saw no fraud\nin any polling place.")


def test_a_sentence_that_runs_over_three_subtitles_is_one_sentence(read: Read) -> None:
    source = read(
        "a.srt", srt((1, 2, "He said the vote,"), (2, 3, "held in November,"), (3, 4, "was stolen. Nobody"), (4, 5, "agreed."))
    )

    sentences = [source.text[span.start : span.end] for span in sentence_spans(source.text)]

    assert sentences == ["He said the vote,\nheld in November,\nwas stolen.", "Nobody\nagreed."]


def test_tags_and_positions_are_no_words_and_everything_else_is(read: Read) -> None:
    cue = '{\\an8}<font color="#fff"><i>No</i> fraud,</font> {laughs} <inaudible> 1 <2 & 3> 2<br/>C:\\new &amp; <b>old'

    source = read("a.srt", srt((1, 2, cue)))

    assert source.text == "No fraud, {laughs} <inaudible> 1 <2 & 3> 2\nC:\\new &amp; old"


def test_a_number_at_the_end_of_a_subtitle_is_a_word_and_the_number_of_the_next_is_none(read: Read) -> None:
    numbered = "1\n00:00:01,000 --> 00:00:02,000\nHow many were killed?\n36\n\n2\n00:00:02,000 --> 00:00:03,000\nIn\n\n1988\n"
    tight = "1\n00:00:01,000 --> 00:00:02,000\nHow many?\n2\n00:00:02,000 --> 00:00:03,000\n36\n"

    assert read("a.srt", numbered).text == "How many were killed?\n36\nIn\n1988"
    assert read("a.srt", tight).text == "How many?\n36"


def test_notes_styles_regions_and_names_of_subtitles_are_no_words(read: Read) -> None:
    header = (
        "WEBVTT - A film\nKind: captions\nLanguage: my-MM\n\nSTYLE\n::cue { color: red }\n\nREGION\nid:x\n\nNOTE first\nsecret"
    )
    body = (
        vtt((1, 2, "One &amp; &lt;two&gt;"), header=header)
        + "\n\nNOTE\nlater --> secret\n\nintro\n00:02.500 --> 00:03.000 line:1\nThree.\n\nstray"
    )

    source = read("a.vtt", body)

    assert source.text == "One & <two>\nThree."
    assert source.language == "my"
    assert source.warnings == ("lines outside any subtitle left out: 1",)


@pytest.mark.parametrize(
    ("times", "label"),
    [
        ("00:00:01,5 --> 00:00:02", "00:00:01.500"),
        ("0:01.25 --> 0:02.00", "00:00:01.250"),
        ("00:75:61,000-->00:80:00,000", "01:16:01.000"),
        ("100:00:01,000 --> 100:00:02,000", "100:00:01.000"),
        ("999999999:00:00.000 --> 1:00:00.000", "999999999:00:00.000"),
        ("-00:00:05,000 --> 00:00:01,000", "00:00:00.000"),
    ],
    ids=["half a second", "no hours", "over sixty", "a hundred hours", "a hundred thousand years", "before the beginning"],
)
def test_times_of_every_form_are_hours_minutes_seconds_and_thousandths(read: Read, times: str, label: str) -> None:
    source = read("a.srt", f"1\n{times}\nWords.\n")

    assert timed(source) == [(label, "Words.")]
    assert bool(source.warnings) == times.startswith("-")


# --- who speaks ----------------------------------------------------------------------------------------------------


def test_the_speaker_a_webvtt_file_names_stands_before_each_utterance(read: Read) -> None:
    source = read(
        "a.vtt",
        vtt(
            (1, 2, "<v.loud Ana Li>The vote"),
            (2, 3, "<v Ana Li>was fair.</v> <v Bo>It was not."),
            (6, 7, "<v Bo>BO: Not at all."),
        ),
    )

    assert source.text == "Ana Li: The vote\nwas fair.\n\nBo: It was not.\n\nBO: Not at all."
    assert timed(source)[1] == ("00:00:02.000", "was fair.\n\nBo: It was not.")
    assert source.warnings == ('the names the file gives its speakers are set before their words as "Name: "',)


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("- Was it fair?", "- It was."), "- Was it fair?\n\n- It was."),
        (("- Was it fair?\n- It was."), "- Was it fair?\n\n- It was."),
        (("Was it", "REPORTER: Sir!"), "Was it\n\nREPORTER: Sir!"),
        (("We ask.", "Min Aung: No."), "We ask.\n\nMin Aung: No."),
        (("我们问。", "记者：是的。"), "我们问。\n\n记者：是的。"),
        ((">> We ask.", ">> He says"), ">> We ask.\n\n>> He says"),
        (("the general", "— who won — said"), "the general\n— who won — said"),
        (("It was", "-5 degrees in", "Bago: cold."), "It was\n-5 degrees in\nBago: cold."),
    ],
    ids=["dash", "two in one", "capitals", "name", "fullwidth colon", "chevrons", "dash in a sentence", "minus and a place"],
)
def test_a_new_speaker_begins_a_new_paragraph(read: Read, words: str | tuple[str, ...], text: str) -> None:
    said = (words,) if isinstance(words, str) else words

    assert read("a.srt", srt(*((at, at + 1, line) for at, line in enumerate(said)))).text == text


def test_two_seconds_of_silence_begin_a_new_paragraph_and_less_does_not(read: Read) -> None:
    source = read("a.srt", srt((1, 2, "One"), (3.9, 4, "two"), (6, 7, "three")))

    assert source.text == "One\ntwo\n\nthree"


def test_subtitles_out_of_order_stay_as_the_file_has_them(read: Read) -> None:
    source = read("a.srt", srt((10, 11, "Later."), (1, 2, "Earlier.")))

    assert timed(source) == [("00:00:10.000", "Later."), ("00:00:01.000", "Earlier.")]
    assert source.warnings == ("subtitles out of order: 1; the file's order is kept",)


# --- captions that roll --------------------------------------------------------------------------------------------


def test_captions_that_roll_are_kept_once(read: Read) -> None:
    source = read(
        "a.vtt",
        vtt(
            (0, 2, " \nhello<00:00:00.500><c> everyone</c>"),
            (2, 2.01, "hello everyone\n "),
            (2.01, 4, "hello everyone\nwelcome<00:00:03.000><c> to</c>"),
            (4, 4.01, "welcome to\n "),
            (4.01, 6, "welcome to\nthe vote"),
        ),
    )

    assert source.text == "hello everyone\nwelcome to\nthe vote"
    assert [label for label, _ in timed(source)] == ["00:00:00.000", "00:00:02.010", "00:00:04.010"]
    assert source.warnings == ("lines that roll on from the subtitle before are kept once: 4",)


def test_what_somebody_says_twice_is_kept_twice(read: Read) -> None:
    film = [(at, at + 1, f"Line {at}.") for at in range(8)]

    assert read("a.srt", srt(*film, (8, 9, "No."), (9, 10, "No."))).text.endswith("No.\nNo.")
    assert read("a.srt", srt((1, 2, "No."), (3, 4, "No."))).text == "No.\nNo."


# --- every script, the same again ----------------------------------------------------------------------------------

SCRIPTS = {
    "Burmese": ("အာဏာသိမ်းမှုသည်", "မမှန်ကန်ပါ။"),
    "Khmer": ("ការបោះឆ្នោត\u200bមិន", "ត្រឹមត្រូវ។"),
    "Chinese": ("军方说“选举", "有舞弊”。"),
    "French": ("« Où est-il\u00a0? »,", "dit-il, ému."),
}  # fmt: skip


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("name", ["a.srt", "a.vtt"])
def test_words_of_every_script_are_kept_and_reading_again_gives_an_equal_source(read: Read, name: str, script: str) -> None:
    first, second = SCRIPTS[script]
    data = (srt if name == "a.srt" else vtt)((1, 2, f"<i>{first}</i>"), (2, 3, second))

    source = read(name, data)

    assert timed(source) == [("00:00:01.000", first), ("00:00:02.000", second)]
    assert all(source.text[each.start : each.end] == each.text for each in split_passages(source, sentences=3, words=90))
    assert source == read(name, data)
    assert source.warnings == ()


def test_an_old_encoding_is_guessed_and_named(read: Read) -> None:
    source = read("a.srt", srt((1, 2, "Où est-il allé ? Le président élu, déjà.")).encode("cp1252"))

    assert source.text == "Où est-il allé ? Le président élu, déjà."
    assert "cp1252" in source.warnings[0]


# --- files that are refused ----------------------------------------------------------------------------------------

HOSTILE: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "plain text": ("a.srt", lambda: b"Just words.\n\nAnd more.", "malformed_subtitles"),
    "header only": ("a.vtt", lambda: b"WEBVTT\n\nNOTE nothing\n", "malformed_subtitles"),
    "unreadable times": ("a.srt", lambda: b"1\n0x:1 --> y\nWords\n\n2\n1:2:3:4 --> 5\nWords\n", "malformed_subtitles"),
    "a time of 5,000 digits": ("a.srt", lambda: b"9" * 5000 + b":00:00,000 --> 00:00:01,000\nWords", "malformed_subtitles"),
    "no words": ("a.srt", lambda: srt((1, 2, " <i></i> "), (2, 3, "{\\an8}")).encode(), "no_text"),
    "binary": ("a.srt", lambda: bytes(range(1, 32)) * 20, "type_mismatch"),
    "zip": ("a.vtt", lambda: b"PK\x03\x04" + b"\x00" * 90, "type_mismatch"),
    "200,001 subtitles": ("a.srt", lambda: b"0:01 --> 0:02\nx\n" * 200_001, "too_complex"),
    "white space": ("a.vtt", lambda: b" \n\n", "empty_file"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "make", "code"), HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_no_subtitle_file_is_a_clear_failure(read: Read, name: str, make: Callable[[], bytes], code: str) -> None:
    with pytest.raises(FileFailure) as caught:
        read(name, make())

    assert caught.value.code == code
    assert name in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(
    "filler",
    [
        "\n" * 1_000_000,
        "<" * 500_000,
        "<c." + "/" * 1_000_000,
        "{\\" * 500_000,
        "<i>" * 100_000,
        "<v " + " " * 1_000_000,
        "-->" * 150_000,
    ],
    ids=["line ends", "angle brackets", "classes", "braces", "nested tags", "a voice of blanks", "arrows"],
)
@pytest.mark.parametrize("name", ["a.srt", "a.vtt"])
def test_a_megabyte_made_to_be_slow_is_read(read: Read, name: str, filler: str) -> None:
    whole = "WEBVTT\n\n" * (name == "a.vtt") + f"00:00:01.000 --> 00:00:02.000\nWords{filler}"

    assert read(name, whole).text.startswith("Words")


def test_scripts_in_subtitles_are_text_and_a_torn_file_is_read_as_far_as_it_goes(read: Read) -> None:
    whole = srt((1, 2, "<script>alert(1)</script> Words."), (2, 3, "More words."))

    assert read("a.srt", whole[:-8]).text == "alert(1) Words.\nMore"


def test_twenty_thousand_subtitles_are_read(read: Read) -> None:
    source = read("a.srt", srt(*((at, at + 0.9, f"Words of subtitle {at}.") for at in range(20_000))))

    assert timed(source)[-1] == ("05:33:19.000", "Words of subtitle 19999.")


# --- laws ----------------------------------------------------------------------------------------------------------

PIECES = [
    "1\n",
    "00:00:01,000 --> 00:00:02,000",
    "-1:00.5 --> 99999:00:00",
    "\n",
    "\n\n",
    "<v Ana>",
    "</v>",
    "<i>",
    "- No.",
    "WEBVTT",
    "NOTE x",
]
PIECES += ["36", "&amp;", "&#13;", "{\\an8}", "ខ្ញុំទៅ។", "“我来了。”", " ", "A: b", "-->", "\r", "\x00", "\ufeff"]


@settings(max_examples=300)
@given(
    st.sampled_from(["a.srt", "a.vtt"]),
    st.one_of(st.text(), st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=3))).map("".join)),
)
def test_any_text_gives_places_inside_the_text_in_order_or_a_failure(name: str, text: str) -> None:
    try:
        reading = reader.read(text.encode(errors="replace"), name)
    except FileFailure:
        return

    edges = [edge for place in reading.places for edge in (place.start, place.end)]
    assert edges == sorted(edges)
    assert 0 == edges[0] < edges[-1] == len(reading.text)
    assert all(re.fullmatch(r"\d{2,}:\d\d:\d\d\.\d{3}", place.label) for place in reading.places)
    assert not {"\r", "\x00"} & set(reading.text)


WORDS = st.lists(st.text("abcdé ’.,", min_size=1, max_size=9).map(str.strip).filter(bool), min_size=1, max_size=3)


@given(st.lists(WORDS, min_size=1, max_size=6))
def test_ordinary_files_are_read_as_pysubs2_reads_them(said: list[list[str]]) -> None:
    track = pysubs2.SSAFile()
    for number, lines in enumerate(said):
        event = pysubs2.SSAEvent(start=number * 5000, end=number * 5000 + 1000)
        event.plaintext = "\n".join(lines)
        track.append(event)

    for suffix in ("srt", "vtt"):
        reading = reader.read(track.to_string(suffix).encode(), f"a.{suffix}")

        assert [reading.text[place.start : place.end].split("\n") for place in reading.places] == said
        assert [place.label for place in reading.places] == [f"00:00:{number * 5:02}.000" for number in range(len(said))]
