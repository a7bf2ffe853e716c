"""The disk that `make reliability` cuts the power of: it must lose what a real one may lose, or its figures say nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.reliability.platter import Platter
from tests.reliability.traced import calls


@pytest.fixture
def watched(tmp_path: Path) -> Path:
    folder = tmp_path / "before"
    folder.mkdir()
    (folder / "old.txt").write_bytes(b"old words")
    return folder


def after(watched: Path, *lines: str) -> dict[str, bytes]:
    """What a power cut leaves after the calls that strace wrote down in these lines, paths being below /w."""
    trace = watched.parent / "trace"
    trace.write_text("".join(f"7 {_hexed(line)}\n" for line in lines), encoding="ascii")
    platter = Platter(Path("/w"), before=watched)
    for call in calls(trace):
        platter.follow(call)
    image = watched.parent / "image"
    shutil.rmtree(image, ignore_errors=True)
    platter.image(image)
    return {path.relative_to(image).as_posix(): path.read_bytes() for path in image.rglob("*") if path.is_file()}


def _hexed(line: str) -> str:
    pieces = line.split('"')
    return '"'.join(
        "".join(f"\\x{ord(one):02x}" for one in piece) if place % 2 else piece for place, piece in enumerate(pieces)
    )


NEW = 'openat(AT_FDCWD, "/w/new.txt", O_WRONLY|O_CREAT, 0666) = 5'
FOLDER = 'openat(AT_FDCWD, "/w", O_RDONLY) = 6'
OLD = {"old.txt": b"old words"}


def test_what_was_written_and_not_synced_is_lost(watched: Path) -> None:
    assert after(watched, 'openat(AT_FDCWD, "/w/old.txt", O_RDWR) = 5', 'pwrite64(5, "new", 3, 0) = 3') == OLD


def test_what_was_synced_is_kept_and_later_words_are_not(watched: Path) -> None:
    lines = ['openat(AT_FDCWD, "/w/old.txt", O_RDWR) = 5', 'pwrite64(5, "new", 3, 0) = 3', "fdatasync(5) = 0"]

    assert after(watched, *lines, 'pwrite64(5, "x", 1, 4) = 1') == {"old.txt": b"new words"}


def test_a_new_file_needs_its_folder_synced_to_have_its_name(watched: Path) -> None:
    written = [NEW, 'write(5, "one", 3) = 3', "fsync(5) = 0"]

    assert after(watched, *written) == OLD
    assert after(watched, *written, FOLDER, "fsync(6) = 0") == {**OLD, "new.txt": b"one"}


def test_a_rename_whose_folder_was_not_synced_did_not_happen(watched: Path) -> None:
    renamed = 'rename("/w/old.txt", "/w/named.txt") = 0'

    assert after(watched, renamed) == OLD
    assert after(watched, renamed, FOLDER, "fsync(6) = 0") == {"named.txt": b"old words"}


def test_a_call_that_failed_or_was_elsewhere_changes_nothing(watched: Path) -> None:
    failed = 'unlink("/w/old.txt") = -1 EACCES (Permission denied)'

    assert after(watched, failed, 'unlink("/elsewhere/old.txt") = 0', FOLDER, "fsync(6) = 0") == OLD


def test_calls_of_two_threads_that_overlap_are_put_together(watched: Path) -> None:
    trace = watched.parent / "trace"
    trace.write_text("7 fsync(5 <unfinished ...>\n8 close(4) = 0\n7 <... fsync resumed>) = 0\n", encoding="ascii")

    assert [(call.name, call.rest, call.result) for call in calls(trace)] == [("close", ("4",), 0), ("fsync", ("5",), 0)]
