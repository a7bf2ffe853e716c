"""Sentences and passages: offsets that hold, nothing lost, sensible units, linear time."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.models import Passage, Place, Source, sha256_hex
from workbench.passages import WINDOW, sentence_spans, split_passages

WORDS = {
    "en": ["Gen. Min Aung Hlaing", "said", "“there was fraud.”", "U.N.", "vol. 2", "Nov. 3, 2021.", "No!", "e\u0301lan", "ﬁne"],
    "fr": ["M. Macron", "a dit :", "« Oui. Non. »", "nov. 2021.", "p. ex.", "Pourquoi ?", "l’été."],
    "es": ["El Sr. Pérez", "¿Vino?", "¡Sí!", "EE. UU.", "dijo «Hola.»"],
    "zh": ["他说：“我来了。”", "然后走了。", "好！", "缅甸军方"],
    "my": ["ရွေးကောက်ပွဲ", "ကျွန်တော်သွားသည်။", "သူလာသည်။”"],
    "km": ["ខ្ញុំទៅ។", "គាត់មក៕", "បាទ", "។ល។", "“ចាំ។”"],
    "any": ["😀👩\u200d👩\u200d👧", "\u202eabc", "\x1c", "\u2028", "a" * 50, "(", "“", "\"'", "..."],
}
GAPS = [" ", "\n", "\n\n", "\t", "\u00a0", " \n \n ", "", "\x0c", "\u3000"]
EVERY_WORD = [word for words in WORDS.values() for word in words]
MIXED = st.lists(st.tuples(st.sampled_from(EVERY_WORD), st.sampled_from(GAPS)), max_size=40).map(
    lambda parts: "".join(word + gap for word, gap in parts)
)
TEXTS = st.one_of(MIXED, st.text(max_size=200).map(lambda text: text.replace("\x00", "")))


def source(text: str, *pages: tuple[int, int], language: str | None = None) -> Source:
    places = tuple(Place(start=start, end=end, kind="page", label=str(n)) for n, (start, end) in enumerate(pages, start=1))
    return Source(
        source_id="ab" * 32,
        text=text,
        text_sha256=sha256_hex(text),
        media_type="text/plain",
        places=places,
        reader="text",
        reader_version="1",
        language=language,
    )


def sentences(text: str, language: str = "en") -> list[str]:
    return [text[span.start : span.end] for span in sentence_spans(text, language=language)]


def passages(text: str, *, most_sentences: int = 3, most_words: int = 90) -> list[str]:
    return [passage.text for passage in split_passages(source(text), sentences=most_sentences, words=most_words)]


def uncovered(text: str, spans: list[tuple[int, int]]) -> str:
    at, left = 0, []
    for start, end in spans:
        assert start >= at, "spans overlap or are out of order"
        left.append(text[at:start])
        at = end
    return "".join([*left, text[at:]]).strip()


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "He met Gen. Min Aung Hlaing. The U.N. met.", ["He met Gen. Min Aung Hlaing.", "The U.N. met."]),
        ("en", "See vol. 2. It ended in Nov. 2021.", ["See vol. 2.", "It ended in Nov. 2021."]),
        ("fr", "Le 3 nov. 2021, M. Macron a parlé. Il part.", ["Le 3 nov. 2021, M. Macron a parlé.", "Il part."]),
        ("en", "He said “Go now. It is late.” Then he left.", ["He said “Go now. It is late.”", "Then he left."]),
        ("fr", "Il dit « M. Macron est là. Il part. » Fin.", ["Il dit « M. Macron est là. Il part. »", "Fin."]),
        ("es", "El Sr. Pérez llegó. ¿Vino? ¡Sí!", ["El Sr. Pérez llegó.", "¿Vino?", "¡Sí!"]),
        ("zh", "他说：“我来了。”然后走了。", ["他说：“我来了。”", "然后走了。"]),
        ("my", "ကျွန်တော်သွားသည်။ သူလာသည်။", ["ကျွန်တော်သွားသည်။", "သူလာသည်။"]),
        ("km", "ខ្ញុំទៅ។ គាត់មក៕ បាទ។", ["ខ្ញុំទៅ។", "គាត់មក៕", "បាទ។"]),
        ("en", "ខ្ញុំទៅ។” គាត់មក។", ["ខ្ញុំទៅ។”", "គាត់មក។"]),
        ("en", "  One. \n\n \n Two  ", ["One.", "Two"]),
        ("en", " \n\t ", []),
    ],
)
def test_sentences_end_where_a_reader_of_that_language_ends_them(language: str, text: str, expected: list[str]) -> None:
    assert sentences(text, language) == expected


def test_a_line_that_ends_a_sentence_ends_it_even_inside_an_unclosed_quotation() -> None:
    text = "He said: “First of all, we must wait here.\n“Then we go on,” he said. They did.\nAll of them did."

    assert sentences(text)[0] == "He said: “First of all, we must wait here."


def test_hard_wrapped_text_is_not_split_at_the_wraps() -> None:
    text = "The general met with Gen.\nAung on Monday and the two\nof them agreed. They left on\nTuesday."

    assert sentences(text) == [
        "The general met with Gen.\nAung on Monday and the two\nof them agreed.",
        "They left on\nTuesday.",
    ]


def test_lines_too_long_for_any_wrapping_are_paragraphs_whatever_they_end_with() -> None:
    long_line = "word " * 60 + "abstaining,"

    assert sentences(f"{long_line}\nThe resolution passed.") == [long_line, "The resolution passed."]


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.sampled_from(["en", "fr", "km", "zh", "xx"]))
def test_sentence_spans_lose_nothing_and_keep_their_order(text: str, language: str) -> None:
    spans = [(span.start, span.end) for span in sentence_spans(text, language=language)]

    assert uncovered(text, spans) == ""
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in spans)


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.integers(1, 5), st.integers(3, 40), st.floats(0, 1))
def test_passages_hold_promise_two_for_every_script(text: str, most: int, words: int, where: float) -> None:
    cut = int(len(text) * where)
    read = source(text, (0, cut), (cut, len(text)))

    found = split_passages(read, sentences=most, words=words)

    assert all(read.text[each.start : each.end] == each.text == each.text.strip() != "" for each in found)
    assert uncovered(text, [(each.start, each.end) for each in found]) == ""
    assert [each.ordinal for each in found] == list(range(len(found)))
    assert all(len(each.text.split()) <= words for each in found)
    assert all(each.end <= cut if each.page == "1" else each.start >= cut for each in found)


def test_a_passage_knows_its_id_hash_and_page() -> None:
    read = source("Page one.\n\nPage two.", (0, 9), (11, 20), language="en")

    assert split_passages(read, sentences=3, words=90)[1] == Passage(
        passage_id="abababababababab-11-20",
        source_id="ab" * 32,
        ordinal=1,
        start=11,
        end=20,
        text="Page two.",
        text_hash=sha256_hex("Page two."),
        page="2",
        language="en",
    )


def test_a_headline_goes_with_the_paragraph_below_it() -> None:
    text = "Many people in the town saw the soldiers come.\n\nSouring climate\n\nNobody dared to speak of it later."

    assert passages(text) == [
        "Many people in the town saw the soldiers come.",
        "Souring climate\n\nNobody dared to speak of it later.",
    ]


def test_a_passage_ends_with_its_paragraph_once_it_has_two_sentences() -> None:
    assert passages("One came. Two went.\n\nThree stayed.") == ["One came. Two went.", "Three stayed."]


def test_short_paragraphs_are_put_together_only_whole() -> None:
    assert passages("One came.\n\nTwo went.\n\nA. B came. C went. D stayed.")[0] == "One came.\n\nTwo went."
    assert passages("One came.\n\nIt rained. It snowed. It froze.")[0] == "One came."


def test_no_passage_has_more_sentences_than_asked_for() -> None:
    assert passages("It rained. It snowed. It froze. It thawed.", most_sentences=2) == [
        "It rained. It snowed.",
        "It froze. It thawed.",
    ]


def test_a_very_long_sentence_is_cut_after_a_comma_where_there_is_one() -> None:
    text = "one two three four five six, seven eight nine ten eleven twelve"

    assert passages(text, most_words=8) == ["one two three four five six,", "seven eight nine ten eleven twelve"]


HOSTILE = {
    "one token": "a" * 300_000,
    "one line": "word " * 60_000,
    "one-word lines": "word\n" * 60_000,
    "one-word paragraphs": "w\n\n" * 20_000,
    "quotation marks": "“" * 100_000,
    "brackets": "(" * 300_000,
    "dots": "." * 100_000,
    "Chinese": "中" * 60_000,
    "piled-up marks": "a" + "\u0301" * 60_000,
    "blanks": "x\n" + " " * 300_000 + "y",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_texts_are_cut_into_bounded_pieces(text: str) -> None:
    found = split_passages(source(text), sentences=3, words=90)

    assert max(len(each.text.split()) for each in found) <= 90
    assert max(span.end - span.start for span in sentence_spans(text)) <= WINDOW
    assert uncovered(text, [(each.start, each.end) for each in found]) == ""


def test_the_sentence_that_disputes_the_fraud_claims_is_a_passage_of_its_own(shared: Path) -> None:
    text = next(path.read_text("utf-8") for path in (shared / "seeds").glob("003_*.txt"))

    (found,) = [each for each in passages(text) if "unsubstantiated and disputed" in each]

    assert found.startswith("Aung Hlaing’s characterization")
    assert found.endswith("disputed.")
