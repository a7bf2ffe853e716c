"""What holds of every reader in every script: no word is lost, every offset is true, and the same bytes are the same Source."""

from __future__ import annotations

import email.policy
import html
import unicodedata
from collections.abc import Callable, Sequence
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import documents
from tests.conftest import SOURCE_ID, Read
from tests.promises import hold_promises
from workbench.models import Described, Description, Segment, Source
from workbench.reading.description import title_for, written
from workbench.reading.formats import FORMATS
from workbench.reading.worker import source_of

SENTENCES = {
    "English": ["Gen. Min Aung Hlaing said “there was fraud.”", "The U.N. disagreed on Nov. 3, 2021.", "An e\u0301lan, a ﬁne."],
    "French": ["M. Macron a dit : « Oui. Non. »", "C’était le 3 nov. 2021.", "Où est-il allé\u00a0?"],
    "Spanish": ["El Sr. Pérez dijo «Hola.»", "¿Vino de EE. UU.?", "¡Sí!"],
    "Chinese": ["他说：“我来了。”", "缅甸军方发动政变，推翻了民选政府。", "好！"],
    "Burmese": ["ရွေးကောက်ပွဲကို ပယ်ဖျက်ခဲ့သည်။", "“သူလာသည်။”", "၂၀၂၁ ခုနှစ်။"],
    "Khmer": ["គណបក្សប្រឆាំង\u200bត្រូវបានរំលាយ។", "“ខ្ញុំទៅ។”", "គាត់មក៕"],
    "Arabic": ["قال إن الانتخابات كانت مزورة.", "«لم يحدث ذلك»، قالت.", "ماذا حدث؟"],
    "Russian": ["Выборы прошли честно.", "Он сказал: «Нет»."],
    "emoji": ["So 👩\u200d👩\u200d👧 came 😀.", "A \u202eturned\u202c word."],
}
PARAGRAPHS = st.sampled_from(list(SENTENCES)).flatmap(
    lambda script: st.lists(
        st.lists(st.sampled_from(SENTENCES[script]), min_size=1, max_size=4).map(" ".join), min_size=1, max_size=6
    )
)


def _page(paragraphs: Sequence[str]) -> str:
    return "<html><body><article>" + "".join(f"<p>{html.escape(each)}</p>" for each in paragraphs) + "</article></body></html>"


def _word(paragraphs: Sequence[str]) -> bytes:
    runs = [f'<w:p><w:r><w:t xml:space="preserve">{html.escape(each)}</w:t></w:r></w:p>' for each in paragraphs]
    return documents.small_docx(f"<w:tbl><w:tr><w:tc>{runs[0]}</w:tc><w:tc>{runs[-1]}</w:tc></w:tr></w:tbl>" + "".join(runs))


def _message(paragraphs: Sequence[str]) -> bytes:
    made = EmailMessage()
    made["From"], made["Subject"] = "a@b.example", paragraphs[0]
    made.set_content("\n\n".join(paragraphs), cte="base64")
    return made.as_bytes(policy=email.policy.SMTP)


def _saved(paragraphs: Sequence[str]) -> bytes:
    head = b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n"
    return head + _page(paragraphs).encode() + b"\r\n--b--\r\n"


def _spoken(paragraphs: Sequence[str], mark: str) -> str:
    times = (f"00:00:{at:02}{mark}000 --> 00:00:{at + 1:02}{mark}000" for at in range(len(paragraphs)))
    return "\n".join(f"{time}\n{words}\n" for time, words in zip(times, paragraphs, strict=True))


def _book(paragraphs: Sequence[str]) -> bytes:
    chapters = [documents.chapter(f"<h1>{html.escape(each)}</h1><p>{html.escape(each)}</p>") for each in paragraphs]
    return documents.epub({f"c{number}.xhtml": each for number, each in enumerate(chapters)})


def _described(paragraphs: Sequence[str]) -> str:
    of = Described(kind="photo", file="a.jpg", sha256=SOURCE_ID, who="Ana")
    return written(Description(title=title_for(of), of=of, segments=tuple(Segment(words=each) for each in paragraphs)))


WRITTEN: dict[str, Callable[[Sequence[str]], bytes]] = {
    "a.txt": lambda said: "\n\n".join(said).encode(),
    "a.md": lambda said: ("# " + "\n\n- ".join(said)).encode(),
    "a.html": lambda said: _page(said).encode(),
    "a.pdf": lambda said: documents.pdf_in_any_script(*([f"{number}", each] for number, each in enumerate(said))),
    "a.docx": _word,
    "a.eml": _message,
    "a.mhtml": _saved,
    "a.srt": lambda said: _spoken(said, ",").encode(),
    "a.vtt": lambda said: f"WEBVTT\n\n{_spoken(said, '.')}".encode(),
    "a.epub": _book,
    "a.csv": lambda said: "\n".join(["Number,Said", *(f'{n},"{each}"' for n, each in enumerate(said))]).encode(),
    "a.tsv": lambda said: "\n".join(["Number\tSaid", *(f"{n}\t{each}" for n, each in enumerate(said))]).encode(),
    "a.xlsx": lambda said: documents.xlsx(documents.sheet_rows(["Number", "Said"], *(["", each] for each in said))),
    "a.described": lambda said: _described(said).encode(),
    "a.zip": lambda said: documents.zip_of(**{f"{each}.txt": b"Words." for each in said}),
}


def spaced(text: str) -> str:
    """A text with its no-break spaces as spaces: what trafilatura makes of them."""
    return text.replace("\u00a0", " ")


def composed(text: str) -> str:
    """A text without ligatures and loose accents: PDFium takes both apart."""
    return unicodedata.normalize("NFKC", text)


KEPT: dict[str, Callable[[str], str]] = {"a.html": spaced, "a.mhtml": spaced, "a.pdf": composed}  # elsewhere: to the letter


def read_here(file: str, data: bytes) -> Source:
    """What the reading process makes of it, without the process."""
    source, _ = source_of(data, file, "." + file.rpartition(".")[2], SOURCE_ID)
    assert source is not None
    return source


def test_every_reader_is_asked() -> None:
    asked = {FORMATS["." + file.rpartition(".")[2]].module for file in WRITTEN}

    assert asked | {"image"} == {found.module for found in FORMATS.values()}, "words of pictures are OCR's: test_ocr.py"


@pytest.mark.parametrize("file", WRITTEN)
@settings(max_examples=15)
@given(said=PARAGRAPHS)
def test_words_and_offsets_hold_in_every_script_and_the_same_bytes_are_the_same_source(file: str, said: list[str]) -> None:
    data = WRITTEN[file](said)

    source = read_here(file, data)

    hold_promises(source)
    kept = KEPT.get(file, str)
    assert [each for each in said if kept(each) not in kept(source.text)] == []
    assert read_here(file, data) == source


@pytest.mark.process
@pytest.mark.parametrize("file", WRITTEN)
def test_the_reading_process_gives_the_source_that_the_laws_are_held_for(read: Read, file: str) -> None:
    data = WRITTEN[file]([" ".join(sentences) for sentences in SENTENCES.values()])

    source = read(file, data)

    assert source == read_here(file, data)
