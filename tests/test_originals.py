"""Originals and texts are stored once, whole, under the hash of their bytes."""

from __future__ import annotations

import fcntl
import hashlib
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from workbench.errors import FileFailure, UnknownId
from workbench.originals import CHUNK, Originals

ROOT = Path(__file__).parent.parent
HELLO = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"  # sha256 of the five bytes "hello"


@pytest.fixture
def originals(tmp_path: Path) -> Originals:
    return Originals(tmp_path / "records")


def files_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_file_is_kept_under_the_hash_of_its_bytes(tmp_path: Path, originals: Originals) -> None:
    (tmp_path / "note.txt").write_bytes(b"hello")

    assert originals.keep(tmp_path / "note.txt") == HELLO
    assert originals.path(HELLO) == tmp_path / "records" / "originals" / "2c" / HELLO
    assert originals.path(HELLO).read_bytes() == b"hello"


def test_a_kept_file_is_read_only_and_nothing_else_is_left(tmp_path: Path, originals: Originals) -> None:
    originals.keep_bytes(b"hello")
    originals.keep_bytes(b"hello")

    assert files_in(tmp_path / "records") == [f"originals/2c/{HELLO}"]
    assert stat.S_IMODE(originals.path(HELLO).stat().st_mode) == 0o444


def test_a_file_of_many_chunks_is_kept_whole(tmp_path: Path, originals: Originals) -> None:
    data = bytes(range(256)) * (CHUNK // 256) * 2 + b"the end"
    (tmp_path / "large.bin").write_bytes(data)

    sha256 = originals.keep(tmp_path / "large.bin")

    assert sha256 == hashlib.sha256(data).hexdigest()
    assert originals.path(sha256).read_bytes() == data


def test_an_empty_file_is_a_file(tmp_path: Path, originals: Originals) -> None:
    (tmp_path / "empty.txt").touch()

    assert originals.keep(tmp_path / "empty.txt") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def a_link(path: Path) -> None:
    path.symlink_to("/etc/hostname")


def a_broken_link(path: Path) -> None:
    path.symlink_to("nowhere")


def a_fifo(path: Path) -> None:
    os.mkfifo(path)


def a_folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize("something", [a_link, a_broken_link, a_fifo, a_folder])
def test_only_a_regular_file_is_kept(tmp_path: Path, originals: Originals, something: Any) -> None:
    something(tmp_path / "evidence")

    with pytest.raises(FileFailure) as refusal:
        originals.keep(tmp_path / "evidence")

    assert refusal.value.code == "not_a_regular_file"
    assert not (tmp_path / "records").exists()


def test_a_file_that_is_not_there_is_named(tmp_path: Path, originals: Originals) -> None:
    with pytest.raises(FileFailure, match=r"no file .*gone\.pdf") as refusal:
        originals.keep(tmp_path / "gone.pdf")

    assert refusal.value.code == "not_found"


def test_a_text_comes_back_exactly(tmp_path: Path, originals: Originals) -> None:
    text = "“Mass fraud”\r\nကြေညာ\n\u2028e\u0301"

    sha256 = originals.keep_text(text)

    assert sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert originals.text(sha256) == text
    assert files_in(tmp_path / "records") == [f"texts/{sha256[:2]}/{sha256}.txt"]


def test_half_a_character_is_no_text(originals: Originals) -> None:
    with pytest.raises(FileFailure, match="cannot be stored exactly"):
        originals.keep_text("broken \ud800")


@pytest.mark.parametrize("sha256", ["ab" * 32, "", "../../etc/passwd", "AB" * 32])
def test_what_was_never_kept_is_unknown(originals: Originals, sha256: str) -> None:
    assert not originals.has(sha256)
    with pytest.raises(UnknownId):
        originals.path(sha256)
    with pytest.raises(UnknownId):
        originals.text(sha256)


def overwrite(path: Path, data: bytes) -> None:
    path.chmod(0o644)
    path.write_bytes(data)


def test_altered_originals_and_texts_are_listed(originals: Originals) -> None:
    originals.keep_bytes(b"hello")
    sound, text = originals.keep_bytes(b"sound"), originals.keep_text("a text")
    overwrite(originals.path(HELLO), b"hallo")
    overwrite(originals._text(text), b"another text")

    assert originals.altered() == sorted([HELLO, text])
    assert originals.has(sound)


def test_an_altered_text_is_never_given_out_as_the_stored_one(originals: Originals) -> None:
    text = originals.keep_text("a text")
    overwrite(originals._text(text), b"another text")

    with pytest.raises(FileFailure) as refusal:
        originals.text(text)

    assert refusal.value.code == "altered"


def test_keeping_the_same_bytes_again_mends_an_altered_original(originals: Originals) -> None:
    originals.keep_bytes(b"hello")
    overwrite(originals.path(HELLO), b"hallo")

    originals.keep_bytes(b"hello")

    assert originals.altered() == []


def test_what_a_killed_process_left_is_removed_and_what_is_being_written_stays(tmp_path: Path, originals: Originals) -> None:
    originals.keep_bytes(b"hello")
    dead, alive = (tmp_path / "records" / "originals" / f".unfinished-{name}" for name in ("dead", "alive"))
    dead.write_bytes(b"hel")
    with open(alive, "wb") as writing:
        fcntl.flock(writing, fcntl.LOCK_EX)

        Originals(tmp_path / "records")

    assert files_in(tmp_path / "records") == ["originals/.unfinished-alive", f"originals/2c/{HELLO}"]


def test_a_folder_that_cannot_be_written_is_named() -> None:
    with pytest.raises(FileFailure, match="cannot be written") as refusal:
        Originals(Path("/proc/nowhere")).keep_bytes(b"hello")

    assert refusal.value.code == "originals_unwritable"


KEEP_WHEN_FULL = """
import resource, sys
from pathlib import Path
from workbench.errors import FileFailure
from workbench.originals import Originals
resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
try:
    Originals(Path(sys.argv[1])).keep_bytes(b"x" * 20_000)
except FileFailure as error:
    print(error.code)
"""


@pytest.mark.process
def test_a_full_disk_stores_nothing_and_says_so(tmp_path: Path) -> None:
    command = [sys.executable, "-c", KEEP_WHEN_FULL, str(tmp_path)]

    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert (said, files_in(tmp_path)) == ("disk_full\n", [])


KEEP_FOR_EVER = """
import sys
from pathlib import Path
from workbench.originals import Originals
originals = Originals(Path(sys.argv[1]))
for number in range(1_000_000):
    print(originals.keep_bytes(bytes([number % 256]) * 300_000 + str(number).encode()), flush=True)
"""


@pytest.mark.process
def test_a_kill_while_keeping_leaves_whole_files_only(tmp_path: Path) -> None:
    kept: list[str] = []
    for _ in range(5):
        with subprocess.Popen(
            [sys.executable, "-c", KEEP_FOR_EVER, str(tmp_path)], cwd=ROOT, text=True, stdout=subprocess.PIPE
        ) as child:
            assert child.stdout is not None
            kept += [child.stdout.readline().strip() for _ in range(3)]
            child.kill()

    originals = Originals(tmp_path)

    assert all(originals.has(sha256) for sha256 in kept)
    assert originals.altered() == []
    assert not [name for name in files_in(tmp_path) if "unfinished" in name]
