"""A photo, video or sound file becomes evidence by what a colleague sees or hears in it; that is never a quotation."""

from __future__ import annotations

import io
import json
import struct
import wave
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from pydantic import ValidationError

from tests.conftest import ANA, BO, FakeEncoder, make_claim
from workbench.care import verify
from workbench.cli import main
from workbench.desk import Desk
from workbench.errors import FileFailure
from workbench.models import (
    Cite,
    Described,
    Description,
    PartialDate,
    Region,
    Segment,
    TimeSpan,
    VerdictRequest,
    spot_of,
)
from workbench.origins import origins_of
from workbench.reading import ReadingRoom
from workbench.reading.description import parsed, read, with_segment, written
from workbench.reading.media import also_describe, check_medium, medium_of
from workbench.report import citation_line
from workbench.settings import EvidenceSettings

OF = Described(kind="sound", file="talk.wav", sha256="ab" * 32, who="Ana", on=PartialDate(value="2026-05-01"))
HEARD = Segment(spot=TimeSpan(start=65_000, end=80_000), manner="heard", words="We counted 119 votes.\n\nNobody objected.")
SEEN = Segment(words="A door slams.")
TALK = Description(title="The talk", of=OF, dated=PartialDate(value="2021-06"), segments=(HEARD, SEEN))
BANNER = Segment(spot=Region(left=10, top=20, width=30, height=40), words="A white banner asks for the count.")
CROWD = Segment(words="A crowd stands in the rain.")


def photo(colour: str = "teal", *, taken: str | None = None, form: str = "JPEG") -> bytes:
    """A picture of 60 by 40 points."""
    exif = Image.Exif()
    if taken:
        exif.get_ifd(0x8769)[0x9003] = taken
    data = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(data, form, exif=exif)
    return data.getvalue()


def sound(seconds: int = 1) -> bytes:
    data = io.BytesIO()
    with wave.open(data, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8_000)
        file.writeframes(bytes(16_000 * seconds))
    return data.getvalue()


@pytest.fixture
def march(desk: Desk) -> Desk:
    """A desk with a photo in evidence/ that nobody has described."""
    (desk.workspace.evidence / "march.jpg").write_bytes(photo())
    desk.sync_evidence()
    return desk


# --- the file ----------------------------------------------------------------------------------------------------------


def test_a_description_reads_well_and_says_the_same_when_it_is_read_back() -> None:
    text = written(TALK)

    assert text.startswith(f"# The talk\n\nDescribes: talk.wav\nSHA-256: {'ab' * 32}\nKind: sound\nDescribed by: Ana\n")
    assert "[00:01:05–00:01:20] words heard\nWe counted 119 votes.\n\nNobody objected.\n\n[whole recording] described\n" in text
    assert parsed(text, "a.described") == TALK


def test_the_text_is_the_colleagues_words_and_each_place_holds_its_own() -> None:
    reading = read(written(TALK).encode(), "a.described")

    assert [(reading.text[one.start : one.end], one.kind, one.label) for one in reading.places] == [
        (HEARD.words, "heard", "00:01:05–00:01:20, words heard"),
        (SEEN.words, "described", "whole recording, described"),
    ]
    assert "SHA-256" not in reading.text
    assert (reading.describes, reading.meta.title, str(reading.meta.published_on)) == (OF, "The talk", "June 2021")


def test_another_place_changes_no_other_character_but_the_dates() -> None:
    text = written(TALK).replace("A door slams.", "A door  slams.\n\n  (Twice.)\nOn: the left.")
    dated = PartialDate(value="2021-07", bound="not-before")

    after = with_segment(text, Segment(words="Then silence."), OF, on=PartialDate(value="2026-06-02"), dated=dated)

    changed = text.replace("On: 2026-05-01", "On: 2026-06-02").replace("Dated: 2021-06", "Dated: not before 2021-07")
    assert after == changed + "\n[whole recording] described\nThen silence.\n"
    assert parsed(after, "a.described").dated == dated


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("SHA-256: ab", "SHA-256: xy", "SHA-256"),
        ("Kind: sound", "Kind: song", "Kind"),
        ("Described by: Ana\n", "", "Described by"),
        ("Dated: 2021-06 (typed)", "Dated: last spring", "Dated"),
        ("[00:01:05–00:01:20]", "[00:01:75]", "[00:01:75] is no place in a recording"),
        ("[00:01:05–00:01:20]", "[left 1 %, top 1 %, width 9 %, height 9 %]", "parts are given of photos"),
        ("Kind: sound\n", "Kind: sound\nListen well\n", "line 6 stands before any place"),
        ("A door slams.", " ", "the words of a place"),
    ],
)
def test_a_description_that_is_off_says_what_to_mend(old: str, new: str, told: str) -> None:
    assert old in written(TALK)

    with pytest.raises(FileFailure) as caught:
        read(written(TALK).replace(old, new).encode(), "a.described")

    assert (caught.value.code, told in caught.value.message) == ("malformed_description", True), caught.value.message


def test_words_cannot_pass_for_another_place() -> None:
    with pytest.raises(ValidationError, match="names a place of its own"):
        Segment(words="Nothing is said.\n[00:00:01] words heard\nI confess.")


@pytest.mark.parametrize("given", ["1,2,3", "90,0,20,10", "0,0,0,5", "a,b,c,d", "-1,0,5,5"])
def test_a_part_that_does_not_lie_on_the_photo_is_none(given: str) -> None:
    with pytest.raises(ValidationError):
        Region.model_validate(given)


@pytest.mark.parametrize("given", ["1:75", "0:20-0:05", "00:75:00", "5", "1:2:3:4"])
def test_a_time_that_cannot_be_is_none(given: str) -> None:
    with pytest.raises(ValidationError):
        TimeSpan.model_validate(given)


@pytest.mark.parametrize("segment", [HEARD, BANNER, Segment(spot=TimeSpan(start=500), words="x"), CROWD])
def test_a_label_leads_back_to_its_place(segment: Segment) -> None:
    assert spot_of(segment.label("video")) == segment.spot


# --- telling files apart -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a.jpg", b'<svg xmlns="http://www.w3.org/2000/svg"/>', "drawing in XML"),
        ("a.jpg", b"\x89PNG\r\n\x1a\n0000", "PNG picture"),
        ("a.png", b"\x89P", "damaged"),
        ("a.mp4", b"%PDF-1.7", "PDF"),
        ("a.heic", b"\x00\x00\x00\x18ftypisom", "MPEG-4 file"),
        ("a.wav", b"RIFF0000AVI LIST", "AVI video"),
        ("a.mp3", b"OggS0000", "Ogg sound file"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_told(tmp_path: Path, name: str, data: bytes, told: str) -> None:
    (tmp_path / name).write_bytes(data)
    medium = medium_of(name)
    assert medium

    with pytest.raises(FileFailure) as caught:
        check_medium(tmp_path / name, name, medium)

    assert (caught.value.code, told in caught.value.message) == ("type_mismatch", True), caught.value.message


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("a.mov", b"\x00\x00\x00\x08wide"),
        ("a.m4a", b"\x00\x00\x00\x18ftypM4A "),
        ("a.mkv", b"\x1a\x45\xdf\xa3"),
        ("a.mp3", b"\xff\xfb\x90\x00"),
        ("a.opus", b"OggS"),
        ("a.flac", b"fLaC"),
        ("a.gif", b"GIF89a"),
        ("a.heic", b"\x00\x00\x00\x18ftypheic"),
    ],
)
def test_a_file_that_is_what_its_name_says_waits_for_a_description(tmp_path: Path, name: str, head: bytes) -> None:
    (tmp_path / name).write_bytes(head)

    with ReadingRoom(EvidenceSettings()) as room, pytest.raises(FileFailure) as caught:
        room.read(tmp_path / name, name=name, source_id="ab" * 32)

    assert caught.value.code == "needs_description"
    assert room.process_id is None, "no reading process is needed for that"


def test_a_picture_without_words_may_be_described_as_well() -> None:
    failure = FileFailure("x.png: no text.", hint="Install tesseract.", code="no_text_layer")

    told = also_describe(failure, "x.png")

    assert (told.code, "Install tesseract. Or describe what is seen" in told.hint) == ("needs_description", True)
    assert also_describe(failure, "x.pdf") is failure


# --- the photo -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def room() -> Iterator[ReadingRoom]:
    with ReadingRoom(EvidenceSettings()) as opened:
        yield opened


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF", "GIF"])
def test_a_photo_is_shown_as_a_jpeg(room: ReadingRoom, tmp_path: Path, form: str) -> None:
    (tmp_path / "a").write_bytes(photo(form=form))

    look, picture = room.look_at_photo(tmp_path / "a", name="a")

    assert Image.open(io.BytesIO(picture)).format == "JPEG"
    assert (look.width, look.height, look.taken) == (60, 40, None)


def test_a_turned_photo_is_shown_upright(room: ReadingRoom, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (60, 40)).save(tmp_path / "a.jpg", exif=exif)

    look, _ = room.look_at_photo(tmp_path / "a.jpg", name="a.jpg")

    assert (look.width, look.height) == (40, 60)


def huge_png() -> bytes:
    """A PNG that says it has 60,000 by 60,000 points."""
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunks = b""
    for kind, data in ((b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b"")):
        chunks += struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return b"\x89PNG\r\n\x1a\n" + chunks


@pytest.mark.parametrize("data", [photo()[:-200], photo()[:40], huge_png(), b"<svg/>"], ids=["cut", "head", "huge", "svg"])
def test_a_photo_that_cannot_be_shown_is_one_failure(room: ReadingRoom, tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.png").write_bytes(data)

    with pytest.raises(FileFailure) as caught:
        room.look_at_photo(tmp_path / "a.png", name="a.png")

    assert caught.value.code == "not_shown"


# --- in a workspace --------------------------------------------------------------------------------------------------------


def test_a_photo_is_listed_until_it_is_described_and_then_found(march: Desk) -> None:
    (failure,) = march.failures()
    assert (failure.path, failure.code) == ("evidence/march.jpg", "needs_description")
    assert "workbench evidence describe march.jpg --by NAME" in failure.hint

    report = march.descriptions.add("march.jpg", BANNER, by=ANA)

    assert [line.path for line in report.added] == ["evidence/described/march.jpg.ana.described"]
    assert march.failures() == []
    hit = march.find("who asks for the count").hits[0]
    assert (hit.text, hit.page) == (BANNER.words, "left 10 %, top 20 %, width 30 %, height 40 %, described")
    assert hit.describes
    assert (hit.describes.who, hit.describes.kind) == ("Ana", "photo")
    assert verify(march).failures == ()


def test_words_selected_in_a_description_keep_their_place_and_are_no_quotation(march: Desk) -> None:
    line = march.descriptions.add("march.jpg", BANNER, by=ANA).added[0]

    cited = march.citing.plain(f"{line.source_id[:16]}-0-14")

    assert (cited.page, cited.quote) == ("left 10 %, top 20 %, width 30 %, height 40 %, described", BANNER.words[:14])
    assert citation_line(cited).startswith(f"What is seen in the photo, as Ana describes it: {BANNER.words[:14]} ")


def test_a_sync_calls_nothing_a_failure_that_is_described(march: Desk) -> None:
    march.descriptions.add("march.jpg", BANNER, by=ANA)
    march.catalog.note({"evidence/march.jpg": None}, {"evidence/march.jpg": None})  # as where .workbench/ was deleted

    again = march.sync_evidence(), march.sync_evidence()

    assert [(one.failed, len(one.unchanged)) for one in again] == [((), 2), ((), 2)]


def test_without_its_description_it_is_a_failure_again(march: Desk) -> None:
    line = march.descriptions.add("march.jpg", BANNER, by=ANA).added[0]

    march.remove_source(line.source_id, actor=ANA)

    assert [one.code for one in march.failures()] == ["needs_description"]


def test_another_place_is_a_new_version_and_the_old_one_stays(march: Desk) -> None:
    first = march.descriptions.add("march.jpg", BANNER, by=ANA).added[0]

    (second,) = march.descriptions.add("march.jpg", CROWD, by=ANA).replaced

    assert (second.replaces, second.passages) == (first.source_id, 2)
    assert BANNER.words in march.originals.path(first.source_id).read_text(encoding="utf-8")
    assert [one.source_id for one in march.library()] == [second.source_id]


def test_a_description_that_was_moved_is_left_alone(march: Desk) -> None:
    march.descriptions.add("march.jpg", BANNER, by=ANA)
    evidence = march.workspace.evidence
    (evidence / "mine").mkdir()
    moved = (evidence / "described" / "march.jpg.ana.described").rename(evidence / "mine" / "a.described")
    march.sync_evidence()

    report = march.descriptions.add("march.jpg", CROWD, by=ANA)

    assert [line.stored for line in report.added] == ["evidence/described/march.jpg.ana.described"]
    assert CROWD.words not in moved.read_text(encoding="utf-8")


def test_two_people_describe_one_photo_and_are_one_origin(march: Desk) -> None:
    for who, words in ((ANA, "A banner asks for a recount."), (BO, "Protesters in the rain.")):
        march.descriptions.add("march.jpg", Segment(words=words), by=who)

    cites = [Cite(passage_id=march.passages(one.source_id)[0].passage_id, stance="supports") for one in march.library()]

    assert len(cites) == 2
    assert len(origins_of(march.citing.at_hand(cites, make_claim()))) == 1


def test_a_photo_that_changes_afterwards_is_told(march: Desk) -> None:
    march.descriptions.add("march.jpg", BANNER, by=ANA)
    of = march.library()[0].describes
    assert of
    assert march.descriptions.fate(of) is None

    (march.workspace.evidence / "march.jpg").write_bytes(photo("red"))
    march.sync_evidence()

    assert [one.code for one in march.failures()] == ["needs_description"]
    assert "was changed since it was described; the one described is kept" in str(march.descriptions.fate(of))


def test_a_file_from_elsewhere_is_copied_and_one_of_its_name_is_not_mistaken_for_it(march: Desk, tmp_path: Path) -> None:
    (tmp_path / "talk.wav").write_bytes(sound())
    (tmp_path / "march.jpg").write_bytes(photo("red"))

    march.descriptions.add(tmp_path / "talk.wav", HEARD, by=ANA)

    assert (march.workspace.evidence / "talk.wav").read_bytes() == sound()
    with pytest.raises(FileFailure) as caught:
        march.descriptions.add(tmp_path / "march.jpg", BANNER, by=ANA)
    assert caught.value.code == "name_taken"


def test_what_a_photo_states_of_its_day_is_told_as_stated(desk: Desk) -> None:
    (desk.workspace.evidence / "march.jpg").write_bytes(photo(taken="2021:02:06 10:11:12"))

    desk.descriptions.add("march.jpg", CROWD, by=ANA)

    dated = desk.library()[0].meta.published_on
    assert (dated.value, dated.basis) == ("2021-02-06", "stated")


def test_a_file_over_the_limit_for_media_names_that_limit(home: Path) -> None:
    (home / "workbench.toml").write_text("[evidence]\nmedia_mb = 1\nmax_file_mb = 1\n", encoding="utf-8")
    (home / "evidence" / "talk.wav").write_bytes(sound(70))
    with Desk.open(home, encoder=FakeEncoder) as desk:
        (failure,) = desk.sync_evidence().failed

        assert (failure.code, "media_mb" in failure.hint) == ("too_large", True)
        with pytest.raises(FileFailure, match="the limit is 1 MB"):
            desk.descriptions.add("talk.wav", SEEN, by=ANA)


def test_a_report_prints_words_heard_as_quoted_and_what_is_seen_never(
    march: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "talk.wav").write_bytes(sound())
    march.descriptions.add("march.jpg", BANNER, by=ANA)
    march.descriptions.add(tmp_path / "talk.wav", HEARD, by=BO)
    march.add_claim(make_claim("count"), actor=ANA)
    cites = tuple(
        Cite(passage_id=one.passage_id, stance="supports")
        for entry in march.library()
        for one in march.passages(entry.source_id)
    )
    stored = march.record(
        VerdictRequest(claim_id="count", rating="supported", explanation="So.", cites=cites, reviewer=ANA, token="t")
    )

    text = march.export("md", ["count"]).decode()
    page = march.export("html", ["count"]).decode()

    quoted = [line for line in text.splitlines() if line.startswith("> ")]
    assert f"> {HEARD.words.split(chr(10))[0]}" in quoted
    assert not any("banner" in line for line in quoted)
    assert f'<blockquote dir="auto">{BANNER.words}' not in page
    assert "**described by Ana**" in text
    assert "**described by Bo**" in text
    sha256 = next(one.describes.sha256 for one in stored.citations if one.describes and one.describes.kind == "photo")
    assert f"photo sha256 {sha256}, left 10 %, top 20 %, width 30 %, height 40 %" in page
    monkeypatch.setenv("WORKBENCH_WORKSPACE", str(march.workspace.root))
    monkeypatch.setattr("sys.argv", ["workbench", "verdict", "show", "count"])
    with pytest.raises(SystemExit):
        main()
    shown = capsys.readouterr().out
    assert f"supports: {BANNER.words} (" in shown
    assert f"supports: “{HEARD.words.splitlines()[0]}" in shown


def test_the_command_describes_a_place(
    march: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBENCH_WORKSPACE", str(march.workspace.root))
    given = ["march.jpg", "A banner.", "--by", "Ana", "--region", "10,20,30,40", "--json"]
    monkeypatch.setattr("sys.argv", ["workbench", "evidence", "describe", *given])

    with pytest.raises(SystemExit) as ended:
        main()

    assert ended.value.code == 0
    assert [line["stored"] for line in json.loads(capsys.readouterr().out)["added"]] == [
        "evidence/described/march.jpg.ana.described"
    ]
