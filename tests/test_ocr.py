"""Scans and pictures: what OCR read is found, marked as OCR wherever it is shown, and never read twice or over a text layer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import documents, scans
from tests.conftest import ANA, FakeEncoder, make_claim
from tests.scans import FOUND, LINES, Tesseract, picture, saved
from workbench.desk import Desk
from workbench.doctor import doctor
from workbench.errors import FileFailure
from workbench.metadata import Edit
from workbench.models import Cite, Source, Span, VerdictRequest, ocr_words, sha256_hex
from workbench.reading import ReadingRoom
from workbench.reading.ocr import Ocr, Picture, data_name, page_as_read
from workbench.reading.scans import OcrPage, OcrResult, ocr_warnings, page_of, with_ocr
from workbench.report import citation_line
from workbench.settings import EvidenceSettings

ID = "cd" * 32
GREY = b"P5 1 1 255\n\x00"


@pytest.fixture
def tesseract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tesseract:
    """A tesseract that says FOUND on every page, with the data of English and Burmese."""
    made = Tesseract(tmp_path / "bin", monkeypatch)
    made.install("eng", "mya")
    made.say(FOUND, 87.4)
    return made


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "pages"


def read(ocr: Ocr, pages: int = 1, *, language: str | None = None, picture: Picture = lambda page, blur: GREY) -> OcrResult:
    return ocr.read(ID, range(1, pages + 1), shown="a.pdf", language=language, picture=picture)


# --- a page --------------------------------------------------------------------------------------------------------


def test_a_page_is_as_sure_as_its_words_each_weighed_by_its_letters() -> None:
    rows = scans.tsv("sure\nno", 90).replace("90\tno", "0\tno")

    page = page_of("sure\nno", rows)

    assert (page.text, page.confidence) == ("sure\nno", 60)
    assert [page.text[word.start : word.end] for word in page.words] == ["sure", "no"]
    assert page.words[1][2:] == (0.0, 0.1, 0.09, 0.08)


@pytest.mark.parametrize(("text", "confidence"), [("| ~ .", 90), ("wy Te a", 12), ("", 0)], ids=["marks", "grain", "nothing"])
def test_the_grain_of_a_picture_is_no_text(text: str, confidence: float) -> None:
    assert page_of(text, scans.tsv(text, confidence)) == OcrPage()


def test_a_page_with_a_text_layer_is_never_read_over() -> None:
    ocr = OcrResult(
        engine="t", pages={1: OcrPage(text="Something else.", confidence=99), 2: OcrPage(text="Two.", confidence=80)}
    )

    text, places = with_ocr(["One.", " \n"], ocr)

    assert text == "One.\n\nTwo."
    assert [(text[one.start : one.end], one.label, one.ocr_confidence) for one in places] == [
        ("One.", "1", None),
        ("Two.", "2", 80),
    ]


def test_a_reader_is_told_what_ocr_read_how_surely_and_what_it_could_not_read() -> None:
    pages = {1: OcrPage(text="a", confidence=91), 2: OcrPage(text="b", confidence=41), 3: OcrPage()}

    told = ocr_warnings(OcrResult(engine="tesseract 9, eng", pages=pages, unread={4: "longer than 30 s"}))

    assert told == [
        "OCR is unsure of pages 2 (under 60%): do not quote them unseen",
        "read by OCR (tesseract 9, eng), mean confidence 66%: pages 1 (91%), 2 (41%); compare with the picture",
        "pages without text, in which OCR found none either: 3",
        "pages without text that OCR could not read (longer than 30 s): 4",
    ]
    assert (ocr_words(91), ocr_words(41), ocr_words(None)) == ("read by OCR, 91%", "read by OCR, 41%, unsure", None)


# --- the program ---------------------------------------------------------------------------------------------------


def test_a_page_that_was_read_is_not_read_again(tesseract: Tesseract, kept: Path) -> None:
    first = read(Ocr(EvidenceSettings(), kept), 3)
    again = read(Ocr(EvidenceSettings(), kept), 3)

    assert again == first
    assert tesseract.pages_read == ["eng"] * 3
    found = page_as_read(kept, ID, 2, FOUND)
    assert found is not None
    assert len(found.words) == len(FOUND.split())


def test_another_language_or_version_or_a_damaged_page_is_read_anew(tesseract: Tesseract, kept: Path) -> None:
    read(Ocr(EvidenceSettings(), kept))
    read(Ocr(EvidenceSettings(ocr_languages=("my", "en")), kept))
    tesseract.install("eng", "mya", version="9.9.1")
    tesseract.say(FOUND, 90)
    read(Ocr(EvidenceSettings(), kept))
    for file in kept.rglob("*.json"):
        file.write_bytes(b"{torn")
    assert read(Ocr(EvidenceSettings(), kept)).pages[1].confidence == 90

    assert tesseract.pages_read == ["eng", "mya+eng", "eng", "eng"]


def test_the_language_a_file_states_comes_before_that_of_the_settings(tesseract: Tesseract) -> None:
    assert read(Ocr(EvidenceSettings()), language="my").engine == "tesseract 9.9.0, mya"
    assert read(Ocr(EvidenceSettings()), language="tlh").engine == "tesseract 9.9.0, eng"  # Klingon has no data anywhere
    assert [data_name(one) for one in ("en-GB", "zh", "chi_tra")] == ["eng", "chi_sim", "chi_tra"]


def test_a_language_without_data_is_a_failure_that_names_its_package(tesseract: Tesseract) -> None:
    with pytest.raises(FileFailure) as caught:
        read(Ocr(EvidenceSettings(ocr_languages=("eng", "chi_tra"))))

    assert caught.value.code == "ocr_language_missing"
    assert "apt-get install tesseract-ocr-chi-tra;" in caught.value.hint
    assert "here are: eng, mya" in caught.value.hint


def test_without_tesseract_the_failure_says_what_to_install(tesseract: Tesseract) -> None:
    tesseract.remove()

    with pytest.raises(FileFailure) as caught:
        read(Ocr(EvidenceSettings(ocr_languages=("my",))), 3)

    assert caught.value.code == "no_text_layer"
    assert "3 pages without a text layer" in caught.value.message
    assert "apt-get install tesseract-ocr tesseract-ocr-mya;" in caught.value.hint


@pytest.mark.parametrize(
    ("manner", "why"),
    [
        ("exec sleep 60", "longer than 0.3 s"),
        ("echo 'out of memory' >&2; exit 3", "tesseract ended with 3: out of memory"),
        ("echo 5 > said.tsv; echo 5 >> said.tsv; rm said.txt", "tesseract gave no answer that can be read"),
    ],
    ids=["hangs", "fails", "says nothing"],
)
def test_pages_that_fail_are_named_and_after_three_in_a_row_the_rest_is_not_tried(
    tesseract: Tesseract, kept: Path, manner: str, why: str
) -> None:
    tesseract.say(FOUND, 90, manner=manner)

    found = read(Ocr(EvidenceSettings(ocr_seconds_per_page=0.3 if "sleep" in manner else 30.0), kept), 5)

    assert found.pages == {}
    assert list(found.unread.values()) == [why] * 3 + ["not tried after 3 failures in a row"] * 2
    assert not kept.exists(), "what was not read is not kept as if it had been"


def test_an_unsure_page_is_looked_at_once_more_blurred_and_the_surer_reading_stands(tesseract: Tesseract, kept: Path) -> None:
    blurs: list[float] = []

    def picture(page: int, blur: float) -> bytes:
        tesseract.say("clear" if blurs else "grainy", 90 if blurs else 50)
        blurs.append(blur)
        return GREY

    found = read(Ocr(EvidenceSettings(), kept), picture=picture)

    assert (found.pages[1].text, found.pages[1].confidence) == ("clear", 90)
    assert blurs == [0.0, 1.2]


def test_a_page_with_nothing_on_it_is_not_given_to_tesseract(tesseract: Tesseract) -> None:
    assert read(Ocr(EvidenceSettings()), picture=lambda page, blur: b"").pages == {1: OcrPage()}
    assert tesseract.pages_read == []


# --- files, through the reading process -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def room() -> Iterator[ReadingRoom]:
    with ReadingRoom(EvidenceSettings()) as opened:
        yield opened


def taken(room: ReadingRoom, tmp_path: Path, name: str, data: bytes) -> Source:
    path = tmp_path / "original"
    path.write_bytes(data)
    room.ocr = Ocr(EvidenceSettings())  # what is installed is found anew
    return room.read(path, name=name, source_id=ID)


@pytest.mark.process
def test_only_the_pages_of_a_pdf_that_have_no_text_are_read_by_ocr(
    room: ReadingRoom, tmp_path: Path, tesseract: Tesseract
) -> None:
    source = taken(room, tmp_path, "a.pdf", documents.pdf(["Page one."], []))

    assert source.text == f"Page one.\n\n{FOUND}"
    assert [one.ocr_confidence for one in source.places] == [None, 87]
    assert source.reader_version.endswith("+ 1, tesseract 9.9.0, eng")
    assert tesseract.pages_read == ["eng"]
    assert taken(room, tmp_path, "a.pdf", documents.pdf(["Page one."], [])) == source


@pytest.mark.process
def test_without_tesseract_the_pages_that_have_text_are_read_and_the_others_named(
    room: ReadingRoom, tmp_path: Path, tesseract: Tesseract
) -> None:
    tesseract.remove()

    source = taken(room, tmp_path, "a.pdf", documents.pdf(["Page one."], []))

    assert source.text == "Page one.\n\n"
    assert source.warnings[0] == "pages without text (empty, or scans that need OCR): 2"
    assert "apt-get install tesseract-ocr" in source.warnings[1]


@pytest.mark.process
def test_every_page_of_a_tiff_is_a_page_and_a_moving_picture_is_its_first(
    room: ReadingRoom, tmp_path: Path, tesseract: Tesseract
) -> None:
    pages = [picture("One"), picture("Two"), picture("Three")]

    tiff = taken(room, tmp_path, "a.tiff", saved(pages[0], "TIFF", *pages[1:]))
    webp = taken(room, tmp_path, "a.webp", saved(pages[0], "WEBP", *pages[1:]))

    assert [one.label for one in tiff.places] == ["1", "2", "3"]
    assert (tiff.reader, tiff.media_type) == ("image", "image/tiff")
    assert [one.label for one in webp.places] == ["1"]
    assert webp.warnings[0] == "it moves; only its first picture was looked at"


HOSTILE: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "30,000 pixels each way": ("a.png", lambda: scans.png_of_size(30_000, 30_000), "too_large"),
    "cut short": ("a.png", lambda: saved(picture(*LINES), "PNG")[:-400], "malformed_image"),
    "only its head": ("a.jpg", lambda: saved(picture(*LINES), "JPEG")[:300], "malformed_image"),
    "a body that does not fit its head": ("a.png", lambda: scans.png_of_size(3_000, 3_000), "malformed_image"),
    "text named png": ("a.png", lambda: b"Just words.", "malformed_image"),
    "a PDF named png": ("a.png", lambda: documents.pdf(["x"]), "type_mismatch"),
    "an empty page whose list runs in a circle": ("a.tif", lambda: tiff_in_a_circle(), "no_text_layer"),
    "nothing on it": ("a.png", lambda: saved(picture(), "PNG"), "no_text_layer"),
}


def tiff_in_a_circle() -> bytes:
    """A TIFF whose only directory names itself as the next."""
    data = bytearray(saved(picture("x", size=(80, 80)), "TIFF"))
    at = int.from_bytes(data[4:8], "little")
    count = int.from_bytes(data[at : at + 2], "little")
    data[at + 2 + 12 * count : at + 6 + 12 * count] = at.to_bytes(4, "little")
    return bytes(data)


@pytest.mark.process
@pytest.mark.parametrize(("name", "make", "code"), HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_picture_is_a_clear_failure_and_the_next_file_is_read(
    room: ReadingRoom, tmp_path: Path, tesseract: Tesseract, name: str, make: Callable[[], bytes], code: str
) -> None:
    process = room.process_id

    with pytest.raises(FileFailure) as caught:
        taken(room, tmp_path, name, make())

    assert caught.value.code == code
    assert caught.value.message.startswith(f"{name}: ")
    assert caught.value.hint
    assert process in (None, room.process_id), "the reading process did not die of it"


@pytest.mark.process
def test_a_picture_in_any_colours_is_read(room: ReadingRoom, tmp_path: Path, tesseract: Tesseract) -> None:
    page = picture(*LINES)

    for mode, kind in (("1", "PNG"), ("P", "PNG"), ("LA", "PNG"), ("I;16", "PNG"), ("CMYK", "JPEG"), ("F", "TIFF")):
        source = taken(room, tmp_path, f"a.{kind.lower()}", saved(page.convert(mode), kind))
        assert source.text == FOUND, mode


# --- in a workspace -------------------------------------------------------------------------------------------------


def drop(desk: Desk, name: str, data: bytes) -> str:
    """Puts a file into evidence/; its sha256."""
    (desk.workspace.evidence / name).write_bytes(data)
    return sha256_hex(data)


@pytest.mark.process
def test_what_ocr_read_is_marked_so_in_the_hit_the_citation_the_report_and_on_the_page(
    desk: Desk, tesseract: Tesseract
) -> None:
    source_id = drop(desk, "scan.png", saved(picture(*LINES), "PNG"))
    desk.sync_evidence()
    desk.add_claim(make_claim("fraud"), actor=ANA)

    hit = desk.match("fraud").hits[0]
    request = VerdictRequest(
        claim_id="fraud",
        rating="refuted",
        rationale="As the observers say.",
        cites=(Cite(passage_id=hit.passage_id, stance="refutes"),),
        reviewer=ANA,
        token="one",
    )
    verdict = desk.record(request)
    view = desk.pages.view(desk.source(source_id)[1], Span(start=FOUND.index("Observers"), end=FOUND.index("234")))

    assert hit.ocr_confidence == verdict.citations[0].ocr_confidence == 87
    assert ". read by OCR, 87%. " in citation_line(desk.citing.plain(f"{source_id[:16]}-0-12")), "selected words are OCR's too"
    for form in ("html", "md"):
        assert "ead by OCR, 87%" in desk.export(form, ["fraud"]).decode()
    assert view is not None
    assert [(box.left, box.top, box.width) for box in view.look.boxes] == [(0.0, 0.1, 0.19)]
    assert "mean confidence 87%" in desk.library()[0].warnings[0]


@pytest.mark.process
def test_a_kill_costs_one_page_of_a_scan_at_most(home: Path, tesseract: Tesseract) -> None:
    class Killed(BaseException):
        pass

    def stop_at_the_third(what: str, done: int, total: int) -> None:
        if what == "OCR of pages" and done == 2:
            raise Killed

    with Desk.open(home, encoder=FakeEncoder) as desk:
        drop(desk, "scan.pdf", documents.pdf([], [], [], []))
        with pytest.raises(Killed):
            desk.sync_evidence(progress=stop_at_the_third)
    with Desk.open(home, encoder=FakeEncoder) as desk:
        report = desk.sync_evidence()

    assert len(report.added) == 1
    assert len(tesseract.pages_read) == 4


@pytest.mark.process
def test_a_scan_that_waited_for_tesseract_is_read_by_the_next_sync(desk: Desk, tesseract: Tesseract) -> None:
    tesseract.remove()
    drop(desk, "scan.png", saved(picture(*LINES), "PNG"))
    (waiting,) = desk.sync_evidence().failed
    assert waiting.code == "needs_description"
    assert "apt-get install tesseract-ocr tesseract-ocr-eng; " in waiting.hint
    assert "Or describe what is seen or heard: workbench evidence describe scan.png" in waiting.hint
    assert [one.code for one in desk.sync_evidence().failed] == ["needs_description"]

    tesseract.install("eng")
    tesseract.say("", 0)
    assert [one.code for one in desk.sync_evidence().failed] == ["needs_description"]
    assert [one.code for one in desk.sync_evidence().failed] == ["needs_description"]
    assert len(tesseract.pages_read) == 2, "what has no text is looked at twice, and never again"


@pytest.mark.process
def test_a_source_can_be_read_again_in_another_language(desk: Desk, tesseract: Tesseract) -> None:
    source_id = drop(desk, "scan.png", saved(picture(*LINES), "PNG"))
    desk.sync_evidence()

    tesseract.say("ရွေးကောက်ပွဲ", 92)
    desk.metadata.edit(source_id, Edit({"language": "my"}), actor=ANA)
    desk.reindex(source_id)

    entry, source = desk.source(source_id)
    assert source.text == "ရွေးကောက်ပွဲ"
    assert entry.text_sha256 == source.text_sha256
    assert "tesseract 9.9.0, mya), mean confidence 92%" in entry.warnings[0]
    assert desk.passages(source_id)[0].ocr_confidence == 92


@pytest.mark.process
def test_the_doctor_says_which_languages_scans_can_be_read_in(desk: Desk, tesseract: Tesseract) -> None:
    here = {line.name: line for line in doctor(desk)}["ocr"]
    tesseract.remove()
    gone = {line.name: line for line in doctor(desk)}["ocr"]

    assert here.value == "tesseract 9.9.0: eng, mya"
    assert (gone.value, gone.ok) == ("no tesseract", True)
    assert "apt-get install" in gone.hint


# --- the real program -----------------------------------------------------------------------------------------------


@pytest.mark.process
@scans.needs_tesseract("eng")
def test_a_real_scan_is_read_and_its_boxes_lie_on_its_words(desk: Desk) -> None:
    page = picture(*LINES)
    source_id = drop(desk, "scan.pdf", saved(page, "PDF"))

    desk.sync_evidence()

    source = desk.source(source_id)[1]
    assert source.text.split() == FOUND.split()
    assert (source.places[0].ocr_confidence or 0) > 80
    view = desk.pages.view(source, Span(start=source.text.index("234"), end=len(source.text)))
    assert view is not None
    (box,) = view.look.boxes
    assert 0.35 < box.top < box.top + box.height < 0.65, "the second line of the page"
    assert box.left > 0.3
