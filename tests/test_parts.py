"""Files inside files: taken in as sources of their own, linked to the one they came in, and no way to do harm."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.documents import zip_of
from workbench import arrivals
from workbench.desk import Desk
from workbench.reading import ReadingRoom
from workbench.reading import parts as reading_parts

VOTE = "On 14 June 2021 the General Assembly adopted the resolution by 119 votes to 1."
COUNT = "36 countries abstained in the vote."


def drop(desk: Desk, name: str, data: bytes) -> Path:
    path = desk.workspace.evidence / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def by_path(desk: Desk) -> dict[str, str]:
    return {path: entry.source_id for entry in desk.library() for path in entry.paths}


def test_every_file_of_an_archive_is_a_source_linked_to_it(desk: Desk) -> None:
    drop(desk, "un.zip", zip_of(**{"june/vote.txt": VOTE.encode(), "count.txt": COUNT.encode()}))

    report = desk.sync_evidence()

    assert [line.path for line in report.added] == [
        "evidence/un.zip",
        "evidence/un.zip/vote.txt",
        "evidence/un.zip/count.txt",
    ]
    assert [line.stored for line in report.added] == [
        "evidence/un.zip",
        "evidence/un.zip.parts/june/vote.txt",
        "evidence/un.zip.parts/count.txt",
    ]
    archive = by_path(desk)["evidence/un.zip"]
    assert {entry.paths[0]: entry.part_of for entry in desk.library()} == {
        "evidence/un.zip": None,
        "evidence/un.zip.parts/june/vote.txt": archive,
        "evidence/un.zip.parts/count.txt": archive,
    }
    assert desk.find("who abstained in the vote").hits[0].text == COUNT


def test_a_second_sync_finds_nothing_to_do(desk: Desk) -> None:
    drop(desk, "un.zip", zip_of(**{"vote.txt": VOTE.encode()}))
    desk.sync_evidence()

    report = desk.sync_evidence()

    assert (len(report.unchanged), report.added, report.removed, report.failed) == (2, (), (), ())


def test_a_new_version_of_an_archive_brings_new_versions_of_its_files(desk: Desk) -> None:
    drop(desk, "un.zip", zip_of(**{"vote.txt": VOTE.encode()}))
    desk.sync_evidence()
    old = by_path(desk)
    drop(desk, "un.zip", zip_of(**{"vote.txt": COUNT.encode()}))

    report = desk.sync_evidence()

    assert {line.stored: line.replaces for line in report.replaced} == old
    assert desk.originals.path(old["evidence/un.zip.parts/vote.txt"]).read_bytes() == VOTE.encode()


def test_a_bad_file_inside_is_listed_and_the_others_are_taken_in(desk: Desk) -> None:
    inside = {"vote.txt": VOTE.encode(), "torn.pdf": b"%PDF-1.7 torn", "logo.gif": b"GIF89a", "README.txt": b"read me"}
    drop(desk, "un.zip", zip_of(**inside))

    report = desk.sync_evidence()

    assert [line.stored for line in report.added] == ["evidence/un.zip", "evidence/un.zip.parts/vote.txt"]
    assert [(one.path, one.code) for one in report.failed] == [("evidence/un.zip/torn.pdf", "malformed_pdf")]
    assert "files inside that are not read: logo.gif, README.txt" in report.added[0].warnings


def test_two_files_of_one_name_in_folders_that_differ_by_case_only_are_both_kept(desk: Desk) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a/./vote.txt", VOTE)
        archive.writestr("a/vote.txt", COUNT)
    drop(desk, "un.zip", out.getvalue())

    report = desk.sync_evidence()

    assert [line.stored for line in report.added][1:] == [
        "evidence/un.zip.parts/a/vote.txt",
        "evidence/un.zip.parts/a/vote (2).txt",
    ]


def nested(levels: int) -> bytes:
    data, name = VOTE.encode(), "vote.txt"
    for level in range(levels):
        data, name = zip_of(**{name: data}), f"{level}.zip"
    return data


def test_archives_inside_archives_are_read_three_deep_and_no_deeper(desk: Desk) -> None:
    drop(desk, "un.zip", nested(3))
    drop(desk, "deep.zip", nested(6))

    report = desk.sync_evidence()

    assert "evidence/un.zip.parts/1.zip.parts/0.zip.parts/vote.txt" in [line.stored for line in report.added]
    assert [(one.path, one.code) for one in report.failed] == [("evidence/deep.zip/4.zip/3.zip/2.zip", "too_complex")]


def test_more_files_than_the_limit_are_refused_whole(desk: Desk, tmp_path: Path) -> None:
    drop(desk, "many.zip", zip_of(**{f"{number}.txt": b"x" for number in range(reading_parts.MAX_PARTS + 1)}))

    report = desk.sync_evidence()

    assert [(one.path, one.code) for one in report.failed] == [("evidence/many.zip", "decompression_limit")]
    assert not (desk.workspace.evidence / "many.zip.parts").exists()


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: b"just text", "not_a_zip"),
        (lambda: zip_of(**{"../out.txt": b"x"}), "malformed_zip"),
        (lambda: zip_of(**{"vote.txt": VOTE.encode()})[:-30], "not_a_zip"),
        (lambda: zip_of(**{"bomb.txt": b"0" * 1_200_000}), None),
    ],
    ids=["text renamed", "a path out of the archive", "torn off", "stored, not packed: no bomb"],
)
def test_an_archive_that_is_none_is_one_line_of_the_report(desk: Desk, make: Callable[[], bytes], code: str | None) -> None:
    drop(desk, "un.zip", make())

    report = desk.sync_evidence()

    assert [one.code for one in report.failed] == ([code] if code else [])
    assert not (desk.workspace.root / "out.txt").exists()


def test_a_packed_bomb_is_refused_before_it_is_unpacked(desk: Desk) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.txt", b"0" * 50_000_000)
    drop(desk, "un.zip", out.getvalue())

    assert [one.code for one in desk.sync_evidence().failed] == ["decompression_limit"]


def test_where_a_part_cannot_be_written_it_is_a_failure_and_the_archive_is_taken_in(desk: Desk) -> None:
    drop(desk, "un.zip.parts", b"a file where the folder would be")
    drop(desk, "un.zip", zip_of(**{"vote.txt": VOTE.encode()}))

    report = desk.sync_evidence()

    assert "evidence/un.zip" in [line.stored for line in report.added]
    assert ("evidence/un.zip/vote.txt", "not_copied") in [(one.path, one.code) for one in report.failed]


def links(desk: Desk) -> dict[str, str | None]:
    """The path of the container of every file."""
    paths = {entry.source_id: entry.paths[0] for entry in desk.library()}
    return {entry.paths[0]: paths.get(entry.part_of or "") for entry in desk.library()}


def kill_after_the_archive(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a sync end when the archive is stored, and nothing of what is in it."""
    stored: list[str] = []
    whole = arrivals.Arrivals.store

    def killed(self: arrivals.Arrivals) -> None:
        if stored:
            raise KeyboardInterrupt
        stored.append("un.zip")
        whole(self)

    with monkeypatch.context() as patched:
        patched.setattr(arrivals, "FILES_AT_ONCE", 1)
        patched.setattr(arrivals.Arrivals, "store", killed)
        with pytest.raises(KeyboardInterrupt):
            desk.sync_evidence()
    assert list(by_path(desk)) == ["evidence/un.zip"]


def test_a_kill_after_an_archive_was_stored_loses_no_file_of_it_and_no_link(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = zip_of(**{"count.txt": COUNT.encode()})
    drop(desk, "un.zip", zip_of(**{"vote.txt": VOTE.encode(), "inner.zip": inner}))
    kill_after_the_archive(desk, monkeypatch)
    drop(desk, "un.zip.parts/by-hand.txt", b"A colleague put this here by hand.")

    report = desk.sync_evidence()

    assert links(desk) == {
        "evidence/un.zip": None,
        "evidence/un.zip.parts/vote.txt": "evidence/un.zip",
        "evidence/un.zip.parts/inner.zip": "evidence/un.zip",
        "evidence/un.zip.parts/inner.zip.parts/count.txt": "evidence/un.zip.parts/inner.zip",
        "evidence/un.zip.parts/by-hand.txt": None,
    }
    assert (len(report.added), len(report.unchanged), report.failed) == (4, 1, ())


def test_reading_a_container_again_takes_in_what_an_older_reader_left_out_and_mends_links(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(desk, "un.zip", zip_of(**{"vote.txt": VOTE.encode(), "count.txt": COUNT.encode()}))
    drop(desk, "un.zip.parts/vote.txt", VOTE.encode())
    read = ReadingRoom.read_with_parts

    def without_parts(self: ReadingRoom, *given: Any, **named: Any) -> Any:
        return read(self, *given, **named)[0], ()

    with monkeypatch.context() as patched:
        patched.setattr(ReadingRoom, "read_with_parts", without_parts)
        desk.sync_evidence()
    assert links(desk) == {"evidence/un.zip": None, "evidence/un.zip.parts/vote.txt": None}

    desk.reindex(by_path(desk)["evidence/un.zip"])

    assert links(desk) == {
        "evidence/un.zip": None,
        "evidence/un.zip.parts/vote.txt": "evidence/un.zip",
        "evidence/un.zip.parts/count.txt": "evidence/un.zip",
    }


def test_reading_everything_again_brings_back_no_file_that_people_took_out(desk: Desk) -> None:
    drop(desk, "un.zip", zip_of(**{"vote.txt": VOTE.encode(), "count.txt": COUNT.encode()}))
    desk.sync_evidence()
    (desk.workspace.evidence / "un.zip.parts" / "vote.txt").unlink()
    desk.sync_evidence()

    report = desk.reindex()

    assert sorted(links(desk)) == ["evidence/un.zip", "evidence/un.zip.parts/count.txt"]
    assert (len(report.unchanged), report.added, report.failed) == (2, (), ())
